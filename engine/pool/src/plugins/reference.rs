//! The plugins that every new pool has.

use super::PluginRow;

/// The reference plugins, as committed, by name.
pub(super) static REFERENCE: [&[u8]; 14] = [
    include_bytes!("../../../../plugins/dist/continuity.wasm"),
    include_bytes!("../../../../plugins/dist/exclusion-zone.wasm"),
    include_bytes!("../../../../plugins/dist/hotline-rates.wasm"),
    include_bytes!("../../../../plugins/dist/load-balance.wasm"),
    include_bytes!("../../../../plugins/dist/local-first.wasm"),
    include_bytes!("../../../../plugins/dist/merchant-offer.wasm"),
    include_bytes!("../../../../plugins/dist/skill-fit.wasm"),
    include_bytes!("../../../../plugins/dist/speciality-point.wasm"),
    include_bytes!("../../../../plugins/dist/star-rating.wasm"),
    include_bytes!("../../../../plugins/dist/time-bank-credit.wasm"),
    include_bytes!("../../../../plugins/dist/topsis.wasm"),
    include_bytes!("../../../../plugins/dist/visit-team.wasm"),
    include_bytes!("../../../../plugins/dist/walking-distance.wasm"),
    include_bytes!("../../../../plugins/dist/weighted-index.wasm"),
];

/// What was seen of them when they were examined: a row each.
///
/// A test loads and examines every one of them and compares, so that no `init` has to. Bytes whose
/// digest is not listed here are examined like anybody's.
const EXAMINED: &str = include_str!("reference.json");

/// What is known of components that were examined before this program was built.
pub(super) fn examined() -> Vec<PluginRow> {
    // A list that cannot be read costs time and nothing else; the test would say so.
    serde_json::from_str(EXAMINED).unwrap_or_default()
}
