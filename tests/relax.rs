//! The cheapest change that would serve an unserved need: each is made in the tables and matched
//! again, and does what it says.

use serde_json::{Value, json as value};

use crate::support::{Story, json, text};

const VOLUNTEERS: &str = "volunteer_id,skills,lon,lat,max_per_day,max_per_week,consent,status\n";
const HOURS: &str = "provider_id,start,end,capacity\n";
const NEEDS: &str = "need_id,skills,tier,demand,window_start,window_end,duration_min,lon,lat,reach_m\n";

/// Five needs, each unserved for another reason, and one that is served.
fn story() -> Story {
    let volunteers = format!(
        "{VOLUNTEERS}\
         v1,法律,106.7000,26.57,1,,true,active\n\
         v2,走访,106.7000,26.57,3,,true,active\n\
         v3,维修,106.7200,26.57,3,,true,active\n"
    );
    let hours = format!(
        "{HOURS}\
         v2,2024-03-05T14:00,2024-03-05T16:00,1\n\
         v2,2024-03-12T09:00,2024-03-12T11:00,1\n\
         v3,2024-03-05T09:00,2024-03-05T18:00,9\n"
    );
    let needs = format!(
        "{NEEDS}\
         first,法律,3,1,2024-03-05T09:00,2024-03-05T11:00,60,106.70,26.57,500\n\
         full,法律,1,1,2024-03-05T09:00,2024-03-05T11:00,60,106.70,26.57,500\n\
         far,维修,1,1,2024-03-05T09:00,2024-03-05T11:00,60,106.70,26.57,500\n\
         unskilled,摄影,1,1,2024-03-05T14:00,2024-03-05T16:00,60,106.70,26.57,500\n\
         early,走访,1,1,2024-03-05T09:00,2024-03-05T11:00,60,106.70,26.57,500\n"
    );
    Story::of(&[("volunteer", &volunteers), ("availability", &hours), ("need", &needs)])
}

fn matching(story: &Story, more: &[&str]) -> Value {
    let pool = story.pool();
    let mut arguments = vec!["match", pool.as_str(), "--from", "2024-03-05"];
    arguments.extend(more);
    if !more.contains(&"--to") {
        arguments.extend(["--to", "2024-03-06"]);
    }
    json(&arguments)
}

fn relaxations(story: &Story, need: &str) -> Vec<Value> {
    let answer = json(&["explain", &story.pool(), "latest", need]);
    answer["relaxations"].as_array().unwrap().clone()
}

fn kinds(relaxations: &[Value]) -> Vec<&str> {
    relaxations.iter().map(|it| it["kind"].as_str().unwrap()).collect()
}

fn served(story: &Story) -> Vec<String> {
    let sql = "SELECT DISTINCT need_id FROM match WHERE run_id = \
               (SELECT run_id FROM run_log WHERE action = 'match' ORDER BY at DESC LIMIT 1) ORDER BY need_id";
    story.rows(sql).iter().map(|it| it["need_id"].as_str().unwrap().to_owned()).collect()
}

/// Makes a change in the tables and matches again: the need is served, and nobody else less.
fn assert_helps(need: &str, changes: &[(&str, &str)], more: &[&str]) {
    let story = story();
    matching(&story, &[]);
    let before = served(&story);
    assert!(!before.contains(&need.to_owned()));
    for (table, rows) in changes {
        json(&["load", &story.pool(), table, &story.file("change.csv", rows)]);
    }
    matching(&story, more);
    let after = served(&story);
    assert!(after.contains(&need.to_owned()), "{need}: {after:?}");
    assert!(before.iter().all(|it| after.contains(it)), "{before:?} {after:?}");
}

#[test]
fn each_change_made_in_the_tables_serves_the_need() {
    let story = story();
    matching(&story, &[]);
    assert_eq!(served(&story), ["first"]);

    let full = relaxations(&story, "full");
    assert_eq!(full[0]["kind"], "day_capacity", "{full:?}");
    assert_eq!(
        full[0]["changes"],
        value!([{"kind": "day_capacity", "amount": 1, "provider_id": "v1", "label": "2024-03-05"}])
    );
    assert_eq!(full[0]["en"], "v1 takes one more task, 2024-03-05");
    assert_helps(
        "full",
        &[("volunteer", &format!("{VOLUNTEERS}v1,法律,106.70,26.57,2,,true,active\n"))],
        &[],
    );

    let far = relaxations(&story, "far");
    assert_eq!(far[0]["kind"], "reach", "{far:?}");
    let more = far[0]["changes"][0]["amount"].as_i64().unwrap();
    assert!(more % 100 == 0 && (1_400..=1_600).contains(&more), "{far:?}");
    let reach = |metres: i64| {
        format!("{NEEDS}far,维修,1,1,2024-03-05T09:00,2024-03-05T11:00,60,106.70,26.57,{}\n", 500 + metres)
    };
    assert_helps("far", &[("need", &reach(more))], &[]);

    let unskilled = relaxations(&story, "unskilled");
    let skill = unskilled.iter().find(|it| it["kind"] == "skill").unwrap();
    assert_eq!((&skill["provider_id"], &skill["changes"][0]["label"]), (&value!("v2"), &value!("摄影")));
    assert_helps(
        "unskilled",
        &[("volunteer", &format!("{VOLUNTEERS}v2,走访;摄影,106.70,26.57,3,,true,active\n"))],
        &[],
    );

    let early = relaxations(&story, "early");
    assert_eq!(kinds(&early), ["next_week", "slot"], "{early:?}");
    assert_eq!(early[0]["slot_id"], "v2@20240312T0900+120");
    let later = format!("{NEEDS}early,走访,1,1,2024-03-12T09:00,2024-03-12T11:00,60,106.70,26.57,500\n");
    assert_helps("early", &[("need", &later)], &["--to", "2024-03-13"]);
    assert_eq!(early[1]["changes"][0]["label"], "2024-03-05 09:00–11:00");
    assert_helps(
        "early",
        &[("availability", &format!("{HOURS}v2,2024-03-05T09:00,2024-03-05T11:00,1\n"))],
        &[],
    );
    assert!(relaxations(&story, "first").is_empty(), "what is served needs no change");
}

#[test]
fn where_no_single_change_does_two_are_named() {
    let volunteers = format!("{VOLUNTEERS}v1,走访,106.7000,26.57,1,,true,active\n");
    let needs = format!(
        "{NEEDS}\
         first,走访,3,1,2024-03-05T09:00,2024-03-05T11:00,60,106.70,26.57,500\n\
         second,摄影,1,1,2024-03-05T09:00,2024-03-05T11:00,60,106.70,26.57,500\n"
    );
    let hours = format!("{HOURS}v1,2024-03-05T09:00,2024-03-05T11:00,5\n");
    let story = Story::of(&[("volunteer", &volunteers), ("availability", &hours), ("need", &needs)]);
    matching(&story, &[]);
    let found = relaxations(&story, "second");
    assert_eq!(kinds(&found), ["skill+day_capacity"], "{found:?}");
    assert_eq!(
        found[0]["en"], "v1 acquires the skill 摄影 and v1 takes one more task, 2024-03-05",
        "{found:?}"
    );
    let changed = format!("{VOLUNTEERS}v1,走访;摄影,106.7000,26.57,2,,true,active\n");
    json(&["load", &story.pool(), "volunteer", &story.file("change.csv", changed)]);
    matching(&story, &[]);
    assert_eq!(served(&story), ["first", "second"]);
}

#[test]
fn who_would_lose_is_named_and_is_never_more_urgent() {
    // Who learns the skill is busy with somebody less urgent, and that one has nobody else.
    let volunteers = format!("{VOLUNTEERS}v1,走访,106.7000,26.57,1,,true,active\n");
    let needs = |tier: u8| {
        format!(
            "{NEEDS}\
             visit,走访,{tier},1,2024-03-05T09:00,2024-03-05T11:00,60,106.70,26.57,500\n\
             photo,摄影,2,1,2024-03-05T09:00,2024-03-05T11:00,60,106.70,26.57,500\n"
        )
    };
    let hours = format!("{HOURS}v1,2024-03-05T09:00,2024-03-05T11:00,1\n");
    let story = Story::of(&[("volunteer", &volunteers), ("availability", &hours), ("need", &needs(1))]);
    matching(&story, &[]);
    let found = relaxations(&story, "photo");
    assert_eq!(kinds(&found), ["skill"], "{found:?}");
    assert_eq!(
        found[0]["displaced"],
        value!([{"need_id": "visit", "occurrence_start": "2024-03-05T09:00:00+08:00", "tier": 1, "units": 1}])
    );
    assert!(found[0]["zh"].as_str().unwrap().contains("届时减少满足：visit（1 级）"), "{found:?}");
    json(&["load", &story.pool(), "need", &story.file("change.csv", needs(3))]);
    matching(&story, &[]);
    assert!(!kinds(&relaxations(&story, "photo")).contains(&"skill"));
}

#[test]
fn people_read_what_would_help() {
    let story = story();
    matching(&story, &[]);
    let said = text(&["explain", &story.pool(), "latest", "full"]);
    assert!(said.contains("it would be served if v1 takes one more task, 2024-03-05"), "{said}");
    assert!(said.contains("v1 在 2024-03-05 多接一项"), "{said}");
}

#[test]
fn what_every_other_candidate_would_have_cost_is_a_row() {
    let volunteers = format!(
        "{VOLUNTEERS}v1,走访,106.7000,26.57,1,,true,active\n\
         v2,走访,106.7010,26.57,1,,true,active\n\
         v3,走访,106.7035,26.57,1,,true,active\n"
    );
    let hours = format!(
        "{HOURS}v1,2024-03-05T09:00,2024-03-05T11:00,1\n\
         v2,2024-03-05T09:00,2024-03-05T11:00,1\n\
         v3,2024-03-05T09:00,2024-03-05T11:00,1\n"
    );
    let needs = format!(
        "{NEEDS}near,走访,3,1,2024-03-05T09:00,2024-03-05T11:00,60,106.70,26.57,500\n\
         far,走访,1,1,2024-03-05T09:00,2024-03-05T11:00,60,106.7020,26.57,500\n"
    );
    let story = Story::of(&[("volunteer", &volunteers), ("availability", &hours), ("need", &needs)]);
    matching(&story, &["--scorer", "walking-distance"]);
    let rows = story.rows("SELECT need_id, provider_id, regret, score_to_enter FROM regret ORDER BY 1, 2");
    assert_eq!(rows.len(), 4, "six candidates, two of them chosen: {rows:?}");
    for row in &rows {
        let told = |column: &str| row[column].as_str().unwrap().to_owned();
        let told = json(&["explain", &story.pool(), "latest", &told("need_id"), &told("provider_id")]);
        assert_eq!(told["verdict"], "beaten", "{told}");
        assert_eq!(row["regret"], told["regret"], "{told}");
        assert_eq!(row["score_to_enter"], told["score_to_enter"], "{told}");
        assert!(row["regret"].as_i64().unwrap() > 0);
    }
}
