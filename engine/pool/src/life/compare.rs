//! Two plans over the same candidates: who gains, who loses, and what each is worth under both
//! rules.

use std::collections::{BTreeMap, BTreeSet};

use linli_model::MILLION;
use serde::Serialize;

use crate::Result;
use crate::matching::{Decision, Plan, Scorers, exact, offices};

/// How the matches of two plans differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Matches of the plan before.
    pub pairs_before: i64,
    /// Matches of the plan after.
    pub pairs_after: i64,
    /// Matches of both: same need, occurrence, provider and slot.
    pub pairs_kept: i64,
    /// Needs served fully after, and not before.
    pub needs_gained: i64,
    /// Needs served fully before, and not after.
    pub needs_lost: i64,
    /// Units that are served after and were not, need by need.
    pub units_gained: i64,
    /// Units that were served and are not.
    pub units_lost: i64,
}

impl Changes {
    pub(super) fn add(&mut self, it: Self) {
        self.pairs_before += it.pairs_before;
        self.pairs_after += it.pairs_after;
        self.pairs_kept += it.pairs_kept;
        self.needs_gained += it.needs_gained;
        self.needs_lost += it.needs_lost;
        self.units_gained += it.units_gained;
        self.units_lost += it.units_lost;
    }
}

/// What both plans cost under both rules, in millionths: Σ cost of matches + Σ penalty of unserved
/// units. A match that a rule vetoes counts as a unit left unserved under that rule.
///
/// Each plan is the cheapest under its own rule, so `after − before` is never below zero by the
/// incumbent and never above zero by the challenger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Objectives {
    /// The plan before, by the incumbent's rule.
    #[serde(serialize_with = "exact")]
    pub before_by_incumbent: i128,
    /// The plan after, by the incumbent's rule.
    #[serde(serialize_with = "exact")]
    pub after_by_incumbent: i128,
    /// The plan before, by the challenger's rule.
    #[serde(serialize_with = "exact")]
    pub before_by_challenger: i128,
    /// The plan after, by the challenger's rule.
    #[serde(serialize_with = "exact")]
    pub after_by_challenger: i128,
}

impl Objectives {
    pub(super) fn add(&mut self, it: Self) {
        self.before_by_incumbent += it.before_by_incumbent;
        self.after_by_incumbent += it.after_by_incumbent;
        self.before_by_challenger += it.before_by_challenger;
        self.after_by_challenger += it.after_by_challenger;
    }
}

/// What became of one need, over all its occurrences, before and after.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    pub tier: u8,
    pub district_id: Option<String>,
    /// Units asked for.
    pub units: i64,
    /// Units served: before, after.
    pub served: [i64; 2],
    /// Σ score of its matches as the incumbent sees them, in millionths: before, after. A match
    /// that the incumbent vetoes scores 0.
    pub score: [i64; 2],
}

/// Two plans, compared.
pub(super) struct Comparison {
    pub changes: Changes,
    pub objectives: Objectives,
    /// By need.
    pub outcomes: BTreeMap<String, Outcome>,
}

/// What one rule says of the chosen rows: their cost, or nothing where it vetoes them.
pub(super) type Opinions = BTreeMap<u32, Option<i64>>;

/// Compares two plans over the candidates of a decision, before and after.
///
/// **Shape.** `rules` are the scorers behind each.
/// **Errors.** A scorer that fails on a candidate which its own plan could do without.
/// **Cost.** One scoring pass over the chosen candidates that the other rule never saw.
pub(super) fn compare(
    decision: &Decision,
    [before, after]: [&Plan; 2],
    rules: [&Scorers; 2],
) -> Result<Comparison> {
    let chosen = [rows(before), rows(after)];
    let union: BTreeSet<u32> = chosen[0].union(&chosen[1]).copied().collect();
    let incumbent = opinions(decision, before, rules[0], &union)?;
    let challenger = opinions(decision, after, rules[1], &union)?;
    let value = |plan: &Plan, rows: &BTreeSet<u32>, rule: &Opinions| -> i128 {
        let cost = |row: &u32| rule.get(row).copied().flatten().unwrap_or_else(|| penalty(plan, *row));
        let matched: i128 = rows.iter().map(|row| i128::from(cost(row))).sum();
        let unmet = plan.solution.unmet.iter().zip(&plan.penalties);
        matched + unmet.map(|(unmet, penalty)| i128::from(*unmet) * i128::from(*penalty)).sum::<i128>()
    };
    let objectives = Objectives {
        before_by_incumbent: value(before, &chosen[0], &incumbent),
        after_by_incumbent: value(after, &chosen[1], &incumbent),
        before_by_challenger: value(before, &chosen[0], &challenger),
        after_by_challenger: value(after, &chosen[1], &challenger),
    };
    let outcomes = outcomes(decision, [before, after], &chosen, &incumbent);
    let mut changes = Changes {
        pairs_before: chosen[0].len() as i64,
        pairs_after: chosen[1].len() as i64,
        pairs_kept: chosen[0].intersection(&chosen[1]).count() as i64,
        ..Changes::default()
    };
    for it in outcomes.values() {
        let [full_before, full_after] = it.served.map(|served| served == it.units);
        changes.needs_gained += i64::from(full_after && !full_before);
        changes.needs_lost += i64::from(full_before && !full_after);
        changes.units_gained += (it.served[1] - it.served[0]).max(0);
        changes.units_lost += (it.served[0] - it.served[1]).max(0);
    }
    Ok(Comparison { changes, objectives, outcomes })
}

/// The candidate rows that a plan chose.
fn rows(plan: &Plan) -> BTreeSet<u32> {
    plan.solution.chosen.iter().map(|edge| plan.rows[*edge as usize]).collect()
}

fn penalty(plan: &Plan, row: u32) -> i64 {
    plan.penalties[plan.places[row as usize].need as usize]
}

/// What a rule says of these rows: what it said while it planned, and of the others when asked.
pub(super) fn opinions(
    decision: &Decision,
    plan: &Plan,
    scorers: &Scorers,
    rows: &BTreeSet<u32>,
) -> Result<Opinions> {
    let unseen: Vec<u32> = rows.iter().copied().filter(|it| plan.scored[*it as usize].is_none()).collect();
    let offices = offices(&decision.stage, &plan.places, scorers);
    let office = |row: u32| offices.get(row as usize).copied().flatten();
    let asked = scorers.judge(decision.candidates.rows.batch(), &unseen, office, &plan.maps)?;
    let cost = |it: &crate::matching::Scored| it.vetoes.is_empty().then_some(it.cost);
    let mut opinions: Opinions = unseen.iter().zip(&asked).map(|(row, it)| (*row, cost(it))).collect();
    for row in rows {
        if let Some(it) = &plan.scored[*row as usize] {
            opinions.insert(*row, cost(it));
        }
    }
    Ok(opinions)
}

fn outcomes(
    decision: &Decision,
    plans: [&Plan; 2],
    chosen: &[BTreeSet<u32>; 2],
    incumbent: &Opinions,
) -> BTreeMap<String, Outcome> {
    let needs = &decision.stage.needs;
    let mut outcomes: BTreeMap<String, Outcome> = BTreeMap::new();
    for (position, need) in needs.iter().enumerate() {
        let it = outcomes.entry(need.need_id.clone()).or_default();
        it.tier = it.tier.max(need.tier);
        it.district_id.clone_from(&need.district_id);
        it.units += i64::from(need.demand);
        for (served, plan) in it.served.iter_mut().zip(plans) {
            *served += i64::from(need.demand) - i64::from(plan.solution.unmet[position]);
        }
    }
    for (side, rows) in chosen.iter().enumerate() {
        for row in rows {
            let need = &needs[plans[side].places[*row as usize].need as usize];
            let score = incumbent.get(row).copied().flatten().map_or(0, |cost| MILLION - cost);
            if let Some(it) = outcomes.get_mut(&need.need_id) {
                it.score[side] += score;
            }
        }
    }
    outcomes
}
