//! Columns of a Parquet file to columns of the table.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Float64Array, Int64Array, StringArray, TimestampMicrosecondArray,
};
use datafusion::arrow::compute::{CastOptions, cast, cast_with_options};
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type, TimeUnit};
use linli_model::FieldType;

use super::cell::{self, Parsed, Reading, end_list, finite, list_builder};
use super::time::{is_day, is_instant, midnight_us};

/// Beyond 2^53 a float no longer says which whole number was meant.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Brings a column of any type into the type of a field.
///
/// Values that the type cannot hold exactly are bad: 3.0 is a whole number, 3.5 is none.
/// Where the types have nothing in common, what the value looks like is read as text.
pub(super) fn convert(reading: Reading<'_>, column: &ArrayRef) -> Parsed {
    let (field_type, offset_s) = (reading.field.field_type, reading.offset_s);
    let from = column.data_type();
    if *from == DataType::Null {
        // A column that was empty when it was written: every cell is missing, none is bad.
        return cell::parse(reading, (0..column.len()).map(|_| ""));
    }
    let parsed = match field_type {
        FieldType::Integer if from.is_integer() => checked(column, &DataType::Int64),
        FieldType::Integer if from.is_floating() => whole(column),
        FieldType::Number if from.is_numeric() => number(column),
        FieldType::Decimal if from.is_integer() => checked(column, &field_type.data_type()),
        FieldType::Boolean if *from == DataType::Boolean => Some((Arc::clone(column), Vec::new())),
        FieldType::Date if is_days(from) => dates(column),
        FieldType::Datetime if is_days(from) => midnights(column, offset_s),
        FieldType::Datetime => instants(column, offset_s),
        FieldType::List => lists(column),
        FieldType::String if from.is_floating() => identifiers(column),
        _ => None,
    };
    parsed.unwrap_or_else(|| as_text(reading, column))
}

/// What a cell looks like, for people.
pub(super) fn shown(column: &ArrayRef, row: usize) -> Option<String> {
    if column.is_null(row) {
        return None;
    }
    let text = cast(&column.slice(row, 1), &DataType::Utf8).ok()?;
    let text = text.as_string_opt::<i32>()?;
    text.is_valid(0).then(|| text.value(0).to_owned())
}

fn is_days(from: &DataType) -> bool {
    matches!(from, DataType::Date32 | DataType::Date64)
}

/// Rows that had a value and have none now.
fn lost(before: &dyn Array, after: &dyn Array) -> Vec<usize> {
    if before.null_count() == after.null_count() {
        return Vec::new();
    }
    (0..before.len()).filter(|it| before.is_valid(*it) && after.is_null(*it)).collect()
}

fn checked(column: &ArrayRef, to: &DataType) -> Option<Parsed> {
    let options = CastOptions { safe: true, ..CastOptions::default() };
    let after = cast_with_options(column, to, &options).ok()?;
    let bad = lost(column, &after);
    Some((after, bad))
}

fn number(column: &ArrayRef) -> Option<Parsed> {
    let numbers = cast(column, &DataType::Float64).ok()?;
    let numbers = numbers.as_primitive_opt::<Float64Type>()?;
    let is_integer = column.data_type().is_integer();
    // At 2^53 itself the number next to it may have been meant.
    let exact = |it: &f64| !is_integer || it.abs() < EXACT;
    let after: Float64Array = numbers.iter().map(|it| it.and_then(finite).filter(exact)).collect();
    let bad = lost(column, &after);
    Some((Arc::new(after), bad))
}

fn whole(column: &ArrayRef) -> Option<Parsed> {
    let numbers = cast(column, &DataType::Float64).ok()?;
    let numbers = numbers.as_primitive_opt::<Float64Type>()?;
    let after: Int64Array = numbers
        .iter()
        .map(|it| it.filter(|it| is_whole(*it, column.data_type())).map(|it| it as i64))
        .collect();
    let bad = lost(column, &after);
    Some((Arc::new(after), bad))
}

/// Whether a float of this type says which whole number is meant.
fn is_whole(number: f64, of: &DataType) -> bool {
    let exact = match of {
        DataType::Float16 => 2_048.0,
        DataType::Float32 => 16_777_216.0,
        _ => EXACT,
    };
    number.fract() == 0.0 && number.abs() <= exact
}

/// Numbers as text. Programs that know no missing whole numbers write them with a fraction:
/// 666.0 is the identifier 666.
fn identifiers(column: &ArrayRef) -> Option<Parsed> {
    let numbers = cast(column, &DataType::Float64).ok()?;
    let numbers = numbers.as_primitive_opt::<Float64Type>()?;
    let is_short = matches!(column.data_type(), DataType::Float16 | DataType::Float32);
    let text = |it: f64| match it {
        _ if is_whole(it, column.data_type()) => Some((it as i64).to_string()),
        // Which whole number was meant, nobody can tell any more.
        _ if it.fract() == 0.0 => None,
        // A short float is written with the digits it has: 0.1, not 0.10000000149011612.
        _ if is_short => Some((it as f32).to_string()),
        _ => Some(it.to_string()),
    };
    let after: StringArray = numbers.iter().map(|it| it.and_then(finite).and_then(text)).collect();
    let bad = lost(column, &after);
    Some((Arc::new(after), bad))
}

/// The days of a column, since 1970-01-01; none where a year has not four digits.
fn days(column: &ArrayRef) -> Option<Vec<Option<i32>>> {
    let (counts, per_day) = match column.data_type() {
        DataType::Date32 => (cast(column, &DataType::Int32).ok()?, 1),
        _ => (Arc::clone(column), 86_400_000),
    };
    let counts = cast(&counts, &DataType::Int64).ok()?;
    let day = |it: i64| i32::try_from(it.div_euclid(per_day)).ok().filter(|it| is_day(*it));
    Some(counts.as_primitive_opt::<Int64Type>()?.iter().map(|it| it.and_then(day)).collect())
}

fn dates(column: &ArrayRef) -> Option<Parsed> {
    let after = Date32Array::from(days(column)?);
    let bad = lost(column, &after);
    Some((Arc::new(after), bad))
}

fn midnights(column: &ArrayRef, offset_s: i32) -> Option<Parsed> {
    let midnights = days(column)?.into_iter().map(|it| it.map(|it| midnight_us(it, offset_s)));
    let after: TimestampMicrosecondArray = midnights.collect();
    let bad = lost(column, &after);
    Some((Arc::new(after.with_timezone("UTC")), bad))
}

/// Instants stay; times without zone are taken to be local. None where a year has not four
/// digits.
fn instants(column: &ArrayRef, offset_s: i32) -> Option<Parsed> {
    let DataType::Timestamp(unit, zone) = column.data_type() else { return None };
    let shift = if zone.is_some() { 0 } else { i64::from(offset_s) * 1_000_000 };
    let micros = cast(column, &DataType::Timestamp(TimeUnit::Microsecond, zone.clone())).ok()?;
    let micros = cast(&micros, &DataType::Int64).ok()?;
    let counts = cast(column, &DataType::Int64).ok()?;
    let counts = counts.as_primitive_opt::<Int64Type>()?;
    let is_exact = |count: i64| *unit != TimeUnit::Nanosecond || count % 1_000 == 0;
    let shifted = |it: i64| it.checked_sub(shift).filter(|it| is_instant(*it));
    let micros = micros.as_primitive_opt::<Int64Type>()?.iter().zip(counts.iter());
    let micros = micros.map(|(it, count)| it.filter(|_| count.is_some_and(is_exact)).and_then(shifted));
    let after: TimestampMicrosecondArray = micros.collect();
    let bad = lost(column, &after);
    Some((Arc::new(after.with_timezone("UTC")), bad))
}

fn lists(column: &ArrayRef) -> Option<Parsed> {
    let (DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _)) =
        column.data_type()
    else {
        return None;
    };
    if item.data_type().is_nested() {
        // What has parts of its own is no item.
        let mut empty = list_builder(column.len());
        (0..column.len()).for_each(|_| end_list(&mut empty, 0));
        let bad = (0..column.len()).filter(|it| column.is_valid(*it)).collect();
        return Some((Arc::new(empty.finish()), bad));
    }
    let lists = cast(column, &FieldType::List.data_type()).ok()?;
    let lists = lists.as_list_opt::<i32>()?;
    let mut builder = list_builder(lists.len());
    for list in lists.iter() {
        let mut items = 0;
        if let Some(texts) = list.as_ref().and_then(|it| it.as_string_opt::<i32>()) {
            for text in texts.iter().flatten().map(str::trim).filter(|it| !it.is_empty()) {
                builder.values().append_value(text);
                items += 1;
            }
        }
        end_list(&mut builder, items);
    }
    Some((Arc::new(builder.finish()), Vec::new()))
}

fn as_text(reading: Reading<'_>, column: &ArrayRef) -> Parsed {
    let texts = cast(column, &DataType::Utf8).ok().and_then(|it| it.as_string_opt::<i32>().cloned());
    // A single cell without words must not take those of the others.
    let texts = texts.unwrap_or_else(|| (0..column.len()).map(|row| shown(column, row)).collect());
    let cells = (0..texts.len()).map(|row| match texts.is_valid(row) {
        true => texts.value(row),
        false => "",
    });
    let (parsed, mut bad) = cell::parse(reading, cells);
    bad.extend(lost(column, &texts));
    bad.sort_unstable();
    (parsed, bad)
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{
        Date64Array, Float32Array, Int32Array, TimestampNanosecondArray, TimestampSecondArray, UInt64Array,
        new_null_array,
    };
    use datafusion::arrow::datatypes::TimestampMicrosecondType;

    use super::super::cell::tests::plain;
    use super::*;

    fn convert(field_type: FieldType, column: &ArrayRef, offset_s: i32) -> Parsed {
        super::convert(Reading { field: &plain(field_type), offset_s, serials: false }, column)
    }

    fn integers(column: ArrayRef) -> (Vec<Option<i64>>, Vec<usize>) {
        let (array, bad) = convert(FieldType::Integer, &column, 0);
        (array.as_primitive::<Int64Type>().iter().collect(), bad)
    }

    #[test]
    fn only_whole_numbers_become_integers() {
        let floats: ArrayRef = Arc::new(Float64Array::from(vec![Some(3.0), Some(3.5), None]));
        assert_eq!(integers(floats), (vec![Some(3), None, None], vec![1]));
        let large: ArrayRef = Arc::new(UInt64Array::from(vec![7, u64::MAX]));
        assert_eq!(integers(large), (vec![Some(7), None], vec![1]));
        let texts: ArrayRef = Arc::new(StringArray::from(vec![" 7 ", "seven"]));
        assert_eq!(integers(texts), (vec![Some(7), None], vec![1]));
    }

    #[test]
    fn numbers_become_identifiers() {
        let column: ArrayRef = Arc::new(Int32Array::from(vec![42]));
        let (array, bad) = convert(FieldType::String, &column, 0);
        assert_eq!((array.as_string::<i32>().value(0), bad.len()), ("42", 0));
        let column: ArrayRef = Arc::new(Float64Array::from(vec![Some(666.0), Some(1.5), None]));
        let (array, bad) = convert(FieldType::String, &column, 0);
        let texts: Vec<_> = array.as_string::<i32>().iter().collect();
        assert_eq!((texts, bad.len()), (vec![Some("666"), Some("1.5"), None], 0));
    }

    #[test]
    fn what_a_type_cannot_hold_exactly_is_bad() {
        let bad = |field_type, column: ArrayRef| convert(field_type, &column, 0).1;
        let beyond = [9_007_199_254_740_992.0, 440_100_199_001_011_234.0];
        assert_eq!(bad(FieldType::String, Arc::new(Float64Array::from(beyond.to_vec()))), [1]);
        let short: ArrayRef = Arc::new(Float32Array::from(vec![0.1, 440_106_001.0]));
        let (texts, lost) = convert(FieldType::String, &short, 0);
        assert_eq!((texts.as_string::<i32>().value(0), lost), ("0.1", vec![1]));
        for kind in [FieldType::String, FieldType::Number, FieldType::List, FieldType::Datetime] {
            assert!(bad(kind, new_null_array(&DataType::Null, 2)).is_empty(), "{kind:?}");
        }
        let beyond = vec![9_007_199_254_740_991, 9_007_199_254_740_993];
        assert_eq!(bad(FieldType::Number, Arc::new(Int64Array::from(beyond))), [1]);
        let nanos = TimestampNanosecondArray::from(vec![1_000, 1_001]);
        assert_eq!(bad(FieldType::Datetime, Arc::new(nanos)), [1]);
    }

    #[test]
    fn times_that_nobody_can_write_down_are_bad() {
        let bad = |field_type, column: ArrayRef| convert(field_type, &column, 0).1;
        let days = [19_787, 3_000_000, -800_000];
        let dates: ArrayRef = Arc::new(Date32Array::from(days.to_vec()));
        assert_eq!(bad(FieldType::Date, Arc::clone(&dates)), [1, 2]);
        assert_eq!(bad(FieldType::Datetime, dates), [1, 2]);
        let millis = Arc::new(Date64Array::from(vec![0, i64::MAX]));
        assert_eq!(bad(FieldType::Date, millis), [1]);
        let seconds = Arc::new(TimestampSecondArray::from(vec![0, i64::MAX, 253_402_300_800]));
        assert_eq!(bad(FieldType::Datetime, seconds), [1, 2]);
        let seconds = Arc::new(TimestampSecondArray::from(vec![0, i64::MAX]));
        assert_eq!(bad(FieldType::String, seconds), [1]);
    }

    #[test]
    fn times_without_zone_are_local() {
        let local = TimestampNanosecondArray::from(vec![0]);
        let utc = local.clone().with_timezone("UTC");
        let micros = |column: ArrayRef| {
            let (array, _) = convert(FieldType::Datetime, &column, 3600);
            array.as_primitive::<TimestampMicrosecondType>().value(0)
        };
        assert_eq!(micros(Arc::new(local)), -3_600_000_000);
        assert_eq!(micros(Arc::new(utc)), 0);
    }
}
