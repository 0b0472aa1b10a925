//! Penalties that make tiers lexicographic.

use crate::error::Error;
use crate::problem::{COST_MAX, PENALTY_MAX, within};

/// The penalty per unserved unit of a tier, so that urgency comes before cost.
///
/// ```text
/// penalty(tier) = (tier + 1) · (units·R + 1)      R = max(cost_max, 0) − min(cost_min, 0)
/// ```
///
/// With it, an optimal plan serves as many units of the highest tier as any plan can, among
/// those as many of the next as possible, and so on; cost decides last. `units` is the sum of
/// all demands, `cost_min` and `cost_max` bound all costs.
///
/// Why the spacing need only be linear: the sets of units that can be served together are
/// the independent sets of a matroid, because a flow decides whether they can. If a plan
/// served too few units of some tier, there would thus be a plan that serves one more unit of
/// it and gives up at most *one* unit, of a lower tier. That saves at least `units·R + 1` in
/// penalties. The edges of a plan cost between `units·min(cost_min, 0)` and
/// `units·max(cost_max, 0)`, so it loses at most `units·R` there, and the first plan was not
/// optimal.
///
/// **Errors.** [`Error::OutOfBounds`] for a cost no edge may have, [`Error::CostsReversed`],
/// and [`Error::PenaltyTooLarge`] above 2^52.
/// **Source.** Exchange property of gammoids; Perfect 1968, Mason 1972.
pub fn tier_penalty(tier: u8, units: u64, cost_min: i64, cost_max: i64) -> Result<i64, Error> {
    within("cost", "bound", 0, cost_min.into(), -COST_MAX, COST_MAX)?;
    within("cost", "bound", 1, cost_max.into(), -COST_MAX, COST_MAX)?;
    if cost_min > cost_max {
        return Err(Error::CostsReversed { cost_min, cost_max });
    }
    let range = cost_max.max(0) - cost_min.min(0);
    let penalty = (i128::from(tier) + 1) * (i128::from(units) * i128::from(range) + 1);
    match i64::try_from(penalty) {
        Ok(penalty) if penalty <= PENALTY_MAX => Ok(penalty),
        _ => Err(Error::PenaltyTooLarge { tier, units, range, max: PENALTY_MAX }),
    }
}
