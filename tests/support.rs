//! Runs the binary and reads what it says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The binary beside this test.
pub fn binary() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let path = here.ancestors().nth(2).unwrap().join("linli");
    assert!(path.is_file(), "{} is missing: cargo build --release, or cargo xtask test", path.display());
    path
}

/// Runs `linli` in the repository.
pub fn linli(arguments: &[&str]) -> Output {
    Command::new(binary()).args(arguments).current_dir(root()).output().unwrap()
}

/// What it printed on stdout; it must have ended well.
pub fn text(arguments: &[&str]) -> String {
    let output = linli(arguments);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "linli {}: {errors}", arguments.join(" "));
    String::from_utf8(output.stdout).unwrap()
}

/// The document it printed with `--json`; it must have ended well.
pub fn json(arguments: &[&str]) -> Value {
    let mut arguments = arguments.to_vec();
    arguments.push("--json");
    serde_json::from_str(&text(&arguments)).unwrap()
}

/// The error document and the exit code of what must not end well.
pub fn refused(arguments: &[&str]) -> (i32, Value) {
    let mut arguments = arguments.to_vec();
    arguments.push("--json");
    let output = linli(&arguments);
    let printed = String::from_utf8(output.stdout).unwrap();
    let document: Value = serde_json::from_str(&printed)
        .unwrap_or_else(|it| panic!("linli {}: {it}: {printed}", arguments.join(" ")));
    assert!(!output.status.success(), "linli {} ended well", arguments.join(" "));
    (output.status.code().unwrap(), document["error"].clone())
}

/// The commands of a document: the lines of its ```sh blocks, comments left out; a heredoc stays one command.
pub fn commands(file: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(file)).unwrap();
    let mut commands: Vec<String> = Vec::new();
    let (mut inside, mut heredoc) = (false, false);
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```sh";
            continue;
        }
        // A command outside a block would be read but not run.
        assert!(inside || !line.contains("`linli "), "{file}: {line}");
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

/// A command as somebody types it who has `linli` on the path.
pub fn shell(command: &str, folder: &Path) -> Command {
    let path = format!("{}:{}", binary().parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-ec", command]).current_dir(folder).env("PATH", path);
    shell
}

/// What such a command says in a folder, without what cargo tells tests about their own build, and
/// without a network where cargo would use one.
pub fn run_in(command: &str, folder: &Path) -> Output {
    let mut shell = shell(command, folder);
    let is_of_this_build = |it: &str| it.starts_with("CARGO") && it != "CARGO_HOME" || it == "RUSTFLAGS";
    for (name, _) in std::env::vars().filter(|(name, _)| is_of_this_build(name)) {
        shell.env_remove(name);
    }
    shell.env("CARGO_NET_OFFLINE", "true").output().unwrap()
}

/// Copies the files of a folder into another.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// A pool with a small story in it: three volunteers, one merchant, five needs.
pub struct Story {
    pub folder: tempfile::TempDir,
}

impl Story {
    pub fn new() -> Self {
        Self::of(&TABLES)
    }

    /// A pool with these tables, as CSV.
    pub fn of(tables: &[(&str, &str)]) -> Self {
        let story = Self { folder: tempfile::tempdir().unwrap() };
        json(&["init", &story.pool()]);
        for (table, rows) in tables {
            let file = story.file(&format!("{table}.csv"), rows);
            json(&["load", &story.pool(), table, &file]);
        }
        story
    }

    pub fn pool(&self) -> String {
        self.folder.path().join("pool").display().to_string()
    }

    /// Writes a file beside the pool.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    /// The rows of a query.
    pub fn rows(&self, sql: &str) -> Vec<Value> {
        json(&["sql", &self.pool(), sql])["rows"].as_array().unwrap().clone()
    }
}

const TABLES: [(&str, &str); 6] = [
    ("district", "district_id,name\nd1,East\n"),
    (
        "service",
        "service_id,name_zh,name_en,provider_kind\nvisit,探访,visit,volunteer\nrepair,家电维修,repair,merchant\n",
    ),
    (
        "volunteer",
        "volunteer_id,district_id,skills,lon,lat,max_per_day,consent,status\n\
         v1,d1,走访;法律,106.7000,26.5700,1,true,active\n\
         v2,d1,走访,106.7030,26.5700,1,true,active\n\
         v3,d1,走访,106.7001,26.5700,1,false,active\n",
    ),
    (
        "merchant",
        "merchant_id,name,lon,lat,plate_status,home_visit,capacity_per_day\nm1,修理铺,106.7010,26.5700,valid,true,1\n",
    ),
    ("offer", "offer_id,merchant_id,service_id,pay_ratio\no1,m1,repair,0.95\n"),
    (
        "need",
        "need_id,district_id,service_id,skills,tier,demand,window_start,window_end,duration_min,lon,lat,at_home,status\n\
         n1,d1,visit,走访,1,1,2024-03-05T09:00,2024-03-05T11:00,60,106.7001,26.5700,,open\n\
         n2,d1,visit,走访,3,1,2024-03-05T09:00,2024-03-05T11:00,60,106.7002,26.5700,,open\n\
         n3,d1,visit,走访,0,1,2024-03-05T09:00,2024-03-05T11:00,60,106.7003,26.5700,,open\n\
         n4,d1,repair,,2,1,2024-03-05T13:00,2024-03-05T17:00,60,106.7004,26.5700,true,open\n\
         n5,d1,visit,手语,2,1,2024-03-05T09:00,2024-03-05T11:00,60,106.7005,26.5700,,open\n",
    ),
];

/// Puts other bytes in the place of a table's file, and their length into the table's log: a
/// forger who leaves the length wrong is found before anything is read.
pub fn put_in_place(file: &Path, bytes: &[u8]) {
    let before = fs::metadata(file).unwrap().len();
    fs::write(file, bytes).unwrap();
    let name = file.file_name().unwrap().to_str().unwrap();
    for entry in fs::read_dir(file.parent().unwrap().join("_delta_log")).unwrap() {
        let log = entry.unwrap().path();
        if log.extension().is_none_or(|it| it != "json") {
            continue;
        }
        let text = fs::read_to_string(&log).unwrap();
        let (old, new) = (format!("\"size\":{before}"), format!("\"size\":{}", bytes.len()));
        let line = |it: &str| if it.contains(name) { it.replace(&old, &new) } else { it.to_owned() };
        let lines: Vec<String> = text.lines().map(line).collect();
        fs::write(&log, lines.join("\n")).unwrap();
    }
}
