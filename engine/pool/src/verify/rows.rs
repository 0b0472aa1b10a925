//! Compares the rows of two sides whatever their order: every column of every row counts.

use arrow_array::{Array, BooleanArray, Decimal128Array, Float64Array, Int64Array, StringArray};
use linli_model::{Field, FieldType, TableSchema};
use linli_query::Frame;
use sha2::{Digest, Sha256};

use crate::Result;

/// How the rows of two sides differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Difference {
    /// Rows that are stored.
    pub stored: usize,
    /// Rows that were derived again.
    pub derived: usize,
    /// Stored rows that are not derived.
    pub only_stored: usize,
    /// Derived rows that are not stored.
    pub only_derived: usize,
}

/// Compares two sides of one table; nothing where they hold the same rows.
///
/// **Cost.** One SHA-256 per row and two sorts; 32 bytes per row in memory.
pub(super) fn difference(
    schema: &TableSchema,
    stored: &Frame,
    derived: &Frame,
) -> Result<Option<Difference>> {
    let (left, right) = (digests(schema, stored)?, digests(schema, derived)?);
    let (only_stored, only_derived) = apart(&left, &right);
    Ok((only_stored + only_derived > 0).then_some(Difference {
        stored: left.len(),
        derived: right.len(),
        only_stored,
        only_derived,
    }))
}

type RowDigest = [u8; 32];

/// One digest per row, sorted.
fn digests(schema: &TableSchema, rows: &Frame) -> Result<Vec<RowDigest>> {
    let columns = schema.fields.iter().map(|it| Cells::of(it, rows)).collect::<Result<Vec<_>>>()?;
    let mut digests: Vec<RowDigest> = Vec::with_capacity(rows.rows());
    for row in 0..rows.rows() {
        let mut hash = Sha256::new();
        columns.iter().for_each(|it| it.feed(row, &mut hash));
        digests.push(hash.finalize().into());
    }
    digests.sort_unstable();
    Ok(digests)
}

/// How many of each side have no partner on the other.
fn apart(left: &[RowDigest], right: &[RowDigest]) -> (usize, usize) {
    let (mut at, mut to, mut both) = (0, 0, 0);
    while at < left.len() && to < right.len() {
        match left[at].cmp(&right[to]) {
            std::cmp::Ordering::Less => at += 1,
            std::cmp::Ordering::Greater => to += 1,
            std::cmp::Ordering::Equal => (at, to, both) = (at + 1, to + 1, both + 1),
        }
    }
    (left.len() - both, right.len() - both)
}

/// One column, read by its type.
enum Cells {
    Text(StringArray),
    Integer(Int64Array),
    Number(Float64Array),
    Decimal(Decimal128Array),
    Boolean(BooleanArray),
    List(Vec<Vec<String>>),
}

impl Cells {
    fn of(field: &Field, rows: &Frame) -> Result<Self> {
        let name = &field.name;
        Ok(match field.field_type {
            FieldType::String => Self::Text(rows.texts(name)?),
            FieldType::Integer => Self::Integer(rows.integers(name)?),
            FieldType::Number => Self::Number(rows.numbers(name)?),
            FieldType::Decimal => Self::Decimal(rows.decimals(name)?),
            FieldType::Boolean => Self::Boolean(rows.booleans(name)?),
            FieldType::Date => Self::Integer(rows.days(name)?),
            FieldType::Datetime => Self::Integer(rows.times(name)?),
            FieldType::List => Self::List(rows.lists(name)?),
        })
    }

    /// Adds a cell; what has no fixed length is led by it, so that no two rows read the same.
    fn feed(&self, row: usize, hash: &mut Sha256) {
        let is_valid = match self {
            Self::Text(it) => it.is_valid(row),
            Self::Integer(it) => it.is_valid(row),
            Self::Number(it) => it.is_valid(row),
            Self::Decimal(it) => it.is_valid(row),
            Self::Boolean(it) => it.is_valid(row),
            Self::List(_) => true,
        };
        hash.update([u8::from(is_valid)]);
        if !is_valid {
            return;
        }
        match self {
            Self::Text(it) => feed_text(it.value(row), hash),
            Self::Integer(it) => hash.update(it.value(row).to_le_bytes()),
            Self::Number(it) => hash.update(it.value(row).to_le_bytes()),
            Self::Decimal(it) => hash.update(it.value(row).to_le_bytes()),
            Self::Boolean(it) => hash.update([u8::from(it.value(row))]),
            Self::List(it) => {
                hash.update((it[row].len() as u64).to_le_bytes());
                it[row].iter().for_each(|text| feed_text(text, hash));
            }
        }
    }
}

fn feed_text(text: &str, hash: &mut Sha256) {
    hash.update((text.len() as u64).to_le_bytes());
    hash.update(text.as_bytes());
}
