//! What functions may make: one call of each that makes too much, and one that does not.

use std::sync::OnceLock;

use datafusion::arrow::util::pretty::pretty_format_batches;
use linli_model::{Failure, Kind};

use super::tables::Source;
use super::{Params, QueryLimits, Session};
use crate::Error;
use crate::library::Library;

fn session() -> Session {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    let library = LIBRARY.get_or_init(Library::default);
    Session::over(Source::Nowhere, "+08:00", &QueryLimits::default(), library).expect("a session")
}

/// The one row of an answer, its cells between bars.
async fn row(session: &Session, sql: &str) -> String {
    let answer = session.collect_rows(sql, &Params::default()).await;
    let (_, batches) = answer.unwrap_or_else(|it| panic!("{sql}: {it}"));
    let text = pretty_format_batches(&batches).expect("a table").to_string();
    let line = text.lines().nth(3).unwrap_or_default().trim_matches('|').to_owned();
    line.split('|').map(str::trim).collect::<Vec<_>>().join(" | ")
}

async fn refused(session: &Session, sql: &str, function: &str) {
    let error = session.collect_rows(sql, &Params::default()).await.err();
    let error = error.unwrap_or_else(|| panic!("{sql} was let through"));
    assert_eq!(error.kind(), Kind::Limit, "{sql}: {error:?}");
    match error {
        Error::Over { what, .. } => {
            assert!(
                what.en.contains(&format!("`{function}`")) && what.zh.contains(function),
                "{sql}: {what:?}"
            );
        }
        other => panic!("{sql}: {other:?}"),
    }
}

/// A text of 100,000 bytes: two of them are more than constants may be.
const LONG: &str = "repeat('x', 100000)";

#[tokio::test]
async fn no_function_makes_texts_without_end() {
    let session = session();
    let cases = [
        ("repeat", "length(repeat(arrow_cast('x', 'LargeUtf8'), 40000000000))".to_owned()),
        ("lpad", "length(lpad('x', 1000000000))".to_owned()),
        ("rpad", "length(rpad('x', 1000000000, 'ab'))".to_owned()),
        ("concat", format!("length(concat({LONG}, {LONG}))")),
        ("concat_ws", "length(concat_ws(repeat('-', 60000), 'a', 'b', 'c'))".to_owned()),
        ("||", format!("length({LONG} || {LONG})")),
        ("replace", "length(replace(repeat('a', 1000), 'a', repeat('b', 1000)))".to_owned()),
        (
            "regexp_replace",
            "length(regexp_replace(repeat('a', 1000), 'a', repeat('b', 1000), 'g'))".to_owned(),
        ),
        ("regexp_match", format!("cardinality(regexp_match({LONG}, '((((x+))))'))")),
        ("overlay", format!("length(overlay({LONG} PLACING {LONG} FROM 1))")),
        ("to_char", "length(to_char(DATE '2024-03-05', repeat('%c', 10000)))".to_owned()),
        ("array_to_string", "length(array_to_string(range(1, 10000), repeat('-', 1000)))".to_owned()),
    ];
    for (function, call) in cases {
        refused(&session, &format!("SELECT {call}"), function).await;
    }
}

#[tokio::test]
async fn no_function_makes_lists_without_end() {
    let session = session();
    let cases = [
        ("range", "range(1, 1000000000000)".to_owned()),
        ("generate_series", "generate_series(1, 1000000000000)".to_owned()),
        ("range", "range(DATE '2024-01-01', DATE '2025-01-01', INTERVAL '1 month -31 days')".to_owned()),
        ("array_repeat", "array_repeat('', 1000000000)".to_owned()),
        ("array_resize", "array_resize([1], 1000000000)".to_owned()),
        ("array_concat", "array_concat(range(1, 10000), range(1, 10000))".to_owned()),
        ("array_concat", "range(1, 10000) || range(1, 10000)".to_owned()),
        ("array_append", format!("array_append([{LONG}], {LONG})")),
        ("array_prepend", format!("array_prepend({LONG}, [{LONG}])")),
        ("array_union", "array_union(range(1, 10000), range(1, 10000))".to_owned()),
        ("arrays_zip", "arrays_zip(range(1, 10000), range(1, 10000))".to_owned()),
        ("array_replace", "array_replace(array_repeat('a', 1000), 'a', repeat('b', 9000))".to_owned()),
        ("array_replace_n", "array_replace_n(array_repeat('a', 1000), 'a', repeat('b', 9000), 9)".to_owned()),
        (
            "array_replace_all",
            "array_replace_all(array_repeat('a', 1000), 'a', repeat('b', 9000))".to_owned(),
        ),
        ("make_array", format!("make_array({LONG}, {LONG})")),
        ("make_array", format!("[{LONG}, {LONG}]")),
        ("struct", format!("struct({LONG}, {LONG})")),
        ("named_struct", format!("named_struct('a', {LONG}, 'b', {LONG})")),
        ("map", format!("map([{LONG}], [{LONG}])")),
    ];
    for (function, call) in cases {
        refused(&session, &format!("SELECT {call}"), function).await;
    }
}

#[tokio::test]
async fn no_function_compares_without_end() {
    let session = session();
    let cases = [
        ("levenshtein", format!("levenshtein({LONG}, {LONG})")),
        ("array_has_all", "array_has_all(range(1, 15000), range(1, 15000))".to_owned()),
        ("array_has_any", "array_has_any(range(1, 15000), range(20000, 35000))".to_owned()),
        ("list_covers", "list_covers(array_repeat('a', 7000), array_repeat('b', 7000))".to_owned()),
        ("list_common", "list_common(array_repeat('a', 7000), array_repeat('b', 7000))".to_owned()),
    ];
    for (function, call) in cases {
        refused(&session, &format!("SELECT {call}"), function).await;
    }
}

#[tokio::test]
async fn many_rows_count_together() {
    let session = session();
    let sql = "SELECT max(length(repeat('x', value + 100000))) FROM generate_series(1, 8000)";
    refused(&session, sql, "repeat").await;
    let sql = "SELECT max(length(repeat('x', value + 20000000))) FROM generate_series(1, 2)";
    refused(&session, sql, "repeat").await;
    // What no constant may be, a value may.
    let sql = "SELECT max(length(repeat('x', value + 1000000))) FROM generate_series(1, 9)";
    assert_eq!(row(&session, sql).await, "1000009");
}

#[tokio::test]
async fn types_of_fixed_size_are_small() {
    let session = session();
    for sql in [
        "SELECT arrow_cast(NULL, 'FixedSizeBinary(2000000000)')",
        "SELECT arrow_try_cast(NULL, 'FixedSizeBinary(2000000000)')",
        "SELECT CAST(NULL AS INT[2000000000])",
    ] {
        let error = session.collect_rows(sql, &Params::default()).await.err();
        assert!(matches!(error, Some(Error::Over { limit: 1_024, .. })), "{sql}: {error:?}");
    }
    assert_eq!(row(&session, "SELECT arrow_cast(NULL, 'FixedSizeBinary(2)') IS NULL").await, "true");
}

#[tokio::test]
async fn within_their_limits_functions_are_themselves() {
    let session = session();
    let sql = "SELECT repeat('ab', 2), lpad('a', 3, '-'), rpad('a', 3, '-'), concat('a', NULL, 'b'), \
               concat_ws('-', 'a', 'b'), 'a' || 'b' || 1, ('a' || NULL) IS NULL, replace('aba', 'a', 'c'), \
               regexp_replace('aba', 'a', 'c', 'g'), array_to_string([1, 2], ','), cardinality(range(1, 4)), \
               cardinality(array_repeat(1, 2)), cardinality(array_resize([1], 3)), levenshtein('ab', 'ac'), \
               array_has_all([1, 2], [2]), to_char(DATE '2024-03-05', '%Y'), [1, 2] || [3], named_struct('a', 1)";
    assert_eq!(
        row(&session, sql).await,
        "abab | --a | a-- | ab | a-b | ab1 | true | cbc | cbc | 1,2 | 3 | 2 | 3 | 1 | true | 2024 | [1, 2, 3] | {a: 1}"
    );
    // A column made by `||` keeps its name through the steps of a plan.
    let sql =
        "SELECT word || '!', count(*) FROM (VALUES ('a'), ('a')) AS t(word) GROUP BY word || '!' ORDER BY 1";
    assert_eq!(row(&session, sql).await, "a! | 2");
    let (schema, _) = session.collect_rows(sql, &Params::default()).await.expect("rows");
    assert_eq!(schema.field(0).name(), "t.word || Utf8(\"!\")");
}
