//! What all requests share.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use linli_model::Failure;
use linli_pool::query::{QueryLimits, Session, Snapshot};
use linli_pool::{Pool, Witness};

use crate::config::ServeConfig;
use crate::error::{Error, Result};
use crate::gate::{Gate, Seat};
use crate::keys::Keys;
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::runs::Runs;
use crate::wire::{AsOf, instant};

/// Snapshots whose tables stay open: the newest, and those that somebody pages through.
const READERS_MAX: usize = 4;

/// The code of a snapshot that was never there.
pub(crate) const UNKNOWN_SNAPSHOT: &str = "unknown-snapshot";

/// Reads of lists and single rows take less than a statement of a caller's.
const READS_PER_QUERY: usize = 4;

/// A snapshot that is being read: SQL over it, and the seat that was taken for it.
pub(crate) struct Reading {
    pub seat: Seat,
    pub snapshot: Snapshot,
    pub session: Session,
}

/// The pool, the limits and the book of the server.
pub(crate) struct App {
    pub(crate) pool: Arc<Pool>,
    pub(crate) config: ServeConfig,
    /// Seats for statements of callers and for explanations.
    pub(crate) queries: Gate,
    /// Seats for reads of lists and rows.
    pub(crate) reads: Gate,
    pub(crate) runs: Runs,
    pub(crate) keys: Arc<Keys>,
    pub(crate) metrics: Metrics,
    /// The OpenAPI document.
    pub(crate) openapi: String,
    readers: Mutex<VecDeque<(u64, Session)>>,
    requests: AtomicU64,
    started_us: i64,
    /// The pool's folder, as errors name it.
    root: String,
}

impl App {
    pub(crate) fn new(pool: Arc<Pool>, config: ServeConfig, openapi: String) -> Self {
        let limits = &config.limits;
        Self {
            queries: Gate::new(limits.queries_at_once),
            reads: Gate::new(limits.queries_at_once.saturating_mul(READS_PER_QUERY)),
            runs: Runs::new(limits.runs_at_once),
            keys: Arc::default(),
            metrics: Metrics::default(),
            readers: Mutex::default(),
            requests: AtomicU64::new(0),
            started_us: (config.clock)(),
            root: pool.root().display().to_string(),
            pool,
            config,
            openapi,
        }
    }

    /// When and where something is done.
    pub(crate) fn witness(&self) -> Witness {
        let ServeConfig { host, threads, .. } = &self.config;
        Witness {
            at_us: (self.config.clock)(),
            host: host.clone(),
            actor: "http".to_owned(),
            threads: *threads,
        }
    }

    /// A name for a request, unique among the servers of a pool.
    pub(crate) fn request_id(&self) -> String {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        format!("{:x}-{number:x}", self.started_us)
    }

    /// Keeps from callers what they may not read of a problem, and tells it to whoever runs the
    /// server, under the id of the request; `what` says which that was.
    pub(crate) fn withhold(&self, problem: &mut Problem, id: &str, what: &str) {
        if let Some(cause) = problem.withhold(&self.root) {
            (self.config.log)(&format!("{id} {what}: {}: {cause}", problem.code));
        }
    }

    /// Whether only this machine can reach the server, if nobody lies about names.
    pub(crate) fn is_local(&self) -> bool {
        self.config.addr.ip().to_canonical().is_loopback()
    }

    /// The limits of a statement that may answer so many rows.
    pub(crate) fn query_limits(&self, rows_max: Option<u64>) -> QueryLimits {
        let limits = &self.config.limits;
        QueryLimits {
            rows_max,
            seconds_max: Some(limits.seconds_max),
            memory_bytes_max: limits.memory_bytes_max,
            threads: self.config.threads,
            // Nobody is shown originals over the network.
            reveal: false,
        }
    }

    /// Reads a snapshot, after waiting for a seat.
    ///
    /// **Errors.** All seats are taken; those of [`App::snapshot`].
    pub(crate) async fn read(&self, as_of: Option<&AsOf>) -> Result<Reading> {
        let seat = self.reads.enter().await?;
        let snapshot = self.snapshot(as_of).await?;
        let session = self.reader(&snapshot).await?;
        Ok(Reading { seat, snapshot, session })
    }

    /// SQL for reads over a snapshot. Sessions of the last few snapshots are kept open, so that
    /// a point read opens no table.
    async fn reader(&self, snapshot: &Snapshot) -> Result<Session> {
        if let Some(session) = self.open_reader(snapshot.id) {
            return Ok(session);
        }
        let session = self.pool.session(snapshot, &self.query_limits(None)).await?;
        Ok(self.keep(snapshot.id, session))
    }

    /// Keeps a session, unless somebody else was faster to open one of the same snapshot; then
    /// theirs is the one.
    fn keep(&self, snapshot: u64, session: Session) -> Session {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, kept)) = readers.iter().find(|(id, _)| *id == snapshot) {
            return kept.clone();
        }
        readers.push_front((snapshot, session.clone()));
        readers.truncate(READERS_MAX);
        session
    }

    /// The kept session of a snapshot, which becomes the last to be given up.
    fn open_reader(&self, snapshot: u64) -> Option<Session> {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let position = readers.iter().position(|(id, _)| *id == snapshot)?;
        let found = readers.remove(position)?;
        let session = found.1.clone();
        readers.push_front(found);
        Some(session)
    }

    /// The snapshot somebody asks for: by number, by time, or the newest.
    ///
    /// **Errors.** No such snapshot, or none any more; a time that cannot be read or lies before
    /// the first.
    /// **Cost.** By time one small read per snapshot of the pool.
    pub(crate) async fn snapshot(&self, as_of: Option<&AsOf>) -> Result<Snapshot> {
        let time = match as_of {
            None => return Ok(self.pool.latest().await?),
            Some(AsOf::Snapshot(id)) => return self.numbered(*id).await,
            Some(AsOf::Time(time)) => time,
        };
        // A number in quotes is a number all the same.
        if let Ok(id) = time.parse() {
            return self.numbered(id).await;
        }
        let at_us = instant("as_of", time, &self.pool.config().time_zone)?;
        Ok(self.pool.snapshot_at(at_us).await?)
    }

    async fn numbered(&self, id: u64) -> Result<Snapshot> {
        let error = match self.pool.snapshot(id).await {
            Ok(it) => return Ok(it),
            Err(it) => it,
        };
        // Numbers only count up: one below the newest was there.
        if error.code() == UNKNOWN_SNAPSHOT && id < self.pool.latest().await?.id {
            return Err(Error::SnapshotGone { snapshot: id });
        }
        Err(error.into())
    }

    /// Runs a step of the pool on a thread of its own, so that no socket waits for it.
    ///
    /// The step goes on when whoever asked is gone.
    pub(crate) async fn apart<T, F, W>(&self, step: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(Arc<Pool>) -> W + Send + 'static,
        W: Future<Output = linli_pool::Result<T>>,
    {
        let pool = Arc::clone(&self.pool);
        let runtime = tokio::runtime::Handle::current();
        let done = tokio::task::spawn_blocking(move || runtime.block_on(step(pool))).await;
        Ok(done.map_err(|_| Error::Broken)??)
    }

    /// The same for a step somebody waits for: with a seat, and no longer than a query.
    ///
    /// The seat is held until the step is done, even when nobody waits any more.
    pub(crate) async fn answer<T, F, W>(&self, gate: &Gate, step: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(Arc<Pool>) -> W + Send + 'static,
        W: Future<Output = linli_pool::Result<T>>,
    {
        let seat = gate.enter().await?;
        let seconds = self.config.limits.seconds_max;
        let held = |pool| async move {
            let done = step(pool).await;
            drop::<Seat>(seat);
            done
        };
        let waiting = tokio::time::timeout(Duration::from_secs(seconds), self.apart(held));
        waiting.await.unwrap_or(Err(Error::TooSlow { seconds }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_snapshot_is_kept_open_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let witness = Witness { at_us: 0, host: "test".to_owned(), actor: "tester".to_owned(), threads: 1 };
        let pool = Arc::new(Pool::init(&folder.path().join("pool"), &witness).await.expect("a pool"));
        let addr = "127.0.0.1:0".parse().expect("an address");
        let config = ServeConfig::new(addr, "test", 1, Arc::new(|| 0), Arc::new(|_: &str| {}));
        let app = App::new(pool, config, String::new());
        let newest = app.snapshot(None).await.expect("a snapshot");
        // Two requests find none open and open one each.
        for _ in 0..2 {
            let opened = app.pool.session(&newest, &app.query_limits(None)).await.expect("a session");
            app.keep(newest.id, opened);
        }
        let before = app.snapshot(Some(&AsOf::Snapshot(0))).await.expect("the first snapshot");
        app.reader(&before).await.expect("a session");
        app.reader(&newest).await.expect("a session");
        let readers = app.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let ids: Vec<u64> = readers.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids, [newest.id, 0]);
    }
}
