//! Figures and dates in words, in SQL.

use std::sync::OnceLock;

use datafusion::arrow::util::pretty::pretty_format_batches;
use linli_model::{Failure, Kind};

use super::tables::Source;
use super::{Params, QueryLimits, Session};
use crate::library::Library;

/// The figures that are published with the practices.
const PUBLISHED: [&str; 5] = [
    include_str!("../../../../datasets/cases/3351/published_figure.csv"),
    include_str!("../../../../datasets/cases/365/published_figure.csv"),
    include_str!("../../../../datasets/cases/2833/published_figure.csv"),
    include_str!("../../../../datasets/cases/malu/published_figure.csv"),
    include_str!("../../../../datasets/cases/nanxing/published_figure.csv"),
];

fn session() -> Session {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    let library = LIBRARY.get_or_init(Library::default);
    Session::over(Source::Nowhere, "+08:00", &QueryLimits::default(), library).expect("a session")
}

async fn rows(session: &Session, sql: &str) -> Vec<String> {
    let answer = session.collect_rows(sql, &Params::default()).await;
    let (_, batches) = answer.unwrap_or_else(|it| panic!("{sql}: {it}"));
    let text = pretty_format_batches(&batches).expect("a table").to_string();
    let cells = |it: &str| it.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>().join(" | ");
    text.lines().skip(3).filter(|it| it.starts_with('|')).map(cells).collect()
}

async fn row(session: &Session, expressions: &str) -> String {
    rows(session, &format!("SELECT {expressions}")).await.join("\n")
}

#[tokio::test]
async fn figures_are_read_from_words() {
    let session = session();
    for (call, answer) in [
        ("zh_number('80万')['point'], zh_number('5.8万平方米')['point']", "800000.0 | 58000.0"),
        ("zh_number('二三百万')['min'], zh_number('二三百万')['max']", "2000000.0 | 3000000.0"),
        ("zh_number('5.8万平方米')['unit'], zh_number('近99%')['unit']", "平方米 | %"),
        ("zh_number('150多户')['qualifier'], zh_number('150多户')['min_open']", "over | true"),
        (
            "zh_number('000666') IS NULL, zh_number('居民') IS NULL, zh_number(NULL) IS NULL",
            "true | true | true",
        ),
        ("zh_discount('95折'), zh_discount('8折'), zh_discount('半价')", "0.95 | 0.8 | 0.5"),
        ("zh_discount('15折') IS NULL, zh_discount(NULL) IS NULL", "true | true"),
    ] {
        assert_eq!(row(&session, call).await, answer, "{call}");
    }
}

#[tokio::test]
async fn figures_are_calculated_compared_and_written() {
    let session = session();
    for (call, answer) in [
        ("figure_text(figure_div(zh_number('150多户'), zh_number('200多户')))", "无定值（>0）"),
        ("figure_text(figure_div(zh_number('近50元'), 0.05))", "近1000元"),
        ("figure_text(figure_add(zh_number('9名'), zh_number('2名')), 'en')", "11 名"),
        ("figure_text(figure_sub(1, zh_number('95%')), 'en')", "0.05"),
        ("figure_text(figure_mul(2, zh_number('150多户')), 'en')", "300+ 户"),
        ("figure_div(zh_number('494'), 501)['point'] = 494.0 / 501.0", "true"),
        ("figure_lt(zh_number('150多'), 150), figure_gt(zh_number('150多'), 150)", "no | yes"),
        ("figure_le(1, 1), figure_ge(1, 2), figure_eq(zh_number('十几'), 12)", "yes | no | unknown"),
        ("figure_eq(figure_add(zh_number('0–1'), 1e17), 1e17)", "unknown"),
        ("figure_add(zh_number('3户'), zh_number('3人')) IS NULL", "true"),
        ("figure_lt(zh_number('3户'), zh_number('3人')) IS NULL", "true"),
        (
            "figure_add(NULL, 1) IS NULL, figure_text(NULL) IS NULL, figure_text(1, NULL) IS NULL",
            "true | true | true",
        ),
        ("figure_text(v) FROM (VALUES (1), (NULL), (3)) AS t(v)", "1\n\n3"),
    ] {
        assert_eq!(row(&session, call).await, answer, "{call}");
    }
    let refused = [("figure_text(1, 'fr')", Kind::Data), ("figure_add('1', 2)", Kind::Request)];
    for (call, kind) in refused {
        let sql = format!("SELECT {call}");
        let error = session.collect_rows(&sql, &Params::default()).await.err();
        assert_eq!(error.map(|it| it.kind()), Some(kind), "{call}");
    }
}

/// Also what makes a figure twice as long with every call ends, instead of growing for ever.
#[tokio::test]
async fn units_of_products_do_not_grow_for_ever() {
    let session = session();
    let mut sql = String::from("SELECT zh_number('3平方公里') AS f");
    for _ in 0..8 {
        sql = format!("SELECT figure_mul(f, f) AS f FROM ({sql})");
    }
    assert_eq!(rows(&session, &format!("SELECT f IS NULL FROM ({sql})")).await, ["true"]);
}

#[tokio::test]
async fn dates_in_words_become_days() {
    let session = session();
    for (call, answer) in [
        (
            "zh_period('2010年10月')['from_date'], zh_period('2010年10月')['to_date']",
            "2010-10-01 | 2010-11-01",
        ),
        ("zh_period('2013年末')['from_date'], zh_period('2013年末')['precision']", "2013-12-01 | part"),
        ("zh_period('今年3月中旬') IS NULL, zh_period('今年3月中旬', NULL) IS NULL", "true | true"),
        ("zh_period('今年3月中旬', DATE '2012-09-24')['to_date']", "2012-03-21"),
        ("zh_period('去年9月', '2012-09-24')['from_date']", "2011-09-01"),
        ("zh_period(NULL) IS NULL, zh_period('全部') IS NULL", "true | true"),
    ] {
        assert_eq!(row(&session, call).await, answer, "{call}");
    }
}

/// One row of a published table: its id, its words, and the call that makes its figure.
fn published() -> Vec<(String, String, String)> {
    let literal = |it: &str| if it.is_empty() { "NULL".to_owned() } else { it.to_owned() };
    let word = |it: &str| if it.is_empty() { "NULL".to_owned() } else { format!("'{it}'") };
    let mut rows = Vec::new();
    for file in PUBLISHED {
        let mut reader = csv::Reader::from_reader(file.as_bytes());
        for record in reader.records() {
            let record = record.expect("a row");
            let columns: Vec<String> = (5..10).map(|it| literal(&record[it])).collect();
            let call =
                format!("figure({}, {}, {})", columns.join(", "), word(&record[10]), word(&record[11]));
            rows.push((record[0].to_owned(), record[13].to_owned(), call));
        }
    }
    rows
}

#[tokio::test]
async fn published_figures_are_figures_and_say_so() {
    let session = session();
    let all = published();
    let calls: Vec<String> = all
        .iter()
        .map(|(id, _, call)| format!("SELECT '{id}' AS id, figure_text({call}) AS words"))
        .collect();
    let sql = format!("SELECT * FROM ({}) ORDER BY id", calls.join(" UNION ALL "));
    let written = rows(&session, &sql).await;
    assert_eq!(written.len(), all.len());
    // A telephone number, the number of a card, a day, the X of 3+X and an address are no figures.
    let without: Vec<&str> = written.iter().filter(|it| it.ends_with("| ")).map(|it| it.as_str()).collect();
    let names = ["S0-F13", "S0-F14", "S2-F18", "S3-F14a", "S3-F17", "S3-F18", "S4-F04c", "S4-F06"];
    assert_eq!(without, names.map(|it| format!("{it} | ")));
    for (id, words, _) in all.iter().filter(|(_, words, _)| words.contains(['多', '余'])) {
        let line = written.iter().find(|it| it.starts_with(&format!("{id} "))).expect("a line");
        assert!(line.contains('多'), "{line}: {words}");
    }
    for line in [
        "S0-F04 | ≈10 people",
        "S0-F17 | 近50 yuan",
        "S0-F06 | 150多 merchants",
        "S2-F10 | 2000000–3000000 yuan",
        "S2-F29 | 69 stations",
        "S3-F11 | 近99%",
    ] {
        assert!(written.iter().any(|it| it == line), "{line} not in {written:?}");
    }
}
