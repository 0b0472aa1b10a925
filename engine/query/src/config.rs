//! `pool.json`: what holds for a pool as a whole.

use serde::{Deserialize, Serialize};

/// The format of pools this build reads and writes.
pub const FORMAT: u32 = 1;

/// A scorer and how much it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScorerChoice {
    /// The plugin's name.
    pub name: String,
    /// Its weight in thousandths.
    pub weight: u32,
    /// Its settings, as JSON; `{}` takes the plugin's defaults.
    #[serde(default = "empty_settings")]
    pub settings: serde_json::Value,
}

fn empty_settings() -> serde_json::Value {
    serde_json::Value::Object(serde_json::Map::new())
}

/// The settings of a pool. Unknown keys are kept out: a newer linli may mean something by them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolConfig {
    /// The version of the pool's layout.
    pub format: u32,
    /// The offset of local time, e.g. `+08:00`: times without offset are read in it, days and
    /// weeks are cut by it.
    pub time_zone: String,
    /// The coordinate system of `lon, lat`.
    pub crs: String,
    /// The scorers of a match that names none.
    pub scorers: Vec<ScorerChoice>,
    /// The evaluator of an evaluation that names none.
    pub evaluator: String,
    /// Its settings, as JSON; `{}` takes the plugin's defaults.
    #[serde(default = "empty_settings")]
    pub evaluator_settings: serde_json::Value,
    /// How far a provider may be from a need that does not say, in metres.
    pub reach_m: i64,
    /// How many candidates of a need are scored before prices ask for more.
    pub working_set: u32,
}

impl Default for PoolConfig {
    fn default() -> Self {
        let scorer =
            |name: &str, weight| ScorerChoice { name: name.to_owned(), weight, settings: empty_settings() };
        Self {
            format: FORMAT,
            time_zone: "+08:00".to_owned(),
            crs: "wgs84".to_owned(),
            scorers: vec![
                scorer("skill-fit", 400),
                scorer("walking-distance", 400),
                scorer("merchant-offer", 200),
            ],
            evaluator: "weighted-index".to_owned(),
            evaluator_settings: empty_settings(),
            reach_m: 10_000,
            working_set: 20,
        }
    }
}
