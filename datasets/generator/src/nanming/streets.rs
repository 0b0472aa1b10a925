//! The streets of 南明区 as the text spells them, and the communities it names below them.
//!
//! Two streets come in two spellings: 太慈/太慈桥 and 新华/新华路. Which is meant is not for a
//! program to settle: each spelling is a row, and waits for somebody who knows.

use crate::gazetteer::{division, named};
use crate::record::practice::PlaceRow;

use super::DISTRICT;
use super::communities::Place;

const STREETS: [(&str, &str); 9] = [
    ("nm-xingguanlu", "兴关路街道"),
    ("nm-zhongcaosi", "中曹司街道"),
    ("nm-xihulu", "西湖路街道"),
    ("nm-xinhualu", "新华路街道"),
    ("nm-huaguoyuan", "花果园街道"),
    ("nm-taici", "太慈街道"),
    ("nm-taiciqiao", "太慈桥街道"),
    ("nm-hebin", "河滨街道"),
    ("nm-xinhua", "新华街道"),
];

/// Spellings that may be one street.
const DOUBTFUL: [&str; 4] = ["nm-taici", "nm-taiciqiao", "nm-xinhua", "nm-xinhualu"];

/// The street of each named community, in the order of the communities.
const STREET_OF: [&str; 12] = [
    "nm-xingguanlu",
    "nm-zhongcaosi",
    "nm-xihulu",
    "nm-xihulu",
    "nm-xinhualu",
    "nm-huaguoyuan",
    "nm-huaguoyuan",
    "nm-taici",
    "nm-taiciqiao",
    "nm-hebin",
    "nm-hebin",
    "nm-xinhua",
];

/// From the province down to the communities that the text names.
pub(super) fn gazetteer(communities: &[Place]) -> Vec<PlaceRow> {
    let mut rows = vec![
        division("guizhou", "贵州省", "province", "", "520000"),
        division("guiyang", "贵阳市", "city", "guizhou", "520100"),
        division(DISTRICT, "南明区", "district", "guiyang", "520102"),
    ];
    rows.extend(STREETS.iter().map(|&(id, name)| PlaceRow {
        review: if DOUBTFUL.contains(&id) { "waiting" } else { "none" },
        ..named(id, name, "street", DISTRICT)
    }));
    let below = communities.iter().zip(STREET_OF);
    rows.extend(below.map(|(it, street)| named(&it.id, &it.name, "community", street)));
    rows
}
