//! Runs other people's opinions: the only door to wasmtime.
//!
//! ```text
//! bytes ─load─▶ Plugin ─┬─ score    (Arrow batch) ─▶ Scores, in millionths, checked
//!                       └─ evaluate (indicators)  ─▶ one index per district, checked
//!          Host: fuel · clock · memory · stack · texts, all in `limits`
//! ```
//!
//! A plugin is a WebAssembly component of a world of `plugins/wit/linli.wit`. It gets the
//! columns it asked for and nothing else: no files, no clock, no network, no randomness.
//! Whatever it answers is checked before it is believed, and whatever it does wrong is an
//! [`Error`] that names plugin, call and rows; the host carries on.
//!
//! **Invariant: the same component, settings and rows give the same answer**, on every machine
//! and any number of threads. Fuel, counted in instructions, decides what a plugin may compute;
//! the wall clock can only turn a run into an error. Each block of 65,536 rows and each
//! evaluation meets a fresh instance, so nothing a plugin remembers reaches the next one.
//!
//! Code that was compiled before is loaded only from under a seal of the user's own (`code.rs`,
//! the one place with unsafe code). Who stands behind a component is for [`Signatures`] and
//! [`Policy`] to say.
//!
//! What is deliberately absent: WASI, files (the pool keeps them), settings of its own.
//! Start reading at [`Host`] and [`Plugin`].

mod answer;
mod border;
mod check;
mod code;
mod description;
mod effort;
mod error;
mod exchange;
mod grant;
mod host;
mod known;
mod limits;
pub mod measure;
mod plugin;
mod schema;
mod session;
mod state;
mod trust;
mod world;

pub use answer::{DistrictIndex, Evaluated, Scores, Veto};
pub use check::{Check, Report, Said, check, examine, listen, made_up};
pub use code::Shelf;
pub use description::{ColumnType, ColumnWanted, Columns, Description, PluginKind, VetoCode};
pub use error::{Call, Error, Fault, Part, Refusal, Result, Site};
pub use host::Host;
pub use limits::{Limits, ROWS_PER_BLOCK};
pub use plugin::{Evaluator, Plugin, digest};
pub use state::Remark;
pub use trust::{
    Distrust, Manifest, Policy, PublicKey, SecretKey, Signatures, Signer, Standing, TrustedKey, WHOLE_POOL,
    random_bytes,
};
