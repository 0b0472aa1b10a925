//! Counts the tables of a statement before it is planned.

use std::collections::{BTreeMap, VecDeque};

use datafusion::sql::sqlparser::ast::Query;

use super::guard::{READS_MAX, TABLES_MAX};
use crate::{Error, Result};

/// How many tables a statement names and reads: a named query is read wherever it is named.
#[derive(Debug, Default)]
pub(super) struct Tally {
    written: usize,
    /// Of every query around the place: its tables so far, and the names of those it still defines.
    open: Vec<(usize, VecDeque<String>)>,
    /// The tables of named queries; where a name is used twice, the larger one's.
    named: BTreeMap<String, usize>,
}

impl Tally {
    /// A query begins.
    pub(super) fn enter(&mut self, query: &Query) {
        let defined = query.with.iter().flat_map(|it| &it.cte_tables);
        self.open.push((0, defined.map(|it| it.alias.name.value.to_lowercase()).collect()));
    }

    /// A query ends. Definitions are visited first, each as one query.
    ///
    /// **Errors.** [`Error::Over`].
    pub(super) fn leave(&mut self) -> Result<()> {
        let Some((tables, _)) = self.open.pop() else { return Ok(()) };
        let Some((around, defined)) = self.open.last_mut() else { return Ok(()) };
        if let Some(name) = defined.pop_front() {
            let known = self.named.entry(name).or_default();
            *known = tables.max(*known);
            return Ok(());
        }
        *around += tables;
        few(*around, READS_MAX)
    }

    /// A table stands here; `name` may be that of a query.
    ///
    /// **Errors.** [`Error::Over`].
    pub(super) fn add(&mut self, name: &str) -> Result<()> {
        self.written += 1;
        few(self.written, TABLES_MAX)?;
        let tables = self.named.get(name).copied().unwrap_or(1);
        let Some((around, _)) = self.open.last_mut() else { return Ok(()) };
        *around += tables;
        few(*around, READS_MAX)
    }
}

fn few(tables: usize, most: usize) -> Result<()> {
    if tables <= most {
        return Ok(());
    }
    Err(Error::over("tables of one statement", "一条语句中的表数", most as u64))
}
