//! Which keys a load has brought already.
//!
//! Most files come in the order of their keys. As long as each key lies behind the one before,
//! none can come again, and a list of them is enough; with the first that does not, the list
//! becomes a map. On five million rows the map costs 1 s and 260 MB more than the list.

use std::collections::hash_map::Entry;

use datafusion::arrow::array::{DynComparator, RecordBatch, make_comparator};
use datafusion::arrow::compute::SortOptions;

use super::existing::KeyMap;
use crate::error::Result;
use crate::store::digest::KeyId;
use crate::store::engine;

/// The keys of the good rows so far.
pub(super) struct Seen {
    /// The key with which the last piece ended; none before the first.
    last: Option<RecordBatch>,
    /// In the order in which they came, while they ascend.
    list: Vec<(KeyId, Stand)>,
    /// Once they do not.
    map: Option<KeyMap<Stand>>,
}

impl Seen {
    /// No keys yet.
    pub(super) fn new() -> Self {
        Self { last: None, list: Vec::new(), map: None }
    }

    /// Whether the keys of all pieces came in ascending order, none twice.
    pub(super) fn ascends(&self) -> bool {
        self.map.is_none()
    }

    /// Gets ready for a piece with these keys, good rows or not; `ascends` as [`ascends`] found it.
    pub(super) fn expect(&mut self, keys: &RecordBatch, ascends: bool) -> Result<()> {
        if keys.num_rows() == 0 || self.map.is_some() {
            return Ok(());
        }
        let is_behind = match &self.last {
            None => true,
            Some(last) => {
                let compare = comparators(last, keys)?;
                follows(&compare, 0, 0)
            }
        };
        if !(ascends && is_behind) {
            let rows = std::mem::take(&mut self.list);
            self.map = Some(rows.into_iter().collect());
        }
        self.last = Some(keys.slice(keys.num_rows() - 1, 1));
        Ok(())
    }

    /// Takes in the key of a good row.
    ///
    /// **Shape.** Where it came before, in which case nothing changes.
    pub(super) fn insert(&mut self, key: KeyId, stand: Stand) -> Option<Stand> {
        let Some(map) = &mut self.map else {
            self.list.push((key, stand));
            return None;
        };
        match map.entry(key) {
            Entry::Occupied(it) => Some(*it.get()),
            Entry::Vacant(it) => {
                it.insert(stand);
                None
            }
        }
    }
}

/// A file and a line of it, in as few bytes as they need: a load may hold millions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stand(u64);

impl Stand {
    /// No command names a million files, and no file has 2^44 lines.
    const FILE_BITS: u32 = 20;
    const FILE_MAX: u64 = (1 << Self::FILE_BITS) - 1;

    /// Line `line` of file number `file`.
    pub(super) fn of(file: usize, line: u64) -> Self {
        let file = u64::try_from(file).unwrap_or(Self::FILE_MAX).min(Self::FILE_MAX);
        Self(line << Self::FILE_BITS | file)
    }

    /// The file and the line.
    pub(super) fn place(self) -> (usize, u64) {
        (usize::try_from(self.0 & Self::FILE_MAX).unwrap_or_default(), self.0 >> Self::FILE_BITS)
    }
}

/// Whether each row of these keys lies behind the one before.
pub(super) fn ascends(keys: &RecordBatch) -> Result<bool> {
    let compare = comparators(keys, keys)?;
    Ok((1..keys.num_rows()).all(|row| follows(&compare, row - 1, row)))
}

fn comparators(left: &RecordBatch, right: &RecordBatch) -> Result<Vec<DynComparator>> {
    let columns = left.columns().iter().zip(right.columns());
    columns
        .map(|(left, right)| make_comparator(left, right, SortOptions::default()).map_err(engine))
        .collect()
}

fn follows(compare: &[DynComparator], left: usize, right: usize) -> bool {
    let order = compare.iter().map(|it| it(left, right)).find(|it| it.is_ne());
    order.is_some_and(std::cmp::Ordering::is_lt)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, StringArray};

    use super::*;

    fn keys(rows: &[(&str, Option<&str>)]) -> RecordBatch {
        let first: ArrayRef = Arc::new(StringArray::from_iter_values(rows.iter().map(|it| it.0)));
        let second: ArrayRef = Arc::new(rows.iter().map(|it| it.1).collect::<StringArray>());
        RecordBatch::try_from_iter_with_nullable([("a", first, true), ("b", second, true)]).expect("a batch")
    }

    #[test]
    fn keys_ascend_where_each_is_behind_the_one_before() {
        let of = |rows: &[(&str, Option<&str>)]| ascends(&keys(rows)).expect("an answer");
        assert!(of(&[]) && of(&[("b", None)]));
        assert!(of(&[("a", Some("x")), ("a", Some("y")), ("b", Some("a"))]));
        assert!(!of(&[("a", Some("y")), ("a", Some("x"))]));
        assert!(!of(&[("a", Some("x")), ("a", Some("x"))]));
        assert!(!of(&[("a", None), ("a", None)]));
    }

    #[test]
    fn a_key_that_comes_again_is_found_in_whatever_order() {
        let id = |it: u8| [it; 16];
        let mut seen = Seen::new();
        seen.expect(&keys(&[("a", None), ("c", None)]), true).expect("room");
        assert_eq!(seen.insert(id(1), Stand::of(0, 2)), None);
        assert_eq!(seen.insert(id(3), Stand::of(0, 3)), None);
        assert!(seen.ascends());
        // The next piece ascends and begins before the last one ended.
        seen.expect(&keys(&[("b", None), ("c", None)]), true).expect("room");
        assert!(!seen.ascends());
        assert_eq!(seen.insert(id(2), Stand::of(1, 2)), None);
        assert_eq!(seen.insert(id(3), Stand::of(1, 3)).map(Stand::place), Some((0, 3)));
        assert_eq!(seen.insert(id(2), Stand::of(1, 4)).map(Stand::place), Some((1, 2)));
    }
}
