//! Queries of practices over the cases that they were written for: 2833 and nanxing as committed.

use std::path::Path;

use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::datatypes::Int64Type;
use linli_query::{Mode, Params, QueryLimits, Session};

use crate::support::Pool;

const TABLES: [(&str, &[&str]); 2] = [
    (
        "2833",
        &["district", "community", "service", "service_point", "merchant", "offer", "pairing", "public_post"],
    ),
    (
        "nanxing",
        &[
            "district",
            "community",
            "service",
            "service_point",
            "pool_resource",
            "pool_loan",
            "contract",
            "project",
        ],
    ),
];

/// Both cases in one pool, nothing refused.
async fn both() -> Pool {
    let pool = Pool::new().await;
    for (case, tables) in TABLES {
        for table in tables {
            let file = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join(format!("../../datasets/cases/{case}/{table}.csv"));
            let report = pool.load_files(table, &[file], Mode::Upsert).await.expect("a report");
            assert_eq!((report.quarantined, report.issues_total), (0, 0), "{case}/{table}");
        }
    }
    pool
}

/// Adds up columns of whole numbers over the rows of a district, and counts the rows without.
async fn sums<const N: usize>(
    pool: &Pool,
    query: &str,
    district: &str,
    columns: [&str; N],
) -> [(i64, usize); N] {
    let snapshot = pool.store.latest().await.expect("a snapshot");
    let session = Session::new(&pool.store, &snapshot, &QueryLimits::default()).await.expect("a session");
    let casts = columns.map(|it| format!("CAST({it} AS BIGINT) AS {it}")).join(", ");
    let sql = format!("SELECT {casts} FROM q_{query}() WHERE district_id = '{district}'");
    let (_, batches) = session.collect_rows(&sql, &Params::default()).await.expect("rows");
    columns.map(|name| {
        let cells = batches.iter().map(|it| it.column_by_name(name).expect(name).as_primitive::<Int64Type>());
        cells.fold((0, 0), |(sum, none), it| (sum + it.iter().flatten().sum::<i64>(), none + it.null_count()))
    })
}

#[tokio::test]
async fn what_communities_lend_and_borrow_room_and_platforms_follow_from_the_registries() {
    let pool = both().await;
    let [lent, borrowed, out, for_needs] =
        sums(&pool, "sharing_ledger", "nanxing", ["lent", "borrowed", "not_returned", "lent_for_needs"])
            .await;
    assert_eq!(lent, borrowed, "what one lends another borrows");
    assert!(lent.0 > for_needs.0 && for_needs.0 > 0 && out.0 > 0, "{lent:?} {for_needs:?} {out:?}");
    assert_eq!(sums(&pool, "sharing_ledger", "yunhe", ["lent"]).await, [(0, 0)], "no pool, no rows");

    let norm =
        async |district: &str| sums(&pool, "room_area_norm", district, ["keeps_norm", "area_m2"]).await;
    assert_eq!(norm("yunhe").await, [(51, 0), (19_000, 0)]);
    let [(keeps, unknown), (_, no_area)] = norm("cz-xinhua").await;
    assert!(keeps < 15 && unknown == 10 && no_area == 10, "{keeps} keep it, {unknown} unknown");
    let [(_, unknown), _] = norm("nanxing").await;
    assert_eq!(unknown, 1, "one station has no area on file");

    let [present, expected, complete] =
        sums(&pool, "platform_completeness", "yunhe", ["present", "expected", "complete"]).await;
    assert_eq!([present, expected, complete], [(51 * 8, 0), (51 * 8, 0), (51, 0)]);
    let [(present, unknown)] = sums(&pool, "platform_completeness", "cz-county01", ["present"]).await;
    assert_eq!((present, unknown), (5 * 8 - 1 + 8, 9), "one station lacks a platform; the centre has all");
}
