//! Successive shortest paths: needs enter one by one, each unit takes the cheapest way.
//!
//! A unit's cheapest way may move units that are already placed; the potentials make sure
//! that it never has to move them twice. Prices only rise while needs enter, and a need never
//! pays more than its penalty, which bounds every number here by 2^54.
//!
//! Urgent needs (high penalties) enter first: later ones then give up early instead of
//! searching the scarce parts of the network.
//!
//! **Source.** Jewell 1958, Iri 1960, Busacker & Gowen 1961; Ahuja, Magnanti & Orlin,
//! Network Flows, 1993, section 9.7.

use std::cmp::Reverse;

use crate::certify::certify;
use crate::error::Error;
use crate::forest::Forest;
use crate::network::Network;
use crate::problem::Problem;
use crate::search::{Goal, Search};
use crate::solution::{PairPrice, Prices, Solution, Status};

/// When to stop early.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Most vertices to settle over all searches; no limit if `None`. Steps, not seconds: the
    /// same limit gives the same answer on every machine.
    pub steps_max: Option<u64>,
}

/// Finds a cheapest plan and the prices that prove it.
///
/// **Shape.** See [`Solution`]; ids are positions in the problem's lists.
/// **Units.** Costs, penalties and prices share one unit, integers throughout.
/// **Errors.** [`Error::Unproven`] if the answer does not pass [`certify`], which no input
/// should bring about.
/// **Cost.** O(units × E log V) at worst. 10,000 needs with 20 edges each take 0.01 s where
/// there is room for all, 0.3 to 1.6 s where there is not (one core, November 2026).
/// **Determinism.** The answer depends on the problem and the limits only.
pub fn solve(problem: &Problem, limits: &Limits) -> Result<Solution, Error> {
    let mut network = Network::new(problem, Forest::binding(problem));
    let finished = place_all(&mut network, limits.steps_max.unwrap_or(u64::MAX));
    let mut solution = read_off(&network);
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

/// Places every need; returns false when the steps ran out.
fn place_all(network: &mut Network<'_>, mut steps_left: u64) -> bool {
    let needs = network.problem.needs();
    let mut order: Vec<u32> = (0..needs.len() as u32).collect();
    order.sort_by_key(|&it| Reverse(needs[it as usize].penalty));
    let mut search = Search::new(network.n_vertices());
    let mut finished = true;
    for need in order {
        // Needs left out by the limit are priced too: their price is part of the bound.
        network.enter(need);
        finished = finished && place(network, &mut search, need, &mut steps_left);
    }
    finished
}

/// Sends the units of one need along shortest ways, until only the penalty is left.
fn place(network: &mut Network<'_>, search: &mut Search, need: u32, steps_left: &mut u64) -> bool {
    let mut units = network.problem.needs()[need as usize].demand;
    let sink = network.sink();
    while units > 0 {
        if !search.run(network, need, Goal::SINK, steps_left) {
            return false;
        }
        let length = search.distance[sink as usize];
        for &vertex in &search.settled {
            network.potential[vertex as usize] += length - search.distance[vertex as usize];
        }
        if search.before[sink as usize].0 == need {
            network.unserved[need as usize] += units;
            return true;
        }
        for (from, to, edge) in search.way(sink) {
            network.push(from, to, edge);
        }
        units -= 1;
    }
    true
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
    let prices = Prices {
        need: network.potential[..problem.needs().len()].to_vec(),
        node: node_prices(network),
        pair: pair_prices(network),
    };
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

fn pair_prices(network: &Network<'_>) -> Vec<PairPrice> {
    let pairs = &network.pairs;
    (0_u32..)
        .zip(pairs.need.iter().zip(&pairs.label))
        .filter_map(|(at, (&need, &pair))| {
            let inside = network.potential[network.pair_vertex(at) as usize];
            let price = network.potential[need as usize] - inside;
            (price > 0).then_some(PairPrice { need, pair, price })
        })
        .collect()
}
