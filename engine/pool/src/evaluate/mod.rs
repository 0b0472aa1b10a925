//! Turns tables into an index of districts and communities, with honest intervals.
//!
//! ```text
//! queries/indicator/*.sql ─▶ counts ─▶ values, bounds ─▶ evaluator plugin ─▶ index, rank
//!                               └────▶ joint draws of cases and weights ─▶ rank_lo, rank_hi
//! ```
//!
//! NULL means "not measurable", never zero. Places are compared by the indicators that every
//! district with cases has; the others are shown and left out of the index. Ranks come with the
//! interval in which they could as well have fallen.

mod draws;
mod indicator;
mod report;
mod tables;

use linli_model::Text;
use linli_plugin::{Evaluator, PluginKind};
use linli_query::{Params, Session, Snapshot};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub use report::{EvaluationReport, Figure, PlaceReport};

use crate::pool::own_limits;
use crate::{Error, Pool, Result, Witness};
use draws::Standing;
use indicator::{Indicator, Level, Measured};

/// Joint draws per evaluation. Ranks are whole numbers: two hundred draws settle their 5 % and
/// 95 % points to about one place among two hundred communities.
const DRAWS: u32 = 200;

/// What an evaluation is asked for.
#[derive(Debug, Clone, Default)]
pub struct EvaluateRequest {
    /// Read the tables as they were in this snapshot; nothing: as they are now.
    pub snapshot: Option<u64>,
    /// The evaluator; nothing: the pool's.
    pub evaluator: Option<String>,
    /// Its settings, a JSON object; nothing: the pool's for the pool's evaluator, else its defaults.
    pub settings: Option<Value>,
    /// `2012`, `2012-03` or `2012-03-01..2012-04-01`, local; nothing: all there is.
    pub period: Option<String>,
    /// Decides the draws.
    pub seed: i64,
}

/// The inputs of an evaluation and their digest.
pub(super) struct Identity {
    pub evaluation_id: String,
    pub snapshot: u64,
    pub period: String,
    pub from: Option<i64>,
    pub to: Option<i64>,
    pub seed: i64,
    pub evaluator: String,
    /// As JSON.
    pub settings: String,
    pub digest: String,
    pub query_digest: String,
}

impl Pool {
    /// Evaluates districts and communities and stores the result.
    ///
    /// **Errors.** A period that cannot be read, an unknown evaluator, settings that it does not
    /// declare, a plugin that fails.
    /// **Cost.** One query per indicator; 200 evaluator calls per level.
    pub async fn evaluate(&self, request: &EvaluateRequest, witness: &Witness) -> Result<EvaluationReport> {
        let latest = self.latest().await?;
        let base = self.snapshot_or(request.snapshot, &latest).await?;
        let session = self.session(&base, &own_limits(witness)).await?;
        let config = self.config();
        let name = request.evaluator.as_ref().unwrap_or(&config.evaluator);
        let plugin = self.plugin(&session, name, PluginKind::Evaluator).await?;
        let settings = match &request.settings {
            Some(settings) => settings.to_string(),
            None if *name == config.evaluator => config.evaluator_settings.to_string(),
            None => json!({}).to_string(),
        };
        let indicators = indicator::all()?;
        let evaluator = plugin.evaluator(&settings)?;
        let chosen = Chosen { name, digest: plugin.digest(), settings: &settings };
        let identity = identify(self, &base, request, &chosen, &indicators)?;
        // What was read may be old; what is written goes on top of what is.
        let now = self.session(&latest, &own_limits(witness)).await?;
        let known =
            self.frame(&now, report::KNOWN, &report::evaluation_param(&identity.evaluation_id)).await?;
        if known.rows() == 0 {
            let found = find(self, &session, &evaluator, indicators, &identity).await?;
            let pages = tables::write(&identity, &found)?;
            let note = self.note(witness, format!("evaluate {}", identity.evaluation_id));
            self.store.commit(&latest, pages, &note).await?;
        }
        let latest = self.latest().await?;
        let session = self.session(&latest, &own_limits(witness)).await?;
        report::read(self, &session, &identity.evaluation_id).await
    }
}

/// What an evaluation found, before it is written.
struct Found {
    indicators: Vec<Indicator>,
    /// One per indicator; nothing for those that are not compared.
    weights: Vec<Option<f64>>,
    levels: Vec<(Measured, Vec<Standing>)>,
    /// Cases that name no district.
    unplaced: i64,
    /// Some need of the pool was made up.
    synthetic: bool,
}

/// Measures all places and judges them.
async fn find(
    pool: &Pool,
    session: &Session,
    evaluator: &Evaluator,
    indicators: Vec<Indicator>,
    identity: &Identity,
) -> Result<Found> {
    let districts = Measured::read(pool, session, &indicators, identity, Level::District).await?;
    let communities = Measured::read(pool, session, &indicators, identity, Level::Community).await?;
    let weights = draws::weights(&indicators, &districts.common(&indicators));
    let unplaced = districts.unplaced;
    let mut levels = Vec::new();
    for measured in [districts, communities] {
        let standings = draws::evaluate(evaluator, &indicators, &measured, &weights, identity.seed, DRAWS)?;
        levels.push((measured, standings));
    }
    let sql = "SELECT need_id FROM need WHERE provenance = 'synthetic' LIMIT 1";
    let synthetic = pool.frame(session, sql, &Params::default()).await?.rows() > 0;
    Ok(Found { indicators, weights, levels, unplaced, synthetic })
}

/// The tables an evaluation reads.
const INPUT_TABLES: [&str; 9] = [
    "community",
    "district",
    "merchant",
    "need",
    "need_event",
    "post",
    "posting",
    "published_figure",
    "return_visit",
];

/// Which evaluator, and how it is set.
struct Chosen<'a> {
    name: &'a str,
    digest: &'a str,
    settings: &'a str,
}

fn identify(
    pool: &Pool,
    base: &Snapshot,
    request: &EvaluateRequest,
    evaluator: &Chosen<'_>,
    indicators: &[Indicator],
) -> Result<Identity> {
    let zone = linli_query::Zone::parse(&pool.config().time_zone);
    let (from, to) = match &request.period {
        None => (None, None),
        Some(text) => {
            let (from, to) = zone.period(text).ok_or_else(|| Error::BadRequest {
                what: Text::new("period", "评价期"),
                found: text.clone(),
                expected: Text::new(
                    "a year 2012, a month 2012-03, or days 2012-03-01..2012-04-01",
                    "年 2012、月 2012-03，或日期区间 2012-03-01..2012-04-01",
                ),
            })?;
            (Some(from), Some(to))
        }
    };
    let tables: Vec<_> =
        INPUT_TABLES.iter().filter_map(|it| base.tables.get(*it).map(|state| (*it, &state.digest))).collect();
    let queries: Vec<_> = indicators.iter().map(|it| (&it.name, &it.digest, it.weight)).collect();
    let query_digest = hex(json!(queries).to_string().as_bytes());
    let text = json!({
        "draws": DRAWS, "engine": crate::matching::ENGINE, "evaluator": evaluator.digest, "from": from,
        "period": request.period, "queries": queries, "seed": request.seed,
        "settings": evaluator.settings, "tables": tables, "to": to,
    })
    .to_string();
    Ok(Identity {
        evaluation_id: hex(text.as_bytes())[..32].to_owned(),
        snapshot: base.id,
        period: request.period.clone().unwrap_or_else(|| "all".to_owned()),
        from,
        to,
        seed: request.seed,
        evaluator: evaluator.name.to_owned(),
        settings: evaluator.settings.to_owned(),
        digest: evaluator.digest.to_owned(),
        query_digest,
    })
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|it| format!("{it:02x}")).collect()
}
