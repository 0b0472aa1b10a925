//! Which of the first rows is the header: people put titles, notes and blank rows above it,
//! and titles of groups over several columns.

use std::collections::BTreeSet;

use linli_model::Text;

use super::header::Known;

/// How many rows are looked at.
pub(super) const ROWS: usize = 30;

/// The row that names the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// Its place among the rows, from 0; of a header of two rows the second. Data begins below.
    pub(super) row: usize,
    /// The names; `#n` where column n has none. Columns at the end without name and, as far
    /// as the first rows tell, without values are left out.
    pub(super) names: Vec<String>,
    /// How many of the names the table knows.
    pub(super) known: usize,
    /// What speaks for this row.
    pub(super) basis: Text,
}

/// A row, or two, that may be the header.
struct Candidate {
    row: usize,
    cells: Vec<String>,
    known: usize,
    filled: usize,
    is_joined: bool,
}

/// Finds the header among the first rows; none where every cell is empty.
///
/// **Shape.** The first row of which most cells are known to the table, else the one with the
/// most known cells. Where no cell is known, the first row with more than one filled cell,
/// else the first with any.
pub(super) fn find(rows: &[Vec<String>], known: Known<'_>) -> Option<Header> {
    let rows = &rows[..rows.len().min(ROWS)];
    let singles: Vec<Candidate> =
        rows.iter().enumerate().map(|(row, cells)| candidate(row, clean(cells), known, false)).collect();
    let mut best: Option<Candidate> = None;
    for single in &singles {
        let pair = singles.get(single.row + 1).and_then(|below| joined(single, below, known));
        // The row alone comes first, so that of equals the simpler reading stays.
        let alone = Candidate { cells: single.cells.clone(), ..*single };
        for it in std::iter::once(alone).chain(pair) {
            let is_better = |best: &Candidate| {
                let is_settled = best.filled > 1 && best.known * 2 >= best.filled;
                let is_below = it.row > best.row + usize::from(it.is_joined);
                (it.known > best.known && !(is_settled && is_below))
                    || (it.known == best.known && best.filled < 2 && it.filled > 1)
                    || (best.filled == 0 && it.filled > 0)
            };
            if best.as_ref().is_none_or(is_better) {
                best = Some(it);
            }
        }
    }
    let best = best.filter(|it| it.filled > 0)?;
    let basis = basis(&best);
    Some(Header { row: best.row, names: names(&best, rows), known: best.known, basis })
}

fn candidate(row: usize, cells: Vec<String>, names: Known<'_>, is_joined: bool) -> Candidate {
    // Each name once: a column of marks, `x` for example, is no header with as many columns.
    let known: BTreeSet<&String> = cells.iter().filter(|it| !it.is_empty() && names.has(it)).collect();
    let known = known.len();
    let filled = cells.iter().filter(|it| !it.is_empty()).count();
    Candidate { row, cells, known, filled, is_joined }
}

/// Two rows read as one header, if that makes more known cells than either of them has: the
/// second names what stands under an empty cell or under the title of its group.
fn joined(upper: &Candidate, lower: &Candidate, known: Known<'_>) -> Option<Candidate> {
    let cell = |of: &Candidate, at: usize| of.cells.get(at).cloned().unwrap_or_default();
    let width = upper.cells.len().max(lower.cells.len());
    let completes = (0..width).any(|it| cell(upper, it).is_empty() && !cell(lower, it).is_empty());
    if upper.filled < 2 || !completes {
        return None;
    }
    let mut cells = Vec::with_capacity(width);
    let mut group = String::new();
    for at in 0..width {
        let (above, below) = (cell(upper, at), cell(lower, at));
        if !above.is_empty() {
            group.clone_from(&above);
        }
        let with_group = format!("{group}{below}");
        cells.push(match (above.is_empty(), below.is_empty()) {
            (_, true) => above,
            // A title of its own is not covered by what stands below: that is data.
            (false, false) if known.has(&above) && !known.has(&below) => return None,
            _ if !known.has(&below) && known.has(&with_group) => with_group,
            _ => below,
        });
    }
    let joined = candidate(lower.row, cells, known, true);
    (joined.known > upper.known.max(lower.known)).then_some(joined)
}

/// The names of all columns that have one or hold something.
fn names(header: &Candidate, rows: &[Vec<String>]) -> Vec<String> {
    let filled = |cells: &[String]| cells.iter().rposition(|it| !it.trim().is_empty()).map_or(0, |it| it + 1);
    let named = filled(&header.cells);
    let used = rows[header.row + 1..].iter().map(|it| filled(it)).max().unwrap_or_default();
    // What goes beyond the header's own cells is too wide a row and no column.
    let width = named.max(used.min(header.cells.len()));
    let name = |(at, it): (usize, &String)| if it.is_empty() { format!("#{}", at + 1) } else { it.clone() };
    header.cells.iter().take(width).enumerate().map(name).collect()
}

fn basis(header: &Candidate) -> Text {
    let above = header.row - usize::from(header.is_joined);
    let (known, filled) = (header.known, header.filled);
    if known == 0 {
        return Text::new(
            "no cell of the first lines is a column of the table; the first line that may be a header was taken",
            "前几行中没有该表的列名，取最先可作表头的一行",
        );
    }
    let mut basis = Text::new(
        format!("{known} of {filled} cells are columns of the table"),
        format!("{filled} 个单元格中有 {known} 个是该表的列"),
    );
    if header.is_joined {
        basis.en += "; two lines were read as one header";
        basis.zh += "；两行合为一个表头";
    }
    if above > 0 {
        basis.en += &format!("; what stands above ({above}) is no data");
        basis.zh += &format!("；其上的 {above} 行不是数据");
    }
    basis
}

/// That somebody named the line.
pub(super) fn told() -> Text {
    Text::new("named with --header-row", "由 --header-row 指定")
}

/// Cells as names: without what is around them, and without breaks and control characters,
/// which become a space between letters of ASCII and nothing between others.
fn clean(cells: &[String]) -> Vec<String> {
    let is_unseen = |it: char| it.is_control() || matches!(it, '\u{feff}' | '\u{200b}'..='\u{200d}');
    let clean = |cell: &String| {
        let mut name = String::new();
        for part in cell.split(is_unseen).map(str::trim).filter(|it| !it.is_empty()) {
            let is_ascii = |it: Option<char>| it.is_some_and(|it| it.is_ascii_alphanumeric());
            if is_ascii(name.chars().last()) && is_ascii(part.chars().next()) {
                name.push(' ');
            }
            name.push_str(part);
        }
        name
    };
    cells.iter().map(clean).collect()
}

#[cfg(test)]
mod tests {
    use linli_model::Catalog;

    use super::super::settled::Settled;
    use super::*;

    fn in_volunteers(rows: &[Vec<String>]) -> Option<Header> {
        let table = Catalog::embedded().expect("schemas").table("volunteer").expect("a table");
        find(rows, Known { table, settled: &Settled::default(), row: None })
    }

    fn found(text: &str) -> Option<Header> {
        let rows: Vec<Vec<String>> =
            text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
        in_volunteers(&rows)
    }

    fn names(text: &str) -> (usize, String) {
        let it = found(text).expect("a header");
        (it.row, it.names.join(","))
    }

    #[test]
    fn titles_notes_and_blanks_above_the_header_are_skipped() {
        let text = "政和社区志愿者登记表,,,\n填表日期：,2012-10-15,,\n,,,\n编号,类型,技能,备注\nv1,x,y,z\n";
        assert_eq!(names(text), (3, "编号,类型,技能,备注".to_owned()));
        let basis = found(text).expect("a header").basis;
        assert_eq!(basis.en, "3 of 4 cells are columns of the table; what stands above (3) is no data");
        assert_eq!(names("类型\n编号,姓名\nv1,x\n"), (1, "编号,姓名".to_owned()));
        assert_eq!(names("volunteer_id\nv1\n"), (0, "volunteer_id".to_owned()));
    }

    #[test]
    fn a_header_is_not_overtaken_by_rows_that_speak_of_columns() {
        let text = "编号,类型,姓名\nv1,a,b\n编号,类型,技能\n";
        assert_eq!(names(text).0, 0);
    }

    #[test]
    fn a_row_of_marks_is_no_header() {
        let unknown: Vec<String> = (0..20).map(|it| format!("未知{it}")).collect();
        // `x` is a longitude too.
        let text = format!("volunteer_id,类型,{}\nv1,社会{}\n", unknown.join(","), ",x".repeat(20));
        assert_eq!(names(&text).0, 0);
    }

    #[test]
    fn two_rows_are_one_header_where_the_second_completes_the_first() {
        let text = "编号,个人情况,,所属社区\n,技能,人员类别,\nv1,x,y,z\n";
        assert_eq!(names(text), (1, "编号,技能,人员类别,所属社区".to_owned()));
        assert!(found(text).expect("a header").basis.zh.contains("两行"));
        // The names of the groups may be part of the names.
        let text = "名单,\n编号,志愿者,,住址,\n,类型,技能,经度,纬度\n";
        assert_eq!(names(text), (2, "编号,类型,技能,经度,纬度".to_owned()));
        let data = "编号,类型,,技能\nv1,x,状态不明,y\n";
        assert_eq!(names(data), (0, "编号,类型,#3,技能".to_owned()));
    }

    #[test]
    fn columns_without_name_are_numbered_and_empty_ones_at_the_end_left_out() {
        assert_eq!(names("编号,,类型,,,\nv1,x,y,,,\n").1, "编号,#2,类型");
        assert_eq!(names("编号,类型,,,\nv1,x,,z,\n").1, "编号,类型,#3,#4");
        assert_eq!(names("编号,类型\nv1,x,y,z\n").1, "编号,类型");
    }

    #[test]
    fn names_are_clean() {
        let rows = [vec!["\u{feff}编号 ".to_owned(), "所属\n社区".to_owned(), "max\u{0}note".to_owned()]];
        let header = in_volunteers(&rows).expect("a header");
        assert_eq!((header.names.join(","), header.known), ("编号,所属社区,max note".to_owned(), 2));
    }

    #[test]
    fn where_nothing_is_known_the_first_row_of_several_cells_is_taken() {
        let header = found("表\n\n甲,乙\n1,2\n").expect("a header");
        assert_eq!((header.row, header.known), (2, 0));
        assert!(header.basis.en.starts_with("no cell"));
        assert_eq!(found("甲\n1\n").expect("a header").row, 0);
        assert_eq!(found(",,\n \n"), None);
    }
}
