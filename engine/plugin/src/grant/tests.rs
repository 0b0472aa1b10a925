use std::collections::BTreeSet;

use linli_model::Text;

use super::*;

/// What a match hands to scorers, in SQL.
const FEATURES: &str = include_str!("../../../../queries/candidate/features.sql");
/// Where the columns of a need in it come from.
const NEED: &str = include_str!("../../../../queries/candidate/need.sql");

fn asks_for(kind: PluginKind, name: &str, column_type: ColumnType) -> Option<Refusal> {
    let text = || Text::new("", "");
    let description = Description {
        name: "nosy".to_owned(),
        version: "1.0.0".to_owned(),
        kind,
        columns: Columns::Named(vec![ColumnWanted { name: name.to_owned(), column_type }]),
        settings: serde_json::Value::Null,
        vetoes: Vec::new(),
        authors: Vec::new(),
        licence: String::new(),
        title: text(),
        summary: text(),
    };
    match check(&description) {
        Ok(()) => None,
        Err(Error::NotGranted { why, .. }) => Some(why),
        Err(other) => panic!("{other}"),
    }
}

fn scorer_asks_for(name: &str, column_type: ColumnType) -> Option<Refusal> {
    asks_for(PluginKind::Scorer, name, column_type)
}

/// Name and expression of every column that a SELECT list gives.
fn select_list(sql: &str) -> Vec<(String, String)> {
    let lines = sql.lines().filter(|it| !it.trim_start().starts_with("--"));
    let (mut items, mut depth) = (vec![String::new()], 0);
    for character in lines.flat_map(|it| it.chars().chain(['\n'])) {
        match character {
            ',' if depth == 0 => items.push(String::new()),
            other => {
                depth += i32::from(other == '(') - i32::from(other == ')');
                items.last_mut().expect("an item").push(other);
            }
        }
    }
    let item = |it: &String| {
        let it = it.trim();
        let (expression, name) = it.rsplit_once(" AS ").or_else(|| Some((it, it.rsplit_once('.')?.1)))?;
        Some((name.trim_matches('"').to_owned(), expression.trim().to_owned()))
    };
    items.iter().map(|it| item(it).unwrap_or_else(|| panic!("no name: {it}"))).collect()
}

fn candidate() -> &'static [Field] {
    &Catalog::embedded().expect("schemas").table(CANDIDATE).expect("the table").fields
}

#[test]
fn columns_about_people_are_never_granted() {
    for column in ["group", "lon", "card_no", "household_code"] {
        for kind in [PluginKind::Scorer, PluginKind::Evaluator] {
            let refused = asks_for(kind, column, ColumnType::F64);
            assert!(matches!(refused, Some(Refusal::Personal { .. })), "{column}: {refused:?}");
        }
    }
}

#[test]
fn no_vault_column_of_any_table_is_granted() {
    let catalog = Catalog::embedded().expect("schemas");
    let mut n_refused = 0;
    for table in catalog.tables().filter(|it| it.layer != Layer::System) {
        for field in table.fields.iter().filter(|it| it.pii.is_vault()) {
            for kind in [PluginKind::Scorer, PluginKind::Evaluator] {
                let refused = asks_for(kind, &field.name, ColumnType::Text);
                assert!(matches!(refused, Some(Refusal::Personal { .. })), "{}: {refused:?}", field.name);
                n_refused += 1;
            }
        }
    }
    assert!(n_refused >= 20, "{n_refused}");
}

#[test]
fn columns_about_pairs_are_granted_in_their_own_type_only() {
    use ColumnType::{Bool, F64, I64, Text};
    for (column, own) in
        [("distance_m", I64), ("speciality", Bool), ("pay_ratio", F64), ("target_group", Text)]
    {
        for asked in [Bool, F64, I64, Text] {
            let expected = (asked != own).then_some(Refusal::OtherType { asked, offered: Some(own) });
            assert_eq!(scorer_asks_for(column, asked), expected, "{column}");
        }
    }
    let time = Refusal::OtherType { asked: I64, offered: None };
    assert_eq!(scorer_asks_for("starts_at", I64), Some(time));
}

#[test]
fn who_it_is_and_what_comes_of_it_stay_with_the_host() {
    assert_eq!(scorer_asks_for("provider_id", ColumnType::Text), Some(Refusal::Identifies));
    assert_eq!(scorer_asks_for("offer_id", ColumnType::Text), Some(Refusal::Identifies));
    assert_eq!(scorer_asks_for("cost", ColumnType::I64), Some(Refusal::Outcome));
    assert_eq!(scorer_asks_for("score", ColumnType::F64), Some(Refusal::Outcome));
}

#[test]
fn a_misspelt_column_is_answered_with_those_there_are() {
    let Some(Refusal::Unknown { known }) = scorer_asks_for("distanse_m", ColumnType::I64) else {
        panic!("granted, or refused for another reason");
    };
    assert!(known.iter().any(|it| it == "distance_m"), "{known:?}");
    assert!(!known.iter().any(|it| it.ends_with("_id") || it == "cost"), "{known:?}");
    assert_eq!(asks_for(PluginKind::Evaluator, "of_my_own_making", ColumnType::F64), None);
}

#[test]
fn candidates_have_what_the_query_gives_and_what_scoring_adds() {
    let features: BTreeSet<_> = select_list(FEATURES).into_iter().map(|(name, _)| name).collect();
    let outcomes: BTreeSet<_> = OUTCOMES.into_iter().map(str::to_owned).collect();
    assert!(features.is_disjoint(&outcomes));
    let columns: BTreeSet<_> = candidate().iter().map(|it| it.name.clone()).collect();
    assert_eq!(columns, &features | &outcomes);
}

/// A value may follow from what is personal, e.g. a distance; it may not be it.
#[test]
fn no_granted_column_copies_one_of_a_personal_class() {
    let catalog = Catalog::embedded().expect("schemas");
    let need =
        NEED.split_once("SELECT").and_then(|(_, it)| it.split_once("FROM stored.need")).expect("a query").0;
    let (features, need) = (select_list(FEATURES), select_list(need));
    let mut n_traced = 0;
    for field in candidate().iter().filter(|it| is_offered(it)) {
        let (_, expression) = features.iter().find(|(name, _)| *name == field.name).expect("a feature");
        let Some((alias, column)) = expression.split_once('.').filter(|(_, it)| is_name(it)) else {
            continue;
        };
        let (tables, column) = match alias {
            "n" => {
                let (_, source) = need.iter().find(|(name, _)| name == column).expect("a column of a need");
                (vec!["need", "community", "service"], bare(source))
            }
            "p" => (vec!["volunteer", "merchant"], column.to_owned()),
            "o" => (vec!["offer"], column.to_owned()),
            other => panic!("unknown table {other}"),
        };
        let fields = tables.iter().filter_map(|it| catalog.table(it)?.field(&column));
        for source in fields {
            n_traced += 1;
            assert_eq!(source.pii, Pii::None, "{} hands out {}", field.name, source.name);
        }
    }
    assert!(n_traced >= 5, "only {n_traced} columns were traced");
}

/// The one column inside an expression that gives it on, with or without a default.
fn bare(expression: &str) -> String {
    let inner =
        expression.strip_prefix("coalesce(").map_or(expression, |it| it.split(',').next().unwrap_or(it));
    inner.rsplit('.').next().unwrap_or(inner).trim_matches('"').to_owned()
}

fn is_name(text: &str) -> bool {
    text.trim_matches('"').bytes().all(|it| it.is_ascii_lowercase() || it == b'_')
}

#[test]
fn what_people_wrote_is_granted_as_the_codes_that_the_schema_lists() {
    let features = select_list(FEATURES);
    for column in ["target_group", "channel"] {
        let field = candidate().iter().find(|it| it.name == column).expect("the column");
        let mut listed = field.constraints.one_of.clone().expect("a list of codes");
        let (_, expression) = features.iter().find(|(name, _)| name == column).expect("the feature");
        // Between quotation marks stand the codes, those passed on and the one for all others.
        let mut written: Vec<String> = expression.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
        listed.sort();
        written.sort();
        assert_eq!(written, listed, "{column}");
        assert!(listed.iter().any(|it| it == "other"), "{column}");
        assert!(!is_name(expression), "{expression}");
    }
}

/// Free text can hold a name or a number; a code cannot.
#[test]
fn every_text_that_is_granted_is_one_of_a_list() {
    let is_text = |it: &&Field| is_offered(it) && column_type(it.field_type) == Some(ColumnType::Text);
    let texts: Vec<_> = candidate().iter().filter(is_text).collect();
    assert!(texts.iter().any(|it| it.name == "channel"));
    for field in texts {
        let codes = field.constraints.one_of.as_deref().unwrap_or_default();
        assert!(!codes.is_empty(), "{} is free text", field.name);
    }
}
