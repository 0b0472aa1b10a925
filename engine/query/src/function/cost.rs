//! What a call makes or does at most, from what it is given: counted before it is done.
//!
//! Functions run outside of the memory that a session accounts for, and one call cannot be
//! ended. Most make about as much as they are given; those here may make a thousand times that,
//! or compare everything with everything.

use datafusion::arrow::array::ArrayRef;
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::ColumnarValue;
use linli_model::Text;

use super::size::{Reading, read, steps};
use crate::Error;

/// How the cost of a call comes about; numbers are those of the arguments, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Cost {
    /// Bytes: all arguments one behind the other.
    Sum,
    /// Bytes: the same with argument 0 between them.
    Separated,
    /// Bytes: argument 0, argument 1 times.
    Times,
    /// Bytes: a list with argument 0, argument 1 times.
    Filled,
    /// Bytes: list 0, filled up to argument 1 items with argument 2.
    Resized,
    /// Bytes: argument 1 characters.
    Padded,
    /// Bytes: text 0 with argument 2 wherever argument 1 stands.
    Replaced,
    /// Bytes: the same with a pattern, which may match anywhere.
    Rewritten,
    /// Bytes: parts of text 0, one for each group of pattern 1.
    Grouped,
    /// Bytes: list 0 with the other arguments at every item.
    Spread,
    /// Bytes: an instant in the words of argument 1.
    Formatted,
    /// Bytes: a list from argument 0 to argument 1 by argument 2.
    Series,
    /// Steps: each character of text 0 with each of text 1.
    Characters,
    /// Steps: each item of list 0 with each of list 1.
    Items,
}

/// Bytes that a call makes of constants, which are repeated for every row that needs them.
const CONSTANT_BYTES_MAX: u64 = 128 << 10;

/// Bytes of one value.
const VALUE_BYTES_MAX: u64 = 16 << 20;

/// Bytes of all values that one call makes.
const BATCH_BYTES_MAX: u64 = 256 << 20;

/// Comparisons for one value, and for all values of one call: a second of work, about.
const VALUE_STEPS_MAX: u64 = 16 << 20;
const BATCH_STEPS_MAX: u64 = 256 << 20;

impl Cost {
    /// Lets a call pass that stays within the limits.
    ///
    /// **Errors.** [`Error::Over`].
    /// **Cost.** O(rows · arguments).
    pub(super) fn check(self, function: &str, arguments: &[ColumnarValue], rows: usize) -> Result<()> {
        let is_constant = arguments.iter().all(|it| matches!(it, ColumnarValue::Scalar(_)));
        let rows = if is_constant { 1 } else { rows };
        let lanes = self.lanes(arguments)?;
        let each_max = match (self.is_steps(), is_constant) {
            (true, _) => VALUE_STEPS_MAX,
            (false, true) => CONSTANT_BYTES_MAX,
            (false, false) => VALUE_BYTES_MAX,
        };
        let batch_max = if self.is_steps() { BATCH_STEPS_MAX } else { BATCH_BYTES_MAX };
        let mut row_values = vec![0; lanes.len()];
        let mut total: u64 = 0;
        for row in 0..rows {
            for (value, lane) in row_values.iter_mut().zip(&lanes) {
                // A constant has one value for all rows.
                *value = lane.get(row).or(lane.first()).copied().unwrap_or(0);
            }
            let cost = self.of(&row_values);
            total = total.saturating_add(cost);
            if cost > each_max {
                return Err(self.over(function, "one value of", "单个结果", each_max));
            }
        }
        if total > batch_max {
            return Err(self.over(function, "one call of", "单次调用", batch_max));
        }
        Ok(())
    }

    fn over(self, function: &str, of: &str, of_zh: &str, limit: u64) -> DataFusionError {
        let (what, what_zh) =
            if self.is_steps() { ("steps", "计算步数") } else { ("bytes", "字节数") };
        let what =
            Text::new(format!("{what} of {of} `{function}`"), format!("函数 {function} {of_zh}的{what_zh}"));
        DataFusionError::External(Box::new(Error::Over { what, limit }))
    }

    fn is_steps(self) -> bool {
        matches!(self, Self::Characters | Self::Items)
    }

    /// What each argument weighs, row by row; one value for a constant.
    fn lanes(self, arguments: &[ColumnarValue]) -> Result<Vec<Vec<u64>>> {
        let array = |it: &ColumnarValue| match it {
            ColumnarValue::Array(array) => Ok(ArrayRef::clone(array)),
            ColumnarValue::Scalar(value) => value.to_array(),
        };
        let arrays = arguments.iter().map(array).collect::<Result<Vec<_>>>()?;
        if self == Self::Series {
            return Ok(vec![steps(&arrays)?]);
        }
        arrays.iter().enumerate().map(|(position, it)| read(it, self.reading(position))).collect()
    }

    fn reading(self, position: usize) -> Reading {
        match (self, position) {
            (Self::Times | Self::Filled | Self::Resized | Self::Padded, 1) => Reading::Number,
            (Self::Grouped, 1) => Reading::Brackets,
            (Self::Spread, 0) => Reading::Loaded,
            (Self::Items, _) => Reading::Items,
            _ => Reading::Bytes,
        }
    }

    /// The cost of one row, never too low.
    fn of(self, values: &[u64]) -> u64 {
        let value = |it: usize| values.get(it).copied().unwrap_or(0);
        let sum = || values.iter().fold(0_u64, |sum, it| sum.saturating_add(*it));
        let times = |a: u64, b: u64| a.saturating_mul(b);
        match self {
            Self::Sum => sum(),
            Self::Separated => times(value(0), values.len() as u64).saturating_add(sum()),
            Self::Times => times(value(0), value(1)),
            // An item of a list takes room even where it is empty.
            Self::Filled => times(value(0).saturating_add(16), value(1)),
            Self::Resized => times(value(2).saturating_add(16), value(1)).saturating_add(value(0)),
            // A character has four bytes at most.
            Self::Padded => times(4, value(1)),
            Self::Replaced => times(value(0) / value(1).max(1) + 1, value(2)).saturating_add(value(0)),
            // Between any two characters, and each group that is put in repeats what it matched.
            Self::Rewritten => times(2, times(value(0) + 1, value(2) + 1)),
            Self::Grouped => times(value(0) + 16, value(1) + 1),
            // An item weighs 8 at least; as text a number is no longer than twice its weight.
            Self::Spread => times(value(0), 2 + (value(1).saturating_add(value(2))) / 8),
            // `%c` makes 24 characters of two.
            Self::Formatted => times(16, value(1)),
            Self::Series => times(8, value(0)),
            Self::Characters | Self::Items => times(value(0), value(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_never_too_low() {
        assert_eq!(Cost::Times.of(&[3, 5]), "abc".repeat(5).len() as u64);
        assert_eq!(Cost::Separated.of(&[2, 3, 4]), 15);
        let replaced = "aaaa".replace('a', "bcd").len() as u64;
        assert!((replaced..replaced + 8).contains(&Cost::Replaced.of(&[4, 1, 3])));
        let between = "aaaa".replace("", "bcd").len() as u64;
        assert!(Cost::Replaced.of(&[4, 0, 3]) >= between);
        assert_eq!(Cost::Filled.of(&[0, u64::MAX]), u64::MAX);
        assert_eq!(Cost::Spread.of(&[8, 15]), 24);
    }
}
