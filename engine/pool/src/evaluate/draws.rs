//! Index, rank, and the ranks that could as well have been.
//!
//! Each draw takes every share from what could as well be true and the weights from a
//! neighbourhood of the given ones, and ranks again. Where only cases speak, a share comes from
//! its posterior; the prior is the mean over the places, worth [`PRIOR_CASES`] cases: a place
//! with 22 cases is drawn toward the others, one with thousands stays where it is. Where
//! published words bound a share, any value within them is as good as another. Sources:
//! OECD/JRC Handbook on Constructing Composite Indicators 2008, step 7; Efron & Morris 1975 for
//! the shrinkage.
//!
//! Only places with cases have an index, and only those that have every indicator that is
//! compared have a rank: an index over other indicators compares nothing.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use linli_plugin::{DistrictIndex, Evaluator};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Beta, Distribution, Gamma, Uniform};

use super::indicator::{Count, Indicator, Measured, Place};
use crate::Result;

/// How many cases the mean over all places is worth.
const PRIOR_CASES: f64 = 10.0;
/// How closely drawn weights follow the given ones: a standard deviation of about a tenth of
/// the whole for an indicator that has a quarter of the weight.
const WEIGHT_CONCENTRATION: f64 = 20.0;
/// The share of draws outside the interval, on each side.
const TAIL: f64 = 0.05;

/// The shares of one place, one per indicator.
type Shares = Vec<Option<f64>>;

/// Where one place stands among the others of its level.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Standing {
    pub index: Option<f64>,
    /// What each indicator adds to the index; empty where the place was not judged.
    pub contributions: Vec<f64>,
    pub rank: Option<i64>,
    pub rank_lo: Option<i64>,
    pub rank_hi: Option<i64>,
}

/// The weights by which places are compared: those of the headers, brought to a sum of 1;
/// nothing for an indicator that is not compared.
pub(super) fn weights(indicators: &[Indicator], compared: &[bool]) -> Vec<Option<f64>> {
    let of = |(it, is_compared): (&Indicator, &bool)| is_compared.then(|| f64::from(it.weight));
    let weights: Vec<Option<f64>> = indicators.iter().zip(compared).map(of).collect();
    let total: f64 = weights.iter().flatten().sum();
    weights.into_iter().map(|it| it.filter(|_| total > 0.0).map(|it| it / total)).collect()
}

/// Judges the places of one level.
///
/// **Shape.** One standing per place, in the order of the places.
pub(super) fn evaluate(
    evaluator: &Evaluator,
    indicators: &[Indicator],
    measured: &Measured,
    weights: &[Option<f64>],
    seed: i64,
    draws: u32,
) -> Result<Vec<Standing>> {
    let mut standings = vec![Standing::default(); measured.places.len()];
    let judged: Vec<usize> =
        (0..standings.len()).filter(|it| measured.places[*it].cases(indicators) > 0).collect();
    if judged.is_empty() || weights.iter().all(Option::is_none) {
        return Ok(standings);
    }
    let places: Vec<&Place> = judged.iter().map(|it| &measured.places[*it]).collect();
    let found = stand(&places, weights, seed, draws, |shares, weights| {
        Ok(evaluator.evaluate(&batch(indicators, shares)?, weights)?)
    })?;
    for (position, standing) in judged.into_iter().zip(found) {
        standings[position] = standing;
    }
    Ok(standings)
}

/// Index, rank and interval of places that have cases; `index` is the evaluator.
fn stand(
    places: &[&Place],
    weights: &[Option<f64>],
    seed: i64,
    draws: u32,
    mut index: impl FnMut(&[Shares], &[f64]) -> Result<Vec<DistrictIndex>>,
) -> Result<Vec<Standing>> {
    let of = |place: &&Place| -> Shares {
        place.counts.iter().zip(weights).map(|(it, weight)| weight.and(*it).and_then(Count::value)).collect()
    };
    let shares: Vec<Shares> = places.iter().map(of).collect();
    let is_complete =
        |it: &Shares| it.iter().zip(weights).all(|(it, weight)| it.is_some() || weight.is_none());
    let complete: Vec<bool> = shares.iter().map(is_complete).collect();
    let ranked = |answers: &[DistrictIndex]| {
        let indexes = answers.iter().zip(&complete).map(|(it, complete)| it.index.filter(|_| *complete));
        ranks(&indexes.collect::<Vec<_>>())
    };
    let given: Vec<f64> = weights.iter().map(|it| it.unwrap_or(0.0)).collect();
    let answers = index(&shares, &given)?;
    let rank = ranked(&answers);
    let means = means(places, weights.len());
    let mut drawn: Vec<Vec<i64>> = vec![Vec::new(); places.len()];
    // The sign of a seed carries no meaning to the generator.
    let mut random = ChaCha8Rng::seed_from_u64(seed.cast_unsigned());
    for _ in 0..draws {
        let shares: Vec<Shares> =
            places.iter().map(|it| draw_shares(it, weights, &means, &mut random)).collect();
        let weights = draw_weights(&given, &mut random);
        for (ranks, rank) in drawn.iter_mut().zip(ranked(&index(&shares, &weights)?)) {
            ranks.extend(rank);
        }
    }
    let standing = |((it, rank), mut drawn): ((DistrictIndex, Option<i64>), Vec<i64>)| {
        drawn.sort_unstable();
        let lo = rank.map(|rank| quantile(&drawn, TAIL).map_or(rank, |it| it.min(rank)));
        let hi = rank.map(|rank| quantile(&drawn, 1.0 - TAIL).map_or(rank, |it| it.max(rank)));
        Standing { index: it.index, contributions: it.contributions, rank, rank_lo: lo, rank_hi: hi }
    };
    Ok(answers.into_iter().zip(rank).zip(drawn).map(standing).collect())
}

/// The overall share of each indicator.
fn means(places: &[&Place], indicators: usize) -> Vec<f64> {
    (0..indicators)
        .map(|position| {
            let counts = places.iter().filter_map(|it| it.counts[position]);
            let (part, whole) =
                counts.fold((0, 0), |(part, whole), it| (part + it.numerator, whole + it.denominator));
            if whole == 0 { 0.5 } else { part as f64 / whole as f64 }
        })
        .collect()
}

fn draw_shares(place: &Place, weights: &[Option<f64>], means: &[f64], random: &mut ChaCha8Rng) -> Shares {
    let counts = place.counts.iter().zip(weights).zip(means);
    counts.map(|((it, weight), mean)| weight.and(*it).and_then(|it| draw_share(it, *mean, random))).collect()
}

/// A share that could as well be true: anything within published words; else from
/// Beta(numerator + m·k, rest + (1 − m)·k), m the overall share, k the prior's cases.
fn draw_share(count: Count, mean: f64, random: &mut ChaCha8Rng) -> Option<f64> {
    count.value()?;
    if let Some((lo, hi)) = count.bounds {
        // Of words that contradict each other the lower bound is kept.
        return Some(Uniform::new_inclusive(lo, hi).map_or(lo, |it| it.sample(random)));
    }
    // Kept off 0 and 1, where the distribution has no density.
    let mean = mean.clamp(0.01, 0.99);
    let hits = count.numerator as f64 + mean * PRIOR_CASES;
    let misses = (count.denominator - count.numerator) as f64 + (1.0 - mean) * PRIOR_CASES;
    Beta::new(hits, misses).ok().map(|it| it.sample(random))
}

/// Dirichlet around the given weights, whose sum is 1.
fn draw_weights(weights: &[f64], random: &mut ChaCha8Rng) -> Vec<f64> {
    let drawn: Vec<f64> = weights
        .iter()
        // An indicator that is not compared has no weight and draws none.
        .map(|it| Gamma::new(it * WEIGHT_CONCENTRATION, 1.0).map_or(0.0, |it| it.sample(random)))
        .collect();
    let total: f64 = drawn.iter().sum();
    drawn.into_iter().map(|it| it / total).collect()
}

/// 1 for the highest index; equals share the better rank; no rank without an index.
fn ranks(indexes: &[Option<f64>]) -> Vec<Option<i64>> {
    let mut sorted: Vec<f64> = indexes.iter().flatten().copied().collect();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let rank = |own: f64| 1 + sorted.partition_point(|other| *other > own) as i64;
    indexes.iter().map(|it| it.map(rank)).collect()
}

/// Below which of these, sorted upward, a share of them lies; nothing of nothing.
fn quantile(sorted: &[i64], share: f64) -> Option<i64> {
    let last = sorted.len().saturating_sub(1);
    sorted.get((share * last as f64).round() as usize).copied()
}

fn batch(indicators: &[Indicator], shares: &[Shares]) -> Result<RecordBatch> {
    let fields: Vec<Field> =
        indicators.iter().map(|it| Field::new(&it.name, DataType::Float64, true)).collect();
    let columns: Vec<ArrayRef> = (0..indicators.len())
        .map(|position| {
            let column: Float64Array = shares.iter().map(|it| it[position]).collect();
            Arc::new(column) as ArrayRef
        })
        .collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
        .map_err(|it| linli_query::Error::Engine { cause: it.to_string() }.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(counts: &[Option<(i64, i64)>]) -> Place {
        let count = |(numerator, denominator)| Count { numerator, denominator, bounds: None };
        let counts = counts.iter().map(|it| it.map(count)).collect();
        Place { place_id: String::new(), district_id: None, counts }
    }

    /// The mean of what is there, by weight.
    fn mean(shares: &[Shares], weights: &[f64]) -> Result<Vec<DistrictIndex>> {
        let index = |row: &Shares| {
            let present = || row.iter().zip(weights).filter_map(|(it, weight)| it.map(|it| (it, *weight)));
            let weight: f64 = present().map(|(_, weight)| weight).sum();
            (weight > 0.0).then(|| present().map(|(it, weight)| it * weight).sum::<f64>() / weight)
        };
        let answer = |row: &Shares| DistrictIndex { index: index(row), contributions: vec![0.0; row.len()] };
        Ok(shares.iter().map(answer).collect())
    }

    #[test]
    fn equals_share_the_better_rank_and_without_an_index_there_is_none() {
        let found = ranks(&[Some(0.5), None, Some(0.9), Some(0.5), Some(0.1)]);
        assert_eq!(found, [Some(2), None, Some(1), Some(2), Some(4)]);
    }

    #[test]
    fn an_interval_leaves_five_of_a_hundred_out_at_each_end() {
        let drawn: Vec<i64> = (0..=100).collect();
        assert_eq!((quantile(&drawn, TAIL), quantile(&drawn, 1.0 - TAIL)), (Some(5), Some(95)));
        assert_eq!((quantile(&[7], TAIL), quantile(&[7], 1.0 - TAIL)), (Some(7), Some(7)));
        assert_eq!(quantile(&[], TAIL), None);
    }

    #[test]
    fn published_words_bound_every_draw_whatever_the_registry_counts() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let registry = Count { numerator: 990, denominator: 1000, bounds: None };
        let words = Count { bounds: Some((0.2, 0.4)), ..registry };
        let draws: Vec<f64> = (0..200).filter_map(|_| draw_share(words, 0.9, &mut random)).collect();
        assert_eq!(draws.len(), 200);
        assert!(draws.iter().all(|it| (0.2..=0.4).contains(it)), "{draws:?}");
        // They fill the bounds: 200 draws miss a quarter of them once in 10²⁴ seeds.
        assert!(draws.iter().any(|it| *it < 0.25) && draws.iter().any(|it| *it > 0.35), "{draws:?}");
        let counted = draw_share(registry, 0.9, &mut random).expect("a share");
        assert!(counted > 0.9, "{counted}");
        let exact = Count { bounds: Some((0.3, 0.3)), ..registry };
        assert_eq!(draw_share(exact, 0.9, &mut random), Some(0.3));
        let nothing = Count { numerator: 0, denominator: 0, bounds: Some((0.2, 0.4)) };
        assert_eq!(draw_share(nothing, 0.9, &mut random), None);
    }

    #[test]
    fn weights_of_what_is_compared_add_up_to_one() {
        let indicator =
            |weight| Indicator { name: String::new(), digest: String::new(), weight, counts_cases: false };
        let indicators = [indicator(250), indicator(150), indicator(250)];
        assert_eq!(weights(&indicators, &[true, false, true]), [Some(0.5), None, Some(0.5)]);
        assert!(weights(&indicators, &[false; 3]).iter().all(Option::is_none));
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let drawn = draw_weights(&[0.5, 0.0, 0.5], &mut random);
        assert_eq!(drawn[1], 0.0);
        assert!((drawn.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{drawn:?}");
    }

    #[test]
    fn a_place_that_lacks_a_compared_indicator_has_an_index_and_takes_no_rank() {
        let good = place(&[Some((900, 1000)), Some((900, 1000)), None]);
        let partial = place(&[Some((1000, 1000)), None, Some((1, 1))]);
        let bad = place(&[Some((100, 1000)), Some((100, 1000)), Some((1, 1))]);
        let weights = [Some(0.5), Some(0.5), None];
        let found = stand(&[&good, &partial, &bad], &weights, 0, 50, mean).expect("standings");
        let ranks: Vec<_> = found.iter().map(|it| (it.rank, it.rank_lo, it.rank_hi)).collect();
        let only = |rank| (Some(rank), Some(rank), Some(rank));
        assert_eq!(ranks, [only(1), (None, None, None), only(2)]);
        assert_eq!(found[1].index, Some(1.0));
        assert!(found.iter().all(|it| it.index.is_some()));
    }

    #[test]
    fn few_cases_leave_the_order_open_and_the_seed_decides_the_draws() {
        let (one, other) = (place(&[Some((3, 5))]), place(&[Some((2, 5))]));
        let stand = |seed| stand(&[&one, &other], &[Some(1.0)], seed, 200, mean).expect("standings");
        let ranks: Vec<_> = stand(7).iter().map(|it| (it.rank, it.rank_lo, it.rank_hi)).collect();
        assert_eq!(ranks, [(Some(1), Some(1), Some(2)), (Some(2), Some(1), Some(2))]);
        assert_eq!(stand(7), stand(7));
        let draw = |seed| {
            let mut random = ChaCha8Rng::seed_from_u64(seed);
            draw_shares(&one, &[Some(1.0)], &[0.5], &mut random)
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }
}
