//! Whether a load brings the mended row for a line that was quarantined before.
//!
//! A line whose key can be read is mended by a row of that key that is kept. Any other line
//! (without key, with the key of another row, cut wrongly) is mended by a good row that stands
//! on its line in a file of its name and that shares more than half of its cells: files of one
//! name come every month, and what stands on line 3 is not always the same.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::arrow::array::Array as _;

use super::check::{Checked, Context};
use super::existing::KeyMap;
use super::open::OpenRow;
use super::quarantine::base_name;
use super::replay;
use crate::error::Result;

/// Open lines of the table that is loaded.
#[derive(Default)]
pub(super) struct Watch {
    rows: Vec<OpenRow>,
    by_key: KeyMap<Vec<usize>>,
    /// For each file of the load: line, and the open lines that stood there.
    by_line: Vec<BTreeMap<u64, Vec<usize>>>,
    mended: BTreeSet<usize>,
}

impl Watch {
    /// Watches for the open lines; `context` is the load's.
    pub(super) fn new(context: &Context, rows: Vec<OpenRow>) -> Result<Self> {
        if rows.is_empty() {
            return Ok(Self::default());
        }
        let mut watch = Self { rows, ..Self::default() };
        let whole = |row: &OpenRow| !row.is_torn() && !row.is_repeated();
        let picked = watch.rows.iter().enumerate().filter(|(_, it)| whole(it));
        let picked = picked.map(|(at, it)| (at, it.cells.clone())).collect();
        // Of lines with other headers the key is not known; their place is.
        let (groups, _) = replay::group(context.table, &context.settled, &watch.rows, picked);
        let mut keyed = BTreeSet::new();
        let own = replay::context(context, &groups);
        for (file, group) in groups.iter().enumerate() {
            let checked = own.check_rows(file, group.raw())?;
            for (row, (at, _)) in group.rows.iter().enumerate() {
                if context.key.iter().all(|it| checked.batch.column(*it).is_valid(row)) {
                    watch.by_key.entry(checked.keys[row]).or_default().push(*at);
                    keyed.insert(*at);
                }
            }
        }
        for file in 0..context.paths.len() {
            let name = base_name(context, file);
            let mut lines = BTreeMap::<u64, Vec<usize>>::new();
            let others = watch.rows.iter().enumerate().filter(|(at, _)| !keyed.contains(at));
            for (at, row) in others.filter(|(_, it)| it.file == name) {
                lines.entry(row.line).or_default().push(at);
            }
            watch.by_line.push(lines);
        }
        Ok(watch)
    }

    /// Looks at a good row; `is_kept` when the table did not hold it.
    pub(super) fn see(&mut self, context: &Context, piece: &Checked, row: usize, is_kept: bool) {
        if is_kept && let Some(found) = self.by_key.get(&piece.keys[row]) {
            self.mended.extend(found);
        }
        let Some(lines) = self.by_line.get(piece.file) else { return };
        let Some(found) = lines.get(&piece.raw.line(row)) else { return };
        let width = context.mappings[piece.file].headers.len();
        let cells: Vec<String> = (0..width).map(|it| piece.raw.quote(row, it)).collect();
        self.mended.extend(found.iter().filter(|it| shares(&self.rows[**it], &cells)));
    }

    /// The records of each mended line.
    pub(super) fn mended(&self) -> Vec<Vec<String>> {
        self.mended.iter().map(|it| self.rows[*it].ids.clone()).collect()
    }
}

/// Whether a row has more than half of its cells from the old line.
fn shares(old: &OpenRow, cells: &[String]) -> bool {
    let old: Vec<&str> = old.cells.iter().map(|(_, cell)| cell.as_str()).collect();
    let old = old.join("\n");
    let filled: Vec<&str> = cells.iter().map(|it| it.trim()).filter(|it| !it.is_empty()).collect();
    let shared = filled.iter().filter(|it| old.contains(**it)).count();
    shared * 2 > filled.len()
}
