//! What crossing the border costs by kind of column, with components that look at none.
//!
//! Scorers are given numbers in two columns only; the others with eight bytes are whole numbers,
//! which cross in the same way but are not asked whether they are finite.

use std::hint::black_box;

use arrow_array::{Array, RecordBatch};
use linli_plugin::{Plugin, ROWS_PER_BLOCK};

use super::candidates::{table, with_nulls};
use super::scorers::in_sandbox;
use super::taker::Takers;
use super::{Effort, ns_per_row, said};
use crate::rounds::medians_of;

/// Without nulls of its own.
const NUMBERS: [&str; 1] = ["price"];
/// Columns of eight bytes: one of numbers, seven of whole numbers.
const EIGHT: [&str; 8] = [
    "price",
    "duration_min",
    "skills_required",
    "skills_matched",
    "skills_offered",
    "tier",
    "recent_tasks",
    "days_met",
];
const BOOLS: [&str; 4] = ["speciality", "speciality_point", "is_merchant", "same_district"];
const TEXTS: [&str; 2] = ["distance_basis", "channel"];

pub fn run(takers: &Takers, effort: Effort) -> Result<(), String> {
    let rows = effort.blocks * ROWS_PER_BLOCK as usize;
    let whole = |names: &[&'static str]| table(names.iter().copied(), rows);
    let kinds: [(&str, RecordBatch); 8] = [
        ("8 bytes", whole(&EIGHT)?),
        ("8 bytes, nulls", with_nulls(&whole(&EIGHT)?)?),
        ("f64", whole(&NUMBERS)?),
        ("f64, nulls", with_nulls(&whole(&NUMBERS)?)?),
        ("bool", whole(&BOOLS)?),
        ("bool, nulls", with_nulls(&whole(&BOOLS)?)?),
        ("text", whole(&TEXTS)?),
        ("text, nulls", with_nulls(&whole(&TEXTS)?)?),
    ];
    // The first asks for nothing, whatever there is.
    let nothing = kinds[0].1.project(&[]).map_err(said)?;
    let mut plugins = Vec::new();
    for wanted in [&nothing].into_iter().chain(kinds.iter().map(|it| &it.1)) {
        match takers.of(wanted) {
            Ok(it) => plugins.push(it),
            Err(why) => {
                println!("\n  without the exchange: {why}");
                return Ok(());
            }
        }
    }
    let asked: Vec<_> = plugins.iter().zip([&kinds[0]].into_iter().chain(&kinds)).collect();
    let mut fuel = Vec::new();
    for (plugin, (_, batch)) in &asked {
        fuel.push(plugin.score("{}", batch).map_err(said)?.fuel as f64 / rows as f64);
    }
    let mut there = Vec::new();
    let seconds = medians_of(effort.rounds, asked.len() + 1, |way| match asked.get(way) {
        Some((plugin, (_, batch))) => in_sandbox(plugin, batch),
        None => copy(&kinds[0].1, &mut there),
    });
    let bare = ns_per_row(seconds[0], rows);
    println!("\n  exchange, ns per row; a row without columns, its score included: {bare:.2}");
    println!(
        "  {:<18} {:>8} {:>9} {:>12} {:>12} {:>7}",
        "columns of", "columns", "in all", "per column", "per eight", "fuel"
    );
    for (((kind, batch), seconds), fuel) in kinds.iter().zip(&seconds[1..]).zip(&fuel[1..]) {
        let ns = ns_per_row(*seconds, rows);
        let each = (ns - bare) / batch.num_columns() as f64;
        let columns = batch.num_columns();
        println!("  {kind:<18} {columns:>8} {ns:>9.2} {each:>12.2} {:>12.2} {fuel:>7.2}", 8.0 * each);
    }
    if let Some(copied) = seconds.last() {
        let copied = ns_per_row(*copied, rows);
        println!("  {:<18} {:>8} {copied:>9.2} {:>12.2} {copied:>12.2}", "8 bytes, copied", 8, copied / 8.0);
    }
    Ok(())
}

/// Block by block into the same place, which is the least that a border can do.
fn copy(batch: &RecordBatch, there: &mut Vec<u8>) {
    for rows in Plugin::blocks(batch.num_rows()) {
        there.clear();
        for column in batch.columns() {
            let data = column.to_data();
            let bytes = data.buffers().first().map_or(&[][..], |it| it.as_slice());
            there.extend_from_slice(&bytes[8 * rows.start..8 * rows.end]);
        }
        black_box(&*there);
    }
}
