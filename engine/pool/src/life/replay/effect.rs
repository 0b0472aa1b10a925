//! What a challenger does to groups of needs, and how sure that is.
//!
//! The unit is a need: what it got in all runs together, so that a need that waited through ten
//! runs is one voice, not ten. Its two differences are paired, before against after:
//!
//! ```text
//! served = (units served after − before) / units asked for
//! score  = (Σ score after − before) / units asked for      as the incumbent sees it, unserved 0
//! ```
//!
//! Intervals are percentile bootstraps of the mean over needs, 95 %. Source: Efron & Tibshirani,
//! An Introduction to the Bootstrap, 1993, chapter 13. Sums are whole numbers; the seed and the
//! group's name begin the generator, so that no group's draws depend on another's.

use std::collections::BTreeMap;

use linli_model::MILLION;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Uniform};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Voice;

/// How often the needs of a group are drawn anew.
pub(super) const DRAWS: usize = 2_000;
/// Groups that would take more picks than this are drawn less often, but [`DRAWS_MIN`] times.
const PICKS_MAX: usize = 100_000_000;
const DRAWS_MIN: usize = 200;
/// Fewer needs than this are no sample: the interval of so few says little.
const SMALL: usize = 30;
/// A loss of score below this, in millionths, is a change of taste. The incumbent's plan is the
/// best by the incumbent's rule, so any other costs something by it: without a margin nothing new
/// could ever come. What is served has no margin.
pub(super) const SCORE_MARGIN: i64 = 10_000;

/// A mean over needs and where it could as well lie.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The mean difference, after less before.
    pub mean: f64,
    /// 2.5 of a hundred draws lie below.
    pub lo: f64,
    /// 2.5 of a hundred draws lie above.
    pub hi: f64,
}

/// What a challenger does to the needs of one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effect {
    /// all, district, group or tier.
    pub dimension: &'static str,
    /// Which; empty where the needs say none.
    pub value: String,
    /// Needs, each once.
    pub needs: i64,
    /// Units they ask for, over all runs and occurrences.
    pub units: i64,
    /// Units served before.
    pub served_before: i64,
    /// Units served after.
    pub served_after: i64,
    /// Needs that lose: less is served, or as much with a lower score.
    pub losers: i64,
    /// Needs that gain.
    pub gainers: i64,
    /// Difference in the share of units served.
    pub served: Interval,
    /// Difference in score per unit asked for, 0 to 1, as the incumbent sees it.
    pub score: Interval,
    /// Draws behind the intervals.
    pub draws: i64,
    /// worse, better, same (no need changes) or open.
    pub verdict: &'static str,
    /// Why worse: served or score.
    pub measure: Option<&'static str>,
    /// Why worse: interval or `every_change_loses`.
    pub rule: Option<&'static str>,
}

impl Effect {
    /// Whether the group is worse off.
    pub(super) fn is_worse(&self) -> bool {
        self.verdict == "worse"
    }
}

/// One measure of one group: sums over its needs, in millionths.
struct Measured {
    sum: i64,
    lo: i64,
    hi: i64,
    losers: usize,
    gainers: usize,
}

impl Measured {
    fn interval(&self, needs: usize) -> Interval {
        // The only floats, and nothing is decided by them.
        let mean = |sum: i64| if needs == 0 { 0.0 } else { sum as f64 / needs as f64 / MILLION as f64 };
        Interval { mean: mean(self.sum), lo: mean(self.lo), hi: mean(self.hi) }
    }

    /// By which rule this measure is worse, if it is: its mean lies below `−margin`, and either
    /// the whole interval lies below zero, or the group is small, some lose and none gains.
    fn worse(&self, needs: usize, margin: i64) -> Option<&'static str> {
        let is_material = self.sum < -margin * needs as i64;
        let nobody_gains = needs < SMALL && self.losers > 0 && self.gainers == 0;
        match (is_material, self.hi < 0, nobody_gains) {
            (true, true, _) => Some("interval"),
            (true, false, true) => Some("every_change_loses"),
            _ => None,
        }
    }
}

/// The effects on everybody, then by district, target group and tier.
pub(super) fn effects(voices: &[Voice], seed: i64) -> Vec<Effect> {
    let mut groups: BTreeMap<(usize, &'static str, String), Vec<&Voice>> = BTreeMap::new();
    for voice in voices {
        for (position, dimension, value) in [
            (0, "all", String::new()),
            (1, "district", voice.district_id.clone()),
            (2, "group", voice.target_group.clone()),
            // Numbers below ten sort as texts do.
            (3, "tier", voice.tier.to_string()),
        ] {
            groups.entry((position, dimension, value)).or_default().push(voice);
        }
    }
    groups.into_iter().map(|((_, dimension, value), of)| effect(dimension, value, &of, seed)).collect()
}

fn effect(dimension: &'static str, value: String, voices: &[&Voice], seed: i64) -> Effect {
    let needs = voices.len();
    let differences: Vec<[i64; 2]> = voices.iter().map(|it| it.differences()).collect();
    let draws = (PICKS_MAX / needs.max(1)).clamp(DRAWS_MIN, DRAWS);
    let [served, score] = measure(&differences, draws, random(dimension, &value, seed));
    let lost = |it: &[i64; 2]| it[0] < 0 || (it[0] == 0 && it[1] < 0);
    let gained = |it: &[i64; 2]| it[0] > 0 || (it[0] == 0 && it[1] > 0);
    let losers = differences.iter().filter(|it| lost(it)).count();
    let gainers = differences.iter().filter(|it| gained(it)).count();
    let by_served = served.worse(needs, 0).map(|rule| ("served", rule));
    let worse = by_served.or_else(|| score.worse(needs, SCORE_MARGIN).map(|rule| ("score", rule)));
    let verdict = match worse {
        Some(_) => "worse",
        None if losers + gainers == 0 => "same",
        None if served.lo > 0 || (served.sum >= 0 && score.lo > 0) => "better",
        None => "open",
    };
    let sum = |of: fn(&Voice) -> i64| voices.iter().map(|it| of(it)).sum();
    Effect {
        dimension,
        value,
        needs: needs as i64,
        units: sum(|it| it.units),
        served_before: sum(|it| it.served[0]),
        served_after: sum(|it| it.served[1]),
        losers: losers as i64,
        gainers: gainers as i64,
        served: served.interval(needs),
        score: score.interval(needs),
        draws: draws as i64,
        verdict,
        measure: worse.map(|it| it.0),
        rule: worse.map(|it| it.1),
    }
}

/// Both measures with their bounds, from the same draws.
fn measure(differences: &[[i64; 2]], draws: usize, mut random: ChaCha8Rng) -> [Measured; 2] {
    let total = |side: usize| differences.iter().map(|it| it[side]).sum::<i64>();
    let mut drawn: [Vec<i64>; 2] = [vec![total(0)], vec![total(1)]];
    let any = u32::try_from(differences.len()).ok().and_then(|it| Uniform::new(0, it).ok());
    // Where nothing changes every draw is zero.
    if let Some(any) = any.filter(|_| differences.iter().any(|it| *it != [0, 0])) {
        drawn = [Vec::with_capacity(draws), Vec::with_capacity(draws)];
        for _ in 0..draws {
            let mut sums = [0, 0];
            for _ in 0..differences.len() {
                let picked = differences[any.sample(&mut random) as usize];
                sums = [sums[0] + picked[0], sums[1] + picked[1]];
            }
            drawn[0].push(sums[0]);
            drawn[1].push(sums[1]);
        }
    }
    [0, 1].map(|side| {
        drawn[side].sort_unstable();
        let tail = drawn[side].len() * 25 / 1_000;
        Measured {
            sum: total(side),
            lo: drawn[side][tail],
            hi: drawn[side][drawn[side].len() - 1 - tail],
            losers: differences.iter().filter(|it| it[side] < 0).count(),
            gainers: differences.iter().filter(|it| it[side] > 0).count(),
        }
    })
}

fn random(dimension: &str, value: &str, seed: i64) -> ChaCha8Rng {
    let digest = Sha256::digest(format!("{seed}\n{dimension}\n{value}").as_bytes());
    ChaCha8Rng::from_seed(digest.into())
}

#[cfg(test)]
mod tests;
