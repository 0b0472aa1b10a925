//! Decimals as integers, so that 5.8 × 10,000 is 58,000 and 1 − 0.95 is 0.05.
//!
//! A float stands for the shortest decimal that reads as it: the one that was written. Where
//! integers of 127 bits do not suffice, floats calculate.

/// Floats hold every integer up to here.
const FLOAT_EXACT_MAX: u128 = 1 << 53;

/// `digits · 10^exponent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: i128,
    exponent: i32,
}

impl Decimal {
    pub(super) const ZERO: Self = Self::new(0, 0);
    pub(super) const ONE: Self = Self::new(1, 0);

    pub(super) const fn new(digits: i128, exponent: i32) -> Self {
        Self { digits, exponent }
    }

    /// The shortest decimal that reads as the float; none for what is not finite.
    pub(super) fn of(value: f64) -> Option<Self> {
        let text = format!("{value:e}");
        let (mantissa, exponent) = text.split_once('e')?;
        let places = mantissa.split_once('.').map_or(0, |(_, it)| it.len());
        let digits = mantissa.replace('.', "").parse().ok()?;
        Some(Self::new(digits, exponent.parse::<i32>().ok()? - i32::try_from(places).ok()?))
    }

    /// The float next to the decimal; infinite beyond the floats.
    pub(super) fn to_f64(self) -> f64 {
        // Always a number of Rust's grammar, and reading one rounds once.
        format!("{}e{}", self.digits, self.exponent).parse::<f64>().unwrap_or(f64::NAN) + 0.0
    }

    /// Times a power of ten.
    pub(super) const fn shifted(self, exponent: i32) -> Self {
        Self::new(self.digits, self.exponent + exponent)
    }

    pub(super) const fn negated(self) -> Self {
        Self::new(-self.digits, self.exponent)
    }

    /// Digits of both with the same exponent, and that one.
    fn aligned(self, other: Self) -> Option<(i128, i128, i32)> {
        let exponent = self.exponent.min(other.exponent);
        let digits = |it: Self| {
            let zeros = u32::try_from(it.exponent - exponent).ok()?;
            it.digits.checked_mul(10_i128.checked_pow(zeros)?)
        };
        Some((digits(self)?, digits(other)?, exponent))
    }

    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let (a, b, exponent) = self.aligned(other)?;
        Some(Self::new(a.checked_add(b)?, exponent))
    }

    pub(super) fn times(self, other: Self) -> Option<Self> {
        Some(Self::new(self.digits.checked_mul(other.digits)?, self.exponent + other.exponent))
    }

    /// Whether it is less than the other; none where that takes too many digits.
    pub(super) fn is_less(self, other: Self) -> Option<bool> {
        self.aligned(other).map(|(a, b, _)| a < b)
    }

    /// Rounded once: both are integers that floats hold.
    fn over(self, other: Self) -> Option<f64> {
        let (a, b, _) = self.aligned(other)?;
        let common = gcd(a.unsigned_abs(), b.unsigned_abs()).max(1);
        let part = |it: i128| {
            let part = it.unsigned_abs() / common;
            // At most 2^53, so the cast is exact.
            (part <= FLOAT_EXACT_MAX).then_some(part as f64 * it.signum() as f64)
        };
        Some(part(a)? / part(b)?)
    }
}

fn gcd(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// An operation on the decimals that two floats stand for, on the floats where these are too long.
fn exact(
    a: f64,
    b: f64,
    exact: impl Fn(Decimal, Decimal) -> Option<f64>,
    float: impl Fn(f64, f64) -> f64,
) -> f64 {
    let done = Decimal::of(a).zip(Decimal::of(b)).and_then(|(a, b)| exact(a, b));
    done.unwrap_or_else(|| float(a, b)) + 0.0
}

pub(super) fn sum(a: f64, b: f64) -> f64 {
    exact(a, b, |a, b| a.plus(b).map(Decimal::to_f64), |a, b| a + b)
}

pub(super) fn product(a: f64, b: f64) -> f64 {
    exact(a, b, |a, b| a.times(b).map(Decimal::to_f64), |a, b| a * b)
}

/// The divisor is not zero.
pub(super) fn quotient(a: f64, b: f64) -> f64 {
    exact(a, b, Decimal::over, |a, b| a / b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_calculated_as_they_are_written() {
        assert_eq!(sum(1.0, -0.95), 0.05);
        assert_eq!(sum(0.1, 0.2), 0.3);
        assert_eq!(product(0.07, 100.0), 7.0);
        assert_eq!(product(1.1, 1.1), 1.21);
        assert_eq!(quotient(50.0, 0.05), 1000.0);
        assert_eq!(quotient(0.3, 0.1), 3.0);
        assert_eq!(quotient(494.0, 501.0), 494.0 / 501.0);
    }

    #[test]
    fn floats_take_over_where_digits_run_out() {
        assert_eq!(sum(1e300, 1e-300), 1e300);
        assert_eq!(quotient(1e300, 3.0), 1e300 / 3.0);
        assert_eq!(product(1e200, 1e200), f64::INFINITY);
        assert_eq!(product(f64::INFINITY, 2.0), f64::INFINITY);
    }

    #[test]
    fn every_float_comes_back() {
        for value in [0.0, 1.0, -2.5, 0.1, 5e-324, f64::MAX, 1.0 / 3.0, -1e21, 123_456.789] {
            assert_eq!(Decimal::of(value).expect("finite").to_f64(), value);
        }
        assert_eq!(Decimal::of(f64::NAN), None);
    }
}
