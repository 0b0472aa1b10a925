//! A projection of itself is computed twice.
//!
//! The optimizer takes `SELECT f * f AS f FROM (SELECT f * f AS f FROM …)` for one projection
//! written twice and drops one of them: of 3 it makes 9 instead of 81. It compares expressions
//! by their text, and the `f` of the one is not the `f` of the other.
//!
//! So the outer one of two that look alike gets a mark that changes nothing but the comparison:
//! an alias with empty metadata.

use datafusion::common::tree_node::Transformed;
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::expr::{Alias, FieldMetadata};
use datafusion::logical_expr::{Expr, LogicalPlan, Projection};

/// Marks projections that look like the one below them.
///
/// **Cost.** One walk over the plan, subqueries too.
pub(super) fn apart(plan: LogicalPlan) -> Result<LogicalPlan> {
    // From below, so that of three in a row the middle one is marked and the others are not.
    plan.transform_up_with_subqueries(|plan| match plan {
        LogicalPlan::Projection(outer) if looks_alike(&outer) => marked(outer).map(Transformed::yes),
        other => Ok(Transformed::no(other)),
    })
    .map(|it| it.data)
}

/// Columns alone are the same however often they are taken.
fn looks_alike(outer: &Projection) -> bool {
    let LogicalPlan::Projection(inner) = outer.input.as_ref() else { return false };
    inner.expr == outer.expr && outer.expr.iter().any(|it| !matches!(it, Expr::Column(_)))
}

fn marked(outer: Projection) -> Result<LogicalPlan, DataFusionError> {
    let mark = |it: Expr| match it {
        Expr::Alias(it) => Expr::Alias(Alias { metadata: Some(FieldMetadata::default()), ..it }),
        other => other,
    };
    let expr = outer.expr.into_iter().map(mark).collect();
    Ok(LogicalPlan::Projection(Projection::try_new_with_schema(expr, outer.input, outer.schema)?))
}
