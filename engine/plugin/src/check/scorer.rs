//! What every scorer promises.

use arrow_array::RecordBatch;

use super::sample::{self, Nulls};
use super::{Report, Seen, defaults, heard, made_up, seen, settings, share};
use crate::answer::{Scores, Veto};
use crate::limits::ROWS_PER_BLOCK;
use crate::plugin::Plugin;

const ROWS: usize = 1000;
/// Not in the middle: a plugin that alternates between two scores must not slip through.
const CUT: usize = 333;
const DEFAULTS: &str = "{}";

pub(super) fn check(plugin: &Plugin, report: &mut Report) {
    report.add("no-rows", scores_any(plugin, 0, Nulls::Some));
    report.add("one-row", scores_any(plugin, 1, Nulls::Some));
    report.add("thousand-rows", scores_any(plugin, ROWS, Nulls::Some));
    report.add("all-null", scores_any(plugin, ROWS, Nulls::All));
    report.add("same-with-its-defaults", same_with_its_defaults(plugin));
    report.add("same-twice", same_twice(plugin));
    report.add("same-on-two-threads", same_on_two_threads(plugin));
    report.add("same-when-split", same_when_split(plugin));
    // A plugin that loops would burn the fuel of a whole block, or that of many calls.
    if report.ok {
        report.add(
            "settings-at-their-ends",
            settings::at_their_ends(plugin, |settings| {
                plugin.score(settings, &made_up(plugin, 1)?).map(drop)
            }),
        );
        report.add("more-than-a-block", more_than_a_block(plugin));
    }
}

fn batch(plugin: &Plugin, rows: usize, nulls: Nulls) -> Result<RecordBatch, String> {
    sample::batch(&plugin.description().columns, rows, nulls)
}

fn scored(plugin: &Plugin, batch: &RecordBatch) -> Result<Scores, String> {
    seen(plugin.score(DEFAULTS, batch))
}

fn scores_any(plugin: &Plugin, rows: usize, nulls: Nulls) -> Seen {
    let scores = scored(plugin, &batch(plugin, rows, nulls)?)?;
    let (values, vetoes) = (scores.values.len(), scores.vetoes.len());
    let ends = match (scores.values.iter().min(), scores.values.iter().max()) {
        (Some(least), Some(most)) => format!(" from {} to {}", least.to_f64(), most.to_f64()),
        _ => String::new(),
    };
    let counted = format!("{values} scores{ends}, {vetoes} vetoes, {} fuel", scores.fuel);
    Ok(heard(&counted, &scores.remarks))
}

/// A full block and a row: as much as one instance is ever given, within its limits.
fn more_than_a_block(plugin: &Plugin) -> Seen {
    let (rows, limits) = (ROWS_PER_BLOCK as usize + 1, plugin.limits());
    let scores = scored(plugin, &batch(plugin, rows, Nulls::Some)?)?;
    let fuel = share(scores.fuel, limits.call_fuel(ROWS_PER_BLOCK) + limits.call_fuel(1));
    let memory = share(scores.memory_bytes as u64, limits.memory_bytes_max as u64);
    Ok(format!("{rows} rows take {fuel} of the fuel and {memory} of the memory that they may"))
}

/// Both at once, each in an instance of its own.
fn same_on_two_threads(plugin: &Plugin) -> Seen {
    let batch = batch(plugin, ROWS, Nulls::Some)?;
    let (one, other) = std::thread::scope(|threads| {
        let other = threads.spawn(|| scored(plugin, &batch));
        (scored(plugin, &batch), other.join())
    });
    let other = other.map_err(|_| "a thread of the host ended".to_owned())?;
    differing(&one?, &other?)?;
    Ok("two threads at once answer alike".to_owned())
}

fn same_with_its_defaults(plugin: &Plugin) -> Seen {
    let settings = defaults(plugin);
    let batch = batch(plugin, ROWS, Nulls::Some)?;
    differing(&scored(plugin, &batch)?, &seen(plugin.score(&settings, &batch))?)?;
    Ok(format!("{settings} is what {DEFAULTS} stands for"))
}

fn same_twice(plugin: &Plugin) -> Seen {
    let batch = batch(plugin, ROWS, Nulls::Some)?;
    let (first, second) = (scored(plugin, &batch)?, scored(plugin, &batch)?);
    differing(&first, &second)?;
    if first.fuel != second.fuel {
        return Err(format!("{} fuel once, {} another time", first.fuel, second.fuel));
    }
    Ok("two instances answer alike".to_owned())
}

fn same_when_split(plugin: &Plugin) -> Seen {
    let batch = batch(plugin, ROWS, Nulls::Some)?;
    let whole = scored(plugin, &batch)?;
    let mut parts = scored(plugin, &batch.slice(0, CUT))?;
    let mut rest = scored(plugin, &batch.slice(CUT, ROWS - CUT))?;
    for Veto { row, .. } in &mut rest.vetoes {
        *row += CUT as u32;
    }
    parts.append(rest);
    differing(&whole, &parts)?;
    Ok(format!("cutting {ROWS} rows after {CUT} changes nothing"))
}

fn differing(one: &Scores, other: &Scores) -> Result<(), String> {
    let rows = one.values.iter().zip(&other.values);
    for (row, (a, b)) in rows.enumerate() {
        if a != b {
            return Err(format!("row {row} scores {} or {}", a.to_f64(), b.to_f64()));
        }
    }
    let veto = one.vetoes.iter().zip(&other.vetoes).find(|(a, b)| a != b);
    match veto {
        Some((a, b)) => Err(format!("vetoes differ: {a:?} or {b:?}")),
        None if one.vetoes.len() != other.vetoes.len() => {
            Err(format!("{} vetoes or {}", one.vetoes.len(), other.vetoes.len()))
        }
        None => Ok(()),
    }
}
