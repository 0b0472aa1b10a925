//! Which of the first rows is the header.

use linli_model::{TableSchema, Text};

use super::header::is_known;

/// The header of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// Which of the rows it is, from 0.
    pub(super) row: usize,
    /// Its cells.
    pub(super) names: Vec<String>,
    /// What speaks for it.
    pub(super) basis: Text,
}

/// Finds the row with the most headers that the table knows; the first of equals.
pub(super) fn find(rows: &[Vec<String>], table: &TableSchema) -> Option<Header> {
    let known = |row: &[String]| row.iter().filter(|it| is_known(it, table)).count();
    let best = rows.iter().enumerate().map(|(at, row)| (known(row), at));
    let (count, row) = best.max_by_key(|(count, at)| (*count, usize::MAX - at)).filter(|(it, _)| *it > 0)?;
    let length = rows[row].iter().rposition(|it| !it.trim().is_empty()).map_or(0, |it| it + 1);
    Some(Header {
        row,
        names: rows[row][..length].to_vec(),
        basis: Text::new(
            format!("{count} of its {length} cells are columns of the table"),
            format!("其 {length} 个单元格中有 {count} 个是该表的列名"),
        ),
    })
}
