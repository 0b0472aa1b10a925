//! Scores the nearest candidates, solves, and lets prices ask for the others.
//!
//! The nearest candidates of each need are a working set, never a rule. After each solve every
//! candidate outside it is priced as if its score were 1.0; one that could still improve the
//! plan enters and is scored. When none can, the plan is optimal over *all* candidates, and the
//! certificate says so. A need that is not fully served has all its candidates in.

use std::collections::BTreeMap;

use linli_assign::{Certificate, Limits, Solution, certify, solve};
use linli_query::{Candidates, Stage, integer_at};

use super::problem::{self, Place};
use super::{Maps, PlanSettings, Scored, Scorers, Tree};
use crate::{Error, Result};

/// What was decided, by candidate row and by need.
pub(crate) struct Plan {
    /// Where each candidate stands.
    pub places: Vec<Place>,
    /// Which candidates were scored, and how.
    pub scored: Vec<Option<Scored>>,
    /// What the scores of districts with plugins of their own count as.
    pub maps: Maps,
    /// What an unserved unit of each need costs.
    pub penalties: Vec<i64>,
    /// Candidate row of each edge of the last problem.
    pub rows: Vec<u32>,
    /// The last solution.
    pub solution: Solution,
    /// Its proof.
    pub certificate: Certificate,
    /// How often it was solved.
    pub rounds: u32,
}

/// Plans one run.
///
/// **Errors.** A scorer that fails; then there is no plan.
pub(crate) fn plan(
    stage: &Stage,
    candidates: &Candidates,
    tree: &Tree,
    scorers: &Scorers,
    settings: PlanSettings,
) -> Result<Plan> {
    let places = problem::places(stage, candidates, tree)?;
    let penalties = problem::penalties(stage)?;
    let offices = offices(stage, &places, scorers);
    let maps = Maps::fit(scorers, candidates.rows.batch(), &offices)?;
    let judge = |rows: &[u32]| {
        let office = |row: u32| offices.get(row as usize).copied().flatten();
        scorers.judge(candidates.rows.batch(), rows, office, &maps)
    };
    let mut scored: Vec<Option<Scored>> = vec![None; places.len()];
    let mut entering = nearest(stage, candidates, &places, settings.working_set)?;
    let mut rounds = 0;
    loop {
        for (row, it) in entering.iter().zip(judge(&entering)?) {
            scored[*row as usize] = Some(it);
        }
        let (problem, rows) = problem::build(stage, tree, &places, &penalties, &scored)?;
        let threads = std::thread::available_parallelism().map_or(1, |it| it.get());
        let mut solution =
            solve(&problem, &Limits { threads, seed: settings.seed.cast_unsigned(), ..Limits::default() })?;
        // Higher prices would have candidates scored that could not enter.
        solution.lower_need_prices(&problem);
        rounds += 1;
        entering = could_enter(&places, &scored, &solution);
        if entering.is_empty() {
            let certificate = certify(&problem, &solution);
            return Ok(Plan { places, scored, maps, penalties, rows, solution, certificate, rounds });
        }
    }
}

/// Whose each candidate is, where its district brings a plugin of its own; empty where none does.
pub(crate) fn offices(stage: &Stage, places: &[Place], scorers: &Scorers) -> Vec<Option<usize>> {
    if scorers.offices.is_empty() {
        return Vec::new();
    }
    let by_need: Vec<Option<usize>> =
        stage.needs.iter().map(|it| scorers.office(it.district_id.as_deref())).collect();
    places.iter().map(|it| by_need.get(it.need as usize).copied().flatten()).collect()
}

/// The rows of the first candidates of each need, by distance, provider and slot.
fn nearest(stage: &Stage, candidates: &Candidates, places: &[Place], working_set: u32) -> Result<Vec<u32>> {
    let distances = candidates.rows.integers("distance_m")?;
    let mut by_need: Vec<Vec<u32>> = vec![Vec::new(); stage.needs.len()];
    for (row, place) in places.iter().enumerate() {
        let Some(rows) = by_need.get_mut(place.need as usize) else {
            return Err(Error::Query(linli_query::Error::Engine {
                cause: "a candidate without a need".to_owned(),
            }));
        };
        rows.push(u32::try_from(row).unwrap_or(u32::MAX));
    }
    let mut chosen = Vec::new();
    for (need, mut rows) in by_need.into_iter().enumerate() {
        // Rows come sorted by provider and slot; a stable sort keeps that among equals.
        rows.sort_by_key(|row| integer_at(&distances, *row as usize).unwrap_or(i64::MAX));
        // A need of many units looks at as many more.
        let wanted = u64::from(working_set) * u64::from(stage.needs[need].demand);
        rows.truncate(usize::try_from(wanted).unwrap_or(usize::MAX));
        chosen.extend(rows);
    }
    chosen.sort_unstable();
    Ok(chosen)
}

/// The rows outside the working set that could still improve the plan, ascending.
fn could_enter(places: &[Place], scored: &[Option<Scored>], solution: &Solution) -> Vec<u32> {
    let prices = &solution.prices;
    let pairs: BTreeMap<(u32, u32), i64> =
        prices.pair.iter().map(|it| ((it.need, it.pair), it.price)).collect();
    places
        .iter()
        .enumerate()
        .filter(|(row, _)| scored[*row].is_none())
        .filter(|(_, place)| {
            let need = place.need as usize;
            if solution.unmet[need] > 0 {
                return true;
            }
            let pair = pairs.get(&(place.need, place.provider)).copied().unwrap_or(0);
            // The best score there is costs nothing.
            prices.node[place.node as usize] + pair < prices.need[need]
        })
        .filter_map(|(row, _)| u32::try_from(row).ok())
        .collect()
}
