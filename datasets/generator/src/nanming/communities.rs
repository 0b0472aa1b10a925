//! The district, its communities and their service points.

use crate::draw::Draw;
use crate::place::{NANMING, Spot};
use crate::record::{Community, Degree, District, ServicePoint};

use super::DISTRICT;

/// The communities that the text names. Their streets stand in `streets`.
const NAMED: [&str; 12] = [
    "送变电社区",
    "四喜巷社区",
    "南明堂社区",
    "东笙巷社区",
    "纪念塔社区",
    "后坝社区",
    "沙坡社区",
    "凤栖社区",
    "电建一社区",
    "金地社区",
    "次南门社区",
    "新华路社区",
];

/// As many as the text counts service points: the case gives each community one.
const COMMUNITIES: usize = 187;
const POPULATION: i64 = 800_000;

/// Where 南明堂社区 stands in [`all`], counted from 0.
pub(crate) const NANMINGTANG: usize = 2;
/// Where 后坝社区 stands.
pub(crate) const HOUBA: usize = 5;
/// From here on communities lie in the outskirts, far from each other.
pub(crate) const OUTSKIRTS: usize = 171;

/// What other tables need to know of a community.
pub(crate) struct Place {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) spot: Spot,
    pub(crate) residents: i64,
}

pub(crate) fn district() -> District {
    District {
        district_id: DISTRICT,
        name: "南明区",
        code: "520102",
        parent_id: "guiyang",
        area_km2: "209.34",
        population: Some(POPULATION),
        provenance: "published",
        ..District::default()
    }
}

/// All communities: the named ones, those of the inner city, those of the outskirts.
pub(crate) fn all() -> Vec<Community> {
    let spots = spots();
    let residents = residents();
    let community = |row: usize| {
        let (lon, lat) = spots[row].cells();
        let published = row < NAMED.len();
        Community {
            community_id: format!("nm-c{:03}", row + 1),
            district_id: DISTRICT,
            name: if published { NAMED[row].to_owned() } else { format!("第{:03}社区", row + 1) },
            households: residents[row] * 10 / 31,
            residents: residents[row],
            staff: None,
            lon,
            lat,
            provenance: if published { "published" } else { "synthetic" },
            ..Community::default()
        }
    };
    (0..COMMUNITIES).map(community).collect()
}

pub(crate) fn places(communities: &[Community]) -> Vec<Place> {
    communities
        .iter()
        .map(|it| {
            let (Degree(lon), Degree(lat)) = (it.lon, it.lat);
            Place {
                id: it.community_id.clone(),
                name: it.name.clone(),
                spot: Spot { lon, lat },
                residents: it.residents,
            }
        })
        .collect()
}

/// One service point for each community.
pub(crate) fn service_points(places: &[Place]) -> Vec<ServicePoint> {
    const SPECIALITIES: [&str; 6] =
        ["legal_advice", "health_talk", "job_guidance", "recreation", "tutoring", "counselling"];
    let mut draw = Draw::new("nanming service_point");
    let point = |(row, place): (usize, &Place)| {
        let (lon, lat) = NANMING.near(&mut draw, place.spot, 60).cells();
        ServicePoint {
            point_id: format!("nm-s{:03}", row + 1),
            community_id: place.id.clone(),
            name: format!("{}便民利民综合服务站", place.name),
            kind: "station",
            specialities: vec![draw.pick(&SPECIALITIES)],
            lon,
            lat,
            provenance: "synthetic",
            ..ServicePoint::default()
        }
    };
    places.iter().enumerate().map(point).collect()
}

/// Dense in the inner city, sparse to the east; never closer than a stone's throw.
fn spots() -> Vec<Spot> {
    let mut draw = Draw::new("nanming community");
    let mut spots: Vec<Spot> = Vec::new();
    while spots.len() < COMMUNITIES {
        let (east_m, north_m, apart_m) = match spots.len() {
            0..130 => (draw.bell(3000), draw.bell(2400), 320),
            130..OUTSKIRTS => (draw.bell(5200), draw.bell(4200), 600),
            _ => (draw.between(7000, 15_000), draw.bell(4500), 1800),
        };
        let spot = NANMING.at(east_m, north_m);
        if spots.iter().all(|&it| NANMING.square_m2(it, spot) >= apart_m * apart_m) {
            spots.push(spot);
        }
    }
    spots
}

/// Residents of each community; together the published population.
fn residents() -> Vec<i64> {
    let mut draw = Draw::new("nanming residents");
    let weights: Vec<i64> = (0..COMMUNITIES)
        .map(|row| if row < OUTSKIRTS { draw.between(40, 160) } else { draw.between(15, 40) })
        .collect();
    let total: i64 = weights.iter().sum();
    let mut residents: Vec<i64> = weights.iter().map(|it| it * POPULATION / total).collect();
    // What rounding left over goes to the first ones.
    let rest = POPULATION - residents.iter().sum::<i64>();
    for row in residents.iter_mut().take(rest as usize) {
        *row += 1;
    }
    residents
}
