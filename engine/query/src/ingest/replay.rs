//! Lines of the quarantine as rows again: mended by words, columns or cells, checked as ever.
//!
//! A line with the key of another row, and one that was cut wrongly, is not tried unless the
//! orders name it: nobody knows which of two rows is meant, or which cell is which. The named
//! cells of a line that was cut wrongly are the whole row.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use linli_model::{TableSchema, Text};

use super::check::Context;
use super::header::{self, Mapping};
use super::open::OpenRow;
use super::orders::{RowOrder, bad};
use super::record::TextRows;
use super::report::FileReport;
use super::settled::Settled;
use super::source::Rows;
use crate::error::{Error, Result};

/// The least part of an ID that names a record.
const ID_DIGITS_MIN: usize = 8;

/// Headers and texts of one line.
pub(super) type Cells = Vec<(String, String)>;

/// Lines of one file under one header.
pub(super) struct Group {
    file: String,
    sheet: String,
    /// The coordinate system of the load that refused the lines; empty where none was written.
    crs: String,
    mapping: Mapping,
    /// Which open line, and its cells.
    pub(super) rows: Vec<(usize, Vec<String>)>,
    /// The line of each row, which no other row of the group has.
    pub(super) lines: Vec<u64>,
}

/// What is done with the open lines of a table.
#[derive(Default)]
pub(super) struct Plan {
    /// Lines to try, with the cells to try.
    pub(super) tried: Vec<(usize, Cells)>,
    /// Lines to try whose cells stand under the names of columns.
    pub(super) named: Vec<(usize, Cells)>,
    /// Lines that are given up.
    pub(super) dropped: Vec<usize>,
}

impl Group {
    /// How the lines are reported: by the file that they came from.
    pub(super) fn report(&self) -> FileReport {
        FileReport {
            file: self.file.clone(),
            format: "quarantine".to_owned(),
            sheet: (!self.sheet.is_empty()).then(|| self.sheet.clone()),
            rows: self.rows.len() as u64,
            ..FileReport::default()
        }
    }

    /// The lines as rows.
    pub(super) fn raw(&self) -> Rows {
        let rows = self.lines.iter().zip(&self.rows).map(|(line, (_, cells))| (*line, cells.as_slice()));
        Rows::Text(TextRows::of(self.mapping.headers.len(), rows))
    }
}

/// The context of a load, for these lines instead of its files.
pub(super) fn context(of: &Context, groups: &[Group]) -> Context {
    Context {
        table: of.table,
        schema: Arc::clone(&of.schema),
        key: of.key.clone(),
        offset_s: of.offset_s,
        zone: of.zone,
        today: of.today,
        place: of.place,
        places: groups.iter().map(|it| of.place.or_refused(&it.crs)).collect(),
        paths: groups.iter().map(|it| PathBuf::from(&it.file)).collect(),
        mappings: groups.iter().map(|it| it.mapping.clone()).collect(),
        settled: of.settled.clone(),
        settled_by: of.settled_by.clone(),
        stored: None,
    }
}

/// Sorts lines by file and headers, and finds the columns; also the first reason why it could
/// not for some, which are left out.
pub(super) fn group(
    table: &TableSchema,
    settled: &Settled,
    rows: &[OpenRow],
    picked: Vec<(usize, Cells)>,
) -> (Vec<Group>, Option<Error>) {
    let map = |headers, file: &str| header::map(headers, table, file, settled);
    grouped(rows, picked, map)
}

/// The same for cells that stand under the names of columns.
pub(super) fn group_named(
    table: &TableSchema,
    settled: &Settled,
    rows: &[OpenRow],
    picked: Vec<(usize, Cells)>,
) -> (Vec<Group>, Option<Error>) {
    let map = |headers, file: &str| header::named(headers, table, file, settled);
    grouped(rows, picked, map)
}

fn grouped(
    rows: &[OpenRow],
    picked: Vec<(usize, Cells)>,
    map: impl Fn(Vec<String>, &str) -> Result<Mapping>,
) -> (Vec<Group>, Option<Error>) {
    type Key<'a> = (&'a str, &'a str, &'a str, Vec<String>, usize);
    let mut sorted = BTreeMap::<Key<'_>, Vec<(usize, Vec<String>)>>::new();
    // Files of one name have the same lines, but a line stands in a group once.
    let mut repeated = BTreeMap::<(&str, &str, u64), usize>::new();
    for (at, cells) in picked {
        let OpenRow { file, sheet, crs, line, .. } = &rows[at];
        let nth = repeated.entry((file, sheet, *line)).and_modify(|it| *it += 1).or_default();
        let (headers, cells) = cells.into_iter().unzip();
        sorted.entry((file, sheet, crs, headers, *nth)).or_default().push((at, cells));
    }
    let (mut groups, mut failed) = (Vec::new(), None);
    for ((file, sheet, crs, headers, _), picked) in sorted {
        match map(headers, file) {
            Ok(mapping) => groups.push(Group {
                file: file.to_owned(),
                sheet: sheet.to_owned(),
                crs: crs.to_owned(),
                mapping,
                lines: picked.iter().map(|(at, _)| rows[*at].line).collect(),
                rows: picked,
            }),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    (groups, failed)
}

/// Decides which lines are tried, and with which cells.
///
/// **Errors.** [`Error::BadMapping`] for orders that name no open line, or more than one.
pub(super) fn plan(
    path: &Path,
    table: &TableSchema,
    settled: &Settled,
    rows: &[OpenRow],
    orders: BTreeMap<String, RowOrder>,
) -> Result<Plan> {
    let mut ordered = BTreeMap::<usize, RowOrder>::new();
    for (id, order) in orders {
        let at = find(path, rows, &id)?;
        if ordered.insert(at, order).is_some() {
            let cause = Text::new("another ID names the same line", "另有编号指向同一行");
            return Err(bad(path, format!("rows.{id}"), cause, None));
        }
    }
    let mut plan = Plan::default();
    for (at, row) in rows.iter().enumerate() {
        match ordered.remove(&at) {
            Some(None) => plan.dropped.push(at),
            Some(Some(cells)) => plan.named.push((at, mended(table, settled, row, cells)?)),
            None if row.is_torn() || row.is_repeated() => {}
            None => plan.tried.push((at, row.cells.clone())),
        }
    }
    Ok(plan)
}

/// The open line of which a record has that ID, or an ID that begins so.
fn find(path: &Path, rows: &[OpenRow], id: &str) -> Result<usize> {
    let key = || format!("rows.{id}");
    if id.len() < ID_DIGITS_MIN {
        let cause = Text::new(
            format!("expected {ID_DIGITS_MIN} digits of an ID or more"),
            format!("应为编号的前 {ID_DIGITS_MIN} 位或更多"),
        );
        return Err(bad(path, key(), cause, None));
    }
    let has = |row: &OpenRow| row.ids.iter().any(|it| it.starts_with(id));
    let mut found = rows.iter().enumerate().filter(|(_, it)| has(it)).map(|(at, _)| at);
    match (found.next(), found.next()) {
        (Some(at), None) => Ok(at),
        (None, _) => {
            let cause = Text::new("no open line of this table has that ID", "该表没有此编号的待处理隔离行");
            Err(bad(path, key(), cause, None))
        }
        (Some(_), Some(_)) => {
            let cause = Text::new("several IDs begin so", "有多个编号以此开头");
            Err(bad(path, key(), cause, None))
        }
    }
}

/// A line under the names of its columns, with new cells.
fn mended(
    table: &TableSchema,
    settled: &Settled,
    row: &OpenRow,
    mut new: BTreeMap<String, Option<String>>,
) -> Result<Cells> {
    let mut cells = Cells::new();
    if !row.is_torn() {
        let headers = row.cells.iter().map(|(header, _)| header.clone()).collect();
        let mapping = header::map(headers, table, &row.file, settled)?;
        for (field, source) in table.fields.iter().zip(&mapping.sources) {
            if let Some(source) = source {
                let cell = new.remove(&field.name).map(Option::unwrap_or_default);
                cells.push((field.name.clone(), cell.unwrap_or_else(|| row.cells[*source].1.clone())));
            }
        }
    }
    cells.extend(new.into_iter().map(|(column, cell)| (column, cell.unwrap_or_default())));
    Ok(cells)
}

/// Places of rows, by file and line, whose key must be new: a human named the line, and still
/// it may take no other row's place.
pub(super) fn guarded(groups: &[Group], rows: &[OpenRow]) -> BTreeSet<(u32, u64)> {
    let mut guarded = BTreeSet::new();
    for (file, group) in (0_u32..).zip(groups) {
        let repeated = group.rows.iter().filter(|(at, _)| rows[*at].is_repeated());
        guarded.extend(repeated.map(|(at, _)| (file, rows[*at].line)));
    }
    guarded
}
