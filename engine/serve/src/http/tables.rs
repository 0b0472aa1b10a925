//! `/v1/tables`: what there is, row by row.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use linli_model::{Catalog, Layer, Text};
use linli_pool::query::{Format, TableEntry};
use serde::Serialize;
use utoipa::ToSchema;

use super::OK;
use crate::app::App;
use crate::error::Result;
use crate::listing::List;
use crate::wire::{self, Asked, Tag};

/// The tables of a snapshot.
#[derive(Serialize, ToSchema)]
pub(crate) struct Tables {
    items: Vec<Table>,
    /// Always null: the list has one page.
    next_page_token: Option<String>,
    snapshot: u64,
}

/// One table.
#[derive(Serialize, ToSchema)]
struct Table {
    name: String,
    #[schema(value_type = Object)]
    title: Text,
    /// What one row is.
    description: String,
    /// Who writes it: input (people load it), result (runs append to it), system.
    layer: &'static str,
    /// Its rows in the snapshot.
    rows: u64,
    /// The columns that name a row.
    primary_key: Vec<String>,
    columns: Vec<TableColumn>,
}

/// One column.
#[derive(Serialize, ToSchema)]
struct TableColumn {
    name: String,
    /// Its Arrow type.
    #[serde(rename = "type")]
    kind: String,
    #[schema(value_type = Object)]
    title: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// The class of personal information: none, quasi_identifier, contact, identity or sensitive.
    /// The last three are shown masked.
    pii: &'static str,
}

impl From<TableEntry> for Table {
    fn from(entry: TableEntry) -> Self {
        let layer = match entry.layer {
            Layer::Input => "input",
            Layer::Result => "result",
            Layer::System => "system",
        };
        let schema = Catalog::embedded().ok().and_then(|it| it.table(&entry.name));
        let columns = entry.columns.into_iter();
        Self {
            primary_key: schema.map(|it| it.primary_key.clone()).unwrap_or_default(),
            columns: columns
                .map(|it| TableColumn {
                    name: it.name,
                    kind: it.kind,
                    title: it.title,
                    unit: it.unit,
                    pii: it.pii.as_str(),
                })
                .collect(),
            name: entry.name,
            title: entry.title,
            description: entry.description,
            layer,
            rows: entry.rows,
        }
    }
}

/// Lists the tables with their columns and numbers of rows.
#[utoipa::path(
    get, path = "/v1/tables", tag = "tables", operation_id = "list_tables",
    params(("as_of" = Option<String>, Query, description = "A snapshot's number, or a time")),
    responses(
        (status = 200, description = "The tables", body = Tables),
        (status = 410, description = "The snapshot is no longer kept"),
    ),
    extensions(("x-summary-zh" = json!("列出全部表及其列和行数")))
)]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    mut asked: Asked,
) -> Result<Response> {
    let as_of = asked.as_of()?;
    asked.finish()?;
    let format = wire::negotiate(&headers, &[Format::Json])?;
    let snapshot = app.read(as_of.as_ref()).await?.snapshot;
    let tag = Tag::embedded(snapshot.id, format);
    if let Some(response) = tag.not_modified(&headers) {
        return Ok(response);
    }
    let tables = linli_pool::query::tables(&snapshot, &app.pool.config().time_zone)?;
    let items = tables.into_iter().map(Table::from).collect();
    let mut response = wire::json(OK, &Tables { items, next_page_token: None, snapshot: snapshot.id })?;
    tag.set(&mut response);
    Ok(response)
}

/// Reads the rows of a table in the order of its primary key.
#[utoipa::path(
    get, path = "/v1/tables/{table}", tag = "tables", operation_id = "read_table",
    params(("table" = String, Path, description = "The table")),
    responses((status = 200, description = "A page of rows", body = super::records::Page)),
    extensions(("x-summary-zh" = json!("按主键顺序读取一张表的行")))
)]
pub(crate) async fn rows(
    State(app): State<Arc<App>>,
    Path(table): Path<String>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response> {
    List::new(format!("/v1/tables/{table}"), table).answer(&app, &headers, asked).await
}
