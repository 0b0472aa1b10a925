//! A pool: tables, plugins and runs in one folder.

use std::path::{Path, PathBuf};

use linli_plugin::{Host, Limits};
use linli_query::{
    Change, CommitNote, ExportReport, Frame, ImportReport, LoadOptions, LoadReport, Params, PoolConfig,
    QueryLimits, Session, Snapshot, Store,
};

use crate::Result;
use crate::plugins::{Cache, Compiled};

/// What the door knows and the decision must not: when and where something was done.
#[derive(Debug, Clone)]
pub struct Witness {
    /// Now, in microseconds since 1970 UTC.
    pub at_us: i64,
    /// The host's name.
    pub host: String,
    /// Who asks, as the door knows them; kept with what is done to plugins.
    pub actor: String,
    /// How many threads may work.
    pub threads: usize,
}

/// One pool, open.
pub struct Pool {
    pub(crate) store: Store,
    pub(crate) host: Host,
    pub(crate) compiled: Compiled,
}

impl Pool {
    /// Makes a pool in an empty or missing folder and puts the reference plugins into it. Goes on
    /// where an attempt before was cut off.
    ///
    /// **Errors.** A pool or other files stand there already.
    pub async fn init(root: &Path, witness: &Witness) -> Result<Self> {
        let store = Store::begin(root, &PoolConfig::default(), witness.at_us).await?;
        let pool = Self { store, host: Host::new(Limits::default())?, compiled: Compiled::default() };
        pool.add_reference_plugins(witness).await?;
        pool.store.finish().await?;
        Ok(pool)
    }

    /// Opens a pool.
    ///
    /// **Errors.** No pool there, or one of a newer format.
    pub async fn open(root: &Path) -> Result<Self> {
        let store = Store::open(root).await?;
        Ok(Self { store, host: Host::new(Limits::default())?, compiled: Compiled::default() })
    }

    /// The same pool, which keeps what it compiles in `plugins/cache`: sealed with this secret, and
    /// never loaded without that seal. The secret belongs to the user and must not lie in the pool.
    ///
    /// **Errors.** When this machine lacks what a sandbox needs.
    pub fn keeping_code(mut self, secret: &[u8; 32]) -> Result<Self> {
        let shelf = Box::new(Cache::new(self.root()));
        self.host = Host::with_shelf(Limits::default(), secret, shelf)?;
        self.compiled = Compiled::default();
        Ok(self)
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        self.store.root()
    }

    /// What holds for the pool as a whole.
    pub fn config(&self) -> &PoolConfig {
        self.store.config()
    }

    /// The newest state of all tables.
    pub async fn latest(&self) -> Result<Snapshot> {
        Ok(self.store.latest().await?)
    }

    /// One state of all tables.
    pub async fn snapshot(&self, id: u64) -> Result<Snapshot> {
        Ok(self.store.snapshot(id).await?)
    }

    /// The state of that number, or else the one that is known already.
    ///
    /// **Errors.** No state of that number.
    pub(crate) async fn snapshot_or(&self, id: Option<u64>, known: &Snapshot) -> Result<Snapshot> {
        match id {
            Some(id) => self.snapshot(id).await,
            None => Ok(known.clone()),
        }
    }

    /// The newest state at an instant, in microseconds since 1970 UTC.
    ///
    /// **Errors.** The pool did not exist yet.
    pub async fn snapshot_at(&self, at_us: i64) -> Result<Snapshot> {
        let history = self.store.history().await?;
        let zone = linli_query::Zone::parse(&self.config().time_zone);
        let first = history.first().map_or_else(String::new, |it| zone.rfc3339(it.at_us));
        let found = history.into_iter().rev().find(|it| it.at_us <= at_us);
        Ok(found.ok_or_else(|| linli_query::Error::NoSnapshotAt { asked: zone.rfc3339(at_us), first })?)
    }

    /// Every state, oldest first.
    pub async fn history(&self) -> Result<Vec<Snapshot>> {
        Ok(self.store.history().await?)
    }

    /// Writes the pool into one file; see [`linli_query::export`].
    pub async fn export(&self, file: &Path) -> Result<ExportReport> {
        Ok(linli_query::export(&self.store, file).await?)
    }

    /// Makes a pool of such a file; see [`linli_query::import`].
    pub async fn import(file: &Path, root: &Path) -> Result<ImportReport> {
        Ok(linli_query::import(file, root).await?)
    }

    /// Loads files into a table; see [`linli_query::load`].
    pub async fn load(&self, table: &str, files: &[PathBuf], options: &LoadOptions) -> Result<LoadReport> {
        Ok(linli_query::load(&self.store, table, files, options).await?)
    }

    /// Tries the quarantined lines of a table again; see [`linli_query::mend`].
    pub async fn mend(&self, table: Option<&str>, file: &Path, at_us: i64) -> Result<LoadReport> {
        Ok(linli_query::mend(&self.store, table, file, at_us).await?)
    }

    /// Opens SQL over one snapshot.
    pub async fn session(&self, snapshot: &Snapshot, limits: &QueryLimits) -> Result<Session> {
        Ok(Session::new(&self.store, snapshot, limits).await?)
    }

    /// Runs SQL of our own and joins the rows.
    pub(crate) async fn frame(&self, session: &Session, sql: &str, params: &Params) -> Result<Frame> {
        let (schema, batches) = session.internal(sql, params).await?;
        Ok(Frame::new(&schema, &batches)?)
    }

    /// Adds rows that rest on nothing that others could have changed meanwhile: on top of whatever is
    /// newest.
    pub(crate) async fn add_rows(&self, base: &Snapshot, pages: &[Change], note: &CommitNote) -> Result<()> {
        let mut top = base.clone();
        loop {
            // Each round means that another writer finished, so this ends when they do.
            match self.store.commit(&top, pages.to_vec(), note).await {
                Err(linli_query::Error::Conflict { .. }) => top = self.latest().await?,
                done => return Ok(done.map(drop)?),
            }
        }
    }

    pub(crate) fn note(&self, witness: &Witness, action: String) -> CommitNote {
        CommitNote { at_us: witness.at_us, action }
    }
}

/// The limits under which the pool's own steps query.
pub(crate) fn own_limits(witness: &Witness) -> QueryLimits {
    QueryLimits { threads: witness.threads, ..QueryLimits::default() }
}
