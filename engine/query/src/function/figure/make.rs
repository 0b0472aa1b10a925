//! `zh_number`, `zh_discount` and `figure`: figures from words and from columns.

use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, Float64Array};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};
use linli_model::{Figure, discount};

use super::{column, is_text};

/// One text, of any kind.
fn one_text(function: &str, types: &[DataType]) -> Result<Vec<DataType>> {
    match types {
        [kind] if is_text(kind) => Ok(vec![DataType::Utf8]),
        _ => plan_err!("{function} takes one text"),
    }
}

/// `zh_number(text) -> figure`: the figure that words say; NULL where they are no figure.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Words {
    signature: Signature,
}

impl Words {
    pub(super) fn new() -> Self {
        Self { signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Words {
    fn name(&self) -> &str {
        "zh_number"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        one_text(self.name(), types)
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(column::kind())
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let texts = arrays[0].as_string::<i32>();
        let figures: Vec<_> = texts.iter().map(|it| it.and_then(|it| Figure::read(it).ok())).collect();
        Ok(ColumnarValue::Array(column::array(&figures)))
    }
}

/// `zh_discount(text) -> Float64`: the share of the price that is paid; NULL where a text is none.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Discount {
    signature: Signature,
}

impl Discount {
    pub(super) fn new() -> Self {
        Self { signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Discount {
    fn name(&self) -> &str {
        "zh_discount"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        one_text(self.name(), types)
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let texts = arrays[0].as_string::<i32>();
        let shares: Float64Array = texts.iter().map(|it| it.and_then(|it| discount(it).ok())).collect();
        Ok(ColumnarValue::Array(Arc::new(shares)))
    }
}

/// `figure(point, min, max, min_open, max_open, qualifier, unit) -> figure`, from the columns of
/// `published_figure`; NULL for a name, which has no value, and for columns that contradict
/// each other.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Columns {
    signature: Signature,
}

impl Columns {
    pub(super) fn new() -> Self {
        Self { signature: Signature::exact(column::kinds(), Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Columns {
    fn name(&self) -> &str {
        "figure"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(column::kind())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let columns = column::Columns::read(&arrays)?;
        let rows = arrays.first().map_or(0, |it| it.len());
        let figures: Vec<_> = (0..rows).map(|row| columns.figure(row)).collect();
        Ok(ColumnarValue::Array(column::array(&figures)))
    }
}
