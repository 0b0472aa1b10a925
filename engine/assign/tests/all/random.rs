//! Random problems, and how to get one again.

use std::hash::{BuildHasher, RandomState};

use linli_assign::{Edge, Need, Node, Problem, StepCost};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

/// How many cases to try. The seed is printed, and shown when the test fails; the same
/// variable set to it brings the same cases back.
#[expect(clippy::print_stdout, reason = "a random test must say its seed")]
pub fn cases(cases: u32) -> Config {
    let mut config = Config { cases, failure_persistence: None, ..Config::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(RandomState::new().hash_one("seed"));
    }
    println!("PROPTEST_RNG_SEED={}", config.rng_seed);
    config
}

/// Problems small enough to try everything: laminar trees with parents before and after
/// their children, pair labels, demands to 3, zero capacities, negative costs.
pub fn small() -> impl Strategy<Value = Problem> {
    problems(6, 6, 11)
}

/// Problems of a few dozen needs.
pub fn medium() -> impl Strategy<Value = Problem> {
    problems(40, 30, 240)
}

fn problems(needs_max: usize, nodes_max: usize, edges_max: usize) -> impl Strategy<Value = Problem> {
    let needs = prop::collection::vec((0_u32..=3, -5_i64..=30), 0..=needs_max);
    let nodes =
        prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), 0_u32..=3), 0..=nodes_max);
    let ends = (any::<prop::sample::Index>(), any::<prop::sample::Index>());
    let edge = (ends, -10_i64..=20, prop::option::of(0_u32..=2));
    let step = (any::<prop::sample::Index>(), 0_u32..=3, 0_i64..=6);
    let steps = prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(step, 0..=6)];
    (needs, nodes, prop::collection::vec(edge, 0..=edges_max), steps, any::<bool>()).prop_map(
        |(needs, nodes, edges, steps, downward)| {
            let n_nodes = nodes.len();
            let name = |rank: usize| if downward { n_nodes - 1 - rank } else { rank };
            let mut forest = vec![Node { parent: None, capacity: 0 }; n_nodes];
            for (rank, &(parent, is_root, capacity)) in nodes.iter().enumerate() {
                let has_parent = rank > 0 && !is_root;
                let parent = has_parent.then(|| name(parent.index(rank)) as u32);
                forest[name(rank)] = Node { parent, capacity };
            }
            let edges = if needs.is_empty() || n_nodes == 0 { Vec::new() } else { edges };
            let edges = edges.into_iter().map(|((need, node), cost, pair)| Edge {
                need: need.index(needs.len()) as u32,
                node: node.index(n_nodes) as u32,
                cost,
                pair,
            });
            let edges = edges.collect();
            let needs = needs.iter().map(|&(demand, penalty)| Need { demand, penalty }).collect();
            let steps = if n_nodes == 0 { Vec::new() } else { steps };
            let steps = steps.into_iter().map(|(node, from, cost)| (node.index(n_nodes) as u32, from, cost));
            Problem::new(needs, forest, edges).unwrap().with_steps(rising(steps.collect())).unwrap()
        },
    )
}

/// One large component: providers with slots along a street, needs that want those near them, some
/// of them many units, few costs so that much is tied, and now and then a penalty far above all.
pub fn street() -> impl Strategy<Value = Problem> {
    (any::<u64>(), 0_u32..=2, 1_i64..=3000, any::<bool>()).prop_map(|(seed, n_slots, costs, has_pairs)| {
        let mut state = seed;
        let mut below = |end: u64| {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            (state >> 33) % end
        };
        let n_providers = 1_200_u32;
        let mut nodes = Vec::new();
        let first = |provider: u32| provider * (n_slots + 1);
        for provider in 0..n_providers {
            nodes.push(Node { parent: None, capacity: 1 + below(3) as u32 });
            let slot = |_| Node { parent: Some(first(provider)), capacity: 1 + below(2) as u32 };
            nodes.extend((0..n_slots).map(slot));
        }
        let (mut needs, mut edges) = (Vec::new(), Vec::new());
        for need in 0..2_200_u32 {
            let penalty = if below(20) == 0 { 1 << 40 } else { 2_000 + 1_000 * below(4) as i64 };
            needs.push(Need { demand: 1 + (below(8) == 0) as u32, penalty });
            let home = need * n_providers / 2_200;
            for _ in 0..22 {
                let provider = (home + below(30) as u32).min(n_providers - 1);
                let node = first(provider) + below(u64::from(n_slots) + 1) as u32;
                let pair = (has_pairs && n_slots > 0).then_some(provider);
                edges.push(Edge { need, node, cost: below(costs as u64) as i64, pair });
            }
        }
        Problem::new(needs, nodes, edges).unwrap()
    })
}

/// Steps of which none costs less than the one before.
fn rising(mut steps: Vec<(u32, u32, i64)>) -> Vec<StepCost> {
    steps.sort_unstable();
    steps.dedup_by_key(|it| (it.0, it.1));
    let mut rising: Vec<StepCost> = Vec::new();
    for (node, from, cost) in steps {
        let before = rising.last().filter(|it| it.node == node).map_or(0, |it| it.cost);
        rising.push(StepCost { node, from, cost: before + cost });
    }
    rising
}

/// The same problem with other costs or another order of its parts.
pub fn with_edges(problem: &Problem, edges: Vec<Edge>) -> Problem {
    let changed = Problem::new(problem.needs().to_vec(), problem.nodes().to_vec(), edges).unwrap();
    changed.with_steps(problem.steps().to_vec()).unwrap()
}
