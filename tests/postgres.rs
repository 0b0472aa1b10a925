//! Loads from a database, with a real server that only this test knows.

use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::support::{Story, json, refused};

/// A word that must stand nowhere.
const PASSWORD: &str = "s3cret-of-the-clerk";

/// A server in a folder that vanishes with it.
struct Server {
    folder: tempfile::TempDir,
    bin: PathBuf,
    port: u16,
    process: Child,
}

impl Server {
    fn start() -> Self {
        let bin = std::env::var_os("LINLI_POSTGRES_BIN").map(PathBuf::from);
        let bin = bin.expect("LINLI_POSTGRES_BIN is not set: use `cargo xtask test`, which gets PostgreSQL");
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let word = folder.path().join("password");
        fs::write(&word, PASSWORD).unwrap();
        if is_root() {
            // The server refuses to run as root, and its folder must be its user's.
            let status = Command::new("chown").args(["-R", "nobody"]).arg(folder.path()).status();
            assert!(status.unwrap().success());
        }
        let data = folder.path().join("data");
        let output = as_nobody(&bin.join("initdb"))
            .args(["--username=clerk", "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync"])
            .arg("--pwfile")
            .arg(&word)
            .arg("-D")
            .arg(&data)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let process = as_nobody(&bin.join("postgres"))
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(folder.path())
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-p", &port.to_string()])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut server = Self { folder, bin, port, process };
        server.wait();
        server
    }

    /// Until it answers, or has ended.
    fn wait(&mut self) {
        let ready = |port| TcpStream::connect(("127.0.0.1", port)).is_ok();
        while !(ready(self.port) && self.psql("SELECT 1").is_ok()) {
            let ended = self.process.try_wait().unwrap();
            let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(ended.is_none(), "the server ended: {log}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn psql(&self, sql: &str) -> Result<(), String> {
        let mut process = Command::new(self.bin.join("psql"))
            .args(["--host=127.0.0.1", "--username=clerk", "--dbname=postgres", "--quiet", "--no-psqlrc"])
            .args(["--set=ON_ERROR_STOP=1", &format!("--port={}", self.port)])
            .env("PGPASSWORD", PASSWORD)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        process.stdin.take().unwrap().write_all(sql.as_bytes()).ok();
        let output = process.wait_with_output().unwrap();
        if output.status.success() {
            Ok(())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }

    fn address(&self, rest: &str) -> String {
        format!("postgresql://clerk:{PASSWORD}@127.0.0.1:{}/{rest}", self.port)
    }

    fn shown(&self) -> String {
        format!("postgresql://clerk@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It asks its own processes to end, which a harder signal would not.
        Command::new("kill").args(["-INT", &self.process.id().to_string()]).status().ok();
        self.process.wait().ok();
    }
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout.trim_ascii() == b"0"
}

fn as_nobody(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]).arg(program);
    command
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    entries.flat_map(|it| if it.is_dir() { files(&it) } else { vec![it] }).collect()
}

fn counts(report: &Value) -> [i64; 3] {
    ["rows", "kept", "quarantined"].map(|it| report[it].as_i64().unwrap())
}

const TABLES: &str = "
    CREATE TABLE need (need_id text, skills text[], tier numeric, at_home boolean,
        window_start timestamptz, window_end timestamptz, inner_note text);
    INSERT INTO need VALUES
        ('n1', ARRAY['走访','法律'], 1, true, '2024-03-05 09:00+08', '2024-03-05 11:00+08', 'x'),
        ('n2', NULL, 2.5, NULL, NULL, NULL, NULL),
        ('n3', ARRAY['a;b'], 0, false, NULL, NULL, NULL),
        ('n4', '{}', 3, false, '2024-03-05 01:00Z', '2024-03-05 00:00Z', NULL);
    CREATE SCHEMA \"街道\";
    CREATE TABLE \"街道\".\"Needs\" AS SELECT 'm' || n AS need_id, 1 AS tier FROM generate_series(1, 25000) n;
    CREATE TABLE photo (need_id text, photo bytea);
    CREATE FUNCTION write_one() RETURNS text LANGUAGE sql AS
        $$ INSERT INTO photo VALUES ('x', NULL) RETURNING need_id $$;
    CREATE ROLE guest LOGIN PASSWORD 'guest';
";

#[test]
fn a_table_and_a_query_are_loaded_and_the_password_stands_nowhere() {
    let server = Server::start();
    server.psql(TABLES).unwrap();
    let story = Story::of(&[]);
    let (pool, address) = (story.pool(), server.address("postgres"));
    let report = json(&["load", &pool, "need", &address]);
    assert_eq!(counts(&report), [4, 1, 3], "{report}");
    let file = &report["files"][0];
    assert_eq!((&file["format"], &file["sheet"]), (&"postgresql".into(), &"need".into()));
    assert_eq!(file["file"], server.shown());
    let issues = report["issues"].as_array().unwrap().iter();
    let issues: Vec<_> =
        issues.map(|it| (it["line"].as_i64().unwrap(), it["rule"].as_str().unwrap())).collect();
    assert_eq!(issues, [(2, "type"), (3, "type"), (4, "order")]);
    assert_eq!(report["ignored_columns"][0]["column"], "inner_note");
    let kept = &story.rows("SELECT * FROM need")[0];
    assert_eq!((&kept["need_id"], &kept["tier"], &kept["at_home"]), (&"n1".into(), &1.into(), &true.into()));
    assert_eq!(kept["skills"], serde_json::json!(["走访", "法律"]));
    let start =
        story.rows("SELECT count(*) AS n FROM need WHERE window_start = TIMESTAMPTZ '2024-03-05T01:00:00Z'");
    assert_eq!(start[0]["n"], 1);
    let set_aside = story.rows("SELECT DISTINCT file FROM quarantine");
    assert_eq!(set_aside, [serde_json::json!({ "file": server.shown() })]);

    let report = json(&["load", &pool, "need", &address, "--sheet", "街道.Needs"]);
    assert_eq!(counts(&report), [25_000, 25_000, 0]);
    let query = "SELECT 'q' || n AS 工单号, 2 AS tier FROM generate_series(1, 3) n -- few";
    let report = json(&["load", &pool, "need", &address, "--query", query]);
    assert_eq!((counts(&report), &report["files"][0]["sheet"]), ([3, 3, 0], &Value::Null));
    let again = json(&["load", &pool, "need", &address, "--query", query]);
    assert_eq!((&again["unchanged"], &again["snapshot"]), (&3.into(), &report["snapshot"]));

    let history = json(&["history", &pool]).to_string();
    assert!(!history.contains(PASSWORD) && !report.to_string().contains(PASSWORD));
    for file in files(Path::new(&pool)) {
        let bytes = fs::read(&file).unwrap();
        let found = bytes.windows(PASSWORD.len()).any(|it| it == PASSWORD.as_bytes());
        assert!(!found, "{}", file.display());
    }
}

#[test]
fn what_a_database_refuses_is_said_in_its_words() {
    let server = Server::start();
    server.psql(TABLES).unwrap();
    let story = Story::of(&[]);
    let pool = story.pool();
    let before = json(&["history", &pool]);
    let address = server.address("postgres");
    let check = |address: &str, more: &[&str], exit: i32, code: &str, said: &str| {
        let (found, error) = refused(&[&["load", &pool, "need", address], more].concat());
        assert_eq!((found, error["code"].as_str().unwrap()), (exit, code), "{error}");
        let text = error.to_string();
        assert!(text.contains(said) && !text.contains(PASSWORD) && !text.contains("wr0ng"), "{text}");
    };
    let query =
        |sql: &str, exit: i32, code: &str, said: &str| check(&address, &["--query", sql], exit, code, said);
    check(&address.replace(PASSWORD, "wr0ng"), &[], 7, "database-denied", "28P01");
    check(&server.address("city"), &[], 3, "unknown-database", "3D000");
    check(&address, &["--sheet", "needs"], 3, "unknown-table", "did you mean `need`?");
    check(&address, &["--sheet", "photo"], 2, "bad-sql", "bytea");
    check(&format!("{address}?sslmode=require"), &[], 2, "no-tls", "sslmode=disable");
    let guest = address.replace(&format!("clerk:{PASSWORD}"), "guest:guest");
    check(&guest, &[], 7, "database-denied", "42501");
    query("SELEC 1", 2, "bad-sql", "42601");
    query("SELECT 1 AS need_id; DROP TABLE photo", 2, "bad-sql", "42601");
    query("DELETE FROM photo", 2, "bad-sql", "SELECT");
    query("DELETE FROM photo RETURNING need_id", 2, "bad-sql", "42601");
    query("SELECT write_one() AS need_id", 7, "not-read-only", "25006");
    query("SELECT 'a' AS need_id, 1 / (n - 3) AS tier FROM generate_series(1, 5) n", 4, "bad-value", "22012");
    query("SELECT need_id FROM need WHERE false", 4, "empty-file", "");
    query("SELECT tier FROM need", 4, "missing-column", "need_id");
    server.psql("INSERT INTO photo VALUES ('still there', NULL)").unwrap();
    assert_eq!(json(&["history", &pool]), before);
}
