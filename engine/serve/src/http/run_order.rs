//! What a match is asked for over HTTP.

use linli_model::Text;
use linli_pool::MatchRequest;
use linli_pool::query::ScorerChoice;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::error::{Error, Result};
use crate::wire::{self, Order, shown};

/// What a match is asked for. Nothing said means: the pool's scorers, every open need.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct RunOrder {
    /// Decide with the needs received by this time; by default all.
    as_of: Option<String>,
    /// Read the tables as they were in this snapshot; by default as they are now.
    snapshot: Option<u64>,
    /// Plan from this time; by default from the first window.
    from: Option<String>,
    /// Plan up to this time; by default to the last window, and a week at least.
    to: Option<String>,
    /// Only needs of these districts; empty: all.
    districts: Vec<String>,
    /// Scorers and weights; empty: the pool's.
    scorers: Vec<ScorerOrder>,
    /// Part of the run's identity.
    seed: i64,
}

/// A scorer.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ScorerOrder {
    /// The plugin.
    name: String,
    /// How much it counts, in thousandths.
    #[serde(default = "full_weight")]
    weight: u32,
    /// Its settings; by default the plugin's own.
    #[serde(default = "no_settings")]
    #[schema(value_type = Object)]
    settings: Value,
}

fn full_weight() -> u32 {
    1000
}

fn no_settings() -> Value {
    json!({})
}

impl Order for RunOrder {
    fn check(fields: &Map<String, Value>) -> Result<()> {
        let scorers = fields.get("scorers").and_then(Value::as_array).into_iter().flatten();
        match scorers.enumerate().find(|(_, it)| !it.is_object()) {
            None => Ok(()),
            Some((position, found)) => {
                let expected = Text::new(
                    "an object such as {\"name\": \"skill-fit\"}",
                    "对象，如 {\"name\": \"skill-fit\"}",
                );
                Err(Error::argument(format!("scorers.{position}"), shown(found), expected))
            }
        }
    }
}

impl RunOrder {
    /// The request as the pool takes it.
    ///
    /// **Errors.** A time that cannot be read.
    pub(super) fn request(&self, zone: &str) -> Result<MatchRequest> {
        let time = |name: &str, text: &Option<String>| {
            text.as_ref().map(|it| wire::instant(name, it, zone)).transpose()
        };
        let scorer = |it: &ScorerOrder| ScorerChoice {
            name: it.name.clone(),
            weight: it.weight,
            settings: it.settings.clone(),
        };
        Ok(MatchRequest {
            snapshot: self.snapshot,
            scorers: self.scorers.iter().map(scorer).collect(),
            districts: self.districts.clone(),
            as_of: time("as_of", &self.as_of)?,
            from: time("from", &self.from)?,
            to: time("to", &self.to)?,
            seed: self.seed,
        })
    }
}
