//! What crossing the border costs by kind of column, with components that look at none.
//!
//! Scorers are given numbers in two columns only; the others with eight bytes are whole numbers,
//! which cross in the same way but are not asked whether they are finite.

use arrow_array::RecordBatch;
use linli_plugin::ROWS_PER_BLOCK;

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
    for (plugin, (_, batch)) in &asked {
        plugin.score("{}", batch).map_err(said)?;
    }
    let seconds = medians_of(effort.rounds, asked.len(), |it| in_sandbox(asked[it].0, &asked[it].1.1));
    let bare = ns_per_row(seconds[0], rows);
    println!("\n  exchange, ns per row; a row without columns, its score included: {bare:.2}");
    println!(
        "  {:<18} {:>8} {:>9} {:>12} {:>12}",
        "columns of", "columns", "in all", "per column", "per eight"
    );
    for ((kind, batch), seconds) in kinds.iter().zip(&seconds[1..]) {
        let ns = ns_per_row(*seconds, rows);
        let each = (ns - bare) / batch.num_columns() as f64;
        let columns = batch.num_columns();
        println!("  {kind:<18} {columns:>8} {ns:>9.2} {each:>12.2} {:>12.2}", 8.0 * each);
    }
    Ok(())
}
