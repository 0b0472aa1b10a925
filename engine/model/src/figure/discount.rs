//! Discounts: the share of the price that is paid.

use super::decimal::Decimal;
use super::unit::PERCENT;
use super::{Figure, FigureError, Qualifier, Scan};

const WORDS: [(&str, f64); 7] = [
    ("半价", 0.5),
    ("对折", 0.5),
    ("免费", 0.0),
    ("免单", 0.0),
    ("原价", 1.0),
    ("全价", 1.0),
    ("不打折", 1.0),
];

/// Reads the share of the price that is paid: `95折` and `九五折` 0.95, `8折` 0.8, `半价` 0.5,
/// `免费` 0, `原价` 1, also `8.5折`, and a plain `0.95` or `95%`.
///
/// A part below 10 % is refused where it is written as a percentage: `5%` may be meant as 5 % off.
///
/// One digit before 折 counts tenths, two count hundredths. Two digits below 20, as in `15折`, are
/// refused: they may be meant as 1.5折. So are `0折` and shares above 1.
///
/// **Errors.** [`FigureError::NoDiscount`].
pub fn discount(text: &str) -> Result<f64, FigureError> {
    let refused = || FigureError::NoDiscount(text.chars().take(20).collect());
    let mut scan = Scan::new(text);
    if let Some(share) = scan.take_one(&WORDS) {
        return if scan.is_done() { Ok(share) } else { Err(refused()) };
    }
    scan.take("打");
    match tenths(&mut scan) {
        Some(share) => Ok(share),
        None => plain(text).ok_or_else(refused),
    }
}

/// `95折`, `8.5折`, `八五折`, `八点五折`.
fn tenths(scan: &mut Scan) -> Option<f64> {
    let (mut whole, mut part, mut has_point) = (String::new(), String::new(), false);
    while let Some(it) = scan.peek().filter(|it| *it != '折') {
        scan.skip(1);
        match (it, "零一二三四五六七八九".chars().position(|digit| digit == it)) {
            ('.' | '点', _) if !has_point => has_point = true,
            ('0'..='9', _) => if has_point { &mut part } else { &mut whole }.push(it),
            (_, Some(digit)) => if has_point { &mut part } else { &mut whole }.push_str(&digit.to_string()),
            _ => return None,
        }
    }
    let is_form = match (whole.as_bytes(), part.as_bytes()) {
        ([b'1'..=b'9'], []) => !has_point,
        ([b'2'..=b'9', b'0'..=b'9'], []) => !has_point,
        ([b'0'..=b'9'], [.., last]) => part.len() <= 2 && *last != b'0',
        _ => false,
    };
    if !is_form || !scan.take("折") || !scan.is_done() {
        return None;
    }
    let places = i32::try_from(whole.len() + part.len()).ok()?;
    Some(Decimal::new((whole + &part).parse().ok()?, -places).to_f64())
}

/// A share written as a number.
fn plain(text: &str) -> Option<f64> {
    let figure = Figure::read(text).ok().filter(|it| it.qualifier == Qualifier::Exact)?;
    let is_percent = figure.unit.as_deref() == Some(PERCENT);
    let least = if is_percent { 0.1 } else { 0.0 };
    let is_share = is_percent || figure.unit.is_none();
    figure.plain().point.filter(|it| is_share && (least..=1.0).contains(it))
}
