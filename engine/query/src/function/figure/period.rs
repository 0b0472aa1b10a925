//! `zh_period`: dates in words.

use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, Date32Array, NullBufferBuilder, StringArray, StructArray};
use datafusion::arrow::datatypes::{DataType, Date32Type, Field, Fields};
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};
use linli_model::Period;

use super::is_text;

fn fields() -> Fields {
    [("from_date", DataType::Date32), ("to_date", DataType::Date32), ("precision", DataType::Utf8)]
        .into_iter()
        .map(|(name, kind)| Field::new(name, kind, true))
        .collect()
}

/// `zh_period(text [, anchor]) -> {from_date, to_date, precision}`: the days that a date in words
/// means, `to_date` excluded. The anchor is the day on which the text was written; without it
/// (or where it is NULL) what counts from that day is NULL, as is what is no date.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Dates {
    signature: Signature,
}

impl Dates {
    pub(super) fn new() -> Self {
        Self { signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Dates {
    fn name(&self) -> &str {
        "zh_period"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        match types {
            [text] if is_text(text) => Ok(vec![DataType::Utf8]),
            [text, day] if is_text(text) && (is_text(day) || day.is_temporal()) => {
                Ok(vec![DataType::Utf8, DataType::Date32])
            }
            _ => plan_err!("zh_period takes a text and a day"),
        }
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Struct(fields()))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let texts = arrays[0].as_string::<i32>();
        let anchors = arrays.get(1).map(|it| it.as_primitive::<Date32Type>());
        let period = |row: usize| {
            let anchor = anchors.and_then(|it| it.is_valid(row).then(|| it.value(row)));
            texts.is_valid(row).then(|| Period::read(texts.value(row), anchor).ok()).flatten()
        };
        let periods: Vec<Option<Period>> = (0..texts.len()).map(period).collect();
        let from: Date32Array = periods.iter().map(|it| it.map(|it| it.from_day)).collect();
        let to: Date32Array = periods.iter().map(|it| it.map(|it| it.to_day)).collect();
        let precision: StringArray = periods.iter().map(|it| it.map(|it| it.precision.as_str())).collect();
        let mut nulls = NullBufferBuilder::new(periods.len());
        periods.iter().for_each(|it| nulls.append(it.is_some()));
        let columns = StructArray::new(
            fields(),
            vec![Arc::new(from), Arc::new(to), Arc::new(precision)],
            nulls.finish(),
        );
        Ok(ColumnarValue::Array(Arc::new(columns)))
    }
}
