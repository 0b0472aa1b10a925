//! Edges that their budget never lets in look like the cheapest ones to a flow that is not told,
//! while serving nobody costs just one unit more than the best plan.

use linli_assign::{
    Budget, Coupled, Edge, Limits, Need, Node, Problem, Status, Team, certify_coupled, solve_coupled,
};

fn need(demand: u32, penalty: i64) -> Need {
    Need { demand, penalty }
}

fn root(capacity: u32) -> Node {
    Node { parent: None, capacity }
}

fn below(parent: u32, capacity: u32) -> Node {
    Node { parent: Some(parent), capacity }
}

fn edge(need: u32, node: u32, cost: i64) -> Edge {
    Edge { need, node, cost, pair: None }
}

fn team(penalty: i64, need: u32) -> Team {
    Team { penalty, needs: vec![need] }
}

fn is_proven(flow: (Vec<Need>, Vec<Node>, Vec<Edge>), teams: Vec<Team>, budget: Budget, optimum: i128) {
    let problem = Problem::new(flow.0, flow.1, flow.2).unwrap();
    let coupled = Coupled::new(problem, teams, vec![budget]).unwrap();
    let solution = solve_coupled(&coupled, &Limits::default()).unwrap();
    let proof = certify_coupled(&coupled, &solution);
    assert_eq!((solution.objective, solution.status), (optimum, Status::Optimal));
    assert_eq!((proof.gap, proof.violations), (0, vec![]));
}

#[test]
fn a_member_below_its_cheap_edge() {
    let nodes = vec![root(2), below(0, 0), below(0, 1), below(2, 1)];
    let edges = vec![edge(0, 0, 1), edge(0, 2, 16)];
    let budget = Budget { most: 0, uses: vec![(0, 1), (1, 0)] };
    is_proven((vec![need(1, 6)], nodes, edges), vec![team(11, 0)], budget, 16);
}

#[test]
fn a_member_beside_its_cheap_edge() {
    let nodes = vec![root(0), root(1), root(2)];
    let edges = vec![edge(0, 0, 0), edge(0, 0, 0), edge(1, 1, 11), edge(0, 0, 0), edge(1, 2, 1)];
    let budget = Budget { most: 0, uses: vec![(4, 1)] };
    is_proven((vec![need(0, 0), need(1, 17)], nodes, edges), vec![team(-4, 1)], budget, 11);
}

#[test]
fn two_teams_of_one_member_beside_its_cheap_edge() {
    let needs = vec![need(0, 0), need(0, 0), need(1, 16)];
    let nodes = vec![root(0), root(2), root(1)];
    let edges = vec![edge(0, 0, 0), edge(0, 0, 0), edge(2, 2, 18), edge(2, 1, 1)];
    let budget = Budget { most: 0, uses: vec![(3, 1)] };
    is_proven((needs, nodes, edges), vec![team(-4, 2), team(7, 2)], budget, 18);
}

#[test]
fn two_units_of_which_one_had_a_cheap_edge() {
    let nodes = vec![root(0), root(3), below(1, 3), below(0, 0), below(1, 1), root(1)];
    let labelled = |cost| Edge { pair: Some(0), ..edge(0, 1, cost) };
    let edges = vec![edge(0, 3, 0), edge(0, 0, 0), edge(0, 4, 7), edge(0, 3, 0), labelled(-9), labelled(13)];
    let budget = Budget { most: 0, uses: vec![(4, 1)] };
    is_proven((vec![need(2, 4)], nodes, edges), vec![team(13, 0)], budget, 20);
}

#[test]
fn another_need_with_an_edge_that_weighs_more_than_the_budget() {
    let edges = vec![edge(1, 0, -8), edge(0, 1, 9)];
    let budget = Budget { most: 2, uses: vec![(0, 3), (1, 0)] };
    let needs = vec![need(1, 1), need(1, 7)];
    is_proven((needs, vec![root(3), below(0, 1)], edges), vec![team(9, 0)], budget, 16);
}

#[test]
fn another_need_with_an_edge_that_its_budget_keeps_out() {
    let needs = [need(1, 19), need(0, 0), need(0, 0), need(0, 0), need(1, 2), need(0, 0)];
    let edges = vec![edge(0, 1, 0), edge(4, 0, 10)];
    let budget = Budget { most: 0, uses: vec![(0, 1), (1, 0)] };
    is_proven((needs.to_vec(), vec![root(1), root(2)], edges), vec![team(9, 4)], budget, 29);
}

#[test]
fn another_need_beside_a_member_below_a_full_node() {
    let needs = vec![need(1, 0), need(1, 8), need(0, 0)];
    let nodes = vec![root(0), root(1), root(2), below(1, 1)];
    let dead = |need| edge(need, 0, 0);
    let edges =
        vec![dead(0), dead(2), dead(0), edge(1, 2, 0), edge(0, 1, 18), dead(0), dead(2), dead(2), dead(2)];
    let budget = Budget { most: 0, uses: vec![(3, 1), (5, 0)] };
    is_proven((needs, nodes, edges), vec![team(19, 0)], budget, 26);
}

#[test]
fn another_need_whose_edge_weighs_more_than_the_budget_and_a_team_at_its_limit() {
    let nodes = vec![root(0), below(0, 0), root(2), root(1)];
    let edges = vec![edge(0, 0, 0), edge(0, 2, -3), edge(1, 3, 1)];
    let budget = Budget { most: 1, uses: vec![(1, 2), (2, 1)] };
    is_proven((vec![need(1, 4), need(1, 8)], nodes, edges), vec![team(-6, 1)], budget, 5);
}
