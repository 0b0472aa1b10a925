//! What is committed in `datasets/cases` is what the generator writes, fits the schemas, keeps
//! the published totals and does not contradict itself.
//!
//! `files` bytes, schemas, keys · `figures` what the texts publish · `words` what may stand in a
//! cell · `histories` what became of needs · `week` what is asked for, `rules` who could serve it
//! · `networks`, `platforms` and `sharing` what is particular to 2833 and to nanxing.

mod figures;
mod files;
mod histories;
mod networks;
mod platforms;
mod rules;
mod sharing;
mod week;
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use linli_generator::{Case, cases};
use linli_model::Catalog;

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

/// What `case.json` says of a case: the week to match, the month, the time of the decision.
fn plan(tables: &Tables, key: &str) -> String {
    let practice = &tables["published_figure"][0]["practice"];
    let text = std::fs::read_to_string(folder(practice).join("case.json")).expect("case.json");
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    json[key].as_str().expect(key).to_owned()
}

fn count(rows: &[Row], column: &str, value: &str) -> usize {
    rows.iter().filter(|it| it[column] == value).count()
}

fn catalog() -> &'static Catalog {
    Catalog::embedded().expect("schemas")
}

/// The needs that wait for the week.
fn open(tables: &Tables) -> impl Iterator<Item = &Row> {
    tables["need"].iter().filter(|it| it["status"] == "open")
}
