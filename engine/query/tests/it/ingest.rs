//! Files good and bad, and what becomes of their rows.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, Float64Array, Int32Array, LargeStringArray, RecordBatch, TimestampMillisecondArray,
};
use datafusion::arrow::datatypes::Schema;
use datafusion::parquet::arrow::ArrowWriter;
use linli_model::{Failure, Kind, RowIssue};
use linli_query::{Error, LoadReport, Mode};

use crate::support::{Pool, rows, texts};

fn counts(report: &LoadReport) -> [u64; 5] {
    let [kept, sum] = [report.kept, report.inserted + report.updated];
    assert_eq!(kept, sum);
    assert_eq!(report.rows, kept + report.quarantined + report.unchanged);
    [report.rows, report.inserted, report.updated, report.unchanged, report.quarantined]
}

fn shown(issues: &[RowIssue]) -> Vec<String> {
    let line =
        |it: &RowIssue| format!("{} {} {} {:?} {}", it.line, it.column, it.rule, it.found, it.expected);
    issues.iter().map(line).collect()
}

async fn issues(table: &str, text: &str) -> Vec<String> {
    let pool = Pool::new().await;
    let report = pool.load(table, text, Mode::Upsert).await.expect("a load");
    shown(&report.issues)
}

async fn refused(table: &str, bytes: &[u8]) -> Error {
    let pool = Pool::new().await;
    let file = pool.file("input.csv", bytes);
    let error = pool.load_files(table, &[file], Mode::Upsert).await.expect_err("refused");
    assert_eq!(pool.store.latest().await.expect("a snapshot").id, 0);
    error
}

#[tokio::test]
async fn loading_again_changes_nothing_and_makes_no_snapshot() {
    let pool = Pool::new().await;
    let text = "team_id,members\nb,2\na,1\nc,x\n";
    let first = pool.load("team", text, Mode::Upsert).await.expect("a load");
    assert_eq!(counts(&first), [3, 2, 0, 0, 1]);
    assert_eq!(first.snapshot, 1);
    let again = pool.load("team", text, Mode::Upsert).await.expect("a load");
    assert_eq!(counts(&again), [3, 0, 0, 2, 1]);
    assert_eq!(again.snapshot, 1);
    assert_eq!(pool.rows("team", &["team_id", "members"]).await, ["a | 1", "b | 2"]);
    assert_eq!(pool.store.history().await.expect("snapshots").len(), 2);
}

#[tokio::test]
async fn upsert_replaces_rows_by_key_and_leaves_the_others() {
    let pool = Pool::new().await;
    pool.load("team", "team_id,members\na,1\nb,2\n", Mode::Upsert).await.expect("a load");
    let text = "team_id,members\nc,3\nb,5\na,1\n";
    let report = pool.load("team", text, Mode::Upsert).await.expect("a load");
    assert_eq!(counts(&report), [3, 1, 1, 1, 0]);
    assert_eq!(pool.rows("team", &["team_id", "members"]).await, ["a | 1", "b | 5", "c | 3"]);
}

#[tokio::test]
async fn replace_makes_the_file_the_content() {
    let pool = Pool::new().await;
    pool.load("team", "team_id,members\na,1\nb,2\nc,3\n", Mode::Upsert).await.expect("a load");
    let text = "team_id,members\nd,4\nb,9\na,1\n";
    let report = pool.load("team", text, Mode::Replace).await.expect("a load");
    assert_eq!(counts(&report), [3, 1, 1, 1, 0]);
    let expected = ["a | 1", "b | 9", "d | 4"];
    assert_eq!(pool.rows("team", &["team_id", "members"]).await, expected);
    let again = pool.load("team", text, Mode::Replace).await.expect("a load");
    assert_eq!((counts(&again), again.snapshot), ([3, 0, 0, 3, 0], 2));
    let fewer = pool.load("team", "team_id,members\na,1\n", Mode::Replace).await.expect("a load");
    assert_eq!((counts(&fewer), fewer.snapshot), ([1, 0, 0, 1, 0], 3));
    assert_eq!(pool.rows("team", &["team_id"]).await, ["a"]);
}

#[tokio::test]
async fn append_keeps_what_is_there() {
    let pool = Pool::new().await;
    pool.load("team", "team_id,members\na,1\n", Mode::Append).await.expect("a load");
    let text = "team_id,members\na,1\nb,2\n";
    let report = pool.load("team", text, Mode::Append).await.expect("a load");
    assert_eq!(counts(&report), [2, 1, 0, 0, 1]);
    let expected = ["2 team_id duplicate_key \"a\" a key that is not in the table"];
    assert_eq!(shown(&report.issues), expected);
}

#[tokio::test]
async fn a_bad_cell_quarantines_its_row_with_all_its_issues() {
    let text = "volunteer_id,max_per_day,consent,lon,credential_valid_to\n\
                v1,two,maybe,1e999,2024-02-30\n\
                ,-1,yes,1.5,2024/3/5\n\
                v3,,,,\n";
    assert_eq!(
        issues("volunteer", text).await,
        [
            "2 lon type \"1e999\" a number",
            "2 max_per_day type \"two\" a whole number",
            "2 consent type \"maybe\" true or false",
            "2 credential_valid_to type \"2024-02-30\" a date such as 2024-03-05",
            "3 volunteer_id required \"\" a value",
            "3 max_per_day minimum \"-1\" at least 0",
        ]
    );
}

#[tokio::test]
async fn every_rule_has_its_name() {
    let rules = async |table: &str, text: &str| -> Vec<String> {
        issues(table, text).await.iter().map(|it| it.split(" \"").next().expect("text").to_owned()).collect()
    };
    let pin = "need_id,provider_id,kind\nn,p,must\nn,q,perhaps\nn,p,never\n";
    assert_eq!(rules("pin", pin).await, ["3 kind enum", "4 need_id duplicate_key"]);
    let need = "need_id,tier,window_start,window_end\n\
                a,4,,\n\
                b,3,2024-03-05 10:00,2024-03-05 10:00\n\
                c,3,2024-03-05 10:00,2024-03-05T11:00+09:00\n\
                d,3,2024-03-05,2024-03-06\n";
    assert_eq!(rules("need", need).await, ["2 tier maximum", "3 window_end order", "4 window_end order"]);
    let team = "team_id,members\na,1\nb\nc,1,2\nd,1\n";
    assert_eq!(rules("team", team).await, ["3  columns", "4  columns"]);
}

#[tokio::test]
async fn the_second_row_with_a_key_is_told_of_the_first() {
    let pool = Pool::new().await;
    let one = pool.file("one.csv", "team_id,members\na,bad\na,1\n");
    let two = pool.file("two.csv", "team_id,members\nb,1\na,1\n");
    let report = pool.load_files("team", &[one.clone(), two], Mode::Upsert).await.expect("a load");
    assert_eq!(counts(&report), [4, 2, 0, 0, 2]);
    let last = report.issues.last().expect("an issue");
    assert_eq!(last.expected, format!("a key of its own: {}:3 has it", one.display()));
    assert_eq!(report.files.iter().map(|it| it.rows).collect::<Vec<_>>(), [2, 2]);
}

#[tokio::test]
async fn quarantined_rows_are_kept_as_they_came_and_only_once() {
    let pool = Pool::new().await;
    let text = "编号,成员人数\na,1\nb,\"x, \"\"y\"\"\"\n";
    let text = text.replace("编号", "team_id").replace("成员人数", "members");
    for _ in 0..2 {
        pool.load("team", &text, Mode::Upsert).await.expect("a load");
    }
    let columns = ["table", "file", "line", "column", "rule", "found", "expected", "row"];
    assert_eq!(
        pool.rows("quarantine", &columns).await,
        ["team | team.csv | 3 | members | type | x, \"y\" | a whole number | \
          {\"team_id\":\"b\",\"members\":\"x, \\\"y\\\"\"}"]
    );
    let digests = pool.rows("quarantine", &["file_digest"]).await;
    assert_eq!(digests[0].len(), 64);
    let error = pool.load("quarantine", "quarantine_id\nq\n", Mode::Upsert).await.expect_err("ours");
    assert!(matches!(error, Error::NotLoadable { .. }), "{error}");
}

#[tokio::test]
async fn a_load_of_bad_rows_only_is_refused() {
    let error = refused("team", b"team_id,members\na,x\nb,y\n").await;
    let Error::NothingKept { rows, first } = &error else { panic!("{error}") };
    assert_eq!((*rows, first.line, first.column.as_str()), (2, 2, "members"));
    assert_eq!(error.kind(), Kind::Data);
}

#[tokio::test]
async fn files_that_cannot_be_read_say_why() {
    let not_utf8 = async |bytes: &[u8]| match refused("team", bytes).await {
        Error::NotUtf8 { found, .. } => found,
        other => panic!("{other}"),
    };
    assert_eq!(not_utf8(b"\xb1\xe0\xba\xc5,n\nA,1\n").await, "GB18030");
    assert_eq!(not_utf8(b"team_id,subject\nA,\xbd\xcc\xd3\xfd\n").await, "GB18030");
    assert_eq!(not_utf8(b"\xff\xfet\0e\0").await, "UTF-16");
    assert_eq!(not_utf8(b"PK\x03\x04....").await, "xlsx (zip)");
    for empty in ["", "\u{feff}", "\n\n  \n"] {
        let error = refused("team", empty.as_bytes()).await;
        assert!(matches!(error, Error::EmptyFile { .. }), "{error}");
    }
    let error = refused("team", b"subject,members\nx,1\n").await;
    assert!(matches!(error, Error::MissingColumn { column, .. } if column == "team_id"));
    let error = refused("teem", b"team_id\nx\n").await;
    assert!(matches!(error, Error::UnknownTable { nearest: Some(it), .. } if it == "team"));

    let pool = Pool::new().await;
    let nowhere = [pool.store.root().join("nowhere.csv")];
    let error = pool.load_files("team", &nowhere, Mode::Upsert).await.expect_err("no file");
    assert!(matches!(error, Error::Unreadable { .. }), "{error}");
    assert_eq!(error.kind(), Kind::Data);
}

#[tokio::test]
async fn a_header_alone_is_a_load_of_no_rows() {
    let pool = Pool::new().await;
    for text in ["team_id,members\n", "team_id,members"] {
        let report = pool.load("team", text, Mode::Upsert).await.expect("a load");
        assert_eq!((counts(&report), report.snapshot), ([0; 5], 0));
    }
    pool.load("team", "team_id\na\n", Mode::Upsert).await.expect("a load");
    let report = pool.load("team", "team_id\n", Mode::Replace).await.expect("a load");
    assert_eq!((counts(&report), report.snapshot), ([0; 5], 1));
    assert_eq!(pool.rows("team", &["team_id"]).await, ["a"]);
}

#[tokio::test]
async fn dialects_are_told_by_their_header() {
    let expected = ["a | x,y | 1", "b | line\nbreak | 2"];
    for text in [
        "\u{feff}team_id,subject,members\r\na,\"x,y\",1\r\nb,\"line\nbreak\",2\r\n",
        "\n\nteam_id;subject;members\na;x,y;1\nb;\"line\nbreak\";2",
        "team_id\tsubject\tmembers\na\tx,y\t1\nb\t\"line\nbreak\"\t2\n",
        "\"members\",\" Team_ID \",\"SUBJECT\"\n1,a,\"x,y\"\n2,b,\"line\nbreak\"\n",
    ] {
        let pool = Pool::new().await;
        let report = pool.load("team", text, Mode::Upsert).await.expect("a load");
        assert_eq!(counts(&report), [2, 2, 0, 0, 0], "{text}");
        let found = pool.rows("team", &["team_id", "subject", "members"]).await;
        assert_eq!(found, expected, "{text}");
        let header_row = if text.starts_with('\n') { 3 } else { 1 };
        assert_eq!(report.files[0].header_row, Some(header_row));
        assert_eq!(report.files[0].encoding.as_deref(), Some("utf-8"));
    }
}

#[tokio::test]
async fn unknown_columns_are_ignored_and_named() {
    let pool = Pool::new().await;
    let text = "need_id,紧急程度,诉求描述,chanel\nn,2,x,phone\n";
    let report = pool.load("need", text, Mode::Upsert).await.expect("a load");
    let ignored: Vec<_> =
        report.ignored_columns.iter().map(|it| (it.column.as_str(), it.nearest.as_deref())).collect();
    assert_eq!(ignored, [("诉求描述", None), ("chanel", Some("channel"))]);
    assert_eq!(pool.rows("need", &["need_id", "tier", "channel"]).await, ["n | 2 | -"]);
}

#[tokio::test]
async fn the_report_is_the_json_that_was_agreed() {
    let pool = Pool::new().await;
    let report = pool.load("team", "team_id,size\na,1\n", Mode::Upsert).await.expect("a load");
    let json = serde_json::to_value(&report).expect("json");
    let file = report.files[0].file.clone();
    let expected = serde_json::json!({
        "table": "team", "mode": "upsert", "snapshot": 1,
        "rows": 1, "kept": 1, "quarantined": 0, "unchanged": 0, "inserted": 1, "updated": 0,
        "files": [{"file": file, "encoding": "utf-8", "sheet": null, "header_row": 1, "rows": 1}],
        "ignored_columns": [{"file": file, "column": "size", "nearest": null}],
        "issues_total": 0, "issues": [],
    });
    assert_eq!(json, expected);
}

fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch =
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, it)| (name, it, true)));
    let batch = batch.expect("a batch");
    let schema: Arc<Schema> = batch.schema();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, schema, None).expect("a writer");
    writer.write(&batch).expect("rows");
    writer.close().expect("a file");
    bytes
}

#[tokio::test]
async fn parquet_is_told_by_its_bytes_and_cast() {
    let pool = Pool::new().await;
    let local = TimestampMillisecondArray::from(vec![Some(1_709_654_400_000), None, None]);
    let file = pool.file(
        "need.csv",
        parquet(vec![
            ("工单号", Arc::new(LargeStringArray::from(vec![" n1 ", "n2", "n3"]))),
            ("tier", Arc::new(Float64Array::from(vec![Some(3.0), None, Some(1.5)]))),
            ("card_no", Arc::new(Int32Array::from(vec![7, 8, 9]))),
            ("window_start", Arc::new(local)),
        ]),
    );
    let report = pool.load_files("need", &[file], Mode::Upsert).await.expect("a load");
    assert_eq!(counts(&report), [3, 2, 0, 0, 1]);
    assert_eq!(shown(&report.issues), ["3 tier type \"1.5\" a whole number"]);
    assert_eq!((&report.files[0].encoding, report.files[0].header_row), (&None, None));
    assert_eq!(
        pool.rows("need", &["need_id", "tier", "card_no", "window_start"]).await,
        ["n1 | 3 | 7 | 2024-03-05T08:00:00Z", "n2 | - | 8 | -"]
    );
    let row = pool.rows("quarantine", &["row"]).await;
    assert_eq!(row, ["{\"工单号\":\"n3\",\"tier\":\"1.5\",\"card_no\":\"9\",\"window_start\":null}"]);
}

#[tokio::test]
async fn csv_and_parquet_of_the_same_rows_are_the_same_table() {
    let pool = Pool::new().await;
    let batch = texts(&[("team_id", &["b", "a"]), ("members", &["2", "1"])]);
    let columns = batch.schema().fields().iter().map(|it| it.name().clone()).collect::<Vec<_>>();
    let columns = columns.iter().map(String::as_str).zip(batch.columns().iter().cloned());
    let file = pool.file("team.parquet", parquet(columns.collect()));
    pool.load_files("team", &[file], Mode::Upsert).await.expect("a load");
    let csv = "team_id,members\na,1\nb,2\n";
    let report = pool.load("team", csv, Mode::Upsert).await.expect("a load");
    assert_eq!(counts(&report), [2, 0, 0, 2, 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn loads_of_different_tables_at_the_same_time_all_succeed() {
    let pool = Arc::new(Pool::new().await);
    let load = |table: &'static str, key: &'static str| {
        let pool = Arc::clone(&pool);
        let text = format!("{key},provenance\na,x\na,y\nb,z\n");
        tokio::spawn(async move { pool.load(table, &text, Mode::Upsert).await })
    };
    let tasks = [load("team", "team_id"), load("post", "post_id"), load("service", "service_id")];
    for task in tasks {
        let report = task.await.expect("no panic").expect("a load");
        assert_eq!(counts(&report), [3, 2, 0, 0, 1]);
    }
    assert_eq!(pool.rows("quarantine", &["table"]).await.len(), 3);
    let newest = pool.store.latest().await.expect("a snapshot");
    for table in ["team", "post", "service"] {
        assert_eq!(rows(&pool.store, &newest, table, &["provenance"]).await, ["x", "z"]);
    }
}

#[tokio::test]
async fn many_chunks_keep_lines_order_and_counts() {
    let pool = Pool::new().await;
    let mut text = "team_id,members,subject\n".to_owned();
    for row in (0..60_000).rev() {
        let members = if row % 10_000 == 7 { "many" } else { "1" };
        text += &format!("t{row:06},{members},\"some \"\"subject\"\"\nof two lines, {row}\"\n");
    }
    let report = pool.load("team", &text, Mode::Upsert).await.expect("a load");
    assert_eq!(counts(&report), [60_000, 59_994, 0, 0, 6]);
    let lines: Vec<_> = report.issues.iter().map(|it| it.line).collect();
    let expected: Vec<u64> = (0..6).rev().map(|it| 2 + 2 * (59_999 - (it * 10_000 + 7))).collect();
    assert_eq!(lines, expected);
    let ids = pool.rows("team", &["team_id"]).await;
    assert!(ids.is_sorted(), "sorted by key");
    assert_eq!(ids.len(), 59_994);
}
