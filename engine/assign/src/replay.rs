//! A solved problem as a network again, to be asked about or changed.

use crate::cost::ranked;
use crate::forest::NONE;
use crate::graph::{Graph, Purpose};
use crate::network::Network;
use crate::order::{Order, inverse};
use crate::problem::{COST_MAX, PENALTY_MAX, Problem};
use crate::solution::{Prices, Solution};

/// No price needs to be higher: giving up one need for another costs two penalties at most.
const LARGEST: i64 = 2 * PENALTY_MAX + COST_MAX;

/// The network as a proven solution leaves it, every node for itself and costs alone.
pub(crate) fn replay(problem: &Problem, solution: &Solution, purpose: Purpose) -> Network {
    let order = match purpose {
        Purpose::Change { .. } => Order::for_changes(problem),
        _ => Order::whole(problem),
    };
    let mut network = Network::new(Graph::new(problem, &order, &order.parts[0], purpose, (0, 0), 1));
    let new_edge = inverse(network.graph.old().2);
    for &edge in &solution.chosen {
        network.fill(new_edge[edge as usize]);
        network.fill_above(new_edge[edge as usize]);
    }
    for (need, &old) in network.graph.old().0.iter().enumerate().filter(|it| *it.1 != NONE) {
        network.unserved[need] = solution.unmet[old as usize];
    }
    set_prices(&mut network, &solution.prices);
    network.forget_hashes();
    network
}

/// Takes potentials from prices.
///
/// Only where nothing can flow may proven prices be out of all proportion: needs without
/// demand, nodes below a zero capacity. Those are cut to what lets no sum overflow.
fn set_prices(network: &mut Network, prices: &Prices) {
    let (needs, nodes, _) = network.graph.old();
    for (need, &old) in needs.iter().enumerate().filter(|it| *it.1 != NONE) {
        network.potential[need] = ranked(prices.need[old as usize].max(-LARGEST));
    }
    for (at, pair) in (0_u32..).zip(&network.graph.pairs).filter(|it| it.1.need != NONE) {
        let key = (needs[pair.need as usize], pair.label);
        let priced = prices.pair.binary_search_by_key(&key, |it| (it.need, it.pair));
        let price = priced.map_or(0, |entry| prices.pair[entry].price).min(LARGEST);
        let vertex = network.pair_vertex(at) as usize;
        network.potential[vertex] = network.potential[pair.need as usize] - ranked(price);
    }
    for (node, &old) in (0_u32..).zip(nodes).filter(|it| *it.1 != NONE) {
        let vertex = network.node_vertex(node) as usize;
        network.potential[vertex] = ranked(prices.node[old as usize].min(LARGEST));
    }
}
