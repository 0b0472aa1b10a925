//! How a problem is solved: an auction for nearly everything, exact repair for the rest.
//!
//! ```text
//! cut penalties ─▶ auction ─▶ drop what prices do not justify ─▶ repair ─▶ lift ─▶ repair ─▶ proof
//! ```
//!
//! Each step is exact about what it hands on: [`crate::auction`] a feasible plan with prices,
//! [`crate::repair`] the optimum for the penalties it is given, [`crate::level`] the optimum for
//! the true ones but for the needs it names. Nothing depends on how good the auction was.

use std::cmp::Reverse;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::auction;
use crate::certify::certify;
use crate::error::Error;
use crate::graph::{Graph, Purpose};
use crate::level::Levels;
use crate::network::Network;
use crate::order::{Order, Part};
use crate::price::read_off;
use crate::problem::Problem;
use crate::repair;
use crate::search::Search;
use crate::solution::{Solution, Status};
use crate::unique::ZeroArcs;

/// How often hashes that do not decide are replaced: once in a million problems they are.
const ATTEMPTS_MAX: u32 = 16;

/// When to stop early, how many hands there are, and which of equally good plans is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most bids and most vertices to settle over all searches, together; no limit if `None`.
    /// Steps, not seconds: the same limit gives the same answer on every machine. A step may look
    /// at all edges of a need. With a limit one thread does all.
    pub steps_max: Option<u64>,
    /// Threads that solve parts which have nothing to do with each other. They change how long
    /// it takes and nothing else.
    pub threads: usize,
    /// Which of several plans that cost the same is taken: another seed, another one.
    pub seed: u64,
}

impl Default for Limits {
    /// No limit of steps, one thread, seed 0.
    fn default() -> Self {
        Self { steps_max: None, threads: 1, seed: 0 }
    }
}

/// Finds a cheapest plan and the prices that prove it.
///
/// **Shape.** See [`Solution`]; ids are positions in the problem's lists.
/// **Units.** Costs, penalties and prices share one unit, integers throughout.
/// **Errors.** [`Error::Unproven`] if the answer does not pass [`certify`], which no input
/// should bring about.
/// **Cost.** O(units × E log V) at worst. 100,000 needs with 20 edges each take 0.7 to 1.4 s, with
/// four lexicographic tiers 1.1 to 2.2 s (one core, November 2026).
/// **Determinism.** The answer depends on the problem and the limits only.
pub fn solve(problem: &Problem, limits: &Limits) -> Result<Solution, Error> {
    let order = Order::of(problem);
    let whole = Mutex::new(Solution::nothing(problem));
    let finished = match limits.steps_max {
        Some(steps) => one_by_one(problem, &order, limits.seed, steps, &whole),
        None => side_by_side(problem, &order, limits, &whole),
    };
    let mut solution = whole.into_inner().unwrap_or_else(PoisonError::into_inner);
    solution.chosen.sort_unstable();
    solution.undecided.sort_unstable();
    solution.prices.pair.sort_unstable_by_key(|it| (it.need, it.pair));
    let proof = certify(problem, &solution);
    if !finished && proof.gap > 0 {
        solution.status = Status::Limit;
    }
    let proven = proof.violations.is_empty() && (proof.gap == 0 || solution.status == Status::Limit);
    if !proven {
        return Err(Error::Unproven { gap: proof.gap, n_violations: proof.violations.len() });
    }
    Ok(solution)
}

/// Solves parts until the steps run out; the others are priced and nobody is served there.
fn one_by_one(
    problem: &Problem,
    order: &Order,
    seed: u64,
    mut steps_left: u64,
    whole: &Mutex<Solution>,
) -> bool {
    let mut finished = true;
    for part in &order.parts {
        finished &= solve_part(problem, order, part, seed, &mut steps_left, whole);
    }
    finished
}

/// Solves all parts; each thread takes the next one that nobody has, the largest first.
fn side_by_side(problem: &Problem, order: &Order, limits: &Limits, whole: &Mutex<Solution>) -> bool {
    let mut parts: Vec<&Part> = order.parts.iter().collect();
    parts.sort_by_key(|it| Reverse(it.n_edges));
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(part) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut unlimited = u64::MAX;
            solve_part(problem, order, part, limits.seed, &mut unlimited, whole);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..limits.threads.min(parts.len()) {
            scope.spawn(work);
        }
        work();
    });
    true
}

/// Solves a part and writes it into the whole; whether it was finished before the steps ran out.
fn solve_part(
    problem: &Problem,
    order: &Order,
    part: &Part,
    seed: u64,
    steps_left: &mut u64,
    whole: &Mutex<Solution>,
) -> bool {
    let mut attempt = 0;
    loop {
        let graph = Graph::new(problem, order, part, Purpose::Solve, (seed, attempt));
        let mut network = Network::new(graph);
        let mut search = Search::new(network.n_vertices());
        let finished = place_all(&mut network, &mut search, steps_left);
        attempt += 1;
        if !finished || attempt == ATTEMPTS_MAX || ZeroArcs::of(&network).undecided().is_empty() {
            let node = |old_edge: u32| {
                let old = problem.edges()[old_edge as usize].node;
                order.new_node[old as usize] - part.nodes.start as u32
            };
            let own = read_off(&mut network, finished, node);
            network.graph.restore(&own, &mut whole.lock().unwrap_or_else(PoisonError::into_inner));
            return finished;
        }
    }
}

/// Places every need; returns false when the steps ran out.
fn place_all(network: &mut Network, search: &mut Search, steps_left: &mut u64) -> bool {
    let levels = Levels::new(network);
    levels.cut(network);
    let outcome = auction::run(network, &levels, steps_left);
    let mut loose = repair::adopt(network, &outcome);
    if !repair::run(network, search, &mut loose, steps_left) {
        repair::reseat(network, &outcome, &mut loose);
        return false;
    }
    if !levels.are_cut {
        return true;
    }
    let mut loose = levels.lift(network);
    repair::run(network, search, &mut loose, steps_left)
}
