//! Bounds of a number, each included or not.

/// One bound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct End {
    pub(super) value: f64,
    /// Whether the bound itself is excluded.
    pub(super) open: bool,
}

impl End {
    /// What no bound is: an end that is never reached.
    const LOWEST: Self = Self { value: f64::NEG_INFINITY, open: true };
    const HIGHEST: Self = Self { value: f64::INFINITY, open: true };

    pub(super) const fn closed(value: f64) -> Self {
        Self { value, open: false }
    }

    pub(super) const fn open(value: f64) -> Self {
        Self { value, open: true }
    }

    fn finite(self) -> Option<Self> {
        self.value.is_finite().then_some(self)
    }

    /// Whether the end is zero and reached.
    pub(super) fn is_zero(self) -> bool {
        self.value == 0.0 && !self.open
    }
}

/// What lies between two bounds; a bound that is missing bounds nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Interval {
    pub(super) min: Option<End>,
    pub(super) max: Option<End>,
}

impl Interval {
    /// Every number.
    pub(super) const WHOLE: Self = Self { min: None, max: None };

    pub(super) const fn point(value: f64) -> Self {
        Self { min: Some(End::closed(value)), max: Some(End::closed(value)) }
    }

    /// Both ends, infinite where there is no bound.
    pub(super) fn ends(&self) -> (End, End) {
        (self.min.unwrap_or(End::LOWEST), self.max.unwrap_or(End::HIGHEST))
    }

    /// The interval around ends: the least to the greatest; of equal ones one that is reached.
    pub(super) fn around(ends: [End; 4]) -> Self {
        let (mut min, mut max) = (ends[0], ends[0]);
        for end in &ends[1..] {
            if end.value < min.value || (end.value == min.value && !end.open) {
                min = *end;
            }
            if end.value > max.value || (end.value == max.value && !end.open) {
                max = *end;
            }
        }
        Self::between(min, max)
    }

    /// From one end to the other. Ends that rounding brought together are both reached.
    pub(super) fn between(min: End, max: End) -> Self {
        if min.value == max.value && min.value.is_finite() {
            return Self::point(min.value);
        }
        Self { min: min.finite(), max: max.finite() }
    }

    /// The value of an interval that has one only.
    pub(super) fn single(&self) -> Option<f64> {
        let (min, max) = self.ends();
        (min.value == max.value && !min.open && !max.open).then_some(min.value)
    }

    /// Whether there is anything between the bounds.
    pub(super) fn is_in_order(&self) -> bool {
        let (min, max) = self.ends();
        min.value < max.value || self.single().is_some()
    }

    pub(super) fn has_zero(&self) -> bool {
        let (min, max) = self.ends();
        (min.value < 0.0 || min.is_zero()) && (max.value > 0.0 || max.is_zero())
    }
}
