//! For benches: hosts that give up a promise, to show what it costs.
//!
//! Nothing here may decide what a pool scores. A host that does not count fuel lets a slow machine
//! give up where a fast one does not; one without a clock lets a plugin run for ever; and an
//! instance that is kept between blocks lets a plugin remember.

use arrow_array::RecordBatch;

use crate::answer::Scores;
use crate::error::Result;
use crate::host::Host;
use crate::limits::Limits;
use crate::plugin::Plugin;

/// What a host does beside running the code of a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promises {
    /// Instructions are counted, and end what computes too long.
    pub fuel: bool,
    /// The wall clock ends what takes too long. With neither, an endless loop is endless.
    pub clock: bool,
    /// Every NaN has the same bits on every machine.
    pub one_nan: bool,
}

impl Promises {
    /// What [`Host::new`] keeps.
    pub const ALL: Self = Self { fuel: true, clock: true, one_nan: true };
}

/// [`Host::new`] with fewer promises. Without fuel, [`Scores::fuel`] is 0.
///
/// **Errors.** As [`Host::new`].
pub fn host(limits: Limits, promises: Promises) -> Result<Host> {
    Host::build(limits, promises, None)
}

/// [`Plugin::score`] in one instance for all blocks; each block still has fuel of its own.
///
/// **Errors.** As [`Plugin::score`]. An SDK that frees nothing runs out of memory after some blocks.
pub fn score_in_one_instance(plugin: &Plugin, settings: &str, batch: &RecordBatch) -> Result<Scores> {
    plugin.check_scoring(settings, batch)?;
    let mut session = plugin.program().configured(settings)?;
    let mut scores = Scores::default();
    for block in Plugin::blocks(batch.num_rows()) {
        scores.append(plugin.scores(batch, block, || Ok(&mut session))?);
    }
    Ok(scores)
}

/// Makes an instance, gives it its settings, and drops it.
///
/// **Errors.** What starting and `configure` do wrong; settings that are no JSON are the plugin's to
/// refuse.
pub fn instantiate(plugin: &Plugin, settings: &str) -> Result<()> {
    plugin.program().configured(settings).map(drop)
}
