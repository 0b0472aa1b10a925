//! One column, ready to be written cell by cell.

use std::fmt::Write as _;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, Int64Array, ListArray, StringBuilder, StructArray,
    UInt64Array, new_null_array,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Float64Type, Int64Type, UInt64Type};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};

/// Whole numbers up to here are exact in every JSON reader.
const EXACT_MAX: u64 = 1 << 53;

/// A column whose type is settled once, so that cells need not ask.
pub(super) enum Column {
    Boolean(BooleanArray),
    Integer(Int64Array),
    Unsigned(UInt64Array),
    Number(Float64Array),
    /// Already text: strings, times as RFC 3339 in the column's zone, decimals, and the rest.
    Text(ArrayRef),
    List(ListArray, Box<Column>),
    Struct(StructArray, Vec<(String, Column)>),
}

impl Column {
    /// Settles a column.
    ///
    /// **Errors.** A type that has no text.
    pub(super) fn new(array: &ArrayRef) -> Result<Self, ArrowError> {
        let to = |it: &DataType| cast(array, it);
        Ok(match array.data_type() {
            // Arrow calls no cell of such a column null.
            DataType::Null => Self::Text(new_null_array(&DataType::Utf8, array.len())),
            DataType::Boolean => Self::Boolean(array.as_boolean().clone()),
            DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => {
                Self::Integer(to(&DataType::Int64)?.as_primitive::<Int64Type>().clone())
            }
            DataType::UInt8 | DataType::UInt16 | DataType::UInt32 | DataType::UInt64 => {
                Self::Unsigned(to(&DataType::UInt64)?.as_primitive::<UInt64Type>().clone())
            }
            DataType::Float16 | DataType::Float32 | DataType::Float64 => {
                Self::Number(to(&DataType::Float64)?.as_primitive::<Float64Type>().clone())
            }
            DataType::List(field) | DataType::LargeList(field) | DataType::FixedSizeList(field, _) => {
                let plain = Field::new(field.name(), field.data_type().clone(), true);
                let list = to(&DataType::List(plain.into()))?.as_list::<i32>().clone();
                let items = Self::new(list.values())?;
                Self::List(list, Box::new(items))
            }
            DataType::Struct(fields) => {
                let parts = array.as_struct();
                let columns = fields.iter().zip(parts.columns());
                let columns = columns.map(|(field, it)| Ok((field.name().clone(), Self::new(it)?)));
                Self::Struct(parts.clone(), columns.collect::<Result<_, ArrowError>>()?)
            }
            _ => Self::Text(texts(array)?),
        })
    }

    pub(super) fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Boolean(it) => it.is_null(row),
            Self::Integer(it) => it.is_null(row),
            Self::Unsigned(it) => it.is_null(row),
            Self::Number(it) => it.is_null(row),
            Self::Text(it) => it.is_null(row),
            Self::List(it, _) => it.is_null(row),
            Self::Struct(it, _) => it.is_null(row),
        }
    }

    /// Whether cells are text in the row's own words, not a number, list or the like.
    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Text(_) | Self::List(..))
    }

    /// Appends a cell as JSON. What JSON has no number for (NaN, infinity) is null.
    pub(super) fn json(&self, row: usize, out: &mut String) {
        if self.is_null(row) {
            out.push_str("null");
            return;
        }
        match self {
            Self::Boolean(it) => out.push_str(if it.value(row) { "true" } else { "false" }),
            Self::Integer(it) => integer(it.value(row), it.value(row).unsigned_abs(), out),
            Self::Unsigned(it) => integer(it.value(row), it.value(row), out),
            Self::Number(it) => number(it.value(row), out),
            Self::Text(it) => quoted(it.as_string::<i32>().value(row), out),
            Self::List(list, items) => {
                out.push('[');
                for (position, item) in span(list, row).enumerate() {
                    comma(position, out);
                    items.json(item, out);
                }
                out.push(']');
            }
            Self::Struct(_, parts) => {
                out.push('{');
                for (position, (name, part)) in parts.iter().enumerate() {
                    comma(position, out);
                    quoted(name, out);
                    out.push(':');
                    part.json(row, out);
                }
                out.push('}');
            }
        }
    }

    /// Appends a cell as people read it: nothing for NULL, lists joined by `;`.
    pub(super) fn text(&self, row: usize, out: &mut String) {
        if self.is_null(row) {
            return;
        }
        match self {
            Self::Text(it) => out.push_str(it.as_string::<i32>().value(row)),
            Self::Integer(it) => push(it.value(row), out),
            Self::Unsigned(it) => push(it.value(row), out),
            Self::Number(it) if !it.value(row).is_finite() => push(it.value(row), out),
            Self::List(list, items) => {
                for (position, item) in span(list, row).enumerate() {
                    if position > 0 {
                        out.push(';');
                    }
                    items.text(item, out);
                }
            }
            Self::Boolean(_) | Self::Number(_) | Self::Struct(..) => self.json(row, out),
        }
    }

    /// The cell as a number, where it is one that a worksheet can hold exactly.
    pub(super) fn as_number(&self, row: usize) -> Option<f64> {
        if self.is_null(row) {
            return None;
        }
        // Below 2^53 the casts are exact.
        match self {
            Self::Integer(it) => {
                Some(it.value(row)).filter(|it| it.unsigned_abs() <= EXACT_MAX).map(|it| it as f64)
            }
            Self::Unsigned(it) => Some(it.value(row)).filter(|it| *it <= EXACT_MAX).map(|it| it as f64),
            Self::Number(it) => Some(it.value(row)).filter(|it| it.is_finite()),
            _ => None,
        }
    }

    /// The cell as yes or no, where it is that.
    pub(super) fn as_boolean(&self, row: usize) -> Option<bool> {
        match self {
            Self::Boolean(it) if it.is_valid(row) => Some(it.value(row)),
            _ => None,
        }
    }
}

/// The items of one list.
fn span(list: &ListArray, row: usize) -> std::ops::Range<usize> {
    // Offsets are never negative.
    let offset = |it: usize| usize::try_from(list.value_offsets()[it]).unwrap_or_default();
    offset(row)..offset(row + 1)
}

/// Text of any column: strings as they are, everything else as Arrow words it.
fn texts(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    if matches!(array.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) {
        return cast(array, &DataType::Utf8);
    }
    let options = FormatOptions::default().with_display_error(false);
    let words = ArrayFormatter::try_new(array, &options)?;
    let nulls = array.logical_nulls();
    let mut texts = StringBuilder::with_capacity(array.len(), array.len() * 16);
    for row in 0..array.len() {
        if nulls.as_ref().is_some_and(|it| it.is_null(row)) {
            texts.append_null();
        } else {
            let text = words.value(row).try_to_string()?;
            texts.append_value(text);
        }
    }
    Ok(Arc::new(texts.finish()))
}

fn integer(value: impl std::fmt::Display, size: u64, out: &mut String) {
    if size <= EXACT_MAX {
        push(value, out);
    } else {
        out.push('"');
        push(value, out);
        out.push('"');
    }
}

fn number(value: f64, out: &mut String) {
    match serde_json::Number::from_f64(value) {
        Some(number) => push(number, out),
        None => out.push_str("null"),
    }
}

/// Appends a JSON string.
pub(super) fn quoted(text: &str, out: &mut String) {
    push(serde_json::Value::from(text), out);
}

pub(super) fn comma(position: usize, out: &mut String) {
    if position > 0 {
        out.push(',');
    }
}

fn push(value: impl std::fmt::Display, out: &mut String) {
    // Writing into a String cannot fail.
    let _ = write!(out, "{value}");
}
