//! Lets a plugin in: it keeps the contract, and enough offices stand behind it.

use std::collections::BTreeSet;

use linli_model::Text;
use linli_plugin::{Plugin, Policy, Signatures, Signer, Standing};
use linli_query::{Change, Scope, Session};
use serde::Serialize;

use super::{PluginRow, page, write_whole};
use crate::choice::{PluginChoice, Stage, choice_page};
use crate::life::{Action, Event};
use crate::pool::own_limits;
use crate::{Error, Pool, Result, Witness};

/// How a plugin comes in.
#[derive(Debug, Clone, Default)]
pub struct Addition {
    /// Who stands behind it.
    pub signatures: Option<Signatures>,
    /// The districts whose needs it scores in place of the incumbent of its name; none: it becomes
    /// the incumbent itself.
    pub districts: Vec<String>,
}

/// A key that signed a plugin.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SignerRow {
    /// The key.
    pub key: String,
    /// Whose it is; none where the policy does not name it.
    pub owner: Option<String>,
}

/// What adding a plugin did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AddReport {
    /// The plugin.
    #[serde(flatten)]
    pub plugin: PluginRow,
    /// The districts it was added for; none for the whole pool.
    pub districts: Vec<String>,
    /// Who signed, each key once.
    pub signers: Vec<SignerRow>,
    /// The incumbent before, where there was another.
    pub replaced: Option<String>,
    /// Whether the pool asks for no signatures.
    pub open: bool,
}

impl Pool {
    /// Puts a plugin into the pool, in place of an earlier one of the same name; see
    /// [`Self::add_signed_plugin`].
    pub async fn add_plugin(&self, bytes: &[u8], witness: &Witness) -> Result<PluginRow> {
        Ok(self.add_signed_plugin(bytes, &Addition::default(), witness).await?.plugin)
    }

    /// Puts a plugin into the pool: as the incumbent of its name, or for the needs of districts.
    ///
    /// **Errors.** Whatever makes the bytes no plugin; columns no plugin may see; a check that the
    /// plugin does not pass; signatures that are not genuine, or not those the pool's policy asks
    /// for; a plugin of another kind that has the name; a district that no table names, or a name
    /// that has no incumbent there. Then the pool stays as it was.
    pub async fn add_signed_plugin(
        &self,
        bytes: &[u8],
        addition: &Addition,
        witness: &Witness,
    ) -> Result<AddReport> {
        self.admit(&self.examined(bytes)?, bytes, addition, witness).await
    }

    /// The same for a plugin that was examined.
    pub(super) async fn admit(
        &self,
        plugin: &Plugin,
        bytes: &[u8],
        addition: &Addition,
        witness: &Witness,
    ) -> Result<AddReport> {
        let row = PluginRow::of(plugin);
        let base = self.latest().await?;
        let session = self.session(&base, &own_limits(witness)).await?;
        let signatures = self.all_signatures(plugin, addition.signatures.as_ref());
        let districts: BTreeSet<&str> = addition.districts.iter().map(String::as_str).collect();
        let places = self.places(&session, &districts).await?;
        let policy = self.policy_in(&session).await?;
        let signers = signatures.genuine(plugin).map_err(linli_plugin::Error::from)?;
        for place in &places {
            policy.require(&signers, *place).map_err(linli_plugin::Error::from)?;
        }
        let mut rows = self.plugin_rows(&session).await?;
        // Where only districts get it the incumbent stays.
        let before = incumbent(&rows, &row, &districts)?;
        let replaced = before.filter(|it| districts.is_empty() && *it != row.digest);
        let signers = signer_rows(&policy, &signers);
        self.put_component(plugin, bytes)?;
        self.put_signatures(plugin, &signatures)?;
        let actor = actor(&signers, witness);
        let change = if districts.is_empty() {
            rows.retain(|it| it.name != row.name);
            rows.push(row.clone());
            page(&rows)?
        } else {
            self.with_choices(&session, &row, &districts, &actor, witness).await?
        };
        let events = added(&row, replaced.as_deref(), &places, &actor);
        let changes = vec![change, self.events(&session, &events, witness).await?];
        let note = match districts.is_empty() {
            true => format!("plugin add {}", row.name),
            false => format!("plugin add {} for {}", row.name, addition.districts.join(", ")),
        };
        // Whoever changed the policy or the incumbent meanwhile comes first.
        let grounds = ["plugin", "plugin_key"];
        self.store.commit_on(&base, &grounds, changes, &self.note(witness, note)).await?;
        let districts = districts.into_iter().map(str::to_owned).collect();
        Ok(AddReport { plugin: row, districts, signers, replaced, open: policy.is_open() })
    }

    /// Where a plugin is to decide: these districts, or the whole pool.
    ///
    /// **Errors.** [`Error::UnknownDistrict`].
    async fn places<'a>(
        &self,
        session: &Session,
        districts: &BTreeSet<&'a str>,
    ) -> Result<Vec<Option<&'a str>>> {
        let asked = districts.iter().map(|it| (*it).to_owned()).collect();
        let scope = Scope { districts: asked, ..Scope::default() };
        if let Some((district, nearest)) = scope.unknown_district(session).await? {
            return Err(Error::UnknownDistrict { district, nearest });
        }
        let places: Vec<_> = districts.iter().copied().map(Some).collect();
        Ok(if places.is_empty() { vec![None] } else { places })
    }

    /// Keeps signatures beside the component, where there are any.
    pub(crate) fn put_signatures(&self, plugin: &Plugin, signatures: &Signatures) -> Result<()> {
        if signatures.is_empty() {
            return Ok(());
        }
        write_whole(&self.signature_path(plugin.digest()), signatures.text().as_bytes())
    }

    /// The signatures that came along, and those of other keys that the pool keeps already.
    pub(crate) fn all_signatures(&self, plugin: &Plugin, brought: Option<&Signatures>) -> Signatures {
        let mut all = brought.cloned().unwrap_or_else(|| Signatures::none(plugin));
        // What lies there and is not what it says counts for nothing, and is written anew.
        if let Some(kept) = self.kept_signatures(plugin) {
            all.join(&kept);
        }
        all
    }

    /// The signatures that the pool keeps of a plugin, if all of them are genuine.
    pub(super) fn kept_signatures(&self, plugin: &Plugin) -> Option<Signatures> {
        let bytes = std::fs::read(self.signature_path(plugin.digest())).ok()?;
        let kept = Signatures::read(&bytes).ok()?;
        kept.genuine(plugin).is_ok().then_some(kept)
    }

    /// Makes sure that enough offices signed a plugin that the pool keeps, for a district or for
    /// the whole pool: before it decides there, whichever way it gets to.
    ///
    /// **Errors.** Of kind `denied`, see [`linli_plugin::Policy::require`].
    pub async fn require_signed(
        &self,
        session: &Session,
        plugin: &Plugin,
        district: Option<&str>,
    ) -> Result<()> {
        let policy = self.policy_in(session).await?;
        let signatures = self.all_signatures(plugin, None);
        let signers = signatures.genuine(plugin).map_err(linli_plugin::Error::from)?;
        Ok(policy.require(&signers, district).map_err(linli_plugin::Error::from)?)
    }

    /// Table `plugin_choice` with this plugin for these districts.
    async fn with_choices(
        &self,
        session: &Session,
        row: &PluginRow,
        districts: &BTreeSet<&str>,
        actor: &str,
        witness: &Witness,
    ) -> Result<Change> {
        let mut choices = self.choice_rows(session).await?;
        let is_ours = |it: &PluginChoice| districts.iter().any(|district| it.is_canary(&row.name, district));
        choices.retain(|it| !is_ours(it));
        choices.extend(districts.iter().map(|district| PluginChoice {
            name: row.name.clone(),
            district_id: Some((*district).to_owned()),
            digest: row.digest.clone(),
            stage: Stage::Canary,
            since_us: witness.at_us,
            actor: Some(actor.to_owned()),
        }));
        choice_page(&choices)
    }
}

/// An audit row for each place.
fn added(row: &PluginRow, replaced: Option<&str>, places: &[Option<&str>], actor: &str) -> Vec<Event> {
    let text = Text::new(
        format!("{} {} {} came into the pool", row.kind, row.name, row.version),
        format!("插件 {} {} 已加入资源池", row.name, row.version),
    );
    let event = |district_id: &Option<&str>| Event {
        replaced: replaced.map(str::to_owned),
        district_id: district_id.map(str::to_owned),
        actor: Some(actor.to_owned()),
        ..Event::new(Action::Add, &row.name, &row.digest, text.clone())
    };
    places.iter().map(event).collect()
}

/// Who signed, each key once.
pub(super) fn signer_rows(policy: &Policy, signers: &[Signer]) -> Vec<SignerRow> {
    let genuine = signers.iter().filter(|it| it.standing == Standing::Valid);
    let owner = |key| policy.key(key).map(|it| it.owner.clone());
    genuine.map(|it| SignerRow { key: it.key.to_string(), owner: owner(&it.key) }).collect()
}

/// The digest of the plugin that has the name of a new one.
///
/// **Errors.** [`Error::NameTaken`] where it is of another kind, [`Error::UnknownPlugin`] where a
/// district is to have a version of what the pool does not have.
fn incumbent(rows: &[PluginRow], new: &PluginRow, districts: &BTreeSet<&str>) -> Result<Option<String>> {
    let Some(known) = rows.iter().find(|it| it.name == new.name) else {
        if districts.is_empty() {
            return Ok(None);
        }
        let known = rows.iter().filter(|it| it.kind == new.kind).map(|it| it.name.clone()).collect();
        return Err(Error::UnknownPlugin { name: new.name.clone(), known });
    };
    if known.kind != new.kind {
        let (name, kind, found) = (new.name.clone(), known.kind.clone(), new.kind.clone());
        return Err(Error::NameTaken { name, kind, found });
    }
    Ok(Some(known.digest.clone()))
}

/// On whose word: the offices that signed, else whoever did it.
fn actor(signers: &[SignerRow], witness: &Witness) -> String {
    let owners: BTreeSet<&str> = signers.iter().filter_map(|it| it.owner.as_deref()).collect();
    if owners.is_empty() { witness.actor.clone() } else { owners.into_iter().collect::<Vec<_>>().join("; ") }
}
