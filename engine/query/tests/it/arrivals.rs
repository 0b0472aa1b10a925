//! Files as they arrive: in the encodings, with the titles, totals and flaws that offices and
//! their programs leave in them.

use linli_model::{Failure, Kind};
use linli_query::{Error, FileReport, LoadOptions, LoadReport, Mode, Result, load};

use crate::support::Pool;

/// Rows with characters of one to four bytes in either encoding.
const MERCHANTS: &str = "商户编号,商户名称,行业类别\r\n\
                         m1,𠮷野家,餐饮\r\n\
                         m2,\"㐂来\n面馆，总店\",餐饮\r\n\
                         m3,镕记§№１２３,五金\r\n";

const ROWS: [&str; 3] = ["m1 | 𠮷野家 | 餐饮", "m2 | 㐂来\n面馆，总店 | 餐饮", "m3 | 镕记§№１２３ | 五金"];

/// The same text as GB18030; the characters of four bytes as the standard has them.
fn gb18030(text: &str) -> Vec<u8> {
    let bytes = encode(text);
    let holds = |it: &[u8]| bytes.windows(4).any(|four| four == it);
    assert!(!text.contains('𠮷') || holds(b"\x95\x34\xB2\x35"));
    assert!(!text.contains('㐂') || holds(b"\x81\x39\xEF\x31"));
    bytes
}

fn encode(text: &str) -> Vec<u8> {
    let (bytes, _, is_lossy) = encoding_rs::GB18030.encode(text);
    assert!(!is_lossy);
    bytes.into_owned()
}

fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

async fn loaded(pool: &Pool, table: &str, bytes: &[u8], encoding: Option<&str>) -> Result<LoadReport> {
    let file = pool.file("input.csv", bytes);
    let options = LoadOptions { encoding: encoding.map(str::to_owned), at_us: 1, ..LoadOptions::default() };
    load(&pool.store, table, &[file], &options).await
}

async fn report(table: &str, bytes: impl AsRef<[u8]>) -> (LoadReport, FileReport) {
    let pool = Pool::new().await;
    let report = loaded(&pool, table, bytes.as_ref(), None).await.expect("a load");
    assert_eq!(report.rows, report.kept + report.quarantined + report.unchanged);
    let file = report.files[0].clone();
    (report, file)
}

async fn refused(table: &str, bytes: &[u8], encoding: Option<&str>) -> Error {
    let pool = Pool::new().await;
    let error = loaded(&pool, table, bytes, encoding).await.expect_err("refused");
    assert!(error.hint().is_some() && !error.zh().is_ascii(), "{error}");
    error
}

fn issues(report: &LoadReport) -> Vec<String> {
    report.issues.iter().map(|it| format!("{} {} {} {:?}", it.line, it.column, it.rule, it.found)).collect()
}

#[tokio::test]
async fn the_same_rows_in_every_encoding_are_the_same_table() {
    let mut marked = "\u{feff}".to_owned();
    marked += MERCHANTS;
    let mut digests = Vec::new();
    for (bytes, encoding, basis) in [
        (MERCHANTS.as_bytes().to_vec(), "utf-8", "valid UTF-8"),
        (marked.as_bytes().to_vec(), "utf-8", "byte order mark"),
        (gb18030(MERCHANTS), "gb18030", "valid GB18030"),
        (gb18030(&marked), "gb18030", "byte order mark"),
        (utf16(&marked, u16::to_le_bytes), "utf-16le", "byte order mark"),
        (utf16(&marked, u16::to_be_bytes), "utf-16be", "byte order mark"),
        (utf16(MERCHANTS, u16::to_le_bytes), "utf-16le", "no byte order mark"),
        (utf16(MERCHANTS, u16::to_be_bytes), "utf-16be", "no byte order mark"),
    ] {
        let pool = Pool::new().await;
        let report = loaded(&pool, "merchant", &bytes, None).await.expect("a load");
        let file = &report.files[0];
        assert_eq!((file.format.as_str(), file.encoding.as_deref()), ("csv", Some(encoding)));
        let told = file.encoding_basis.as_ref().expect("a basis");
        assert!(told.en.contains(basis) && !told.zh.is_ascii(), "{encoding}: {told:?}");
        assert_eq!(pool.rows("merchant", &["merchant_id", "name", "category_id"]).await, ROWS, "{told:?}");
        let newest = pool.store.latest().await.expect("a snapshot");
        digests.push(newest.tables["merchant"].digest.clone());
    }
    digests.dedup();
    assert_eq!(digests.len(), 1);
}

#[tokio::test]
async fn an_encoding_can_be_named() {
    let pool = Pool::new().await;
    let (bytes, ..) = encoding_rs::BIG5.encode("merchant_id,name\nm1,臺灣小吃\n");
    let report = loaded(&pool, "merchant", &bytes, Some("Big5")).await.expect("a load");
    let file = &report.files[0];
    let basis = file.encoding_basis.as_ref().map(|it| it.en.as_str());
    assert_eq!((file.encoding.as_deref(), basis), (Some("big5"), Some("it was asked for")));
    assert_eq!(pool.rows("merchant", &["name"]).await, ["臺灣小吃"]);

    let error = refused("merchant", MERCHANTS.as_bytes(), Some("gb13080")).await;
    assert_eq!((error.kind(), error.code()), (Kind::Request, "unknown-encoding"));
    assert_eq!(error.details()["nearest"], "gb18030");
    // Bytes that are not in it: of the header the file, of a row the row.
    let error = refused("merchant", &gb18030(MERCHANTS), Some("utf-8")).await;
    assert!(matches!(error, Error::Undecodable { line: 1, .. }), "{error}");
    let report = loaded(&pool, "merchant", b"merchant_id,name\nm1,a\nm2,\xFFb\n", Some("gbk")).await;
    assert_eq!(issues(&report.expect("a load")), [r#"3  encoding "\\xFFb""#]);
}

#[tokio::test]
async fn a_file_of_two_encodings_loses_no_character() {
    // Most lines are UTF-8: the others are told apart.
    let mut bytes = b"merchant_id,name\nm1,\xE5\x90\x88\xE5\xAE\xB6\xE6\xAC\xA2\n".to_vec();
    bytes.extend_from_slice("m2,合家欢超市\n".as_bytes());
    bytes.extend_from_slice(&gb18030("m3,大药房\nm4,a\n"));
    let pool = Pool::new().await;
    let report = loaded(&pool, "merchant", &bytes, None).await.expect("a load");
    assert_eq!(issues(&report), [r#"4  encoding "\\xB4\\xF3ҩ\\xB7\\xBF""#]);
    let issue = &report.issues[0];
    assert!(issue.expected.contains("utf-8") && issue.expected.contains("--encoding"), "{issue:?}");
    assert!(report.files[0].encoding_basis.as_ref().is_some_and(|it| it.en.contains("line 4")));
    assert_eq!(pool.rows("merchant", &["merchant_id"]).await, ["m1", "m2", "m4"]);
    // As many are not: nobody can tell which it is.
    let mut bytes = "商户编号,商户名称\n".as_bytes().to_vec();
    bytes.extend_from_slice(&gb18030("m1,大药房\n"));
    let error = refused("merchant", &bytes, None).await;
    assert_eq!(error.code(), "undecodable-text");
    assert!(error.to_string().contains(":2: ") && error.to_string().contains("mixed encodings"), "{error}");
    let error = refused("merchant", b"merchant_id,name\nm1,caf\xE9,\n", None).await;
    assert!(matches!(&error, Error::Undecodable { line: 2, .. }), "{error}");
}

#[tokio::test]
async fn what_stands_beyond_the_first_mebibyte_is_read_as_strictly() {
    let rows = |from: usize| -> String {
        (from..from + 60_000).map(|it| format!("m{it:06},𠮷野家{it},餐饮\n")).collect()
    };
    let text = format!("商户编号,商户名称,行业类别\n{}", rows(0));
    let mut bytes = gb18030(&text);
    assert!(bytes.len() > 1 << 20);
    bytes.extend_from_slice(b"x1,\xFF,x\nx2,last,x\n");
    let pool = Pool::new().await;
    let first = loaded(&pool, "merchant", &bytes, None).await.expect("a load");
    assert_eq!(issues(&first), [r#"60002  encoding "\\xFF""#]);
    let names = pool.rows("merchant", &["name"]).await;
    assert!(names.len() == 60_001 && names[59_999] == "𠮷野家59999", "{:?}", names.last());
    // The first bytes were UTF-8, so that later ones that are not are told by their line.
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(&gb18030("x1,大药房,x\n"));
    let (report, file) = report("merchant", &bytes).await;
    assert_eq!((report.quarantined, report.issues[0].line), (1, 60_002));
    assert_eq!(file.encoding.as_deref(), Some("utf-8"));
}

#[tokio::test]
async fn the_header_is_found_below_titles_and_above_totals() {
    let text = "政和社区商户登记表,,,\n填表日期：2012年10月15日,,制表：社区,\n,,,\n\
                商户编号,商户名称,\"每日接\n单上限\",备注\n\
                m1,合计美食店,2,\n\n\
                m2,小店,3,x\n\
                ,小计,5,\n\
                ,,,\n\
                m3,总数,4,\n\
                合  计,,9,\n";
    let pool = Pool::new().await;
    let report = loaded(&pool, "merchant", text.as_bytes(), None).await.expect("a load");
    let file = &report.files[0];
    assert_eq!((file.header_row, file.rows, file.blank_lines), (Some(4), 3, 2));
    assert_eq!(file.total_lines, [9, 12]);
    let basis = file.header_basis.as_ref().expect("a basis");
    assert_eq!(basis.en, "3 of 4 cells are columns of the table; what stands above (3) is no data");
    assert!(issues(&report).is_empty(), "{:?}", report.issues);
    let found = pool.rows("merchant", &["merchant_id", "name", "capacity_per_day"]).await;
    assert_eq!(found, ["m1 | 合计美食店 | 2", "m2 | 小店 | 3", "m3 | 总数 | 4"]);
}

#[tokio::test]
async fn separators_are_told_below_titles_too() {
    for (separator, title) in [(',', "名单"), (';', "名单, 第一页"), ('\t', "a;b;c"), ('|', "名单")]
    {
        let text = format!("{title}\n商户编号,商户名称\nm1,x\n").replace(',', &separator.to_string());
        let (report, file) = report("merchant", &text).await;
        assert_eq!((report.kept, file.header_row), (1, Some(2)), "{text}");
    }
    let error = refused("merchant", "商户编号，商户名称\nm1，x\n".as_bytes(), None).await;
    assert!(error.hint().is_some_and(|it| it.en.contains("full-width")), "{error}");
}

#[tokio::test]
async fn a_header_of_two_rows_is_one() {
    let text = "编号,位置,,标识牌\n,经度,纬度,\nm1,117.9,37.3,valid\n";
    let pool = Pool::new().await;
    let report = loaded(&pool, "merchant", text.as_bytes(), None).await.expect("a load");
    assert_eq!(report.files[0].header_row, Some(2));
    assert!(report.ignored_columns.is_empty());
    assert_eq!(
        pool.rows("merchant", &["merchant_id", "lon", "lat", "plate_status"]).await,
        ["m1 | 117.9 | 37.3 | valid"]
    );
}

#[tokio::test]
async fn headers_twice_or_without_name_cost_no_rows() {
    let text = "merchant_id,name,name,,\u{1}status,,\nm1,a,b,c,d,,\nm2,a\nm3,a,b,c,d,,,,\nm4,a,b,c,d,e\n";
    let (report, _) = report("merchant", text).await;
    let ignored: Vec<_> =
        report.ignored_columns.iter().map(|it| (it.column.as_str(), it.instead.as_deref())).collect();
    assert_eq!(ignored, [("name", Some("name")), ("#4", None), ("status", None), ("#6", None)]);
    assert_eq!(issues(&report), [r#"3  columns "2 cells · 2 个单元格""#]);
    assert_eq!(report.kept, 3);
}

#[tokio::test]
async fn two_hundred_unknown_columns_are_named_and_cost_nothing() {
    let names: Vec<String> = (0..200).map(|it| format!("未知{it}")).collect();
    let text = format!("merchant_id,{}\nm1{}\n", names.join(","), ",x".repeat(200));
    let (report, _) = report("merchant", text).await;
    assert_eq!((report.kept, report.ignored_columns.len()), (1, 200));
}

#[tokio::test]
async fn cells_that_nobody_can_show_cost_their_row() {
    let long = "长".repeat(400_000);
    let fits = "x".repeat(1_000_000);
    let text = format!("merchant_id,name\nm1,a\0b\nm2,a\tb\nm3,\u{7}\nm4,{long}\nm5,{fits}\n");
    let pool = Pool::new().await;
    let report = loaded(&pool, "merchant", text.as_bytes(), None).await.expect("a load");
    let found: Vec<_> = report.issues.iter().map(|it| (it.line, it.rule.as_str())).collect();
    assert_eq!(found, [(2, "control"), (4, "control"), (5, "length")]);
    assert!(report.issues[0].expected.ends_with("found U+0000"), "{:?}", report.issues[0]);
    assert!(report.issues[2].expected_zh.contains("1200000"), "{}", report.issues[2].expected_zh);
    assert_eq!(pool.rows("merchant", &["merchant_id"]).await, ["m2", "m5"]);
}

#[tokio::test]
async fn no_encoding_changes_what_a_load_does_not_keep() {
    let error = refused("merchant", &gb18030("商户编号,商户名称\n合计,\n,,\n"), None).await;
    assert!(matches!(error, Error::EmptyFile { .. }), "{error}");
    let pool = Pool::new().await;
    pool.load("merchant", "merchant_id,name\nm1,a\n", Mode::Upsert).await.expect("a load");
    let again = loaded(&pool, "merchant", &gb18030("商户编号,商户名称\nm1,a\n"), None).await.expect("a load");
    assert_eq!((again.unchanged, again.snapshot), (1, 1));
}

#[tokio::test]
async fn the_line_of_the_header_can_be_named() {
    // The first line looks like a header and is a legend.
    let text = "编号,类型,技能\nvolunteer_id,kind,备注\nv1,social,x\n";
    let pool = Pool::new().await;
    let file = pool.file("volunteers.csv", text);
    let at = |line| LoadOptions { header_row: Some(line), at_us: 1, ..LoadOptions::default() };
    let report = load(&pool.store, "volunteer", &[file.clone()], &at(2)).await.expect("a load");
    let basis = report.files[0].header_basis.as_ref().expect("a basis");
    assert_eq!((report.rows, report.files[0].header_row), (1, Some(2)));
    assert_eq!(basis.en, "named with --header-row");
    assert_eq!(pool.rows("volunteer", &["volunteer_id", "kind", "skills"]).await, ["v1 | social | -"]);
    let error = load(&pool.store, "volunteer", &[file], &at(9)).await.expect_err("no such line");
    assert_eq!((error.code(), error.kind()), ("no-header", Kind::Request));
}

#[tokio::test]
async fn a_header_that_was_settled_is_found_below_titles() {
    let text = "某区志愿服务台账,,\n甲号,乙类,丙注\nv1,social,x\n合计,1,\n";
    let pool = Pool::new().await;
    let file = pool.file("volunteers.csv", text);
    let map = pool.file(
        "map.json",
        r#"{"table":"volunteer","columns":{"甲号":"volunteer_id","乙类":"kind","丙注":null}}"#,
    );
    let options = LoadOptions { map: Some(map), at_us: 1, ..LoadOptions::default() };
    let report = load(&pool.store, "volunteer", &[file], &options).await.expect("a load");
    let file = &report.files[0];
    assert_eq!((report.kept, file.header_row, file.total_lines.as_slice()), (1, Some(2), [4].as_slice()));
}

#[tokio::test]
async fn what_forms_leave_around_a_list_is_no_row_and_no_value() {
    let text = "编 号*,技能特长（选填）,每日最多任务,证件有效期\n\
                v1,维修/走访 法律,无,长期\n\
                v2,无,/,2030-01-31\n\
                v3,C/C++、维修、维修,2次,永久有效\n\
                编 号*,技能特长,每日最多任务,证件有效期\n\
                总人数,3,,\n\
                制表人：某某,,,\n";
    let pool = Pool::new().await;
    let report = loaded(&pool, "volunteer", text.as_bytes(), None).await.expect("a load");
    assert_eq!(
        pool.rows("volunteer", &["volunteer_id", "skills", "max_per_day", "credential_valid_to"]).await,
        ["v1 | [维修, 走访, 法律] | - | -", "v2 | - | - | 2030-01-31", "v3 | [C/C++, 维修] | 2 | -"]
    );
    assert_eq!(issues(&report)[0], "5 volunteer_id header \"编 号*\"");
    assert_eq!(
        (report.kept, report.quarantined, report.files[0].total_lines.as_slice()),
        (3, 1, [6, 7].as_slice())
    );
}

#[tokio::test]
async fn text_in_the_encoding_of_taiwan_is_not_taken_for_gb18030() {
    let (bytes, _, is_lossy) =
        encoding_rs::BIG5.encode("volunteer_id,kind\nv1,張三豐\nv2,陳小明\nv3,黃大文\n");
    assert!(!is_lossy);
    let error = refused("volunteer", &bytes, None).await;
    assert_eq!(error.code(), "undecodable-text");
    let pool = Pool::new().await;
    let report = loaded(&pool, "volunteer", &bytes, Some("big5")).await.expect("a load");
    assert_eq!((report.kept, report.files[0].encoding.as_deref()), (3, Some("big5")));
    assert_eq!(pool.rows("volunteer", &["kind"]).await[0], "張三豐");
}

#[tokio::test]
async fn rows_that_a_replacement_takes_away_are_counted() {
    let pool = Pool::new().await;
    pool.load("team", "team_id\na\nb\nc\n", Mode::Upsert).await.expect("a load");
    let report = pool.load("team", "team_id\nc\nd\n", Mode::Replace).await.expect("a load");
    assert_eq!((report.kept, report.unchanged, report.removed), (1, 1, 2));
}

#[tokio::test]
async fn words_without_a_code_are_told_and_kept() {
    let text = "需求编号,渠道,紧急程度\nn1,传真,一般\nn2,热线,一般\nn3,传真,一般\nn4,熟人,一般\n";
    let (report, _) = report("need", text).await;
    let told: Vec<_> =
        report.uncoded.iter().map(|it| (it.column.as_str(), it.word.as_str(), it.cells)).collect();
    assert_eq!(told, [("channel", "传真", 2), ("channel", "熟人", 1)]);
}

#[tokio::test]
async fn nobody_was_born_tomorrow_or_in_the_century_before_the_last() {
    let pool = Pool::new().await;
    let text = "志愿者编号,所属区县,出生日期\nv1,d1,1988-03-02\nv2,d1,2099-01-01\nv3,d1,1868-10-23\nv4,d1,2012-09-24\n";
    let file = pool.file("volunteer.csv", text);
    // 2012-09-24, a minute after midnight in Beijing.
    let options = LoadOptions { at_us: 1_348_416_060_000_000, ..LoadOptions::default() };
    let report = load(&pool.store, "volunteer", &[file], &options).await.expect("a load");
    assert_eq!(issues(&report), ["3 birth_date birth \"2099-01-01\"", "4 birth_date birth \"1868-10-23\""]);
}

#[tokio::test]
async fn an_encoding_that_was_named_is_named_when_no_column_is_found() {
    let bytes = encode("商户编号,商户名称\nm1,面馆\n");
    let error = refused("merchant", &bytes, Some("utf-16le")).await;
    assert!(!error.to_string().is_empty());
    let error = refused("merchant", "商户编号,商户名称\nm1,面馆\n".as_bytes(), Some("gb18030")).await;
    let hint = error.hint().expect("a hint");
    assert!(hint.en.contains("gb18030") && hint.en.contains("--encoding"), "{error}: {}", hint.en);
}
