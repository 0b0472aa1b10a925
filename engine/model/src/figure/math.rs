//! Arithmetic on what is known: points where both have one, bounds by interval rules.
//!
//! With `a` from `a₁` to `a₂` and `b` from `b₁` to `b₂`:
//!
//! ```text
//! a + b   a₁ + b₁ to a₂ + b₂
//! a − b   a₁ − b₂ to a₂ − b₁
//! a · b   least to greatest of a₁b₁, a₁b₂, a₂b₁, a₂b₂
//! a ÷ b   least to greatest of a₁/b₁, a₁/b₂, a₂/b₁, a₂/b₂; without bounds where b may be 0
//! ```
//!
//! A bound is reached where both of its parts are; 0 that is reached times anything is. `over`
//! divided by `over` is therefore anything above 0. Bounds are rounded to the nearest float.
//!
//! What comes out is `exact` where one value is left, and `about` where two points meet of which
//! one has no bounds. Else, where one of the two is exact, the other's qualifier stays as long as
//! its shape does: twice `over 150` is `over 300`, and nearly 50 ÷ 0.05 is nearly 1000. Everything
//! else is `derived`.
//!
//! **Source.** Moore 1966, Interval Analysis.

use super::decimal::{Decimal, product, quotient, sum};
use super::interval::{End, Interval};
use super::unit::{self, PERCENT};
use super::{Figure, FigureError, Qualifier};

impl Figure {
    /// The sum. Shares in `%` stay so among themselves, and are plain numbers beside plain ones.
    ///
    /// **Errors.** [`FigureError::Units`] for two units; [`FigureError::NotFinite`].
    pub fn add(&self, other: &Self) -> Result<Self, FigureError> {
        let (a, b) = self.alike(other)?;
        let bounds = added(&a.bounds, &b.bounds);
        a.meets(&b, bounds, sum, a.unit.clone())
    }

    /// The difference. Units and errors as of [`Figure::add`].
    pub fn sub(&self, other: &Self) -> Result<Self, FigureError> {
        let (a, b) = self.alike(other)?;
        let minus = |it: End| End { value: -it.value, ..it };
        let turned = Interval { min: b.bounds.max.map(minus), max: b.bounds.min.map(minus) };
        a.meets(&b, added(&a.bounds, &turned), |a, b| sum(a, -b), a.unit.clone())
    }

    /// The product. Units are multiplied; a share in `%` counts as a plain number.
    ///
    /// **Errors.** [`FigureError::LongUnit`]; [`FigureError::NotFinite`].
    pub fn mul(&self, other: &Self) -> Result<Self, FigureError> {
        let (a, b) = (self.plain(), other.plain());
        let bounds = corners(&a.bounds, &b.bounds, times);
        let unit = unit::product(a.unit.as_deref(), b.unit.as_deref());
        a.meets(&b, bounds, product, unit)
    }

    /// The quotient. Units are divided and cancel; a share in `%` counts as a plain number.
    ///
    /// **Errors.** As of [`Figure::mul`]. A divisor that may be zero is none: nothing is known then.
    pub fn div(&self, other: &Self) -> Result<Self, FigureError> {
        let (a, b) = (self.plain(), other.plain());
        let unit = unit::quotient(a.unit.as_deref(), b.unit.as_deref());
        if b.point == Some(0.0) || (b.point.is_none() && b.bounds.has_zero()) {
            return Self::over_bounds(Qualifier::Derived, Interval::WHOLE, unit);
        }
        let bounds = match b.bounds.has_zero() {
            true => Interval::WHOLE,
            false => {
                // Above or below zero, whichever the divisor is, for a bound of zero.
                let side = if b.bounds.ends().1.value > 0.0 { 1.0 } else { -1.0 };
                corners(&a.bounds, &b.bounds, |a, b| over(a, b, side))
            }
        };
        a.meets(&b, bounds, quotient, unit)
    }

    /// The figure as a plain number where it is a share in `%`.
    pub(super) fn plain(&self) -> Self {
        if self.unit.as_deref() != Some(PERCENT) {
            return self.clone();
        }
        let share = |it: f64| Decimal::of(it).map_or(it / 100.0, |it| it.shifted(-2).to_f64());
        let end = |it: End| End { value: share(it.value), ..it };
        // `all` and `majority` are shares of 1 whatever their unit.
        if matches!(self.qualifier, Qualifier::All | Qualifier::Majority) {
            return Self { unit: None, ..self.clone() };
        }
        let bounds = Interval { min: self.bounds.min.map(end), max: self.bounds.max.map(end) };
        Self { point: self.point.map(share), bounds, qualifier: self.qualifier, unit: None }
    }

    /// Both figures in one unit.
    pub(super) fn alike(&self, other: &Self) -> Result<(Self, Self), FigureError> {
        let is_whole = |it: &Self| matches!(it.qualifier, Qualifier::All | Qualifier::Majority);
        if self.unit == other.unit && !is_whole(self) && !is_whole(other) {
            return Ok((self.clone(), other.clone()));
        }
        let (a, b) = (self.plain(), other.plain());
        if a.unit == b.unit {
            return Ok((a, b));
        }
        let shown = |it: &Self| it.unit.clone().unwrap_or_else(|| "1".to_owned());
        Err(FigureError::Units { left: shown(self), right: shown(other) })
    }

    /// What is known of the result from its bounds and from the points of both.
    fn meets(
        &self,
        other: &Self,
        bounds: Interval,
        on_points: impl Fn(f64, f64) -> f64,
        unit: Option<String>,
    ) -> Result<Self, FigureError> {
        if bounds.single().is_some() {
            // Bounds that only rounding brought together are not known to be equal.
            let are_known = self.bounds.single().is_some() && other.bounds.single().is_some();
            let is_known = are_known || bounds.single() == Some(0.0);
            let qualifier = if is_known { Qualifier::Exact } else { Qualifier::Derived };
            return Self::over_bounds(qualifier, bounds, unit);
        }
        if let (Some(a), Some(b)) = (self.point, other.point) {
            return Self::about(on_points(a, b), unit);
        }
        let kept = match (self.bounds.single(), other.bounds.single()) {
            (Some(_), None) => other.qualifier,
            (None, Some(_)) => self.qualifier,
            _ => Qualifier::Derived,
        };
        match Self::over_bounds(kept, bounds, unit.clone()) {
            Err(FigureError::Contradiction { .. }) => Self::over_bounds(Qualifier::Derived, bounds, unit),
            done => done,
        }
    }
}

fn added(a: &Interval, b: &Interval) -> Interval {
    let plus = |a: End, b: End| End { value: sum(a.value, b.value), open: a.open || b.open };
    let ((a_min, a_max), (b_min, b_max)) = (a.ends(), b.ends());
    Interval::between(plus(a_min, b_min), plus(a_max, b_max))
}

fn corners(a: &Interval, b: &Interval, of: impl Fn(End, End) -> End) -> Interval {
    let ((a_min, a_max), (b_min, b_max)) = (a.ends(), b.ends());
    Interval::around([of(a_min, b_min), of(a_min, b_max), of(a_max, b_min), of(a_max, b_max)])
}

fn times(a: End, b: End) -> End {
    if a.value == 0.0 || b.value == 0.0 {
        return End { value: 0.0, open: !(a.is_zero() || b.is_zero()) };
    }
    End { value: product(a.value, b.value), open: a.open || b.open }
}

/// The divisor lies on one side of zero; its end may be zero where that is not reached.
fn over(a: End, b: End, side: f64) -> End {
    if a.value == 0.0 || b.value.is_infinite() {
        return End { value: 0.0, open: !a.is_zero() };
    }
    if b.value == 0.0 {
        return End::open(a.value.signum() * side * f64::INFINITY);
    }
    End { value: quotient(a.value, b.value), open: a.open || b.open }
}
