//! A sheet of a workbook, held as text.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;

use calamine::{Data, Dimensions, Reader, SheetType, SheetVisible, Xls, Xlsx, XlsxFormulaMetadata};

use super::super::record::Oddity;
use super::cell;
use crate::error::{Error, Result};

/// What a sheet may take in memory.
const BYTES_MAX: usize = 1 << 30;

/// How many columns a sheet may have. Far more than a table; rows as wide as Excel allows would
/// each take more memory than a page of text.
const COLUMNS_MAX: u32 = 1_024;

/// An open workbook.
pub(super) enum Book {
    /// Since 2007: XML in a zip file, which is read cell by cell.
    Xlsx(Box<Xlsx<BufReader<File>>>),
    /// Before 2007, read as a whole.
    Xls(Box<Xls<BufReader<File>>>),
}

/// The cells of a sheet that hold something, by row and column.
#[derive(Default)]
pub(super) struct Sheet {
    text: String,
    cells: Vec<Cell>,
    /// Merged cells that go over several rows: column, first row, last row; from 0.
    pub(super) merged: Vec<(u32, u32, u32)>,
}

struct Cell {
    row: u32,
    column: u32,
    /// Where it is in `text`; together at most 1 GiB.
    start: u32,
    end: u32,
    oddity: Option<Oddity>,
}

/// A row of a sheet.
#[derive(Debug, Default, Clone)]
pub(super) struct Row {
    /// Its number, from 0.
    pub(super) index: u32,
    /// Its cells up to the last one that holds something.
    pub(super) cells: Vec<String>,
    /// What is wrong with which of them.
    pub(super) odd: BTreeMap<usize, Oddity>,
}

impl Book {
    /// The names of the sheets of cells, and whether each is hidden.
    pub(super) fn sheets(&self) -> Vec<(String, bool)> {
        let sheets = match self {
            Self::Xlsx(it) => it.sheets_metadata(),
            Self::Xls(it) => it.sheets_metadata(),
        };
        let sheets = sheets.iter().filter(|it| it.typ == SheetType::WorkSheet);
        sheets.map(|it| (it.name.clone(), it.visible != SheetVisible::Visible)).collect()
    }

    /// Reads the first so many rows of a sheet, and where cells are merged.
    ///
    /// Formulas are never computed: what the file holds as their outcome counts. Cells of hidden
    /// rows and columns are read like others.
    ///
    /// **Errors.** What the library says, or [`Error::Over`].
    pub(super) fn read(&mut self, name: &str, rows_max: usize) -> Result<Sheet, Trouble> {
        let mut sheet = Sheet::default();
        match self {
            Self::Xlsx(book) => {
                let mut cells = book.worksheet_cells_reader(name).map_err(said)?;
                let (mut rows, mut last) = (0, None);
                while let Some(it) = cells.next_cell_with_formula_metadata().map_err(said)? {
                    let formula = it.formula.map(|it| match it {
                        XlsxFormulaMetadata::Normal { formula }
                        | XlsxFormulaMetadata::Shared { formula, .. } => formula,
                        _ => "…".to_owned(),
                    });
                    let is_filled = sheet.push(it.pos, &Data::from(it.value), formula.as_deref())?;
                    if is_filled && last.replace(it.pos.0) != Some(it.pos.0) {
                        rows += 1;
                    }
                    if rows > rows_max {
                        break;
                    }
                }
                drop(cells);
                if rows_max == usize::MAX {
                    sheet.merge(&book.merge_cells_by_sheet_name(name).map_err(said)?);
                }
            }
            Self::Xls(book) => {
                let values = book.worksheet_range(name).map_err(said)?;
                let formulas = book.worksheet_formula(name).map_err(said)?;
                for (row, column, value) in values.used_cells() {
                    let place = absolute(values.start(), row, column);
                    sheet.push(place, value, None)?;
                }
                for (row, column, formula) in formulas.used_cells() {
                    let place = absolute(formulas.start(), row, column);
                    if matches!(values.get_value(place), None | Some(Data::Empty)) {
                        sheet.push(place, &Data::Empty, Some(formula))?;
                    }
                }
                sheet.merge(&book.merge_cells_by_sheet_name(name).map_err(said)?);
            }
        }
        // A file may hold its cells in any order, and a cell twice: then the last one counts, as
        // it does in Excel.
        if !sheet.cells.is_sorted_by(|left, right| left.place() < right.place()) {
            sheet.cells.sort_by_key(Cell::place);
            sheet.cells.reverse();
            sheet.cells.dedup_by_key(|it| it.place());
            sheet.cells.reverse();
        }
        Ok(sheet)
    }
}

impl Sheet {
    /// Takes in a cell; whether it holds anything.
    fn push(&mut self, place: (u32, u32), value: &Data, formula: Option<&str>) -> Result<bool, Trouble> {
        let (text, oddity) = match (value, formula) {
            (Data::Empty, None) => return Ok(false),
            (Data::Empty, Some(formula)) => (format!("={formula}"), Some(Oddity::NoOutcome)),
            (value, _) => cell::text(value),
        };
        if text.is_empty() {
            return Ok(false);
        }
        if place.1 >= COLUMNS_MAX {
            return Err(Error::over("columns of a sheet", "工作表的列数", COLUMNS_MAX.into()).into());
        }
        let start = self.text.len();
        self.text.push_str(&text);
        if self.text.len() + self.cells.len() * size_of::<Cell>() > BYTES_MAX {
            return Err(Error::over("bytes of a sheet", "工作表的字节数", BYTES_MAX as u64).into());
        }
        let at = |it: usize| u32::try_from(it).map_err(|it| said(it.to_string()));
        let (start, end) = (at(start)?, at(self.text.len())?);
        self.cells.push(Cell { row: place.0, column: place.1, start, end, oddity });
        Ok(true)
    }

    fn merge(&mut self, regions: &[Dimensions]) {
        let tall = regions.iter().filter(|it| it.end.0 > it.start.0);
        self.merged = tall.map(|it| (it.start.1, it.start.0, it.end.0)).collect();
        self.merged.sort_unstable();
    }

    /// The row that begins with cell number `at`, and the cell behind it.
    pub(super) fn row(&self, at: usize) -> Option<(Row, usize)> {
        let mut row = Row { index: self.cells.get(at)?.row, ..Row::default() };
        let same = self.cells[at..].iter().take_while(|it| it.row == row.index);
        let mut next = at;
        for cell in same {
            let column = cell.column as usize;
            row.cells.resize(column, String::new());
            let text = self.text.get(cell.start as usize..cell.end as usize);
            row.cells.push(text.unwrap_or_default().to_owned());
            if let Some(oddity) = cell.oddity {
                row.odd.insert(column, oddity);
            }
            next += 1;
        }
        Some((row, next))
    }

    /// The first rows that hold something, and the cell behind each.
    pub(super) fn first_rows(&self, count: usize) -> Vec<(Row, usize)> {
        let next = |(_, next): &(Row, usize)| self.row(*next);
        std::iter::successors(self.row(0), next).take(count).collect()
    }
}

impl Cell {
    fn place(&self) -> (u32, u32) {
        (self.row, self.column)
    }
}

/// Why a sheet could not be read.
pub(super) enum Trouble {
    /// What the library says of the file.
    Said(String),
    /// A limit.
    Ours(Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

pub(super) fn said(cause: impl std::fmt::Display) -> Trouble {
    Trouble::Said(cause.to_string())
}

fn absolute(start: Option<(u32, u32)>, row: usize, column: usize) -> (u32, u32) {
    let (first_row, first_column) = start.unwrap_or_default();
    // Rows and columns of a range lie within a sheet, so they fit.
    let place = |first: u32, it: usize| first.saturating_add(u32::try_from(it).unwrap_or(u32::MAX));
    (place(first_row, row), place(first_column, column))
}
