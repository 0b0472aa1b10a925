//! Every query of `queries/practice/` on the case it was written for, byte for byte.
//!
//! [`ASKED`] names each query with its case and its arguments; what it must print stands in
//! `tests/golden/<case>/<query>.csv`. `UPDATE_GOLDEN=1` writes what is printed now. Figures that a
//! text publishes are asserted by value as well, so that no update can lose them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::support::{json, linli, root, text};

/// Case, query, arguments.
const ASKED: [(&str, &str, &[&str]); 24] = [
    ("2833", "platform_completeness", &[]),
    ("2833", "room_area_norm", &[]),
    ("3351", "best_offer", &["on=2012-10-15"]),
    ("3351", "complaint_followup", &["from=2012-09-01", "to=2012-10-01"]),
    ("3351", "member_archive", &[]),
    ("3351", "merchant_archive", &["on=2012-10-15"]),
    ("3351", "merchant_handbook", &["on=2012-10-15"]),
    ("3351", "resident_archive", &[]),
    ("3351", "stock_notices", &[]),
    ("365", "activity_coverage", &["from=2012-07-02", "to=2012-10-01"]),
    ("365", "help_stars", &["period=2012-Q3", "top=30"]),
    ("365", "mobilisation", &["month=2012-09"]),
    ("365", "monthly_activity", &["month=2012-09", "community=nm-c110"]),
    ("365", "pairing_register", &["month=2012-09"]),
    ("365", "panel_appraisal", &["period=2012-Q3"]),
    ("365", "place_review", &[]),
    ("365", "post_roster", &["on=2012-09-30"]),
    ("365", "questionnaire_weak_links", &["period=2012-Q3"]),
    ("365", "vulnerable_register", &["on=2012-09-30"]),
    ("malu", "duty_table", &[]),
    ("malu", "hotline_months", &["district=jiading"]),
    ("malu", "petition_cases", &[]),
    ("malu", "visit_groups", &[]),
    ("nanxing", "sharing_ledger", &[]),
];

fn golden(case: &str, query: &str) -> PathBuf {
    root().join("tests/golden").join(case).join(format!("{query}.csv"))
}

/// Whether results are written instead of compared.
fn updates() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some()
}

/// A pool into which a case was loaded, in the order of its `case.json`.
fn loaded(case: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let pool = folder.path().join("pool").display().to_string();
    json(&["init", &pool]);
    let from = root().join("datasets/cases").join(case);
    let plan: Value = serde_json::from_str(&fs::read_to_string(from.join("case.json")).unwrap()).unwrap();
    for file in plan["files"].as_array().unwrap() {
        let path = from.join(file["file"].as_str().unwrap()).display().to_string();
        let report = json(&["load", &pool, file["table"].as_str().unwrap(), &path]);
        assert_eq!(report["quarantined"], 0, "{case}: {report}");
    }
    (folder, pool)
}

/// What each query of the table prints, by case and query.
fn printed() -> BTreeMap<(&'static str, &'static str), String> {
    let mut printed = BTreeMap::new();
    for case in ASKED.iter().map(|it| it.0).collect::<BTreeSet<_>>() {
        let (_folder, pool) = loaded(case);
        for (_, query, given) in ASKED.iter().filter(|it| it.0 == case) {
            let mut arguments = vec!["query", &pool, *query];
            arguments.extend_from_slice(given);
            arguments.extend(["--format", "csv"]);
            printed.insert((case, *query), text(&arguments));
        }
    }
    printed
}

/// The lines of a result as cells by column. Cells of these queries hold no comma in quotes where
/// a figure is looked for.
fn cells(csv: &str) -> Vec<BTreeMap<&str, &str>> {
    let mut lines = csv.trim_start_matches('\u{feff}').lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines.map(|line| header.iter().copied().zip(line.split(',')).collect()).collect()
}

#[test]
fn every_practice_query_has_a_golden_result_and_every_golden_result_a_query() {
    let queries: BTreeSet<String> = fs::read_dir(root().join("queries/practice"))
        .unwrap()
        .map(|it| it.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let asked: BTreeSet<String> = ASKED.iter().map(|it| it.1.to_owned()).collect();
    assert_eq!(queries, asked, "each query of queries/practice stands in ASKED");
    if updates() {
        return;
    }
    let mut kept = BTreeSet::new();
    for folder in fs::read_dir(root().join("tests/golden")).unwrap() {
        kept.extend(fs::read_dir(folder.unwrap().path()).unwrap().map(|it| it.unwrap().path()));
    }
    let expected: BTreeSet<PathBuf> = ASKED.iter().map(|it| golden(it.0, it.1)).collect();
    assert_eq!(kept, expected, "UPDATE_GOLDEN=1 writes what is missing");
}

#[test]
fn practice_queries_print_their_golden_results() {
    let printed = printed();
    let mut differing = Vec::new();
    for ((case, query), found) in &printed {
        let path = golden(case, query);
        if updates() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, found).unwrap();
        } else if fs::read_to_string(&path).ok().as_ref() != Some(found) {
            differing.push(format!("{case}/{query}: found\n{found}"));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    published_figures_hold(&printed);
}

/// A value for a parameter of each name, as case 365 has them.
const VALUES: [(&str, &str); 16] = [
    ("category", "repair"),
    ("channel", "phone"),
    ("community", "nm-c005"),
    ("district", "nanming"),
    ("from", "2012-07-02"),
    ("kind", "station"),
    ("month", "2012-09"),
    ("norm_m2", "30"),
    ("on", "2012-09-30"),
    ("period", "2012"),
    ("root", "nanming"),
    ("service", "repair"),
    ("status", "active"),
    ("tag", "poor_family"),
    ("to", "2012-10-01"),
    ("top", "5"),
];

#[test]
fn every_query_takes_each_of_its_parameters() {
    let (_folder, pool) = loaded("365");
    let listed = json(&["query", &pool]);
    let (mut taken, mut refused) = (0, Vec::new());
    for query in listed["queries"].as_array().unwrap() {
        if !["practice", "indicator"].contains(&query["folder"].as_str().unwrap()) {
            continue;
        }
        let name = query["name"].as_str().unwrap();
        for param in query["params"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()) {
            let Some((_, value)) = VALUES.iter().find(|it| it.0 == param) else {
                refused.push(format!("{name}: no value for {param} in VALUES"));
                continue;
            };
            taken += 1;
            // A span may need both of its ends.
            let ends = ["from=2012-07-02".to_owned(), "to=2012-10-01".to_owned()];
            let given = format!("{param}={value}");
            let given = if ends.contains(&given) { ends.to_vec() } else { vec![given] };
            let mut arguments = vec!["query", &pool, name, "--format", "csv"];
            arguments.extend(given.iter().map(String::as_str));
            let output = linli(&arguments);
            if !output.status.success() {
                refused.push(format!("{name} {given:?}: {}", String::from_utf8_lossy(&output.stderr)));
            }
        }
    }
    assert!(refused.is_empty() && taken > 40, "{taken} taken; {}", refused.join("\n"));
}

#[test]
fn a_year_holds_what_its_quarters_hold() {
    let (_folder, pool) = loaded("365");
    let of = |query: &str, given: &str| text(&["query", &pool, query, given, "--format", "csv"]);
    for query in ["help_stars", "panel_appraisal", "questionnaire_weak_links"] {
        let year = of(query, "period=2012");
        assert_eq!(year, of(query, "period=2012-Q3"), "{query}: all of the case lies in that quarter");
        assert!(year.lines().count() > 5, "{year}");
    }
}

/// What the texts publish, by value.
fn published_figures_hold(printed: &BTreeMap<(&str, &str), String>) {
    let rows = |case: &'static str, query: &'static str| cells(&printed[&(case, query)]);
    let hotline = rows("malu", "hotline_months");
    let total = hotline.last().unwrap();
    let told = ["month", "received", "closed", "completion_percent"].map(|it| total[it]);
    assert_eq!(told, ["total", "501", "494", "98.60"]);

    let posts = rows("365", "post_roster");
    assert_eq!(posts.len(), 16, "kinds of posts");
    assert_eq!(posts.iter().filter(|it| it["is_published"] == "true").count(), 9, "posts by name");
    assert!(posts.iter().all(|it| it["seats"] == "187"), "a seat in each community");

    let groups = rows("malu", "visit_groups");
    let of = |column: &str| groups.iter().map(|it| it[column]).collect::<BTreeSet<_>>();
    assert_eq!((groups.len(), of("group_id").len(), of("household_code").len()), (12, 12, 12));
    assert!(groups.iter().all(|it| it["members"] == "3" && it["is_one_to_one"] == "true"), "{groups:?}");

    let duty = rows("malu", "duty_table");
    assert_eq!(duty.len(), 7 * 24);
    assert!(duty.iter().all(|it| it["is_gap"] == "false" && it["on_duty"] == "1"), "round the clock");

    let petitions = rows("malu", "petition_cases");
    let large: Vec<_> = petitions.iter().filter(|it| it["petitioners"] == "14").collect();
    assert_eq!((petitions.len(), large.len()), (17, 1));
    assert_eq!(["complaints", "representatives", "days"].map(|it| large[0][it]), ["14", "8", "4"]);

    let branch = rows("3351", "member_archive");
    assert_eq!(branch.len(), 33, "party members of the branch");
    assert!(rows("3351", "resident_archive").iter().any(|it| it["card_no"] == "000666"), "zeros stay");
    let ratio = rows("365", "mobilisation");
    assert!(ratio.iter().all(|it| it["target"] == "10.00"), "1 + 10");
}
