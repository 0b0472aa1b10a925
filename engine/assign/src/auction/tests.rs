use super::*;
use crate::graph::Purpose;
use crate::order::Order;
use crate::problem::{Edge, Need, Node, Problem};

/// Twice as many needs as places, each with ten edges.
fn scarce(penalty: i64) -> Problem {
    let needs = vec![Need { demand: 1, penalty }; 1_000];
    let nodes = vec![Node { parent: None, capacity: 1 }; 500];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut edges = Vec::new();
    for need in 0..1_000 {
        for _ in 0..10 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let (node, cost) = ((state >> 7) % 500, (state >> 20) % 10_000);
            edges.push(Edge { need, node: node as u32, cost: cost as i64, pair: None });
        }
    }
    edges.sort_by_key(|it| (it.need, it.cost));
    Problem::new(needs, nodes, edges).expect("a problem")
}

fn bids(problem: &Problem) -> u64 {
    let order = Order::whole(problem);
    let graph = Graph::new(problem, &order, &order.parts[0], Purpose::Solve, (0, 0), 1);
    let mut network = Network::new(graph);
    let levels = Levels::new(&network);
    levels.cut(&mut network);
    let mut left = u64::MAX;
    let needs: Vec<u32> = (0..problem.needs().len() as u32).collect();
    Auction::new(&network, &levels).run(&needs, &mut left);
    u64::MAX - left
}

#[test]
fn one_strange_number_changes_little() {
    let plain = scarce(100_000_000);
    let ordinary = bids(&plain);
    let (needs, nodes, edges) = (plain.needs().to_vec(), plain.nodes().to_vec(), plain.edges().to_vec());
    let with_cost = |cost| {
        let mut edges = edges.clone();
        edges[5].cost = cost;
        edges.sort_by_key(|it| (it.need, it.cost));
        Problem::new(needs.clone(), nodes.clone(), edges).expect("a problem")
    };
    let with_penalty = |penalty| {
        let mut needs = needs.clone();
        needs[0].penalty = penalty;
        Problem::new(needs, nodes.clone(), edges.clone()).expect("a problem")
    };
    for strange in [with_cost(1 << 40), with_cost(-(1 << 40)), with_penalty(0), with_penalty(-(1 << 50))] {
        let found = bids(&strange);
        assert!(found * 2 > ordinary && found < ordinary * 2, "{found} bids, {ordinary} without it");
    }
}

#[test]
fn needs_of_many_units_do_not_look_at_all_edges_for_ever() {
    let needs = vec![Need { demand: 1_000, penalty: 20_000 }; 2];
    let nodes = vec![Node { parent: None, capacity: 1 }; 1_000];
    let cost = |need: u32, node: u32| i64::from((node * 7_919 + need * 104_729) % 10_007);
    let edges = (0..2).flat_map(|need| (0..1_000).map(move |node| (need, node)));
    let edge = |(need, node)| Edge { need, node, cost: cost(need, node), pair: None };
    let mut edges: Vec<Edge> = edges.map(edge).collect();
    edges.sort_by_key(|it| (it.need, it.cost));
    let found = bids(&Problem::new(needs, nodes, edges).expect("a problem"));
    // Each bid looks at up to a thousand edges.
    assert!(found < 5_000, "{found} bids of 2,000 units");
}

#[test]
fn bids_stay_bounded_as_penalties_grow() {
    let small = bids(&scarce(100_000));
    for times in [10, 1_000, 1_000_000] {
        let many = bids(&scarce(100_000 * times));
        assert_eq!(many, small, "penalties {times} times as large");
    }
    assert!(small <= 100 * 1_000, "{small} bids of 1,000 units");
}

#[test]
fn few_needs_that_want_everything_look_at_all_of_it_seldom() {
    let needs = vec![Need { demand: 2_000, penalty: 20_000 }; 3];
    let nodes = vec![Node { parent: None, capacity: 1 }; 2_000];
    let cost = |need: u32, node: u32| i64::from((node * 7_919 + need * 104_729) % 10_007);
    let edges = (0..3).flat_map(|need| (0..2_000).map(move |node| (need, node)));
    let edge = |(need, node)| Edge { need, node, cost: cost(need, node), pair: None };
    let problem = Problem::new(needs, nodes, edges.map(edge).collect()).expect("a problem");
    let order = Order::whole(&problem);
    let graph = Graph::new(&problem, &order, &order.parts[0], Purpose::Solve, (0, 0), 1);
    let network = Network::new(graph);
    let levels = Levels::new(&network);
    let mut auction = Auction::new(&network, &levels);
    let epsilon = auction.epsilon;
    auction.run(&[0, 1, 2], &mut u64::MAX.clone());
    assert_eq!(auction.epsilon, epsilon);
    // A look for each unit would be 12 million.
    assert!(auction.looks < 300_000, "{} looks", auction.looks);
}
