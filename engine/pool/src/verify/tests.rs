//! Forged plans are found, each by the name of what is wrong with it.

use std::collections::BTreeSet;

use linli_model::Catalog;
use linli_query::{
    Frame, Library, ParamValue, Params, PoolConfig, QueryLimits, Session, Store, integer_at, text_at,
};

use super::finding::FINDINGS;
use super::rows::{Difference, difference};

/// A table and the SELECT that makes its rows.
type Made = (&'static str, &'static str);

/// A plan that can be checked by hand. n1 and n2 want the one unit that v1 has this term; n3
/// asks for two units, but v2 may serve it only once.
///
/// objective = 10 (n1 by v1) + 50 (n2 unserved) + 1 (n3 by v2) + 70 (the other unit of n3)
/// dual = 1·55 + 1·50 + 2·70 − 45·1 (the term of v1) − 69 (n3 and v2)
const SOUND: [Made; 5] = [
    ("run", "SELECT 'r' AS run_id"),
    (
        "price",
        "SELECT 'r' AS run_id, * FROM (VALUES
            ('need', 'n1@0', NULL, 'n1', 0, NULL, 1, 100, 55),
            ('need', 'n2@0', NULL, 'n2', 0, NULL, 1, 50, 50),
            ('need', 'n3@0', NULL, 'n3', 0, NULL, 2, 70, 70),
            ('term', 't1', NULL, NULL, NULL, 'v1', 1, NULL, 45),
            ('week', 'w1', 't1', NULL, NULL, 'v1', 1, NULL, 45),
            ('day', 'd1', 'w1', NULL, NULL, 'v1', 1, NULL, 45),
            ('slot', 's1', 'd1', NULL, NULL, 'v1', 1, NULL, 45),
            ('slot', 's5', 'd1', NULL, NULL, 'v1', 0, NULL, 60),
            ('slot', 's2', NULL, NULL, NULL, 'v2', 1, NULL, 0),
            ('slot', 's3', NULL, NULL, NULL, 'v2', 1, NULL, 0),
            ('pair', 'n3@0/v2', NULL, 'n3', 0, 'v2', 1, NULL, 69)
        ) AS it(level, price_id, parent_id, need_id, occurrence_start, provider_id, quantity, penalty, price)",
    ),
    (
        "candidate",
        "SELECT 'r' AS run_id, 0 AS occurrence_start, slot_id AS node_id, * FROM (VALUES
            ('n1', 'v1', 's1', true, false, 10),
            ('n1', 'v1', 's5', false, NULL, NULL),
            ('n2', 'v1', 's1', true, false, 5),
            ('n2', 'v2', 's2', true, true, NULL),
            ('n3', 'v2', 's2', true, false, 1),
            ('n3', 'v2', 's3', true, false, 2)
        ) AS it(need_id, provider_id, slot_id, scored, vetoed, cost)",
    ),
    (
        "match",
        "SELECT 'r' AS run_id, 0 AS occurrence_start, 1 AS units, * FROM (VALUES
            ('n1', 'v1', 's1', 10),
            ('n3', 'v2', 's2', 1)
        ) AS it(need_id, provider_id, slot_id, cost)",
    ),
    ("unmatched", "SELECT 'r' AS run_id, 0 AS occurrence_start, 1 AS units, * FROM (VALUES ('n2'), ('n3')) AS it(need_id)"),
];

/// What is wrong, and the tables that make it so.
const FORGED: [(&str, &[Made]); 34] = [
    ("there is no such run, or it is there twice", &[("run", "SELECT 'other' AS run_id")]),
    (
        "there is no such run, or it is there twice",
        &[("run", "SELECT 'r' AS run_id UNION ALL SELECT 'r' AS run_id")],
    ),
    (
        // Σ quantity · price would leave its type and come back as any number one likes.
        "a capacity lacks its size or price, or one is out of bounds",
        &[(
            "price",
            "SELECT * FROM price UNION ALL SELECT 'r' AS run_id, 'slot' AS level, 's9' AS price_id, \
             NULL AS parent_id, NULL AS need_id, NULL AS occurrence_start, 'v2' AS provider_id, \
             9007199254740992 AS quantity, NULL AS penalty, 1 AS price",
        )],
    ),
    (
        "one thing has two prices",
        &[("price", "SELECT * FROM price UNION ALL SELECT * FROM price WHERE price_id = 's1'")],
    ),
    (
        "one thing has two prices",
        &[(
            "price",
            "SELECT * FROM price UNION ALL SELECT * REPLACE ('other' AS price_id) FROM price WHERE price_id = 'n1@0'",
        )],
    ),
    (
        "one thing has two prices",
        &[(
            "price",
            "SELECT * FROM price UNION ALL SELECT * REPLACE ('slot' AS level) FROM price WHERE price_id = 'd1'",
        )],
    ),
    (
        "a price is of no known level",
        &[(
            "price",
            "SELECT * FROM price UNION ALL SELECT * REPLACE ('month' AS level) FROM price WHERE price_id = 't1'",
        )],
    ),
    (
        "a capacity lacks its size or price, or one is out of bounds",
        &[("price", "SELECT * REPLACE (CASE WHEN price_id <> 's1' THEN price END AS price) FROM price")],
    ),
    (
        "a capacity lacks its size or price, or one is out of bounds",
        &[(
            "price",
            "SELECT * REPLACE (CASE WHEN price_id <> 's1' THEN quantity END AS quantity) FROM price",
        )],
    ),
    (
        "a capacity lacks its size or price, or one is out of bounds",
        &[("price", "SELECT * REPLACE (CASE price_id WHEN 's2' THEN -5 ELSE price END AS price) FROM price")],
    ),
    (
        "a capacity lacks its size or price, or one is out of bounds",
        &[(
            "price",
            "SELECT * REPLACE (CASE price_id WHEN 't1' THEN -1 ELSE quantity END AS quantity) FROM price",
        )],
    ),
    (
        "a capacity is part of one that is not there",
        &[(
            "price",
            "SELECT * REPLACE (CASE price_id WHEN 's1' THEN 'x' ELSE parent_id END AS parent_id) FROM price",
        )],
    ),
    (
        "a capacity is part of one that is no wider",
        &[(
            "price",
            "SELECT * REPLACE (CASE price_id WHEN 't1' THEN 'd1' ELSE parent_id END AS parent_id) FROM price",
        )],
    ),
    (
        "a capacity is part of one that is no wider",
        &[(
            "price",
            "SELECT * REPLACE (CASE price_id WHEN 't1' THEN 't1' ELSE parent_id END AS parent_id) FROM price",
        )],
    ),
    (
        "a price rises toward the root",
        &[("price", "SELECT * REPLACE (CASE price_id WHEN 's1' THEN 44 ELSE price END AS price) FROM price")],
    ),
    (
        "a need lacks its demand, penalty or price, or one is out of bounds",
        &[(
            "price",
            "SELECT * REPLACE (CASE price_id WHEN 'n2@0' THEN -1 ELSE quantity END AS quantity) FROM price",
        )],
    ),
    (
        "a need lacks its demand, penalty or price, or one is out of bounds",
        &[("price", "SELECT * REPLACE (CASE WHEN price_id <> 'n2@0' THEN price END AS price) FROM price")],
    ),
    (
        "a need lacks its demand, penalty or price, or one is out of bounds",
        &[(
            "price",
            "SELECT * REPLACE (CASE WHEN price_id <> 'n2@0' THEN penalty END AS penalty) FROM price",
        )],
    ),
    (
        "a need costs more than leaving it",
        &[(
            "price",
            "SELECT * REPLACE (CASE price_id WHEN 'n2@0' THEN 51 ELSE price END AS price) FROM price",
        )],
    ),
    (
        "a pair lacks its price, or it is out of bounds",
        &[("price", "SELECT * REPLACE (CASE level WHEN 'pair' THEN -1 ELSE price END AS price) FROM price")],
    ),
    (
        "a candidate is for a need that is not there",
        &[
            ("price", "SELECT * FROM price WHERE price_id <> 'n2@0'"),
            ("unmatched", "SELECT * FROM unmatched WHERE need_id <> 'n2'"),
        ],
    ),
    (
        "a candidate takes a capacity that is not there",
        &[(
            "candidate",
            "SELECT * REPLACE (CASE need_id WHEN 'n2' THEN 'x' ELSE node_id END AS node_id) FROM candidate",
        )],
    ),
    (
        "a scored candidate lacks its cost, or it is out of bounds",
        &[("candidate", "SELECT * REPLACE (CASE WHEN need_id <> 'n2' THEN cost END AS cost) FROM candidate")],
    ),
    (
        "a match is for a need that is not there",
        &[(
            "match",
            "SELECT * FROM match UNION ALL SELECT * REPLACE ('n9' AS need_id) FROM match WHERE need_id = 'n3'",
        )],
    ),
    (
        "a match is no scored candidate at its cost",
        &[("match", "SELECT * REPLACE (cost - 1 AS cost) FROM match")],
    ),
    (
        "a match is no scored candidate at its cost",
        &[(
            "match",
            "SELECT * REPLACE (CASE need_id WHEN 'n1' THEN 's5' ELSE slot_id END AS slot_id) FROM match",
        )],
    ),
    ("a match is not one unit", &[("match", "SELECT * REPLACE (-units AS units) FROM match")]),
    (
        "a match is not one unit",
        &[
            ("match", "SELECT * FROM match UNION ALL SELECT * FROM match WHERE need_id = 'n3'"),
            ("unmatched", "SELECT * FROM unmatched WHERE need_id = 'n2'"),
        ],
    ),
    (
        "a provider serves one need twice",
        &[
            (
                "match",
                "SELECT * FROM match UNION ALL \
                 SELECT * REPLACE ('s3' AS slot_id, 2 AS cost) FROM match WHERE need_id = 'n3'",
            ),
            ("unmatched", "SELECT * FROM unmatched WHERE need_id = 'n2'"),
        ],
    ),
    (
        "units are unserved of a need that is not there",
        &[(
            "unmatched",
            "SELECT * FROM unmatched UNION ALL SELECT * REPLACE ('n9' AS need_id) FROM unmatched WHERE need_id = 'n3'",
        )],
    ),
    (
        "unserved units are named twice, or are none",
        &[("unmatched", "SELECT * REPLACE (units - 1 AS units) FROM unmatched")],
    ),
    (
        "unserved units are named twice, or are none",
        &[("unmatched", "SELECT * FROM unmatched UNION ALL SELECT * REPLACE (0 AS units) FROM unmatched")],
    ),
    ("demand is not accounted for", &[("unmatched", "SELECT * FROM unmatched WHERE need_id = 'n2'")]),
    // Slot, day and week take both needs; the term, three levels up, takes one.
    (
        "a capacity is exceeded",
        &[
            (
                "price",
                "SELECT * REPLACE (CASE WHEN price_id IN ('s1', 'd1', 'w1') THEN 2 ELSE quantity END AS quantity) \
                 FROM price",
            ),
            (
                "match",
                "SELECT * FROM match UNION ALL \
                 SELECT * REPLACE ('n2' AS need_id, 5 AS cost) FROM match WHERE need_id = 'n1'",
            ),
            ("unmatched", "SELECT * FROM unmatched WHERE need_id = 'n3'"),
        ],
    ),
];

/// v1 serves n2 instead of n1: a plan that can be carried out, for 45 more.
const DEARER: [Made; 2] = [
    (
        "match",
        "SELECT * REPLACE ('n2' AS need_id, 5 AS cost) FROM match WHERE need_id = 'n1' \
         UNION ALL SELECT * FROM match WHERE need_id = 'n3'",
    ),
    (
        "unmatched",
        "SELECT * REPLACE (CASE need_id WHEN 'n2' THEN 'n1' ELSE need_id END AS need_id) FROM unmatched",
    ),
];

/// A session over an empty pool, and the folder it is in.
async fn session() -> (tempfile::TempDir, Session) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::create(&folder.path().join("pool"), &PoolConfig::default(), 0).await;
    let store = store.expect("a pool");
    let snapshot = store.latest().await.expect("a snapshot");
    let session = Session::new(&store, &snapshot, &QueryLimits::default()).await;
    (folder, session.expect("a session"))
}

async fn frame(session: &Session, sql: &str, params: &Params) -> Frame {
    let answer = session.internal(sql, params).await;
    let (schema, batches) = answer.unwrap_or_else(|it| panic!("{sql}: {it}"));
    Frame::new(&schema, &batches).expect("a frame")
}

/// Puts rows in the place of tables; all are made before the first takes its place.
async fn put(session: &Session, tables: &[Made]) {
    let mut made = Vec::new();
    for (table, sql) in tables {
        made.push((table, frame(session, sql, &Params::default()).await));
    }
    for (table, rows) in made {
        session.register(table, rows.batch().schema(), vec![rows.batch().clone()]).expect("a table");
    }
}

/// What the certificate says: gap, finding, whether it holds.
async fn verdict(session: &Session) -> (i64, Option<String>, bool) {
    let params: Params = [("run", ParamValue::Text("r".to_owned()))].into_iter().collect();
    let row = frame(session, "SELECT * FROM q_certificate($run)", &params).await;
    let (gap, finding) = (row.integers("gap").expect("a gap"), row.texts("finding").expect("a finding"));
    let certified = row.booleans("certified").expect("a verdict").value(0);
    (integer_at(&gap, 0).expect("a gap"), text_at(&finding, 0).map(str::to_owned), certified)
}

#[tokio::test]
async fn a_sound_plan_is_certified_and_a_dearer_one_has_a_gap() {
    let (_folder, session) = session().await;
    put(&session, &SOUND).await;
    assert_eq!(verdict(&session).await, (0, None, true));
    put(&session, &DEARER).await;
    assert_eq!(verdict(&session).await, (45, None, false));
}

#[tokio::test]
async fn every_kind_of_forgery_is_found_by_its_name() {
    let (_folder, session) = session().await;
    for (finding, forgery) in FORGED {
        put(&session, &SOUND).await;
        put(&session, forgery).await;
        let (_, found, certified) = verdict(&session).await;
        assert_eq!((found.as_deref(), certified), (Some(finding), false), "{forgery:?}");
    }
    let forged: BTreeSet<&str> = FORGED.iter().map(|(finding, _)| *finding).collect();
    let known: BTreeSet<&str> = FINDINGS.iter().map(|(en, _)| *en).collect();
    assert_eq!(forged, known);
}

#[test]
fn every_finding_of_the_certificate_has_chinese_words() {
    let library = Library::embedded().expect("a library");
    let sql = &library.query("certificate").expect("a query").sql;
    // Findings are sentences; the other texts of the query are single words.
    let said = sql.split("THEN '").skip(1).filter_map(|it| it.split('\'').next());
    let said: BTreeSet<&str> = said.filter(|it| it.contains(' ')).collect();
    let known: BTreeSet<&str> = FINDINGS.iter().map(|(en, _)| *en).collect();
    assert_eq!(said, known);
    assert!(FINDINGS.iter().all(|(_, zh)| !zh.is_ascii()));
}

#[tokio::test]
async fn rows_are_compared_whatever_their_order_and_in_every_column() {
    let (_folder, session) = session().await;
    let catalog = Catalog::embedded().expect("a catalog");
    let schema = catalog.table("unmatched").expect("a table");
    let rows = async |values: &str| {
        let sql = format!(
            "SELECT 'r' AS run_id, 'd1' AS district_id, NULL AS community_id, 0 AS occurrence_start, 1 AS units, \
             'unmatched' AS status, * FROM (VALUES {values}) AS it(need_id, reason, tier)"
        );
        frame(&session, &sql, &Params::default()).await
    };
    let stored = rows("('n1', 'full', 1), ('n2', 'vetoed', NULL)").await;
    let same = rows("('n2', 'vetoed', NULL), ('n1', 'full', 1)").await;
    assert_eq!(difference(schema, &stored, &same).expect("an answer"), None);
    for other in ["('n2', 'full', NULL), ('n1', 'full', 1)", "('n2', 'vetoed', 0), ('n1', 'full', 1)"] {
        let found = difference(schema, &stored, &rows(other).await).expect("an answer");
        let one = Difference { stored: 2, derived: 2, only_stored: 1, only_derived: 1 };
        assert_eq!(found, Some(one), "{other}");
    }
    let found = difference(schema, &stored, &rows("('n1', 'full', 1)").await).expect("an answer");
    assert_eq!(found, Some(Difference { stored: 2, derived: 1, only_stored: 1, only_derived: 0 }));
}
