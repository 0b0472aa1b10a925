//! Aligned columns for terminals.

use std::io::Write;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::util::display::FormatOptions;
use datafusion::arrow::util::pretty::pretty_format_batches_with_options;

use super::cell::Column;
use super::{WriteSummary, engine, refused};
use crate::Result;
use crate::session::Rows;

/// Lays all rows out; Chinese characters count as two.
pub(super) async fn write(mut rows: Rows, out: &mut (dyn Write + Send)) -> Result<WriteSummary> {
    let names = rows.schema.fields().iter().map(|it| Field::new(visible(it.name()), DataType::Utf8, true));
    let schema: SchemaRef = Arc::new(Schema::new(names.collect::<Vec<_>>()));
    let mut batches = Vec::new();
    let mut row_count = 0;
    while let Some(batch) = rows.next().await? {
        row_count += batch.num_rows() as u64;
        batches.push(worded(&batch, &schema)?);
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
        let column = Column::new(it)?;
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
