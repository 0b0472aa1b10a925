//! Arrow columns as the border wants them.
//!
//! Numbers without nulls are lent as they lie in Arrow. Bits become bytes, and null rows get
//! 0 or "", so that what lay there before tells the plugin nothing.

use std::borrow::Cow;

use arrow_array::{
    Array, BooleanArray, Float64Array, Int64Array, LargeStringArray, RecordBatch, StringArray,
    StringViewArray,
};

use crate::border::{Column, ColumnData, TextColumn};
use crate::description::{ColumnType, ColumnWanted, Columns};
use crate::error::{Error, Result};
use crate::limits::Limits;

/// Columns of one block, ready to cross.
pub(crate) struct Loan<'a>(Vec<Lent<'a>>);

struct Lent<'a> {
    name: &'a str,
    validity: Option<Vec<u8>>,
    values: Values<'a>,
}

enum Values<'a> {
    F64s(Cow<'a, [f64]>),
    I64s(Cow<'a, [i64]>),
    Bools(Vec<u8>),
    Texts { offsets: Vec<u32>, bytes: Cow<'a, [u8]> },
}

impl<'a> Loan<'a> {
    /// Takes the columns a plugin asked for, in its order.
    ///
    /// **Shape.** `first_row` is where `block` begins in the caller's batch, for errors.
    /// **Errors.** [`Error::MissingColumn`], [`Error::ColumnType`], [`Error::NotFinite`],
    /// [`Error::TextTooLong`]; [`Error::TooMany`] when all columns are asked for and there are
    /// more than a plugin may have.
    pub(crate) fn new(
        block: &'a RecordBatch,
        columns: &'a Columns,
        plugin: &str,
        first_row: usize,
        limits: &Limits,
    ) -> Result<Self> {
        let mut lent = Vec::new();
        let mut text_bytes = 0;
        match columns {
            Columns::Named(wanted) => {
                for ColumnWanted { name, column_type } in wanted {
                    let array = block.column_by_name(name);
                    let array = array.ok_or_else(|| missing(block, plugin, name))?;
                    lent.push(lend(array, name, *column_type, plugin)?);
                }
            }
            Columns::Any => {
                if block.num_columns() > limits.columns_max {
                    let (found, max) = (block.num_columns() as u64, limits.columns_max as u64);
                    let plugin = plugin.to_owned();
                    return Err(Error::TooMany { plugin, what: "columns", found, max });
                }
                for (field, array) in block.schema_ref().fields().iter().zip(block.columns()) {
                    lent.push(lend(array, field.name(), ColumnType::F64, plugin)?);
                }
            }
        }
        for column in &lent {
            match &column.values {
                Values::F64s(values) => finite(values, column.name, first_row)?,
                Values::Texts { bytes, .. } => text_bytes += bytes.len(),
                Values::I64s(_) | Values::Bools(_) => {}
            }
        }
        if text_bytes > limits.text_bytes_max {
            let (plugin, bytes_max) = (plugin.to_owned(), limits.text_bytes_max);
            return Err(Error::TextTooLong { plugin, bytes: text_bytes, bytes_max });
        }
        Ok(Self(lent))
    }

    /// The columns as they cross.
    pub(crate) fn columns(&self) -> Vec<Column<'_>> {
        self.0.iter().map(Lent::column).collect()
    }
}

impl Lent<'_> {
    fn column(&self) -> Column<'_> {
        let data = match &self.values {
            Values::F64s(values) => ColumnData::F64s(values),
            Values::I64s(values) => ColumnData::I64s(values),
            Values::Bools(bytes) => ColumnData::Bools(bytes),
            Values::Texts { offsets, bytes } => ColumnData::Texts(TextColumn { offsets, bytes }),
        };
        Column { name: self.name, validity: self.validity.as_deref(), data }
    }
}

fn missing(block: &RecordBatch, plugin: &str, column: &str) -> Error {
    Error::MissingColumn {
        plugin: plugin.to_owned(),
        column: column.to_owned(),
        found: block.schema_ref().fields().iter().map(|it| it.name().clone()).collect(),
    }
}

fn lend<'a>(array: &'a dyn Array, name: &'a str, wanted: ColumnType, plugin: &str) -> Result<Lent<'a>> {
    let any = array.as_any();
    // `None` where no row is null, however the array was built.
    let nulls = array.nulls().filter(|it| it.null_count() > 0);
    let validity = nulls.map(|it| bytes_of_bits(it.inner().bit_chunks().iter_padded(), array.len()));
    let valid = validity.as_deref();
    let values = match wanted {
        ColumnType::F64 => {
            any.downcast_ref::<Float64Array>().map(|it| Values::F64s(zeroed(it.values(), valid)))
        }
        ColumnType::I64 => {
            any.downcast_ref::<Int64Array>().map(|it| Values::I64s(zeroed(it.values(), valid)))
        }
        ColumnType::Bool => any.downcast_ref::<BooleanArray>().map(|it| {
            let mut bytes = bytes_of_bits(it.values().bit_chunks().iter_padded(), it.len());
            for (byte, valid) in bytes.iter_mut().zip(valid.into_iter().flatten()) {
                *byte &= valid;
            }
            Values::Bools(bytes)
        }),
        ColumnType::Text => lend_texts(array, valid),
    };
    match values {
        Some(values) => Ok(Lent { name, validity, values }),
        None => Err(Error::ColumnType {
            plugin: plugin.to_owned(),
            column: name.to_owned(),
            expected: wanted,
            found: array.data_type().to_string(),
        }),
    }
}

/// The values with 0 where the row is null.
fn zeroed<'a, T: Copy + Default>(values: &'a [T], valid: Option<&[u8]>) -> Cow<'a, [T]> {
    match valid {
        None => Cow::Borrowed(values),
        Some(valid) => {
            let value = |(value, valid): (&T, &u8)| if *valid == 0 { T::default() } else { *value };
            Cow::Owned(values.iter().zip(valid).map(value).collect())
        }
    }
}

fn lend_texts<'a>(array: &'a dyn Array, valid: Option<&[u8]>) -> Option<Values<'a>> {
    let any = array.as_any();
    if let Some(texts) = any.downcast_ref::<StringArray>() {
        return Some(match valid {
            None => lent_whole(texts),
            Some(_) => copied(texts.iter(), texts.len()),
        });
    }
    if let Some(texts) = any.downcast_ref::<StringViewArray>() {
        return Some(copied(texts.iter(), texts.len()));
    }
    any.downcast_ref::<LargeStringArray>().map(|texts| copied(texts.iter(), texts.len()))
}

/// Arrow's own bytes, with offsets that begin at 0 also where the array is a slice.
fn lent_whole(texts: &StringArray) -> Values<'_> {
    let offsets = texts.value_offsets();
    let first = offsets.first().copied().unwrap_or(0);
    let last = offsets.last().copied().unwrap_or(0);
    Values::Texts {
        // Arrow promises offsets that never fall and never are negative.
        offsets: offsets.iter().map(|it| it.wrapping_sub(first) as u32).collect(),
        bytes: Cow::Borrowed(&texts.value_data()[first as usize..last as usize]),
    }
}

fn copied<'a>(texts: impl Iterator<Item = Option<&'a str>>, rows: usize) -> Values<'static> {
    let mut offsets = Vec::with_capacity(rows + 1);
    let mut bytes = Vec::new();
    offsets.push(0);
    for text in texts {
        bytes.extend_from_slice(text.unwrap_or_default().as_bytes());
        // Longer columns are refused by the limit on text, far below 4 GiB.
        offsets.push(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    }
    Values::Texts { offsets, bytes: Cow::Owned(bytes) }
}

/// One byte, 0 or 1, per bit.
fn bytes_of_bits(words: impl Iterator<Item = u64>, rows: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(rows + 64);
    for word in words {
        for byte in word.to_le_bytes() {
            bytes.extend_from_slice(&SPREAD[byte as usize]);
        }
    }
    bytes.truncate(rows);
    bytes
}

/// The eight bits of a byte, lowest first.
static SPREAD: [[u8; 8]; 256] = {
    let mut table = [[0; 8]; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut bit = 0;
        while bit < 8 {
            table[byte][bit] = (byte >> bit & 1) as u8;
            bit += 1;
        }
        byte += 1;
    }
    table
};

/// Refuses NaN and infinities: plugins are promised that there are none.
fn finite(values: &[f64], column: &str, first_row: usize) -> Result<()> {
    // 0 · x is 0 for every finite x and NaN for the others. Eight sums at a time keep the
    // processor busy; asking each value would cost more than the copy.
    let mut sums = [0.0; 8];
    let (eights, rest) = values.as_chunks::<8>();
    for eight in eights {
        for (sum, value) in sums.iter_mut().zip(eight) {
            *sum += value * 0.0;
        }
    }
    let rest: f64 = rest.iter().map(|it| it * 0.0).sum();
    if sums.iter().sum::<f64>() + rest == 0.0 {
        return Ok(());
    }
    match values.iter().position(|it| !it.is_finite()) {
        Some(at) => Err(Error::NotFinite {
            column: column.to_owned(),
            row: (first_row + at) as u64,
            value: values[at],
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
