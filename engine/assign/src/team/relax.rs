//! The relaxation: teams may be served in part and budgets overdrawn, at a price.
//!
//! ```text
//! A member i of a free team pays π_i per unserved unit, Σ demand·π = G: who serves no member
//! pays what the plan pays, G, the penalties of team and needs together.
//! An edge costs μ·weight more for each budget it uses, and every budget pays back μ·most.
//! ```
//!
//! What is left is a flow. Its prices u, v, w with μ bound every plan:
//!
//! ```text
//! bound = Σ_teams min(Σ demand·u, G)  +  Σ_other needs demand·min(u, penalty)
//!       + Σ_edges min(0, cost + Σ μ·weight + v + w − u)
//!       − Σ_nodes capacity·(v − v(parent))  −  Σ_labels w  −  Σ_budgets μ·most
//! ```
//!
//! Decisions replace a minimum by the side decided on: that is what makes a bound rise.
//!
//! **Source.** Geoffrion 1974, Lagrangean relaxation for integer programming.

use crate::forest::NONE;
use crate::solution::PairPrice;

use super::model::Coupled;
use super::proof::{Decision, Dual};
use super::simplex::{Arc, Simplex};

/// Prices are finer than costs by at most this factor.
const SCALE_MAX: i64 = 256;
/// No path of prices may come near the end of 64 bits.
const PATH_MAX: i128 = 1 << 60;

/// What has been decided: 1 yes, −1 no, 0 open.
#[derive(Clone)]
pub(super) struct State {
    pub(super) group: Vec<i8>,
    pub(super) edge: Vec<i8>,
}

/// What is varied to raise the bound.
#[derive(Clone)]
pub(super) struct Multipliers {
    /// π per need; of use for members of free teams only.
    pub(super) pay: Vec<i64>,
    /// μ per budget.
    pub(super) rate: Vec<i64>,
}

/// The relaxation of one part.
pub(super) struct Relaxation<'a> {
    pub(super) coupled: &'a Coupled,
    pub(super) scale: i64,
    /// What breaking a decision costs.
    pub(super) big: i64,
    pub(super) simplex: Simplex,
    /// Budgets by edge: `uses[start[e]..start[e + 1]]` are (budget, weight).
    start: Vec<u32>,
    uses: Vec<(u32, u32)>,
    /// Labels that several edges of a need share, by position: need and label.
    labels: Vec<(u32, u32)>,
    /// The label of an edge, or [`NONE`].
    label_of: Vec<u32>,
    /// Edges that lead under a node without room.
    is_dead: Vec<bool>,
    top_down: Vec<u32>,
    /// Reduced cost per edge, as of the last [`Self::solve`].
    pub(super) reduced: Vec<i128>,
    /// What is left of the limit: an exchange of arcs is a step, and so is each flow.
    pub(super) steps_left: u64,
}

impl<'a> Relaxation<'a> {
    pub(super) fn new(coupled: &'a Coupled, steps_left: u64) -> Self {
        let problem = coupled.problem();
        let (n_needs, n_nodes, n_edges) =
            (problem.needs().len(), problem.nodes().len(), problem.edges().len());
        let (labels, label_of) = labels(coupled);
        let is_dead = dead_edges(coupled);
        let (start, uses) = uses_by_edge(coupled);
        let simplex = network(coupled, &labels, &label_of, &is_dead);
        let mut top_down = Vec::with_capacity(n_nodes);
        top_down.extend_from_slice(problem.top_down());
        let mut relaxation = Self {
            coupled,
            scale: 1,
            big: 0,
            simplex,
            start,
            uses,
            labels,
            label_of,
            is_dead,
            top_down,
            reduced: vec![0; n_edges],
            steps_left,
        };
        let reach = relaxation.reach().saturating_mul(4 * (n_needs as i128 + 4));
        while relaxation.scale < SCALE_MAX
            && reach.saturating_mul(2 * i128::from(relaxation.scale)) <= PATH_MAX
        {
            relaxation.scale *= 2;
        }
        relaxation
    }

    /// The largest cost or penalty.
    fn reach(&self) -> i128 {
        let problem = self.coupled.problem();
        let costs = problem.edges().iter().map(|it| i128::from(it.cost.abs()));
        let needs = problem.needs().iter().map(|it| i128::from(it.penalty.abs()));
        let share = |group: &super::model::Group| {
            let least = group.needs.iter().map(|&it| problem.needs()[it as usize].demand).min();
            group.penalty.abs() / i128::from(least.unwrap_or(1).max(1))
        };
        costs.chain(needs).chain(self.coupled.groups().iter().map(share)).max().unwrap_or(0)
    }

    /// The most a price may be.
    pub(super) fn price_max(&self) -> i64 {
        (PATH_MAX / (4 * (self.coupled.problem().needs().len() as i128 + 4))) as i64
    }

    /// Nothing decided but what cannot be otherwise.
    pub(super) fn open_state(&self) -> State {
        let edge = self.is_dead.iter().map(|&it| -i8::from(it)).collect();
        State { group: vec![0; self.coupled.groups().len()], edge }
    }

    /// Payments in proportion to the demands.
    pub(super) fn even(&self) -> Multipliers {
        let needs = self.coupled.problem().needs();
        let mut pay = vec![0; needs.len()];
        for group in self.coupled.groups() {
            let units: i128 = group.needs.iter().map(|&it| i128::from(needs[it as usize].demand)).sum();
            let price = group.penalty * i128::from(self.scale) / units;
            let limit = i128::from(self.price_max());
            group.needs.iter().for_each(|&it| pay[it as usize] = price.clamp(-limit, limit) as i64);
        }
        Multipliers { pay, rate: vec![0; self.coupled.budgets().len()] }
    }

    /// Draws the plain consequences of what is decided; false if the decisions contradict each
    /// other.
    pub(super) fn settle(&self, state: &mut State) -> bool {
        let edges = self.coupled.problem().edges();
        for (edge, _) in edges.iter().zip(&state.edge).filter(|it| *it.1 > 0) {
            if let Some(group) = self.coupled.group_of(edge.need) {
                if state.group[group as usize] < 0 {
                    return false;
                }
                state.group[group as usize] = 1;
            }
        }
        for (edge, decided) in edges.iter().zip(&mut state.edge) {
            let group = self.coupled.group_of(edge.need);
            if group.is_some_and(|it| state.group[it as usize] < 0) {
                *decided = -1;
            }
        }
        for budget in self.coupled.budgets() {
            let spent: u128 = budget
                .uses
                .iter()
                .filter(|it| state.edge[it.0 as usize] > 0)
                .map(|it| u128::from(it.1))
                .sum();
            let Some(left) = u128::from(budget.most).checked_sub(spent) else {
                return false;
            };
            for &(edge, weight) in &budget.uses {
                let decided = &mut state.edge[edge as usize];
                if *decided == 0 && u128::from(weight) > left {
                    *decided = -1;
                }
            }
        }
        true
    }

    /// The price of a member that is not served.
    fn pay(&self, need: u32, state: &State, multipliers: &Multipliers) -> i64 {
        let own = self.coupled.problem().needs()[need as usize].penalty * self.scale;
        match self.coupled.group_of(need).map(|it| state.group[it as usize]) {
            None => own,
            Some(0) => multipliers.pay[need as usize],
            Some(1) => own.max(multipliers.pay[need as usize]) + self.big,
            Some(_) => own,
        }
    }

    /// Solves the flow for these multipliers and returns the prices with their bound.
    pub(super) fn solve(&mut self, state: &State, multipliers: &Multipliers) -> (Dual, i128) {
        let problem = self.coupled.problem();
        let (n_needs, n_edges) = (problem.needs().len(), problem.edges().len());
        for (at, edge) in problem.edges().iter().enumerate() {
            let mut cost = edge.cost * self.scale;
            for &(budget, weight) in &self.uses[self.start[at] as usize..self.start[at + 1] as usize] {
                cost += multipliers.rate[budget as usize] * i64::from(weight);
            }
            self.simplex.cost[at] = cost - self.big * i64::from(state.edge[at]);
        }
        for need in 0..n_needs {
            self.simplex.cost[n_edges + need] = self.pay(need as u32, state, multipliers);
        }
        self.steps_left = self.steps_left.saturating_sub(1);
        self.steps_left -= self.simplex.run(self.steps_left);
        self.dual(state, multipliers)
    }

    /// Reads the prices off the flow, mends them where that costs nothing, and adds them up.
    fn dual(&mut self, state: &State, multipliers: &Multipliers) -> (Dual, i128) {
        let problem = self.coupled.problem();
        let (n_needs, n_labels) = (problem.needs().len(), self.labels.len());
        let price = &self.simplex.price;
        let mut dual = Dual { need: price[..n_needs].to_vec(), ..Dual::default() };
        // An empty node may cost less than its parent; lifting it changes nothing that is used.
        dual.node = price[n_needs + n_labels..n_needs + n_labels + problem.nodes().len()].to_vec();
        for &node in &self.top_down {
            let above = problem.nodes()[node as usize].parent.map_or(0, |it| dual.node[it as usize]);
            dual.node[node as usize] = dual.node[node as usize].max(above);
        }
        let mut of_label = vec![0; n_labels];
        for (at, &(need, pair)) in self.labels.iter().enumerate() {
            of_label[at] = (dual.need[need as usize] - price[n_needs + at]).max(0);
            if of_label[at] > 0 {
                dual.pair.push(PairPrice { need, pair, price: of_label[at] });
            }
        }
        let rates = (0..).zip(&multipliers.rate).filter(|it| *it.1 > 0);
        dual.budget = rates.map(|(at, &rate)| (at, rate)).collect();
        self.price_edges(&dual, multipliers, &of_label);
        if self.steps_left == 0 {
            self.lower_needs(state, &mut dual);
        } else {
            self.raise_unserved(state, &mut dual);
        }
        let bound = self.bound(state, &dual, multipliers);
        (dual, bound)
    }

    fn price_edges(&mut self, dual: &Dual, multipliers: &Multipliers, of_label: &[i64]) {
        for (at, edge) in self.coupled.problem().edges().iter().enumerate() {
            let mut cost = edge.cost * self.scale;
            for &(budget, weight) in &self.uses[self.start[at] as usize..self.start[at + 1] as usize] {
                cost += multipliers.rate[budget as usize] * i64::from(weight);
            }
            let label = self.label_of[at];
            let label = if label == NONE { 0 } else { of_label[label as usize] };
            let (need, node) = (dual.need[edge.need as usize], dual.node[edge.node as usize]);
            self.reduced[at] = i128::from(cost) + i128::from(node) + i128::from(label) - i128::from(need);
        }
    }

    /// Where the flow was cut short, needs pay no more than as many edges as they ask for cost.
    fn lower_needs(&mut self, state: &State, dual: &mut Dual) {
        let problem = self.coupled.problem();
        let mut order: Vec<usize> = (0..self.reduced.len()).filter(|&it| state.edge[it] == 0).collect();
        order.sort_by_key(|&it| (problem.edges()[it].need, self.reduced[it]));
        let mut lower = vec![0; problem.needs().len()];
        for own in order.chunk_by(|&a, &b| problem.edges()[a].need == problem.edges()[b].need) {
            let need = problem.edges()[own[0]].need as usize;
            let last = own.get((problem.needs()[need].demand as usize).saturating_sub(1));
            lower[need] = last.map_or(0, |&it| self.reduced[it].clamp(-i128::from(self.price_max()), 0));
            dual.need[need] += lower[need] as i64;
        }
        for (reduced, edge) in self.reduced.iter_mut().zip(problem.edges()) {
            *reduced -= lower[edge.need as usize];
        }
    }

    /// A member of a team that is not served at all may offer more until its best edge is worth it:
    /// the bound stays, and the price shows what serving the team would cost.
    fn raise_unserved(&mut self, state: &State, dual: &mut Dual) {
        let problem = self.coupled.problem();
        let n_edges = problem.edges().len();
        let mut room = vec![self.price_max(); problem.needs().len()];
        for (at, edge) in problem.edges().iter().enumerate().filter(|it| state.edge[it.0] >= 0) {
            let least = &mut room[edge.need as usize];
            *least = self.reduced[at].clamp(0, i128::from(*least)) as i64;
        }
        let mut raise = vec![0; problem.needs().len()];
        for (group, _) in self.coupled.groups().iter().zip(&state.group).filter(|it| *it.1 == 0) {
            let demand = |need: u32| i64::from(problem.needs()[need as usize].demand);
            if group.needs.iter().any(|&it| self.simplex.flow[n_edges + it as usize] < demand(it)) {
                continue;
            }
            for at in group.needs.iter().map(|&it| it as usize) {
                raise[at] = room[at].min(self.price_max().saturating_sub(dual.need[at])).max(0);
                dual.need[at] += raise[at];
            }
        }
        for (reduced, edge) in self.reduced.iter_mut().zip(problem.edges()) {
            *reduced -= i128::from(raise[edge.need as usize]);
        }
    }

    fn bound(&self, state: &State, dual: &Dual, multipliers: &Multipliers) -> i128 {
        let problem = self.coupled.problem();
        let mut bound: i128 = 0;
        for (at, need) in (0..).zip(problem.needs()).filter(|it| self.coupled.group_of(it.0).is_none()) {
            let most = need.penalty * self.scale;
            bound += i128::from(need.demand) * i128::from(dual.need[at as usize].min(most));
        }
        for (at, decided) in state.group.iter().enumerate() {
            let (served, unserved) = self.sides(at as u32, dual);
            bound += match decided {
                1 => served,
                -1 => unserved,
                _ => served.min(unserved),
            };
        }
        for (&reduced, decided) in self.reduced.iter().zip(&state.edge) {
            bound += match decided {
                1 => reduced,
                -1 => 0,
                _ => reduced.min(0),
            };
        }
        for (node, price) in problem.nodes().iter().zip(&dual.node) {
            let above = node.parent.map_or(0, |it| dual.node[it as usize]);
            bound -= i128::from(node.capacity) * i128::from(price - above);
        }
        bound -= dual.pair.iter().map(|it| i128::from(it.price)).sum::<i128>();
        let rates = self.coupled.budgets().iter().zip(&multipliers.rate);
        bound - rates.map(|it| i128::from(it.0.most) * i128::from(*it.1)).sum::<i128>()
    }

    /// What a team costs by these prices, served and unserved.
    pub(super) fn sides(&self, group: u32, dual: &Dual) -> (i128, i128) {
        let group = &self.coupled.groups()[group as usize];
        let needs = self.coupled.problem().needs();
        let served = |&it: &u32| i128::from(needs[it as usize].demand) * i128::from(dual.need[it as usize]);
        (group.needs.iter().map(served).sum(), group.penalty * i128::from(self.scale))
    }

    /// Decisions that no plan below `target` takes otherwise, as of the last [`Self::solve`].
    pub(super) fn forced(&self, state: &State, dual: &Dual, bound: i128, target: i128) -> Vec<Decision> {
        let mut decisions = Vec::new();
        for (at, _) in state.group.iter().enumerate().filter(|it| *it.1 == 0) {
            let (served, unserved) = self.sides(at as u32, dual);
            if bound + (served - unserved).abs() > target {
                decisions.push(Decision::Group { group: at as u32, is_served: served < unserved });
            }
        }
        for (at, &reduced) in self.reduced.iter().enumerate().filter(|it| state.edge[it.0] == 0) {
            if bound + reduced.abs() > target {
                decisions.push(Decision::Edge { edge: at as u32, is_chosen: reduced < 0 });
            }
        }
        decisions
    }

    pub(super) fn is_used(&self, edge: u32) -> bool {
        self.simplex.flow[edge as usize] > 0
    }

    pub(super) fn unserved(&self, need: u32) -> i64 {
        self.simplex.flow[self.coupled.problem().edges().len() + need as usize]
    }
}

/// Edges below a node without room; nobody can use them.
fn dead_edges(coupled: &Coupled) -> Vec<bool> {
    let problem = coupled.problem();
    let mut is_shut = vec![false; problem.nodes().len()];
    for &node in problem.top_down() {
        let node_at = problem.nodes()[node as usize];
        is_shut[node as usize] =
            node_at.capacity == 0 || node_at.parent.is_some_and(|it| is_shut[it as usize]);
    }
    problem.edges().iter().map(|it| is_shut[it.node as usize]).collect()
}

fn uses_by_edge(coupled: &Coupled) -> (Vec<u32>, Vec<(u32, u32)>) {
    let n_edges = coupled.problem().edges().len();
    let mut start = vec![0_u32; n_edges + 1];
    let all = || {
        let budgets = (0_u32..).zip(coupled.budgets());
        budgets.flat_map(|(at, budget)| budget.uses.iter().map(move |it| (it.0 as usize, (at, it.1))))
    };
    all().for_each(|(edge, _)| start[edge + 1] += 1);
    for edge in 0..n_edges {
        start[edge + 1] += start[edge];
    }
    let mut next = start.clone();
    let mut uses = vec![(0, 0); start[n_edges] as usize];
    for (edge, it) in all() {
        uses[next[edge] as usize] = it;
        next[edge] += 1;
    }
    (start, uses)
}

/// Labels that more than one edge of a need carries.
fn labels(coupled: &Coupled) -> (Vec<(u32, u32)>, Vec<u32>) {
    let edges = coupled.problem().edges();
    let mut all: Vec<(u32, u32, usize)> =
        (0..).zip(edges).filter_map(|(at, it)| it.pair.map(|pair| (it.need, pair, at))).collect();
    all.sort_unstable();
    let (mut labels, mut label_of) = (Vec::new(), vec![NONE; edges.len()]);
    for shared in all.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|it| it.len() > 1) {
        shared.iter().for_each(|it| label_of[it.2] = labels.len() as u32);
        labels.push((shared[0].0, shared[0].1));
    }
    (labels, label_of)
}

/// Arcs in the order edges, unserved, nodes, labels; vertices needs, labels, nodes, sink.
fn network(coupled: &Coupled, labels: &[(u32, u32)], label_of: &[u32], is_dead: &[bool]) -> Simplex {
    let problem = coupled.problem();
    let (needs, nodes, edges) = (problem.needs(), problem.nodes(), problem.edges());
    let (n_needs, n_labels) = (needs.len() as u32, labels.len() as u32);
    let node_vertex = |node: u32| n_needs + n_labels + node;
    let sink = node_vertex(nodes.len() as u32);
    let mut arcs = Vec::with_capacity(edges.len() + needs.len() + nodes.len() + labels.len());
    let mut above = vec![NONE; sink as usize];
    for (at, edge) in edges.iter().enumerate() {
        let tail = if label_of[at] == NONE { edge.need } else { n_needs + label_of[at] };
        // A label hangs by an edge, by one that is alive if it has any.
        if label_of[at] != NONE && (above[tail as usize] == NONE || !is_dead[at]) {
            above[tail as usize] = at as u32;
        }
        arcs.push(Arc { tail, head: node_vertex(edge.node), capacity: i64::from(!is_dead[at]) });
    }
    for need in 0..n_needs {
        above[need as usize] = arcs.len() as u32;
        arcs.push(Arc { tail: need, head: sink, capacity: i64::MAX });
    }
    for (at, node) in (0..).zip(nodes) {
        above[node_vertex(at) as usize] = arcs.len() as u32;
        let head = node.parent.map_or(sink, node_vertex);
        // Nothing reaches a node without room; with one, the tree to start from has no dead end.
        arcs.push(Arc { tail: node_vertex(at), head, capacity: i64::from(node.capacity.max(1)) });
    }
    for (at, label) in (0..).zip(labels) {
        arcs.push(Arc { tail: label.0, head: n_needs + at, capacity: 1 });
    }
    let mut flow = vec![0; arcs.len()];
    for (at, need) in needs.iter().enumerate() {
        flow[edges.len() + at] = i64::from(need.demand);
    }
    Simplex::new(arcs, above, flow)
}
