//! Who may add plugins to this pool: table `plugin_key`.
//!
//! A table and no file: whoever changed it, and when, is in the pool's history; an addition and a
//! change of the policy cannot pass each other unseen; an auditor asks it in SQL.

use linli_plugin::{Policy, PublicKey, TrustedKey};
use linli_query::{Params, Session};

use crate::book::{Cell, Page};
use crate::pool::own_limits;
use crate::{Pool, Result, Witness};

impl Pool {
    /// Who may add plugins now.
    pub async fn policy(&self, witness: &Witness) -> Result<Policy> {
        let session = self.session(&self.latest().await?, &own_limits(witness)).await?;
        self.policy_in(&session).await
    }

    /// Says who may add plugins from now on. What is in the pool stays.
    ///
    /// **Errors.** A policy that contradicts itself; then the old one holds.
    pub async fn set_policy(&self, policy: &Policy, witness: &Witness) -> Result<()> {
        let policy = policy.clone().checked().map_err(linli_plugin::Error::from)?;
        let base = self.latest().await?;
        let mut page = Page::new("plugin_key");
        for it in &policy.keys {
            page.add([
                ("key", it.key.to_string().into()),
                ("owner", it.owner.as_str().into()),
                ("districts", Cell::List(it.districts.clone())),
                ("threshold", Cell::Integer(i64::try_from(policy.threshold).unwrap_or(i64::MAX))),
            ]);
        }
        let (threshold, keys) = (policy.threshold, policy.keys.len());
        let note = match policy.is_open() {
            true => "plugin policy: open".to_owned(),
            false => format!("plugin policy: {threshold} of {keys} keys"),
        };
        self.store.commit(&base, vec![page.replace()?], &self.note(witness, note)).await?;
        Ok(())
    }

    /// Who might add plugins in a snapshot.
    ///
    /// **Errors.** Rows that are no policy: then nobody may, and not everybody.
    pub(super) async fn policy_in(&self, session: &Session) -> Result<Policy> {
        let rows = self.frame(session, KEYS, &Params::default()).await?;
        let (keys, owners, thresholds) =
            (rows.texts("key")?, rows.texts("owner")?, rows.integers("threshold")?);
        let districts = rows.lists("districts")?;
        let trusted = |(row, districts): (usize, Vec<String>)| {
            let key = PublicKey::read(keys.value(row)).map_err(linli_plugin::Error::from)?;
            Ok(TrustedKey { key, owner: owners.value(row).to_owned(), districts })
        };
        let keys = districts.into_iter().enumerate().map(trusted).collect::<Result<Vec<_>>>()?;
        // Of rows that disagree the strictest counts.
        let threshold = thresholds.iter().flatten().max().unwrap_or(0);
        let policy = Policy { threshold: usize::try_from(threshold).unwrap_or(usize::MAX), keys };
        Ok(policy.checked().map_err(linli_plugin::Error::from)?)
    }
}

const KEYS: &str = "SELECT key, owner, districts, threshold FROM plugin_key ORDER BY owner, key";
