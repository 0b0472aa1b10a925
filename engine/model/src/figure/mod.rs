//! Numbers as people publish them: with a qualifier, bounds and a unit.
//!
//! `150多户` is not 150. A [`Figure`] keeps what the words say, through arithmetic, comparison
//! and back into words:
//!
//! | qualifier | words | point | bounds |
//! |---|---|---|---|
//! | `exact` | (none) | v | v to v |
//! | `over` | 多, 余, 以上 after a count | none | above v |
//! | `nearly` | 近, 将近 | none | below v |
//! | `at_least` | 不低于, 至少, 以上 after a share | none | v and more |
//! | `range` | 二三百万, 十几, 不超过 | none | both, or an upper bound that is included |
//! | `about` | 左右, 上下, 约 | v | none |
//! | `all` | 全部, 所有 | 1 | 1 to 1 |
//! | `majority` | 多数, 绝大部分 | none | above 0.5 |
//! | `derived` | | none | whatever arithmetic leaves |
//!
//! Invariants: values are finite; bounds are in order; bounds of one value are included; the
//! columns above hold. They are checked in one place, [`Figure::new`].
//!
//! Decimals are read, scaled, added and multiplied as integers, and become floats once.

mod compare;
mod decimal;
mod digits;
mod discount;
mod interval;
mod math;
mod number;
mod read;
mod scan;
#[cfg(test)]
mod tests;
mod text;
mod unit;

pub use compare::Comparison;
pub use discount::discount;
pub use text::Language;

use interval::{End, Interval};
pub(crate) use number::whole;
pub(crate) use scan::Scan;

/// What a text says about a number beside the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Qualifier {
    /// Equal to it.
    Exact,
    /// More, unknown how much.
    Over,
    /// A little less.
    Nearly,
    /// Not less.
    AtLeast,
    /// Between two numbers, or not more than one.
    Range,
    /// Around it.
    About,
    /// Every one: 1 as a share.
    All,
    /// More than half.
    Majority,
    /// Follows from other figures, and only bounds are known.
    Derived,
}

impl Qualifier {
    const ALL: [Self; 9] = [
        Self::Exact,
        Self::Over,
        Self::Nearly,
        Self::AtLeast,
        Self::Range,
        Self::About,
        Self::All,
        Self::Majority,
        Self::Derived,
    ];

    /// The word in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Over => "over",
            Self::Nearly => "nearly",
            Self::AtLeast => "at_least",
            Self::Range => "range",
            Self::About => "about",
            Self::All => "all",
            Self::Majority => "majority",
            Self::Derived => "derived",
        }
    }

    /// The qualifier of a word. `text` is none: a number that is a name has no value.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// The columns of a figure, as `published_figure` has them.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureParts {
    /// The one value there is.
    pub point: Option<f64>,
    /// The lower bound.
    pub min: Option<f64>,
    /// The upper bound.
    pub max: Option<f64>,
    /// Whether the lower bound is excluded.
    pub min_open: Option<bool>,
    /// Whether the upper bound is excluded.
    pub max_open: Option<bool>,
    /// What the text says about the number.
    pub qualifier: Qualifier,
    /// What is counted or measured. `%` is a unit: 98.6 % has the value 98.6.
    pub unit: Option<String>,
}

/// A number with a qualifier, bounds and a unit; see the head of the module.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    point: Option<f64>,
    bounds: Interval,
    qualifier: Qualifier,
    unit: Option<String>,
}

/// Why there is no figure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FigureError {
    /// A text is no figure, or not only one.
    #[error("expected {expected} after {at} characters, found `{rest}`")]
    Unreadable {
        /// Characters that were understood.
        at: usize,
        /// What could have gone on.
        expected: &'static str,
        /// What stands there, at most twenty characters.
        rest: String,
    },
    /// Digits that begin with zero, such as `000666`, are a name and have no value.
    #[error("digits that begin with 0 are a name, not a number: `{0}`")]
    Name(String),
    /// The columns do not go together.
    #[error("expected of `{qualifier}` {expected}")]
    Contradiction {
        /// The qualifier.
        qualifier: &'static str,
        /// What it takes.
        expected: &'static str,
    },
    /// Figures of two units are neither added nor compared.
    #[error("expected one unit, found {left} and {right}")]
    Units {
        /// Of the first figure.
        left: String,
        /// Of the second one.
        right: String,
    },
    /// A unit of more than [`Figure::UNIT_BYTES_MAX`].
    #[error("expected a unit of at most {max} bytes, found {bytes}", max = Figure::UNIT_BYTES_MAX)]
    LongUnit {
        /// Bytes of the unit.
        bytes: usize,
    },
    /// A value that no float can hold.
    #[error("expected a finite number")]
    NotFinite,
    /// A share of the price that is none.
    #[error("expected a discount such as 95折, 八折, 半价 or 95%, found `{0}`")]
    NoDiscount(String),
}

impl Figure {
    /// Bytes of a unit: products of products end here.
    pub const UNIT_BYTES_MAX: usize = 96;

    /// A number that is known exactly.
    ///
    /// **Errors.** [`FigureError::NotFinite`].
    pub fn exact(value: f64, unit: Option<String>) -> Result<Self, FigureError> {
        Self::over_bounds(Qualifier::Exact, Interval::point(value), unit)
    }

    /// A figure from the columns of a table. What follows from the others may be left out: the
    /// bounds of an exact value, and whether a bound is excluded where the qualifier says so.
    ///
    /// **Errors.** [`FigureError::Contradiction`] for columns that do not go together, among them
    /// a row without any value; [`FigureError::NotFinite`]; [`FigureError::LongUnit`].
    pub fn new(parts: FigureParts) -> Result<Self, FigureError> {
        use Qualifier as Q;
        let FigureParts { point, min, max, min_open, max_open, qualifier, unit } = parts;
        let end = |value: Option<f64>, open: Option<bool>, unsaid: bool| {
            value.map(|value| End { value: value + 0.0, open: open.unwrap_or(unsaid) })
        };
        let bounds = match (qualifier, point) {
            (Q::Exact | Q::All, Some(value)) => Interval {
                min: end(min.or(Some(value)), min_open, false),
                max: end(max.or(Some(value)), max_open, false),
            },
            _ => Interval {
                min: end(min, min_open, matches!(qualifier, Q::Over | Q::Majority)),
                max: end(max, max_open, qualifier == Q::Nearly),
            },
        };
        let made = Self {
            point: point.map(|it| it + 0.0),
            bounds,
            qualifier,
            unit: unit.filter(|it| !it.is_empty()),
        };
        made.checked()
    }

    /// A figure whose point follows from its qualifier and bounds.
    fn over_bounds(
        qualifier: Qualifier,
        bounds: Interval,
        unit: Option<String>,
    ) -> Result<Self, FigureError> {
        let point = match qualifier {
            Qualifier::Exact | Qualifier::All => bounds.single(),
            _ => None,
        };
        Self { point, bounds, qualifier, unit }.checked()
    }

    /// A figure with a point and no bounds.
    fn about(point: f64, unit: Option<String>) -> Result<Self, FigureError> {
        Self { point: Some(point), bounds: Interval::WHOLE, qualifier: Qualifier::About, unit }.checked()
    }

    fn checked(self) -> Result<Self, FigureError> {
        let values = [self.point, self.bounds.min.map(|it| it.value), self.bounds.max.map(|it| it.value)];
        if values.iter().flatten().any(|it| !it.is_finite()) {
            return Err(FigureError::NotFinite);
        }
        if let Some(unit) = &self.unit
            && unit.len() > Self::UNIT_BYTES_MAX
        {
            return Err(FigureError::LongUnit { bytes: unit.len() });
        }
        let (holds, expected) = self.shape();
        if holds && self.bounds.is_in_order() {
            return Ok(self);
        }
        Err(FigureError::Contradiction { qualifier: self.qualifier.as_str(), expected })
    }

    /// Whether point and bounds are those of the qualifier, and which these are.
    fn shape(&self) -> (bool, &'static str) {
        let (min, max) = (self.bounds.min, self.bounds.max);
        let no_point = self.point.is_none();
        match self.qualifier {
            Qualifier::Exact => {
                (self.point.is_some() && self.bounds.single() == self.point, "a value that equals its bounds")
            }
            Qualifier::All => {
                (self.point == Some(1.0) && self.bounds.single() == self.point, "the value 1 as a share")
            }
            Qualifier::Over => (
                no_point && max.is_none() && min.is_some_and(|it| it.open),
                "a lower bound alone, which is excluded",
            ),
            Qualifier::Nearly => (
                no_point && min.is_none() && max.is_some_and(|it| it.open),
                "an upper bound alone, which is excluded",
            ),
            Qualifier::AtLeast => (
                no_point && max.is_none() && min.is_some_and(|it| !it.open),
                "a lower bound alone, which is included",
            ),
            Qualifier::Range => (
                no_point && max.is_some_and(|it| min.is_some() || !it.open) && self.bounds.single().is_none(),
                "two bounds in order, or an upper one alone that is included",
            ),
            Qualifier::About => (!no_point && min.is_none() && max.is_none(), "a value without bounds"),
            Qualifier::Majority => (
                no_point && max.is_none() && min == Some(End { value: 0.5, open: true }),
                "the lower bound 0.5 alone, which is excluded",
            ),
            Qualifier::Derived => (no_point, "bounds in order and no value"),
        }
    }

    /// The columns of the figure.
    pub fn parts(&self) -> FigureParts {
        FigureParts {
            point: self.point,
            min: self.bounds.min.map(|it| it.value),
            max: self.bounds.max.map(|it| it.value),
            min_open: Some(self.bounds.min.is_some_and(|it| it.open)),
            max_open: Some(self.bounds.max.is_some_and(|it| it.open)),
            qualifier: self.qualifier,
            unit: self.unit.clone(),
        }
    }
}
