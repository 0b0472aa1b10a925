//! What a check of a plan says.

use linli_model::Text;
use serde::Serialize;

use crate::matching::{Decision, RunIdentity, exact};

/// How a plan stands, and how far it is from the optimum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanReport {
    /// What breaks lines, by line: every rule that a line breaks is one.
    pub violations: Vec<PlanViolation>,
    /// Whether every line holds.
    pub feasible: bool,
    /// Σ cost of the lines that hold + Σ penalty of the units they leave unserved, in millionths.
    #[serde(serialize_with = "exact")]
    pub objective: i128,
    /// The same of the best plan there is.
    #[serde(serialize_with = "exact")]
    pub optimum: i128,
    /// Their difference, never below 0.
    #[serde(serialize_with = "exact")]
    pub distance: i128,
    /// Lines of the plan.
    pub lines: usize,
    /// Lines that hold.
    pub held: usize,
    /// Units per tier that the plan and the optimum serve, 3 most urgent.
    pub by_tier: Vec<PlanTier>,
    /// Of which needs the optimum serves more than the plan, the most urgent first.
    pub missed: Vec<MissedNeed>,
    /// The run that finds the optimum, stored or not.
    pub run_id: String,
    /// The snapshot that was read.
    pub snapshot: u64,
}

/// Something that breaks a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanViolation {
    /// Where the line stands in the file, from 1.
    pub line: u64,
    /// A hard rule, by the name `explain` has for it; or unknown_need, not_asked,
    /// unknown_occurrence, unknown_provider, unknown_slot, vetoed, repeated_line, provider_twice,
    /// over_served, slot_full, day_full, week_full.
    pub rule: String,
    /// As the line has it.
    pub need_id: String,
    /// As the line has it.
    pub provider_id: String,
    /// As the line has it.
    pub slot_id: String,
    /// The occurrence that was looked at, local time; nothing where there is none.
    pub occurrence_start: Option<String>,
    /// Who vetoed.
    pub scorer: Option<String>,
    /// Why.
    pub veto_code: Option<u16>,
    /// What is wrong.
    #[serde(flatten)]
    pub text: Text,
}

/// Units of one tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanTier {
    /// 0 to 3.
    pub tier: u8,
    /// Asked for.
    pub units: u64,
    /// Served by the plan.
    pub plan: u64,
    /// Served by the optimum.
    pub optimum: u64,
}

/// A need of which the optimum serves more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissedNeed {
    /// The need.
    pub need_id: String,
    /// The occurrence, local time.
    pub occurrence_start: String,
    /// 0 to 3.
    pub tier: u8,
    /// How many units more.
    pub units: u32,
}

/// Puts the lines that hold beside the optimum.
pub(super) fn report(
    identity: &RunIdentity,
    decision: &Decision,
    lines: usize,
    held: &[u32],
    violations: Vec<PlanViolation>,
) -> PlanReport {
    let Decision { stage, plan, .. } = decision;
    let mut served = vec![0_u32; stage.needs.len()];
    let mut objective = 0;
    for row in held.iter().map(|it| *it as usize) {
        served[plan.places[row].need as usize] += 1;
        objective += i128::from(plan.scored[row].as_ref().map_or(0, |it| it.cost));
    }
    let mut by_tier: Vec<PlanTier> =
        (0..=3).rev().map(|tier| PlanTier { tier, units: 0, plan: 0, optimum: 0 }).collect();
    let mut missed = Vec::new();
    for (position, need) in stage.needs.iter().enumerate() {
        let (own, best) = (served[position], need.demand - plan.solution.unmet[position]);
        objective += i128::from(plan.penalties[position]) * i128::from(need.demand - own);
        if let Some(it) = by_tier.iter_mut().find(|it| it.tier == need.tier) {
            it.units += u64::from(need.demand);
            it.plan += u64::from(own);
            it.optimum += u64::from(best);
        }
        if best > own {
            missed.push(MissedNeed {
                need_id: need.need_id.clone(),
                occurrence_start: stage.zone.rfc3339(need.occurrence_start),
                tier: need.tier,
                units: best - own,
            });
        }
    }
    // Needs come by id and occurrence; a stable sort keeps that within a tier.
    missed.sort_by_key(|it| std::cmp::Reverse(it.tier));
    let optimum = plan.certificate.primal;
    PlanReport {
        feasible: violations.is_empty(),
        violations,
        objective,
        optimum,
        distance: objective - optimum,
        lines,
        held: held.len(),
        by_tier,
        missed,
        run_id: identity.run_id.clone(),
        snapshot: identity.snapshot,
    }
}
