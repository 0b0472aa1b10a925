//! A panic is one answer, not the end.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use linli_pool::{Pool, Witness};

use super::dressed;
use crate::app::App;
use crate::config::ServeConfig;

async fn panicking() -> &'static str {
    panic!("this is a test");
}

fn ask(addr: std::net::SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(addr).expect("a connection");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_is_a_problem_and_the_server_lives_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let witness = Witness { at_us: 0, host: "test".to_owned(), actor: "tester".to_owned(), threads: 1 };
    let pool = Arc::new(Pool::init(&folder.path().join("pool"), &witness).await.expect("a pool"));
    let addr = "127.0.0.1:0".parse().expect("an address");
    let config = ServeConfig::new(addr, "test", 1, Arc::new(|| 0), Arc::new(|_: &str| {}));
    let app = Arc::new(App::new(pool, config, String::new()));
    let router = Router::new().route("/panic", get(panicking)).route("/fine", get(|| async { "fine" }));
    let router = dressed(router, &app).with_state(app);
    let listener = tokio::net::TcpListener::bind(addr).await.expect("a socket");
    let addr = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    for _ in 0..2 {
        let answer = ask(addr, "/panic");
        assert!(answer.starts_with("HTTP/1.1 500"), "{answer}");
        assert!(answer.contains("content-type: application/problem+json"), "{answer}");
        assert!(answer.contains("\"code\":\"internal\"") && !answer.contains("this is a test"), "{answer}");
        assert!(ask(addr, "/fine").ends_with("fine"));
    }
}
