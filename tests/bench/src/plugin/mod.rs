//! Workload  candidates from fixed sequences, in blocks of 65,536 as a match cuts them.
//! Ways      scorers: the ten in Rust, the one in C and the one in Python, as components and native.
//!           regimes: the pool's default scorers without fuel, clock and a NaN that is the same
//!           everywhere, and in one instance for all blocks. exchange: components that take columns and answer zeros. starts: compiled,
//!           from the shelf, one more instance. pass: the default scorers over 50,000,000
//!           candidates (`--quick`: 5,000,000), on one thread and two.
//! Answer    nanoseconds per row and component ÷ native; what of it is crossing the border; what
//!           metering and fresh instances cost; milliseconds of starting; rows per second.
//! Checked   component and native kernel give the same millionths and vetoes before anything is
//!           timed, and so do all regimes.
//!
//! A component is timed with all that a match pays for: an instance, fuel and clock per block, Arrow
//! columns in, checked millionths out. The native kernel gets columns that are ready and answers with
//! floats. Ways of one comparison run in turns;
//! figures are medians of the seconds of all cores, but for the pass, which is a sum.

mod candidates;
mod components;
mod exchange;
mod native;
mod pass;
mod regimes;
mod scorers;
mod starts;
mod taker;

use crate::Scale;
use components::Components;
use taker::Takers;

pub const QUESTION: &str = "What does it cost to run scorers as plugins?";

/// What `--quick` has less of.
#[derive(Clone, Copy)]
struct Effort {
    blocks: usize,
    rounds: usize,
    pass_rows: usize,
}

impl Effort {
    const fn of(scale: Scale) -> Self {
        match scale {
            Scale::Quick => Self { blocks: 4, rounds: 9, pass_rows: 5_000_000 },
            Scale::Usual | Scale::Full => Self { blocks: 8, rounds: 41, pass_rows: 50_000_000 },
        }
    }
}

pub fn run(scale: Scale) -> Result<(), String> {
    let effort = Effort::of(scale);
    let folder = std::env::temp_dir().join(format!("linli-bench-plugin-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|it| it.to_string())?;
    let outcome = Components::get(&folder).and_then(|components| {
        let takers = Takers::get(&folder)?;
        scorers::run(&components, &takers, effort)?;
        regimes::run(&components, effort)?;
        exchange::run(&takers, effort)?;
        starts::run(&components, &folder, effort)?;
        pass::run(&components, effort)
    });
    let _ = std::fs::remove_dir_all(&folder);
    outcome
}

/// What went wrong, as text: here nobody can do anything about it.
fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn ns_per_row(seconds: f64, rows: usize) -> f64 {
    seconds * 1e9 / rows as f64
}
