//! What a table holds already: the hash of each key and of its row, never the rows.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use datafusion::arrow::array::{BooleanArray, RecordBatch};
use datafusion::arrow::compute::filter_record_batch;
use linli_model::TableSchema;

use super::check::key_positions;
use crate::error::Result;
use crate::store::digest::{KeyId, RowDigest, RowSum, key_ids, row_digests};
use crate::store::{Snapshot, Store, engine};

/// A map from keys. It is asked and never walked, so its order decides nothing.
pub(super) type KeyMap<T> = HashMap<KeyId, T, BuildHasherDefault<FirstBytes>>;

/// Takes the first bytes of a key for its hash: keys are SHA-256 already.
#[derive(Default)]
pub(super) struct FirstBytes(u64);

impl Hasher for FirstBytes {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk::<8>() {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    fn write_usize(&mut self, _length: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Reads keys and row hashes of a table.
///
/// **Cost.** The table is read once; 64 bytes per row stay in memory.
pub(super) async fn read(store: &Store, base: &Snapshot, table: &TableSchema) -> Result<KeyMap<RowDigest>> {
    let key = key_positions(table)?;
    let parts = store
        .map_rows(base, &table.name, move |batch| Ok((key_ids(&batch, &key)?, row_digests(&batch)?)))
        .await?;
    let rows = parts.iter().map(|(keys, _)| keys.len()).sum();
    let mut map = KeyMap::with_capacity_and_hasher(rows, BuildHasherDefault::default());
    for (keys, digests) in parts {
        map.extend(keys.into_iter().zip(digests));
    }
    Ok(map)
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
