//! Goes through the tree of one part and finds the least bound of its leaves.
//!
//! Four rules need no
//! price: a chosen edge of a member means the team is served; the edges of a team that is not
//! served are out; so are edges into nodes without room, and edges that take more than a budget
//! has left. Where decisions contradict each other there is no plan, and the bound is infinite.
//!
//! **Source.** Land & Doig 1960, an automatic method of solving discrete programming problems.

use super::certify::Places;
use super::model::{Budget, Coupled};
use super::proof::{Branch, Choice, Decision, Part};

/// Finest scale of prices; sums of anything in range stay exact.
const SCALE_MAX: i64 = 1 << 10;
/// No plan costs this much.
pub(super) const INFINITE: i128 = i128::MAX;

/// What is open at a place of the tree: 1 decided for, −1 against, 0 open.
pub(super) struct Decided {
    pub(super) group: Vec<i8>,
    pub(super) edge: Vec<i8>,
    pub(super) is_contradiction: bool,
}

/// Goes through the tree of one part.
pub(super) struct Checker<'a> {
    pub(super) coupled: &'a Coupled,
    pub(super) part: &'a Part,
    pub(super) place: &'a Places,
    /// Positions of edges, groups and budgets of the part.
    pub(super) edges: &'a [u32],
    pub(super) groups: Vec<u32>,
    pub(super) budgets: Vec<u32>,
    /// Nodes that nothing can enter.
    is_shut: Vec<bool>,
    /// Kept between leaves; only entries of the part are touched.
    pub(super) decided: Decided,
    /// What the budgets add to an edge, at the prices of the leaf.
    pub(super) spent: Vec<i128>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(
        coupled: &'a Coupled,
        part: &'a Part,
        place: &'a Places,
        edges: &'a [u32],
        at: usize,
    ) -> Self {
        let in_part = |need: u32| place.need[need as usize].0 == at;
        let groups = (0..).zip(coupled.groups()).filter(|it| in_part(it.1.needs[0])).map(|it| it.0);
        let all = coupled.problem().edges();
        let of_part = |it: &Budget| it.uses.first().is_some_and(|it| in_part(all[it.0 as usize].need));
        let budgets = (0..).zip(coupled.budgets()).filter(|it| of_part(it.1)).map(|it| it.0);
        let nodes = coupled.problem().nodes();
        let mut is_shut: Vec<bool> = nodes.iter().map(|it| it.capacity == 0).collect();
        for &node in coupled.problem().top_down() {
            let above = nodes[node as usize].parent.is_some_and(|it| is_shut[it as usize]);
            is_shut[node as usize] |= above;
        }
        let decided = Decided {
            group: vec![0; coupled.groups().len()],
            edge: vec![0; all.len()],
            is_contradiction: false,
        };
        let (groups, budgets) = (groups.collect(), budgets.collect());
        let spent = vec![0; all.len()];
        Self { coupled, part, place, edges, groups, budgets, is_shut, decided, spent }
    }

    /// The least bound of all leaves. An error names the place that is not as it should be.
    pub(super) fn bound(mut self) -> Result<i128, u32> {
        let tree = &self.part.tree;
        if !(1..=SCALE_MAX).contains(&self.part.scale) {
            return Err(0);
        }
        let mut least = INFINITE;
        let mut decisions: Vec<Decision> = Vec::new();
        // A place, how many decisions stand above its parent's last, and what is added to them.
        let mut stack: Vec<(u32, usize, Vec<Decision>)> = vec![(0, 0, vec![])];
        let mut visited = 0;
        while let Some((at, depth, more)) = stack.pop() {
            visited += 1;
            decisions.truncate(depth);
            decisions.extend(more);
            // Children stand after their parent and have one only: the walk ends.
            let branch = tree.get(at as usize).filter(|_| visited <= tree.len()).ok_or(at)?;
            let below = |child: u32| if child > at { Ok(child) } else { Err(at) };
            match branch {
                Branch::Leaf { dual } => {
                    self.decide(&decisions);
                    least = least.min(up(self.leaf(dual).ok_or(at)?, self.part.scale));
                }
                Branch::Split { on, children } => {
                    let sides = self.sides(on).ok_or(at)?;
                    for (&child, side) in children.iter().zip(sides) {
                        stack.push((below(child)?, decisions.len(), side));
                    }
                }
                Branch::Fix { dual, decisions: fixed, child } => {
                    self.decide(&decisions);
                    let bound = self.leaf(dual).ok_or(at)?;
                    for decision in fixed {
                        let other = self.otherwise(dual, bound, decision).ok_or(at)?;
                        least = least.min(up(other, self.part.scale));
                    }
                    stack.push((below(*child)?, decisions.len(), fixed.clone()));
                }
            }
        }
        if visited == tree.len() && least < INFINITE { Ok(least) } else { Err(0) }
    }

    /// What each child of a split adds, if together they leave out no plan.
    fn sides(&self, choice: &Choice) -> Option<[Vec<Decision>; 2]> {
        match choice {
            Choice::Group { group } => {
                self.groups.binary_search(group).ok()?;
                Some([true, false].map(|is_served| vec![Decision::Group { group: *group, is_served }]))
            }
            Choice::Edge { edge } => {
                self.edges.binary_search(edge).ok()?;
                Some([true, false].map(|is_chosen| vec![Decision::Edge { edge: *edge, is_chosen }]))
            }
            Choice::Apart { budget, lists } => {
                self.budgets.binary_search(budget).ok()?;
                let budget = &self.coupled.budgets()[*budget as usize];
                let mut together = 0;
                for list in lists {
                    let mut least = u64::MAX;
                    for edge in list {
                        let entry = budget.uses.binary_search_by_key(edge, |it| it.0).ok()?;
                        least = least.min(budget.uses[entry].1.into());
                    }
                    together += u128::from(least);
                }
                let out = |list: &Vec<u32>| {
                    list.iter().map(|&edge| Decision::Edge { edge, is_chosen: false }).collect()
                };
                (together > u128::from(budget.most)).then(|| [out(&lists[0]), out(&lists[1])])
            }
        }
    }

    /// Writes down what is decided, and what follows by the three rules.
    fn decide(&mut self, decisions: &[Decision]) {
        let (edges, decided) = (self.coupled.problem().edges(), &mut self.decided);
        self.edges.iter().for_each(|&it| decided.edge[it as usize] = 0);
        self.groups.iter().for_each(|&it| decided.group[it as usize] = 0);
        decided.is_contradiction = false;
        let mut set = |slot: &mut i8, yes: bool| {
            let value = if yes { 1 } else { -1 };
            decided.is_contradiction |= *slot == -value;
            *slot = value;
        };
        for decision in decisions {
            match *decision {
                Decision::Group { group, is_served } => set(&mut decided.group[group as usize], is_served),
                Decision::Edge { edge, is_chosen } => set(&mut decided.edge[edge as usize], is_chosen),
            }
        }
        let group = |edge: u32| self.coupled.group_of(edges[edge as usize].need).map(|it| it as usize);
        for &edge in self.edges.iter().filter(|&&it| decided.edge[it as usize] > 0) {
            group(edge).into_iter().for_each(|it| set(&mut decided.group[it], true));
        }
        for &edge in self.edges {
            if group(edge).is_some_and(|it| decided.group[it] < 0) {
                set(&mut decided.edge[edge as usize], false);
            }
        }
        for &edge in self.edges.iter().filter(|&&it| self.is_shut[edges[it as usize].node as usize]) {
            set(&mut decided.edge[edge as usize], false);
        }
        for &budget in &self.budgets {
            let budget = &self.coupled.budgets()[budget as usize];
            let chosen = budget.uses.iter().filter(|it| decided.edge[it.0 as usize] > 0);
            let spent: u128 = chosen.map(|it| u128::from(it.1)).sum();
            decided.is_contradiction |= spent > u128::from(budget.most);
            for &(edge, weight) in &budget.uses {
                let slot = &mut decided.edge[edge as usize];
                if *slot == 0 && spent + u128::from(weight) > u128::from(budget.most) {
                    *slot = -1;
                }
            }
        }
    }
}

/// Costs are whole: a bound of a part of a unit is one of the whole unit.
fn up(bound: i128, scale: i64) -> i128 {
    if bound == INFINITE { INFINITE } else { -(-bound).div_euclid(i128::from(scale)) }
}
