//! The districts, the villages and committees that became communities, the activity rooms.

use chrono::NaiveDate;

use crate::calendar::day;
use crate::draw::Draw;
use crate::gazetteer::{division, named};
use crate::place::{Ground, HUIGU, MALU};
use crate::record::practice::{ActivityRoom, PlaceRow};
use crate::record::{Community, District};

use super::DISTRICT;

/// Identity, name, ground, metres east and north of its centre, households; published or not.
type Row = (&'static str, &'static str, Ground, i64, i64, i64, bool);

/// The six communities of 马陆, four by name, and the one where the visit groups go.
const COMMUNITIES: [Row; 7] = [
    (BAIYIN, "白银社区", MALU, 1400, 900, 4180, true),
    (YULAN, "育兰社区", MALU, 300, -200, 3260, true),
    ("ml-c03", "马陆社区", MALU, -1500, 500, 2750, true),
    (XIWANG, "希望社区", MALU, 1100, -1300, 3920, true),
    ("ml-c05", "第5社区", MALU, -700, -1500, 2410, false),
    ("ml-c06", "第6社区", MALU, -400, 1900, 1980, false),
    (HUIGU_ID, "惠谷村居民区", HUIGU, 0, 0, 1640, true),
];

pub(super) const BAIYIN: &str = "ml-c01";
pub(super) const YULAN: &str = "ml-c02";
pub(super) const XIWANG: &str = "ml-c04";
pub(super) const HUIGU_ID: &str = "jg-c01";

/// What each village and committee was merged into. None has a name in the text.
const MERGED: [(&str, &str, &str, &str); 10] = [
    ("ml-q01", "第1居委", "committee", BAIYIN),
    ("ml-q02", "第2居委", "committee", YULAN),
    ("ml-q03", "第3居委", "committee", YULAN),
    ("ml-q04", "第4居委", "committee", XIWANG),
    ("ml-q05", "第5居委", "committee", XIWANG),
    ("ml-q06", "第6居委", "committee", "ml-c05"),
    ("ml-u01", "第1村", "village", "ml-c03"),
    ("ml-u02", "第2村", "village", "ml-c03"),
    ("ml-u03", "第3村", "village", "ml-c05"),
    ("ml-u04", "第4村", "village", "ml-c06"),
];

const JINGAN: &str = "jingan";
const ZHABEI: &str = "zhabei";
const TOWN: &str = "ml-town";
const DANING: &str = "zb-daning";

/// The first day of the six communities: 白银 dates from December, the text has no day.
fn founded() -> NaiveDate {
    day(2013, 12, 1)
}

/// The last day of 闸北区: the new 静安区 began on the day after.
fn last_of_zhabei() -> NaiveDate {
    day(2015, 11, 3)
}

/// 嘉定区, and the three districts that the same page tells of.
pub(super) fn districts() -> Vec<District> {
    let district = |district_id, name, code, valid_to| District {
        district_id,
        name,
        code,
        parent_id: "shanghai",
        valid_to,
        provenance: "published",
        ..District::default()
    };
    vec![
        district(DISTRICT, "嘉定区", "310114", None),
        district(JINGAN, "静安区", "310106", None),
        district(ZHABEI, "闸北区", "310108", Some(last_of_zhabei())),
        district("changning", "长宁区", "310105", None),
    ]
}

/// The communities.
pub(super) fn communities() -> Vec<Community> {
    let community = |&(community_id, name, ground, east_m, north_m, households, published): &Row| {
        let (lon, lat) = ground.at(east_m, north_m).cells();
        let in_malu = community_id != HUIGU_ID;
        Community {
            community_id: community_id.to_owned(),
            district_id: if in_malu { DISTRICT } else { JINGAN },
            name: name.to_owned(),
            households,
            residents: households * 27 / 10,
            staff: (community_id == YULAN).then_some(6),
            lon,
            lat,
            valid_from: in_malu.then(founded),
            provenance: if published { "published" } else { "synthetic" },
            ..Community::default()
        }
    };
    COMMUNITIES.iter().map(community).collect()
}

/// Every place of the case, from the city down to the compound, each as long as it was called so.
pub(super) fn gazetteer(communities: &[Community]) -> Vec<PlaceRow> {
    let mut rows = vec![
        division("shanghai", "上海市", "province", "", "310000"),
        division(DISTRICT, "嘉定区", "district", "shanghai", "310114"),
        division(JINGAN, "静安区", "district", "shanghai", "310106"),
        PlaceRow {
            valid_to: Some(last_of_zhabei()),
            merged_into: JINGAN,
            ..division(ZHABEI, "闸北区", "district", "shanghai", "310108")
        },
        division("changning", "长宁区", "district", "shanghai", "310105"),
        PlaceRow { aliases: vec!["嘉定新城"], ..named(TOWN, "马陆镇", "town", DISTRICT) },
        named("jg-jingansi", "静安寺社区", "street", JINGAN),
        named(DANING, "大宁路街道", "street", ZHABEI),
        named("cn-xinhua", "新华街道", "street", "changning"),
        named("cn-dongzhen", "东镇居民区", "community", "cn-xinhua"),
    ];
    rows.extend(communities.iter().map(|it| PlaceRow {
        valid_from: it.valid_from,
        provenance: it.provenance,
        ..named(
            &it.community_id,
            &it.name,
            "community",
            if it.district_id == DISTRICT { TOWN } else { "jg-jingansi" },
        )
    }));
    rows.extend(MERGED.iter().map(|&(id, name, level, community)| PlaceRow {
        valid_to: founded().pred_opt(),
        merged_into: community,
        provenance: "synthetic",
        ..named(id, name, level, TOWN)
    }));
    rows.push(PlaceRow {
        aliases: vec!["临泽路188弄"], ..named("ml-jinjun", "新城金郡", "site", BAIYIN)
    });
    rows
}

/// The rooms of 大宁老年乐园. Stars are on trial from March; what earns them was not published.
pub(super) fn rooms() -> Vec<ActivityRoom> {
    let mut draw = Draw::new("malu activity_room");
    let room = |number: i64| {
        // Two were not rated yet.
        let stars = (number % 4 != 0).then(|| draw.weighted(&[(3, 3), (4, 4), (5, 1)]));
        ActivityRoom {
            room_id: format!("zb-r{number:02}"),
            place_id: DANING,
            name: format!("大宁老年乐园第{number}活动室"),
            full_time_volunteers: draw.between(1, 3),
            stars,
            rated_on: stars.map(|_| day(2014, 3, 1)),
            provenance: "synthetic",
        }
    };
    (1..=8).map(room).collect()
}
