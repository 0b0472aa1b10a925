//! Four kinds of city by size, flat and with tiers, and dense problems.

use std::path::Path;

use super::child::PHASES;
use super::families::{FAMILIES, dense};
use super::instance::Instance;
use super::named;
use super::race::Race;
use super::ways::{Measured, Solvers, Way};
use crate::Scale;

/// The largest size of each scale that all families have.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const LARGEST: usize = 1_000_000;
const MATCHING_NEEDS_MAX: usize = 10_000;
const HIGHS_NEEDS_MAX: usize = 1_000;
/// Our own first: the others are checked against it.
const ALWAYS: [Way; 5] =
    [Way::Linli, Way::LinliTwoThreads, Way::OrTools, Way::LemonSimplex, Way::LemonScaling];

struct Row {
    family: String,
    tiers: &'static str,
    needs: usize,
    edges: usize,
    race: Race,
}

pub fn run(solvers: &Solvers, scale: Scale, folder: &Path) -> Result<(), String> {
    println!("  seconds of all cores, build and solve");
    line("instance", "edges", |it| it.name().to_owned(), Way::Matching);
    let mut rows = Vec::new();
    for (name, instance) in dense()? {
        rows.push(row(solvers, folder, name, "", &instance)?);
    }
    let sizes = if scale == Scale::Quick { &SIZES[..2] } else { &SIZES };
    for &needs in sizes {
        for (name, make) in FAMILIES {
            rows.extend(both(solvers, folder, name, make(needs))?);
        }
    }
    if scale == Scale::Full {
        let (name, make) = FAMILIES[0];
        rows.extend(both(solvers, folder, name, make(LARGEST))?);
    }
    ratios(&rows);
    phases(&rows);
    growth(&rows);
    Ok(())
}

/// Flat, then with tiers.
fn both(solvers: &Solvers, folder: &Path, name: &str, instance: Instance) -> Result<[Row; 2], String> {
    let flat = row(solvers, folder, name.to_owned(), "flat", &instance)?;
    Ok([flat, row(solvers, folder, name.to_owned(), "tiers", &instance.tiered()?)?])
}

fn row(
    solvers: &Solvers,
    folder: &Path,
    family: String,
    tiers: &'static str,
    instance: &Instance,
) -> Result<Row, String> {
    let (needs, edges) = (instance.needs.len(), instance.edges.len());
    let mut ways = ALWAYS.to_vec();
    if instance.is_dense() {
        ways.push(Way::Dense);
    } else if instance.is_unit() && needs <= MATCHING_NEEDS_MAX {
        ways.push(Way::Matching);
    }
    if needs <= HIGHS_NEEDS_MAX {
        ways.push(Way::Highs);
    }
    let file = folder.join(format!("{family}-{needs}-{tiers}"));
    instance.write(&file).map_err(|it| format!("{}: {it}", file.display()))?;
    let seconds_max = if needs > SIZES[2] { 300 } else { 120 };
    let race = Race::run(solvers, &ways, &file, seconds_max)?;
    std::fs::remove_file(&file).map_err(|it| it.to_string())?;
    let row = Row { family, tiers, needs, edges, race };
    let scipy = if instance.is_dense() { Way::Dense } else { Way::Matching };
    line(&row.name(), &edges.to_string(), |it| row.race.seconds_text(it), scipy);
    Ok(row)
}

/// A line of the table of seconds.
fn line(name: &str, edges: &str, cell: impl Fn(Way) -> String, scipy: Way) {
    let ways = ALWAYS.into_iter().chain([scipy, Way::Highs]);
    let cells: Vec<String> = ways.map(|it| format!("{:>9}", cell(it))).collect();
    println!("  {name:<18} {edges:>9} {}", cells.join(" "));
}

impl Row {
    fn name(&self) -> String {
        let size = named(self.needs);
        format!("{}-{size} {}", self.family, self.tiers).trim_end().to_owned()
    }
}

/// What each row comes to.
fn ratios(rows: &[Row]) {
    println!("\n  linli ÷ others, sums of the rounds; peak memory of a process; shares of linli's seconds");
    println!(
        "  {:<18} {:>9} {:>9} {:>9} {:>9} {:>6} {:>8} {:>8} {:>8} {:>6} {:>6}",
        "instance",
        "OR-Tools",
        "LEMON NS",
        "LEMON CS",
        "2 threads",
        "MB",
        "OR-Tools",
        "LEMON NS",
        "B/edge",
        "check",
        "proof"
    );
    for row in rows {
        let race = &row.race;
        let megabytes = |way| {
            race.mean(way, |it| it.peak_kb).map_or("–".to_owned(), |it| format!("{:.0}", it / 1024.0))
        };
        let own = |value| race.mean(Way::Linli, value).unwrap_or(0.0);
        let share = |value| format!("{:.0} %", 100.0 * own(value) / own(|it| it.cpu_s));
        let wall = race.ratio(Way::LinliTwoThreads, Way::Linli, |it| it.wall_s).unwrap_or(0.0);
        println!(
            "  {:<18} {:>9} {:>9} {:>9} {wall:>9.2} {:>6} {:>8} {:>8} {:>8.0} {:>6} {:>6}",
            row.name(),
            race.ratio_text(Way::Linli, Way::OrTools),
            race.ratio_text(Way::Linli, Way::LemonSimplex),
            race.ratio_text(Way::Linli, Way::LemonScaling),
            megabytes(Way::Linli),
            megabytes(Way::OrTools),
            megabytes(Way::LemonSimplex),
            own(|it| it.peak_kb) * 1024.0 / row.edges as f64,
            share(|it| it.check_s),
            share(|it| it.proof_s),
        );
    }
}

/// Where the seconds go, and how often units bid.
fn phases(rows: &[Row]) {
    let names: Vec<String> = PHASES.iter().map(|it| format!("{:>8}", it.0)).collect();
    println!("\n  linli, shares of its seconds by phase; bids and settled vertices per need");
    println!("  {:<18} {} {:>9} {:>9}", "instance", names.join(" "), "bids", "settled");
    for row in rows {
        let solved = row.race.solved(Way::Linli);
        let sum = |value: &dyn Fn(&Measured) -> f64| solved.iter().map(|it| value(it)).sum::<f64>();
        let all = sum(&|it| it.cpu_s);
        let share = |phase: usize| format!("{:>6.0} %", 100.0 * sum(&|it| it.phases_s[phase]) / all);
        let shares: Vec<String> = (0..PHASES.len()).map(share).collect();
        let per_need = |sum: f64| sum / (solved.len() * row.needs) as f64;
        let (bids, settled) = (per_need(sum(&|it| it.bids)), per_need(sum(&|it| it.settled)));
        println!("  {:<18} {} {bids:>9.1} {settled:>9.1}", row.name(), shares.join(" "));
    }
}

/// How many times as long ten times the size takes.
fn growth(rows: &[Row]) {
    println!("\n  linli, ten times the needs");
    for row in rows {
        let larger = rows
            .iter()
            .find(|it| (&it.family, it.tiers, it.needs) == (&row.family, row.tiers, 10 * row.needs));
        let cpu = |it: &Row| it.race.mean(Way::Linli, |it| it.cpu_s);
        if let Some((larger, seconds, before)) = larger.and_then(|it| Some((it, cpu(it)?, cpu(row)?))) {
            let name = format!("{} → {}", row.name(), named(larger.needs));
            println!("  {name:<24} {:6.1} times as long", seconds / before);
        }
    }
}
