//! Figures with qualifiers, and dates in words: `linli_model::Figure` and `Period` in SQL.
//!
//! What has no answer is NULL, whatever the reason: text that is no figure, columns that
//! contradict each other, units that differ. One row of a table never ends a query.
//! What one call makes of a row is bounded: units have a greatest length, see
//! `Figure::UNIT_BYTES_MAX`, and a number as text has some 330 digits at most.

mod column;
mod make;
mod operation;
mod period;

use datafusion::arrow::datatypes::DataType;
use datafusion::logical_expr::ScalarUDF;

/// The functions of this module.
pub(super) fn all() -> Vec<ScalarUDF> {
    let mut all = vec![
        ScalarUDF::from(make::Words::new()),
        ScalarUDF::from(make::Discount::new()),
        ScalarUDF::from(make::Columns::new()),
        ScalarUDF::from(operation::Written::new()),
        ScalarUDF::from(period::Dates::new()),
    ];
    all.extend(operation::Arithmetic::all().map(ScalarUDF::from));
    all.extend(operation::Compare::all().map(ScalarUDF::from));
    all
}

fn is_text(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null)
}
