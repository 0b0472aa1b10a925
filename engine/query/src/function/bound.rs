//! A limit around every call whose result may be much larger than what it is given.

use std::sync::Arc;

use datafusion::arrow::compute::kernels::concat_elements::concat_elements_dyn;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::arrow::error::ArrowError;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{DataFusionError, Result, ScalarValue, plan_err};
use datafusion::logical_expr::binary::BinaryTypeCoercer;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{
    ColumnarValue, Documentation, Expr, LogicalPlan, Operator, ReturnFieldArgs, ScalarFunctionArgs,
    ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::cost::Cost;
use super::known;
use crate::Error;

/// Items of a type of fixed size: a cast makes that many of nothing.
const FIXED_ITEMS_MAX: u64 = 1_024;

/// Puts limits around the calls of a plan, subqueries included.
///
/// A plan is looked at rather than a registry, because operators and literals of SQL become
/// calls too: `[a, b]` is `make_array`. Names and types of columns stay.
///
/// **Errors.** [`Error::Over`] for a cast to a type of too many items.
pub(crate) fn bounded(plan: LogicalPlan) -> Result<LogicalPlan> {
    let done = plan.transform_up_with_subqueries(|node| node.map_expressions(|it| it.transform_up(bound)))?;
    Ok(done.data)
}

fn bound(expr: Expr) -> Result<Transformed<Expr>> {
    match expr {
        Expr::ScalarFunction(call) => {
            check_types(&call)?;
            match known::cost(call.func.name()) {
                // Plans of library queries come here a second time, within that of their caller.
                Some(cost) if !call.func.inner().is::<Bounded>() => {
                    let function = ScalarUDF::from(Bounded { function: call.func, cost });
                    let call = ScalarFunction::new_udf(Arc::new(function), call.args);
                    Ok(Transformed::yes(Expr::ScalarFunction(call)))
                }
                _ => Ok(Transformed::no(Expr::ScalarFunction(call))),
            }
        }
        Expr::BinaryExpr(it) if it.op == Operator::StringConcat => {
            let mut parts = parts(*it.left);
            parts.extend(self::parts(*it.right));
            let call = ScalarFunction::new_udf(Arc::new(ScalarUDF::from(Concat::new())), parts);
            Ok(Transformed::yes(Expr::ScalarFunction(call)))
        }
        Expr::Cast(it) => {
            check_type(it.field.data_type())?;
            Ok(Transformed::no(Expr::Cast(it)))
        }
        Expr::TryCast(it) => {
            check_type(it.field.data_type())?;
            Ok(Transformed::no(Expr::TryCast(it)))
        }
        other => Ok(Transformed::no(other)),
    }
}

/// What is joined: `a || b || c` is one call, however long the chain.
fn parts(expr: Expr) -> Vec<Expr> {
    match expr {
        Expr::ScalarFunction(call) if call.func.inner().is::<Concat>() => call.args,
        other => vec![other],
    }
}

/// `arrow_cast` and its like name their type in a text.
fn check_types(call: &ScalarFunction) -> Result<()> {
    for argument in &call.args {
        if let Expr::Literal(value, _) = argument
            && let Some(Some(text)) = value.try_as_str()
            && text.contains("FixedSize")
            && let Ok(named) = text.parse::<DataType>()
        {
            check_type(&named)?;
        }
    }
    Ok(())
}

fn check_type(kind: &DataType) -> Result<()> {
    if fixed_items(kind) <= FIXED_ITEMS_MAX {
        return Ok(());
    }
    let over = Error::over("items of a type of fixed size", "定长类型的元素个数", FIXED_ITEMS_MAX);
    Err(DataFusionError::External(Box::new(over)))
}

/// How many items every value of a type has, even NULL.
fn fixed_items(kind: &DataType) -> u64 {
    let size = |it: i32| u64::try_from(it).unwrap_or(0);
    match kind {
        DataType::FixedSizeBinary(bytes) => size(*bytes),
        DataType::FixedSizeList(item, items) => {
            fixed_items(item.data_type()).max(1).saturating_mul(size(*items))
        }
        DataType::List(item) | DataType::LargeList(item) | DataType::Map(item, _) => {
            fixed_items(item.data_type())
        }
        DataType::Struct(fields) => {
            fields.iter().fold(0, |sum, it| sum.saturating_add(fixed_items(it.data_type())))
        }
        DataType::Dictionary(_, value) => fixed_items(value),
        _ => 0,
    }
}

/// A function that refuses what would cost too much, and is itself in everything else.
///
/// It is not simplified: what a function is simplified to knows no limit.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Bounded {
    function: Arc<ScalarUDF>,
    cost: Cost,
}

impl ScalarUDFImpl for Bounded {
    fn name(&self) -> &str {
        self.function.name()
    }

    fn aliases(&self) -> &[String] {
        self.function.aliases()
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        self.function.schema_name(args)
    }

    fn signature(&self) -> &Signature {
        self.function.signature()
    }

    fn return_type(&self, arg_types: &[DataType]) -> Result<DataType> {
        self.function.return_type(arg_types)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        self.function.return_field_from_args(args)
    }

    fn is_strict(&self) -> bool {
        self.function.is_strict()
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        self.cost.check(self.name(), &args.args, args.number_rows)?;
        self.function.invoke_with_args(args)
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
        self.function.coerce_types(arg_types)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.function.documentation()
    }
}

/// The operator `||` on texts, as a function of any number of them that can be limited.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Concat {
    signature: Signature,
}

impl Concat {
    fn new() -> Self {
        Self { signature: Signature::user_defined(Volatility::Immutable) }
    }

    /// The type that the operator makes of all types, one after the other.
    fn joined(types: &[DataType]) -> Result<DataType> {
        let Some((first, rest)) = types.split_first() else { return plan_err!("|| takes texts") };
        rest.iter().try_fold(first.clone(), |left, right| {
            BinaryTypeCoercer::new(&left, &Operator::StringConcat, right).get_result_type()
        })
    }
}

impl ScalarUDFImpl for Concat {
    fn name(&self) -> &str {
        "||"
    }

    /// As the operator names its column.
    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let names: Vec<String> = args.iter().map(|it| it.schema_name().to_string()).collect();
        Ok(names.join(" || "))
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
        Ok(vec![Self::joined(arg_types)?; arg_types.len()])
    }

    fn return_type(&self, arg_types: &[DataType]) -> Result<DataType> {
        Self::joined(arg_types)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        let types: Vec<DataType> = args.arg_fields.iter().map(|it| it.data_type().clone()).collect();
        let nullable = args.arg_fields.iter().any(|it| it.is_nullable());
        Ok(Arc::new(Field::new(self.name(), self.return_type(&types)?, nullable)))
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        Cost::Sum.check(self.name(), &args.args, args.number_rows)?;
        let is_constant = args.args.iter().all(|it| matches!(it, ColumnarValue::Scalar(_)));
        let mut texts = ColumnarValue::values_to_arrays(&args.args)?;
        // Neighbours first, so that no text is copied more often than there are rounds.
        while texts.len() > 1 {
            let pairs = texts.chunks(2).map(|it| match it {
                [left, right] => concat_elements_dyn(left, right),
                single => Ok(Arc::clone(&single[0])),
            });
            texts = pairs.collect::<std::result::Result<_, ArrowError>>()?;
        }
        match texts.pop() {
            Some(text) if is_constant => Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&text, 0)?)),
            Some(text) => Ok(ColumnarValue::Array(text)),
            None => plan_err!("|| takes texts"),
        }
    }
}
