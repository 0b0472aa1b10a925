//! What a table contains, as one number that does not depend on the order of its rows.
//!
//! Each row is written down canonically and hashed with SHA-256; the digest of a table is
//! the sum of its rows' hashes modulo 2^256. Rows can therefore be added and taken away
//! without reading the others, and equal tables have equal digests however they were made.
//!
//! A row is the sequence of its cells by column name; a cell is the length of the name, the
//! name, a tag for the type and the value, with a length where it has no fixed one. A cell
//! without value is left out, which marks it unambiguously because every other cell brings
//! its name. So a column that a later build adds changes no digest.

use datafusion::arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, ListArray,
    RecordBatch, StringArray, TimestampMicrosecondArray,
};
use datafusion::arrow::buffer::NullBuffer;
use datafusion::arrow::datatypes::DataType;
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};

/// The hash of one row.
pub(crate) type RowDigest = [u8; 32];

/// What stands for one row's primary key.
pub(crate) type KeyId = [u8; 16];

/// The sum of row hashes modulo 2^256, least significant limb first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct RowSum([u64; 4]);

impl RowSum {
    /// The digest of these rows.
    pub(crate) fn of(rows: &[RowDigest]) -> Self {
        let mut sum = Self::default();
        for row in rows {
            sum.add_row(row);
        }
        sum
    }

    /// Adds one row.
    pub(crate) fn add_row(&mut self, row: &RowDigest) {
        self.add(Self(limbs(row)));
    }

    /// Adds the rows of another sum.
    pub(crate) fn add(&mut self, other: Self) {
        let mut carry = false;
        for (left, right) in self.0.iter_mut().zip(other.0) {
            let (sum, first) = left.overflowing_add(right);
            let (sum, second) = sum.overflowing_add(u64::from(carry));
            *left = sum;
            carry = first || second;
        }
    }

    /// The digest as 64 hexadecimal digits.
    pub(crate) fn to_hex(self) -> String {
        let [a, b, c, d] = self.0;
        format!("{d:016x}{c:016x}{b:016x}{a:016x}")
    }

    /// Reads what [`RowSum::to_hex`] wrote.
    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        let limb = |from: usize| u64::from_str_radix(&text[from..from + 16], 16).ok();
        Some(Self([limb(48)?, limb(32)?, limb(16)?, limb(0)?]))
    }
}

fn limbs(row: &RowDigest) -> [u64; 4] {
    let mut limbs = [0; 4];
    for (limb, bytes) in limbs.iter_mut().zip(row.chunks_exact(8)) {
        *limb = bytes.iter().rev().fold(0, |it, byte| (it << 8) | u64::from(*byte));
    }
    limbs
}

/// Hashes every row of a batch that has the catalog's types.
///
/// **Cost.** One SHA-256 of about the row's size each.
pub(crate) fn row_digests(batch: &RecordBatch) -> Result<Vec<RowDigest>> {
    let schema = batch.schema();
    let mut order: Vec<usize> = (0..batch.num_columns()).collect();
    order.sort_by_key(|it| schema.field(*it).name());
    // A file has few of a table's columns: those without any value are asked once.
    order.retain(|it| batch.column(*it).null_count() < batch.num_rows());
    let mut columns = Vec::with_capacity(order.len());
    for index in order {
        columns.push((label(schema.field(index).name()), Column::of(batch.column(index))?));
    }
    let mut buffer = Vec::with_capacity(512);
    Ok((0..batch.num_rows())
        .map(|row| {
            buffer.clear();
            for (label, column) in &columns {
                if column.is_valid(row) {
                    buffer.extend_from_slice(label);
                    column.cells.write(row, &mut buffer);
                }
            }
            Sha256::digest(&buffer).into()
        })
        .collect())
}

/// A column's name, as it stands before each of its cells.
fn label(name: &str) -> Vec<u8> {
    let mut label = Vec::new();
    write_text(name, &mut label);
    label
}

/// The primary key of every row in sixteen bytes: a key of up to fifteen as it is written down,
/// with its length behind it; of a longer one the first fifteen bytes of its SHA-256 and 255.
///
/// **Shape.** `key` names the positions of the key columns, in the order of the key.
pub(crate) fn key_ids(batch: &RecordBatch, key: &[usize]) -> Result<Vec<KeyId>> {
    let columns = key.iter().map(|it| Column::of(batch.column(*it))).collect::<Result<Vec<_>>>()?;
    let mut buffer = Vec::with_capacity(64);
    Ok((0..batch.num_rows())
        .map(|row| {
            buffer.clear();
            for column in &columns {
                if column.is_valid(row) {
                    column.cells.write(row, &mut buffer);
                } else {
                    buffer.push(0);
                }
            }
            key_id(&buffer)
        })
        .collect())
}

fn key_id(key: &[u8]) -> KeyId {
    let mut id = KeyId::default();
    let last = id.len() - 1;
    if key.len() <= last {
        id[..key.len()].copy_from_slice(key);
        id[last] = key.len() as u8;
    } else {
        let digest: RowDigest = Sha256::digest(key).into();
        id[..last].copy_from_slice(&digest[..last]);
        id[last] = u8::MAX;
    }
    id
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |it: u8| char::from(DIGITS[usize::from(it)]);
    bytes.iter().flat_map(|it| [digit(it >> 4), digit(it & 15)]).collect()
}

/// A column of which cells are written down.
struct Column<'a> {
    /// None where every cell has a value.
    nulls: Option<&'a NullBuffer>,
    cells: Cells<'a>,
}

impl<'a> Column<'a> {
    fn of(array: &'a ArrayRef) -> Result<Self> {
        Ok(Self { nulls: array.nulls().filter(|it| it.null_count() > 0), cells: Cells::of(array)? })
    }

    fn is_valid(&self, row: usize) -> bool {
        self.nulls.is_none_or(|it| it.is_valid(row))
    }
}

/// A column whose type is settled once, so that rows need not ask.
enum Cells<'a> {
    Text(&'a StringArray),
    Integer(&'a Int64Array),
    Number(&'a Float64Array),
    Decimal(&'a Decimal128Array),
    Boolean(&'a BooleanArray),
    Date(&'a Date32Array),
    Instant(&'a TimestampMicrosecondArray),
    List(&'a ListArray, &'a StringArray),
}

impl<'a> Cells<'a> {
    fn of(array: &'a ArrayRef) -> Result<Self> {
        let any = array.as_any();
        let cells = match array.data_type() {
            DataType::Utf8 => any.downcast_ref().map(Self::Text),
            DataType::Int64 => any.downcast_ref().map(Self::Integer),
            DataType::Float64 => any.downcast_ref().map(Self::Number),
            DataType::Decimal128(_, 0) => any.downcast_ref().map(Self::Decimal),
            DataType::Boolean => any.downcast_ref().map(Self::Boolean),
            DataType::Date32 => any.downcast_ref().map(Self::Date),
            DataType::Timestamp(_, _) => any.downcast_ref().map(Self::Instant),
            DataType::List(_) => any
                .downcast_ref::<ListArray>()
                .and_then(|it| Some(Self::List(it, it.values().as_any().downcast_ref::<StringArray>()?))),
            _ => None,
        };
        cells.ok_or_else(|| Error::Engine {
            cause: format!("a table has no columns of type {}", array.data_type()),
        })
    }

    fn write(&self, row: usize, out: &mut Vec<u8>) {
        match self {
            Self::Text(it) => {
                out.push(1);
                write_text(it.value(row), out);
            }
            Self::Integer(it) => tagged(2, &it.value(row).to_le_bytes(), out),
            Self::Number(it) => tagged(3, &canonical(it.value(row)).to_le_bytes(), out),
            Self::Decimal(it) => tagged(4, &it.value(row).to_le_bytes(), out),
            Self::Boolean(it) => tagged(5, &[u8::from(it.value(row))], out),
            Self::Date(it) => tagged(6, &it.value(row).to_le_bytes(), out),
            Self::Instant(it) => tagged(7, &it.value(row).to_le_bytes(), out),
            Self::List(list, texts) => {
                let offsets = list.value_offsets();
                let (from, to) = (index(offsets[row]), index(offsets[row + 1]));
                out.push(8);
                write_length(to - from, out);
                for item in from..to {
                    out.push(u8::from(texts.is_valid(item)));
                    if texts.is_valid(item) {
                        write_text(texts.value(item), out);
                    }
                }
            }
        }
    }
}

fn tagged(tag: u8, value: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    out.extend_from_slice(value);
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    write_length(text.len(), out);
    out.extend_from_slice(text.as_bytes());
}

/// Seven bits a byte, the lowest first; the high bit says that more follow.
fn write_length(mut length: usize, out: &mut Vec<u8>) {
    while length >= 0x80 {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
}

/// Arrow's offsets are never negative.
fn index(offset: i32) -> usize {
    usize::try_from(offset).unwrap_or_default()
}

/// One pattern of bits for each number: no negative zero, one NaN.
fn canonical(number: f64) -> f64 {
    if number.is_nan() { f64::NAN } else { number + 0.0 }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::datatypes::{Field, Schema};

    use super::*;

    fn batch(names: &[&str], columns: Vec<ArrayRef>) -> RecordBatch {
        let fields: Vec<_> = names
            .iter()
            .zip(&columns)
            .map(|(name, it)| Field::new(*name, it.data_type().clone(), true))
            .collect();
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("a batch")
    }

    fn texts(values: &[Option<&str>]) -> ArrayRef {
        Arc::new(StringArray::from(values.to_vec()))
    }

    #[test]
    fn a_sum_forgets_the_order_but_not_the_number_of_rows() {
        let rows: Vec<RowDigest> = [[1; 32], [2; 32], [255; 32]].to_vec();
        let turned: Vec<RowDigest> = rows.iter().rev().copied().collect();
        assert_eq!(RowSum::of(&rows), RowSum::of(&turned));
        assert_ne!(RowSum::of(&rows), RowSum::of(&rows[..2]));
        let sum = RowSum::of(&rows);
        assert_eq!(RowSum::from_hex(&sum.to_hex()), Some(sum));
    }

    #[test]
    fn a_column_without_values_changes_no_row_and_a_moved_value_does() {
        let narrow = batch(&["a"], vec![texts(&[Some("x")])]);
        let wide = batch(&["b", "a"], vec![texts(&[None]), texts(&[Some("x")])]);
        let moved = batch(&["b", "a"], vec![texts(&[Some("x")]), texts(&[None])]);
        let digest = |it| row_digests(it).expect("digests");
        assert_eq!(digest(&narrow), digest(&wide));
        assert_ne!(digest(&narrow), digest(&moved));
    }

    #[test]
    fn keys_that_differ_are_told_apart_whatever_their_length() {
        let long = "v".repeat(40);
        let keys = ["", "v", "v\0", "v12345678901", "v123456789012", "v1234567890123", &long];
        let batch = batch(&["k"], vec![texts(&keys.map(Some))]);
        let ids = key_ids(&batch, &[0]).expect("ids");
        let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(distinct.len(), keys.len());
        // Cells do not run into each other.
        let pairs = |left: &str, right: &str| {
            let columns = vec![texts(&[Some(left)]), texts(&[Some(right)])];
            key_ids(&self::batch(&["a", "b"], columns), &[0, 1]).expect("ids")
        };
        assert_ne!(pairs("ab", "c"), pairs("a", "bc"));
    }

    #[test]
    fn zero_has_one_digest() {
        let numbers: ArrayRef = Arc::new(Float64Array::from(vec![0.0, -0.0]));
        let rows = row_digests(&batch(&["n"], vec![numbers])).expect("digests");
        assert_eq!(rows[0], rows[1]);
    }
}
