//! Several scorers: what each says is kept per pair, weights decide what it counts, and any of them
//! may veto. Whose plugin speaks for a district is proven in `engine/pool/src/choice/tests.rs`.

use std::fs;
use std::path::Path;

use serde_json::{Value, json as value};

use crate::support::{Story, json};

/// One repair. m1 works beside a school, m2 and m3 are far off, m3 beside another school; m4 is
/// near and dear, m5 less near at half the price.
const TABLES: [(&str, &str); 6] = [
    ("district", "district_id,name\nd1,East\n"),
    ("service", "service_id,name_zh,name_en,provider_kind\nrepair,家电维修,repair,merchant\n"),
    (
        "service_point",
        "point_id,kind,specialities,lon,lat\n\
         s2,小学,,106.7010,26.5700\n\
         s3,小学,,106.7010,26.5900\n",
    ),
    (
        "merchant",
        "merchant_id,name,lon,lat,plate_status,home_visit\n\
         m1,甲铺,106.7010,26.5709,valid,true\n\
         m2,乙铺,106.7010,26.5850,valid,true\n\
         m3,丙铺,106.7010,26.5905,valid,true\n\
         m4,丁铺,106.7045,26.5700,valid,true\n\
         m5,戊铺,106.7080,26.5700,valid,true\n",
    ),
    (
        "offer",
        "offer_id,merchant_id,service_id,pay_ratio\n\
         o1,m1,repair,1\no2,m2,repair,1\no3,m3,repair,1\no4,m4,repair,1\no5,m5,repair,0.5\n",
    ),
    (
        "need",
        "need_id,district_id,service_id,window_start,window_end,duration_min,lon,lat,reach_m,status\n\
         n1,d1,repair,2024-03-05T13:00,2024-03-05T17:00,60,106.7004,26.5700,3000,open\n",
    ),
];

/// The story with a limit to walk, and these weights of exclusion-zone, merchant-offer and
/// walking-distance.
fn weighed(weights: [i64; 3]) -> (Story, Value) {
    let story = Story::of(&TABLES);
    let file = Path::new(&story.pool()).join("pool.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let [zone, offer, walk] = weights;
    config["scorers"] = value!([
        {"name": "walking-distance", "weight": walk, "settings": {"veto_beyond_m": 1000}},
        {"name": "exclusion-zone", "weight": zone},
        {"name": "merchant-offer", "weight": offer},
    ]);
    fs::write(&file, config.to_string()).unwrap();
    let report = json(&["match", &story.pool()]);
    assert_eq!(report["certified"], true, "{report}");
    (story, report)
}

fn lines(story: &Story, sql: &str) -> Vec<String> {
    story.rows(sql).iter().map(|it| it["it"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn any_scorer_may_veto_and_each_is_told_by_its_own_words() {
    // One without weight may veto as well.
    let (story, _) = weighed([0, 200, 800]);
    let vetoes = lines(
        &story,
        "SELECT concat_ws(' ', provider_id, scorer) AS it FROM candidate_score \
         WHERE veto_code IS NOT NULL ORDER BY it",
    );
    assert_eq!(
        vetoes,
        ["m1 exclusion-zone", "m2 walking-distance", "m3 exclusion-zone", "m3 walking-distance"]
    );
    let open = lines(&story, "SELECT provider_id AS it FROM candidate WHERE NOT vetoed ORDER BY it");
    assert_eq!(open, ["m4", "m5"]);
    let pair = json(&["explain", &story.pool(), "latest", "n1", "m3"]);
    assert_eq!((&pair["verdict"], &pair["score"]), (&value!("vetoed"), &Value::Null), "{pair}");
    let said = pair["sentence"]["en"].as_str().unwrap();
    assert!(said.contains("exclusion-zone: ") && said.contains("walking-distance: too far"), "{said}");
}

#[test]
fn weights_decide_and_the_parts_of_every_pair_add_up() {
    for (weights, winner) in [([0, 1, 999], "m4"), ([0, 999, 1], "m5"), ([100, 700, 200], "m5")] {
        let (story, report) = weighed(weights);
        let told: Vec<i64> =
            report["scorers"].as_array().unwrap().iter().map(|it| it["weight"].as_i64().unwrap()).collect();
        assert_eq!(told, weights, "{report}");
        assert!(report["scorers"].as_array().unwrap().iter().all(|it| it["districts"] == value!([])));
        assert_eq!(lines(&story, "SELECT provider_id AS it FROM match"), [winner]);
        for provider in ["m4", "m5"] {
            let pair = json(&["explain", &story.pool(), "latest", "n1", provider]);
            let parts = pair["parts"].as_array().unwrap();
            let millionths = |it: &Value| (it["score"].as_f64().unwrap() * 1e6).round() as i64;
            let weight = |it: &Value| it["weight"].as_i64().unwrap();
            let sum: i64 = parts.iter().map(|it| weight(it) * millionths(it)).sum();
            let total: i64 = parts.iter().map(weight).sum();
            assert_eq!((parts.len(), total), (3, weights.iter().sum()), "{pair}");
            // To the rounding of one division.
            assert!(2 * (millionths(&pair) * total - sum).abs() <= total, "{pair}");
            assert!(parts.iter().all(|it| it["raw"].is_null() && it["digest"].as_str().unwrap().len() == 64));
        }
    }
}

#[test]
fn every_match_carries_the_digests_of_those_who_scored_it() {
    let (story, report) = weighed([100, 100, 100]);
    let scored: Vec<Value> =
        report["scorers"].as_array().unwrap().iter().map(|it| it["digest"].clone()).collect();
    assert_eq!(story.rows("SELECT digests FROM match"), [value!({ "digests": scored })]);
}
