//! What a match says of itself, read from the rows it stored.

use std::collections::BTreeMap;

use linli_model::Text;
use linli_query::{ParamValue, Params, Session};
use serde::{Serialize, Serializer};

use super::office::input_parts;
use crate::{Error, Pool, Result};

/// The outcome of a match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatchReport {
    /// The run, by the digest of its inputs.
    pub run_id: String,
    /// The snapshot it read.
    pub snapshot: i64,
    /// Needs that took part; a recurring one counts once.
    pub needs: i64,
    /// Units of demand, over all occurrences.
    pub units: i64,
    /// Open needs that took no part because no occurrence of theirs falls into the horizon.
    pub outside_horizon: i64,
    /// Need × provider × slot that passed every hard rule.
    pub candidates: i64,
    /// Candidates that scorers saw; the others were proven unable to improve the plan.
    pub scored: i64,
    /// How often it was solved until no candidate could enter.
    pub rounds: i64,
    /// Needs fully served.
    pub matched: i64,
    /// Needs partly served.
    pub partial: i64,
    /// Needs not served at all.
    pub unmatched: i64,
    /// Needs with unserved units, by the reason of their first unserved occurrence.
    pub unmatched_by_reason: BTreeMap<String, i64>,
    /// Needs and fully served needs per tier, 3 most urgent.
    pub by_tier: Vec<TierCount>,
    /// Σ cost of matches + Σ penalty of unserved units, in millionths.
    #[serde(serialize_with = "exact")]
    pub objective: i128,
    /// The bound that no plan can beat.
    #[serde(serialize_with = "exact")]
    pub dual: i128,
    /// Their difference; 0 proves the plan optimal.
    #[serde(serialize_with = "exact")]
    pub gap: i128,
    /// Whether the proof holds, by the checker and by `certificate.sql`.
    pub certified: bool,
    /// Part of the run's identity.
    pub seed: i64,
    /// Who scored.
    pub scorers: Vec<ScorerShare>,
    /// What guards took back because of this run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taken_back: Vec<Text>,
    /// The horizon's first instant, in microseconds since 1970 UTC.
    #[serde(skip)]
    pub horizon_start: i64,
    /// Its end.
    #[serde(skip)]
    pub horizon_end: i64,
}

/// Needs of one tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TierCount {
    /// 0 to 3.
    pub tier: i64,
    /// Needs that took part.
    pub needs: i64,
    /// Needs fully served.
    pub served: i64,
}

/// A scorer's part in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScorerShare {
    /// The plugin.
    pub name: String,
    /// Its bytes.
    pub digest: String,
    /// Thousandths.
    pub weight: i64,
    /// Who speaks under its name in districts that bring a plugin of their own; its scores count
    /// as those of the incumbent on the same candidates.
    pub districts: Vec<DistrictScorer>,
}

/// The plugin of one district.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DistrictScorer {
    /// Whose needs it scored.
    pub district_id: String,
    /// Its bytes.
    pub digest: String,
}

/// A number where JSON readers keep it exact, else text.
pub(crate) fn exact<S: Serializer>(value: &i128, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    const EXACT_MAX: i128 = 1 << 53;
    match i64::try_from(*value) {
        Ok(it) if value.abs() <= EXACT_MAX => serializer.serialize_i64(it),
        _ => serializer.serialize_str(&value.to_string()),
    }
}

pub(super) async fn read(pool: &Pool, session: &Session, run_id: &str) -> Result<MatchReport> {
    let params = run_param(run_id);
    let run = pool.frame(session, "SELECT * FROM run WHERE run_id = $run", &params).await?;
    if run.rows() == 0 {
        return Err(Error::UnknownRun { run_id: run_id.to_owned() });
    }
    let integer = |name: &str| Ok::<i64, Error>(run.integers(name)?.value(0));
    let decimal = |name: &str| Ok::<i128, Error>(run.decimals(name)?.value(0));
    let mut unmatched_by_reason: BTreeMap<String, i64> =
        ["no_candidate", "vetoed", "full"].map(|it| (it.to_owned(), 0)).into();
    let reasons = pool.frame(session, BY_REASON, &params).await?;
    let (names, counts) = (reasons.texts("reason")?, reasons.integers("needs")?);
    for row in 0..reasons.rows() {
        unmatched_by_reason.insert(names.value(row).to_owned(), counts.value(row));
    }
    let tiers = pool.frame(session, BY_TIER, &params).await?;
    let (tier, needs, served) =
        (tiers.integers("tier")?, tiers.integers("needs")?, tiers.integers("served")?);
    let mut by_tier: Vec<TierCount> =
        (0..=3).rev().map(|tier| TierCount { tier, needs: 0, served: 0 }).collect();
    for row in 0..tiers.rows() {
        if let Some(it) = by_tier.iter_mut().find(|it| it.tier == tier.value(row)) {
            (it.needs, it.served) = (needs.value(row), served.value(row));
        }
    }
    let inputs = pool.frame(session, SCORERS, &params).await?;
    let (names, digests, weights) =
        (inputs.texts("name")?, inputs.texts("digest")?, inputs.integers("weight")?);
    let mut scorers: Vec<ScorerShare> = (0..inputs.rows())
        .map(|row| ScorerShare {
            name: names.value(row).to_owned(),
            digest: digests.value(row).to_owned(),
            weight: weights.value(row),
            districts: Vec::new(),
        })
        .collect();
    let canaries = pool.frame(session, CANARIES, &params).await?;
    let (names, digests) = (canaries.texts("name")?, canaries.texts("digest")?);
    for row in 0..canaries.rows() {
        let Some((scorer, district)) = input_parts(names.value(row)) else { continue };
        if let Some(it) = scorers.iter_mut().find(|it| it.name == scorer) {
            let (district_id, digest) = (district.to_owned(), digests.value(row).to_owned());
            it.districts.push(DistrictScorer { district_id, digest });
        }
    }
    Ok(MatchReport {
        run_id: run_id.to_owned(),
        snapshot: integer("snapshot")?,
        needs: integer("needs")?,
        units: integer("units")?,
        outside_horizon: integer("outside_horizon")?,
        candidates: integer("candidates")?,
        scored: integer("scored")?,
        rounds: integer("rounds")?,
        matched: integer("matched")?,
        partial: integer("partial")?,
        unmatched: integer("unmatched")?,
        unmatched_by_reason,
        by_tier,
        objective: decimal("objective")?,
        dual: decimal("dual")?,
        gap: decimal("gap")?,
        certified: run.booleans("certified")?.value(0),
        seed: integer("seed")?,
        scorers,
        taken_back: pool.taken_back(session, run_id).await?,
        horizon_start: run.times("horizon_start")?.value(0),
        horizon_end: run.times("horizon_end")?.value(0),
    })
}

pub(crate) fn run_param(run_id: &str) -> Params {
    let mut params = Params::default();
    params.set("run", ParamValue::Text(run_id.to_owned()));
    params
}

/// The library says under which reason a need counts, here and for everybody else.
const BY_REASON: &str = "SELECT reason, sum(needs) AS needs FROM q_unmatched_by_reason($run) \
    GROUP BY reason ORDER BY reason";

const BY_TIER: &str = "SELECT tier, count(*) AS needs, count(*) FILTER (WHERE open = 0) AS served FROM \
    (SELECT p.need_id, max(p.tier) AS tier, sum(coalesce(u.units, 0)) AS open FROM price p \
     LEFT JOIN unmatched u ON u.run_id = p.run_id AND u.need_id = p.need_id \
        AND u.occurrence_start = p.occurrence_start \
     WHERE p.run_id = $run AND p.level = 'need' GROUP BY p.need_id) \
    GROUP BY tier ORDER BY tier DESC";

const CANARIES: &str =
    "SELECT name, digest FROM run_input WHERE run_id = $run AND kind = 'canary' ORDER BY name";

const SCORERS: &str =
    "SELECT name, digest, weight FROM run_input WHERE run_id = $run AND kind = 'plugin' ORDER BY name";
