//! A certificate refuses every solution that was tampered with.

use linli_assign::{
    Certificate, Edge, Limits, Need, Node, PairPrice, Problem, Solution, Violation, certify, solve,
};

/// Two needs compete for a slot under a full day; need 0 could have it twice, by one label.
fn problem() -> Problem {
    let needs = vec![Need { demand: 2, penalty: 50 }, Need { demand: 1, penalty: 40 }];
    let nodes = vec![
        Node { parent: Some(1), capacity: 2 },
        Node { parent: None, capacity: 2 },
        Node { parent: None, capacity: 1 },
    ];
    let edge = |need, node, cost, pair| Edge { need, node, cost, pair };
    let edges = vec![
        edge(0, 0, 3, Some(7)),
        edge(0, 0, 4, Some(7)),
        edge(0, 2, 9, None),
        edge(1, 0, 5, None),
        edge(1, 2, 6, None),
    ];
    Problem::new(needs, nodes, edges).unwrap()
}

fn tampered(change: impl FnOnce(&mut Solution)) -> Certificate {
    let problem = problem();
    let mut solution = solve(&problem, &Limits::default()).unwrap();
    change(&mut solution);
    certify(&problem, &solution)
}

#[track_caller]
fn assert_refused(proof: Certificate, expected: Violation) {
    assert!(!proof.feasible && !proof.is_proof());
    assert!(proof.violations.contains(&expected), "{expected:?} not in {proof:?}");
}

#[test]
fn what_the_solver_says_is_proven() {
    let proof = tampered(|_| ());
    assert_eq!((proof.primal, proof.dual, proof.gap), (17, 17, 0));
    assert!(proof.is_proof());
}

#[test]
fn lists_of_the_wrong_length_are_refused() {
    let length = |list| Violation::Length { list };
    assert_refused(tampered(|it| it.unmet.push(0)), length("unmet"));
    assert_refused(tampered(|it| it.prices.need.clear()), length("prices.need"));
    assert_refused(tampered(|it| it.prices.node.push(1)), length("prices.node"));
}

#[test]
fn chosen_edges_must_be_ascending_edges() {
    let entry = |entry| Violation::Chosen { entry };
    assert_refused(tampered(|it| it.chosen.push(5)), entry(3));
    assert_refused(tampered(|it| it.chosen.reverse()), entry(1));
    assert_refused(tampered(|it| it.chosen.insert(1, 0)), entry(1));
}

#[test]
fn a_plan_must_keep_demands_labels_and_capacities() {
    let everything = || tampered(|it| it.chosen = vec![0, 1, 2, 3, 4]);
    assert_refused(everything(), Violation::OverServed { need: 0 });
    assert_refused(everything(), Violation::OverServed { need: 1 });
    assert_refused(everything(), Violation::PairTwice { need: 0, pair: 7 });
    assert_refused(everything(), Violation::OverFull { node: 0 });
    assert_refused(everything(), Violation::OverFull { node: 1 });
    assert_refused(everything(), Violation::OverFull { node: 2 });
}

#[test]
fn unmet_units_and_objective_are_counted_again() {
    assert_refused(tampered(|it| it.unmet[1] = 1), Violation::Unmet { need: 1 });
    assert_refused(tampered(|it| it.objective -= 1), Violation::Objective);
}

#[test]
fn prices_must_stay_in_their_range() {
    let above_penalty = tampered(|it| it.prices.need[1] = 41);
    assert_refused(above_penalty, Violation::NeedPrice { need: 1 });
    let below_parent = tampered(|it| it.prices.node[1] = 1000);
    assert_refused(below_parent, Violation::NodePrice { node: 0 });
    let below_nothing = tampered(|it| it.prices.node[2] = -1);
    assert_refused(below_nothing, Violation::NodePrice { node: 2 });
    let price = |price| PairPrice { need: 0, pair: 7, price };
    let entry = |entry| Violation::PairPrice { entry };
    assert_refused(tampered(|it| it.prices.pair = vec![price(-1)]), entry(0));
    assert_refused(tampered(|it| it.prices.pair = vec![price(1), price(1)]), entry(1));
}

#[test]
fn a_worse_plan_or_worse_prices_leave_a_gap() {
    let worse_plan = tampered(|it| {
        it.chosen.remove(0);
        it.unmet[0] += 1;
        it.objective += 47;
    });
    assert_eq!((worse_plan.feasible, worse_plan.gap), (true, 47));
    let worse_prices = tampered(|it| it.prices.need[0] -= 1);
    assert!(worse_prices.feasible && worse_prices.gap > 0);
}
