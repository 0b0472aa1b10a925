//! Asks the scorers of a run for their opinions, block by block.

use arrow_array::{RecordBatch, UInt32Array};
use linli_model::{Score, weighted_cost};
use linli_plugin::{Columns, Plugin, PluginKind, ROWS_PER_BLOCK, Scores};
use linli_query::{ScorerChoice, Session, take_rows};
use rayon::prelude::*;

use crate::{Error, Pool, Result};

/// A plugin and how much it counts.
pub(crate) struct Scorer {
    pub choice: ScorerChoice,
    pub plugin: Plugin,
    settings: String,
}

/// The scorers of a run, by name.
pub(crate) struct Scorers {
    pub scorers: Vec<Scorer>,
}

/// What all scorers together say of one candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scored {
    /// One per scorer, in their order.
    pub parts: Vec<Score>,
    /// One per scorer that vetoed: its position and the code.
    pub vetoes: Vec<(usize, u16)>,
    /// Millionths; without meaning when vetoed.
    pub cost: i64,
}

impl Scorers {
    /// Loads the scorers that were asked for, or the pool's.
    ///
    /// **Errors.** An unknown plugin, an evaluator, a name twice, no weight at all.
    pub(crate) async fn load(pool: &Pool, session: &Session, asked: &[ScorerChoice]) -> Result<Self> {
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
                what: "scorer",
                found: format!("{} twice", pair[0].choice.name),
                expected: "each scorer once",
            });
        }
        if scorers.iter().all(|it| it.choice.weight == 0) {
            return Err(Error::BadRequest {
                what: "weights of the scorers",
                found: "0 in all".to_owned(),
                expected: "at least one above 0",
            });
        }
        Ok(Self { scorers })
    }

    /// Loads scorers by digest, as a stored run names them.
    pub(crate) fn by_digest(pool: &Pool, stored: &[(ScorerChoice, String)]) -> Result<Self> {
        let scorers = stored
            .iter()
            .map(|(choice, digest)| {
                let plugin = pool.plugin_by_digest(&choice.name, digest)?;
                Ok(Scorer::new(choice.clone(), plugin))
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Self { scorers })
    }

    /// Scores some rows of the candidates.
    ///
    /// **Shape.** `rows` ascending; one answer per row, in order.
    /// **Cost.** Every scorer sees every row once, in blocks of 65,536 on all threads; blocks
    /// are cut by position, so threads decide nothing.
    pub(crate) fn score(&self, candidates: &RecordBatch, rows: &[u32]) -> Result<Vec<Scored>> {
        let blocks: Vec<&[u32]> = rows.chunks(ROWS_PER_BLOCK as usize).collect();
        let answers: Vec<Vec<Scored>> = blocks
            .into_par_iter()
            .map(|block| {
                let batch = take_rows(candidates, &UInt32Array::from(block.to_vec()))?;
                self.score_block(&batch)
            })
            .collect::<Result<_>>()?;
        Ok(answers.into_iter().flatten().collect())
    }

    fn score_block(&self, batch: &RecordBatch) -> Result<Vec<Scored>> {
        let opinions: Vec<Scores> = self
            .scorers
            .iter()
            .map(|it| Ok(it.plugin.score(&it.settings, &it.granted(batch)?)?))
            .collect::<Result<_>>()?;
        let mut vetoes: Vec<Vec<(usize, u16)>> = vec![Vec::new(); batch.num_rows()];
        for (scorer, opinion) in opinions.iter().enumerate() {
            for veto in &opinion.vetoes {
                vetoes[veto.row as usize].push((scorer, veto.code));
            }
        }
        Ok(vetoes
            .into_iter()
            .enumerate()
            .map(|(row, vetoes)| {
                let parts: Vec<Score> = opinions.iter().map(|it| it.values[row]).collect();
                let weighed: Vec<_> =
                    parts.iter().zip(&self.scorers).map(|(score, it)| (*score, it.choice.weight)).collect();
                Scored { cost: weighted_cost(&weighed), parts, vetoes }
            })
            .collect())
    }
}

impl Scorer {
    fn new(choice: ScorerChoice, plugin: Plugin) -> Self {
        let settings = choice.settings.to_string();
        Self { choice, plugin, settings }
    }

    /// The columns the plugin asked for, and no others: it cannot see what it is not handed.
    fn granted(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let Columns::Named(wanted) = &self.plugin.description().columns else {
            return Ok(batch.clone());
        };
        let columns: Vec<usize> =
            wanted.iter().filter_map(|it| batch.schema_ref().index_of(&it.name).ok()).collect();
        batch.project(&columns).map_err(|it| linli_query::Error::Engine { cause: it.to_string() }.into())
    }
}
