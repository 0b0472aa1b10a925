//! Several tables change at once: new versions first, the manifest last.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use futures::future::try_join_all;
use futures::{StreamExt, TryStreamExt};
use linli_model::TableSchema;

use super::digest::{RowSum, row_digests};
use super::files::{align, blocking, workers};
use super::format::TableFormat;
use super::manifest::{Snapshot, TableState};
use super::{Store, engine, schema_of};
use crate::Pending;
use crate::error::{Error, Result};

/// What happens to one table. Several changes of one table follow each other.
#[derive(Debug, Clone)]
pub enum Change {
    /// The rows are added.
    Append {
        /// Which table.
        table: String,
        /// Columns by name; those left out have no values.
        batches: Vec<RecordBatch>,
    },
    /// The table holds these rows and no others.
    Replace {
        /// Which table.
        table: String,
        /// Columns by name; those left out have no values.
        batches: Vec<RecordBatch>,
    },
}

/// What a snapshot says of its making.
#[derive(Debug, Clone)]
pub struct CommitNote {
    /// When, microseconds UTC.
    pub at_us: i64,
    /// What, e.g. `load need`.
    pub action: String,
}

/// A change with what its writer knows already.
#[derive(Debug, Clone, Default)]
pub(crate) struct Write {
    /// Whether the rows of before go.
    pub(crate) replace: bool,
    /// The rows that come.
    pub(crate) batches: Vec<RecordBatch>,
    /// The digest of the rows that come, if it was computed.
    pub(crate) sum: Option<RowSum>,
}

/// Table versions that exist but that no manifest names yet.
#[derive(Debug)]
pub(super) struct Staged(BTreeMap<String, TableState>);

impl Store {
    /// Makes a snapshot in which all these changes happened to `base`.
    ///
    /// Changes that others made to other tables since then are kept.
    ///
    /// **Errors.** [`Error::Conflict`] when one of these tables is not what it was in `base`;
    /// [`Error::UnknownTable`]. In every case of error no snapshot was made.
    pub fn commit<'a>(
        &'a self,
        base: &'a Snapshot,
        changes: Vec<Change>,
        note: &'a CommitNote,
    ) -> Pending<'a, Result<Snapshot>> {
        self.commit_on(base, &[], changes, note)
    }

    /// The same, if besides these tables are still what they were in `base`: for changes that
    /// rest on them.
    ///
    /// **Errors.** As [`Store::commit`].
    pub fn commit_on<'a>(
        &'a self,
        base: &'a Snapshot,
        grounds: &'a [&'a str],
        changes: Vec<Change>,
        note: &'a CommitNote,
    ) -> Pending<'a, Result<Snapshot>> {
        Box::pin(async move {
            let mut writes = BTreeMap::<String, Write>::new();
            for change in changes {
                match change {
                    Change::Append { table, batches } => {
                        writes.entry(table).or_default().batches.extend(batches);
                    }
                    Change::Replace { table, batches } => {
                        writes.insert(table, Write { replace: true, batches, sum: None });
                    }
                }
            }
            let staged = self.stage(base, writes, note.at_us).await?;
            self.publish(base, grounds, staged, note).await
        })
    }

    /// The same as [`Store::commit`] with one write per table.
    pub(crate) async fn write(
        &self,
        base: &Snapshot,
        writes: BTreeMap<String, Write>,
        note: &CommitNote,
    ) -> Result<Snapshot> {
        let staged = self.stage(base, writes, note.at_us).await?;
        self.publish(base, &[], staged, note).await
    }

    /// Makes the new versions. Nobody sees them before [`Store::publish`].
    pub(super) async fn stage(
        &self,
        base: &Snapshot,
        writes: BTreeMap<String, Write>,
        at_us: i64,
    ) -> Result<Staged> {
        // Not needed for safety: it spares the work when the conflict is there already.
        let tables = writes.keys().map(String::as_str);
        self.check_unchanged(base, &self.latest().await?, tables).await?;
        let states = writes.into_iter().map(|(table, write)| async move {
            let state = self.stage_one(base, &table, write, at_us).await?;
            Ok::<_, Error>((table, state))
        });
        Ok(Staged(try_join_all(states).await?.into_iter().collect()))
    }

    async fn stage_one(&self, base: &Snapshot, table: &str, write: Write, at_us: i64) -> Result<TableState> {
        let schema = schema_of(table)?;
        let arrow: SchemaRef = Arc::new(schema.arrow());
        check_columns(schema, &write.batches)?;
        let batches = write.batches.iter().map(|it| align(it, &arrow)).collect::<Result<Vec<_>>>()?;
        let before = base.tables.get(table).filter(|_| !write.replace);
        let mut sum = match write.sum {
            Some(it) => it,
            None => sum_of(batches.clone()).await?,
        };
        let mut rows: u64 = batches.iter().map(|it| it.num_rows() as u64).sum();
        if let Some(state) = before {
            sum.add(RowSum::from_hex(&state.digest).ok_or_else(|| Error::Damaged {
                path: format!("snapshots/{:07}.json", base.id),
                cause: format!("table {table} has the digest {:?}", state.digest),
            })?);
            rows += state.rows;
            if batches.iter().all(|it| it.num_rows() == 0) {
                return Ok(state.clone());
            }
        }
        let tables = &self.inner.tables;
        let version = if write.replace {
            tables.replace(schema, batches, at_us).await?
        } else {
            tables.append(schema, before.map(|it| it.version), batches, at_us).await?
        };
        match version {
            Some(version) => Ok(TableState { version, rows, digest: sum.to_hex() }),
            None => {
                let newest = self.latest().await?;
                Err(Error::Conflict { table: table.to_owned(), snapshot: newest.id })
            }
        }
    }

    /// Puts the manifest that names the staged versions, on top of whatever is newest.
    pub(super) async fn publish(
        &self,
        base: &Snapshot,
        grounds: &[&str],
        staged: Staged,
        note: &CommitNote,
    ) -> Result<Snapshot> {
        loop {
            let newest = self.latest().await?;
            let grounds = grounds.iter().copied();
            let unchanged = staged.0.keys().map(String::as_str).chain(grounds);
            self.check_unchanged(base, &newest, unchanged).await?;
            let mut tables = newest.tables;
            tables.extend(staged.0.clone());
            let snapshot = Snapshot {
                id: newest.id + 1,
                parent: Some(newest.id),
                at_us: note.at_us,
                action: note.action.clone(),
                tables,
            };
            // Each round means that another writer finished, so this ends when they do.
            if self.inner.manifests.create(&snapshot).await? {
                return Ok(snapshot);
            }
        }
    }

    /// Makes sure that these tables are in `newest` what they are in `base`.
    ///
    /// **Errors.** [`Error::Conflict`] with the first snapshot that changed one of them.
    pub(crate) async fn check_unchanged(
        &self,
        base: &Snapshot,
        newest: &Snapshot,
        tables: impl Iterator<Item = &str>,
    ) -> Result<()> {
        for table in tables {
            let was = base.tables.get(table);
            if newest.tables.get(table) == was {
                continue;
            }
            let mut snapshot = newest.id;
            for id in base.id + 1..newest.id {
                if self.snapshot(id).await?.tables.get(table) != was {
                    snapshot = id;
                    break;
                }
            }
            return Err(Error::Conflict { table: table.to_owned(), snapshot });
        }
        Ok(())
    }
}

/// Rows with a column that nobody would find again are our mistake.
fn check_columns(schema: &TableSchema, batches: &[RecordBatch]) -> Result<()> {
    let mut fields = batches.iter().flat_map(|it| it.schema_ref().fields());
    match fields.find(|it| schema.field(it.name()).is_none()) {
        None => Ok(()),
        Some(it) => Err(engine(format!("table {} has no column {}", schema.name, it.name()))),
    }
}

async fn sum_of(batches: Vec<RecordBatch>) -> Result<RowSum> {
    let parts: Vec<RowSum> = futures::stream::iter(batches)
        .map(|batch| blocking(move || Ok(RowSum::of(&row_digests(&batch)?))))
        .buffered(workers())
        .try_collect()
        .await?;
    let mut sum = RowSum::default();
    parts.into_iter().for_each(|it| sum.add(it));
    Ok(sum)
}
