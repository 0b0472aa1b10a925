//! Branch and bound over one part.
//!
//! The open place with the lowest bound is split next. Before it is, prices decide what they can:
//! an edge or a team whose other side costs more than the best plan is settled without a branch.
//!
//! **Source.** Land & Doig 1960, an automatic method of solving discrete programming problems;
//! Applegate, Bixby, Chvátal & Cook 1995 for looking at both sides before a split.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::ascend::{Ascent, Average, Patience, STEP_ONE, ascend};
use super::choice::{doubtful, sides};
use super::model::Coupled;
use super::plan::{Plan, dive};
use super::proof::{Branch, Choice, Decision, Dual};
use super::relax::{Multipliers, Relaxation, State};

/// Flows to try for the first bound, with a look for plans after each, and for the bounds below.
const ROUNDS_ROOT: [u32; 3] = [1, 50, 400];
const ROUNDS: u32 = 40;
/// Choices to look at before a split, and flows for each side of them.
const CANDIDATES: usize = 12;
const ROUNDS_LOOK: u32 = 5;

/// The best plan of a part and the tree that bounds all others.
pub(super) struct Outcome {
    pub(super) plan: Plan,
    pub(super) tree: Vec<Branch>,
    pub(super) scale: i64,
    pub(super) steps_left: u64,
}

/// A place that is not closed.
pub(super) struct Open {
    at: u32,
    pub(super) state: State,
    multipliers: Multipliers,
    pub(super) average: Average,
    length: i128,
}

struct Search<'a> {
    relaxation: Relaxation<'a>,
    plan: Plan,
    tree: Vec<Branch>,
    open: Vec<Option<Open>>,
    /// Bound and position in `open`, the lowest first.
    queue: BinaryHeap<Reverse<(i128, usize)>>,
}

/// Finds the best plan within the steps and proves what it can.
pub(super) fn search(coupled: &Coupled, steps_left: u64) -> Outcome {
    let relaxation = Relaxation::new(coupled, steps_left);
    let plan = Plan::nobody(&relaxation);
    let mut search = Search {
        relaxation,
        plan,
        tree: vec![Branch::Leaf { dual: Dual::default() }],
        open: Vec::new(),
        queue: BinaryHeap::new(),
    };
    search.root();
    while search.relaxation.steps_left > 0 {
        let Some(Reverse((bound, at))) = search.queue.pop() else { break };
        if let Some(open) = search.open[at].take() {
            search.visit(open, bound);
        }
    }
    let Search { relaxation, plan, tree, .. } = search;
    Outcome { plan, tree, scale: relaxation.scale, steps_left: relaxation.steps_left }
}

impl Search<'_> {
    /// A bound above this leaves nothing to find.
    fn target(&self) -> i128 {
        (self.plan.cost - 1) * i128::from(self.relaxation.scale)
    }

    /// Looks for a plan early, so that there is one if the steps run out, and for a good bound
    /// after that.
    fn root(&mut self) {
        let mut state = self.relaxation.open_state();
        self.relaxation.settle(&mut state);
        let mut start = self.relaxation.even();
        let mut best: Option<Ascent> = None;
        for rounds_max in ROUNDS_ROOT {
            let patience = Patience { rounds_max, target: self.target(), length: STEP_ONE };
            let ascent = ascend(&mut self.relaxation, &state, &start, &patience, &mut self.plan);
            if self.relaxation.big == 0 {
                self.break_above(self.relaxation.flow_cost());
            }
            dive(&mut self.relaxation, &state, &ascent.multipliers, &ascent.average, &mut self.plan);
            start = ascent.multipliers.clone();
            // Where the steps run out the last is not always the best.
            best = best.filter(|it| it.bound >= ascent.bound).or(Some(ascent));
        }
        if let Some(best) = best {
            self.keep(0, state, best);
        }
    }

    /// Breaking a decision shall cost more than any plan is worth: four times what lies between
    /// the best plan and the first flow, which leaves a margin for other multipliers. That flow
    /// breaks decisions for nothing; its bound does not, and may be as high as the plan already.
    fn break_above(&mut self, flow_cost: i128) {
        let (least, most) = (2 * self.relaxation.scale, self.relaxation.big_max);
        let way = 4 * (self.target() - flow_cost) + i128::from(least);
        self.relaxation.big = way.clamp(least.into(), most.into()) as i64;
    }

    /// Writes a place down, and keeps it open if its bound leaves anything to find.
    fn keep(&mut self, at: u32, state: State, ascent: Ascent) {
        let Ascent { bound, dual, multipliers, average, length } = ascent;
        self.tree[at as usize] = Branch::Leaf { dual };
        if bound <= self.target() {
            self.queue.push(Reverse((bound, self.open.len())));
            self.open.push(Some(Open { at, state, multipliers, average, length }));
        }
    }

    /// Settles what prices settle, then splits.
    fn visit(&mut self, mut open: Open, bound: i128) {
        if bound > self.target() {
            return;
        }
        let (dual, again) = self.relaxation.solve(&open.state, &open.multipliers);
        if self.relaxation.steps_left == 0 {
            return;
        }
        let mut known = bound;
        let decisions = self.relaxation.forced(&open.state, &dual, again, self.target());
        if !decisions.is_empty() {
            decisions.iter().for_each(|it| it.apply(&mut open.state));
            let child = self.tree.len() as u32;
            let leaf = Branch::Leaf { dual: dual.clone() };
            self.tree[open.at as usize] = Branch::Fix { dual: dual.clone(), decisions, child };
            self.tree.push(leaf);
            (open.at, known) = (child, again);
            if !self.relaxation.settle(&mut open.state) {
                return;
            }
        }
        let Some(choice) = self.choose(&open) else {
            return self.finish(&open, known);
        };
        let first = self.tree.len() as u32;
        let sides = sides(&choice);
        self.tree[open.at as usize] = Branch::Split { on: choice, children: [first, first + 1] };
        self.tree.extend([(); 2].map(|()| Branch::Leaf { dual: Dual::default() }));
        for (at, decisions) in (first..).zip(sides) {
            let mut state = open.state.clone();
            decisions.iter().for_each(|it| it.apply(&mut state));
            if !self.relaxation.settle(&mut state) {
                continue;
            }
            let patience = Patience { rounds_max: ROUNDS, target: self.target(), length: open.length };
            let mut ascent =
                ascend(&mut self.relaxation, &state, &open.multipliers, &patience, &mut self.plan);
            if ascent.bound < again {
                // Prices hold below as they do above; cut short, the flow has no better ones.
                (ascent.bound, ascent.dual) = (again, dual.clone());
            }
            if ascent.bound <= self.target() {
                dive(&mut self.relaxation, &state, &ascent.multipliers, &ascent.average, &mut self.plan);
            }
            self.keep(at, state, ascent);
        }
    }

    /// The choice whose sides both raise the bound most, among those in doubt, by a short look.
    fn choose(&mut self, open: &Open) -> Option<Choice> {
        let mut choices = doubtful(self.relaxation.coupled, open);
        choices.truncate(CANDIDATES);
        if choices.len() < 2 {
            return choices.pop().map(|it| it.1);
        }
        let mut best: Option<((i128, i128), Choice)> = None;
        for (_, choice) in choices {
            let mut bounds = sides(&choice).map(|decisions| {
                let mut state = open.state.clone();
                decisions.iter().for_each(|it| it.apply(&mut state));
                if !self.relaxation.settle(&mut state) {
                    return i128::MAX;
                }
                let patience =
                    Patience { rounds_max: ROUNDS_LOOK, target: self.target(), length: open.length };
                let ascent =
                    ascend(&mut self.relaxation, &state, &open.multipliers, &patience, &mut self.plan);
                if ascent.bound > self.target() { i128::MAX } else { ascent.bound }
            });
            bounds.sort_unstable();
            let score = (bounds[0], bounds[1]);
            if best.as_ref().is_none_or(|it| score > it.0) {
                best = Some((score, choice));
            }
        }
        best.map(|it| it.1)
    }

    /// Everything is decided: what is left is a flow, which says what the place is worth, as soon
    /// as nothing is gained by breaking a decision. No multiplier counts any more, so they are
    /// those that need the least room. The place stays a leaf; it keeps its own prices if those of
    /// the flow prove less, because the steps ran out or numbers reach the ends of their ranges.
    fn finish(&mut self, open: &Open, known: i128) {
        let big = std::mem::replace(&mut self.relaxation.big, self.relaxation.big_max);
        let even = self.relaxation.even();
        let (dual, bound) = self.relaxation.solve(&open.state, &even);
        self.plan.offer(&self.relaxation);
        self.relaxation.big = big;
        if bound > known {
            self.tree[open.at as usize] = Branch::Leaf { dual };
        }
    }
}

impl Decision {
    fn apply(&self, state: &mut State) {
        let sign = |yes: bool| if yes { 1 } else { -1 };
        match *self {
            Self::Group { group, is_served } => state.group[group as usize] = sign(is_served),
            Self::Edge { edge, is_chosen } => state.edge[edge as usize] = sign(is_chosen),
        }
    }
}
