//! Units in which decisions are made: integers only.

/// How many parts a score of 1.0 has.
pub const MILLION: i64 = 1_000_000;

/// A plugin's opinion of a candidate in millionths, 0 to 1,000,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(i32);

/// Why a number is no score.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ScoreError {
    /// NaN or an infinity.
    #[error("expected a number from 0 to 1, found {0}")]
    NotFinite(f64),
    /// Below 0 or above 1.
    #[error("expected a number from 0 to 1, found {0}")]
    OutOfRange(f64),
}

impl Score {
    /// The best score, which no candidate can beat.
    pub const BEST: Self = Self(1_000_000);

    /// The score of a candidate that is of no use.
    pub const WORST: Self = Self(0);

    /// Turns a plugin's float into millionths: the one place where floats enter a decision.
    /// Halves go to the even neighbour.
    #[inline]
    pub fn from_f64(value: f64) -> Result<Self, ScoreError> {
        if !value.is_finite() {
            return Err(ScoreError::NotFinite(value));
        }
        if !(0.0..=1.0).contains(&value) {
            return Err(ScoreError::OutOfRange(value));
        }
        Ok(Self::rounded(value))
    }

    /// The same for many at once.
    ///
    /// **Errors.** The first that is no number from 0 to 1.
    /// **Cost.** A third of what one at a time takes: without ways out of the loop a compiler does
    /// several together.
    pub fn all_from_f64(values: &[f64]) -> Result<Vec<Self>, usize> {
        let are_scores = values.iter().fold(true, |all, it| all & (0.0..=1.0).contains(it));
        if are_scores {
            return Ok(values.iter().map(|it| Self::rounded(*it)).collect());
        }
        Err(values.iter().position(|it| !(0.0..=1.0).contains(it)).unwrap_or_default())
    }

    /// The millionths of a number from 0 to 1, halves to even.
    #[inline]
    fn rounded(value: f64) -> Self {
        // From 2^52 on floats are whole, so that adding it rounds, halves to even; the number then
        // stands in the lowest bits. Rounding is a call on some processors, 2 ns of each row.
        const WHOLE: f64 = (1_u64 << 52) as f64;
        Self((value * 1e6 + WHOLE).to_bits() as i32)
    }

    /// Takes millionths as they were stored.
    pub fn from_millionths(value: i64) -> Option<Self> {
        i32::try_from(value).ok().filter(|it| (0..=1_000_000).contains(it)).map(Self)
    }

    /// The mean of some scores in millionths, halves to even; nothing where there are none.
    pub fn mean(scores: &[Self]) -> Option<Self> {
        let count = i128::try_from(scores.len()).ok().filter(|it| *it > 0)?;
        let sum: i128 = scores.iter().map(|it| i128::from(it.0)).sum();
        // Between the smallest and the largest, so it fits.
        i32::try_from(half_even(sum, count)).ok().map(Self)
    }

    /// The score in millionths.
    pub const fn millionths(self) -> i32 {
        self.0
    }

    /// The score as people read it, 0 to 1.
    pub fn to_f64(self) -> f64 {
        f64::from(self.0) / 1e6
    }
}

/// How much a scorer counts, in thousandths.
pub type Weight = u32;

/// The cost of a candidate from its scores: `Σ w·(10⁶ − s) / Σ w`, halves to even.
///
/// **Units.** Millionths: 0 for a candidate that every scorer calls perfect, 10⁶ for one
/// that every scorer calls useless. Without any weight the cost is 0: nobody has an opinion.
/// **Cost.** O(scorers), exact in i128.
pub fn weighted_cost(parts: &[(Score, Weight)]) -> i64 {
    let total: i128 = parts.iter().map(|(_, weight)| i128::from(*weight)).sum();
    if total == 0 {
        return 0;
    }
    let sum: i128 = parts
        .iter()
        .map(|(score, weight)| i128::from(*weight) * i128::from(MILLION - i64::from(score.0)))
        .sum();
    // Between 0 and 10^6 whatever the weights, so it fits.
    i64::try_from(half_even(sum, total)).unwrap_or(MILLION)
}

/// The whole number nearest to a quotient, halves to even. **Shape.** `sum` of at least 0, `by`
/// above 0.
fn half_even(sum: i128, by: i128) -> i128 {
    let (quotient, rest) = (sum / by, sum % by);
    let up = match (rest * 2).cmp(&by) {
        std::cmp::Ordering::Greater => 1,
        std::cmp::Ordering::Equal => quotient % 2,
        std::cmp::Ordering::Less => 0,
    };
    quotient + up
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(value: f64) -> Score {
        Score::from_f64(value).expect("a score")
    }

    #[test]
    fn halves_go_to_the_even_neighbour() {
        assert_eq!(score(0.000_000_5).millionths(), 0);
        assert_eq!(score(0.000_001_5).millionths(), 2);
        assert_eq!(weighted_cost(&[(score(1.0), 1), (score(0.999_999), 1)]), 0);
        assert_eq!(weighted_cost(&[(score(0.999_999), 1), (score(0.999_998), 1)]), 2);
        let mean = |scores: &[f64]| Score::mean(&scores.iter().map(|it| score(*it)).collect::<Vec<_>>());
        assert_eq!(mean(&[0.000_001, 0.000_002]).map(Score::millionths), Some(2));
        assert_eq!(mean(&[0.000_002, 0.000_003]).map(Score::millionths), Some(2));
        assert_eq!(mean(&[1.0, 1.0, 0.999_999]).map(Score::millionths), Some(1_000_000));
        assert_eq!(mean(&[]), None);
    }

    #[test]
    fn what_is_no_number_from_0_to_1_is_refused() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.1, 1.000_001] {
            assert!(Score::from_f64(bad).is_err(), "{bad}");
            assert_eq!(Score::all_from_f64(&[0.5, bad, 1.0, bad]), Err(1), "{bad}");
        }
        assert_eq!(Score::all_from_f64(&[]), Ok(Vec::new()));
    }

    #[test]
    fn rounding_is_that_of_the_standard_library() {
        let ends = [-0.0, 0.0, f64::MIN_POSITIVE, 1.0_f64.next_down(), 1.0];
        let halves = (0..1_000_000).map(|it| (f64::from(it) + 0.5) / 1e6);
        let near = halves.flat_map(|it| [it.next_down(), it, it.next_up()]);
        let values: Vec<f64> = near.chain(ends).collect();
        let found = Score::all_from_f64(&values).expect("scores");
        for (value, found) in values.iter().zip(found) {
            assert_eq!(found.millionths(), (value * 1e6).round_ties_even() as i32, "{value}");
            assert_eq!(Score::from_f64(*value), Ok(found));
        }
    }

    #[test]
    fn weights_are_relative() {
        let parts = [(score(0.2), 500), (score(0.9), 250)];
        let doubled = [(score(0.2), 1000), (score(0.9), 500)];
        assert_eq!(weighted_cost(&parts), weighted_cost(&doubled));
        assert_eq!(weighted_cost(&[]), 0);
    }
}
