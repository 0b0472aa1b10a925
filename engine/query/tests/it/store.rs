//! Pools, snapshots and commits, as seen from outside.

use datafusion::arrow::array::RecordBatch;
use linli_query::{Change, CommitNote, Error, Mode, PoolConfig, Snapshot, Store};

use crate::support::{Pool, names, rows, texts};

fn teams(ids: &[&str]) -> Vec<RecordBatch> {
    vec![texts(&[("team_id", ids)])]
}

fn append(table: &str, ids: &[&str]) -> Change {
    let key = if table == "team" { "team_id" } else { "post_id" };
    Change::Append { table: table.to_owned(), batches: vec![texts(&[(key, ids)])] }
}

fn replace(ids: &[&str]) -> Change {
    Change::Replace { table: "team".to_owned(), batches: teams(ids) }
}

fn note(action: &str) -> CommitNote {
    CommitNote { at_us: 7, action: action.to_owned() }
}

async fn team_ids(store: &Store, at: &Snapshot) -> Vec<String> {
    let mut ids = rows(store, at, "team", &["team_id"]).await;
    ids.sort();
    ids
}

#[tokio::test]
async fn a_new_pool_has_an_empty_snapshot_and_its_folders() {
    let pool = Pool::new().await;
    let found = names(pool.store.root());
    let expected = ["mappings", "plugins", "policy.toml", "pool.json", "snapshots", "tables"];
    assert_eq!(found, expected);
    let first = pool.store.latest().await.expect("a snapshot");
    assert_eq!((first.id, first.parent, first.tables.len()), (0, None, 0));
    assert!(team_ids(&pool.store, &first).await.is_empty());
    assert_eq!(*pool.store.config(), PoolConfig::default());
}

#[tokio::test]
async fn a_pool_is_made_once_and_only_where_nothing_else_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let create = |name: &str| {
        let root = folder.path().join(name);
        async move { Store::create(&root, &PoolConfig::default(), 0).await }
    };
    std::fs::create_dir(folder.path().join("empty")).expect("a folder");
    create("empty").await.expect("an empty folder is fine");
    let error = create("empty").await.expect_err("a pool is there");
    assert!(matches!(error, Error::PoolExists { .. }), "{error}");
    std::fs::create_dir_all(folder.path().join("other/tables/need")).expect("a folder");
    let error = create("other").await.expect_err("something else is there");
    assert!(matches!(error, Error::NotEmpty { .. }), "{error}");
    create("deep/er").await.expect("folders above are made");
}

#[tokio::test]
async fn a_pool_half_made_is_no_pool_and_can_be_made() {
    let pool = Pool::new().await;
    let root = pool.store.root();
    std::fs::remove_file(root.join("pool.json")).expect("half made");
    let error = Store::open(root).await.expect_err("no pool");
    assert!(matches!(error, Error::NoPool { .. }), "{error}");
    std::fs::write(root.join("pool.json#1"), "{\"form").expect("cut off");
    Store::create(root, &PoolConfig::default(), 0).await.expect("made at the second attempt");
}

#[tokio::test]
async fn a_pool_begun_and_not_finished_is_gone_on_with() {
    let folder = tempfile::tempdir().expect("a folder");
    let (root, config) = (folder.path().join("pool"), PoolConfig::default());
    let begun = Store::begin(&root, &config, 0).await.expect("begun");
    let base = begun.latest().await.expect("a snapshot");
    begun.commit(&base, vec![append("team", &["a"])], &note("1")).await.expect("a commit");
    let error = Store::open(&root).await.expect_err("not a pool yet");
    assert!(matches!(error, Error::NoPool { .. }), "{error}");
    // As if the first had been killed: its rows are there, and the pool is none.
    let store = Store::create(&root, &config, 9).await.expect("gone on with");
    assert_eq!(team_ids(&store, &store.latest().await.expect("a snapshot")).await, ["a"]);
    assert!(!names(&root).iter().any(|it| it.contains("unfinished")));
    let error = begun.finish().await.expect_err("a pool is there");
    assert!(matches!(error, Error::PoolExists { .. }), "{error}");
    let error = Store::begin(&root, &config, 0).await.expect_err("a pool is there");
    assert!(matches!(error, Error::PoolExists { .. }), "{error}");
}

#[tokio::test]
async fn pools_of_newer_formats_are_refused_whatever_else_they_say() {
    let pool = Pool::new().await;
    let path = pool.store.root().join("pool.json");
    let open = async |text: &str| {
        std::fs::write(&path, text).expect("a file");
        Store::open(pool.store.root()).await.expect_err("refused")
    };
    let error = open("{\"format\":99,\"time_zone\":{}}").await;
    assert!(matches!(error, Error::NewerFormat { found: 99, supported: 1, .. }), "{error}");
    for text in ["", "{\"format\":1", "{\"time_zone\":\"+08:00\"}", "{\"format\":1}"] {
        let error = open(text).await;
        assert!(matches!(error, Error::Damaged { .. }), "{text}: {error}");
    }
    let error = Store::open(&pool.store.root().join("nowhere")).await.expect_err("nothing there");
    assert!(matches!(error, Error::NoPool { .. }), "{error}");
}

#[tokio::test]
async fn commits_change_several_tables_and_old_snapshots_stay() {
    let Pool { store, .. } = &Pool::new().await;
    let empty = store.latest().await.expect("a snapshot");
    let both = vec![append("team", &["b", "a"]), append("post", &["p"])];
    let first = store.commit(&empty, both, &note("both")).await.expect("a commit");
    let second = store.commit(&first, vec![replace(&["c"])], &note("c")).await.expect("a commit");
    let third = vec![append("team", &["d"]), append("team", &["e"])];
    let third = store.commit(&second, third, &note("de")).await.expect("a commit");

    assert_eq!(team_ids(store, &first).await, ["a", "b"]);
    assert_eq!(team_ids(store, &second).await, ["c"]);
    assert_eq!(team_ids(store, &third).await, ["c", "d", "e"]);
    assert_eq!(third.tables["team"].rows, 3);
    assert_eq!(third.tables["post"], first.tables["post"]);

    let reopened = Store::open(store.root()).await.expect("a pool");
    assert_eq!(reopened.latest().await.expect("a snapshot"), third);
    let history = reopened.history().await.expect("snapshots");
    assert_eq!(history, [empty, first, second.clone(), third]);
    assert_eq!((history[2].at_us, history[2].action.as_str()), (7, "c"));
    let error = reopened.snapshot(9).await.expect_err("none");
    assert!(matches!(error, Error::UnknownSnapshot { snapshot: 9 }));
}

#[tokio::test]
async fn every_type_comes_back_as_it_went() {
    let pool = Pool::new().await;
    let need = "need_id,skills,tier,window_start,lon,at_home\n\
                n1,tutor; 英语,3,2024-03-05 16:00,121.47,是\n\
                n2,,,,,\n";
    pool.load("need", need, Mode::Upsert).await.expect("a load");
    let columns = ["need_id", "skills", "tier", "window_start", "lon", "at_home"];
    assert_eq!(
        pool.rows("need", &columns).await,
        ["n1 | [tutor, 英语] | 3 | 2024-03-05T08:00:00Z | 121.47 | true", "n2 | - | - | - | - | -"]
    );
    let snapshot = pool.store.latest().await.expect("a snapshot");
    let batches = pool.store.read(&snapshot, "need").await.expect("rows");
    let catalog = linli_model::Catalog::embedded().expect("schemas");
    assert_eq!(*batches[0].schema(), catalog.table("need").expect("a table").arrow());
}

#[tokio::test]
async fn the_same_table_conflicts_and_another_one_does_not() {
    let Pool { store, .. } = &Pool::new().await;
    let other = Store::open(store.root()).await.expect("a pool");
    let base = store.latest().await.expect("a snapshot");
    store.commit(&base, vec![append("team", &["a"])], &note("1")).await.expect("a commit");
    let rebased = other.commit(&base, vec![append("post", &["p"])], &note("2")).await;
    let rebased = rebased.expect("another table");
    assert_eq!((rebased.id, rebased.parent), (2, Some(1)));
    assert_eq!(team_ids(&other, &rebased).await, ["a"]);

    let late = vec![append("post", &["q"]), append("team", &["b"])];
    let error = other.commit(&base, late, &note("3")).await.expect_err("a conflict");
    assert!(matches!(&error, Error::Conflict { table, snapshot: 2 } if table == "post"), "{error}");
    assert_eq!(store.latest().await.expect("a snapshot"), rebased);
}

#[tokio::test]
async fn rows_without_manifest_do_not_come_back_with_the_next_load() {
    let pool = Pool::new().await;
    pool.load("team", "team_id,members\na,1\n", Mode::Upsert).await.expect("a load");
    pool.load("team", "team_id,members\nlost,1\na,2\n", Mode::Upsert).await.expect("a load");
    // As if the second load had been killed before its manifest.
    std::fs::remove_file(pool.store.root().join("snapshots/0000002.json")).expect("a manifest");

    let store = &pool.store;
    assert_eq!(pool.rows("team", &["team_id", "members"]).await, ["a | 1"]);
    let report = pool.load("team", "team_id,members\nb,3\n", Mode::Upsert).await.expect("a load");
    assert_eq!((report.snapshot, report.inserted, report.updated), (2, 1, 0));
    assert_eq!(pool.rows("team", &["team_id", "members"]).await, ["a | 1", "b | 3"]);
    let newest = store.latest().await.expect("a snapshot");
    assert_eq!(newest.tables["team"].digest, store.digest(&newest, "team").await.expect("ok"));
}

#[tokio::test]
async fn the_digest_forgets_the_order_and_the_way() {
    let (one, two) = (Pool::new().await, Pool::new().await);
    one.load("team", "team_id,members\na,1\nb,2\nc,3\n", Mode::Upsert).await.expect("a load");
    two.load("team", "members,team_id\n9,c\n2,b\n", Mode::Append).await.expect("a load");
    two.load("team", "team_id,members\nc,3\na,1\n", Mode::Upsert).await.expect("a load");
    let state = async |pool: &Pool| {
        let newest = pool.store.latest().await.expect("a snapshot");
        let anew = pool.store.digest(&newest, "team").await.expect("a digest");
        assert_eq!(newest.tables["team"].digest, anew);
        anew
    };
    assert_eq!(state(&one).await, state(&two).await);
    two.load("team", "team_id,members\nc,4\n", Mode::Upsert).await.expect("a load");
    assert_ne!(state(&one).await, state(&two).await);
}

#[tokio::test]
async fn manifests_half_written_are_never_seen() {
    let pool = Pool::new().await;
    pool.load("team", "team_id\na\n", Mode::Upsert).await.expect("a load");
    let folder = pool.store.root().join("snapshots");
    for name in ["0000002.json#1", "0000003.json.tmp", "2.json"] {
        std::fs::write(folder.join(name), "{\"id\":2,").expect("a file");
    }
    let reopened = Store::open(pool.store.root()).await.expect("a pool");
    assert_eq!(reopened.latest().await.expect("a snapshot").id, 1);
    assert_eq!(reopened.history().await.expect("snapshots").len(), 2);
    let report = pool.load("team", "team_id\nb\n", Mode::Upsert).await.expect("a load");
    assert_eq!(report.snapshot, 2);
}

#[tokio::test]
async fn a_damaged_manifest_is_named() {
    let pool = Pool::new().await;
    std::fs::write(pool.store.root().join("snapshots/0000001.json"), "{\"id\":1").expect("a file");
    let error = pool.store.latest().await.expect_err("damaged");
    assert!(matches!(&error, Error::Damaged { path, .. } if path.ends_with("0000001.json")));
}

#[tokio::test]
async fn tables_nobody_knows_are_refused_with_the_nearest() {
    let Pool { store, .. } = &Pool::new().await;
    let base = store.latest().await.expect("a snapshot");
    let error = store.read(&base, "teams").await.expect_err("unknown");
    assert!(matches!(&error, Error::UnknownTable { nearest: Some(it), .. } if it == "team"), "{error}");
    let change = Change::Append { table: "team".to_owned(), batches: vec![texts(&[("size", &["1"])])] };
    store.commit(&base, vec![change], &note("1")).await.expect_err("no such column");
    assert_eq!(store.latest().await.expect("a snapshot").id, 0);
}
