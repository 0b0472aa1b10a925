//! SQL over one snapshot, for one caller.
//!
//! ```text
//! text ─guard─▶ statement ─bind─▶ parameters are literals, library calls are tables
//!      ─plan─▶ logical plan ─guard─▶ only reading ─▶ physical plan ─stop─▶ can be ended
//!      ─workers─▶ batches ─▶ Rows: row limit, time limit
//! ```
//!
//! Every statement takes this way, those of linli itself too; they may name stored tables,
//! have no row limit, and run on threads of their own.
//!
//! Columns that say who somebody is are masked before a statement meets them (`vault.rs`).
//!
//! What is limited: the length, depth and tables of a statement (`guard`, `tally`), what one
//! call of a function may make (`function/cost.rs`), the memory of operators, rows and time.
//! A time limit also counts the wait for a thread. What one batch makes of a row outside of
//! operators is not accounted for, only bounded: texts and columns per node (`guard`).

mod bind;
#[cfg(test)]
mod bounds;
mod fault;
#[cfg(test)]
mod figures;
mod guard;
mod limits;
mod listing;
mod nested;
mod params;
mod rows;
mod stop;
mod tables;
mod tally;
#[cfg(test)]
mod tests;
mod vault;
mod workers;

use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::DataFusionError;
use datafusion::datasource::{MemTable, ViewTable};
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::context::{SessionConfig, SessionContext, SessionState};
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{GreedyMemoryPool, TrackConsumersPool};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use datafusion::physical_plan::execute_stream;
use datafusion::sql::parser::Statement;
use futures::StreamExt;
use tokio::sync::{mpsc, oneshot};

use crate::library::{Library, Param};
use crate::store::{Snapshot, Store};
use crate::{Error, Pending, Result, function};

use bind::{Bound, Values};
use fault::{Phase, translate};
use rows::{Deadline, Running, Sent, outer_schema};
use stop::Stop;
use tables::{PoolCatalog, Source, Tables};
use workers::Workers;

pub use limits::QueryLimits;
pub use listing::{ColumnEntry, TableEntry, table, tables};
pub use params::{ParamValue, Params};
pub use rows::Rows;

/// Library queries may call each other, but not without end.
const CALL_DEPTH_MAX: usize = 8;

/// Batches that wait for whoever reads slowly.
const BATCHES_WAITING: usize = 2;

/// SQL over one snapshot. Cloning is cheap; clones share tables, memory and threads.
#[derive(Clone)]
pub struct Session {
    inner: Arc<Inner>,
}

struct Inner {
    context: SessionContext,
    tables: Arc<Tables>,
    /// Threads for statements of users, and for our own.
    users: Arc<Workers>,
    own: Arc<Workers>,
    library: &'static Library,
    limits: QueryLimits,
    zone: String,
}

/// A statement as it came.
struct Text {
    sql: String,
    params: Params,
    /// Types of parameters, where a header declares them.
    declared: &'static [Param],
    author: Author,
}

/// Who wrote a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Author {
    /// Somebody outside.
    User,
    /// Us: stored tables have names, rows no limit.
    Linli,
}

impl Session {
    /// Opens SQL over a snapshot. Tables are opened when they are first named.
    pub fn new<'a>(
        store: &'a Store,
        snapshot: &'a Snapshot,
        limits: &'a QueryLimits,
    ) -> Pending<'a, Result<Self>> {
        Box::pin(async move {
            let source = Source::Snapshot(store.clone(), snapshot.clone());
            Self::over(source, &store.config().time_zone, limits, Library::embedded()?)
        })
    }

    fn over(source: Source, zone: &str, limits: &QueryLimits, library: &'static Library) -> Result<Self> {
        let engine = |it: DataFusionError| Error::Engine { cause: it.to_string() };
        let runtime = runtime(limits).map_err(engine)?;
        let mut state = SessionStateBuilder::new()
            .with_default_features()
            .with_config(config(zone, limits))
            .with_runtime_env(Arc::clone(&runtime));
        *state.scalar_functions() = Some(function::allowed());
        // They would call other functions for every item of a list, past every limit.
        *state.higher_order_functions() = None;
        let context = SessionContext::new_with_state(state.build());
        let tables = Arc::new(Tables::new(source, zone, runtime, limits.reveal));
        context.register_catalog(tables::CATALOG, Arc::new(PoolCatalog(Arc::clone(&tables))));
        let threads = limits.threads.max(1);
        let (users, own) =
            (Workers::shared(threads, Author::User)?, Workers::shared(threads, Author::Linli)?);
        let (limits, zone) = (limits.clone(), zone.to_owned());
        Ok(Self { inner: Arc::new(Inner { context, tables, users, own, library, limits, zone }) })
    }

    /// Adds a table in memory, or puts it in the place of one of that name.
    ///
    /// **Errors.** Batches that have not that schema.
    pub fn register(&self, name: &str, schema: SchemaRef, batches: Vec<RecordBatch>) -> Result<()> {
        // Partitions are what works in parallel.
        let mut partitions = vec![Vec::new(); self.inner.limits.threads.max(1)];
        let count = partitions.len();
        for (index, batch) in batches.into_iter().enumerate() {
            partitions[index % count].push(batch);
        }
        let table = MemTable::try_new(schema, partitions)
            .map_err(|it| Error::Engine { cause: format!("table {name}: {it}") })?;
        self.inner.tables.add(name, Arc::new(table));
        Ok(())
    }

    /// Runs a statement of a user.
    ///
    /// **Errors.** [`Error::Sql`], [`Error::UnknownTable`], [`Error::NotReadOnly`] before the
    /// first row; [`Error::TimedOut`], [`Error::OutOfMemory`], [`Error::Evaluation`] also later.
    pub fn rows<'a>(&'a self, sql: &'a str, params: &'a Params) -> Pending<'a, Result<Rows>> {
        Box::pin(async move { self.start(sql, params, Author::User).await })
    }

    /// Runs a statement of a user and waits for all its rows; see [`Session::rows`].
    pub fn collect_rows<'a>(
        &'a self,
        sql: &'a str,
        params: &'a Params,
    ) -> Pending<'a, Result<(SchemaRef, Vec<RecordBatch>)>> {
        Box::pin(async move { self.rows(sql, params).await?.collect().await })
    }

    /// Runs a statement of our own. The values of its parameters may come from anywhere.
    pub fn own_rows<'a>(&'a self, sql: &'a str, params: &'a Params) -> Pending<'a, Result<Rows>> {
        Box::pin(async move { self.start(sql, params, Author::Linli).await })
    }

    /// Runs a statement of our own and waits for all its rows.
    pub fn internal<'a>(
        &'a self,
        sql: &'a str,
        params: &'a Params,
    ) -> Pending<'a, Result<(SchemaRef, Vec<RecordBatch>)>> {
        Box::pin(async move { self.own_rows(sql, params).await?.collect().await })
    }

    /// Runs a query of the library by name. Texts are read as the types its header declares.
    ///
    /// **Errors.** [`Error::UnknownQuery`], [`Error::BadParameter`], and those of [`Session::rows`].
    pub fn query<'a>(&'a self, name: &'a str, params: &'a Params) -> Pending<'a, Result<Rows>> {
        Box::pin(async move {
            let query = self.inner.library.query(name)?;
            let params = query.settle(params, &self.inner.zone)?;
            self.launch(Text {
                sql: query.sql.clone(),
                params,
                declared: &query.params,
                author: Author::User,
            })
            .await
        })
    }

    async fn start(&self, sql: &str, params: &Params, author: Author) -> Result<Rows> {
        self.launch(Text { sql: sql.to_owned(), params: params.clone(), declared: &[], author }).await
    }

    /// Plans and runs on the session's threads; returns when the columns are known.
    async fn launch(&self, text: Text) -> Result<Rows> {
        let limits = &self.inner.limits;
        let rows_max = limits.rows_max.filter(|_| text.author == Author::User);
        // From here on, so that the wait for a thread counts.
        let deadline = limits.seconds_max.and_then(Deadline::after);
        let workers = match text.author {
            Author::User => &self.inner.users,
            Author::Linli => &self.inner.own,
        };
        let stop = Stop::default();
        let (sender, receiver) = mpsc::channel(BATCHES_WAITING);
        let (opened, opening) = oneshot::channel();
        let task = {
            let (inner, stop) = (Arc::clone(&self.inner), stop.clone());
            async move {
                let planned = inner.plan(&text, 0).await;
                inner.run(planned, rows_max, &stop, opened, &sender).await;
            }
        };
        let gone = || Error::Engine { cause: "the statement's thread stopped".to_owned() };
        let task = workers.spawn(task).abort_handle();
        let running = Running { task, stop, _workers: Arc::clone(workers) };
        let schema = Deadline::wait(deadline, opening).await?.map_err(|_| gone())??;
        Ok(Rows::new(schema, receiver, running, deadline, rows_max))
    }
}

impl Inner {
    /// Plans a statement; library queries it calls are planned first.
    async fn plan(&self, text: &Text, depth: usize) -> Result<LogicalPlan> {
        let mut statement = guard::parse(&text.sql)?;
        let values = Values { params: &text.params, declared: text.declared, zone: &self.zone };
        let bound = bind::bind(&mut statement, &values, self.library)?;
        let _calls = self.add_calls(&bound, depth).await?;
        let state = self.context.state();
        self.check_tables(&state, &statement, &bound, text.author)?;
        let plan = state.statement_to_plan(statement).await;
        let planning = |it| translate(it, Phase::Planning, &self.limits);
        let plan = plan.map_err(planning)?;
        guard::check(&plan)?;
        let plan = nested::apart(plan).map_err(planning)?;
        function::bounded(plan).map_err(planning)
    }

    /// Puts the plan of every call under its name, for as long as the answer lives.
    async fn add_calls(&self, bound: &Bound, depth: usize) -> Result<CallTables<'_>> {
        let mut added = CallTables { tables: &self.tables, names: Vec::new() };
        for call in &bound.calls {
            if depth == CALL_DEPTH_MAX {
                let cause = format!("library query {} calls itself", call.query.name);
                return Err(Error::Engine { cause });
            }
            let text = Text {
                sql: call.query.sql.clone(),
                params: call.params.clone(),
                declared: &call.query.params,
                author: Author::User,
            };
            let plan = Box::pin(self.plan(&text, depth + 1)).await?;
            self.tables.add(&call.table, Arc::new(ViewTable::new(plan, None)));
            added.names.push(call.table.clone());
        }
        Ok(added)
    }

    /// Says which table is unknown, before DataFusion says it less kindly.
    fn check_tables(
        &self,
        state: &SessionState,
        statement: &Statement,
        bound: &Bound,
        author: Author,
    ) -> Result<()> {
        let references = state.resolve_table_references(statement);
        for it in references.map_err(|it| translate(it, Phase::Planning, &self.limits))? {
            let known = match it.schema() {
                None => self.tables.has(it.table()) || bound.functions.contains(it.table()),
                Some(tables::PUBLIC) => self.tables.has(it.table()),
                Some(tables::STORED) => author == Author::Linli,
                Some(other) => other == "information_schema",
            };
            if !known || it.catalog().is_some_and(|it| it != tables::CATALOG) {
                let names = self.tables.names();
                let spelt = crate::ingest::nearest(it.table(), names.iter().map(String::as_str));
                let catalog = linli_model::Catalog::embedded()?;
                let nearest = spelt.or_else(|| crate::ingest::nearest_table(it.table(), catalog));
                return Err(Error::UnknownTable { table: it.to_string(), nearest });
            }
        }
        Ok(())
    }

    /// Runs a plan and sends its rows. Whoever waits learns the columns first, or the error.
    async fn run(
        &self,
        planned: Result<LogicalPlan>,
        rows_max: Option<u64>,
        stop: &Stop,
        opened: oneshot::Sender<Result<SchemaRef>>,
        sender: &mpsc::Sender<Sent>,
    ) {
        let stream = match planned {
            Ok(plan) => self.open(plan, rows_max, stop).await,
            Err(error) => Err(error),
        };
        let mut stream = match stream {
            Ok(stream) => stream,
            Err(error) => {
                // Nobody to tell: the statement was given up.
                let _ = opened.send(Err(error));
                return;
            }
        };
        let schema = outer_schema(&stream.schema());
        if opened.send(Ok(Arc::clone(&schema))).is_err() {
            return;
        }
        while let Some(batch) = stream.next().await {
            let batch = batch.and_then(|it| {
                Ok(RecordBatch::try_new_with_options(
                    Arc::clone(&schema),
                    it.columns().to_vec(),
                    &datafusion::arrow::array::RecordBatchOptions::new().with_row_count(Some(it.num_rows())),
                )?)
            });
            let batch = batch.map(Some).map_err(|it| translate(it, Phase::Running, &self.limits));
            let is_over = batch.is_err();
            if sender.send(batch).await.is_err() || is_over {
                return;
            }
        }
        // Nobody to tell: whoever asked has seen enough.
        let _ = sender.send(Ok(None)).await;
    }

    async fn open(
        &self,
        plan: LogicalPlan,
        rows_max: Option<u64>,
        stop: &Stop,
    ) -> Result<datafusion::execution::SendableRecordBatchStream> {
        let planning = |it| translate(it, Phase::Planning, &self.limits);
        let plan = limited(plan, rows_max).map_err(planning)?;
        let state = self.context.state();
        let plan = state.create_physical_plan(&plan).await.map_err(planning)?;
        let plan = stop::stoppable(plan, stop).map_err(planning)?;
        execute_stream(plan, state.task_ctx()).map_err(|it| translate(it, Phase::Running, &self.limits))
    }
}

/// Tables of calls, taken away again when their statement is planned.
struct CallTables<'a> {
    tables: &'a Tables,
    names: Vec<String>,
}

impl Drop for CallTables<'_> {
    fn drop(&mut self) {
        self.names.iter().for_each(|it| self.tables.remove(it));
    }
}

/// Asks for one row more than is shown, so that sorts keep only what is needed.
fn limited(plan: LogicalPlan, rows_max: Option<u64>) -> datafusion::common::Result<LogicalPlan> {
    let rows = rows_max.and_then(|it| usize::try_from(it).ok()).and_then(|it| it.checked_add(1));
    match (rows, &plan) {
        (None, _) | (_, LogicalPlan::Explain(_) | LogicalPlan::DescribeTable(_)) => Ok(plan),
        (Some(rows), _) => LogicalPlanBuilder::from(plan).limit(0, Some(rows))?.build(),
    }
}

fn config(zone: &str, limits: &QueryLimits) -> SessionConfig {
    let mut config = SessionConfig::new()
        .with_create_default_catalog_and_schema(false)
        .with_default_catalog_and_schema(tables::CATALOG, tables::PUBLIC)
        .with_information_schema(true)
        .with_batch_size(8192)
        .with_target_partitions(limits.threads.max(1));
    let options = config.options_mut();
    options.execution.time_zone = Some(zone.to_owned());
    options.execution.planning_concurrency = limits.threads.max(1);
    // A physical plan names the files of the pool, with their folders.
    options.explain.logical_plan_only = true;
    // Plain strings everywhere, as the catalog has them.
    options.execution.parquet.schema_force_view_types = false;
    options.sql_parser.map_string_types_to_utf8view = false;
    // Who selects from a library query without another order gets the query's own.
    options.sql_parser.enable_subquery_sort_elimination = false;
    config
}

fn runtime(limits: &QueryLimits) -> datafusion::common::Result<Arc<RuntimeEnv>> {
    const NAMED: std::num::NonZeroUsize = std::num::NonZeroUsize::MIN;
    let pool = TrackConsumersPool::new(GreedyMemoryPool::new(limits.memory_bytes_max), NAMED);
    RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(pool))
        .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled))
        .build_arc()
}
