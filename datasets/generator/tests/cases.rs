//! What is committed in `datasets/cases` is what the generator writes, fits the schemas and
//! keeps the published totals.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate};
use linli_generator::{Case, cases};
use linli_model::{Catalog, Field, FieldType, TableSchema};

/// What people write by hand beside the registries.
const BY_HAND: [&str; 2] = ["case.json", "published_figure.csv"];

type Row = BTreeMap<String, String>;
type Tables = BTreeMap<String, Vec<Row>>;

fn folder(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../cases").join(case)
}

fn rows(path: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let header: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let row = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record.expect("a row");
        header.iter().cloned().zip(record.iter().map(str::to_owned)).collect()
    };
    reader.records().map(row).collect()
}

/// The committed tables of a case, published figures included.
fn committed(case: &Case) -> Tables {
    let names = case.tables.iter().map(|it| it.name).chain(["published_figure"]);
    names.map(|it| (it.to_owned(), rows(&folder(case.id).join(format!("{it}.csv"))))).collect()
}

fn case(id: &str) -> Tables {
    committed(&cases().into_iter().find(|it| it.id == id).expect("a case"))
}

fn count(rows: &[Row], column: &str, value: &str) -> usize {
    rows.iter().filter(|it| it[column] == value).count()
}

fn catalog() -> &'static Catalog {
    Catalog::embedded().expect("schemas")
}

#[test]
fn committed_registries_are_what_the_generator_writes() {
    for case in cases() {
        let mut expected: BTreeSet<String> = BY_HAND.iter().map(|it| (*it).to_owned()).collect();
        for table in &case.tables {
            let file = format!("{}.csv", table.name);
            let found = fs::read(folder(case.id).join(&file)).unwrap_or_default();
            assert!(
                found == table.csv().expect("a file"),
                "{}/{file} differs; cargo run -p linli-generator -- cases datasets/cases",
                case.id,
            );
            expected.insert(file);
        }
        let found: BTreeSet<String> = fs::read_dir(folder(case.id))
            .expect("a folder")
            .map(|it| it.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        assert_eq!(found, expected, "{}", case.id);
    }
}

#[test]
fn every_table_has_the_columns_and_cells_of_its_schema() {
    for case in cases() {
        for (name, rows) in committed(&case) {
            let schema = catalog().table(&name).expect("a schema");
            let columns: BTreeSet<&str> = schema.fields.iter().map(|it| it.name.as_str()).collect();
            let mut keys = BTreeSet::new();
            for row in &rows {
                assert!(row.keys().map(String::as_str).eq(columns.iter().copied()), "{name}");
                for field in &schema.fields {
                    let cell = &row[&field.name];
                    assert!(fits(field, cell), "{}/{name}.{}: `{cell}`", case.id, field.name);
                }
                assert!(keys.insert(key(schema, row)), "{}/{name}: twice {row:?}", case.id);
            }
        }
    }
}

fn key(schema: &TableSchema, row: &Row) -> Vec<String> {
    schema.primary_key.iter().map(|it| row[it].clone()).collect()
}

fn fits(field: &Field, cell: &str) -> bool {
    if cell.chars().any(char::is_control) || cell.trim() != cell {
        return false;
    }
    if cell.is_empty() {
        return !field.constraints.required;
    }
    if field.constraints.one_of.as_ref().is_some_and(|it| !it.iter().any(|it| it == cell)) {
        return false;
    }
    match field.field_type {
        FieldType::String => true,
        FieldType::List => cell.split(';').all(|it| !it.is_empty()),
        FieldType::Boolean => matches!(cell, "true" | "false"),
        FieldType::Date => cell.parse::<NaiveDate>().is_ok(),
        FieldType::Datetime => cell.ends_with("+08:00") && DateTime::parse_from_rfc3339(cell).is_ok(),
        FieldType::Integer | FieldType::Decimal => {
            cell.parse::<i64>().is_ok_and(|it| within(field, it as f64))
        }
        FieldType::Number => cell.parse().is_ok_and(|it| within(field, it)),
    }
}

fn within(field: &Field, value: f64) -> bool {
    let limits = &field.constraints;
    limits.minimum.is_none_or(|it| value >= it) && limits.maximum.is_none_or(|it| value <= it)
}

#[test]
fn every_row_points_at_rows_of_its_own_case() {
    for case in cases() {
        let tables = committed(&case);
        for (name, rows) in &tables {
            let schema = catalog().table(name).expect("a schema");
            for foreign in &schema.foreign_keys {
                let (here, there) = (&foreign.fields[0], &foreign.reference.fields[0]);
                let Some(far) = tables.get(&foreign.reference.resource) else {
                    assert!(rows.iter().all(|it| it[here].is_empty()), "{name}.{here}");
                    continue;
                };
                let known: BTreeSet<&str> = far.iter().map(|it| it[there].as_str()).collect();
                for row in rows.iter().filter(|it| !it[here].is_empty()) {
                    assert!(known.contains(row[here].as_str()), "{name}.{here}: {row:?}");
                }
            }
        }
        let providers: BTreeSet<&str> = ["volunteer", "merchant"]
            .iter()
            .filter_map(|it| tables.get(*it).map(|rows| (rows, format!("{it}_id"))))
            .flat_map(|(rows, id)| rows.iter().map(move |it| it[&id].as_str()))
            .collect();
        for row in tables["availability"].iter().chain(tables.get("pin").into_iter().flatten()) {
            assert!(providers.contains(row["provider_id"].as_str()), "{row:?}");
        }
    }
}

#[test]
fn both_cases_fit_into_one_pool() {
    let mut seen: BTreeMap<(String, Vec<String>), Row> = BTreeMap::new();
    for case in cases() {
        for (name, rows) in committed(&case) {
            let schema = catalog().table(&name).expect("a schema");
            for row in rows {
                let place = (name.clone(), key(schema, &row));
                if let Some(before) = seen.insert(place, row.clone()) {
                    assert_eq!(name, "service", "{row:?}");
                    assert_eq!(before, row, "a service that the cases share is the same in both");
                }
            }
        }
    }
}

#[test]
fn case_files_name_every_table_once_after_those_it_points_at() {
    for case in cases() {
        let text = fs::read_to_string(folder(case.id).join("case.json")).expect("case.json");
        let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(json["id"], case.id);
        let mut loaded = BTreeSet::new();
        let present: BTreeSet<String> = committed(&case).into_keys().collect();
        for file in json["files"].as_array().expect("files") {
            let table = file["table"].as_str().expect("a table");
            assert_eq!(file["file"], format!("{table}.csv"));
            for foreign in &catalog().table(table).expect("a schema").foreign_keys {
                let far = &foreign.reference.resource;
                assert!(loaded.contains(far) || !present.contains(far), "{table} before {far}");
            }
            assert!(loaded.insert(table.to_owned()), "{table} twice");
        }
        assert_eq!(loaded, present);
    }
}

#[test]
fn the_alliance_keeps_the_published_totals() {
    let tables = case("3351");
    let community = &tables["community"][0];
    assert_eq!((community["households"].as_str(), community["residents"].as_str()), ("2470", "6259"),);
    let merchants = &tables["merchant"];
    assert!(merchants.len() > 200, "200多");
    assert!(count(merchants, "plate_status", "valid") > 150, "150多");
    let categories = &tables["merchant_category"];
    assert_eq!((categories.len(), count(categories, "provenance", "published")), (19, 5));
    let used: BTreeSet<&str> = merchants
        .iter()
        .filter(|it| it["plate_status"] == "valid")
        .map(|it| it["category_id"].as_str())
        .collect();
    assert_eq!(used.len(), 19, "every trade is in the alliance");

    let members = &tables["membership"];
    assert_eq!(count(members, "organization_id", "zh-branch"), 33);
    assert_eq!(
        count(members, "organization_id", "zh-alliance"),
        merchants.iter().filter(|it| it["plate_status"] != "none").count(),
    );
    let centre: Vec<Row> =
        members.iter().filter(|it| it["organization_id"] == "zh-centre").cloned().collect();
    let kinds = ["staff", "resident", "merchant"].map(|it| count(&centre, "member_kind", it));
    assert_eq!((kinds, centre.len()), ([9, 2, 2], 13));
}

#[test]
fn the_district_keeps_the_published_totals() {
    let tables = case("365");
    let volunteers = &tables["volunteer"];
    assert_eq!(count(volunteers, "kind", "party_member"), 5131);
    assert!((2001..=2050).contains(&count(volunteers, "kind", "social")), "2000余");
    assert!(tables["team"].len() > 300, "300余");
    assert_eq!(tables["service_point"].len(), 187);
    let communities = &tables["community"];
    assert_eq!((communities.len(), count(communities, "provenance", "published")), (187, 12));
    let residents: i64 = communities.iter().map(|it| it["residents"].parse::<i64>().expect("a number")).sum();
    assert_eq!(residents, 800_000);
    let posts = &tables["post"];
    assert_eq!((posts.len(), count(posts, "provenance", "published")), (16, 9));
    let teams: Vec<&str> = tables["team"]
        .iter()
        .filter(|it| it["provenance"] == "published")
        .map(|it| it["members"].as_str())
        .collect();
    assert_eq!(teams, ["30", "12"]);
}

#[test]
fn numbers_that_are_names_stay_text() {
    let tables = case("3351");
    assert_eq!(count(&tables["card"], "card_no", "000666"), 1);
    for (figure, text) in [("S0-F13", "3369019"), ("S0-F14", "000666")] {
        let figure = tables["published_figure"].iter().find(|it| it["figure_id"] == figure);
        let figure = figure.expect("a figure");
        assert_eq!((figure["text_zh"].as_str(), figure["qualifier"].as_str()), (text, "exact"));
        assert!(["point", "min", "max"].iter().all(|it| figure[*it].is_empty()));
    }
}

#[test]
fn every_published_figure_is_there_once() {
    let split = |ids: &str| ids.split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>();
    let s0 = split(
        "S0-F01 S0-F02 S0-F03 S0-F04 S0-F05 S0-F06 S0-F07 S0-F08 S0-F09 S0-F10 S0-F11 S0-F12a
         S0-F12b S0-F12c S0-F12d S0-F13 S0-F14 S0-F15 S0-F16 S0-F17 S0-F18",
    );
    let s1 = split(
        "S1-F01 S1-F02 S1-F03 S1-F04 S1-F05 S1-F06 S1-F07 S1-F08 S1-F09 S1-F10 S1-F11 S1-F12
         S1-F13a S1-F13b S1-F13c S1-F13d S1-F14 S1-F15 S1-F16 S1-F17 S1-F18 S1-F19a S1-F19b
         S1-F20 S1-F21 S1-F22a S1-F22b S1-F22c S1-F22d",
    );
    for (id, expected) in [("3351", s0), ("365", s1)] {
        let figures = &case(id)["published_figure"];
        let found: BTreeSet<String> = figures.iter().map(|it| it["figure_id"].clone()).collect();
        assert_eq!(found, expected);
        assert!(figures.iter().all(|it| it["practice"] == id));
    }
}

/// `150多` is more than 150 and nothing else: no point, no upper bound.
#[test]
fn qualifiers_decide_which_bounds_a_figure_has() {
    for id in ["3351", "365"] {
        for row in &case(id)["published_figure"] {
            // An identifier is exact too, and is no number: its leading zeros matter.
            if ["telephone_number", "card_number"].contains(&row["measure"].as_str()) {
                assert_eq!((row["qualifier"].as_str(), row["point"].as_str()), ("exact", ""), "{row:?}");
                continue;
            }
            let bounds = ["point", "min", "max", "min_open", "max_open"].map(|it| row[it].as_str());
            let right = match (row["qualifier"].as_str(), bounds) {
                ("exact", [point, min, max, "false", "false"]) => {
                    !point.is_empty() && point == min && point == max
                }
                ("over", ["", min, "", "true", ""]) => !min.is_empty(),
                ("nearly", ["", "", max, "", "true"]) => !max.is_empty(),
                ("about", [point, "", "", "", ""]) => !point.is_empty(),
                ("text", ["", "", "", "", ""]) => true,
                _ => false,
            };
            assert!(right, "{row:?}");
        }
    }
}

#[test]
fn only_named_rows_count_as_published() {
    let published = |case_id: &str, table: &str| {
        let tables = case(case_id);
        count(&tables[table], "provenance", "published")
    };
    assert_eq!(published("3351", "merchant"), 1, "the clinic");
    assert_eq!(published("3351", "card"), 1);
    for table in ["volunteer", "need", "need_event", "return_visit"] {
        assert_eq!(published("3351", table) + published("365", table), 0, "{table}");
    }
}

#[test]
fn one_to_one_means_one_household() {
    let pairings = &case("365")["pairing"];
    let mut households: BTreeMap<&str, usize> = BTreeMap::new();
    for row in pairings {
        *households.entry(&row["volunteer_id"]).or_default() += 1;
    }
    for row in pairings {
        let one = households[row["volunteer_id"].as_str()] == 1;
        assert_eq!(row["mode"], if one { "one_to_one" } else { "one_to_many" }, "{row:?}");
    }
}

/// The steps that may follow one another.
const STEPS: [(&str, &[&str]); 15] = [
    ("received", &["registered"]),
    ("registered", &["classified", "withdrawn"]),
    ("classified", &["answered_immediately", "split", "dispatched", "transferred", "merged"]),
    ("transferred", &["split", "dispatched"]),
    ("split", &["dispatched"]),
    ("dispatched", &["accepted"]),
    ("accepted", &["in_progress", "waiting_resident"]),
    ("waiting_resident", &["in_progress"]),
    ("in_progress", &["done", "unresolved"]),
    ("done", &["replied"]),
    ("unresolved", &["replied"]),
    ("answered_immediately", &["return_visited", "closed"]),
    ("replied", &["return_visited", "closed"]),
    ("return_visited", &["evaluated", "reopened"]),
    ("reopened", &["in_progress"]),
];

#[test]
fn histories_follow_the_state_machine_and_end_within_the_month() {
    for case in cases() {
        let tables = committed(&case);
        let mut course: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        for row in &tables["need_event"] {
            course.entry(&row["need_id"]).or_default().push((&row["at"], &row["kind"]));
        }
        for need in tables["need"].iter().filter(|it| it["status"] != "open") {
            let steps = &course[need["need_id"].as_str()];
            assert_eq!(steps[0], (need["received_at"].as_str(), "received"));
            for pair in steps.windows(2) {
                let ((before, from), (after, to)) = (pair[0], pair[1]);
                let next = STEPS.iter().find(|it| it.0 == from).map_or(&[][..], |it| it.1);
                assert!(next.contains(&to) || (from, to) == ("evaluated", "closed"), "{steps:?}");
                assert!(before <= after, "{steps:?}");
            }
            let (last_at, last) = *steps.last().expect("a step");
            let status = if last == "replied" { "unresolved" } else { last };
            assert_eq!(need["status"], status, "{steps:?}");
            assert!(last_at.starts_with("2012-09"), "{steps:?}");
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
fn open_needs_can_be_told_apart_from_history() {
    for case in cases() {
        for need in &committed(&case)["need"] {
            let open = need["status"] == "open";
            let id = if open { "-n" } else { "-h" };
            assert!(need["need_id"].contains(id), "{need:?}");
            if open {
                assert!(need["received_at"].as_str() < "2012-10-14T20", "{need:?}");
                let start = &need["window_start"];
                assert!(!start.is_empty() || !need["due_at"].is_empty(), "{need:?}");
                assert!(*start <= need["window_end"], "{need:?}");
            }
        }
    }
}
