//! What is to be assigned: needs, a forest of capacities, and the edges between them.
//!
//! A [`Problem`] is checked once, when it is made; everything after it may rely on ids in
//! range, a forest without cycles, and numbers small enough that no sum overflows.

use crate::error::Error;
use crate::forest::top_down;

/// Largest absolute cost of an edge: 2^40.
pub const COST_MAX: i64 = 1 << 40;
/// Largest absolute penalty of a need: 2^52.
pub const PENALTY_MAX: i64 = 1 << 52;
/// Largest demand of a need and largest capacity of a node: 2^31.
pub const UNITS_MAX: u32 = 1 << 31;

/// Somebody who asks for `demand` units; each unit left unserved costs `penalty`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    pub demand: u32,
    pub penalty: i64,
}

/// A capacity: at most `capacity` units enter this node and its descendants together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// The wider capacity this one is part of; it may stand later in the list.
    pub parent: Option<u32>,
    pub capacity: u32,
}

/// A way to serve one unit of `need` at `node`.
///
/// Edges of one need with the same `pair` label carry at most one unit together: a provider
/// helps a need once, even where it could do so in several slots. Labels of different needs
/// have nothing to do with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    pub need: u32,
    pub node: u32,
    pub cost: i64,
    pub pair: Option<u32>,
}

/// What units through a node cost: each beyond the first `from` costs `cost`, up to the next step.
///
/// Fairness is such a cost: the second task of a volunteer costs something, the third more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepCost {
    pub node: u32,
    pub from: u32,
    pub cost: i64,
}

/// A checked assignment problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    needs: Vec<Need>,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    /// By node and `from`.
    steps: Vec<StepCost>,
    /// Node positions, every parent before its children.
    top_down: Vec<u32>,
}

impl Problem {
    /// Checks the parts and puts them together.
    ///
    /// **Shape.** Ids are positions in the lists. Parallel edges, needs without edges, zero
    /// demands and zero capacities are all fine; so is a problem with nothing in it.
    /// **Errors.** [`Error::OutOfBounds`], [`Error::UnknownId`], [`Error::ParentCycle`],
    /// [`Error::TooMany`]; each names the first offender.
    /// **Cost.** O(needs + nodes + edges), no recursion.
    pub fn new(needs: Vec<Need>, nodes: Vec<Node>, edges: Vec<Edge>) -> Result<Self, Error> {
        check_counts(needs.len(), nodes.len(), edges.len())?;
        for (index, need) in needs.iter().enumerate() {
            need.check(index as u64)?;
        }
        for (index, node) in nodes.iter().enumerate() {
            node.check(index as u64, nodes.len() as u64)?;
        }
        for (index, edge) in edges.iter().enumerate() {
            edge.check(index as u64, needs.len() as u64, nodes.len() as u64)?;
        }
        let top_down = top_down(&nodes)?;
        Ok(Self { needs, nodes, edges, steps: Vec::new(), top_down })
    }

    /// The same problem with costs of units through nodes.
    ///
    /// **Shape.** Any order; a node without steps costs nothing.
    /// **Errors.** [`Error::UnknownId`]; [`Error::OutOfBounds`] for a cost below zero;
    /// [`Error::StepsFall`] where a later unit of a node would cost less than an earlier one, or two
    /// steps begin at the same unit: then a cheapest plan is no flow.
    pub fn with_steps(self, mut steps: Vec<StepCost>) -> Result<Self, Error> {
        for (index, step) in (0..).zip(&steps) {
            known("node", "step", index, step.node, self.nodes.len() as u64)?;
            within("cost", "step", index, step.cost.into(), 0, COST_MAX)?;
        }
        steps.sort_unstable_by_key(|it| (it.node, it.from));
        let falls = |it: &[StepCost]| {
            it[0].node == it[1].node && (it[0].from == it[1].from || it[0].cost > it[1].cost)
        };
        if let Some(pair) = steps.windows(2).find(|it| falls(it)) {
            return Err(Error::StepsFall { node: pair[1].node, from: pair[1].from });
        }
        Ok(Self { steps, ..self })
    }

    /// The needs, in the order given.
    pub fn needs(&self) -> &[Need] {
        &self.needs
    }

    /// The nodes, in the order given.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The edges, in the order given.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// Costs of units through nodes, by node and first unit.
    pub fn steps(&self) -> &[StepCost] {
        &self.steps
    }

    pub(crate) fn top_down(&self) -> &[u32] {
        &self.top_down
    }
}

impl Need {
    pub(crate) fn check(&self, index: u64) -> Result<(), Error> {
        within("demand", "need", index, self.demand.into(), 0, UNITS_MAX.into())?;
        within("penalty", "need", index, self.penalty.into(), -PENALTY_MAX, PENALTY_MAX)
    }
}

impl Node {
    pub(crate) fn check(&self, index: u64, n_nodes: u64) -> Result<(), Error> {
        within("capacity", "node", index, self.capacity.into(), 0, UNITS_MAX.into())?;
        self.parent.map_or(Ok(()), |parent| known("node", "node", index, parent, n_nodes))
    }
}

impl Edge {
    pub(crate) fn check(&self, index: u64, n_needs: u64, n_nodes: u64) -> Result<(), Error> {
        known("need", "edge", index, self.need, n_needs)?;
        known("node", "edge", index, self.node, n_nodes)?;
        within("cost", "edge", index, self.cost.into(), -COST_MAX, COST_MAX)
    }
}

/// Needs, pair labels, nodes and two more vertices share one numbering of 32 bits; there are
/// at most half as many shared labels as edges, so counting every edge is on the safe side.
pub(crate) fn check_counts(needs: usize, nodes: usize, edges: usize) -> Result<(), Error> {
    let max = u64::from(u32::MAX) - 3;
    let found = needs as u64 + nodes as u64 + edges as u64;
    if found > max {
        return Err(Error::TooMany { what: "needs, nodes and edges", found, max });
    }
    Ok(())
}

pub(crate) fn within(
    what: &'static str,
    owner: &'static str,
    index: u64,
    found: i128,
    min: i64,
    max: i64,
) -> Result<(), Error> {
    if found < min.into() || found > max.into() {
        return Err(Error::OutOfBounds { what, owner, index, found, min, max });
    }
    Ok(())
}

fn known(what: &'static str, owner: &'static str, index: u64, found: u32, len: u64) -> Result<(), Error> {
    if u64::from(found) >= len {
        return Err(Error::UnknownId { what, owner, index, found: found.into(), len });
    }
    Ok(())
}
