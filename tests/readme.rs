//! Every command of the READMEs runs as it stands, and the two speak of the same commands.

use std::fs;
use std::process::Command;

use crate::support::{binary, root};

/// The lines of ```sh blocks, comments left out; a heredoc stays one command.
fn commands(file: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(file)).unwrap();
    let mut commands: Vec<String> = Vec::new();
    let (mut inside, mut heredoc) = (false, false);
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```sh";
            continue;
        }
        if !inside || (!heredoc && (line.trim().is_empty() || line.starts_with('#'))) {
            continue;
        }
        if heredoc {
            let last = commands.last_mut().unwrap();
            last.push('\n');
            last.push_str(line);
            heredoc = line != "END";
        } else {
            heredoc = line.ends_with("<<END");
            commands.push(line.to_owned());
        }
    }
    commands
}

#[test]
fn every_command_of_the_readme_works_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = format!("{}:{}", binary().parent().unwrap().display(), std::env::var("PATH").unwrap());
    std::os::unix::fs::symlink(root().join("plugins"), folder.path().join("plugins")).unwrap();
    let mut ran = 0;
    for command in commands("README.md") {
        // These two compile and test what runs here already.
        if command.starts_with("cargo xtask") {
            continue;
        }
        let command = command.replace("cargo run --release -- ", "linli ");
        let output = Command::new("sh")
            .args(["-ec", &command])
            .current_dir(folder.path())
            .env("PATH", &path)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}\n{said}");
        ran += 1;
    }
    assert!(ran >= 8, "only {ran} commands");
}

#[test]
fn both_readmes_show_the_same_commands() {
    assert_eq!(commands("README.md"), commands("README.zh-CN.md"));
}
