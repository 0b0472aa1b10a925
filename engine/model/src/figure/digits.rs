//! Digits: Arabic ones, Chinese ones, and the units that count in tens.

use super::decimal::Decimal;
use super::number::Span;
use super::{FigureError, Scan};

/// More digits are a name rather than a number, and integers hold no more.
pub(super) const DIGITS_MAX: usize = 30;

pub(super) fn digit(it: char) -> Option<i128> {
    let digit = match it {
        '零' | '〇' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    };
    Some(digit)
}

/// Units of counting as powers of ten.
pub(super) fn power(it: char) -> Option<i32> {
    match it {
        '十' => Some(1),
        '百' => Some(2),
        '千' => Some(3),
        '万' => Some(4),
        '亿' => Some(8),
        _ => None,
    }
}

/// `2470`, `5.8`, `1,234,567` and `1 234 567`: the number and how many digits it has before the point.
pub(super) fn arabic(scan: &mut Scan) -> Result<(Decimal, usize), FigureError> {
    let mut digits = scan.digits();
    let is_group = |rest: &[char]| {
        matches!(rest, [',' | ' ', a, b, c, after @ ..]
            if [a, b, c].iter().all(|it| it.is_ascii_digit())
                && !after.first().is_some_and(char::is_ascii_digit))
    };
    if digits.len() <= 3 {
        while is_group(scan.rest()) {
            scan.skip(1);
            digits += &scan.digits();
        }
    }
    if digits.len() > 1 && digits.starts_with('0') {
        return Err(FigureError::Name(digits));
    }
    let whole = digits.len();
    if let ['.', next, ..] = scan.rest()
        && next.is_ascii_digit()
    {
        scan.skip(1);
        digits += &scan.digits();
    }
    match (digits.parse(), i32::try_from(digits.len() - whole)) {
        (Ok(value), Ok(places)) if digits.len() <= DIGITS_MAX => Ok((Decimal::new(value, -places), whole)),
        _ => scan.stopped("a number of at most 30 digits"),
    }
}

/// One Chinese digit; two that follow each other, which are a range; or digits one by one, as
/// in `二〇一三`, where no unit stands before.
pub(super) fn words(scan: &mut Scan, is_start: bool) -> Result<Span, FigureError> {
    let digits: Vec<i128> = scan.rest().iter().map_while(|it| digit(*it)).take(DIGITS_MAX).collect();
    let span = match digits.as_slice() {
        [value] if is_start || *value > 0 => Span::one(Decimal::new(*value, 0)),
        [a, b] if *a > 0 && a < b && b - a <= 2 => {
            Span { min: Decimal::new(*a, 0), max: Decimal::new(*b, 0), ..Span::one(Decimal::ZERO) }
        }
        [0, _, ..] => return Err(FigureError::Name(scan.rest().iter().take(digits.len()).collect())),
        all if is_start && (all.len() > 2 || all.contains(&0)) => {
            if scan.rest().get(all.len()).is_some_and(|it| power(*it).is_some()) {
                return scan.stopped("one digit before a unit of counting");
            }
            Span::one(Decimal::new(all.iter().fold(0, |sum, it| sum * 10 + it), 0))
        }
        _ => return scan.stopped("one digit, or two that follow each other"),
    };
    scan.skip(digits.len());
    Ok(span)
}
