//! A small pool behind a server on a free port, and a client.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use linli_pool::query::{LoadOptions, Mode};
use linli_pool::{Pool, Witness};
use linli_serve::{Clock, Log, ServeConfig, ServeLimits, Server};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// 2024-03-01 00:00 +08:00.
pub const START_US: i64 = 1_709_222_400_000_000;

pub const JSON: &str = "application/json";

/// Needs of the pool; two volunteers can serve one each.
pub const NEEDS: usize = 30;

/// A server that ends with the test.
pub struct Site {
    pub pool: Arc<Pool>,
    base: String,
    clock: Arc<AtomicI64>,
    log: Arc<Mutex<Vec<String>>>,
    agent: ureq::Agent,
    folder: tempfile::TempDir,
    runtime: Option<tokio::runtime::Runtime>,
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<Result<(), linli_serve::Error>>>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |it| it.to_str().expect("a header of ASCII"))
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|it| panic!("{it}: {}", self.text()))
    }

    /// The document of a success.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        self.json()
    }

    /// Checks a problem document and returns it.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], format!("/problems/{code}"));
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        for key in ["title", "title_zh", "detail", "detail_zh", "kind", "instance"] {
            assert!(problem[key].as_str().is_some_and(|it| !it.is_empty()), "{key}: {problem}");
        }
        problem
    }
}

impl Site {
    /// A pool with needs, volunteers and plugins, without runs.
    pub fn new() -> Self {
        Self::with(ServeLimits::default())
    }

    /// The same within other limits.
    pub fn with(limits: ServeLimits) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let clock = Arc::new(AtomicI64::new(START_US));
        let now: Clock = {
            let clock = Arc::clone(&clock);
            Arc::new(move || clock.load(Ordering::Relaxed))
        };
        let log = Arc::new(Mutex::new(Vec::new()));
        let noted: Log = {
            let log = Arc::clone(&log);
            Arc::new(move |line: &str| log.lock().expect("the log").push(line.to_owned()))
        };
        let (stop, stopped) = oneshot::channel();
        let (pool, base, running) = runtime.block_on(async {
            let pool = Pool::init(&folder.path().join("pool"), &witness()).await.expect("a pool");
            fill(&pool, folder.path()).await;
            let pool = Arc::new(pool);
            let addr = "127.0.0.1:0".parse().expect("an address");
            let config = ServeConfig { limits, ..ServeConfig::new(addr, "test", 2, now, noted) };
            let server = Server::bind(Arc::clone(&pool), config).await.expect("a server");
            let base = format!("http://{}", server.local_addr());
            let running = tokio::spawn(server.run(async move {
                let _ = stopped.await;
            }));
            (pool, base, Some(running))
        });
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        Self { pool, base, clock, log, agent, folder, runtime: Some(runtime), stop: Some(stop), running }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], None)
    }

    pub fn get_as(&self, path: &str, accept: &str) -> Answer {
        self.ask("GET", path, &[("accept", accept)], None)
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, &[("content-type", JSON)], Some(&body.to_string()))
    }

    pub fn sql(&self, sql: &str) -> Answer {
        self.post("/v1/sql", &json!({ "sql": sql }))
    }

    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> Answer {
        self.try_ask(method, path, headers, body).expect("a whole answer")
    }

    /// Nothing when the answer breaks off.
    pub fn try_ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Result<Answer, ureq::Error> {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = match body {
            Some(body) => self.agent.run(request.body(body).expect("a request"))?,
            None => self.agent.run(request.body(()).expect("a request"))?,
        };
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.body_mut().with_config().limit(1 << 30).read_to_vec()?;
        Ok(Answer { status, headers, body })
    }

    /// Opens a connection and sends bytes as they are.
    pub fn send(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.base.trim_start_matches("http://")).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time limit");
        stream.write_all(text.as_bytes()).expect("a request");
        stream
    }

    /// Sends a request with this `Host`, and returns all that comes back.
    pub fn ask_host(&self, host: &str, path: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let mut stream = self.send(&request);
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    /// Waits until the metrics say so.
    pub fn wait_for(&self, line: &str) {
        let end = Instant::now() + Duration::from_secs(60);
        while !self.get("/metrics").text().lines().any(|it| it == line) {
            assert!(Instant::now() < end, "never: {line}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// What whoever runs the server was told.
    pub fn logged(&self) -> Vec<String> {
        self.log.lock().expect("the log").clone()
    }

    /// Makes the stored rows of a table unreadable; returns what has to be written back.
    pub fn spoil(&self, table: &str) -> Vec<(PathBuf, Vec<u8>)> {
        let inside = std::fs::read_dir(self.pool.root().join("tables").join(table)).expect("a table");
        let files = inside.map(|it| it.expect("an entry").path());
        let files = files.filter(|it| it.extension().is_some_and(|it| it == "parquet"));
        files
            .map(|path| {
                let bytes = std::fs::read(&path).expect("a file");
                std::fs::write(&path, b"no rows any more").expect("a file");
                (path, bytes)
            })
            .collect()
    }

    /// Sends a statement from another thread, and tells the status of the answer.
    pub fn asker(&self, sql: &str, tell: std::sync::mpsc::Sender<u16>) -> impl FnOnce() + Send + use<> {
        let (agent, url) = (self.agent.clone(), format!("{}/v1/sql", self.base));
        let body = json!({ "sql": sql }).to_string();
        move || {
            let answer = agent.post(url).header("content-type", JSON).send(body).expect("an answer");
            tell.send(answer.status().as_u16()).expect("somebody who waits");
        }
    }

    /// Loads rows while the server runs.
    pub fn load(&self, table: &str, text: &str) {
        let file = write(self.folder.path(), table, text);
        self.block_on(load(&self.pool, table, file));
    }

    /// Loads rows in the place of all that are there.
    pub fn replace(&self, table: &str, text: &str) {
        let file = write(self.folder.path(), table, text);
        let options = LoadOptions { mode: Mode::Replace, at_us: START_US, ..LoadOptions::default() };
        self.block_on(self.pool.load(table, &[file], &options)).expect("a load");
    }

    /// Loads a file of another form.
    pub fn load_file(&self, table: &str, name: &str, bytes: &[u8]) {
        let file = self.folder.path().join(name);
        std::fs::write(&file, bytes).expect("a file");
        self.block_on(load(&self.pool, table, file));
    }

    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.as_ref().expect("a runtime").block_on(work)
    }

    /// Starts a run and waits until it is no longer running; returns its last state.
    pub fn run(&self, order: &Value) -> Value {
        let started = self.post("/v1/runs", order);
        assert_eq!(started.status, 202, "{}", started.text());
        self.wait(started.header("location"))
    }

    pub fn wait(&self, location: &str) -> Value {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let state = self.get(location).ok();
            if state["state"] != "running" {
                return state;
            }
            assert!(Instant::now() < end, "the run takes too long");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asks the server to stop; answers when it has.
    pub fn stop(&mut self) {
        self.stop.take();
        let running = self.running.take().expect("a server that runs");
        self.block_on(running).expect("no panic").expect("no error");
    }

    /// Lets time pass.
    pub fn advance(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(5));
        }
    }
}

pub fn witness() -> Witness {
    Witness { at_us: START_US, host: "test".to_owned(), actor: "tester".to_owned(), threads: 2 }
}

async fn fill(pool: &Pool, folder: &std::path::Path) {
    let mut needs = "need_id,district_id,community_id,service_id,skills,tier,demand,window_start,window_end,\
        duration_min,lon,lat,received_at,status\n"
        .to_owned();
    for number in 0..NEEDS {
        let (tier, community) = (number % 4, number % 2 + 1);
        needs += &format!(
            "n{number:03},d1,c{community},visit,visiting,{tier},1,2024-03-05T08:00,2024-03-05T12:00,60,\
             106.7{community},26.58,2024-03-01T0{}:00,open\n",
            number % 8
        );
    }
    let files = [
        ("district", "district_id,name\nd1,南明区\n".to_owned()),
        (
            "community",
            "community_id,district_id,name,lon,lat\nc1,d1,甲社区,106.71,26.58\nc2,d1,乙社区,106.72,26.58\n".to_owned(),
        ),
        ("service", "service_id,name_zh,name_en\nvisit,探访,visit\n".to_owned()),
        (
            "volunteer",
            "volunteer_id,district_id,community_id,kind,skills,lon,lat,max_per_day,max_per_week,consent,status\n\
             v1,d1,c1,resident,visiting,106.71,26.58,1,5,true,active\n\
             v2,d1,c2,resident,visiting,106.72,26.58,1,5,true,active\n\
             v3,d1,c2,resident,plumbing,106.72,26.58,1,5,true,active\n"
                .to_owned(),
        ),
        (
            "availability",
            "provider_id,start,end,rrule,capacity\n\
             v1,2024-03-05T08:00,2024-03-05T12:00,,1\n\
             v2,2024-03-05T08:00,2024-03-05T12:00,,1\n\
             v2,2024-03-05T08:00,2024-03-05T12:00,FREQ=WEEKLY,1\n\
             v3,2024-03-05T08:00,2024-03-05T12:00,,1\n"
                .to_owned(),
        ),
        ("need", needs),
    ];
    for (table, text) in files {
        let file = write(folder, table, &text);
        load(pool, table, file).await;
    }
}

fn write(folder: &std::path::Path, table: &str, text: &str) -> PathBuf {
    let file = folder.join(format!("{table}.csv"));
    std::fs::write(&file, text).expect("a file");
    file
}

async fn load(pool: &Pool, table: &str, file: PathBuf) {
    let options = LoadOptions { mode: Mode::Upsert, at_us: START_US, ..LoadOptions::default() };
    pool.load(table, &[file], &options).await.unwrap_or_else(|it| panic!("{table}: {it}"));
}
