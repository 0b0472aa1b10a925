//! Callers who do not read, do not finish, or are gone: nobody else waits for them.

use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use linli_serve::ServeLimits;
use serde_json::json;

use crate::site::Site;
use crate::sql::ENDLESS;

/// Two hundred megabytes, in rows.
const LONG: &str = "SELECT a.need_id, repeat('x', 200) AS wide FROM need a, need b, need c, need d";

fn order(sql: &str) -> String {
    let body = json!({ "sql": sql }).to_string();
    format!(
        "POST /v1/sql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// All that still comes before the connection ends, however it ends.
fn rest(stream: &mut std::net::TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}"),
    }
    bytes
}

#[test]
fn whoever_stops_reading_loses_the_seat_at_the_time_limit() {
    let limits = ServeLimits { seconds_max: 3, queries_at_once: 1, ..ServeLimits::default() };
    let site = Site::with(limits);
    let mut stream = site.send(&order(LONG));
    site.wait_for("linli_queries_running 1");
    // Nobody reads, so nobody asks for more rows; the seat is free all the same.
    site.wait_for("linli_queries_running 0");
    assert_eq!(site.sql("SELECT 1 AS one").ok()["rows"][0]["one"], 1);
    let answer = rest(&mut stream);
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{} bytes", answer.len());
    assert!(!answer.ends_with(b"0\r\n\r\n"), "half an answer ends as if it were whole");
}

#[test]
fn whoever_stops_reading_does_not_hold_up_the_end() {
    let mut site = Site::new();
    let _stream = site.send(&order(LONG));
    site.wait_for("linli_queries_running 1");
    site.stop();
}

#[test]
fn whoever_is_gone_is_not_computed_for() {
    let limits = ServeLimits { seconds_max: 3600, ..ServeLimits::default() };
    let site = Site::with(limits);
    for sql in [ENDLESS, LONG] {
        let stream = site.send(&order(sql));
        site.wait_for("linli_queries_running 1");
        drop(stream);
        site.wait_for("linli_queries_running 0");
    }
}

#[test]
fn whoever_does_not_finish_a_request_is_hung_up_on() {
    let limits = ServeLimits { seconds_max: 1, idle_seconds_max: 1, ..ServeLimits::default() };
    let site = Site::with(limits);
    let whole = order("SELECT 1");
    for half in ["", "GET /healthz HTTP/1.1\r\nHost: local", &whole[..whole.len() - 5]] {
        let mut stream = site.send(half);
        let answer = rest(&mut stream);
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"), "{half}");
    }
    assert_eq!(site.get("/healthz").status, 200);
}

#[test]
fn whoever_sends_byte_by_byte_is_hung_up_on() {
    let limits = ServeLimits { seconds_max: 1, idle_seconds_max: 1, ..ServeLimits::default() };
    let site = Site::with(limits);
    let head = "POST /v1/sql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    // A head without end, and a body without end.
    for begun in [head.to_owned(), format!("{head}Content-Length: 1000\r\n\r\n")] {
        let mut stream = site.send(&begun);
        let end = Instant::now() + Duration::from_secs(20);
        stream.set_read_timeout(Some(Duration::from_millis(200))).expect("a time limit");
        let mut answer = Vec::new();
        loop {
            assert!(Instant::now() < end, "still open after {begun}");
            let is_gone = stream.write_all(b"x").is_err();
            match stream.read_to_end(&mut answer) {
                Err(it) if matches!(it.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) && !is_gone => {}
                _ => break,
            }
        }
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"), "{begun}");
    }
    assert_eq!(site.get("/healthz").status, 200);
}

#[test]
fn a_body_that_does_not_come_is_told_so() {
    let limits = ServeLimits { idle_seconds_max: 1, ..ServeLimits::default() };
    let site = Site::with(limits);
    let whole = order("SELECT 1");
    let answer = rest(&mut site.send(&whole[..whole.len() - 5]));
    let answer = String::from_utf8(answer).expect("UTF-8");
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("body-too-slow"), "{answer}");
}
