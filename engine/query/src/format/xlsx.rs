//! One worksheet: numbers are numbers, times are times, and equal rows are equal bytes.

use std::io::Write;

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Int64Type, TimeUnit};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::cell::Column;
use super::{Format as Form, WriteSummary, engine, refused, unsupported};
use crate::session::Rows;
use crate::zone::{DAY_US, Zone};
use crate::{Error, Result};

/// Rows of a worksheet below its header.
const ROWS_MAX: u64 = 1_048_575;

/// Characters of a cell.
const TEXT_MAX: usize = 32_767;

/// Bytes of all cells: a worksheet is put together in memory.
const SHEET_BYTES_MAX: usize = 512 << 20;

/// What a cell takes beside its text.
const CELL_BYTES: usize = 16;

/// Days from 1899-12-30, where worksheets begin to count, to 1970-01-01.
const EPOCH_DAYS: f64 = 25_569.0;

/// The day before which worksheets count a 29 February 1900 that never was.
const SERIAL_MIN: f64 = 61.0;

/// Writes all rows into one worksheet.
///
/// **Errors.** [`Error::Over`] where a worksheet cannot hold the rows or a text.
pub(super) async fn write(mut rows: Rows, out: &mut (dyn Write + Send)) -> Result<WriteSummary> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&fixed_day()?));
    let sheet = workbook.add_worksheet();
    let bold = Format::new().set_bold();
    for (column, field) in (0..).zip(rows.schema.fields()) {
        sheet.write_string_with_format(0, column, field.name(), &bold).map_err(failed)?;
    }
    sheet.set_freeze_panes(1, 0).map_err(failed)?;
    let (mut row_count, mut bytes) = (0, 0);
    while let Some(batch) = rows.next().await? {
        if row_count + batch.num_rows() as u64 > ROWS_MAX {
            return Err(Error::over("rows of a worksheet", "工作表的行数", ROWS_MAX));
        }
        let first = u32::try_from(row_count + 1).map_err(engine)?;
        for (column, array) in (0..).zip(batch.columns()) {
            bytes += write_column(sheet, first, column, array)?;
            if bytes > SHEET_BYTES_MAX {
                return Err(Error::over("bytes of a worksheet", "工作表的字节数", SHEET_BYTES_MAX as u64));
            }
        }
        row_count += batch.num_rows() as u64;
    }
    let bytes = workbook.save_to_buffer().map_err(failed)?;
    out.write_all(&bytes).map_err(refused)?;
    Ok(WriteSummary { row_count, truncated: rows.truncated() })
}

/// Writes the cells of a column and says how many bytes they take.
fn write_column(sheet: &mut Worksheet, first: u32, column: u16, array: &ArrayRef) -> Result<usize> {
    let (serials, pattern) = serials(array)?;
    let style = Format::new().set_num_format(pattern);
    let cells = Column::new(array).map_err(|it| unsupported(Form::Xlsx, it))?;
    let mut text = String::new();
    let mut bytes = array.len() * CELL_BYTES;
    for (row, line) in (0..array.len()).zip(first..) {
        if cells.is_null(row) {
            continue;
        }
        if let Some(serial) = serials.get(row).filter(|it| **it >= SERIAL_MIN) {
            sheet.write_number_with_format(line, column, *serial, &style).map_err(failed)?;
        } else if let Some(number) = cells.as_number(row) {
            sheet.write_number(line, column, number).map_err(failed)?;
        } else if let Some(boolean) = cells.as_boolean(row) {
            sheet.write_boolean(line, column, boolean).map_err(failed)?;
        } else {
            text.clear();
            cells.text(row, &mut text);
            bytes += text.len();
            sheet.write_string(line, column, &text).map_err(failed)?;
        }
    }
    Ok(bytes)
}

/// Days since 1899-12-30 for columns of days and instants, in local time; else none.
fn serials(array: &ArrayRef) -> Result<(Vec<f64>, &'static str)> {
    let (to, zone, unit_us) = match array.data_type() {
        DataType::Date32 => (DataType::Int32, None, DAY_US),
        DataType::Timestamp(_, zone) => {
            (DataType::Timestamp(TimeUnit::Microsecond, zone.clone()), zone.as_deref(), 1)
        }
        _ => return Ok((Vec::new(), "General")),
    };
    let counts = cast(array, &to).and_then(|it| cast(&it, &DataType::Int64)).map_err(engine)?;
    let zone = zone.map_or_else(|| Zone::parse("+00:00"), Zone::parse);
    let local = |it: i64| zone.to_local(it.saturating_mul(unit_us)) as f64 / DAY_US as f64 + EPOCH_DAYS;
    let serials = counts.as_primitive::<Int64Type>().values().iter().map(|it| local(*it)).collect();
    Ok((serials, if unit_us == DAY_US { "yyyy-mm-dd" } else { "yyyy-mm-dd hh:mm" }))
}

/// A workbook says when it was made; ours would differ with every run.
fn fixed_day() -> Result<ExcelDateTime> {
    ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)
}

fn failed(error: XlsxError) -> Error {
    match error {
        XlsxError::MaxStringLengthExceeded => {
            Error::over("characters of a worksheet's cell", "工作表单元格的字符数", TEXT_MAX as u64)
        }
        XlsxError::RowColumnLimitError => Error::over("columns of a worksheet", "工作表的列数", 16_384),
        other => engine(other),
    }
}
