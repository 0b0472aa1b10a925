//! What a host's promises cost: the same components with fewer of them, and in one instance for all
//! blocks.

use std::hint::black_box;

use linli_plugin::measure::{self, Promises};
use linli_plugin::{Limits, Scores};

use super::components::{Component, Components, DEFAULTS};
use super::scorers::{Twins, in_sandbox};
use super::{Effort, ns_per_row, said};
use crate::rounds::medians_of;

const NONE: Promises = Promises { fuel: false, clock: false, one_nan: false };
const REGIMES: [(Promises, &str); 6] = [
    (NONE, "nothing"),
    (Promises { clock: true, ..NONE }, "clock"),
    (Promises { fuel: true, ..NONE }, "fuel"),
    (Promises { fuel: true, clock: true, ..NONE }, "fuel, clock"),
    (Promises { one_nan: true, ..NONE }, "one NaN"),
    (Promises::ALL, "all, as in a match"),
];

pub fn run(components: &Components, effort: Effort) -> Result<(), String> {
    println!(
        "\n  regimes, ns per row and ÷ native: one instance for all blocks; one per block, as in a match"
    );
    println!("  {:<18} {:<19} {:>9} {:>7} {:>10} {:>7}", "scorer", "host keeps", "one", "", "per block", "");
    for name in DEFAULTS {
        measure_one(components.named(name)?, effort)?;
    }
    Ok(())
}

fn measure_one(component: &Component, effort: Effort) -> Result<(), String> {
    let mut twins = Vec::new();
    for (promises, _) in REGIMES {
        let host = measure::host(Limits::default(), promises).map_err(said)?;
        let it = Twins::of(component, &host, effort.blocks)?;
        if in_one(&it)?.values != it.plugin.score("{}", &it.batch).map_err(said)?.values {
            return Err(format!("{} scores otherwise in one instance", component.name));
        }
        twins.push(it);
    }
    // Native first; then of each regime one instance, and one per block.
    let seconds = medians_of(effort.rounds, 1 + 2 * REGIMES.len(), |way| match way.checked_sub(1) {
        None => twins[0].natively(),
        Some(it) if it % 2 == 0 => {
            black_box(in_one(&twins[it / 2])).ok();
        }
        Some(it) => in_sandbox(&twins[it / 2].plugin, &twins[it / 2].batch),
    });
    let ns: Vec<f64> = seconds.into_iter().map(|it| ns_per_row(it, twins[0].rows())).collect();
    println!("  {:<18} {:<19} {:>9.2} {:>7.2}", component.name, "native", ns[0], 1.0);
    for ((_, kept), ways) in REGIMES.iter().zip(ns[1..].chunks(2)) {
        let [one, fresh] = [ways[0], ways[1]];
        let [one_ratio, fresh_ratio] = [one, fresh].map(|it| it / ns[0]);
        println!("  {:<18} {kept:<19} {one:>9.2} {one_ratio:>7.2} {fresh:>10.2} {fresh_ratio:>7.2}", "");
    }
    Ok(())
}

fn in_one(twins: &Twins) -> Result<Scores, String> {
    measure::score_in_one_instance(&twins.plugin, "{}", &twins.batch).map_err(said)
}
