//! Arrow IPC and Parquet: types as they are.

use std::io::Write;
use std::sync::Arc;

use datafusion::arrow::ipc::writer::StreamWriter;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::Compression;
use datafusion::parquet::file::properties::WriterProperties;

use super::{WriteSummary, engine};
use crate::Result;
use crate::session::Rows;

/// The Arrow IPC stream format.
pub(super) async fn write_arrow(mut rows: Rows, out: &mut (dyn Write + Send)) -> Result<WriteSummary> {
    let mut writer = StreamWriter::try_new(out, &rows.schema).map_err(engine)?;
    let mut row_count = 0;
    while let Some(batch) = rows.next().await? {
        row_count += batch.num_rows() as u64;
        writer.write(&batch).map_err(engine)?;
    }
    writer.finish().map_err(engine)?;
    Ok(WriteSummary { row_count, truncated: rows.truncated() })
}

/// One Parquet file.
pub(super) async fn write_parquet(mut rows: Rows, out: &mut (dyn Write + Send)) -> Result<WriteSummary> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("linli".to_owned())
        .build();
    let mut writer = ArrowWriter::try_new(out, Arc::clone(&rows.schema), Some(properties)).map_err(engine)?;
    let mut row_count = 0;
    while let Some(batch) = rows.next().await? {
        row_count += batch.num_rows() as u64;
        writer.write(&batch).map_err(engine)?;
    }
    writer.close().map_err(engine)?;
    Ok(WriteSummary { row_count, truncated: rows.truncated() })
}
