//! What names a candidate: need, occurrence, provider and slot.

use arrow_array::{Int64Array, StringArray};
use linli_query::Frame;

use crate::Result;

/// The columns that name a candidate.
pub(crate) struct Key {
    pub needs: StringArray,
    pub occurrences: Int64Array,
    pub providers: StringArray,
    pub slots: StringArray,
}

impl Key {
    pub(crate) fn new(rows: &Frame) -> Result<Self> {
        Ok(Self {
            needs: rows.texts("need_id")?,
            occurrences: rows.times("occurrence_start")?,
            providers: rows.texts("provider_id")?,
            slots: rows.texts("slot_id")?,
        })
    }

    /// The row of a candidate; candidates are sorted by their key.
    pub(crate) fn row(&self, key: (&str, i64, &str, &str)) -> Option<u32> {
        let at = |row: usize| {
            let (need, start) = (self.needs.value(row), self.occurrences.value(row));
            (need, start, self.providers.value(row), self.slots.value(row))
        };
        let (mut low, mut high) = (0, self.occurrences.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if at(middle) < key {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let is_there = low < self.occurrences.len() && at(low) == key;
        u32::try_from(low).ok().filter(|_| is_there)
    }
}
