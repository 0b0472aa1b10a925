//! Inputs at the edge of what is allowed.

use linli_assign::{
    COST_MAX, Edge, Limits, Need, Node, PENALTY_MAX, Problem, Residual, Solution, UNITS_MAX, certify, solve,
};

fn solved(needs: Vec<Need>, nodes: Vec<Node>, edges: Vec<Edge>) -> Solution {
    let problem = Problem::new(needs, nodes, edges).unwrap();
    let solution = solve(&problem, &Limits::default()).unwrap();
    assert!(certify(&problem, &solution).is_proof());
    let mut residual = Residual::new(&problem, &solution).unwrap();
    for edge in 0..problem.edges().len().min(20) as u32 {
        assert!(residual.regret(edge).is_none_or(|it| it.regret >= 0));
    }
    solution
}

fn need(demand: u32, penalty: i64) -> Need {
    Need { demand, penalty }
}

fn root(capacity: u32) -> Node {
    Node { parent: None, capacity }
}

fn edge(need: u32, node: u32, cost: i64) -> Edge {
    Edge { need, node, cost, pair: None }
}

#[test]
fn nothing_at_all_is_solved() {
    assert_eq!(solved(vec![], vec![], vec![]).objective, 0);
    assert_eq!(solved(vec![], vec![root(3)], vec![]).prices.node, [0]);
    assert_eq!(solved(vec![need(3, 7)], vec![], vec![]).objective, 21);
}

#[test]
fn a_need_that_asks_for_nothing_gets_nothing() {
    let solution = solved(vec![need(0, 7)], vec![root(1)], vec![edge(0, 0, -5)]);
    assert_eq!((solution.objective, solution.chosen.len()), (0, 0));
}

#[test]
fn nobody_enters_where_there_is_no_room() {
    let nodes = vec![Node { parent: Some(1), capacity: 4 }, root(0)];
    let solution = solved(vec![need(1, 7)], nodes, vec![edge(0, 0, -COST_MAX)]);
    assert_eq!((solution.objective, solution.unmet), (7, vec![1]));
}

#[test]
fn costs_above_the_penalty_are_not_paid() {
    let solution = solved(vec![need(1, 7)], vec![root(1)], vec![edge(0, 0, 8)]);
    assert_eq!(solution.unmet, [1]);
}

#[test]
fn being_left_out_may_be_a_reward() {
    let edges = vec![edge(0, 0, -20), edge(0, 1, -5)];
    let solution = solved(vec![need(2, -10)], vec![root(1), root(1)], edges);
    assert_eq!((solution.objective, solution.chosen), (-30, vec![0]));
}

#[test]
fn duplicate_edges_each_carry_a_unit() {
    let edges = vec![edge(0, 0, 4); 3];
    let solution = solved(vec![need(UNITS_MAX, 9)], vec![root(UNITS_MAX)], edges);
    assert_eq!(solution.unmet, [UNITS_MAX - 3]);
    assert_eq!(solution.objective, 12 + 9 * i128::from(UNITS_MAX - 3));
}

#[test]
fn the_largest_numbers_do_not_overflow() {
    let signs = [1, -1, 1, 1, -1, 1, -1, -1];
    let needs = signs.map(|sign| need(UNITS_MAX, sign * PENALTY_MAX)).to_vec();
    let nodes = vec![root(3), Node { parent: Some(0), capacity: 2 }, root(1)];
    let edges = (0..24).map(|at| edge(at / 3, at % 3, signs[at as usize % 5] * COST_MAX)).collect();
    solved(needs, nodes, edges);
}

#[test]
fn equal_costs_everywhere_are_solved() {
    let needs = vec![need(1, 50); 60];
    let edges = (0..60 * 20).map(|at| edge(at / 20, at % 20, 7)).collect();
    assert_eq!(solved(needs, vec![root(2); 20], edges).objective, 40 * 7 + 20 * 50);
}

/// Parents follow children. Every link could bind: each has an edge and room for one.
#[test]
fn a_chain_a_million_long_is_no_obstacle() {
    let n = 1_000_000_u32;
    let link = |at| Node { parent: (at + 1 < n).then_some(at + 1), capacity: 1 + at / 200_000 };
    let edges = (0..n).map(|at| edge(at % 500, at, i64::from(at % 977))).collect();
    let solution = solved(vec![need(1, 5000); 500], (0..n).map(link).collect(), edges);
    assert_eq!(solution.chosen.len(), 5);
}

/// Two needs at every link and room for one: no link can be left out of account.
#[test]
fn a_chain_that_is_tight_everywhere_is_solved() {
    let n = 1000_u32;
    let link = |at| Node { parent: (at + 1 < n).then_some(at + 1), capacity: at + 1 };
    let edges = (0..2 * n).map(|at| edge(at, at / 2, i64::from(at * 7919 % 997))).collect();
    let needs = vec![need(1, 2000); 2 * n as usize];
    let solution = solved(needs, (0..n).map(link).collect(), edges);
    assert_eq!(solution.chosen.len(), 1000);
}
