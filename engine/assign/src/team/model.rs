//! What is asked beyond the flow: teams that come whole or not at all, and budgets over edges.

use crate::error::Error;
use crate::forest::NONE;
use crate::problem::{PENALTY_MAX, Problem, UNITS_MAX, within};

/// Needs that are served together or not at all.
///
/// Served means every unit of every listed need. If the team is not served, none of its needs
/// gets a unit, and `penalty` is paid on top of the penalties of the needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    pub penalty: i64,
    pub needs: Vec<u32>,
}

/// At most `most` of something that edges use up: `Σ weight·x ≤ most`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    pub most: u64,
    /// Edges and what a unit on each takes; ascending by edge.
    pub uses: Vec<(u32, u32)>,
}

/// A checked assignment problem with teams and budgets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coupled {
    problem: Problem,
    teams: Vec<Team>,
    budgets: Vec<Budget>,
    groups: Vec<Group>,
    group_of: Vec<u32>,
}

/// Teams that share a need stand and fall together: one decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Positions of the teams, ascending.
    pub teams: Vec<u32>,
    /// Their needs that ask for something, ascending.
    pub needs: Vec<u32>,
    /// What is paid if none of them is served: penalties of teams and needs.
    pub penalty: i128,
}

impl Coupled {
    /// Checks the parts and puts them together.
    ///
    /// **Shape.** Teams may share needs; then they are served together. A need listed twice
    /// counts once, and a team whose needs ask for nothing is served. Edges of a budget ascend,
    /// and weights may be zero.
    /// **Errors.** [`Error::UnknownId`], [`Error::OutOfBounds`], [`Error::NotAscending`]; each
    /// names the first offender. [`Error::StepsBesideTeams`] for a flow whose nodes have steps.
    /// **Cost.** O(needs + nodes + edges + members + uses, sorted).
    pub fn new(problem: Problem, teams: Vec<Team>, budgets: Vec<Budget>) -> Result<Self, Error> {
        if let Some(step) = problem.steps().first() {
            return Err(Error::StepsBesideTeams { node: step.node });
        }
        for (index, team) in teams.iter().enumerate() {
            team.check(index as u64, problem.needs().len() as u64)?;
        }
        for (index, budget) in budgets.iter().enumerate() {
            budget.check(index as u64, problem.edges().len() as u64)?;
        }
        let groups = groups(&problem, &teams);
        let mut group_of = vec![NONE; problem.needs().len()];
        for (at, group) in (0..).zip(&groups) {
            group.needs.iter().for_each(|&need| group_of[need as usize] = at);
        }
        Ok(Self { problem, teams, budgets, groups, group_of })
    }

    /// The flow without teams and budgets.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// The flow alone, where teams and budgets are not wanted any more.
    pub fn into_problem(self) -> Problem {
        self.problem
    }

    /// The teams, in the order given.
    pub fn teams(&self) -> &[Team] {
        &self.teams
    }

    /// The budgets, in the order given.
    pub fn budgets(&self) -> &[Budget] {
        &self.budgets
    }

    /// What is decided as a whole, in the order of the first needs. Teams that ask for nothing
    /// are in none.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The group a need belongs to, if any.
    pub fn group_of(&self, need: u32) -> Option<u32> {
        self.group_of.get(need as usize).copied().filter(|&it| it != NONE)
    }
}

impl Team {
    pub(crate) fn check(&self, index: u64, n_needs: u64) -> Result<(), Error> {
        within("penalty", "team", index, self.penalty.into(), -PENALTY_MAX, PENALTY_MAX)?;
        let unknown = self.needs.iter().find(|&&it| u64::from(it) >= n_needs);
        unknown.map_or(Ok(()), |&found| {
            Err(Error::UnknownId { what: "need", owner: "team", index, found: found.into(), len: n_needs })
        })
    }
}

impl Budget {
    fn check(&self, index: u64, n_edges: u64) -> Result<(), Error> {
        within("limit", "budget", index, self.most.into(), 0, PENALTY_MAX)?;
        for (entry, &(edge, weight)) in self.uses.iter().enumerate() {
            if u64::from(edge) >= n_edges {
                let (found, len) = (edge.into(), n_edges);
                return Err(Error::UnknownId { what: "edge", owner: "budget", index, found, len });
            }
            within("weight", "budget", index, weight.into(), 0, UNITS_MAX.into())?;
            if entry > 0 && self.uses[entry - 1].0 >= edge {
                return Err(Error::NotAscending { owner: "budget", index, entry: entry as u64 });
            }
        }
        Ok(())
    }
}

/// Joins teams through the needs they share.
fn groups(problem: &Problem, teams: &[Team]) -> Vec<Group> {
    let demand = |need: u32| problem.needs()[need as usize].demand;
    let mut first: Vec<u32> = vec![NONE; problem.needs().len()];
    let mut leader: Vec<u32> = (0..teams.len() as u32).collect();
    for (at, team) in (0_u32..).zip(teams) {
        for &need in team.needs.iter().filter(|&&it| demand(it) > 0) {
            let other = std::mem::replace(&mut first[need as usize], at);
            if other != NONE {
                let (a, b) = (find(&mut leader, other), find(&mut leader, at));
                leader[a.max(b) as usize] = a.min(b);
            }
        }
    }
    let mut of_leader = vec![NONE; teams.len()];
    let mut groups: Vec<Group> = Vec::new();
    for (at, team) in (0_u32..).zip(teams) {
        if team.needs.iter().all(|&it| demand(it) == 0) {
            continue;
        }
        let group = &mut of_leader[find(&mut leader, at) as usize];
        if *group == NONE {
            *group = groups.len() as u32;
            groups.push(Group { teams: vec![], needs: vec![], penalty: 0 });
        }
        let group = &mut groups[*group as usize];
        group.teams.push(at);
        group.penalty += i128::from(team.penalty);
        group.needs.extend(team.needs.iter().filter(|&&it| demand(it) > 0));
    }
    for group in &mut groups {
        group.needs.sort_unstable();
        group.needs.dedup();
        let own = group.needs.iter().map(|&it| problem.needs()[it as usize]);
        group.penalty += own.map(|it| i128::from(it.penalty) * i128::from(it.demand)).sum::<i128>();
    }
    // Whatever order the teams come in, the same decisions stand in the same places.
    groups.sort_by_key(|it| it.needs[0]);
    groups
}

pub(super) fn find(leader: &mut [u32], mut at: u32) -> u32 {
    while leader[at as usize] != at {
        leader[at as usize] = leader[leader[at as usize] as usize];
        at = leader[at as usize];
    }
    at
}

/// Finds for every node the root above it.
pub(super) fn roots(problem: &Problem) -> Vec<u32> {
    let mut root: Vec<u32> = (0..problem.nodes().len() as u32).collect();
    for &node in problem.top_down() {
        if let Some(parent) = problem.nodes()[node as usize].parent {
            root[node as usize] = root[parent as usize];
        }
    }
    root
}

/// Budgets that keep two needs apart: no root serves both.
///
/// With `A` and `B` the edges of the two needs into one tree, no unit on `A` may meet one on
/// `B`. Where need a asks for one unit, one budget says so, `n_b` being the most units b can
/// get: `n_b·Σ_A x + Σ_B x ≤ n_b`. Where both ask for more, there is one such budget per edge of
/// the need with fewer of them.
///
/// **Shape.** Ascending by root; none where the two share no root, or ask for nothing.
/// **Errors.** [`Error::UnknownId`]; [`Error::SameNeed`] if the two are one.
/// **Cost.** O(nodes + edges).
pub fn deputies(problem: &Problem, pairs: &[(u32, u32)]) -> Result<Vec<Budget>, Error> {
    let n_needs = problem.needs().len();
    let root = roots(problem);
    let mut edges: Vec<Vec<(u32, u32)>> = vec![Vec::new(); n_needs];
    for (at, edge) in (0_u32..).zip(problem.edges()) {
        edges[edge.need as usize].push((root[edge.node as usize], at));
    }
    edges.iter_mut().for_each(|it| it.sort_unstable());
    let mut budgets = Vec::new();
    for (index, &(x, y)) in (0_u64..).zip(pairs) {
        let (a, b) = (x.min(y), x.max(y));
        // The larger of the two.
        if b as usize >= n_needs {
            let (found, len) = (b.into(), n_needs as u64);
            return Err(Error::UnknownId { what: "need", owner: "pair of deputies", index, found, len });
        }
        if a == b {
            return Err(Error::SameNeed { index, need: a });
        }
        let demand = |need: u32| problem.needs()[need as usize].demand;
        let trees = edges[a as usize].chunk_by(|x, y| x.0 == y.0);
        for of_a in trees.filter(|_| demand(a) > 0 && demand(b) > 0) {
            let of_b = &edges[b as usize];
            let start = of_b.partition_point(|it| it.0 < of_a[0].0);
            let end = of_b.partition_point(|it| it.0 <= of_a[0].0);
            keep_apart((demand(a), of_a), (demand(b), &of_b[start..end]), &mut budgets);
        }
    }
    Ok(budgets)
}

fn keep_apart(a: (u32, &[(u32, u32)]), b: (u32, &[(u32, u32)]), budgets: &mut Vec<Budget>) {
    let units = |(demand, edges): (u32, &[(u32, u32)])| demand.min(edges.len() as u32);
    if units(a) == 0 || units(b) == 0 {
        return;
    }
    // One by one on the side that needs fewer budgets; a side of one unit needs only one.
    let size = |it: (u32, &[(u32, u32)])| if units(it) == 1 { 1 } else { it.1.len() };
    let (single, many) = if size(a) <= size(b) { (a, b) } else { (b, a) };
    let weight = units(many);
    for strict in single.1.chunks(if units(single) == 1 { single.1.len() } else { 1 }) {
        let mut uses: Vec<(u32, u32)> = strict.iter().map(|it| (it.1, weight)).collect();
        uses.extend(many.1.iter().map(|it| (it.1, 1)));
        uses.sort_unstable();
        budgets.push(Budget { most: weight.into(), uses });
    }
}
