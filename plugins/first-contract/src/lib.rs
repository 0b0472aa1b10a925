//! A scorer made for `linli:plugin@0.0.1`, which knew no vetoes: neighbours first.
//!
//! It is here to stay as it is: hosts promise to run what offices deployed years ago. There was no
//! SDK then, so it fills in the generated interface by hand.
//!
//! `bindings.rs` is generated, from the root of the repository:
//!
//! ```text
//! wit-bindgen rust plugins/wit/older/linli-0.0.1.wit --world scoring --pub-export-macro \
//!   --out-dir plugins/first-contract/src
//! mv plugins/first-contract/src/scoring.rs plugins/first-contract/src/bindings.rs
//! ```

#[rustfmt::skip]
#[expect(
    unsafe_code,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "generated"
)]
pub mod bindings;

use bindings::exports::linli::plugin::scorer::{Batch, Fault, Guest};
use bindings::linli::plugin::types::ColumnData;

/// The plugin.
pub struct FirstContract;

/// The score of who lives elsewhere, or nobody knows where.
const STRANGER: f64 = 0.5;

impl Guest for FirstContract {
    fn describe() -> String {
        r#"{
            "name": "first-contract",
            "version": "0.0.1",
            "kind": "scorer",
            "title": {"zh": "最早的契约", "en": "The first contract"},
            "summary": {"zh": "本社区的人优先。", "en": "Neighbours first."},
            "columns": [{"name": "same_community", "type": "bool"}],
            "settings": {"type": "object", "properties": {}, "additionalProperties": false},
            "vetoes": [],
            "authors": ["linli"],
            "licence": "Apache-2.0"
        }"#
        .to_owned()
    }

    fn configure(settings: String) -> Result<(), Fault> {
        match settings.trim() {
            "{}" => Ok(()),
            other => Err(Fault::BadSettings(format!("found {other}, expected {{}}"))),
        }
    }

    fn score(batch: Batch) -> Result<Vec<f64>, Fault> {
        let column =
            batch.columns.first().ok_or_else(|| Fault::MissingColumn("same_community".to_owned()))?;
        let ColumnData::Bools(values) = &column.data else {
            return Err(Fault::Other(format!("found another type in {}, expected bool", column.name)));
        };
        let is_known = |row: usize| column.validity.as_ref().is_none_or(|it| it[row] == 1);
        let score = |(row, value): (usize, &u8)| if is_known(row) && *value == 1 { 1.0 } else { STRANGER };
        Ok(values.iter().enumerate().map(score).collect())
    }
}

#[cfg(target_arch = "wasm32")]
#[expect(unsafe_code, reason = "generated")]
mod export {
    use super::FirstContract;

    crate::bindings::export!(FirstContract with_types_in crate::bindings);
}
