//! Reads problems written as `.team` text: those of `.lbm`, and two more kinds of lines.
//!
//! ```text
//! g  PENALTY NEED…    a team: all of these needs are served, or none and PENALTY is paid
//! d  NEED NEED        deputies: where both are served, different roots serve them
//! ```

use std::io::BufRead;

use crate::error::Error;
use crate::lbm::read_lines;

use super::model::{Coupled, deputies};

/// A coupled problem with the optimum its file states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamFile {
    pub coupled: Coupled,
    pub optimum: Option<i128>,
}

/// Reads a problem with teams and deputies; one without them is one too. Lines come in whatever
/// order, but the `p` line is the first.
///
/// **Errors.** As [`read_lbm`](crate::read_lbm()); needs of a `g` or `d` line must exist, and the
/// two of a `d` line differ.
/// **Cost.** One pass; memory grows with the lines read.
pub fn read_team(text: impl BufRead) -> Result<TeamFile, Error> {
    read_team_shared(text, 1)
}

/// The same by several threads: the same file, the same error, sooner.
///
/// **Errors.** As [`read_team`].
pub fn read_team_shared(text: impl BufRead, threads: usize) -> Result<TeamFile, Error> {
    let (file, rows) = read_lines(text, true, threads)?;
    let budgets = deputies(&file.problem, &rows.deputies)?;
    let coupled = Coupled::new(file.problem, rows.teams, budgets)?;
    Ok(TeamFile { coupled, optimum: file.optimum })
}
