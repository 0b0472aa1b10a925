//! Writes rows of linli's own tables in the shape their schemas ask for.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, BooleanArray, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use linli_model::{Catalog, FieldType};
use linli_query::{Change, Error as QueryError};

use crate::Result;

/// One cell to be written.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    None,
    Text(String),
    Integer(i64),
    Number(f64),
    Decimal(i128),
    Boolean(bool),
    Time(i64),
    List(Vec<String>),
}

impl From<&str> for Cell {
    fn from(it: &str) -> Self {
        Self::Text(it.to_owned())
    }
}

impl From<String> for Cell {
    fn from(it: String) -> Self {
        Self::Text(it)
    }
}

impl From<i64> for Cell {
    fn from(it: i64) -> Self {
        Self::Integer(it)
    }
}

impl From<f64> for Cell {
    fn from(it: f64) -> Self {
        Self::Number(it)
    }
}

impl From<bool> for Cell {
    fn from(it: bool) -> Self {
        Self::Boolean(it)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(it: Option<T>) -> Self {
        it.map_or(Self::None, Into::into)
    }
}

/// Rows of one table, gathered cell by cell.
pub(crate) struct Page {
    table: &'static str,
    columns: Vec<(&'static str, Vec<Cell>)>,
    rows: usize,
}

impl Page {
    /// An empty page of a table.
    pub(crate) fn new(table: &'static str) -> Self {
        Self { table, columns: Vec::new(), rows: 0 }
    }

    /// Adds a row; columns that are not named stay empty.
    pub(crate) fn add<const N: usize>(&mut self, cells: [(&'static str, Cell); N]) {
        for (name, cell) in cells {
            let rows = self.rows;
            let position = self.columns.iter().position(|(it, _)| *it == name).unwrap_or_else(|| {
                self.columns.push((name, vec![Cell::None; rows]));
                self.columns.len() - 1
            });
            self.columns[position].1.push(cell);
        }
        self.rows += 1;
        for (_, column) in &mut self.columns {
            column.resize(self.rows, Cell::None);
        }
    }

    /// Fills cells of the row that was added last.
    pub(crate) fn fill<const N: usize>(&mut self, cells: [(&'static str, Cell); N]) {
        let Some(last) = self.rows.checked_sub(1) else { return };
        for (name, cell) in cells {
            let position = self.columns.iter().position(|(it, _)| *it == name).unwrap_or_else(|| {
                self.columns.push((name, vec![Cell::None; self.rows]));
                self.columns.len() - 1
            });
            self.columns[position].1[last] = cell;
        }
    }

    /// The page as an append to its table.
    ///
    /// **Errors.** A column or type that the table's schema does not have: our mistake.
    pub(crate) fn append(self) -> Result<Change> {
        let table = self.table.to_owned();
        Ok(Change::Append { table, batches: vec![self.batch()?] })
    }

    /// The page as the whole new content of its table.
    pub(crate) fn replace(self) -> Result<Change> {
        let table = self.table.to_owned();
        Ok(Change::Replace { table, batches: vec![self.batch()?] })
    }

    fn batch(mut self) -> Result<RecordBatch> {
        let schema = Catalog::embedded().map_err(QueryError::Schema)?;
        let schema = schema
            .table(self.table)
            .ok_or_else(|| QueryError::UnknownTable { table: self.table.to_owned(), nearest: None })?;
        for (name, _) in &self.columns {
            if schema.field(name).is_none() {
                return Err(engine(format!("table {} has no column {name}", self.table)));
            }
        }
        let mut arrays = Vec::new();
        for field in &schema.fields {
            let found = self.columns.iter_mut().find(|(it, _)| *it == field.name);
            let cells = found.map_or_else(|| vec![Cell::None; self.rows], |(_, it)| std::mem::take(it));
            arrays.push(array(&field.name, field.field_type, cells)?);
        }
        RecordBatch::try_new(Arc::new(schema.arrow()), arrays).map_err(|it| engine(it.to_string()))
    }
}

fn engine(cause: String) -> crate::Error {
    QueryError::Engine { cause }.into()
}

macro_rules! column {
    ($cells:expr, $name:expr, $variant:ident) => {
        $cells
            .into_iter()
            .map(|it| match it {
                Cell::None => Ok(None),
                Cell::$variant(it) => Ok(Some(it)),
                other => Err(engine(format!("column {}: {other:?}", $name))),
            })
            .collect::<Result<Vec<_>>>()?
    };
}

fn array(name: &str, field_type: FieldType, cells: Vec<Cell>) -> Result<ArrayRef> {
    Ok(match field_type {
        FieldType::String => Arc::new(StringArray::from(column!(cells, name, Text))),
        FieldType::Integer => Arc::new(Int64Array::from(column!(cells, name, Integer))),
        FieldType::Number => Arc::new(Float64Array::from(column!(cells, name, Number))),
        FieldType::Boolean => Arc::new(BooleanArray::from(column!(cells, name, Boolean))),
        FieldType::Decimal => {
            let column = Decimal128Array::from(column!(cells, name, Decimal));
            Arc::new(column.with_precision_and_scale(38, 0).map_err(|it| engine(it.to_string()))?)
        }
        FieldType::Datetime => {
            Arc::new(TimestampMicrosecondArray::from(column!(cells, name, Time)).with_timezone("UTC"))
        }
        FieldType::List => {
            let mut builder = ListBuilder::new(StringBuilder::new());
            for list in column!(cells, name, List) {
                let filled = list.is_some();
                for text in list.unwrap_or_default() {
                    builder.values().append_value(text);
                }
                builder.append(filled);
            }
            Arc::new(builder.finish())
        }
        FieldType::Date => return Err(engine(format!("column {name}: no table of ours has days"))),
    })
}
