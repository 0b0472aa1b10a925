//! The server as a process: it starts, answers, survives bad requests and stops.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::support::{Story, binary, json};

struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(pool: &str) -> Self {
        let mut child = Command::new(binary())
            .args(["serve", pool, "--http", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
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
