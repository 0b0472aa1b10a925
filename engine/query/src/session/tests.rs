//! Sessions over tables in memory; sessions over a pool are tested in `tests/it`.

use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::time::Duration;

use datafusion::arrow::array::{Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::arrow::util::pretty::pretty_format_batches;
use linli_model::{Failure, Kind};

use super::tables::Source;
use super::{ParamValue, Params, QueryLimits, Session};
use crate::Error;
use crate::library::Library;

const NAMED: &str = "\
-- Needs of a tier.
-- zh 某级需求
-- param    $tier  Int64  the tier
-- param    $since Timestamp  received since; default NULL
-- order    need_id
WITH due AS (SELECT need_id, tier FROM need WHERE $since IS NULL OR received_at >= $since)
SELECT need_id, tier FROM due WHERE tier = $tier ORDER BY need_id DESC
";

const CALLER: &str = "\
-- Tier-2 needs, through the other query.
-- zh 二级需求
-- param    $since Timestamp  received since; default '2024-01-01'
SELECT n.need_id FROM q_named(2, since => $since) n
";

const ENDLESS: &str = "\
-- Calls itself.
-- zh 自身
SELECT * FROM q_endless()
";

fn library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let files =
            [("report/named.sql", NAMED), ("report/caller.sql", CALLER), ("report/endless.sql", ENDLESS)];
        Library::read(files).expect("a library")
    })
}

fn session_with(limits: &QueryLimits) -> Session {
    let session = Session::over(Source::Nowhere, "+08:00", limits, library()).expect("a session");
    let schema = Arc::new(Schema::new(vec![
        Field::new("need_id", DataType::Utf8, true),
        Field::new("tier", DataType::Int64, true),
        Field::new("received_at", super::params::instant("+08:00"), true),
    ]));
    let times = datafusion::arrow::array::TimestampMicrosecondArray::from(vec![1_709_625_600_000_000, 0, 0])
        .with_timezone("+08:00");
    let batch = RecordBatch::try_new(
        Arc::clone(&schema),
        vec![
            Arc::new(StringArray::from(vec!["n1", "n2", "n3"])),
            Arc::new(Int64Array::from(vec![2, 2, 3])),
            Arc::new(times),
        ],
    );
    session.register("need", schema, vec![batch.expect("a batch")]).expect("registered");
    session
}

fn session() -> Session {
    session_with(&QueryLimits::default())
}

async fn shown(session: &Session, sql: &str, params: &Params) -> String {
    let (_, batches) = session.collect_rows(sql, params).await.unwrap_or_else(|it| panic!("{sql}: {it}"));
    pretty_format_batches(&batches).expect("a table").to_string()
}

async fn error(session: &Session, sql: &str) -> Error {
    session
        .collect_rows(sql, &Params::default())
        .await
        .err()
        .unwrap_or_else(|| panic!("{sql} was let through"))
}

fn lines(text: &str) -> Vec<String> {
    let cells = |it: &str| it.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>().join(" ");
    text.lines().skip(3).filter(|it| it.starts_with('|')).map(cells).collect()
}

#[tokio::test]
async fn only_statements_that_read_are_let_through() {
    let session = session();
    let allowed = [
        "SELECT 1",
        "SELECT * FROM need",
        "WITH a AS (SELECT * FROM need) SELECT * FROM a UNION ALL SELECT * FROM a",
        "SELECT * FROM need WHERE need_id IN (SELECT need_id FROM pin) ORDER BY 1 LIMIT 3",
        "SELECT tier, count(*), row_number() OVER (ORDER BY tier) FROM need GROUP BY tier",
        "VALUES (1), (2)",
        "EXPLAIN SELECT * FROM need",
        "EXPLAIN FORMAT TREE SELECT * FROM need",
        "DESCRIBE need",
        "SHOW TABLES",
        "SHOW COLUMNS FROM need",
        "SELECT table_name FROM information_schema.tables",
        "SELECT * FROM unnest([1, 2, 3])",
        "SELECT * FROM generate_series(1, 3)",
        "WITH RECURSIVE a AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM a WHERE i < 9) SELECT * FROM a",
        "SELECT * FROM match; ",
        "-- a comment\nSELECT 1 /* and another */",
    ];
    for sql in allowed {
        shown(&session, sql, &Params::default()).await;
    }
    let refused = [
        ("INSERT INTO need VALUES ('x')", "INSERT"),
        ("UPDATE need SET tier = 1", "UPDATE"),
        ("DELETE FROM need", "DELETE"),
        ("TRUNCATE TABLE need", "TRUNCATE"),
        ("MERGE INTO need USING pin ON true WHEN MATCHED THEN DELETE", "MERGE"),
        ("DROP TABLE need", "DROP TABLE"),
        ("CREATE TABLE a AS SELECT 1", "CREATE TABLE"),
        ("CREATE VIEW a AS SELECT 1", "CREATE VIEW"),
        ("CREATE EXTERNAL TABLE a STORED AS CSV LOCATION '/etc/passwd'", "CREATE EXTERNAL TABLE"),
        ("CREATE DATABASE a", "CREATE DATABASE"),
        ("CREATE FUNCTION f() RETURNS INT RETURN 1", "CREATE FUNCTION"),
        ("ALTER TABLE need ADD COLUMN a INT", "ALTER TABLE"),
        ("COPY need TO '/tmp/a.csv'", "COPY"),
        ("COPY (SELECT 1) TO '/tmp/a.csv'", "COPY"),
        ("EXPLAIN ANALYZE SELECT 1", "EXPLAIN ANALYZE"),
        ("EXPLAIN (ANALYZE) SELECT 1", "EXPLAIN ANALYZE"),
        ("EXPLAIN VERBOSE SELECT 1", "EXPLAIN VERBOSE"),
        ("EXPLAIN COPY need TO '/tmp/a.csv'", "COPY"),
        ("EXPLAIN INSERT INTO need VALUES ('x')", "INSERT"),
        ("EXPLAIN CREATE TABLE a AS SELECT 1", "CREATE TABLE"),
        ("SET datafusion.runtime.memory_limit = '100G'", "SET"),
        ("RESET datafusion.runtime.memory_limit", "RESET"),
        ("SHOW ALL", "SHOW"),
        ("PREPARE a AS SELECT 1", "PREPARE"),
        ("EXECUTE a", "EXECUTE"),
        ("DEALLOCATE a", "DEALLOCATE"),
        ("START TRANSACTION", "START TRANSACTION"),
        ("BEGIN", "BEGIN"),
        ("COMMIT", "COMMIT"),
        ("SELECT * INTO a FROM need", "CREATE MEMORY TABLE"),
        ("SELECT 1; DROP TABLE need", "DROP TABLE"),
        ("GRANT SELECT ON need TO a", "GRANT"),
        ("CALL something()", "CALL"),
    ];
    for (sql, kind) in refused {
        match error(&session, sql).await {
            Error::NotReadOnly { found } => assert_eq!(found, kind, "{sql}"),
            other => panic!("{sql}: {other:?}"),
        }
    }
    for sql in ["", "SELECT 1; SELECT 2", "nonsense", "SELECT * FROM", "VACUUM need FULL x"] {
        let error = error(&session, sql).await;
        let is_fit =
            matches!(error, Error::Sql { .. } | Error::NotReadOnly { .. } | Error::NotOneStatement { .. });
        assert!(is_fit, "{sql}: {error:?}");
    }
}

#[tokio::test]
async fn tables_out_of_sight_do_not_exist() {
    let session = session();
    let unknown = [
        "SELECT * FROM neeed",
        "SELECT * FROM stored.match",
        "SELECT * FROM linli.stored.match",
        "SELECT * FROM other.public.need",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM \"/etc/hosts\"",
        "SELECT * FROM 'file:///etc/passwd'",
        "SELECT (SELECT max(tier) FROM neeed)",
        "DESCRIBE neeed",
    ];
    for sql in unknown {
        let error = error(&session, sql).await;
        assert!(matches!(error, Error::UnknownTable { .. }), "{sql}: {error:?}");
    }
    match error(&session, "SELECT * FROM neeed").await {
        Error::UnknownTable { table, nearest } => {
            assert_eq!((table.as_str(), nearest.as_deref()), ("neeed", Some("need")));
        }
        other => panic!("{other:?}"),
    }
    let sql = "SELECT DISTINCT table_schema FROM information_schema.tables";
    assert!(!shown(&session, sql, &Params::default()).await.contains("stored"));
    session.internal("SELECT * FROM stored.match", &Params::default()).await.expect("our own SQL may");
}

#[tokio::test]
async fn parameters_are_values_never_text() {
    let session = session();
    let params: Params = [
        ("text", ParamValue::Text("'; DROP TABLE need; --".to_owned())),
        ("$whole", ParamValue::Integer(i64::MIN)),
        ("number", ParamValue::Number(-0.5)),
        ("yes", ParamValue::Boolean(true)),
        ("nothing", ParamValue::Null),
        ("at", ParamValue::Timestamp(1_709_625_600_000_000)),
        ("day", ParamValue::Date(-1)),
        ("list", ParamValue::List(vec!["a'b".to_owned(), "$text".to_owned()])),
        ("none", ParamValue::List(Vec::new())),
        ("1", ParamValue::Integer(1)),
    ]
    .into_iter()
    .collect();
    let sql = "SELECT $text, $whole, $number, $yes, $nothing IS NULL, $at, $day, $list, $none, $1 + 1";
    let text = shown(&session, sql, &params).await;
    assert_eq!(
        lines(&text),
        ["'; DROP TABLE need; -- -9223372036854775808 -0.5 true true 2024-03-05T16:00:00+08:00 1969-12-31 \
          [a'b, $text] [] 2"]
    );
    let text = shown(&session, "SELECT need_id FROM need WHERE received_at >= $at LIMIT $1", &params).await;
    assert_eq!(lines(&text), ["n1"]);
    let text = shown(&session, "SELECT need_id FROM need WHERE need_id = $text", &params).await;
    assert_eq!(lines(&text), Vec::<String>::new());
    assert!(matches!(error(&session, "SELECT $unset").await, Error::Sql { .. }));
    for table in ["SELECT * FROM $text", "SELECT * FROM generate_series(1, $1) WHERE value = $1"] {
        let _ = session.collect_rows(table, &params).await;
    }
    assert_eq!(lines(&shown(&session, "SELECT count(*) FROM need", &Params::default()).await), ["3"]);
}

#[tokio::test]
async fn library_queries_are_table_functions() {
    let session = session();
    let none = Params::default();
    let ids = async |sql: &str| lines(&shown(&session, sql, &none).await);
    assert_eq!(ids("SELECT need_id FROM q_named(2)").await, ["n2", "n1"]);
    assert_eq!(ids("SELECT q_named.need_id FROM q_named(tier => 3)").await, ["n3"]);
    assert_eq!(ids("SELECT a.need_id FROM Q_NAMED(2, '2024-03-05T16:00') a").await, ["n1"]);
    assert_eq!(ids("SELECT * FROM q_caller()").await, ["n1"]);
    assert_eq!(
        ids("SELECT a.need_id FROM q_named(2) a JOIN q_named(2) b USING (need_id) ORDER BY 1").await.len(),
        2
    );
    // A name of the caller's means nothing inside.
    let sql =
        "WITH need AS (SELECT 1 AS x), due AS (SELECT 2 AS y) SELECT need_id FROM q_named(2) ORDER BY 1";
    assert_eq!(ids(sql).await, ["n1", "n2"]);
    assert_eq!(
        ids("SELECT count(*) FROM need WHERE need_id IN (SELECT need_id FROM q_named(2))").await,
        ["2"]
    );
    let params: Params = [("t", ParamValue::Text("3".to_owned()))].into_iter().collect();
    assert_eq!(lines(&shown(&session, "SELECT * FROM q_named($t)", &params).await), ["n3 3"]);
    shown(&session, "EXPLAIN SELECT * FROM q_named(2)", &none).await;

    let bad = [
        ("SELECT * FROM q_named()", "missing"),
        ("SELECT * FROM q_named('two')", "whole number"),
        ("SELECT * FROM q_named(2, NULL, 3)", "it takes tier"),
        ("SELECT * FROM q_named(tiers => 2)", "no parameter `tiers`"),
        ("SELECT * FROM need n JOIN q_named(n.tier) q ON true", "literal"),
        ("SELECT * FROM q_named((SELECT 2))", "literal"),
    ];
    for (sql, part) in bad {
        match error(&session, sql).await {
            Error::BadParameter { query, cause } => {
                assert!(query == "named" && cause.en.contains(part), "{sql}: {}", cause.en);
            }
            other => panic!("{sql}: {other:?}"),
        }
    }
    assert!(matches!(error(&session, "SELECT * FROM q_endless()").await, Error::Engine { .. }));
    match error(&session, "SELECT * FROM q_nmaed(2)").await {
        Error::UnknownQuery { query, nearest } => {
            assert_eq!((query.as_str(), nearest.as_deref()), ("nmaed", Some("named")));
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(error(&session, "SELECT * FROM nothing()").await, Error::Sql { .. }));
    assert!(!session.inner.tables.names().iter().any(|it| it.starts_with("q_")));
}

#[tokio::test]
async fn a_query_is_run_by_name() {
    let session = session();
    let params: Params = [("tier", ParamValue::Text("2".to_owned()))].into_iter().collect();
    let (schema, batches) =
        session.query("named", &params).await.expect("rows").collect().await.expect("batches");
    assert_eq!(schema.fields().len(), 2);
    assert_eq!(lines(&pretty_format_batches(&batches).expect("a table").to_string()), ["n2 2", "n1 2"]);
    let error = session.query("nmaed", &params).await.expect_err("unknown");
    assert!(matches!(error, Error::UnknownQuery { nearest: Some(it), .. } if it == "named"));
    let error = session.query("named", &Params::default()).await.expect_err("missing");
    assert!(matches!(error, Error::BadParameter { .. }));
}

#[tokio::test]
async fn the_row_limit_is_exact_and_said() {
    for (limit, rows, truncated) in [(0, 0, true), (2, 2, true), (3, 3, false), (9, 3, false)] {
        let limits = QueryLimits { rows_max: Some(limit), ..QueryLimits::default() };
        let session = session_with(&limits);
        let mut stream =
            session.rows("SELECT * FROM need ORDER BY need_id", &Params::default()).await.expect("rows");
        let mut count = 0;
        while let Some(batch) = stream.next().await.expect("a batch") {
            count += batch.num_rows();
        }
        assert_eq!((count, stream.truncated()), (rows, truncated), "limit {limit}");
        let (_, all) = session.internal("SELECT * FROM need", &Params::default()).await.expect("rows");
        assert_eq!(all.iter().map(RecordBatch::num_rows).sum::<usize>(), 3);
        assert!(!shown(&session, "EXPLAIN SELECT 1", &Params::default()).await.is_empty() || limit == 0);
    }
}

/// Statements that make nothing for minutes, and everything without end.
#[tokio::test]
async fn the_time_limit_ends_joins_without_end_and_their_work() {
    let limits = QueryLimits { seconds_max: Some(1), ..QueryLimits::default() };
    let session = session_with(&limits);
    let many = "(SELECT value AS i FROM generate_series(1, 1000000))";
    let endless = [
        format!("SELECT sum(a.i + b.i) FROM {many} a CROSS JOIN {many} b"),
        format!("SELECT count(*) FROM {many} a JOIN {many} b ON a.i + b.i < 0"),
        format!(
            "SELECT a.i FROM {many} a WHERE NOT EXISTS (SELECT 1 FROM {many} b WHERE b.i > a.i + 2000000)"
        ),
        format!("SELECT count(*) FROM {many} a JOIN {many} b ON a.i % 2 = b.i % 2 AND a.i + b.i < 0"),
        format!("SELECT count(*) FROM {many} a JOIN {many} b ON a.i % 2 = b.i % 2"),
        "SELECT count(*) FROM generate_series(1, 100000000000)".to_owned(),
        "WITH RECURSIVE a AS (SELECT 1 AS i UNION ALL SELECT i FROM a) SELECT count(*) FROM a".to_owned(),
    ];
    for sql in endless {
        let error = error(&session, &sql).await;
        assert!(
            matches!(error, Error::TimedOut { seconds: 1 } | Error::OutOfMemory { .. }),
            "{sql}: {error:?}"
        );
        assert_eq!(error.kind(), Kind::Limit);
        shown(&session, "SELECT count(*) FROM need", &Params::default()).await;
        assert!(comes_to_rest(&session).await, "{sql} still runs");
    }
}

/// Whether the session's threads come to rest at all; a busy machine may take its time.
async fn comes_to_rest(session: &Session) -> bool {
    for _ in 0..6000 {
        if session.inner.users.is_idle() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

#[tokio::test]
async fn too_much_memory_is_a_limit() {
    let limits = QueryLimits { memory_bytes_max: 20 << 20, ..QueryLimits::default() };
    let session = session_with(&limits);
    let sql = "SELECT value * 7919 % 3000017, count(*) FROM generate_series(1, 3000000) GROUP BY 1";
    let error = error(&session, sql).await;
    assert!(matches!(error, Error::OutOfMemory { megabytes: 20 }), "{error:?}");
}

/// Statements whose own threads are all taken, by calls that nobody can end.
#[tokio::test]
async fn who_holds_every_thread_holds_up_neither_the_clock_nor_linli() {
    // A number of threads that no other test shares.
    let limits = QueryLimits { threads: 3, seconds_max: Some(1), ..QueryLimits::default() };
    let session = session_with(&limits);
    let (release, held) = mpsc::channel::<()>();
    let held = Arc::new(Mutex::new(held));
    let (started, mut starting) = tokio::sync::mpsc::unbounded_channel();
    for _ in 0..limits.threads {
        let (held, started) = (Arc::clone(&held), started.clone());
        let hold = async move {
            started.send(()).expect("somebody waits");
            let held = held.lock().unwrap_or_else(PoisonError::into_inner);
            assert!(held.recv().is_err(), "nobody sends anything");
        };
        drop(session.inner.users.spawn(hold));
    }
    for _ in 0..limits.threads {
        starting.recv().await.expect("a thread is taken");
    }
    let waiting = error(&session, "SELECT 1").await;
    assert!(matches!(waiting, Error::TimedOut { seconds: 1 }), "{waiting:?}");
    let (_, rows) = session.internal("SELECT * FROM need", &Params::default()).await.expect("our own rows");
    assert_eq!(rows.iter().map(RecordBatch::num_rows).sum::<usize>(), 3);
    drop(release);
    // A limit beyond what clocks count is none.
    let endless = QueryLimits { seconds_max: Some(u64::MAX), ..QueryLimits::default() };
    assert_eq!(lines(&shown(&session_with(&endless), "SELECT 1", &Params::default()).await), ["1"]);
}

#[tokio::test]
async fn tables_are_counted_wherever_they_stand() {
    let session = session();
    let listed = |count: usize| (0..count).map(|it| format!("need a{it}")).collect::<Vec<_>>().join(", ");
    let joined = |count: usize| {
        let joins: String = (1..count).map(|it| format!(" JOIN need a{it} ON true")).collect();
        format!("need a0{joins}")
    };
    // Each names the one before it twice.
    let named = |count: usize| {
        let more = |it: usize| format!(", w{it} AS (SELECT 1 AS i FROM w{} a, w{} b)", it - 1, it - 1);
        let more: String = (1..count).map(more).collect();
        format!("WITH w0 AS (SELECT 1 AS i FROM need){more} SELECT 1 FROM w{}", count - 1)
    };
    let inside = |count: usize| {
        let checks = (0..count).map(|_| "EXISTS (SELECT 1 FROM need)").collect::<Vec<_>>().join(" AND ");
        format!("SELECT 1 WHERE {checks}")
    };
    for sql in [
        format!("SELECT 1 FROM {}", listed(65)),
        format!("SELECT 1 FROM {}", joined(65)),
        format!("SELECT 1 FROM (SELECT 1 FROM {}) a, ({}) b", listed(40), inside(25)),
        named(10),
        inside(65),
    ] {
        let error = error(&session, &sql).await;
        let is_over = matches!(&error, Error::Over { what, limit: 64 | 256 } if what.en.contains("tables"));
        assert!(is_over, "{error:?}");
        assert_eq!(error.kind(), Kind::Limit);
    }
    for sql in [format!("SELECT 1 FROM {}", listed(64)), named(7)] {
        shown(&session, &format!("EXPLAIN {sql}"), &Params::default()).await;
    }
}

#[tokio::test]
async fn texts_and_columns_of_a_node_have_an_end() {
    let session = session();
    let long = "x".repeat(70_000);
    let many: Vec<String> = (0..4_200).map(|it| format!("1 a{it}")).collect();
    for sql in [
        format!("SELECT '{long}'"),
        format!("SELECT CASE WHEN tier = 1 THEN '{long}' END FROM need"),
        format!("SELECT {}", many.join(", ")),
    ] {
        let error = error(&session, &sql).await;
        assert!(matches!(error, Error::Over { .. }), "{}: {error:?}", &sql[..40]);
    }
    let ids: Vec<String> = (0..20_000).map(|it| format!("'n{it}'")).collect();
    let sql = format!("SELECT count(*) FROM need WHERE need_id IN ({})", ids.join(", "));
    assert_eq!(lines(&shown(&session, &sql, &Params::default()).await), ["3"]);
}

#[tokio::test]
async fn table_functions_take_literals_only() {
    let session = session();
    let sql = "SELECT count(*) FROM generate_series(TIMESTAMP '2024-03-05', TIMESTAMP '2024-03-06', INTERVAL '1 hour')";
    assert_eq!(lines(&shown(&session, sql, &Params::default()).await), ["25"]);
    let sql = "SELECT max(value) FROM range(1, -(-4) * 2)";
    assert_eq!(lines(&shown(&session, sql, &Params::default()).await), ["7"]);
    let computed =
        ["length(repeat('x', 9))", "length('a' || 'b')", "[1]", "CAST(NULL AS INT[3])", "(SELECT 1)"];
    for argument in computed {
        let error = error(&session, &format!("SELECT * FROM generate_series(1, {argument})")).await;
        assert!(matches!(&error, Error::Sql { cause } if cause.contains("literal")), "{argument}: {error:?}");
    }
}

#[tokio::test]
async fn functions_that_name_files_or_call_others_are_none() {
    let session = session();
    for sql in [
        "SELECT input_file_name() FROM need",
        "SELECT file_row_index() FROM need",
        "SELECT array_transform([1, 2], x -> x + 1)",
    ] {
        assert!(matches!(error(&session, sql).await, Error::Sql { .. }), "{sql}");
    }
}

#[tokio::test]
async fn errors_say_whose_they_are() {
    let session = session();
    let cases = [
        ("SELECT nothing FROM need", Kind::Request),
        ("SELECT need_id + tier FROM need", Kind::Request),
        ("SELECT tier / 0 FROM need", Kind::Data),
        ("SELECT CAST(need_id AS INT) FROM need", Kind::Data),
        ("SELECT nofunction(tier) FROM need", Kind::Request),
        ("SELECT sum(need_id) FROM need", Kind::Request),
        ("SELECT h3_disk(5, 1)", Kind::Data),
        ("SELECT * FROM need WHERE tier", Kind::Request),
        ("SELECT need_id, count(*) FROM need", Kind::Request),
    ];
    for (sql, kind) in cases {
        let error = error(&session, sql).await;
        assert_eq!(error.kind(), kind, "{sql}: {error:?}");
        let text = error.to_string();
        for noise in ["Error during planning", "DataFusion", "caused by", "Arrow error", "SQL error"] {
            assert!(!text.contains(noise), "{sql}: {text}");
        }
    }
}

#[tokio::test]
async fn columns_of_one_name_are_told_apart() {
    let sql = "SELECT a.need_id, b.need_id, a.tier FROM need a JOIN need b ON a.need_id = b.need_id";
    let (schema, _) = session().collect_rows(sql, &Params::default()).await.expect("rows");
    let names: Vec<&str> = schema.fields().iter().map(|it| it.name().as_str()).collect();
    assert_eq!(names, ["need_id", "need_id_2", "tier"]);
}

#[tokio::test]
async fn functions_answer_in_sql() {
    let session = session();
    let sql = "SELECT distance_m(120, 30, 120, 31), distance_m(NULL, 30, 120, 31), \
               h3_cell(-122.41795063018799, 37.775938728915946, 9), cardinality(h3_disk(h3_cell(120.155, 30.274, 8), 2)), \
               reach_ring(0), reach_ring(10000), reach_ring(10000, 7), reach_ring(NULL)";
    let text = shown(&session, sql, &Params::default()).await;
    assert_eq!(lines(&text), ["111200  617700169958293503 19 1 19 8 "]);
    let sql = "SELECT list_covers(['a', 'b'], ['b']), list_covers(['a'], ['a', 'c']), list_covers(NULL, ['a']), \
               list_covers(NULL, NULL), list_covers(NULL, []), list_covers(['a'], []), list_covers([], ['a']), \
               list_common(['a', 'b', 'c'], ['c', 'a', 'x']), list_common(NULL, ['a']), list_common(['a'], NULL)";
    let text = shown(&session, sql, &Params::default()).await;
    assert_eq!(lines(&text), ["true false false true true true false 2 0 0"]);
    assert!(matches!(error(&session, "SELECT list_covers('a', 'b')").await, Error::Sql { .. }));
}

#[tokio::test]
async fn identifiers_and_masks_answer_in_sql() {
    let session = session();
    let sql = "SELECT uscc_valid('91350100M000100Y43'), uscc_valid('91350100M000100Y4Z'), uscc_valid(NULL), \
               resident_id_valid('11010519491231002x'), resident_id_valid('110105194912310021')";
    let text = shown(&session, sql, &Params::default()).await;
    assert_eq!(lines(&text), ["true false  true false"]);
    let sql = "SELECT phone_normal('（0543）3369019'), phone_normal('no'), division_level('371602003'), \
               division_level('3716'), mask_phone('13812345678'), mask_id('11010519491231002X'), \
               mask_name('张三丰'), mask_address('滨城区市东街道政和社区3号楼'), mask_name(NULL)";
    let text = shown(&session, sql, &Params::default()).await;
    assert_eq!(
        lines(&text),
        ["0543-3369019  street  138****5678 110105********002X 张*丰 滨城区市东街道政和社区*** "]
    );
    // Of columns as of constants.
    let sql = "SELECT mask_phone(need_id), phone_normal(need_id) FROM need ORDER BY need_id LIMIT 1";
    assert_eq!(lines(&shown(&session, sql, &Params::default()).await), ["*** "]);
    assert!(matches!(error(&session, "SELECT mask_phone(13812345678)").await, Error::Sql { .. }));
}

#[tokio::test]
async fn words_of_the_catalog_need_no_quotes_where_it_matters() {
    let session = session();
    for table in ["match", "plugin", "run", "offer", "index", "service", "price", "card", "unmatched"] {
        let known = session.inner.tables.has(table);
        if known {
            shown(&session, &format!("SELECT * FROM {table}"), &Params::default()).await;
        }
    }
    shown(&session, "SELECT m.state, m.units FROM match m WHERE m.run_id = 'x'", &Params::default()).await;
    shown(&session, "SELECT run.run_id FROM run JOIN match ON match.run_id = run.run_id", &Params::default())
        .await;
    shown(&session, "SELECT \"start\", \"end\" FROM availability", &Params::default()).await;
}

/// A stack that overflows would take the whole process with it.
#[tokio::test]
async fn long_and_deep_statements_do_no_harm() {
    let session = session_with(&QueryLimits { seconds_max: Some(20), ..QueryLimits::default() });
    for count in [2_000, 4_900, 90_000] {
        let many = |it: &str, between: &str| vec![it; count].join(between);
        let texts = [
            format!("SELECT 1 WHERE {}", many("true", " OR ")),
            format!(
                "SELECT 1 FROM need WHERE {}",
                many("tier=1", " OR ").chars().take(count * 4).collect::<String>()
            ),
            format!("SELECT {}", many("1", "+")),
            format!("SELECT {} FROM", many("1", "+")),
            format!("SELECT {}1{}", many("(", ""), many(")", "")),
            format!("SELECT {}1", many("NOT ", "")),
            format!("SELECT {}1", many("-", " ")),
            format!("SELECT 1 {}", many("::int", "")),
            format!("SELECT tier{} FROM need", many("||'a'", "")),
            format!("SELECT CASE {} END", many("WHEN true THEN 1", " ")),
            many("SELECT 1", " UNION ALL "),
            format!("SELECT * FROM need WHERE need_id IN ({})", many("'n1'", ",")),
        ];
        for sql in texts {
            let Err(error) = session.collect_rows(&sql, &Params::default()).await else { continue };
            let head: String = sql.chars().take(40).collect();
            assert!(matches!(error.kind(), Kind::Limit | Kind::Request), "{count} {head}: {error}");
        }
    }
    shown(&session, "SELECT 1", &Params::default()).await;
}

#[tokio::test]
async fn a_projection_of_itself_is_computed_as_often_as_it_is_written() {
    let session = session();
    let mut sql = "SELECT 3 AS f".to_owned();
    for expected in ["9", "81", "6561"] {
        sql = format!("SELECT f * f AS f FROM ({sql})");
        assert_eq!(lines(&shown(&session, &sql, &Params::default()).await), [expected], "{sql}");
    }
    let sql = "SELECT need_id || 'x' AS need_id FROM (SELECT need_id || 'x' AS need_id FROM need) \
               ORDER BY need_id LIMIT 1";
    let text = shown(&session, sql, &Params::default()).await;
    assert!(lines(&text).iter().all(|it| it.ends_with("xx")), "{text}");
}
