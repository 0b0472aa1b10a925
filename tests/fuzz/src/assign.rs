//! Problems of assignment from files.

use std::io::Write;

use linli_assign::{
    Coupled, Limits, Problem, Session, Status, certify, certify_coupled, read_lbm, read_orlib, read_team,
    solve, solve_coupled,
};

/// Larger problems say nothing that smaller ones do not, and take long.
const EDGES_MAX: usize = 400;
const UNITS_MAX: u64 = 2_000;

/// Text is a problem or an error that names its line; a problem has a proven plan, with any limit
/// of steps, and a session of it is at the same optimum.
pub fn problem(bytes: &[u8]) {
    let read = [read_lbm(bytes).map(|it| it.problem), read_orlib(bytes)];
    for it in read {
        match it {
            Ok(problem) => check(&problem),
            // Texts are made as well.
            Err(error) => drop(write!(std::io::sink(), "{error}")),
        }
    }
    match read_team(bytes) {
        Ok(it) => check_coupled(&it.coupled),
        Err(error) => drop(write!(std::io::sink(), "{error}")),
    }
}

/// Whatever the limit: a plan that keeps all rules, and a bound that holds.
fn check_coupled(coupled: &Coupled) {
    if coupled.problem().edges().len() > 40 || coupled.problem().nodes().len() > 40 {
        return;
    }
    let mut objective = None;
    for steps in [2_000, 100, 10, 0] {
        let limits = Limits { steps_max: Some(steps), ..Limits::default() };
        let Ok(limited) = solve_coupled(coupled, &limits) else { panic!("no plan after {steps} steps") };
        let proof = certify_coupled(coupled, &limited);
        assert!(proof.feasible && proof.bound <= proof.objective);
        // The first is the best there is, or close to it.
        let best = *objective.get_or_insert(proof.objective);
        assert!(proof.bound <= best);
    }
}

fn check(problem: &Problem) {
    let units: u64 = problem.needs().iter().map(|it| u64::from(it.demand)).sum();
    let vertices = problem.needs().len() + problem.nodes().len();
    if problem.edges().len() > EDGES_MAX || vertices > EDGES_MAX || units > UNITS_MAX {
        return;
    }
    let Ok(best) = solve(problem, &Limits::default()) else { panic!("not proven") };
    assert!(certify(problem, &best).is_proof());
    for steps in [0, 1, 7, 60] {
        let limits = Limits { steps_max: Some(steps), ..Limits::default() };
        let Ok(limited) = solve(problem, &limits) else { panic!("no plan after {steps} steps") };
        let proof = certify(problem, &limited);
        assert!(proof.feasible && proof.dual <= best.objective && best.objective <= proof.primal);
        assert_eq!(limited.status == Status::Limit, proof.gap > 0);
    }
    let Ok(mut session) = Session::new(problem, &Limits::default()) else { panic!("no session") };
    assert_eq!(session.objective(), best.objective);
    for node in 0..problem.nodes().len().min(20) as u32 {
        let was = problem.nodes()[node as usize].capacity;
        let changed = session.set_capacity(node, 0).and_then(|()| session.set_capacity(node, was));
        assert!(changed.is_ok());
    }
    assert_eq!(session.objective(), best.objective);
}
