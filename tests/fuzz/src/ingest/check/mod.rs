//! What holds of the parsers of files, whatever the bytes are: they say what is wrong, or every
//! record is in one place, with the line on which it begins.
//!
//! Nothing here is about what a file should mean; that is what the tests beside the parsers say.

mod cells;
mod csv;
mod json;
mod workbook;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;

use linli_model::Catalog;

use super::header::Known;
use super::record::TextRows;
use super::settled::Settled;

pub use cells::cells;
pub use csv::csv;
pub use json::json;
pub use workbook::workbook;

/// The table that files are read for: a small one, for each cell is compared with each of its names.
fn known() -> Known<'static> {
    static SETTLED: Settled = Settled { columns: BTreeMap::new(), values: BTreeMap::new() };
    let table = Catalog::embedded().expect("a catalog").table("district").expect("the table");
    Known { table, settled: &SETTLED, row: None }
}

/// Runs a check on a file of these bytes; the file is gone afterwards.
fn with_file(bytes: &[u8], check: impl FnOnce(&Path)) {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("room");
    check(file.path());
}

fn open(path: &Path) -> File {
    File::open(path).expect("the file")
}

/// The rows that have a cell for every header, each with its line.
fn rows(rows: &TextRows, width: usize) -> Vec<(u64, Vec<String>)> {
    let cells = |row| (0..width).map(|column| rows.cell(row, column).to_owned()).collect();
    for odd in &rows.odd {
        assert!(odd.row < rows.len() && odd.column < width, "{odd:?} is no cell");
    }
    (0..rows.len()).map(|row| (rows.line(row), cells(row))).collect()
}

/// Whether lines rise, each of them once.
fn rise(lines: impl Iterator<Item = u64>) -> bool {
    lines.is_sorted_by(|a, b| a < b)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a check on every seed of its target.
    fn replay(target: &str, check: fn(&[u8])) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/seeds").join(target);
        let mut count = 0;
        for seed in std::fs::read_dir(folder).expect("the seeds") {
            let path = seed.expect("a seed").path();
            let bytes = std::fs::read(&path).expect("bytes");
            assert!(std::panic::catch_unwind(|| check(&bytes)).is_ok(), "{}", path.display());
            count += 1;
        }
        assert!(count > 5, "{count} seeds");
    }

    #[test]
    fn what_must_hold_of_files_holds_of_every_seed() {
        replay("cells", cells);
        replay("csv", csv);
        replay("json", json);
        replay("workbook", workbook);
    }
}
