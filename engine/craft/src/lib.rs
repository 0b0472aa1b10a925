//! How a plugin is made from source: it alone knows templates, compilers and components.
//!
//! ```text
//! Language ──new_project──▶ a folder ──build──▶ NAME.wasm
//!
//! rust    Cargo.toml   cargo, a compiler for wasm32, its own linker          from Debian, if need be
//! python  plugin.py    componentize-py                                       from PyPI
//! c       plugin.c     zig cc ─▶ a module, set into the frame of its world    from PyPI
//! ```
//!
//! A new folder has everything in it: the SDK of its language as source, a plugin that keeps the
//! contract, and tests. It needs neither this repository nor, once the tools are there, a network.
//!
//! Tools that are missing are put into the folder `linli` of the user's cache, each in a fixed
//! version, by Python's and Debian's own package tools; nothing is installed elsewhere and no
//! rights are needed. What cannot be had is said, with what to type.
//!
//! Equal sources and equal tools give equal bytes, whatever the folders are called; not so for
//! Python, whose interpreter is stored as it stood in memory while it was built.
//!
//! What is deliberately absent: wasmtime, every other library, the terminal. Whether a component
//! keeps the contract is for `linli-plugin` to say.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

mod c;
mod component;
mod error;
mod language;
mod project;
mod python;
mod run;
pub mod rust;
mod template;
mod venv;

pub use component::World;
pub use error::{Error, Result, Text};
pub use language::Language;
pub use project::{Built, at_hand, build, prepare};
pub use run::{cache, first_line, run};
pub use template::new_project;

/// Hears what is being done while it takes long: one line each.
pub type Say<'a> = &'a dyn Fn(&Text);
