//! What is done with figures: arithmetic, comparison, text.

use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err, internal_err, plan_err};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};
use linli_model::{Comparison, Figure, Language};

use super::column::{self, Operand};
use super::is_text;

/// The type that an argument is given: a number becomes a figure that is exact.
fn operand(function: &str, kind: &DataType) -> Result<DataType> {
    let figure = column::kind();
    match kind {
        it if it.is_numeric() || it.is_null() => Ok(DataType::Float64),
        it if *it == figure => Ok(figure),
        it => plan_err!("{function} takes figures and numbers, found {it}"),
    }
}

fn two_operands(function: &str, types: &[DataType]) -> Result<Vec<DataType>> {
    let [a, b] = types else { return plan_err!("{function} takes two figures") };
    Ok(vec![operand(function, a)?, operand(function, b)?])
}

/// Every row of two arguments with what an operation makes of it.
fn each_pair<T>(
    args: &ScalarFunctionArgs,
    of: impl Fn(&Figure, &Figure) -> Option<T>,
) -> Result<Vec<Option<T>>> {
    let arrays = ColumnarValue::values_to_arrays(&args.args)?;
    let [a, b] = arrays.as_slice() else { return internal_err!("expected two figures") };
    let (left, right) = (Operand::read(a)?, Operand::read(b)?);
    Ok((0..a.len()).map(|row| of(&left.figure(row)?, &right.figure(row)?)).collect())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Operation {
    Add,
    Sub,
    Mul,
    Div,
}

/// `figure_add(a, b) -> figure` and its like; NULL where units differ or no float can hold the
/// result. Numbers may stand for figures.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Arithmetic {
    operation: Operation,
    signature: Signature,
}

impl Arithmetic {
    pub(super) fn all() -> [Self; 4] {
        [Operation::Add, Operation::Sub, Operation::Mul, Operation::Div]
            .map(|operation| Self { operation, signature: Signature::user_defined(Volatility::Immutable) })
    }
}

impl ScalarUDFImpl for Arithmetic {
    fn name(&self) -> &str {
        match self.operation {
            Operation::Add => "figure_add",
            Operation::Sub => "figure_sub",
            Operation::Mul => "figure_mul",
            Operation::Div => "figure_div",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        two_operands(self.name(), types)
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(column::kind())
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let operation = match self.operation {
            Operation::Add => Figure::add,
            Operation::Sub => Figure::sub,
            Operation::Mul => Figure::mul,
            Operation::Div => Figure::div,
        };
        let figures = each_pair(&args, |a, b| operation(a, b).ok())?;
        Ok(ColumnarValue::Array(column::array(&figures)))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Order {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
}

/// `figure_lt(a, b) -> 'yes' | 'no' | 'unknown'` and its like: unknown where it depends on numbers
/// that the bounds leave open; NULL where units differ. Numbers may stand for figures.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Compare {
    order: Order,
    signature: Signature,
}

impl Compare {
    pub(super) fn all() -> [Self; 5] {
        [Order::Less, Order::LessOrEqual, Order::Greater, Order::GreaterOrEqual, Order::Equal]
            .map(|order| Self { order, signature: Signature::user_defined(Volatility::Immutable) })
    }
}

impl ScalarUDFImpl for Compare {
    fn name(&self) -> &str {
        match self.order {
            Order::Less => "figure_lt",
            Order::LessOrEqual => "figure_le",
            Order::Greater => "figure_gt",
            Order::GreaterOrEqual => "figure_ge",
            Order::Equal => "figure_eq",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        two_operands(self.name(), types)
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let answers = each_pair(&args, |a, b| {
            match self.order {
                Order::Less => a.lt(b),
                Order::LessOrEqual => a.le(b),
                Order::Greater => b.lt(a),
                Order::GreaterOrEqual => b.le(a),
                Order::Equal => a.is_equal(b),
            }
            .ok()
        })?;
        let words: StringArray = answers.into_iter().map(|it| it.map(Comparison::as_str)).collect();
        Ok(ColumnarValue::Array(Arc::new(words)))
    }
}

/// `figure_text(figure [, language]) -> Utf8`: in words that keep the qualifier; Chinese where no
/// language is given, else `zh` or `en`.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Written {
    signature: Signature,
}

impl Written {
    pub(super) fn new() -> Self {
        Self { signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Written {
    fn name(&self) -> &str {
        "figure_text"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        match types {
            [figure] => Ok(vec![operand(self.name(), figure)?]),
            [figure, language] if is_text(language) => {
                Ok(vec![operand(self.name(), figure)?, DataType::Utf8])
            }
            _ => plan_err!("figure_text takes a figure and a language"),
        }
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let figures = Operand::read(&arrays[0])?;
        let tags = arrays.get(1).map(|it| it.as_string::<i32>());
        let mut texts = Vec::with_capacity(arrays[0].len());
        for row in 0..arrays[0].len() {
            let tag = tags.map_or(Some("zh"), |it| it.is_valid(row).then(|| it.value(row)));
            let language = match tag.map(|it| (it, Language::parse(it))) {
                Some((tag, None)) => return exec_err!("expected the language zh or en, found `{tag}`"),
                Some((_, language)) => language,
                None => None,
            };
            texts.push(language.and_then(|it| figures.figure(row).map(|figure| figure.text(it))));
        }
        Ok(ColumnarValue::Array(Arc::new(StringArray::from(texts))))
    }
}
