//! Workbooks and JSON: what becomes of their cells, and how those are refused that hold no table.

use std::path::{Path, PathBuf};

use linli_model::{Failure, Kind};
use linli_query::{Error, LoadOptions, LoadReport, Result, load};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use crate::support::Pool;

const TEAM: [&str; 3] = ["team_id", "members", "subject"];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures").join(name)
}

async fn loaded(pool: &Pool, table: &str, file: PathBuf, sheet: Option<&str>) -> Result<LoadReport> {
    let options = LoadOptions { sheet: sheet.map(str::to_owned), at_us: 1, ..LoadOptions::default() };
    load(&pool.store, table, &[file], &options).await
}

/// A load that leaves the pool as it was.
async fn refused(file: &str, bytes: impl AsRef<[u8]>) -> Error {
    let pool = Pool::new().await;
    let file = pool.file(file, bytes);
    let error = loaded(&pool, "team", file, None).await.expect_err("refused");
    assert_eq!(pool.store.latest().await.expect("a snapshot").id, 0);
    assert!(!error.zh().is_ascii(), "{error}");
    error
}

fn workbook(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().expect("a workbook")
}

fn row(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, cell) in (0..).zip(cells) {
        if !cell.is_empty() {
            sheet.write_string(row, column, *cell).expect("a cell");
        }
    }
}

/// `line column rule found`.
fn issues(report: &LoadReport) -> Vec<String> {
    let shown = |it: &linli_model::RowIssue| format!("{} {} {} {}", it.line, it.column, it.rule, it.found);
    report.issues.iter().map(shown).collect()
}

/// A zip file of empty files with these names.
fn zip(names: &[&str]) -> Vec<u8> {
    let number = |it: usize| u16::try_from(it).expect("a short name").to_le_bytes();
    let (mut files, mut directory) = (Vec::new(), Vec::new());
    for name in names {
        let offset = u32::try_from(files.len()).expect("few files").to_le_bytes();
        files.extend(
            [b"PK\x03\x04".as_slice(), &[0; 22], &number(name.len()), &[0; 2], name.as_bytes()].concat(),
        );
        let parts =
            [b"PK\x01\x02".as_slice(), &[0; 24], &number(name.len()), &[0; 12], &offset, name.as_bytes()];
        directory.extend(parts.concat());
    }
    let length = |it: &[u8]| u32::try_from(it.len()).expect("few files").to_le_bytes();
    let end = [b"PK\x05\x06".as_slice(), &[0; 8], &length(&directory), &length(&files), &[0; 2]].concat();
    [files, directory, end].concat()
}

#[tokio::test]
async fn a_workbook_is_read_as_excel_shows_it() {
    let bytes = workbook(|book| {
        book.add_worksheet().set_name("说明").expect("a name").write(0, 0, "内部使用").expect("a cell");
        let sheet = book.add_worksheet().set_name("名册").expect("a name");
        sheet.merge_range(0, 0, 0, 4, "志愿者名册", &Format::new()).expect("a title");
        row(sheet, 2, &["volunteer_id", "district_id", "credential_valid_to", "max_per_day", "consent"]);
        sheet.merge_range(3, 1, 4, 1, "d1", &Format::new()).expect("two rows");
        let day = Format::new().set_num_format("yyyy-mm-dd");
        let until = ExcelDateTime::from_ymd(2030, 1, 31).expect("a day");
        sheet.write_number(3, 0, 666.0).expect("a cell");
        sheet.write_with_format(3, 2, &until, &day).expect("a cell");
        sheet.write_string(3, 3, "2").expect("a cell");
        sheet.write_boolean(3, 4, true).expect("a cell");
        row(sheet, 4, &["000667"]);
        // A blank row, then a row too wide, then one behind.
        row(sheet, 6, &["v3", "d2", "", "", "否", "note"]);
        row(sheet, 7, &["v4", "d2", "2012年9月24日", "1"]);
    });
    let pool = Pool::new().await;
    let report = loaded(&pool, "volunteer", pool.file("a.xlsx", bytes), None).await.expect("a load");
    let rows = pool
        .rows("volunteer", &["volunteer_id", "district_id", "credential_valid_to", "max_per_day", "consent"]);
    assert_eq!(
        rows.await,
        ["000667 | d1 | - | - | -", "666 | d1 | 2030-01-31 | 2 | true", "v4 | d2 | 2012-09-24 | 1 | -"]
    );
    assert_eq!(issues(&report), ["7  columns 6 cells · 6 个单元格"]);
    let file = &report.files[0];
    assert_eq!(
        (file.format.as_str(), file.sheet.as_deref(), file.header_row),
        ("xlsx", Some("名册"), Some(3))
    );
    assert_eq!((file.other_sheets.as_slice(), file.blank_lines), (["说明".to_owned()].as_slice(), 1));
    let basis = file.header_basis.as_ref().expect("a reason");
    assert!(basis.en.contains("1 cells merged over several rows"), "{}", basis.en);
}

#[tokio::test]
async fn a_workbook_of_before_2007_is_read_the_same() {
    let pool = Pool::new().await;
    let report = loaded(&pool, "volunteer", fixture("before_2007.xls"), None).await.expect("a load");
    let rows = pool.rows("volunteer", &["volunteer_id", "district_id", "credential_valid_to", "max_per_day"]);
    assert_eq!(rows.await, ["666 | d1 | 2030-01-31 | 2", "667 | d1 | 2012-09-24 | 1"]);
    let file = &report.files[0];
    assert_eq!((file.format.as_str(), file.header_row), ("xls", Some(3)));
    assert_eq!((file.total_lines.as_slice(), file.rows), ([6].as_slice(), 2));
    let bytes = std::fs::read(fixture("before_2007.xls")).expect("bytes");
    for length in [600, 2_000, bytes.len() - 1_024] {
        let error = refused("cut.xls", &bytes[..length]).await;
        assert!(matches!(error, Error::UnknownKind { .. }), "{length}: {error}");
    }
}

#[tokio::test]
async fn a_sheet_can_be_named_or_numbered() {
    let book = || {
        workbook(|book| {
            for (name, team) in [("一", "a"), ("二", "b")] {
                let sheet = book.add_worksheet().set_name(name).expect("a name");
                row(sheet, 0, &["team_id"]);
                row(sheet, 1, &[team]);
            }
        })
    };
    for (sheet, expected) in [(None, "a"), (Some("二"), "b"), (Some("2"), "b"), (Some(" 一"), "a")] {
        let pool = Pool::new().await;
        loaded(&pool, "team", pool.file("a.xlsx", book()), sheet).await.expect("a load");
        assert_eq!(pool.rows("team", &["team_id"]).await, [expected]);
    }
    let pool = Pool::new().await;
    let error = loaded(&pool, "team", pool.file("a.xlsx", book()), Some("3")).await.expect_err("no sheet");
    assert!(matches!(&error, Error::UnknownSheet { found, .. } if found == &["一", "二"]), "{error}");
}

#[tokio::test]
async fn a_visible_sheet_goes_before_a_hidden_one() {
    let bytes = workbook(|book| {
        for (name, team) in [("old", "a"), ("new", "b")] {
            let sheet = book.add_worksheet().set_name(name).expect("a name");
            sheet.set_hidden(name == "old").set_active(name == "new");
            row(sheet, 0, &["team_id"]);
            row(sheet, 1, &[team]);
        }
    });
    let pool = Pool::new().await;
    let file = pool.file("a.xlsx", bytes);
    loaded(&pool, "team", file.clone(), None).await.expect("a load");
    assert_eq!(pool.rows("team", &["team_id"]).await, ["b"]);
    let report = loaded(&pool, "team", file, Some("old")).await.expect("a load");
    assert!(report.files[0].header_basis.as_ref().is_some_and(|it| it.zh.contains("隐藏")));
}

#[tokio::test]
async fn formulas_are_never_computed() {
    let pool = Pool::new().await;
    let report = loaded(&pool, "team", fixture("formulas.xlsx"), None).await.expect("a load");
    assert_eq!(issues(&report), ["2 subject formula =cmd|' /C calc'!A0", "2 members formula =1+1"]);
    assert_eq!(pool.rows("team", &TEAM).await, ["b | 3 | x"]);
    let bytes = workbook(|book| {
        let sheet = book.add_worksheet();
        row(sheet, 0, &TEAM);
        row(sheet, 1, &["a", "", "#N/A"]);
        row(sheet, 2, &["b"]);
        let known = rust_xlsxwriter::Formula::new("=1+1").set_result("2");
        sheet.write_formula(1, 1, known).expect("a formula");
        let error = rust_xlsxwriter::Formula::new("=NA()").set_result("#N/A");
        sheet.write_formula(2, 2, error).expect("a formula");
    });
    let report = loaded(&pool, "team", pool.file("a.xlsx", bytes), None).await.expect("a load");
    assert_eq!(issues(&report), ["3 subject cell_error #N/A"]);
    // A text that looks like an error is a text.
    assert_eq!(pool.rows("team", &TEAM).await, ["b | 3 | x", "a | 2 | #N/A"]);
}

#[tokio::test]
async fn what_is_no_workbook_is_called_by_its_name() {
    let found = async |bytes: &[u8]| match refused("a.xlsx", bytes).await {
        Error::UnknownKind { found, .. } => found.en,
        other => panic!("{other}"),
    };
    let locked = std::fs::read(fixture("locked.xlsx")).expect("bytes");
    assert_eq!(found(&locked).await, "a workbook with a password");
    assert_eq!(found(&zip(&["a.csv", "b.csv"])).await, "a zip file with a.csv, b.csv");
    assert_eq!(found(&zip(&["[Content_Types].xml", "word/document.xml"])).await, "a document of Word (docx)");
    assert_eq!(found(&zip(&["mimetype", "content.xml"])).await, "an OpenDocument file (ods or odt)");
    assert_eq!(found(&zip(&["[Content_Types].xml", "xl/workbook.bin"])).await, "a binary workbook (xlsb)");
    assert_eq!(found(b"<html><table><tr><td>team_id").await, "an HTML page");
    let whole = workbook(|book| row(book.add_worksheet(), 0, &["team_id"]));
    let broken = "a zip file or workbook that breaks off or is damaged";
    assert_eq!(found(&whole[..whole.len() / 2]).await, broken);
    let mut damaged = whole.clone();
    let middle = damaged.len() / 3;
    damaged[middle..middle * 2].fill(0x55);
    let said = found(&damaged).await;
    assert!(said.starts_with("a damaged workbook"), "{said}");
    assert!(matches!(refused("a.xlsx", whole).await, Error::EmptyFile { .. }), "a header alone");
    let nothing = workbook(|book| {
        book.add_worksheet();
    });
    assert!(matches!(refused("a.xlsx", nothing).await, Error::EmptyFile { .. }), "an empty sheet");
    let unknown: Vec<String> = (0..200).map(|it| format!("列{it}")).collect();
    let names: Vec<&str> = unknown.iter().map(String::as_str).collect();
    let strange = workbook(|book| row(book.add_worksheet(), 0, &names));
    assert!(
        matches!(refused("a.xlsx", strange).await, Error::MissingColumn { found, .. } if found.len() == 200)
    );
}

#[tokio::test]
async fn json_comes_in_three_shapes() {
    let array = r#"[{"team_id": "a", "members": 2}, {"subject": "x", "team_id": "b"}]"#;
    let object = format!("\u{feff} {{\"total\": [2], \"data\": {array}, \"next\": null}}\n");
    let lines = "{\"team_id\": \"a\", \"members\": 2}\n\n  {\"subject\": \"x\", \"team_id\": \"b\"}";
    for (text, format) in [(array, "json"), (object.as_str(), "json"), (lines, "ndjson")] {
        let pool = Pool::new().await;
        let report = loaded(&pool, "team", pool.file("a.json", text), None).await.expect("a load");
        assert_eq!(pool.rows("team", &TEAM).await, ["a | 2 | -", "b | - | x"], "{text}");
        assert_eq!(report.files[0].format, format);
    }
}

#[tokio::test]
async fn values_of_json_keep_what_they_say() {
    let pool = Pool::new().await;
    let text = r#"[
        {"volunteer_id": 12345678901234567890, "skills": ["走访", null, "法律"], "consent": true, "max_per_day": 2},
        {"volunteer_id": "000666", "skills": ["a;b"], "weather": "kept aside"},
        {"volunteer_id": "v3", "skills": {"a": 1}},
        {"volunteer_id": ["v4", "v5"]},
        {"volunteer_id": "v6", "volunteer_id": "v7"},
        [1],
        {"volunteer_id": "\u5f20", "skills": [], "consent": null}
    ]"#;
    let report = loaded(&pool, "volunteer", pool.file("a.json", text), None).await.expect("a load");
    let rows = pool.rows("volunteer", &["volunteer_id", "skills", "consent", "max_per_day"]).await;
    assert_eq!(rows, ["12345678901234567890 | [走访, 法律] | true | 2", "张 | - | - | -"]);
    assert_eq!(
        issues(&report),
        [
            "3 skills type a;b",
            "4 skills type {\"a\": 1}",
            "5 volunteer_id type v4;v5",
            "6  columns volunteer_id",
            "7  type [1]",
        ]
    );
    let ignored: Vec<_> = report.ignored_columns.iter().map(|it| it.column.as_str()).collect();
    assert_eq!(ignored, ["weather"]);
}

#[tokio::test]
async fn a_name_that_comes_late_is_told() {
    let pool = Pool::new().await;
    let mut lines: String = (0..1_500).map(|it| format!("{{\"team_id\":\"t{it}\"}}\n")).collect();
    lines += "{\"team_id\":\"late\",\"members\":1}\n";
    let report = loaded(&pool, "team", pool.file("a.ndjson", lines), None).await.expect("a load");
    assert_eq!((report.kept, issues(&report)), (1_500, vec!["1501  columns members".to_owned()]));
}

#[tokio::test]
async fn broken_json_is_refused_with_its_place() {
    let place = async |text: &str| match refused("a.json", text).await {
        Error::BadJson { line, column, .. } => (line, column),
        other => panic!("{text}: {other}"),
    };
    assert_eq!(place("[{\"team_id\": \"a\"}\n {\"team_id\": \"b\"}]").await, (2, 2));
    assert_eq!(place("[{\"team_id\": \"a\"},\n {\"team_id\": }]").await.0, 2);
    assert_eq!(place("[{\"team_id\": \"a\"}").await, (1, 18));
    assert_eq!(place("{\"team_id\": \"张").await, (1, 15));
    assert_eq!(place("{\"team_id\":\n \"a\",\n \"name\" \"b\"\n}\n{\"team_id\": \"c\"}").await.0, 3);
    assert_eq!(place("[{\"team_id\": \"a\"}] x").await, (1, 20));
    assert_eq!(place("[{\"team_id\": 01}]").await.0, 1);
    let error = refused("a.json", "{\"data\":[{\"team_id\":\"a\"}],\"rows\":[{}]}").await;
    assert!(error.to_string().contains("two arrays"), "{error}");
    assert_eq!((error.kind(), error.code()), (Kind::Data, "bad-json"));
    for nothing in ["[]", "{\"data\": []}"] {
        assert!(matches!(refused("a.json", nothing).await, Error::EmptyFile { .. }), "{nothing}");
    }
    let utf16: Vec<u8> = "\u{feff}[{\"team_id\":\"a\"}]".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(refused("a.json", utf16).await.kind(), Kind::Data, "JSON is UTF-8");
    let error = refused("a.json", b"[{\"team_id\":\"\xb1\xe0\"}]").await;
    assert!(matches!(error, Error::BadJson { line: 1, .. }), "{error}");
}

#[tokio::test]
async fn an_address_without_server_says_so_without_the_password() {
    let pool = Pool::new().await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = nobody.local_addr().expect("a port").port();
    drop(nobody);
    let address = PathBuf::from(format!("postgresql://clerk:s3cret@127.0.0.1:{port}/city"));
    let error = loaded(&pool, "team", address, None).await.expect_err("no server");
    assert_eq!((error.code(), error.kind()), ("database-unreachable", Kind::NotFound));
    let said = format!("{error} {} {:?} {}", error.zh(), error.hint(), error.details());
    assert!(said.contains(&format!("clerk@127.0.0.1:{port}/city")) && !said.contains("s3cret"), "{said}");
}

#[tokio::test]
async fn a_line_that_is_no_json_costs_itself_alone() {
    let pool = Pool::new().await;
    let text = "{\"team_id\": \"a\"}\n{\"team_id\": \"b\"\n{\"team_id\": \"c\"}\n{\"team_id\" \"d\"}\n\n{\"team_id\": \"e";
    let report = loaded(&pool, "team", pool.file("a.ndjson", text), None).await.expect("a load");
    assert_eq!((report.rows, report.kept, report.quarantined), (5, 2, 3));
    let found = ["2  json {\"team_id\": \"b\"", "4  json {\"team_id\" \"d\"}", "6  json {\"team_id\": \"e"];
    assert_eq!(issues(&report), found);
    assert!(report.issues[1].expected.contains("(expected `:`)"), "{}", report.issues[1].expected);
    assert_eq!(pool.rows("team", &["team_id"]).await, ["a", "c"]);
    // What is inside of a document that breaks off is no row.
    let cut = "{\"deleted\": [\n{\"team_id\": \"x1\"},\n{\"team_id\": \"x2\"}\n]\n";
    assert!(matches!(refused("a.json", cut).await, Error::BadJson { .. }));
    let commas = "{\"team_id\": \"a\"},\n{\"team_id\": \"b\"}\n";
    assert!(matches!(refused("a.json", commas).await, Error::BadJson { line: 1, .. }));
}

#[tokio::test]
async fn an_id_that_excel_has_rounded_is_not_taken_for_one() {
    let bytes = workbook(|book| {
        let sheet = book.add_worksheet();
        row(sheet, 0, &["志愿者编号", "身份证号", "所属区县"]);
        row(sheet, 1, &["v1", "11010519491231002X", "d1"]);
        row(sheet, 2, &["v2", "", "d1"]);
        sheet.write_number(2, 1, 110_105_194_912_310_021_f64).expect("a cell");
    });
    let pool = Pool::new().await;
    let report = loaded(&pool, "volunteer", pool.file("a.xlsx", bytes), None).await.expect("a load");
    assert_eq!(issues(&report), ["3 id_no rounded 110105194912310020"]);
    assert!(report.issues[0].expected.contains("15 digits"), "{}", report.issues[0].expected);
}

#[tokio::test]
async fn an_option_that_speaks_of_no_file_is_refused() {
    let pool = Pool::new().await;
    let csv = pool.file("a.csv", "team_id\na\n");
    let json = pool.file("a.json", "[{\"team_id\": \"b\"}]");
    let none = LoadOptions { at_us: 1, ..LoadOptions::default() };
    for (files, options, option) in [
        ([&csv].as_slice(), LoadOptions { sheet: Some("1".to_owned()), ..none.clone() }, "--sheet"),
        (&[&csv], LoadOptions { query: Some("SELECT 1".to_owned()), ..none.clone() }, "--query"),
        (&[&json], LoadOptions { encoding: Some("gb18030".to_owned()), ..none.clone() }, "--encoding"),
        (&[&json], LoadOptions { header_row: Some(1), ..none.clone() }, "--header-row"),
    ] {
        let files: Vec<PathBuf> = files.iter().map(|it| it.to_path_buf()).collect();
        let error = load(&pool.store, "team", &files, &options).await.expect_err("idle");
        assert_eq!((error.code(), error.kind()), ("idle-option", Kind::Request));
        assert_eq!(error.details()["option"], option);
    }
    // Where one of the files has what it speaks of, it does.
    let both = LoadOptions { encoding: Some("utf-8".to_owned()), ..none };
    assert_eq!(load(&pool.store, "team", &[csv, json], &both).await.expect("a load").kept, 2);
}
