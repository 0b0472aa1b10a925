//! Rows that hold no data: blank ones, and totals of the rows above them.

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoData {
    /// No cell holds anything.
    Blank,
    /// Sums of other rows.
    Total,
    /// Data.
    Data,
}

/// How totals are headed, without spaces and in lower case.
const WORDS: [&str; 21] = [
    "合计",
    "总计",
    "小计",
    "共计",
    "总数",
    "总和",
    "累计",
    "本页合计",
    "本页小计",
    "本月合计",
    "本月小计",
    "本年合计",
    "本年累计",
    "合计数",
    "总合计",
    "total",
    "totals",
    "sum",
    "subtotal",
    "sub-total",
    "grandtotal",
];

/// The longest cell that can head a total, in bytes: a word spread out with wide spaces.
const HEAD_BYTES_MAX: usize = 64;

/// Tells what a row is by its cells and by which of them is its key.
///
/// A row is a total when its first filled cell is a word for one and its key is empty or such
/// a word as well: 合计美食店 is a merchant, and so is a shop called 合计 that has a number.
pub(super) fn kind<'a>(cells: impl Iterator<Item = &'a str>, key_column: Option<usize>) -> NoData {
    let mut is_headed = false;
    for (column, cell) in cells.enumerate() {
        let cell = cell.trim();
        if cell.is_empty() {
            continue;
        }
        if !is_headed {
            if !is_word(cell) {
                return NoData::Data;
            }
            is_headed = true;
        }
        if key_column == Some(column) && !is_word(cell) {
            return NoData::Data;
        }
    }
    if is_headed { NoData::Total } else { NoData::Blank }
}

/// Whether a cell is a word for totals. A colon and a figure may follow: 合计：23人.
fn is_word(cell: &str) -> bool {
    // Most cells are told apart by their first byte: no word begins with another.
    let first = cell.as_bytes().first();
    if cell.len() > HEAD_BYTES_MAX
        || !matches!(first, Some(0xE5..=0xE7 | b's' | b'S' | b't' | b'T' | b'g' | b'G'))
    {
        return false;
    }
    let head = cell.split_once([':', '：']).map_or(cell, |(head, _)| head);
    let letters = || head.chars().filter(|it| !it.is_whitespace()).flat_map(char::to_lowercase);
    WORDS.iter().any(|it| letters().eq(it.chars()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(row: &str, key: usize) -> NoData {
        kind(row.split(','), Some(key))
    }

    #[test]
    fn totals_and_blanks_are_no_data() {
        assert_eq!(of("", 0), NoData::Blank);
        assert_eq!(of(" ,,\u{3000},\t", 0), NoData::Blank);
        assert_eq!(of("合计,,12", 0), NoData::Total);
        assert_eq!(of("合\u{3000} 计,,12", 0), NoData::Total);
        assert_eq!(of(",小计：,12", 0), NoData::Total);
        assert_eq!(of("合计：23人", 0), NoData::Total);
        assert_eq!(of("Grand Total,12", 0), NoData::Total);
        assert_eq!(kind(["", "Sum"].into_iter(), None), NoData::Total);
    }

    #[test]
    fn rows_of_their_own_are_data() {
        assert_eq!(of("合计美食店,1", 0), NoData::Data);
        assert_eq!(of("m1,合计", 0), NoData::Data);
        // Its number stands behind its name.
        assert_eq!(of("合计,m1", 1), NoData::Data);
        assert_eq!(of("合计,m1,3", 0), NoData::Total);
        assert_eq!(of("小区,总数", 0), NoData::Data);
        assert_eq!(of("小计时工,t1", 1), NoData::Data);
    }
}
