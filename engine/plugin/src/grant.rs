//! What a plugin may ask for: never a column that says something about a person.
//!
//! Decided when a component is loaded, so that checking it, adding it to a pool and running it
//! give one answer.

use linli_model::{Catalog, Field, FieldType, Layer, Pii};

use crate::description::{ColumnType, ColumnWanted, Columns, Description, PluginKind};
use crate::error::{Error, Refusal, Result};

/// The table whose columns scorers see.
const CANDIDATE: &str = "candidate";

/// Columns that a run adds to its candidates: known only when scorers have spoken.
const OUTCOMES: [&str; 6] = ["run_id", "node_id", "scored", "vetoed", "cost", "score"];

/// Refuses columns that the plugin does not get.
///
/// A scorer gets columns of candidates that name nobody, in the type they have. An evaluator
/// gets whatever indicators its caller has, but none whose name is classed as personal.
///
/// **Errors.** [`Error::NotGranted`]; [`Error::Host`] when the embedded schemas are damaged.
pub(crate) fn check(description: &Description) -> Result<()> {
    let Columns::Named(columns) = &description.columns else {
        return Ok(());
    };
    let catalog = Catalog::embedded().map_err(|it| Error::Host { cause: it.to_string() })?;
    for column in columns {
        let refused = match description.kind {
            PluginKind::Scorer => refuse(catalog, column),
            PluginKind::Evaluator => personal(catalog, &column.name),
        };
        if let Some(why) = refused {
            let (plugin, column) = (description.name.clone(), column.name.clone());
            return Err(Error::NotGranted { plugin, column, why });
        }
    }
    Ok(())
}

/// Why a scorer does not get a column, if it does not.
fn refuse(catalog: &Catalog, column: &ColumnWanted) -> Option<Refusal> {
    let fields = || catalog.table(CANDIDATE).into_iter().flat_map(|it| &it.fields);
    let Some(field) = fields().find(|it| it.name == column.name) else {
        return Some(personal(catalog, &column.name).unwrap_or_else(|| Refusal::Unknown {
            known: fields().filter(|it| is_offered(it)).map(|it| it.name.clone()).collect(),
        }));
    };
    let (asked, offered) = (column.column_type, column_type(field.field_type));
    withheld(field).or_else(|| (offered != Some(asked)).then_some(Refusal::OtherType { asked, offered }))
}

fn is_offered(field: &Field) -> bool {
    withheld(field).is_none() && column_type(field.field_type).is_some()
}

/// Why no scorer gets this column of candidates, if none does.
fn withheld(field: &Field) -> Option<Refusal> {
    if OUTCOMES.contains(&field.name.as_str()) {
        return Some(Refusal::Outcome);
    }
    if field.name.ends_with("_id") {
        return Some(Refusal::Identifies);
    }
    word(field.pii).map(|class| Refusal::Personal { class })
}

/// Whether any table that people fill classes a column of this name as personal.
fn personal(catalog: &Catalog, column: &str) -> Option<Refusal> {
    let tables = catalog.tables().filter(|it| it.layer != Layer::System);
    let class = tables.filter_map(|it| it.field(column)).find_map(|it| word(it.pii))?;
    Some(Refusal::Personal { class })
}

fn word(class: Pii) -> Option<&'static str> {
    (class != Pii::None).then(|| class.as_str())
}

/// The type under which plugins are given a column, where they have one for it.
const fn column_type(field: FieldType) -> Option<ColumnType> {
    match field {
        FieldType::String => Some(ColumnType::Text),
        FieldType::Integer => Some(ColumnType::I64),
        FieldType::Number => Some(ColumnType::F64),
        FieldType::Boolean => Some(ColumnType::Bool),
        FieldType::Decimal | FieldType::Date | FieldType::Datetime | FieldType::List => None,
    }
}

#[cfg(test)]
mod tests;
