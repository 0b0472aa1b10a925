//! One Parquet file, written batch by batch.

use std::fs::File;
use std::path::{Path, PathBuf};

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::Compression;
use datafusion::parquet::file::properties::WriterProperties;

use crate::store::refused;
use crate::{Error, Result};

/// Rows of one row group: what a writer holds in memory.
const ROWS_PER_GROUP: usize = 131_072;

/// A Parquet file that gets its name when it is whole.
pub struct ParquetFile {
    writer: ArrowWriter<File>,
    part: PathBuf,
    path: PathBuf,
    rows: u64,
}

impl ParquetFile {
    /// Begins a file; until it is finished its name ends in `.part`.
    ///
    /// **Errors.** [`Error::Io`].
    pub fn create(path: &Path, schema: SchemaRef) -> Result<Self> {
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = File::create(&part).map_err(|source| io(&part, source))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by("linli".to_owned())
            .set_max_row_group_row_count(Some(ROWS_PER_GROUP))
            .set_coerce_types(true)
            .build();
        let writer =
            ArrowWriter::try_new(file, schema, Some(properties)).map_err(|it| refused(&part, &it))?;
        Ok(Self { writer, part, path: path.to_owned(), rows: 0 })
    }

    /// Adds rows.
    ///
    /// **Errors.** [`Error::Io`].
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.rows += batch.num_rows() as u64;
        self.writer.write(batch).map_err(|it| refused(&self.part, &it))
    }

    /// Ends the file and says how many rows it has.
    ///
    /// **Errors.** [`Error::Io`].
    pub fn finish(self) -> Result<u64> {
        self.writer.close().map_err(|it| refused(&self.part, &it))?;
        std::fs::rename(&self.part, &self.path).map_err(|source| io(&self.path, source))?;
        Ok(self.rows)
    }
}

fn io(path: &Path, source: std::io::Error) -> Error {
    Error::Io { path: path.display().to_string(), source }
}
