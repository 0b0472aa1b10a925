//! Rows that hold no data: blank ones, totals of the rows above them, and notes below a table.

use super::written::trim;

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoData {
    /// No cell holds anything.
    Blank,
    /// Sums of other rows, or a note such as 制表人：….
    Total,
    /// Data.
    Data,
}

/// How totals are headed, without spaces and in lower case.
const WORDS: [&str; 27] = [
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
    "总人数",
    "合计人数",
    "人数合计",
    "总户数",
    "户数合计",
    "总计人数",
    "total",
    "totals",
    "sum",
    "subtotal",
    "sub-total",
    "grandtotal",
];

/// How notes below a table begin, before a colon.
const NOTES: [&str; 15] = [
    "制表人",
    "制表",
    "填表人",
    "填报人",
    "审核人",
    "审核",
    "负责人",
    "单位负责人",
    "填表日期",
    "制表日期",
    "填报日期",
    "打印日期",
    "备注",
    "注",
    "说明",
];

/// What a line such as 共 12 人 counts.
const COUNTED: [char; 9] = ['人', '户', '名', '条', '家', '件', '项', '个', '行'];

/// The longest cell that can head a total, in bytes: a word spread out with wide spaces.
const HEAD_BYTES_MAX: usize = 64;

/// Tells what a row is by its cells and by which of them is its key.
///
/// A row is a total when its first filled cell is a word for one and its key is empty or such
/// a word as well: 合计美食店 is a merchant, and so is a shop called 合计 that has a number. It is
/// a note when all its filled cells are.
pub(super) fn kind<'a>(cells: impl Iterator<Item = &'a str>, key_column: Option<usize>) -> NoData {
    let (mut is_headed, mut is_note) = (false, false);
    for (column, cell) in cells.enumerate() {
        let cell = trim(cell);
        if cell.is_empty() {
            continue;
        }
        if !is_headed {
            is_note = !is_word(cell);
            if is_note && !is_remark(cell) {
                return NoData::Data;
            }
            is_headed = true;
        }
        let fits = if is_note { is_remark(cell) } else { key_column != Some(column) || is_word(cell) };
        if !fits {
            return NoData::Data;
        }
    }
    if is_headed { NoData::Total } else { NoData::Blank }
}

/// Whether a cell is a note: 制表人：…, or a count such as 共 12 人.
fn is_remark(cell: &str) -> bool {
    // Every note begins with a Chinese character of these bytes.
    if !matches!(cell.as_bytes().first(), Some(0xE5..=0xE8)) {
        return false;
    }
    if let Some(count) = cell.strip_prefix('共') {
        let count = count.trim().trim_end_matches(COUNTED).trim();
        return count.len() < cell.len() - '共'.len_utf8()
            && !count.is_empty()
            && count.bytes().all(|it| it.is_ascii_digit());
    }
    let head = cell.split_once([':', '：']).map(|(head, _)| head);
    head.is_some_and(|head| {
        let letters = || head.chars().filter(|it| !it.is_whitespace());
        NOTES.iter().any(|it| letters().eq(it.chars()))
    })
}

/// Whether a cell is a word for totals. A colon and a figure may follow: 合计：23人.
fn is_word(cell: &str) -> bool {
    // Most cells are told apart by their first byte: no word begins with another.
    let first = cell.as_bytes().first();
    if cell.len() > HEAD_BYTES_MAX
        || !matches!(first, Some(0xE4..=0xE7 | b's' | b'S' | b't' | b'T' | b'g' | b'G'))
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
    fn notes_below_a_table_are_no_data() {
        for row in [
            "制表人：王五,,",
            "备注：以上人员均已培训,,",
            "填表日期：2024-03-05",
            "共 12 人,,",
            ",制表 人:a,审核人：b",
        ] {
            assert_eq!(of(row, 0), NoData::Total, "{row}");
        }
        assert_eq!(of("总人数,12,", 0), NoData::Total);
        for row in ["备注：见表,v1", "共享单车店,1", "共 12 家店,1", "注意", "负责人,1", "共 人"]
        {
            assert_eq!(of(row, 0), NoData::Data, "{row}");
        }
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
