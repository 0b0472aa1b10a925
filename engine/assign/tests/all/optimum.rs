//! The plan is optimal, and the same whatever the order.

use std::sync::Mutex;

use linli_assign::{
    Edge, Limits, Need, Node, Phase, Problem, Solution, Status, StepCost, certify, solve, solve_watched,
};
use proptest::prelude::*;

use crate::brute::{cheapest, plans};
use crate::random::{cases, medium, small, street, with_edges};

fn solved(problem: &Problem) -> Solution {
    solve(problem, &Limits::default()).unwrap()
}

#[test]
fn flow_equals_trying_everything() {
    proptest!(cases(10_000), |(problem in small())| {
        let solution = solved(&problem);
        prop_assert_eq!(Some(solution.objective), cheapest(&plans(&problem)));
        prop_assert!(certify(&problem, &solution).is_proof());
    });
}

/// Beyond what can be tried, the prices must prove the answer.
#[test]
fn flow_proves_itself() {
    proptest!(cases(3000), |(problem in medium())| {
        let solution = solved(&problem);
        prop_assert_eq!(solution.status, Status::Optimal);
        let proof = certify(&problem, &solution);
        prop_assert!(proof.is_proof(), "{:?}", proof);
        prop_assert_eq!(proof.primal, solution.objective);
    });
}

#[test]
fn order_of_edges_does_not_matter() {
    proptest!(cases(300), |(problem in medium(), seed: u64)| {
        let mut edges = problem.edges().to_vec();
        edges.sort_by_key(|it| (seed ^ it.cost as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let other = solved(&with_edges(&problem, edges));
        prop_assert_eq!(solved(&problem).objective, other.objective);
    });
}

#[test]
fn solving_twice_gives_the_same_answer() {
    proptest!(cases(100), |(problem in medium())| {
        prop_assert_eq!(solved(&problem), solved(&problem));
    });
}

#[test]
fn a_step_limit_leaves_a_plan_and_a_valid_bound() {
    proptest!(cases(500), |(problem in small(), steps in 0_u64..40)| {
        let solution = solve(&problem, &Limits { steps_max: Some(steps), ..Limits::default() }).unwrap();
        let proof = certify(&problem, &solution);
        let optimum = cheapest(&plans(&problem)).unwrap();
        prop_assert!(proof.feasible);
        prop_assert!(proof.dual <= optimum && optimum <= proof.primal);
        prop_assert_eq!(solution.status == Status::Limit, proof.gap > 0);
    });
}

#[test]
fn no_steps_at_all_leave_everybody_unserved_with_a_gap() {
    let needs = vec![Need { demand: 2, penalty: 10 }];
    let nodes = vec![linli_assign::Node { parent: None, capacity: 1 }];
    let edge = linli_assign::Edge { need: 0, node: 0, cost: 4, pair: None };
    let problem = Problem::new(needs, nodes, vec![edge]).unwrap();
    let solution = solve(&problem, &Limits { steps_max: Some(0), ..Limits::default() }).unwrap();
    assert_eq!((solution.status, solution.objective), (Status::Limit, 20));
    assert_eq!(certify(&problem, &solution).dual, 8);
}

#[test]
fn threads_change_nothing() {
    proptest!(cases(60), |(problems in prop::collection::vec(medium(), 4..=12))| {
        let problem = side_by_side(&problems);
        let with = |threads| solve(&problem, &Limits { threads, ..Limits::default() }).unwrap();
        let alone = with(1);
        prop_assert!(certify(&problem, &alone).is_proof());
        for threads in [2, 3, 8] {
            prop_assert_eq!(&with(threads), &alone);
        }
        let apart: i128 = problems.iter().map(|it| solved(it).objective).sum();
        prop_assert_eq!(alone.objective, apart);
    });
}

#[test]
fn phases_are_told_in_their_order_with_what_they_took() {
    let needs = vec![Need { demand: 1, penalty: 1 << 30 }; 300];
    let nodes = vec![Node { parent: None, capacity: 1 }; 200];
    let cost = |need: u32, node: u32| i64::from((need * 7_919 + node * 104_729) % 10_007);
    let edges = (0..300).flat_map(|need| (0..9).map(move |nth| (need, (need * 31 + nth * 17) % 200)));
    let edge = |(need, node)| Edge { need, node, cost: cost(need, node), pair: None };
    let problem = Problem::new(needs, nodes, edges.map(edge).collect()).unwrap();
    for threads in [1, 2] {
        let told = Mutex::new(Vec::new());
        let limits = Limits { threads, ..Limits::default() };
        let watched = solve_watched(&problem, &limits, &|phase, steps| {
            told.lock().unwrap().push((phase, steps));
        });
        assert_eq!(watched.unwrap(), solved(&problem));
        let told = told.into_inner().unwrap();
        let steps = |phase| told.iter().filter(|it| it.0 == phase).map(|it| it.1).sum::<u64>();
        assert!(steps(Phase::Auction) >= 300, "{told:?}");
        assert!(steps(Phase::Repair) > 0, "{told:?}");
        let phases: Vec<Phase> = told.iter().map(|it| it.0).collect();
        assert_eq!((phases[0], phases[phases.len() - 1]), (Phase::Order, Phase::Proof));
        let part = [Phase::Graph, Phase::Auction, Phase::Repair, Phase::Lift, Phase::Prices];
        // A second part, of nodes that nobody wants, may come in between.
        assert!(threads > 1 || phases[1..6] == part, "{told:?}");
    }
}

/// A component of more than 40,000 edges is cut into parts for several hands.
#[test]
fn threads_that_share_one_component_change_nothing() {
    proptest!(cases(8), |(problem in street())| {
        prop_assert!(problem.edges().len() > 48_000);
        let with = |threads| solve(&problem, &Limits { threads, ..Limits::default() }).unwrap();
        let alone = with(1);
        prop_assert!(certify(&problem, &alone).is_proof());
        for threads in [2, 3, 5] {
            prop_assert_eq!(&with(threads), &alone);
        }
    });
}

/// Problems that have nothing to do with each other as one, each large enough to be a part.
fn side_by_side(problems: &[Problem]) -> Problem {
    let (mut needs, mut nodes, mut edges, mut steps) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for problem in problems {
        let (need, node) = (needs.len() as u32, nodes.len() as u32);
        needs.extend_from_slice(problem.needs());
        let moved = |it: &Node| Node { parent: it.parent.map(|it| it + node), ..*it };
        nodes.extend(problem.nodes().iter().map(moved));
        let moved = |it: &Edge| Edge { need: it.need + need, node: it.node + node, ..*it };
        edges.extend(problem.edges().iter().map(moved));
        let moved = |it: &StepCost| StepCost { node: it.node + node, ..*it };
        steps.extend(problem.steps().iter().map(moved));
    }
    Problem::new(needs, nodes, edges).unwrap().with_steps(steps).unwrap()
}
