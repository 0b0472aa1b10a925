//! The problem a run solved, read back from its rows.

use std::collections::BTreeMap;

use linli_assign::{Edge, Need, Node, PairPrice, Prices, Problem, Solution, Status};
use linli_query::{Frame, Session, integer_at, text_at};

use crate::matching::run_param;
use crate::{Pool, Result};

/// A need of a stored run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredNeed {
    pub need_id: String,
    pub occurrence_start: i64,
    /// 0 to 3, as the run read it.
    pub tier: i64,
    pub demand: u32,
    pub penalty: i64,
}

/// A capacity of a stored run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredNode {
    pub node_id: String,
    pub level: String,
    pub label: String,
    pub provider_id: String,
}

/// A candidate that took part in the choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredEdge {
    pub need: u32,
    pub provider_id: String,
    pub slot_id: String,
    pub cost: i64,
    pub chosen: bool,
}

/// The problem a run solved and its solution, with names.
pub(crate) struct StoredProblem {
    pub needs: Vec<StoredNeed>,
    pub nodes: Vec<StoredNode>,
    pub edges: Vec<StoredEdge>,
    /// The prices and choices that the run stored.
    pub solution: Solution,
    parents: Vec<Node>,
    arcs: Vec<Edge>,
    providers: BTreeMap<String, u32>,
}

impl Pool {
    /// Rebuilds what a run solved from its rows.
    pub(crate) async fn stored_problem(&self, session: &Session, run_id: &str) -> Result<StoredProblem> {
        let params = run_param(run_id);
        let mut problem = StoredProblem::empty();
        problem.read_needs(&self.frame(session, NEEDS, &params).await?)?;
        problem.read_nodes(&self.frame(session, NODES, &params).await?)?;
        problem.read_edges(&self.frame(session, EDGES, &params).await?)?;
        problem.read_pairs(&self.frame(session, PAIRS, &params).await?)?;
        problem.solution.objective = problem.objective();
        Ok(problem)
    }
}

impl StoredProblem {
    /// The problem as the solver takes it.
    pub(crate) fn problem(&self) -> Result<Problem> {
        let needs = self.needs.iter().map(|it| Need { demand: it.demand, penalty: it.penalty }).collect();
        Ok(Problem::new(needs, self.parents.clone(), self.arcs.clone())?)
    }

    /// Nodes and edges as the solver takes them, by the positions of `nodes` and `edges`.
    pub(crate) fn parts(&self) -> (&[Node], &[Edge]) {
        (&self.parents, &self.arcs)
    }

    /// The label of a provider in pairs, where it has one; labels from the second on are free.
    pub(crate) fn pair_label(&self, provider_id: &str) -> (Option<u32>, u32) {
        (self.providers.get(provider_id).copied(), position(self.providers.len()))
    }

    /// Where an occurrence of a need stands.
    pub(crate) fn need_at(&self, need_id: &str, occurrence_start: i64) -> Option<u32> {
        let key = (need_id, occurrence_start);
        let found = self.needs.binary_search_by(|it| (it.need_id.as_str(), it.occurrence_start).cmp(&key));
        found.ok().map(position)
    }

    /// Adds a candidate that the run never scored because no score could have let it in.
    ///
    /// The solution stays optimal: that is what its price proved. Nothing where the run holds
    /// no such need or capacity.
    pub(crate) fn add(&mut self, edge: StoredEdge, node_id: &str) -> Option<u32> {
        let node = self.node_at(node_id)?;
        let several = self.needs.get(edge.need as usize)?.demand > 1;
        let provider = self.provider(&edge.provider_id);
        self.arcs.push(Edge { need: edge.need, node, cost: edge.cost, pair: several.then_some(provider) });
        self.edges.push(edge);
        Some(position(self.edges.len() - 1))
    }

    /// The capacities over an edge that take nobody at all, the narrowest first.
    ///
    /// Ends where [`StoredProblem::problem`] found no capacity that is part of itself.
    pub(crate) fn closed_above(&self, edge: u32) -> Vec<&StoredNode> {
        let mut closed = Vec::new();
        let mut next = self.arcs.get(edge as usize).map(|it| it.node as usize);
        while let Some(node) = next {
            let Some(row) = self.parents.get(node) else { break };
            closed.extend(self.nodes.get(node).filter(|_| row.capacity == 0));
            next = row.parent.map(|it| it as usize);
        }
        closed
    }

    fn empty() -> Self {
        let prices = Prices { need: Vec::new(), node: Vec::new(), pair: Vec::new() };
        Self {
            needs: Vec::new(),
            nodes: Vec::new(),
            edges: Vec::new(),
            solution: Solution {
                chosen: Vec::new(),
                unmet: Vec::new(),
                undecided: Vec::new(),
                prices,
                objective: 0,
                status: Status::Optimal,
            },
            parents: Vec::new(),
            arcs: Vec::new(),
            providers: BTreeMap::new(),
        }
    }

    /// Where a capacity stands.
    pub(crate) fn node_at(&self, node_id: &str) -> Option<u32> {
        self.nodes.binary_search_by(|it| it.node_id.as_str().cmp(node_id)).ok().map(position)
    }

    /// The label of a provider, a new one where there is none yet.
    fn provider(&mut self, provider_id: &str) -> u32 {
        let next = position(self.providers.len());
        *self.providers.entry(provider_id.to_owned()).or_insert(next)
    }

    fn read_needs(&mut self, rows: &Frame) -> Result<()> {
        let (ids, starts) = (rows.texts("need_id")?, rows.times("occurrence_start")?);
        let (quantities, penalties) = (rows.integers("quantity")?, rows.integers("penalty")?);
        let (prices, tiers) = (rows.integers("price")?, rows.integers("tier")?);
        for row in 0..rows.rows() {
            let demand = u32::try_from(quantities.value(row)).unwrap_or(0);
            self.needs.push(StoredNeed {
                need_id: ids.value(row).to_owned(),
                occurrence_start: starts.value(row),
                tier: tiers.value(row),
                demand,
                penalty: penalties.value(row),
            });
            self.solution.unmet.push(demand);
            self.solution.prices.need.push(prices.value(row));
        }
        Ok(())
    }

    fn read_nodes(&mut self, rows: &Frame) -> Result<()> {
        let (ids, parents) = (rows.texts("price_id")?, rows.texts("parent_id")?);
        let (levels, labels) = (rows.texts("level")?, rows.texts("label")?);
        let (providers, capacities) = (rows.texts("provider_id")?, rows.integers("quantity")?);
        let prices = rows.integers("price")?;
        for row in 0..rows.rows() {
            self.nodes.push(StoredNode {
                node_id: ids.value(row).to_owned(),
                level: levels.value(row).to_owned(),
                label: text_at(&labels, row).unwrap_or_default().to_owned(),
                provider_id: providers.value(row).to_owned(),
            });
            self.solution.prices.node.push(prices.value(row));
        }
        for row in 0..rows.rows() {
            let parent = text_at(&parents, row).and_then(|it| self.node_at(it));
            let capacity = u32::try_from(capacities.value(row)).unwrap_or(0);
            self.parents.push(Node { parent, capacity });
        }
        Ok(())
    }

    fn read_edges(&mut self, rows: &Frame) -> Result<()> {
        let (ids, starts) = (rows.texts("need_id")?, rows.times("occurrence_start")?);
        let (providers, slots) = (rows.texts("provider_id")?, rows.texts("slot_id")?);
        let (nodes, costs) = (rows.texts("node_id")?, rows.integers("cost")?);
        let units = rows.integers("units")?;
        for row in 0..rows.rows() {
            // What is not there is left to the solver's own check, which refuses it.
            let need = self.need_at(ids.value(row), starts.value(row)).unwrap_or(u32::MAX);
            let node = self.node_at(nodes.value(row)).unwrap_or(u32::MAX);
            let several = self.needs.get(need as usize).is_some_and(|it| it.demand > 1);
            let chosen = integer_at(&units, row).is_some();
            if chosen {
                self.solution.chosen.push(position(row));
                if let Some(open) = self.solution.unmet.get_mut(need as usize) {
                    *open = open.saturating_sub(1);
                }
            }
            let provider_id = providers.value(row);
            let provider = self.provider(provider_id);
            let cost = costs.value(row);
            self.arcs.push(Edge { need, node, cost, pair: several.then_some(provider) });
            self.edges.push(StoredEdge {
                need,
                provider_id: provider_id.to_owned(),
                slot_id: slots.value(row).to_owned(),
                cost,
                chosen,
            });
        }
        Ok(())
    }

    fn read_pairs(&mut self, rows: &Frame) -> Result<()> {
        let (ids, starts) = (rows.texts("need_id")?, rows.times("occurrence_start")?);
        let (providers, prices) = (rows.texts("provider_id")?, rows.integers("price")?);
        for row in 0..rows.rows() {
            let Some(need) = self.need_at(ids.value(row), starts.value(row)) else { continue };
            let pair = self.provider(providers.value(row));
            self.solution.prices.pair.push(PairPrice { need, pair, price: prices.value(row) });
        }
        self.solution.prices.pair.sort_by_key(|it| (it.need, it.pair));
        Ok(())
    }

    fn objective(&self) -> i128 {
        let chosen: i128 = self.edges.iter().filter(|it| it.chosen).map(|it| i128::from(it.cost)).sum();
        let unmet = self.solution.unmet.iter().zip(&self.needs);
        chosen + unmet.map(|(units, it)| i128::from(*units) * i128::from(it.penalty)).sum::<i128>()
    }
}

fn position(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

const NEEDS: &str = "SELECT need_id, occurrence_start, tier, quantity, penalty, price FROM price \
    WHERE run_id = $run AND level = 'need' ORDER BY need_id, occurrence_start";
const NODES: &str = "SELECT price_id, parent_id, level, label, provider_id, quantity, price FROM price \
    WHERE run_id = $run AND level IN ('slot', 'day', 'week', 'term') ORDER BY price_id";
const EDGES: &str = "SELECT c.need_id, c.occurrence_start, c.provider_id, c.slot_id, c.node_id, c.cost, m.units \
    FROM candidate c LEFT JOIN match m ON m.run_id = c.run_id AND m.need_id = c.need_id \
    AND m.occurrence_start = c.occurrence_start AND m.provider_id = c.provider_id AND m.slot_id = c.slot_id \
    WHERE c.run_id = $run AND c.scored AND NOT c.vetoed \
    ORDER BY c.need_id, c.occurrence_start, c.provider_id, c.slot_id";
const PAIRS: &str = "SELECT need_id, occurrence_start, provider_id, price FROM price \
    WHERE run_id = $run AND level = 'pair' ORDER BY need_id, occurrence_start, provider_id";
