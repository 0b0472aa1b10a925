//! The sharing pool: what each community lists, and what it lent.
//!
//! ```text
//! resource listed → need linked → lent → returned
//! ```
//!
//! Invariants: a loan lies within what the owner shares at every instant, and nobody borrows
//! from itself.

use chrono::{NaiveDateTime, TimeDelta};

use crate::calendar::{at, day, later, month};
use crate::draw::Draw;
use crate::history::History;
use crate::record::{PoolLoan, PoolResource, ServicePoint};
use crate::site::Site;

/// Things that communities lend, how many they have, how they lend them.
const THINGS: [(&str, i64, &str); 6] = [
    ("轮椅", 6, "凭证登记,七日内归还"),
    ("折叠桌椅", 40, "提前一日预约"),
    ("投影仪", 2, "提前一日预约"),
    ("音响", 2, "提前一日预约"),
    ("帐篷", 8, "提前一日预约"),
    ("血压计", 5, "凭证登记,七日内归还"),
];
/// Loans that serve no single need.
const LOANS: usize = 70;
/// Days of a loan, at most.
const LONGEST: i64 = 7;

/// The resource list: a room and two kinds of things in each community, and at speciality points
/// the time of those who work there, more than half of it for others.
pub(super) fn resources(sites: &[Site], points: &[ServicePoint]) -> Vec<PoolResource> {
    let mut resources: Vec<PoolResource> = Vec::new();
    let mut list = |resource: PoolResource| {
        resources.push(PoolResource {
            resource_id: format!("nx-p{:02}", resources.len() + 1),
            valid_from: Some(day(2012, 3, 1)),
            provenance: "synthetic",
            ..resource
        });
    };
    for (row, site) in sites.iter().enumerate() {
        let home = points.iter().find(|it| it.community_id == site.id);
        list(PoolResource {
            community_id: site.id.clone(),
            point_id: home.map(|it| it.point_id.clone()).unwrap_or_default(),
            kind: "venue",
            item: "活动室",
            quantity: 2,
            shareable: 1,
            terms: "提前一日预约",
            ..PoolResource::default()
        });
        for thing in [row, row + 2] {
            let (item, quantity, terms) = THINGS[thing % THINGS.len()];
            list(PoolResource {
                community_id: site.id.clone(),
                kind: "equipment",
                item,
                quantity,
                shareable: quantity / 2,
                terms,
                ..PoolResource::default()
            });
        }
    }
    for point in points.iter().filter(|it| it.kind == "speciality") {
        let quantity = point.capacity_per_day.unwrap_or_default();
        list(PoolResource {
            community_id: point.community_id.clone(),
            point_id: point.point_id.clone(),
            kind: "expertise",
            item: "专业服务",
            service_id: point.specialities[0],
            quantity,
            shareable: quantity * 6 / 10,
            period: "day",
            terms: "由后台流转",
            ..PoolResource::default()
        });
    }
    resources
}

/// What was lent: for needs of communities without the speciality, from the hour somebody began
/// to the hour it was done; and rooms and things, some of which are still out.
pub(super) fn loans(sites: &[Site], resources: &[PoolResource], history: &History) -> Vec<PoolLoan> {
    let mut draw = Draw::new("nanxing pool_loan");
    let mut loans = of_needs(resources, history);
    let things: Vec<&PoolResource> = resources.iter().filter(|it| it.kind != "expertise").collect();
    let mut made = 0;
    while made < LOANS {
        let resource = draw.pick(&things);
        let site = &sites[draw.below(sites.len())];
        let lent_at = at(later(month(), draw.between(0, 41)), 900) + TimeDelta::minutes(draw.between(0, 480));
        let back = at(later(lent_at.date(), draw.between(1, LONGEST)), 1600);
        let loan = PoolLoan {
            resource_id: resource.resource_id.clone(),
            community_id: site.id.clone(),
            units: draw.between(1, resource.shareable),
            lent_at,
            // What would come back after the decision has not come back yet.
            returned_at: (back < at(later(month(), 43), 2000)).then_some(back),
            ..PoolLoan::default()
        };
        if site.id != resource.community_id && fits(&loans, resource, &loan) {
            loans.push(loan);
            made += 1;
        }
    }
    loans.sort_by(|a, b| (a.lent_at, &a.resource_id).cmp(&(b.lent_at, &b.resource_id)));
    for (row, loan) in loans.iter_mut().enumerate() {
        loan.loan_id = format!("nx-l{:03}", row + 1);
        loan.provenance = "synthetic";
    }
    loans
}

/// One unit for each need that was done by the speciality point of another community, where it
/// had one left.
fn of_needs(resources: &[PoolResource], history: &History) -> Vec<PoolLoan> {
    let mut loans: Vec<PoolLoan> = Vec::new();
    for need in history.needs.iter().filter(|it| it.status == "closed") {
        let Some(resource) = resources.iter().find(|it| it.service_id == need.service_id) else { continue };
        let step = |kind| history.events.iter().find(|it| it.need_id == need.need_id && it.kind == kind);
        let (Some(began), Some(done)) = (step("in_progress"), step("done")) else { continue };
        let loan = PoolLoan {
            resource_id: resource.resource_id.clone(),
            community_id: need.community_id.clone(),
            need_id: need.need_id.clone(),
            units: 1,
            lent_at: began.at,
            returned_at: Some(done.at),
            ..PoolLoan::default()
        };
        if need.community_id != resource.community_id && fits(&loans, resource, &loan) {
            loans.push(loan);
        }
    }
    loans
}

/// Whether all loans that touch this one leave room for it: more than its instants need, and
/// simple.
fn fits(loans: &[PoolLoan], resource: &PoolResource, loan: &PoolLoan) -> bool {
    let end = |it: &PoolLoan| it.returned_at.unwrap_or(NaiveDateTime::MAX);
    let out = loans
        .iter()
        .filter(|it| it.resource_id == loan.resource_id && it.lent_at < end(loan) && loan.lent_at < end(it));
    out.map(|it| it.units).sum::<i64>() + loan.units <= resource.shareable
}
