//! Candidates as an assignment problem: units of need on one side, capacities on the other.

use linli_assign::{Edge, Need, Node, Problem, tier_penalty};
use linli_model::MILLION;
use linli_query::{Candidates, Stage};

use super::{Scored, Tree};
use crate::Result;

/// A need whose provider was fixed comes before every tier.
const PINNED_TIER: u8 = 4;

/// The positions of one candidate in the problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its need, as a position in `stage.needs`.
    pub need: u32,
    /// Its slot's capacity, as a position in the tree.
    pub node: u32,
    /// Its provider, as a position among the run's providers.
    pub provider: u32,
}

/// Where every candidate stands, by row.
pub(crate) fn places(stage: &Stage, candidates: &Candidates, tree: &Tree) -> Result<Vec<Place>> {
    let rows = &candidates.rows;
    let (needs, providers, slots) =
        (rows.texts("need_id")?, rows.texts("provider_id")?, rows.texts("slot_id")?);
    let occurrences = rows.times("occurrence_start")?;
    let names: Vec<&String> = stage.providers.keys().collect();
    let mut places = Vec::with_capacity(rows.rows());
    let mut need = 0;
    for row in 0..rows.rows() {
        // Both sides are sorted by (need, occurrence), so one walk finds every need.
        let key = (needs.value(row), occurrences.value(row));
        while need < stage.needs.len()
            && (stage.needs[need].need_id.as_str(), stage.needs[need].occurrence_start) < key
        {
            need += 1;
        }
        let provider = names.binary_search_by(|it| it.as_str().cmp(providers.value(row))).unwrap_or(0);
        places.push(Place {
            need: u32::try_from(need).unwrap_or(u32::MAX),
            node: tree.by_slot.get(slots.value(row)).copied().unwrap_or(u32::MAX),
            provider: u32::try_from(provider).unwrap_or(u32::MAX),
        });
    }
    Ok(places)
}

/// What leaving one unit of each need unserved costs, by position in `stage.needs`.
pub(crate) fn penalties(stage: &Stage) -> Result<Vec<i64>> {
    let units = stage.needs.iter().map(|it| u64::from(it.demand)).sum();
    let mut by_tier = Vec::new();
    for tier in 0..=PINNED_TIER {
        by_tier.push(tier_penalty(tier, units, 0, MILLION)?);
    }
    Ok(stage
        .needs
        .iter()
        .map(|it| by_tier[usize::from(if it.pinned { PINNED_TIER } else { it.tier })])
        .collect())
}

/// Builds the problem over the candidates that were scored and not vetoed.
///
/// **Shape.** Edge `i` of the problem is candidate row `.1[i]`.
pub(crate) fn build(
    stage: &Stage,
    tree: &Tree,
    places: &[Place],
    penalties: &[i64],
    scored: &[Option<Scored>],
) -> Result<(Problem, Vec<u32>)> {
    let needs = stage
        .needs
        .iter()
        .zip(penalties)
        .map(|(need, penalty)| Need { demand: need.demand, penalty: *penalty })
        .collect();
    let nodes = tree.limits.iter().map(|it| Node { parent: it.parent, capacity: it.capacity }).collect();
    let (mut edges, mut rows) = (Vec::new(), Vec::new());
    for (row, (place, scored)) in places.iter().zip(scored).enumerate() {
        let Some(scored) = scored.as_ref().filter(|it| it.vetoes.is_empty()) else { continue };
        // One unit needs no second provider, so only larger demands must not ask one twice.
        let several = stage.needs[place.need as usize].demand > 1;
        edges.push(Edge {
            need: place.need,
            node: place.node,
            cost: scored.cost,
            pair: several.then_some(place.provider),
        });
        rows.push(u32::try_from(row).unwrap_or(u32::MAX));
    }
    Ok((Problem::new(needs, nodes, edges)?, rows))
}
