//! Workload  16 blocks of 65,536 candidates with counts of skills from a fixed sequence.
//! Ways      component: the committed file; fresh instance and fuel per block, Arrow columns in,
//!           checked millionths out. native: `score` of the same source over ready columns.
//! Answer    nanoseconds per row, and component ÷ native.
//! Checked   both give the same millionths before anything is timed.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Int64Array, RecordBatch};
use linli_plugin::{Host, Limits, Plugin, ROWS_PER_BLOCK};
use linli_sdk::{Batch, Column, ColumnData, Scorer, configured};
use linli_skill_fit::SkillFit;

use crate::rounds::medians;

pub const QUESTION: &str = "How much slower is skill-fit in the sandbox than the same kernel native?";

const ROWS: usize = 16 * ROWS_PER_BLOCK as usize;
const ROUNDS: usize = 21;

pub fn run() -> Result<(), String> {
    let candidates = Candidates::new();
    let plugin = component()?;
    let native: SkillFit = configured("{}").map_err(|it| format!("{it:?}"))?;
    let batch = candidates.arrow()?;
    let blocks = candidates.blocks();

    let scores = plugin.score("{}", &batch).map_err(|it| it.to_string())?;
    let found = scores.values.iter().map(|it| it.millionths());
    let expected = blocks.iter().flat_map(|it| native.score(it).map_or(Vec::new(), |it| it.values));
    if !found.eq(expected.map(|it| (it * 1e6).round_ties_even() as i32)) {
        return Err("component and native kernel disagree".to_owned());
    }

    let seconds = medians(
        ROUNDS,
        [
            &mut || {
                black_box(plugin.score("{}", &batch)).ok();
            },
            &mut || {
                for block in &blocks {
                    black_box(native.score(block)).ok();
                }
            },
        ],
    );
    let [component, native] = seconds.map(|it| it * 1e9 / ROWS as f64);
    println!("  component  {component:6.2} ns per row");
    println!("  native     {native:6.2} ns per row");
    println!("  ratio      {:6.2}", component / native);
    println!("  fuel       {:6.0} per row", scores.fuel as f64 / ROWS as f64);
    Ok(())
}

fn component() -> Result<Plugin, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/dist/skill-fit.wasm");
    let bytes = std::fs::read(&path).map_err(|it| format!("{}: {it}", path.display()))?;
    let host = Host::new(Limits::default()).map_err(|it| it.to_string())?;
    host.load(&bytes).map_err(|it| it.to_string())
}

/// What skill-fit sees of each candidate.
struct Candidates {
    required: Vec<i64>,
    matched: Vec<i64>,
    offered: Vec<i64>,
    speciality: Vec<bool>,
}

impl Candidates {
    fn new() -> Self {
        // Weyl sequence: the fractions of multiples of the golden ratio, scaled to small counts. Only
        // the upper half of the bits is used: the lowest ones repeat after a few rows.
        let draw =
            |row: usize, below: u64| (((row as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) * below) >> 32;
        let of = |salt: usize, below: u64| (0..ROWS).map(move |row| draw(row + salt, below) as i64);
        let required: Vec<i64> = of(0, 4).collect();
        let matched: Vec<i64> = required.iter().zip(of(7, 4)).map(|(a, b)| *a.min(&b)).collect();
        let offered = matched.iter().zip(of(13, 6)).map(|(a, b)| a + b).collect();
        let speciality = of(29, 3).map(|it| it == 0).collect();
        Self { required, matched, offered, speciality }
    }

    fn arrow(&self) -> Result<RecordBatch, String> {
        let integers = |it: &[i64]| Arc::new(Int64Array::from(it.to_vec())) as ArrayRef;
        let columns = [
            ("skills_required", integers(&self.required)),
            ("skills_matched", integers(&self.matched)),
            ("skills_offered", integers(&self.offered)),
            ("speciality", Arc::new(BooleanArray::from(self.speciality.clone()))),
        ];
        RecordBatch::try_from_iter(columns).map_err(|it| it.to_string())
    }

    fn blocks(&self) -> Vec<Batch> {
        Plugin::blocks(ROWS)
            .map(|rows| {
                let integers = |name: &str, it: &[i64]| Column {
                    name: name.to_owned(),
                    validity: None,
                    data: ColumnData::I64s(it[rows.clone()].to_vec()),
                };
                let speciality = self.speciality[rows.clone()].iter().map(|it| u8::from(*it)).collect();
                Batch {
                    rows: ROWS_PER_BLOCK,
                    columns: vec![
                        integers("skills_required", &self.required),
                        integers("skills_matched", &self.matched),
                        integers("skills_offered", &self.offered),
                        Column {
                            name: "speciality".to_owned(),
                            validity: None,
                            data: ColumnData::Bools(speciality),
                        },
                    ],
                }
            })
            .collect()
    }
}
