//! What is on record of both sides reaches scorers as counts, and ends where the plan begins.

use serde_json::{Value, json as value};

use crate::support::{Story, json};

/// A visit every Tuesday to a household of c1, which v1 stands by and where g1, a group of three
/// from c2, comes in the second week; a repair that m1, 100 m from a school, could do.
const TABLES: [(&str, &str); 12] = [
    ("district", "district_id,name\nd1,East\n"),
    ("community", "community_id,district_id,name\nc1,d1,一\nc2,d1,二\n"),
    (
        "service",
        "service_id,name_zh,name_en,provider_kind\nvisit,探访,visit,volunteer\nrepair,家电维修,repair,merchant\n",
    ),
    (
        "service_point",
        "point_id,community_id,kind,specialities,lon,lat\n\
         s1,c1,station,visit;茶艺,106.7000,26.5700\n\
         s2,c2,小学,,106.7010,26.5700\n",
    ),
    (
        "volunteer",
        "volunteer_id,community_id,skills,lon,lat,consent,status\n\
         v1,c1,走访,106.7000,26.5700,true,active\n\
         g1,c2,走访,106.7010,26.5700,true,active\n",
    ),
    ("availability", "provider_id,start,end\ng1,2024-03-05T08:00,2024-03-05T12:00\n"),
    (
        "visit_group_member",
        "member_id,group_id,role\nx1,g1,social_worker\nx2,g1,volunteer\nx3,g1,volunteer\n",
    ),
    (
        "merchant",
        "merchant_id,name,community_id,lon,lat,plate_status,home_visit\n\
         m1,修理铺,c2,106.7010,26.5709,valid,true\n\
         m2,远铺,c2,106.7010,26.5900,valid,true\n",
    ),
    ("offer", "offer_id,merchant_id,service_id,pay_ratio\no1,m1,repair,0.95\no2,m2,repair,1\n"),
    (
        "need",
        "need_id,community_id,service_id,skills,window_start,window_end,rrule,duration_min,lon,lat,reach_m,status\n\
         n1,c1,visit,走访,2024-02-27T09:00,2024-02-27T11:00,FREQ=WEEKLY;COUNT=2,60,106.7001,26.5700,3000,open\n\
         n2,c1,repair,,2024-03-05T13:00,2024-03-05T17:00,,60,106.7004,26.5700,3000,open\n",
    ),
    ("pairing", "pairing_id,need_id,volunteer_id,household_code\nk1,n1,v1,h1\n"),
    // The second visit is the one that the first plan promised; the third is still to come.
    ("activity", "activity_id,pairing_id,held_on\na1,k1,2024-02-13\na2,k1,2024-02-27\na3,k1,2024-03-05\n"),
];

const FIRST: [&str; 4] = ["--from", "2024-02-26", "--to", "2024-03-04"];
const SECOND: [&str; 4] = ["--from", "2024-03-04", "--to", "2024-03-11"];

/// A run over one week, by one scorer.
fn matching(story: &Story, week: [&str; 4], scorer: &str) -> String {
    let pool = story.pool();
    let mut arguments = vec!["match", pool.as_str(), "--scorer", scorer];
    arguments.extend(week);
    json(&arguments)["run_id"].as_str().unwrap().to_owned()
}

/// The story after its first week was published, and the run of the second.
fn second_week(scorer: &str) -> (Story, String) {
    let story = Story::of(&TABLES);
    let first = matching(&story, FIRST, "skill-fit");
    assert_eq!(json(&["publish", &story.pool(), &first])["matches"], 1, "v1 alone is there");
    let second = matching(&story, SECOND, scorer);
    (story, second)
}

/// Need, provider and this expression of each candidate of the second week.
fn candidates(scorer: &str, expression: &str) -> Vec<String> {
    let (story, run) = second_week(scorer);
    let sql = format!(
        "SELECT concat_ws(' ', need_id, provider_id, {expression}) AS it FROM candidate \
         WHERE run_id = '{run}' ORDER BY it"
    );
    story.rows(&sql).iter().map(|it| it["it"].as_str().unwrap().to_owned()).collect()
}

/// Who visits in the second week, and whether another would have been as good.
fn visitor(scorer: &str) -> Vec<Value> {
    let (story, run) = second_week(scorer);
    let sql =
        format!("SELECT provider_id, alternatives FROM match WHERE run_id = '{run}' AND need_id = 'n1'");
    story.rows(&sql)
}

#[test]
fn work_and_meetings_count_up_to_the_first_planned_day() {
    let seen = candidates("skill-fit", "recent_tasks, days_met");
    assert_eq!(seen, ["n1 g1 0 0", "n1 v1 1 2", "n2 m1 0 0", "n2 m2 0 0"]);
}

#[test]
fn a_community_has_one_account_for_what_it_gave_and_received() {
    let (story, _) = second_week("skill-fit");
    let accounts = story.rows(
        "SELECT DISTINCT need_id, community_given_min AS given, community_received_min AS received \
         FROM candidate ORDER BY given, need_id",
    );
    // Before the first week nothing had been given; then v1 gave an hour to c1, its own community.
    let row = |need: &str, minutes: i64| value!({"need_id": need, "given": minutes, "received": minutes});
    assert_eq!(accounts, [row("n1", 0), row("n1", 60), row("n2", 60)]);
}

#[test]
fn teams_and_points_are_known_of_those_who_have_them() {
    let seen = candidates("skill-fit", "speciality_point, team_members, team_social_workers");
    assert_eq!(seen, ["n1 g1 false 3 1", "n1 v1 true", "n2 m1 false", "n2 m2 false"]);
}

/// m2 is 2 km off: farther than is looked for.
#[test]
fn how_near_a_school_is_is_known_of_merchants_alone() {
    let seen = candidates("skill-fit", "exclusion_distance_m");
    assert_eq!(seen, ["n1 g1", "n1 v1", "n2 m1 100", "n2 m2"]);
}

#[test]
fn a_busy_provider_yields_to_one_who_rested() {
    assert_eq!(visitor("load-balance"), [value!({"provider_id": "g1", "alternatives": false})]);
}

#[test]
fn who_was_met_before_is_preferred_to_a_stranger() {
    assert_eq!(visitor("continuity"), [value!({"provider_id": "v1", "alternatives": false})]);
}

#[test]
fn nobody_sells_near_a_school_whatever_the_score() {
    let seen = candidates("exclusion-zone", "vetoed");
    assert_eq!(seen, ["n1 g1 false", "n1 v1 false", "n2 m1 true", "n2 m2 false"]);
}
