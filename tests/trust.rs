//! Who lets plugins in: keys, signatures, policies and bundles through the binary, and what is
//! refused, with one line each and nothing changed.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json as value};

use crate::support::{Story, binary, json, linli, refused, root};

const PLUGIN: &str = "plugins/dist/time-bank-credit.wasm";

/// What must not change when something is refused: tables and files.
fn state(story: &Story) -> (usize, Vec<String>) {
    let snapshots = json(&["history", &story.pool()])["snapshots"].as_array().unwrap().len();
    let folder = Path::new(&story.pool()).join("plugins");
    let names = fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|it| it != "cache").collect();
    names.sort();
    (snapshots, names)
}

/// The error of a command that must leave the pool as it was.
fn refused_unchanged(story: &Story, arguments: &[&str], exit: i32, code: &str) -> Value {
    let before = state(story);
    let (found, error) = refused(arguments);
    let seen = (found, error["code"].as_str().unwrap());
    assert_eq!(seen, (exit, code), "{}: {error}", arguments.join(" "));
    for key in ["message", "message_zh"] {
        let line = error[key].as_str().unwrap();
        assert!(!line.contains('\n') && line.is_ascii() != (key == "message_zh"), "{error}");
    }
    assert_eq!(state(story), before, "{}", arguments.join(" "));
    error
}

/// An office with a key.
struct Office {
    file: String,
    key: String,
}

fn office(story: &Story, name: &str) -> Office {
    let file = story.folder.path().join(format!("{name}.key")).display().to_string();
    let key = json(&["plugin", "key", &file])["key"].as_str().unwrap().to_owned();
    Office { file, key }
}

/// A component beside the pool, so that signatures can lie beside it.
fn component(story: &Story, from: &str) -> String {
    let name = Path::new(from).file_name().unwrap().to_str().unwrap();
    story.file(name, fs::read(root().join(from)).unwrap())
}

fn policy(story: &Story, threshold: usize, keys: &[(&Office, &str, &str)]) -> String {
    let key = |(office, owner, district): &(&Office, &str, &str)| value!({"key": office.key, "owner": owner, "districts": [district]});
    let keys: Vec<Value> = keys.iter().map(key).collect();
    story.file("policy.json", value!({"threshold": threshold, "keys": keys}).to_string())
}

fn sign(file: &str, office: &Office) {
    json(&["plugin", "sign", file, "--key", &office.file]);
}

/// How a document is tampered with.
type Change = fn(&mut Value);

fn edit(path: &str, change: impl FnOnce(&mut Value)) {
    let mut document: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    change(&mut document);
    fs::write(path, document.to_string()).unwrap();
}

#[test]
fn two_offices_sign_and_the_pool_lets_the_plugin_in() {
    let story = Story::new();
    assert_eq!(json(&["plugin", "policy", &story.pool()]), value!({"threshold": 0, "keys": []}));
    let open = json(&["plugin", "add", &story.pool(), PLUGIN]);
    assert_eq!(open["open"], true, "as before, and said so: {open}");

    let (city, east) = (office(&story, "city"), office(&story, "east"));
    let file = component(&story, PLUGIN);
    let rule = policy(&story, 2, &[(&city, "City office", "*"), (&east, "East office", "*")]);
    let kept = json(&["plugin", "policy", &story.pool(), &rule]);
    assert_eq!((&kept["threshold"], kept["keys"].as_array().unwrap().len()), (&value!(2), 2));
    let rows = story.rows("SELECT owner, threshold FROM plugin_key ORDER BY owner");
    assert_eq!(rows[0], value!({"owner": "City office", "threshold": 2}));

    let add = ["plugin", "add", &story.pool(), &file];
    let error = refused_unchanged(&story, &add, 7, "too-few-signatures");
    assert!(error["message"].as_str().unwrap().contains("2 keys, found 0"), "{error}");
    sign(&file, &city);
    let error = refused_unchanged(&story, &add, 7, "too-few-signatures");
    assert!(error["message"].as_str().unwrap().contains("2 keys, found 1"), "{error}");

    // Offline: no pool, and the policy as the pool prints it.
    let printed = story.file("printed.json", kept.to_string());
    let verify = ["plugin", "verify", &file, "--policy", &printed, "--json"];
    assert_eq!(linli(&verify).status.code(), Some(7));
    sign(&file, &east);
    let verdict = json(&["plugin", "verify", &file, "--policy", &printed]);
    assert_eq!((&verdict["ok"], &verdict["places"][0]["found"]), (&value!(true), &value!(2)));
    assert_eq!(verdict["signatures"][1]["owner"], "East office");
    assert_eq!(verdict["signatures"][1]["standing"], "valid");
    assert!(verdict["manifest"]["columns"].to_string().contains("community_given_min:i64"), "{verdict}");

    let added = json(&add);
    assert_eq!((&added["open"], added["signers"].as_array().unwrap().len()), (&value!(false), 2));
    let audit = story.rows("SELECT action, actor, name FROM plugin_event ORDER BY event_id DESC LIMIT 1");
    let expected = value!({"action": "add", "actor": "City office; East office", "name": "time-bank-credit"});
    assert_eq!(audit[0], expected);
    let digest = added["digest"].as_str().unwrap();
    assert!(Path::new(&story.pool()).join(format!("plugins/{digest}.wasm.sig")).is_file());
    // Who signed goes along when the pool moves house.
    let (tar, moved) = (story.folder.path().join("pool.tar"), story.folder.path().join("moved"));
    json(&["export", &story.pool(), tar.to_str().unwrap()]);
    json(&["import", tar.to_str().unwrap(), moved.to_str().unwrap()]);
    assert!(moved.join(format!("plugins/{digest}.wasm.sig")).is_file());
}

#[test]
fn a_key_that_signs_twice_is_told_and_counts_once() {
    let story = Story::new();
    let (city, east) = (office(&story, "city"), office(&story, "east"));
    let file = component(&story, PLUGIN);
    sign(&file, &city);
    let before = fs::read(format!("{file}.sig")).unwrap();
    let again = ["plugin", "sign", &file, "--key", &city.file];
    refused_unchanged(&story, &again, 8, "signed-already");
    assert_eq!(fs::read(format!("{file}.sig")).unwrap(), before);

    let rule = policy(&story, 2, &[(&city, "City office", "*"), (&east, "East office", "*")]);
    json(&["plugin", "policy", &story.pool(), &rule]);
    edit(&format!("{file}.sig"), |it| {
        let first = it["signatures"][0].clone();
        it["signatures"].as_array_mut().unwrap().push(first);
    });
    let add = ["plugin", "add", &story.pool(), &file];
    let error = refused_unchanged(&story, &add, 7, "too-few-signatures");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("found 1") && message.contains("counts once") && message.contains(&city.key));
    let verify = linli(&["plugin", "verify", &file, "--policy", &rule, "--json"]);
    let verdict: Value = serde_json::from_slice(&verify.stdout).unwrap();
    assert_eq!(verify.status.code(), Some(7));
    assert_eq!(verdict["signatures"][1]["standing"], "repeated");
    assert_eq!(verdict["places"][0]["found"], 1);
}

#[test]
fn a_district_that_the_signer_may_not_touch_stays_as_it_was() {
    let story = Story::new();
    json(&["load", &story.pool(), "district", &story.file("d2.csv", "district_id,name\nd2,West\n")]);
    let (east, file) = (office(&story, "east"), component(&story, "plugins/dist/local-first.wasm"));
    json(&["plugin", "policy", &story.pool(), &policy(&story, 1, &[(&east, "East office", "d1")])]);
    sign(&file, &east);
    for arguments in [vec!["--district", "d2"], vec!["--district", "d1", "--district", "d2"], vec![]] {
        let pool = story.pool();
        let mut add = vec!["plugin", "add", &pool, &file];
        add.extend(arguments);
        let error = refused_unchanged(&story, &add, 7, "district-not-granted");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("East office") && message.contains("only for d1"), "{error}");
    }
    let add = ["plugin", "add", &story.pool(), &file, "--district", "d9"];
    refused_unchanged(&story, &add, 3, "unknown-district");
    // A version for a district needs something that it is a version of.
    let stranger = component(&story, "plugins/dist/c/quarter-hour.wasm");
    sign(&stranger, &east);
    let add = ["plugin", "add", &story.pool(), &stranger, "--district", "d1"];
    refused_unchanged(&story, &add, 3, "unknown-plugin");

    let added = json(&["plugin", "add", &story.pool(), &file, "--district", "d1"]);
    assert_eq!(added["districts"], value!(["d1"]));
    let rows = story.rows("SELECT name, district_id, stage, actor FROM plugin_choice");
    let expected =
        value!({"name": "local-first", "district_id": "d1", "stage": "canary", "actor": "East office"});
    assert_eq!(rows, [expected]);
    // What is tried somewhere stays.
    let remove = ["plugin", "remove", &story.pool(), "local-first"];
    let error = refused_unchanged(&story, &remove, 8, "plugin-needed");
    assert!(error["message"].as_str().unwrap().contains("canary d1"), "{error}");
}

#[test]
fn signatures_of_something_else_let_nothing_in() {
    let story = Story::new();
    let city = office(&story, "city");
    let (file, other) = (component(&story, PLUGIN), component(&story, "plugins/dist/topsis.wasm"));
    let signatures = format!("{file}.sig");
    sign(&file, &city);
    sign(&other, &city);
    let whole = fs::read(&signatures).unwrap();
    let moved = ["plugin", "add", &story.pool(), &file, "--signatures", &format!("{other}.sig")];
    refused_unchanged(&story, &moved, 4, "signatures-of-another-component");

    let cases: [(&str, Change); 6] = [
        ("signatures-of-another-component", |it| it["digest"] = value!("0".repeat(64))),
        ("signatures-of-another-manifest", |it| it["manifest"]["version"] = value!("9.9.9")),
        ("signatures-of-another-manifest", |it| it["manifest"]["columns"] = value!(["distance_m:i64"])),
        ("bad-signature", |it| it["signatures"][0]["signature"] = value!("00".repeat(64))),
        ("not-signatures", |it| it["signatures"][0]["key"] = value!("ed25519:short")),
        ("not-signatures", |it| it["layout"] = value!(2)),
    ];
    for (code, change) in cases {
        fs::write(&signatures, &whole).unwrap();
        edit(&signatures, change);
        refused_unchanged(&story, &["plugin", "add", &story.pool(), &file], 4, code);
        // Nor does anybody put a second name under them.
        let east = office(&story, &format!("east-{code}-{}", fs::read(&signatures).unwrap().len()));
        refused_unchanged(&story, &["plugin", "sign", &file, "--key", &east.file], 4, code);
    }
    fs::write(&signatures, &whole[..whole.len() / 2]).unwrap();
    refused_unchanged(&story, &["plugin", "add", &story.pool(), &file], 4, "not-signatures");
    // A forged one among genuine ones is shown, and spoils all.
    fs::write(&signatures, &whole).unwrap();
    edit(&signatures, |it| {
        let mut forged = it["signatures"][0].clone();
        forged["key"] = value!(office(&story, "nobody").key);
        it["signatures"].as_array_mut().unwrap().push(forged);
    });
    let verify = linli(&["plugin", "verify", &file, "--json"]);
    let verdict: Value = serde_json::from_slice(&verify.stdout).unwrap();
    assert_eq!(verify.status.code(), Some(4), "{verdict}");
    assert_eq!(verdict["signatures"][1]["standing"], "invalid");
    // Without any it says so.
    fs::remove_file(&signatures).unwrap();
    assert_eq!(linli(&["plugin", "verify", &file, "--json"]).status.code(), Some(7));
    let named = ["plugin", "add", &story.pool(), &file, "--signatures", &signatures];
    refused_unchanged(&story, &named, 3, "unknown-file");
}

#[test]
fn who_is_tried_brings_its_signatures_along_and_forged_ones_let_nothing_in() {
    let story = Story::new();
    let pool = story.pool();
    let east = office(&story, "east");
    let mut bytes = fs::read(root().join("plugins/dist/local-first.wasm")).unwrap();
    bytes.extend([0, 5, 4, b't', b'w', b'i', b'n']);
    let (twin, other) = (story.file("twin.wasm", bytes), component(&story, PLUGIN));
    json(&["plugin", "policy", &pool, &policy(&story, 1, &[(&east, "East office", "d1")])]);
    json(&["match", &pool, "--scorer", "local-first"]);
    sign(&other, &east);
    fs::copy(format!("{other}.sig"), format!("{twin}.sig")).unwrap();
    for step in ["shadow", "replay"] {
        let arguments = ["plugin", step, &pool, "local-first", &twin];
        refused_unchanged(&story, &arguments, 4, "signatures-of-another-component");
    }
    fs::remove_file(format!("{twin}.sig")).unwrap();
    // Nothing decides by being tried in the shadow or in a replay; in a district it does.
    json(&["plugin", "shadow", &pool, "local-first", &twin]);
    json(&["plugin", "replay", &pool, "local-first", &twin]);
    let canary = ["plugin", "canary", &pool, "local-first", "--district", "d1"];
    refused_unchanged(&story, &canary, 7, "too-few-signatures");
    sign(&twin, &east);
    refused_unchanged(&story, &canary, 7, "too-few-signatures");
    json(&["plugin", "shadow", &pool, "local-first", &twin]);
    json(&canary);
    let promote = ["plugin", "promote", &pool, "local-first"];
    refused_unchanged(&story, &promote, 7, "district-not-granted");
}

#[test]
fn keys_and_policies_that_cannot_hold_are_refused() {
    let story = Story::new();
    let city = office(&story, "city");
    let file = component(&story, PLUGIN);
    refused_unchanged(&story, &["plugin", "key", &city.file], 8, "unwritable-file");
    // A secret is not told, wherever it was typed.
    let public = story.file("public.key", &city.key);
    let mode = |path: &str, mode: &str| {
        assert!(Command::new("chmod").args([mode, path]).status().unwrap().success())
    };
    mode(&public, "600");
    refused_unchanged(&story, &["plugin", "sign", &file, "--key", &public], 4, "not-a-key");
    mode(&city.file, "644");
    let error = refused_unchanged(&story, &["plugin", "sign", &file, "--key", &city.file], 7, "file-denied");
    assert!(error["hint"].as_str().unwrap().contains("chmod 600"), "{error}");
    let secret = fs::read_to_string(&city.file).unwrap();
    assert!(!error.to_string().contains(secret.trim()));
    refused_unchanged(&story, &["plugin", "sign", &file, "--key", "none.key"], 3, "unknown-file");

    let key = &city.key;
    for (name, text) in [
        ("no-json", "threshold = 2".to_owned()),
        (
            "other-key",
            format!(r#"{{"threshold":1,"keys":[{{"key":"{key}","owner":"a","districts":["*"],"x":1}}]}}"#),
        ),
        (
            "too-many",
            format!(r#"{{"threshold":2,"keys":[{{"key":"{key}","owner":"a","districts":["*"]}}]}}"#),
        ),
        ("nobody", r#"{"threshold":1,"keys":[]}"#.to_owned()),
        ("no-owner", format!(r#"{{"threshold":1,"keys":[{{"key":"{key}","owner":"","districts":["*"]}}]}}"#)),
        (
            "wrong-type",
            format!(r#"{{"threshold":"1","keys":[{{"key":"{key}","owner":"a","districts":["*"]}}]}}"#),
        ),
    ] {
        let rule = story.file(&format!("{name}.json"), text);
        refused_unchanged(&story, &["plugin", "policy", &story.pool(), &rule], 4, "not-a-policy");
        let (exit, error) = refused(&["plugin", "verify", &file, "--policy", &rule]);
        assert_eq!((exit, error["code"].as_str().unwrap()), (4, "not-a-policy"), "{name}");
    }
    // Back to open, which is a policy too.
    json(&["plugin", "policy", &story.pool(), &policy(&story, 1, &[(&city, "City office", "*")])]);
    refused_unchanged(&story, &["plugin", "add", &story.pool(), &file], 7, "too-few-signatures");
    json(&["plugin", "policy", &story.pool(), &story.file("open.json", "{}")]);
    json(&["plugin", "add", &story.pool(), &file]);
}

#[test]
fn what_is_needed_stays_and_what_is_not_goes() {
    let story = Story::new();
    for (name, said) in [
        ("skill-fit", "every match that names no scorer"),
        ("weighted-index", "every evaluation that names no evaluator"),
    ] {
        let error = refused_unchanged(&story, &["plugin", "remove", &story.pool(), name], 8, "plugin-needed");
        assert!(error["message"].as_str().unwrap().contains(said), "{error}");
    }
    refused_unchanged(&story, &["plugin", "remove", &story.pool(), "nobody"], 3, "unknown-plugin");
    // A run names it: the decision of that day can be derived again.
    let run = json(&["match", &story.pool(), "--scorer", "local-first"]);
    let removed = json(&["plugin", "remove", &story.pool(), "local-first"]);
    assert_eq!((&removed["file_kept"], &removed["named_by"]), (&value!(true), &value!(1)), "{removed}");
    let verified = json(&["verify", &story.pool(), run["run_id"].as_str().unwrap()]);
    assert_eq!(verified["verified"], true, "{verified}");
    let (exit, error) = refused(&["match", &story.pool(), "--scorer", "local-first"]);
    assert_eq!((exit, error["code"].as_str().unwrap()), (3, "unknown-plugin"));
    let removed = json(&["plugin", "remove", &story.pool(), "topsis"]);
    assert_eq!(removed["file_kept"], false, "{removed}");
    let digest = removed["digest"].as_str().unwrap();
    assert!(!Path::new(&story.pool()).join(format!("plugins/{digest}.wasm")).exists());
    // And comes back.
    json(&["plugin", "add", &story.pool(), "plugins/dist/topsis.wasm"]);
    let events = json(&["plugin", "logs", &story.pool(), "topsis"])["events"].clone();
    let actions: Vec<&str> =
        events.as_array().unwrap().iter().map(|it| it["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["remove", "add"]);
}

#[test]
fn what_a_plugin_reports_is_heard_again_whenever_somebody_asks() {
    let story = Story::new();
    json(&["plugin", "add", &story.pool(), "plugins/dist/hostile/reports-a-book.wasm"]);
    let logs = ["plugin", "logs", &story.pool(), "reports-a-book"];
    let (first, again) = (json(&logs), json(&logs));
    assert_eq!(first, again);
    let calls: Vec<&str> =
        first["calls"].as_array().unwrap().iter().map(|it| it["call"].as_str().unwrap()).collect();
    assert_eq!(calls, ["no-rows", "one-row", "thousand-rows", "all-null"]);
    let remarks = first["calls"][1]["remarks"].as_array().unwrap();
    assert!(!remarks.is_empty(), "{first}");
    for remark in remarks {
        let text = remark["text"].as_str().unwrap();
        assert!(text.len() < 5_000 && !text.contains('\n'));
    }
    let quiet = json(&["plugin", "logs", &story.pool(), "skill-fit"]);
    assert!(quiet["calls"].as_array().unwrap().iter().all(|it| it["remarks"] == value!([])), "{quiet}");
    refused_unchanged(&story, &["plugin", "logs", &story.pool(), "nobody"], 3, "unknown-plugin");
}

#[test]
fn a_bundle_carries_a_plugin_and_its_signatures_to_another_pool() {
    let (home, away) = (Story::new(), Story::new());
    let (city, file) = (office(&home, "city"), component(&home, PLUGIN));
    sign(&file, &city);
    json(&["plugin", "add", &home.pool(), &file]);
    let bundle = home.folder.path().join("bundle.tar").display().to_string();
    let report = json(&["plugin", "export", &home.pool(), "time-bank-credit", &bundle]);
    assert_eq!(report["signers"][0]["key"], city.key.as_str(), "{report}");
    let second = home.folder.path().join("second.tar").display().to_string();
    json(&["plugin", "export", &home.pool(), "time-bank-credit", &second]);
    assert_eq!(fs::read(&bundle).unwrap(), fs::read(&second).unwrap(), "the same plugin, the same bytes");
    let twice = ["plugin", "export", &home.pool(), "time-bank-credit", &bundle];
    refused_unchanged(&home, &twice, 8, "file-exists");

    json(&["plugin", "remove", &away.pool(), "time-bank-credit"]);
    json(&["plugin", "policy", &away.pool(), &policy(&away, 1, &[(&city, "City office", "*")])]);
    let added = json(&["plugin", "import", &away.pool(), &bundle]);
    assert_eq!(
        (&added["digest"], &added["signers"][0]["owner"]),
        (&report["digest"], &value!("City office"))
    );

    // Without signatures it needs them there.
    json(&[
        "plugin",
        "export",
        &home.pool(),
        "local-first",
        &home.folder.path().join("l.tar").display().to_string(),
    ]);
    let unsigned = home.folder.path().join("l.tar").display().to_string();
    refused_unchanged(&away, &["plugin", "import", &away.pool(), &unsigned], 7, "too-few-signatures");
}

#[test]
fn a_bundle_that_was_tampered_with_is_refused() {
    let story = Story::new();
    let bundle = story.folder.path().join("bundle.tar").display().to_string();
    json(&["plugin", "export", &story.pool(), "local-first", &bundle]);
    let whole = fs::read(&bundle).unwrap();
    let text = story.file("text.tar", "this is no archive");
    let import = |file: &str| {
        refused_unchanged(&story, &["plugin", "import", &story.pool(), file], 4, "bad-bundle");
    };
    import(&text);
    import(&story.file("empty.tar", ""));
    // Cut anywhere, or one bit of the component, of a name or of the index.
    for length in [100, 512, 5_000, whole.len() - 2_048] {
        import(&story.file("cut.tar", &whole[..length]));
    }
    let index = whole.windows(11).rposition(|it| it == b"bundle.json").unwrap();
    for at in [0, 20, 600, 9_000, index, index + 512 + 30] {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        import(&story.file("changed.tar", changed));
    }
    refused_unchanged(&story, &["plugin", "import", &story.pool(), "none.tar"], 3, "unknown-file");
    json(&["plugin", "import", &story.pool(), &bundle]);
}

#[test]
fn code_that_was_compiled_is_kept_for_the_next_command_and_only_under_the_users_seal() {
    let story = Story::new();
    let cache = story.folder.path().join("user-cache");
    let run = || {
        let mut command = Command::new(binary());
        command.args(["match", &story.pool(), "--json"]).current_dir(root()).env("XDG_CACHE_HOME", &cache);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["run_id"].clone()
    };
    let folder = Path::new(&story.pool()).join("plugins/cache");
    let _ = fs::remove_dir_all(&folder);
    let first = run();
    let secret = fs::read(cache.join("linli/code.key")).unwrap();
    assert_eq!(secret.len(), 32);
    let files = || {
        let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|it| it.unwrap().path()).collect();
        files.sort();
        files
    };
    let kept: Vec<(_, Vec<u8>)> = files().into_iter().map(|it| (it.clone(), fs::read(it).unwrap())).collect();
    assert_eq!(kept.len(), 3, "the scorers of a match");
    for (path, bytes) in &kept {
        assert!(!bytes.windows(32).any(|it| it == secret), "the secret stays out of the pool");
        let mut changed = bytes.clone();
        let last = changed.len() - 1;
        changed[last] ^= 0x80;
        fs::write(path, changed).unwrap();
    }
    assert_eq!(run(), first, "the same answer");
    for (path, bytes) in &kept {
        assert!(fs::read(path).unwrap() == *bytes, "{} was compiled anew", path.display());
    }
    // A secret that others can read seals nothing.
    fs::remove_dir_all(&folder).unwrap();
    let chmod = Command::new("chmod").arg("644").arg(cache.join("linli/code.key")).status().unwrap();
    assert!(chmod.success());
    assert_eq!(run(), first);
    assert!(!folder.exists());
}

/// An evaluator that takes the name of a scorer: both have eleven letters.
#[test]
fn two_plugins_of_one_name_are_of_one_kind() {
    let story = Story::new();
    let mut bytes = fs::read(root().join("plugins/dist/star-rating.wasm")).unwrap();
    let places: Vec<usize> =
        bytes.windows(11).enumerate().filter(|it| it.1 == b"star-rating").map(|it| it.0).collect();
    for at in places {
        bytes[at..at + 11].copy_from_slice(b"local-first");
    }
    let file = story.file("local-first.wasm", bytes);
    assert_eq!(json(&["plugin", "inspect", &file])["world"], "evaluating");
    let error = refused_unchanged(&story, &["plugin", "add", &story.pool(), &file], 8, "plugin-name-taken");
    assert!(error["message"].as_str().unwrap().contains("a scorer of the name `local-first`"), "{error}");
}

#[test]
fn what_is_no_plugin_is_refused_at_every_door() {
    let story = Story::new();
    let city = office(&story, "city");
    let whole = fs::read(root().join(PLUGIN)).unwrap();
    for (name, bytes, code) in [
        ("text.wasm", b"no component".to_vec(), "not-wasm"),
        ("empty.wasm", Vec::new(), "not-wasm"),
        ("core.wasm", b"\0asm\x01\0\0\0".to_vec(), "core-module"),
        ("cut.wasm", whole[..whole.len() / 2].to_vec(), "broken-component"),
        ("nothing.wasm", b"\0asm\x0d\0\x01\0".to_vec(), "no-plugin-world"),
        (
            "clock.wasm",
            fs::read(root().join("plugins/dist/hostile/imports-a-clock.wasm")).unwrap(),
            "forbidden-imports",
        ),
    ] {
        let file = story.file(name, bytes);
        refused_unchanged(&story, &["plugin", "add", &story.pool(), &file], 5, code);
        refused_unchanged(&story, &["plugin", "sign", &file, "--key", &city.file], 5, code);
        refused_unchanged(&story, &["plugin", "verify", &file], 5, code);
        assert!(!Path::new(&format!("{file}.sig")).exists());
    }
    // Made for another version of the interface.
    let mut other = whole;
    let places: Vec<usize> =
        other.windows(6).enumerate().filter(|it| it.1 == b"@0.1.0").map(|it| it.0).collect();
    for at in places {
        other[at..at + 6].copy_from_slice(b"@0.2.0");
    }
    let file = story.file("other.wasm", other);
    refused_unchanged(&story, &["plugin", "add", &story.pool(), &file], 5, "other-interface-version");
}
