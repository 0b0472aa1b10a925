//! The needs that lose, by id only.

use serde::Serialize;

use super::Voice;

/// How many are listed and stored.
const CASES_MAX: usize = 50;

/// A need that loses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Case {
    /// The need.
    pub need_id: String,
    /// The run in which it loses most.
    pub run_id: String,
    /// Where it belongs; empty where it says none.
    pub district_id: String,
    /// The code of its target group; empty where it says none.
    pub target_group: String,
    /// 3 is the most urgent.
    pub tier: i64,
    /// Units it asks for, over all runs and occurrences.
    pub units: i64,
    /// Units served before.
    pub served_before: i64,
    /// Units served after.
    pub served_after: i64,
    /// Score per unit asked for, before, as the incumbent sees it.
    pub score_before: f64,
    /// The same after.
    pub score_after: f64,
}

/// The needs that lose, the most urgent first, then those that lose the largest share of service,
/// then of score; and how many there are.
pub(super) fn cases(voices: &[Voice]) -> (Vec<Case>, i64) {
    let mut losing: Vec<([i64; 2], &Voice)> = voices
        .iter()
        .map(|it| (it.differences(), it))
        .filter(|([served, score], _)| *served < 0 || (*served == 0 && *score < 0))
        .collect();
    losing.sort_by(|(a, left), (b, right)| {
        right.tier.cmp(&left.tier).then_with(|| a.cmp(b)).then_with(|| left.need_id.cmp(&right.need_id))
    });
    let total = losing.len() as i64;
    (losing.into_iter().take(CASES_MAX).map(|(_, it)| case(it)).collect(), total)
}

fn case(it: &Voice) -> Case {
    let score = |side: usize| it.score[side] as f64 / it.units.max(1) as f64 / 1e6;
    Case {
        need_id: it.need_id.clone(),
        run_id: it.worst_run.clone(),
        district_id: it.district_id.clone(),
        target_group: it.target_group.clone(),
        tier: i64::from(it.tier),
        units: it.units,
        served_before: it.served[0],
        served_after: it.served[1],
        score_before: score(0),
        score_after: score(1),
    }
}
