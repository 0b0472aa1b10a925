//! What people settled about the headers and words of a table.

use std::collections::BTreeMap;

use super::header::same;

/// Words of a column: found, and what is put in its place; null empties the cell.
pub(super) type Words = BTreeMap<String, Option<String>>;

/// What is settled for one table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Settled {
    /// Header and column; null where the header is not to be read.
    pub(super) columns: BTreeMap<String, Option<String>>,
    /// Column and its words.
    pub(super) values: BTreeMap<String, Words>,
}

impl Settled {
    /// What is said of a header; none where nothing is said.
    pub(super) fn column(&self, header: &str) -> Option<Option<&str>> {
        let found = self.columns.iter().find(|(it, _)| same(it, header));
        found.map(|(_, column)| column.as_deref())
    }

    /// The words of a column.
    pub(super) fn words(&self, column: &str) -> Words {
        self.values.get(column).cloned().unwrap_or_default()
    }

    /// Whether nothing is settled.
    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.values.is_empty()
    }

    /// This on top of what was settled before.
    pub(super) fn over(self, mut before: Self) -> Self {
        before.columns.retain(|old, _| !self.columns.keys().any(|new| same(old, new)));
        before.columns.extend(self.columns);
        for (column, words) in self.values {
            before.values.entry(column).or_default().extend(words);
        }
        before
    }
}
