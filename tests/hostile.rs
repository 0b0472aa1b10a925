//! Limits and lies in a full match: a component that passes every check and misbehaves in the match
//! of one district ends that match with an error that says so, stores nothing, and harms nobody
//! else, not even who matches at the same time.
//!
//! What a check refuses never gets this far, `plugins.rs`. Three limits cannot be met by a component
//! that was let in: the clock lies behind the fuel, and tables and memories of other sizes need a
//! compiler of their own; `engine/plugin/tests` has them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json as value};

use crate::support::{Story, binary, json, refused, root};

/// What each does in a match, the error that it ends in, and what stands in it.
const SCORERS: [(&str, &str, &str); 16] = [
    ("above-one-later", "plugin-bad-score", "the score 1.5"),
    ("below-zero-later", "plugin-bad-score", "the score -0.25"),
    ("eats-memory-later", "plugin-out-of-memory", "bytes of memory"),
    ("faults-with-a-book-later", "plugin-fault", "gave up"),
    ("infinity-later", "plugin-bad-score", "the score inf"),
    ("loops-later", "plugin-out-of-fuel", "ran out of fuel"),
    ("nan-later", "plugin-bad-score", "the score NaN"),
    ("panics-later", "plugin-trapped", "no idea what to do with"),
    ("recurses-later", "plugin-stack-overflow", "calling too deeply"),
    ("too-few-later", "plugin-wrong-length", "answers, expected"),
    ("too-many-later", "plugin-wrong-length", "answers, expected"),
    ("traps-later", "plugin-trapped", "failed"),
    ("unknown-veto-later", "plugin-unknown-veto", "with code 999"),
    ("vetoes-beyond-later", "plugin-veto-beyond-rows", "expected rows below"),
    ("vetoes-out-of-order-later", "plugin-veto-out-of-order", "expected ascending rows"),
    ("vetoes-twice-later", "plugin-veto-out-of-order", "expected ascending rows"),
];

/// Gives no settings a chance, so a match has to bring some.
const CONFIGURED: &str = "loops-in-configure-later";

/// What they say is cut, and what they score counts.
const TALKATIVE: [&str; 2] = ["reports-a-book-later", "reports-a-million-times-later"];

const EVALUATORS: [(&str, &str); 3] = [
    ("evaluates-to-nan-later", "plugin-bad-index"),
    ("evaluator-loops-later", "plugin-out-of-fuel"),
    ("evaluator-traps-later", "plugin-trapped"),
];

/// Those whose name is as long as that of a reference scorer: under its name they become what a
/// district brings in its place.
const IN_PLACE_OF: [(&str, &str); 7] = [
    ("below-zero-later", "walking-distance"),
    ("infinity-later", "merchant-offer"),
    ("loops-later", "local-first"),
    ("nan-later", "skill-fit"),
    ("panics-later", "load-balance"),
    ("recurses-later", "exclusion-zone"),
    ("traps-later", "local-first"),
];

fn hostile(name: &str) -> String {
    format!("plugins/dist/hostile/{name}.wasm")
}

/// Two districts that share nobody, each with two needs and two volunteers.
fn story() -> Story {
    Story::of(&[
        ("district", "district_id,name\nd1,East\nd2,West\n"),
        (
            "volunteer",
            "volunteer_id,district_id,skills,lon,lat,max_per_day,consent,status\n\
             e1,d1,visit-east,106.700,26.570,1,true,active\n\
             e2,d1,visit-east,106.701,26.570,1,true,active\n\
             w1,d2,visit-west,106.800,26.570,1,true,active\n\
             w2,d2,visit-west,106.801,26.570,1,true,active\n",
        ),
        (
            "need",
            "need_id,district_id,skills,tier,demand,window_start,window_end,duration_min,lon,lat,status\n\
             n1,d1,visit-east,1,1,2024-03-05T09:00,2024-03-05T11:00,60,106.700,26.570,open\n\
             n2,d1,visit-east,2,1,2024-03-05T09:00,2024-03-05T11:00,60,106.701,26.570,open\n\
             n3,d2,visit-west,1,1,2024-03-05T09:00,2024-03-05T11:00,60,106.800,26.570,open\n\
             n4,d2,visit-west,2,1,2024-03-05T09:00,2024-03-05T11:00,60,106.801,26.570,open\n",
        ),
    ])
}

/// Starts a command and does not wait for it.
fn begin(arguments: &[&str]) -> Child {
    let mut command = Command::new(binary());
    command.args(arguments).arg("--json").current_dir(root());
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

fn ended(child: Child) -> (Option<i32>, Value) {
    let output = child.wait_with_output().unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

/// The run of West by the pool's scorers; another seed, another run.
fn west(pool: &str, seed: usize) -> Child {
    begin(&["match", pool, "--district", "d2", "--scorer", "skill-fit", "--seed", &seed.to_string()])
}

/// Every run that any table names.
fn runs(story: &Story) -> BTreeSet<String> {
    ["run", "run_log", "run_input", "candidate", "candidate_score", "match", "unmatched", "price", "regret"]
        .iter()
        .flat_map(|table| story.rows(&format!("SELECT DISTINCT run_id FROM {table}")))
        .map(|it| it["run_id"].as_str().unwrap().to_owned())
        .collect()
}

/// The names of the pool's files that are no table's: nothing is left lying about.
fn files(story: &Story) -> BTreeSet<String> {
    let names = fs::read_dir(story.pool()).unwrap();
    names.map(|it| it.unwrap().file_name().into_string().unwrap()).collect()
}

/// Lets East's match fail and West's go on at the same time; the error of East's.
fn fails_beside(story: &Story, east: &[&str], seed: usize, expected: &mut BTreeSet<String>) -> Value {
    let (east, west) = (begin(east), west(&story.pool(), seed));
    let ((exit, document), (well, report)) = (ended(east), ended(west));
    assert_eq!(exit, Some(5), "{document}");
    assert_eq!(
        (well, &report["certified"], &report["matched"]),
        (Some(0), &value!(true), &value!(2)),
        "{report}"
    );
    expected.insert(report["run_id"].as_str().unwrap().to_owned());
    assert_eq!(runs(story), *expected, "nothing is stored of the run that failed");
    document["error"].clone()
}

#[test]
fn a_scorer_that_misbehaves_in_one_district_stops_its_match_and_no_other() {
    let story = story();
    let (pool, mut expected, mut before) = (story.pool(), BTreeSet::new(), None);
    for (seed, (name, code, said)) in SCORERS.iter().enumerate() {
        json(&["plugin", "add", &pool, &hostile(name)]);
        let east = ["match", &pool, "--district", "d1", "--scorer", name];
        let error = fails_beside(&story, &east, seed, &mut expected);
        assert_eq!((&error["kind"], &error["code"]), (&value!("plugin"), &value!(code)), "{name}: {error}");
        let details = &error["details"];
        assert_eq!((&details["plugin"], &details["call"]), (&value!(name), &value!("score")), "{error}");
        assert_eq!((&details["first_row"], &details["rows"]), (&value!(0), &value!(4)), "{error}");
        // Rows are the plugin's affair; people know needs and providers.
        assert!(["n1", "n2"].contains(&details["need_id"].as_str().unwrap()), "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(name) && message.contains(said), "{name}: {error}");
        assert!(message.len() < 6_000, "{name}: {} bytes", message.len());
        assert!(!error["message_zh"].as_str().unwrap().is_ascii(), "{error}");
        let now = files(&story);
        assert_eq!(before.get_or_insert_with(|| now.clone()), &now);
    }
    let last = expected.last().unwrap();
    assert_eq!(json(&["verify", &pool, last])["verified"], true);
    assert_eq!(json(&["match", &pool, "--district", "d1"])["certified"], true, "the pool works on");
}

#[test]
fn a_scorer_that_never_takes_its_settings_stops_its_match_and_no_other() {
    let story = story();
    let (pool, mut expected) = (story.pool(), BTreeSet::new());
    json(&["plugin", "add", &pool, &hostile(CONFIGURED)]);
    let file = Path::new(&pool).join("pool.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    config["scorers"] = value!([{"name": CONFIGURED, "weight": 1000, "settings": {"patience": 0}}]);
    fs::write(&file, config.to_string()).unwrap();
    let error = fails_beside(&story, &["match", &pool, "--district", "d1"], 0, &mut expected);
    assert_eq!(error["code"], "plugin-out-of-fuel", "{error}");
    assert_eq!(
        (&error["details"]["plugin"], &error["details"]["call"]),
        (&value!(CONFIGURED), &value!("configure"))
    );
    // Without settings it is as good as any.
    let report = json(&["match", &pool, "--district", "d1", "--scorer", CONFIGURED]);
    assert_eq!((&report["certified"], &report["matched"]), (&value!(true), &value!(2)));
}

#[test]
fn a_scorer_that_talks_without_end_in_a_match_is_cut_short() {
    let story = story();
    let pool = story.pool();
    for name in TALKATIVE {
        json(&["plugin", "add", &pool, &hostile(name)]);
        let report = json(&["match", &pool, "--district", "d1", "--scorer", name]);
        assert_eq!((&report["certified"], &report["matched"]), (&value!(true), &value!(2)), "{name}");
        assert!(report.to_string().len() < 10_000, "{name}: {report}");
    }
}

/// A component under another name of the same length.
fn renamed(story: &Story, from: &str, to: &str) -> String {
    assert_eq!(from.len(), to.len(), "{from} {to}");
    let mut bytes = fs::read(root().join(hostile(from))).unwrap();
    let places: Vec<usize> =
        bytes.windows(from.len()).enumerate().filter(|it| it.1 == from.as_bytes()).map(|it| it.0).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + from.len()].copy_from_slice(to.as_bytes());
    }
    story.file(&format!("{from}-as-{to}.wasm"), bytes)
}

#[test]
fn what_a_district_brings_itself_fails_for_nobody_and_is_taken_back() {
    for (hostile, name) in IN_PLACE_OF {
        let story = story();
        let pool = story.pool();
        let asked = ["match", &pool, "--scorer", name];
        let before = json(&asked);
        let pairs = "SELECT need_id, provider_id, cost FROM match ORDER BY run_id, need_id";
        let decided = story.rows(pairs);
        json(&["plugin", "add", &pool, &renamed(&story, hostile, name), "--district", "d1"]);
        // West does not ask it.
        let west = json(&["match", &pool, "--scorer", name, "--district", "d2"]);
        assert_eq!((&west["matched"], &west["taken_back"]), (&value!(2), &Value::Null), "{hostile}: {west}");
        assert_eq!(story.rows("SELECT district_id FROM plugin_choice"), [value!({"district_id": "d1"})]);
        // East does, and gets the pool's plugin back, and both districts their match.
        let report = json(&asked);
        assert_eq!(
            (&report["run_id"], &report["matched"]),
            (&before["run_id"], &value!(4)),
            "{hostile}: {report}"
        );
        assert!(story.rows("SELECT * FROM plugin_choice").is_empty(), "{hostile}");
        let told = story.rows("SELECT text_en, text_zh, evidence FROM plugin_event WHERE action = 'guard'");
        assert!(told.len() == 1 && told[0]["evidence"] == before["run_id"], "{hostile}: {told:?}");
        assert!(told[0]["text_en"].as_str().unwrap().contains(name), "{told:?}");
        let of_both = "SELECT m.need_id, m.provider_id, m.cost FROM match m JOIN run r ON r.run_id = m.run_id \
            WHERE r.needs = 4 ORDER BY m.need_id";
        assert_eq!(story.rows(of_both), decided, "{hostile}");
    }
}

#[test]
fn an_evaluator_that_fails_stops_the_evaluation_and_stores_nothing() {
    let story = story();
    for (name, code) in EVALUATORS {
        json(&["plugin", "add", &story.pool(), &hostile(name)]);
        let (exit, error) = refused(&["evaluate", &story.pool(), "--evaluator", name]);
        assert_eq!((exit, error["code"].as_str().unwrap()), (5, code), "{error}");
        assert!(error["message"].as_str().unwrap().contains(name), "{error}");
        assert!(!error["message_zh"].as_str().unwrap().is_ascii(), "{error}");
    }
    for table in ["evaluation", "district_index", "indicator", "contribution"] {
        assert_eq!(story.rows(&format!("SELECT count(*) AS n FROM {table}")), [value!({"n": 0})], "{table}");
    }
    assert_eq!(json(&["evaluate", &story.pool()])["districts"].as_array().unwrap().len(), 2);
}

#[test]
fn every_component_that_misbehaves_later_misbehaves_here() {
    let files = fs::read_dir(root().join("plugins/dist/hostile")).unwrap();
    let later: BTreeSet<String> = files
        .map(|it| it.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|it| it.ends_with("-later"))
        .collect();
    let scorers = SCORERS.iter().map(|it| it.0).chain(TALKATIVE).chain([CONFIGURED]);
    let named: BTreeSet<String> =
        scorers.chain(EVALUATORS.iter().map(|it| it.0)).map(str::to_owned).collect();
    assert_eq!(later, named);
}

/// It keeps the contract, so nothing but what comes of it speaks against it.
#[test]
fn who_vetoes_everybody_is_told_need_by_need_and_stopped_by_the_first_replay() {
    let story = story();
    let pool = story.pool();
    let (own, name) = ("vetoes-everybody", "walking-distance");
    json(&["match", &pool, "--scorer", name]);
    json(&["plugin", "add", &pool, &hostile(own)]);
    let report = json(&["match", &pool, "--scorer", own]);
    assert_eq!((&report["matched"], &report["certified"]), (&value!(0), &value!(true)), "{report}");
    assert_eq!(report["unmatched_by_reason"], value!({"no_candidate": 0, "vetoed": 4, "full": 0}));
    let pair = json(&["explain", &pool, "latest", "n1", "e1"]);
    assert_eq!(pair["verdict"], "vetoed", "{pair}");

    let file = renamed(&story, own, name);
    let report = json(&["plugin", "replay", &pool, name, &file]);
    assert_eq!((&report["stops"], &report["total"]["needs_lost"]), (&value!(true), &value!(4)), "{report}");
    for step in
        [&["plugin", "canary", &pool, name, "--district", "d1"][..], &["plugin", "promote", &pool, name]]
    {
        let (exit, error) = refused(step);
        assert_eq!((exit, error["code"].as_str().unwrap()), (8, "stopped-by-replay"), "{error}");
    }
}

#[test]
fn districts_match_at_once_and_every_run_is_kept_whole() {
    let story = story();
    let pool = story.pool();
    let asked = ["d1", "d2", "d1", "d2"];
    let begun: Vec<Child> = (0..)
        .zip(asked)
        .map(|(seed, district)| {
            // The last two ask for the same runs as the first two.
            let seed = (seed % 2).to_string();
            begin(&["match", &pool, "--district", district, "--seed", &seed])
        })
        .collect();
    let mut runs = BTreeSet::new();
    for child in begun {
        let (exit, report) = ended(child);
        assert_eq!((exit, &report["certified"], &report["matched"]), (Some(0), &value!(true), &value!(2)));
        runs.insert(report["run_id"].as_str().unwrap().to_owned());
    }
    assert_eq!(runs.len(), 2);
    for run in &runs {
        assert_eq!(json(&["verify", &pool, run])["verified"], true, "{run}");
    }
    let twice = "SELECT run_id, need_id FROM match GROUP BY run_id, need_id HAVING count(*) > 1";
    assert!(story.rows(twice).is_empty());
    assert_eq!(story.rows("SELECT count(*) AS n FROM run"), [value!({"n": 2})]);
}
