//! Assignment problems from files: solved, proven, written down.

use std::fs;

use crate::support::{json, linli, refused, root};

fn instance(name: &str) -> String {
    root().join("datasets/instances").join(name).display().to_string()
}

#[test]
fn a_packed_problem_is_solved_proven_and_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("plan.txt").display().to_string();
    let report = json(&["assign", &instance("lam300.lbm.gz"), "--out", &out]);
    assert_eq!((report["status"].as_str(), report["certified"].as_bool()), (Some("optimal"), Some(true)));
    assert_eq!((report["objective"].as_i64(), report["gap"].as_i64()), (Some(1_255_739), Some(0)));
    assert_eq!((report["needs"].as_u64(), report["nodes"].as_u64()), (Some(300), Some(1_228)));
    assert!(report["undecided"].as_u64().unwrap() < 300 && report.get("teams").is_none());
    assert!(report["peak_bytes"].as_u64().unwrap() > 1 << 20 && report["seconds"]["solve"].is_f64());
    let plan = fs::read_to_string(&out).unwrap();
    assert!(plan.starts_with("s 1255739 1255739\nx "), "{}", &plan[..40]);
    let served = plan.lines().filter(|it| it.starts_with("x ")).count() as u64;
    assert_eq!(served + report["unmet"].as_u64().unwrap(), 300);
    assert_eq!(plan.lines().filter(|it| it.starts_with("u ")).count(), 300);
    assert_eq!(plan.lines().filter(|it| it.starts_with("v ")).count(), 1_228);
}

#[test]
fn threads_write_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let written = |threads: &str| {
        let out = folder.path().join(threads).display().to_string();
        json(&["assign", &instance("comm1k.lbm.gz"), "--threads", threads, "--out", &out]);
        fs::read(out).unwrap()
    };
    let alone = written("1");
    assert!(["2", "7"].iter().all(|it| written(it) == alone));
}

#[test]
fn dense_problems_of_the_library_are_read_as_well() {
    let report = json(&["assign", &instance("orlib/orlib_assign100.txt")]);
    assert_eq!((report["objective"].as_i64(), report["unmet"].as_u64()), (Some(305), Some(0)));
}

#[test]
fn teams_come_whole_and_deputies_apart() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("plan.txt").display().to_string();
    for (file, optimum) in [("team-lam.team.gz", 1_268_499), ("team-hard-s.team.gz", 52_797)] {
        let report = json(&["assign", &instance(file), "--out", &out]);
        let said = (report["status"].as_str(), report["certified"].as_bool(), report["objective"].as_i64());
        assert_eq!(said, (Some("optimal"), Some(true), Some(optimum)), "{report}");
        assert_eq!(report["gap"].as_i64(), Some(0));
        assert!(report["teams"].as_u64() >= report["teams_unserved"].as_u64());
        let plan = fs::read_to_string(&out).unwrap();
        assert!(plan.starts_with(&format!("s {optimum} {optimum}\nx ")), "{plan}");
        assert!(!plan.contains("\nu "));
    }
    let output = linli(&["assign", &instance("team-hard-m.team.gz"), "--limit-steps", "50", "--json"]);
    assert_eq!(output.status.code(), Some(6));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let number = |key: &str| report[key].as_i64().unwrap();
    assert!(number("dual") <= 173_733 && 173_733 <= number("objective"), "{report}");
    assert_eq!((report["status"].as_str(), number("gap") > 0), (Some("limit"), true));
}

#[test]
fn a_limit_leaves_a_plan_with_a_bound() {
    let output = linli(&["assign", &instance("city1k-a.lbm.gz"), "--limit-steps", "2000", "--json"]);
    assert_eq!(output.status.code(), Some(6));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((report["status"].as_str(), report["certified"].as_bool()), (Some("limit"), Some(false)));
    let number = |key: &str| report[key].as_i64().unwrap();
    assert!(number("dual") <= 5_350_064 && 5_350_064 <= number("objective"), "{report}");
    assert_eq!(number("gap"), number("objective") - number("dual"));
}

#[test]
fn what_is_no_problem_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = |text: &[u8]| {
        let path = folder.path().join("a.lbm");
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let whole = fs::read(instance("tiny.lbm.gz")).unwrap();
    for (text, line) in [
        (b"p lbm 1 1 1\nn 1 5\nt -1 -3\ne 0 0 1\n".as_slice(), "line 3"),
        (b"p lbm 1 2 0\nn 1 5\nt 1 1\nt 0 1\n", "line 3"),
        (b"p lbm 1 1 1\nn 1 5\nt -1 1\ne 0 7 1\n", "line 4"),
        (b"3\n1 2 3\n4 5\n", "line"),
        (&whole[..whole.len() - 12], "line"),
    ] {
        let (code, error) = refused(&["assign", &file(text)]);
        assert_eq!((code, error["code"].as_str()), (4, Some("bad-problem")), "{error}");
        assert!(error["message"].as_str().unwrap().contains(line), "{error}");
    }
    let (code, _) = refused(&["assign", "nowhere.lbm"]);
    assert_eq!(code, 3);
}
