//! The server as a process: it starts, answers, survives bad requests and stops.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json as document};

use crate::support::{Story, binary, json, root};

/// How long anything here may take before it counts as never.
const NEVER: Duration = Duration::from_secs(60);

struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(pool: &str) -> Self {
        Self::with(&["serve", pool, "--http", "127.0.0.1:0"])
    }

    fn with(arguments: &[&str]) -> Self {
        let mut child = Command::new(binary())
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, url: line.trim().to_owned() }
    }

    fn get(&self, path: &str) -> (u16, Value) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut response = agent.get(format!("{}{path}", self.url)).call().unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        (response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    fn post(&self, path: &str, body: &str) -> (u16, Value) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let request = agent.post(format!("{}{path}", self.url)).header("content-type", "application/json");
        let mut response = request.send(body).unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        (response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// Sends a statement and reads nothing.
    fn send(&self, sql: &str) -> TcpStream {
        let body = document!({ "sql": sql }).to_string();
        let mut stream = TcpStream::connect(self.url.trim_start_matches("http://")).unwrap();
        write!(
            stream,
            "POST /v1/sql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        stream
    }

    /// Makes a run; its last state.
    fn run(&self, order: &Value) -> Value {
        let (status, started) = self.post("/v1/runs", &order.to_string());
        assert_eq!(status, 202, "{started}");
        let path = format!("/v1/runs/{}", started["run_id"].as_str().unwrap());
        let end = Instant::now() + NEVER;
        loop {
            let (status, state) = self.get(&path);
            assert_eq!(status, 200, "{state}");
            if state["state"] != "running" {
                return state;
            }
            assert!(Instant::now() < end, "{state}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn wait_for(&self, line: &str) {
        let end = Instant::now() + NEVER;
        loop {
            let (_, metrics) = self.get("/metrics");
            if metrics.as_str().unwrap().lines().any(|it| it == line) {
                return;
            }
            assert!(Instant::now() < end, "never: {line}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Sends a signal and waits for the end.
    fn told(&mut self, signal: &str) -> ExitStatus {
        let kill = format!("kill -{signal} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        self.ended()
    }

    fn ended(&mut self) -> ExitStatus {
        let end = Instant::now() + NEVER;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < end, "the server does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What it said on stderr, after its end.
    fn said(&mut self) -> String {
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        said
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn what_the_command_line_says_the_server_says_too() {
    let story = Story::new();
    let report = json(&["match", &story.pool()]);
    let run = report["run_id"].as_str().unwrap();
    let server = Server::start(&story.pool());
    assert_eq!(server.get("/healthz").0, 200);
    let (status, found) = server.get(&format!("/v1/runs/{run}"));
    assert_eq!((status, &found["objective"]), (200, &report["objective"]));
    let (status, matches) = server.get(&format!("/v1/runs/{run}/matches"));
    assert_eq!((status, matches["items"].as_array().unwrap().len()), (200, 3));
    let (status, rows) = server.post("/v1/sql", r#"{"sql":"SELECT count(*) AS n FROM need"}"#);
    assert_eq!((status, &rows["rows"][0]["n"]), (200, &Value::from(5)));
    let (status, problem) = server.post("/v1/sql", r#"{"sql":"DROP TABLE need"}"#);
    assert_eq!((status, problem["kind"].as_str().unwrap()), (403, "denied"));
    assert_eq!(server.get("/v1/no-such-thing").0, 404);
    assert_eq!(server.get("/healthz").0, 200, "still up");
}

#[test]
fn the_server_listens_where_it_is_told_and_says_so() {
    let story = Story::new();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let mut server = Server::with(&["serve", &story.pool(), "--http", &address]);
    assert_eq!(server.url, format!("http://{address}"));
    assert_eq!(server.get("/readyz").0, 200);
    assert_eq!(server.told("TERM").code(), Some(0));
    let said = server.said();
    assert!(!said.contains("no keys"), "this machine only: {said}");

    let mut open = Server::with(&["serve", &story.pool(), "--http", "0.0.0.0:0"]);
    assert!(open.url.starts_with("http://0.0.0.0:"), "{}", open.url);
    assert_eq!(open.told("TERM").code(), Some(0));
    let said = open.said();
    assert!(said.contains("there are no keys yet") && said.contains("尚无密钥"), "{said}");
}

#[test]
fn the_line_of_the_readme_works_as_it_stands() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.contains("linli serve mypool") && readme.contains("`http://127.0.0.1:8080`"));
    let story = Story::new();
    let mut server = Server::with(&["serve", &story.pool()]);
    if server.url.is_empty() {
        // Somebody else listens there; then it says that and ends.
        assert_eq!(server.ended().code(), Some(2));
        let said = server.said();
        assert!(said.contains("cannot listen on 127.0.0.1:8080"), "{said}");
        return;
    }
    assert_eq!(server.url, "http://127.0.0.1:8080");
    assert_eq!(server.get("/healthz").0, 200);
    assert_eq!(server.told("TERM").code(), Some(0));
}

#[test]
fn told_to_stop_it_stops_though_somebody_does_not_read() {
    let long = "SELECT a.need_id, repeat('x', 200) AS wide FROM need a, need b, need c, need d, need e, need f, \
        need g, need h, need i";
    for signal in ["TERM", "INT"] {
        let story = Story::new();
        let mut server = Server::start(&story.pool());
        let stalled = server.send(long);
        server.wait_for("linli_queries_running 1");
        // A match under way may end with the process: it is stored whole or not at all.
        assert_eq!(server.post("/v1/runs", "{}").0, 202);
        assert_eq!(server.told(signal).code(), Some(0), "{signal}");
        drop(stalled);
        assert_eq!(story.rows("SELECT count(*) AS n FROM need")[0]["n"], 5);
        let report = json(&["match", &story.pool()]);
        assert_eq!(report["certified"], true, "{report}");
        assert_eq!(report["matched"], 3, "{report}");
    }
}

#[test]
fn a_statement_without_end_ends_with_its_caller_and_holds_nobody_up() {
    let story = Story::new();
    let server = Server::start(&story.pool());
    // Everything with everything: 5 to the power of 18 rows, none of which comes out.
    let (mut tables, mut tiers) = (Vec::new(), Vec::new());
    for it in 0..18 {
        tables.push(format!("need n{it}"));
        tiers.push(format!("n{it}.tier"));
    }
    let (tables, tiers) = (tables.join(", "), tiers.join(" + "));
    let sql = format!("SELECT count(*) AS n FROM {tables} WHERE {tiers} = -1");
    let stream = server.send(&sql);
    server.wait_for("linli_queries_running 1");
    let (status, rows) = server.post("/v1/sql", r#"{"sql":"SELECT count(*) AS n FROM need"}"#);
    assert_eq!((status, &rows["rows"][0]["n"]), (200, &Value::from(5)));
    assert_eq!(server.run(&document!({}))["state"], "done");
    drop(stream);
    server.wait_for("linli_queries_running 0");
    assert_eq!(server.get("/healthz").0, 200, "still up");
}

#[test]
fn a_plugin_that_fails_in_a_run_fails_the_run_and_nothing_else() {
    let story = Story::new();
    let hostile = [
        ("traps-later", "plugin-trapped"),
        ("loops-later", "plugin-out-of-fuel"),
        ("eats-memory-later", "plugin-out-of-memory"),
    ];
    for (name, _) in hostile {
        let file = format!("plugins/dist/hostile/{name}.wasm");
        json(&["plugin", "add", &story.pool(), &file]);
    }
    let server = Server::start(&story.pool());
    let before = server.get("/readyz").1["snapshot"].clone();
    for (name, code) in hostile {
        let state = server.run(&document!({ "scorers": [{ "name": name }] }));
        let problem = &state["problem"];
        assert_eq!(state["state"], "failed", "{name}: {state}");
        assert_eq!(problem["kind"], "plugin", "{name}: {state}");
        assert_eq!(problem["code"], code, "{name}: {state}");
        assert_eq!(problem["status"], 502, "{name}: {state}");
        assert!(problem["detail"].as_str().unwrap().contains(name), "{state}");
        assert!(!problem["detail_zh"].as_str().unwrap().is_ascii(), "{state}");
        assert_eq!(server.get("/healthz").0, 200, "{name}");
    }
    assert_eq!(server.get("/readyz").1["snapshot"], before, "nothing was stored");
    assert_eq!(server.get("/v1/runs").1["items"], document!([]));
    let good = server.run(&document!({}));
    assert_eq!(good["state"], "done", "{good}");
    assert_eq!(good["certified"], true, "{good}");
}
