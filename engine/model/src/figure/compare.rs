//! Comparison of what is known: yes, no, or unknown where bounds overlap.

use super::interval::End;
use super::{Figure, FigureError, Qualifier};

/// What bounds tell of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Whatever the numbers are.
    Yes,
    /// Whatever the numbers are.
    No,
    /// It depends on the numbers.
    Unknown,
}

impl Comparison {
    /// The word in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }

    fn of(is_sure: bool, is_impossible: bool) -> Self {
        match (is_sure, is_impossible) {
            (true, _) => Self::Yes,
            (_, true) => Self::No,
            _ => Self::Unknown,
        }
    }
}

/// Whether everything up to one end is below everything from the other.
fn is_below(upper: End, lower: End) -> bool {
    upper.value < lower.value || (upper.value == lower.value && (upper.open || lower.open))
}

fn is_not_above(upper: End, lower: End) -> bool {
    upper.value <= lower.value
}

impl Figure {
    /// Whether the figure is less. Units as of [`Figure::add`].
    ///
    /// **Errors.** [`FigureError::Units`].
    pub fn lt(&self, other: &Self) -> Result<Comparison, FigureError> {
        let (a, b) = self.alike(other)?;
        let ((a_min, a_max), (b_min, b_max)) = (a.bounds.ends(), b.bounds.ends());
        Ok(Comparison::of(is_below(a_max, b_min), is_not_above(b_max, a_min)))
    }

    /// Whether the figure is less or equal. Units and errors as of [`Figure::lt`].
    pub fn le(&self, other: &Self) -> Result<Comparison, FigureError> {
        let (a, b) = self.alike(other)?;
        let ((a_min, a_max), (b_min, b_max)) = (a.bounds.ends(), b.bounds.ends());
        Ok(Comparison::of(is_not_above(a_max, b_min), is_below(b_max, a_min)))
    }

    /// Whether both are equal. Units and errors as of [`Figure::lt`].
    pub fn is_equal(&self, other: &Self) -> Result<Comparison, FigureError> {
        let (a, b) = self.alike(other)?;
        let ((a_min, a_max), (b_min, b_max)) = (a.bounds.ends(), b.bounds.ends());
        // A result of arithmetic whose bounds meet may have been two numbers before rounding.
        let is_exact = |it: &Self| it.qualifier != Qualifier::Derived;
        let is_one = a.bounds.single().is_some() && a.bounds.single() == b.bounds.single();
        let is_sure = is_one && is_exact(self) && is_exact(other);
        Ok(Comparison::of(is_sure, is_below(a_max, b_min) || is_below(b_max, a_min)))
    }
}
