//! The OpenAPI document: what the macros say of each route, and what holds for many of them.
//!
//! A route that answers with rows is known by the schema of its answer; so a new one is
//! documented like the others without being listed here.

use linli_model::{Catalog, FieldType};
use serde_json::{Value, json};
use utoipa::openapi::OpenApi;
use utoipa::{PartialSchema, ToSchema};

use super::records::{Page, Shortlist};
use super::sql::{SqlAnswer, SqlOrder};
use crate::problem::{MEDIA_TYPE, Problem};
use crate::wire::{ROW_FORMATS, media};

/// The document as JSON.
pub(super) fn text(document: &OpenApi) -> String {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    for (name, schema) in [
        (Problem::name().into_owned(), serde_json::to_value(Problem::schema()).unwrap_or_default()),
        ("Need".to_owned(), row("need")),
    ] {
        document["components"]["schemas"][name] = schema;
    }
    params(&mut document["components"]["schemas"][SqlOrder::name().into_owned()]["properties"]["params"]);
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            complete(path, method, operation);
        }
    }
    document.to_string()
}

/// Says of an operation what its answer and its place imply.
fn complete(path: &str, method: &str, operation: &mut Value) {
    let answer = operation.pointer("/responses/200/content/application~1json/schema/$ref");
    let answer = answer.and_then(|it| it.as_str()?.rsplit('/').next()).unwrap_or_default().to_owned();
    let is_page = answer == Page::name();
    if is_page || answer == Shortlist::name() || answer == SqlAnswer::name() {
        rows(operation);
    }
    if is_page {
        pages(operation);
    }
    if path == "/v1/needs/{need_id}" {
        operation["responses"]["200"]["content"]["application/json"] =
            json!({ "schema": { "$ref": reference("Need") } });
    }
    if path == "/v1/queries/{name}" {
        free_parameters(operation, "parameters", "Parameters of the query, as `/v1/queries` lists them");
    }
    if path.starts_with("/v1/") && method == "get" {
        tagged(operation);
    }
    problems(operation);
}

/// Every refusal has the same form. A status that is listed stands in the place of `default`, so
/// it says so itself.
fn problems(operation: &mut Value) {
    let content = json!({ MEDIA_TYPE: { "schema": { "$ref": reference(&Problem::name()) } } });
    respond(operation, "default", "A problem");
    for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
        let is_refusal = status == "default" || status.parse::<u16>().is_ok_and(|it| it >= 400);
        if is_refusal && response["content"].is_null() {
            response["content"] = content.clone();
        }
    }
}

/// Values of a statement come by name, by position or not at all; no type of Rust says so.
fn params(schema: &mut Value) {
    let value = json!({
        "type": ["null", "string", "number", "boolean", "array"], "items": { "type": "string" },
    });
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("type");
        let forms = json!([
            { "type": "object", "additionalProperties": value },
            { "type": "array", "items": value },
            { "type": "null" },
        ]);
        schema.insert("oneOf".to_owned(), forms);
    }
}

/// Rows come in every form, of which JSON is described already.
fn rows(operation: &mut Value) {
    let answer = &mut operation["responses"]["200"];
    for format in ROW_FORMATS.iter().skip(1) {
        answer["content"][media(*format)] = json!({ "schema": { "type": "string" } });
    }
    header(answer, "linli-snapshot", "integer", "The snapshot that was read");
    let truncated = "Whether a row limit left rows out; absent where that is not known at the beginning";
    header(answer, "linli-truncated", "boolean", truncated);
    respond(operation, "406", "None of the forms that Accept names can be written");
}

/// Lists have pages, snapshots and filters.
fn pages(operation: &mut Value) {
    let parameters = [
        ("page_size", "integer", "Rows per page, 1000 by default, 10000 at most"),
        ("page_token", "string", "`next_page_token` of the page before"),
        ("as_of", "string", "A snapshot's number, or a time; a page token names its own snapshot"),
    ];
    for (name, kind, description) in parameters {
        parameter(operation, name, "query", kind, description);
    }
    let columns = "Any other parameter is the name of a column and keeps rows with that value: `status=open`";
    free_parameters(operation, "columns", columns);
    let next = "The next page, as RFC 8288 says: `<…>; rel=\"next\"`; absent on the last page";
    header(&mut operation["responses"]["200"], "Link", "string", next);
    respond(operation, "404", "There is no such table, run, need or snapshot");
    respond(operation, "410", "The snapshot is no longer kept");
}

/// Answers that can be read twice have a tag.
fn tagged(operation: &mut Value) {
    parameter(operation, "If-None-Match", "header", "string", "Tags of answers that the caller has");
    let tag = "Names the snapshot, the form unless it is JSON, and the version of linli where that matters";
    header(&mut operation["responses"]["200"], "ETag", "string", tag);
    respond(operation, "304", "The caller has this answer");
    respond(operation, "406", "None of the forms that Accept names can be written");
}

fn respond(operation: &mut Value, status: &str, description: &str) {
    operation["responses"][status] = json!({ "description": description });
}

fn header(response: &mut Value, name: &str, kind: &str, description: &str) {
    response["headers"][name] = json!({ "description": description, "schema": { "type": kind } });
}

fn parameter(operation: &mut Value, name: &str, place: &str, kind: &str, description: &str) {
    let schema = json!({ "type": kind });
    add(operation, json!({ "name": name, "in": place, "description": description, "schema": schema }));
}

/// Parameters whose names are data.
fn free_parameters(operation: &mut Value, name: &str, description: &str) {
    let schema = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    add(
        operation,
        json!({
            "name": name, "in": "query", "description": description,
            "style": "form", "explode": true, "schema": schema,
        }),
    );
}

fn add(operation: &mut Value, parameter: Value) {
    match &mut operation["parameters"] {
        Value::Array(parameters) => parameters.push(parameter),
        none => *none = json!([parameter]),
    }
}

/// A row of a table, as its schema has it.
fn row(table: &str) -> Value {
    let fields = Catalog::embedded().ok().and_then(|it| it.table(table)).map(|it| it.fields.as_slice());
    let mut properties = json!({});
    for field in fields.unwrap_or_default() {
        let mut property = match field.field_type {
            FieldType::String | FieldType::Decimal => json!({ "type": ["string", "null"] }),
            FieldType::Integer => json!({ "type": ["integer", "string", "null"] }),
            FieldType::Number => json!({ "type": ["number", "null"] }),
            FieldType::Boolean => json!({ "type": ["boolean", "null"] }),
            FieldType::Date => json!({ "type": ["string", "null"], "format": "date" }),
            FieldType::Datetime => json!({ "type": ["string", "null"], "format": "date-time" }),
            FieldType::List => json!({ "type": ["array", "null"], "items": { "type": "string" } }),
        };
        property["description"] = format!("{} · {}", field.title.en, field.title.zh).into();
        properties[&field.name] = property;
    }
    json!({ "type": "object", "properties": properties })
}

fn reference(schema: &str) -> String {
    format!("#/components/schemas/{schema}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    /// Schemas have the names of their types, whatever the module: two types of one name would
    /// be one schema, and half of the answers be described wrongly.
    #[test]
    fn no_two_types_have_the_same_schema_name() {
        let mut names = BTreeSet::new();
        let mut files = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        while let Some(path) = files.pop() {
            if path.is_dir() {
                let inside = std::fs::read_dir(&path).expect("a folder of sources");
                files.extend(inside.map(|it| it.expect("an entry").path()));
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source file");
            let mut is_schema = false;
            for line in text.lines() {
                is_schema |= line.starts_with("#[derive(") && line.contains("ToSchema");
                let item = line.strip_prefix("pub(crate) ").unwrap_or(line);
                let item = item.strip_prefix("struct ").or_else(|| item.strip_prefix("enum "));
                if let Some(item) = item.filter(|_| is_schema) {
                    let name: String = item.chars().take_while(|it| it.is_alphanumeric()).collect();
                    assert!(names.insert(name.clone()), "two types are called {name}");
                    is_schema = false;
                }
            }
        }
        assert!(names.contains("TableColumn") && names.contains("QueryColumn"), "{names:?}");
    }
}
