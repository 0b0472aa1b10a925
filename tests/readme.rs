//! Every command of the READMEs runs as it stands, does what the text beside it says, and the two
//! languages show the same commands.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use crate::support::{commands, root, shell};

/// What must stand in the answer of the `n`-th command of this name, from 0.
const SAID: [(&str, usize, &[&str]); 13] = [
    ("linli match mypool", 0, &["2 of 3", "proven optimal", "已证明最优"]),
    ("linli explain mypool latest n1", 0, &["v2"]),
    ("linli explain mypool latest n1 v1", 0, &["beaten"]),
    (
        "linli explain mypool latest n3",
        0,
        &["nobody passes every rule", "没有人", "it would be served if", "具备技能 sign-language"],
    ),
    (
        "linli check-plan mypool plan.csv",
        0,
        &[
            "line 3 (n2, v2): not so: A volunteer has every skill",
            "better served by the optimum 最优方案更能满足: 1: n2",
        ],
    ),
    ("linli quarantine mypool", 0, &["nothing is quarantined"]),
    ("linli load mypool volunteer roster.csv", 0, &["1 quarantined", "the header is on line 2", "合计"]),
    ("linli quarantine mypool", 1, &["roster.csv", "phone"]),
    ("linli load mypool volunteer roster.csv", 1, &["mended"]),
    ("linli quarantine mypool", 2, &["nothing is quarantined"]),
    ("linli plugin check plugins/dist/walking-distance.wasm", 0, &["keeps the contract"]),
    ("linli verify mypool latest", 0, &["verified"]),
    ("linli match mypool", 1, &["0 of 1"]),
];

#[test]
fn every_command_of_the_readme_works_in_order_and_says_what_the_text_says() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(root().join("plugins"), folder.path().join("plugins")).unwrap();
    let (mut ran, mut served): (Vec<String>, bool) = (Vec::new(), false);
    for command in commands("README.md") {
        // This one is what runs here already.
        if command == "cargo xtask test" {
            continue;
        }
        if command.starts_with("linli serve") {
            serve(&command, folder.path());
            served = true;
            continue;
        }
        let built = command.replace("cargo run --release -- ", "linli ");
        let output = shell(&built, folder.path()).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}\n{errors}");
        let said = format!("{}{errors}", String::from_utf8_lossy(&output.stdout));
        let before = ran.iter().filter(|it| **it == command).count();
        for (_, _, words) in SAID.iter().filter(|it| it.0 == command && it.1 == before) {
            for word in *words {
                assert!(said.contains(word), "{command} does not say {word:?}:\n{said}");
            }
        }
        ran.push(command);
    }
    for (command, before, _) in SAID {
        assert!(ran.iter().filter(|it| *it == command).count() > before, "{command} is not in the README");
    }
    assert!(served, "the README shows how to serve");
}

/// Starts the server as it is written, but on a port that is free, asks it once and stops it.
fn serve(command: &str, folder: &Path) {
    let mut child =
        shell(&format!("exec {command} --http 127.0.0.1:0"), folder).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let answer = ureq::get(format!("{}/openapi.json", line.trim())).call().map(|it| it.status().as_u16());
    let _ = child.kill();
    let _ = child.wait();
    assert_eq!(answer.ok(), Some(200), "{command}");
}

#[test]
fn both_readmes_show_the_same_commands() {
    assert_eq!(commands("README.md"), commands("README.zh-CN.md"));
}
