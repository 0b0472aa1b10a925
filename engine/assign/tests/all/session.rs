//! A session is at the optimum after every event, and moves nothing that is pinned.

use linli_assign::{Edge, Error, Limits, Need, Node, Problem, Session, certify, solve};
use proptest::prelude::*;

use crate::random::{cases, medium, small};

/// Numbers without a pattern, the same for the same seed.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }

    fn cost(&mut self) -> i64 {
        self.below(31) as i64 - 10
    }
}

/// Something happens; whether anything did.
fn event(session: &mut Session, draw: &mut Draw) -> Result<(), Error> {
    let now = session.problem()?;
    let (needs, nodes, edges) = (now.needs().len(), now.nodes().len(), now.edges().len());
    let one = |draw: &mut Draw, len: usize| draw.below(len) as u32;
    match draw.below(14) {
        0 => {
            let need = Need { demand: one(draw, 4), penalty: draw.cost() + 15 };
            let position = session.add_need(need)?;
            for _ in 0..draw.below(5) {
                let pair = (draw.below(2) == 0).then(|| one(draw, 3));
                session.add_edge(Edge { need: position, node: one(draw, nodes), cost: draw.cost(), pair })?;
            }
            Ok(())
        }
        1 => session.set_demand(one(draw, needs), 0),
        2 | 3 => session.set_demand(one(draw, needs), one(draw, 4)),
        4 => session.set_penalty(one(draw, needs), draw.cost() + 15),
        5 | 6 => session.set_cost(one(draw, edges), draw.cost()),
        7 => session.set_capacity(one(draw, nodes), 0),
        8 | 9 => session.set_capacity(one(draw, nodes), one(draw, 5)),
        10 => {
            let parent = (draw.below(2) == 0 && nodes > 0).then(|| one(draw, nodes));
            let position = session.add_node(Node { parent, capacity: one(draw, 4) })?;
            for _ in 0..draw.below(5) {
                let pair = (draw.below(2) == 0).then(|| one(draw, 3));
                session.add_edge(Edge { need: one(draw, needs), node: position, cost: draw.cost(), pair })?;
            }
            Ok(())
        }
        11 => session.pin(one(draw, edges)),
        12 => session.forbid(one(draw, edges)),
        _ => session.release(one(draw, edges)),
    }
}

fn assert_at_optimum(session: &Session) {
    let (problem, solution) = session.left_open().unwrap();
    let proof = certify(&problem, &solution);
    assert!(proof.is_proof(), "{proof:?}");
    assert_eq!(solve(&problem, &Limits::default()).unwrap().objective, solution.objective);
}

/// 15,000 events, each compared with solving anew.
#[test]
fn every_event_leaves_the_optimum() {
    proptest!(cases(250), |(problem in medium(), seed: u64)| {
        let mut session = Session::new(&problem, &Limits::default()).unwrap();
        let mut draw = Draw(seed);
        for _ in 0..60 {
            let _ = event(&mut session, &mut draw);
            assert_at_optimum(&session);
        }
    });
}

/// Long enough to run out of spare positions again and again.
#[test]
fn one_session_lives_through_thousands_of_events() {
    proptest!(cases(4), |(problem in small(), seed: u64)| {
        let mut session = Session::new(&problem, &Limits::default()).unwrap();
        let mut draw = Draw(seed);
        for _ in 0..2_000 {
            let _ = event(&mut session, &mut draw);
            assert_at_optimum(&session);
        }
        prop_assert!(session.problem().unwrap().needs().len() > 100);
    });
}

#[test]
fn what_is_pinned_stays_and_what_is_forbidden_stays_away() {
    proptest!(cases(150), |(problem in medium(), seed: u64)| {
        let mut session = Session::new(&problem, &Limits::default()).unwrap();
        let mut draw = Draw(seed);
        let chosen = session.chosen();
        let pinned: Vec<u32> = chosen.iter().copied().filter(|_| draw.below(3) == 0).collect();
        let forbidden: Vec<u32> = (0..problem.edges().len() as u32)
            .filter(|it| !pinned.contains(it) && draw.below(5) == 0)
            .collect();
        pinned.iter().for_each(|&it| session.pin(it).unwrap());
        forbidden.iter().for_each(|&it| session.forbid(it).unwrap());
        for _ in 0..20 {
            let (needs, nodes) = (problem.needs().len(), problem.nodes().len());
            let _ = match draw.below(3) {
                0 => session.set_demand(draw.below(needs) as u32, 1 + draw.below(3) as u32),
                1 => session.set_capacity(draw.below(nodes) as u32, draw.below(4) as u32),
                _ => session.set_cost(draw.below(problem.edges().len()) as u32, draw.cost()),
            };
            prop_assert!(pinned.iter().all(|&it| session.is_chosen(it)));
            prop_assert!(!forbidden.iter().any(|&it| session.is_chosen(it)));
        }
        assert_at_optimum(&session);
    });
}

#[test]
fn a_pair_moves_only_where_that_saves_something() {
    proptest!(cases(500), |(problem in medium(), seed: u64)| {
        let mut session = Session::new(&problem, &Limits::default()).unwrap();
        let mut draw = Draw(seed);
        let before = session.chosen();
        // A need that takes nothing from anybody: it has one edge, to a node of its own.
        let node = session.add_node(Node { parent: None, capacity: 1 }).unwrap();
        let need = session.add_need(Need { demand: 1, penalty: 40 }).unwrap();
        let edge = session.add_edge(Edge { need, node, cost: draw.cost(), pair: None }).unwrap();
        prop_assert_eq!(session.chosen(), [before.as_slice(), &[edge]].concat());
        session.set_demand(need, 0).unwrap();
        prop_assert_eq!(session.chosen(), before);
    });
}

#[test]
fn what_cannot_be_is_refused_and_changes_nothing() {
    let needs = vec![Need { demand: 2, penalty: 9 }];
    let nodes = vec![Node { parent: None, capacity: 2 }];
    let edges = [1, 2].map(|cost| Edge { need: 0, node: 0, cost, pair: None }).to_vec();
    let problem = Problem::new(needs, nodes, edges).unwrap();
    let mut session = Session::new(&problem, &Limits::default()).unwrap();
    session.pin(0).unwrap();
    session.pin(1).unwrap();
    let refused = |it: Result<(), Error>| it.unwrap_err().to_string();
    assert_eq!(refused(session.set_demand(0, 1)), "need 0 has 2 pinned units, which are more than that");
    assert_eq!(refused(session.set_capacity(0, 1)), "node 0 has 2 pinned units, which are more than that");
    assert_eq!(refused(session.set_cost(2, 1)), "there is no edge 2; there are 2, counted from 0");
    assert!(refused(session.set_penalty(0, i64::MAX)).starts_with("penalty 9223372036854775807 of need 0"));
    let far = Edge { need: 1, node: 0, cost: 1, pair: None };
    assert_eq!(session.add_edge(far).unwrap_err().to_string(), "edge 2 names need 1, but there are 1");
    assert_eq!((session.objective(), session.problem().unwrap()), (3, problem));
    session.set_demand(0, 0).unwrap();
    assert_eq!((session.objective(), session.chosen()), (0, vec![]));
    assert_eq!(session.pin(0).unwrap_err().to_string(), "edge 0 is not chosen");
}
