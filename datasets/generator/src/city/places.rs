//! Districts, communities, stations and the catalogue of services.

use std::collections::BTreeSet;

use crate::record::Service;
use crate::service;

use super::plan::{Plan, beside};
use super::sheet::{Sheet, Value};

/// The names of districts begin with these and repeat with a number.
const DISTRICT_NAMES: [&str; 8] = ["东城", "西城", "南湖", "北苑", "滨江", "新港", "云山", "高桥"];

pub(super) fn district_id(district: usize) -> String {
    format!("d{:03}", district + 1)
}

pub(super) fn community_id(community: usize) -> String {
    format!("c{:06}", community + 1)
}

pub(super) fn districts(plan: &Plan, sheet: &mut Sheet) {
    for (row, district) in plan.districts.iter().enumerate() {
        let name = DISTRICT_NAMES[row % DISTRICT_NAMES.len()];
        let name = match row / DISTRICT_NAMES.len() {
            0 => format!("{name}区"),
            round => format!("{name}{}区", round + 1),
        };
        sheet.push(&[
            ("district_id", Value::Text(district_id(row))),
            ("name", Value::Text(name)),
            ("parent_id", Value::Code("city")),
            ("population", Value::Whole(district.residents as i64)),
            ("provenance", Value::Code("synthetic")),
        ]);
    }
}

pub(super) fn community(plan: &Plan, row: usize, sheet: &mut Sheet) {
    let it = &plan.communities[row];
    sheet.push(&[
        ("community_id", Value::Text(community_id(row))),
        ("district_id", Value::Text(district_id(it.district))),
        ("name", Value::Text(format!("第{:06}社区", row + 1))),
        // 3.1 people to a household, as in the communities of `365`.
        ("households", Value::Whole(it.residents as i64 * 10 / 31)),
        ("residents", Value::Whole(it.residents as i64)),
        ("lon", Value::Degree(it.spot.lon)),
        ("lat", Value::Degree(it.spot.lat)),
        ("provenance", Value::Code("synthetic")),
    ]);
}

pub(super) fn station(plan: &Plan, row: usize, sheet: &mut Sheet) {
    const SPECIALITIES: [&str; 6] =
        ["legal_advice", "health_talk", "job_guidance", "recreation", "tutoring", "counselling"];
    let mut draw = plan.draw("station", row);
    let it = &plan.communities[row];
    let spot = beside(it.spot, draw.bell(60), draw.bell(60));
    sheet.push(&[
        ("point_id", Value::Text(format!("s{:06}", row + 1))),
        ("community_id", Value::Text(community_id(row))),
        ("name", Value::Text(format!("第{:06}社区综合服务站", row + 1))),
        ("kind", Value::Code("station")),
        ("specialities", Value::List(vec![draw.pick(&SPECIALITIES)])),
        ("lon", Value::Degree(spot.lon)),
        ("lat", Value::Degree(spot.lat)),
        ("provenance", Value::Code("synthetic")),
    ]);
}

/// The services of 政和社区 and 南明区, each once.
pub(super) fn services(sheet: &mut Sheet) {
    let mut seen = BTreeSet::new();
    let all: Vec<Service> = [service::zhenghe(), service::nanming()].concat();
    for it in all.iter().filter(|it| seen.insert(it.service_id)) {
        sheet.push(&[
            ("service_id", Value::Code(it.service_id)),
            ("name_zh", Value::Code(it.name_zh)),
            ("name_en", Value::Code(it.name_en)),
            ("parent_id", Value::Code(it.parent_id)),
            ("provider_kind", Value::Code(it.provider_kind)),
            ("provenance", Value::Code("synthetic")),
        ]);
    }
}
