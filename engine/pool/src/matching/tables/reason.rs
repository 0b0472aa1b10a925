//! Why units of a need stay unserved.

use std::collections::BTreeSet;

use linli_query::Stage;

use crate::matching::Plan;

/// The reason of each occurrence, by its position in `stage.needs`; without meaning where every
/// unit is served.
///
/// A provider helps a need once, so those that serve it already say nothing about the units
/// that are left: the reason is what became of the candidates of all others. There is none:
/// `no_candidate`; scorers vetoed them all: `vetoed`; else somebody would do but has no room
/// left: `full`.
pub(super) fn reasons(stage: &Stage, plan: &Plan) -> Vec<&'static str> {
    let chosen = plan.solution.chosen.iter().map(|edge| plan.places[plan.rows[*edge as usize] as usize]);
    let serving: BTreeSet<(u32, u32)> = chosen.map(|it| (it.need, it.provider)).collect();
    // Whether there is a candidate, and whether one is not vetoed.
    let mut seen = vec![(false, false); stage.needs.len()];
    let candidates = plan.places.iter().zip(&plan.scored);
    for (place, scored) in candidates.filter(|(it, _)| !serving.contains(&(it.need, it.provider))) {
        let (any, open) = &mut seen[place.need as usize];
        *any = true;
        *open |= scored.as_ref().is_none_or(|it| it.vetoes.is_empty());
    }
    let reason = |it: (bool, bool)| match it {
        (false, _) => "no_candidate",
        (true, false) => "vetoed",
        (true, true) => "full",
    };
    seen.into_iter().map(reason).collect()
}
