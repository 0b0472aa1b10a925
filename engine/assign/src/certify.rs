//! Proves a solution optimal, or bounds its loss, from its prices alone.
//!
//! ```text
//! primal = Σ_chosen cost + Σ_needs penalty·unmet + Σ_nodes steps
//! dual   = Σ_needs demand·u  +  Σ_edges min(0, cost + v(node) + w(pair) − u)
//!        − Σ_nodes Σ_steps max(0, v − v(parent) − step)·width  −  Σ_pairs w
//! ```
//!
//! where the steps of a node, the first of them free, are as wide as its capacity together.
//!
//! With `u ≤ penalty`, `v` falling only toward the root (to no less than 0) and `w ≥ 0`, no
//! plan costs less than `dual`. This file shares no code with the solver: a mistake there
//! cannot hide here.
//!
//! **Source.** Weak duality of linear programs; Dantzig 1951.

use crate::problem::Problem;
use crate::solution::{PairPrice, Solution};

/// What the prices prove about a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// What the plan costs, counted again from its chosen edges.
    pub primal: i128,
    /// What every plan costs at least, if there are no violations.
    pub dual: i128,
    /// `primal − dual`: how far the plan can be from the optimum.
    pub gap: i128,
    /// Whether plan and prices keep all rules.
    pub feasible: bool,
    pub violations: Vec<Violation>,
}

impl Certificate {
    /// Whether the plan is proven optimal.
    pub fn is_proof(&self) -> bool {
        self.feasible && self.gap == 0
    }
}

/// A rule that a solution breaks, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// A list of the solution has not one entry per need or node.
    Length { list: &'static str },
    /// The chosen edges are not ascending positions of edges; first at this entry.
    Chosen { entry: usize },
    /// A need is served more often than it asks.
    OverServed { need: u32 },
    /// Served and unmet units are not the demand together.
    Unmet { need: u32 },
    /// More units than capacity.
    OverFull { node: u32 },
    /// Two chosen edges of a need share a label.
    PairTwice { need: u32, pair: u32 },
    /// The objective is not the cost of the plan.
    Objective,
    /// A need pays more than its penalty.
    NeedPrice { need: u32 },
    /// A node costs less than its parent, or a root less than nothing.
    NodePrice { node: u32 },
    /// Pair prices are not positive, or not ascending by need and label; at this entry.
    PairPrice { entry: usize },
}

/// Checks a solution against its problem.
///
/// **Errors.** None: whatever is wrong is listed in the certificate, and the dual is a bound
/// only if nothing is. With lists of the wrong length or edges that do not exist nothing can
/// be added up, and all sums are zero.
/// **Cost.** O(needs + nodes + edges), plus a binary search per labelled edge.
pub fn certify(problem: &Problem, solution: &Solution) -> Certificate {
    let mut violations = shape(problem, solution);
    let (mut primal, mut dual) = (0, 0);
    if violations.is_empty() {
        primal = served(problem, solution, &mut violations) + room(problem, solution, &mut violations);
        if primal != solution.objective {
            violations.push(Violation::Objective);
        }
        dual = lower_bound(problem, solution, &mut violations);
    }
    let (gap, feasible) = (primal - dual, violations.is_empty());
    Certificate { primal, dual, gap, feasible, violations }
}

fn shape(problem: &Problem, solution: &Solution) -> Vec<Violation> {
    let (n_needs, n_nodes) = (problem.needs().len(), problem.nodes().len());
    let (prices, chosen) = (&solution.prices, &solution.chosen);
    let lists = [
        ("unmet", solution.unmet.len() == n_needs),
        ("prices.need", prices.need.len() == n_needs),
        ("prices.node", prices.node.len() == n_nodes),
    ];
    let wrong = lists.iter().filter(|it| !it.1);
    let mut broken: Vec<Violation> = wrong.map(|it| Violation::Length { list: it.0 }).collect();
    let end = problem.edges().len() as u64;
    let fits = |at: usize| u64::from(chosen[at]) < end && (at == 0 || chosen[at - 1] < chosen[at]);
    let misfit = (0..chosen.len()).find(|&at| !fits(at));
    broken.extend(misfit.map(|entry| Violation::Chosen { entry }));
    broken
}

/// What edges and unserved units cost.
fn served(problem: &Problem, solution: &Solution, broken: &mut Vec<Violation>) -> i128 {
    let mut left: Vec<i64> = problem.needs().iter().map(|it| it.demand.into()).collect();
    let mut cost = 0_i128;
    for &edge in &solution.chosen {
        let edge = problem.edges()[edge as usize];
        left[edge.need as usize] -= 1;
        cost += i128::from(edge.cost);
    }
    for (need, (&left, &unmet)) in (0..).zip(left.iter().zip(&solution.unmet)) {
        cost += i128::from(problem.needs()[need as usize].penalty) * i128::from(left.max(0));
        if left < 0 {
            broken.push(Violation::OverServed { need });
        } else if left != i64::from(unmet) {
            broken.push(Violation::Unmet { need });
        }
    }
    cost
}

/// What steps cost. Labels at most once per need; nodes added up from the leaves, each once its
/// children are in.
fn room(problem: &Problem, solution: &Solution, broken: &mut Vec<Violation>) -> i128 {
    let mut cost = 0;
    let nodes = problem.nodes();
    let (mut units, mut waiting) = (vec![0_u64; nodes.len()], vec![0_u32; nodes.len()]);
    let mut labels = Vec::new();
    for &edge in &solution.chosen {
        let edge = problem.edges()[edge as usize];
        units[edge.node as usize] += 1;
        labels.extend(edge.pair.map(|pair| (edge.need, pair)));
    }
    labels.sort_unstable();
    let twice = labels.windows(2).filter(|it| it[0] == it[1]).map(|it| it[0]);
    broken.extend(twice.map(|(need, pair)| Violation::PairTwice { need, pair }));

    let parent = |node: usize| nodes[node].parent.map(|it| it as usize);
    (0..nodes.len()).filter_map(parent).for_each(|it| waiting[it] += 1);
    let mut ready: Vec<usize> = (0..nodes.len()).filter(|&it| waiting[it] == 0).collect();
    while let Some(node) = ready.pop() {
        if units[node] > u64::from(nodes[node].capacity) {
            broken.push(Violation::OverFull { node: node as u32 });
        }
        for (from, width, step) in steps(problem, node as u32) {
            cost += i128::from(step) * i128::from(units[node].saturating_sub(from).min(width));
        }
        if let Some(parent) = parent(node) {
            units[parent] += units[node];
            waiting[parent] -= 1;
            ready.extend((waiting[parent] == 0).then_some(parent));
        }
    }
    cost
}

/// The steps of a node: where each begins, how many units it takes, what each of them costs.
fn steps(problem: &Problem, node: u32) -> impl Iterator<Item = (u64, u64, i64)> {
    let capacity = u64::from(problem.nodes()[node as usize].capacity);
    let start = problem.steps().partition_point(|it| it.node < node);
    let own = problem.steps()[start..].iter().take_while(move |it| it.node == node);
    let starts = std::iter::once((0, 0)).chain(own.clone().map(|it| (u64::from(it.from), it.cost)));
    let ends = own.map(|it| u64::from(it.from)).chain(std::iter::once(capacity));
    let step =
        move |((from, cost), end): ((u64, i64), u64)| (from, end.min(capacity).saturating_sub(from), cost);
    starts.zip(ends).map(step)
}

fn lower_bound(problem: &Problem, solution: &Solution, broken: &mut Vec<Violation>) -> i128 {
    let prices = &solution.prices;
    let mut dual = 0_i128;
    for (need, (row, &price)) in (0..).zip(problem.needs().iter().zip(&prices.need)) {
        dual += i128::from(row.demand) * i128::from(price);
        broken.extend((price > row.penalty).then_some(Violation::NeedPrice { need }));
    }
    for (node, (row, &price)) in (0..).zip(problem.nodes().iter().zip(&prices.node)) {
        let above = row.parent.map_or(0, |parent| prices.node[parent as usize]);
        let own = i128::from(price) - i128::from(above);
        for (_, width, step) in steps(problem, node) {
            dual -= (own - i128::from(step)).max(0) * i128::from(width);
        }
        broken.extend((own < 0).then_some(Violation::NodePrice { node }));
    }
    let key = |it: &PairPrice| (it.need, it.pair);
    for (entry, pair) in prices.pair.iter().enumerate() {
        dual -= i128::from(pair.price);
        let rises = entry == 0 || key(&prices.pair[entry - 1]) < key(pair);
        broken.extend((pair.price <= 0 || !rises).then_some(Violation::PairPrice { entry }));
    }
    let pair_price = |need: u32, label: u32| {
        let found = prices.pair.binary_search_by_key(&(need, label), key);
        found.map_or(0, |entry| i128::from(prices.pair[entry].price))
    };
    for edge in problem.edges() {
        let (need, node) = (prices.need[edge.need as usize], prices.node[edge.node as usize]);
        let label = edge.pair.map_or(0, |label| pair_price(edge.need, label));
        dual += (i128::from(edge.cost) + i128::from(node) + label - i128::from(need)).min(0);
    }
    dual
}
