//! The columns that order a list, and what comes before and after a row.

use linli_model::{Field, FieldType, Layer, TableSchema};
use linli_pool::query::{Frame, ParamValue, integer_at, text_at};

use crate::error::{Error, Result};
use crate::wire::KeyPart;

/// One column of a list's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// The column, or what stands for it where it may be NULL.
    pub(super) sql: String,
    kind: FieldType,
    is_descending: bool,
}

impl Key {
    /// The order of a table: its primary key, the newest snapshot first if wanted.
    pub(super) fn all(schema: &TableSchema, newest_first: bool) -> Vec<Self> {
        let field = |name: &str| schema.field(name);
        let snapshot =
            newest_first.then(|| field("snapshot")).flatten().map(|it| Self::new(schema, it, true));
        let primary = schema.primary_key.iter().filter_map(|it| field(it));
        snapshot.into_iter().chain(primary.map(|it| Self::new(schema, it, false))).collect()
    }

    fn new(schema: &TableSchema, field: &Field, is_descending: bool) -> Self {
        let column = quoted(&field.name);
        // What people load may leave a part of the key open; what linli writes does not.
        let is_open = schema.layer == Layer::Input && !field.constraints.required;
        let is_text = field.field_type == FieldType::String;
        let sql = if is_open && is_text { format!("coalesce({column}, '')") } else { column };
        Self { sql, kind: field.field_type, is_descending }
    }

    /// A part of a token as a value of this column.
    pub(super) fn value(&self, part: &KeyPart) -> Result<ParamValue> {
        match (self.kind, part) {
            (FieldType::String, KeyPart::Text(it)) => Ok(ParamValue::Text(it.clone())),
            (FieldType::Integer, KeyPart::Integer(it)) => Ok(ParamValue::Integer(*it)),
            (FieldType::Datetime, KeyPart::Integer(it)) => Ok(ParamValue::Timestamp(*it)),
            _ => Err(Error::BadCursor { cause: "is not one of ours" }),
        }
    }
}

/// The key in the only row of a frame, whose columns are `key_0`, `key_1`, …
pub(super) fn read(keys: &[Key], frame: &Frame) -> Result<Vec<KeyPart>> {
    let part = |(position, key): (usize, &Key)| {
        let name = format!("key_{position}");
        let part = match key.kind {
            FieldType::Integer => integer_at(&frame.integers(&name)?, 0).map(KeyPart::Integer),
            FieldType::Datetime => integer_at(&frame.times(&name)?, 0).map(KeyPart::Integer),
            _ => text_at(&frame.texts(&name)?, 0).map(|it| KeyPart::Text(it.to_owned())),
        };
        part.ok_or(Error::Broken)
    };
    keys.iter().enumerate().map(part).collect()
}

/// The order as SQL.
pub(super) fn order(keys: &[Key]) -> String {
    let part = |it: &Key| format!("{}{}", it.sql, if it.is_descending { " DESC" } else { "" });
    keys.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// Rows at a key or after it; its parts are `$<prefix>0`, `$<prefix>1`, …
pub(super) fn from(keys: &[Key], prefix: &str) -> String {
    compared(keys, prefix, [">", "<"], "=")
}

/// Rows before a key.
pub(super) fn before(keys: &[Key], prefix: &str) -> String {
    compared(keys, prefix, ["<", ">"], "")
}

/// Compares rows with a key, column by column. `operators` are for ascending and descending
/// columns; `equal` is added to the last.
fn compared(keys: &[Key], prefix: &str, operators: [&str; 2], equal: &str) -> String {
    let mut condition = String::new();
    for (position, key) in keys.iter().enumerate().rev() {
        let (sql, operator) = (&key.sql, operators[usize::from(key.is_descending)]);
        condition = if condition.is_empty() {
            format!("{sql} {operator}{equal} ${prefix}{position}")
        } else {
            format!("({sql} {operator} ${prefix}{position} OR ({sql} = ${prefix}{position} AND {condition}))")
        };
    }
    condition
}

/// A name in SQL, whatever it means otherwise.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use linli_model::Catalog;

    use super::*;

    fn keys(table: &str, newest_first: bool) -> Vec<Key> {
        let catalog = Catalog::embedded().expect("schemas");
        Key::all(catalog.table(table).expect("a table"), newest_first)
    }

    #[test]
    fn rows_are_compared_column_by_column() {
        let pin = keys("pin", false);
        assert_eq!(order(&pin), "\"need_id\", \"provider_id\"");
        assert_eq!(from(&pin, "a"), "(\"need_id\" > $a0 OR (\"need_id\" = $a0 AND \"provider_id\" >= $a1))");
        let run = keys("run", true);
        assert_eq!(order(&run), "\"snapshot\" DESC, \"run_id\"");
        assert_eq!(before(&run, "b"), "(\"snapshot\" > $b0 OR (\"snapshot\" = $b0 AND \"run_id\" < $b1))");
    }

    #[test]
    fn a_key_that_may_be_open_is_filled() {
        let last = keys("availability", false).pop().map(|it| it.sql);
        assert_eq!(last.as_deref(), Some("coalesce(\"rrule\", '')"));
    }
}
