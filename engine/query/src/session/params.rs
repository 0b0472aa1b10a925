//! Values for `$name` and `$1`.
//!
//! A value becomes a literal of the syntax tree, never a piece of text that is parsed: what a
//! caller sends cannot turn into SQL.

use std::collections::BTreeMap;

use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::sql::sqlparser::ast::{
    Array, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments, Ident,
    ObjectName, UnaryOperator, Value,
};

/// The value of one parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum ParamValue {
    /// No value.
    Null,
    /// Text; where a query of the library wants another type, it is read as that.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// A day, counted from 1970-01-01.
    Date(i32),
    /// An instant in microseconds since 1970 UTC.
    Timestamp(i64),
    /// A list of texts.
    List(Vec<String>),
}

impl ParamValue {
    /// The value as a literal; instants are shown in `zone`.
    pub(super) fn literal(&self, zone: &str) -> Expr {
        match self {
            Self::Null => Expr::value(Value::Null),
            Self::Text(it) => text(it),
            Self::Integer(it) => integer(*it),
            Self::Number(it) => cast(text(&format!("{it:?}")), &DataType::Float64),
            Self::Boolean(it) => Expr::value(Value::Boolean(*it)),
            Self::Date(it) => cast(cast(integer(i64::from(*it)), &DataType::Int32), &DataType::Date32),
            Self::Timestamp(it) => cast(integer(*it), &instant(zone)),
            Self::List(it) => {
                let elem = it.iter().map(|it| text(it)).collect();
                cast(Expr::Array(Array { elem, named: false }), &DataType::new_list(DataType::Utf8, true))
            }
        }
    }
}

/// The type of instants that are shown in `zone`.
pub(super) fn instant(zone: &str) -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some(zone.into()))
}

/// `arrow_cast(value, 'type')`: unlike CAST it names every type there is.
pub(super) fn cast(value: Expr, to: &DataType) -> Expr {
    let argument = |it| FunctionArg::Unnamed(FunctionArgExpr::Expr(it));
    Expr::Function(Function {
        name: ObjectName::from(vec![Ident::new("arrow_cast")]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args: vec![argument(value), argument(text(&to.to_string()))],
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    })
}

fn text(text: &str) -> Expr {
    Expr::value(Value::SingleQuotedString(text.to_owned()))
}

fn integer(number: i64) -> Expr {
    let digits = Expr::value(Value::Number(number.unsigned_abs().to_string(), false));
    if number < 0 { Expr::UnaryOp { op: UnaryOperator::Minus, expr: Box::new(digits) } } else { digits }
}

/// Values by name, without the `$`; positions are names too: `1`, `2`, …
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Params(BTreeMap<String, ParamValue>);

impl Params {
    /// Sets a value; a leading `$` in the name is no part of it.
    pub fn set(&mut self, name: impl AsRef<str>, value: ParamValue) {
        let name = name.as_ref();
        self.0.insert(name.strip_prefix('$').unwrap_or(name).to_owned(), value);
    }

    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&ParamValue> {
        self.0.get(name)
    }

    /// All values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ParamValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl<N: AsRef<str>> FromIterator<(N, ParamValue)> for Params {
    fn from_iter<T: IntoIterator<Item = (N, ParamValue)>>(values: T) -> Self {
        let mut params = Self::default();
        for (name, value) in values {
            params.set(name, value);
        }
        params
    }
}
