//! What every evaluator promises.

use arrow_array::RecordBatch;

use super::sample::{self, Nulls};
use super::{Report, Seen, defaults, heard, made_up, seen, settings, share};
use crate::answer::DistrictIndex;
use crate::plugin::Plugin;

const ROWS: usize = 40;
const MANY: usize = 1000;
const DEFAULTS: &str = "{}";

pub(super) fn check(plugin: &Plugin, report: &mut Report) {
    report.add("no-rows", evaluates_any(plugin, 0));
    report.add("one-row", evaluates_any(plugin, 1));
    report.add("forty-rows", evaluates_any(plugin, ROWS));
    report.add("all-null", all_null(plugin));
    report.add("weights-of-zero", weights_of_zero(plugin));
    report.add("thousand-rows", thousand_rows(plugin));
    report.add("same-with-its-defaults", same_with_its_defaults(plugin));
    report.add("same-twice", same_twice(plugin));
    report.add("same-on-two-threads", same_on_two_threads(plugin));
    // A plugin that loops would burn the fuel of many calls.
    if report.ok {
        report.add(
            "settings-at-their-ends",
            settings::at_their_ends(plugin, |settings| {
                let batch = made_up(plugin, 1)?;
                plugin.evaluate(settings, &batch, &weights(&batch)).map(drop)
            }),
        );
    }
}

fn batch(plugin: &Plugin, rows: usize, nulls: Nulls) -> Result<RecordBatch, String> {
    sample::batch(&plugin.description().columns, rows, nulls)
}

/// 1, 2, 3, …: all different, so that a mix-up of columns shows.
fn weights(batch: &RecordBatch) -> Vec<f64> {
    (1..=batch.num_columns()).map(|it| it as f64).collect()
}

fn evaluated(plugin: &Plugin, batch: &RecordBatch, weights: &[f64]) -> Result<Vec<DistrictIndex>, String> {
    seen(plugin.evaluate(DEFAULTS, batch, weights))
}

fn evaluates_any(plugin: &Plugin, rows: usize) -> Seen {
    let batch = batch(plugin, rows, Nulls::Some)?;
    let evaluator = seen(plugin.evaluator(DEFAULTS))?;
    let it = seen(evaluator.evaluated(&batch, &weights(&batch)))?;
    Ok(heard(&format!("{}, {} fuel", counted(&it.answers), it.fuel), &it.remarks))
}

fn counted(answers: &[DistrictIndex]) -> String {
    let n_measured = answers.iter().filter(|it| it.index.is_some()).count();
    format!("{} answers, {n_measured} with an index", answers.len())
}

fn all_null(plugin: &Plugin) -> Seen {
    let batch = batch(plugin, ROWS, Nulls::All)?;
    let answers = evaluated(plugin, &batch, &weights(&batch))?;
    let invented = |it: &DistrictIndex| it.index.is_some() || it.contributions.iter().any(|it| *it != 0.0);
    match answers.iter().position(invented) {
        Some(row) => Err(format!("row {row} has an index though nothing was measured")),
        None => Ok(counted(&answers)),
    }
}

fn weights_of_zero(plugin: &Plugin) -> Seen {
    let batch = batch(plugin, ROWS, Nulls::Some)?;
    let answers = evaluated(plugin, &batch, &vec![0.0; batch.num_columns()])?;
    Ok(counted(&answers))
}

/// More places than any city has.
fn thousand_rows(plugin: &Plugin) -> Seen {
    let (batch, limits) = (batch(plugin, MANY, Nulls::Some)?, plugin.limits());
    let it = seen(seen(plugin.evaluator(DEFAULTS))?.evaluated(&batch, &weights(&batch)))?;
    let fuel = share(it.fuel, limits.call_fuel(MANY as u32));
    let memory = share(it.memory_bytes as u64, limits.memory_bytes_max as u64);
    Ok(format!("{MANY} rows take {fuel} of the fuel and {memory} of the memory that they may"))
}

/// Both at once, each in an instance of its own.
fn same_on_two_threads(plugin: &Plugin) -> Seen {
    let batch = batch(plugin, ROWS, Nulls::Some)?;
    let weights = weights(&batch);
    let (one, other) = std::thread::scope(|threads| {
        let other = threads.spawn(|| evaluated(plugin, &batch, &weights));
        (evaluated(plugin, &batch, &weights), other.join())
    });
    let other = other.map_err(|_| "a thread of the host ended".to_owned())?;
    differing(&one?, &other?)?;
    Ok("two threads at once answer alike".to_owned())
}

fn same_twice(plugin: &Plugin) -> Seen {
    let batch = batch(plugin, ROWS, Nulls::Some)?;
    let weights = weights(&batch);
    let (one, other) = (evaluated(plugin, &batch, &weights)?, evaluated(plugin, &batch, &weights)?);
    differing(&one, &other)?;
    Ok("two instances answer alike".to_owned())
}

fn same_with_its_defaults(plugin: &Plugin) -> Seen {
    let settings = defaults(plugin);
    let batch = batch(plugin, ROWS, Nulls::Some)?;
    let weights = weights(&batch);
    let others = seen(plugin.evaluate(&settings, &batch, &weights))?;
    differing(&evaluated(plugin, &batch, &weights)?, &others)?;
    Ok(format!("{settings} is what {DEFAULTS} stands for"))
}

fn differing(one: &[DistrictIndex], other: &[DistrictIndex]) -> Result<(), String> {
    match one.iter().zip(other).position(|(a, b)| a != b) {
        Some(row) => Err(format!("row {row} has index {:?} or {:?}", one[row].index, other[row].index)),
        None => Ok(()),
    }
}
