//! Rows as columns of Arrow, in the types of the table's schema.

use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, ListBuilder, StringBuilder,
    TimestampMicrosecondBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use linli_model::{Catalog, FieldType, SchemaError};

/// A cell.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Text(String),
    Code(&'static str),
    List(Vec<&'static str>),
    Whole(i64),
    /// Millionths.
    Degree(i64),
    /// Hundredths.
    Percent(i64),
    Is(bool),
    /// Days since 1970.
    Day(i32),
    /// Seconds since 1970 UTC.
    Time(i64),
}

enum Column {
    Text(StringBuilder),
    List(ListBuilder<StringBuilder>),
    Whole(Int64Builder),
    Number(Float64Builder),
    Is(BooleanBuilder),
    Day(Date32Builder),
    Time(TimestampMicrosecondBuilder),
}

/// Rows of a table that are not a batch yet.
pub(super) struct Sheet {
    table: String,
    schema: SchemaRef,
    columns: Vec<Column>,
    rows: usize,
}

impl std::fmt::Debug for Sheet {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Sheet").field("table", &self.table).field("rows", &self.rows).finish()
    }
}

impl Sheet {
    /// No rows of that table; no columns for one that linli does not know.
    pub(super) fn new(table: &str) -> Result<Self, SchemaError> {
        let fields = Catalog::embedded()?.table(table).map(|it| it.fields.as_slice()).unwrap_or_default();
        let column = |it: &linli_model::Field| match it.field_type {
            FieldType::String => Column::Text(StringBuilder::new()),
            FieldType::List => {
                let item = Field::new("item", DataType::Utf8, true);
                Column::List(ListBuilder::new(StringBuilder::new()).with_field(Arc::new(item)))
            }
            FieldType::Integer | FieldType::Decimal => Column::Whole(Int64Builder::new()),
            FieldType::Number => Column::Number(Float64Builder::new()),
            FieldType::Boolean => Column::Is(BooleanBuilder::new()),
            FieldType::Date => Column::Day(Date32Builder::new()),
            FieldType::Datetime => Column::Time(
                TimestampMicrosecondBuilder::new().with_data_type(FieldType::Datetime.data_type()),
            ),
        };
        let columns = fields.iter().map(column).collect();
        let arrow = fields.iter().map(|it| Field::new(&it.name, it.field_type.data_type(), true));
        let schema = Arc::new(Schema::new(arrow.collect::<Vec<_>>()));
        Ok(Self { table: table.to_owned(), schema, columns, rows: 0 })
    }

    /// The table's name.
    pub(super) fn table(&self) -> &str {
        &self.table
    }

    /// How many rows wait.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Adds a row; columns that are not named have no value.
    pub(super) fn push(&mut self, cells: &[(&str, Value)]) {
        for (field, column) in self.schema.fields().iter().zip(&mut self.columns) {
            let cell = cells.iter().find(|(name, _)| name == field.name()).map(|(_, value)| value);
            column.push(cell);
        }
        debug_assert!(
            cells.iter().all(|(name, _)| self.schema.field_with_name(name).is_ok()),
            "a column that {} has not",
            self.table
        );
        self.rows += 1;
    }

    /// The rows as a batch, if there are any.
    pub(super) fn take(&mut self) -> Option<RecordBatch> {
        if self.rows == 0 {
            return None;
        }
        self.rows = 0;
        let columns: Vec<ArrayRef> = self.columns.iter_mut().map(Column::finish).collect();
        // The columns have the types of the schema because they were made from it.
        RecordBatch::try_new(Arc::clone(&self.schema), columns).ok()
    }
}

impl Column {
    fn push(&mut self, cell: Option<&Value>) {
        match (self, cell) {
            (Self::Text(it), Some(Value::Text(text))) => it.append_value(text),
            (Self::Text(it), Some(Value::Code(text))) => {
                it.append_option(Some(*text).filter(|it| !it.is_empty()))
            }
            (Self::Text(it), _) => it.append_null(),
            (Self::List(it), Some(Value::List(items))) => {
                items.iter().for_each(|item| it.values().append_value(item));
                it.append(!items.is_empty());
            }
            (Self::List(it), _) => it.append(false),
            (Self::Whole(it), Some(Value::Whole(value))) => it.append_value(*value),
            (Self::Whole(it), _) => it.append_null(),
            (Self::Number(it), Some(Value::Degree(value))) => it.append_value(*value as f64 / 1e6),
            (Self::Number(it), Some(Value::Percent(value))) => it.append_value(*value as f64 / 100.0),
            (Self::Number(it), Some(Value::Whole(value))) => it.append_value(*value as f64),
            (Self::Number(it), _) => it.append_null(),
            (Self::Is(it), Some(Value::Is(value))) => it.append_value(*value),
            (Self::Is(it), _) => it.append_null(),
            (Self::Day(it), Some(Value::Day(value))) => it.append_value(*value),
            (Self::Day(it), _) => it.append_null(),
            (Self::Time(it), Some(Value::Time(seconds))) => it.append_value(*seconds * 1_000_000),
            (Self::Time(it), _) => it.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(it) => Arc::new(it.finish()),
            Self::List(it) => Arc::new(it.finish()),
            Self::Whole(it) => Arc::new(it.finish()),
            Self::Number(it) => Arc::new(it.finish()),
            Self::Is(it) => Arc::new(it.finish()),
            Self::Day(it) => Arc::new(it.finish()),
            Self::Time(it) => Arc::new(it.finish()),
        }
    }
}
