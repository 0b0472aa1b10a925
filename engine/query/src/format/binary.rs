//! Arrow IPC and Parquet: types as they are.

use std::io::Write;
use std::sync::Arc;

use datafusion::arrow::ipc::writer::StreamWriter;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::Compression;
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::properties::WriterProperties;

use super::{Format, WriteSummary, refused, unsupported};
use crate::session::Rows;
use crate::{Error, Result};

/// The Arrow IPC stream format.
pub(super) async fn write_arrow(mut rows: Rows, out: &mut (dyn Write + Send)) -> Result<WriteSummary> {
    let failed = |it| unsupported(Format::Arrow, it);
    let mut writer = StreamWriter::try_new(out, &rows.schema).map_err(failed)?;
    let mut row_count = 0;
    while let Some(batch) = rows.next().await? {
        row_count += batch.num_rows() as u64;
        writer.write(&batch).map_err(failed)?;
    }
    writer.finish().map_err(failed)?;
    Ok(WriteSummary { row_count, truncated: rows.truncated() })
}

/// One Parquet file.
pub(super) async fn write_parquet(mut rows: Rows, out: &mut (dyn Write + Send)) -> Result<WriteSummary> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("linli".to_owned())
        .build();
    let mut writer = ArrowWriter::try_new(out, Arc::clone(&rows.schema), Some(properties)).map_err(failed)?;
    let mut row_count = 0;
    while let Some(batch) = rows.next().await? {
        row_count += batch.num_rows() as u64;
        writer.write(&batch).map_err(failed)?;
    }
    writer.close().map_err(failed)?;
    Ok(WriteSummary { row_count, truncated: rows.truncated() })
}

/// Parquet wraps what its receiver says.
fn failed(error: ParquetError) -> Error {
    let cause = match error {
        ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(source) => return refused(*source),
            Err(other) => other.to_string(),
        },
        other => other.to_string(),
    };
    Error::Unsupported { format: Format::Parquet.as_str(), cause }
}
