//! Problems that are small and hard on one kind of solver or another.

use linli_assign::{Edge, Need, Node};

use super::draw::Draws;
use super::families::city;
use super::instance::{FLAT, Instance, Make};

/// name, what it is.
pub const HARD: [(&str, Make); 11] = [
    ("all ties", |n| priced(n, |_| 5_000)),
    ("10 cost levels", |n| priced(n, |it| it / 1_000 * 1_000)),
    ("costs ×10^6", times_a_million),
    ("long chains", chains),
    ("duplicate edges", duplicates),
    ("deep tight trees", deep),
    ("hot spots", hot_spots),
    ("skewed", skewed),
    ("demand 2", demands),
    ("a huge penalty each", penalties),
    ("few of many units", crowds),
];

/// A city with other costs.
fn priced(needs: usize, cost: fn(i64) -> i64) -> Instance {
    let mut city = city(needs, 21).instance();
    city.edges.iter_mut().for_each(|it| it.cost = cost(it.cost));
    city
}

fn times_a_million(needs: usize) -> Instance {
    let mut city = priced(needs, |it| it * 1_000_000);
    city.needs.iter_mut().for_each(|it| it.penalty *= 1_000_000);
    city
}

/// Four chains in which need i wants node i − 1 or node i, and one need too many in each: who goes
/// without is found along the whole chain.
fn chains(needs: usize) -> Instance {
    let draws = &mut Draws::new(22);
    let length = (needs / 4) as u32;
    let mut chains = empty(draws, needs / 4 * 4);
    for chain in 0..4 {
        let (first_need, first_node) = (chain * length, chain * (length - 1));
        for at in 0..length {
            for node in [at.checked_sub(1), (at + 1 < length).then_some(at)].into_iter().flatten() {
                let cost = draws.below(100) as i64;
                chains.edges.push(edge(first_need + at, first_node + node, cost));
            }
        }
    }
    chains.nodes = vec![root(1); 4 * (length as usize - 1)];
    chains
}

/// Each edge three times at other costs, to few nodes of much room.
fn duplicates(needs: usize) -> Instance {
    let draws = &mut Draws::new(23);
    let n_nodes = (needs / 100).max(1);
    let mut instance = empty(draws, needs);
    for need in 0..needs as u32 {
        for _ in 0..6 {
            let node = draws.below(n_nodes as u64) as u32;
            let mut copy = || edge(need, node, draws.below(10_000) as i64);
            instance.edges.extend([copy(), copy(), copy()]);
        }
    }
    instance.nodes = vec![root(80); n_nodes];
    instance
}

/// Trees of 120 nodes, each the child of one of the four before it, with room for 60 to 95 % of
/// what is below.
fn deep(needs: usize) -> Instance {
    const SIZE: usize = 120;
    let draws = &mut Draws::new(24);
    let n_trees = (needs / 250).max(1);
    let mut instance = empty(draws, needs);
    for tree in 0..n_trees {
        let parents: Vec<Option<usize>> =
            (0..SIZE).map(|at| at.checked_sub(1 + draws.below(at.clamp(1, 4) as u64) as usize)).collect();
        let mut room = [0_u64; SIZE];
        for at in (0..SIZE).rev() {
            let own = room[at] + 1 + draws.below(3);
            room[at] = (own * (60 + draws.below(36))).div_ceil(100);
            if let Some(parent) = parents[at] {
                room[parent] += room[at];
            }
        }
        let node = |(parent, room): (&Option<usize>, &u64)| Node {
            parent: parent.map(|it| (tree * SIZE + it) as u32),
            capacity: *room as u32,
        };
        instance.nodes.extend(parents.iter().zip(&room).map(node));
    }
    scatter(draws, &mut instance, 8, |draws, n_nodes| (draws.below(n_nodes), draws.below(10_000)));
    instance
}

/// Four edges of five lead to one node in a hundred.
fn hot_spots(needs: usize) -> Instance {
    let draws = &mut Draws::new(25);
    let n_nodes = needs * 4 / 10;
    let n_hot = (n_nodes / 100).max(1);
    let mut instance = empty(draws, needs);
    instance.nodes = (0..n_nodes).map(|at| root(if at < n_hot { 60 } else { 1 })).collect();
    scatter(draws, &mut instance, 20, |draws, n_nodes| {
        let end = if draws.percent(80) { n_hot as u64 } else { n_nodes };
        (draws.below(end), draws.below(10_000))
    });
    instance
}

/// Both nodes and costs crowd together at one end, by the fourth power.
fn skewed(needs: usize) -> Instance {
    let draws = &mut Draws::new(26);
    let mut instance = empty(draws, needs);
    instance.nodes = (0..needs * 4 / 10).map(|_| root(draws.below(4) as u32 + 1)).collect();
    scatter(draws, &mut instance, 15, |draws, n_nodes| {
        let mut fourth = |end: u64| {
            let draw = u128::from(draws.below(1 << 16));
            ((draw.pow(4) * u128::from(end)) >> 64) as u64
        };
        (fourth(n_nodes), fourth(10_000))
    });
    instance
}

/// Half of the needs ask for two units, some for four.
fn demands(needs: usize) -> Instance {
    let draws = &mut Draws::new(27);
    let mut city = city(needs, 27).instance();
    for need in &mut city.needs {
        need.demand = [1, 1, 1, 1, 2, 2, 2, 2, 2, 4][draws.below(10) as usize];
    }
    city
}

/// Four needs that all want half of all places, among others that want one.
fn crowds(needs: usize) -> Instance {
    let draws = &mut Draws::new(29);
    let mut instance = empty(draws, needs);
    instance.nodes = vec![root(1); needs];
    for need in 0..needs as u32 {
        let is_crowd = need < 4;
        if is_crowd {
            instance.needs[need as usize].demand = needs as u32 / 2;
        }
        for nth in 0..if is_crowd { needs as u64 } else { 4 } {
            let node = if is_crowd { nth } else { draws.below(needs as u64) };
            instance.edges.push(edge(need, node as u32, draws.below(10_000) as i64));
        }
    }
    instance
}

/// No two penalties alike, and all far above any cost.
fn penalties(needs: usize) -> Instance {
    let draws = &mut Draws::new(28);
    let mut city = city(needs, 28).instance();
    city.needs.iter_mut().for_each(|it| it.penalty = (1 << 40) + draws.below(1 << 40) as i64);
    city
}

/// Needs of one unit, and nothing else yet.
fn empty(draws: &mut Draws, needs: usize) -> Instance {
    let need = |_| Need { demand: 1, penalty: FLAT[draws.below(4) as usize] };
    Instance { needs: (0..needs).map(need).collect(), nodes: Vec::new(), edges: Vec::new() }
}

/// Gives each need so many edges; `draw` gives node and cost.
fn scatter(
    draws: &mut Draws,
    instance: &mut Instance,
    each: usize,
    draw: impl Fn(&mut Draws, u64) -> (u64, u64),
) {
    let n_nodes = instance.nodes.len() as u64;
    for need in 0..instance.needs.len() as u32 {
        for _ in 0..each {
            let (node, cost) = draw(draws, n_nodes);
            instance.edges.push(edge(need, node as u32, cost as i64));
        }
    }
}

fn edge(need: u32, node: u32, cost: i64) -> Edge {
    Edge { need, node, cost, pair: None }
}

fn root(capacity: u32) -> Node {
    Node { parent: None, capacity }
}

#[cfg(test)]
mod tests {
    use super::*;
    use linli_assign::{Limits, Problem, certify, solve};

    #[test]
    fn every_kind_is_a_problem_of_its_size_in_which_some_go_without() {
        for (name, make) in HARD {
            let Instance { needs, nodes, edges } = make(1_000);
            assert_eq!(needs.len(), 1_000, "{name}");
            let problem = Problem::new(needs, nodes, edges).expect(name);
            let solution = solve(&problem, &Limits::default()).expect(name);
            assert!(certify(&problem, &solution).is_proof(), "{name}");
            assert!(solution.unmet.iter().any(|it| *it > 0), "{name}");
        }
    }
}
