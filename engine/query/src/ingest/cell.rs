//! Texts to typed columns.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder, ListBuilder,
    PrimitiveBuilder, StringBuilder,
};
use datafusion::arrow::datatypes::{ArrowPrimitiveType, DataType, Field, TimestampMicrosecondType};
use linli_model::FieldType;

use super::time::{parse_date, parse_datetime};
use super::written::trim;
use super::{calendar, written};

/// How the cells of a column are read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    /// What they are to be.
    pub(super) field: &'a linli_model::Field,
    /// Where times without offset are, seconds east of Greenwich.
    pub(super) offset_s: i32,
    /// Whether a bare number may be a day: in workbooks it is one.
    pub(super) serials: bool,
}

/// A column, and the rows whose text was no value of its type; they have no value.
pub(super) type Parsed = (ArrayRef, Vec<usize>);

/// Reads one text per row; empty ones are no value.
///
/// **Cost.** What a program wrote is read without a copy; only what that reading refuses is
/// looked at again, as people write.
pub(super) fn parse<'a>(reading: Reading<'_>, cells: impl ExactSizeIterator<Item = &'a str>) -> Parsed {
    let rows = cells.len();
    let Reading { field, offset_s, serials } = reading;
    match field.field_type {
        FieldType::String => (texts(cells, rows), Vec::new()),
        FieldType::List => (lists(field, cells, rows), Vec::new()),
        FieldType::Boolean => booleans(field, cells, rows),
        FieldType::Integer => primitives(Int64Builder::with_capacity(rows), field, cells, |it| {
            whole(it).parse().ok().or_else(|| whole(&in_words(it, field)?).parse().ok())
        }),
        FieldType::Number => primitives(Float64Builder::with_capacity(rows), field, cells, |it| {
            let plain = it.parse().ok().and_then(finite);
            plain.or_else(|| written::part(it, field)).or_else(|| finite(in_words(it, field)?.parse().ok()?))
        }),
        FieldType::Decimal => {
            let builder = Decimal128Builder::with_capacity(rows);
            primitives(builder.with_data_type(field.field_type.data_type()), field, cells, |it| {
                parse_decimal(it).or_else(|| parse_decimal(&in_words(it, field)?))
            })
        }
        FieldType::Date => primitives(Date32Builder::with_capacity(rows), field, cells, |it| {
            parse_date(it).or_else(|| calendar::date(it, serials))
        }),
        FieldType::Datetime => {
            let builder = PrimitiveBuilder::<TimestampMicrosecondType>::with_capacity(rows);
            let builder = builder.with_data_type(field.field_type.data_type());
            primitives(builder, field, cells, |it| {
                parse_datetime(it, offset_s).or_else(|| calendar::datetime(it, offset_s, serials))
            })
        }
    }
}

/// A number that people wrote, in plain digits.
fn in_words(cell: &str, field: &linli_model::Field) -> Option<String> {
    let code = written::code(cell, field).map(str::to_owned);
    code.or_else(|| written::figure(cell, field))
}

/// A whole number without the zeros that programs write behind the point.
fn whole(cell: &str) -> &str {
    match cell.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|it| it == b'0') => whole,
        _ => cell,
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

fn lists<'a>(field: &linli_model::Field, cells: impl Iterator<Item = &'a str>, rows: usize) -> ArrayRef {
    let mut builder = list_builder(rows);
    let mut items: Vec<&str> = Vec::new();
    for cell in cells.map(trim) {
        items.clear();
        if !written::is_nothing(cell, field) {
            written::items(cell, &mut items);
        }
        items.iter().for_each(|it| builder.values().append_value(it));
        end_list(&mut builder, items.len());
    }
    Arc::new(builder.finish())
}

fn booleans<'a>(field: &linli_model::Field, cells: impl Iterator<Item = &'a str>, rows: usize) -> Parsed {
    let mut builder = BooleanBuilder::with_capacity(rows);
    let mut bad = Vec::new();
    for (row, cell) in cells.map(trim).enumerate() {
        if cell.is_empty() {
            builder.append_null();
            continue;
        }
        let value = parse_boolean(cell).or_else(|| written::answer(cell, field));
        if value.is_none() && !written::is_nothing(cell, field) {
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
    field: &linli_model::Field,
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
        if value.is_none() && !written::is_nothing(cell, field) {
            bad.push(row);
        }
        builder.append_option(value);
    }
    (Arc::new(builder.finish()), bad)
}

#[cfg(test)]
pub(super) mod tests {
    use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};

    use super::*;

    /// A field of which only this is said.
    pub(in crate::ingest) fn field(json: &str) -> linli_model::Field {
        let mut field: serde_json::Value = serde_json::from_str(json).expect("JSON");
        field["name"] = "a".into();
        field["title"] = serde_json::json!({ "zh": "甲", "en": "a" });
        field["pii"] = "none".into();
        serde_json::from_value(field).expect("a field")
    }

    /// A field of which nothing is said but its type.
    pub(in crate::ingest) fn plain(field_type: FieldType) -> linli_model::Field {
        let name = format!("{field_type:?}").to_lowercase();
        field(&format!(r#"{{ "type": "{name}" }}"#))
    }

    /// The values of a column, and `bad` where one is.
    pub(in crate::ingest) fn shown(array: &ArrayRef, bad: &[usize]) -> String {
        let options = FormatOptions::default().with_null("-");
        let shown = ArrayFormatter::try_new(array, &options).expect("a formatter");
        let cells = (0..array.len()).map(|row| match bad.contains(&row) {
            true => "bad".to_owned(),
            false => shown.value(row).to_string(),
        });
        cells.collect::<Vec<_>>().join(" | ")
    }

    fn check(field_type: FieldType, cells: &[&str]) -> String {
        check_in(&plain(field_type), false, cells)
    }

    fn check_in(field: &linli_model::Field, serials: bool, cells: &[&str]) -> String {
        let (array, bad) = parse(Reading { field, offset_s: 0, serials }, cells.iter().copied());
        shown(&array, &bad)
    }

    #[test]
    fn cells_become_values_or_are_bad() {
        use FieldType::{Boolean, Decimal, Integer, List, Number, String};
        assert_eq!(check(String, &[" a ", "", " \u{3000}", "000666"]), "a | - | - | 000666");
        assert_eq!(check(Integer, &["7", " -7 ", "", "3.0", "x", "9e3"]), "7 | -7 | - | 3 | bad | bad");
        assert_eq!(check(Number, &["1.5", "1e3", "NaN", "inf", ""]), "1.5 | 1000.0 | bad | bad | -");
        assert_eq!(check(Boolean, &["Yes", "否", "0", "", "ja"]), "true | false | false | - | bad");
        assert_eq!(check(List, &["a; b；;c", ";", ""]), "[a, b, c] | - | -");
        let (digits, more) = ("9".repeat(38), "1".repeat(39));
        assert_eq!(check(Decimal, &[&digits, &more]), format!("{digits} | bad"));
    }

    #[test]
    fn cells_that_people_wrote_are_read_too() {
        use FieldType::{Boolean, Date, Datetime, Decimal, Integer, List, Number};
        assert_eq!(check(Integer, &["１２３", "1,234", "2470 户", "80万"]), "123 | 1234 | 2470 | 800000");
        assert_eq!(check(Integer, &["1.5", "1.", ".0", "0.00001万", "150多"]), "bad | bad | bad | bad | bad");
        assert_eq!(check(Number, &["5.8万", "－０．５", "1，234.5"]), "58000.0 | -0.5 | 1234.5");
        assert_eq!(check(Decimal, &["1,234", "８０万"]), "1234 | 800000");
        assert_eq!(check(Boolean, &["有", "×", "Ｙ", "男"]), "true | false | true | bad");
        assert_eq!(check(Date, &["2012.9.24", "41176", "12.9.24"]), "2012-09-24 | bad | bad");
        assert_eq!(check_in(&plain(Date), true, &["41176", "7"]), "2012-09-24 | bad");
        assert_eq!(check(Datetime, &["2012年9月24日 下午3时20分"]), "2012-09-24T15:20:00Z");
        let lists = ["理发、水电维修", "read, write", "甲、乙;丙", "打扫、清洁；"];
        assert_eq!(check(List, &lists), "[理发, 水电维修] | [read, write] | [甲、乙, 丙] | [打扫、清洁]");
    }

    #[test]
    fn a_discount_is_a_part_to_pay_in_fields_of_discounts_only() {
        let limits = r#""constraints": { "minimum": 0, "maximum": 1 }"#;
        let discount = field(&format!(r#"{{ "type": "number", "format": "discount", {limits} }}"#));
        let cells = ["95折", "九五折", "８折", "半价", "0.95", "95％"];
        assert_eq!(check_in(&discount, false, &cells), "0.95 | 0.95 | 0.8 | 0.5 | 0.95 | 0.95");
        assert_eq!(check(FieldType::Number, &["95折", "半价"]), "bad | bad");
    }
}
