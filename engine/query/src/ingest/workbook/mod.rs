//! Workbooks as rows of texts.
//!
//! A sheet is loaded as a whole and kept as text, because the libraries that read workbooks do so
//! too; how much is bounded before and while it is read. What a cell shows is [`cell`]'s matter,
//! which cells there are [`sheet`]'s; here the sheet and its header are found and its rows handed
//! on. Lines are the rows' numbers as Excel shows them.
//!
//! A cell that is merged over several rows below the header stands in each of them: offices merge
//! what is the same for all. Rows that would hold nothing else stay empty.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use calamine::{Reader, Xls, XlsError, Xlsx, XlsxError};
use linli_model::Text;

use super::header::{self, Known};
use super::nodata::{self, NoData};
use super::options::LoadOptions;
use super::preamble::{self, Header};
use super::record::{OddCell, Oddity, TextRows};
use crate::error::{Error, Result};

mod cell;
mod ole;
mod sheet;
mod zip;

use ole::Content;
use sheet::{Book, Row, Sheet, Trouble};

/// Rows among which the header is looked for.
const HEADER_ROWS: usize = 30;

/// Sizes of files that are opened at all, in bytes, and what a zip file may say to unpack.
const XLSX_MAX: u64 = 256 << 20;
const XLS_MAX: u64 = 64 << 20;
const UNPACKED_MAX: u64 = 2 << 30;

/// A sheet behind its header.
pub(super) struct Workbook {
    sheet: Sheet,
    /// The cell with which the next row begins.
    next: usize,
    key: Option<usize>,
    spread: Spread,
    /// `xlsx` or `xls`.
    pub(super) format: &'static str,
    /// The sheet's name.
    pub(super) name: String,
    /// The names of the others.
    pub(super) others: Vec<String>,
    /// The headers.
    pub(super) headers: Vec<String>,
    /// The row of the header, from 1.
    pub(super) header_row: u64,
    /// What speaks for it.
    pub(super) basis: Text,
    /// Rows below the header without values, before the last one that has some.
    pub(super) blank_lines: u64,
    /// Rows that sum up others, from 1.
    pub(super) total_lines: Vec<u64>,
}

/// Merged cells that hold in the rows below their first one.
#[derive(Default)]
struct Spread {
    /// By the first row: column and last row.
    begins: BTreeMap<u32, Vec<(usize, u32)>>,
    /// By column: the last row and what stands there.
    holds: BTreeMap<usize, (u32, String, Option<Oddity>)>,
}

impl Workbook {
    /// Opens a workbook in a zip file: one of since 2007.
    ///
    /// **Errors.** [`Error::UnknownKind`], [`Error::UnknownSheet`], [`Error::EmptyFile`],
    /// [`Error::Over`], [`Error::Unreadable`].
    pub(super) fn in_zip(
        path: &Path,
        mut file: File,
        known: Known<'_>,
        options: &LoadOptions,
    ) -> Result<Self> {
        let shown = path.display().to_string();
        limit(&file, path, XLSX_MAX)?;
        let entries = zip::entries(&mut file).map_err(|it| Error::reading(path, &it))?;
        let Some(entries) = entries else {
            return Err(refused(
                shown,
                Text::new(
                    "a zip file or workbook that breaks off or is damaged",
                    "不完整或已损坏的 zip 文件或工作簿",
                ),
                Text::new("copy or download it again", "请重新复制或下载"),
            ));
        };
        if let Some((found, hint)) = other_content(&entries) {
            return Err(refused(shown, found, hint));
        }
        let unpacked = entries.iter().fold(0_u64, |sum, it| sum.saturating_add(it.size));
        if unpacked > UNPACKED_MAX {
            return Err(Error::over("bytes of the unpacked workbook", "工作簿解压后的字节数", UNPACKED_MAX));
        }
        guarded(&shown, || {
            let book = Xlsx::new(BufReader::new(file)).map_err(|it| match it {
                XlsxError::Password => encrypted(&shown),
                other => damaged(&shown, &other),
            })?;
            Self::open(&shown, Book::Xlsx(Box::new(book)), "xlsx", known, options)
        })
    }

    /// Opens a workbook in an OLE2 file: one of before 2007, or one with a password.
    ///
    /// **Errors.** As [`Workbook::in_zip`].
    pub(super) fn in_ole(path: &Path, file: File, known: Known<'_>, options: &LoadOptions) -> Result<Self> {
        let shown = path.display().to_string();
        limit(&file, path, XLS_MAX)?;
        let bytes = std::fs::read(path).map_err(|it| Error::reading(path, &it))?;
        let content = ole::content(&bytes);
        drop(bytes);
        let (found, hint) = match content {
            Content::Workbook => {
                return guarded(&shown, || {
                    let book = Xls::new(BufReader::new(file)).map_err(|it| match it {
                        XlsError::Password => encrypted(&shown),
                        other => damaged(&shown, &other),
                    })?;
                    Self::open(&shown, Book::Xls(Box::new(book)), "xls", known, options)
                });
            }
            Content::Encrypted => return Err(encrypted(&shown)),
            Content::TooWide => {
                return Err(Error::over(
                    "cells of a sheet from the first to the last",
                    "工作表首末单元格之间的单元格数",
                    65_536 * 256,
                ));
            }
            Content::Document => (Text::new("a document of Word", "Word 文档"), SAVE_AS),
            Content::Other => {
                (Text::new("an OLE2 file without a workbook", "不含工作簿的 OLE2 文件"), SAVE_AS)
            }
            Content::Damaged => (
                Text::new("a workbook (xls) that breaks off or is damaged", "不完整或已损坏的工作簿（xls）"),
                ("copy or download it again", "请重新复制或下载"),
            ),
        };
        Err(refused(shown, found, Text::new(hint.0, hint.1)))
    }

    fn open(
        shown: &str,
        mut book: Book,
        format: &'static str,
        known: Known<'_>,
        options: &LoadOptions,
    ) -> Result<Self> {
        let sheets = book.sheets();
        let empty = || Error::EmptyFile { path: shown.to_owned() };
        let read = |book: &mut Book, name: &str, rows_max| {
            book.read(name, rows_max).map_err(|it| match it {
                Trouble::Ours(error) => error,
                Trouble::Said(cause) => damaged(shown, &cause),
            })
        };
        let at = match &options.sheet {
            Some(wanted) => told(shown, wanted, &sheets)?,
            None => {
                let mut scores = Vec::new();
                for (name, _) in &sheets {
                    let rows = read(&mut book, name, HEADER_ROWS)?.first_rows(HEADER_ROWS);
                    scores.push(score(&rows, known));
                }
                best(&sheets, &scores).ok_or_else(empty)?
            }
        };
        let (name, is_hidden) = &sheets[at];
        let sheet = read(&mut book, name, usize::MAX)?;
        let rows = sheet.first_rows(HEADER_ROWS);
        let mut header = header_of(&rows, known).ok_or_else(empty)?;
        if let Some(row) = known.row {
            let of = |it: &(Row, usize)| u64::from(it.0.index) + 1 == row;
            let refused = || Error::NoHeader { path: shown.to_owned(), line: row };
            let at = rows.iter().position(of).ok_or_else(refused)?;
            header = header_of(&rows[at..=at], known).ok_or_else(refused)?;
            header = Header { row: at, basis: preamble::told(), ..header };
        }
        let (row, next) = &rows[header.row];
        let others = sheets.iter().enumerate().filter(|(it, _)| *it != at).map(|(_, it)| it.0.clone());
        let mapping = header::map(header.names.clone(), known.table, shown, known.settled).ok();
        let key = known.table.primary_key.first().and_then(|it| known.table.index_of(it));
        let spread = Spread::of(&sheet, row.index, header.names.len());
        let mut it = Self {
            next: *next,
            key: mapping.and_then(|it| it.sources[key?]),
            format,
            name: name.clone(),
            others: others.collect(),
            headers: header.names,
            header_row: u64::from(row.index) + 1,
            basis: remark(header.basis, *is_hidden, spread.count()),
            spread,
            sheet,
            blank_lines: 0,
            total_lines: Vec::new(),
        };
        it.count();
        Ok(it)
    }

    /// Counts the rows that are none.
    fn count(&mut self) {
        // Rows behind the last value, with spaces at most, are not counted.
        let (mut blank, mut last) = (0, self.header_row);
        let mut at = self.next;
        while let Some((row, next)) = self.sheet.row(at) {
            let line = u64::from(row.index) + 1;
            match self.kind(&row) {
                NoData::Blank => {}
                kind => {
                    blank += line - last - 1;
                    last = line;
                    if kind == NoData::Total {
                        self.total_lines.push(line);
                    }
                }
            }
            at = next;
        }
        self.blank_lines = blank;
    }

    fn kind(&self, row: &Row) -> NoData {
        nodata::kind(row.cells.iter().map(String::as_str), self.key)
    }

    /// The next rows; none at the end.
    pub(super) fn next_piece(&mut self) -> Option<TextRows> {
        let mut piece = TextRows::of_width(self.headers.len());
        piece.from_workbook = true;
        while !piece.is_piece() {
            let Some((mut row, next)) = self.sheet.row(self.next) else { break };
            self.next = next;
            let kind = self.kind(&row);
            self.spread.fill(&mut row, kind == NoData::Data);
            if kind != NoData::Data {
                continue;
            }
            let (at, before) = (piece.len(), u64::from(row.index));
            piece.push(before + 1, &row.cells);
            if piece.len() > at {
                let odd = row.odd.iter().filter(|(column, _)| **column < self.headers.len());
                piece.odd.extend(odd.map(|(column, oddity)| OddCell {
                    row: at,
                    column: *column,
                    oddity: *oddity,
                }));
            }
        }
        (!piece.is_empty()).then_some(piece)
    }
}

impl Spread {
    fn of(sheet: &Sheet, header: u32, width: usize) -> Self {
        let mut begins: BTreeMap<u32, Vec<(usize, u32)>> = BTreeMap::new();
        let below =
            sheet.merged.iter().filter(|(column, first, _)| *first > header && (*column as usize) < width);
        for (column, first, last) in below {
            begins.entry(*first).or_default().push((*column as usize, *last));
        }
        Self { begins, holds: BTreeMap::new() }
    }

    fn count(&self) -> usize {
        self.begins.values().map(Vec::len).sum()
    }

    /// Puts what holds into the empty cells of a row, if it is one, and remembers what begins.
    fn fill(&mut self, row: &mut Row, is_row: bool) {
        self.holds.retain(|_, (last, ..)| *last >= row.index);
        if is_row {
            for (column, (_, text, oddity)) in &self.holds {
                if row.cells.len() <= *column {
                    row.cells.resize(column + 1, String::new());
                }
                if row.cells[*column].is_empty() {
                    row.cells[*column].clone_from(text);
                    row.odd.extend(oddity.map(|it| (*column, it)));
                }
            }
        }
        for (column, last) in self.begins.remove(&row.index).unwrap_or_default() {
            if let Some(text) = row.cells.get(column).filter(|it| !it.is_empty()) {
                self.holds.insert(column, (last, text.clone(), row.odd.get(&column).copied()));
            }
        }
    }
}

/// The sheet of this name, or of this number from 1.
fn told(shown: &str, wanted: &str, sheets: &[(String, bool)]) -> Result<usize> {
    let named = |same: fn(&str, &str) -> bool| sheets.iter().position(|it| same(&it.0, wanted));
    let number = || wanted.trim().parse::<usize>().ok()?.checked_sub(1).filter(|it| *it < sheets.len());
    named(|left, right| left == right)
        .or_else(|| named(|left, right| left.trim().to_lowercase() == right.trim().to_lowercase()))
        .or_else(number)
        .ok_or_else(|| Error::UnknownSheet {
            path: shown.to_owned(),
            sheet: wanted.to_owned(),
            found: sheets.iter().map(|it| it.0.clone()).collect(),
        })
}

/// How many headers the table knows; none for an empty sheet.
fn score(rows: &[(Row, usize)], known: Known<'_>) -> Option<usize> {
    Some(header_of(rows, known)?.known)
}

/// The sheet with the best header: a visible one before a hidden one, the first of equals.
fn best(sheets: &[(String, bool)], scores: &[Option<usize>]) -> Option<usize> {
    let rank = |at: usize| {
        let known = scores[at]?;
        Some((known > 0, !sheets[at].1, known, usize::MAX - at, at))
    };
    (0..sheets.len()).filter_map(rank).max().map(|it| it.4)
}

/// The header among the first rows.
fn header_of(rows: &[(Row, usize)], known: Known<'_>) -> Option<Header> {
    let cells: Vec<Vec<String>> = rows.iter().map(|(row, _)| row.cells.clone()).collect();
    preamble::find(&cells, known)
}

fn remark(mut basis: Text, is_hidden: bool, merged: usize) -> Text {
    if is_hidden {
        basis.en += "; the sheet is hidden";
        basis.zh += "；该工作表被隐藏";
    }
    if merged > 0 {
        basis.en += &format!("; {merged} cells merged over several rows stand in each of these rows");
        basis.zh += &format!("；{merged} 个跨行合并的单元格，其值计入所跨的每一行");
    }
    basis
}

/// What a zip file is, if it is no workbook, and what to do about it.
fn other_content(entries: &[zip::Entry]) -> Option<(Text, Text)> {
    let has = |start: &str| entries.iter().any(|it| it.name.starts_with(start));
    let save = |en: &str, zh: &str| Some((Text::new(en, zh), Text::new(SAVE_AS.0, SAVE_AS.1)));
    if has("xl/workbook.bin") {
        return save("a binary workbook (xlsb)", "二进制工作簿（xlsb）");
    }
    if has("word/") {
        return save("a document of Word (docx)", "Word 文档（docx）");
    }
    if has("ppt/") {
        return save("slides of PowerPoint (pptx)", "PowerPoint 演示文稿（pptx）");
    }
    if has("content.xml") && has("mimetype") {
        return save("an OpenDocument file (ods or odt)", "OpenDocument 文件（ods 或 odt）");
    }
    if has("[Content_Types].xml") {
        return None;
    }
    let mut names: Vec<&str> = entries.iter().map(|it| it.name.as_str()).take(3).collect();
    if entries.len() > names.len() {
        names.push("…");
    }
    Some((
        Text::new(
            format!("a zip file with {}", names.join(", ")),
            format!("含有 {} 的 zip 文件", names.join("、")),
        ),
        Text::new("unpack it and load what is inside", "请先解压，再载入其中的文件"),
    ))
}

const SAVE_AS: (&str, &str) = ("save it as a workbook (xlsx) or as CSV", "请另存为工作簿（xlsx）或 CSV");

/// Reads with a library that takes for granted what files say of themselves, and that has stopped
/// with a panic at files made to do harm. Nothing of ours is changed meanwhile, and what the
/// library holds is dropped, so it is safe to go on, and the file is one that cannot be read.
fn guarded<T>(shown: &str, read: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(damaged(shown, &"its parts do not fit together")))
}

fn limit(file: &File, path: &Path, limit: u64) -> Result<()> {
    let length = file.metadata().map_err(|it| Error::reading(path, &it))?.len();
    if length > limit {
        Err(Error::over("bytes of a workbook", "工作簿的字节数", limit))
    } else {
        Ok(())
    }
}

fn encrypted(shown: &str) -> Error {
    refused(
        shown.to_owned(),
        Text::new("a workbook with a password", "带密码的工作簿"),
        Text::new("take the password off and save it", "请取消密码后保存"),
    )
}

fn damaged(shown: &str, cause: &dyn std::fmt::Display) -> Error {
    refused(
        shown.to_owned(),
        Text::new(format!("a damaged workbook ({cause})"), format!("已损坏的工作簿（{cause}）")),
        Text::new("open it, save it anew as xlsx, and load that", "请打开后另存为 xlsx，再载入"),
    )
}

fn refused(path: String, found: Text, hint: Text) -> Error {
    Error::unknown_kind(path, found, hint)
}
