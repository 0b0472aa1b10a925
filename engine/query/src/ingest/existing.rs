//! What a table holds already: what stands for each key, the hash of its row, and of the rows
//! themselves only the cells that a load may have to keep.

use std::collections::HashMap;

use datafusion::arrow::array::{Array, ArrayRef, BooleanArray, RecordBatch, new_null_array};
use datafusion::arrow::compute::{filter_record_batch, interleave};
use linli_model::TableSchema;

use super::check::key_positions;
use crate::error::Result;
use crate::store::digest::{KeyId, RowDigest, RowSum, key_ids, row_digests};
use crate::store::{Snapshot, Store, engine};

/// A map from keys. It is asked and never walked, so its order decides nothing.
pub(super) type KeyMap<T> = HashMap<KeyId, T>;

/// The rows of a table, as far as a load must know them.
pub(super) struct Existing {
    /// The hash of each row, by its key.
    pub(super) digests: KeyMap<RowDigest>,
    /// The cells of columns that a file does not have; none where every file has all.
    pub(super) stored: Option<Stored>,
}

/// Cells that stay as they are when a row is updated from a file without their columns.
pub(super) struct Stored {
    /// The fields of the table that are kept, in the order of the batches' columns.
    fields: Vec<usize>,
    batches: Vec<RecordBatch>,
    /// Batch and row of each key.
    places: KeyMap<(usize, usize)>,
}

impl Stored {
    /// Puts the stored cells of known keys into the columns that a file does not have.
    ///
    /// **Shape.** `sources` and `columns` are by field, `keys` by row.
    pub(super) fn fill(
        &self,
        sources: &[Option<usize>],
        keys: &[KeyId],
        columns: &mut [ArrayRef],
    ) -> Result<()> {
        // Keys that the table does not know find nothing, behind the last batch.
        let nowhere = (self.batches.len(), 0);
        let rows: Vec<_> = keys.iter().map(|it| self.places.get(it).copied().unwrap_or(nowhere)).collect();
        for (position, field) in self.fields.iter().enumerate() {
            if sources[*field].is_some() {
                continue;
            }
            let nothing = new_null_array(columns[*field].data_type(), 1);
            let stored = self.batches.iter().map(|it| it.column(position));
            let parts: Vec<&dyn Array> = stored.chain([&nothing]).map(|it| it.as_ref()).collect();
            columns[*field] = interleave(&parts, &rows).map_err(engine)?;
        }
        Ok(())
    }
}

/// Reads keys and row hashes of a table, and the cells of the fields `kept`.
///
/// **Cost.** The table is read once; 48 bytes per row stay in memory, and the kept cells.
pub(super) async fn read(
    store: &Store,
    base: &Snapshot,
    table: &TableSchema,
    kept: Vec<usize>,
) -> Result<Existing> {
    let key = key_positions(table)?;
    let fields = kept.clone();
    let parts = store
        .map_rows(base, &table.name, move |batch| {
            let cells = batch.project(&kept).map_err(engine)?;
            Ok((key_ids(&batch, &key)?, row_digests(&batch)?, cells))
        })
        .await?;
    let rows = parts.iter().map(|(keys, ..)| keys.len()).sum();
    let mut digests = KeyMap::with_capacity(rows);
    let mut stored = Stored { fields, batches: Vec::new(), places: KeyMap::default() };
    for (keys, rows, cells) in parts {
        if !stored.fields.is_empty() {
            let batch = stored.batches.len();
            stored.places.extend(keys.iter().enumerate().map(|(row, key)| (*key, (batch, row))));
            stored.batches.push(cells);
        }
        digests.extend(keys.into_iter().zip(rows));
    }
    Ok(Existing { digests, stored: Some(stored).filter(|it| !it.places.is_empty()) })
}

/// Reads the rows of a table whose key is not among `without`, and digests them.
pub(super) async fn read_others(
    store: &Store,
    base: &Snapshot,
    table: &TableSchema,
    without: std::sync::Arc<KeyMap<()>>,
) -> Result<(Vec<RecordBatch>, RowSum)> {
    let key = key_positions(table)?;
    let parts = store
        .map_rows(base, &table.name, move |batch| {
            let keys = key_ids(&batch, &key)?;
            let stays: BooleanArray = keys.iter().map(|it| Some(!without.contains_key(it))).collect();
            let rest = filter_record_batch(&batch, &stays).map_err(engine)?;
            let sum = RowSum::of(&row_digests(&rest)?);
            Ok((rest, sum))
        })
        .await?;
    let mut sum = RowSum::default();
    parts.iter().for_each(|(_, it)| sum.add(*it));
    Ok((parts.into_iter().map(|(batch, _)| batch).collect(), sum))
}
