use super::*;

fn voice(position: usize, group: &str, served: [i64; 2], score: [i64; 2]) -> Voice {
    Voice {
        need_id: format!("n{position}"),
        tier: 1,
        district_id: "d1".to_owned(),
        target_group: group.to_owned(),
        units: 1,
        served,
        score,
        worst_run: String::new(),
        worst: (0, 0),
    }
}

fn group(count: usize, name: &str, served: [i64; 2], score: [i64; 2]) -> Vec<Voice> {
    (0..count).map(|it| voice(it, name, served, score)).collect()
}

fn of<'a>(effects: &'a [Effect], dimension: &str, value: &str) -> &'a Effect {
    effects.iter().find(|it| it.dimension == dimension && it.value == value).expect("an effect")
}

#[test]
fn what_changes_nothing_is_the_same_and_has_no_width() {
    let all = effects(&group(40, "elderly", [1, 1], [800_000, 800_000]), 7);
    let it = of(&all, "group", "elderly");
    assert_eq!((it.verdict, it.served.lo, it.served.hi, it.losers), ("same", 0.0, 0.0, 0));
}

#[test]
fn an_interval_below_zero_is_worse_and_one_that_holds_zero_is_open() {
    let mut voices = group(60, "elderly", [1, 1], [800_000, 800_000]);
    voices.extend(group(40, "disabled", [1, 0], [800_000, 0]));
    // As many gain as lose.
    voices.extend(group(20, "minor", [1, 0], [500_000, 0]));
    voices.extend(group(20, "minor", [0, 1], [0, 500_000]));
    let all = effects(&voices, 7);
    let it = of(&all, "group", "disabled");
    assert_eq!((it.verdict, it.measure, it.rule), ("worse", Some("served"), Some("interval")));
    assert_eq!(it.served.mean, -1.0);
    assert_eq!(of(&all, "group", "minor").verdict, "open");
    assert_eq!(of(&all, "group", "elderly").verdict, "same");
    assert_eq!(of(&all, "all", "").verdict, "worse");
}

/// One of five loses: a third of all draws miss it, so no interval of five needs could tell.
#[test]
fn a_small_group_in_which_nobody_gains_is_worse_without_an_interval() {
    let mut voices = group(4, "disabled", [1, 1], [800_000, 800_000]);
    voices.extend(group(1, "disabled", [1, 0], [800_000, 0]));
    let all = effects(&voices, 7);
    let it = of(&all, "group", "disabled");
    assert_eq!(it.served.hi, 0.0);
    assert_eq!((it.verdict, it.rule), ("worse", Some("every_change_loses")));
    // The same loss among many is not sure, and is told as a case.
    voices.extend(group(95, "disabled", [1, 1], [800_000, 800_000]));
    assert_eq!(of(&effects(&voices, 7), "group", "disabled").verdict, "open");
}

#[test]
fn a_little_less_score_is_taste_and_more_is_a_loss() {
    let loss = |by: i64| effects(&group(50, "elderly", [1, 1], [800_000, 800_000 - by]), 7);
    assert_eq!(of(&loss(SCORE_MARGIN), "all", "").verdict, "open");
    let all = loss(SCORE_MARGIN + 1);
    let it = of(&all, "all", "");
    assert_eq!((it.verdict, it.measure, it.rule), ("worse", Some("score"), Some("interval")));
}

#[test]
fn a_seed_decides_the_draws_and_no_group_those_of_another() {
    let mut voices = Vec::new();
    for position in 0..200 {
        // No two lose alike, so that no two sets of draws have the same ends by chance.
        let own = 997 * position as i64;
        let (served, score) =
            if position % 7 == 0 { ([1, 0], [700_000, 0]) } else { ([1, 1], [600_000, 600_000 - own]) };
        voices.push(voice(position, if position % 2 == 0 { "minor" } else { "elderly" }, served, score));
    }
    assert_eq!(effects(&voices, 7), effects(&voices, 7));
    assert_ne!(of(&effects(&voices, 7), "all", "").score, of(&effects(&voices, 8), "all", "").score);
    let alone: Vec<Voice> = voices.iter().filter(|it| it.target_group == "minor").cloned().collect();
    assert_eq!(of(&effects(&alone, 7), "group", "minor"), of(&effects(&voices, 7), "group", "minor"));
}

#[test]
fn the_interval_is_about_as_wide_as_its_formula_says() {
    // 100 needs, 20 lose one unit: standard error √(0.2·0.8/100) = 0.04.
    let mut voices = group(80, "minor", [1, 1], [0, 0]);
    voices.extend(group(20, "minor", [1, 0], [0, 0]));
    let all = effects(&voices, 1);
    let it = of(&all, "all", "").served;
    assert!((it.mean + 0.2).abs() < 1e-9, "{it:?}");
    assert!((it.lo + 0.28).abs() < 0.021 && (it.hi + 0.12).abs() < 0.021, "{it:?}");
}
