//! The sandbox itself: clock, fuel, limits, threads.

use std::time::{Duration, Instant};

use linli_model::{Failure, Kind};
use linli_plugin::{Call, Error, Host, Limits};

use crate::{component, distances, load};

/// So much fuel that only the clock can end a loop.
fn patient() -> Limits {
    Limits { base_fuel: 1 << 62, call_seconds_max: 1, ..Limits::DEFAULT }
}

#[test]
fn the_clock_ends_what_fuel_does_not() {
    let host = Host::new(patient()).expect("a host");
    let plugin = load(&host, "hostile/loops-in-score");
    let before = Instant::now();
    let error = plugin.score("{}", &distances([1])).expect_err("an error");
    assert!(matches!(error, Error::TimedOut { seconds_max: 1, .. }), "{error}");
    assert_eq!(error.kind(), Kind::Plugin);
    // Late on a busy machine, never early.
    assert!(before.elapsed() >= Duration::from_secs(1), "{:?}", before.elapsed());
}

#[test]
fn plugins_keep_the_clock_running_when_their_host_is_gone() {
    let host = Host::new(patient()).expect("a host");
    let plugin = load(&host, "hostile/loops-in-score");
    drop(host);
    let error = plugin.score("{}", &distances([1])).expect_err("an error");
    assert!(matches!(error, Error::TimedOut { .. }), "{error}");
}

#[test]
fn fuel_is_the_same_every_time_and_grows_with_rows() {
    let host = crate::host();
    let plugin = load(&host, "walking-distance");
    let fuel = |rows| plugin.score("{}", &distances(0..rows)).expect("scores").fuel;
    assert_eq!(fuel(1000), fuel(1000));
    let per_row = (fuel(2000) - fuel(1000)) / 1000;
    assert!((10..1000).contains(&per_row), "{per_row} per row");
}

#[test]
fn who_is_given_too_little_fuel_says_so() {
    let limits = Limits { base_fuel: 1000, row_fuel: 1, ..Limits::DEFAULT };
    let host = Host::new(limits).expect("a host");
    let error = load(&host, "walking-distance").score("{}", &distances(0..1000)).expect_err("empty");
    let Error::OutOfFuel { site, fuel_max: 2000 } = error else { panic!("{error}") };
    assert_eq!((site.call, site.rows), (Call::Score, 1000));
}

#[test]
fn limits_that_cannot_hold_are_refused() {
    let limits = Limits { memory_bytes_max: 1 << 20, ..Limits::DEFAULT };
    let error = Host::new(limits).expect_err("refused");
    assert_eq!(error.kind(), Kind::Limit);
}

#[test]
fn a_memory_that_begins_too_large_never_starts() {
    let limits = Limits { memory_bytes_max: 64 << 10, columns_max: 0, text_bytes_max: 0, ..Limits::DEFAULT };
    let host = Host::new(limits).expect("a host");
    let error = host.load(&component("walking-distance")).expect_err("too large");
    let Error::OutOfMemory { site, bytes_max: 65_536, .. } = error else { panic!("{error}") };
    assert_eq!(site.call, Call::Start);
}

#[test]
fn many_threads_share_one_plugin() {
    let host = crate::host();
    let plugin = load(&host, "walking-distance");
    let expected = plugin.score("{}", &distances(0..5000)).expect("scores");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..10 {
                    assert_eq!(plugin.score("{}", &distances(0..5000)), Ok(expected.clone()));
                }
            });
        }
    });
}

#[test]
fn settings_have_a_length() {
    let limits = Limits { settings_bytes_max: 40, ..Limits::DEFAULT };
    let host = Host::new(limits).expect("a host");
    let plugin = load(&host, "walking-distance");
    let settings = |spaces: usize| format!("{{{}\"halving_m\": 250}}", " ".repeat(spaces));
    assert!(plugin.score(&settings(22), &distances([1])).is_ok(), "{}", settings(22).len());
    let error = plugin.score(&settings(23), &distances([1])).expect_err("too long");
    assert_eq!(error.kind(), Kind::Request);
    let Error::BadSettings { found, expected, .. } = error else { panic!("{error}") };
    assert_eq!((found.en.as_str(), expected.en.as_str()), ("41 bytes", "at most 40 bytes"));
    assert!(!found.zh.contains("bytes"), "{}", found.zh);
}
