//! The pool's default scorers over as many candidates as a city has, on one thread and two.
//!
//! The same sixteen blocks again and again: what a block holds does not change what it takes, and
//! fifty million candidates would be 2 GB. Scores are dropped once they are checked.

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use linli_plugin::{Host, Limits, Plugin, ROWS_PER_BLOCK};

use super::components::{Components, DEFAULTS};
use super::scorers::Twins;
use super::{Effort, said};
use crate::rounds::cpu_seconds;

const BLOCKS: usize = 16;
/// Candidates before it is another way's turn.
const TURN: usize = 5_000_000;

/// Who scores, on how many threads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Sandbox(usize),
    Native(usize),
}

const WAYS: [Way; 4] = [Way::Sandbox(1), Way::Sandbox(2), Way::Native(1), Way::Native(2)];

pub fn run(components: &Components, effort: Effort) -> Result<(), String> {
    let host = Host::new(Limits::default()).map_err(said)?;
    let mut scorers = Vec::new();
    for name in DEFAULTS {
        scorers.push(Twins::of(components.named(name)?, &host, BLOCKS)?);
    }
    let turns = effort.pass_rows / TURN;
    let (mut seconds, mut core_seconds) = ([0.0; WAYS.len()], [0.0; WAYS.len()]);
    for _ in 0..turns {
        for (at, way) in WAYS.iter().enumerate() {
            let start = Instant::now();
            let mut outcome = Ok(());
            core_seconds[at] += cpu_seconds(|| outcome = score(&scorers, *way));
            seconds[at] += start.elapsed().as_secs_f64();
            outcome?;
        }
    }
    print(turns * TURN.div_ceil(ROWS_PER_BLOCK as usize) * ROWS_PER_BLOCK as usize, seconds, core_seconds);
    Ok(())
}

/// On a busy machine seconds of the clock say little, seconds of cores much.
fn print(rows: usize, seconds: [f64; WAYS.len()], core_seconds: [f64; WAYS.len()]) {
    println!("\n  pass of {} over {:.1} million candidates", DEFAULTS.join(", "), rows as f64 / 1e6);
    println!(
        "  {:<12} {:>8} {:>9} {:>16} {:>14} {:>20} {:>10}",
        "", "threads", "seconds", "million rows/s", "core seconds", "per core second", "÷ native"
    );
    for (at, way) in WAYS.iter().enumerate() {
        let (name, threads) = match way {
            Way::Sandbox(threads) => ("components", threads),
            Way::Native(threads) => ("native", threads),
        };
        let native = WAYS.iter().position(|it| *it == Way::Native(*threads));
        let ratio = core_seconds[at] / native.map_or(f64::NAN, |it| core_seconds[it]);
        let per_s = |it: f64| rows as f64 / it / 1e6;
        let (clock, cores) = (seconds[at], core_seconds[at]);
        println!(
            "  {name:<12} {threads:>8} {clock:>9.2} {:>16.2} {cores:>14.2} {:>20.2} {ratio:>10.2}",
            per_s(clock),
            per_s(cores)
        );
    }
    println!("  two threads are {:.2} times as fast as one", seconds[0] / seconds[1]);
}

/// One turn: threads take the next block until there is none.
fn score(scorers: &[Twins], way: Way) -> Result<(), String> {
    let next = AtomicUsize::new(0);
    let blocks = TURN.div_ceil(ROWS_PER_BLOCK as usize);
    let work = || {
        loop {
            let block = next.fetch_add(1, Ordering::Relaxed);
            if block >= blocks {
                return Ok(());
            }
            for scorer in scorers {
                one_block(scorer, way, block % BLOCKS)?;
            }
        }
    };
    let (Way::Sandbox(threads) | Way::Native(threads)) = way;
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let ended = running.into_iter().map(|it| it.join().map_err(|_| "a thread died".to_owned())?);
        ended.collect()
    })
}

fn one_block(scorer: &Twins, way: Way, block: usize) -> Result<(), String> {
    match way {
        Way::Native(_) => {
            black_box((scorer.kernel)(&scorer.blocks[block])).map_err(|it| format!("{it:?}"))?;
        }
        Way::Sandbox(_) => {
            let rows = Plugin::blocks(scorer.rows()).nth(block).ok_or("there is no such block")?;
            black_box(scorer.plugin.score_block("{}", &scorer.batch, rows)).map_err(said)?;
        }
    }
    Ok(())
}
