//! Teams, deputies and budgets: the optimum, its proof, and what a limit leaves.

use std::fs::File;
use std::io::{BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use linli_assign::{
    Budget, Coupled, CoupledSolution, Edge, Limits, Need, Node, Problem, Status, Team, TeamFile,
    certify_coupled, deputies, read_team, solve_coupled,
};
use proptest::prelude::*;

use crate::instances::FOLDER;
use crate::random::cases;
use crate::team_random::{Sketch, small};

fn solved(coupled: &Coupled) -> CoupledSolution {
    solve_coupled(coupled, &Limits::default()).unwrap()
}

fn limited(coupled: &Coupled, steps: u64) -> CoupledSolution {
    solve_coupled(coupled, &Limits { steps_max: Some(steps), ..Limits::default() }).unwrap()
}

#[test]
fn branch_and_bound_equals_trying_everything() {
    proptest!(cases(6000), |(sketch in small())| {
        let coupled = sketch.coupled();
        let solution = solved(&coupled);
        let proof = certify_coupled(&coupled, &solution);
        prop_assert_eq!(solution.objective, sketch.cheapest());
        prop_assert_eq!((proof.gap, proof.violations), (0, vec![]));
        prop_assert_eq!(solution.status, Status::Optimal);
    });
}

#[test]
fn numbers_near_the_ends_of_their_ranges_are_proven_too() {
    proptest!(cases(1500), |(sketch in small(), far in 40_u32..=47)| {
        let problem = &sketch.problem;
        let needs = problem.needs().iter().map(|it| Need { penalty: it.penalty << far, ..*it }).collect();
        let edges = problem.edges().iter().map(|it| Edge { cost: it.cost << (far - 12), ..*it }).collect();
        let teams = sketch.teams.iter();
        let sketch = Sketch {
            problem: Problem::new(needs, problem.nodes().to_vec(), edges).unwrap(),
            teams: teams.map(|it| Team { penalty: it.penalty << far, needs: it.needs.clone() }).collect(),
            ..sketch.clone()
        };
        let coupled = sketch.coupled();
        let solution = solved(&coupled);
        let proof = certify_coupled(&coupled, &solution);
        prop_assert_eq!(solution.objective, sketch.cheapest());
        prop_assert_eq!((proof.gap, proof.violations), (0, vec![]));
    });
}

#[test]
fn every_step_limit_leaves_a_plan_and_a_true_bound() {
    proptest!(cases(150), |(sketch in small())| {
        let coupled = sketch.coupled();
        let optimum = sketch.cheapest();
        for steps in 0..60 {
            let solution = limited(&coupled, steps);
            let proof = certify_coupled(&coupled, &solution);
            prop_assert_eq!(&proof.violations, &vec![], "{} steps", steps);
            prop_assert!(proof.bound <= optimum && optimum <= proof.objective, "{} steps", steps);
            prop_assert_eq!(solution.status == Status::Limit, proof.gap > 0, "{} steps", steps);
        }
    });
}

#[test]
fn the_order_of_teams_deputies_and_budgets_does_not_matter() {
    proptest!(cases(500), |(sketch in small())| {
        let mut turned = sketch.clone();
        turned.teams.reverse();
        turned.budgets.reverse();
        turned.pairs = turned.pairs.iter().rev().map(|&(a, b)| (b, a)).collect();
        let plan = |it: &Sketch| {
            let solution = solved(&it.coupled());
            (solution.chosen, solution.unmet, solution.objective)
        };
        prop_assert_eq!(plan(&sketch), plan(&turned));
    });
}

#[test]
fn solving_twice_gives_the_same_tree() {
    proptest!(cases(100), |(sketch in small())| {
        let coupled = sketch.coupled();
        prop_assert_eq!(solved(&coupled), solved(&coupled));
    });
}

fn node(capacity: u32) -> Node {
    Node { parent: None, capacity }
}

fn edge(need: u32, node: u32, cost: i64) -> Edge {
    Edge { need, node, cost, pair: None }
}

fn needs(n: usize, demand: u32, penalty: i64) -> Vec<Need> {
    vec![Need { demand, penalty }; n]
}

#[test]
fn nothing_at_all_is_proven() {
    let coupled = Coupled::new(Problem::new(vec![], vec![], vec![]).unwrap(), vec![], vec![]).unwrap();
    let solution = solved(&coupled);
    assert!(certify_coupled(&coupled, &solution).is_proof());
}

#[test]
fn a_team_that_cannot_be_whole_is_not_served_at_all() {
    let problem = Problem::new(needs(2, 1, 50), vec![node(1)], vec![edge(0, 0, 1), edge(1, 0, 2)]).unwrap();
    let team = Team { penalty: 7, needs: vec![0, 1] };
    let solution = solved(&Coupled::new(problem, vec![team], vec![]).unwrap());
    assert_eq!((solution.chosen, solution.teams_unserved, solution.objective), (vec![], vec![0], 107));
}

#[test]
fn a_team_stays_out_where_others_are_worth_more() {
    let edges = vec![edge(0, 0, 1), edge(1, 0, 1), edge(2, 0, 1)];
    let rival = Need { demand: 1, penalty: 60 };
    let problem = Problem::new([needs(2, 1, 20), vec![rival]].concat(), vec![node(2)], edges).unwrap();
    let with = |penalty| {
        let team = Team { penalty, needs: vec![0, 1] };
        solved(&Coupled::new(problem.clone(), vec![team], vec![]).unwrap()).chosen
    };
    assert_eq!(with(18), [2]);
    assert_eq!(with(22), [0, 1]);
}

#[test]
fn teams_that_share_a_need_stand_and_fall_together() {
    let edges = vec![edge(0, 0, 1), edge(1, 0, 1), edge(2, 1, 1)];
    let problem = Problem::new(needs(3, 1, 10), vec![node(2), node(0)], edges).unwrap();
    let team = |needs: &[u32]| Team { penalty: 100, needs: needs.to_vec() };
    let coupled = Coupled::new(problem, vec![team(&[0, 1]), team(&[1, 2])], vec![]).unwrap();
    assert_eq!(coupled.groups().len(), 1);
    assert_eq!(solved(&coupled).teams_unserved, [0, 1]);
}

#[test]
fn a_team_that_asks_for_nothing_is_served() {
    let problem = Problem::new(needs(2, 0, 9), vec![], vec![]).unwrap();
    for penalty in [-5, 5] {
        let team = Team { penalty, needs: vec![0, 1] };
        let solution = solved(&Coupled::new(problem.clone(), vec![team], vec![]).unwrap());
        assert_eq!((solution.teams_unserved, solution.objective), (vec![], 0));
    }
}

#[test]
fn deputies_never_share_a_root_however_many_units_they_ask_for() {
    // One root with four slots; each need could have two of them.
    let slot = Node { parent: Some(0), capacity: 1 };
    let nodes = vec![node(4), slot, slot, slot, slot];
    let edges = vec![edge(0, 1, 1), edge(0, 2, 1), edge(1, 3, 2), edge(1, 4, 2)];
    let problem = Problem::new(needs(2, 2, 50), nodes, edges).unwrap();
    let budgets = deputies(&problem, &[(0, 1)]).unwrap();
    let solution = solved(&Coupled::new(problem, vec![], budgets).unwrap());
    assert_eq!(solution.chosen, [0, 1]);
}

#[test]
fn one_unit_and_many_are_kept_apart_by_one_budget() {
    let nodes = vec![node(9), node(9)];
    let edges = vec![edge(0, 0, 1), edge(0, 1, 5), edge(1, 0, 1), edge(1, 0, 1)];
    let many = Need { demand: 2, penalty: 50 };
    let problem = Problem::new([needs(1, 1, 50), vec![many]].concat(), nodes, edges).unwrap();
    let budgets = deputies(&problem, &[(1, 0)]).unwrap();
    assert_eq!(budgets, [Budget { most: 2, uses: vec![(0, 2), (2, 1), (3, 1)] }]);
    assert_eq!(solved(&Coupled::new(problem, vec![], budgets).unwrap()).chosen, [1, 2, 3]);
}

#[test]
fn hours_of_unequal_length_fill_a_budget() {
    let edges: Vec<Edge> = (0..4).map(|at| edge(at, at, 0)).collect();
    let penalties = [90, 61, 31, 28].map(|penalty| Need { demand: 1, penalty });
    let problem = Problem::new(penalties.to_vec(), vec![node(1); 4], edges).unwrap();
    let minutes = Budget { most: 120, uses: vec![(0, 90), (1, 60), (2, 60), (3, 30)] };
    let solution = solved(&Coupled::new(problem, vec![], vec![minutes]).unwrap());
    assert_eq!((solution.chosen, solution.objective), (vec![0, 3], 92));
}

#[test]
fn the_largest_numbers_are_solved_and_proven() {
    let (most, dear) = (linli_assign::PENALTY_MAX, linli_assign::COST_MAX);
    let edges = vec![edge(0, 0, dear), edge(1, 0, -dear), edge(2, 0, dear), edge(2, 1, -dear)];
    let problem = Problem::new(needs(3, 1, most), vec![node(2), node(1)], edges).unwrap();
    let team = Team { penalty: most, needs: vec![0, 2] };
    let budget = Budget { most: most as u64, uses: vec![(0, 1 << 31), (1, 1 << 31)] };
    let coupled = Coupled::new(problem, vec![team], vec![budget]).unwrap();
    let solution = solved(&coupled);
    assert_eq!((&solution.chosen[..], solution.objective), (&[0, 1, 3][..], -i128::from(dear)));
    assert!(certify_coupled(&coupled, &solution).is_proof());
}

fn file(name: &str) -> TeamFile {
    let file = File::open(format!("{FOLDER}/{name}")).unwrap();
    read_team(BufReader::new(MultiGzDecoder::new(BufReader::new(file)))).unwrap()
}

#[test]
fn every_stated_optimum_is_found_and_proven() {
    let entries = std::fs::read_dir(FOLDER).unwrap();
    let names = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|it| it.ends_with(".team.gz")).collect();
    names.sort();
    assert!(names.len() >= 6, "{names:?}");
    for name in names {
        let TeamFile { coupled, optimum } = file(&name);
        let solution = solved(&coupled);
        let proof = certify_coupled(&coupled, &solution);
        assert_eq!(Some(solution.objective), optimum, "{name}");
        assert_eq!((proof.gap, proof.violations), (0, vec![]), "{name}");
    }
}

/// Steps between the limits of the stages: within the first flow, among the first bounds, among
/// the branches.
#[test]
fn a_limit_on_a_hard_problem_leaves_a_plan_and_a_true_bound() {
    let TeamFile { coupled, optimum } = file("team-hard-m.team.gz");
    let optimum = optimum.unwrap();
    for steps in [0, 1, 7, 100, 400, 1_000, 5_000, 15_000, 20_000, 25_000, 30_000] {
        let solution = limited(&coupled, steps);
        let proof = certify_coupled(&coupled, &solution);
        assert_eq!(proof.violations, [], "{steps} steps");
        assert!(proof.bound <= optimum && optimum <= proof.objective, "{steps} steps");
        assert_eq!(solution.status == Status::Limit, proof.gap > 0, "{steps} steps");
    }
    let gap = |steps| limited(&coupled, steps).objective - optimum;
    assert!(gap(0) > 100_000 && gap(10_000) < 2_000, "{} {}", gap(0), gap(10_000));
}

#[test]
fn shuffled_lines_give_the_same_plan() {
    let path = BufReader::new(File::open(format!("{FOLDER}/team-hard-s.team.gz")).unwrap());
    let mut text = String::new();
    MultiGzDecoder::new(path).read_to_string(&mut text).unwrap();
    let (mut turned, kept): (Vec<&str>, Vec<&str>) = text.lines().partition(|it| it.starts_with(['g', 'd']));
    turned.reverse();
    let turned = kept.iter().chain(&turned).map(|it| format!("{it}\n")).collect::<String>();
    let plan = |text: &str| solved(&read_team(text.as_bytes()).unwrap().coupled).chosen;
    assert_eq!(plan(&text), plan(&turned));
}

/// A district of small teams: members live near each other and can be served by the nearest
/// providers; every other team has deputies, and so have neighbours of different teams.
fn district(seed: u64, n_teams: u32) -> Coupled {
    let mut state = seed;
    let mut below = |n: u64| {
        // Steele, Lea & Flood 2014, SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((it ^ (it >> 31)) % n) as i64
    };
    let (mut needs, mut place, mut teams, mut pairs) = (vec![], vec![], vec![], vec![]);
    for team in 0..n_teams {
        let (x, y) = (below(10_000), below(10_000));
        let first = needs.len() as u32;
        for _ in 0..2 + below(3) {
            needs.push(Need { demand: 1, penalty: 500 + below(2_000) });
            place.push((x + below(1_000), y + below(1_000)));
        }
        if team % 2 == 0 {
            pairs.push((first, first + 1));
        }
        let members = first..needs.len() as u32;
        teams.push(Team { penalty: 1_500 + below(8_000), needs: members.collect() });
    }
    let away = |a: (i64, i64), b: (i64, i64)| (a.0 - b.0).abs() + (a.1 - b.1).abs();
    for need in (1..needs.len()).step_by(5) {
        let others = (0..needs.len()).filter(|&it| it != need && it + 4 < need);
        let nearest = others.min_by_key(|&it| away(place[it], place[need]));
        pairs.extend(nearest.map(|it| (it as u32, need as u32)));
    }
    let providers: Vec<(i64, i64)> = (0..n_teams * 3 / 2).map(|_| (below(11_000), below(11_000))).collect();
    let nodes = providers.iter().map(|_| Node { parent: None, capacity: 1 + below(3) as u32 }).collect();
    let mut edges = Vec::new();
    for (need, &home) in (0..).zip(&place) {
        let mut near: Vec<(i64, u32)> = (0..).zip(&providers).map(|(at, &it)| (away(home, it), at)).collect();
        near.sort_unstable();
        edges.extend(near.iter().take(5).map(|&(far, at)| edge(need, at, far / 3 + 50 + below(500))));
    }
    let problem = Problem::new(needs, nodes, edges).unwrap();
    let budgets = deputies(&problem, &pairs).unwrap();
    Coupled::new(problem, teams, budgets).unwrap()
}

#[test]
fn small_districts_prove_themselves() {
    for seed in 100..160 {
        let coupled = district(seed, 5 + (seed % 25) as u32);
        let proof = certify_coupled(&coupled, &solved(&coupled));
        assert!(proof.is_proof(), "district {seed}: {proof:?}");
    }
}

#[test]
fn two_hundred_teams_are_solved_to_proof() {
    for (seed, n_teams) in [(1, 50), (2, 100), (3, 200)] {
        let coupled = district(seed, n_teams);
        let proof = certify_coupled(&coupled, &solved(&coupled));
        assert!(proof.is_proof(), "{n_teams} teams: {proof:?}");
    }
}
