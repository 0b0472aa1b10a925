//! From an auction's plan to the cheapest one, exactly.
//!
//! Prices stay, and every unit that they do not justify loses its place. The places remain
//! taken, by nobody: so all capacities with a price are full, and reduced costs are as they
//! must be. Then each unit without a place takes the cheapest way to a place that nobody has,
//! or to the sink; and places that nobody wanted are given back the cheapest way.
//!
//! **Source.** Successive shortest paths from both ends; Ahuja, Magnanti & Orlin, Network Flows,
//! 1993, section 9.7.

use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;

use crate::auction::Outcome;
use crate::network::Network;
use crate::search::{Goal, Search};

/// An odd number of no pattern: its multiples scatter what lies together.
const SCATTER: u32 = 0x9e37_79b9;

/// Takes over the auction's prices and what flows through the nodes; its needs are not seated yet.
pub(crate) fn open(network: &mut Network, outcome: &Outcome) {
    for (node, &price) in (0_u32..).zip(&outcome.price) {
        let vertex = network.node_vertex(node);
        network.potential[vertex as usize] = price;
    }
    for (edge, _) in (0_u32..).zip(&outcome.used).filter(|it| *it.1) {
        network.fill_above(edge);
    }
    charge_steps(network);
}

/// Seats needs as the auction did, as far as its prices justify it; `trees` are all that they
/// have places in.
///
/// **Shape.** Units of each of `needs` that have no place and are not at the sink either; of
/// others, none.
pub(crate) fn adopt(network: &mut Network, outcome: &Outcome, needs: &[u32], trees: Range<u32>) -> Vec<u32> {
    let graph = Arc::clone(&network.graph);
    for &need in needs {
        for edge in graph.edges_of(need).filter(|&it| outcome.used[it as usize]) {
            network.fill(edge);
        }
    }
    for &need in needs {
        network.enter(need);
    }
    for node in trees {
        relent(network, node);
    }
    let mut loose = vec![0; network.graph.needs.len()];
    for &need in needs {
        loose[need as usize] = network.graph.needs[need as usize].demand - keep_justified(network, need);
        settle_out(network, need, &mut loose);
    }
    loose
}

/// Lowers the price of a leaf whose units find it too dear to what others would pay there.
///
/// Who bids goes beyond what others would: where a place has one bid only, its price is all that
/// its own unit was ready to pay and `ε` more, and it would have to leave for nothing.
fn relent(network: &mut Network, node: u32) {
    let vertex = network.node_vertex(node);
    // Below a node that costs less others might cost too much.
    let is_leaf = network.graph.children(node).next().is_none();
    if !is_leaf || !network.users(node).iter().any(|&it| network.is_dear(it)) {
        return;
    }
    let above = network.potential[network.above(node) as usize] + network.last_step(node);
    let others = network.graph.arriving(node).filter(|it| !network.is_used(it.edge));
    let worth = others.map(|it| network.potential[it.tail as usize] - network.cost(it.edge)).max();
    let own = &mut network.potential[vertex as usize];
    *own = worth.map_or(above, |it| it.max(above)).min(*own);
}

/// Raises prices to what the last unit through each node costs: the auction knows of no steps.
fn charge_steps(network: &mut Network) {
    if network.graph.steps.is_empty() {
        return;
    }
    // Parents stand before their children.
    for node in 0..network.flow.len() as u32 {
        if network.flow[node as usize] > 0 {
            let least = network.potential[network.above(node) as usize] + network.last_step(node);
            let vertex = network.node_vertex(node) as usize;
            network.potential[vertex] = network.potential[vertex].max(least);
        }
    }
}

/// Takes a need's units off edges that cost more than others would; how many stay.
pub(crate) fn keep_justified(network: &mut Network, need: u32) -> u32 {
    loop {
        network.enter(need);
        let used = network.used_by(need);
        let dear: Vec<u32> = used.iter().copied().filter(|&it| network.is_dear(it)).collect();
        if dear.is_empty() {
            return used.len() as u32;
        }
        // A pair that loses its unit can make its need cheaper, and other edges dear.
        dear.into_iter().for_each(|it| network.vacate(it));
    }
}

/// Units of a need whose price is its penalty may go to the sink.
fn settle_out(network: &mut Network, need: u32, loose: &mut [u32]) {
    let at = need as usize;
    if network.potential[at] == network.penalty[at] {
        network.unserved[at] += std::mem::take(&mut loose[at]);
    }
}

/// Finds a place for every loose unit and gives back what nobody wants; false when the steps
/// ran out.
pub(crate) fn run(
    network: &mut Network,
    search: &mut Search,
    loose: &mut [u32],
    steps_left: &mut u64,
) -> bool {
    let mut order: Vec<u32> = (0..loose.len() as u32).filter(|&it| loose[it as usize] > 0).collect();
    // Urgent needs first: later ones then give up early instead of searching what is scarce. Among
    // equals neighbours not one after the other, or each floods the same region once more.
    order.sort_by_key(|&it| (Reverse(network.penalty[it as usize]), it.wrapping_mul(SCATTER)));
    for need in order {
        while loose[need as usize] > 0 {
            settle_out(network, need, loose);
            if loose[need as usize] > 0 {
                if !forward(network, search, need, steps_left) {
                    return false;
                }
                loose[need as usize] -= 1;
            }
        }
    }
    for node in 0..network.vacant.len() as u32 {
        while network.vacant[node as usize] > 0 {
            let vertex = network.node_vertex(node);
            if !backward(network, search, vertex, steps_left) {
                return false;
            }
        }
    }
    true
}

/// Gives loose units back the places of the auction that nobody has taken since: where the steps
/// ran out, a dear place is better than none.
pub(crate) fn reseat(network: &mut Network, outcome: &Outcome, loose: &mut [u32]) {
    for (edge, _) in (0_u32..).zip(&outcome.used).filter(|it| *it.1) {
        let need = network.graph.need(edge) as usize;
        if loose[need] > 0 && network.reseat(edge) {
            loose[need] -= 1;
        }
    }
}

/// Sends one unit that is at a vertex the cheapest way to a place that nobody has, or to the sink.
pub(crate) fn forward(network: &mut Network, search: &mut Search, from: u32, steps_left: &mut u64) -> bool {
    if !search.run(network, from, Goal::SINK, steps_left) {
        return false;
    }
    let end = search.nearest;
    let length = search.distance[end as usize];
    for &vertex in &search.settled {
        network.potential[vertex as usize] += length - search.distance[vertex as usize];
    }
    for (from, to, edge) in search.way(end) {
        network.push(from, to, edge);
    }
    network.take_vacant(end);
    true
}

/// Brings a unit to a vertex that lacks one, from wherever that saves most: a place that nobody
/// has is filled or given back, a need has one unit less.
pub(crate) fn backward(network: &mut Network, search: &mut Search, to: u32, steps_left: &mut u64) -> bool {
    if !search.run_back(network, to, steps_left) {
        return false;
    }
    let sink = network.sink();
    let length = search.distance[sink as usize];
    for &vertex in &search.settled {
        network.potential[vertex as usize] -= length - search.distance[vertex as usize];
    }
    let mut way = search.way(sink);
    // It was found from its end.
    way.reverse();
    for (to, from, edge) in way {
        network.push(from, to, edge);
    }
    network.take_vacant(to);
    true
}
