//! Each scorer as a component and native, and what of the component's time is the crossing.

use std::hint::black_box;

use arrow_array::RecordBatch;
use linli_plugin::{Host, Limits, Plugin, ROWS_PER_BLOCK};
use linli_sdk::Batch;

use super::candidates::{native, wanted};
use super::components::{Component, Components};
use super::native::{Kernel, kernel};
use super::taker::Takers;
use super::{Effort, ns_per_row, said};
use crate::rounds::medians;

/// An interpreter takes a hundred times as long as the others.
const PYTHON: Effort = Effort { blocks: 1, rounds: 3, pass_rows: 0 };

/// A component, its kernel, and what both are asked.
pub struct Twins {
    pub plugin: Plugin,
    pub kernel: Kernel,
    pub batch: RecordBatch,
    pub blocks: Vec<Batch>,
    pub fuel_per_row: f64,
}

impl Twins {
    /// Loads a component, and makes sure that its kernel answers as it does.
    pub fn of(component: &Component, host: &Host, blocks: usize) -> Result<Self, String> {
        let plugin = component.load(host)?;
        let rows = blocks * ROWS_PER_BLOCK as usize;
        let batch = wanted(&plugin, rows)?;
        let (blocks, kernel) = (native(&batch)?, kernel(component.name)?);
        let found = plugin.score("{}", &batch).map_err(|it| it.to_string())?;
        let (mut expected, mut vetoes, mut first_row) = (Vec::with_capacity(rows), Vec::new(), 0);
        for block in &blocks {
            let scores = kernel(block).map_err(|it| format!("{}: {it:?}", component.name))?;
            expected.extend(scores.values.iter().map(|it| (it * 1e6).round_ties_even() as i32));
            vetoes.extend(scores.vetoes.iter().map(|it| (first_row + it.row, it.code)));
            first_row += block.rows;
        }
        let is_same = found.values.iter().map(|it| it.millionths()).eq(expected)
            && found.vetoes.iter().map(|it| (it.row, it.code)).eq(vetoes);
        if !is_same {
            return Err(format!("{}: component and native kernel disagree", component.name));
        }
        let fuel_per_row = found.fuel as f64 / rows as f64;
        Ok(Self { plugin, kernel, batch, blocks, fuel_per_row })
    }

    pub fn rows(&self) -> usize {
        self.batch.num_rows()
    }

    /// Scores everything natively.
    pub fn natively(&self) {
        for block in &self.blocks {
            black_box((self.kernel)(black_box(block))).ok();
        }
    }
}

/// Scores everything in the sandbox. It has done so before without an error.
pub fn in_sandbox(plugin: &Plugin, batch: &RecordBatch) {
    black_box(plugin.score("{}", black_box(batch))).ok();
}

pub fn run(components: &Components, takers: &Takers, effort: Effort) -> Result<(), String> {
    let host = Host::new(Limits::default()).map_err(said)?;
    println!("\n  scorers, ns per row; crossing: the same columns taken by a component that does nothing");
    println!(
        "  {:<18} {:<7} {:>10} {:>9} {:>7} {:>9} {:>9}",
        "scorer", "in", "component", "native", "ratio", "crossing", "fuel"
    );
    // Said once: what is missing for one is missing for all.
    let mut without_takers = None;
    for component in components.iter() {
        let effort = if component.language == "python" { PYTHON } else { effort };
        let twins = Twins::of(component, &host, effort.blocks)?;
        let taker = match &without_takers {
            None => takers.of(&twins.batch).map_err(|it| without_takers = Some(it)).ok(),
            Some(_) => None,
        };
        let seconds = medians(
            effort.rounds,
            [&mut || in_sandbox(&twins.plugin, &twins.batch), &mut || twins.natively(), &mut || {
                if let Some(it) = &taker {
                    in_sandbox(it, &twins.batch);
                }
            }],
        );
        let [sandbox, native, crossing] = seconds.map(|it| ns_per_row(it, twins.rows()));
        let crossing = if taker.is_some() { format!("{crossing:.2}") } else { "–".to_owned() };
        println!(
            "  {:<18} {:<7} {sandbox:>10.2} {native:>9.2} {:>7.2} {crossing:>9} {:>9.0}",
            component.name,
            component.language,
            sandbox / native,
            twins.fuel_per_row
        );
    }
    if let Some(why) = without_takers {
        println!("  without the crossing: {why}");
    }
    Ok(())
}
