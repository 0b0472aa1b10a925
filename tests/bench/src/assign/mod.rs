//! Workload  cities of 1k, 10k and 100k needs (`--quick`: without 100k; `--full`: one of 1M as
//!           well) of four families, flat and with four lexicographic tiers; dense problems; eleven
//!           kinds of small ones that are hard on some solver. All from fixed seeds.
//! Ways      linli with one thread and two; OR-Tools' SimpleMinCostFlow; LEMON's NetworkSimplex and
//!           CostScaling; scipy's matchings where everybody asks for one unit of a node that stands
//!           alone; HiGHS' simplex up to 1k. One process per run, in turns.
//!           Then single events in solved cities of the four families, ours alone.
//! Answer    seconds of all cores for building what the solver needs and solving, and linli ÷ each
//!           other; wall seconds of two threads ÷ one; peak memory; growth by size; microseconds of
//!           events. Reading files and starting up are left out.
//! Checked   all find the same optimum, ours with a proof, and the same plan however many threads.

mod arrivals;
mod child;
mod cities;
mod city;
mod draw;
mod families;
mod hard;
mod instance;
mod near;
mod race;
mod robust;
mod ways;
mod week;

use std::path::Path;

pub use child::{COMMAND, run as solve_one};

use crate::Scale;
use ways::Solvers;

pub const QUESTION: &str = "How long does the solver take beside others that find the same optimum?";

pub fn run(scale: Scale) -> Result<(), String> {
    let folder = std::env::temp_dir().join(format!("linli-bench-assign-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|it| it.to_string())?;
    let outcome = measure(scale, &folder);
    let _ = std::fs::remove_dir_all(&folder);
    outcome
}

fn measure(scale: Scale, folder: &Path) -> Result<(), String> {
    let solvers = Solvers::get(folder)?;
    cities::run(&solvers, scale, folder)?;
    robust::run(&solvers, folder, scale)?;
    arrivals::run(scale)
}

/// A size as it is spoken of.
fn named(needs: usize) -> String {
    match needs {
        1_000_000.. => format!("{}M", needs / 1_000_000),
        1_000.. => format!("{}k", needs / 1_000),
        _ => needs.to_string(),
    }
}
