//! What a solved network says: the plan, and prices that prove it.
//!
//! Many prices prove the same plan. Those given out are the highest there are:
//!
//! ```text
//! price(x) = the least that a unit at x would still cost, by the shortest way to the sink
//! ```
//!
//! So the price of a need is what one more unit of demand would cost, that of a node what one more
//! unit there would cost, and they do not depend on how the plan was found: the highest prices are
//! the same whichever cheapest plan they are taken from.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::cost::cost_of;
use crate::graph::{Graph, Pair};
use crate::network::Network;
use crate::search::FAR;
use crate::solution::{PairPrice, Prices, Solution, Status};
use crate::unique::ZeroArcs;

/// Turns flow and potentials into a plan and prices. `is_whole` says that no step limit came
/// between, `node` to which node an edge of the problem leads.
///
/// **Cost.** Where it is whole, one search over the whole network, O(E log V).
pub(crate) fn read_off(
    network: &mut Network,
    is_whole: bool,
    hands: usize,
    node: impl Fn(u32) -> u32,
) -> Solution {
    let graph = &network.graph;
    let mut unmet: Vec<u32> = graph.needs.iter().map(|it| it.demand).collect();
    let mut chosen = Vec::new();
    let mut objective = 0_i128;
    for edge in (0..graph.n_edges() as u32).filter(|&it| network.is_used(it)) {
        chosen.push(edge);
        unmet[graph.need(edge) as usize] -= 1;
        objective += i128::from(graph.packing.cost(graph.packed[edge as usize]));
    }
    for (need, &units) in graph.needs.iter().zip(&unmet) {
        objective += i128::from(need.penalty) * i128::from(units);
    }
    let units = units_through(graph, &chosen, &node);
    for (node, &units) in (0_u32..).zip(&units) {
        objective += graph.steps_cost(node, units);
    }
    network.forget_hashes();
    let mut undecided = Vec::new();
    if is_whole {
        let zero = ZeroArcs::of(network, hands);
        undecided = zero.undecided();
        undecided.retain(|&it| network.is_used(it));
        raise(network, &zero);
    }
    let nodes = if is_whole { nodes(network, &chosen, &units, &node) } else { unfinished_nodes(network) };
    let prices = Prices { need: needs(network), node: nodes, pair: pairs(network) };
    Solution { chosen, unmet, undecided, prices, objective, status: Status::Optimal }
}

/// Units through every node.
fn units_through(graph: &Graph, chosen: &[u32], node: impl Fn(u32) -> u32) -> Vec<u32> {
    let mut units = vec![0; graph.nodes.len()];
    for &edge in chosen {
        units[node(graph.old().2[edge as usize]) as usize] += 1;
    }
    for at in (0..units.len()).rev() {
        if let Some(parent) = graph.nodes[at].parent {
            units[parent as usize] += units[at];
        }
    }
    units
}

/// Raises all prices as far as they go. What leads nowhere is left to [`nodes`].
///
/// From most vertices a way to the sink costs nothing beyond their price: only the others are
/// searched, backwards from where they come upon those.
fn raise(network: &mut Network, zero: &ZeroArcs) {
    let is_highest = zero.leading_to(network.sink());
    let mut further = vec![FAR; network.n_vertices()];
    let mut heap = BinaryHeap::new();
    for from in (0..network.n_vertices() as u32).filter(|&it| !is_highest[it as usize]) {
        let own = &mut further[from as usize];
        network.arcs(from, FAR, |to, _, reduced| {
            if is_highest[to as usize] {
                *own = reduced.min(*own);
            }
        });
        if *own < FAR {
            heap.push(Reverse((*own, from)));
        }
    }
    while let Some(Reverse((length, to))) = heap.pop() {
        if length > further[to as usize] {
            continue;
        }
        network.arcs_into(to, FAR, |from, _, reduced| {
            let length = length + reduced.max(0);
            if !is_highest[from as usize] && length < further[from as usize] {
                further[from as usize] = length;
                heap.push(Reverse((length, from)));
            }
        });
    }
    for (vertex, &further) in further.iter().enumerate() {
        if further < FAR {
            network.potential[vertex] += further;
        }
    }
    // Pairs that lead to closed nodes only.
    for (at, pair) in (0_u32..).zip(&network.graph.pairs) {
        let vertex = network.pair_vertex(at) as usize;
        if further[vertex] == FAR && !is_highest[vertex] {
            network.potential[vertex] = network.potential[pair.need as usize];
        }
    }
}

fn needs(network: &Network) -> Vec<i64> {
    network.potential[..network.graph.needs.len()].iter().map(|&it| cost_of(it)).collect()
}

/// Prices of nodes where a limit came between: they fall only toward the root. Where they would
/// rise, the node carries nothing, and lifting it to its parent's price changes no reduced cost
/// that matters.
fn unfinished_nodes(network: &Network) -> Vec<i64> {
    let graph = &network.graph;
    let floor = closed_floor(network);
    let mut prices = vec![0; graph.nodes.len()];
    for (at, &place) in graph.forest.place.iter().enumerate() {
        let above = graph.nodes[at].parent.map_or(0, |parent| prices[parent as usize]);
        let own = match graph.forest.capacity[place as usize] {
            0 => floor[place as usize],
            _ => cost_of(network.potential[network.node_vertex(place) as usize]),
        };
        prices[at] = own.max(above);
    }
    prices
}

/// Prices of nodes, those folded away among them, from the prices of needs:
///
/// ```text
/// down(v)  = the least that a unit below v pays over what its edge and the nodes in between cost
/// price(v) = down(v) where v is full, else the lower of down(v) and price(parent) + step
/// ```
///
/// Where nothing can enter, the price is the lowest that keeps everybody out.
fn nodes(network: &Network, chosen: &[u32], units: &[u32], node: impl Fn(u32) -> u32) -> Vec<i64> {
    let graph = &network.graph;
    let n_nodes = graph.nodes.len();
    let mut down = vec![i64::MAX; n_nodes];
    for &edge in chosen {
        let at = node(graph.old().2[edge as usize]) as usize;
        let gain = network.potential[graph.tail(edge) as usize] - network.cost(edge);
        down[at] = down[at].min(cost_of(gain));
    }
    for at in (0..n_nodes).rev().filter(|&it| units[it] > 0) {
        if let Some(parent) = graph.nodes[at].parent {
            let step = graph.step(at as u32, units[at] - 1);
            down[parent as usize] = down[parent as usize].min(down[at] - step);
        }
    }
    let floor = closed_floor(network);
    let mut prices = vec![0; n_nodes];
    for (at, &place) in graph.forest.place.iter().enumerate() {
        let above = graph.nodes[at].parent.map_or(0, |parent| prices[parent as usize]);
        prices[at] = match graph.forest.capacity[place as usize] {
            0 => floor[place as usize].max(above),
            _ if units[at] > 0 && units[at] >= graph.nodes[at].capacity => down[at],
            _ => down[at].min(above + graph.step(at as u32, units[at])),
        };
    }
    prices
}

/// For forest nodes that nothing can enter, the lowest price that keeps everybody out.
fn closed_floor(network: &Network) -> Vec<i64> {
    let graph = &network.graph;
    let mut floor = vec![i64::MIN; graph.forest.len()];
    for edge in 0..graph.n_edges() as u32 {
        let place = graph.place(edge) as usize;
        if graph.forest.capacity[place] == 0 {
            let gain = network.potential[graph.tail(edge) as usize] - network.cost(edge);
            floor[place] = floor[place].max(cost_of(gain));
        }
    }
    floor
}

fn pairs(network: &Network) -> Vec<PairPrice> {
    (0_u32..)
        .zip(&network.graph.pairs)
        .filter_map(|(at, &Pair { need, label })| {
            let inside = network.potential[network.pair_vertex(at) as usize];
            let price = cost_of(network.potential[need as usize] - inside);
            (price > 0).then_some(PairPrice { need, pair: label, price })
        })
        .collect()
}
