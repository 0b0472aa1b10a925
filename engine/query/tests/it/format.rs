//! Rows as bytes: golden texts.

use datafusion::arrow::ipc::reader::StreamReader;
use linli_model::{Failure, Kind};
use linli_query::{Error, Format, Params, PoolConfig, QueryLimits, Session, Store, write_rows};

async fn session(limits: QueryLimits) -> (tempfile::TempDir, Session) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::create(&folder.path().join("pool"), &PoolConfig::default(), 0).await.expect("a pool");
    let snapshot = store.latest().await.expect("a snapshot");
    let session = Session::new(&store, &snapshot, &limits).await.expect("a session");
    (folder, session)
}

async fn bytes(sql: &str, format: Format) -> Vec<u8> {
    let (_folder, session) = session(QueryLimits::default()).await;
    let rows = session.rows(sql, &Params::default()).await.unwrap_or_else(|it| panic!("{sql}: {it}"));
    let mut out = Vec::new();
    write_rows(rows, format, 42, &mut out).await.unwrap_or_else(|it| panic!("{sql}: {it}"));
    out
}

async fn text(sql: &str, format: Format) -> String {
    String::from_utf8(bytes(sql, format).await).expect("UTF-8")
}

/// One row with one of everything.
const KINDS: &str = "SELECT 7 AS whole, 9007199254740993 AS large, -9007199254740993 AS small, 0.5 AS number, \
    true AS yes, '说\"好\"' AS words, NULL AS nothing, DATE '2024-03-05' AS day, \
    arrow_cast('2024-03-05T16:00:00', 'Timestamp(Microsecond, Some(\"+08:00\"))') AS at, \
    arrow_cast('2024-03-05T16:00:00.25', 'Timestamp(Microsecond, None)') AS wall, \
    arrow_cast('12345678901234567890123456789', 'Decimal128(38, 0)') AS huge, \
    ['a', 'b'] AS list, [] AS none, named_struct('min', 1, 'max', NULL) AS range, \
    arrow_cast('NaN', 'Float64') AS nan, arrow_cast(3, 'UInt64') AS place";

#[tokio::test]
async fn json_is_the_document_of_the_contract() {
    let json = text(KINDS, Format::Json).await;
    let document: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let expected = serde_json::json!({
        "whole": 7, "large": "9007199254740993", "small": "-9007199254740993", "number": 0.5, "yes": true,
        "words": "说\"好\"", "nothing": null, "day": "2024-03-05", "at": "2024-03-05T16:00:00+08:00",
        "wall": "2024-03-05T16:00:00.250", "huge": "12345678901234567890123456789", "list": ["a", "b"],
        "none": [], "range": {"min": 1, "max": null}, "nan": null, "place": 3,
    });
    assert_eq!(document["rows"], serde_json::json!([expected]));
    assert_eq!(document["columns"][1], serde_json::json!({"name": "large", "type": "Int64"}));
    assert_eq!(document["columns"][8]["type"], "Timestamp(µs, \"+08:00\")");
    assert_eq!(document["columns"][11]["type"], "List(Utf8)");
    assert_eq!(
        (&document["row_count"], &document["truncated"], &document["snapshot"]),
        (&1.into(), &false.into(), &42.into())
    );
    let json = text("SELECT 1 AS a UNION ALL SELECT 2 ORDER BY a", Format::Json).await;
    assert_eq!(
        json,
        "{\"columns\":[{\"name\":\"a\",\"type\":\"Int64\"}],\"rows\":[\n{\"a\":1},\n{\"a\":2}\n],\
         \"row_count\":2,\"truncated\":false,\"snapshot\":42}\n"
    );
    let json = text("SELECT need_id FROM need", Format::Json).await;
    assert!(
        serde_json::from_str::<serde_json::Value>(&json).expect("JSON")["rows"]
            .as_array()
            .expect("rows")
            .is_empty()
    );
}

#[tokio::test]
async fn lines_of_json_are_objects() {
    let lines =
        text("SELECT * FROM (VALUES (1, 'x'), (2, NULL)) AS t(a, b) ORDER BY a", Format::Ndjson).await;
    assert_eq!(lines, "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":null}\n");
}

#[tokio::test]
async fn csv_runs_no_formulas() {
    let csv = text(KINDS, Format::Csv).await;
    assert_eq!(
        csv,
        "whole,large,small,number,yes,words,nothing,day,at,wall,huge,list,none,range,nan,place\n\
         7,9007199254740993,-9007199254740993,0.5,true,\"说\"\"好\"\"\",,2024-03-05,2024-03-05T16:00:00+08:00,\
         2024-03-05T16:00:00.250,12345678901234567890123456789,a;b,,\"{\"\"min\"\":1,\"\"max\"\":null}\",NaN,3\n"
    );
    let sql = "SELECT '=1+1' AS a, '+8613800000000' AS b, '-5.5' AS c, '-x' AS d, '@a' AS e, -5 AS f, ['=x', 'y'] AS \"=g\"";
    assert_eq!(text(sql, Format::Csv).await, "a,b,c,d,e,f,'=g\n'=1+1,+8613800000000,-5.5,'-x,'@a,-5,'=x;y\n");
    assert_eq!(text("SELECT need_id FROM need", Format::Csv).await, "need_id\n");
}

#[tokio::test]
async fn tables_align_wide_characters_and_steer_no_terminal() {
    let sql = "SELECT * FROM (VALUES ('邻里', 1), (chr(27) || '[2J', NULL)) AS t(\"名称\", n) ORDER BY n";
    let table = text(sql, Format::Table).await;
    assert_eq!(
        table,
        "+------+---+\n| 名称 | n |\n+------+---+\n| 邻里 | 1 |\n| \u{fffd}[2J |   |\n+------+---+\n"
    );
    assert!(text("SELECT need_id FROM need", Format::Table).await.contains("need_id"));
}

#[tokio::test]
async fn arrow_and_parquet_keep_types() {
    let out = bytes(KINDS, Format::Arrow).await;
    let mut reader = StreamReader::try_new(out.as_slice(), None).expect("a stream");
    let batch = reader.next().expect("a batch").expect("a batch");
    assert_eq!((batch.num_rows(), batch.num_columns()), (1, 16));
    assert_eq!(batch.column_by_name("at").expect("at").data_type().to_string(), "Timestamp(µs, \"+08:00\")");
    let out = bytes("SELECT 1 AS a, ['x'] AS b", Format::Parquet).await;
    assert_eq!((&out[..4], &out[out.len() - 4..]), (b"PAR1".as_slice(), b"PAR1".as_slice()));
}

#[tokio::test]
async fn worksheets_are_the_same_bytes_each_time() {
    let (first, second) = (bytes(KINDS, Format::Xlsx).await, bytes(KINDS, Format::Xlsx).await);
    assert_eq!(&first[..2], b"PK");
    assert_eq!(first, second);
    let (_folder, session) = session(QueryLimits::default()).await;
    let rows = session.rows("SELECT repeat('长', 40000) AS t", &Params::default()).await.expect("rows");
    let error = write_rows(rows, Format::Xlsx, 1, &mut Vec::new()).await.expect_err("too long");
    assert!(matches!(error, Error::Over { limit: 32_767, .. }), "{error:?}");
}

#[tokio::test]
async fn a_form_without_room_says_so() {
    let (_folder, session) = session(QueryLimits::default()).await;
    let failed = async |sql: &str, format: Format| {
        let rows = session.rows(sql, &Params::default()).await.unwrap_or_else(|it| panic!("{sql}: {it}"));
        write_rows(rows, format, 1, &mut Vec::new()).await.expect_err("no room")
    };
    let error = failed("SELECT INTERVAL '1 month' AS span", Format::Parquet).await;
    assert!(matches!(error, Error::Unsupported { format: "parquet", .. }), "{error:?}");
    assert_eq!(error.kind(), Kind::Request);
    // Every line is as wide as the widest.
    let wide = "SELECT CASE WHEN value = 1 THEN repeat('x', 100000) END AS t FROM generate_series(1, 1000)";
    let error = failed(wide, Format::Table).await;
    assert!(matches!(error, Error::Over { .. }), "{error:?}");
}

#[tokio::test]
async fn a_receiver_that_refuses_is_no_fault_of_the_rows() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let (_folder, session) = session(QueryLimits::default()).await;
    for format in Format::ALL {
        let rows = session.rows("SELECT 1 AS a", &Params::default()).await.expect("rows");
        let error = write_rows(rows, format, 1, &mut Full).await.expect_err("full");
        assert!(matches!(error, Error::Io { .. }), "{}: {error:?}", format.as_str());
    }
}

#[tokio::test]
async fn a_row_limit_is_said_in_the_document() {
    let (_folder, session) = session(QueryLimits { rows_max: Some(2), ..QueryLimits::default() }).await;
    let rows =
        session.rows("SELECT value FROM generate_series(1, 100000)", &Params::default()).await.expect("rows");
    let mut out = Vec::new();
    let summary = write_rows(rows, Format::Json, 1, &mut out).await.expect("written");
    assert_eq!((summary.row_count, summary.truncated), (2, true));
    let document: serde_json::Value = serde_json::from_slice(&out).expect("JSON");
    assert_eq!((&document["row_count"], &document["truncated"]), (&2.into(), &true.into()));
}

#[test]
fn formats_have_names_and_media_types() {
    for format in Format::ALL {
        assert_eq!(format.as_str().parse::<Format>().expect("a format"), format);
        assert_eq!(Format::from_content_type(format.content_type()), Some(format));
    }
    assert_eq!(Format::from_content_type("text/csv"), Some(Format::Csv));
    assert!(matches!("yaml".parse::<Format>(), Err(Error::UnknownFormat { .. })));
}
