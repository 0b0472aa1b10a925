//! Does a plugin keep its promises? What `linli plugin check` reports.

mod evaluator;
mod sample;
mod scorer;

use serde::Serialize;

use crate::description::PluginKind;
use crate::error::Result;
use crate::host::Host;
use crate::plugin::{Plugin, digest};

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
/// **Cost.** That of loading, and a dozen calls with up to a thousand rows.
pub fn check(host: &Host, bytes: &[u8]) -> Report {
    let mut report = Report { digest: digest(bytes), world: None, checks: Vec::new(), ok: true };
    let plugin = match host.load(bytes) {
        Ok(plugin) => plugin,
        Err(error) => {
            report.add("loads", Err(error.to_string()));
            return report;
        }
    };
    let description = plugin.description();
    report.world = Some(description.kind.world());
    let (kind, name, version) = (description.kind, &description.name, &description.version);
    report.add("loads", Ok(format!("{kind} {name} {version}, {} bytes", plugin.size_bytes())));
    report.add("describes-itself-alike", describes_itself_alike(&plugin));
    match kind {
        PluginKind::Scorer => scorer::check(&plugin, &mut report),
        PluginKind::Evaluator => evaluator::check(&plugin, &mut report),
    }
    report
}

impl Report {
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
    if words(plugin.describe_again())? == *plugin.description() {
        Ok("two instances say the same".to_owned())
    } else {
        Err("two instances describe themselves differently".to_owned())
    }
}

fn words<T>(result: Result<T>) -> std::result::Result<T, String> {
    result.map_err(|it| it.to_string())
}
