//! Every relaxation is applied to a copy of the whole problem and solved again, by other code than
//! found it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use linli_assign::{Limits, Node, Problem, solve};
use linli_query::{LoadOptions, Params};

use super::*;
use crate::{MatchRequest, Pool, Witness};

fn witness() -> Witness {
    Witness { at_us: 1, host: "here".to_owned(), actor: "tester".to_owned(), threads: 2 }
}

async fn load(pool: &Pool, folder: &Path, table: &str, rows: &str) {
    let file = folder.join(format!("{table}.csv"));
    std::fs::write(&file, rows).expect("a file");
    let options = LoadOptions { at_us: 1, ..LoadOptions::default() };
    pool.load(table, &[file], &options).await.expect("rows");
}

/// Numbers that look like chance and are the same every time.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len() as u64) as usize]
    }
}

/// A week in which fewer hands than needs meet: few skills, short reach, narrow hours.
async fn scarce(folder: &Path) -> Pool {
    let pool = Pool::init(&folder.join("pool"), &witness()).await.expect("a pool");
    let mut draw = Draw(7);
    let mut volunteers = "volunteer_id,skills,lon,lat,max_per_day,max_per_week,consent,status\n".to_owned();
    let mut hours = "provider_id,start,end,capacity\n".to_owned();
    for it in 0..16 {
        let (skills, lon) = (draw.of(&["法律", "维修", "法律;维修", "走访"]), 106_700 + draw.below(30));
        let (day, week) = (1 + draw.below(2), draw.of(&["", "2", "3"]));
        let _ = writeln!(
            volunteers,
            "v{it:02},{skills},{}.{:03},26.57,{day},{week},true,active",
            lon / 1000,
            lon % 1000
        );
        for _ in 0..draw.below(4) {
            let (date, hour) = (4 + draw.below(5), 8 + draw.below(6));
            let _ = writeln!(
                hours,
                "v{it:02},2024-03-{date:02}T{hour:02}:00,2024-03-{date:02}T{:02}:00,1",
                hour + 3
            );
        }
    }
    let mut needs =
        "need_id,skills,tier,demand,window_start,window_end,duration_min,lon,lat,reach_m,rrule\n".to_owned();
    for it in 0..48 {
        let (skills, lon) =
            (draw.of(&["法律", "维修", "法律;维修", "手语", "走访;手语", "走访"]), 106_700 + draw.below(30));
        let (tier, demand) = (draw.below(4), 1 + draw.below(2));
        let (date, hour) = (4 + draw.below(5), 8 + draw.below(8));
        let reach = draw.of(&["300", "700", "1500"]);
        let rule = draw.of(&["", "", "", "FREQ=DAILY;COUNT=2"]);
        let _ = writeln!(
            needs,
            "n{it:02},{skills},{tier},{demand},2024-03-{date:02}T{hour:02}:00,2024-03-{date:02}T{:02}:00,60,\
             {}.{:03},26.57,{reach},{rule}",
            hour + 2,
            lon / 1000,
            lon % 1000
        );
    }
    for (table, rows) in [("volunteer", volunteers), ("availability", hours), ("need", needs)] {
        load(&pool, folder, table, &rows).await;
    }
    pool
}

/// Solves the whole problem with a change, without the component and the numbering of trials; a
/// need is served `at_most` so often.
fn again(gathering: &Gathering<'_>, choice: &Choice, at_most: Option<i64>) -> (i128, Vec<i64>) {
    let problem = gathering.problem;
    let (nodes, arcs) = problem.parts();
    let mut nodes: Vec<Node> = nodes.iter().copied().chain(gathering.nodes.new.iter().copied()).collect();
    for it in &choice.patch.raised {
        nodes[*it as usize].capacity += 1;
    }
    let edges = [arcs, &choice.patch.edges].concat();
    let mut needs = problem.problem().expect("a problem").needs().to_vec();
    let own = &mut needs[choice.need as usize];
    let cut = at_most.map_or(0, |it| i64::from(own.demand) - it);
    own.demand -= u32::try_from(cut).expect("no more than asked for");
    let unserved = i128::from(cut) * i128::from(own.penalty);
    let changed = Problem::new(needs, nodes, edges).expect("a problem");
    let solution = solve(&changed, &Limits::default()).expect("a solution");
    let served = problem.needs.iter().zip(&solution.unmet);
    let served = served.map(|(it, unmet)| i64::from(it.demand) - i64::from(*unmet)).collect();
    (solution.objective + unserved, served)
}

/// Whether the need is served once a change is made, whatever optimum is found, and no tier above
/// it less; and by how much the objective changes.
fn verdict(gathering: &Gathering<'_>, choice: &Choice) -> (bool, i128) {
    let problem = gathering.problem;
    let (objective, served) = again(gathering, choice, None);
    let before = |it: usize| i64::from(problem.needs[it].demand - problem.solution.unmet[it]);
    let own = choice.need as usize;
    // Another plan of the same cost may leave it where it was: then the change alone does not do.
    let is_certain = again(gathering, choice, Some(before(own))).0 > objective;
    let above = |penalty: i64| {
        let rows = problem.needs.iter().enumerate().filter(move |(_, it)| it.penalty == penalty);
        rows.map(|(it, _)| served[it] - before(it)).sum::<i64>()
    };
    let own_penalty = problem.needs[own].penalty;
    let loses = problem.needs.iter().any(|it| it.penalty > own_penalty && above(it.penalty) < 0);
    (is_certain && served[own] > before(own) && !loses, objective - problem.solution.objective)
}

const STORED: &str = "SELECT need_id, price FROM relaxation ORDER BY need_id, occurrence_start, rank";

const OUT_OF_ORDER: &str = "SELECT a.need_id FROM relaxation a JOIN relaxation b ON a.need_id = b.need_id \
    AND a.occurrence_start = b.occurrence_start AND a.rank < b.rank AND a.effort > b.effort";

#[tokio::test(flavor = "multi_thread")]
async fn every_relaxation_holds_on_a_copy_and_none_that_is_less_dear_would_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let pool = scarce(folder.path()).await;
    let report = pool.match_run(&MatchRequest::default(), &witness()).await.expect("a run");
    assert!(report.certified && report.matched > 0);
    let session = pool.session(&pool.latest().await.expect("a snapshot"), &Default::default()).await;
    let session = session.expect("a session");
    // The thirty for which the match stores them.
    let sql = "SELECT need_id FROM unmatched GROUP BY need_id ORDER BY max(tier) DESC, need_id LIMIT 30";
    let rows = pool.frame(&session, sql, &Params::default()).await.expect("rows");
    let needs = rows.texts("need_id").expect("needs");
    assert!(rows.rows() > 15, "{} needs are unserved", rows.rows());
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let (mut without, mut told) = (0, BTreeMap::new());
    for need in needs.iter().flatten() {
        let witness = witness();
        let question = pool.question("latest", need, &witness).await.expect("a question");
        let (stage, whole) = (question.stage().await.expect("a stage"), question.whole(None).await);
        let problem = whole.expect("a problem").problem;
        let open = open(&problem, need);
        let later = Later::new(&question, &stage, &problem, &open).await.expect("a week later");
        let mut gathering = Gathering::new(&question, &stage, &problem, open.clone()).await.expect("choices");
        let proven = find(&mut gathering, &later).await.expect("relaxations");
        let mut every = Gathering::new(&question, &stage, &problem, open.clone()).await.expect("choices");
        let singles = super::singles(&mut every, &later).await.expect("choices");
        for (choice, outcome) in &proven {
            let found = verdict(&gathering, choice);
            assert_eq!(found, (true, i128::from(outcome.price)), "{need}: {:?}", choice.changes);
            let own = problem.needs[choice.need as usize].penalty;
            let loses = |it: &(u32, i64)| it.1 < 0 && problem.needs[it.0 as usize].penalty > own;
            assert!(!outcome.moved.iter().any(loses), "{need}: {:?}", outcome.moved);
            let names: Vec<&str> = choice.changes.iter().map(|it| it.kind.name()).collect();
            *kinds.entry(names.join("+")).or_default() += 1;
        }
        for need in open {
            let own = || proven.iter().filter(|(it, _)| it.need == need);
            let least = own().map(|(it, _)| it.effort()).min();
            without += usize::from(least.is_none());
            // Where pairs are listed or nothing is, no single change would do.
            let is_single = own().any(|(it, _)| it.changes.len() == 1);
            for it in singles.iter().filter(|it| it.need == need) {
                let is_less = !is_single || Some(it.effort()) < least;
                assert!(!is_less || !verdict(&every, it).0, "{:?} would do", it.changes);
            }
        }
        told.insert(need.to_owned(), proven.len());
    }
    let listed = pool.frame(&session, STORED, &Params::default()).await.expect("rows");
    let (owners, prices) =
        (listed.texts("need_id").expect("needs"), listed.integers("price").expect("prices"));
    let mut stored: BTreeMap<String, usize> = told.keys().map(|it| (it.clone(), 0)).collect();
    for row in 0..listed.rows() {
        assert!(prices.value(row) < 0);
        *stored.entry(owners.value(row).to_owned()).or_default() += 1;
    }
    assert_eq!(stored, told, "the match stored what the question finds");
    let sorted = pool.frame(&session, OUT_OF_ORDER, &Params::default()).await.expect("rows");
    assert_eq!(sorted.rows(), 0, "less effort comes first");
    for kind in ["reach", "next_week", "slot", "skill"] {
        assert!(kinds.contains_key(kind), "{kind} is never found: {kinds:?}");
    }
    assert!(kinds.keys().any(|it| it.ends_with("capacity") && !it.contains('+')), "{kinds:?}");
    assert!(kinds.keys().any(|it| it.contains('+')), "{kinds:?}, {without} without any");
}
