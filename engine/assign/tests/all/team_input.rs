//! Bad teams, deputies and budgets are refused, and the refusal says where.

use std::io::Read;

use flate2::Compression;
use flate2::bufread::{GzDecoder, GzEncoder};
use linli_assign::{Budget, Coupled, Edge, Need, Node, PENALTY_MAX, Problem, Team, deputies, read_team};

const TEXT: &str = "c parents follow, teams come first\np lbm 3 2 3\ng 9 2 0\nd 1 0\ne 0 0 4\n\
    o 11 -1\nn 1 5\nt 1 1\nn 1 5\ne 1 0 3\nt -1 2\ne 2 1 1\nn 1 5\n";

fn problem() -> Problem {
    let needs = vec![Need { demand: 1, penalty: 5 }; 3];
    let edge = |need| Edge { need, node: 0, cost: 1, pair: None };
    Problem::new(needs, vec![Node { parent: None, capacity: 9 }], (0..3).map(edge).collect()).unwrap()
}

#[test]
fn lines_come_in_any_order() {
    let file = read_team(TEXT.as_bytes()).unwrap();
    assert_eq!(file.optimum, Some(11));
    assert_eq!(file.coupled.teams(), [Team { penalty: 9, needs: vec![2, 0] }]);
    assert_eq!(file.coupled.budgets(), [Budget { most: 1, uses: vec![(0, 1), (1, 1)] }]);
    assert_eq!((file.coupled.group_of(0), file.coupled.group_of(1)), (Some(0), None));
}

#[test]
fn a_file_without_teams_is_one_too() {
    let file = read_team("p lbm 1 0 0\nn 1 2\no 2 1\n".as_bytes()).unwrap();
    assert_eq!((file.coupled.teams().len(), file.coupled.budgets().len()), (0, 0));
}

#[test]
fn a_bad_line_is_named() {
    for (line, expected) in [
        ("x", "line 4: found \"x\", expected c, p, n, t, e, g, d or o"),
        ("g", "line 4: found \"\", expected a penalty"),
        ("g 4", "line 4: found \"\", expected a need"),
        ("g 4 0 b", "line 4: found \"b\", expected a need"),
        ("g 4 0 2", "line 4: team 0 names need 2, but there are 2"),
        ("g 4 -1", "line 4: team 0 names need -1, but there are 2"),
        ("g 4503599627370497 0", "line 4: penalty 4503599627370497 of team 0 is outside"),
        ("d 0", "line 4: found \"\", expected a need"),
        ("d 0 1 1", "line 4: found \"1\", expected the end of the line"),
        ("d 0 5", "line 4: pair of deputies 0 names need 5, but there are 2"),
        ("d 1 1", "line 4: pair of deputies 0 names need 1 twice"),
        ("o 1 -2", "line 4: found \"-2\", expected unserved units"),
    ] {
        let text = format!("p lbm 2 0 0\nn 1 1\nn 1 1\n{line}\n");
        let refusal = read_team(text.as_bytes()).unwrap_err().to_string();
        assert!(refusal.starts_with(expected), "{refusal}");
    }
    let early = read_team("g 1 0\np lbm 1 0 0\nn 1 1\n".as_bytes()).unwrap_err().to_string();
    assert_eq!(early, "line 1: found \"g\", expected the p line first");
}

#[test]
fn a_file_of_flows_has_no_teams() {
    let refusal = linli_assign::read_lbm("p lbm 1 0 0\nn 1 1\ng 1 0\n".as_bytes()).unwrap_err();
    assert_eq!(refusal.to_string(), "line 3: found \"g\", expected c, p, n, t, e or o");
}

#[test]
fn a_packed_file_that_breaks_off_is_reported_with_its_line() {
    let rows: String = (0..2000).map(|at| format!("n 1 {}\n", at * 7919 % 10_007)).collect();
    let mut packed = Vec::new();
    let text = format!("p lbm 2000 0 0\n{rows}");
    GzEncoder::new(text.as_bytes(), Compression::default()).read_to_end(&mut packed).unwrap();
    packed.truncate(packed.len() / 2);
    let reader = std::io::BufReader::new(GzDecoder::new(packed.as_slice()));
    let refusal = read_team(reader).unwrap_err().to_string();
    assert!(refusal.starts_with("line ") && refusal.ends_with(": not readable"), "{refusal}");
    assert!(!refusal.starts_with("line 1:"), "{refusal}");
}

#[test]
fn teams_and_budgets_are_checked_when_they_are_made() {
    let refusal = |team: Option<Team>, budget: Option<Budget>| {
        let (teams, budgets) = (team.into_iter().collect(), budget.into_iter().collect());
        Coupled::new(problem(), teams, budgets).unwrap_err().to_string()
    };
    let team = |penalty, needs: &[u32]| refusal(Some(Team { penalty, needs: needs.to_vec() }), None);
    assert_eq!(team(0, &[0, 3]), "team 0 names need 3, but there are 3");
    assert!(team(-PENALTY_MAX - 1, &[]).starts_with("penalty -4503599627370497 of team 0 is outside"));
    let budget = |most, uses: &[(u32, u32)]| refusal(None, Some(Budget { most, uses: uses.to_vec() }));
    assert_eq!(budget(1, &[(3, 1)]), "budget 0 names edge 3, but there are 3");
    assert!(budget(u64::MAX, &[]).starts_with("limit 18446744073709551615 of budget 0 is outside"));
    assert!(budget(1, &[(0, u32::MAX)]).starts_with("weight 4294967295 of budget 0 is outside"));
    let twice = "entry 1 of budget 0 does not come after the one before";
    assert_eq!(budget(1, &[(1, 1), (1, 1)]), twice);
    assert_eq!(budget(1, &[(1, 1), (0, 1)]), twice);
}

#[test]
fn deputies_are_two_needs_that_exist() {
    let refusal = |a, b| deputies(&problem(), &[(0, 1), (a, b)]).unwrap_err().to_string();
    assert_eq!(refusal(2, 3), "pair of deputies 1 names need 3, but there are 3");
    assert_eq!(refusal(2, 2), "pair of deputies 1 names need 2 twice");
}
