//! Nearer is better: the score halves every 500 m.
//!
//! ```text
//! score = 2 ^ −(distance_m / halving_m)
//! ```
//!
//! An unknown distance is no reason to refuse help: it counts as one halving, 0.5.
//! Source: negative exponential decay of walking trips with distance; Iacono, Krizek and
//! El-Geneidy 2010, "Measuring non-motorized accessibility", Journal of Transport Geography 18(1).
//! The default of 500 m is ours; a district may set its own, or a distance beyond which nobody
//! should be sent.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

use linli_sdk::{
    Batch, ColumnType, ColumnWanted, Columns, Fault, Manifest, Scorer, Scores, Setting, SettingType,
    Settings, VetoCode, Wording,
};

const TOO_FAR: u16 = 1;

/// 1 / k! for the terms of e^t that can still change the last bit when |t| is at most ½ ln 2.
const SERIES: [f64; 14] = {
    let mut series = [1.0; 14];
    let mut k = 1;
    while k < 14 {
        series[k] = series[k - 1] / k as f64;
        k += 1;
    }
    series
};

/// 2 to the power of −x, for x of at least 0; 0 from 1000 on.
///
/// Mathematical libraries differ in the last bit. This is additions and multiplications only, so
/// that every machine and every component give the same answer: with x = n + f, n whole and |f|
/// at most ½, it is 2^−n · e^(−f ln 2). **Units.** Relative error below 4e-16.
pub fn halved(x: f64) -> f64 {
    if x >= 1000.0 {
        return 0.0;
    }
    let n = (x + 0.5).floor();
    let t = (n - x) * core::f64::consts::LN_2;
    let e_to_t = SERIES.iter().rev().fold(0.0, |sum, term| sum * t + term);
    // 2^−n by its exponent alone; 1023 is the bias of f64.
    e_to_t * f64::from_bits((1023 - n as u64) << 52)
}

/// The score of one distance.
///
/// **Units.** Metres; a distance below 0 is 0.
pub fn score(distance_m: Option<i64>, halving_m: f64) -> f64 {
    distance_m.map_or(0.5, |it| halved(it.max(0) as f64 / halving_m))
}

/// Hosts round distances to so many metres, so that few different ones occur among many rows.
const STEP_M: i64 = 10;
/// Distances that are worked out once each: up to 20 km.
const STEPS: usize = 2048;

/// Scores of one batch: a sandbox takes ten times as long to work one out as to look one up.
struct Table {
    halving_m: f64,
    /// NaN where it was not asked for yet.
    known: Vec<f64>,
}

impl Table {
    fn new(halving_m: f64) -> Self {
        Self { halving_m, known: vec![f64::NAN; STEPS] }
    }

    fn score(&mut self, distance_m: i64) -> f64 {
        let step = distance_m / STEP_M;
        let known = usize::try_from(step).ok().and_then(|it| self.known.get_mut(it));
        match known {
            Some(known) if step * STEP_M == distance_m => {
                if known.is_nan() {
                    *known = score(Some(distance_m), self.halving_m);
                }
                *known
            }
            _ => score(Some(distance_m), self.halving_m),
        }
    }
}

/// The plugin with its settings.
pub struct WalkingDistance {
    halving_m: f64,
    /// 0 is no limit.
    veto_beyond_m: f64,
}

impl Scorer for WalkingDistance {
    const MANIFEST: Manifest = Manifest {
        name: "walking-distance",
        version: env!("CARGO_PKG_VERSION"),
        title: Wording { zh: "步行距离", en: "Walking distance" },
        summary: Wording {
            zh: "越近越好：每远500米，得分减半。",
            en: "Nearer is better: the score halves every 500 m.",
        },
        columns: Columns::Named(&[ColumnWanted { name: "distance_m", ty: ColumnType::I64 }]),
        settings: &[
            Setting {
                name: "halving_m",
                meaning: Wording {
                    zh: "得分减半的距离（米）",
                    en: "distance that halves the score, in metres",
                },
                ty: SettingType::Number { default: 500.0, min: 1.0, max: 100_000.0 },
            },
            Setting {
                name: "veto_beyond_m",
                meaning: Wording {
                    zh: "超过此距离（米）不派；0 为不限",
                    en: "nobody is sent farther than this, in metres; 0 is no limit",
                },
                ty: SettingType::Number { default: 0.0, min: 0.0, max: 100_000.0 },
            },
        ],
        vetoes: &[VetoCode { code: TOO_FAR, wording: Wording { zh: "步行太远", en: "too far to walk" } }],
        authors: &["linli"],
        licence: "Apache-2.0",
    };

    fn configure(settings: &Settings) -> Result<Self, Fault> {
        let halving_m = settings.number("halving_m");
        Ok(Self { halving_m, veto_beyond_m: settings.number("veto_beyond_m") })
    }

    fn score(&self, batch: &Batch) -> Result<Scores, Fault> {
        let distance_m = batch.i64s("distance_m")?;
        let (mut table, unknown) = (Table::new(self.halving_m), score(None, self.halving_m));
        let of = |it: Option<i64>| it.map_or(unknown, |it| table.score(it));
        let mut scores = Scores::new(distance_m.iter().map(of));
        if self.veto_beyond_m > 0.0 {
            for (row, distance_m) in (0..batch.rows).zip(distance_m.iter()) {
                if distance_m.is_some_and(|it| it as f64 > self.veto_beyond_m) {
                    scores.veto(row, TOO_FAR);
                }
            }
        }
        Ok(scores)
    }
}

linli_sdk::export_scorer!(WalkingDistance);

#[cfg(test)]
mod tests;
