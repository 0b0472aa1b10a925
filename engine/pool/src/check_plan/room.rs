//! Who has room for the lines of a plan.

use linli_query::PlanLine;

use super::{Finding, words};
use crate::matching::Decision;

/// Lets the lines take room in the order of the file; a line for which some capacity has none
/// left takes none and is struck out. Answers the candidates of the lines that hold.
pub(super) fn take(
    decision: &Decision,
    lines: &[PlanLine],
    rows: Vec<Option<u32>>,
    findings: &mut Vec<Finding>,
) -> Vec<u32> {
    let limits = &decision.tree.limits;
    let mut used = vec![0_u32; limits.len()];
    let mut held = Vec::new();
    for (position, row) in rows.into_iter().enumerate().take(lines.len()) {
        let Some(row) = row else { continue };
        let place = decision.plan.places[row as usize];
        let (mut above, mut next) = (Vec::new(), Some(place.node));
        while let Some(node) = next {
            above.push(node as usize);
            next = limits[node as usize].parent;
        }
        let full: Vec<usize> = above.iter().copied().filter(|it| used[*it] >= limits[*it].capacity).collect();
        if full.is_empty() {
            above.iter().for_each(|it| used[*it] += 1);
            held.push(row);
            continue;
        }
        let occurrence_start = Some(decision.stage.needs[place.need as usize].occurrence_start);
        for limit in full.into_iter().map(|it| &limits[it]) {
            findings.push(Finding { occurrence_start, ..words::full(position, limit) });
        }
    }
    held
}
