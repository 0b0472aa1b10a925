//! What can be asked: the tables of a snapshot.

use linli_model::{Catalog, Layer, Pii, TableSchema, Text};

use crate::store::Snapshot;
use crate::{Error, Result};

/// One column of a listed table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnEntry {
    /// Its name in SQL.
    pub name: String,
    /// Its Arrow type, as results show it.
    pub kind: String,
    /// Its name for people.
    pub title: Text,
    /// The unit of its values.
    pub unit: Option<String>,
    /// The class of personal information; contact, identity and sensitive are shown masked.
    pub pii: Pii,
}

/// One table of the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableEntry {
    /// Its name in SQL.
    pub name: String,
    /// Its name for people.
    pub title: Text,
    /// What one row is.
    pub description: String,
    /// Who writes it.
    pub layer: Layer,
    /// Its rows in the snapshot.
    pub rows: u64,
    /// Its columns, in order.
    pub columns: Vec<ColumnEntry>,
}

/// Every table of the catalog, by name, with its rows in a snapshot. Opens no table.
pub fn tables(snapshot: &Snapshot, zone: &str) -> Result<Vec<TableEntry>> {
    Ok(Catalog::embedded()?.tables().map(|it| entry(it, snapshot, zone)).collect())
}

/// One table; see [`tables`].
///
/// **Errors.** [`Error::UnknownTable`] with the name that is spelt most like it.
pub fn table(name: &str, snapshot: &Snapshot, zone: &str) -> Result<TableEntry> {
    let catalog = Catalog::embedded()?;
    let found = catalog.table(name).ok_or_else(|| Error::UnknownTable {
        table: name.to_owned(),
        nearest: crate::ingest::nearest_table(name, catalog),
    })?;
    Ok(entry(found, snapshot, zone))
}

fn entry(table: &TableSchema, snapshot: &Snapshot, zone: &str) -> TableEntry {
    let schema = super::tables::shown(table, &zone.into());
    let columns = table.fields.iter().zip(schema.fields()).map(|(field, shown)| ColumnEntry {
        name: field.name.clone(),
        kind: shown.data_type().to_string(),
        title: field.title.clone(),
        unit: field.unit.clone(),
        pii: field.pii,
    });
    TableEntry {
        name: table.name.clone(),
        title: table.title.clone(),
        description: table.description.clone(),
        layer: table.layer,
        rows: snapshot.tables.get(&table.name).map_or(0, |it| it.rows),
        columns: columns.collect(),
    }
}
