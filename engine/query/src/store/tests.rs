//! Writers that meet between the two steps of a commit.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema};

use super::delta::Delta;
use super::files::{align, map_rows};
use super::format::TableFormat;
use super::{CommitNote, Snapshot, Store, Write, schema_of};
use crate::config::PoolConfig;
use crate::error::Error;

fn teams(ids: &[&str]) -> RecordBatch {
    let schema = Schema::new(vec![Field::new("team_id", DataType::Utf8, true)]);
    let column: ArrayRef = Arc::new(StringArray::from(ids.to_vec()));
    RecordBatch::try_new(Arc::new(schema), vec![column]).expect("a batch")
}

fn writes(table: &str, replace: bool, ids: &[&str]) -> BTreeMap<String, Write> {
    let write = Write { replace, batches: vec![teams(ids)], sum: None };
    BTreeMap::from([(table.to_owned(), write)])
}

fn note(action: &str) -> CommitNote {
    CommitNote { at_us: 0, action: action.to_owned() }
}

async fn ids(store: &Store, snapshot: &Snapshot) -> Vec<String> {
    let batches = store.read(snapshot, "team").await.expect("rows");
    let texts = |it: &RecordBatch| -> Vec<String> {
        it.column(0).as_string::<i32>().iter().flatten().map(str::to_owned).collect()
    };
    batches.iter().flat_map(texts).collect()
}

struct Pool {
    store: Store,
    _folder: tempfile::TempDir,
}

async fn pool() -> Pool {
    let folder = tempfile::tempdir().expect("a folder");
    let config = PoolConfig::default();
    let store = Store::create(&folder.path().join("pool"), &config, 0).await.expect("a pool");
    Pool { store, _folder: folder }
}

#[tokio::test]
async fn rows_of_a_writer_that_died_before_its_manifest_never_appear() {
    let Pool { store, _folder } = pool().await;
    let base = store.latest().await.expect("a snapshot");
    let first = store.write(&base, writes("team", false, &["a"]), &note("1")).await.expect("ok");
    store.stage(&first, writes("team", false, &["dead"]), 0).await.expect("staged");
    store.stage(&first, writes("team", true, &["dead too"]), 0).await.expect("staged");

    assert_eq!(ids(&store, &store.latest().await.expect("ok")).await, ["a"]);
    let next = store.write(&first, writes("team", false, &["b"]), &note("2")).await.expect("ok");
    assert_eq!(ids(&store, &next).await, ["a", "b"]);
    assert_eq!(next.tables["team"].digest, store.digest(&next, "team").await.expect("ok"));
    let again = store.write(&next, writes("team", true, &["c"]), &note("3")).await.expect("ok");
    assert_eq!(ids(&store, &again).await, ["c"]);
    for (snapshot, rows) in [(&first, vec!["a"]), (&next, vec!["a", "b"])] {
        assert_eq!(ids(&store, snapshot).await, rows);
    }
}

#[tokio::test]
async fn a_table_whose_first_writer_died_begins_empty() {
    let Pool { store, _folder } = pool().await;
    let base = store.latest().await.expect("a snapshot");
    store.stage(&base, writes("team", false, &["dead"]), 0).await.expect("staged");
    assert!(ids(&store, &base).await.is_empty());
    let first = store.write(&base, writes("team", false, &["a"]), &note("1")).await.expect("ok");
    assert_eq!(ids(&store, &first).await, ["a"]);
}

#[tokio::test]
async fn a_slow_writer_loses_to_the_one_that_wrote_over_it() {
    let Pool { store, _folder } = pool().await;
    let base = store.latest().await.expect("a snapshot");
    let slow = store.stage(&base, writes("team", false, &["slow"]), 0).await.expect("staged");
    let fast = store.write(&base, writes("team", false, &["fast"]), &note("fast")).await;
    let fast = fast.expect("the slow one is not there yet");
    let error = store.publish(&base, &[], slow, &note("slow")).await.expect_err("a conflict");
    assert!(matches!(&error, Error::Conflict { table, snapshot: 1 } if table == "team"), "{error}");
    assert_eq!(ids(&store, &fast).await, ["fast"]);
}

#[tokio::test]
async fn a_slow_writer_that_puts_its_manifest_first_wins_although_it_was_written_over() {
    let Pool { store, _folder } = pool().await;
    let base = store.latest().await.expect("a snapshot");
    let slow = store.stage(&base, writes("team", false, &["slow"]), 0).await.expect("staged");
    let fast = store.stage(&base, writes("team", false, &["fast"]), 0).await.expect("staged");
    let won = store.publish(&base, &[], slow, &note("slow")).await.expect("the first manifest");
    store.publish(&base, &[], fast, &note("fast")).await.expect_err("a conflict");
    assert_eq!(ids(&store, &won).await, ["slow"]);
    let next = store.write(&won, writes("team", false, &["next"]), &note("next")).await;
    assert_eq!(ids(&store, &next.expect("ok")).await, ["slow", "next"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_writers_of_one_table_one_wins_and_the_others_hear_of_it() {
    let Pool { store, _folder } = pool().await;
    let base = store.latest().await.expect("a snapshot");
    let tasks: Vec<_> = (0..8)
        .map(|writer| {
            let (root, base) = (store.root().to_owned(), base.clone());
            tokio::spawn(async move {
                let store = Store::open(&root).await.expect("a pool");
                let id = writer.to_string();
                store.write(&base, writes("team", false, &[&id]), &note(&id)).await
            })
        })
        .collect();
    let mut won = Vec::new();
    for task in tasks {
        match task.await.expect("no panic") {
            Ok(snapshot) => won.push(snapshot),
            Err(error) => assert!(matches!(error, Error::Conflict { .. }), "{error}"),
        }
    }
    assert_eq!(won.len(), 1);
    assert_eq!(ids(&store, &won[0]).await, [won[0].action.clone()]);
    assert_eq!(store.history().await.expect("ok").len(), 2);
}

#[tokio::test]
async fn old_versions_stay_readable_behind_checkpoints_and_merged_files() {
    let Pool { store, _folder } = pool().await;
    let mut newest = store.latest().await.expect("a snapshot");
    for round in 0..70 {
        let id = format!("{round:02}");
        newest = store.write(&newest, writes("team", false, &[&id]), &note(&id)).await.expect("ok");
    }
    let reopened = Store::open(store.root()).await.expect("a pool");
    for id in [1, 30, 31, 32, 33, 64, 70] {
        let snapshot = reopened.snapshot(id).await.expect("a snapshot");
        assert_eq!(ids(&reopened, &snapshot).await.len() as u64, id);
        assert_eq!(reopened.digest(&snapshot, "team").await.expect("ok"), snapshot.tables["team"].digest);
    }
    assert!(store.root().join("tables/team/_delta_log/_last_checkpoint").exists());
    let files = reopened.files(&newest, "team").await.expect("files");
    assert!(files.len() < 35, "small files become one: {}", files.len());
}

#[tokio::test]
async fn a_table_takes_the_columns_that_a_later_build_knows() {
    let folder = tempfile::tempdir().expect("a folder");
    let tables = Delta::new(folder.path().to_owned());
    let later = schema_of("team").expect("a table");
    let mut earlier = later.clone();
    earlier.fields.truncate(1);
    let first = tables.append(&earlier, None, vec![teams(&["a"])], 0).await.expect("ok");
    let wide = align(&teams(&["b"]), &Arc::new(later.arrow())).expect("a batch");
    let second = tables.append(later, first, vec![wide], 0).await.expect("ok").expect("a version");
    let paths = tables.files("team", second).await.expect("files");
    let batches = map_rows(paths, Arc::new(later.arrow()), Ok).await.expect("rows");
    let shapes: Vec<_> = batches.iter().map(|it| (it.num_rows(), it.num_columns())).collect();
    assert_eq!(shapes, [(1, later.fields.len()), (1, later.fields.len())]);
    let log = folder.path().join(format!("team/_delta_log/{second:020}.json"));
    let log = std::fs::read_to_string(log).expect("a log entry");
    assert!(log.contains("metaData") && log.contains("subject"), "{log}");
}
