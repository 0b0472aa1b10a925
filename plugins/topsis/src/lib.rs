//! Near the best of every indicator and far from the worst.
//!
//! ```text
//! v     = w · x / √Σ x²                  the sum over all districts
//! best  = largest v, worst = smallest v  of each indicator
//! index = d₋ / (d₊ + d₋)                 d₊ = √Σ (best − v)², d₋ = √Σ (v − worst)²
//! contribution = index · (v − worst)² / d₋²
//! ```
//!
//! A null is "not measurable", never zero: both distances leave the indicator out, and the best
//! and the worst are found among those measured. Where all districts are alike, or there is only
//! one, nobody is nearer to the best than to the worst: 0.5, by weight.
//!
//! Source: Hwang & Yoon 1981, "Multiple Attribute Decision Making": the technique for order
//! preference by similarity to ideal solution. None of the five practices publishes a formula over
//! several measures, so the choice of method is open; `weighted-index` is the other usual one.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

use linli_sdk::{Batch, Columns, DistrictIndex, Evaluator, Fault, Manifest, Settings, Wording};

/// Squared distances of one district from the best and from the worst, and its weight.
#[derive(Clone, Copy)]
struct Cell {
    from_best: f64,
    from_worst: f64,
    weight: f64,
}

/// One indicator of all districts; `None` is not measurable. Weights lie between 0 and 1.
fn cells(column: &[Option<f64>], weight: f64) -> Vec<Option<Cell>> {
    // Values of any size are squared without overflow once the largest is 1.
    let largest = column.iter().flatten().fold(0.0, |most: f64, it| most.max(it.abs()));
    let scaled = |it: &f64| if largest > 0.0 { it / largest } else { 0.0 };
    let norm = column.iter().flatten().map(|it| scaled(it) * scaled(it)).sum::<f64>().sqrt().max(1.0);
    let v = |it: &f64| weight * (scaled(it) / norm);
    let best = column.iter().flatten().map(v).fold(f64::NEG_INFINITY, f64::max);
    let worst = column.iter().flatten().map(v).fold(f64::INFINITY, f64::min);
    let square = |it: f64| it * it;
    let cell = |it: &f64| Cell { from_best: square(best - v(it)), from_worst: square(v(it) - worst), weight };
    column.iter().map(|it| it.as_ref().filter(|_| weight > 0.0).map(cell)).collect()
}

/// The answer for one district, from its cells.
fn index(cells: &[Option<Cell>]) -> DistrictIndex {
    let sum = |of: fn(&Cell) -> f64| cells.iter().flatten().map(of).sum::<f64>();
    let (from_best, from_worst) = (sum(|it| it.from_best), sum(|it| it.from_worst));
    let whole = from_best.sqrt() + from_worst.sqrt();
    let (index, of, all): (f64, fn(&Cell) -> f64, f64) = if whole > 0.0 {
        (from_worst.sqrt() / whole, |it| it.from_worst, from_worst)
    } else {
        (0.5, |it| it.weight, sum(|it| it.weight))
    };
    let part = |it: &Cell| if all > 0.0 { index * (of(it) / all) } else { 0.0 };
    let contributions = cells.iter().map(|it| it.as_ref().map_or(0.0, part)).collect();
    DistrictIndex { index: cells.iter().any(Option::is_some).then_some(index), contributions }
}

/// The answers for all districts.
///
/// **Shape.** One column per indicator with one entry per district, one weight per column, none
/// negative. One answer per district.
pub fn indexes(rows: usize, columns: &[Vec<Option<f64>>], weights: &[f64]) -> Vec<DistrictIndex> {
    let heaviest = weights.iter().fold(0.0, |most: f64, it| most.max(*it));
    let weight = |it: &f64| if heaviest > 0.0 { it / heaviest } else { 0.0 };
    let columns: Vec<_> = columns.iter().zip(weights).map(|(it, own)| cells(it, weight(own))).collect();
    (0..rows).map(|row| index(&columns.iter().map(|it| it[row]).collect::<Vec<_>>())).collect()
}

/// The plugin; it has no settings.
pub struct Topsis;

impl Evaluator for Topsis {
    const MANIFEST: Manifest = Manifest {
        name: "topsis",
        version: env!("CARGO_PKG_VERSION"),
        title: Wording { zh: "逼近理想解", en: "TOPSIS" },
        summary: Wording {
            zh: "离各项最优越近、离最劣越远，指数越高；不可测者不计为零。",
            en: "Near the best of every indicator and far from the worst; a gap is not a zero.",
        },
        columns: Columns::Any,
        settings: &[],
        vetoes: &[],
        authors: &["linli"],
        licence: "Apache-2.0",
    };

    fn configure(_: &Settings) -> Result<Self, Fault> {
        Ok(Self)
    }

    fn evaluate(&self, batch: &Batch, weights: &[f64]) -> Result<Vec<DistrictIndex>, Fault> {
        let columns: Vec<Vec<_>> = batch.numbers()?.iter().map(|(_, it)| it.iter().collect()).collect();
        if weights.len() != columns.len() {
            let (found, expected) = (weights.len(), columns.len());
            return Err(Fault::Other(format!("{found} weights, expected {expected}: one per indicator")));
        }
        Ok(indexes(batch.rows as usize, &columns, weights))
    }
}

linli_sdk::export_evaluator!(Topsis);

#[cfg(test)]
mod tests;
