//! Whether the lines of a plan keep the rules.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};

use super::rule;
use super::stage::Stage;
use crate::frame::{Frame, shared};
use crate::ingest::PlanLine;
use crate::session::Params;
use crate::store::engine;
use crate::{Pending, Result};

/// The table in which the lines stand while they are checked.
const LINES: &str = "plan_line";

/// What the rules say of a line of a plan at one occurrence of its need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineCheck {
    /// The line's position in the plan.
    pub line: usize,
    /// The occurrence.
    pub occurrence_start: i64,
    /// The rules that are broken, by name.
    pub failed: Vec<String>,
}

impl Stage {
    /// Evaluates every rule on the lines of a plan: at the occurrence that a line names, else at
    /// each of its need's.
    ///
    /// **Shape.** By line and occurrence. Nothing for a line whose need, occurrence, provider or
    /// slot is not there.
    /// **Cost.** Lines × occurrences of their needs.
    pub fn check_lines<'a>(&'a self, lines: &'a [PlanLine]) -> Pending<'a, Result<Vec<LineCheck>>> {
        Box::pin(async move {
            let batch = table(lines)?;
            self.session.register(LINES, batch.schema(), vec![batch])?;
            let sql = format!(
                "SELECT l.line, n.occurrence_start, {} FROM {LINES} l \
                 JOIN need_occurrence n ON n.need_id = l.need_id \
                 AND (l.occurrence_us IS NULL OR l.occurrence_us = arrow_cast(n.occurrence_start, 'Int64')) \
                 JOIN provider p ON p.provider_id = l.provider_id \
                 JOIN slot s ON s.provider_id = l.provider_id AND s.slot_id = l.slot_id {} \
                 ORDER BY l.line, n.occurrence_start",
                self.passes().join(", "),
                rule::sql("with_offer")?,
            );
            let (schema, batches) = self.session.internal(&sql, &Params::default()).await?;
            let rows = Frame::new(&schema, &batches)?;
            let (numbers, starts) = (rows.integers("line")?, rows.times("occurrence_start")?);
            let mut checks = Vec::with_capacity(rows.rows());
            for row in 0..rows.rows() {
                let line = usize::try_from(numbers.value(row)).map_err(engine)?;
                checks.push(LineCheck { line, occurrence_start: starts.value(row), failed: Vec::new() });
            }
            for it in &self.rules {
                let passes = rows.integers(&it.name)?;
                for (check, passes) in checks.iter_mut().zip(passes.values()) {
                    if *passes == 0 {
                        check.failed.push(it.name.clone());
                    }
                }
            }
            Ok(checks)
        })
    }
}

fn table(lines: &[PlanLine]) -> Result<RecordBatch> {
    let texts = |of: fn(&PlanLine) -> &String| -> ArrayRef {
        shared(StringArray::from_iter_values(lines.iter().map(of)))
    };
    let positions: Int64Array = (0..lines.len()).map(|it| i64::try_from(it).ok()).collect();
    let occurrences: Int64Array = lines.iter().map(|it| it.occurrence_start).collect();
    let columns: [(&str, ArrayRef); 5] = [
        ("line", Arc::new(positions)),
        ("need_id", texts(|it| &it.need_id)),
        ("provider_id", texts(|it| &it.provider_id)),
        ("slot_id", texts(|it| &it.slot_id)),
        ("occurrence_us", Arc::new(occurrences)),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, it)| (name, it, true))).map_err(engine)
}
