//! The districts and their communities.
//!
//! Two districts stand in the text. The counties and towns that have a sub-centre are eleven and
//! have no names there: they are numbered here.

use crate::draw::Draw;
use crate::gazetteer::{division, named};
use crate::place::{CANGZHOU, Spot};
use crate::record::District;
use crate::record::practice::PlaceRow;
use crate::site::{Site, shares};

use super::YUNHE;

pub(super) const XINHUA: &str = "cz-xinhua";

/// Floor area of the community rooms of 运河区, in square metres.
const ROOMS_M2: i64 = 19_000;

/// District, name, code, communities, and where its middle lies, in metres east and north.
type Part = (&'static str, &'static str, &'static str, usize, (i64, i64));

/// 51 + 25 + 155 = 231 communities.
const PARTS: [Part; 13] = [
    (YUNHE, "运河区", "130903", 51, (0, 0)),
    (XINHUA, "新华区", "130902", 25, (4200, 1800)),
    ("cz-county01", "第01县(市)", "", 15, (9000, -12_000)),
    ("cz-county02", "第02县(市)", "", 14, (-22_000, -24_000)),
    ("cz-county03", "第03县(市)", "", 14, (-64_000, 48_000)),
    ("cz-county04", "第04县(市)", "", 14, (44_000, 8000)),
    ("cz-county05", "第05县(市)", "", 14, (-66_000, 15_000)),
    ("cz-county06", "第06县(市)", "", 14, (-3000, 31_000)),
    ("cz-county07", "第07县(市)", "", 14, (-28_000, -46_000)),
    ("cz-county08", "第08县(市)", "", 14, (57_000, -27_000)),
    ("cz-county09", "第09县(市)", "", 14, (34_000, -29_000)),
    ("cz-county10", "第10县(市)", "", 14, (-90_000, 13_000)),
    ("cz-county11", "第11县(市)", "", 14, (-13_000, -33_000)),
];

/// The communities that the text names, those of 运河区 and that of 新华区. For 南新村, 北环桥,
/// 朝阳南 and 解放西路 the district is not repeated: they stand in the list that begins with
/// 运河区隆华社区.
const NAMED: [&[&str]; 2] =
    [&["隆华社区", "四合社区", "南新村社区", "北环桥社区", "朝阳南社区", "解放西路社区"], &["永济东路社区"]];

/// The streets that the text names: identity, name, district.
const STREETS: [(&str, &str, &str); 3] = [
    ("cz-gongyuan", "公园街道", YUNHE),
    ("cz-shuiyuesi", "水月寺街道", YUNHE),
    ("cz-daodong", "道东街道", XINHUA),
];

/// The street of a community, where the text tells it.
const STREET_OF: [(&str, &str); 2] = [("四合社区", "cz-shuiyuesi"), ("永济东路社区", "cz-daodong")];

/// How many communities of a district have a station, from its first: 51 + 15 + 54 = 120.
pub(super) const fn stations(district: usize) -> usize {
    match district {
        0 => 51,
        1 => 15,
        2..12 => 5,
        _ => 4,
    }
}

pub(super) fn districts() -> Vec<District> {
    let district = |&(district_id, name, code, ..): &Part| District {
        district_id,
        name,
        code,
        parent_id: "cangzhou",
        provenance: if code.is_empty() { "synthetic" } else { "published" },
        ..District::default()
    };
    PARTS.iter().map(district).collect()
}

/// From the province down to the communities that the text names. It does not name the province.
pub(super) fn gazetteer(sites: &[Site]) -> Vec<PlaceRow> {
    let mut rows = vec![
        PlaceRow { provenance: "synthetic", ..division("hebei", "河北省", "province", "", "130000") },
        division("cangzhou", "沧州市", "city", "hebei", "130900"),
    ];
    let coded = PARTS.iter().filter(|it| !it.2.is_empty());
    rows.extend(coded.map(|&(id, name, code, ..)| division(id, name, "district", "cangzhou", code)));
    rows.extend(STREETS.iter().map(|&(id, name, district)| named(id, name, "street", district)));
    let street = |site: &Site| STREET_OF.iter().find(|it| it.0 == site.name).map(|it| it.1);
    let below = sites.iter().filter(|it| it.published);
    rows.extend(below.map(|it| named(&it.id, &it.name, "community", street(it).unwrap_or(it.district))));
    rows
}

/// The communities of a district, in the order of [`PARTS`].
pub(super) fn by_district(sites: &[Site]) -> Vec<&[Site]> {
    sites.chunk_by(|a, b| a.district == b.district).collect()
}

/// All communities, district by district.
pub(super) fn all() -> Vec<Site> {
    let mut draw = Draw::new("cangzhou community");
    let rooms = rooms_m2();
    let mut sites: Vec<Site> = Vec::new();
    for (part, &(district, _, _, communities, (east_m, north_m))) in PARTS.iter().enumerate() {
        let middle = CANGZHOU.at(east_m, north_m);
        let mut spots: Vec<Spot> = Vec::new();
        while spots.len() < communities {
            let spot = CANGZHOU.near(&mut draw, middle, 2400);
            if spots.iter().all(|&it| CANGZHOU.square_m2(it, spot) >= 350 * 350) {
                spots.push(spot);
            }
        }
        for (row, spot) in spots.into_iter().enumerate() {
            let named = NAMED.get(part).and_then(|it| it.get(row));
            let number = sites.len() + 1;
            // Every community of 运河区 keeps the norm: at most five households to a square metre.
            let households = match rooms.get(row) {
                Some(m2) if part == 0 => m2 * 5 * draw.between(62, 98) / 100,
                _ => draw.between(700, 2600),
            };
            sites.push(Site {
                id: format!("cz-c{number:03}"),
                district,
                name: named.map_or_else(|| format!("第{number:03}社区"), |it| (*it).to_owned()),
                published: named.is_some(),
                spot,
                households,
            });
        }
    }
    sites
}

/// The rooms of the 51 communities of 运河区: ten above 1000 m², eleven above 600 m², counted as
/// the words stand, so that the eleven hold the ten.
pub(super) fn rooms_m2() -> Vec<i64> {
    let mut draw = Draw::new("cangzhou rooms");
    let mut rooms: Vec<i64> = (0..10).map(|_| draw.between(1010, 1090)).collect();
    rooms.push(draw.between(640, 760));
    let small: Vec<i64> = (rooms.len()..51).map(|_| draw.between(70, 130)).collect();
    rooms.extend(shares(ROOMS_M2 - rooms.iter().sum::<i64>(), &small));
    draw.shuffle(&mut rooms);
    rooms
}
