//! Our own solver in a process of its own, so that each run starts from the same memory.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use linli_assign::{Limits, PairPrice, Phase, Problem, Solution, certify, solve, solve_watched};

use super::instance::Instance;
use crate::rounds::cpu_ns;

/// The first argument that makes this program solve one file and end.
pub const COMMAND: &str = "assign-one";

/// Solves two files and prints what the second took: the checks of the problem, its plan, prices and
/// proof, and nothing from before. The proof is then made once more alone, to tell its share.
///
/// The first file is there to have the solver's code in memory.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let [threads, first, file] = arguments else { return Err(format!("{COMMAND} THREADS FIRST FILE")) };
    let threads = threads.parse().map_err(|_| "threads are a number".to_owned())?;
    let limits = Limits { threads, ..Limits::default() };
    let read = |file: &str| Instance::read(Path::new(file)).map_err(|it| it.to_string());
    let Instance { needs, nodes, edges } = read(first)?;
    let problem = Problem::new(needs, nodes, edges).map_err(|it| it.to_string())?;
    solve(&problem, &limits).map_err(|it| it.to_string())?;
    let Instance { needs, nodes, edges } = read(file)?;
    // The kernel then counts the peak of memory from here on.
    fs::write("/proc/self/clear_refs", "5").map_err(|it| format!("/proc/self/clear_refs: {it}"))?;

    let (wall, cpu) = (Instant::now(), cpu_ns());
    let problem = Problem::new(needs, nodes, edges).map_err(|it| it.to_string())?;
    let check_ns = cpu_ns() - cpu;
    let phases = Phases::new();
    let solution = solve_watched(&problem, &limits, &|phase, steps| phases.end(phase, steps))
        .map_err(|it| it.to_string())?;
    let (cpu_ns_taken, wall_ns) = (cpu_ns() - cpu, wall.elapsed().as_nanos());

    let peak_kb = peak_kb().ok_or("no VmHWM in /proc/self/status")?;
    let before = cpu_ns();
    let proof = certify(&problem, &solution);
    let proof_ns = cpu_ns() - before;
    if !proof.is_proof() {
        return Err(format!("not optimal: a gap of {}", proof.gap));
    }
    println!(
        "objective={} wall_ns={wall_ns} cpu_ns={cpu_ns_taken} peak_kb={peak_kb} check_ns={check_ns} \
         proof_ns={proof_ns} digest={} {}",
        solution.objective,
        digest(&solution),
        phases.text()
    );
    Ok(())
}

/// The phases of a solve, and the word for each.
pub const PHASES: [(&str, Phase); 7] = [
    ("order", Phase::Order),
    ("graph", Phase::Graph),
    ("auction", Phase::Auction),
    ("repair", Phase::Repair),
    ("lift", Phase::Lift),
    ("prices", Phase::Prices),
    ("proof", Phase::Proof),
];

/// What each phase took over all parts; with two threads what one does while the other is in
/// another phase is counted for whichever ends first.
struct Phases(Mutex<PhaseTimes>);

struct PhaseTimes {
    since_ns: u64,
    taken_ns: [u64; PHASES.len()],
    bids: u64,
    settled: u64,
}

impl Phases {
    fn new() -> Self {
        let taken_ns = [0; PHASES.len()];
        Self(Mutex::new(PhaseTimes { since_ns: cpu_ns(), taken_ns, bids: 0, settled: 0 }))
    }

    fn end(&self, phase: Phase, steps: u64) {
        let mut times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = cpu_ns();
        if let Some(at) = PHASES.iter().position(|it| it.1 == phase) {
            times.taken_ns[at] += now - times.since_ns;
        }
        times.since_ns = now;
        match phase {
            Phase::Auction => times.bids += steps,
            _ => times.settled += steps,
        }
    }

    /// As `key=value` words.
    fn text(&self) -> String {
        let times = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = PHASES.iter().zip(times.taken_ns).map(|((name, _), ns)| format!("{name}_ns={ns}"));
        let taken: Vec<String> = taken.collect();
        format!("{} bids={} settled={}", taken.join(" "), times.bids, times.settled)
    }
}

/// The peak of this process alone; what a parent is told may be from before the process began.
fn peak_kb() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// Plan and prices in one number: whether two runs gave the same.
///
/// **Source.** FNV-1a, over words in place of bytes.
fn digest(solution: &Solution) -> u64 {
    let Solution { chosen, unmet, prices, .. } = solution;
    let pair = |it: &PairPrice| [u64::from(it.need), u64::from(it.pair), it.price as u64];
    let lists = chosen.iter().chain(unmet).map(|it| u64::from(*it));
    let prices = lists
        .chain(prices.need.iter().chain(&prices.node).map(|it| *it as u64))
        .chain(prices.pair.iter().flat_map(pair));
    prices.fold(0xcbf2_9ce4_8422_2325, |sum, it| (sum ^ it).wrapping_mul(0x100_0000_01b3))
}
