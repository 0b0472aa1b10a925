//! Aligned columns for terminals.

use std::io::Write;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::util::display::FormatOptions;
use datafusion::arrow::util::pretty::pretty_format_batches_with_options;

use super::cell::Column;
use super::{Format, WriteSummary, engine, refused, unsupported};
use crate::session::Rows;
use crate::{Error, Result};

/// Bytes that a table takes as it is laid out: every cell as wide as the widest of its column.
const TABLE_BYTES_MAX: u64 = 64 << 20;

/// What a cell takes beside its text.
const CELL_BYTES: usize = 16;

/// Lays all rows out; Chinese characters count as two.
///
/// **Errors.** [`Error::Over`] for what nobody would read on a terminal.
pub(super) async fn write(mut rows: Rows, out: &mut (dyn Write + Send)) -> Result<WriteSummary> {
    let names = rows.schema.fields().iter().map(|it| Field::new(visible(it.name()), DataType::Utf8, true));
    let schema: SchemaRef = Arc::new(Schema::new(names.collect::<Vec<_>>()));
    let mut widths: Vec<usize> = schema.fields().iter().map(|it| it.name().len()).collect();
    let mut batches = Vec::new();
    let mut row_count: u64 = 0;
    while let Some(batch) = rows.next().await? {
        row_count += batch.num_rows() as u64;
        let batch = worded(&batch, &schema)?;
        for (width, column) in widths.iter_mut().zip(batch.columns()) {
            let cells = column.as_string::<i32>().iter().flatten();
            *width = cells.map(str::len).fold(*width, usize::max);
        }
        let line: usize = widths.iter().map(|it| it + CELL_BYTES).sum();
        if row_count.saturating_mul(line as u64) > TABLE_BYTES_MAX {
            return Err(Error::over("bytes of a table", "表格的字节数", TABLE_BYTES_MAX));
        }
        batches.push(batch);
    }
    if batches.is_empty() {
        batches.push(RecordBatch::new_empty(schema));
    }
    let text = pretty_format_batches_with_options(&batches, &FormatOptions::default()).map_err(engine)?;
    writeln!(out, "{text}").map_err(refused)?;
    Ok(WriteSummary { row_count, truncated: rows.truncated() })
}

fn worded(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    let columns = batch.columns().iter().map(|it| {
        let column = Column::new(it).map_err(|it| unsupported(Format::Table, it))?;
        let cells = (0..batch.num_rows()).map(|row| {
            let mut cell = String::new();
            column.text(row, &mut cell);
            visible(&cell)
        });
        Ok(Arc::new(StringArray::from_iter_values(cells)) as ArrayRef)
    });
    let columns = columns.collect::<Result<Vec<_>>>()?;
    let options = datafusion::arrow::array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::clone(schema), columns, &options).map_err(engine)
}

/// Text without what would steer a terminal: data must not move the cursor.
fn visible(text: &str) -> String {
    if !text.contains(char::is_control) {
        return text.to_owned();
    }
    let shown = |it: char| match it {
        '\n' => '⏎',
        it if it.is_control() => '\u{fffd}',
        it => it,
    };
    text.chars().map(shown).collect()
}
