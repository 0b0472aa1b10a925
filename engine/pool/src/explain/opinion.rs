//! What the scorers say of the candidates of a pair.

use std::collections::BTreeMap;

use arrow_array::Array as _;
use linli_model::{Score, Text};
use linli_plugin::Description;
use linli_query::{Need, Params, Stage, integer_at, text_at};

use super::{PartLine, Question};
use crate::matching::{Maps, Scored, Scorers};
use crate::{Pool, Result};

/// Those who scored a run, as they did.
pub(super) struct Bench {
    pub scorers: Scorers,
    /// What the scores of districts with plugins of their own count as.
    pub maps: Maps,
}

impl Bench {
    /// The plugins of the run's day, with the maps that the run stored.
    pub(super) async fn new(question: &Question<'_>) -> Result<Self> {
        let scorers = Scorers::of_run(question.pool, &question.run)?;
        let maps = question.pool.stored_maps(&question.session, &question.run, &scorers).await?;
        Ok(Self { scorers, maps })
    }

    /// Whose each need is, of those whose district brings a plugin of its own.
    pub(super) fn offices(&self, stage: &Stage) -> BTreeMap<String, usize> {
        let office = |it: &Need| Some((it.need_id.clone(), self.scorers.office(it.district_id.as_deref())?));
        stage.needs.iter().filter_map(office).collect()
    }
}

/// What all scorers say of one candidate.
pub(super) struct Opinion {
    pub occurrence_start: i64,
    pub slot_id: String,
    /// One per scorer.
    pub parts: Vec<PartLine>,
}

/// The opinions of every candidate of a pair, by occurrence and slot: those the run stored, and
/// those that were asked for now.
pub(super) async fn opinions(
    question: &Question<'_>,
    params: &Params,
    fresh: Vec<Opinion>,
) -> Result<Vec<Opinion>> {
    let mut opinions = stored(question, params).await?;
    opinions.extend(fresh);
    opinions.sort_by(|a, b| (a.occurrence_start, &a.slot_id).cmp(&(b.occurrence_start, &b.slot_id)));
    Ok(opinions)
}

/// What the plugin of a run's day says a veto means.
pub(super) fn wording(pool: &Pool, scorer: &str, digest: &str, code: i64) -> Result<Option<Text>> {
    let plugin = pool.plugin_by_digest(scorer, digest)?;
    Ok(u16::try_from(code).ok().and_then(|it| worded(plugin.description(), it)))
}

fn worded(description: &Description, code: u16) -> Option<Text> {
    description.veto(code).map(|it| Text::new(it.en.clone(), it.zh.clone()))
}

async fn stored(question: &Question<'_>, params: &Params) -> Result<Vec<Opinion>> {
    let rows = question.pool.frame(&question.session, PARTS, params).await?;
    let (starts, slots) = (rows.times("occurrence_start")?, rows.texts("slot_id")?);
    let (names, digests, scores) = (rows.texts("scorer")?, rows.texts("digest")?, rows.numbers("score")?);
    let raws = rows.numbers("raw")?;
    let (weights, codes) = (rows.integers("weight")?, rows.integers("veto_code")?);
    let mut opinions: Vec<Opinion> = Vec::new();
    for row in 0..rows.rows() {
        let (scorer, digest) = (names.value(row), text_at(&digests, row).unwrap_or_default());
        let veto_code = integer_at(&codes, row);
        let veto = match veto_code {
            Some(code) => wording(question.pool, scorer, digest, code)?,
            None => None,
        };
        let part = PartLine {
            scorer: scorer.to_owned(),
            digest: digest.to_owned(),
            score: scores.value(row),
            raw: raws.is_valid(row).then(|| raws.value(row)),
            weight: weights.value(row),
            veto_code,
            veto,
        };
        let key = (starts.value(row), slots.value(row));
        match opinions.last_mut().filter(|it| (it.occurrence_start, it.slot_id.as_str()) == key) {
            Some(it) => it.parts.push(part),
            None => opinions.push(Opinion {
                occurrence_start: key.0,
                slot_id: key.1.to_owned(),
                parts: vec![part],
            }),
        }
    }
    Ok(opinions)
}

/// What each scorer says of one candidate.
pub(super) fn parts(scorers: &Scorers, scored: &Scored) -> Vec<PartLine> {
    let mut parts = Vec::new();
    for (position, scorer) in scorers.scorers.iter().enumerate() {
        let speaker = scorers.speaker(scored.office, position);
        let code = scored.vetoes.iter().find(|(by, _)| *by == position).map(|(_, code)| *code);
        parts.push(PartLine {
            scorer: scorer.choice.name.clone(),
            digest: speaker.digest().to_owned(),
            score: scored.parts[position].to_f64(),
            raw: scorers.raw(scored, position).map(Score::to_f64),
            weight: i64::from(scorer.choice.weight),
            veto_code: code.map(i64::from),
            veto: code.and_then(|it| worded(speaker.description(), it)),
        });
    }
    parts
}

const PARTS: &str = "SELECT s.occurrence_start, s.slot_id, s.scorer, s.digest, s.score, s.raw, s.veto_code, i.weight \
    FROM candidate_score s JOIN run_input i ON i.run_id = s.run_id AND i.kind = 'plugin' AND i.name = s.scorer \
    WHERE s.run_id = $run AND s.need_id = $need AND s.provider_id = $provider \
    ORDER BY s.occurrence_start, s.slot_id, s.scorer";
