//! Rows that cannot be kept, as JSON objects: what stood in them, header to text.

use serde_json::Value;

/// A row that is wider or narrower than its header, as a JSON object. Cells without header
/// are called by their number, from 1.
pub(super) fn ragged_json(cells: &[String], headers: &[String]) -> String {
    let header = |column: usize| headers.get(column).cloned().unwrap_or_else(|| format!("#{}", column + 1));
    object(cells.iter().enumerate().map(|(column, it)| (header(column), Some(it.clone()))))
}

/// A row that a quote breaks off, as a JSON object: its text under `#`.
pub(super) fn broken_json(text: &str) -> String {
    object(std::iter::once(("#".to_owned(), Some(text.to_owned()))))
}

/// A JSON object of these names and texts, in their order, which a map would not keep.
pub(super) fn object(cells: impl Iterator<Item = (String, Option<String>)>) -> String {
    let cells = cells.map(|(header, cell)| {
        let value = cell.map_or(Value::Null, Value::String);
        format!("{}:{value}", Value::String(header))
    });
    format!("{{{}}}", cells.collect::<Vec<_>>().join(","))
}
