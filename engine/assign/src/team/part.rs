//! Cuts a coupled problem where no edge, team or budget leads across.

use crate::error::Error;
use crate::forest::NONE;
use crate::problem::{Edge, Node, Problem};

use super::model::{Budget, Coupled, Team, find, roots};
use super::proof::{Branch, Choice, Decision, Dual, Part};

/// A part as a problem of its own, with the positions in the whole.
pub(super) struct Piece {
    pub(super) coupled: Coupled,
    pub(super) needs: Vec<u32>,
    pub(super) nodes: Vec<u32>,
    pub(super) edges: Vec<u32>,
    groups: Vec<u32>,
    budgets: Vec<u32>,
}

/// Cuts: everything that no team or budget touches first, in one piece, then the others.
///
/// **Cost.** O(needs + nodes + edges + members + uses, sorted).
pub(super) fn pieces(coupled: &Coupled) -> Result<Vec<Piece>, Error> {
    let problem = coupled.problem();
    let n_needs = problem.needs().len();
    let owner = owners(coupled);
    let root = roots(problem);
    let mut n_pieces = 1;
    // Only what a team or a budget touches gets a piece of its own.
    let mut piece_of = vec![0; owner.len()];
    for need in coupled.groups().iter().map(|it| it.needs[0]).chain(budget_needs(coupled).map(|it| it.1)) {
        let piece = &mut piece_of[owner[need as usize] as usize];
        if *piece == 0 {
            *piece = n_pieces;
            n_pieces += 1;
        }
    }
    let of_need = |need: u32| piece_of[owner[need as usize] as usize] as usize;
    let mut lists = vec![<[Vec<u32>; 5]>::default(); n_pieces as usize];
    (0..n_needs as u32).for_each(|it| lists[of_need(it)][0].push(it));
    for (node, &root) in (0..).zip(&root) {
        lists[of_need(n_needs as u32 + root)][1].push(node);
    }
    for (at, edge) in (0..).zip(problem.edges()) {
        lists[of_need(edge.need)][2].push(at);
    }
    for (at, group) in (0..).zip(coupled.groups()) {
        lists[of_need(group.needs[0])][3].push(at);
    }
    let mut last = NONE;
    for (at, need) in budget_needs(coupled) {
        if last != at {
            lists[of_need(need)][4].push(at);
            last = at;
        }
    }
    let place = [0, 1, 2].map(|kind| {
        let total = [n_needs, problem.nodes().len(), problem.edges().len()][kind];
        let mut place = vec![0; total];
        for list in &lists {
            (0..).zip(&list[kind]).for_each(|(new, &old)| place[old as usize] = new);
        }
        place
    });
    lists.into_iter().map(|it| piece(coupled, it, &place)).collect()
}

/// The needs that budgets touch, budget by budget.
fn budget_needs(coupled: &Coupled) -> impl Iterator<Item = (u32, u32)> {
    let edges = coupled.problem().edges();
    let budgets = (0_u32..).zip(coupled.budgets());
    budgets.flat_map(move |(at, it)| it.uses.iter().map(move |it| (at, edges[it.0 as usize].need)))
}

/// Needs, then nodes: the representative of each.
fn owners(coupled: &Coupled) -> Vec<u32> {
    let problem = coupled.problem();
    let n_needs = problem.needs().len() as u32;
    let root = roots(problem);
    let mut leader: Vec<u32> = (0..n_needs + problem.nodes().len() as u32).collect();
    let mut join = |a: u32, b: u32| {
        let (a, b) = (find(&mut leader, a), find(&mut leader, b));
        leader[a.max(b) as usize] = a.min(b);
    };
    for edge in problem.edges() {
        join(edge.need, n_needs + root[edge.node as usize]);
    }
    for group in coupled.groups() {
        group.needs.iter().for_each(|&it| join(group.needs[0], it));
    }
    let mut last = (NONE, NONE);
    for (budget, need) in budget_needs(coupled) {
        if last.0 == budget {
            join(last.1, need);
        }
        last = (budget, need);
    }
    (0..leader.len() as u32).map(|it| find(&mut leader, it)).collect()
}

/// Makes a problem of its own; `place` has the new positions of needs, nodes and edges.
fn piece(coupled: &Coupled, lists: [Vec<u32>; 5], place: &[Vec<u32>; 3]) -> Result<Piece, Error> {
    let problem = coupled.problem();
    let [needs, nodes, edges, groups, mut budgets] = lists;
    // Whatever order budgets come in, they are looked at in the same one.
    let key = |it: u32| (&coupled.budgets()[it as usize].uses, coupled.budgets()[it as usize].most);
    budgets.sort_by(|&a, &b| key(a).cmp(&key(b)));
    let node = |&it: &u32| {
        let Node { parent, capacity } = problem.nodes()[it as usize];
        Node { parent: parent.map(|it| place[1][it as usize]), capacity }
    };
    let edge = |&it: &u32| {
        let edge = problem.edges()[it as usize];
        Edge { need: place[0][edge.need as usize], node: place[1][edge.node as usize], ..edge }
    };
    let team = |&it: &u32| {
        let Team { penalty, needs } = &coupled.teams()[it as usize];
        let asking = needs.iter().filter(|&&it| problem.needs()[it as usize].demand > 0);
        Team { penalty: *penalty, needs: asking.map(|&it| place[0][it as usize]).collect() }
    };
    let budget = |&it: &u32| {
        let Budget { most, uses } = &coupled.budgets()[it as usize];
        Budget { most: *most, uses: uses.iter().map(|it| (place[2][it.0 as usize], it.1)).collect() }
    };
    let flow = Problem::new(
        needs.iter().map(|&it| problem.needs()[it as usize]).collect(),
        nodes.iter().map(node).collect(),
        edges.iter().map(edge).collect(),
    )?;
    let teams = groups.iter().flat_map(|&it| &coupled.groups()[it as usize].teams).map(team).collect();
    let coupled = Coupled::new(flow, teams, budgets.iter().map(budget).collect())?;
    Ok(Piece { coupled, needs, nodes, edges, groups, budgets })
}

impl Piece {
    /// Says in positions of the whole what was found in those of the piece.
    pub(super) fn translate(self, scale: i64, mut tree: Vec<Branch>) -> Part {
        let dual = |dual: &mut Dual| {
            dual.pair.iter_mut().for_each(|it| it.need = self.needs[it.need as usize]);
            dual.budget.iter_mut().for_each(|it| it.0 = self.budgets[it.0 as usize]);
            dual.budget.sort_unstable();
        };
        let edges = |list: &mut Vec<u32>| list.iter_mut().for_each(|it| *it = self.edges[*it as usize]);
        for branch in &mut tree {
            match branch {
                Branch::Leaf { dual: prices } => dual(prices),
                Branch::Fix { dual: prices, decisions, .. } => {
                    dual(prices);
                    decisions.iter_mut().for_each(|it| self.rename(it));
                }
                Branch::Split { on, .. } => match on {
                    Choice::Group { group } => *group = self.groups[*group as usize],
                    Choice::Edge { edge } => *edge = self.edges[*edge as usize],
                    Choice::Apart { budget, lists } => {
                        *budget = self.budgets[*budget as usize];
                        lists.iter_mut().for_each(edges);
                    }
                },
            }
        }
        Part { needs: self.needs, nodes: self.nodes, scale, tree }
    }

    fn rename(&self, decision: &mut Decision) {
        match decision {
            Decision::Group { group, .. } => *group = self.groups[*group as usize],
            Decision::Edge { edge, .. } => *edge = self.edges[*edge as usize],
        }
    }
}
