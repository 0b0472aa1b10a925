//! What a load writes beside its table, and the snapshot that holds all of it.

use std::collections::BTreeMap;

use linli_model::TableSchema;

use super::loaded::{self, Known};
use super::quarantine::{self, Records, Settlement};
use super::report::FileReport;
use crate::error::{Error, Result};
use crate::store::{CommitNote, Snapshot, Store, Write};

/// How often a load is put on top of what others wrote to the books meanwhile.
const ATTEMPTS: usize = 16;

/// The books that loads of all tables share.
const SHARED: [&str; 2] = [quarantine::TABLE, loaded::TABLE];

/// What a load leaves in the books.
pub(super) struct Book {
    /// Rows that could not be kept.
    pub(super) records: Records,
    /// Lines of the quarantine that are settled.
    pub(super) settlement: Settlement,
    /// The files, and which were known.
    pub(super) files: Vec<FileReport>,
    pub(super) known: Known,
}

impl Book {
    /// Makes one snapshot of the table's rows and of what goes into the books; none where
    /// neither the table nor the quarantine changes.
    ///
    /// Loads of different tables meet in the books. That is no conflict: records have names
    /// of their own, so they are put on top of the others'.
    pub(super) async fn commit(
        &self,
        store: &Store,
        mut base: Snapshot,
        schema: &TableSchema,
        write: Option<Write>,
        note: &CommitNote,
    ) -> Result<Snapshot> {
        for _ in 0..ATTEMPTS {
            let mut writes = BTreeMap::new();
            if let Some(write) = &write {
                writes.insert(schema.name.clone(), write.clone());
            }
            if let Some(write) = self.records.write(store, &base, &self.settlement).await? {
                writes.insert(quarantine::TABLE.to_owned(), write);
            }
            if writes.is_empty() {
                return Ok(base);
            }
            if let Some(write) = loaded::write(&base, schema, &self.known, &self.files, note.at_us)? {
                writes.insert(loaded::TABLE.to_owned(), write);
            }
            match store.write(&base, writes, note).await {
                Err(Error::Conflict { table, .. }) if SHARED.contains(&table.as_str()) => {
                    let newest = store.latest().await?;
                    store.check_unchanged(&base, &newest, std::iter::once(schema.name.as_str())).await?;
                    base = newest;
                }
                other => return other,
            }
        }
        Err(Error::Conflict { table: quarantine::TABLE.to_owned(), snapshot: base.id })
    }
}
