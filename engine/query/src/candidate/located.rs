//! Where needs and providers are: their coordinates, the gazetteer, the community, or unknown.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Float64Array, ListBuilder, RecordBatch, StringBuilder,
};

use super::{Scope, Stage, rule};
use crate::config::PoolConfig;
use crate::frame::{Frame, text_at};
use crate::session::{Params, QueryLimits, Session};
use crate::store::{Change, CommitNote, Store};

const DAY_US: i64 = 86_400_000_000;

/// What is missing is empty.
fn texts(texts: &[&str]) -> ArrayRef {
    let texts = texts.iter().map(|it| (!it.is_empty()).then_some(*it));
    Arc::new(texts.collect::<datafusion::arrow::array::StringArray>())
}

fn numbers(numbers: &[Option<f64>]) -> ArrayRef {
    Arc::new(Float64Array::from(numbers.to_vec()))
}

fn lists(lists: &[&[&str]]) -> ArrayRef {
    let mut builder = ListBuilder::new(StringBuilder::new());
    lists.iter().for_each(|it| builder.append_value(it.iter().map(|it| Some(*it))));
    Arc::new(builder.finish())
}

fn change(table: &str, columns: Vec<(&str, ArrayRef)>) -> Change {
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    Change::Append { table: table.to_owned(), batches: vec![batch] }
}

/// Two communities of two districts, places in and outside of them, and who lives there.
async fn pool() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::create(&folder.path().join("pool"), &PoolConfig::default(), 0).await;
    let store = store.expect("a pool");
    let changes = vec![
        change(
            "community",
            vec![
                ("community_id", texts(&["c1", "c2"])),
                ("district_id", texts(&["d1", "d2"])),
                ("lon", numbers(&[Some(101.0), Some(102.0)])),
                ("lat", numbers(&[Some(26.0), Some(26.0)])),
            ],
        ),
        change(
            "gazetteer",
            vec![
                ("place_name", texts(&["幸福小区", "幸福", "人民路", "东"])),
                ("alias", lists(&[&["老纺织厂宿舍", "厂"], &[], &[], &[]])),
                ("community_id", texts(&["c1", "c1", "", ""])),
                ("lon", numbers(&[Some(111.0), Some(112.0), Some(113.0), Some(114.0)])),
                ("lat", numbers(&[Some(26.5); 4])),
            ],
        ),
        change(
            "need",
            vec![
                (
                    "need_id",
                    texts(&["own", "longest", "alias", "open", "elsewhere", "nowhere", "district", "done"]),
                ),
                ("community_id", texts(&["c1", "c1", "c1", "c2", "c2", "", "", "c1"])),
                ("district_id", texts(&["", "", "", "", "", "d1", "d2", ""])),
                (
                    "address",
                    texts(&[
                        "幸福小区1号楼",
                        "某街道幸福小区3号楼",
                        "老纺织厂宿舍2单元",
                        "人民路8号",
                        "幸福小区5号楼",
                        "幸福小区6号楼",
                        "幸福小区7号楼",
                        "幸福小区8号楼",
                    ]),
                ),
                ("status", texts(&["", "", "", "open", "", "", "", "closed"])),
                ("lon", numbers(&[Some(120.0), None, Some(9.0), None, None, None, None, None])),
                ("lat", numbers(&[Some(30.0), None, None, None, None, None, None, None])),
            ],
        ),
        change(
            "volunteer",
            vec![
                ("volunteer_id", texts(&["east", "same"])),
                ("community_id", texts(&["c1", "c1"])),
                ("address", texts(&["东门外", "幸福里"])),
                ("consent", Arc::new(BooleanArray::from(vec![true, true]))),
            ],
        ),
        change(
            "merchant",
            vec![("merchant_id", texts(&["shop", "lost"])), ("address", texts(&["人民路12号", "老街"]))],
        ),
    ];
    let base = store.latest().await.expect("a snapshot");
    let note = CommitNote { at_us: 0, action: "test".to_owned() };
    store.commit(&base, changes, &note).await.expect("a commit");
    (folder, store)
}

async fn places(store: &Store, query: &str, id: &str, params: &Params) -> Vec<String> {
    let snapshot = store.latest().await.expect("a snapshot");
    let session = Session::new(store, &snapshot, &QueryLimits::default()).await.expect("a session");
    let sql = rule::placed(query).expect("SQL");
    let (schema, batches) = session.internal(&sql, params).await.expect("rows");
    let rows = Frame::new(&schema, &batches).expect("rows");
    let (ids, bases) = (rows.texts(id).expect("ids"), rows.texts("basis").expect("bases"));
    let lons = rows.numbers("lon").expect("numbers");
    let lon = |row: usize| lons.iter().nth(row).flatten().map_or("-".to_owned(), |it| it.to_string());
    let row = |row: usize| format!("{} {} {}", ids.value(row), text_at(&bases, row).unwrap_or("-"), lon(row));
    (0..rows.rows()).map(row).collect()
}

#[tokio::test]
async fn the_longest_name_in_an_address_says_where_it_is() {
    let (_folder, store) = pool().await;
    assert_eq!(
        places(&store, "need", "need_id", &Scope::default().params()).await,
        [
            "alias gazetteer 111",
            "district unknown -",
            "elsewhere centroid 102",
            "longest gazetteer 111",
            "nowhere gazetteer 111",
            "open gazetteer 113",
            "own point 120",
        ]
    );
    assert_eq!(
        places(&store, "provider", "provider_id", &Params::default()).await,
        ["east centroid 101", "lost unknown -", "same gazetteer 112", "shop gazetteer 113"]
    );
}

#[tokio::test]
async fn candidates_say_that_the_gazetteer_was_asked() {
    let (_folder, store) = pool().await;
    let snapshot = store.latest().await.expect("a snapshot");
    let scope = Scope { from: Some(0), to: Some(DAY_US), reach_m: 20_000_000, ..Scope::default() };
    let stage = Stage::new(&store, &snapshot, &scope, &QueryLimits::default()).await.expect("a stage");
    let rows = stage.candidates().await.expect("candidates").rows;
    let (needs, providers) = (rows.texts("need_id").expect("ids"), rows.texts("provider_id").expect("ids"));
    let bases = rows.texts("distance_basis").expect("bases");
    let basis = |need: &str, provider: &str| {
        let row = (0..rows.rows()).find(|it| needs.value(*it) == need && providers.value(*it) == provider);
        bases.value(row.unwrap_or_else(|| panic!("{need} {provider}"))).to_owned()
    };
    assert_eq!(basis("own", "same"), "gazetteer");
    assert_eq!(basis("longest", "same"), "gazetteer");
    assert_eq!(basis("longest", "east"), "centroid");
}

#[test]
fn needs_that_are_looked_up_are_those_that_are_matched() {
    let open = |name: &str| {
        let sql = rule::sql(name).expect("SQL");
        let list = sql.split_once("status, 'open') IN (").expect("a list").1.to_owned();
        list.split_once(')').expect("its end").0.split_whitespace().collect::<String>()
    };
    assert_eq!(open("need"), open("located"));
}
