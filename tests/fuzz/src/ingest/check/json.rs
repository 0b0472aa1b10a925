//! JSON: as many rows as there are values, each in its place.

use serde_json::Value;

use super::super::json::JsonFile;
use super::{open, rows, with_file};

/// Reads bytes as a JSON file.
///
/// **Panics.** Where something does not hold.
pub fn json(bytes: &[u8]) {
    with_file(bytes, |path| {
        let told = JsonFile::open(path, open(path)).ok().and_then(count);
        // Somebody else's reading of the same bytes.
        let items: Vec<Value> = serde_json::from_slice(bytes).unwrap_or_default();
        assert!(items.is_empty() || told == Some(items.len()), "{} items, {told:?} rows", items.len());
    });
}

/// How many rows a file has, those that are refused among them; none where it breaks off.
fn count(mut file: JsonFile) -> Option<usize> {
    let width = file.headers().len();
    let (mut count, mut last) = (0, 0);
    loop {
        let Some(piece) = file.next_piece().ok()? else { return Some(count) };
        for (line, _) in rows(&piece, width) {
            assert!(line >= last, "a row on line {line} behind line {last}");
            last = line;
        }
        for row in &piece.refused {
            let object: Value = serde_json::from_str(&row.json).expect("a refused row is JSON");
            assert!(object.is_object(), "{object}");
        }
        assert!(piece.ragged.is_empty(), "objects have no more cells than there are names");
        count += piece.len() + piece.refused.len();
    }
}
