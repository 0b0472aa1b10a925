//! A load killed half-way leaves the previous snapshot whole, and the next load works.

use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json as value;

use crate::support::{Story, binary, json};

/// Kills, spread over the time a load takes.
const KILLS: u32 = 24;

#[test]
fn a_load_killed_at_any_point_changes_nothing_or_everything() {
    let story = Story::new();
    let mut rows = "need_id,district_id,service_id,skills,status\n".to_owned();
    for number in 0..20_000 {
        let _ = writeln!(rows, "k{number:05},d1,visit,走访,withdrawn");
    }
    let file = story.file("many.csv", &rows);
    let start = Instant::now();
    let whole = Story::new();
    let before_load = start.elapsed();
    let start = Instant::now();
    json(&["load", &whole.pool(), "need", &file]);
    let whole_load = start.elapsed();
    assert!(before_load > Duration::ZERO);
    let count = || story.rows("SELECT count(*) AS n FROM need")[0]["n"].as_i64().unwrap();
    let mut killed_in_flight = 0;
    for kill in 0..KILLS {
        let before = count();
        let mut child = Command::new(binary())
            .args(["load", &story.pool(), "need", &file])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // The moments do not repeat: each kill falls a little later than the one before.
        std::thread::sleep(whole_load * kill / KILLS);
        let ended = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        child.wait().unwrap();
        killed_in_flight += u32::from(!ended);
        let after = count();
        assert!(after == before || after == 20_005, "{after} rows after a kill, {before} before");
        if after == 20_005 {
            // It had made it: start over from the small table.
            let small = story.file("small.csv", "need_id,district_id\nn1,d1\nn2,d1\nn3,d1\nn4,d1\nn5,d1\n");
            json(&["load", &story.pool(), "need", &small, "--mode", "replace"]);
        }
    }
    assert!(killed_in_flight > KILLS / 3, "only {killed_in_flight} loads were killed while they ran");
    let report = json(&["load", &story.pool(), "need", &file]);
    assert_eq!((&report["kept"], count()), (&value!(20_000), 20_005));
    let twice = story.rows("SELECT need_id FROM need GROUP BY need_id HAVING count(*) > 1");
    assert!(twice.is_empty(), "rows of a killed load came back");
}
