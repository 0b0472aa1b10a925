//! What every plugin promises of its settings.

use super::{Seen, words};
use crate::error::{Error, Result};
use crate::plugin::Plugin;

/// Values that are tried: more than any of ours has, and no more than a minute of endless loops.
const TRIES_MAX: usize = 64;

/// Sets one thing at a time to each end of what it may be. The plugin may refuse what does not go
/// together with its other settings, but in words; `ask` calls it once.
///
/// **Cost.** Two calls for each setting, or one for each of its words; not more than [`TRIES_MAX`].
pub(super) fn at_their_ends(plugin: &Plugin, ask: impl Fn(&str) -> Result<()>) -> Seen {
    let (mut taken, mut refused) = (0, 0);
    for settings in plugin.ends().into_iter().take(TRIES_MAX) {
        match ask(&settings.to_string()) {
            Ok(()) => taken += 1,
            Err(Error::SettingsRefused { .. }) => refused += 1,
            Err(error) => return Err(format!("with {settings}: {}", words(&error))),
        }
    }
    Ok(format!("{taken} settings taken, {refused} refused in words"))
}
