//! What a plugin has to say while it answers: what `linli plugin logs` shows.

use arrow_array::RecordBatch;
use serde::Serialize;

use super::sample::{self, Nulls};
use crate::description::PluginKind;
use crate::error::Result;
use crate::plugin::Plugin;
use crate::state::Remark;

/// The calls, each with its rows.
const CALLS: [(&str, usize, Nulls); 4] = [
    ("no-rows", 0, Nulls::Some),
    ("one-row", 1, Nulls::Some),
    ("thousand-rows", 1000, Nulls::Some),
    ("all-null", 1000, Nulls::All),
];

/// What was said during one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The call, named as the check that makes it.
    pub call: &'static str,
    /// Whether an answer came of it.
    pub ok: bool,
    /// Why none did.
    pub error: Option<String>,
    /// What the plugin reported, in order.
    pub remarks: Vec<Remark>,
}

/// Calls a plugin with made-up rows and all its defaults, and writes down what it reports.
///
/// The same every time and on every machine, so nothing is stored: who asks later hears what was
/// said when the plugin was checked. A match keeps no remarks; one that fails shows them.
///
/// **Cost.** Four calls with up to a thousand rows.
pub fn listen(plugin: &Plugin) -> Vec<Said> {
    CALLS
        .into_iter()
        .map(|(call, rows, nulls)| match heard(plugin, rows, nulls) {
            Ok(remarks) => Said { call, ok: true, error: None, remarks },
            Err((error, remarks)) => Said { call, ok: false, error: Some(error), remarks },
        })
        .collect()
}

fn heard(
    plugin: &Plugin,
    rows: usize,
    nulls: Nulls,
) -> std::result::Result<Vec<Remark>, (String, Vec<Remark>)> {
    let batch = sample::batch(&plugin.description().columns, rows, nulls).map_err(|it| (it, Vec::new()))?;
    answered(plugin, &batch).map_err(|it| {
        let remarks = it.site().map_or_else(Vec::new, |it| it.remarks.clone());
        (it.to_string(), remarks)
    })
}

fn answered(plugin: &Plugin, batch: &RecordBatch) -> Result<Vec<Remark>> {
    match plugin.description().kind {
        PluginKind::Scorer => Ok(plugin.score("{}", batch)?.remarks),
        PluginKind::Evaluator => {
            let weights = vec![1.0; batch.num_columns()];
            Ok(plugin.evaluator("{}")?.evaluated(batch, &weights)?.remarks)
        }
    }
}
