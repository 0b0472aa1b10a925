//! Numbers in digits and in Chinese words, mixed as people mix them: `80万`, `两万零五`, `二三百万`.
//!
//! What is vague is an interval: `几` alone is 2 up to below 10, so `几十` is 20 up to below 100;
//! `十几` is above 10 and below 20; `二三百` is 200 to 300, both included.

use super::decimal::Decimal;
use super::digits::{DIGITS_MAX, arabic, digit, power, words};
use super::{FigureError, Scan};

/// The power of ten of 千 is the highest below 万.
const SMALL_NONE: i32 = 4;

/// From one decimal to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) min: Decimal,
    pub(super) max: Decimal,
    /// Whether both ends, or the upper one alone, are excluded.
    pub(super) min_open: bool,
    pub(super) max_open: bool,
}

impl Span {
    pub(super) const fn one(value: Decimal) -> Self {
        Self { min: value, max: value, min_open: false, max_open: false }
    }

    /// 几 and 数 before a unit, or alone.
    const SEVERAL: Self =
        Self { min: Decimal::new(2, 0), max: Decimal::new(10, 0), min_open: false, max_open: true };

    /// 几 after 十.
    const ONES: Self = Self { min: Decimal::ZERO, max: Decimal::new(10, 0), min_open: true, max_open: true };

    fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            min: self.min.plus(other.min)?,
            max: self.max.plus(other.max)?,
            min_open: self.min_open || other.min_open,
            max_open: self.max_open || other.max_open,
        })
    }

    pub(super) const fn shifted(self, exponent: i32) -> Self {
        Self { min: self.min.shifted(exponent), max: self.max.shifted(exponent), ..self }
    }

    pub(super) fn single(self) -> Option<Decimal> {
        (self.min == self.max).then_some(self.min)
    }
}

/// A number that was read.
pub(super) struct Number {
    pub(super) span: Span,
    /// Whether 多 or 余 stood inside, as in `150多万`.
    pub(super) is_over: bool,
    /// What stood before 万 or another unit of counting, and its power of ten: `5.8` and 4.
    pub(super) scaled: Option<(Decimal, i32)>,
}

/// What stands before a unit of counting.
#[derive(Clone, Copy)]
enum Written {
    /// So many digits.
    Arabic(usize),
    /// Chinese digits.
    Word,
    /// 几.
    Several,
}

/// What was read of a number so far.
struct Sum {
    /// Above the last 万 or 亿, and since then.
    total: Span,
    section: Span,
    pending: Option<(Span, Written)>,
    /// The last of 十百千 in the section, and the last unit of all, as powers of ten.
    small: i32,
    last: i32,
    has_yi: bool,
    has_wan: bool,
    has_zero: bool,
    is_over: bool,
    /// The first value, how many there were, and all powers of ten behind.
    first: Option<Decimal>,
    count: usize,
    powers: i32,
}

/// Reads the number that stands here, if one does.
///
/// **Errors.** [`FigureError`] for what begins as a number and goes on as none.
pub(super) fn number(scan: &mut Scan) -> Result<Option<Number>, FigureError> {
    let mut sum = Sum {
        total: Span::one(Decimal::ZERO),
        section: Span::one(Decimal::ZERO),
        pending: None,
        small: SMALL_NONE,
        last: 0,
        has_yi: false,
        has_wan: false,
        has_zero: false,
        is_over: false,
        first: None,
        count: 0,
        powers: 0,
    };
    while sum.step(scan)? {}
    if sum.count == 0 {
        return Ok(None);
    }
    sum.finish(scan).map(Some)
}

/// A whole number in Chinese words, if one stands here.
pub(crate) fn whole(scan: &mut Scan) -> Option<i64> {
    if scan.peek().is_some_and(|it| it.is_ascii_digit()) {
        return None;
    }
    let read = number(scan).ok().flatten()?;
    let value = read.span.single().filter(|_| !read.is_over)?.to_f64();
    // Calendars have no numbers that are not exact as floats.
    (value.fract() == 0.0 && value.abs() < 1e6).then_some(value as i64)
}

impl Sum {
    /// Reads one word further; false where the number ends.
    fn step(&mut self, scan: &mut Scan) -> Result<bool, FigureError> {
        let Some(here) = scan.peek() else { return Ok(false) };
        let next = scan.rest().get(1).copied();
        if let Some(power) = power(here) {
            return self.unit(power, scan);
        }
        if self.is_over || self.pending.is_some() && here != '点' && !is_over(here, next) {
            return Ok(false);
        }
        match here {
            '多' | '余' if self.count > 0 && is_over(here, next) => {
                self.is_over = true;
                scan.skip(1);
            }
            '点' if next.and_then(digit).is_some() && self.count > 0 => return self.fraction(scan),
            '零' | '〇'
                if self.last > 0 && next.is_some_and(|it| it.is_ascii_digit() || digit(it).is_some()) =>
            {
                self.has_zero = true;
                scan.skip(1);
            }
            '几' if self.count == 0 || self.last == 1 || next.and_then(power).is_some() => {
                let span = if self.last == 1 { Span::ONES } else { Span::SEVERAL };
                self.put(span, Written::Several);
                scan.skip(1);
            }
            '数' if next.and_then(power).is_some() => {
                self.put(Span::SEVERAL, Written::Several);
                scan.skip(1);
            }
            '0'..='9' => {
                let (value, digits) = arabic(scan)?;
                self.put(Span::one(value), Written::Arabic(digits));
            }
            _ if digit(here).is_some() => {
                let span = words(scan, self.count == 0)?;
                self.put(span, Written::Word);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn put(&mut self, span: Span, written: Written) {
        self.first = self.first.or(span.single());
        self.count += 1;
        self.pending = Some((span, written));
    }

    /// 十, 百 and 千 count what stands before them, 万 and 亿 all of the section.
    fn unit(&mut self, power: i32, scan: &mut Scan) -> Result<bool, FigureError> {
        let is_bare = self.count == 0 || (power == 1 && self.last == 2 && !self.has_zero);
        let has_value = self.pending.is_some() || is_bare;
        let may_count = match power {
            8 => {
                let has_section = self.section.single() != Some(Decimal::ZERO);
                !self.has_yi && (has_value || has_section || self.last == 4)
            }
            4 => !self.has_wan && (has_value || self.section.single() != Some(Decimal::ZERO)),
            _ => power < self.small && !self.is_over && has_value,
        };
        if !may_count {
            // What follows may be a unit of measure: 2万千米.
            return Ok(false);
        }
        if is_bare && self.pending.is_none() {
            self.put(Span::one(Decimal::ONE), Written::Word);
        }
        let pending = self.pending.take().map_or(Span::one(Decimal::ZERO), |(span, _)| span);
        let added = if power < SMALL_NONE {
            self.small = power;
            self.section.plus(pending.shifted(power)).map(|it| self.section = it)
        } else {
            self.close(pending, power)
        };
        if added.is_none() {
            return scan.stopped("a number of fewer digits");
        }
        self.last = power;
        self.powers += power;
        self.has_zero = false;
        scan.skip(1);
        Ok(true)
    }

    fn close(&mut self, pending: Span, power: i32) -> Option<()> {
        let section = self.section.plus(pending)?;
        if power == 4 {
            self.total = self.total.plus(section.shifted(4))?;
            self.has_wan = true;
        } else {
            self.total = self.total.plus(section)?.shifted(8);
            // Below 亿 there may be 万 again.
            (self.has_yi, self.has_wan) = (true, false);
        }
        self.section = Span::one(Decimal::ZERO);
        self.small = SMALL_NONE;
        Some(())
    }

    /// `五点八`: digits behind the point belong to what stands before it.
    fn fraction(&mut self, scan: &mut Scan) -> Result<bool, FigureError> {
        let pending = self.pending.take().map_or(Span::one(Decimal::ZERO), |(span, _)| span);
        let whole =
            self.section.plus(pending).and_then(Span::single).filter(|_| !self.has_wan && !self.has_yi);
        scan.skip(1);
        let digits: Vec<i128> = scan.rest().iter().map_while(|it| digit(*it)).take(DIGITS_MAX / 2).collect();
        let places = i32::try_from(digits.len()).unwrap_or(i32::MAX);
        let fraction = Decimal::new(digits.iter().fold(0, |sum, it| sum * 10 + it), -places);
        let Some(value) = whole.and_then(|it| it.plus(fraction)) else {
            return scan.stopped("one number before 点");
        };
        scan.skip(digits.len());
        self.section = Span::one(Decimal::ZERO);
        (self.small, self.last, self.count, self.first, self.powers) = (0, 0, 0, None, 0);
        self.put(Span::one(value), Written::Word);
        Ok(true)
    }

    /// Adds what stands behind the last unit: `三万五` is 35,000, `三万零五` is 30,005.
    fn finish(mut self, scan: &Scan) -> Result<Number, FigureError> {
        if let Some((span, written)) = self.pending.take() {
            let shift = match written {
                _ if self.last <= 1 || self.has_zero => 0,
                Written::Word => self.last - 1,
                Written::Arabic(digits) if i32::try_from(digits).is_ok_and(|it| it == self.last) => 0,
                _ => return scan.stopped("千, 百 or another unit"),
            };
            match self.section.plus(span.shifted(shift)) {
                Some(it) => self.section = it,
                None => return scan.stopped("a number of fewer digits"),
            }
        }
        let Some(span) = self.total.plus(self.section) else {
            return scan.stopped("a number of fewer digits");
        };
        let scaled = self.first.filter(|_| self.count == 1).map(|it| (it, self.powers));
        Ok(Number { span, is_over: self.is_over, scaled })
    }
}

/// 多 and 余 belong inside a number where a unit of counting follows.
fn is_over(here: char, next: Option<char>) -> bool {
    matches!(here, '多' | '余') && next.and_then(power).is_some_and(|it| it >= SMALL_NONE)
}
