//! Puts values in the place of parameters, and tables in the place of library calls; counts
//! tables, since planning takes its time for each of them.
//!
//! `FROM q_unserved('2024-03-05', tier => 2) u` becomes `FROM "q_unserved#7" u`, and the call
//! is remembered; the session plans the query on its own and puts the plan under that name.
//! Names inside a library query can therefore never mean a CTE or an alias of whoever calls it.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{
    BinaryOperator, DataType, Expr, FunctionArg, FunctionArgExpr, Ident, ObjectName, Query as AstQuery,
    TableAlias, TableFactor, UnaryOperator, Value, VisitMut, VisitorMut,
};

use super::params::{ParamValue, Params};
use super::tally::Tally;
use crate::library::{Library, Param, Query};
use crate::{Error, Result};

/// A call of a library query.
#[derive(Debug)]
pub(super) struct Call {
    /// The name that stands in the statement instead.
    pub(super) table: String,
    /// Which query.
    pub(super) query: &'static Query,
    /// Its parameters, all of them and of the declared types.
    pub(super) params: Params,
}

/// What was found on the way.
#[derive(Debug, Default)]
pub(super) struct Bound {
    /// Calls of library queries, in order.
    pub(super) calls: Vec<Call>,
    /// Names of other table functions.
    pub(super) functions: BTreeSet<String>,
}

/// What parameters are worth.
pub(super) struct Values<'a> {
    /// The values.
    pub(super) params: &'a Params,
    /// Their types, where they are declared.
    pub(super) declared: &'a [Param],
    /// The zone of local time.
    pub(super) zone: &'a str,
}

/// Binds a statement in place.
///
/// **Errors.** A parameter without value; a call of a table function with arguments that must be
/// computed; a library query that is not there; [`Error::Over`] for too many tables.
pub(super) fn bind(
    statement: &mut Statement,
    values: &Values<'_>,
    library: &'static Library,
) -> Result<Bound> {
    let mut binder = Binder { values, library, bound: Bound::default(), tally: Tally::default() };
    match statement {
        Statement::Statement(ast) => match ast.visit(&mut binder) {
            ControlFlow::Continue(()) => Ok(binder.bound),
            ControlFlow::Break(error) => Err(*error),
        },
        Statement::Explain(explain) => bind(&mut explain.statement, values, library),
        // The guard lets no other kind through.
        _ => Ok(binder.bound),
    }
}

struct Binder<'v> {
    values: &'v Values<'v>,
    library: &'static Library,
    bound: Bound,
    tally: Tally,
}

impl VisitorMut for Binder<'_> {
    type Break = Box<Error>;

    fn pre_visit_query(&mut self, query: &mut AstQuery) -> ControlFlow<Self::Break> {
        self.tally.enter(query);
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &mut AstQuery) -> ControlFlow<Self::Break> {
        flow(self.tally.leave())
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Self::Break> {
        flow(self.table(factor))
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Self::Break> {
        let Expr::Value(value) = &*expr else {
            return ControlFlow::Continue(());
        };
        let Value::Placeholder(name) = &value.value else {
            return ControlFlow::Continue(());
        };
        match self.values.literal(name) {
            Ok(literal) => {
                *expr = literal;
                ControlFlow::Continue(())
            }
            Err(error) => ControlFlow::Break(Box::new(error)),
        }
    }
}

impl Binder<'_> {
    fn table(&mut self, factor: &mut TableFactor) -> Result<()> {
        let (name, alias, args) = match factor {
            TableFactor::Table { name, alias, args, .. } => (name, alias, args),
            // What stands in brackets is counted where it stands.
            TableFactor::Derived { .. } | TableFactor::NestedJoin { .. } => return Ok(()),
            TableFactor::Function { args, .. } => {
                self.tally.add("")?;
                return args.iter().try_for_each(plain);
            }
            _ => return self.tally.add(""),
        };
        let named = name.0.last().and_then(|it| it.as_ident()).map(|it| it.value.to_lowercase());
        let named = named.unwrap_or_default();
        self.tally.add(&named)?;
        let Some(arguments) = args else { return Ok(()) };
        let Some(query) = self.library.function(&named)? else {
            arguments.args.iter().try_for_each(plain)?;
            self.bound.functions.insert(named);
            return Ok(());
        };
        let call = self.call(query, &arguments.args)?;
        alias.get_or_insert_with(|| alias_of(&named));
        *name = ObjectName::from(vec![Ident::with_quote('"', call.table.clone())]);
        *args = None;
        self.bound.calls.push(call);
        Ok(())
    }

    fn call(&self, query: &'static Query, arguments: &[FunctionArg]) -> Result<Call> {
        static CALLS: AtomicU64 = AtomicU64::new(0);
        let mut params = Params::default();
        for (position, argument) in arguments.iter().enumerate() {
            let (name, value) = match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) => {
                    let param = query
                        .params
                        .get(position)
                        .ok_or_else(|| query.objection("there are too many arguments", "参数过多"))?;
                    (param.name.clone(), value)
                }
                FunctionArg::Named { name, arg: FunctionArgExpr::Expr(value), .. } => {
                    (name.value.to_lowercase(), value)
                }
                other => {
                    return Err(
                        query.objection(&format!("`{other}` is no argument"), &format!("{other} 不是参数"))
                    );
                }
            };
            let value = self.constant(value).ok_or_else(|| Error::BadParameter {
                query: query.name.clone(),
                cause: linli_model::Text::new(
                    format!("`{name}`: found {value}, expected a literal or a parameter"),
                    format!("{name}：现为 {value}，应为字面量或参数"),
                ),
            })?;
            params.set(name, value);
        }
        let params = query.settle(&params, self.values.zone)?;
        let table = format!("{}#{}", query.function(), CALLS.fetch_add(1, Ordering::Relaxed));
        Ok(Call { table, query, params })
    }

    /// The value of a literal; nothing for what must be computed.
    fn constant(&self, expr: &Expr) -> Option<ParamValue> {
        match expr {
            Expr::Value(value) => match &value.value {
                Value::Null => Some(ParamValue::Null),
                Value::Boolean(it) => Some(ParamValue::Boolean(*it)),
                Value::SingleQuotedString(it) => Some(ParamValue::Text(it.clone())),
                Value::Number(it, _) => number(it),
                Value::Placeholder(name) => self.values.get(name).cloned(),
                _ => None,
            },
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => match &**expr {
                Expr::Value(value) => match &value.value {
                    Value::Number(it, _) => number(&format!("-{it}")),
                    _ => None,
                },
                _ => None,
            },
            Expr::Nested(inner) => self.constant(inner),
            // DATE '2024-03-05', TIMESTAMP '…': the declared type decides how it is read.
            Expr::TypedString(typed) => typed.value.value.clone().into_string().map(ParamValue::Text),
            Expr::Cast { expr, .. } => self.constant(expr),
            Expr::Array(array) => {
                let texts = array.elem.iter().map(|it| match self.constant(it)? {
                    ParamValue::Text(it) => Some(it),
                    _ => None,
                });
                texts.collect::<Option<_>>().map(ParamValue::List)
            }
            _ => None,
        }
    }
}

/// Arguments of table functions are computed while the statement is planned, which no limit of
/// memory and no time limit reaches: only what costs nothing is let through.
fn plain(argument: &FunctionArg) -> Result<()> {
    let value = match argument {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(it)) => it,
        FunctionArg::Named { arg: FunctionArgExpr::Expr(it), .. } => it,
        _ => return Ok(()),
    };
    if is_plain(value) {
        return Ok(());
    }
    Err(Error::Sql { cause: format!("an argument of a table function must be a literal, found {value}") })
}

fn is_plain(expr: &Expr) -> bool {
    match expr {
        Expr::Value(_) | Expr::TypedString(_) => true,
        Expr::Nested(it) | Expr::UnaryOp { expr: it, .. } => is_plain(it),
        Expr::Interval(it) => is_plain(&it.value),
        Expr::Cast { expr, data_type, .. } => !matches!(data_type, DataType::Array(_)) && is_plain(expr),
        Expr::BinaryOp { left, op, right } => {
            *op != BinaryOperator::StringConcat && is_plain(left) && is_plain(right)
        }
        _ => false,
    }
}

fn flow(done: Result<()>) -> ControlFlow<Box<Error>> {
    match done {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => ControlFlow::Break(Box::new(error)),
    }
}

impl Values<'_> {
    fn get(&self, placeholder: &str) -> Option<&ParamValue> {
        self.params.get(placeholder.strip_prefix('$').unwrap_or(placeholder))
    }

    fn literal(&self, placeholder: &str) -> Result<Expr> {
        let value = self
            .get(placeholder)
            .ok_or_else(|| Error::Sql { cause: format!("parameter {placeholder} has no value") })?;
        let name = placeholder.strip_prefix('$').unwrap_or(placeholder);
        let literal = value.literal(self.zone);
        Ok(match self.declared.iter().find(|it| it.name == name) {
            // Typed even where there is no value, so that expressions around it have types.
            Some(param) => super::params::cast(literal, &param.kind.data_type(self.zone)),
            None => literal,
        })
    }
}

fn number(text: &str) -> Option<ParamValue> {
    let whole = text.parse().map(ParamValue::Integer);
    whole.or_else(|_| text.parse().map(ParamValue::Number)).ok()
}

fn alias_of(function: &str) -> TableAlias {
    TableAlias { explicit: true, name: Ident::with_quote('"', function), columns: Vec::new(), at: None }
}
