//! An assignment problem from a file: read, solved, proven, written down. No pool takes part.

use std::io::{self, BufRead, BufReader, Write};

use flate2::bufread::MultiGzDecoder;
use linli_assign::{
    Coupled, CoupledSolution, Limits, Problem, Solution, Status, certify, certify_coupled, read_orlib,
    read_team_shared, solve, solve_coupled,
};
use serde::Serialize;

use crate::error::{Error, Result};

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What became of a problem.
#[derive(Debug, Clone, Serialize)]
pub struct AssignReport {
    /// `optimal`, or `limit` where the steps ran out first.
    pub status: &'static str,
    /// Needs of the problem.
    pub needs: usize,
    /// Nodes of the problem.
    pub nodes: usize,
    /// Edges of the problem.
    pub edges: usize,
    /// What the plan costs.
    pub objective: i128,
    /// What every plan costs at least.
    pub dual: i128,
    /// `objective − dual`.
    pub gap: i128,
    /// Whether plan and prices keep all rules and leave no gap.
    pub certified: bool,
    /// Units that nobody serves.
    pub unmet: u64,
    /// Chosen edges that other plans of the same cost go without; not known of teams.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undecided: Option<usize>,
    /// Teams, where the problem has rules beyond the flow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teams: Option<usize>,
    /// Teams that nobody serves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teams_unserved: Option<usize>,
    /// Threads that were allowed.
    pub threads: usize,
}

/// What a file asks.
pub enum Asked {
    /// A flow.
    Flow(Problem),
    /// A flow with teams and deputies.
    Coupled(Coupled),
}

/// What was found, not yet proven.
pub enum Found {
    /// A plan with prices.
    Flow(Solution),
    /// A plan with a tree of prices.
    Coupled(CoupledSolution),
}

/// A solved and proven problem.
pub struct Assigned {
    /// What to say of it.
    pub report: AssignReport,
    found: Found,
}

/// Reads a problem: `.lbm`, `.team` or a dense one of the OR-Library, packed by gzip or not; the
/// bytes tell. More threads than one read the edges side by side.
///
/// **Errors.** [`Error::Problem`], with the line.
pub fn read_problem(mut file: impl BufRead, threads: usize) -> Result<Asked> {
    let start = file.fill_buf().map_err(unread)?;
    if start.starts_with(&GZIP) {
        return unpacked(BufReader::new(MultiGzDecoder::new(file)), threads);
    }
    unpacked(file, threads)
}

fn unpacked(mut text: impl BufRead, threads: usize) -> Result<Asked> {
    let start = text.fill_buf().map_err(unread)?;
    // Lines of the one begin with a letter, the other is all numbers.
    let first = start.iter().find(|it| !it.is_ascii_whitespace());
    if first.is_some_and(u8::is_ascii_digit) {
        return read_orlib(text).map(Asked::Flow).map_err(Error::Problem);
    }
    let coupled = read_team_shared(text, threads).map_err(Error::Problem)?.coupled;
    let is_flow = coupled.teams().is_empty() && coupled.budgets().is_empty();
    Ok(if is_flow { Asked::Flow(coupled.into_problem()) } else { Asked::Coupled(coupled) })
}

fn unread(source: io::Error) -> Error {
    Error::Problem(linli_assign::Error::Read { line: 1, source })
}

/// Solves a problem.
///
/// **Errors.** [`Error::Assign`] where the answer is not proven.
pub fn solve_problem(asked: &Asked, limits: &Limits) -> Result<Found> {
    Ok(match asked {
        Asked::Flow(problem) => Found::Flow(solve(problem, limits)?),
        Asked::Coupled(coupled) => Found::Coupled(solve_coupled(coupled, limits)?),
    })
}

/// Proves what was found for a problem.
pub fn prove(asked: &Asked, found: Found, threads: usize) -> Assigned {
    let problem = match asked {
        Asked::Flow(problem) => problem,
        Asked::Coupled(coupled) => coupled.problem(),
    };
    let mut report = AssignReport {
        status: "optimal",
        needs: problem.needs().len(),
        nodes: problem.nodes().len(),
        edges: problem.edges().len(),
        objective: 0,
        dual: 0,
        gap: 0,
        certified: false,
        unmet: 0,
        undecided: None,
        teams: None,
        teams_unserved: None,
        threads,
    };
    let units = |unmet: &[u32]| unmet.iter().map(|it| u64::from(*it)).sum();
    let (status, unmet) = match &found {
        Found::Flow(solution) => {
            let proof = certify(problem, solution);
            (report.objective, report.dual, report.gap) = (proof.primal, proof.dual, proof.gap);
            report.certified = proof.is_proof();
            report.undecided = Some(solution.undecided.len());
            (solution.status, units(&solution.unmet))
        }
        Found::Coupled(solution) => {
            if let Asked::Coupled(coupled) = asked {
                let proof = certify_coupled(coupled, solution);
                (report.objective, report.dual, report.gap) = (proof.objective, proof.bound, proof.gap);
                report.certified = proof.is_proof();
                report.teams = Some(coupled.teams().len());
            }
            report.teams_unserved = Some(solution.teams_unserved.len());
            (solution.status, units(&solution.unmet))
        }
    };
    if status == Status::Limit {
        report.status = "limit";
    }
    report.unmet = unmet;
    Assigned { report, found }
}

impl Assigned {
    /// Writes plan and prices, positions from 0 and ascending; of teams the plan alone:
    ///
    /// ```text
    /// s OBJECTIVE DUAL
    /// x EDGE
    /// u NEED PRICE        at most its penalty
    /// v NODE PRICE        its own and those of the nodes above
    /// ```
    pub fn write(&self, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "s {} {}", self.report.objective, self.report.dual)?;
        let (chosen, prices) = match &self.found {
            Found::Flow(it) => (&it.chosen, Some(&it.prices)),
            Found::Coupled(it) => (&it.chosen, None),
        };
        for edge in chosen {
            writeln!(out, "x {edge}")?;
        }
        for (need, price) in prices.iter().flat_map(|it| it.need.iter().enumerate()) {
            writeln!(out, "u {need} {price}")?;
        }
        for (node, price) in prices.iter().flat_map(|it| it.node.iter().enumerate()) {
            writeln!(out, "v {node} {price}")?;
        }
        out.flush()
    }
}
