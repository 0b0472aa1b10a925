//! The problem of a run over all its candidates, also those that the run could do without.

use std::collections::BTreeMap;

use linli_query::{Error as QueryError, Frame};

use super::Question;
use super::opinion::{Bench, Opinion, parts};
use crate::Result;
use crate::matching::{StoredEdge, StoredProblem};

/// A run's problem with every candidate in it that may be chosen.
pub(super) struct Whole {
    pub problem: StoredProblem,
    /// What scorers say now of the asked pair, where the run never asked them.
    pub opinions: Vec<Opinion>,
}

impl Question<'_> {
    /// The whole problem of the run, with the opinions on one provider for the need.
    ///
    /// A candidate that no score could have let in may still be where somebody goes who is
    /// displaced, so what a choice costs is known only with all of them in.
    ///
    /// **Errors.** A scorer that fails on a candidate it was never asked about.
    /// **Cost.** One scoring pass over the candidates that the run did not score.
    pub(super) async fn whole(&self, provider_id: Option<&str>) -> Result<Whole> {
        let problem = self.pool.stored_problem(&self.session, &self.run.run_id).await?;
        let mut whole = Whole { problem, opinions: Vec::new() };
        let rows = self.frame(UNSCORED).await?;
        if rows.rows() > 0 {
            self.complete(&mut whole, &rows, provider_id).await?;
        }
        Ok(whole)
    }

    /// Scores these candidates with the plugins of the run's day. Those that no scorer vetoes
    /// join the problem.
    async fn complete(&self, whole: &mut Whole, rows: &Frame, provider_id: Option<&str>) -> Result<()> {
        let bench = Bench::new(self).await?;
        let offices = if bench.scorers.offices.is_empty() {
            BTreeMap::new()
        } else {
            bench.offices(&self.stage().await?)
        };
        let (needs, starts) = (rows.texts("need_id")?, rows.times("occurrence_start")?);
        let (providers, slots) = (rows.texts("provider_id")?, rows.texts("slot_id")?);
        let nodes = rows.texts("node_id")?;
        let all: Vec<u32> = (0..rows.rows()).filter_map(|row| u32::try_from(row).ok()).collect();
        let office = |row: u32| offices.get(needs.value(row as usize)).copied();
        let opinions = bench.scorers.judge(rows.batch(), &all, office, &bench.maps)?;
        for (row, scored) in opinions.into_iter().enumerate() {
            let (need_id, provider) = (needs.value(row), providers.value(row));
            if scored.vetoes.is_empty() {
                let edge = StoredEdge {
                    need: whole.problem.need_at(need_id, starts.value(row)).unwrap_or(u32::MAX),
                    provider_id: provider.to_owned(),
                    slot_id: slots.value(row).to_owned(),
                    cost: scored.cost,
                    chosen: false,
                };
                whole.problem.add(edge, nodes.value(row)).ok_or_else(|| QueryError::Damaged {
                    path: format!("run {}, price", self.run.run_id),
                    cause: format!("nothing stands there for {need_id} at {}", slots.value(row)),
                })?;
            }
            if provider_id == Some(provider) && need_id == self.need_id {
                whole.opinions.push(Opinion {
                    occurrence_start: starts.value(row),
                    slot_id: slots.value(row).to_owned(),
                    parts: parts(&bench.scorers, &scored),
                });
            }
        }
        Ok(())
    }
}

const UNSCORED: &str = "SELECT * FROM candidate WHERE run_id = $run AND NOT scored \
    ORDER BY need_id, occurrence_start, provider_id, slot_id";
