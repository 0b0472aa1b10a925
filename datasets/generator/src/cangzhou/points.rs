//! Centres, stations, special facilities, charity shops, sub-centres and what communities are
//! known for.

use crate::draw::Draw;
use crate::place::CANGZHOU;
use crate::record::ServicePoint;
use crate::site::{Site, shares};

use super::communities::{by_district, rooms_m2, stations};
use super::services::PLATFORMS;

/// Centres and stations together, rooms of 运河区 included.
const FLOOR_M2: i64 = 58_000;
/// Elder care, health and culture together.
const SPECIAL_M2: i64 = 62_000;

/// Stations that lack some of the eight platforms, by their place among the stations.
const INCOMPLETE: [usize; 3] = [70, 95, 110];

/// How communities came to their rooms.
const ORIGINS: [(&str, usize); 6] =
    [("new", 40), ("rebuilt", 20), ("bought", 12), ("swapped", 8), ("co_built", 10), ("provided", 10)];

/// What a community is known for, in the order in which the named communities of 运河区 stand:
/// 四合 has none. One brand bears a name of a person in the text; here it is described.
const BRANDS: [(usize, &str); 5] =
    [(0, "社工服务站"), (2, "六A服务"), (3, "爱心传承基地"), (4, "五色服务"), (5, "拥军港湾")];

/// All points: centres and stations first.
pub(super) fn all(sites: &[Site]) -> Vec<ServicePoint> {
    let mut draw = Draw::new("cangzhou service_point");
    let mut points = halls(&mut draw, sites);
    points.extend(special(&mut draw, sites));
    points
        .extend(charity_sites(sites).into_iter().map(|it| beside(&mut draw, it, "charity_shop", "慈善超市")));
    let districts = by_district(sites);
    let mut fixed = |site: &Site, kind, name: &str, published: bool| {
        let mut point = beside(&mut draw, site, kind, "");
        name.clone_into(&mut point.name);
        point.provenance = if published { "published" } else { "synthetic" };
        points.push(point);
    };
    fixed(&districts[0][0], "information_centre", "12349社区服务信息中心", true);
    for county in &districts[2..] {
        fixed(&county[0], "sub_centre", "12349分中心", false);
    }
    for (row, name) in BRANDS {
        fixed(&districts[0][row], "brand", name, true);
    }
    for (row, point) in points.iter_mut().enumerate() {
        point.point_id = format!("cz-s{:03}", row + 1);
    }
    points
}

/// The communities with a charity shop: 14 of 运河区, 5 of 新华区, 7 elsewhere.
pub(super) fn charity_sites(sites: &[Site]) -> Vec<&Site> {
    let districts = by_district(sites);
    let every = |district: usize, rows: usize, step: usize| {
        districts[district].iter().step_by(step).take(rows).collect::<Vec<_>>()
    };
    [every(0, 14, 3), every(1, 5, 2)].into_iter().chain((2..9).map(|it| every(it, 1, 1))).flatten().collect()
}

/// One centre per district and the stations, with their floor areas.
fn halls(draw: &mut Draw, sites: &[Site]) -> Vec<ServicePoint> {
    let mut halls = Vec::new();
    let (mut centres, mut weights) = (Vec::new(), Vec::new());
    for (district, communities) in by_district(sites).into_iter().enumerate() {
        for site in &communities[..stations(district)] {
            let mut point = beside(draw, site, "station", "服务站");
            point.specialities = platforms(halls.len());
            point.origin = draw.weighted(&ORIGINS);
            weights.push(if district == 0 { 0 } else { draw.between(15, 60) });
            halls.push(point);
        }
        // The last community has no station of its own, except in 运河区.
        let mut centre = beside(draw, &communities[communities.len() - 1], "centre", "");
        "社区服务中心".clone_into(&mut centre.name);
        centre.specialities = platforms(0);
        centre.origin = draw.weighted(&ORIGINS);
        centres.push(centre);
    }
    let stations = halls.len();
    halls.append(&mut centres);
    weights.extend((stations..halls.len()).map(|_| draw.between(70, 130)));
    let rooms = rooms_m2();
    let others = shares(FLOOR_M2 - rooms.iter().sum::<i64>(), &weights[rooms.len()..]);
    for (point, m2) in halls.iter_mut().zip(rooms.into_iter().chain(others)) {
        point.area_m2 = Some(m2);
    }
    halls
}

/// Elder-care stations, health stations and rooms for culture.
fn special(draw: &mut Draw, sites: &[Site]) -> Vec<ServicePoint> {
    let mut points = Vec::new();
    for (kind, suffix, count, offset, services) in [
        ("elder_station", "养老服务站", 69, 0, &["elder_home_service", "day_care", "elder_company"][..]),
        ("health_station", "卫生服务站", 76, 1, &["doctor_visit", "health_record"]),
        ("culture_room", "文化活动室", 76, 2, &["culture_activity", "half_past_four_class"]),
    ] {
        for site in sites.iter().skip(offset).step_by(3).take(count) {
            let mut point = beside(draw, site, kind, suffix);
            point.specialities = services.to_vec();
            points.push(point);
        }
    }
    let weights: Vec<i64> = points.iter().map(|_| draw.between(15, 45)).collect();
    for (point, m2) in points.iter_mut().zip(shares(SPECIAL_M2, &weights)) {
        point.area_m2 = Some(m2);
    }
    points
}

/// The platforms that the station of that number has.
fn platforms(station: usize) -> Vec<&'static str> {
    let all = PLATFORMS.iter().map(|it| it.0);
    match INCOMPLETE.iter().position(|&it| it == station) {
        Some(lacks) => all.skip(lacks + 1).collect(),
        None => all.collect(),
    }
}

fn beside(draw: &mut Draw, site: &Site, kind: &'static str, suffix: &str) -> ServicePoint {
    let (lon, lat) = CANGZHOU.near(draw, site.spot, 90).cells();
    ServicePoint {
        community_id: site.id.clone(),
        name: format!("{}{suffix}", site.name),
        kind,
        lon,
        lat,
        provenance: "synthetic",
        ..ServicePoint::default()
    }
}
