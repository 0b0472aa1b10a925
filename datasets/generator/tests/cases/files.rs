//! Bytes, schemas, keys, and the order of loading.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use chrono::{DateTime, NaiveDate};
use linli_generator::{SEED, cases};
use linli_model::{Field, FieldType, TableSchema};

use crate::{Row, catalog, committed, folder};

/// What people write by hand beside the registries.
const BY_HAND: [&str; 2] = ["case.json", "published_figure.csv"];

#[test]
fn committed_registries_are_what_the_generator_writes() {
    for case in cases() {
        let mut expected: BTreeSet<String> = BY_HAND.iter().map(|it| (*it).to_owned()).collect();
        for table in &case.tables {
            let file = format!("{}.csv", table.name);
            let found = fs::read(folder(case.id).join(&file)).unwrap_or_default();
            assert!(
                found == table.csv().expect("a file"),
                "{}/{file} differs; target/release/linli-generator cases datasets/cases",
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
                assert!(row.keys().all(|it| columns.contains(it.as_str())), "{name}");
                for (field, cell) in
                    schema.fields.iter().filter_map(|it| row.get(&it.name).map(|cell| (it, cell)))
                {
                    assert!(fits(field, cell), "{}/{name}.{}: `{cell}`", case.id, field.name);
                }
                assert!(keys.insert(key(schema, row)), "{}/{name}: twice {row:?}", case.id);
            }
        }
    }
}

#[test]
fn columns_stand_in_the_order_of_the_schema() {
    for table in cases().iter().flat_map(|it| &it.tables) {
        let mut fields = catalog().table(table.name).expect("a schema").fields.iter();
        for column in table.columns {
            assert!(fields.any(|it| it.name == *column), "{}.{column} is out of order", table.name);
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
fn all_cases_fit_into_one_pool() {
    let mut seen: BTreeMap<(String, Vec<String>), Row> = BTreeMap::new();
    for case in cases() {
        for (name, rows) in committed(&case) {
            let schema = catalog().table(&name).expect("a schema");
            for row in rows {
                let place = (name.clone(), key(schema, &row));
                if let Some(before) = seen.insert(place, row.clone()) {
                    assert_eq!(name, "service", "{row:?}");
                    assert_eq!(before, row, "a service that cases share is the same in all of them");
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
fn every_row_of_a_registry_says_where_it_comes_from() {
    for case in cases() {
        for (name, rows) in committed(&case).iter().filter(|it| it.0 != "published_figure") {
            for row in rows {
                let provenance = row.get("provenance").map_or("", String::as_str);
                assert!(matches!(provenance, "published" | "synthetic"), "{}/{name}: {row:?}", case.id);
            }
        }
    }
}

#[test]
fn the_readme_names_the_seed() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let text = fs::read_to_string(readme).expect("README.md");
    assert!(text.contains(&format!("`{SEED}`")), "{SEED}");
}
