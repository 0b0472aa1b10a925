//! Rows on their way to whoever asked.

use std::sync::Arc;
use std::time::Duration;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{Field, Schema, SchemaRef};
use tokio::sync::mpsc::Receiver;
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout_at};

use super::stop::Stop;
use super::workers::Workers;
use crate::{Error, Pending, Result};

/// What the task of a statement sends: batches, one error, or the end.
pub(super) type Sent = Result<Option<RecordBatch>>;

/// The result of a statement, batch by batch. Dropping it ends the statement.
#[derive(Debug)]
pub struct Rows {
    /// The columns: names are unique, every column may hold NULL.
    pub schema: SchemaRef,
    receiver: Receiver<Sent>,
    running: Running,
    deadline: Option<Deadline>,
    left: Option<u64>,
    truncated: bool,
    is_done: bool,
}

/// When a statement must be done.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    at: Instant,
    seconds: u64,
}

impl Deadline {
    /// So many seconds from now; none where no clock counts that far.
    pub(super) fn after(seconds: u64) -> Option<Self> {
        let at = Instant::now().checked_add(Duration::from_secs(seconds))?;
        Some(Self { at, seconds })
    }

    /// Waits for something until then.
    pub(super) async fn wait<T>(limit: Option<Self>, what: impl Future<Output = T>) -> Result<T> {
        match limit {
            None => Ok(what.await),
            Some(limit) => {
                timeout_at(limit.at, what).await.map_err(|_| Error::TimedOut { seconds: limit.seconds })
            }
        }
    }
}

/// The task of a statement: ends when this is dropped.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) task: AbortHandle,
    pub(super) stop: Stop,
    /// The threads live as long as their tasks are wanted.
    pub(super) _workers: Arc<Workers>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.raise();
        self.task.abort();
    }
}

impl Rows {
    pub(super) fn new(
        schema: SchemaRef,
        receiver: Receiver<Sent>,
        running: Running,
        deadline: Option<Deadline>,
        rows_max: Option<u64>,
    ) -> Self {
        let (truncated, is_done) = (false, false);
        Self { schema, receiver, running, deadline, left: rows_max, truncated, is_done }
    }

    /// The next batch; nothing at the end.
    ///
    /// **Errors.** Whatever stops the statement; [`Error::TimedOut`] at once, without waiting
    /// for the statement to notice. After an error there is nothing more.
    pub fn next<'a>(&'a mut self) -> Pending<'a, Result<Option<RecordBatch>>> {
        Box::pin(async move {
            while !self.is_done {
                match self.receive().await {
                    Ok(Some(batch)) if batch.num_rows() == 0 => {}
                    Ok(Some(batch)) => {
                        if let Some(batch) = self.cut(batch) {
                            return Ok(Some(batch));
                        }
                    }
                    Ok(None) => self.finish(),
                    Err(error) => {
                        self.finish();
                        return Err(error);
                    }
                }
            }
            Ok(None)
        })
    }

    /// Whether rows were left out because of the row limit; known at the end.
    pub fn truncated(&self) -> bool {
        self.truncated
    }

    /// All rows at once.
    pub fn collect(mut self) -> Pending<'static, Result<(SchemaRef, Vec<RecordBatch>)>> {
        Box::pin(async move {
            let mut batches = Vec::new();
            while let Some(batch) = self.next().await? {
                batches.push(batch);
            }
            Ok((Arc::clone(&self.schema), batches))
        })
    }

    async fn receive(&mut self) -> Sent {
        // A task that ends without saying so has panicked: that is no end of the rows.
        let gone = || Error::Engine { cause: "the statement's thread stopped".to_owned() };
        Deadline::wait(self.deadline, self.receiver.recv()).await?.unwrap_or_else(|| Err(gone()))
    }

    /// Keeps to the row limit; nothing when there was no room left at all.
    fn cut(&mut self, batch: RecordBatch) -> Option<RecordBatch> {
        let Some(left) = self.left else { return Some(batch) };
        let rows = batch.num_rows() as u64;
        if rows <= left {
            self.left = Some(left - rows);
            return Some(batch);
        }
        self.truncated = true;
        self.finish();
        // Less than the batch has, so it fits.
        (left > 0).then(|| batch.slice(0, usize::try_from(left).unwrap_or(0)))
    }

    fn finish(&mut self) {
        self.is_done = true;
        self.running.stop.raise();
        self.running.task.abort();
        self.receiver.close();
    }
}

/// The schema people get: names made unique by `_2`, `_3`, … and nothing promised about NULL.
pub(super) fn outer_schema(schema: &Schema) -> SchemaRef {
    let mut names: Vec<String> = Vec::with_capacity(schema.fields().len());
    for field in schema.fields() {
        let mut name = field.name().clone();
        let mut number = 1;
        while names.contains(&name) {
            number += 1;
            name = format!("{}_{number}", field.name());
        }
        names.push(name);
    }
    let fields = names.into_iter().zip(schema.fields());
    let fields = fields.map(|(name, it)| Field::new(name, it.data_type().clone(), true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}
