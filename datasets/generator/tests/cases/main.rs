//! What is committed in `datasets/cases` is what the generator writes, fits the schemas, keeps
//! the published totals and does not contradict itself.
//!
//! `files` bytes, schemas, keys · `published` which figures the texts publish, `figures` that the
//! registries agree with them · `words` what may stand in a cell · `places` what is called how ·
//! `histories` what became of needs · `week` what is asked for, `rules` who could serve it ·
//! `networks` and `platforms` what is particular to 2833, `sharing` to nanxing · `hotline` what
//! the town-run communities measure · `forms` the registers of the volunteers.

mod figures;
mod files;
mod forms;
mod histories;
mod hotline;
mod networks;
mod places;
mod platforms;
mod published;
mod rules;
mod sharing;
mod week;
mod words;

use std::collections::{BTreeMap, BTreeSet};
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

fn count(rows: &[Row], column: &str, value: &str) -> usize {
    rows.iter().filter(|it| it[column] == value).count()
}

fn catalog() -> &'static Catalog {
    Catalog::embedded().expect("schemas")
}

/// When a case plays, as its `case.json` says.
struct Plan {
    /// When the decision is taken: what is known then.
    as_of: String,
    /// The Monday of the week that is matched.
    from: String,
    /// The districts whose needs are matched.
    districts: BTreeSet<String>,
    /// The first day of what is evaluated, and the day after the last.
    period: (String, String),
}

fn plan(case: &str) -> Plan {
    let text = std::fs::read_to_string(folder(case).join("case.json")).expect("case.json");
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let cell = |key: &str| json[key].as_str().expect("a text").to_owned();
    let period = cell("period");
    // A month sorts before its days, and all of them before this.
    let (first, end) = period
        .split_once("..")
        .map_or((period.clone(), format!("{period}-99")), |it| (it.0.to_owned(), it.1.to_owned()));
    let districts = json["districts"].as_array().map_or_else(
        || BTreeSet::from([cell("district_id")]),
        |all| all.iter().map(|it| it.as_str().expect("a text").to_owned()).collect(),
    );
    Plan { as_of: cell("as_of"), from: cell("from"), districts, period: (first, end) }
}

/// The needs that wait for the week.
fn open(tables: &Tables) -> impl Iterator<Item = &Row> {
    tables["need"].iter().filter(|it| it["status"] == "open")
}
