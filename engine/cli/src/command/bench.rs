//! plugin bench: what a plugin takes, on rows that are made up.
//!
//! Fuel and memory are the same on every machine, times are this machine's: medians of rounds, in
//! which sandbox and native kernel take turns.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use linli_model::Score;
use linli_native::{Batch, Kernel, batch, kernel};
use linli_pool::plugin::{Evaluator, Host, Limits, Plugin, PluginKind, ROWS_PER_BLOCK, Scores, made_up};
use serde::Serialize;

use super::plugin::read;
use super::{Outcome, answer};
use crate::failure::Failed;
use crate::show;

/// So few that one slow round cannot be the median.
const ROUNDS_LEAST: usize = 3;
const ROUNDS_MOST: usize = 101;
/// Instances that are started to see what one takes.
const STARTS: usize = 21;
/// Four blocks.
const CANDIDATES: u32 = 4 * ROWS_PER_BLOCK;
/// A large city has some hundred communities.
const PLACES: u32 = 1000;
const DEFAULTS: &str = "{}";

/// What was measured.
#[derive(Debug, Serialize)]
pub struct Measured {
    pub name: String,
    pub version: String,
    pub digest: String,
    pub kind: PluginKind,
    pub bytes: usize,
    pub rows: u32,
    pub rounds: usize,
    /// To compile it, without a cache.
    pub load_ms: f64,
    /// A fresh instance with its settings, and a call without rows.
    pub start_us: f64,
    pub fuel: u64,
    pub fuel_per_row: f64,
    pub memory_bytes: usize,
    pub ns_per_row: f64,
    /// The same source without a sandbox, where it comes with linli and answers alike.
    pub native_ns_per_row: Option<f64>,
    /// How many times the native time.
    pub ratio: Option<f64>,
}

/// One round of something.
type Round<'a> = Box<dyn FnMut() -> Result<(), Failed> + 'a>;

pub(super) fn bench(file: &Path, rows: Option<u32>, seconds: u32, json: bool) -> Outcome {
    let bytes = read(file)?;
    let host = Host::new(Limits::default())?;
    let started = Instant::now();
    let plugin = host.load(&bytes)?;
    let load_ms = started.elapsed().as_secs_f64() * 1e3;
    let measured = match plugin.description().kind {
        PluginKind::Scorer => scorer(&plugin, rows.unwrap_or(CANDIDATES), seconds)?,
        PluginKind::Evaluator => evaluator(&plugin, rows.unwrap_or(PLACES), seconds)?,
    };
    let measured = Measured { load_ms, ..measured };
    answer(json, &measured, || show::measured(&measured))
}

fn scorer(plugin: &Plugin, rows: u32, seconds: u32) -> Result<Measured, Failed> {
    let (none, some) = (made_up(plugin, 0)?, made_up(plugin, rows as usize)?);
    let scores = plugin.score(DEFAULTS, &some)?;
    let start_us = 1e6 * median(STARTS, || Ok(drop(black_box(plugin.score(DEFAULTS, &none)?))))?;
    let blocks: Option<Vec<Batch>> =
        Plugin::blocks(rows as usize).map(|it| batch(&some.slice(it.start, it.len()))).collect();
    let native = match (kernel(&plugin.description().name), &blocks) {
        (Some(Kernel::Scorer(run)), Some(blocks)) if same_scores(run, blocks, &scores) => {
            Some(Box::new(move || Ok(drop(black_box(run(blocks))))) as Round<'_>)
        }
        _ => None,
    };
    let sandbox = Box::new(|| Ok(drop(black_box(plugin.score(DEFAULTS, &some)?))));
    let times = race(sandbox, native, seconds)?;
    Ok(Measured::new(plugin, rows, start_us, (scores.fuel, scores.memory_bytes), &times))
}

fn evaluator(plugin: &Plugin, rows: u32, seconds: u32) -> Result<Measured, Failed> {
    let (none, some) = (made_up(plugin, 0)?, made_up(plugin, rows as usize)?);
    let weights = vec![1.0; some.num_columns()];
    let evaluator: Evaluator = plugin.evaluator(DEFAULTS)?;
    let found = evaluator.evaluated(&some, &weights)?;
    let start_us = 1e6 * median(STARTS, || Ok(drop(black_box(evaluator.evaluate(&none, &weights)?))))?;
    let places = batch(&some);
    let native = match (kernel(&plugin.description().name), &places) {
        (Some(Kernel::Evaluator(run)), Some(places)) => {
            let answers = run(places, &weights).unwrap_or_default();
            let same = answers.len() == found.answers.len()
                && answers
                    .iter()
                    .zip(&found.answers)
                    .all(|(a, b)| a.index == b.index && a.contributions == b.contributions);
            let weights = &weights;
            same.then(|| Box::new(move || Ok(drop(black_box(run(places, weights))))) as Round<'_>)
        }
        _ => None,
    };
    let sandbox = Box::new(|| Ok(drop(black_box(evaluator.evaluate(&some, &weights)?))));
    let times = race(sandbox, native, seconds)?;
    Ok(Measured::new(plugin, rows, start_us, (found.fuel, found.memory_bytes), &times))
}

/// Whether the native kernel says what the component says: another source of the same name is no
/// baseline.
fn same_scores(
    run: fn(&[Batch]) -> Result<Vec<linli_native::Scores>, linli_native::Fault>,
    blocks: &[Batch],
    expected: &Scores,
) -> bool {
    let Ok(scores) = run(blocks) else { return false };
    let values = scores.iter().flat_map(|it| &it.values).map(|it| Score::from_f64(*it).ok());
    // Rows are counted from the beginning of each block.
    let starts = (0_u32..).step_by(ROWS_PER_BLOCK as usize);
    let vetoes =
        starts.zip(&scores).flat_map(|(start, it)| it.vetoes.iter().map(move |it| (start + it.row, it.code)));
    values.eq(expected.values.iter().map(|it| Some(*it)))
        && vetoes.eq(expected.vetoes.iter().map(|it| (it.row, it.code)))
}

impl Measured {
    fn new(plugin: &Plugin, rows: u32, start_us: f64, took: (u64, usize), times: &Times) -> Self {
        let description = plugin.description();
        let per_row = |seconds: f64| seconds * 1e9 / f64::from(rows);
        Self {
            name: description.name.clone(),
            version: description.version.clone(),
            digest: plugin.digest().to_owned(),
            kind: description.kind,
            bytes: plugin.size_bytes(),
            rows,
            rounds: times.rounds,
            load_ms: 0.0,
            start_us,
            fuel: took.0,
            fuel_per_row: took.0 as f64 / f64::from(rows),
            memory_bytes: took.1,
            ns_per_row: per_row(times.sandbox),
            native_ns_per_row: times.native.map(per_row),
            ratio: times.native.map(|it| times.sandbox / it),
        }
    }
}

/// Medians in seconds.
struct Times {
    rounds: usize,
    sandbox: f64,
    native: Option<f64>,
}

/// Lets both take turns until the time is over.
fn race(mut sandbox: Round<'_>, mut native: Option<Round<'_>>, seconds: u32) -> Result<Times, Failed> {
    let (begun, limit) = (Instant::now(), Duration::from_secs(u64::from(seconds)));
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    while ours.len() < ROUNDS_LEAST || (ours.len() < ROUNDS_MOST && begun.elapsed() < limit) {
        ours.push(timed(&mut sandbox)?);
        if let Some(native) = &mut native {
            theirs.push(timed(native)?);
        }
    }
    let rounds = ours.len();
    let native = (!theirs.is_empty()).then(|| middle(theirs));
    Ok(Times { rounds, sandbox: middle(ours), native })
}

fn median(rounds: usize, mut round: impl FnMut() -> Result<(), Failed>) -> Result<f64, Failed> {
    let times = (0..rounds).map(|_| timed(&mut round)).collect::<Result<Vec<f64>, Failed>>()?;
    Ok(middle(times))
}

fn timed(round: &mut impl FnMut() -> Result<(), Failed>) -> Result<f64, Failed> {
    let begun = Instant::now();
    round()?;
    Ok(begun.elapsed().as_secs_f64())
}

fn middle(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}
