//! What can go wrong, in the words of the caller's data.
//!
//! Texts are fragments that fit after "could not …: ".

use thiserror::Error;

/// Why a problem could not be built, read, solved or explained.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// More rows than positions of 32 bits can name.
    #[error("{found} {what} are more than the {max} that fit")]
    TooMany { what: &'static str, found: u64, max: u64 },

    /// A number outside the range in which all sums are exact.
    #[error("{what} {found} of {owner} {index} is outside {min} to {max}")]
    OutOfBounds { what: &'static str, owner: &'static str, index: u64, found: i128, min: i64, max: i64 },

    /// An edge or a node names something that is not there.
    #[error("{owner} {index} names {what} {found}, but there are {len}")]
    UnknownId { what: &'static str, owner: &'static str, index: u64, found: i128, len: u64 },

    /// Entries that must ascend do not.
    #[error("entry {entry} of {owner} {index} does not come after the one before")]
    NotAscending { owner: &'static str, index: u64, entry: u64 },

    /// A need cannot be kept apart from itself.
    #[error("pair of deputies {index} names need {need} twice")]
    SameNeed { index: u64, need: u32 },

    /// Going from parent to parent comes back to the same node.
    #[error("node {node} is its own ancestor")]
    ParentCycle { node: u32 },

    /// Of a node, a later unit would cost less than an earlier one, or have two costs.
    #[error(
        "unit {from} of node {node} and those after it cost less than the ones before, or have two costs"
    )]
    StepsFall { node: u32, from: u32 },

    /// Teams and budgets are not solved where units through nodes cost something.
    #[error("units through node {node} cost something, which teams and budgets do not go with")]
    StepsBesideTeams { node: u32 },

    /// The lowest cost lies above the highest.
    #[error("the lowest cost {cost_min} is above the highest {cost_max}")]
    CostsReversed { cost_min: i64, cost_max: i64 },

    /// Tiers cannot be spaced within the range of penalties.
    #[error("tier {tier} over {units} units and a cost range of {range} needs a penalty above {max}")]
    PenaltyTooLarge { tier: u8, units: u64, range: i64, max: i64 },

    /// The prices do not prove the plan. After `solve` this is a mistake of ours, and no answer
    /// is better than a wrong one.
    #[error("the prices leave a gap of {gap} and {n_violations} violations")]
    Unproven { gap: i128, n_violations: usize },

    /// An event names something that is not there.
    #[error("there is no {what} {found}; there are {len}, counted from 0")]
    Missing { what: &'static str, found: u32, len: u64 },

    /// Pins hold more than what is left.
    #[error("{what} {index} has {held} pinned units, which are more than that")]
    Pinned { what: &'static str, index: u64, held: u64 },

    /// Only what is chosen can be pinned.
    #[error("edge {edge} is not chosen")]
    NotChosen { edge: u32 },

    /// The text could not be read on.
    #[error("line {line}: not readable")]
    Read {
        line: u64,
        #[source]
        source: std::io::Error,
    },

    /// A line does not have the form of its kind.
    #[error("line {line}: found \"{found}\", expected {expected}")]
    Syntax { line: u64, found: String, expected: &'static str },

    /// Fewer or more rows than the `p` line promises.
    #[error("line {line}: {found} {what}, but the p line promises {expected}")]
    Count { line: u64, what: &'static str, found: u64, expected: u64 },

    /// A line has the right form but its numbers cannot be part of a problem.
    #[error("line {line}: {source}")]
    Line {
        line: u64,
        #[source]
        source: Box<Error>,
    },
}
