//! The street's communities, their points, and the projects that renewed 馒头山.

use crate::calendar::{day, later};
use crate::draw::Draw;
use crate::gazetteer::{division, named};
use crate::place::{NANXING, Spot};
use crate::record::practice::PlaceRow;
use crate::record::{District, Project, ServicePoint, Volunteer};
use crate::site::Site;

use super::DISTRICT;

const COMMUNITIES: usize = 10;

/// A field in which one community helps the others.
pub(super) struct Speciality {
    /// The community, counted from 0.
    pub(super) community: usize,
    pub(super) service: &'static str,
    pub(super) skill: &'static str,
    pub(super) name: &'static str,
}

const fn speciality(
    community: usize,
    service: &'static str,
    skill: &'static str,
    name: &'static str,
) -> Speciality {
    Speciality { community, service, skill, name }
}

/// One community for each field; 馒头山 and three others have none but the centre.
pub(super) const SPECIALITIES: [Speciality; 6] = [
    speciality(1, "eco_output", "环保", "环保特色服务点"),
    speciality(2, "x_medicine", "医疗", "医疗专项服务点"),
    speciality(3, "x_nursing", "护理", "护理特色服务点"),
    speciality(4, "x_food", "助餐", "助餐特色服务点"),
    speciality(5, "child_schooling", "助学", "助学特色服务点"),
    speciality(6, "waste_sorting", "分类", "垃圾分类特色服务点"),
];

/// The works that the text lists.
const WORKS: [&str; 6] =
    ["road_widening", "illegal_building_removal", "dangerous_house", "facade", "sewage", "sunlight_sanitary"];
const PROJECTS_DONE: usize = 43;
/// Works in other communities that go on.
const PROJECTS_OPEN: usize = 5;

pub(super) fn district() -> District {
    District {
        district_id: DISTRICT,
        name: "南星街道",
        parent_id: "hangzhou",
        provenance: "published",
        ..District::default()
    }
}

/// The street and the community that the text names, and what lies above, which it does not name.
pub(super) fn gazetteer(sites: &[Site]) -> Vec<PlaceRow> {
    let above = |row| PlaceRow { provenance: "synthetic", ..row };
    let mut rows = vec![
        above(division("zhejiang", "浙江省", "province", "", "330000")),
        above(division("hangzhou", "杭州市", "city", "zhejiang", "330100")),
        named(DISTRICT, "南星街道", "street", "hangzhou"),
    ];
    let below = sites.iter().filter(|it| it.published);
    rows.extend(below.map(|it| named(&it.id, &it.name, "community", DISTRICT)));
    rows
}

/// 馒头山 and nine more.
pub(super) fn all() -> Vec<Site> {
    let mut draw = Draw::new("nanxing community");
    let mut spots: Vec<Spot> = Vec::new();
    while spots.len() < COMMUNITIES {
        let spot = NANXING.at(draw.bell(1300), draw.bell(1100));
        if spots.iter().all(|&it| NANXING.square_m2(it, spot) >= 450 * 450) {
            spots.push(spot);
        }
    }
    let site = |(row, spot): (usize, Spot)| Site {
        id: format!("nx-c{:02}", row + 1),
        district: DISTRICT,
        name: if row == 0 { "馒头山社区".to_owned() } else { format!("第{:02}社区", row + 1) },
        published: row == 0,
        spot,
        households: draw.between(1100, 2900),
    };
    spots.into_iter().enumerate().map(site).collect()
}

/// The centre with its rooms, a station in each of the others, and the speciality points, which
/// take on as much in a day as those who work there.
pub(super) fn points(sites: &[Site], volunteers: &[Volunteer]) -> Vec<ServicePoint> {
    const WINDOWS: [&str; 3] = ["greeting_hall", "all_round_desk", "discussion_workshop"];
    const ROOMS: [(&str, &[&str]); 5] = [
        ("卫生站", &["x_medicine"]),
        ("长者照护园", &["x_care", "x_nursing"]),
        ("街坊会客厅", &WINDOWS),
        ("文化礼堂", &["x_leisure"]),
        (
            "社会组织创客空间",
            &[
                "org_incubation",
                "child_schooling",
                "youth_education",
                "elder_nurture",
                "waste_sorting",
                "convenience_building",
                "volunteer_training",
            ],
        ),
    ];
    let mut draw = Draw::new("nanxing service_point");
    let mut points: Vec<ServicePoint> = Vec::new();
    let mut point = |row: usize, kind, name: &str, specialities: &[&'static str], area_m2, capacity, text| {
        let (lon, lat) = NANXING.near(&mut draw, sites[row].spot, 60).cells();
        points.push(ServicePoint {
            point_id: format!("nx-s{:02}", points.len() + 1),
            community_id: sites[row].id.clone(),
            name: name.to_owned(),
            kind,
            specialities: specialities.to_vec(),
            lon,
            lat,
            area_m2,
            origin: if kind == "neighbourhood_centre" { "rebuilt" } else { "" },
            capacity_per_day: capacity,
            provenance: if text { "published" } else { "synthetic" },
        });
    };
    point(0, "neighbourhood_centre", "馒头山邻里中心", &WINDOWS, Some(3120), None, true);
    for (name, services) in ROOMS {
        point(0, "centre_room", name, services, None, None, true);
    }
    let mut areas = Draw::new("nanxing area");
    for (row, site) in sites.iter().enumerate().skip(1) {
        // Of one station nobody wrote down how large it is.
        let area = (row != 8).then(|| areas.between(180, 620));
        point(row, "station", &format!("{}便民服务站", site.name), &WINDOWS, area, None, false);
    }
    for it in &SPECIALITIES {
        let staff = volunteers.iter().filter(|one| {
            one.community_id == sites[it.community].id
                && one.skills.contains(&it.skill)
                && one.status == "active"
        });
        let capacity = staff.map(|one| one.max_per_day).sum();
        point(it.community, "speciality", it.name, &[it.service], None, Some(capacity), false);
    }
    points
}

/// The 43 projects of 馒头山, and works elsewhere that go on.
pub(super) fn projects(sites: &[Site]) -> Vec<Project> {
    let mut draw = Draw::new("nanxing project");
    let project = |row: usize| {
        let done = row < PROJECTS_DONE;
        let started = if done { day(2011, 1, 10) } else { day(2012, 6, 1) };
        let started = later(started, draw.between(0, 90));
        let site = if done { 0 } else { 1 + row % (sites.len() - 1) };
        Project {
            project_id: format!("nx-j{:02}", row + 1),
            community_id: sites[site].id.clone(),
            kind: WORKS[row % WORKS.len()],
            status: if done { "done" } else { "in_progress" },
            started_on: Some(started),
            finished_on: done.then(|| later(started, draw.between(60, 230))),
            provenance: "synthetic",
        }
    };
    (0..PROJECTS_DONE + PROJECTS_OPEN).map(project).collect()
}
