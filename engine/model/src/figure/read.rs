//! Figures from words.

use super::decimal::Decimal;
use super::interval::{End, Interval};
use super::number::{Number, Span, number};
use super::text::{ALL, DERIVED, MAJORITY};
use super::unit::{self, PERCENT};
use super::{Figure, FigureError, Qualifier, Scan};

/// What stands before or behind a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Over,
    Nearly,
    AtLeast,
    AtMost,
    About,
    /// 以上: more than a count, and not less than a share.
    Above,
}

/// Where one word begins another, the longer one comes first.
const BEFORE: [(&str, Mark); 27] = [
    (">=", Mark::AtLeast),
    ("≥", Mark::AtLeast),
    (">", Mark::Over),
    ("<=", Mark::AtMost),
    ("≤", Mark::AtMost),
    ("<", Mark::Nearly),
    ("≈", Mark::About),
    ("~", Mark::About),
    ("超过", Mark::Over),
    ("多于", Mark::Over),
    ("大于", Mark::Over),
    ("高于", Mark::Over),
    ("将近", Mark::Nearly),
    ("接近", Mark::Nearly),
    ("近", Mark::Nearly),
    ("不足", Mark::Nearly),
    ("不到", Mark::Nearly),
    ("不低于", Mark::AtLeast),
    ("不少于", Mark::AtLeast),
    ("至少", Mark::AtLeast),
    ("不超过", Mark::AtMost),
    ("不高于", Mark::AtMost),
    ("至多", Mark::AtMost),
    ("最多", Mark::AtMost),
    ("大约", Mark::About),
    ("大概", Mark::About),
    ("约", Mark::About),
];

const BEHIND: [(&str, Mark); 9] = [
    ("多", Mark::Over),
    ("余", Mark::Over),
    ("+", Mark::Over),
    ("以上", Mark::Above),
    ("以内", Mark::AtMost),
    ("以下", Mark::AtMost),
    ("左右", Mark::About),
    ("上下", Mark::About),
    ("来", Mark::About),
];

const WHOLE: [(&str, Qualifier); 14] = [
    (ALL[0], Qualifier::All),
    (ALL[1], Qualifier::All),
    ("所有", Qualifier::All),
    ("全体", Qualifier::All),
    ("每个", Qualifier::All),
    (MAJORITY[0], Qualifier::Majority),
    (MAJORITY[1], Qualifier::Majority),
    ("大多数", Qualifier::Majority),
    ("绝大多数", Qualifier::Majority),
    ("大部分", Qualifier::Majority),
    ("绝大部分", Qualifier::Majority),
    ("半数以上", Qualifier::Majority),
    ("过半数", Qualifier::Majority),
    ("过半", Qualifier::Majority),
];

const BETWEEN: [(&str, ()); 6] = [("-", ()), ("–", ()), ("—", ()), ("~", ()), ("至", ()), ("到", ())];

/// One or two numbers with what stands around them.
struct Phrase {
    before: Option<Mark>,
    behind: Option<Mark>,
    first: Span,
    /// The upper end of a range, and whether it is excluded.
    second: Option<(Decimal, bool)>,
    unit: Option<String>,
}

impl Figure {
    /// Reads a figure from words: the whole text, nothing beside it.
    ///
    /// Units are the words that count and measure (户, 人, 元, 平方米, `%` and the like) and their
    /// products and quotients; 平米 and ㎡ are 平方米, 成 is ten `%`.
    /// 不足 and 不到 are read as 近; 少于 and 低于 are not, because they may mean far less.
    ///
    /// **Errors.** [`FigureError::Unreadable`] says where reading stopped; [`FigureError::Name`]
    /// for digits such as `000666`.
    /// **Cost.** O(characters).
    pub fn read(text: &str) -> Result<Self, FigureError> {
        let mut scan = Scan::new(text);
        let figure = if DERIVED.iter().any(|it| scan.take(it)) {
            derived(&mut scan)?
        } else if let Some(qualifier) = scan.take_one(&WHOLE) {
            let (unit, _) = measure(&mut scan);
            let bounds = match qualifier {
                Qualifier::All => Interval::point(1.0),
                _ => Interval { min: Some(End::open(0.5)), max: None },
            };
            Self::over_bounds(qualifier, bounds, unit)?
        } else {
            let phrase = phrase(&mut scan)?;
            phrase.figure(&scan)?
        };
        if scan.is_done() { Ok(figure) } else { scan.stopped("a unit, a qualifier or the end") }
    }
}

/// `(>0)` behind the words for a figure that is known by its bounds only.
fn derived(scan: &mut Scan) -> Result<Figure, FigureError> {
    if !scan.take("(") {
        return Figure::over_bounds(Qualifier::Derived, Interval::WHOLE, None);
    }
    if scan.take(")") {
        return scan.stopped("a bound");
    }
    let phrase = phrase(scan)?;
    let Some(bounds) = phrase.bounds() else { return scan.stopped("bounds") };
    if !scan.take(")") {
        return scan.stopped("`)`");
    }
    Figure::over_bounds(Qualifier::Derived, bounds, phrase.unit)
}

fn phrase(scan: &mut Scan) -> Result<Phrase, FigureError> {
    let before = scan.take_one(&BEFORE);
    let mut behind = None;
    let (number, mut unit) = measured(scan, &mut behind)?;
    let mut first = number.span;
    let may_go_on = behind.is_none() && before.is_none_or(|it| it == Mark::Over) && first.single().is_some();
    let mut second = None;
    if may_go_on && scan.take_one(&BETWEEN).is_some() {
        let is_open = scan.take("<");
        let (other, other_unit) = measured(scan, &mut behind)?;
        let (Some(upper), None) = (other.span.single(), behind) else {
            return scan.stopped("a range of two plain numbers");
        };
        if unit.is_some() && unit != other_unit {
            return scan.stopped("one unit at both ends of a range");
        }
        first = shared(&number, &other, unit.is_some()).unwrap_or(first);
        unit = other_unit;
        second = Some((upper, is_open));
    }
    Ok(Phrase { before, behind, first, second, unit })
}

/// `2至3万` counts both in 万; `500至1万` does not, and nor does `2元至3万元`.
fn shared(lower: &Number, upper: &Number, has_unit: bool) -> Option<Span> {
    let ((low, 0), (high, power)) = (lower.scaled?, upper.scaled?) else { return None };
    (!has_unit && low.is_less(high)?).then(|| lower.span.shifted(power))
}

/// A number with its unit, and what stands behind either.
fn measured(scan: &mut Scan, behind: &mut Option<Mark>) -> Result<(Number, Option<String>), FigureError> {
    let is_negative = scan.take("-") || scan.take("负");
    let is_percent = scan.take("百分之");
    let Some(mut number) = number(scan)? else { return scan.stopped("a number") };
    if is_negative {
        match number.span.single() {
            Some(value) => (number.span.min, number.span.max) = (value.negated(), value.negated()),
            None => return scan.stopped("one number behind the minus"),
        }
    }
    if number.is_over {
        *behind = Some(Mark::Over);
    }
    note(scan, behind)?;
    let (unit, shift) = if is_percent { (Some(PERCENT.to_owned()), 0) } else { measure(scan) };
    number.span = number.span.shifted(shift);
    note(scan, behind)?;
    Ok((number, unit))
}

/// Reads what stands behind a number, which is said once.
fn note(scan: &mut Scan, behind: &mut Option<Mark>) -> Result<(), FigureError> {
    let start = scan.mark();
    match (scan.take_one(&BEHIND), *behind) {
        (None, _) => Ok(()),
        (Some(mark), None) => {
            *behind = Some(mark);
            Ok(())
        }
        (Some(_), Some(_)) => {
            scan.back_to(start);
            scan.stopped("one qualifier")
        }
    }
}

/// Reads the unit that stands here, and the power of ten that it counts in.
fn measure(scan: &mut Scan) -> (Option<String>, i32) {
    let start = scan.mark();
    scan.take(" ");
    if scan.take("成") {
        return (Some(PERCENT.to_owned()), 1);
    }
    let mut unit = match scan.take("1/") {
        true => String::from("1/"),
        false => String::new(),
    };
    loop {
        let Some((word, count)) = unit::at_start(scan.rest()) else {
            scan.back_to(start);
            return (None, 0);
        };
        scan.skip(count);
        unit += word;
        match scan.peek() {
            Some(joint @ ('·' | '/')) => {
                scan.skip(1);
                unit.push(joint);
            }
            _ => return (unit::product(Some(&unit), None), 0),
        }
    }
}

impl Phrase {
    /// The bounds of a phrase that says nothing but bounds.
    fn bounds(&self) -> Option<Interval> {
        let value = self.first.single()?.to_f64();
        let (min, max) = match (self.before, self.behind, self.second) {
            (None, None, Some((upper, open))) => {
                (Some(End::closed(value)), Some(End { value: upper.to_f64(), open }))
            }
            (Some(Mark::Over), None, Some((upper, open))) => {
                (Some(End::open(value)), Some(End { value: upper.to_f64(), open }))
            }
            (Some(Mark::Over), None, None) => (Some(End::open(value)), None),
            (Some(Mark::AtLeast), None, None) => (Some(End::closed(value)), None),
            (Some(Mark::Nearly), None, None) => (None, Some(End::open(value))),
            (Some(Mark::AtMost), None, None) => (None, Some(End::closed(value))),
            _ => return None,
        };
        Some(Interval { min, max })
    }

    fn figure(self, scan: &Scan) -> Result<Figure, FigureError> {
        if self.second.is_some() {
            let Some(bounds) = self.bounds() else { return scan.stopped("a range of two plain numbers") };
            return range(bounds, self.unit, scan);
        }
        let mark = match (self.before, self.behind) {
            (Some(before), Some(behind)) if before != behind => return scan.stopped("one qualifier"),
            (before, behind) => before.or(behind),
        };
        let Some(value) = self.first.single().map(Decimal::to_f64) else {
            let end = |it: Decimal, open| Some(End { value: it.to_f64(), open });
            let first = self.first;
            let bounds =
                Interval { min: end(first.min, first.min_open), max: end(first.max, first.max_open) };
            return if mark.is_some() {
                scan.stopped("one qualifier")
            } else {
                range(bounds, self.unit, scan)
            };
        };
        let above = |open| Interval { min: Some(End { value, open }), max: None };
        let below = |open| Interval { min: None, max: Some(End { value, open }) };
        let is_share = self.unit.as_deref() == Some(PERCENT);
        let (qualifier, bounds) = match mark {
            None => return Figure::exact(value, self.unit),
            Some(Mark::About) => return Figure::about(value, self.unit),
            Some(Mark::Above) if is_share => (Qualifier::AtLeast, above(false)),
            Some(Mark::Over | Mark::Above) => (Qualifier::Over, above(true)),
            Some(Mark::AtLeast) => (Qualifier::AtLeast, above(false)),
            Some(Mark::Nearly) => (Qualifier::Nearly, below(true)),
            Some(Mark::AtMost) => (Qualifier::Range, below(false)),
        };
        Figure::over_bounds(qualifier, bounds, self.unit)
    }
}

fn range(bounds: Interval, unit: Option<String>, scan: &Scan) -> Result<Figure, FigureError> {
    if bounds.single().is_some() || !bounds.is_in_order() {
        return scan.stopped("a range that goes up");
    }
    Figure::over_bounds(Qualifier::Range, bounds, unit)
}
