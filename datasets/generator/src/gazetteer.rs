//! Places as rows: what the texts call a place, and where it lies.
//!
//! Two spellings are two rows. That they may mean one place is noted as `waiting` and settled by
//! people; nothing here merges them.

use crate::record::practice::PlaceRow;

/// What codes of districts and of what stands above them are taken from.
const DIVISIONS: &str = "GB/T 2260";

/// A place that a text names: identity, name, level, parent.
pub(crate) fn named(place_id: &str, name: &str, level: &'static str, parent_id: &'static str) -> PlaceRow {
    PlaceRow {
        place_id: place_id.to_owned(),
        name: name.to_owned(),
        level,
        parent_id,
        review: "none",
        provenance: "published",
        ..PlaceRow::default()
    }
}

/// A division that a text names, with its code.
pub(crate) fn division(
    place_id: &str,
    name: &str,
    level: &'static str,
    parent_id: &'static str,
    code: &'static str,
) -> PlaceRow {
    PlaceRow { code, code_system: DIVISIONS, ..named(place_id, name, level, parent_id) }
}
