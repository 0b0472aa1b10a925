//! What the reference scorers think of candidates whose history is known.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray};
use linli_plugin::Veto;

use crate::reference::millionths;
use crate::{host, load};

fn integers(columns: &[(&str, &[Option<i64>])]) -> RecordBatch {
    let column = |(name, values): &(&str, &[Option<i64>])| {
        ((*name).to_owned(), Arc::new(Int64Array::from(values.to_vec())) as ArrayRef, true)
    };
    RecordBatch::try_from_iter_with_nullable(columns.iter().map(column)).expect("a batch")
}

#[test]
fn a_busy_provider_yields() {
    let batch = integers(&[("recent_tasks", &[Some(0), Some(4), None])]);
    assert_eq!(millionths(&load(&host(), "load-balance"), "{}", &batch), [1_000_000, 500_000, 1_000_000]);
}

#[test]
fn who_was_met_before_comes_first() {
    let batch = integers(&[("days_met", &[Some(0), Some(1), Some(3), None])]);
    let expected = [500_000, 750_000, 875_000, 500_000];
    assert_eq!(millionths(&load(&host(), "continuity"), "{}", &batch), expected);
}

#[test]
fn a_point_known_for_the_service_comes_first() {
    let array: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]));
    let batch = RecordBatch::try_from_iter([("speciality_point", array)]).expect("a batch");
    let plugin = load(&host(), "speciality-point");
    assert_eq!(millionths(&plugin, "{}", &batch), [1_000_000, 500_000, 500_000]);
}

#[test]
fn a_community_that_gave_more_comes_first() {
    let given = ("community_given_min", &[Some(1200), Some(0), None][..]);
    let batch = integers(&[given, ("community_received_min", &[Some(0), Some(1200), None])]);
    assert_eq!(millionths(&load(&host(), "time-bank-credit"), "{}", &batch), [750_000, 250_000, 500_000]);
}

#[test]
fn a_team_of_both_kinds_visits_elders() {
    let counts = integers(&[
        ("team_members", &[Some(3), Some(3), None, None]),
        ("team_social_workers", &[Some(1), Some(0), None, None]),
    ]);
    let groups = StringArray::from(vec![Some("elderly"), Some("elderly"), Some("lonely_elder"), None]);
    let batch = RecordBatch::try_from_iter([
        ("target_group", Arc::new(groups) as ArrayRef),
        ("team_members", Arc::clone(counts.column(0))),
        ("team_social_workers", Arc::clone(counts.column(1))),
    ]);
    let expected = [1_000_000, 500_000, 166_667, 500_000];
    assert_eq!(millionths(&load(&host(), "visit-team"), "{}", &batch.expect("a batch")), expected);
}

#[test]
fn nobody_sells_near_a_school() {
    let batch = integers(&[("exclusion_distance_m", &[Some(200), Some(210), None])]);
    let scores = load(&host(), "exclusion-zone").score("{}", &batch).expect("scores");
    assert_eq!(scores.vetoes, [Veto { row: 0, code: 1 }]);
    assert!(scores.values.iter().all(|it| it.millionths() == 1_000_000));
}
