use linli_model::{Failure, Kind};

use super::*;

fn witness() -> Witness {
    Witness { at_us: 1_700_000_000_000_000, host: "test".to_owned(), actor: "tester".to_owned(), threads: 1 }
}

async fn pool() -> (tempfile::TempDir, Pool) {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = Pool::init(&folder.path().join("pool"), &witness()).await.expect("a pool");
    (folder, pool)
}

async fn plugins(pool: &Pool) -> Vec<PluginRow> {
    let latest = pool.latest().await.expect("a snapshot");
    pool.plugins(&latest, &witness()).await.expect("the plugins")
}

fn component(name: &str) -> Vec<u8> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/dist");
    std::fs::read(dist.join(format!("{name}.wasm"))).expect("the component")
}

#[tokio::test]
async fn a_new_pool_has_the_reference_plugins_and_no_others() {
    let (_folder, pool) = pool().await;
    let names: Vec<String> = plugins(&pool).await.into_iter().map(|it| it.name).collect();
    let expected = [
        "continuity",
        "exclusion-zone",
        "hotline-rates",
        "load-balance",
        "local-first",
        "merchant-offer",
        "skill-fit",
        "speciality-point",
        "star-rating",
        "time-bank-credit",
        "topsis",
        "visit-team",
        "walking-distance",
        "weighted-index",
    ];
    assert_eq!(names, expected);
}

#[tokio::test]
async fn a_plugin_is_compiled_once_but_its_file_is_read_every_time() {
    let (_folder, pool) = pool().await;
    let PluginRow { name, digest, .. } = plugins(&pool).await.swap_remove(0);
    // Opened anew, so that nothing is compiled yet.
    let pool = Pool::open(pool.root()).await.expect("the pool");
    let ask = || pool.plugin_by_digest(&name, &digest);
    let (first, again) = (ask().expect("a plugin"), ask().expect("a plugin"));
    assert!(std::ptr::eq(first.description(), again.description()), "compiled twice");
    let path = pool.plugin_path(&digest);
    std::fs::write(&path, component("skill-fit")).expect("a file");
    let changed = ask().expect_err("another file");
    assert_eq!((changed.kind(), changed.code()), (Kind::Data, "tampered-plugin"));
    std::fs::remove_file(&path).expect("removed");
    let gone = ask().expect_err("no file");
    assert_eq!((gone.kind(), gone.code()), (Kind::Data, "missing-plugin"));
    assert!(changed.hint().is_some() && gone.hint().is_some());
}

#[tokio::test]
async fn what_breaks_the_contract_leaves_the_pool_as_it_was() {
    let (_folder, pool) = pool().await;
    let (before, snapshot) = (plugins(&pool).await, pool.latest().await.expect("a snapshot").id);
    for (name, code, expected) in [
        ("scores-nan", "plugin-breaks-contract", "one-row"),
        ("scores-by-position", "plugin-breaks-contract", "same-when-split"),
        ("asks-for-the-outcome", "column-not-granted", "cost"),
    ] {
        let bytes = component(&format!("hostile/{name}"));
        let error = pool.add_plugin(&bytes, &witness()).await.expect_err("refused");
        assert_eq!((error.kind(), error.code()), (Kind::Plugin, code), "{error}");
        assert!(error.to_string().contains(expected), "{error}");
        assert!(error.zh().contains(expected), "{}", error.zh());
        assert!(!pool.plugin_path(&linli_plugin::digest(&bytes)).exists());
    }
    assert_eq!(plugins(&pool).await, before);
    assert_eq!(pool.latest().await.expect("a snapshot").id, snapshot);
}

#[test]
fn many_who_write_the_same_file_leave_it_whole_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("digest.wasm");
    let bytes = vec![7; 1 << 20];
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| write_whole(&path, &bytes).expect("written"));
        }
    });
    assert_eq!(std::fs::read(&path).expect("the file"), bytes);
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 1);
    assert!(write_whole(&folder.path().join("no/such/folder.wasm"), &bytes).is_err());
}
