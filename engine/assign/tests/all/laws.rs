//! What must hold of the optimum whatever the problem: laws instead of examples.

use linli_assign::{Edge, Limits, Need, Node, Problem, StepCost, certify, solve};
use proptest::prelude::*;

use crate::random::{cases, medium};

fn optimum(problem: &Problem) -> i128 {
    let solution = solve(problem, &Limits::default()).unwrap();
    assert!(certify(problem, &solution).is_proof());
    solution.objective
}

fn changed(problem: &Problem, needs: Vec<Need>, nodes: Vec<Node>, edges: Vec<Edge>) -> Problem {
    Problem::new(needs, nodes, edges).unwrap().with_steps(problem.steps().to_vec()).unwrap()
}

/// A leaf of capacity `c` as `c` leaves of one place each below it: every edge to it leads to all.
#[test]
fn a_capacity_may_be_split_into_equal_leaves() {
    proptest!(cases(300), |(problem in medium(), which: prop::sample::Index)| {
        prop_assume!(!problem.nodes().is_empty());
        let split = which.index(problem.nodes().len()) as u32;
        let mut nodes = problem.nodes().to_vec();
        let places = nodes[split as usize].capacity;
        let first = nodes.len() as u32;
        nodes.extend((0..places).map(|_| Node { parent: Some(split), capacity: 1 }));
        // An edge carries one unit still, wherever it ends: its copies share a label of their own.
        let (mut edges, mut label) = (Vec::new(), 100);
        for edge in problem.edges() {
            if edge.node != split || edge.pair.is_some() {
                edges.push(*edge);
                continue;
            }
            label += 1;
            edges.extend((first..first + places).map(|node| Edge { node, pair: Some(label), ..*edge }));
        }
        let other = changed(&problem, problem.needs().to_vec(), nodes, edges);
        prop_assert_eq!(optimum(&problem), optimum(&other));
    });
}

#[test]
fn a_constant_on_all_that_a_need_may_cost_moves_the_optimum_by_its_demand() {
    proptest!(cases(300), |(problem in medium(), which: prop::sample::Index, by in -9_i64..=9)| {
        prop_assume!(!problem.needs().is_empty());
        let need = which.index(problem.needs().len());
        let mut needs = problem.needs().to_vec();
        needs[need].penalty += by;
        let mut edges = problem.edges().to_vec();
        edges.iter_mut().filter(|it| it.need as usize == need).for_each(|it| it.cost += by);
        let more = i128::from(by) * i128::from(needs[need].demand);
        let other = changed(&problem, needs, problem.nodes().to_vec(), edges);
        prop_assert_eq!(optimum(&problem) + more, optimum(&other));
    });
}

#[test]
fn more_room_and_more_edges_never_cost_more() {
    proptest!(cases(300), |(problem in medium(), which: prop::sample::Index, cost in -10_i64..=20)| {
        prop_assume!(!problem.nodes().is_empty() && !problem.needs().is_empty());
        let before = optimum(&problem);
        let mut nodes = problem.nodes().to_vec();
        let widened = which.index(nodes.len());
        nodes[widened].capacity += 1;
        let roomier = changed(&problem, problem.needs().to_vec(), nodes, problem.edges().to_vec());
        prop_assert!(optimum(&roomier) <= before);
        let (need, node) = (which.index(problem.needs().len()), which.index(problem.nodes().len()));
        let edge = Edge { need: need as u32, node: node as u32, cost, pair: None };
        let edges = [problem.edges(), &[edge]].concat();
        let wider = changed(&problem, problem.needs().to_vec(), problem.nodes().to_vec(), edges);
        prop_assert!(optimum(&wider) <= before);
    });
}

/// What a node keeps for the urgent, as a tree: others go through a narrower node below it. Nested
/// in one order, each reserve is one node more.
#[test]
fn a_reserve_keeps_places_for_those_it_is_for() {
    let need = |penalty| Need { demand: 1, penalty };
    let (urgent, ordinary) = (need(30), need(90));
    // Three places, of which one is kept for the urgent.
    let nodes = vec![Node { parent: None, capacity: 3 }, Node { parent: Some(0), capacity: 2 }];
    let edge = |need, node| Edge { need, node, cost: 1, pair: None };
    let served = |needs: &[Need]| {
        let edges = (0..).zip(needs).map(|(at, it)| edge(at, u32::from(*it == ordinary))).collect();
        let problem = Problem::new(needs.to_vec(), nodes.clone(), edges).unwrap();
        let solution = solve(&problem, &Limits::default()).unwrap();
        let count =
            |kind: Need| (0..needs.len()).filter(|&it| needs[it] == kind && solution.unmet[it] == 0).count();
        (count(urgent), count(ordinary))
    };
    assert_eq!(served(&[ordinary, ordinary, ordinary]), (0, 2));
    assert_eq!(served(&[ordinary, ordinary, ordinary, urgent]), (1, 2));
    assert_eq!(served(&[ordinary, urgent, urgent, urgent]), (2, 1));
}

#[test]
fn fairness_spreads_tasks_without_leaving_anybody_unserved() {
    proptest!(cases(200), |(problem in medium(), cost in 0_i64..=3)| {
        // The same problem, each further task of each root a little dearer; penalties far above.
        let needs: Vec<Need> = problem.needs().iter().map(|it| Need { penalty: 1_000, ..*it }).collect();
        let plain = Problem::new(needs.clone(), problem.nodes().to_vec(), problem.edges().to_vec()).unwrap();
        let roots = (0_u32..).zip(problem.nodes()).filter(|it| it.1.parent.is_none()).map(|it| it.0);
        let steps = roots.flat_map(|node| (1..4).map(move |from| StepCost { node, from, cost: cost * i64::from(from) }));
        let fair = plain.clone().with_steps(steps.collect()).unwrap();
        let unmet = |problem: &Problem| solve(problem, &Limits::default()).unwrap().unmet.iter().sum::<u32>();
        prop_assert_eq!(unmet(&plain), unmet(&fair));
    });
}
