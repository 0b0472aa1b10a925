//! SQL over a pool on disk.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Int64Array, ListBuilder, RecordBatch, StringArray, StringBuilder, TimestampMicrosecondArray,
};
use arrow::util::pretty::pretty_format_batches;
use datafusion::arrow;
use linli_model::Catalog;
use linli_query::{
    Change, CommitNote, Format, Library, ParamValue, Params, PoolConfig, QueryLimits, Session, Snapshot,
    Store, tables, write_rows,
};
use tempfile::TempDir;

/// 2024-03-05 16:00 in Hangzhou.
const AT_US: i64 = 1_709_625_600_000_000;

fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn times(values: &[Option<i64>]) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from(values.to_vec()).with_timezone("UTC"))
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, it)| (name, it, true)))
        .expect("a batch")
}

fn change(table: &str, columns: Vec<(&str, ArrayRef)>) -> Change {
    Change::Append { table: table.to_owned(), batches: vec![batch(columns)] }
}

fn note() -> CommitNote {
    CommitNote { at_us: AT_US, action: "test".to_owned() }
}

/// A pool with two needs and three matches of two runs, one of them published. Its folder has
/// a name that URLs must escape.
async fn pool() -> (TempDir, Store, Snapshot) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::create(&folder.path().join("资源池 [1]"), &PoolConfig::default(), AT_US).await;
    let store = store.expect("a pool");
    let mut skills = ListBuilder::new(StringBuilder::new());
    skills.append_value([Some("护理"), Some("法律")]);
    skills.append_null();
    let changes = vec![
        change(
            "need",
            vec![
                ("need_id", texts(&["n1", "n2"])),
                ("skills", Arc::new(skills.finish())),
                ("group", texts(&["老人", "儿童"])),
                ("received_at", times(&[Some(AT_US), None])),
            ],
        ),
        change(
            "match",
            vec![
                ("run_id", texts(&["r1", "r1", "r2"])),
                ("need_id", texts(&["n1", "n2", "n1"])),
                ("units", Arc::new(Int64Array::from(vec![1, 1, 1]))),
                ("state", texts(&["proposed", "proposed", "proposed"])),
            ],
        ),
        change("publication", vec![("run_id", texts(&["r1"])), ("at", times(&[Some(AT_US)]))]),
    ];
    let base = store.latest().await.expect("a snapshot");
    let snapshot = store.commit(&base, changes, &note()).await.expect("a commit");
    (folder, store, snapshot)
}

async fn shown(session: &Session, sql: &str) -> Vec<String> {
    let (_, batches) =
        session.collect_rows(sql, &Params::default()).await.unwrap_or_else(|it| panic!("{sql}: {it}"));
    let text = pretty_format_batches(&batches).expect("a table").to_string();
    let cells = |it: &str| it.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>().join(" ");
    text.lines().skip(3).filter(|it| it.starts_with('|')).map(cells).collect()
}

#[tokio::test]
async fn tables_show_what_the_snapshot_holds_in_local_time() {
    let (_folder, store, snapshot) = pool().await;
    let session = Session::new(&store, &snapshot, &QueryLimits::default()).await.expect("a session");
    let sql = "SELECT need_id, skills, \"group\", received_at, date_trunc('day', received_at), provenance \
               FROM need ORDER BY need_id";
    assert_eq!(
        shown(&session, sql).await,
        ["n1 [护理, 法律] 老人 2024-03-05T16:00:00+08:00 2024-03-05T00:00:00+08:00 ", "n2  儿童   ",]
    );
    let sql = "SELECT need_id FROM need WHERE received_at >= '2024-03-05T16:00:00' AND received_at < '2024-03-05T08:00:01Z'";
    assert_eq!(shown(&session, sql).await, ["n1"]);
    assert_eq!(shown(&session, "SELECT count(*), count(skills) FROM need").await, ["2 1"]);
    assert_eq!(shown(&session, "SELECT count(*) FROM volunteer").await, ["0"]);
    let columns = "SELECT column_name, data_type FROM information_schema.columns \
                   WHERE table_name = 'publication' ORDER BY ordinal_position";
    let zone = "at Timestamp(µs, \"+08:00\")";
    assert_eq!(shown(&session, columns).await, ["run_id Utf8", zone, "snapshot Int64"]);
}

#[tokio::test]
async fn a_snapshot_stays_what_it_was() {
    let (_folder, store, before) = pool().await;
    let more = change("publication", vec![("run_id", texts(&["r2"]))]);
    let after = store.commit(&before, vec![more], &note()).await.expect("a commit");
    let limits = QueryLimits::default();
    let old = Session::new(&store, &before, &limits).await.expect("a session");
    let new = Session::new(&store, &after, &limits).await.expect("a session");
    let sql = "SELECT run_id, need_id, state FROM match ORDER BY run_id, need_id";
    assert_eq!(shown(&old, sql).await, ["r1 n1 published", "r1 n2 published", "r2 n1 proposed"]);
    assert_eq!(shown(&new, sql).await, ["r1 n1 published", "r1 n2 published", "r2 n1 published"]);
    assert_eq!(
        shown(&old, "SELECT count(*), sum(units) FROM match WHERE state = 'published'").await,
        ["2 2"]
    );
    let (_, stored) =
        old.internal("SELECT DISTINCT state FROM stored.match", &Params::default()).await.expect("rows");
    assert_eq!(stored.iter().map(RecordBatch::num_rows).sum::<usize>(), 1);
}

#[tokio::test]
async fn every_table_of_the_catalog_can_be_asked() {
    let (_folder, store, snapshot) = pool().await;
    let session = Session::new(&store, &snapshot, &QueryLimits::default()).await.expect("a session");
    for table in Catalog::embedded().expect("a catalog").tables() {
        shown(&session, &format!("SELECT * FROM {} LIMIT 1", table.name)).await;
    }
    let listed = tables(&snapshot, "+08:00").expect("tables");
    let needs = listed.iter().find(|it| it.name == "need").expect("needs");
    assert_eq!((needs.rows, needs.title.zh.is_ascii()), (2, false));
    let received = needs.columns.iter().find(|it| it.name == "received_at").expect("a column");
    assert_eq!(received.kind, "Timestamp(µs, \"+08:00\")");
}

/// Text queries are read as their header says; every query plans and returns those columns.
#[tokio::test]
async fn every_query_of_the_library_runs_and_returns_what_it_says() {
    let (_folder, store, snapshot) = pool().await;
    let session = Session::new(&store, &snapshot, &QueryLimits::default()).await.expect("a session");
    for query in Library::embedded().expect("a library").queries().filter(|it| it.is_callable()) {
        let name = &query.name;
        let sample = |kind: &str| match kind {
            "integer" | "number" => "1",
            "boolean" => "true",
            "date" | "timestamp" => "2024-03-05",
            _ => "r1",
        };
        let given = query.params.iter().filter(|it| it.default.is_none());
        let params: Params =
            given.map(|it| (&it.name, ParamValue::Text(sample(it.kind.name()).to_owned()))).collect();
        let rows = session.query(name, &params).await.unwrap_or_else(|it| panic!("{name}: {it}"));
        let (schema, _) = rows.collect().await.unwrap_or_else(|it| panic!("{name}: {it}"));
        for (said, field) in query.returns.iter().zip(schema.fields()) {
            let kind = field.data_type().to_string();
            let kind = kind.split('(').next().unwrap_or_default().trim_end_matches("128");
            let wanted = said.kind.split('(').next().unwrap_or_default().trim_end_matches("128");
            assert_eq!((said.name.as_str(), wanted), (field.name().as_str(), kind), "{name}");
        }
        if !query.returns.is_empty() {
            assert_eq!(query.returns.len(), schema.fields().len(), "{name}: columns");
        }
        for used in query.sql.split('$').skip(1) {
            let used: String = used.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
            // The end of a pattern.
            if used.is_empty() {
                continue;
            }
            assert!(query.params.iter().any(|it| it.name == used), "{name}: ${used} is not declared");
        }
        for clock in ["now()", "random()", "current_date", "current_timestamp", "uuid()"] {
            assert!(!query.sql.to_lowercase().contains(clock), "{name} depends on {clock}");
        }
    }
}

/// `UPDATE_INDEX=1` in the environment writes the page anew.
#[test]
fn the_index_of_the_library_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../queries/README.md");
    let (begin, end) = ("<!-- index: made from the headers -->\n", "<!-- end of index -->");
    let page = std::fs::read_to_string(path).expect("queries/README.md");
    let (head, rest) = page.split_once(begin).expect("the mark where it begins");
    let (index, tail) = rest.split_once(end).expect("the mark where it ends");
    let wanted = Library::embedded().expect("a library").index_markdown();
    if std::env::var_os("UPDATE_INDEX").is_some() {
        std::fs::write(path, format!("{head}{begin}\n{wanted}{end}{tail}")).expect("written");
        return;
    }
    assert_eq!(index.trim(), wanted.trim(), "run this test with UPDATE_INDEX=1");
}

#[tokio::test]
async fn no_statement_shows_where_the_pool_lies() {
    let (folder, store, snapshot) = pool().await;
    let session = Session::new(&store, &snapshot, &QueryLimits::default()).await.expect("a session");
    let place = folder.path().file_name().expect("a name").to_string_lossy().into_owned();
    for form in ["", "FORMAT INDENT ", "FORMAT TREE ", "FORMAT GRAPHVIZ ", "FORMAT PGJSON "] {
        let sql = format!("EXPLAIN {form}SELECT need_id FROM need WHERE need_id = 'n1'");
        let rows = session.rows(&sql, &Params::default()).await.unwrap_or_else(|it| panic!("{sql}: {it}"));
        let mut out = Vec::new();
        write_rows(rows, Format::Csv, snapshot.id, &mut out).await.expect("written");
        let text = String::from_utf8(out).expect("UTF-8");
        assert!(text.len() > 20 && !text.contains(&place) && !text.contains(".parquet"), "{form}: {text}");
    }
    let named = "SELECT input_file_name() FROM need";
    let error = session.rows(named, &Params::default()).await.expect_err("refused");
    assert!(!error.to_string().contains(&place), "{error}");
}

#[tokio::test]
async fn a_pool_answers_in_every_format() {
    let (_folder, store, snapshot) = pool().await;
    let session = Session::new(&store, &snapshot, &QueryLimits::default()).await.expect("a session");
    for format in Format::ALL {
        let rows =
            session.rows("SELECT * FROM need ORDER BY need_id", &Params::default()).await.expect("rows");
        let mut out = Vec::new();
        let summary = write_rows(rows, format, snapshot.id, &mut out).await.expect("written");
        assert_eq!((summary.row_count, summary.truncated), (2, false), "{}", format.as_str());
        assert!(!out.is_empty());
    }
}
