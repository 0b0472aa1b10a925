//! End to end: the binary as its users meet it. One test binary, modules in reading order.
//!
//! The binary is the one that `cargo build --release` left beside this test; `cargo xtask test`
//! builds it first.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

mod support;

mod house;

mod check_plan;
mod demo;
mod evaluate;
mod golden;
mod history;
mod matching;
mod moving;
mod practice;
mod proof;
mod relax;
mod selection;
mod story;

mod arrivals;
mod assign;
mod bad_input;
mod hostile;
mod killed;
mod life;
mod plugins;
mod postgres;
mod quarantine;
mod readme;
mod serve;
mod ten_minutes;
mod trust;
