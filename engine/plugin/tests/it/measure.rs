//! Hosts for benches: they give up a promise, never the answer.

use linli_plugin::measure::{self, Promises};
use linli_plugin::{Error, Limits, Plugin, ROWS_PER_BLOCK};

use crate::{distances, load};

/// More than two blocks.
const ROWS: i64 = 2 * ROWS_PER_BLOCK as i64 + 7;

fn plugin(promises: Promises) -> Plugin {
    let host = measure::host(Limits::DEFAULT, promises).expect("a host");
    load(&host, "walking-distance")
}

#[test]
fn fewer_promises_change_no_score() {
    let batch = distances(0..ROWS);
    let usual = load(&crate::host(), "walking-distance").score("{}", &batch).expect("scores");
    for bits in 0..8 {
        let [fuel, clock, one_nan] = [1, 2, 4].map(|it| bits & it != 0);
        let promises = Promises { fuel, clock, one_nan };
        let plugin = plugin(promises);
        let found = plugin.score("{}", &batch).expect("scores");
        assert_eq!(found.values, usual.values, "{promises:?}");
        assert_eq!(found.fuel, if fuel { usual.fuel } else { 0 }, "{promises:?}");
        let in_one = measure::score_in_one_instance(&plugin, "{}", &batch).expect("scores");
        assert_eq!((in_one.values, in_one.vetoes), (usual.values.clone(), usual.vetoes.clone()));
    }
}

/// The difference is one that a plugin can see, so the host has to make it.
#[test]
fn one_instance_for_all_blocks_is_one() {
    let batch = distances(0..ROWS);
    let plugin = load(&crate::host(), "hostile/scores-by-memory");
    let fresh = plugin.score("{}", &batch).expect("scores");
    let kept = measure::score_in_one_instance(&plugin, "{}", &batch).expect("scores");
    assert_ne!(fresh.values, kept.values);
}

#[test]
fn without_fuel_the_clock_still_ends_a_loop() {
    let limits = Limits { call_seconds_max: 1, ..Limits::DEFAULT };
    let host = measure::host(limits, Promises { fuel: false, ..Promises::ALL }).expect("a host");
    let error = load(&host, "hostile/loops-in-score").score("{}", &distances([1])).expect_err("an end");
    assert!(matches!(error, Error::TimedOut { .. }), "{error}");
}

#[test]
fn without_a_clock_fuel_still_ends_a_loop() {
    let host = measure::host(Limits::DEFAULT, Promises { clock: false, ..Promises::ALL }).expect("a host");
    let error = load(&host, "hostile/loops-in-score").score("{}", &distances([1])).expect_err("an end");
    assert!(matches!(error, Error::OutOfFuel { .. }), "{error}");
}

#[test]
fn a_plugin_may_talk_to_a_host_that_counts_nothing() {
    let host = measure::host(Limits::DEFAULT, Promises { fuel: false, clock: false, one_nan: false })
        .expect("a host");
    let scores = load(&host, "hostile/reports-a-million-times").score("{}", &distances([1]));
    assert_eq!(scores.expect("scores").remarks.len(), Limits::DEFAULT.remarks_max);
}

#[test]
fn an_instance_can_be_had_alone() {
    let plugin = load(&crate::host(), "walking-distance");
    assert_eq!(measure::instantiate(&plugin, "{}"), Ok(()));
    let error = measure::instantiate(&plugin, r#"{"halving_m": 0}"#).expect_err("refused");
    assert!(matches!(error, Error::SettingsRefused { .. }), "{error}");
}
