//! Districts and communities judged from a story small enough to count by hand.

use serde_json::{Value, json as value};

use crate::support::{Story, json, refused, text};

/// Two districts with cases, d1 (c1, c2) and d2 (c3, c5), and d3 (c4) without any. The period
/// of the tests is March 2024: n1 comes at its first instant, n6 at the first after it.
const TABLES: [(&str, &str); 9] = [
    ("district", "district_id,name\nd1,East\nd2,West\nd3,North\n"),
    ("community", "community_id,district_id\nc1,d1\nc2,d1\nc3,d2\nc5,d2\nc4,d3\n"),
    (
        "need",
        "need_id,district_id,community_id,class,received_at,status\n\
         n1,d1,c1,consultation,2024-03-01T00:00,closed\n\
         n2,d1,c1,appointment,2024-03-10T09:00,closed\n\
         n3,d1,c1,problem,2024-03-12T08:00,open\n\
         n4,d1,c1,consultation,2024-03-15T08:00,withdrawn\n\
         n5,,c2,consultation,2024-03-20T10:00,closed\n\
         n6,d1,c2,appointment,2024-04-01T00:00,closed\n\
         n7,d2,c3,consultation,2024-03-02T09:00,closed\n\
         n8,d2,c5,problem,2024-03-31T23:59,unresolved\n\
         n9,,,problem,2024-03-04T09:00,closed\n\
         n10,d1,c1,appointment,2024-03-16T08:00,merged\n",
    ),
    // n1 is answered after five minutes and ended after four days, to the second; n2 a second
    // later. n5 is ended in time and never answered.
    (
        "need_event",
        "event_id,need_id,at,kind\n\
         e1,n1,2024-03-01T00:05:00,replied\n\
         e2,n1,2024-03-05T00:00:00,closed\n\
         e3,n2,2024-03-10T09:05:01,replied\n\
         e4,n2,2024-03-10T09:06:00,replied\n\
         e5,n2,2024-03-14T09:00:01,closed\n\
         e6,n5,2024-03-20T12:00:00,closed\n\
         e7,n6,2024-04-01T00:00:00,answered_immediately\n\
         e8,n7,2024-03-02T09:00:00,answered_immediately\n\
         e9,n7,2024-03-20T09:00:00,closed\n",
    ),
    // One need is visited twice, once without an answer; d2 never records a visit.
    ("return_visit", "visit_id,need_id,satisfied\nv1,n1,true\nv2,n1,\nv3,n2,false\n"),
    ("post", "post_id\np1\np2\np3\np4\n"),
    // p1 is held twice over, p2 from the last day of March, p3 from the first of April, p4 until
    // the last day of March, and p9 is no kind of post there is.
    (
        "posting",
        "posting_id,volunteer_id,post_id,community_id,claimed_on,ended_on\n\
         g1,v1,p1,c1,2024-01-10,\n\
         g2,v2,p1,c1,2024-01-10,\n\
         g3,v3,p2,c1,2024-03-31,\n\
         g4,v4,p3,c1,2024-04-01,\n\
         g5,v5,p4,c1,2024-01-10,2024-03-31\n\
         g6,v6,p9,c1,2024-01-10,\n",
    ),
    // m8 stands in no community, so it counts for none.
    (
        "merchant",
        "merchant_id,community_id,plate_status\n\
         m1,c1,valid\nm2,c1,suspended\nm3,c1,none\nm4,c2,none\n\
         m5,c3,valid\nm6,c3,none\nm7,c4,none\nm8,,valid\n",
    ),
    // Of d1 the newest figures hold: 90 to 120 of 180 to 200. Of d2 only one of the two is known.
    (
        "published_figure",
        "figure_id,practice,district_id,measure,min,max,qualifier,as_of\n\
         f1,x,d1,merchants,100,100,exact,2022\n\
         f2,x,d1,merchants,180,200,range,2023-06\n\
         f3,x,d1,merchants_joined,90,120,range,2023\n\
         f4,x,d1,merchants_joined,10,10,exact,\n\
         f5,x,d2,merchants,50,50,exact,2023\n",
    ),
];

/// What each indicator counts in March, numerator and denominator.
const DISTRICTS: [(&str, &str, i64, i64); 11] = [
    ("d1", "completion", 3, 4),
    ("d1", "merchant_penetration", 2, 4),
    ("d1", "posts_filled", 2, 8),
    ("d1", "reply_in_time", 1, 3),
    ("d1", "resolved_in_four_days", 2, 3),
    ("d1", "return_visit", 2, 3),
    ("d1", "satisfaction", 1, 2),
    ("d2", "completion", 1, 2),
    ("d2", "merchant_penetration", 1, 2),
    ("d2", "reply_in_time", 1, 1),
    ("d2", "resolved_in_four_days", 1, 1),
];
const COMMUNITIES: [(&str, &str, i64, i64); 18] = [
    ("c1", "completion", 2, 3),
    ("c1", "merchant_penetration", 2, 3),
    ("c1", "posts_filled", 2, 4),
    ("c1", "reply_in_time", 1, 2),
    ("c1", "resolved_in_four_days", 1, 2),
    ("c1", "return_visit", 2, 2),
    ("c1", "satisfaction", 1, 2),
    ("c2", "completion", 1, 1),
    ("c2", "merchant_penetration", 0, 1),
    ("c2", "posts_filled", 0, 4),
    ("c2", "reply_in_time", 0, 1),
    ("c2", "resolved_in_four_days", 1, 1),
    ("c2", "return_visit", 0, 1),
    ("c3", "completion", 1, 1),
    ("c3", "merchant_penetration", 1, 2),
    ("c3", "reply_in_time", 1, 1),
    ("c3", "resolved_in_four_days", 1, 1),
    ("c5", "completion", 0, 1),
];

/// What both districts with cases have, by the thousandths of its header.
const COMPARED: [(&str, f64); 4] = [
    ("completion", 250.0),
    ("merchant_penetration", 100.0),
    ("reply_in_time", 150.0),
    ("resolved_in_four_days", 100.0),
];

fn march(story: &Story) -> Value {
    json(&["evaluate", &story.pool(), "--period", "2024-03"])
}

fn place<'a>(report: &'a Value, level: &str, id: &str) -> &'a Value {
    let (list, key) = match level {
        "district" => ("districts", "district_id"),
        _ => ("communities", "community_id"),
    };
    let found = report[list].as_array().unwrap().iter().find(|it| it[key] == id);
    found.unwrap_or_else(|| panic!("no {id} in {report}"))
}

fn figure<'a>(place: &'a Value, indicator: &str) -> &'a Value {
    let figures = place["contributions"].as_array().unwrap();
    let found = figures.iter().find(|it| it["indicator"] == indicator);
    found.unwrap_or_else(|| panic!("no {indicator} in {place}"))
}

/// Numerator and denominator of an indicator; nothing where there is no row.
fn counted(story: &Story, period: &str, id: &str, indicator: &str) -> Option<(i64, i64)> {
    let report = json(&["evaluate", &story.pool(), "--period", period]);
    let sql = format!(
        "SELECT numerator, denominator FROM indicator \
         WHERE evaluation_id = {} AND place_id = '{id}' AND indicator = '{indicator}'",
        report["evaluation_id"].to_string().replace('"', "'")
    );
    let count = |it: &Value, key: &str| it[key].as_i64().unwrap();
    story.rows(&sql).first().map(|it| (count(it, "numerator"), count(it, "denominator")))
}

#[test]
fn every_indicator_counts_what_can_be_counted_by_hand() {
    let story = Story::of(&TABLES);
    march(&story);
    for (level, expected) in [("district", &DISTRICTS[..]), ("community", &COMMUNITIES[..])] {
        // d3 and its community have a merchant and nothing else.
        let rows = story.rows(&format!(
            "SELECT place_id, indicator, numerator, denominator FROM indicator \
             WHERE level = '{level}' AND denominator > 0 AND place_id NOT IN ('d3', 'c4') ORDER BY 1, 2"
        ));
        let expected: Vec<Value> = expected
            .iter()
            .map(|(place, indicator, numerator, denominator)| {
                value!({
                    "place_id": place, "indicator": indicator,
                    "numerator": numerator, "denominator": denominator,
                })
            })
            .collect();
        assert_eq!(rows, expected, "{level}");
    }
}

#[test]
fn contributions_add_up_to_the_index_and_stored_weights_reproduce_it() {
    let story = Story::of(&TABLES);
    let report = march(&story);
    let total: f64 = COMPARED.iter().map(|(_, weight)| weight).sum();
    for (level, id) in [
        ("district", "d1"),
        ("district", "d2"),
        ("community", "c1"),
        ("community", "c2"),
        ("community", "c3"),
    ] {
        let place = place(&report, level, id);
        let index = place["index"].as_f64().unwrap();
        let by_hand: f64 = COMPARED
            .iter()
            .map(|(name, weight)| weight / total * figure(place, name)["value"].as_f64().unwrap())
            .sum();
        assert!((index - by_hand).abs() < 1e-9, "{id}: {index}, by hand {by_hand}");
        let parts = place["contributions"].as_array().unwrap();
        let sum: f64 = parts.iter().filter_map(|it| it["contribution"].as_f64()).sum();
        assert!((index - sum).abs() < 1e-9, "{id}: {index}, added up {sum}");
        let stored = story.rows(&format!(
            "SELECT sum(weight) AS weight, sum(weight * value) AS total FROM contribution \
             WHERE level = '{level}' AND place_id = '{id}'"
        ));
        assert!((stored[0]["weight"].as_f64().unwrap() - 1.0).abs() < 1e-9, "{id}: {stored:?}");
        assert!((stored[0]["total"].as_f64().unwrap() - index).abs() < 1e-9, "{id}: {stored:?}");
    }
    let visits = figure(place(&report, "district", "d1"), "return_visit");
    assert_eq!((&visits["contribution"], visits["value"].is_number()), (&Value::Null, true), "not compared");
}

#[test]
fn what_a_district_never_recorded_is_missing_and_not_zero() {
    let story = Story::of(&TABLES);
    let report = march(&story);
    let d2 = place(&report, "district", "d2");
    assert_eq!(d2["missing"], value!(["posts_filled", "return_visit", "satisfaction"]));
    assert_eq!(place(&report, "district", "d1")["missing"], value!([]));
    // Of d2 one answer was recorded; without it nobody knows how quickly d2 answers.
    let silent = story.file("silent.csv", "event_id,need_id,at,kind\ne8,n7,2024-03-02T09:00,classified\n");
    json(&["load", &story.pool(), "need_event", &silent]);
    let report = march(&story);
    let d2 = place(&report, "district", "d2");
    assert_eq!(d2["missing"], value!(["posts_filled", "reply_in_time", "return_visit", "satisfaction"]));
    // Then it is no longer compared, for d1 neither.
    let d1 = figure(place(&report, "district", "d1"), "reply_in_time");
    assert_eq!((&d1["value"], &d1["contribution"]), (&value!(1.0 / 3.0), &Value::Null));
}

#[test]
fn a_place_without_cases_is_shown_and_takes_nothing_from_the_others() {
    let story = Story::of(&TABLES);
    let report = march(&story);
    for (level, id) in [("district", "d3"), ("community", "c4")] {
        let quiet = place(&report, level, id);
        assert_eq!(quiet["cases"], 0, "{quiet}");
        for key in ["index", "rank", "rank_lo", "rank_hi"] {
            assert_eq!(quiet[key], Value::Null, "{key} of {quiet}");
        }
        assert_eq!(figure(quiet, "merchant_penetration")["contribution"], Value::Null, "{quiet}");
    }
    let cases = |id| place(&report, "district", id)["cases"].as_i64().unwrap();
    assert_eq!((cases("d1"), cases("d2")), (4, 2), "the denominator of completion");
}

#[test]
fn a_community_that_lacks_what_is_compared_has_an_index_and_no_rank() {
    let report = march(&Story::of(&TABLES));
    let c5 = place(&report, "community", "c5");
    assert_eq!(c5["index"], 0.0, "{c5}");
    for key in ["rank", "rank_lo", "rank_hi"] {
        assert_eq!(c5[key], Value::Null, "{key} of {c5}");
    }
}

#[test]
fn ranks_stand_within_their_intervals_and_intervals_among_the_ranked() {
    let report = march(&Story::of(&TABLES));
    let ranked = [("district", vec!["d2", "d1"]), ("community", vec!["c3", "c1", "c2"])];
    for (level, order) in ranked {
        for (position, id) in order.iter().enumerate() {
            let place = place(&report, level, id);
            let number = |key: &str| usize::try_from(place[key].as_u64().unwrap()).unwrap();
            let (rank, lo, hi) = (number("rank"), number("rank_lo"), number("rank_hi"));
            assert_eq!(rank, position + 1, "{place}");
            assert!((1..=rank).contains(&lo) && (rank..=order.len()).contains(&hi), "{place}");
        }
    }
    let first = |list: &str| report[list][0].clone();
    assert_eq!((&first("districts")["rank"], &first("communities")["rank"]), (&value!(1), &value!(1)));
}

#[test]
fn published_words_bound_the_district_and_cases_bound_the_rest() {
    let report = march(&Story::of(&TABLES));
    let bounds = |level: &str, id: &str| {
        let found = figure(place(&report, level, id), "merchant_penetration");
        (found["lo"].as_f64().unwrap(), found["hi"].as_f64().unwrap())
    };
    assert_eq!(bounds("district", "d1"), (90.0 / 200.0, 120.0 / 180.0));
    // 1 of 2 with z = 1.96; of one published figure no ratio can be made.
    let (lo, hi) = bounds("district", "d2");
    assert!((lo - 0.0945).abs() < 1e-3 && (hi - 0.9055).abs() < 1e-3, "{lo} {hi}");
    // 2 of 3.
    let (lo, hi) = bounds("community", "c1");
    assert!((lo - 0.2077).abs() < 1e-3 && (hi - 0.9385).abs() < 1e-3, "{lo} {hi}");
}

#[test]
fn two_lower_bounds_leave_the_whole_range() {
    let story = Story::of(&TABLES);
    let words = story.file(
        "words.csv",
        "figure_id,practice,district_id,measure,min,max,qualifier,as_of\n\
         f2,x,d1,merchants,200,,over,2023-06\n\
         f3,x,d1,merchants_joined,150,,over,2023\n",
    );
    json(&["load", &story.pool(), "published_figure", &words]);
    let report = march(&story);
    let found = figure(place(&report, "district", "d1"), "merchant_penetration");
    assert_eq!((&found["lo"], &found["hi"], &found["value"]), (&value!(0.0), &value!(1.0), &value!(0.5)));
}

#[test]
fn a_period_includes_its_first_instant_and_not_its_end() {
    let story = Story::of(&TABLES);
    let completion = |period: &str, id: &str| counted(&story, period, id, "completion");
    assert_eq!(completion("2024-02", "d1"), None);
    assert_eq!(completion("2024-03-01..2024-03-02", "c1"), Some((1, 1)));
    assert_eq!(completion("2024-04", "d1"), Some((1, 1)));
    assert_eq!(completion("2024-03-31..2024-04-01", "c5"), Some((0, 1)));
    // Who holds a post is asked at the end: p2 is claimed on the 31st, p4 is left that day.
    let posts = |period: &str| counted(&story, period, "c1", "posts_filled");
    assert_eq!(posts("2024-03-01..2024-03-31"), Some((2, 4)));
    assert_eq!(posts("2024-03"), Some((2, 4)));
    assert_eq!(posts("2024-04"), Some((3, 4)));
    assert_eq!(posts("2023"), Some((0, 4)));
    let all = json(&["evaluate", &story.pool()]);
    let share = |indicator| figure(place(&all, "district", "d1"), indicator)["value"].as_f64().unwrap();
    assert_eq!((share("completion"), share("posts_filled")), (4.0 / 5.0, 3.0 / 8.0));
    assert_eq!(all["period"], "all");
    let (code, error) = refused(&["evaluate", &story.pool(), "--period", "spring"]);
    assert_eq!((code, &error["code"]), (2, &value!("bad-request")));
}

#[test]
fn the_same_inputs_and_seed_are_the_same_evaluation_in_any_pool() {
    let (one, other) = (Story::of(&TABLES), Story::of(&TABLES));
    let report = march(&one);
    assert_eq!(report, march(&one));
    assert_eq!(report, march(&other));
    assert_eq!(report["seed"], 0);
    assert_eq!(one.rows("SELECT count(*) AS n FROM evaluation"), [value!({"n": 1})]);
    let seeded = json(&["evaluate", &one.pool(), "--period", "2024-03", "--seed", "1"]);
    assert_ne!(seeded["evaluation_id"], report["evaluation_id"]);
    assert_eq!(place(&seeded, "district", "d1")["index"], place(&report, "district", "d1")["index"]);
    // The list of districts is an input too.
    let more = other.file("more.csv", "district_id,name\nd4,South\n");
    json(&["load", &other.pool(), "district", &more]);
    let longer = march(&other);
    assert_ne!(longer["evaluation_id"], report["evaluation_id"]);
    assert_eq!(place(&longer, "district", "d4")["missing"].as_array().unwrap().len(), 7);
}

#[test]
fn no_district_vanishes_and_cases_without_one_are_counted() {
    let story = Story::of(&TABLES);
    let report = march(&story);
    assert_eq!(report["unplaced"], 1);
    let stored = story.rows("SELECT unplaced, synthetic FROM evaluation");
    assert_eq!(stored, [value!({"unplaced": 1, "synthetic": false})]);
    // Neither table says that there is such a place; the need does.
    let bare = Story::of(&[(
        "need",
        "need_id,district_id,community_id,status\na1,d8,x8,closed\na2,d9,x9,open\na3,,x7,open\n",
    )]);
    let report = json(&["evaluate", &bare.pool()]);
    assert_eq!(place(&report, "district", "d8")["index"], 1.0);
    assert_eq!(place(&report, "district", "d9")["rank"], 2);
    assert_eq!(place(&report, "community", "x8")["district_id"], "d8");
    assert_eq!(place(&report, "community", "x7")["district_id"], Value::Null);
    assert_eq!(report["unplaced"], 1);
}

#[test]
fn figures_from_made_up_rows_say_so() {
    let story = Story::of(&TABLES);
    let note = "these figures rest on made-up rows and say nothing about the places";
    let shown = text(&["evaluate", &story.pool(), "--period", "2024-03"]);
    assert!(!shown.contains(note), "{shown}");
    assert!(shown.contains("cases that name no district and count for none: 1 "), "{shown}");
    assert!(shown.contains("d3: no index, 0 cases · 无指数，0 件"), "{shown}");
    let made_up = story.file("made-up.csv", "need_id,district_id,provenance\nz1,d1,synthetic\n");
    json(&["load", &story.pool(), "need", &made_up]);
    let report = march(&story);
    assert_eq!(report["synthetic"], true);
    assert_eq!(place(&report, "district", "d1")["cases"], 4, "z1 was received at no known time");
    let shown = text(&["evaluate", &story.pool(), "--period", "2024-03"]);
    assert!(shown.contains(note) && shown.contains("数字基于虚构数据"), "{shown}");
}

#[test]
fn without_cases_nothing_is_compared_and_that_is_said() {
    let story = Story::of(&TABLES);
    let report = json(&["evaluate", &story.pool(), "--period", "2020"]);
    assert!(report["districts"].as_array().unwrap().iter().all(|it| it["index"].is_null()), "{report}");
    let shown = text(&["evaluate", &story.pool(), "--period", "2020"]);
    assert!(shown.contains("nothing is compared") && shown.contains("未作比较"), "{shown}");
}

#[test]
fn an_evaluator_is_set_by_the_request_or_by_the_pool_and_says_how() {
    let story = Story::of(&TABLES);
    let pool = story.pool();
    let file = story.folder.path().join("settings.json");
    let stars = |settings: &Value| {
        std::fs::write(&file, settings.to_string()).unwrap();
        let file = file.to_str().unwrap();
        json(&["evaluate", &pool, "--period", "2024-03", "--evaluator", "star-rating", "--settings", file])
    };
    // Whoever reaches all thresholds has five stars.
    let easy = value!({"two_stars": 0, "three_stars": 0, "four_stars": 0, "five_stars": 0});
    let lenient = stars(&easy);
    assert_eq!(lenient["settings"], easy);
    assert_eq!(place(&lenient, "district", "d1")["index"], value!(1.0));
    let strict = stars(&value!({"two_stars": 1, "three_stars": 1, "four_stars": 1, "five_stars": 1}));
    assert_eq!(place(&strict, "district", "d1")["index"], value!(0.2), "one star for everybody");
    assert_ne!(strict["evaluation_id"], lenient["evaluation_id"]);

    // What the pool says holds for its own evaluator, and for no other.
    let config = std::path::Path::new(&pool).join("pool.json");
    let mut written: Value = serde_json::from_slice(&std::fs::read(&config).unwrap()).unwrap();
    written["evaluator"] = value!("star-rating");
    written["evaluator_settings"] = easy.clone();
    std::fs::write(&config, written.to_string()).unwrap();
    assert_eq!(march(&story)["evaluation_id"], lenient["evaluation_id"], "the same inputs");
    let other = json(&["evaluate", &pool, "--period", "2024-03", "--evaluator", "topsis"]);
    assert_eq!(other["settings"], value!({}));

    for (settings, words) in [
        (value!({"six_stars": 1}), "`six_stars`"),
        (value!({"five_stars": "all"}), "a number from 0 to 1"),
        (value!({"five_stars": 0.1}), "`five_stars` is below"),
        (value!([]), "a JSON object"),
    ] {
        std::fs::write(&file, settings.to_string()).unwrap();
        let (exit, error) =
            refused(&["evaluate", &pool, "--period", "2024-03", "--settings", file.to_str().unwrap()]);
        assert_eq!((exit, error["kind"].as_str().unwrap()), (2, "request"), "{error}");
        assert!(error["message"].as_str().unwrap().contains(words), "{error}");
        assert!(!error["message_zh"].as_str().unwrap().is_ascii(), "{error}");
    }
}
