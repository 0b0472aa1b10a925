//! Random problems with teams, deputies and budgets, and a way to try every plan.

use linli_assign::{Budget, Coupled, Edge, Need, Node, Problem, Team, deputies};
use proptest::prelude::*;

use crate::brute::plans;

type Index = prop::sample::Index;

/// Needs, nodes, edges, teams, pairs of deputies and budgets.
type Rows = (
    Vec<(u32, i64)>,
    Vec<(Index, bool, u32)>,
    Vec<(Index, Index, i64, Option<u32>)>,
    Vec<(i64, Vec<Index>)>,
    Vec<(Index, Index)>,
    Vec<(u64, Vec<(Index, u32)>)>,
);

/// Problems that can be solved by trying everything: up to six needs, teams that may share
/// needs, deputies of one or more units, any weights.
pub fn small() -> impl Strategy<Value = Sketch> {
    let needs = prop::collection::vec((0_u32..=2, -5_i64..=30), 1..=6);
    let nodes = prop::collection::vec((any::<Index>(), any::<bool>(), 0_u32..=3), 1..=6);
    let label = prop_oneof![4 => Just(None), 1 => (0_u32..=1).prop_map(Some)];
    let edges = prop::collection::vec((any::<Index>(), any::<Index>(), -10_i64..=20, label), 0..=11);
    let teams = prop::collection::vec((-6_i64..=25, prop::collection::vec(any::<Index>(), 1..=3)), 0..=3);
    let pairs = prop::collection::vec((any::<Index>(), any::<Index>()), 0..=3);
    let uses = prop::collection::vec((any::<Index>(), 0_u32..=4), 0..=5);
    let budgets = prop::collection::vec((0_u64..=6, uses), 0..=2);
    (needs, nodes, edges, teams, pairs, budgets).prop_map(|rows| Sketch::new(&rows))
}

/// A problem before deputies have become budgets.
#[derive(Clone, Debug)]
pub struct Sketch {
    pub problem: Problem,
    pub teams: Vec<Team>,
    pub pairs: Vec<(u32, u32)>,
    pub budgets: Vec<Budget>,
}

impl Sketch {
    fn new((needs, nodes, edges, teams, pairs, budgets): &Rows) -> Self {
        let (n_needs, n_nodes, n_edges) = (needs.len(), nodes.len(), edges.len());
        let need = |it: &Index| it.index(n_needs) as u32;
        let forest = (0..).zip(nodes).map(|(at, (parent, is_root, capacity))| {
            let parent = (at > 0 && !is_root).then(|| parent.index(at) as u32);
            Node { parent, capacity: *capacity }
        });
        let edge = |(of, node, cost, pair): &(Index, Index, i64, Option<u32>)| Edge {
            need: need(of),
            node: node.index(n_nodes) as u32,
            cost: *cost,
            pair: *pair,
        };
        let problem = Problem::new(
            needs.iter().map(|&(demand, penalty)| Need { demand, penalty }).collect(),
            forest.collect(),
            edges.iter().map(edge).collect(),
        );
        let team = |(penalty, needs): &(i64, Vec<Index>)| Team {
            penalty: *penalty,
            needs: needs.iter().map(need).collect(),
        };
        let pairs = pairs.iter().map(|(a, b)| (need(a), need(b))).filter(|(a, b)| a != b);
        let budget = |(most, uses): &(u64, Vec<(Index, u32)>)| {
            let uses = if n_edges == 0 { &[] } else { uses.as_slice() };
            let mut uses: Vec<(u32, u32)> =
                uses.iter().map(|(edge, weight)| (edge.index(n_edges) as u32, *weight)).collect();
            uses.sort_unstable();
            uses.dedup_by_key(|it| it.0);
            Budget { most: *most, uses }
        };
        Self {
            problem: problem.unwrap(),
            teams: teams.iter().map(team).collect(),
            pairs: pairs.collect(),
            budgets: budgets.iter().map(budget).collect(),
        }
    }

    pub fn coupled(&self) -> Coupled {
        let budgets = [self.budgets.clone(), deputies(&self.problem, &self.pairs).unwrap()].concat();
        Coupled::new(self.problem.clone(), self.teams.clone(), budgets).unwrap()
    }

    /// The least cost of all plans, by trying each: teams and deputies as the format words them.
    pub fn cheapest(&self) -> i128 {
        let edges = self.problem.edges();
        let root = |mut node: u32| {
            while let Some(parent) = self.problem.nodes()[node as usize].parent {
                node = parent;
            }
            node
        };
        let cost = |plan: &crate::brute::Plan| {
            let chosen = || (0..).zip(edges).filter(|(at, _)| plan.has(*at));
            let units = |need: u32| chosen().filter(|it| it.1.need == need).count();
            let roots = |need: u32| chosen().filter(move |it| it.1.need == need).map(|it| root(it.1.node));
            let meet = |&(a, b): &(u32, u32)| roots(a).any(|it| roots(b).any(|other| other == it));
            let over = |it: &Budget| {
                let spent: u64 = it.uses.iter().filter(|it| plan.has(it.0)).map(|it| u64::from(it.1)).sum();
                spent > it.most
            };
            if self.pairs.iter().any(meet) || self.budgets.iter().any(over) {
                return None;
            }
            let mut cost = plan.cost;
            for team in &self.teams {
                let demand = |need: u32| self.problem.needs()[need as usize].demand as usize;
                if team.needs.iter().any(|&it| units(it) < demand(it)) {
                    cost += i128::from(team.penalty);
                    if team.needs.iter().any(|&it| units(it) > 0) {
                        return None;
                    }
                }
            }
            Some(cost)
        };
        plans(&self.problem).iter().filter_map(cost).min().unwrap()
    }
}
