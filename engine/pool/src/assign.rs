//! An assignment problem from a file: read, solved, proven, written down. No pool takes part.

use std::io::{self, BufRead, BufReader, Write};

use flate2::bufread::MultiGzDecoder;
use linli_assign::{Certificate, Limits, Problem, Solution, Status, certify, read_lbm, read_orlib, solve};
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
    /// Chosen edges that other plans of the same cost go without.
    pub undecided: usize,
    /// Threads that were allowed.
    pub threads: usize,
}

/// A solved problem.
pub struct Assigned {
    /// What to say of it.
    pub report: AssignReport,
    solution: Solution,
    proof: Certificate,
}

/// Reads a problem: `.lbm` or a dense one of the OR-Library, packed by gzip or not; the bytes tell.
///
/// **Errors.** [`Error::Problem`], with the line.
pub fn read_problem(mut file: impl BufRead) -> Result<Problem> {
    let start = file.fill_buf().map_err(unread)?;
    if start.starts_with(&GZIP) {
        return unpacked(BufReader::new(MultiGzDecoder::new(file)));
    }
    unpacked(file)
}

fn unpacked(mut text: impl BufRead) -> Result<Problem> {
    let start = text.fill_buf().map_err(unread)?;
    // Lines of the one begin with a letter, the other is all numbers.
    let first = start.iter().find(|it| !it.is_ascii_whitespace());
    let problem = if first.is_some_and(u8::is_ascii_digit) {
        read_orlib(text)
    } else {
        read_lbm(text).map(|it| it.problem)
    };
    problem.map_err(Error::Problem)
}

fn unread(source: io::Error) -> Error {
    Error::Problem(linli_assign::Error::Read { line: 1, source })
}

/// Solves a problem.
///
/// **Errors.** [`Error::Assign`] where the answer is not proven.
pub fn solve_problem(problem: &Problem, limits: &Limits) -> Result<Solution> {
    Ok(solve(problem, limits)?)
}

/// Proves what was found.
pub fn prove(problem: &Problem, solution: Solution, threads: usize) -> Assigned {
    let proof = certify(problem, &solution);
    let report = AssignReport {
        status: match solution.status {
            Status::Optimal => "optimal",
            Status::Limit => "limit",
        },
        needs: problem.needs().len(),
        nodes: problem.nodes().len(),
        edges: problem.edges().len(),
        objective: proof.primal,
        dual: proof.dual,
        gap: proof.gap,
        certified: proof.is_proof(),
        unmet: solution.unmet.iter().map(|it| u64::from(*it)).sum(),
        undecided: solution.undecided.len(),
        threads,
    };
    Assigned { report, solution, proof }
}

impl Assigned {
    /// Writes plan and prices, positions from 0 and ascending:
    ///
    /// ```text
    /// s OBJECTIVE DUAL
    /// x EDGE
    /// u NEED PRICE        at most its penalty
    /// v NODE PRICE        its own and those of the nodes above
    /// ```
    pub fn write(&self, mut out: impl Write) -> io::Result<()> {
        writeln!(out, "s {} {}", self.proof.primal, self.proof.dual)?;
        for edge in &self.solution.chosen {
            writeln!(out, "x {edge}")?;
        }
        for (need, price) in self.solution.prices.need.iter().enumerate() {
            writeln!(out, "u {need} {price}")?;
        }
        for (node, price) in self.solution.prices.node.iter().enumerate() {
            writeln!(out, "v {node} {price}")?;
        }
        out.flush()
    }
}
