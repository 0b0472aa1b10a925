//! What every evaluator promises.

use arrow_array::RecordBatch;

use super::sample::{self, Nulls};
use super::{Report, Seen, words};
use crate::answer::DistrictIndex;
use crate::plugin::Plugin;

const ROWS: usize = 40;
const DEFAULTS: &str = "{}";

pub(super) fn check(plugin: &Plugin, report: &mut Report) {
    report.add("no-rows", evaluates_any(plugin, 0));
    report.add("one-row", evaluates_any(plugin, 1));
    report.add("forty-rows", evaluates_any(plugin, ROWS));
    report.add("all-null", all_null(plugin));
    report.add("weights-of-zero", weights_of_zero(plugin));
    report.add("same-twice", same_twice(plugin));
    report.add("same-in-one-session", same_in_one_session(plugin));
}

fn batch(plugin: &Plugin, rows: usize, nulls: Nulls) -> Result<RecordBatch, String> {
    sample::batch(&plugin.description().columns, rows, nulls)
}

/// 1, 2, 3, …: all different, so that a mix-up of columns shows.
fn weights(batch: &RecordBatch) -> Vec<f64> {
    (1..=batch.num_columns()).map(|it| it as f64).collect()
}

fn evaluated(plugin: &Plugin, batch: &RecordBatch, weights: &[f64]) -> Result<Vec<DistrictIndex>, String> {
    words(plugin.evaluate(DEFAULTS, batch, weights))
}

fn evaluates_any(plugin: &Plugin, rows: usize) -> Seen {
    let batch = batch(plugin, rows, Nulls::Some)?;
    let answers = evaluated(plugin, &batch, &weights(&batch))?;
    Ok(seen(&answers))
}

fn seen(answers: &[DistrictIndex]) -> String {
    let n_measured = answers.iter().filter(|it| it.index.is_some()).count();
    format!("{} answers, {n_measured} with an index", answers.len())
}

fn all_null(plugin: &Plugin) -> Seen {
    let batch = batch(plugin, ROWS, Nulls::All)?;
    let answers = evaluated(plugin, &batch, &weights(&batch))?;
    let invented = |it: &DistrictIndex| it.index.is_some() || it.contributions.iter().any(|it| *it != 0.0);
    match answers.iter().position(invented) {
        Some(row) => Err(format!("row {row} has an index though nothing was measured")),
        None => Ok(seen(&answers)),
    }
}

fn weights_of_zero(plugin: &Plugin) -> Seen {
    let batch = batch(plugin, ROWS, Nulls::Some)?;
    let answers = evaluated(plugin, &batch, &vec![0.0; batch.num_columns()])?;
    Ok(seen(&answers))
}

fn same_twice(plugin: &Plugin) -> Seen {
    let batch = batch(plugin, ROWS, Nulls::Some)?;
    let weights = weights(&batch);
    let (one, other) = (evaluated(plugin, &batch, &weights)?, evaluated(plugin, &batch, &weights)?);
    differing(&one, &other)?;
    Ok("two instances answer alike".to_owned())
}

fn same_in_one_session(plugin: &Plugin) -> Seen {
    let batch = batch(plugin, ROWS, Nulls::Some)?;
    let weights = weights(&batch);
    let others: Vec<_> = weights.iter().rev().copied().collect();
    let mut session = words(plugin.evaluator(DEFAULTS))?;
    let before = words(session.evaluate(&batch, &weights))?;
    words(session.evaluate(&batch, &others))?;
    let after = words(session.evaluate(&batch, &weights))?;
    differing(&before, &after)?;
    differing(&before, &evaluated(plugin, &batch, &weights)?)?;
    Ok("a call in between changes nothing".to_owned())
}

fn differing(one: &[DistrictIndex], other: &[DistrictIndex]) -> Result<(), String> {
    match one.iter().zip(other).position(|(a, b)| a != b) {
        Some(row) => Err(format!("row {row} has index {:?} or {:?}", one[row].index, other[row].index)),
        None => Ok(()),
    }
}
