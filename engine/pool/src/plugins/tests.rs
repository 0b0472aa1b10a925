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

/// So that no `init` has to do it.
#[test]
fn every_reference_plugin_was_examined_and_is_listed_as_it_is() {
    let host = linli_plugin::Host::new(linli_plugin::Limits::default()).expect("a host");
    let examined: Vec<PluginRow> = reference::REFERENCE
        .iter()
        .map(|bytes| {
            let plugin = host.load(bytes).expect("a plugin");
            let report = examine(&plugin);
            assert!(report.ok, "{report:?}");
            PluginRow::of(&plugin)
        })
        .collect();
    let text = serde_json::to_string_pretty(&examined).expect("text");
    assert_eq!(reference::examined(), examined, "write this into plugins/reference.json:\n{text}");
}

#[tokio::test]
async fn what_nobody_names_loses_its_file_and_what_a_run_names_keeps_it() {
    let (_folder, pool) = pool().await;
    let rows = plugins(&pool).await;
    let digest = |name: &str| rows.iter().find(|it| it.name == name).expect("it").digest.clone();
    let removed = pool.remove_plugin("topsis", &witness()).await.expect("removed");
    assert!(!removed.file_kept && !pool.plugin_path(&digest("topsis")).exists());
    let mut page = Page::new("run_input");
    page.add([
        ("run_id", "r1".into()),
        ("kind", "plugin".into()),
        ("name", "continuity".into()),
        ("digest", digest("continuity").into()),
    ]);
    let (base, note) = (pool.latest().await.expect("a snapshot"), pool.note(&witness(), "run".to_owned()));
    pool.store.commit(&base, vec![page.append().expect("a page")], &note).await.expect("committed");
    let removed = pool.remove_plugin("continuity", &witness()).await.expect("removed");
    assert_eq!((removed.named_by, removed.file_kept), (1, true));
    assert!(pool.plugin_path(&digest("continuity")).exists());
    let gone = pool.remove_plugin("topsis", &witness()).await.expect_err("gone");
    assert_eq!((gone.kind(), gone.code()), (Kind::NotFound, "unknown-plugin"));
}

#[tokio::test]
async fn code_is_kept_under_the_users_seal_and_a_tampered_one_is_compiled_anew() {
    let (_folder, pool) = pool().await;
    let PluginRow { name, digest, .. } = plugins(&pool).await.swap_remove(0);
    let open = async || {
        let pool = Pool::open(pool.root()).await.expect("the pool");
        pool.keeping_code(&[7; 32]).expect("a host")
    };
    let folder = pool.root().join("plugins/cache");
    assert!(!folder.exists(), "a new pool compiles nothing");
    open().await.plugin_by_digest(&name, &digest).expect("a plugin");
    let files: Vec<_> = std::fs::read_dir(&folder).expect("a folder").flatten().map(|it| it.path()).collect();
    let [file] = files.as_slice() else { panic!("{files:?}") };
    let whole = std::fs::read(file).expect("code");
    let mut changed = whole.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    std::fs::write(file, &changed).expect("written");
    open().await.plugin_by_digest(&name, &digest).expect("a plugin");
    assert!(std::fs::read(file).expect("code") == whole, "compiled and sealed again");
    // What another version of linli left goes when this one writes.
    let old = folder.join(format!("{}.old.code", file.file_name().expect("a name").to_string_lossy()));
    std::fs::write(&old, b"old").expect("written");
    std::fs::write(file, b"short").expect("written");
    open().await.plugin_by_digest(&name, &digest).expect("a plugin");
    assert!(!old.exists() && std::fs::read(file).expect("code") == whole);
    pool.remove_plugin(&name, &witness()).await.expect("removed");
    assert!(!file.exists(), "code goes with its component");
}

#[tokio::test]
async fn a_plugin_that_decides_later_is_asked_for_its_signatures_then() {
    let (_folder, pool) = pool().await;
    let secret = linli_plugin::SecretKey::generate().expect("a key");
    let key = linli_plugin::TrustedKey {
        key: secret.public(),
        owner: "East office".to_owned(),
        districts: vec!["d1".to_owned()],
    };
    let policy = linli_plugin::Policy { threshold: 1, keys: vec![key] };
    pool.set_policy(&policy, &witness()).await.expect("a policy");
    assert_eq!(pool.policy(&witness()).await.expect("a policy"), policy);
    let PluginRow { name, digest, .. } = plugins(&pool).await.swap_remove(0);
    let plugin = pool.plugin_by_digest(&name, &digest).expect("a plugin");
    let latest = pool.latest().await.expect("a snapshot");
    let session = pool.session(&latest, &crate::pool::own_limits(&witness())).await.expect("a session");
    let unsigned = pool.require_signed(&session, &plugin, Some("d1")).await.expect_err("unsigned");
    assert_eq!((unsigned.kind(), unsigned.code()), (Kind::Denied, "too-few-signatures"));
    let mut signatures = linli_plugin::Signatures::none(&plugin);
    signatures.sign(&plugin, &secret).expect("signed");
    std::fs::write(pool.signature_path(&digest), signatures.text()).expect("written");
    pool.require_signed(&session, &plugin, Some("d1")).await.expect("signed for d1");
    let elsewhere = pool.require_signed(&session, &plugin, None).await.expect_err("not for all");
    assert_eq!((elsewhere.kind(), elsewhere.code()), (Kind::Denied, "district-not-granted"));
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
