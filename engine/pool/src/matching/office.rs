//! Districts that bring scorers of their own, and who speaks where.

use std::collections::BTreeMap;

use linli_model::Score;
use linli_plugin::Plugin;
use linli_query::{ScorerChoice, Session};
use serde_json::{Map, Value};

use super::{Maps, MatchRequest, Scored, Scorer, Scorers, StoredRun};
use crate::choice::Stage;
use crate::{Pool, Result};

/// A district in which other plugins than the incumbents speak.
#[derive(Clone)]
pub(crate) struct Office {
    pub district_id: String,
    /// By position of the scorer: who speaks in its place.
    pub plugins: Vec<Option<Plugin>>,
}

/// The kind of input under which a run names the plugin of one district.
pub(crate) const CANARY_INPUT: &str = Stage::Canary.as_str();

/// The name of such an input. The names of plugins are words and hyphens.
pub(super) fn input_name(scorer: &str, district_id: &str) -> String {
    format!("{scorer}@{district_id}")
}

/// Scorer and district of such an input.
pub(super) fn input_parts(name: &str) -> Option<(&str, &str)> {
    name.split_once('@')
}

impl Scorers {
    /// Loads the plugins that were chosen for districts of a request. One that is the incumbent
    /// itself changes nothing and is none of them.
    ///
    /// **Errors.** A component that is gone, was changed, or is no scorer.
    pub(super) async fn chosen(
        &self,
        pool: &Pool,
        session: &Session,
        request: &MatchRequest,
    ) -> Result<Vec<Office>> {
        let mut chosen = Vec::new();
        for it in pool.choice_rows(session).await?.into_iter().filter(|it| it.stage == Stage::Canary) {
            let Some(district_id) = it.district_id else { continue };
            if request.districts.is_empty() || request.districts.contains(&district_id) {
                chosen.push((it.name, district_id, it.digest));
            }
        }
        self.offices_of(pool, chosen)
    }

    /// The same as a stored run names them.
    pub(super) fn stored_offices(&self, pool: &Pool, run: &StoredRun) -> Result<Vec<Office>> {
        let canaries = run.inputs.iter().filter(|(kind, ..)| kind == CANARY_INPUT);
        let chosen = canaries.filter_map(|(_, name, digest, _)| {
            let (scorer, district) = input_parts(name)?;
            Some((scorer.to_owned(), district.to_owned(), digest.clone()))
        });
        self.offices_of(pool, chosen.collect())
    }

    /// Offices by district, from name, district and digest.
    fn offices_of(&self, pool: &Pool, chosen: Vec<(String, String, String)>) -> Result<Vec<Office>> {
        let mut offices: BTreeMap<String, Vec<Option<Plugin>>> = BTreeMap::new();
        for (name, district_id, digest) in chosen {
            let Some(position) = self.scorers.iter().position(|it| it.choice.name == name) else { continue };
            if self.scorers[position].plugin.digest() != digest {
                let none = || vec![None; self.scorers.len()];
                offices.entry(district_id).or_insert_with(none)[position] =
                    Some(pool.scorer_by_digest(&name, &digest)?);
            }
        }
        Ok(offices.into_iter().map(|(district_id, plugins)| Office { district_id, plugins }).collect())
    }

    /// The incumbents for everybody.
    pub(super) fn without_offices(&self) -> Self {
        Self { scorers: self.scorers.clone(), offices: Vec::new() }
    }

    /// What districts bring, each once: under which name, and its digest.
    pub(super) fn canaries(&self) -> Vec<(String, String)> {
        let of = |it: &Office| -> Vec<(String, String)> {
            let own = self.scorers.iter().zip(&it.plugins);
            own.filter_map(|(by, it)| Some((by.choice.name.clone(), it.as_ref()?.digest().to_owned())))
                .collect()
        };
        let mut all: Vec<(String, String)> = self.offices.iter().flat_map(of).collect();
        all.sort();
        all.dedup();
        all
    }

    /// The same scorers without what districts bring under a name, and with another plugin there for
    /// everybody, if one is given.
    pub(crate) fn with(&self, name: &str, plugin: Option<&Plugin>) -> Self {
        let (mut scorers, mut offices) = (self.scorers.clone(), self.offices.clone());
        for (position, it) in scorers.iter_mut().enumerate().filter(|it| it.1.choice.name == name) {
            if let Some(plugin) = plugin {
                *it = Scorer::new(for_another(&it.choice, plugin), plugin.clone());
            }
            offices.iter_mut().for_each(|it| it.plugins[position] = None);
        }
        offices.retain(|it| it.plugins.iter().any(Option::is_some));
        Self { scorers, offices }
    }

    /// The position of the office of a district, if it brings a plugin of its own.
    pub(crate) fn office(&self, district_id: Option<&str>) -> Option<usize> {
        let district_id = district_id?;
        self.offices.binary_search_by(|it| it.district_id.as_str().cmp(district_id)).ok()
    }

    /// Who speaks under the name of a scorer.
    pub(crate) fn speaker(&self, office: Option<usize>, scorer: usize) -> &Plugin {
        let own = office.and_then(|it| self.offices[it].plugins[scorer].as_ref());
        own.unwrap_or(&self.scorers[scorer].plugin)
    }

    /// The scorers in whose place an office brings another.
    pub(super) fn own_positions(&self, office: usize) -> Vec<usize> {
        let plugins = (0..).zip(&self.offices[office].plugins);
        plugins.filter(|(_, it)| it.is_some()).map(|(position, _)| position).collect()
    }

    /// Those who speak for an office, of these scorers.
    pub(super) fn speakers(&self, office: usize, positions: &[usize]) -> Self {
        let speaker = |position: &usize| {
            let incumbent = &self.scorers[*position];
            match &self.offices[office].plugins[*position] {
                Some(own) => Scorer::new(for_another(&incumbent.choice, own), own.clone()),
                None => incumbent.clone(),
            }
        };
        Self { scorers: positions.iter().map(speaker).collect(), offices: Vec::new() }
    }

    /// The incumbents, of these scorers.
    pub(super) fn incumbents(&self, positions: &[usize]) -> Self {
        let scorers = positions.iter().map(|it| self.scorers[*it].clone()).collect();
        Self { scorers, offices: Vec::new() }
    }

    /// Says by whom a candidate was scored, in the order of the scorers.
    pub(super) fn digests(&self, scored: &Scored) -> Vec<String> {
        (0..self.scorers.len()).map(|it| self.speaker(scored.office, it).digest().to_owned()).collect()
    }

    /// What a plugin itself said, where that was calibrated.
    pub(crate) fn raw(&self, scored: &Scored, scorer: usize) -> Option<Score> {
        self.offices[scored.office?].plugins[scorer].as_ref()?;
        scored.raw.as_ref().map(|it| it[scorer])
    }

    /// What an office's scores say once they are comparable.
    pub(super) fn calibrated(&self, office: usize, raw: Vec<Scored>, maps: &Maps) -> Vec<Scored> {
        let own = self.own_positions(office);
        let map = |scorer: usize, raw| if own.contains(&scorer) { maps.at(office, scorer, raw) } else { raw };
        self.recounted(raw, Some(office), map)
    }
}

/// What was asked of the incumbent, as far as another plugin has settings of the same name; the
/// others stay at its defaults.
fn for_another(asked: &ScorerChoice, plugin: &Plugin) -> ScorerChoice {
    let known = plugin.description().settings.get("properties").and_then(Value::as_object);
    let is_known = |key: &str| known.is_some_and(|it| it.contains_key(key));
    let given = asked.settings.as_object().into_iter().flatten();
    let settings: Map<String, Value> =
        given.filter(|(key, _)| is_known(key)).map(|(key, value)| (key.clone(), value.clone())).collect();
    ScorerChoice { settings: Value::Object(settings), ..asked.clone() }
}
