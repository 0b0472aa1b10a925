//! Organizations from outside, and what the street buys from them.

use chrono::NaiveDate;

use crate::calendar::day;
use crate::record::{Body, Contract};

/// A purchase: what is bought, the skill its people bring, their number, the budget in yuan, the
/// last day.
pub(super) struct Purchase {
    pub(super) service: &'static str,
    pub(super) skill: &'static str,
    pub(super) people: usize,
    budget_yuan: i64,
    valid_to: (i32, u32, u32),
}

const fn purchase(
    service: &'static str,
    skill: &'static str,
    people: usize,
    budget_yuan: i64,
    valid_to: (i32, u32, u32),
) -> Purchase {
    Purchase { service, skill, people, budget_yuan, valid_to }
}

impl Purchase {
    /// The last day on which it holds.
    fn last_day(&self) -> NaiveDate {
        let (year, month, date) = self.valid_to;
        day(year, month, date)
    }
}

/// What no community can do by itself. One contract ends within the week that is matched, one
/// ended before it.
pub(super) const PURCHASES: [Purchase; 6] = [
    purchase("x_care", "养老", 6, 260_000, (2013, 6, 30)),
    purchase("elder_nurture", "养护", 4, 180_000, (2013, 3, 31)),
    purchase("youth_education", "青少年", 4, 90_000, (2013, 8, 31)),
    purchase("org_incubation", "孵化", 2, 120_000, (2013, 12, 31)),
    purchase("x_leisure", "文娱", 3, 40_000, (2012, 10, 17)),
    purchase("volunteer_training", "督导", 2, 30_000, (2012, 9, 30)),
];

/// The organizations of the maker space.
pub(super) fn registry() -> Vec<Body> {
    let body = |(row, _): (usize, &Purchase)| Body {
        organization_id: format!("nx-g{:02}", row + 1),
        // They work for the whole street.
        community_id: String::new(),
        kind: "professional",
        name: format!("专业社会组织{:02}", row + 1),
        provenance: "synthetic",
    };
    PURCHASES.iter().enumerate().map(body).collect()
}

/// One contract for each organization, in the order of [`PURCHASES`].
pub(super) fn contracts(bodies: &[Body]) -> Vec<Contract> {
    let contract = |(row, (body, bought)): (usize, (&Body, &Purchase))| Contract {
        contract_id: format!("nx-x{:02}", row + 1),
        kind: "purchase",
        organization_id: body.organization_id.clone(),
        service_id: bought.service,
        budget_yuan: Some(bought.budget_yuan),
        valid_from: Some(day(2012, 1, 1)),
        valid_to: Some(bought.last_day()),
        provenance: "synthetic",
        ..Contract::default()
    };
    bodies.iter().zip(&PURCHASES).enumerate().map(contract).collect()
}
