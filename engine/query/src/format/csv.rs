//! Comma-separated values that no spreadsheet program runs as formulas.

use std::io::Write;

use super::json::columns;
use super::{Format, WriteSummary, refused};
use crate::session::Rows;
use crate::{Error, Result};

/// UTF-8 with a header; nothing for NULL; lists joined by `;`.
pub(super) async fn write(mut rows: Rows, out: &mut (dyn Write + Send)) -> Result<WriteSummary> {
    let mut writer = ::csv::Writer::from_writer(out);
    let names: Vec<String> = rows.schema.fields().iter().map(|it| defused(it.name().clone())).collect();
    writer.write_record(&names).map_err(failed)?;
    let mut row_count = 0;
    while let Some(batch) = rows.next().await? {
        let columns = columns(&batch, Format::Csv)?;
        for row in 0..batch.num_rows() {
            for column in &columns {
                let mut cell = String::new();
                column.text(row, &mut cell);
                let cell = if column.is_text() { defused(cell) } else { cell };
                writer.write_field(&cell).map_err(failed)?;
            }
            writer.write_record(None::<&[u8]>).map_err(failed)?;
            row_count += 1;
        }
    }
    writer.flush().map_err(refused)?;
    Ok(WriteSummary { row_count, truncated: rows.truncated() })
}

/// Puts `'` before a text that a spreadsheet program would take for a formula.
///
/// **Source.** OWASP, CSV injection.
fn defused(text: String) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if is_formula { format!("'{text}") } else { text }
}

fn failed(error: ::csv::Error) -> Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(source) => refused(source),
        other => super::engine(format!("{other:?}")),
    }
}
