//! `/v1/sql`: any statement that reads.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use linli_pool::query::{ParamValue, Params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::app::App;
use crate::error::{Error, Result};
use crate::wire::{self, AsOf, JsonBody, ROW_FORMATS, Reply, Shape};

/// A statement.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SqlOrder {
    /// One statement that reads.
    sql: String,
    /// Values for `$name` (an object) or `$1`, `$2`, … (an array).
    #[serde(default)]
    #[schema(value_type = Object)]
    params: Value,
    /// The snapshot to read: its number, or the newest at a time.
    #[serde(default)]
    as_of: Option<AsOf>,
    /// Rows at most; the server's own limit holds too.
    #[serde(default)]
    limit: Option<u64>,
}

/// Rows of a statement or query.
///
/// Only for the documentation: rows are written as they are read.
#[derive(Serialize, ToSchema)]
pub(crate) struct SqlAnswer {
    columns: Vec<SqlColumn>,
    /// Objects of the columns. Whole numbers beyond 2^53 and decimals are strings.
    rows: Vec<Map<String, Value>>,
    row_count: u64,
    /// Whether a row limit left rows out.
    truncated: bool,
    snapshot: u64,
}

/// A column.
#[derive(Serialize, ToSchema)]
struct SqlColumn {
    name: String,
    /// Its Arrow type.
    #[serde(rename = "type")]
    kind: String,
}

/// Runs one statement that reads.
///
/// Limits: rows, seconds, memory, and statements at a time. A result cut by the row limit says
/// `"truncated": true` in JSON; other forms say so in the header `linli-truncated` when they
/// are short. A long one that exceeds the server's own row limit breaks off instead of ending as
/// if it were whole: give a `limit`, or read pages.
#[utoipa::path(
    post, path = "/v1/sql", tag = "queries", operation_id = "sql",
    request_body = SqlOrder,
    responses(
        (status = 200, description = "The rows", body = SqlAnswer),
        (status = 403, description = "The statement does more than read"),
        (status = 429, description = "A limit was reached"),
    ),
    extensions(("x-summary-zh" = json!("执行一条只读 SQL")))
)]
pub(crate) async fn sql(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    JsonBody(order): JsonBody<SqlOrder>,
) -> Result<Response> {
    let format = wire::negotiate(&headers, ROW_FORMATS)?;
    let params = params(&order.params)?;
    let snapshot = app.snapshot(order.as_of.as_ref()).await?;
    let rows_max = app.config.limits.rows_max;
    let limit = order.limit.unwrap_or(rows_max).min(rows_max);
    let limit_is_asked = order.limit.is_some_and(|it| it <= rows_max);
    let seat = app.queries.enter().await?;
    let session = app.pool.session(&snapshot, &app.query_limits(Some(limit))).await?;
    let rows = session.rows(&order.sql, &params).await?;
    let (shape, snapshot) = (Shape::Table, snapshot.id);
    Reply { rows, format, shape, snapshot, seat, limit_is_asked }.into_response().await
}

fn params(given: &Value) -> Result<Params> {
    match given {
        Value::Null => Ok(Params::default()),
        Value::Object(named) => named.iter().map(|(name, it)| Ok((name.clone(), value(name, it)?))).collect(),
        Value::Array(listed) => {
            let named = listed.iter().enumerate().map(|(position, it)| ((position + 1).to_string(), it));
            named.map(|(name, it)| Ok((name.clone(), value(&name, it)?))).collect()
        }
        other => Err(bad("params", other, "an object of names or an array")),
    }
}

fn value(name: &str, given: &Value) -> Result<ParamValue> {
    let expected = "null, a text, a number, true, false or a list of texts";
    let wrong = || bad(&format!("params.{name}"), given, expected);
    Ok(match given {
        Value::Null => ParamValue::Null,
        Value::Bool(it) => ParamValue::Boolean(*it),
        Value::String(it) => ParamValue::Text(it.clone()),
        Value::Number(it) => match it.as_i64() {
            Some(whole) => ParamValue::Integer(whole),
            None => ParamValue::Number(it.as_f64().ok_or_else(wrong)?),
        },
        Value::Array(items) => {
            let texts = items.iter().map(|it| it.as_str().map(str::to_owned));
            ParamValue::List(texts.collect::<Option<_>>().ok_or_else(wrong)?)
        }
        Value::Object(_) => return Err(wrong()),
    })
}

fn bad(name: &str, found: &Value, expected: &str) -> Error {
    Error::BadArgument { name: name.to_owned(), found: found.to_string(), expected: expected.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn params_come_by_name_or_by_position() {
        let named =
            params(&json!({ "a": 1, "b": null, "c": ["x"], "d": 1.5, "$e": "text" })).expect("params");
        assert_eq!(named.get("a"), Some(&ParamValue::Integer(1)));
        assert_eq!(named.get("b"), Some(&ParamValue::Null));
        assert_eq!(named.get("c"), Some(&ParamValue::List(vec!["x".to_owned()])));
        assert_eq!(named.get("d"), Some(&ParamValue::Number(1.5)));
        assert_eq!(named.get("e"), Some(&ParamValue::Text("text".to_owned())));
        let listed = params(&json!([true])).expect("params");
        assert_eq!(listed.get("1"), Some(&ParamValue::Boolean(true)));
        for bad in [json!("x"), json!({ "a": {} }), json!([[1]])] {
            assert!(params(&bad).is_err(), "{bad}");
        }
    }
}
