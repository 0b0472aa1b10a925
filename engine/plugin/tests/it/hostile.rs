//! One plugin of `plugins/hostile` each: what it tries, and the error that ends it.
//!
//! After every one of them the host must still serve a plugin that behaves.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use linli_model::{Failure, Kind, Score};
use linli_plugin::{
    Call, ColumnType, Error, Fault, Host, Plugin, Refusal, Remark, Result, Scores, Site, check,
};

use crate::{component, distances, host, load};

const ROWS: u32 = 100;

fn score(plugin: &Plugin) -> Result<Scores> {
    plugin.score("{}", &distances(0..i64::from(ROWS)))
}

fn site(plugin: &str, call: Call) -> Site {
    let rows = if call == Call::Score { ROWS } else { 0 };
    Site { plugin: plugin.to_owned(), call, first_row: 0, rows, remarks: Vec::new() }
}

fn three_districts(plugin: &str) -> Site {
    Site { rows: 3, ..site(plugin, Call::Evaluate) }
}

fn still_serves(host: &Host) {
    let scores = score(&load(host, "walking-distance")).expect("scores");
    assert_eq!(scores.values[0], Score::BEST);
}

/// The error of a plugin that loads, but fails to score.
fn when_scoring(name: &str) -> Error {
    let host = host();
    let plugin = load(&host, &format!("hostile/{name}"));
    let error = score(&plugin).expect_err("an error");
    // It fails the same way again, and harms nobody else.
    assert_eq!(score(&plugin), Err(error.clone()));
    still_serves(&host);
    error
}

/// Three districts and two indicators.
fn districts() -> RecordBatch {
    let column: ArrayRef = Arc::new(Float64Array::from(vec![0.25, 0.5, 1.0]));
    let columns = [("beds_share", Arc::clone(&column)), ("staff_share", column)];
    RecordBatch::try_from_iter(columns).expect("a batch")
}

/// The error of an evaluator.
fn when_evaluating(name: &str) -> Error {
    let host = host();
    let plugin = load(&host, &format!("hostile/{name}"));
    let batch = districts();
    let evaluator = plugin.evaluator("{}").expect("an evaluator");
    let error = evaluator.evaluate(&batch, &[1.0, 1.0]).expect_err("an error");
    // The next call starts afresh, and fails the same way.
    let again = evaluator.evaluate(&batch, &[1.0, 1.0]).expect_err("an error");
    assert_eq!(error.to_string(), again.to_string());
    let fair = load(&host, "weighted-index").evaluate("{}", &batch, &[1.0, 1.0]);
    assert_eq!(fair.expect("answers").len(), 3);
    error
}

/// The error of an evaluator that passes every check.
fn when_evaluating_real_districts(name: &str) -> Error {
    let report = check(&host(), &component(&format!("hostile/{name}")));
    assert!(report.ok, "{:#?}", report.checks);
    when_evaluating(name)
}

/// What a match asks them about.
fn volunteers() -> RecordBatch {
    let kinds: ArrayRef = Arc::new(StringArray::from(vec!["volunteer"; ROWS as usize]));
    RecordBatch::try_from_iter([("provider_kind", kinds)]).expect("a batch")
}

/// What a scorer that passes every check answers when it is given what a match would give it.
fn in_a_match(name: &str) -> Result<Scores> {
    let host = host();
    let report = check(&host, &component(&format!("hostile/{name}")));
    assert!(report.ok, "{:#?}", report.checks);
    let answer = load(&host, &format!("hostile/{name}")).score("{}", &volunteers());
    still_serves(&host);
    answer
}

fn when_matching(name: &str) -> Error {
    in_a_match(name).expect_err("an error")
}

/// What is kept of what a scorer says in a match; its scores count.
fn said_in_a_match(name: &str) -> Vec<Remark> {
    let scores = in_a_match(name).expect("scores");
    assert_eq!(scores.values.len(), ROWS as usize);
    assert!(scores.remarks.iter().all(|it| it.text.len() <= 4096 + '…'.len_utf8()));
    scores.remarks
}

/// The error of a plugin that does not load.
fn when_loading(name: &str) -> Error {
    let host = host();
    let error = host.load(&component(&format!("hostile/{name}"))).expect_err("an error");
    assert_eq!(error.kind(), Kind::Plugin, "{error}");
    still_serves(&host);
    error
}

/// Declares the tests and the list of them.
macro_rules! hostile {
    ($($name:ident => $body:block)*) => {
        $(#[test] fn $name() { $body })*
        const TESTED: &[&str] = &[$(stringify!($name)),*];
    };
}

hostile! {
    above_one_later => {
        let site = site("above-one-later", Call::Score);
        assert_eq!(when_matching("above-one-later"), Error::BadScore { site, row: 0, value: 1.5 });
    }
    asks_for_a_misspelt_column => {
        let error = when_loading("asks-for-a-misspelt-column");
        let hint = error.hint().expect("a hint").en;
        assert!(hint.contains("distance_m"), "{hint}");
        let Error::NotGranted { column, why: Refusal::Unknown { .. }, .. } = error else {
            panic!("{error}")
        };
        assert_eq!(column, "distanse_m");
    }
    asks_for_card_numbers => {
        let error = when_loading("asks-for-card-numbers");
        let plugin = "asks-for-card-numbers".to_owned();
        let (column, why) = ("card_no".to_owned(), Refusal::Personal { class: "quasi_identifier" });
        assert_eq!(error, Error::NotGranted { plugin, column, why });
    }
    asks_for_text_distances => {
        let error = when_loading("asks-for-text-distances");
        let Error::NotGranted { why, .. } = error else { panic!("{error}") };
        let (asked, offered) = (ColumnType::Text, Some(ColumnType::I64));
        assert_eq!(why, Refusal::OtherType { asked, offered });
    }
    asks_for_the_outcome => {
        let error = when_loading("asks-for-the-outcome");
        let Error::NotGranted { why, .. } = error else { panic!("{error}") };
        assert_eq!(why, Refusal::Outcome);
    }
    below_zero_later => {
        let site = site("below-zero-later", Call::Score);
        assert_eq!(when_matching("below-zero-later"), Error::BadScore { site, row: 0, value: -0.25 });
    }
    contributes_infinity => {
        let error = when_evaluating("contributes-infinity");
        let site = three_districts("contributes-infinity");
        assert_eq!(error, Error::BadContribution { site, row: 0, column: 0, value: f64::INFINITY });
    }
    contributes_too_little => {
        let error = when_evaluating("contributes-too-little");
        let site = three_districts("contributes-too-little");
        assert_eq!(error, Error::ContributionCount { site, row: 0, found: 1, expected: 2 });
    }
    declares_a_thousand_settings => {
        let error = when_loading("declares-a-thousand-settings");
        let Error::BadDescription { key, found, expected, .. } = error else { panic!("{error}") };
        assert_eq!((key, found.as_str(), expected.en.as_str()), ("settings", "1000", "at most 32 settings"));
    }
    declares_a_thousand_words => {
        let error = when_loading("declares-a-thousand-words");
        let Error::BadDescription { key, found, expected, .. } = error else { panic!("{error}") };
        assert_eq!((key, expected.en.as_str()), ("settings", "at most 32 different texts"));
        assert!(found.starts_with("`mood`.enum: [") && found.len() < 120, "{found}");
    }
    describes_a_book => {
        let error = when_loading("describes-a-book");
        let Error::BadDescription { key, found, expected, .. } = error else { panic!("{error}") };
        assert_eq!((key, expected.en.as_str()), ("describe", "at most 65536 bytes"));
        assert!(found.starts_with("80003") && found.ends_with(" B"), "{found}");
    }
    describes_an_evaluator => {
        let error = when_loading("describes-an-evaluator");
        let Error::BadDescription { key, found, .. } = error else { panic!("{error}") };
        assert_eq!((key, found.as_str()), ("kind", "evaluator"));
    }
    describes_in_no_utf8 => {
        let error = when_loading("describes-in-no-utf8");
        let Error::Unreadable { site, cause } = error else { panic!("{error}") };
        assert_eq!(site.call, Call::Describe);
        assert!(cause.contains("utf-8"), "{cause}");
    }
    describes_no_json => {
        let error = when_loading("describes-no-json");
        assert!(matches!(error, Error::DescriptionUnreadable { .. }), "{error}");
    }
    describes_nothing => {
        let error = when_loading("describes-nothing");
        let Error::DescriptionUnreadable { cause, .. } = error else { panic!("{error}") };
        assert!(cause.starts_with("missing field `name`"), "{cause}");
    }
    eats_memory => {
        let error = when_scoring("eats-memory");
        let Error::OutOfMemory { bytes, bytes_max, .. } = error else { panic!("{error}") };
        assert_eq!(bytes_max, 256 << 20);
        assert!(bytes > bytes_max);
    }
    eats_memory_later => {
        let error = when_matching("eats-memory-later");
        assert!(matches!(error, Error::OutOfMemory { .. }), "{error}");
    }
    evaluates_by_memory => {
        // Another call, another instance: nobody was asked before.
        let plugin = load(&host(), "hostile/evaluates-by-memory");
        let evaluator = plugin.evaluator("{}").expect("an evaluator");
        for _ in 0..3 {
            let answers = evaluator.evaluate(&districts(), &[1.0, 1.0]).expect("answers");
            assert!(answers.iter().all(|it| it.index == Some(0.0)), "{answers:?}");
        }
        assert!(check(&host(), &component("hostile/evaluates-by-memory")).ok);
    }
    evaluates_to_nan => {
        let error = when_evaluating("evaluates-to-nan");
        let Error::BadIndex { row: 0, value, .. } = error else { panic!("{error}") };
        assert!(value.is_nan());
    }
    evaluates_to_nan_later => {
        let error = when_evaluating_real_districts("evaluates-to-nan-later");
        assert!(matches!(error, Error::BadIndex { row: 0, .. }), "{error}");
    }
    evaluates_too_few_districts => {
        let error = when_evaluating("evaluates-too-few-districts");
        let site = three_districts("evaluates-too-few-districts");
        assert_eq!(error, Error::WrongLength { site, found: 2 });
    }
    evaluator_loops_later => {
        let error = when_evaluating_real_districts("evaluator-loops-later");
        assert!(matches!(error, Error::OutOfFuel { .. }), "{error}");
    }
    evaluator_traps_later => {
        let error = when_evaluating_real_districts("evaluator-traps-later");
        assert!(matches!(error, Error::Trapped { report: None, .. }), "{error}");
    }
    faults_with_a_book => {
        let error = when_scoring("faults-with-a-book");
        let Error::Fault { fault: Fault::Other(text), .. } = error else { panic!("{error}") };
        assert!(text.starts_with("长长") && text.ends_with('…'));
        assert!(text.len() <= 4096 + '…'.len_utf8(), "{}", text.len());
    }
    faults_with_a_book_later => {
        let error = when_matching("faults-with-a-book-later");
        let Error::Fault { fault: Fault::Other(text), .. } = error else { panic!("{error}") };
        assert!(text.ends_with('…') && text.len() <= 4096 + '…'.len_utf8(), "{}", text.len());
    }
    imports_a_clock => {
        let error = when_loading("imports-a-clock");
        let Error::ForbiddenImports { found, .. } = error else { panic!("{error}") };
        assert!(found.iter().all(|it| it.starts_with("wasi:clocks/monotonic-clock@")), "{found:?}");
    }
    infinity_later => {
        let site = site("infinity-later", Call::Score);
        assert_eq!(when_matching("infinity-later"), Error::BadScore { site, row: 0, value: f64::INFINITY });
    }
    inflates_its_scores => {
        // No limit is hit: how much scores of a district's own plugin weigh is another's affair.
        let scores = score(&load(&host(), "hostile/inflates-its-scores")).expect("scores");
        assert!(scores.values.is_sorted_by(|a, b| a > b));
        assert!(scores.values.iter().all(|it| it.to_f64() > 0.999));
    }
    loops_in_configure => {
        let error = when_scoring("loops-in-configure");
        let site = site("loops-in-configure", Call::Configure);
        assert_eq!(error, Error::OutOfFuel { site, fuel_max: 1_000_000_000 });
    }
    loops_in_configure_later => {
        let host = host();
        assert!(check(&host, &component("hostile/loops-in-configure-later")).ok);
        let plugin = load(&host, "hostile/loops-in-configure-later");
        assert!(plugin.score("{}", &volunteers()).is_ok());
        let site = site("loops-in-configure-later", Call::Configure);
        let expected = Error::OutOfFuel { site, fuel_max: 1_000_000_000 };
        assert_eq!(plugin.score(r#"{"patience":0}"#, &volunteers()), Err(expected));
        still_serves(&host);
    }
    loops_in_describe => {
        let error = when_loading("loops-in-describe");
        let Error::OutOfFuel { site, .. } = error else { panic!("{error}") };
        assert_eq!(site.call, Call::Describe);
    }
    loops_in_score => {
        let error = when_scoring("loops-in-score");
        let site = site("loops-in-score", Call::Score);
        assert_eq!(error, Error::OutOfFuel { site, fuel_max: 515_000_000 });
    }
    loops_later => {
        let error = when_matching("loops-later");
        assert_eq!(error, Error::OutOfFuel { site: site("loops-later", Call::Score), fuel_max: 515_000_000 });
    }
    nan_later => {
        let error = when_matching("nan-later");
        let Error::BadScore { site: found, row: 0, value } = error else { panic!("{error}") };
        assert_eq!(found, site("nan-later", Call::Score));
        assert!(value.is_nan());
    }
    neglects_disabled => {
        // It keeps the contract: what it does to whom shows in a replay of past runs only.
        assert!(check(&host(), &component("hostile/neglects-disabled")).ok);
    }
    panics => {
        let error = when_scoring("panics");
        assert!(error.to_string().contains("no idea what to do with 100 rows"), "{error}");
        let Error::Trapped { trap, .. } = error else { panic!("{error}") };
        assert_eq!(trap, "wasm `unreachable` instruction executed");
    }
    panics_later => {
        let error = when_matching("panics-later");
        assert!(error.to_string().contains("no idea what to do with 100 rows"), "{error}");
        let remarks = error.site().map(|it| it.remarks.len());
        assert_eq!(remarks, Some(1), "what it said stays with the error");
    }
    prefers_the_far => {
        let metres: ArrayRef = Arc::new(Int64Array::from_iter_values([0, 10, 20, 3000]));
        let kinds: ArrayRef = Arc::new(StringArray::from(vec!["volunteer"; 4]));
        let batch = RecordBatch::try_from_iter([("distance_m", metres), ("provider_kind", kinds)]);
        let plugin = load(&host(), "hostile/prefers-the-far");
        let scores = plugin.score("{}", &batch.expect("a batch")).expect("scores");
        assert!(scores.values.is_sorted_by(|a, b| a < b));
        assert_eq!(scores.vetoes.iter().map(|it| it.row).collect::<Vec<_>>(), [0, 1]);
    }
    recurses_later => {
        let site = site("recurses-later", Call::Score);
        assert_eq!(when_matching("recurses-later"), Error::StackOverflow { site });
    }
    recurses_without_end => {
        let error = when_scoring("recurses-without-end");
        let site = site("recurses-without-end", Call::Score);
        assert_eq!(error, Error::StackOverflow { site });
    }
    refuses_disabled => {
        assert!(check(&host(), &component("hostile/refuses-disabled")).ok);
    }
    refuses_its_defaults => {
        let report = check(&host(), &component("hostile/refuses-its-defaults"));
        let broken: Vec<_> = report.checks.iter().filter(|it| !it.ok).collect();
        let [only] = broken.as_slice() else { panic!("{broken:#?}") };
        assert_eq!(only.name, "same-with-its-defaults");
        assert!(only.detail.contains("nobody has so much patience"), "{}", only.detail);
    }
    reports_a_book => {
        let host = host();
        let scores = score(&load(&host, "hostile/reports-a-book")).expect("scores");
        assert_eq!(scores.remarks.len(), 1);
        let text = &scores.remarks[0].text;
        assert!(text.ends_with('…') && text.len() <= 4096 + '…'.len_utf8(), "{}", text.len());
        let report = check(&host, &component("hostile/reports-a-book"));
        let detail = &report.checks.iter().find(|it| it.name == "one-row").expect("the check").detail;
        assert!(detail.contains("; information: 长长") && detail.len() < 400, "{detail}");
        still_serves(&host);
    }
    reports_a_book_later => {
        assert_eq!(said_in_a_match("reports-a-book-later").len(), 1);
    }
    reports_a_million_times => {
        let host = host();
        let scores = score(&load(&host, "hostile/reports-a-million-times")).expect("scores");
        assert_eq!(scores.remarks.len(), 32);
        assert_eq!(scores.remarks[31].text, "are we there yet?");
        let report = check(&host, &component("hostile/reports-a-million-times"));
        let detail = &report.checks.iter().find(|it| it.name == "one-row").expect("the check").detail;
        assert!(detail.ends_with("; and 27 remarks more"), "{detail}");
        still_serves(&host);
    }
    reports_a_million_times_later => {
        assert_eq!(said_in_a_match("reports-a-million-times-later").len(), 32);
    }
    reports_in_no_utf8 => {
        let error = when_scoring("reports-in-no-utf8");
        let Error::Unreadable { site, cause } = error else { panic!("{error}") };
        assert_eq!(site.call, Call::Score);
        assert!(cause.contains("utf-8"), "{cause}");
    }
    returns_too_few_scores => {
        let error = when_scoring("returns-too-few-scores");
        let site = site("returns-too-few-scores", Call::Score);
        assert_eq!(error, Error::WrongLength { site, found: 99 });
    }
    returns_too_many_scores => {
        let error = when_scoring("returns-too-many-scores");
        let site = site("returns-too-many-scores", Call::Score);
        assert_eq!(error, Error::WrongLength { site, found: 101 });
    }
    scores_above_one => {
        let site = site("scores-above-one", Call::Score);
        assert_eq!(when_scoring("scores-above-one"), Error::BadScore { site, row: 0, value: 1.5 });
    }
    scores_below_zero => {
        let site = site("scores-below-zero", Call::Score);
        assert_eq!(when_scoring("scores-below-zero"), Error::BadScore { site, row: 0, value: -0.25 });
    }
    scores_by_memory => {
        // Three blocks, three instances: nobody has seen anything before.
        let host = host();
        let plugin = load(&host, "hostile/scores-by-memory");
        let scores = plugin.score("{}", &distances(0..140_000)).expect("scores");
        assert!(scores.values.iter().all(|it| *it == Score::BEST));
        assert!(check(&host, &component("hostile/scores-by-memory")).ok);
    }
    scores_by_nan_bits => {
        // Every NaN is the same one, with its sign clear, whatever this machine would make of it.
        let host = host();
        let scores = score(&load(&host, "hostile/scores-by-nan-bits")).expect("scores");
        assert!(scores.values.iter().all(|it| *it == Score::BEST), "{:?}", scores.values[0]);
        assert!(check(&host, &component("hostile/scores-by-nan-bits")).ok);
    }
    scores_by_position => {
        let report = check(&host(), &component("hostile/scores-by-position"));
        assert!(!report.ok);
        let broken: Vec<_> = report.checks.iter().filter(|it| !it.ok).map(|it| it.name).collect();
        assert_eq!(broken, ["same-when-split"]);
    }
    scores_infinity => {
        let (site, value) = (site("scores-infinity", Call::Score), f64::INFINITY);
        assert_eq!(when_scoring("scores-infinity"), Error::BadScore { site, row: 0, value });
    }
    scores_minus_infinity => {
        let error = when_scoring("scores-minus-infinity");
        let site = site("scores-minus-infinity", Call::Score);
        assert_eq!(error, Error::BadScore { site, row: 0, value: f64::NEG_INFINITY });
    }
    scores_nan => {
        let error = when_scoring_once("scores-nan");
        let Error::BadScore { row: 0, value, .. } = error else { panic!("{error}") };
        assert!(value.is_nan());
    }
    starts_slowly => {
        let error = when_loading("starts-slowly");
        let Error::OutOfFuel { site, fuel_max: 1_000_000_000 } = error else { panic!("{error}") };
        assert_eq!(site.call, Call::Start);
    }
    too_few_later => {
        let site = site("too-few-later", Call::Score);
        assert_eq!(when_matching("too-few-later"), Error::WrongLength { site, found: 99 });
    }
    too_many_later => {
        let site = site("too-many-later", Call::Score);
        assert_eq!(when_matching("too-many-later"), Error::WrongLength { site, found: 101 });
    }
    traps => {
        let error = when_scoring("traps");
        let Error::Trapped { report, .. } = error else { panic!("{error}") };
        assert_eq!(report, None);
    }
    traps_later => {
        let error = when_matching("traps-later");
        assert!(matches!(error, Error::Trapped { report: None, .. }), "{error}");
    }
    unknown_veto_later => {
        let site = site("unknown-veto-later", Call::Score);
        assert_eq!(when_matching("unknown-veto-later"), Error::UnknownVeto { site, row: 0, code: 999 });
    }
    vetoes_beyond_later => {
        let site = site("vetoes-beyond-later", Call::Score);
        let expected = Error::VetoBeyondRows { site, row: 100, rows_end: 100 };
        assert_eq!(when_matching("vetoes-beyond-later"), expected);
    }
    vetoes_beyond_the_batch => {
        let site = site("vetoes-beyond-the-batch", Call::Score);
        let expected = Error::VetoBeyondRows { site, row: 100, rows_end: 100 };
        assert_eq!(when_scoring("vetoes-beyond-the-batch"), expected);
    }
    vetoes_everybody => {
        // It keeps the contract; what comes of it is for whoever lets it decide, see the replay.
        let scores = score(&load(&host(), "hostile/vetoes-everybody")).expect("scores");
        assert_eq!(scores.vetoes.len(), scores.values.len());
        assert!(check(&host(), &component("hostile/vetoes-everybody")).ok);
    }
    vetoes_out_of_order => {
        let site = site("vetoes-out-of-order", Call::Score);
        let expected = Error::VetoOutOfOrder { site, row: 98, previous: 99 };
        assert_eq!(when_scoring("vetoes-out-of-order"), expected);
    }
    vetoes_out_of_order_later => {
        let site = site("vetoes-out-of-order-later", Call::Score);
        let expected = Error::VetoOutOfOrder { site, row: 98, previous: 99 };
        assert_eq!(when_matching("vetoes-out-of-order-later"), expected);
    }
    vetoes_twice => {
        let site = site("vetoes-twice", Call::Score);
        let expected = Error::VetoOutOfOrder { site, row: 0, previous: 0 };
        assert_eq!(when_scoring("vetoes-twice"), expected);
    }
    vetoes_twice_later => {
        let site = site("vetoes-twice-later", Call::Score);
        let expected = Error::VetoOutOfOrder { site, row: 0, previous: 0 };
        assert_eq!(when_matching("vetoes-twice-later"), expected);
    }
    vetoes_with_an_unknown_code => {
        let site = site("vetoes-with-an-unknown-code", Call::Score);
        let expected = Error::UnknownVeto { site, row: 0, code: 999 };
        assert_eq!(when_scoring("vetoes-with-an-unknown-code"), expected);
    }
    words_a_thousand_vetoes => {
        let error = when_loading("words-a-thousand-vetoes");
        let Error::BadDescription { key, found, expected, .. } = error else { panic!("{error}") };
        assert_eq!((key, found.as_str(), expected.en.as_str()), ("vetoes", "1000", "at most 256 codes"));
    }
}

/// As [`when_scoring`], for values that do not equal themselves.
fn when_scoring_once(name: &str) -> Error {
    let host = host();
    let error = score(&load(&host, &format!("hostile/{name}"))).expect_err("an error");
    still_serves(&host);
    error
}

#[test]
fn every_hostile_component_has_its_test() {
    let files = std::fs::read_dir(crate::dist().join("hostile")).expect("the folder");
    let mut found: Vec<_> = files
        .filter_map(|it| it.expect("a file").file_name().into_string().ok())
        .filter_map(|it| it.strip_suffix(".wasm").map(|it| it.replace('-', "_")))
        .collect();
    found.sort();
    assert_eq!(found, TESTED);
}

#[test]
fn the_check_names_what_a_hostile_plugin_breaks() {
    let host = host();
    for (name, broken) in [
        ("scores-nan", "one-row"),
        ("panics", "no-rows"),
        ("loops-in-describe", "loads"),
        ("vetoes-twice", "one-row"),
    ] {
        let report = check(&host, &component(&format!("hostile/{name}")));
        let first = report.checks.iter().find(|it| !it.ok).map(|it| it.name);
        assert_eq!(first, Some(broken), "{name}: {:#?}", report.checks);
    }
}
