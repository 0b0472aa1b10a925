//! JSON: one document, or one object per line.

use std::io::Write;

use datafusion::arrow::array::RecordBatch;

use super::cell::{Column, comma, quoted};
use super::{Format, WriteSummary, refused, unsupported};
use crate::Result;
use crate::session::Rows;

/// `{"columns":[{"name","type"}],"rows":[{}],"row_count","truncated","snapshot"}`.
///
/// Whole numbers beyond 2^53 and decimals are strings, times RFC 3339 in the column's offset,
/// lists arrays.
pub(super) async fn write(
    mut rows: Rows,
    snapshot: u64,
    out: &mut (dyn Write + Send),
) -> Result<WriteSummary> {
    let mut text = String::from("{\"columns\":[");
    for (position, field) in rows.schema.fields().iter().enumerate() {
        comma(position, &mut text);
        text.push_str("{\"name\":");
        quoted(field.name(), &mut text);
        text.push_str(",\"type\":");
        quoted(&field.data_type().to_string(), &mut text);
        text.push('}');
    }
    text.push_str("],\"rows\":[");
    let mut row_count = 0;
    let keys = keys(&rows);
    while let Some(batch) = rows.next().await? {
        let columns = columns(&batch, Format::Json)?;
        for row in 0..batch.num_rows() {
            text.push_str(if row_count == 0 { "\n" } else { ",\n" });
            object(&keys, &columns, row, &mut text);
            row_count += 1;
        }
        flush(&mut text, out)?;
    }
    let truncated = rows.truncated();
    text.push_str(&format!(
        "\n],\"row_count\":{row_count},\"truncated\":{truncated},\"snapshot\":{snapshot}}}\n"
    ));
    flush(&mut text, out)?;
    Ok(WriteSummary { row_count, truncated })
}

/// One object per line.
pub(super) async fn write_lines(mut rows: Rows, out: &mut (dyn Write + Send)) -> Result<WriteSummary> {
    let mut text = String::new();
    let mut row_count = 0;
    let keys = keys(&rows);
    while let Some(batch) = rows.next().await? {
        let columns = columns(&batch, Format::Ndjson)?;
        for row in 0..batch.num_rows() {
            object(&keys, &columns, row, &mut text);
            text.push('\n');
            row_count += 1;
        }
        flush(&mut text, out)?;
    }
    Ok(WriteSummary { row_count, truncated: rows.truncated() })
}

/// `"name":` of every column.
fn keys(rows: &Rows) -> Vec<String> {
    let key = |name: &str| {
        let mut key = String::new();
        quoted(name, &mut key);
        key.push(':');
        key
    };
    rows.schema.fields().iter().map(|it| key(it.name())).collect()
}

pub(super) fn columns(batch: &RecordBatch, format: Format) -> Result<Vec<Column>> {
    batch.columns().iter().map(|it| Column::new(it).map_err(|it| unsupported(format, it))).collect()
}

fn object(keys: &[String], columns: &[Column], row: usize, text: &mut String) {
    text.push('{');
    for (position, (key, column)) in keys.iter().zip(columns).enumerate() {
        comma(position, text);
        text.push_str(key);
        column.json(row, text);
    }
    text.push('}');
}

fn flush(text: &mut String, out: &mut (dyn Write + Send)) -> Result<()> {
    out.write_all(text.as_bytes()).map_err(refused)?;
    text.clear();
    Ok(())
}
