use std::sync::Arc;

use arrow_array::{ArrayRef, Int32Array};

use super::*;

fn columns(wanted: &[(&str, ColumnType)]) -> Columns {
    let column = |(name, column_type): &(&str, ColumnType)| ColumnWanted {
        name: (*name).to_owned(),
        column_type: *column_type,
    };
    Columns::Named(wanted.iter().map(column).collect())
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    RecordBatch::try_from_iter_with_nullable(columns).expect("a batch")
}

/// One column after the exchange, as text.
fn lent(array: ArrayRef, column_type: ColumnType) -> String {
    let batch = batch(vec![("x", array)]);
    let columns = columns(&[("x", column_type)]);
    match Loan::new(&batch, &columns, "p", 0, &Limits::DEFAULT) {
        Err(error) => error.to_string(),
        Ok(loan) => {
            let column = loan.columns()[0];
            let values = match column.data {
                ColumnData::F64s(it) => format!("{it:?}"),
                ColumnData::I64s(it) => format!("{it:?}"),
                ColumnData::Bools(it) => format!("{it:?}"),
                ColumnData::Texts(it) => {
                    format!("{:?} {:?}", it.offsets, String::from_utf8_lossy(it.bytes))
                }
            };
            match column.validity {
                Some(validity) => format!("{values} valid {validity:?}"),
                None => values,
            }
        }
    }
}

#[test]
fn numbers_without_nulls_are_lent_as_they_lie() {
    let array = Arc::new(Float64Array::from(vec![1.0, 2.0, 3.0]));
    let batch = batch(vec![("x", Arc::clone(&array) as ArrayRef)]);
    let columns = columns(&[("x", ColumnType::F64)]);
    let loan = Loan::new(&batch, &columns, "p", 0, &Limits::DEFAULT).expect("a loan");
    let ColumnData::F64s(lent) = loan.columns()[0].data else { panic!("no numbers") };
    assert_eq!(lent.as_ptr(), array.values().as_ptr());
}

#[test]
fn a_null_hides_what_lies_beneath() {
    // Adding nulls to values that are there: 7, infinity and "secret" lie under the nulls.
    let nulls = || Some(vec![true, false].into());
    let integers = Int64Array::new(vec![5, 7].into(), nulls());
    assert_eq!(lent(Arc::new(integers), ColumnType::I64), "[5, 0] valid [1, 0]");
    let numbers = Float64Array::new(vec![5.0, f64::INFINITY].into(), nulls());
    assert_eq!(lent(Arc::new(numbers), ColumnType::F64), "[5.0, 0.0] valid [1, 0]");
    let bools = BooleanArray::new(vec![false, true].into(), nulls());
    assert_eq!(lent(Arc::new(bools), ColumnType::Bool), "[0, 0] valid [1, 0]");
    let plain = StringArray::from(vec!["a", "secret"]);
    let texts = StringArray::new(plain.offsets().clone(), plain.values().clone(), nulls());
    assert_eq!(lent(Arc::new(texts), ColumnType::Text), "[0, 1, 1] \"a\" valid [1, 0]");
}

#[test]
fn texts_of_every_arrow_kind_are_texts() {
    let texts = vec![Some("民"), Some(""), Some("日志")];
    let expected = "[0, 3, 3, 9] \"民日志\"";
    assert_eq!(lent(Arc::new(StringArray::from(texts.clone())), ColumnType::Text), expected);
    assert_eq!(lent(Arc::new(LargeStringArray::from(texts.clone())), ColumnType::Text), expected);
    assert_eq!(lent(Arc::new(StringViewArray::from(texts)), ColumnType::Text), expected);
}

#[test]
fn slices_begin_anew() {
    let texts = StringArray::from(vec!["ab", "c", "def"]).slice(1, 2);
    assert_eq!(lent(Arc::new(texts), ColumnType::Text), "[0, 1, 4] \"cdef\"");
    let bits: Vec<_> = (0..70).map(|it| it % 3 == 0).collect();
    let bools = BooleanArray::from(bits.clone()).slice(1, 69);
    let bytes: Vec<_> = bits[1..].iter().map(|it| u8::from(*it)).collect();
    assert_eq!(lent(Arc::new(bools), ColumnType::Bool), format!("{bytes:?}"));
    let numbers = Int64Array::from(vec![None, Some(1), Some(2)]).slice(1, 2);
    assert_eq!(lent(Arc::new(numbers), ColumnType::I64), "[1, 2]");
}

#[test]
fn the_plugin_gets_its_columns_in_its_order_and_no_others() {
    let number = |it: i64| Arc::new(Int64Array::from(vec![it])) as ArrayRef;
    let batch = batch(vec![("a", number(1)), ("b", number(2)), ("c", number(3))]);
    let wanted = columns(&[("c", ColumnType::I64), ("a", ColumnType::I64)]);
    let loan = Loan::new(&batch, &wanted, "p", 0, &Limits::DEFAULT).expect("a loan");
    let names: Vec<_> = loan.columns().iter().map(|it| it.name).collect();
    assert_eq!(names, ["c", "a"]);
    let missing = columns(&[("d", ColumnType::I64)]);
    let error = Loan::new(&batch, &missing, "p", 0, &Limits::DEFAULT).err();
    let found = vec!["a".to_owned(), "b".to_owned(), "c".to_owned()];
    let (plugin, column) = ("p".to_owned(), "d".to_owned());
    assert_eq!(error, Some(Error::MissingColumn { plugin, column, found }));
}

#[test]
fn another_type_is_refused() {
    let text = lent(Arc::new(Int32Array::from(vec![1])), ColumnType::I64);
    assert_eq!(text, "plugin `p` needs column `x` as Int64, found Int32");
}

#[test]
fn what_is_not_finite_is_named_with_its_row() {
    for (at, value) in [(0, f64::NAN), (9, f64::INFINITY), (16, f64::NEG_INFINITY)] {
        let mut values = vec![-1e308; 17];
        values[at] = value;
        let text = lent(Arc::new(Float64Array::from(values)), ColumnType::F64);
        let expected = "expected a finite number or null";
        assert_eq!(text, format!("column `x` holds {value} in row {at}, {expected}"));
    }
}

#[test]
fn texts_that_are_too_long_are_refused() {
    let batch = batch(vec![("x", Arc::new(StringArray::from(vec!["123", "45"])) as ArrayRef)]);
    let limits = Limits { text_bytes_max: 4, ..Limits::DEFAULT };
    let columns = columns(&[("x", ColumnType::Text)]);
    let error = Loan::new(&batch, &columns, "p", 0, &limits).err();
    let plugin = "p".to_owned();
    assert_eq!(error, Some(Error::TextTooLong { plugin, bytes: 5, bytes_max: 4 }));
}

#[test]
fn who_asks_for_any_column_gets_numbers_only() {
    let number = Arc::new(Float64Array::from(vec![1.0])) as ArrayRef;
    let wide: Vec<_> = (0..65).map(|it| (format!("c{it}"), Arc::clone(&number), true)).collect();
    let wide = RecordBatch::try_from_iter_with_nullable(wide).expect("a batch");
    let error = Loan::new(&wide, &Columns::Any, "p", 0, &Limits::DEFAULT).err();
    assert!(matches!(error, Some(Error::TooMany { what: "columns", found: 65, max: 64, .. })));
    let text = Arc::new(StringArray::from(vec!["1"])) as ArrayRef;
    let mixed = batch(vec![("a", number), ("b", text)]);
    let error = Loan::new(&mixed, &Columns::Any, "p", 0, &Limits::DEFAULT).err();
    assert!(matches!(error, Some(Error::ColumnType { expected: ColumnType::F64, .. })));
}
