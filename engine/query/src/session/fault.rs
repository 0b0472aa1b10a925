//! What DataFusion's errors mean to whoever asked.

use datafusion::common::DataFusionError;

use super::limits::QueryLimits;
use crate::Error;

/// When an error turned up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// While the statement was understood: the statement is wrong.
    Planning,
    /// While rows were made: the statement meets data it cannot be applied to.
    Running,
}

/// Turns an error of DataFusion into one of ours.
pub(super) fn translate(error: DataFusionError, phase: Phase, limits: &QueryLimits) -> Error {
    if let DataFusionError::External(inner) = error {
        // What our own table providers report comes back unchanged.
        return match inner.downcast::<Error>() {
            Ok(ours) => *ours,
            // Libraries of functions put their own errors in: an unclosed bracket in a pattern.
            Err(other) => Error::Evaluation { cause: other.to_string() },
        };
    }
    let root = error.find_root();
    // What our own functions refuse comes from the midst of a plan.
    if let DataFusionError::External(inner) = root
        && let Some(Error::Over { what, limit }) = inner.downcast_ref::<Error>()
    {
        return Error::Over { what: what.clone(), limit: *limit };
    }
    let cause = cleaned(root);
    match root {
        DataFusionError::ResourcesExhausted(_) => Error::OutOfMemory { megabytes: limits.megabytes() },
        DataFusionError::SQL(..)
        | DataFusionError::Plan(_)
        | DataFusionError::SchemaError(..)
        | DataFusionError::NotImplemented(_)
        | DataFusionError::Configuration(_) => Error::Sql { cause },
        DataFusionError::ArrowError(..) | DataFusionError::Execution(_) => Error::Evaluation { cause },
        // Types that do not go together are found by assertions of the planner too.
        DataFusionError::Internal(_) if phase == Phase::Planning => Error::Sql { cause },
        // Functions report arguments that they cannot take by assertions as well.
        DataFusionError::Internal(_) | DataFusionError::External(_) => Error::Evaluation { cause },
        DataFusionError::ParquetError(_) => Error::Damaged { path: "tables".to_owned(), cause },
        _ => Error::Engine { cause },
    }
}

/// What DataFusion puts before the words that matter.
const NOISE: [&str; 14] = [
    "sql parser error: ",
    "SQL error: ",
    "Error during planning: ",
    "Internal error: ",
    "Schema error: ",
    "Execution error: ",
    "This feature is not implemented: ",
    "Arrow error: ",
    "Cast error: ",
    "Parser error: ",
    "Compute error: ",
    "Arithmetic overflow: ",
    "Invalid argument error: ",
    "DataFusion error: ",
];

/// The message without DataFusion's prefixes, advice and backtrace.
fn cleaned(error: &DataFusionError) -> String {
    let text = match error {
        DataFusionError::SQL(parser, _) => parser.to_string(),
        DataFusionError::ArrowError(arrow, _) => arrow.to_string(),
        other => other.message().into_owned(),
    };
    let text = text.split(DataFusionError::BACK_TRACE_SEP).next().unwrap_or_default();
    let text = text.split("\nThis issue was likely caused by a bug").next().unwrap_or_default();
    let text = NOISE.iter().fold(text.to_owned(), |text, noise| text.replace(noise, ""));
    text.trim().trim_end_matches('.').to_owned()
}
