//! Files good and bad, and what becomes of their rows.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, Float64Array, Int32Array, LargeStringArray, RecordBatch, TimestampMillisecondArray,
    TimestampSecondArray,
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
            "2 consent type \"maybe\" true or false; or in words 不同意/未同意/未授权 (false), 同意/已同意/已授权 (true)",
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
async fn what_would_stop_or_bend_a_match_stops_its_row() {
    let need = "need_id,demand,duration_min,reach_m,window_start,window_end,rrule,status,class\n\
                a,100001,,,,,,,\n\
                b,,10081,,,,,,\n\
                c,,,50001,,,,,\n\
                d,,,,3024-03-05,,,,\n\
                e,,,,1024-03-05,1024-03-06,,,\n\
                f,,,,2024-03-05,,FREQ=DAILY;UNTIL=20240304,,\n\
                g,,,,2024-03-05,,FREQ=HOURLY,,\n\
                h,,,,,,,opne,\n\
                i,,,,,,,,consultatoin\n\
                j,100000,10080,50000,2024-03-05,,FREQ=DAILY;UNTIL=20240305,reopened,complaint\n";
    let pool = Pool::new().await;
    let report = pool.load("need", need, Mode::Upsert).await.expect("a load");
    let found: Vec<_> =
        report.issues.iter().map(|it| format!("{} {} {}", it.line, it.column, it.rule)).collect();
    assert_eq!(
        found,
        [
            "2 demand maximum",
            "3 duration_min maximum",
            "4 reach_m maximum",
            "5 window_start range",
            "6 window_start range",
            "6 window_end range",
            "7 rrule rrule",
            "8 rrule rrule",
            "9 status enum",
            "10 class enum",
        ]
    );
    assert!(report.issues.iter().all(|it| !it.expected_zh.is_empty() && !it.expected_zh.is_ascii()));
    assert!(report.issues[8].expected.contains("open, received"), "{:?}", report.issues[8]);
    assert_eq!(pool.rows("need", &["need_id"]).await, ["j"]);
    for (table, text) in [
        ("volunteer", "volunteer_id,status\na,actve\nb,paused\n"),
        ("merchant", "merchant_id,plate_status\na,vaild\nb,suspended\n"),
        ("need_event", "event_id,need_id,at,kind\na,n,2024-03-05,clsoed\nb,n,2024-03-05,closed\n"),
        (
            "availability",
            "provider_id,start,end,rrule\na,2024-03-05,2024-03-06,FREQ=MINUTELY\nb,2024-03-05,2024-03-06,\n",
        ),
    ] {
        let found = issues(table, text).await;
        assert!(found.len() == 1 && found[0].starts_with("2 "), "{table}: {found:?}");
    }
}

#[tokio::test]
async fn a_stray_quote_in_a_header_costs_no_rows() {
    let pool = Pool::new().await;
    let text = "team_id,size\",members\na,x,1\nb,\"y\",2\n";
    let report = pool.load("team", text, Mode::Upsert).await.expect("a load");
    assert_eq!(counts(&report), [2, 2, 0, 0, 0]);
    assert_eq!(report.ignored_columns[0].column, "size\"");
    assert_eq!(pool.rows("team", &["team_id", "members"]).await, ["a | 1", "b | 2"]);
    let error = refused("team", b"\"team_id,members\na,1\nb,2\n").await;
    assert!(matches!(error, Error::OpenQuote { line: 1, .. }), "{error}");
}

#[tokio::test]
async fn a_quote_without_end_costs_its_own_row_only() {
    let pool = Pool::new().await;
    let text = "team_id,members,subject\na,1,x\nb,2,\"y\nc,3,z\nd,4,\"v\nw\"\ne,5,u\n";
    let report = pool.load("team", text, Mode::Upsert).await.expect("a load");
    assert_eq!(counts(&report), [5, 4, 0, 0, 1]);
    assert_eq!(
        pool.rows("team", &["team_id", "members", "subject"]).await,
        ["a | 1 | x", "c | 3 | z", "d | 4 | v\nw", "e | 5 | u"]
    );
    let issue = &report.issues[0];
    assert_eq!((issue.line, issue.rule.as_str(), issue.found.as_str()), (3, "quote", "b,2,\"y"));
    assert_eq!(pool.rows("quarantine", &["row"]).await, [r##"{"#":"b,2,\"y"}"##]);

    // The same at the end of the file, where no other quote follows.
    let text = "team_id,members,subject\nf,1,x\ng,2,\"y\nh,3,z\n";
    let report = pool.load("team", text, Mode::Upsert).await.expect("a load");
    assert_eq!(counts(&report), [3, 2, 0, 0, 1]);
    assert_eq!((report.issues[0].line, report.issues[0].rule.as_str()), (3, "quote"));
    assert_eq!(pool.rows("team", &["team_id"]).await, ["a", "c", "d", "e", "f", "h"]);
}

#[tokio::test]
async fn two_files_of_one_name_are_two_files() {
    let pool = Pool::new().await;
    let folder = |name: &str, row: &str| {
        std::fs::create_dir_all(pool.store.root().join("..").join(name)).expect("a folder");
        pool.file(&format!("{name}/team.csv"), format!("team_id,members\n{row}\nx,bad\n"))
    };
    let files = [folder("east", "a,1"), folder("west", "b,2")];
    let report = pool.load_files("team", &files, Mode::Upsert).await.expect("a load");
    assert_eq!(counts(&report), [4, 2, 0, 0, 2]);
    let known = pool.rows("quarantine", &["file", "line"]).await;
    assert_eq!(known, ["team.csv | 3", "team.csv | 3"]);
    pool.load_files("team", &files, Mode::Upsert).await.expect("a load");
    assert_eq!(pool.rows("quarantine", &["file"]).await.len(), 2, "the same files, the same records");
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
    let Error::NothingKept { rows, issues, issues_total } = &error else { panic!("{error}") };
    assert_eq!((*rows, *issues_total), (2, 2));
    assert_eq!(shown(issues), ["2 members type \"x\" a whole number", "3 members type \"y\" a whole number"]);
    assert_eq!(error.kind(), Kind::Data);
    let details = error.details();
    assert_eq!((&details["issues"][1]["line"], &details["issues_total"]), (&3.into(), &2.into()));
    let many: String = (0..1_500).map(|it| format!("t{it},x\n")).collect();
    let error = refused("team", format!("team_id,members\n{many}").as_bytes()).await;
    let Error::NothingKept { issues, issues_total, .. } = &error else { panic!("{error}") };
    assert_eq!((issues.len(), *issues_total), (1_000, 1_500));
}

#[tokio::test]
async fn files_that_cannot_be_read_say_why() {
    let unknown = async |bytes: &[u8]| match refused("team", bytes).await {
        Error::UnknownKind { found, .. } => found.en,
        other => panic!("{other}"),
    };
    assert_eq!(unknown(b"%PDF-1.7").await, "PDF");
    assert_eq!(unknown(b"<html><table>").await, "an HTML page");
    assert_eq!(unknown(&[0, 1, 2, 3, 4, 5, 6, 7]).await, "binary data");
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
    assert!(matches!(error, Error::UnknownFile { .. }), "{error}");
    assert_eq!(error.kind(), Kind::NotFound);
    let folder = [pool.store.root().to_owned()];
    let error = pool.load_files("team", &folder, Mode::Upsert).await.expect_err("a folder");
    assert!(matches!(error, Error::Unreadable { .. }), "{error}");
}

#[tokio::test]
async fn a_header_alone_is_no_load() {
    let pool = Pool::new().await;
    pool.load("team", "team_id\na\n", Mode::Upsert).await.expect("a load");
    for mode in [Mode::Upsert, Mode::Replace, Mode::Append] {
        for text in ["team_id,members\n", "team_id,members", "team_id\n\n"] {
            let error = pool.load("team", text, mode).await.expect_err("no rows");
            assert!(matches!(error, Error::EmptyFile { .. }), "{text:?}: {error}");
        }
    }
    assert_eq!(pool.store.latest().await.expect("a snapshot").id, 1);
    assert_eq!(pool.rows("team", &["team_id"]).await, ["a"]);
    // Beside a file with rows one without is no reason to refuse.
    let files = [pool.file("none.csv", "team_id\n"), pool.file("one.csv", "team_id\nb\n")];
    let report = pool.load_files("team", &files, Mode::Upsert).await.expect("a load");
    assert_eq!(counts(&report), [1, 1, 0, 0, 0]);
}

#[tokio::test]
async fn cells_of_columns_that_a_file_does_not_have_stay() {
    let pool = Pool::new().await;
    let all = "volunteer_id,district_id,skills,max_per_day,consent,credential_valid_to,status\n\
               v1,d1,走访;法律,2,true,2030-01-31,active\n\
               v2,d1,走访,1,false,,active\n";
    pool.load("volunteer", all, Mode::Upsert).await.expect("a load");
    let text = "volunteer_id,status\nv1,paused\nv2,active\nv3,active\n";
    let report = pool.load("volunteer", text, Mode::Upsert).await.expect("a load");
    assert_eq!(counts(&report), [3, 1, 1, 1, 0]);
    let columns = ["volunteer_id", "skills", "max_per_day", "consent", "credential_valid_to", "status"];
    let expected = [
        "v1 | [走访, 法律] | 2 | true | 2030-01-31 | paused",
        "v2 | [走访] | 1 | false | - | active",
        "v3 | - | - | - | - | active",
    ];
    assert_eq!(pool.rows("volunteer", &columns).await, expected);
    let again = pool.load("volunteer", text, Mode::Upsert).await.expect("a load");
    assert_eq!((counts(&again), again.snapshot), ([3, 0, 0, 3, 0], report.snapshot));
    // The digest is that of the rows as they are, however they came to be.
    let newest = pool.store.latest().await.expect("a snapshot");
    let anew = pool.store.digest(&newest, "volunteer").await.expect("a digest");
    assert_eq!(newest.tables["volunteer"].digest, anew);

    // Files of one load may differ in their columns, and an empty cell empties a cell.
    let files = [
        pool.file("one.csv", "volunteer_id,max_per_day\nv1,5\n"),
        pool.file("two.csv", "status,volunteer_id,skills\nleft,v2,\n"),
    ];
    pool.load_files("volunteer", &files, Mode::Upsert).await.expect("a load");
    assert_eq!(
        pool.rows("volunteer", &columns).await,
        [
            "v1 | [走访, 法律] | 5 | true | 2030-01-31 | paused",
            "v2 | - | 1 | false | - | left",
            "v3 | - | - | - | - | active",
        ]
    );
    // The content is the file's, columns and all, where that was asked for.
    pool.load("volunteer", "volunteer_id,status\nv1,active\n", Mode::Replace).await.expect("a load");
    assert_eq!(pool.rows("volunteer", &columns).await, ["v1 | - | - | - | - | active"]);
}

#[tokio::test]
async fn what_stays_is_checked_together_with_what_comes() {
    let pool = Pool::new().await;
    let all = "need_id,window_start,window_end,rrule\n\
               n1,2024-03-05T09:00,2024-03-05T10:00,\n\
               n2,2024-03-05T09:00,2024-03-05T10:00,FREQ=DAILY;UNTIL=20240306\n";
    pool.load("need", all, Mode::Upsert).await.expect("a load");
    let text = "need_id,window_start\nn1,2024-03-05T11:00\nn2,2024-03-04T11:00\n";
    let report = pool.load("need", text, Mode::Upsert).await.expect("a load");
    let found = ["2 window_start order \"2024-03-05T11:00\" a time before window_end"];
    assert_eq!(shown(&report.issues), found);
    let late = "need_id,window_start,window_end\nn2,2024-04-05T11:00,2024-04-05T12:00\nn3,,\n";
    let report = pool.load("need", late, Mode::Upsert).await.expect("a load");
    assert_eq!(report.issues.len(), 1);
    assert_eq!((report.issues[0].line, report.issues[0].rule.as_str()), (2, "rrule"));
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
    let text = "need_id,紧急程度,天气,chanel\nn,2,x,phone\n";
    let report = pool.load("need", text, Mode::Upsert).await.expect("a load");
    let ignored: Vec<_> =
        report.ignored_columns.iter().map(|it| (it.column.as_str(), it.nearest.as_deref())).collect();
    assert_eq!(ignored, [("天气", None), ("chanel", Some("channel"))]);
    assert_eq!(pool.rows("need", &["need_id", "tier", "channel"]).await, ["n | 2 | -"]);
}

#[tokio::test]
async fn the_report_is_the_json_that_was_agreed() {
    let pool = Pool::new().await;
    let report = pool.load("team", "team_id,size\na,1\n", Mode::Upsert).await.expect("a load");
    let mut json = serde_json::to_value(&report).expect("json");
    let file = report.files[0].file.clone();
    let digest = json["files"][0]["digest"].take();
    assert!(digest.as_str().is_some_and(|it| it.len() == 64), "{digest}");
    let expected = serde_json::json!({
        "table": "team", "mode": "upsert", "snapshot": 1,
        "rows": 1, "kept": 1, "quarantined": 0, "unchanged": 0, "removed": 0, "inserted": 1, "updated": 0,
        "files": [{
            "file": file, "format": "csv", "encoding": "utf-8",
            "encoding_basis": {
                "en": "all bytes are ASCII, a part of UTF-8",
                "zh": "所有字节都是 ASCII，属于 UTF-8",
            },
            "sheet": null, "other_sheets": [], "header_row": 1,
            "header_basis": {
                "en": "1 of 2 cells are columns of the table",
                "zh": "2 个单元格中有 1 个是该表的列",
            },
            "rows": 1, "blank_lines": 0, "totals": 0, "total_lines": [], "digest": null, "seen_in": null, "mapping": null,
        }],
        "ignored_columns": [{"file": file, "column": "size", "nearest": null, "others": []}],
        "uncoded": [], "mapping_suggestion": {"table": "team", "columns": {"size": null}},
        "mended": 0, "dropped": 0, "duplicates_total": 0, "duplicates": [],
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
    let issues = shown(&report.issues);
    assert!(
        issues.len() == 1 && issues[0].starts_with("3 tier type \"1.5\" a whole number; or in words"),
        "{issues:?}"
    );
    assert_eq!((&report.files[0].encoding, report.files[0].header_row), (&None, None));
    assert_eq!(
        pool.rows("need", &["need_id", "tier", "card_no", "window_start"]).await,
        ["n1 | 3 | 7 | 2024-03-05T08:00:00Z", "n2 | - | 8 | -"]
    );
    let row = pool.rows("quarantine", &["row"]).await;
    assert_eq!(row, ["{\"工单号\":\"n3\",\"tier\":\"1.5\",\"card_no\":\"9\",\"window_start\":null}"]);
}

#[tokio::test]
async fn parquet_times_that_nobody_can_write_down_are_issues() {
    let pool = Pool::new().await;
    let seconds = TimestampSecondArray::from(vec![1_709_654_400, i64::MAX, 253_402_400_000, -3_000_000_000]);
    let file = pool.file(
        "need.parquet",
        parquet(vec![
            ("need_id", Arc::new(Float64Array::from(vec![666.0, 667.0, 668.0, 669.0]))),
            ("window_start", Arc::new(seconds)),
        ]),
    );
    let report = pool.load_files("need", &[file], Mode::Upsert).await.expect("a load");
    let found: Vec<_> = report.issues.iter().map(|it| (it.line, it.rule.as_str())).collect();
    assert_eq!(found, [(2, "type"), (3, "type"), (4, "range")]);
    assert_eq!(pool.rows("need", &["need_id", "window_start"]).await, ["666 | 2024-03-05T08:00:00Z"]);
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
