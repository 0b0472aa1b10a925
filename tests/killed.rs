//! A load killed half-way leaves the previous snapshot whole, and the next load works.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{binary, json, linli};

/// Kills, spread over four kinds of loads and over the time a load takes.
const KILLS: u32 = 24;
const KINDS: u32 = 4;

/// Rows of the table that the loads meet.
const ROWS: u32 = 20_000;

/// What a pool holds: the members of each team, and how many rows are in quarantine.
#[derive(Debug, Clone, Default)]
struct Content {
    teams: BTreeMap<String, i64>,
    quarantined: i64,
}

impl Content {
    /// What `shown` should find.
    fn sums(&self) -> [i64; 3] {
        let teams = i64::try_from(self.teams.len()).unwrap();
        [teams, self.teams.values().sum(), self.quarantined]
    }
}

/// A folder with a pool and the files that are loaded into it.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        json(&["init", &place.pool()]);
        place
    }

    fn pool(&self) -> String {
        self.0.path().join("pool").display().to_string()
    }

    /// Teams, their members, and the quarantine, all of one snapshot.
    fn shown(&self) -> [i64; 3] {
        let sql = "SELECT count(*) AS teams, coalesce(sum(members), 0) AS members, \
            (SELECT count(*) FROM quarantine) AS quarantined FROM team";
        let row = json(&["sql", &self.pool(), sql])["rows"][0].clone();
        ["teams", "members", "quarantined"].map(|it| row[it].as_i64().unwrap())
    }

    fn command(&self, load: &Load) -> Vec<String> {
        let file = self.0.path().join("teams.csv");
        std::fs::write(&file, &load.text).unwrap();
        let (pool, file) = (self.pool(), file.display().to_string());
        ["load", pool.as_str(), "team", file.as_str(), "--mode", load.mode].map(str::to_owned).to_vec()
    }

    fn load(&self, load: &Load) {
        let command = self.command(load);
        json(&command.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(self.shown(), load.after.sums());
    }
}

/// A load and what there is when it has been done.
struct Load {
    mode: &'static str,
    text: String,
    after: Content,
}

impl Load {
    fn new(mode: &'static str, before: &Content, rows: impl Iterator<Item = (String, i64)>) -> Self {
        let (mut text, mut after) = ("team_id,members\n".to_owned(), before.clone());
        if mode == "replace" {
            after.teams.clear();
        }
        for (team, members) in rows {
            let _ = writeln!(text, "{team},{members}");
            after.teams.insert(team, members);
        }
        Self { mode, text, after }
    }

    /// Rows for a pool that has no such table.
    fn first() -> Self {
        Self::new("upsert", &Content::default(), (0..ROWS).map(|it| (format!("k{it:05}"), 1)))
    }

    /// One load after another, each of another kind and none like one before.
    fn next(number: u32, before: &Content) -> Self {
        let members = i64::from(number) + 2;
        match number % KINDS {
            0 => Self::first(),
            // Rows that are there, rows that are not, and rows that cannot be kept.
            1 => {
                let rows = (ROWS / 2..ROWS + ROWS / 4).map(|it| (format!("k{it:05}"), members));
                let mut load = Self::new("upsert", before, rows);
                for bad in 0..10 {
                    let _ = writeln!(load.text, "b{number}-{bad},many");
                    load.after.quarantined += 1;
                }
                load
            }
            2 => Self::new("replace", before, (0..ROWS * 3 / 4).map(|it| (format!("k{it:05}"), members))),
            _ => Self::new("append", before, (0..ROWS / 4).map(|it| (format!("a{number}-{it:05}"), 1))),
        }
    }
}

/// Starts a command and kills it after a while; whether it was still running then.
fn killed_after(wait: Duration, arguments: &[String]) -> bool {
    let mut child =
        Command::new(binary()).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(wait);
    let is_running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    is_running
}

#[test]
fn a_load_killed_at_any_point_changes_nothing_or_everything() {
    let place = Place::new();
    let start = Instant::now();
    let first = Load::first();
    place.load(&first);
    let whole_load = start.elapsed();
    let mut content = first.after;
    let mut killed_in_flight = 0;
    for kill in 0..KILLS {
        let load = Load::next(kill, &content);
        // A table is made once in a pool, so that its making is killed in a pool of its own.
        let own = (kill % KINDS == 0).then(Place::new);
        let place = own.as_ref().unwrap_or(&place);
        let before = place.shown();
        // The moments of one kind do not repeat: each kill falls a little later than the last.
        let wait = whole_load * (kill / KINDS) / (KILLS / KINDS);
        killed_in_flight += u32::from(killed_after(wait, &place.command(&load)));
        let (after, done) = (place.shown(), load.after.sums());
        assert!(after == before || after == done, "kill {kill}: {before:?} became {after:?}, not {done:?}");
        if own.is_some() {
            place.load(&load);
        } else if after == done {
            content = load.after;
        }
    }
    assert!(killed_in_flight > KILLS / 3, "only {killed_in_flight} loads were killed while they ran");
    // Every kind works on what the killed ones left.
    for number in KILLS + 1..KILLS + KINDS {
        let load = Load::next(number, &content);
        place.load(&load);
        content = load.after;
    }
    let twice = "SELECT team_id FROM team GROUP BY team_id HAVING count(*) > 1";
    let twice = json(&["sql", &place.pool(), twice])["rows"].clone();
    assert_eq!(twice, Value::Array(Vec::new()), "rows of a killed load came back");
}

#[test]
fn an_init_killed_at_any_point_can_be_gone_on_with() {
    const KILLS: u32 = 8;
    let folder = tempfile::tempdir().unwrap();
    let pool = |number: u32| folder.path().join(number.to_string()).display().to_string();
    let start = Instant::now();
    let whole = json(&["init", &pool(KILLS)]);
    let whole_init = start.elapsed();
    for kill in 0..KILLS {
        let pool = pool(kill);
        killed_after(whole_init * kill / KILLS, &["init".to_owned(), pool.clone()]);
        // Either it was cut off and is done now, or it had made it.
        let again = linli(&["init", &pool, "--json"]).status.code();
        assert!(matches!(again, Some(0 | 8)), "kill {kill}: {again:?}");
        let digests = |it: &Value| -> Vec<Value> {
            it["plugins"].as_array().unwrap().iter().map(|it| it["digest"].clone()).collect()
        };
        assert_eq!(digests(&json(&["plugin", "list", &pool])), digests(&whole), "kill {kill}");
        json(&["sql", &pool, "SELECT count(*) AS n FROM need"]);
    }
}
