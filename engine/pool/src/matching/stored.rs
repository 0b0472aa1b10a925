//! A run read back from its rows: what it was asked, and the problem it solved.

use std::collections::BTreeMap;

use linli_assign::{Edge, Need, Node, PairPrice, Prices, Problem, Solution, Status};
use linli_query::{Frame, Scope, ScorerChoice, Session, integer_at, text_at};
use serde::Deserialize;

use super::report::run_param;
use crate::{Error, Pool, Result};

/// What a run was asked for, as it was stored.
#[derive(Debug, Clone)]
pub(crate) struct StoredRun {
    pub run_id: String,
    pub snapshot: u64,
    pub scope: Scope,
    pub working_set: u32,
    /// kind, name, digest of every input.
    pub inputs: Vec<(String, String, String)>,
    /// Scorers with the digests of the run's day.
    pub scorers: Vec<(ScorerChoice, String)>,
}

#[derive(Deserialize)]
struct Settings {
    as_of: Option<i64>,
    districts: Vec<String>,
    from: Option<i64>,
    reach_m: i64,
    scorers: Vec<ScorerChoice>,
    to: Option<i64>,
    working_set: u32,
}

impl Pool {
    /// The full id of a run, from its beginning (at least 4 digits) or `latest`.
    ///
    /// **Errors.** No such run, or several that begin so.
    pub async fn resolve_run(&self, session: &Session, run_id: &str) -> Result<String> {
        let runs = if run_id == "latest" {
            let sql = "SELECT run_id FROM run_log WHERE action = 'match' ORDER BY at DESC, run_id LIMIT 1";
            texts(&self.frame(session, sql, &run_param("")).await?, "run_id")?
        } else {
            self.run_ids(session, run_id).await?
        };
        match runs.as_slice() {
            [] => Err(Error::UnknownRun { run_id: run_id.to_owned() }),
            [one] => Ok(one.clone()),
            several => Err(Error::AmbiguousRun { run_id: run_id.to_owned(), count: several.len() }),
        }
    }

    /// The runs whose id is this, or begins so.
    pub(crate) async fn run_ids(&self, session: &Session, run_id: &str) -> Result<Vec<String>> {
        let rows = self.frame(session, "SELECT run_id FROM run ORDER BY run_id", &run_param("")).await?;
        let all = texts(&rows, "run_id")?;
        if all.iter().any(|it| it == run_id) {
            return Ok(vec![run_id.to_owned()]);
        }
        Ok(all.into_iter().filter(|it| run_id.len() >= 4 && it.starts_with(run_id)).collect())
    }

    /// What a run was asked for.
    pub(crate) async fn stored_run(&self, session: &Session, run_id: &str) -> Result<StoredRun> {
        let run_id = self.resolve_run(session, run_id).await?;
        let params = run_param(&run_id);
        let run =
            self.frame(session, "SELECT snapshot, settings FROM run WHERE run_id = $run", &params).await?;
        let text = run.texts("settings")?.value(0).to_owned();
        let settings: Settings = serde_json::from_str(&text).map_err(|it| linli_query::Error::Damaged {
            path: format!("run {run_id}, settings"),
            cause: it.to_string(),
        })?;
        let sql = "SELECT kind, name, digest FROM run_input WHERE run_id = $run ORDER BY kind, name";
        let rows = self.frame(session, sql, &params).await?;
        let (kinds, names, digests) = (texts(&rows, "kind")?, texts(&rows, "name")?, texts(&rows, "digest")?);
        let inputs: Vec<_> = kinds
            .into_iter()
            .zip(names)
            .zip(digests)
            .map(|((kind, name), digest)| (kind, name, digest))
            .collect();
        let digest_of = |name: &str| inputs.iter().find(|(kind, it, _)| kind == "plugin" && it == name);
        let scorers = settings
            .scorers
            .into_iter()
            .filter_map(|it| digest_of(&it.name).map(|(_, _, digest)| (it.clone(), digest.clone())))
            .collect();
        Ok(StoredRun {
            snapshot: u64::try_from(run.integers("snapshot")?.value(0)).unwrap_or(0),
            scope: Scope {
                as_of: settings.as_of,
                from: settings.from,
                to: settings.to,
                districts: settings.districts,
                reach_m: settings.reach_m,
            },
            working_set: settings.working_set,
            inputs,
            scorers,
            run_id,
        })
    }
}

fn texts(rows: &Frame, name: &str) -> Result<Vec<String>> {
    Ok(rows.texts(name)?.iter().map(|it| it.unwrap_or_default().to_owned()).collect())
}

/// A need of a stored run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredNeed {
    pub need_id: String,
    pub occurrence_start: i64,
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

impl StoredProblem {
    /// The problem as the solver takes it.
    pub(crate) fn problem(&self) -> Result<Problem> {
        let needs = self.needs.iter().map(|it| Need { demand: it.demand, penalty: it.penalty }).collect();
        Ok(Problem::new(needs, self.parents.clone(), self.arcs.clone())?)
    }

    /// Adds a candidate that the run never scored because no score could have let it in.
    ///
    /// The solution stays optimal: that is what its price proved.
    pub(crate) fn add(&mut self, edge: StoredEdge, node_id: &str) -> Option<u32> {
        let node = self.nodes.binary_search_by(|it| it.node_id.as_str().cmp(node_id)).ok()?;
        let next = position(self.providers.len());
        let provider = *self.providers.entry(edge.provider_id.clone()).or_insert(next);
        let several = self.needs.get(edge.need as usize)?.demand > 1;
        self.arcs.push(Edge {
            need: edge.need,
            node: position(node),
            cost: edge.cost,
            pair: several.then_some(provider),
        });
        self.edges.push(edge);
        Some(position(self.edges.len() - 1))
    }
}

impl Pool {
    /// Rebuilds what a run solved from its rows.
    pub(crate) async fn stored_problem(&self, session: &Session, run_id: &str) -> Result<StoredProblem> {
        let params = run_param(run_id);
        let needs = self.frame(session, NEEDS, &params).await?;
        let nodes = self.frame(session, NODES, &params).await?;
        let edges = self.frame(session, EDGES, &params).await?;
        let pairs = self.frame(session, PAIRS, &params).await?;
        build(&needs, &nodes, &edges, &pairs)
    }
}

fn build(needs: &Frame, nodes: &Frame, edges: &Frame, pairs: &Frame) -> Result<StoredProblem> {
    let mut prices = Prices { need: Vec::new(), node: Vec::new(), pair: Vec::new() };
    let (ids, starts) = (needs.texts("need_id")?, needs.times("occurrence_start")?);
    let (quantities, penalties) = (needs.integers("quantity")?, needs.integers("penalty")?);
    let need_prices = needs.integers("price")?;
    let mut stored_needs = Vec::new();
    let mut need_at = BTreeMap::new();
    for row in 0..needs.rows() {
        need_at.insert((ids.value(row).to_owned(), starts.value(row)), position(row));
        prices.need.push(need_prices.value(row));
        stored_needs.push(StoredNeed {
            need_id: ids.value(row).to_owned(),
            occurrence_start: starts.value(row),
            demand: position(usize::try_from(quantities.value(row)).unwrap_or(0)),
            penalty: penalties.value(row),
        });
    }
    let (ids, parents) = (nodes.texts("price_id")?, nodes.texts("parent_id")?);
    let (levels, labels, providers) =
        (nodes.texts("level")?, nodes.texts("label")?, nodes.texts("provider_id")?);
    let (capacities, node_prices) = (nodes.integers("quantity")?, nodes.integers("price")?);
    let node_at: BTreeMap<&str, u32> = (0..nodes.rows()).map(|row| (ids.value(row), position(row))).collect();
    let mut stored_nodes = Vec::new();
    let mut tree = Vec::new();
    for row in 0..nodes.rows() {
        let parent = text_at(&parents, row).and_then(|it| node_at.get(it).copied());
        tree.push(Node { parent, capacity: position(usize::try_from(capacities.value(row)).unwrap_or(0)) });
        prices.node.push(node_prices.value(row));
        stored_nodes.push(StoredNode {
            node_id: ids.value(row).to_owned(),
            level: levels.value(row).to_owned(),
            label: text_at(&labels, row).unwrap_or_default().to_owned(),
            provider_id: providers.value(row).to_owned(),
        });
    }
    let mut provider_at: BTreeMap<String, u32> = BTreeMap::new();
    let mut number = |provider: &str| {
        let next = position(provider_at.len());
        *provider_at.entry(provider.to_owned()).or_insert(next)
    };
    let (ids, starts) = (edges.texts("need_id")?, edges.times("occurrence_start")?);
    let (providers, slots) = (edges.texts("provider_id")?, edges.texts("slot_id")?);
    let (edge_nodes, costs, units) =
        (edges.texts("node_id")?, edges.integers("cost")?, edges.integers("units")?);
    let (mut stored_edges, mut problem_edges, mut chosen) = (Vec::new(), Vec::new(), Vec::new());
    let mut unmet: Vec<u32> = stored_needs.iter().map(|it| it.demand).collect();
    for row in 0..edges.rows() {
        let need = need_at.get(&(ids.value(row).to_owned(), starts.value(row))).copied().unwrap_or(u32::MAX);
        let several = stored_needs.get(need as usize).is_some_and(|it| it.demand > 1);
        let is_chosen = integer_at(&units, row).is_some();
        if is_chosen {
            chosen.push(position(row));
            if let Some(open) = unmet.get_mut(need as usize) {
                *open = open.saturating_sub(1);
            }
        }
        let pair = number(providers.value(row));
        problem_edges.push(Edge {
            need,
            node: node_at.get(edge_nodes.value(row)).copied().unwrap_or(u32::MAX),
            cost: costs.value(row),
            pair: several.then_some(pair),
        });
        stored_edges.push(StoredEdge {
            need,
            provider_id: providers.value(row).to_owned(),
            slot_id: slots.value(row).to_owned(),
            cost: costs.value(row),
            chosen: is_chosen,
        });
    }
    let (ids, starts) = (pairs.texts("need_id")?, pairs.times("occurrence_start")?);
    let (providers, pair_prices) = (pairs.texts("provider_id")?, pairs.integers("price")?);
    for row in 0..pairs.rows() {
        let Some(need) = need_at.get(&(ids.value(row).to_owned(), starts.value(row))) else { continue };
        prices.pair.push(PairPrice {
            need: *need,
            pair: number(providers.value(row)),
            price: pair_prices.value(row),
        });
    }
    prices.pair.sort_by_key(|it| (it.need, it.pair));
    let objective = stored_edges.iter().filter(|it| it.chosen).map(|it| i128::from(it.cost)).sum::<i128>()
        + unmet
            .iter()
            .zip(&stored_needs)
            .map(|(units, it)| i128::from(*units) * i128::from(it.penalty))
            .sum::<i128>();
    Ok(StoredProblem {
        solution: Solution { chosen, unmet, prices, objective, status: Status::Optimal },
        needs: stored_needs,
        nodes: stored_nodes,
        edges: stored_edges,
        parents: tree,
        arcs: problem_edges,
        providers: provider_at,
    })
}

fn position(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

const NEEDS: &str = "SELECT need_id, occurrence_start, quantity, penalty, price FROM price \
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
