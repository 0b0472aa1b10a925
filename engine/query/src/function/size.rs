//! How much the values of a function's arguments weigh, row by row.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{
    DataType, Float64Type, Int64Type, IntervalMonthDayNanoType, IntervalUnit, TimeUnit,
};
use datafusion::common::Result;

/// What an item of a list takes beside its bytes.
const ITEM_BYTES: u64 = 8;

/// Nanoseconds of the shortest hour, day and month there are, the last two with an hour less.
const HOUR_NS: f64 = 3.6e12;
const DAY_NS: f64 = 23.0 * HOUR_NS;
const MONTH_NS: f64 = 28.0 * DAY_NS;

/// What is read from a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Its bytes; of a list those of its items.
    Bytes,
    /// The items of a list, of lists in it too.
    Items,
    /// Bytes and what the items take beside them.
    Loaded,
    /// The number it is; nothing below zero.
    Number,
    /// The brackets that open in a text.
    Brackets,
}

/// Reads every value of an array; NULL weighs nothing.
///
/// **Cost.** O(values), without looking into texts except for [`Reading::Brackets`].
pub(super) fn read(array: &ArrayRef, reading: Reading) -> Result<Vec<u64>> {
    match reading {
        // A float cast saturates: what is no number is nothing.
        Reading::Number => Ok(numbers(array)?.into_iter().map(|it| it as u64).collect()),
        Reading::Brackets => {
            let texts = cast(array, &DataType::Utf8)?;
            let brackets = |it: &str| it.bytes().filter(|it| *it == b'(').count() as u64;
            Ok(texts.as_string::<i32>().iter().map(|it| it.map_or(0, brackets)).collect())
        }
        Reading::Bytes | Reading::Items | Reading::Loaded => Ok(weights(array.as_ref(), reading)),
    }
}

/// How many values a series from the first argument to the second by the third has, row by row:
/// at least as many as there are. Of one argument the series begins at 0, of two the step is 1.
pub(super) fn steps(arguments: &[ArrayRef]) -> Result<Vec<u64>> {
    let numbers = arguments.iter().map(numbers).collect::<Result<Vec<_>>>()?;
    let rows = numbers.iter().map(Vec::len).max().unwrap_or(0);
    let at = |lane: usize, row: usize| numbers.get(lane).and_then(|it| it.get(row).or(it.first()).copied());
    Ok((0..rows)
        .map(|row| {
            let (from, to, step) = match numbers.len() {
                1 => (Some(0.0), at(0, row), Some(1.0)),
                2 => (at(0, row), at(1, row), Some(1.0)),
                _ => (at(0, row), at(1, row), at(2, row)),
            };
            count(from.unwrap_or(0.0), to.unwrap_or(0.0), step.unwrap_or(0.0))
        })
        .collect())
}

fn count(from: f64, to: f64, step: f64) -> u64 {
    let steps = (to - from) / step;
    if step.is_nan() {
        // A step of months back and days forth may never arrive.
        return u64::MAX;
    }
    // Without a step the function itself refuses; away from the end there is nothing.
    if step == 0.0 || steps < 0.0 { 1 } else { (steps as u64).saturating_add(1) }
}

/// Numbers as they are, days and instants in nanoseconds, steps of time as the least that they
/// may come to; NULL is 0.
fn numbers(array: &ArrayRef) -> Result<Vec<f64>> {
    let (counts, unit) = match array.data_type() {
        DataType::Interval(IntervalUnit::MonthDayNano) => return Ok(intervals(array)),
        DataType::Date32 => (cast(&cast(array, &DataType::Int32)?, &DataType::Int64)?, 24.0 * HOUR_NS),
        DataType::Date64 => (cast(array, &DataType::Int64)?, 1e6),
        DataType::Timestamp(unit, _) => (cast(array, &DataType::Int64)?, nanoseconds(*unit)),
        DataType::Null => return Ok(vec![0.0; array.len()]),
        _ => {
            let numbers = cast(array, &DataType::Float64)?;
            return Ok(numbers.as_primitive::<Float64Type>().iter().map(Option::unwrap_or_default).collect());
        }
    };
    let counts: &Int64Array = counts.as_primitive::<Int64Type>();
    Ok(counts.iter().map(|it| it.unwrap_or_default() as f64 * unit).collect())
}

fn nanoseconds(unit: TimeUnit) -> f64 {
    match unit {
        TimeUnit::Second => 1e9,
        TimeUnit::Millisecond => 1e6,
        TimeUnit::Microsecond => 1e3,
        TimeUnit::Nanosecond => 1.0,
    }
}

/// The least length of each step; no number where its parts point both ways.
fn intervals(array: &ArrayRef) -> Vec<f64> {
    let steps = array.as_primitive::<IntervalMonthDayNanoType>();
    let least = |row: usize| {
        let step = steps.value(row);
        let parts =
            [f64::from(step.months) * MONTH_NS, f64::from(step.days) * DAY_NS, step.nanoseconds as f64];
        let both = parts.iter().any(|it| *it < 0.0) && parts.iter().any(|it| *it > 0.0);
        if both { f64::NAN } else { parts.iter().sum() }
    };
    (0..steps.len()).map(|row| if steps.is_valid(row) { least(row) } else { 0.0 }).collect()
}

fn weights(array: &dyn Array, reading: Reading) -> Vec<u64> {
    let rows = 0..array.len();
    let lengths = |length: &dyn Fn(usize) -> usize| -> Vec<u64> {
        let of = |row| if array.is_valid(row) { length(row) as u64 } else { 0 };
        (0..array.len()).map(|row| leaf(of(row), reading)).collect()
    };
    match array.data_type() {
        DataType::Null => vec![0; array.len()],
        DataType::Boolean => lengths(&|_| 1),
        DataType::FixedSizeBinary(width) => lengths(&|_| index(*width)),
        DataType::Utf8 => lengths(&|row| array.as_string::<i32>().value(row).len()),
        DataType::LargeUtf8 => lengths(&|row| array.as_string::<i64>().value(row).len()),
        DataType::Utf8View => lengths(&|row| array.as_string_view().value(row).len()),
        DataType::Binary => lengths(&|row| array.as_binary::<i32>().value(row).len()),
        DataType::LargeBinary => lengths(&|row| array.as_binary::<i64>().value(row).len()),
        DataType::BinaryView => lengths(&|row| array.as_binary_view().value(row).len()),
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            spans(weights(list.values().as_ref(), reading), rows, |it| index(list.value_offsets()[it]))
        }
        DataType::LargeList(_) => {
            let list = array.as_list::<i64>();
            spans(weights(list.values().as_ref(), reading), rows, |it| index(list.value_offsets()[it]))
        }
        DataType::FixedSizeList(..) => {
            let list = array.as_fixed_size_list();
            let length = index(list.value_length());
            spans(weights(list.values().as_ref(), reading), rows, |it| it * length)
        }
        DataType::Map(..) => {
            let map = array.as_map();
            spans(weights(map.entries(), reading), rows, |it| index(map.value_offsets()[it]))
        }
        DataType::Struct(_) => {
            let columns = array.as_struct().columns().iter().map(|it| weights(it.as_ref(), reading));
            columns.fold(vec![0; array.len()], |sum, it| sum.iter().zip(it).map(|(a, b)| a + b).collect())
        }
        other => match other.primitive_width() {
            Some(width) => lengths(&|_| width),
            // Of what else there is any value may be all of it.
            None => lengths(&|_| array.get_array_memory_size()),
        },
    }
}

fn leaf(bytes: u64, reading: Reading) -> u64 {
    match reading {
        Reading::Items => 1,
        Reading::Loaded => bytes + ITEM_BYTES,
        _ => bytes,
    }
}

/// Sums up items list by list; `offset` is where the items of a list begin.
fn spans(items: Vec<u64>, rows: std::ops::Range<usize>, offset: impl Fn(usize) -> usize) -> Vec<u64> {
    let sum = |row: usize| items.get(offset(row)..offset(row + 1)).map_or(0, |it| it.iter().sum());
    rows.map(sum).collect()
}

/// Arrow's offsets are never negative.
fn index(offset: impl TryInto<usize>) -> usize {
    offset.try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{IntervalMonthDayNanoArray, ListArray, StringArray};
    use datafusion::arrow::datatypes::{Int32Type, IntervalMonthDayNano};

    use super::*;

    #[test]
    fn values_weigh_what_they_hold() {
        let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("abc"), None, Some("(a)(")]));
        let of = |array: &ArrayRef, reading| read(array, reading).expect("weights");
        assert_eq!(of(&texts, Reading::Bytes), [3, 0, 4]);
        assert_eq!(of(&texts, Reading::Brackets), [0, 0, 2]);
        let lists = [Some(vec![Some(1), None]), None, Some(vec![Some(2)])];
        let lists: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lists));
        assert_eq!(of(&lists, Reading::Items), [2, 0, 1]);
        assert_eq!(of(&lists.slice(2, 1), Reading::Bytes), [4]);
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(-1), None, Some(i64::MAX)]));
        assert_eq!(of(&numbers, Reading::Number)[..2], [0, 0]);
        assert!(of(&numbers, Reading::Number)[2] > 1 << 62);
    }

    #[test]
    fn series_are_counted_before_they_are_made() {
        let whole = |it: i64| -> ArrayRef { Arc::new(Int64Array::from(vec![it])) };
        let steps = |arguments: &[ArrayRef]| steps(arguments).expect("steps")[0];
        assert_eq!(steps(&[whole(5)]), 6);
        assert_eq!(steps(&[whole(1), whole(9), whole(2)]), 5);
        assert_eq!(steps(&[whole(9), whole(1)]), 1);
        assert!(steps(&[whole(i64::MIN), whole(i64::MAX)]) > 1 << 62);
        let days = |it: i32| -> ArrayRef {
            cast(&(Arc::new(Int64Array::from(vec![i64::from(it)])) as ArrayRef), &DataType::Int32)
                .and_then(|it| cast(&it, &DataType::Date32))
                .expect("days")
        };
        let step = |months, days| -> ArrayRef {
            let step = IntervalMonthDayNano { months, days, nanoseconds: 0 };
            Arc::new(IntervalMonthDayNanoArray::from(vec![step]))
        };
        assert!((365..=400).contains(&steps(&[days(0), days(365), step(0, 1)])));
        assert_eq!(steps(&[days(0), days(365), step(1, -31)]), u64::MAX);
    }
}
