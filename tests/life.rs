//! How a plugin takes the place of another: with evidence, step by step, and back again.

use std::fs;

use serde_json::{Value, json as value};

use crate::support::{Story, json, linli, refused, root, text};

const NEGLECTS: &str = "plugins/dist/hostile/neglects-disabled.wasm";
const REFUSES: &str = "plugins/dist/hostile/refuses-disabled.wasm";
const LOCAL: &str = "plugins/dist/local-first.wasm";

/// Two districts. Every need has a volunteer of its own community and one from elsewhere, at the same
/// hours: who helps whom is opinion, that everybody is helped is not.
fn story() -> Story {
    let mut volunteers =
        String::from("volunteer_id,district_id,community_id,skills,lon,lat,max_per_day,consent,status\n");
    let mut needs = String::from(
        "need_id,district_id,community_id,service_id,skills,tier,demand,group,window_start,window_end,\
         duration_min,lon,lat,status\n",
    );
    let communities =
        "community_id,district_id,name,lon,lat\nc1,d1,One,106.70,26.57\nc2,d2,Two,106.71,26.57\n";
    for number in 0..48 {
        let place = 1 + number % 2;
        let group = if number % 8 < 2 { "disabled" } else { ["elderly", "minor", ""][number % 3] };
        let tier = number / 2 % 4;
        // A skill of their own ties each need to two volunteers: a neighbour and a stranger.
        volunteers.push_str(&format!(
            "a{number:02},d{place},c{place},技能{number},106.7{place},26.57,1,true,active\n\
             b{number:02},d{other},c{other},技能{number},106.7{place},26.57,1,true,active\n",
            other = 3 - place,
        ));
        needs.push_str(&format!(
            "n{number:02},d{place},c{place},visit,技能{number},{tier},1,{group},2024-03-05T09:00,\
             2024-03-05T11:00,60,106.7{place},26.57,open\n"
        ));
    }
    Story::of(&[
        ("district", "district_id,name\nd1,East\nd2,West\n"),
        ("community", communities),
        ("service", "service_id,name_zh,name_en,provider_kind\nvisit,探访,visit,volunteer\n"),
        ("volunteer", &volunteers),
        ("need", &needs),
    ])
}

fn matched(story: &Story) -> Value {
    json(&["match", &story.pool(), "--scorer", "local-first"])
}

/// The reference plugin with a section nobody reads: another digest, the same opinion.
fn twin(story: &Story) -> String {
    let mut bytes = fs::read(root().join(LOCAL)).unwrap();
    bytes.extend([0, 5, 4, b't', b'w', b'i', b'n']);
    story.file("twin.wasm", bytes)
}

fn effect<'a>(report: &'a Value, dimension: &str, value: &str) -> &'a Value {
    let effects = report["effects"].as_array().unwrap();
    effects.iter().find(|it| it["dimension"] == dimension && it["value"] == value).unwrap()
}

fn local_first(story: &Story) -> Value {
    let list = json(&["plugin", "list", &story.pool()]);
    list["plugins"].as_array().unwrap().iter().find(|it| it["name"] == "local-first").unwrap().clone()
}

fn actions(story: &Story) -> Vec<String> {
    let rows = story.rows("SELECT action FROM plugin_event ORDER BY event_id");
    rows.iter().map(|it| it["action"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn who_is_worse_only_for_the_disabled_is_stopped() {
    let story = story();
    let run = matched(&story);
    assert_eq!(run["matched"], 48, "{run}");
    let report = json(&["plugin", "replay", &story.pool(), "local-first", NEGLECTS, "--seed", "7"]);
    assert_eq!((&report["verdict"], &report["stops"]), (&value!("worse_for"), &value!(true)), "{report}");
    let named: Vec<&str> =
        report["worse_for"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert!(named.contains(&"group:disabled"), "{named:?}");
    for group in ["elderly", "minor", ""] {
        assert!(!named.contains(&format!("group:{group}").as_str()), "{named:?}");
        let it = effect(&report, "group", group);
        assert_eq!(
            (&it["verdict"], &it["losers"], &it["gainers"]),
            (&value!("same"), &value!(0), &value!(0))
        );
    }
    // Twelve needs, all helped as before, by strangers: only the incumbent's eyes see it.
    let it = effect(&report, "group", "disabled");
    assert_eq!((&it["needs"], &it["losers"], &it["measure"]), (&value!(12), &value!(12), &value!("score")));
    assert_eq!((&it["served_before"], &it["served_after"]), (&value!(12), &value!(12)));
    assert!((it["score"]["mean"].as_f64().unwrap() + 0.6).abs() < 1e-6, "{it}");
    assert!(it["score"]["hi"].as_f64().unwrap() < 0.0, "{it}");

    let total = &report["total"];
    assert_eq!(
        (&total["pairs_before"], &total["pairs_kept"], &total["needs_lost"]),
        (&value!(48), &value!(36), &value!(0))
    );
    let cost = |key: &str| {
        total["objective"][key]
            .as_str()
            .map_or_else(|| total["objective"][key].as_i64().unwrap(), |it| it.parse().unwrap())
    };
    // Each plan is the best by its own rule.
    assert_eq!(cost("before_by_incumbent"), 0);
    assert_eq!(cost("after_by_incumbent"), 12 * 600_000);
    assert!(cost("before_by_challenger") > cost("after_by_challenger"));
    assert_eq!(report["runs"][0]["as_stored"], true);
    assert_eq!(report["runs"][0]["run_id"], run["run_id"]);
    // The most urgent first, and nothing but ids of them.
    let cases = report["cases"].as_array().unwrap();
    let tiers: Vec<i64> = cases.iter().map(|it| it["tier"].as_i64().unwrap()).collect();
    assert!(cases.len() == 12 && tiers.is_sorted_by(|a, b| a >= b), "{tiers:?}");

    // It may not go on, and says why in both languages.
    let (exit, error) = refused(&["plugin", "canary", &story.pool(), "local-first", "--district", "d1"]);
    assert_eq!((exit, error["code"].as_str().unwrap()), (8, "stopped-by-replay"), "{error}");
    assert!(error["message"].as_str().unwrap().contains("group:disabled"), "{error}");
    assert!(!error["message_zh"].as_str().unwrap().is_ascii(), "{error}");
    let (exit, error) = refused(&["plugin", "promote", &story.pool(), "local-first"]);
    assert_eq!((exit, error["code"].as_str().unwrap()), (8, "stopped-by-replay"), "{error}");
    assert_eq!(actions(&story), ["replay"]);
}

#[test]
fn a_replay_is_the_same_again_and_can_be_asked_in_sql() {
    let story = story();
    matched(&story);
    let pool = story.pool();
    let first = text(&["plugin", "replay", &pool, "local-first", REFUSES, "--json"]);
    let snapshots = json(&["history", &pool])["snapshots"].as_array().unwrap().len();
    assert_eq!(first, text(&["plugin", "replay", &pool, "local-first", REFUSES, "--json"]));
    assert_eq!(json(&["history", &pool])["snapshots"].as_array().unwrap().len(), snapshots);
    let report: Value = serde_json::from_str(&first).unwrap();
    // By digest it is the same challenger, and by run the same run.
    let digest = report["challenger"].as_str().unwrap();
    let by = ["plugin", "replay", &pool, "local-first", &digest[..12], "--run", "latest", "--json"];
    assert_eq!(text(&by), first);
    assert_eq!((&report["total"]["needs_lost"], &report["total"]["units_lost"]), (&value!(12), &value!(12)));
    let asked = story.rows(
        "SELECT r.verdict, e.value, e.served_before, e.served_after FROM replay r \
         JOIN replay_effect e ON e.replay_id = r.replay_id \
         WHERE e.dimension = 'group' AND e.verdict = 'worse'",
    );
    let expected =
        value!({"verdict": "worse_for", "value": "disabled", "served_before": 12, "served_after": 0});
    assert_eq!(asked, [expected]);
    assert_eq!(story.rows("SELECT count(*) AS n FROM replay_case"), [value!({"n": 12})]);
    let prose = text(&["plugin", "replay", &pool, "local-first", REFUSES]);
    assert!(prose.contains("WORSE FOR SOME") && prose.contains("受损群体"), "{prose}");
    let other = json(&["plugin", "replay", &pool, "local-first", REFUSES, "--seed", "1"]);
    assert_ne!(other["replay_id"], report["replay_id"]);
}

#[test]
fn bad_challengers_are_refused_and_change_nothing() {
    let story = story();
    let pool = story.pool();
    let replay = |name: &'static str, file: &str| {
        let (exit, error) = refused(&["plugin", "replay", &pool, name, file]);
        assert!(!error["message_zh"].as_str().unwrap().is_ascii(), "{error}");
        (exit, error["code"].as_str().unwrap().to_owned())
    };
    assert_eq!(replay("local-first", NEGLECTS), (3, "no-past-run".to_owned()));
    matched(&story);
    let before = json(&["history", &pool])["snapshots"].as_array().unwrap().len();
    let no_wasm = story.file("no.wasm", "this is no component");
    let coded = |exit: i32, code: &str| (exit, code.to_owned());
    assert_eq!(replay("local-first", "plugins/dist/skill-fit.wasm"), coded(2, "other-plugin"));
    assert_eq!(replay("local-first", &no_wasm), coded(5, "not-wasm"));
    assert_eq!(replay("local-first", "nothing.wasm"), coded(3, "unknown-file"));
    assert_eq!(replay("local-first", "0123456789ab"), coded(3, "unknown-component"));
    assert_eq!(replay("topsis", NEGLECTS), coded(2, "wrong-plugin"));
    assert_eq!(replay("nobody", NEGLECTS), coded(3, "unknown-plugin"));
    let run = json(&["match", &pool, "--scorer", "skill-fit"])["run_id"].as_str().unwrap().to_owned();
    let (exit, error) = refused(&["plugin", "replay", &pool, "local-first", NEGLECTS, "--run", &run]);
    assert_eq!((exit, error["code"].as_str().unwrap()), (2, "unused-scorer"));
    let (exit, error) = refused(&["plugin", "shadow", &pool, "local-first", LOCAL]);
    assert_eq!((exit, error["code"].as_str().unwrap()), (2, "same-plugin"));
    let (exit, error) = refused(&["plugin", "promote", &pool, "local-first"]);
    assert_eq!((exit, error["code"].as_str().unwrap()), (3, "no-challenger"));
    let (exit, error) = refused(&["plugin", "rollback", &pool, "local-first"]);
    assert_eq!((exit, error["code"].as_str().unwrap()), (8, "nothing-before"));
    // One snapshot for the match in between and one for its reasons.
    assert_eq!(json(&["history", &pool])["snapshots"].as_array().unwrap().len(), before + 2);
    assert!(actions(&story).is_empty());
}

#[test]
fn a_shadow_says_what_it_would_have_said_and_changes_nothing() {
    let (with, without) = (story(), story());
    json(&["plugin", "shadow", &with.pool(), "local-first", NEGLECTS]);
    let (mut run, mut same) = (matched(&with), matched(&without));
    // Only the number of the snapshot tells that something was noted in between.
    for it in [&mut run, &mut same] {
        it.as_object_mut().unwrap().remove("snapshot");
    }
    assert_eq!(run, same, "the same run, the same report");
    let sql = "SELECT need_id, provider_id, slot_id, cost, score FROM match ORDER BY need_id, provider_id";
    assert_eq!(with.rows(sql), without.rows(sql));
    let sql = "SELECT scorer, digest, score FROM candidate_score ORDER BY need_id, provider_id";
    assert_eq!(with.rows(sql), without.rows(sql));
    assert_eq!(json(&["verify", &with.pool(), "latest"])["verified"], true);
    let said = with.rows(
        "SELECT name, candidates, ordered, agreed, firsts, same_first, pairs_kept, needs_lost, fault_en \
         FROM shadow_run",
    );
    let expected = value!({
        "name": "local-first", "candidates": 96, "ordered": 48, "agreed": 36, "firsts": 48,
        "same_first": 36, "pairs_kept": 36, "needs_lost": 0, "fault_en": null,
    });
    assert_eq!(said, [expected]);
    assert!(without.rows("SELECT * FROM shadow_run").is_empty());
    let listed = local_first(&with);
    assert_eq!(
        (&listed["stage"], &listed["challengers"][0]["stage"]),
        (&value!("shadow"), &value!("shadow"))
    );
    assert_ne!(listed["challengers"][0]["digest"], listed["digest"]);
    let back = json(&["plugin", "rollback", &with.pool(), "local-first"]);
    assert_eq!(back["ended"], value!([listed["challengers"][0]["digest"]]));
    assert_eq!(local_first(&with)["stage"], "incumbent");
    assert_eq!(actions(&with), ["shadow", "rollback"]);
}

#[test]
fn a_challenger_is_promoted_with_evidence_and_rolled_back_in_one_command() {
    let story = story();
    let (pool, twin) = (story.pool(), twin(&story));
    let run = matched(&story);
    let before = local_first(&story)["digest"].clone();
    json(&["plugin", "shadow", &pool, "local-first", &twin]);
    let (exit, error) = refused(&["plugin", "canary", &pool, "local-first", "--district", "d1"]);
    assert_eq!((exit, error["code"].as_str().unwrap()), (8, "no-evidence"), "{error}");
    let replay = json(&["plugin", "replay", &pool, "local-first", &twin]);
    assert_eq!((&replay["verdict"], &replay["total"]["pairs_kept"]), (&value!("no_worse"), &value!(48)));
    let (exit, error) = refused(&["plugin", "canary", &pool, "local-first", "--district", "d7"]);
    assert_eq!((exit, error["code"].as_str().unwrap()), (3, "unknown-district"), "{error}");
    let bad = ["plugin", "canary", &pool, "local-first", "--district", "d1", "--guard", "served=-1"];
    assert_eq!(refused(&bad).1["code"], "bad-guard");
    let canary = json(&[
        "plugin",
        "canary",
        &pool,
        "local-first",
        "--district",
        "d1",
        "--guard",
        "served_share=-0.02",
    ]);
    assert_eq!(canary["evidence"], replay["replay_id"]);
    assert_eq!(canary["guards"], value!([{"measure": "served_share", "least": -0.02}]));
    let rows = story.rows("SELECT name, district_id, digest, stage FROM plugin_choice ORDER BY stage");
    let digest = &canary["digest"];
    assert_eq!(
        rows,
        [
            value!({"name": "local-first", "district_id": "d1", "digest": digest, "stage": "canary"}),
            value!({"name": "local-first", "district_id": null, "digest": digest, "stage": "shadow"}),
        ]
    );
    assert_eq!(local_first(&story)["stage"], "canary");

    let promoted = json(&["plugin", "promote", &pool, "local-first"]);
    assert_eq!((&promoted["digest"], &promoted["replaced"]), (digest, &before));
    let now = local_first(&story);
    assert_eq!((&now["digest"], &now["stage"]), (digest, &value!("incumbent")));
    let again = matched(&story);
    assert_ne!(again["run_id"], run["run_id"], "another digest, another run");
    assert_eq!(again["scorers"][0]["digest"], *digest);
    // What was decided with the plugin of its day can still be derived with it.
    assert_eq!(json(&["verify", &pool, run["run_id"].as_str().unwrap()])["verified"], true);

    let back = json(&["plugin", "rollback", &pool, "local-first"]);
    assert_eq!((&back["digest"], &back["replaced"]), (&before, digest));
    assert_eq!(matched(&story)["run_id"], run["run_id"]);
    assert_eq!(actions(&story), ["shadow", "replay", "canary", "promote", "rollback"]);
    let (exit, error) = refused(&["plugin", "rollback", &pool, "local-first"]);
    assert_eq!((exit, error["code"].as_str().unwrap()), (8, "nothing-before"), "{error}");
    let events = story.rows("SELECT actor, text_en, text_zh, evidence FROM plugin_event ORDER BY event_id");
    for it in &events {
        assert!(!it["actor"].as_str().unwrap().is_empty() && !it["text_en"].as_str().unwrap().is_empty());
        assert!(!it["text_zh"].as_str().unwrap().is_ascii(), "{it}");
    }
    assert_eq!(events[3]["evidence"], replay["replay_id"]);
}

#[test]
fn a_guard_that_is_crossed_takes_the_canary_back_by_itself() {
    let story = story();
    let pool = story.pool();
    matched(&story);
    json(&["plugin", "replay", &pool, "local-first", REFUSES]);
    let district = ["plugin", "canary", &pool, "local-first", "--district", "d2"];
    let forced = [&district[..], &["--guard", "served_share=-0.02", "--force", "a drill"]].concat();
    let canary = json(&forced);
    assert_eq!(canary["forced"], "a drill");
    let told = story.rows("SELECT text_en FROM plugin_event WHERE action = 'canary'");
    assert!(told[0]["text_en"].as_str().unwrap().contains("a drill"), "{told:?}");
    // Another run of the same needs: the guard looks at what happens in d2.
    let run = json(&["match", &pool, "--scorer", "local-first", "--seed", "1"]);
    let said = run["taken_back"][0]["en"].as_str().unwrap();
    assert!(said.contains("served_share") && said.contains("d2"), "{run}");
    assert!(story.rows("SELECT * FROM plugin_choice").is_empty());
    assert_eq!(local_first(&story)["stage"], "incumbent");
    let guard = story.rows("SELECT evidence, text_zh FROM plugin_event WHERE action = 'guard'");
    assert_eq!(guard[0]["evidence"], run["run_id"]);
    assert!(guard[0]["text_zh"].as_str().unwrap().contains("护栏"), "{guard:?}");
    assert!(json(&["match", &pool, "--scorer", "local-first", "--seed", "2"])["taken_back"].is_null());
    json(&forced);
    let output = linli(&["match", &pool, "--scorer", "local-first", "--seed", "4"]);
    assert!(String::from_utf8(output.stdout).unwrap().contains("TAKEN BACK"));
    // A guard that holds leaves it where it is.
    let forced =
        [&district[..], &["--guard", "served_share=-0.9,tier3_served=-1", "--force", "a drill"]].concat();
    json(&forced);
    assert!(json(&["match", &pool, "--scorer", "local-first", "--seed", "3"])["taken_back"].is_null());
    assert_eq!(local_first(&story)["stage"], "canary");
}
