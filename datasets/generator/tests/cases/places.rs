//! What places are called: every row hangs on another, and spellings are not merged.

use std::collections::{BTreeMap, BTreeSet};

use linli_generator::cases;

use crate::{Row, Tables, case, committed};

fn place<'a>(tables: &'a Tables, name: &str) -> &'a Row {
    let mut those = tables["place"].iter().filter(|it| it["name"] == name);
    let row = those.next().unwrap_or_else(|| panic!("no {name}"));
    assert!(those.next().is_none(), "{name} twice");
    row
}

#[test]
fn every_place_lies_in_one_of_a_higher_level_up_to_a_province() {
    const LEVELS: [&str; 9] =
        ["province", "city", "district", "street", "town", "community", "committee", "village", "site"];
    let level = |it: &Row| LEVELS.iter().position(|level| *level == it["level"]);
    for case in cases() {
        let tables = committed(&case);
        let rows: BTreeMap<&str, &Row> =
            tables["place"].iter().map(|it| (it["place_id"].as_str(), it)).collect();
        for row in &tables["place"] {
            let far = |column: &str| rows.get(row[column].as_str()).copied();
            match far("parent_id") {
                Some(parent) => assert!(level(parent) < level(row), "{row:?}"),
                None => assert_eq!(row["level"], "province", "{row:?}"),
            }
            // A place that was merged into another ends, and the other is still there.
            assert_eq!(row["merged_into"].is_empty(), row["valid_to"].is_empty(), "{row:?}");
            let into = far("merged_into");
            assert_eq!(into.is_some(), !row["merged_into"].is_empty(), "{row:?}");
            assert!(into.is_none_or(|it| it["valid_to"].is_empty()), "{row:?}");
        }
        for (table, id) in [("district", "district_id"), ("community", "community_id")] {
            for row in tables[table].iter().filter(|it| it["provenance"] == "published") {
                let place = rows.get(row[id].as_str()).unwrap_or_else(|| panic!("no place {row:?}"));
                assert_eq!(place["name"], row["name"]);
            }
        }
    }
}

#[test]
fn spellings_that_may_be_one_street_are_two_rows_that_wait() {
    let tables = case("365");
    for pair in [["太慈街道", "太慈桥街道"], ["新华街道", "新华路街道"]] {
        for name in pair {
            let row = place(&tables, name);
            assert_eq!((row["level"].as_str(), row["review"].as_str()), ("street", "waiting"), "{name}");
            assert!(row["aliases"].is_empty() && row["merged_into"].is_empty(), "{row:?}");
        }
    }
    let waiting = tables["place"].iter().filter(|it| it["review"] != "none").count();
    assert_eq!(waiting, 4, "and no other place is in doubt");
    // Each spelling keeps the communities that the text puts there.
    for (community, street) in [
        ("凤栖社区", "太慈街道"),
        ("电建一社区", "太慈桥街道"),
        ("纪念塔社区", "新华路街道"),
        ("新华路社区", "新华街道"),
    ] {
        assert_eq!(place(&tables, community)["parent_id"], place(&tables, street)["place_id"]);
    }
}

#[test]
fn communities_lie_in_the_street_that_the_text_tells_and_else_in_their_district() {
    let tables = case("2833");
    for (community, above) in [
        ("四合社区", "水月寺街道"),
        ("永济东路社区", "道东街道"),
        ("隆华社区", "运河区"),
        ("解放西路社区", "运河区"),
    ] {
        assert_eq!(place(&tables, community)["parent_id"], place(&tables, above)["place_id"]);
    }
    let streets = tables["place"].iter().filter(|it| it["level"] == "street").count();
    assert_eq!(streets, 3, "公园街道 too, of which no community is named");
    for row in tables["community"].iter().filter(|it| it["provenance"] == "published") {
        let above = &place(&tables, &row["name"])["parent_id"];
        let above = tables["place"].iter().find(|it| it["place_id"] == *above).expect("a place");
        let district = if above["level"] == "street" { &above["parent_id"] } else { &above["place_id"] };
        assert_eq!(*district, row["district_id"], "{row:?}");
    }
}

#[test]
fn a_street_that_is_loaded_as_a_district_is_a_street_among_the_places() {
    let tables = case("nanxing");
    let street = place(&tables, "南星街道");
    assert_eq!((street["level"].as_str(), street["place_id"].as_str()), ("street", "nanxing"));
    assert_eq!(place(&tables, "馒头山社区")["parent_id"], street["place_id"]);
    // What no text names is there to lie in, and says so.
    for name in ["浙江省", "杭州市"] {
        assert_eq!(place(&tables, name)["provenance"], "synthetic", "{name}");
    }
}

#[test]
fn a_district_that_is_gone_keeps_its_dates_and_tells_where_it_went() {
    let tables = case("malu");
    let (gone, heir) = (place(&tables, "闸北区"), place(&tables, "静安区"));
    assert_eq!((gone["code"].as_str(), gone["valid_to"].as_str()), ("310108", "2015-11-03"));
    assert_eq!(gone["merged_into"], heir["place_id"]);
    let district = tables["district"].iter().find(|it| it["name"] == "闸北区").expect("a district");
    assert_eq!(district["valid_to"], gone["valid_to"]);
}

#[test]
fn four_villages_and_six_committees_became_six_communities() {
    let tables = case("malu");
    let town = &place(&tables, "马陆镇")["place_id"];
    let of = |level: &str| -> Vec<&Row> {
        tables["place"].iter().filter(|it| it["level"] == level && it["parent_id"] == *town).collect()
    };
    let (villages, committees, communities) = (of("village"), of("committee"), of("community"));
    assert_eq!([villages.len(), committees.len(), communities.len()], [4, 6, 6]);
    let heirs: BTreeSet<&str> =
        villages.iter().chain(&committees).map(|it| it["merged_into"].as_str()).collect();
    let ids: BTreeSet<&str> = communities.iter().map(|it| it["place_id"].as_str()).collect();
    assert_eq!(heirs, ids, "each community came from somewhere");
    for row in villages.iter().chain(&committees) {
        assert_eq!(row["provenance"], "synthetic", "their names were not published");
        assert!(communities.iter().all(|it| row["valid_to"] < it["valid_from"]), "{row:?}");
    }
    let named = communities.iter().filter(|it| it["provenance"] == "published").count();
    assert_eq!(named, 4);
}
