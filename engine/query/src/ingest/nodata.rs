//! Lines that hold no row.

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoData {
    /// Nothing stands in it.
    Blank,
    /// It sums up others, e.g. 合计.
    Total,
    /// A row.
    Data,
}

/// First words of lines that sum up others.
const TOTALS: [&str; 5] = ["合计", "总计", "小计", "total", "subtotal"];

/// Tells rows from lines without any. A total has its word in its first cell that is not empty,
/// and no key.
pub(super) fn kind<'a>(cells: impl Iterator<Item = &'a str>, key_column: Option<usize>) -> NoData {
    let mut filled = cells.map(str::trim).enumerate().filter(|(_, it)| !it.is_empty());
    let Some((column, first)) = filled.next() else { return NoData::Blank };
    let is_total = TOTALS.iter().any(|it| first.to_lowercase() == *it);
    let has_key = key_column.is_some_and(|key| key != column && filled.any(|(it, _)| it == key));
    if is_total && !has_key { NoData::Total } else { NoData::Data }
}
