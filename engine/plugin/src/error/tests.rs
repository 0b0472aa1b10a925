use std::collections::BTreeSet;

use super::*;

/// One of each.
fn all() -> Vec<Error> {
    let text = || "x".to_owned();
    let names = || vec![text()];
    let words = || Text::new("en", "中");
    let site = || Site { plugin: text(), call: Call::Score, first_row: 0, rows: 1, remarks: Vec::new() };
    let (plugin, cause, found, value) = (text(), text(), text(), f64::NAN);
    vec![
        Error::Host { cause: text() },
        Error::Limits { cause: words() },
        Error::NotWasm { found: words() },
        Error::CoreModule,
        Error::TooLarge { bytes: 2, bytes_max: 1 },
        Error::Broken { cause: text() },
        Error::TooManyParts { part: Part::Tables, found: 2, max: 1 },
        Error::ForbiddenImports { found: names(), expected: "x" },
        Error::OtherVersion { found: text(), expected: "x" },
        Error::NoWorld { found: names() },
        Error::OtherShape { name: text(), cause: text() },
        Error::DescriptionUnreadable { plugin: text(), cause },
        Error::BadDescription { plugin: text(), key: "x", found: text(), expected: words() },
        Error::NotGranted { plugin: text(), column: text(), why: Refusal::Identifies },
        Error::BreaksContract { plugin: text(), failed: Vec::new() },
        Error::WrongKind { plugin: text(), found: PluginKind::Scorer, expected: PluginKind::Evaluator },
        Error::BadSettings { plugin: text(), found: words(), expected: words() },
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
        Error::BadScore { site: site(), row: 0, value },
        Error::VetoBeyondRows { site: site(), row: 1, rows_end: 1 },
        Error::VetoOutOfOrder { site: site(), row: 0, previous: 1 },
        Error::UnknownVeto { site: site(), row: 0, code: 1 },
        Error::BadIndex { site: site(), row: 0, value },
        Error::ContributionCount { site: site(), row: 0, found: 1, expected: 2 },
        Error::BadContribution { site: site(), row: 0, column: 0, value },
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
    let remarks = Vec::new();
    let site = Site { plugin: "near".to_owned(), call: Call::Score, first_row: 65_536, rows: 10, remarks };
    let error = Error::OutOfFuel { site: site.clone(), fuel_max: 7 };
    assert_eq!(error.to_string(), "plugin `near`, scoring 10 rows from row 65536, ran out of fuel (limit 7)");
    let expected = serde_json::json!({
        "plugin": "near", "call": "score", "first_row": 65_536, "rows": 10, "fuel_max": 7,
    });
    assert_eq!(error.details(), expected);
    let fault = Error::Fault { site: site.clone(), fault: Fault::Other("no".to_owned()) };
    assert_eq!(fault.details()["fault"], "other");
    let nan = Error::BadScore { site, row: 3, value: f64::NAN };
    assert_eq!(nan.details()["value"], "NaN");
    let (plugin, column) = ("near".to_owned(), "lat".to_owned());
    let why = Refusal::Personal { class: "quasi_identifier" };
    let expected = serde_json::json!({
        "plugin": "near", "column": "lat", "why": "personal", "class": "quasi_identifier",
    });
    assert_eq!(Error::NotGranted { plugin, column, why }.details(), expected);
}

#[test]
fn every_command_that_a_hint_names_exists() {
    let commands = ["add", "check", "inspect", "list"];
    for hint in all().iter().filter_map(Failure::hint) {
        for text in [hint.en, hint.zh] {
            for rest in text.split("linli plugin ").skip(1) {
                assert!(commands.iter().any(|it| rest.starts_with(it)), "{text}");
            }
        }
    }
}

#[test]
fn every_reason_to_keep_a_column_is_worded_in_both_languages() {
    let asked = ColumnType::Text;
    for why in [
        Refusal::Unknown { known: vec!["tier".to_owned()] },
        Refusal::Personal { class: "identity" },
        Refusal::Identifies,
        Refusal::Outcome,
        Refusal::OtherType { asked, offered: Some(ColumnType::I64) },
        Refusal::OtherType { asked, offered: None },
    ] {
        assert!(!why.en().is_empty() && why.en().is_ascii(), "{why:?}");
        assert!(!why.zh().is_ascii(), "{why:?}");
    }
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
