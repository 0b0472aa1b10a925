//! Rows by name and position, for code that reads results cell by cell.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Decimal128Array, Float64Array, Int64Array, ListArray,
    RecordBatch, StringArray, UInt32Array,
};
use datafusion::arrow::compute::{cast, concat_batches, take_record_batch};
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, SchemaRef, TimeUnit,
    TimestampMicrosecondType,
};

use crate::{Error, Result};

/// One result, all its rows in one batch.
#[derive(Debug, Clone)]
pub struct Frame {
    batch: RecordBatch,
}

impl Frame {
    /// Joins the batches of one result.
    pub fn new(schema: &SchemaRef, batches: &[RecordBatch]) -> Result<Self> {
        let batch = concat_batches(schema, batches).map_err(|it| Error::Engine { cause: it.to_string() })?;
        Ok(Self { batch })
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// The rows as Arrow.
    pub fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    fn column(&self, name: &str) -> Result<&ArrayRef> {
        self.batch.column_by_name(name).ok_or_else(|| Error::Engine { cause: format!("no column {name}") })
    }

    fn cast(&self, name: &str, to: &DataType) -> Result<ArrayRef> {
        cast(self.column(name)?, to).map_err(|it| Error::Engine { cause: format!("column {name}: {it}") })
    }

    /// A column of text.
    pub fn texts(&self, name: &str) -> Result<StringArray> {
        Ok(self.cast(name, &DataType::Utf8)?.as_string::<i32>().clone())
    }

    /// A column of whole numbers.
    pub fn integers(&self, name: &str) -> Result<Int64Array> {
        Ok(self.cast(name, &DataType::Int64)?.as_primitive::<Int64Type>().clone())
    }

    /// A column of numbers with fractions.
    pub fn numbers(&self, name: &str) -> Result<Float64Array> {
        Ok(self.cast(name, &DataType::Float64)?.as_primitive::<Float64Type>().clone())
    }

    /// A column of whole numbers of up to 38 digits.
    pub fn decimals(&self, name: &str) -> Result<Decimal128Array> {
        Ok(self.cast(name, &DataType::Decimal128(38, 0))?.as_primitive::<Decimal128Type>().clone())
    }

    /// A column of yes and no.
    pub fn booleans(&self, name: &str) -> Result<BooleanArray> {
        Ok(self.cast(name, &DataType::Boolean)?.as_boolean().clone())
    }

    /// A column of instants, in microseconds since 1970 UTC.
    pub fn times(&self, name: &str) -> Result<Int64Array> {
        let zone = match self.column(name)?.data_type() {
            DataType::Timestamp(_, zone) => zone.clone(),
            _ => Some("UTC".into()),
        };
        let column = self.cast(name, &DataType::Timestamp(TimeUnit::Microsecond, zone))?;
        Ok(column.as_primitive::<TimestampMicrosecondType>().reinterpret_cast::<Int64Type>())
    }

    /// A column of days since 1970.
    pub fn days(&self, name: &str) -> Result<Int64Array> {
        let column = self.cast(name, &DataType::Date32)?;
        Ok(column.as_primitive::<Date32Type>().iter().map(|it| it.map(i64::from)).collect())
    }

    /// A column of lists of text, empty where there is none.
    pub fn lists(&self, name: &str) -> Result<Vec<Vec<String>>> {
        let column = self.column(name)?;
        if column.data_type() == &DataType::Null {
            return Ok(vec![Vec::new(); self.rows()]);
        }
        let lists: ListArray =
            self.cast(name, &DataType::new_list(DataType::Utf8, true))?.as_list::<i32>().clone();
        Ok((0..lists.len())
            .map(|row| {
                if lists.is_null(row) {
                    return Vec::new();
                }
                lists.value(row).as_string::<i32>().iter().flatten().map(str::to_owned).collect()
            })
            .collect())
    }
}

/// The rows of a batch at these positions.
pub fn take_rows(batch: &RecordBatch, rows: &UInt32Array) -> Result<RecordBatch> {
    take_record_batch(batch, rows).map_err(|it| Error::Engine { cause: it.to_string() })
}

/// A column in another type.
pub fn cast_to(column: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    cast(column, to).map_err(|it| Error::Engine { cause: it.to_string() })
}

/// The cell of a text column, or nothing.
pub fn text_at(column: &StringArray, row: usize) -> Option<&str> {
    column.is_valid(row).then(|| column.value(row))
}

/// The cell of a number column, or nothing.
pub fn integer_at(column: &Int64Array, row: usize) -> Option<i64> {
    column.is_valid(row).then(|| column.value(row))
}

/// An array behind a shared pointer, as batches want it.
pub(crate) fn shared(array: impl Array + 'static) -> ArrayRef {
    Arc::new(array)
}
