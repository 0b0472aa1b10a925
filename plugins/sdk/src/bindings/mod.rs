//! Generated from `plugins/wit/linli.wit`; checked in so that a plugin needs no macro crates.
//!
//! After a change of the WIT text, run these from the root of the repository
//! (`cargo install wit-bindgen-cli --version 0.61.1`):
//!
//! ```text
//! wit-bindgen rust plugins/wit --world scoring --pub-export-macro --generate-unused-types \
//!   -d PartialEq --out-dir plugins/sdk/src/bindings
//! wit-bindgen rust plugins/wit --world evaluating --pub-export-macro -d PartialEq \
//!   --with linli:plugin/types@0.1.0=crate::bindings::scoring::linli::plugin::types \
//!   --with linli:plugin/diagnostics@0.1.0=crate::bindings::scoring::linli::plugin::diagnostics \
//!   --out-dir plugins/sdk/src/bindings
//! ```
//!
//! SHA-256 of the text they were generated from, without comments and empty lines:
//! 8c240a3c539bda0470808cc74a6875ce46468c4121d2a9c7a24dac73de2ece2b
#![expect(
    unsafe_code,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "generated"
)]

#[rustfmt::skip]
pub mod evaluating;
#[rustfmt::skip]
pub mod scoring;
