//! Index, rank, and the ranks that could as well have been.
//!
//! Each draw takes every share from its posterior and the weights from a neighbourhood of the
//! given ones, and ranks again. The prior of a share is the mean over all places, worth
//! [`PRIOR_CASES`] cases: a place with 22 cases is drawn toward the others, one with thousands
//! stays where it is. Sources: OECD/JRC Handbook on Constructing Composite Indicators 2008,
//! step 7; Efron & Morris 1975 for the shrinkage.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use linli_plugin::{DistrictIndex, Plugin};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution, Gamma};

use super::indicator::{Indicator, Measured};
use crate::Result;

/// How many cases the mean over all places is worth.
const PRIOR_CASES: f64 = 10.0;
/// How closely drawn weights follow the given ones: a standard deviation of about a tenth of
/// the whole for an indicator that has a quarter of the weight.
const WEIGHT_CONCENTRATION: f64 = 20.0;
/// The share of draws outside the interval, on each side.
const TAIL: f64 = 0.05;

/// What came of one level, in the order of its places.
pub(super) struct Outcome {
    pub index: Vec<DistrictIndex>,
    pub rank: Vec<Option<i64>>,
    pub rank_lo: Vec<Option<i64>>,
    pub rank_hi: Vec<Option<i64>>,
    /// Which indicators the places were compared by.
    pub compared: Vec<bool>,
}

pub(super) fn evaluate(
    plugin: &Plugin,
    indicators: &[Indicator],
    measured: &Measured,
    compared: &[bool],
    seed: i64,
    draws: u32,
) -> Result<Outcome> {
    let weigh = |(it, is_compared): (&Indicator, &bool)| {
        if *is_compared { f64::from(it.weight) / 1000.0 } else { 0.0 }
    };
    let weights: Vec<f64> = indicators.iter().zip(compared).map(weigh).collect();
    let compared = compared.to_vec();
    let places = measured.places.len();
    if places == 0 {
        return Ok(Outcome {
            index: Vec::new(),
            rank: Vec::new(),
            rank_lo: Vec::new(),
            rank_hi: Vec::new(),
            compared,
        });
    }
    let mut evaluator = plugin.evaluator("{}")?;
    let values: Vec<Vec<Option<f64>>> = measured
        .places
        .iter()
        .map(|place| {
            let values = place.counts.iter().zip(&compared);
            values
                .map(|(it, is_compared)| it.filter(|_| *is_compared).and_then(|count| count.value()))
                .collect()
        })
        .collect();
    let index = evaluator.evaluate(&batch(indicators, &values)?, &weights)?;
    let rank = ranks(&index);
    let mut drawn: Vec<Vec<i64>> = vec![Vec::new(); places];
    // The sign of a seed carries no meaning to the generator.
    let mut random = ChaCha8Rng::seed_from_u64(seed.cast_unsigned());
    let means = means(indicators.len(), measured);
    for _ in 0..draws {
        let values = draw_values(measured, &means, &compared, &mut random);
        let weights = draw_weights(&weights, &mut random);
        let ranked = ranks(&evaluator.evaluate(&batch(indicators, &values)?, &weights)?);
        for (place, rank) in drawn.iter_mut().zip(ranked) {
            place.extend(rank);
        }
    }
    let at = |share: f64, ranks: &mut Vec<i64>| {
        ranks.sort_unstable();
        let last = ranks.len().saturating_sub(1);
        ranks.get((share * last as f64).round() as usize).copied()
    };
    let rank_lo = drawn.iter_mut().zip(&rank).map(|(it, rank)| at(TAIL, it).min(*rank).or(*rank)).collect();
    let rank_hi = drawn.iter_mut().zip(&rank).map(|(it, rank)| at(1.0 - TAIL, it).max(*rank)).collect();
    Ok(Outcome { index, rank, rank_lo, rank_hi, compared })
}

/// The overall share of each indicator.
fn means(indicators: usize, measured: &Measured) -> Vec<f64> {
    (0..indicators)
        .map(|position| {
            let counts = measured.places.iter().filter_map(|it| it.counts[position]);
            let (part, whole) =
                counts.fold((0, 0), |(part, whole), it| (part + it.numerator, whole + it.denominator));
            if whole == 0 { 0.5 } else { part as f64 / whole as f64 }
        })
        .collect()
}

/// Beta(numerator + m·k, rest + (1 − m)·k), m the overall share, k the prior's cases.
fn draw_values(
    measured: &Measured,
    means: &[f64],
    compared: &[bool],
    random: &mut ChaCha8Rng,
) -> Vec<Vec<Option<f64>>> {
    measured
        .places
        .iter()
        .map(|place| {
            place
                .counts
                .iter()
                .zip(means)
                .zip(compared)
                .map(|((count, mean), is_compared)| {
                    let count = count.filter(|it| *is_compared && it.denominator > 0)?;
                    // Kept off 0 and 1, where the distribution has no density.
                    let mean = mean.clamp(0.01, 0.99);
                    let hits = count.numerator as f64 + mean * PRIOR_CASES;
                    let misses = (count.denominator - count.numerator) as f64 + (1.0 - mean) * PRIOR_CASES;
                    Beta::new(hits, misses).ok().map(|it| it.sample(random))
                })
                .collect()
        })
        .collect()
}

/// Dirichlet around the given weights.
fn draw_weights(weights: &[f64], random: &mut ChaCha8Rng) -> Vec<f64> {
    let total: f64 = weights.iter().sum();
    weights
        .iter()
        .map(|it| {
            // An indicator that is not compared has no weight and draws none.
            let shape = it / total * WEIGHT_CONCENTRATION;
            Gamma::new(shape, 1.0).map_or(0.0, |it| it.sample(random))
        })
        .collect()
}

/// 1 for the highest index; equals share the better rank; no rank without an index.
fn ranks(index: &[DistrictIndex]) -> Vec<Option<i64>> {
    index
        .iter()
        .map(|it| {
            let own = it.index?;
            Some(1 + index.iter().filter(|other| other.index.is_some_and(|it| it > own)).count() as i64)
        })
        .collect()
}

fn batch(indicators: &[Indicator], values: &[Vec<Option<f64>>]) -> Result<RecordBatch> {
    let fields: Vec<Field> =
        indicators.iter().map(|it| Field::new(&it.name, DataType::Float64, true)).collect();
    let columns: Vec<ArrayRef> = (0..indicators.len())
        .map(|position| {
            let column: Float64Array = values.iter().map(|it| it[position]).collect();
            Arc::new(column) as ArrayRef
        })
        .collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
        .map_err(|it| linli_query::Error::Engine { cause: it.to_string() }.into())
}
