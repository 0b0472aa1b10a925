//! Units through a node may cost more the more there are.

use linli_assign::{Edge, Error, Limits, Need, Node, Problem, StepCost, certify, solve};

/// Three visits, two volunteers; the first lives nearer to everybody.
fn visits(steps: Vec<StepCost>) -> Result<Problem, Error> {
    let needs = vec![Need { demand: 1, penalty: 100 }; 3];
    let nodes = vec![Node { parent: None, capacity: 3 }; 2];
    let edge = |(need, node)| Edge { need, node, cost: if node == 0 { 10 } else { 12 }, pair: None };
    let edges = (0..3).flat_map(|need| [(need, 0), (need, 1)]).map(edge).collect();
    Problem::new(needs, nodes, edges)?.with_steps(steps)
}

fn visits_of_the_first(steps: Vec<StepCost>) -> (usize, i128) {
    let problem = visits(steps).unwrap();
    let solution = solve(&problem, &Limits::default()).unwrap();
    assert!(certify(&problem, &solution).is_proof());
    let first = solution.chosen.iter().filter(|&&it| problem.edges()[it as usize].node == 0);
    (first.count(), solution.objective)
}

#[test]
fn the_nearest_gets_everything_until_each_further_task_costs_something() {
    let second = |node, cost| StepCost { node, from: 1, cost };
    assert_eq!(visits_of_the_first(Vec::new()), (3, 30));
    assert_eq!(visits_of_the_first(vec![second(0, 1)]), (3, 32));
    assert_eq!(visits_of_the_first(vec![second(0, 5)]), (1, 34));
    assert_eq!(visits_of_the_first(vec![second(0, 5), second(1, 5)]), (2, 37));
}

#[test]
fn steps_must_rise_and_stand_at_nodes_that_exist() {
    let step = |node, from, cost| StepCost { node, from, cost };
    let refused = |steps| visits(steps).unwrap_err().to_string();
    assert!(visits(vec![step(1, 2, 9), step(1, 0, 1), step(1, 1, 1)]).is_ok());
    assert_eq!(
        refused(vec![step(1, 0, 9), step(1, 2, 8)]),
        "unit 2 of node 1 and those after it cost less than the ones before, or have two costs"
    );
    assert!(refused(vec![step(1, 2, 8), step(1, 2, 9)]).contains("two costs"));
    assert_eq!(refused(vec![step(2, 0, 9)]), "step 0 names node 2, but there are 2");
    assert!(refused(vec![step(0, 0, -1)]).starts_with("cost -1 of step 0 is outside 0 to"));
}
