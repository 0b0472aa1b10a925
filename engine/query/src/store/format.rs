//! What the store needs of a table format, and nothing more of it is used.

use std::future::Future;
use std::path::PathBuf;

use datafusion::arrow::array::RecordBatch;
use linli_model::TableSchema;

use crate::error::Result;

/// A version of a table that holds what it should; null stands for a race that was lost too
/// often to go on.
pub(super) type NewVersion = Option<u64>;

/// Versioned tables in folders.
///
/// A version, once made, never changes and stays readable. Versions count up, also those
/// that no manifest names.
pub(super) trait TableFormat: Send + Sync {
    /// Makes a version that holds the rows of version `base` and these; makes the table if
    /// it is not there. Versions after `base` contribute nothing.
    fn append(
        &self,
        table: &TableSchema,
        base: Option<u64>,
        batches: Vec<RecordBatch>,
        at_us: i64,
    ) -> impl Future<Output = Result<NewVersion>> + Send;

    /// Makes a version that holds exactly these rows; makes the table if it is not there.
    fn replace(
        &self,
        table: &TableSchema,
        batches: Vec<RecordBatch>,
        at_us: i64,
    ) -> impl Future<Output = Result<NewVersion>> + Send;

    /// The Parquet files of a version, in the order in which they were written.
    fn files(&self, table: &str, version: u64) -> impl Future<Output = Result<Vec<PathBuf>>> + Send;
}
