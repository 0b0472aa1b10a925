//! `uscc_valid`, `resident_id_valid`, `phone_normal`, `division_level`, and the masks: one text
//! in, one answer out, by the rules of `linli_model::identifier` and `linli_model::mask`.
//!
//! A mask is no release: what SQL may show of columns of persons is decided where columns are
//! granted, not here.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, BooleanArray, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use linli_model::identifier::{division, phone, resident_id, uscc};
use linli_model::mask;

/// What a function makes of a text.
#[derive(Debug, Clone, Copy)]
enum Answer {
    /// Whether it holds what its standard asks for.
    Valid(fn(&str) -> bool),
    /// Another text, or none.
    Text(fn(&str) -> Option<String>),
}

/// The functions, by name.
const FUNCTIONS: [(&str, Answer); 8] = [
    ("uscc_valid", Answer::Valid(|it| uscc::read(it).is_ok())),
    ("resident_id_valid", Answer::Valid(|it| resident_id::read(it).is_ok())),
    ("phone_normal", Answer::Text(|it| phone::normal(it).ok())),
    ("division_level", Answer::Text(|it| division::read(it).ok().map(|it| it.level.as_str().to_owned()))),
    ("mask_phone", Answer::Text(|it| Some(mask::phone(it)))),
    ("mask_id", Answer::Text(|it| Some(mask::resident_id(it)))),
    ("mask_name", Answer::Text(|it| Some(mask::person_name(it)))),
    ("mask_address", Answer::Text(|it| Some(mask::address(it)))),
];

/// All functions of identifiers and masks.
pub(super) fn all() -> impl Iterator<Item = ScalarUDF> {
    FUNCTIONS.into_iter().map(|(name, answer)| ScalarUDF::from(Identifier::new(name, answer)))
}

/// `name(text) -> Boolean` or `-> Utf8`; NULL where the text is, or where there is no answer.
#[derive(Debug)]
struct Identifier {
    name: &'static str,
    answer: Answer,
    signature: Signature,
}

/// The name says which one it is; addresses of functions may fall together.
impl PartialEq for Identifier {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Identifier {}

impl std::hash::Hash for Identifier {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl Identifier {
    fn new(name: &'static str, answer: Answer) -> Self {
        Self { name, answer, signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Identifier {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Texts of any kind. Numbers are refused: an identifier that was one has lost its zeros.
    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        match types {
            [DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null] => {
                Ok(vec![DataType::Utf8])
            }
            _ => plan_err!("{} takes a text", self.name),
        }
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(match self.answer {
            Answer::Valid(_) => DataType::Boolean,
            Answer::Text(_) => DataType::Utf8,
        })
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let Some(texts) = arrays.first().and_then(|it| it.as_string_opt::<i32>()) else {
            return datafusion::common::internal_err!("{} takes a text", self.name);
        };
        let answers: ArrayRef = match self.answer {
            Answer::Valid(is_valid) => {
                Arc::new(texts.iter().map(|it| it.map(is_valid)).collect::<BooleanArray>())
            }
            Answer::Text(text) => Arc::new(texts.iter().map(|it| it.and_then(text)).collect::<StringArray>()),
        };
        Ok(ColumnarValue::Array(answers))
    }
}
