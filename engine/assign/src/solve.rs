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
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::auction;
use crate::certify::certify;
use crate::error::Error;
use crate::forest::Forest;
use crate::level::Levels;
use crate::network::Network;
use crate::order::{self, Part};
use crate::problem::Problem;
use crate::repair;
use crate::search::Search;
use crate::solution::{PairPrice, Prices, Solution, Status};

/// When to stop early, and how many hands there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most bids and most vertices to settle over all searches, together; no limit if `None`.
    /// Steps, not seconds: the same limit gives the same answer on every machine. A step may look
    /// at all edges of a need. With a limit one thread does all.
    pub steps_max: Option<u64>,
    /// Threads that solve parts which have nothing to do with each other. They change how long
    /// it takes and nothing else.
    pub threads: usize,
}

impl Default for Limits {
    /// No limit of steps, one thread.
    fn default() -> Self {
        Self { steps_max: None, threads: 1 }
    }
}

/// Finds a cheapest plan and the prices that prove it.
///
/// **Shape.** See [`Solution`]; ids are positions in the problem's lists.
/// **Units.** Costs, penalties and prices share one unit, integers throughout.
/// **Errors.** [`Error::Unproven`] if the answer does not pass [`certify`], which no input
/// should bring about.
/// **Cost.** O(units × E log V) at worst. 100,000 needs with 20 edges each take 0.7 to 1.3 s, with
/// four lexicographic tiers 1.1 to 2.4 s, with 100,000 tiers 11 s (one core, November 2026).
/// **Determinism.** The answer depends on the problem and the limits only.
pub fn solve(problem: &Problem, limits: &Limits) -> Result<Solution, Error> {
    let parts = order::parts(problem);
    let (solutions, finished) = match limits.steps_max {
        Some(steps) => one_by_one(&parts, steps),
        None => (side_by_side(&parts, limits.threads), true),
    };
    let mut solution = order::restore(problem, &parts, &solutions);
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
fn one_by_one(parts: &[Part], mut steps_left: u64) -> (Vec<Solution>, bool) {
    let mut finished = true;
    let solve = |part: &Part| {
        let (solution, is_whole) = solve_part(&part.problem, &mut steps_left);
        finished &= is_whole;
        solution
    };
    (parts.iter().map(solve).collect(), finished)
}

/// Solves all parts; each thread takes the next one that nobody has, the largest first.
fn side_by_side(parts: &[Part], threads: usize) -> Vec<Solution> {
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|&it| Reverse(parts[it].problem.edges().len()));
    let next = AtomicUsize::new(0);
    let solved: Vec<OnceLock<Solution>> = parts.iter().map(|_| OnceLock::new()).collect();
    let work = || {
        while let Some(&at) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            solved[at].get_or_init(|| solve_whole(&parts[at].problem));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(parts.len()) {
            scope.spawn(work);
        }
        work();
    });
    // Whoever took a part has solved it by now.
    let solution = |(part, it): (&Part, OnceLock<Solution>)| {
        it.into_inner().unwrap_or_else(|| solve_whole(&part.problem))
    };
    parts.iter().zip(solved).map(solution).collect()
}

fn solve_whole(problem: &Problem) -> Solution {
    let mut unlimited = u64::MAX;
    solve_part(problem, &mut unlimited).0
}

fn solve_part(problem: &Problem, steps_left: &mut u64) -> (Solution, bool) {
    let mut network = Network::new(problem, Forest::binding(problem));
    let finished = place_all(&mut network, steps_left);
    (read_off(&network), finished)
}

/// Places every need; returns false when the steps ran out.
fn place_all(network: &mut Network<'_>, steps_left: &mut u64) -> bool {
    let levels = Levels::new(network);
    levels.cut(network);
    let (forest, pairs) = (&network.forest, &network.pairs);
    let outcome = auction::run(network.problem, forest, pairs, &network.penalty, levels.spread, steps_left);
    let mut loose = repair::adopt(network, &outcome);
    let mut search = Search::new(network.n_vertices());
    if !repair::run(network, &mut search, &mut loose, steps_left) {
        repair::reseat(network, &outcome, &mut loose);
        return false;
    }
    if !levels.spread.are_cut {
        return true;
    }
    let mut loose = levels.lift(network);
    repair::run(network, &mut search, &mut loose, steps_left)
}

/// Turns flow and potentials into a plan and prices.
fn read_off(network: &Network<'_>) -> Solution {
    let problem = network.problem;
    let mut unmet: Vec<u32> = problem.needs().iter().map(|it| it.demand).collect();
    let mut chosen = Vec::new();
    let mut objective = 0_i128;
    for (at, edge) in (0_u32..).zip(problem.edges()).filter(|&(at, _)| network.is_used(at)) {
        chosen.push(at);
        unmet[edge.need as usize] -= 1;
        objective += i128::from(edge.cost);
    }
    for (need, &units) in problem.needs().iter().zip(&unmet) {
        objective += i128::from(need.penalty) * i128::from(units);
    }
    let need = need_prices(network, &unmet);
    let pair = pair_prices(network, &need);
    let prices = Prices { need, node: node_prices(network), pair };
    Solution { chosen, unmet, prices, objective, status: Status::Optimal }
}

/// Node prices fall only toward the root. Where they would rise, the node carries nothing,
/// and lifting it to its parent's price changes no reduced cost that matters.
fn node_prices(network: &Network<'_>) -> Vec<i64> {
    let problem = network.problem;
    let place = &network.forest.place;
    let mut prices = vec![0; problem.nodes().len()];
    for &node in problem.top_down() {
        let at = node as usize;
        let own = network.potential[network.node_vertex(place[at]) as usize];
        let above = problem.nodes()[at].parent.map_or(0, |parent| prices[parent as usize]);
        prices[at] = own.max(above);
    }
    prices
}

/// A need that is served as often as it asks pays for its dearest unit and no more: what it would
/// pay at most says nothing of what others could offer it.
fn need_prices(network: &Network<'_>, unmet: &[u32]) -> Vec<i64> {
    let price = |need: u32| {
        let own = network.potential[need as usize];
        let dearest = network.used_by(need).into_iter().map(|it| network.through(it)).max();
        dearest.filter(|_| unmet[need as usize] == 0).map_or(own, |it| it.min(own))
    };
    (0..unmet.len() as u32).map(price).collect()
}

fn pair_prices(network: &Network<'_>, needs: &[i64]) -> Vec<PairPrice> {
    let pairs = &network.pairs;
    (0_u32..)
        .zip(pairs.need.iter().zip(&pairs.label))
        .filter_map(|(at, (&need, &pair))| {
            let inside = network.potential[network.pair_vertex(at) as usize];
            let price = needs[need as usize] - inside;
            (price > 0).then_some(PairPrice { need, pair, price })
        })
        .collect()
}
