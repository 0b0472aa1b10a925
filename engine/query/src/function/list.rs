//! `list_covers` and `list_common`: what one list of texts has of another.

use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, BooleanArray, Int64Array, ListArray, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};

/// Two lists of text, row by row.
struct Pairs {
    left: (ListArray, StringArray),
    right: (ListArray, StringArray),
}

impl Pairs {
    fn new(args: &ScalarFunctionArgs) -> Result<Self> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let list = |index: usize| -> Result<(ListArray, StringArray)> {
            let list = arrays.get(index).and_then(|it| it.as_list_opt::<i32>());
            let texts = list.and_then(|it| it.values().as_string_opt::<i32>());
            match (list, texts) {
                (Some(list), Some(texts)) => Ok((list.clone(), texts.clone())),
                _ => datafusion::common::internal_err!("expected two lists of text"),
            }
        };
        Ok(Self { left: list(0)?, right: list(1)? })
    }

    fn rows(&self) -> usize {
        self.left.0.len()
    }

    /// How many members the right list has, and how many of them the left one has too.
    fn common(&self, row: usize) -> (usize, usize) {
        let right = members(&self.right, row);
        let found = right.clone().filter(|it| members(&self.left, row).any(|other| other == *it)).count();
        (right.count(), found)
    }
}

/// The members of one row; none where there is no list.
///
/// Lists have a handful of members: looking through them beats hashing.
fn members((list, texts): &(ListArray, StringArray), row: usize) -> impl Iterator<Item = &str> + Clone {
    let range = if list.is_valid(row) {
        // Offsets are never negative.
        let offset = |it: usize| usize::try_from(list.value_offsets()[it]).unwrap_or_default();
        offset(row)..offset(row + 1)
    } else {
        0..0
    };
    range.filter(|it| texts.is_valid(*it)).map(|it| texts.value(it))
}

fn signature() -> Signature {
    Signature::user_defined(Volatility::Immutable)
}

/// Lists of any kind of text, and NULL, become plain lists of text.
fn coerced(function: &str, types: &[DataType]) -> Result<Vec<DataType>> {
    let is_text = |it: &DataType| {
        matches!(it, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null)
    };
    let is_list = |it: &DataType| match it {
        DataType::Null => true,
        DataType::List(field) | DataType::LargeList(field) | DataType::FixedSizeList(field, _) => {
            is_text(field.data_type())
        }
        _ => false,
    };
    if types.len() != 2 || !types.iter().all(is_list) {
        return plan_err!("{function} takes two lists of text");
    }
    Ok(vec![DataType::new_list(DataType::Utf8, true); 2])
}

/// `list_covers(have, want) -> Boolean`: whether everything wanted is there. Nothing wanted
/// (NULL or empty) is always there; where nothing is there, nothing wanted is. Never NULL.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Covers {
    signature: Signature,
}

impl Covers {
    pub(super) fn new() -> Self {
        Self { signature: signature() }
    }
}

impl ScalarUDFImpl for Covers {
    fn name(&self) -> &str {
        "list_covers"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        coerced(self.name(), types)
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let pairs = Pairs::new(&args)?;
        let covers: BooleanArray = (0..pairs.rows())
            .map(|row| {
                let (wanted, found) = pairs.common(row);
                Some(found == wanted)
            })
            .collect();
        Ok(ColumnarValue::Array(Arc::new(covers)))
    }
}

/// `list_common(a, b) -> Int64`: how many members of `b` are in `a`; 0 where either is NULL.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Common {
    signature: Signature,
}

impl Common {
    pub(super) fn new() -> Self {
        Self { signature: signature() }
    }
}

impl ScalarUDFImpl for Common {
    fn name(&self) -> &str {
        "list_common"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        coerced(self.name(), types)
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let pairs = Pairs::new(&args)?;
        let common: Int64Array =
            (0..pairs.rows()).map(|row| i64::try_from(pairs.common(row).1).ok()).collect();
        Ok(ColumnarValue::Array(Arc::new(common)))
    }
}
