//! Texts to typed columns.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder, ListBuilder,
    PrimitiveBuilder, StringBuilder,
};
use datafusion::arrow::datatypes::{ArrowPrimitiveType, DataType, Field, TimestampMicrosecondType};
use linli_model::FieldType;

use super::time::{parse_date, parse_datetime};

/// A column, and the rows whose text was no value of its type; they have no value.
pub(super) type Parsed = (ArrayRef, Vec<usize>);

/// Reads one text per row; empty ones are no value.
///
/// **Units.** `offset_s` is where times without offset are, seconds east of Greenwich.
pub(super) fn parse<'a>(
    field_type: FieldType,
    cells: impl ExactSizeIterator<Item = &'a str>,
    offset_s: i32,
) -> Parsed {
    let rows = cells.len();
    match field_type {
        FieldType::String => (texts(cells, rows), Vec::new()),
        FieldType::List => (lists(cells, rows), Vec::new()),
        FieldType::Boolean => booleans(cells, rows),
        FieldType::Integer => primitives(Int64Builder::with_capacity(rows), cells, |it| it.parse().ok()),
        FieldType::Number => {
            primitives(Float64Builder::with_capacity(rows), cells, |it| finite(it.parse().ok()?))
        }
        FieldType::Decimal => {
            let builder = Decimal128Builder::with_capacity(rows);
            primitives(builder.with_data_type(field_type.data_type()), cells, parse_decimal)
        }
        FieldType::Date => primitives(Date32Builder::with_capacity(rows), cells, parse_date),
        FieldType::Datetime => {
            let builder = PrimitiveBuilder::<TimestampMicrosecondType>::with_capacity(rows);
            let builder = builder.with_data_type(field_type.data_type());
            primitives(builder, cells, |it| parse_datetime(it, offset_s))
        }
    }
}

/// A number that is one.
pub(super) fn finite(number: f64) -> Option<f64> {
    number.is_finite().then_some(number)
}

/// Puts lists together, item by item.
pub(super) fn list_builder(rows: usize) -> ListBuilder<StringBuilder> {
    let item = Field::new("item", DataType::Utf8, true);
    ListBuilder::with_capacity(StringBuilder::new(), rows).with_field(Arc::new(item))
}

/// Ends a list; one without items is no value.
pub(super) fn end_list(builder: &mut ListBuilder<StringBuilder>, items: usize) {
    builder.append(items > 0);
}

fn trim(cell: &str) -> &str {
    // Most cells begin and end with a letter or digit of ASCII.
    let plain = |it: Option<&u8>| it.is_some_and(u8::is_ascii_graphic);
    let bytes = cell.as_bytes();
    if plain(bytes.first()) && plain(bytes.last()) { cell } else { cell.trim() }
}

fn texts<'a>(cells: impl Iterator<Item = &'a str>, rows: usize) -> ArrayRef {
    let mut builder = StringBuilder::with_capacity(rows, rows * 8);
    for cell in cells.map(trim) {
        if cell.is_empty() {
            builder.append_null();
        } else {
            builder.append_value(cell);
        }
    }
    Arc::new(builder.finish())
}

fn lists<'a>(cells: impl Iterator<Item = &'a str>, rows: usize) -> ArrayRef {
    let mut builder = list_builder(rows);
    for cell in cells {
        let mut items = 0;
        for item in cell.split([';', '；']).map(trim).filter(|it| !it.is_empty()) {
            builder.values().append_value(item);
            items += 1;
        }
        end_list(&mut builder, items);
    }
    Arc::new(builder.finish())
}

fn booleans<'a>(cells: impl Iterator<Item = &'a str>, rows: usize) -> Parsed {
    let mut builder = BooleanBuilder::with_capacity(rows);
    let mut bad = Vec::new();
    for (row, cell) in cells.map(trim).enumerate() {
        let value = parse_boolean(cell);
        if value.is_none() && !cell.is_empty() {
            bad.push(row);
        }
        builder.append_option(value);
    }
    (Arc::new(builder.finish()), bad)
}

fn parse_boolean(cell: &str) -> Option<bool> {
    match cell {
        "1" | "是" => Some(true),
        "0" | "否" => Some(false),
        _ if cell.eq_ignore_ascii_case("true") || cell.eq_ignore_ascii_case("yes") => Some(true),
        _ if cell.eq_ignore_ascii_case("false") || cell.eq_ignore_ascii_case("no") => Some(false),
        _ => None,
    }
}

/// A whole number of at most 38 digits.
fn parse_decimal(cell: &str) -> Option<i128> {
    let number: i128 = cell.parse().ok()?;
    (number.unsigned_abs() < 10_u128.pow(38)).then_some(number)
}

fn primitives<'a, T: ArrowPrimitiveType>(
    mut builder: PrimitiveBuilder<T>,
    cells: impl Iterator<Item = &'a str>,
    parse: impl Fn(&str) -> Option<T::Native>,
) -> Parsed {
    let mut bad = Vec::new();
    for (row, cell) in cells.map(trim).enumerate() {
        if cell.is_empty() {
            builder.append_null();
            continue;
        }
        let value = parse(cell);
        if value.is_none() {
            bad.push(row);
        }
        builder.append_option(value);
    }
    (Arc::new(builder.finish()), bad)
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};

    use super::*;

    fn check(field_type: FieldType, cells: &[&str]) -> String {
        let (array, bad) = parse(field_type, cells.iter().copied(), 0);
        let options = FormatOptions::default().with_null("-");
        let shown = ArrayFormatter::try_new(&array, &options).expect("a formatter");
        let cells = (0..array.len()).map(|row| match bad.contains(&row) {
            true => "bad".to_owned(),
            false => shown.value(row).to_string(),
        });
        cells.collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn cells_become_values_or_are_bad() {
        use FieldType::{Boolean, Decimal, Integer, List, Number, String};
        assert_eq!(check(String, &[" a ", "", " \u{3000}", "000666"]), "a | - | - | 000666");
        assert_eq!(check(Integer, &["7", " -7 ", "", "3.0", "x", "9e3"]), "7 | -7 | - | bad | bad | bad");
        assert_eq!(check(Number, &["1.5", "1e3", "NaN", "inf", ""]), "1.5 | 1000.0 | bad | bad | -");
        assert_eq!(check(Boolean, &["Yes", "否", "0", "", "ja"]), "true | false | false | - | bad");
        assert_eq!(check(List, &["a; b；;c", ";", ""]), "[a, b, c] | - | -");
        let (digits, more) = ("9".repeat(38), "1".repeat(39));
        assert_eq!(check(Decimal, &[&digits, &more]), format!("{digits} | bad"));
    }
}
