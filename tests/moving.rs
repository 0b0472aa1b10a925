//! A pool moves house in one file, and is read as it was.

use std::fs;
use std::path::Path;

use crate::support::{Story, json, refused};

#[test]
fn a_pool_is_the_same_in_another_house() {
    let story = Story::new();
    let run = json(&["match", &story.pool()])["run_id"].as_str().unwrap().to_owned();
    json(&["publish", &story.pool(), &run]);
    let path = |name: &str| story.folder.path().join(name).display().to_string();
    let (archive, again, other) = (path("pool.tar"), path("again.tar"), path("other"));
    let exported = json(&["export", &story.pool(), &archive]);
    assert_eq!(exported["bytes"].as_u64(), fs::metadata(&archive).map(|it| it.len()).ok());
    json(&["export", &story.pool(), &again]);
    assert!(fs::read(&archive).unwrap() == fs::read(&again).unwrap(), "the same pool, the same bytes");

    let imported = json(&["import", &archive, &other]);
    assert_eq!(imported["snapshot"], exported["snapshot"]);
    let content = "SELECT need_id, provider_id, state, cost FROM match ORDER BY need_id, provider_id";
    assert_eq!(json(&["sql", &other, content])["rows"], json(&["sql", &story.pool(), content])["rows"]);
    assert_eq!(json(&["history", &other]), json(&["history", &story.pool()]));
    assert_eq!(json(&["verify", &other, &run])["verified"], true);
    // Life goes on there.
    let more = story.file("more.csv", "district_id,name\nd9,North\n");
    assert_eq!(json(&["load", &other, "district", &more])["kept"], 1);
}

#[test]
fn nothing_is_exported_over_a_file_and_nothing_imported_over_a_pool() {
    let story = Story::new();
    let archive = story.file("taken.tar", "mine");
    let (code, error) = refused(&["export", &story.pool(), &archive]);
    assert_eq!((code, error["code"].as_str()), (8, Some("file-exists")));
    assert_eq!(fs::read_to_string(&archive).unwrap(), "mine");
    fs::remove_file(&archive).unwrap();
    json(&["export", &story.pool(), &archive]);
    let (code, error) = refused(&["import", &archive, &story.pool()]);
    assert_eq!((code, error["code"].as_str()), (8, Some("pool-exists")));
}

#[test]
fn what_is_not_wholly_an_export_makes_no_pool() {
    let story = Story::new();
    let archive = story.folder.path().join("pool.tar");
    json(&["export", &story.pool(), &archive.display().to_string()]);
    let whole = fs::read(&archive).unwrap();
    let mut changed = whole.clone();
    // In the middle of some file's bytes: headers are 512 bytes, and this text is in pool.json.
    let at = whole.windows(11).position(|it| it == b"working_set").unwrap();
    changed[at] = b'W';
    let cut = whole[..whole.len() / 2].to_vec();
    for (name, bytes) in
        [("changed", changed), ("cut", cut), ("text", b"need_id\n1\n".to_vec()), ("empty", vec![])]
    {
        let file = story.folder.path().join(format!("{name}.tar"));
        fs::write(&file, bytes).unwrap();
        let target = story.folder.path().join(format!("{name}-pool"));
        let (code, error) = refused(&["import", &file.display().to_string(), &target.display().to_string()]);
        assert_eq!((code, error["code"].as_str()), (4, Some("not-an-export")), "{name}: {error}");
        assert!(!target.exists(), "{name}");
        let left = |it: &Path| it.file_name().unwrap().to_string_lossy().contains(".importing");
        let rest = fs::read_dir(story.folder.path()).unwrap().any(|it| left(&it.unwrap().path()));
        assert!(!rest, "{name} leaves something behind");
    }
}

#[test]
fn an_import_touches_no_folder_but_its_own() {
    let story = Story::new();
    let archive = story.folder.path().join("pool.tar").display().to_string();
    json(&["export", &story.pool(), &archive]);
    let whole = fs::read(&archive).unwrap();
    fs::write(&archive, &whole[..whole.len() / 2]).unwrap();
    let theirs = story.folder.path().join(".home.importing-0");
    fs::create_dir(&theirs).unwrap();
    fs::write(theirs.join("file"), "keep").unwrap();
    let home = story.folder.path().join("home").display().to_string();
    refused(&["import", &archive, &home]);
    assert_eq!(fs::read_to_string(theirs.join("file")).unwrap(), "keep");
    fs::write(&archive, &whole).unwrap();
    json(&["import", &archive, &home]);
    assert_eq!(fs::read_to_string(theirs.join("file")).unwrap(), "keep");
    assert_eq!(json(&["history", &home]), json(&["history", &story.pool()]));
}

#[test]
fn a_match_and_an_evaluation_can_rest_on_an_old_snapshot() {
    let story = Story::new();
    let before = json(&["history", &story.pool()])["snapshots"].as_array().unwrap().len() as u64 - 1;
    let first = json(&["match", &story.pool()]);
    let gone = story.file("gone.csv", "volunteer_id,status\nv1,left\nv2,left\n");
    json(&["load", &story.pool(), "volunteer", &gone]);
    let now = json(&["match", &story.pool()]);
    assert!(now["matched"].as_u64() < first["matched"].as_u64(), "{now}");
    let then = json(&["match", &story.pool(), "--as-of", &before.to_string()]);
    assert_eq!(then["run_id"], first["run_id"], "the same tables, the same run");
    let seeded = json(&["match", &story.pool(), "--as-of", &before.to_string(), "--seed", "7"]);
    assert_eq!((&seeded["matched"], &seeded["certified"]), (&first["matched"], &true.into()));
    assert_ne!(seeded["run_id"], first["run_id"]);
    let verified = json(&["verify", &story.pool(), seeded["run_id"].as_str().unwrap()]);
    assert_eq!(verified["verified"], true);
    // What rests on tables that changed since binds nobody.
    let (code, error) = refused(&["publish", &story.pool(), seeded["run_id"].as_str().unwrap()]);
    assert_eq!((code, error["code"].as_str()), (8, Some("stale-run")));

    let evaluated = json(&["evaluate", &story.pool(), "--as-of", &before.to_string()]);
    assert!(evaluated["districts"].is_array());
    let (code, _) = refused(&["evaluate", &story.pool(), "--as-of", "999"]);
    assert_eq!(code, 3);
    let (code, _) = refused(&["match", &story.pool(), "--as-of", "999"]);
    assert_eq!(code, 3);
}
