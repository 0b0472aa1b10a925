//! The way from an empty folder to a district's own rule: every command of `plugins/README.md`
//! runs as it stands, in order, and says what the text beside it says.

use std::fs;
use std::path::Path;

use linli_craft::{Language, at_hand};

use crate::support::{commands, root, run_in};

const README: &str = "plugins/README.md";
const BUILD: &str = "linli plugin build local-first";

/// What must stand in the answer of the `n`-th command that begins so, from 0.
const SAID: [(&str, usize, &[&str]); 23] = [
    ("linli match city", 0, &["matched 4 of 4", "proven optimal"]),
    ("linli sql city \"SELECT need_id", 0, &["| n1      | v1 ", "| n3      | v4 "]),
    ("cargo test", 0, &["close_by_is_better_within_the_community_only ... ok"]),
    ("linli plugin check", 0, &["scorer local-first", "keeps the contract"]),
    ("linli plugin bench", 0, &["per row in the sandbox", "of fuel per row"]),
    ("linli plugin policy city", 0, &["1 of these 2 keys", "d1  Street office of East"]),
    ("linli plugin verify", 0, &["d1: 1/1", "signed as it should be"]),
    ("linli plugin shadow", 0, &["changes nothing"]),
    ("linli match city", 1, &["matched 6 of 6"]),
    ("linli plugin replay", 0, &["no worse"]),
    ("linli plugin canary", 0, &["scores for local-first in d1", "guard", "served_share -0.02"]),
    ("linli match city", 2, &["matched 6 of 6", "proven optimal"]),
    ("linli plugin sign", 1, &["2 signatures"]),
    ("linli plugin replay", 1, &["no worse"]),
    ("linli plugin promote", 0, &["is local-first from now on", "by replay"]),
    ("linli match city", 3, &["proven optimal"]),
    ("linli plugin import town", 0, &["local-first 0.1.0 is in the pool"]),
    ("linli plugin rollback", 0, &["is local-first, nothing is tried"]),
    ("linli match city", 4, &["proven optimal"]),
    ("linli plugin list", 0, &["local-first"]),
    ("linli plugin logs", 0, &["shadow", "replay", "canary   d1", "promote", "rollback"]),
    ("linli plugin remove", 0, &["local-first left the pool", "its file stays"]),
    ("linli verify city latest", 0, &["verified"]),
];

/// The same of what only East's own rule does, and not a stand-in for it.
const SAID_BY_THE_RULE: [(&str, usize, &[&str]); 3] = [
    ("linli plugin build", 0, &["local-first.wasm"]),
    ("linli sql city \"SELECT name", 0, &["| local-first | 6            | 4          | 0            | 0 "]),
    (
        "linli sql city \"SELECT m.",
        0,
        &["| n1      | v2 ", "| n3      | v4 ", "| n5      | v2 ", "| n6      | v4 "],
    ),
];

#[test]
fn a_reader_gets_from_nothing_to_a_deployed_district_rule() {
    let place = tempfile::tempdir().unwrap();
    // Where nothing compiles for wasm32 the rule is written and tested natively all the same, and
    // another component goes the rest of its way.
    let (folder, builds) = (place.path(), at_hand(Language::Rust));
    let mut said: Vec<(String, String)> = Vec::new();
    for command in commands(README) {
        if command == BUILD && !builds {
            stand_in(&folder.join("local-first/local-first.wasm"));
            continue;
        }
        let output = run_in(&command, folder);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}\n{errors}");
        said.push((command, format!("{}{errors}", String::from_utf8_lossy(&output.stdout))));
    }
    let by_rule = SAID_BY_THE_RULE.iter().filter(|_| builds);
    for (begin, n, words) in SAID.iter().chain(by_rule) {
        let found = said.iter().filter(|it| it.0.starts_with(begin)).nth(*n);
        let (command, text) = found.unwrap_or_else(|| panic!("{begin} is not {n} times in {README}"));
        for word in *words {
            assert!(text.contains(word), "{command} does not say {word:?}:\n{text}");
        }
    }
    each_row_has_the_digest_of_who_scored_it(&said, folder, builds);
}

/// The reference plugin with a section that nobody reads: another digest, the same opinion.
fn stand_in(file: &Path) {
    let mut bytes = fs::read(root().join("plugins/dist/local-first.wasm")).unwrap();
    bytes.extend([0, 5, 4, b't', b'w', b'i', b'n']);
    fs::write(file, bytes).unwrap();
}

fn each_row_has_the_digest_of_who_scored_it(said: &[(String, String)], folder: &Path, builds: bool) {
    let verify = said.iter().find(|it| it.0.starts_with("linli plugin verify")).unwrap();
    let own = verify.1.lines().find(|it| it.len() == 64).unwrap();
    let told = said.iter().find(|it| it.0.starts_with("linli sql city \"SELECT m.")).unwrap();
    for (need, is_east) in
        [("n1", true), ("n2", true), ("n3", false), ("n4", false), ("n5", true), ("n6", false)]
    {
        let row = told.1.lines().find(|it| it.starts_with(&format!("| {need} "))).unwrap();
        assert_eq!(row.contains(own), is_east, "{need} is scored by whom it belongs to:\n{}", told.1);
    }
    assert!(folder.join("local-first/local-first.wasm").is_file(), "built: {builds}");
}
