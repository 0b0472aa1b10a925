//! Decimal numbers in and out, small instead of general.

/// Decimals written at most.
const DECIMALS: usize = 9;
/// What is not below this is not written in digits.
const WRITTEN_MAX: f64 = 1e9;
/// Powers of ten up to this one are exact in `f64`, so one multiplication rounds once.
const EXPONENT_MAX: i32 = 22;
/// Digits beyond these cannot change the result by more than the last bit.
const MANTISSA_MAX: u64 = 1_000_000_000_000_000_000;

/// Reads a number of JSON's grammar; the grammar itself has been checked.
///
/// Exact up to 15 digits and 22 places; `None` from 1e22. Nothing below 1e-40 but zero.
pub(crate) fn read(text: &[u8]) -> Option<f64> {
    let mut mantissa = 0_u64;
    let mut exponent = 0_i32;
    let mut in_fraction = false;
    let mut rest = text.iter().copied();
    while let Some(byte) = rest.next() {
        match byte {
            b'0'..=b'9' => {
                let fits = mantissa < MANTISSA_MAX;
                if fits {
                    mantissa = mantissa * 10 + u64::from(byte - b'0');
                }
                // A digit in the fraction that counts, or one before it that does not.
                if fits == in_fraction {
                    exponent = exponent.saturating_add(if fits { -1 } else { 1 });
                }
            }
            b'.' => in_fraction = true,
            b'e' | b'E' => exponent = exponent.saturating_add(read_exponent(&mut rest)),
            _ => {}
        }
    }
    let mut value = mantissa as f64;
    while exponent < 0 && value > 1e-40 {
        let step = (-exponent).min(EXPONENT_MAX);
        value /= power_of_ten(step);
        exponent += step;
    }
    if exponent > 0 && value > 0.0 {
        value *= power_of_ten(exponent.min(EXPONENT_MAX));
        if exponent > EXPONENT_MAX {
            return None;
        }
    }
    if exponent < 0 {
        value = 0.0;
    }
    let negative = text.first() == Some(&b'-');
    (value < 1e22).then_some(if negative { -value } else { value })
}

fn read_exponent(digits: &mut impl Iterator<Item = u8>) -> i32 {
    let mut exponent = 0_i32;
    let mut negative = false;
    for byte in digits {
        match byte {
            b'-' => negative = true,
            b'0'..=b'9' => {
                exponent = exponent.saturating_mul(10).saturating_add(i32::from(byte - b'0'));
            }
            _ => {}
        }
    }
    if negative { -exponent } else { exponent }
}

fn power_of_ten(exponent: i32) -> f64 {
    (0..exponent).fold(1.0, |power, _| power * 10.0)
}

/// Appends a number, rounded to 9 decimals; what is 1e9 or more by its order only, `1e9`.
pub(crate) fn push(out: &mut String, value: f64) {
    if value < 0.0 {
        out.push('-');
    }
    let size = value.abs();
    if size.is_nan() {
        return out.push_str("null");
    }
    if size >= WRITTEN_MAX {
        return out.push_str("1e9");
    }
    // At most 1e18: fits.
    let units = (size * 1e9 + 0.5) as u64;
    let mut digits = [0_u8; DECIMALS * 2 + 1];
    let mut rest = units;
    for digit in digits.iter_mut().rev() {
        *digit = (rest % 10) as u8;
        rest /= 10;
    }
    let (whole, fraction) = digits.split_at(DECIMALS + 1);
    let start = whole.iter().position(|it| *it > 0).unwrap_or(DECIMALS);
    let end = fraction.iter().rposition(|it| *it > 0).map_or(0, |it| it + 1);
    out.extend(whole[start..].iter().map(|it| char::from(b'0' + it)));
    if end > 0 {
        out.push('.');
        out.extend(fraction[..end].iter().map(|it| char::from(b'0' + it)));
    }
}

/// A number as text, see [`push`].
pub(crate) fn text(value: f64) -> String {
    let mut out = String::new();
    push(&mut out, value);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_are_read_exactly() {
        let texts = ["0", "-0.25", "500", "0.1", "1e3", "2.5E-3", "999999999999999", "1e-22"];
        for it in texts.into_iter().chain(["123456.789", "0.000001", "-7e0", "9.99999999999999e21"]) {
            assert_eq!(read(it.as_bytes()), it.parse().ok(), "{it}");
        }
    }

    #[test]
    fn long_numbers_are_read_to_within_1e_15() {
        for it in ["0.30000000000000004", "12345678901234567890123", "0.1234567890123456789012345"] {
            let exact: f64 = it.parse().unwrap();
            match read(it.as_bytes()) {
                Some(ours) => assert!((ours / exact - 1.0).abs() < 1e-15, "{it}"),
                None => assert!(exact >= 1e22),
            }
        }
    }

    #[test]
    fn the_far_ends_are_zero_or_refused() {
        assert_eq!(read(b"1e22"), None);
        assert_eq!(read(b"1e999999999999"), None);
        assert_eq!(read(b"0e999999999999"), Some(0.0));
        assert_eq!(read(b"1e-999999999999"), Some(0.0));
        let zeros = format!("0.{}1", "0".repeat(100_000));
        assert_eq!(read(zeros.as_bytes()), Some(0.0));
    }

    #[test]
    fn what_is_written_is_short() {
        let written = [0.0, -0.0, 1.0, -0.5, 500.0, 100_000.0, 0.1, 0.95, 1.0 / 3.0, 999_999_999.0];
        let texts = ["0", "0", "1", "-0.5", "500", "100000", "0.1", "0.95", "0.333333333"];
        for (value, expected) in written.into_iter().zip(texts.into_iter().chain(["999999999"])) {
            assert_eq!(text(value), expected);
        }
        assert_eq!(text(f64::INFINITY), "1e9");
        assert_eq!(text(f64::NAN), "null");
    }
}
