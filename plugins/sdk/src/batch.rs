//! Columns by name, and scores with vetoes.

use crate::{Batch, Column, ColumnData, Fault, Scores, Veto};

impl Batch {
    /// A column of numbers.
    ///
    /// **Errors.** [`Fault::MissingColumn`]; [`Fault::Other`] when the column holds something
    /// else than numbers or has not as many entries as the batch has rows.
    pub fn f64s(&self, name: &str) -> Result<Values<'_, f64>, Fault> {
        let column = self.column(name)?;
        match &column.data {
            ColumnData::F64s(raw) => Values::new(column, raw, self.rows),
            _ => Err(wrong_type(name, "f64s")),
        }
    }

    /// A column of integers.
    ///
    /// **Errors.** As [`Self::f64s`].
    pub fn i64s(&self, name: &str) -> Result<Values<'_, i64>, Fault> {
        let column = self.column(name)?;
        match &column.data {
            ColumnData::I64s(raw) => Values::new(column, raw, self.rows),
            _ => Err(wrong_type(name, "i64s")),
        }
    }

    /// A column of yes or no.
    ///
    /// **Errors.** As [`Self::f64s`].
    pub fn bools(&self, name: &str) -> Result<Values<'_, bool>, Fault> {
        let column = self.column(name)?;
        match &column.data {
            ColumnData::Bools(raw) => Values::new(column, raw, self.rows),
            _ => Err(wrong_type(name, "bools")),
        }
    }

    /// A column of texts.
    ///
    /// **Errors.** As [`Self::f64s`].
    pub fn texts(&self, name: &str) -> Result<Texts<'_>, Fault> {
        let column = self.column(name)?;
        match &column.data {
            ColumnData::Texts(raw) => {
                let starts = raw.offsets.split_last().map_or(&[][..], |(_, starts)| starts);
                let starts = Values::new(column, starts, self.rows)?;
                Ok(Texts { starts, offsets: &raw.offsets, bytes: &raw.bytes })
            }
            _ => Err(wrong_type(name, "texts")),
        }
    }

    /// Every column with its name, in order, all of them numbers.
    ///
    /// **Errors.** As [`Self::f64s`].
    pub fn numbers(&self) -> Result<Vec<(&str, Values<'_, f64>)>, Fault> {
        let numbers = self.columns.iter().map(|column| match &column.data {
            ColumnData::F64s(raw) => Ok((&*column.name, Values::new(column, raw, self.rows)?)),
            _ => Err(wrong_type(&column.name, "f64s")),
        });
        numbers.collect()
    }

    /// A column of any type.
    ///
    /// **Errors.** [`Fault::MissingColumn`] when there is none of this name.
    pub fn column(&self, name: &str) -> Result<&Column, Fault> {
        let found = self.columns.iter().find(|it| it.name == name);
        found.ok_or_else(|| Fault::MissingColumn(name.into()))
    }
}

/// What a column can hold, and how one entry of it lies in memory.
pub trait Cell: Copy {
    /// The entry as it crossed the border.
    type Raw: Copy;
    /// The entry as Rust sees it.
    fn read(raw: Self::Raw) -> Self;
}

impl Cell for f64 {
    type Raw = Self;
    fn read(raw: Self) -> Self {
        raw
    }
}

impl Cell for i64 {
    type Raw = Self;
    fn read(raw: Self) -> Self {
        raw
    }
}

impl Cell for u32 {
    type Raw = Self;
    fn read(raw: Self) -> Self {
        raw
    }
}

impl Cell for bool {
    type Raw = u8;
    fn read(raw: u8) -> Self {
        raw != 0
    }
}

/// One column, row by row; `None` where the row is null. Borrows, copies nothing.
#[derive(Debug, Clone, Copy)]
pub struct Values<'a, T: Cell> {
    raw: &'a [T::Raw],
    validity: Option<&'a [u8]>,
}

impl<'a, T: Cell> Values<'a, T> {
    fn new(column: &'a Column, raw: &'a [T::Raw], rows: u32) -> Result<Self, Fault> {
        let validity = column.validity.as_deref();
        for length in [raw.len(), validity.map_or(raw.len(), <[u8]>::len)] {
            if length != rows as usize {
                let name = &column.name;
                let text = format!("column `{name}` has {length} entries, expected {rows}");
                return Err(Fault::Other(text));
            }
        }
        Ok(Self { raw, validity })
    }

    /// The value of one row.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn get(&self, row: usize) -> Option<T> {
        let valid = self.validity.is_none_or(|it| it[row] != 0);
        valid.then_some(T::read(self.raw[row]))
    }

    /// All rows in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<T>> + use<'a, T> {
        let this = *self;
        (0..this.raw.len()).map(move |row| this.get(row))
    }

    /// All rows in order, with `unknown` where a row is null: what a loop takes that computes the
    /// same for every row. **Cost.** One pass that a compiler does several rows at a time.
    pub fn or(&self, unknown: T) -> Vec<T> {
        match self.validity {
            None => self.raw.iter().map(|it| T::read(*it)).collect(),
            Some(validity) => {
                let rows = self.raw.iter().zip(validity);
                rows.map(|(raw, valid)| if *valid != 0 { T::read(*raw) } else { unknown }).collect()
            }
        }
    }
}

/// A count as a float, exactly; one beyond 2^51, or below 0, counts as the end that is nearer.
///
/// Processors and sandboxes turn one `i64` into a float at a time; this a compiler does for several.
#[inline]
pub fn count(it: i64) -> f64 {
    // The bits of a float from 2^52 on end with the number itself.
    const WHOLE: f64 = (1_u64 << 52) as f64;
    f64::from_bits(WHOLE.to_bits() | it.clamp(0, 1 << 51).cast_unsigned()) - WHOLE
}

/// One column of texts, row by row; `None` where the row is null.
#[derive(Debug, Clone, Copy)]
pub struct Texts<'a> {
    starts: Values<'a, u32>,
    offsets: &'a [u32],
    bytes: &'a [u8],
}

impl<'a> Texts<'a> {
    /// The text of one row; also `None` where the host sent no UTF-8.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn get(&self, row: usize) -> Option<&'a str> {
        let start = self.starts.get(row)? as usize;
        let end = self.offsets[row + 1] as usize;
        core::str::from_utf8(self.bytes.get(start..end)?).ok()
    }

    /// All rows in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<&'a str>> + use<'a> {
        let this = *self;
        (0..this.starts.raw.len()).map(move |row| this.get(row))
    }
}

impl Scores {
    /// One score per row, in order, and no vetoes.
    pub fn new(values: impl IntoIterator<Item = f64>) -> Self {
        Self { values: values.into_iter().collect(), vetoes: Vec::new() }
    }

    /// Vetoes a row; a second veto of the same row is dropped.
    ///
    /// **Cost.** Constant when rows come in ascending order.
    pub fn veto(&mut self, row: u32, code: u16) {
        if self.vetoes.last().is_none_or(|last| last.row < row) {
            self.vetoes.push(Veto { row, code });
        } else if let Err(place) = self.vetoes.binary_search_by_key(&row, |it| it.row) {
            self.vetoes.insert(place, Veto { row, code });
        }
    }
}

fn wrong_type(name: &str, expected: &str) -> Fault {
    Fault::Other(format!("column `{name}` does not hold {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TextColumn;

    fn batch(rows: u32, validity: Option<Vec<u8>>, data: ColumnData) -> Batch {
        Batch { rows, columns: vec![Column { name: "x".into(), validity, data }] }
    }

    #[test]
    fn a_null_row_is_none_whatever_lies_there() {
        let batch = batch(3, Some(vec![1, 0, 1]), ColumnData::F64s(vec![0.5, f64::NAN, 2.0]));
        let values: Vec<_> = batch.f64s("x").unwrap().iter().collect();
        assert_eq!(values, [Some(0.5), None, Some(2.0)]);
    }

    #[test]
    fn without_validity_every_row_is_there() {
        let integers = batch(2, None, ColumnData::I64s(vec![-1, 7]));
        assert_eq!(integers.i64s("x").unwrap().get(1), Some(7));
        let bools = batch(2, None, ColumnData::Bools(vec![0, 1]));
        assert!(bools.bools("x").unwrap().iter().eq([Some(false), Some(true)]));
    }

    #[test]
    fn a_null_row_can_be_given_a_value() {
        let floats = batch(3, Some(vec![1, 0, 1]), ColumnData::F64s(vec![0.5, f64::NAN, 2.0]));
        assert_eq!(floats.f64s("x").unwrap().or(0.25), [0.5, 0.25, 2.0]);
        let bools = batch(2, None, ColumnData::Bools(vec![0, 7]));
        assert_eq!(bools.bools("x").unwrap().or(true), [false, true]);
    }

    #[test]
    fn a_count_is_a_float_exactly_or_the_nearer_end() {
        let most = 1_i64 << 51;
        for it in [0, 1, 2, 1000, i64::from(u32::MAX), most - 1, most] {
            assert_eq!(count(it), it as f64);
        }
        assert_eq!([i64::MIN, -1, most + 1, i64::MAX].map(count), [0.0, 0.0, most as f64, most as f64]);
    }

    #[test]
    fn texts_are_cut_at_their_offsets() {
        let data = TextColumn { offsets: vec![0, 3, 3, 9], bytes: "民情日".into() };
        let texts = batch(3, Some(vec![1, 1, 0]), ColumnData::Texts(data));
        assert!(texts.texts("x").unwrap().iter().eq([Some("民"), Some(""), None]));
    }

    #[test]
    fn broken_texts_are_null_and_no_panic() {
        let data = TextColumn { offsets: vec![0, 1, 9, 2], bytes: "民".into() };
        let texts = batch(3, None, ColumnData::Texts(data));
        assert!(texts.texts("x").unwrap().iter().eq([None, None, None]));
        let none = TextColumn { offsets: vec![], bytes: vec![] };
        assert!(batch(1, None, ColumnData::Texts(none)).texts("x").is_err());
    }

    #[test]
    fn what_is_wrong_with_a_column_is_said() {
        let short = batch(2, None, ColumnData::F64s(vec![1.0]));
        let text = "column `x` has 1 entries, expected 2";
        assert_eq!(short.f64s("x").err(), Some(Fault::Other(text.into())));
        assert_eq!(short.f64s("y").err(), Some(Fault::MissingColumn("y".into())));
        let text = "column `x` does not hold i64s";
        assert_eq!(short.i64s("x").err(), Some(Fault::Other(text.into())));
        let validity = batch(2, Some(vec![1]), ColumnData::F64s(vec![1.0, 2.0]));
        assert!(validity.f64s("x").is_err());
    }

    #[test]
    fn all_columns_come_in_order() {
        let mut batch = batch(1, None, ColumnData::F64s(vec![0.5]));
        batch.columns.push(Column { name: "y".into(), ..batch.columns[0].clone() });
        let names: Vec<_> = batch.numbers().unwrap().iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["x", "y"]);
        batch.columns[1].data = ColumnData::Bools(vec![1]);
        assert!(batch.numbers().is_err());
    }

    #[test]
    fn vetoes_end_up_ascending_and_unique() {
        let mut scores = Scores::new([0.0; 4]);
        for (row, code) in [(3, 1), (0, 2), (3, 3), (2, 1), (0, 1)] {
            scores.veto(row, code);
        }
        let rows: Vec<_> = scores.vetoes.iter().map(|it| (it.row, it.code)).collect();
        assert_eq!(rows, [(0, 2), (2, 1), (3, 1)]);
    }
}
