//! One plan, one set of prices: whatever the order, the numbering and the threads.

use linli_assign::{Edge, Limits, Need, Node, Problem, Solution, StepCost, certify, solve};
use proptest::prelude::*;

use crate::brute::{cheapest, plans};
use crate::random::{cases, medium, small, with_edges};

fn solved(problem: &Problem) -> Solution {
    solve(problem, &Limits::default()).unwrap()
}

/// A permutation that depends on the seed only: old positions by new ones.
fn shuffled(len: usize, seed: u64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..len as u32).collect();
    order.sort_by_key(|&it| (seed ^ u64::from(it + 1)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29));
    order
}

fn inverse(order: &[u32]) -> Vec<u32> {
    let mut inverse = vec![0; order.len()];
    (0..).zip(order).for_each(|(new, &old)| inverse[old as usize] = new);
    inverse
}

/// What a plan chooses, as rows that say nothing of where an edge stands.
fn rows(problem: &Problem, chosen: &[u32]) -> Vec<Edge> {
    let mut rows: Vec<Edge> = chosen.iter().map(|&it| problem.edges()[it as usize]).collect();
    rows.sort_by_key(|it| (it.need, it.node, it.cost, it.pair));
    rows
}

#[test]
fn the_order_of_lines_changes_nothing() {
    proptest!(cases(1000), |(problem in medium(), seed: u64)| {
        let order = shuffled(problem.edges().len(), seed);
        let edges = order.iter().map(|&it| problem.edges()[it as usize]).collect();
        let other = with_edges(&problem, edges);
        let (first, second) = (solved(&problem), solved(&other));
        prop_assert_eq!(rows(&problem, &first.chosen), rows(&other, &second.chosen));
        prop_assert_eq!(rows(&problem, &first.undecided), rows(&other, &second.undecided));
        prop_assert_eq!(first.prices, second.prices);
    });
}

/// Needs and nodes get other numbers. Where the problem tells its parts apart by costs, the plan
/// stays; prices stay wherever.
#[test]
fn the_numbering_changes_no_price_and_only_plans_that_nothing_tells_apart() {
    proptest!(cases(500), |(problem in medium(), seed: u64, distinct: bool)| {
        let problem = if distinct { with_distinct_costs(&problem) } else { problem };
        let (needs, nodes) = (shuffled(problem.needs().len(), seed), shuffled(problem.nodes().len(), !seed));
        let other = renumbered(&problem, &needs, &nodes);
        let (first, second) = (solved(&problem), solved(&other));
        prop_assert_eq!(first.objective, second.objective);
        for (new, &old) in needs.iter().enumerate() {
            prop_assert_eq!(first.prices.need[old as usize], second.prices.need[new]);
        }
        for (new, &old) in nodes.iter().enumerate() {
            prop_assert_eq!(first.prices.node[old as usize], second.prices.node[new]);
        }
        if distinct {
            prop_assert_eq!(first.chosen, second.chosen);
            prop_assert_eq!(first.undecided, second.undecided);
        }
    });
}

/// Costs of few levels, but no two edges alike: sums tie, edges do not.
fn with_distinct_costs(problem: &Problem) -> Problem {
    let cost = |at: usize| (at as i64 * 7) % 512;
    let edges = problem.edges().iter().enumerate().map(|(at, it)| Edge { cost: cost(at), ..*it });
    with_edges(problem, edges.collect())
}

fn renumbered(problem: &Problem, needs: &[u32], nodes: &[u32]) -> Problem {
    let (new_need, new_node) = (inverse(needs), inverse(nodes));
    let node = |&old: &u32| {
        let Node { parent, capacity } = problem.nodes()[old as usize];
        Node { parent: parent.map(|it| new_node[it as usize]), capacity }
    };
    let edge = |it: &Edge| Edge { need: new_need[it.need as usize], node: new_node[it.node as usize], ..*it };
    let step = |it: &StepCost| StepCost { node: new_node[it.node as usize], ..*it };
    let changed = Problem::new(
        needs.iter().map(|&it| problem.needs()[it as usize]).collect(),
        nodes.iter().map(node).collect(),
        problem.edges().iter().map(edge).collect(),
    );
    changed.unwrap().with_steps(problem.steps().iter().map(step).collect()).unwrap()
}

#[test]
fn another_seed_takes_another_of_equally_good_plans() {
    let needs = vec![Need { demand: 1, penalty: 9 }; 2];
    let nodes = vec![Node { parent: None, capacity: 1 }; 8];
    let edge = |(need, node)| Edge { need, node, cost: 1, pair: None };
    let edges = (0..2).flat_map(|need| (0..8).map(move |node| (need, node))).map(edge).collect();
    let problem = Problem::new(needs, nodes, edges).unwrap();
    let with = |seed| solve(&problem, &Limits { seed, ..Limits::default() }).unwrap();
    let plans: std::collections::BTreeSet<Vec<u32>> = (0..50).map(|seed| with(seed).chosen).collect();
    assert!(plans.len() > 20, "{} plans of 56", plans.len());
    for seed in 0..50 {
        let solution = with(seed);
        assert_eq!(solution, with(seed));
        assert_eq!((solution.objective, &solution.undecided), (2, &solution.chosen));
    }
}

#[test]
fn an_edge_is_undecided_if_some_cheapest_plans_have_it_and_others_not() {
    proptest!(cases(3000), |(problem in small())| {
        let solution = solved(&problem);
        let all = plans(&problem);
        let optimum = cheapest(&all).unwrap();
        let best: Vec<_> = all.iter().filter(|it| it.cost == optimum).collect();
        for &edge in &solution.chosen {
            let always = best.iter().all(|it| it.has(edge));
            prop_assert_eq!(!always, solution.undecided.contains(&edge), "edge {}", edge);
        }
    });
}

/// Counted by solving again.
#[test]
fn prices_are_what_one_unit_more_or_a_place_taken_away_would_cost() {
    proptest!(cases(300), |(problem in small())| {
        let solution = solved(&problem);
        let (needs, nodes) = (problem.needs().to_vec(), problem.nodes().to_vec());
        let costs_more = |needs: &[Need], nodes: &[Node]| {
            let changed = Problem::new(needs.to_vec(), nodes.to_vec(), problem.edges().to_vec());
            let changed = changed.unwrap().with_steps(problem.steps().to_vec()).unwrap();
            solved(&changed).objective - solution.objective
        };
        for at in 0..needs.len() {
            let mut more = needs.clone();
            more[at].demand += 1;
            prop_assert_eq!(costs_more(&more, &nodes), i128::from(solution.prices.need[at]));
        }
        for at in 0..nodes.len() {
            let mut fewer = nodes.clone();
            let above: Vec<usize> =
                std::iter::successors(Some(at), |&it| nodes[it].parent.map(|it| it as usize)).collect();
            // Where units through nodes cost something, a place taken away is not a unit more.
            if problem.steps().is_empty() && above.iter().all(|&it| nodes[it].capacity > 0) {
                above.iter().for_each(|&it| fewer[it].capacity -= 1);
                prop_assert_eq!(costs_more(&needs, &fewer), i128::from(solution.prices.node[at]));
            }
        }
    });
}

#[test]
fn lower_prices_of_needs_prove_the_plan_as_well() {
    proptest!(cases(2000), |(problem in medium())| {
        let highest = solved(&problem);
        let mut lower = highest.clone();
        lower.lower_need_prices(&problem);
        prop_assert!(certify(&problem, &lower).is_proof());
        prop_assert!(lower.prices.need.iter().zip(&highest.prices.need).all(|(low, high)| low <= high));
    });
}
