//! One word for a replay, and for whom it is worse.

use super::Effect;

/// better, `no_worse`, worse or `worse_for`, and the groups that are worse off as
/// `dimension:value`.
///
/// `worse`: everybody's needs together are worse, and in no dimension is there a group that is
/// spared. `worse_for`: some groups are worse off and others are not; who loses is named, whatever
/// the sum says. `better` needs an interval above zero over all needs by the incumbent's own rule,
/// which happens where the challenger lets more be served; a challenger of another taste can at
/// best be `no_worse`.
pub(super) fn verdict(effects: &[Effect]) -> (&'static str, Vec<String>) {
    let groups = || effects.iter().filter(|it| it.dimension != "all");
    let worse: Vec<&Effect> = groups().filter(|it| it.is_worse()).collect();
    let named = worse.iter().map(|it| format!("{}:{}", it.dimension, it.value)).collect();
    let total = effects.iter().find(|it| it.dimension == "all");
    let is_spared = |it: &Effect| !it.is_worse() && worse.iter().any(|worse| worse.dimension == it.dimension);
    let word = match (total.map_or("same", |it| it.verdict), worse.is_empty()) {
        ("worse", true) => "worse",
        ("worse", false) if !groups().any(is_spared) => "worse",
        (_, false) => "worse_for",
        ("better", true) => "better",
        _ => "no_worse",
    };
    (word, named)
}

/// Whether that stops a challenger.
pub(super) fn stops(verdict: &str) -> bool {
    matches!(verdict, "worse" | "worse_for")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::life::replay::effect::Interval;

    fn effect(dimension: &'static str, value: &str, verdict: &'static str) -> Effect {
        let none = Interval { mean: 0.0, lo: 0.0, hi: 0.0 };
        Effect {
            dimension,
            value: value.to_owned(),
            needs: 1,
            units: 1,
            served_before: 1,
            served_after: 1,
            losers: 0,
            gainers: 0,
            served: none,
            score: none,
            draws: 1,
            verdict,
            measure: None,
            rule: None,
        }
    }

    #[test]
    fn who_loses_is_named_whatever_the_sum_says() {
        for (all, district, groups, expected) in [
            ("same", "same", ["same", "same"], ("no_worse", 0)),
            ("better", "better", ["better", "open"], ("better", 0)),
            ("better", "better", ["better", "worse"], ("worse_for", 1)),
            ("open", "open", ["open", "worse"], ("worse_for", 1)),
            ("worse", "worse", ["same", "worse"], ("worse_for", 2)),
            ("worse", "worse", ["worse", "worse"], ("worse", 3)),
            ("worse", "open", ["open", "open"], ("worse", 0)),
        ] {
            let effects = [
                effect("all", "", all),
                effect("district", "d1", district),
                effect("group", "elderly", groups[0]),
                effect("group", "disabled", groups[1]),
            ];
            let (word, named) = verdict(&effects);
            assert_eq!((word, named.len()), expected, "{all} {district} {groups:?}");
            assert_eq!(stops(word), word.starts_with("worse"));
        }
    }
}
