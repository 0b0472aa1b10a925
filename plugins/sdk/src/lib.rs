//! What a plugin author needs: columns in, scores out, settings, and `describe`.
//!
//! ```text
//!              describe ◀── Manifest (a constant)
//! settings ──▶ configure ─▶ your type (settings already checked)
//!    batch ──▶ score ─────▶ Scores, or a Fault with a text
//!              panic ─────▶ diagnostics.report
//! ```
//!
//! A scorer is a type with [`Scorer`], exported once with [`export_scorer!`]; an evaluator
//! likewise with [`Evaluator`] and [`export_evaluator!`]:
//!
//! ```
//! use linli_sdk::{
//!     Batch, ColumnType, ColumnWanted, Columns, Fault, Manifest, Scorer, Scores, Settings,
//!     Wording,
//! };
//!
//! struct SameCommunity;
//!
//! impl Scorer for SameCommunity {
//!     const MANIFEST: Manifest = Manifest {
//!         name: "same-community",
//!         version: "0.1.0",
//!         title: Wording { zh: "同一社区", en: "Same community" },
//!         summary: Wording { zh: "本社区的人优先。", en: "Neighbours first." },
//!         columns: Columns::Named(&[ColumnWanted {
//!             name: "same_community",
//!             ty: ColumnType::Bool,
//!         }]),
//!         settings: &[],
//!         vetoes: &[],
//!         authors: &["me"],
//!         licence: "Apache-2.0",
//!     };
//!
//!     fn configure(_: &Settings) -> Result<Self, Fault> {
//!         Ok(Self)
//!     }
//!
//!     fn score(&self, batch: &Batch) -> Result<Scores, Fault> {
//!         let same = batch.bools("same_community")?;
//!         Ok(Scores::new(same.iter().map(|it| if it == Some(true) { 1.0 } else { 0.5 })))
//!     }
//! }
//!
//! linli_sdk::export_scorer!(SameCommunity);
//! ```
//!
//! The same type runs natively, without a component: [`configured`] and then its own methods.
//! The crate exports nothing to the outside unless it is built for `wasm32`.
//!
//! What is deliberately absent: files, clock, network, randomness. The only import is
//! `diagnostics`, through [`report`].
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

mod batch;
mod bindings;
mod decimal;
mod diagnostics;
mod guest;
mod json;
mod manifest;
mod settings;

pub use batch::{Texts, Values, count};
pub use bindings::scoring::linli::plugin::types::{
    Batch, Column, ColumnData, DistrictIndex, Fault, Scores, TextColumn, Veto,
};
pub use diagnostics::{Level, report};
pub use guest::{Evaluator, Scorer, configured};
pub use json::Json;
pub use manifest::{ColumnType, ColumnWanted, Columns, Manifest, Setting, SettingType, VetoCode, Wording};
pub use settings::Settings;

/// What the export macros expand to; not for use by hand.
#[doc(hidden)]
pub mod export {
    pub use crate::bindings::{evaluating, scoring};
    pub use crate::diagnostics::report_panics;
    pub use crate::guest::Slot;
}

/// The example in `plugins/README.md` compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
