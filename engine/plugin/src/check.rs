//! Does a plugin keep its promises? What `linli plugin check` reports.

mod evaluator;
mod listen;
mod sample;
mod scorer;
mod settings;

use arrow_array::RecordBatch;
use serde::Serialize;
use serde_json::Value;

use crate::description::PluginKind;
use crate::error::{Error, Result};
use crate::host::Host;
use crate::plugin::{Plugin, digest};
use crate::state::{Remark, one_line};

pub use listen::{Said, listen};

/// Remarks shown of one call.
const REMARKS_SHOWN: usize = 5;
/// Bytes shown of one remark.
const REMARK_BYTES_SHOWN: usize = 200;

/// One promise, and whether it was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// In kebab case.
    pub name: &'static str,
    /// Whether it was kept.
    pub ok: bool,
    /// What was seen.
    pub detail: String,
}

/// What was checked of one component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The SHA-256 of the component.
    pub digest: String,
    /// `scoring` or `evaluating`; none when it could not be loaded.
    pub world: Option<&'static str>,
    /// Every check that was made, in order.
    pub checks: Vec<Check>,
    /// Whether all were kept.
    pub ok: bool,
}

/// What one check saw, or what went wrong.
type Seen = std::result::Result<String, String>;

/// Checks a component with made-up data for the columns it asks for, the same every time.
///
/// **Shape.** The first check is that it loads; where it does not, there are no others.
/// **Cost.** That of loading and some dozen calls with up to a thousand rows; where all goes well one
/// with more than a block and up to 64 with one row, for the settings.
pub fn check(host: &Host, bytes: &[u8]) -> Report {
    match host.load(bytes) {
        Ok(plugin) => examine(&plugin),
        Err(error) => {
            let mut report = Report { digest: digest(bytes), world: None, checks: Vec::new(), ok: true };
            report.add("loads", Err(words(&error)));
            report
        }
    }
}

/// Checks a plugin that was loaded already, see [`check`].
pub fn examine(plugin: &Plugin) -> Report {
    let description = plugin.description();
    let (kind, name, version) = (description.kind, &description.name, &description.version);
    let world = Some(kind.world());
    let mut report = Report { digest: plugin.digest().to_owned(), world, checks: Vec::new(), ok: true };
    report.add("loads", Ok(format!("{kind} {name} {version}, {} bytes", plugin.size_bytes())));
    report.add("describes-itself-alike", describes_itself_alike(plugin));
    match kind {
        PluginKind::Scorer => scorer::check(plugin, &mut report),
        PluginKind::Evaluator => evaluator::check(plugin, &mut report),
    }
    report
}

/// Made-up rows for the columns that a plugin asks for, the same every time: one value in ten is
/// null.
///
/// **Errors.** [`Error::Host`] where no such batch can be made.
pub fn made_up(plugin: &Plugin, rows: usize) -> Result<RecordBatch> {
    let columns = &plugin.description().columns;
    sample::batch(columns, rows, sample::Nulls::Some).map_err(|cause| Error::Host { cause })
}

impl Report {
    /// Refuses what does not keep the contract.
    ///
    /// **Errors.** [`Error::BreaksContract`] with the checks that failed.
    pub fn require(self, plugin: &str) -> Result<()> {
        if self.ok {
            return Ok(());
        }
        let failed = self.checks.into_iter().filter(|it| !it.ok).collect();
        Err(Error::BreaksContract { plugin: plugin.to_owned(), failed })
    }

    fn add(&mut self, name: &'static str, seen: Seen) {
        let ok = seen.is_ok();
        let detail = match seen {
            Ok(detail) | Err(detail) => detail,
        };
        self.ok &= ok;
        self.checks.push(Check { name, ok, detail });
    }
}

fn describes_itself_alike(plugin: &Plugin) -> Seen {
    if seen(plugin.describe_again())? == *plugin.description() {
        Ok("two instances say the same".to_owned())
    } else {
        Err("two instances describe themselves differently".to_owned())
    }
}

/// The settings that `describe` declares, each at its default, as one JSON object.
fn defaults(plugin: &Plugin) -> String {
    Value::Object(plugin.defaults()).to_string()
}

fn seen<T>(result: Result<T>) -> std::result::Result<T, String> {
    result.map_err(|it| words(&it))
}

/// An error and what the plugin had to say before it.
fn words(error: &Error) -> String {
    heard(&error.to_string(), error.site().map_or(&[][..], |it| it.remarks.as_slice()))
}

/// A part of a whole, in per cent.
fn share(part: u64, whole: u64) -> String {
    format!("{:.1} %", 100.0 * part as f64 / whole.max(1) as f64)
}

/// What was seen, and what the plugin had to say meanwhile; the text of a panic is said once.
fn heard(seen: &str, remarks: &[Remark]) -> String {
    let mut text = seen.to_owned();
    let news: Vec<&Remark> = remarks.iter().filter(|it| !seen.contains(&it.text)).collect();
    for Remark { level, text: said } in news.iter().take(REMARKS_SHOWN) {
        let level = match level {
            0 => "error",
            1 => "warning",
            2 => "information",
            _ => "detail",
        };
        text += &format!("; {level}: {}", one_line(said, REMARK_BYTES_SHOWN));
    }
    if news.len() > REMARKS_SHOWN {
        text += &format!("; and {} remarks more", news.len() - REMARKS_SHOWN);
    }
    text
}
