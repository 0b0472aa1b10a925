//! Districts that bring scorers of their own, from tables to matches, proofs and reasons.

use std::future::Future;
use std::path::Path;

use linli_model::{Failure, Kind};
use linli_query::{LoadOptions, QueryLimits, ScorerChoice};
use serde_json::json;

use super::*;
use crate::{Explanation, MatchReport, MatchRequest, PairExplanation, Witness};

const WALKING: &str = "walking-distance";
const INFLATING: &str = "hostile/inflates-its-scores";
const FAR: &str = "hostile/prefers-the-far";

fn witness() -> Witness {
    Witness { at_us: 1_700_000_000_000_000, host: "test".to_owned(), actor: "test".to_owned(), threads: 1 }
}

/// Two districts 2 km apart; s stands between them, a little nearer to the west.
const VOLUNTEERS: &str = "volunteer_id,district_id,lon,lat,max_per_day,consent,status\n\
    ve1,east,106.7020,26.57,1,true,active\n\
    ve2,east,106.7035,26.57,1,true,active\n\
    vw1,west,106.7180,26.57,1,true,active\n\
    vw2,west,106.7160,26.57,1,true,active\n\
    s,,106.7120,26.57,1,true,active\n";

/// Three needs of either district at once, and nobody who could serve two.
fn needs(reach_m: u32) -> String {
    let mut rows = "need_id,district_id,window_start,window_end,lon,lat,reach_m,status\n".to_owned();
    for (need, district, lon) in [
        ("e1", "east", "106.7000"),
        ("e2", "east", "106.7005"),
        ("e3", "east", "106.7010"),
        ("w1", "west", "106.7200"),
        ("w2", "west", "106.7205"),
        ("w3", "west", "106.7210"),
    ] {
        rows += &format!("{need},{district},2024-03-05T09:00,2024-03-05T11:00,{lon},26.57,{reach_m},open\n");
    }
    rows
}

struct Town {
    folder: tempfile::TempDir,
    pool: Pool,
}

impl Town {
    async fn new(reach_m: u32) -> Self {
        Self::with(&needs(reach_m), 20).await
    }

    async fn with(needs: &str, working_set: u32) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("pool");
        Pool::init(&root, &witness()).await.expect("a pool");
        let file = root.join("pool.json");
        let mut config: serde_json::Value =
            serde_json::from_slice(&std::fs::read(&file).expect("settings")).expect("JSON");
        config["working_set"] = json!(working_set);
        std::fs::write(&file, config.to_string()).expect("settings");
        let town = Self { pool: Pool::open(&root).await.expect("a pool"), folder };
        town.load("district", "district_id,name\neast,East\nwest,West\n").await;
        town.load("volunteer", VOLUNTEERS).await;
        town.load("need", needs).await;
        town
    }

    async fn load(&self, table: &str, rows: &str) {
        let file = self.folder.path().join(format!("{table}.csv"));
        std::fs::write(&file, rows).expect("a file");
        let options = LoadOptions { at_us: 1, ..LoadOptions::default() };
        self.pool.load(table, &[file], &options).await.expect("rows");
    }

    async fn run(&self, request: &MatchRequest) -> MatchReport {
        let report = self.pool.match_run(request, &witness()).await.expect("a run");
        assert!(report.certified);
        report
    }

    /// Has a component of `plugins/dist` score the needs of the east as `walking-distance`, whatever
    /// it calls itself.
    async fn choose(&self, component: &str) -> String {
        let digest = self.keep(component);
        let choice = PluginChoice {
            name: WALKING.to_owned(),
            stage: Stage::Canary,
            district_id: Some("east".to_owned()),
            digest: digest.clone(),
            since_us: witness().at_us,
            actor: Some("office".to_owned()),
        };
        self.put(vec![choice]).await;
        digest
    }

    /// Table `plugin_choice` with these rows.
    async fn put(&self, choices: Vec<PluginChoice>) {
        let base = self.pool.latest().await.expect("a snapshot");
        let note = self.pool.note(&witness(), "plugin canary".to_owned());
        let changes = vec![choice_page(&choices).expect("rows")];
        self.pool.store.commit(&base, changes, &note).await.expect("a choice");
    }

    fn keep(&self, component: &str) -> String {
        let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/dist");
        let bytes = std::fs::read(dist.join(format!("{component}.wasm"))).expect("the component");
        let plugin = self.pool.host().load(&bytes).expect("a plugin");
        self.pool.put_component(&plugin, &bytes).expect("a file");
        plugin.digest().to_owned()
    }

    /// The column `line` of a query.
    async fn lines(&self, sql: &str) -> Vec<String> {
        let latest = self.pool.latest().await.expect("a snapshot");
        let session = self.pool.session(&latest, &QueryLimits::default()).await.expect("a session");
        let rows = self.pool.frame(&session, sql, &Params::default()).await.expect("rows");
        rows.texts("line").expect("lines").iter().flatten().map(str::to_owned).collect()
    }

    async fn matches(&self, run: &str, district: &str) -> Vec<String> {
        let sql = format!(
            "SELECT concat_ws(' ', need_id, provider_id, slot_id, cost) AS line FROM match \
             WHERE run_id = '{run}' AND district_id LIKE '{district}' ORDER BY line"
        );
        self.lines(&sql).await
    }

    async fn pair(&self, run: &str, need: &str, provider: &str) -> PairExplanation {
        match self.pool.explain(run, need, Some(provider), &witness()).await.expect("an answer") {
            Explanation::Pair(it) => *it,
            Explanation::Need(it) => panic!("{}", it.need_id),
        }
    }

    async fn verified(&self, run: &str) -> bool {
        self.pool.verify(run, &witness()).await.expect("a verification").verified
    }
}

/// A match by walking distance alone.
fn walking(settings: serde_json::Value) -> MatchRequest {
    let scorer = ScorerChoice { name: WALKING.to_owned(), weight: 1, settings };
    MatchRequest { scorers: vec![scorer], ..MatchRequest::default() }
}

#[tokio::test]
async fn an_office_that_inflates_its_scores_gains_nothing() {
    let town = Town::new(10_000).await;
    let fair = town.run(&MatchRequest::default()).await;
    let digest = town.choose(INFLATING).await;
    let inflated = town.run(&MatchRequest::default()).await;
    assert_ne!(fair.run_id, inflated.run_id, "another plugin makes another run");
    assert_eq!(town.matches(&fair.run_id, "%").await, town.matches(&inflated.run_id, "%").await);
    assert_eq!((fair.objective, fair.dual), (inflated.objective, inflated.dual));
    // s helps in the west, though the east calls s all but perfect.
    let shared = town.matches(&inflated.run_id, "west").await;
    assert_eq!(shared.iter().filter(|it| it.contains(" s ")).count(), 1, "{shared:?}");
    let sql = format!(
        "SELECT concat_ws(' ', c.need_id LIKE 'e%', c.raw IS NULL, c.digest = '{digest}', \
         c.score = f.score, coalesce(c.raw > c.score AND c.raw >= 0.99, true), count(*)) AS line \
         FROM candidate_score c JOIN candidate_score f ON f.need_id = c.need_id \
         AND f.provider_id = c.provider_id AND f.scorer = c.scorer \
         WHERE c.run_id = '{}' AND f.run_id = '{}' AND c.scorer = '{WALKING}' \
         GROUP BY c.need_id LIKE 'e%', c.raw IS NULL, c.digest = '{digest}', c.score = f.score, \
         coalesce(c.raw > c.score AND c.raw >= 0.99, true) ORDER BY line",
        inflated.run_id, fair.run_id
    );
    // East or not; not calibrated; by its own plugin; counts as before; was inflated.
    assert_eq!(town.lines(&sql).await, ["false true false true true 15", "true false true true true 15"]);
    assert!(town.verified(&inflated.run_id).await);
}

#[tokio::test]
async fn a_run_says_who_scored_which_district() {
    let town = Town::new(10_000).await;
    let digest = town.choose(INFLATING).await;
    let report = town.run(&MatchRequest::default()).await;
    let told: Vec<_> = report.scorers.iter().map(|it| (it.name.as_str(), it.districts.len())).collect();
    assert_eq!(told, [("merchant-offer", 0), ("skill-fit", 0), (WALKING, 1)]);
    let walking = &report.scorers[2];
    assert_eq!((&*walking.districts[0].district_id, &walking.districts[0].digest), ("east", &digest));
    assert_ne!(walking.digest, digest);
    let sql = "SELECT concat_ws(' ', name, district_id, digest, weight) AS line FROM run_input \
        WHERE kind = 'canary'";
    assert_eq!(town.lines(sql).await, [format!("{WALKING}@east east {digest} 400")]);
    let sql = format!(
        "SELECT concat_ws(' ', district_id, array_has(digests, '{digest}'), cardinality(digests), count(*)) \
         AS line FROM match GROUP BY district_id, array_has(digests, '{digest}'), cardinality(digests) \
         ORDER BY line"
    );
    assert_eq!(town.lines(&sql).await, ["east true 3 2", "west false 3 3"]);
    let pair = town.pair(&report.run_id, "e1", "ve1").await;
    let part = pair.parts.iter().find(|it| it.scorer == WALKING).expect("a part");
    assert_eq!(part.digest, digest);
    assert!(part.raw.expect("calibrated") > 0.999 && part.score < 0.8, "{part:?}");
    let other = pair.parts.iter().find(|it| it.scorer == "skill-fit").expect("a part");
    assert_eq!(other.raw, None, "the incumbent speaks for all");
    let elsewhere = town.pair(&report.run_id, "w1", "vw1").await;
    assert!(elsewhere.parts.iter().all(|it| it.raw.is_none() && it.digest != digest));
}

#[tokio::test]
async fn an_office_of_another_opinion_changes_what_its_opinion_changes() {
    let town = Town::new(900).await;
    let before = town.run(&walking(json!({}))).await;
    town.choose(FAR).await;
    let after = town.run(&walking(json!({}))).await;
    assert_eq!(town.matches(&before.run_id, "west").await, town.matches(&after.run_id, "west").await);
    let pairs = |rows: Vec<String>| -> Vec<String> { rows.iter().map(|it| it[..6].to_owned()).collect() };
    // Of 3 × 2 pairs at 100 to 350 m: first the sum of the nearest, then that of the farthest.
    assert_eq!(pairs(town.matches(&before.run_id, "east").await), ["e2 ve2", "e3 ve1"]);
    assert_eq!(pairs(town.matches(&after.run_id, "east").await), ["e1 ve2", "e2 ve1"]);
    // The east has the same scores to give as before, and gives them to others.
    let scores = |run: String| {
        format!("SELECT score AS line FROM candidate_score WHERE run_id = '{run}' ORDER BY score, need_id")
    };
    let (before, after) = (scores(before.run_id), scores(after.run_id.clone()));
    assert_eq!(town.lines(&before).await, town.lines(&after).await);
}

#[tokio::test]
async fn whoever_speaks_for_a_district_vetoes_there_and_alone() {
    // e4 lives at the door of ve1.
    let rows = needs(900) + "e4,east,2024-03-05T09:00,2024-03-05T11:00,106.7020,26.57,900,open\n";
    let town = Town::with(&rows, 20).await;
    // Settings that only the incumbent has do not stop another plugin.
    let request = walking(json!({ "veto_beyond_m": 300, "halving_m": 500 }));
    let before = town.run(&request).await;
    assert_eq!(town.pair(&before.run_id, "e1", "ve2").await.verdict, "vetoed");
    assert_ne!(town.pair(&before.run_id, "e4", "ve1").await.verdict, "vetoed");
    let digest = town.choose(FAR).await;
    let after = town.run(&request).await;
    let vetoed = town.pair(&after.run_id, "e4", "ve1").await;
    assert_eq!((vetoed.verdict, &vetoed.parts[0].digest), ("vetoed", &digest));
    let worded = vetoed.parts[0].veto.as_ref().map(|it| it.en.as_str());
    assert_eq!(worded, Some("test"), "in the words of the plugin that vetoed");
    let admitted = town.pair(&after.run_id, "e1", "ve2").await;
    assert_ne!(admitted.verdict, "vetoed");
    // Six pairs are left that neither vetoes; what the incumbent vetoes counts as the best of them.
    let sql = format!(
        "SELECT concat_ws(' ', sum(candidates), max(calibrated)) AS line FROM calibration \
         WHERE run_id = '{}'",
        after.run_id
    );
    assert_eq!(town.lines(&sql).await, ["6 870551"]);
    assert_eq!(admitted.score, Some(0.870_551));
    // The west is asked by the incumbent, which goes on to veto.
    assert_eq!(town.pair(&after.run_id, "w3", "vw2").await.verdict, "vetoed");
    assert!(town.verified(&after.run_id).await);
}

/// What a town decides on its own number of threads.
fn decided<F: Future<Output = Vec<String>>>(
    threads: usize,
    ask: impl Fn() -> F + Sync + Send,
) -> Vec<String> {
    let workers = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("workers");
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    workers.install(|| runtime().block_on(ask()))
}

#[test]
fn threads_decide_nothing() {
    let ask = || async {
        let town = Town::new(10_000).await;
        town.choose(INFLATING).await;
        let mut all = vec![town.run(&MatchRequest::default()).await.run_id];
        for (table, columns) in [
            ("calibration", "scorer, district_id, digest, raw, calibrated, candidates"),
            ("candidate_score", "need_id, provider_id, slot_id, scorer, digest, score, raw"),
            ("match", "need_id, provider_id, slot_id, cost"),
            ("price", "level, price_id, price"),
        ] {
            all.extend(
                town.lines(&format!("SELECT concat_ws(' ', {columns}) AS line FROM {table} ORDER BY line"))
                    .await,
            );
        }
        all
    };
    let one = decided(1, ask);
    assert!(one.len() > 100, "{}", one.len());
    assert_eq!(one, decided(3, ask));
}

#[tokio::test]
async fn a_past_decision_is_derived_with_the_plugins_of_its_day() {
    let town = Town::new(10_000).await;
    let without = town.run(&MatchRequest::default()).await.run_id;
    let digest = town.choose(INFLATING).await;
    let with = town.run(&MatchRequest::default()).await.run_id;
    town.choose(FAR).await;
    let other = town.run(&MatchRequest::default()).await.run_id;
    town.put(Vec::new()).await;
    assert_eq!(town.run(&MatchRequest::default()).await.run_id, without, "nothing is left of it");
    for run in [&without, &with, &other] {
        assert!(town.verified(run).await, "{run}");
    }
    assert_eq!(town.pool.publish(&with, &witness()).await.expect("published").matches, 5);
    // The maps are rows of the run like all others.
    let maps = town.lines("SELECT run_id AS line FROM calibration").await.len();
    assert!(maps > 10, "{maps}");
    let latest = town.pool.latest().await.expect("a snapshot");
    let note = town.pool.note(&witness(), "forged".to_owned());
    let forged = vec![Page::new("calibration").replace().expect("no rows")];
    town.pool.store.commit(&latest, forged, &note).await.expect("a commit");
    let found = town.pool.verify(&with, &witness()).await.expect("a verification");
    assert!(found.inputs_ok && !found.rows_ok, "{found:?}");
    assert!(found.findings[0].en.starts_with("table calibration:"), "{found:?}");
    std::fs::remove_file(town.folder.path().join(format!("pool/plugins/{digest}.wasm"))).expect("gone");
    let found = town.pool.verify(&with, &witness()).await.expect("a verification");
    assert!(!found.inputs_ok && found.findings[0].en.contains("walking-distance@east"), "{found:?}");
}

#[tokio::test]
async fn what_changes_nothing_makes_no_other_run() {
    let town = Town::new(10_000).await;
    let west = MatchRequest { districts: vec!["west".to_owned()], ..MatchRequest::default() };
    let skill = ScorerChoice { name: "skill-fit".to_owned(), weight: 1, settings: json!({}) };
    let skill = MatchRequest { scorers: vec![skill], ..MatchRequest::default() };
    let mut before = Vec::new();
    for request in [&MatchRequest::default(), &west, &skill] {
        before.push(town.pool.identify_run(request, &witness()).await.expect("an id"));
    }
    // The incumbent itself, in its own place.
    let digest = town.choose(WALKING).await;
    let all = town.pool.identify_run(&MatchRequest::default(), &witness()).await.expect("an id");
    assert_eq!(all, before[0], "{digest}");
    // Another district's, and under a name that nobody asks for.
    town.choose(FAR).await;
    for (request, id) in [&west, &skill].into_iter().zip(&before[1..]) {
        assert_eq!(&town.pool.identify_run(request, &witness()).await.expect("an id"), id);
    }
}

#[tokio::test]
async fn what_the_run_could_do_without_is_judged_by_its_maps() {
    // Whoever lives at the door scores 1.0, so the others need no score; nobody can sign for e9.
    let rows = "need_id,district_id,skills,window_start,window_end,lon,lat,status\n\
        e1,east,,2024-03-05T09:00,2024-03-05T11:00,106.7020,26.57,open\n\
        e9,east,手语,2024-03-05T09:00,2024-03-05T11:00,106.7020,26.57,open\n\
        w1,west,,2024-03-05T09:00,2024-03-05T11:00,106.7180,26.57,open\n";
    let town = Town::with(rows, 1).await;
    let digest = town.choose(INFLATING).await;
    let run = town.run(&walking(json!({}))).await;
    let sql = "SELECT concat_ws(' ', need_id, provider_id) AS line FROM candidate \
        WHERE NOT scored AND need_id LIKE 'e%'";
    let unscored = town.lines(sql).await;
    assert!(!unscored.is_empty(), "of {} candidates {} were scored", run.candidates, run.scored);
    let (need, provider) = unscored[0].split_once(' ').expect("two words");
    let asked = town.pair(&run.run_id, need, provider).await;
    let part = &asked.parts[0];
    assert_eq!((&part.digest, asked.verdict), (&digest, "beaten"));
    let raw = part.raw.expect("calibrated");
    let sql = format!("SELECT calibrated AS line FROM calibration WHERE raw = {:.0}", raw * 1e6);
    assert_eq!(town.lines(&sql).await, [format!("{:.0}", part.score * 1e6)]);
    // The same match with everybody scored from the start.
    let all = Town::with(rows, 20).await;
    all.choose(INFLATING).await;
    let everybody = all.run(&walking(json!({}))).await;
    assert_eq!(all.matches(&everybody.run_id, "%").await, town.matches(&run.run_id, "%").await);
    // What would help whoever is left, by the same maps.
    let open = town.lines("SELECT need_id AS line FROM unmatched").await;
    let told = town.pool.relaxations(&run.run_id, &open[0], &witness()).await.expect("relaxations");
    assert!(!told.is_empty());
    // Its own plan is at no distance from it.
    let plan = town.lines("SELECT concat_ws(',', need_id, provider_id, slot_id) AS line FROM match").await;
    let file = town.folder.path().join("plan.csv");
    std::fs::write(&file, format!("need_id,provider_id,slot_id\n{}\n", plan.join("\n"))).expect("a file");
    let checked = town.pool.check_plan(&file, None, &walking(json!({})), &witness()).await;
    let checked = serde_json::to_value(checked.expect("a report")).expect("JSON");
    assert_eq!((&checked["feasible"], &checked["distance"]), (&json!(true), &json!(0)), "{checked}");
}

#[tokio::test]
async fn an_office_whose_plugin_fails_is_taken_back_and_the_match_goes_on() {
    let town = Town::new(10_000).await;
    let before = town.run(&MatchRequest::default()).await;
    let digest = town.choose("hostile/nan-later").await;
    let report = town.run(&MatchRequest::default()).await;
    assert_eq!(report.run_id, before.run_id, "the run of the incumbents");
    assert!(report.taken_back[0].en.contains("e1"), "{:?}", report.taken_back);
    assert!(town.lines("SELECT digest AS line FROM plugin_choice").await.is_empty());
    let event = "SELECT concat_ws(' ', action, digest, evidence) AS line FROM plugin_event";
    assert_eq!(town.lines(event).await, [format!("guard {digest} {}", report.run_id)]);
    // Where the incumbents fail as well it is not the office's fault.
    town.choose("hostile/traps-later").await;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/dist/hostile/nan-later.wasm");
    let bytes = std::fs::read(file).expect("the component");
    town.pool.add_plugin(&bytes, &witness()).await.expect("a plugin");
    let choice = |name: &str| ScorerChoice { name: name.to_owned(), weight: 1, settings: json!({}) };
    let both = vec![choice(WALKING), choice("nan-later")];
    let request = MatchRequest { scorers: both, ..MatchRequest::default() };
    let error = town.pool.match_run(&request, &witness()).await.expect_err("a plugin that fails");
    assert_eq!(error.kind(), Kind::Plugin, "{error}");
    assert_eq!(town.lines("SELECT stage AS line FROM plugin_choice").await, ["canary"]);
}
