//! What became of needs: the events of history, and how open needs were accepted.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use linli_generator::cases;

use crate::rules::time;
use crate::{Tables, committed, open, plan};

/// The steps that may follow one another. Whoever was asked may pass a need on (`transferred`)
/// before somebody accepts it; a task group takes over what was `escalated` to it, or talks it
/// over before it goes where other needs go.
const STEPS: [(&str, &[&str]); 17] = [
    ("received", &["registered"]),
    ("registered", &["classified", "withdrawn"]),
    ("classified", &["answered_immediately", "split", "dispatched", "transferred", "merged", "escalated"]),
    ("transferred", &["split", "dispatched"]),
    ("split", &["dispatched"]),
    ("dispatched", &["accepted", "transferred"]),
    ("escalated", &["accepted", "split", "dispatched", "transferred"]),
    ("accepted", &["in_progress", "waiting_resident"]),
    ("waiting_resident", &["in_progress"]),
    ("in_progress", &["done", "unresolved"]),
    ("done", &["replied"]),
    ("unresolved", &["replied"]),
    ("answered_immediately", &["return_visited", "closed"]),
    ("replied", &["return_visited", "closed"]),
    ("return_visited", &["evaluated", "reopened"]),
    ("reopened", &["in_progress"]),
    ("evaluated", &["closed"]),
];

/// Where a need that is not open any more may stand.
const REST: [&str; 6] = ["closed", "withdrawn", "merged", "unresolved", "waiting_resident", "in_progress"];

/// The steps of each need, in order: when, and which.
fn courses(tables: &Tables) -> BTreeMap<&str, Vec<(&str, &str)>> {
    let mut courses: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for row in &tables["need_event"] {
        courses.entry(&row["need_id"]).or_default().push((&row["at"], &row["kind"]));
    }
    courses
}

#[test]
fn histories_follow_the_state_machine_and_end_before_the_decision() {
    for case in cases() {
        let tables = committed(&case);
        let plan = plan(case.id);
        let course = courses(&tables);
        for need in tables["need"].iter().filter(|it| it["status"] != "open") {
            let steps = &course[need["need_id"].as_str()];
            assert_eq!(steps[0], (need["received_at"].as_str(), "received"));
            for pair in steps.windows(2) {
                let ((before, from), (after, to)) = (pair[0], pair[1]);
                let next = STEPS.iter().find(|it| it.0 == from).map_or(&[][..], |it| it.1);
                assert!(next.contains(&to), "{steps:?}");
                assert!(before <= after, "{steps:?}");
            }
            let (last_at, last) = *steps.last().expect("a step");
            let status = if last == "replied" { "unresolved" } else { last };
            assert_eq!(need["status"], status, "{steps:?}");
            assert!(REST.contains(&status), "{steps:?}");
            // What is evaluated was received and came to rest within the period.
            assert!(*plan.period.0 <= *steps[0].0 && *last_at < *plan.period.1, "{steps:?}");
            assert!(*last_at <= *plan.as_of, "{steps:?}");
            assert!(need["duplicate_of"].is_empty() || last == "merged", "{need:?}");
        }
        for visit in &tables["return_visit"] {
            let step = (visit["at"].as_str(), "return_visited");
            assert!(course[visit["need_id"].as_str()].contains(&step), "{visit:?}");
            let high = matches!(visit["score"].as_str(), "4" | "5");
            assert_eq!(visit["satisfied"] == "true", high, "{visit:?}");
        }
    }
}

#[test]
fn a_need_is_merged_into_one_that_is_not_merged_itself() {
    for case in cases() {
        let tables = committed(&case);
        for need in tables["need"].iter().filter(|it| !it["duplicate_of"].is_empty()) {
            let into = tables["need"].iter().find(|it| it["need_id"] == need["duplicate_of"]);
            let into = into.unwrap_or_else(|| panic!("no {need:?}"));
            assert!(into["status"] != "merged" && into["community_id"] == need["community_id"], "{into:?}");
        }
    }
}

#[test]
fn open_needs_were_accepted_and_nothing_has_happened_since() {
    for case in cases() {
        let tables = committed(&case);
        let course = courses(&tables);
        let as_of = plan(case.id).as_of;
        for need in open(&tables) {
            let steps = &course[need["need_id"].as_str()];
            assert_eq!(
                steps.iter().map(|it| it.1).collect::<Vec<_>>(),
                ["received", "registered", "classified"]
            );
            assert_eq!(steps[0].0, need["received_at"]);
            assert!(steps.is_sorted() && *steps[2].0 <= *as_of, "{steps:?}");
        }
    }
}

#[test]
fn most_needs_are_resolved_within_four_days_and_some_take_longer() {
    for case in cases() {
        let tables = committed(&case);
        let course = courses(&tables);
        let (mut closed, mut late) = (0, 0);
        for need in tables["need"].iter().filter(|it| it["status"] == "closed") {
            let steps = &course[need["need_id"].as_str()];
            let end = steps.iter().find(|it| matches!(it.1, "answered_immediately" | "done"));
            let took = time(end.expect("an end").0) - time(&need["received_at"]);
            assert!(took < TimeDelta::days(11), "{steps:?}");
            closed += 1;
            late += usize::from(took > TimeDelta::days(4));
        }
        assert!(closed < 100 * late && 4 * late < closed, "{}: {late} of {closed}", case.id);
    }
}
