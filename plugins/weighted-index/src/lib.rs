//! Weighted mean of the indicators that could be measured.
//!
//! ```text
//! index        = Σ w·x / Σ w      over the indicators that are present in the district
//! contribution = w·x / Σ w        0 where the indicator is null
//! ```
//!
//! A null is "not measurable", never zero: its weight is shared by the others. Where nothing is
//! present, or only what weighs 0, there is no index. Sums run in the order of the columns, so
//! every machine gives the same bits; with indicators from 0 to 1 the index cannot leave 0 to 1,
//! because rounding keeps each term w·x at most w.
//!
//! Source: simple additive weighting; OECD and JRC 2008, "Handbook on Constructing Composite
//! Indicators", step 6. Like every mean it lets a good indicator make up for a bad one.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

use linli_sdk::{Batch, Columns, DistrictIndex, Evaluator, Fault, Manifest, Settings, Wording};

/// The answer for one district.
///
/// **Shape.** One entry per indicator; `None` is not measurable. Weights are not negative.
pub fn index(indicators: &[Option<f64>], weights: &[f64]) -> DistrictIndex {
    let terms = || indicators.iter().zip(weights);
    let weight: f64 = terms().filter(|(it, _)| it.is_some()).map(|(_, weight)| weight).sum();
    if weight <= 0.0 {
        return DistrictIndex { index: None, contributions: vec![0.0; indicators.len()] };
    }
    let sum: f64 = terms().filter_map(|(it, weight)| it.map(|it| it * weight)).sum();
    let contributions = terms().map(|(it, w)| it.map_or(0.0, |it| it * w / weight)).collect();
    DistrictIndex { index: Some(sum / weight), contributions }
}

/// The plugin; it has no settings.
pub struct WeightedIndex;

impl Evaluator for WeightedIndex {
    const MANIFEST: Manifest = Manifest {
        name: "weighted-index",
        version: env!("CARGO_PKG_VERSION"),
        title: Wording { zh: "加权指数", en: "Weighted index" },
        summary: Wording {
            zh: "可测指标的加权平均；不可测者不计为零。",
            en: "Weighted mean of the indicators that could be measured; a gap is not a zero.",
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
        let columns = batch.numbers()?;
        check(weights, columns.len())?;
        let mut indicators = vec![None; columns.len()];
        let mut answers = Vec::with_capacity(batch.rows as usize);
        for row in 0..batch.rows as usize {
            for (indicator, (name, values)) in indicators.iter_mut().zip(&columns) {
                *indicator = values.get(row);
                if indicator.is_some_and(|it| !it.is_finite()) {
                    return Err(Fault::Other(format!("`{name}`, row {row}: not a finite number")));
                }
            }
            answers.push(index(&indicators, weights));
        }
        Ok(answers)
    }
}

fn check(weights: &[f64], columns: usize) -> Result<(), Fault> {
    let problem = if weights.len() != columns {
        format!("{} weights, expected {columns}: one per indicator", weights.len())
    } else if let Some(place) = weights.iter().position(|it| !(it.is_finite() && *it >= 0.0)) {
        format!("weight {place} is negative or no number")
    } else if !weights.iter().sum::<f64>().is_finite() {
        "the weights are too large to be added".into()
    } else {
        return Ok(());
    };
    Err(Fault::Other(problem))
}

linli_sdk::export_evaluator!(WeightedIndex);

#[cfg(test)]
mod tests;
