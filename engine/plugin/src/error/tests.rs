use std::collections::BTreeSet;

use super::*;

/// One of each.
#[expect(clippy::too_many_lines, reason = "a list")]
fn all() -> Vec<Error> {
    let text = || "x".to_owned();
    let names = || vec![text()];
    let words = || Text::new("en", "中");
    let site = || Site { plugin: text(), call: Call::Score, first_row: 0, rows: 1 };
    let (plugin, cause, found, value) = (text(), text(), text(), f64::NAN);
    vec![
        Error::Host { cause: text() },
        Error::Limits { cause: "x" },
        Error::NotWasm { found: text() },
        Error::CoreModule,
        Error::TooLarge { bytes: 2, bytes_max: 1 },
        Error::Broken { cause: text() },
        Error::ForbiddenImports { found: names(), expected: "x" },
        Error::OtherVersion { found: text(), expected: "x" },
        Error::NoWorld { found: names() },
        Error::OtherShape { name: text(), cause: text() },
        Error::DescriptionUnreadable { plugin: text(), cause },
        Error::BadDescription { plugin: text(), key: "x", found: text(), expected: words() },
        Error::NotGranted { plugin: text(), column: text(), class: "x" },
        Error::WrongKind { plugin: text(), found: PluginKind::Scorer, expected: PluginKind::Evaluator },
        Error::BadSettings { plugin: text(), found: text(), expected: words() },
        Error::SettingsRefused { plugin: text(), text: text() },
        Error::MissingColumn { plugin: text(), column: text(), found: names() },
        Error::ColumnType { plugin, column: text(), expected: ColumnType::F64, found },
        Error::NotFinite { column: text(), row: 0, value },
        Error::TextTooLong { plugin: text(), bytes: 2, bytes_max: 1 },
        Error::TooMany { plugin: text(), what: "rows", found: 2, max: 1 },
        Error::WeightCount { plugin: text(), found: 1, expected: 2 },
        Error::BadWeight { column: 0, value },
        Error::NoBlock { start: 0, end: 1, rows: 1 },
        Error::Busy { plugin: text(), sessions_max: 1 },
        Error::OutOfFuel { site: site(), fuel_max: 1 },
        Error::TimedOut { site: site(), seconds_max: 1 },
        Error::OutOfMemory { site: site(), bytes: 2, bytes_max: 1 },
        Error::TableTooLarge { site: site(), elements: 2, elements_max: 1 },
        Error::StackOverflow { site: site() },
        Error::Trapped { site: site(), trap: text(), report: None },
        Error::Unreadable { site: site(), cause: text() },
        Error::Fault { site: site(), fault: Fault::Other(text()) },
        Error::WrongLength { site: site(), found: 2 },
        Error::BadScore { plugin: text(), row: 0, value },
        Error::VetoBeyondRows { plugin: text(), row: 1, rows_end: 1 },
        Error::VetoOutOfOrder { plugin: text(), row: 0, previous: 1 },
        Error::UnknownVeto { plugin: text(), row: 0, code: 1 },
        Error::BadIndex { plugin: text(), row: 0, value },
        Error::ContributionCount { plugin: text(), row: 0, found: 1, expected: 2 },
        Error::BadContribution { plugin: text(), row: 0, column: 0, value },
    ]
}

#[test]
fn every_error_has_a_name_of_its_own_and_speaks_chinese() {
    let codes: BTreeSet<_> = all().iter().map(Failure::code).collect();
    assert_eq!(codes.len(), all().len());
    for error in all() {
        let chinese = error.zh().chars().any(|it| ('\u{4e00}'..='\u{9fff}').contains(&it));
        assert!(chinese, "{error}");
        assert!(error.details().is_object(), "{error}");
    }
}

#[test]
fn details_are_the_fields() {
    let site = Site { plugin: "near".to_owned(), call: Call::Score, first_row: 65_536, rows: 10 };
    let error = Error::OutOfFuel { site: site.clone(), fuel_max: 7 };
    assert_eq!(error.to_string(), "plugin `near`, scoring 10 rows from row 65536, ran out of fuel (limit 7)");
    let expected = serde_json::json!({
        "plugin": "near", "call": "score", "first_row": 65_536, "rows": 10, "fuel_max": 7,
    });
    assert_eq!(error.details(), expected);
    let fault = Error::Fault { site, fault: Fault::Other("no".to_owned()) };
    assert_eq!(fault.details()["fault"], "other");
    let nan = Error::BadScore { plugin: "near".to_owned(), row: 3, value: f64::NAN };
    assert_eq!(nan.details()["value"], "NaN");
}

#[test]
fn who_must_act_follows_from_who_was_wrong() {
    let kinds: Vec<_> = all().iter().map(Failure::kind).collect();
    let n_of = |kind| kinds.iter().filter(|it| **it == kind).count();
    assert_eq!(n_of(Kind::Request), 7);
    assert_eq!(n_of(Kind::Data), 1);
    assert_eq!(n_of(Kind::Limit), 4);
    assert_eq!(n_of(Kind::Internal), 2);
    assert_eq!(n_of(Kind::Plugin), all().len() - 14);
}
