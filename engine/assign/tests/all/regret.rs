//! Reasons: forcing an edge costs exactly its regret, and the path says where it comes from.

use linli_assign::{Edge, Limits, Need, Node, Problem, Regret, Residual, Step, solve};
use proptest::prelude::*;

use crate::brute::{cheapest, plans};
use crate::random::{cases, medium, small, with_edges};

fn regrets(problem: &Problem) -> Vec<Option<Regret>> {
    let solution = solve(problem, &Limits::default()).unwrap();
    let mut residual = Residual::new(problem, &solution).unwrap();
    (0..problem.edges().len() as u32).map(|edge| residual.regret(edge)).collect()
}

fn assert_adds_up(problem: &Problem, regret: &Regret) {
    let prices: Vec<i64> = regret.path.iter().map(Step::price).collect();
    assert!(prices.iter().all(|&it| it >= 0), "{regret:?}");
    assert_eq!(regret.regret, regret.own + prices.iter().sum::<i64>());
    for step in &regret.path {
        match *step {
            Step::Need { need, .. } => assert!((need as usize) < problem.needs().len()),
            Step::Node { node, .. } => assert!((node as usize) < problem.nodes().len()),
        }
    }
}

#[test]
fn forcing_an_edge_costs_exactly_its_regret() {
    proptest!(cases(5000), |(problem in small())| {
        let plans = plans(&problem);
        let optimum = cheapest(&plans).unwrap();
        for (edge, regret) in (0..).zip(regrets(&problem)) {
            let forced = cheapest(plans.iter().filter(|it| it.has(edge)));
            prop_assert_eq!(
                regret.as_ref().map(|it| optimum + i128::from(it.regret)), forced, "edge {}", edge
            );
            if let Some(regret) = regret {
                assert_adds_up(&problem, &regret);
            }
        }
    });
}

#[test]
fn a_cost_lower_by_more_than_the_regret_gets_the_edge_chosen() {
    proptest!(cases(150), |(problem in medium())| {
        for (edge, regret) in regrets(&problem).into_iter().enumerate() {
            let Some(regret) = regret else { continue };
            assert_adds_up(&problem, &regret);
            let chosen_at = |lower: i64| {
                let mut edges = problem.edges().to_vec();
                edges[edge].cost -= lower;
                let cheaper = with_edges(&problem, edges);
                let solution = solve(&cheaper, &Limits::default()).unwrap();
                solution.chosen.contains(&(edge as u32))
            };
            prop_assert!(chosen_at(regret.regret + 1));
            prop_assert!(regret.regret == 0 || !chosen_at(regret.regret - 1));
        }
    });
}

fn edge(need: u32, node: u32, cost: i64) -> Edge {
    Edge { need, node, cost, pair: None }
}

/// Need 0 has Thursday (node 0) in a week (node 1) with room for one; need 1 wants it too.
fn thursday(needs: Vec<Need>, edges: Vec<Edge>) -> Problem {
    let nodes = vec![Node { parent: Some(1), capacity: 2 }, Node { parent: None, capacity: 1 }];
    Problem::new(needs, nodes, edges).unwrap()
}

#[test]
fn a_full_week_is_named_with_the_need_that_would_be_displaced() {
    let needs = vec![Need { demand: 1, penalty: 90 }, Need { demand: 1, penalty: 50 }];
    let problem = thursday(needs, vec![edge(0, 0, 10), edge(1, 0, 5)]);
    let regret = regrets(&problem)[1].clone().unwrap();
    // Need 0 goes unserved (90 − 10), need 1 is served at last (5 − 50).
    assert_eq!((regret.regret, regret.own), (35, -45));
    assert!(matches!(regret.path[..], [Step::Node { node: 1, .. }, Step::Need { need: 0, .. }]));
}

#[test]
fn a_chosen_edge_is_not_regretted() {
    let problem = thursday(vec![Need { demand: 1, penalty: 9 }], vec![edge(0, 0, 1)]);
    let nothing = Regret { regret: 0, own: 0, path: vec![] };
    assert_eq!(regrets(&problem), [Some(nothing)]);
}

#[test]
fn another_slot_under_the_same_full_week_costs_the_difference_only() {
    let slot = |capacity| Node { parent: Some(2), capacity };
    let nodes = vec![slot(2), slot(2), Node { parent: None, capacity: 1 }];
    let pair = Some(4);
    let edges = [(0, 3), (1, 8)].map(|(node, cost)| Edge { need: 0, node, cost, pair });
    let rival = edge(1, 0, 5);
    let needs = vec![Need { demand: 2, penalty: 90 }, Need { demand: 1, penalty: 50 }];
    let problem = Problem::new(needs, nodes, [edges.as_slice(), &[rival]].concat()).unwrap();
    let regret = regrets(&problem)[1].clone().unwrap();
    assert_eq!(regret, Regret { regret: 5, own: 5, path: vec![] });
}

#[test]
fn an_edge_that_no_plan_can_hold_has_no_regret() {
    let nodes = vec![Node { parent: Some(1), capacity: 1 }, Node { parent: None, capacity: 0 }];
    let needs = vec![Need { demand: 1, penalty: 9 }, Need { demand: 0, penalty: 9 }];
    let free = Node { parent: None, capacity: 1 };
    let nodes = [nodes, vec![free]].concat();
    let problem = Problem::new(needs, nodes, vec![edge(0, 0, 1), edge(1, 2, 1)]).unwrap();
    assert_eq!(regrets(&problem), [None, None]);
}

#[test]
fn there_are_no_reasons_without_a_proof() {
    let problem = thursday(vec![Need { demand: 1, penalty: 9 }], vec![edge(0, 0, 1)]);
    let solution = solve(&problem, &Limits { steps_max: Some(0), ..Limits::default() }).unwrap();
    let refusal = Residual::new(&problem, &solution).err().unwrap();
    assert_eq!(refusal.to_string(), "the prices leave a gap of 8 and 0 violations");
}
