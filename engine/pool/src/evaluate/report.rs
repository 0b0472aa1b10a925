//! What an evaluation says of itself, read from the rows it stored.

use linli_query::{ParamValue, Params, Session, integer_at, text_at};
use serde::Serialize;

use crate::{Pool, Result};

/// Districts and communities, best first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EvaluationReport {
    /// The evaluation, by the digest of its inputs.
    pub evaluation_id: String,
    /// The period, as it was asked for; `all` without one.
    pub period: String,
    /// Every district of table district, and every other one that a row names.
    pub districts: Vec<PlaceReport>,
    /// Every community of table community, and every other one that a row names.
    pub communities: Vec<PlaceReport>,
    /// Decided the draws.
    pub seed: i64,
    /// The evaluator plugin.
    pub evaluator: String,
    /// Its settings; what is left out is at its default.
    pub settings: serde_json::Value,
    /// Needs of the period that name no district; they count for none.
    pub unplaced: i64,
    /// Some need of the pool was made up: the figures say nothing about the places.
    pub synthetic: bool,
}

/// One place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlaceReport {
    /// The district, or the district of the community; nothing for a community of none.
    pub district_id: Option<String>,
    /// The community; nothing for a district.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub community_id: Option<String>,
    /// 0 to 1; nothing for a place without cases.
    pub index: Option<f64>,
    /// 1 for the best; nothing for a place that lacks an indicator that is compared.
    pub rank: Option<i64>,
    /// The best rank it could as well have had.
    pub rank_lo: Option<i64>,
    /// The worst.
    pub rank_hi: Option<i64>,
    /// Needs received in the period: the denominator of the completion indicator.
    pub cases: i64,
    /// Indicators that cannot be measured here.
    pub missing: Vec<String>,
    /// The indicators, and what each adds to the index.
    pub contributions: Vec<Figure>,
}

/// One indicator of one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// The indicator.
    pub indicator: String,
    /// Its share, 0 to 1.
    pub value: Option<f64>,
    /// The least it may be.
    pub lo: Option<f64>,
    /// The most.
    pub hi: Option<f64>,
    /// Its part of the index; nothing where it is not compared.
    pub contribution: Option<f64>,
}

pub(super) const KNOWN: &str = "SELECT evaluation_id FROM evaluation WHERE evaluation_id = $evaluation";

pub(super) fn evaluation_param(id: &str) -> Params {
    let mut params = Params::default();
    params.set("evaluation", ParamValue::Text(id.to_owned()));
    params
}

pub(super) async fn read(pool: &Pool, session: &Session, id: &str) -> Result<EvaluationReport> {
    let params = evaluation_param(id);
    let head = pool.frame(session, HEAD, &params).await?;
    Ok(EvaluationReport {
        evaluation_id: id.to_owned(),
        period: head.texts("period")?.value(0).to_owned(),
        districts: places(pool, session, &params, "district").await?,
        communities: places(pool, session, &params, "community").await?,
        seed: head.integers("seed")?.value(0),
        evaluator: head.texts("evaluator")?.value(0).to_owned(),
        settings: settings(head.texts("settings")?.value(0), id)?,
        unplaced: head.integers("unplaced")?.value(0),
        synthetic: head.booleans("synthetic")?.value(0),
    })
}

/// Settings as they were stored; those of an evaluation from before there were any are none.
fn settings(text: &str, id: &str) -> Result<serde_json::Value> {
    if text.is_empty() {
        return Ok(serde_json::json!({}));
    }
    let damaged = |it: serde_json::Error| linli_query::Error::Damaged {
        path: format!("evaluation {id}, settings"),
        cause: it.to_string(),
    };
    Ok(serde_json::from_str(text).map_err(damaged)?)
}

async fn places(pool: &Pool, session: &Session, params: &Params, level: &str) -> Result<Vec<PlaceReport>> {
    let mut params = params.clone();
    params.set("level", ParamValue::Text(level.to_owned()));
    let rows = pool.frame(session, PLACES, &params).await?;
    let (ids, districts) = (rows.texts("place_id")?, rows.texts("district_id")?);
    let (indexes, cases, missing) = (rows.numbers("index")?, rows.integers("cases")?, rows.lists("missing")?);
    let (ranks, los, his) = (rows.integers("rank")?, rows.integers("rank_lo")?, rows.integers("rank_hi")?);
    let number = |column: &arrow_array::Float64Array, row: usize| {
        (!arrow_array::Array::is_null(column, row)).then(|| column.value(row))
    };
    let mut places: Vec<PlaceReport> = (0..rows.rows())
        .zip(missing)
        .map(|(row, missing)| PlaceReport {
            district_id: text_at(&districts, row).map(str::to_owned),
            community_id: (level == "community").then(|| ids.value(row).to_owned()),
            index: number(&indexes, row),
            rank: integer_at(&ranks, row),
            rank_lo: integer_at(&los, row),
            rank_hi: integer_at(&his, row),
            cases: cases.value(row),
            missing,
            contributions: Vec::new(),
        })
        .collect();
    let figures = pool.frame(session, FIGURES, &params).await?;
    let (of, names) = (figures.texts("place_id")?, figures.texts("indicator")?);
    let (values, los, his) = (figures.numbers("value")?, figures.numbers("lo")?, figures.numbers("hi")?);
    let parts = figures.numbers("contribution")?;
    for row in 0..figures.rows() {
        let id = of.value(row);
        let place = places.iter_mut().find(|it| it.place_id() == Some(id));
        if let Some(place) = place {
            place.contributions.push(Figure {
                indicator: names.value(row).to_owned(),
                value: number(&values, row),
                lo: number(&los, row),
                hi: number(&his, row),
                contribution: number(&parts, row),
            });
        }
    }
    Ok(places)
}

const HEAD: &str = "SELECT period, seed, evaluator, settings, unplaced, synthetic FROM evaluation \
    WHERE evaluation_id = $evaluation";
const PLACES: &str = "SELECT i.place_id, i.district_id, i.\"index\", i.cases, i.missing, r.rank, r.rank_lo, r.rank_hi \
    FROM district_index i JOIN district_rank r \
    ON r.evaluation_id = i.evaluation_id AND r.level = i.level AND r.place_id = i.place_id \
    WHERE i.evaluation_id = $evaluation AND i.level = $level ORDER BY r.rank NULLS LAST, i.place_id";
const FIGURES: &str = "SELECT f.place_id, f.indicator, f.value, f.lo, f.hi, c.contribution FROM indicator f \
    JOIN contribution c ON c.evaluation_id = f.evaluation_id AND c.level = f.level AND c.place_id = f.place_id \
    AND c.indicator = f.indicator \
    WHERE f.evaluation_id = $evaluation AND f.level = $level ORDER BY f.place_id, f.indicator";

impl PlaceReport {
    /// The community, else the district.
    pub fn place_id(&self) -> Option<&str> {
        self.community_id.as_deref().or(self.district_id.as_deref())
    }
}

impl EvaluationReport {
    /// The part of the report that is about one district and its communities.
    pub fn of_district(&self, district_id: &str) -> Self {
        let mut part = self.clone();
        part.districts.retain(|it| it.district_id.as_deref() == Some(district_id));
        part.communities.retain(|it| it.district_id.as_deref() == Some(district_id));
        part
    }
}
