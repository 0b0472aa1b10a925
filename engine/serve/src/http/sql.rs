//! `/v1/sql`: any statement that reads.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use linli_model::Text;
use linli_pool::query::{ParamValue, Params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::app::App;
use crate::error::{Error, Result};
use crate::wire::{self, AsOf, JsonBody, Order, ROW_FORMATS, Reply, Shape, shown};

/// A statement.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SqlOrder {
    /// One statement that reads.
    sql: String,
    /// Values for `$name` (an object) or `$1`, `$2`, … (an array). Whole numbers have 64 bits;
    /// longer ones come as text with a CAST in the statement.
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

impl Order for SqlOrder {
    fn check(fields: &Map<String, Value>) -> Result<()> {
        fields.get("as_of").map_or(Ok(()), AsOf::check)
    }
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
        (status = 408, description = "The body came too slowly"),
        (status = 410, description = "The snapshot is no longer kept"),
        (status = 429, description = "The statement took more than one may: seconds or memory"),
        (status = 503, description = "Too many statements run already"),
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
    let rows_max = app.config.limits.rows_max;
    let limit = order.limit.unwrap_or(rows_max).min(rows_max);
    let limit_is_asked = order.limit.is_some_and(|it| it <= rows_max);
    let seat = app.queries.enter().await?;
    let snapshot = app.snapshot(order.as_of.as_ref()).await?;
    let session = app.pool.session(&snapshot, &app.query_limits(Some(limit))).await?;
    let rows = session.rows(&order.sql, &params).await?;
    let (shape, snapshot) = (Shape::Table, snapshot.id);
    Reply { rows, format, shape, snapshot, seat, limit_is_asked }.into_response(&app).await
}

fn params(given: &Value) -> Result<Params> {
    match given {
        Value::Null => Ok(Params::default()),
        Value::Object(named) => named.iter().map(|(name, it)| Ok((name.clone(), value(name, it)?))).collect(),
        Value::Array(listed) => {
            let named = listed.iter().enumerate().map(|(position, it)| ((position + 1).to_string(), it));
            named.map(|(name, it)| Ok((name.clone(), value(&name, it)?))).collect()
        }
        other => {
            let expected = Text::new("an object of names or an array", "以名称为键的对象，或数组");
            Err(Error::argument("params", shown(other), expected))
        }
    }
}

/// Where numbers without a fraction no longer fit 64 bits: 2^63, exactly.
const INTEGERS_END: f64 = 9_223_372_036_854_775_808.0;

fn value(name: &str, given: &Value) -> Result<ParamValue> {
    let wrong = || {
        let expected = Text::new(
            "null, a text, a number of up to 64 bits, true, false or a list of texts",
            " null、文本、64 位以内的数字、true、false 或文本数组",
        );
        Error::argument(format!("params.{name}"), shown(given), expected)
    };
    Ok(match given {
        Value::Null => ParamValue::Null,
        Value::Bool(it) => ParamValue::Boolean(*it),
        Value::String(it) => ParamValue::Text(it.clone()),
        Value::Number(it) => match it.as_i64() {
            Some(whole) => ParamValue::Integer(whole),
            // A whole number that is too long must not become one that is nearly as long.
            None => match it.as_f64().filter(|it| it.abs() < INTEGERS_END) {
                Some(number) => ParamValue::Number(number),
                None => return Err(wrong()),
            },
        },
        Value::Array(items) => {
            let texts = items.iter().map(|it| it.as_str().map(str::to_owned));
            ParamValue::List(texts.collect::<Option<_>>().ok_or_else(wrong)?)
        }
        Value::Object(_) => return Err(wrong()),
    })
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

    #[test]
    fn a_whole_number_is_exact_or_refused() {
        let read = |text: &str| params(&serde_json::from_str(text).expect("JSON"));
        let longest = read("[9223372036854775807, -9223372036854775808]").expect("params");
        assert_eq!(longest.get("1"), Some(&ParamValue::Integer(i64::MAX)));
        assert_eq!(longest.get("2"), Some(&ParamValue::Integer(i64::MIN)));
        for long in ["[9223372036854775808]", "[-9223372036854775809]", "[18446744073709551616]", "[1e30]"] {
            assert!(matches!(read(long), Err(Error::BadArgument { .. })), "{long}");
        }
    }
}
