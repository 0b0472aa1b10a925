//! How a problem is solved: an auction for nearly everything, exact repair for the rest.
//!
//! ```text
//! cut penalties ─▶ auction ─▶ drop what prices do not justify ─▶ repair ─▶ lift ─▶ repair ─▶ proof
//!                  └─────── parts of a large component side by side ───┘  ([`crate::cut`])
//! ```
//!
//! Each step is exact about what it hands on: [`crate::auction`] a feasible plan with prices,
//! [`crate::repair`] the optimum for the penalties it is given, [`crate::level`] the optimum for
//! the true ones but for the needs it names. Nothing depends on how good the auction was.

use std::cmp::Reverse;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::auction::{Auction, Outcome};
use crate::certify::certify;
use crate::cut::Cut;
use crate::error::Error;
use crate::graph::{Graph, Purpose};
use crate::hands::both;
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

/// More threads than this are not used.
const THREADS_MAX: usize = 256;

/// When to stop early, how many hands there are, and which of equally good plans is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most bids and most vertices to settle over all searches, together; no limit if `None`.
    /// Steps, not seconds: the same limit gives the same answer on every machine. A step may look
    /// at all edges of a need. With a limit one thread does all.
    pub steps_max: Option<u64>,
    /// Threads that work side by side: on parts that have nothing to do with each other, and on
    /// one large part cut in several. They change how long it takes and nothing else.
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

/// What is done one after the other, part by part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Needs, nodes and edges are put in the order of a walk.
    Order,
    /// A part is laid out, and named.
    Graph,
    /// Its units bid; steps are bids.
    Auction,
    /// The outcome is made exact; steps are vertices that searches settled.
    Repair,
    /// Penalties are put back to what they are; steps as before.
    Lift,
    /// Ties are looked for, and the highest prices.
    Prices,
    /// Everything is proven.
    Proof,
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
    solve_watched(problem, limits, &|_, _| {})
}

/// The same, and tells `watch` of the end of each phase and how many steps it took: of the whole
/// for order and proof, of each part for the others.
///
/// **Errors.** As [`solve`].
pub fn solve_watched(
    problem: &Problem,
    limits: &Limits,
    watch: &(dyn Fn(Phase, u64) + Sync),
) -> Result<Solution, Error> {
    let hands = if limits.steps_max.is_some() { 1 } else { limits.threads.clamp(1, THREADS_MAX) };
    let order = Order::of(problem, hands);
    watch(Phase::Order, 0);
    let whole = Mutex::new(Solution::nothing(problem));
    let job = Job { problem, order: &order, seed: limits.seed, watch, whole };
    let finished = match limits.steps_max {
        Some(steps) => job.one_by_one(steps),
        None => job.side_by_side(hands),
    };
    let mut solution = job.whole.into_inner().unwrap_or_else(PoisonError::into_inner);
    solution.chosen.sort_unstable();
    solution.undecided.sort_unstable();
    solution.prices.pair.sort_unstable_by_key(|it| (it.need, it.pair));
    let proof = certify(problem, &solution);
    watch(Phase::Proof, 0);
    if !finished && proof.gap > 0 {
        solution.status = Status::Limit;
    }
    let proven = proof.violations.is_empty() && (proof.gap == 0 || solution.status == Status::Limit);
    if !proven {
        return Err(Error::Unproven { gap: proof.gap, n_violations: proof.violations.len() });
    }
    Ok(solution)
}

/// A problem and what is known of its solution so far.
struct Job<'a> {
    problem: &'a Problem,
    order: &'a Order,
    seed: u64,
    watch: &'a (dyn Fn(Phase, u64) + Sync),
    whole: Mutex<Solution>,
}

impl Job<'_> {
    /// Solves parts until the steps run out; the others are priced and nobody is served there.
    fn one_by_one(&self, mut steps_left: u64) -> bool {
        let mut finished = true;
        for part in &self.order.parts {
            finished &= self.solve_part(part, 1, &mut steps_left);
        }
        finished
    }

    /// Solves all parts; each thread takes the next one that nobody has, the largest first.
    fn side_by_side(&self, threads: usize) -> bool {
        let mut parts: Vec<&Part> = self.order.parts.iter().collect();
        let n_edges = self.problem.edges().len();
        parts.sort_by_key(|it| Reverse(it.n_edges));
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some(part) = parts.get(next.fetch_add(1, Ordering::Relaxed)) {
                // In proportion to its edges, so that all parts together get as many as there are.
                let hands = (threads * part.n_edges + n_edges / 2) / n_edges.max(1);
                self.solve_part(part, hands.max(1), &mut unlimited());
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..threads.min(parts.len()) {
                scope.spawn(work);
            }
            work();
        });
        true
    }

    /// Solves a part and writes it into the whole; whether it was finished before the steps ran out.
    fn solve_part(&self, part: &Part, hands: usize, steps_left: &mut u64) -> bool {
        let (problem, order) = (self.problem, self.order);
        let mut attempt = 0;
        loop {
            let graph = Graph::new(problem, order, part, Purpose::Solve, (self.seed, attempt), hands);
            let mut network = Network::new(graph);
            (self.watch)(Phase::Graph, 0);
            let finished = self.place_all(&mut network, hands, steps_left);
            attempt += 1;
            let is_last = !finished || attempt == ATTEMPTS_MAX;
            if is_last || ZeroArcs::of(&network, hands).undecided().is_empty() {
                let node = |old_edge: u32| {
                    let old = problem.edges()[old_edge as usize].node;
                    order.new_node[old as usize] - part.nodes.start as u32
                };
                let own = read_off(&mut network, finished, hands, node);
                let mut whole = self.whole.lock().unwrap_or_else(PoisonError::into_inner);
                network.graph.restore(&own, &mut whole);
                (self.watch)(Phase::Prices, 0);
                return finished;
            }
        }
    }

    /// Places every need; returns false when the steps ran out.
    fn place_all(&self, network: &mut Network, hands: usize, steps_left: &mut u64) -> bool {
        let levels = Levels::new(network);
        levels.cut(network);
        let cut = Cut::of(&network.graph, hands);
        let mut auction = Auction::new(network, &levels);
        let mut before = *steps_left;
        let mut watch = |phase: Phase, left: u64| {
            (self.watch)(phase, before - left);
            before = left;
        };
        bid(&mut auction, network, &levels, &cut, steps_left);
        let outcome = auction.outcome();
        watch(Phase::Auction, *steps_left);
        network.graph_mut().list_arrivals(hands);
        repair::open(network, &outcome);
        let mut search = Search::new(network.n_vertices());
        let finished = mend(network, &mut search, &outcome, &cut, steps_left);
        watch(Phase::Repair, *steps_left);
        if !finished || !levels.are_cut {
            return finished;
        }
        let mut loose = levels.lift(network);
        let finished = repair::run(network, &mut search, &mut loose, steps_left);
        watch(Phase::Lift, *steps_left);
        finished
    }
}

/// Steps where there is no limit, as wherever there are several hands.
fn unlimited() -> u64 {
    u64::MAX
}

/// Does two things side by side without a limit, and counts their steps.
fn apart(steps_left: &mut u64, first: impl FnOnce(&mut u64) + Send, second: impl FnOnce(&mut u64)) {
    let (mut near, mut far) = (unlimited(), unlimited());
    both(2, || first(&mut far), || second(&mut near));
    *steps_left -= (unlimited() - near) + (unlimited() - far);
}

/// Lets the needs of a part bid, those of its parts side by side.
fn bid<'a>(
    auction: &mut Auction<'a>,
    network: &'a Network,
    levels: &Levels,
    cut: &Cut,
    steps_left: &mut u64,
) {
    if let Some([near, far]) = cut.parts.as_deref() {
        let mut other = Auction::new(network, levels);
        apart(
            steps_left,
            |steps| bid(&mut other, network, levels, far, steps),
            |steps| bid(auction, network, levels, near, steps),
        );
        auction.join(other, far);
    }
    auction.run(&cut.needs, steps_left);
}

/// Makes the auction's outcome exact for a part, for its own parts side by side; returns false when
/// the steps ran out.
fn mend(
    network: &mut Network,
    search: &mut Search,
    outcome: &Outcome,
    cut: &Cut,
    steps_left: &mut u64,
) -> bool {
    if let Some([near, far]) = cut.parts.as_deref() {
        let before = network.flow.clone();
        network.leave_all();
        let mut other = network.beside();
        let mut own_search = Search::new(other.n_vertices());
        // Without a limit all of either is done.
        apart(
            steps_left,
            |steps| _ = mend(&mut other, &mut own_search, outcome, far, steps),
            |steps| _ = mend(network, search, outcome, near, steps),
        );
        far.join(network, &other, &before);
    }
    let mut loose = repair::adopt(network, outcome, &cut.needs, cut.trees.clone());
    let finished = repair::run(network, search, &mut loose, steps_left);
    if !finished {
        repair::reseat(network, outcome, &mut loose);
    }
    finished
}
