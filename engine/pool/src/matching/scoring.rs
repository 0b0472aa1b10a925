//! Asks the scorers of a run for their opinions, block by block.

use std::ops::{Deref, Range};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow_array::{RecordBatch, UInt32Array};
use linli_model::{Score, Text, Weight, weighted_cost};
use linli_plugin::{Columns, Plugin, PluginKind, Scores};
use linli_query::{Frame, ScorerChoice, Session, take_rows};
use rayon::prelude::*;

use super::{Maps, MatchRequest, Office, StoredRun};
use crate::{Error, Pool, Result};

/// A plugin and how much it counts.
#[derive(Clone)]
pub(crate) struct Scorer {
    pub choice: ScorerChoice,
    pub plugin: Plugin,
    settings: String,
}

/// The scorers of a run, by name.
pub(crate) struct Scorers {
    pub scorers: Vec<Scorer>,
    /// By district: who speaks there in the place of some of them.
    pub offices: Vec<Office>,
}

/// What all scorers together say of one candidate.
#[derive(Debug, Clone)]
pub(crate) struct Scored {
    /// One per scorer, in their order, as they count.
    pub parts: Parts,
    /// The same as the plugins gave them, where an office's own spoke and they were calibrated.
    pub raw: Option<Parts>,
    /// The office that they were asked for.
    pub office: Option<usize>,
    /// One per scorer that vetoed: its position and the code.
    pub vetoes: Vec<(usize, u16)>,
    /// Millionths; without meaning when vetoed.
    pub cost: i64,
}

/// The scores of one candidate: a stretch of those of its block, which lie in one piece.
#[derive(Debug, Clone)]
pub(crate) struct Parts {
    block: Arc<[Score]>,
    range: Range<usize>,
}

impl Deref for Parts {
    type Target = [Score];

    fn deref(&self) -> &[Score] {
        &self.block[self.range.clone()]
    }
}

impl Scorers {
    /// Loads the scorers that were asked for, or the pool's, and those that its districts bring.
    ///
    /// **Errors.** An unknown plugin, an evaluator, a name twice, no weight at all.
    pub(crate) async fn load(pool: &Pool, session: &Session, request: &MatchRequest) -> Result<Self> {
        let asked = &request.scorers;
        let choices = if asked.is_empty() { &pool.config().scorers } else { asked };
        let mut scorers = Vec::new();
        for choice in choices {
            let plugin = pool.plugin(session, &choice.name, PluginKind::Scorer).await?;
            scorers.push(Scorer::new(choice.clone(), plugin));
        }
        scorers.sort_by(|a: &Scorer, b| a.choice.name.cmp(&b.choice.name));
        let named_twice = scorers.windows(2).find(|it| it[0].choice.name == it[1].choice.name);
        if let Some(pair) = named_twice {
            return Err(Error::BadRequest {
                what: Text::new("scorers", "评分插件"),
                found: format!("{0}, {0}", pair[0].choice.name),
                expected: Text::new("each scorer once", "每个评分插件只列一次"),
            });
        }
        if scorers.iter().all(|it| it.choice.weight == 0) {
            return Err(Error::BadRequest {
                what: Text::new("weights of the scorers", "评分插件的权重"),
                found: "0".to_owned(),
                expected: Text::new("at least one above 0", "至少一个大于 0"),
            });
        }
        let mut all = Self { scorers, offices: Vec::new() };
        all.offices = all.chosen(pool, session, request).await?;
        Ok(all)
    }

    /// Loads scorers by digest, as a stored run names them.
    pub(crate) fn of_run(pool: &Pool, run: &StoredRun) -> Result<Self> {
        let scorers = run
            .scorers
            .iter()
            .map(|(choice, digest)| {
                let plugin = pool.plugin_by_digest(&choice.name, digest)?;
                Ok(Scorer::new(choice.clone(), plugin))
            })
            .collect::<Result<Vec<_>>>()?;
        let mut all = Self { scorers, offices: Vec::new() };
        all.offices = all.stored_offices(pool, run)?;
        Ok(all)
    }

    /// Scores some rows of the candidates, each by whoever speaks for its district, and makes the
    /// scores comparable.
    ///
    /// **Shape.** `office` says of a row whose it is; else as [`Scorers::score`].
    pub(crate) fn judge(
        &self,
        candidates: &RecordBatch,
        rows: &[u32],
        office: impl Fn(u32) -> Option<usize>,
        maps: &Maps,
    ) -> Result<Vec<Scored>> {
        if self.offices.is_empty() {
            return self.score(candidates, rows);
        }
        let all: Vec<usize> = (0..self.scorers.len()).collect();
        let mut scored: Vec<Option<Scored>> = vec![None; rows.len()];
        for by in std::iter::once(None).chain((0..self.offices.len()).map(Some)) {
            let places: Vec<usize> = (0..rows.len()).filter(|it| office(rows[*it]) == by).collect();
            let asked: Vec<u32> = places.iter().map(|it| rows[*it]).collect();
            let answers = match by {
                _ if asked.is_empty() => continue,
                None => self.score(candidates, &asked)?,
                Some(by) => {
                    let raw = self.speakers(by, &all).score(candidates, &asked)?;
                    self.calibrated(by, raw, maps)
                }
            };
            for (place, it) in places.into_iter().zip(answers) {
                scored[place] = Some(it);
            }
        }
        Ok(scored.into_iter().flatten().collect())
    }

    /// The same opinions with scores that count otherwise: `map` of scorer and score.
    pub(super) fn recounted(
        &self,
        raw: Vec<Scored>,
        office: Option<usize>,
        map: impl Fn(usize, Score) -> Score,
    ) -> Vec<Scored> {
        let n_scorers = self.scorers.len();
        let scores = raw.iter().flat_map(|it| it.parts.iter().enumerate());
        let block: Arc<[Score]> = scores.map(|(scorer, score)| map(scorer, *score)).collect();
        let mut weighed: Vec<(Score, Weight)> = Vec::with_capacity(n_scorers);
        let recount = |(row, it): (usize, Scored)| {
            let parts = Parts { block: Arc::clone(&block), range: row * n_scorers..(row + 1) * n_scorers };
            self.weigh(&parts, &mut weighed);
            let cost = weighted_cost(&weighed);
            Scored { parts, raw: Some(it.parts), office, vetoes: it.vetoes, cost }
        };
        raw.into_iter().enumerate().map(recount).collect()
    }

    fn weigh(&self, parts: &[Score], weighed: &mut Vec<(Score, Weight)>) {
        weighed.clear();
        weighed.extend(parts.iter().zip(&self.scorers).map(|(score, it)| (*score, it.choice.weight)));
    }

    /// Scores some rows of the candidates by the scorers themselves.
    ///
    /// **Shape.** `rows` ascending; one answer per row, in order.
    /// **Errors.** That of the first block that fails, whichever thread fails first; it names
    /// the candidate.
    /// **Cost.** Every scorer sees every row once, in blocks of 65,536 on all threads; blocks
    /// are cut by position, so threads decide nothing.
    pub(crate) fn score(&self, candidates: &RecordBatch, rows: &[u32]) -> Result<Vec<Scored>> {
        let batch = self.wanted(candidates, rows)?;
        let blocks: Vec<Range<usize>> = Plugin::blocks(rows.len()).collect();
        let first_failed = AtomicUsize::new(usize::MAX);
        let answers: Vec<_> = blocks
            .into_par_iter()
            .enumerate()
            .map(|(position, block)| {
                // What comes behind a failure is of no use; what comes before may fail as well.
                if position > first_failed.load(Ordering::Relaxed) {
                    return None;
                }
                let answer = self.score_block(&batch, block);
                if answer.is_err() {
                    first_failed.fetch_min(position, Ordering::Relaxed);
                }
                Some(answer)
            })
            .collect();
        let mut scored = Vec::with_capacity(rows.len());
        for answer in answers.into_iter().flatten() {
            scored.append(&mut answer.map_err(|it| named(it, candidates, rows))?);
        }
        Ok(scored)
    }

    /// The columns that any scorer asks for, at these rows. Of them the host shows each plugin
    /// its own and no others.
    fn wanted(&self, candidates: &RecordBatch, rows: &[u32]) -> Result<RecordBatch> {
        let fields = candidates.schema_ref().fields();
        let mut columns: Vec<usize> = (0..fields.len())
            .filter(|it| self.scorers.iter().any(|by| by.wants(fields[*it].name())))
            .collect();
        if columns.is_empty() {
            // A batch knows its rows by its columns; this one is shown to nobody.
            columns.push(0);
        }
        let wanted = candidates
            .project(&columns)
            .map_err(|it| linli_query::Error::Engine { cause: it.to_string() })?;
        Ok(take_rows(&wanted, &UInt32Array::from(rows.to_vec()))?)
    }

    fn score_block(&self, batch: &RecordBatch, block: Range<usize>) -> linli_plugin::Result<Vec<Scored>> {
        let ask = |it: &Scorer| it.plugin.score_block(&it.settings, batch, block.clone());
        let opinions: Vec<Scores> = self.scorers.iter().map(ask).collect::<linli_plugin::Result<_>>()?;
        let n_scorers = opinions.len();
        let mut scores = Vec::with_capacity(block.len() * n_scorers);
        for row in 0..block.len() {
            scores.extend(opinions.iter().map(|it| it.values[row]));
        }
        let scores: Arc<[Score]> = scores.into();
        let mut vetoes: Vec<Vec<(usize, u16)>> = vec![Vec::new(); block.len()];
        for (scorer, opinion) in opinions.iter().enumerate() {
            for veto in &opinion.vetoes {
                vetoes[veto.row as usize - block.start].push((scorer, veto.code));
            }
        }
        let mut weighed: Vec<(Score, Weight)> = Vec::with_capacity(n_scorers);
        let scored = vetoes.into_iter().enumerate().map(|(row, vetoes)| {
            let range = row * n_scorers..(row + 1) * n_scorers;
            let parts = Parts { block: Arc::clone(&scores), range };
            self.weigh(&parts, &mut weighed);
            Scored { cost: weighted_cost(&weighed), parts, raw: None, office: None, vetoes }
        });
        Ok(scored.collect())
    }
}

impl Scorer {
    pub(super) fn new(choice: ScorerChoice, plugin: Plugin) -> Self {
        let settings = choice.settings.to_string();
        Self { choice, plugin, settings }
    }

    fn wants(&self, column: &str) -> bool {
        match &self.plugin.description().columns {
            Columns::Named(wanted) => wanted.iter().any(|it| it.name == column),
            Columns::Any => true,
        }
    }
}

/// Says on which candidate a scorer failed: rows of a block mean nothing to people.
fn named(error: linli_plugin::Error, candidates: &RecordBatch, rows: &[u32]) -> Error {
    let candidate = |row: u64| -> Option<(String, String)> {
        let row = *rows.get(usize::try_from(row).ok()?)? as usize;
        let one = Frame::new(&candidates.schema(), &[candidates.slice(row, 1)]).ok()?;
        let text = |name: &str| one.texts(name).ok().map(|it| it.value(0).to_owned());
        Some((text("need_id")?, text("provider_id")?))
    };
    match error.row().and_then(|row| Some((row, candidate(row)?))) {
        Some((row, (need_id, provider_id))) => {
            Error::Scoring { source: Box::new(error), row, need_id, provider_id }
        }
        None => Error::Plugin(error),
    }
}

#[cfg(test)]
mod tests;
