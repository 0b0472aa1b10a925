//! Which occurrence of its need each line serves, and which lines serve one too often.
//!
//! The lines of one need are a small assignment problem of their own:
//!
//! ```text
//! line ──▶ (occurrence, provider): once ──▶ occurrence: its demand
//! ```
//!
//! Lines that can be served together are independent in a matroid, so penalties that fall along
//! the file, in steps no sum of costs outweighs, keep the lines that come first; among these
//! plans the cheapest is taken. Thus a plan that leaves occurrences open costs what it would
//! cost with the best of them written down.

use std::collections::BTreeMap;

use linli_assign::{Edge, Limits, Need, Node, Problem, solve};
use linli_model::MILLION;
use linli_query::PlanLine;

use super::standing::Standing;
use super::words;
use crate::Result;
use crate::matching::Decision;

/// The candidate that each line stands for; nothing for lines that were struck out before, or
/// are now because they serve a need that others serve already.
pub(super) fn attribute(
    decision: &Decision,
    lines: &[PlanLine],
    standing: &mut Standing,
) -> Result<Vec<Option<u32>>> {
    let mut by_need: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, line) in lines.iter().enumerate() {
        if !standing.options[position].is_empty() {
            by_need.entry(&line.need_id).or_default().push(position);
        }
    }
    let mut rows = vec![None; lines.len()];
    for own in by_need.into_values() {
        let chosen = share(decision, &own, &standing.options)?;
        for (position, row) in own.iter().zip(&chosen) {
            rows[*position] = *row;
        }
        for position in own.iter().filter(|it| rows[**it].is_none()) {
            let finding = surplus(decision, lines, &own, &rows, *position, &standing.options[*position]);
            standing.findings.push(finding);
        }
    }
    Ok(rows)
}

/// Shares the occurrences of a need among its lines.
fn share(decision: &Decision, own: &[usize], options: &[Vec<u32>]) -> Result<Vec<Option<u32>>> {
    let cost = |row: u32| decision.plan.scored[row as usize].as_ref().map_or(0, |it| it.cost);
    if let [only] = own {
        return Ok(vec![options[*only].iter().copied().min_by_key(|it| (cost(*it), *it))]);
    }
    let lines = own.len() as i64;
    let step = lines.saturating_mul(MILLION).saturating_add(1);
    let needs = (0..lines).map(|it| Need { demand: 1, penalty: (lines - it).saturating_mul(step) });
    let (mut nodes, mut edges, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    let mut node = BTreeMap::new();
    for (need, position) in (0..).zip(own) {
        for row in &options[*position] {
            let place = decision.plan.places[*row as usize];
            let occurrence = *node.entry((place.need, None)).or_insert_with(|| {
                let capacity = decision.stage.needs[place.need as usize].demand;
                nodes.push(Node { parent: None, capacity });
                nodes.len() - 1
            });
            let once = *node.entry((place.need, Some(place.provider))).or_insert_with(|| {
                nodes.push(Node { parent: u32::try_from(occurrence).ok(), capacity: 1 });
                nodes.len() - 1
            });
            let once = u32::try_from(once).unwrap_or(u32::MAX);
            edges.push(Edge { need, node: once, cost: cost(*row), pair: None });
            rows.push(*row);
        }
    }
    let problem = Problem::new(needs.collect(), nodes, edges)?;
    let solution = solve(&problem, &Limits::default())?;
    let mut chosen = vec![None; own.len()];
    for edge in solution.chosen {
        chosen[problem.edges()[edge as usize].need as usize] = Some(rows[edge as usize]);
    }
    Ok(chosen)
}

/// Why no occurrence is left for a line.
fn surplus(
    decision: &Decision,
    lines: &[PlanLine],
    own: &[usize],
    rows: &[Option<u32>],
    position: usize,
    options: &[u32],
) -> super::Finding {
    let line = &lines[position];
    let same = |it: &&usize| {
        let other = &lines[**it];
        (&other.provider_id, &other.slot_id, other.occurrence_start)
            == (&line.provider_id, &line.slot_id, line.occurrence_start)
    };
    if let Some(earlier) = own.iter().take_while(|it| **it != position).find(same) {
        return words::repeated(position, lines[*earlier].line);
    }
    let place = |row: u32| decision.plan.places[row as usize];
    let served = |row: u32| {
        let is_it = |it: &&usize| {
            let other = rows[**it].map(place);
            other.is_some_and(|it| (it.need, it.provider) == (place(row).need, place(row).provider))
        };
        own.iter().find(is_it)
    };
    let by: Option<Vec<&usize>> = options.iter().map(|it| served(*it)).collect();
    match by.as_deref() {
        Some([first, ..]) => words::provider_twice(position, &line.provider_id, lines[**first].line),
        _ => {
            let demand: u32 =
                options.iter().map(|it| decision.stage.needs[place(*it).need as usize].demand).sum();
            words::over_served(position, demand)
        }
    }
}
