//! Figures as columns: a struct of the columns that `published_figure` has.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, NullBufferBuilder, StringArray, StructArray,
};
use datafusion::arrow::datatypes::{DataType, Field, Fields, Float64Type};
use datafusion::common::{Result, internal_err};
use linli_model::{Figure, FigureParts, Qualifier};

/// The type of a figure in SQL.
pub(super) fn kind() -> DataType {
    DataType::Struct(fields())
}

/// The types of the columns of a figure, in order.
pub(super) fn kinds() -> Vec<DataType> {
    fields().iter().map(|it| it.data_type().clone()).collect()
}

fn fields() -> Fields {
    [
        ("point", DataType::Float64),
        ("min", DataType::Float64),
        ("max", DataType::Float64),
        ("min_open", DataType::Boolean),
        ("max_open", DataType::Boolean),
        ("qualifier", DataType::Utf8),
        ("unit", DataType::Utf8),
    ]
    .into_iter()
    .map(|(name, kind)| Field::new(name, kind, true))
    .collect()
}

/// The columns of figures, row by row.
pub(super) struct Columns {
    numbers: [Float64Array; 3],
    flags: [BooleanArray; 2],
    words: [StringArray; 2],
}

impl Columns {
    pub(super) fn read(arrays: &[ArrayRef]) -> Result<Self> {
        let [point, min, max, min_open, max_open, qualifier, unit] = arrays else {
            return internal_err!("a figure has seven columns");
        };
        let number = |it: &ArrayRef| it.as_primitive::<Float64Type>().clone();
        Ok(Self {
            numbers: [number(point), number(min), number(max)],
            flags: [min_open.as_boolean().clone(), max_open.as_boolean().clone()],
            words: [qualifier.as_string::<i32>().clone(), unit.as_string::<i32>().clone()],
        })
    }

    /// The figure of a row; none where the columns contradict each other or have no value.
    pub(super) fn figure(&self, row: usize) -> Option<Figure> {
        let number = |it: &Float64Array| it.is_valid(row).then(|| it.value(row));
        let flag = |it: &BooleanArray| it.is_valid(row).then(|| it.value(row));
        let word = |it: &StringArray| it.is_valid(row).then(|| it.value(row).to_owned());
        let parts = FigureParts {
            point: number(&self.numbers[0]),
            min: number(&self.numbers[1]),
            max: number(&self.numbers[2]),
            min_open: flag(&self.flags[0]),
            max_open: flag(&self.flags[1]),
            qualifier: Qualifier::parse(&word(&self.words[0])?)?,
            unit: word(&self.words[1]),
        };
        Figure::new(parts).ok()
    }
}

/// One argument that is a figure: a struct, or a number that is one exactly.
pub(super) enum Operand {
    Numbers(Float64Array),
    Figures(StructArray, Columns),
}

impl Operand {
    pub(super) fn read(array: &ArrayRef) -> Result<Self> {
        if let Some(numbers) = array.as_primitive_opt::<Float64Type>() {
            return Ok(Self::Numbers(numbers.clone()));
        }
        match array.as_struct_opt() {
            Some(figures) => Ok(Self::Figures(figures.clone(), Columns::read(figures.columns())?)),
            None => internal_err!("expected a figure or a number"),
        }
    }

    pub(super) fn figure(&self, row: usize) -> Option<Figure> {
        match self {
            Self::Numbers(it) => {
                it.is_valid(row).then(|| it.value(row)).and_then(|it| Figure::exact(it, None).ok())
            }
            Self::Figures(all, columns) => all.is_valid(row).then(|| columns.figure(row)).flatten(),
        }
    }
}

/// A column of figures.
pub(super) fn array(figures: &[Option<Figure>]) -> ArrayRef {
    let parts: Vec<Option<FigureParts>> = figures.iter().map(|it| it.as_ref().map(Figure::parts)).collect();
    let number = |of: fn(&FigureParts) -> Option<f64>| -> ArrayRef {
        Arc::new(parts.iter().map(|it| it.as_ref().and_then(of)).collect::<Float64Array>())
    };
    let flag = |of: fn(&FigureParts) -> Option<bool>| -> ArrayRef {
        Arc::new(parts.iter().map(|it| it.as_ref().and_then(of)).collect::<BooleanArray>())
    };
    let word = |of: fn(&FigureParts) -> Option<&str>| -> ArrayRef {
        Arc::new(parts.iter().map(|it| it.as_ref().and_then(of)).collect::<StringArray>())
    };
    let columns = vec![
        number(|it| it.point),
        number(|it| it.min),
        number(|it| it.max),
        flag(|it| it.min_open),
        flag(|it| it.max_open),
        word(|it| Some(it.qualifier.as_str())),
        word(|it| it.unit.as_deref()),
    ];
    let mut nulls = NullBufferBuilder::new(figures.len());
    figures.iter().for_each(|it| nulls.append(it.is_some()));
    Arc::new(StructArray::new(fields(), columns, nulls.finish()))
}
