use super::*;
use linli_sdk::{Column, ColumnData};

fn batch(rows: u32, columns: &[&[Option<f64>]]) -> Batch {
    let column = |(i, values): (usize, &&[Option<f64>])| Column {
        name: format!("x{i}"),
        validity: Some(values.iter().map(|it| u8::from(it.is_some())).collect()),
        data: ColumnData::F64s(values.iter().map(|it| it.unwrap_or(f64::NAN)).collect()),
    };
    Batch { rows, columns: columns.iter().enumerate().map(column).collect() }
}

#[test]
fn contributions_add_up_to_the_index() {
    let answer = index(&[Some(1.0), Some(0.5)], &[1.0, 3.0]);
    assert_eq!(answer, DistrictIndex { index: Some(0.625), contributions: vec![0.25, 0.375] });
}

#[test]
fn a_gap_is_not_a_zero() {
    let answer = index(&[Some(0.5), None], &[1.0, 3.0]);
    assert_eq!(answer, DistrictIndex { index: Some(0.5), contributions: vec![0.5, 0.0] });
}

#[test]
fn without_anything_measured_there_is_no_index() {
    let nothing = DistrictIndex { index: None, contributions: vec![0.0, 0.0] };
    assert_eq!(index(&[None, None], &[1.0, 1.0]), nothing);
    assert_eq!(index(&[Some(0.9), None], &[0.0, 1.0]), nothing);
    assert_eq!(index(&[], &[]).index, None);
}

#[test]
fn the_best_of_everything_is_exactly_one() {
    for weights in [[0.1, 0.2, 0.7], [1.0 / 3.0, 1e-9, 5e8]] {
        assert_eq!(index(&[Some(1.0); 3], &weights).index, Some(1.0));
    }
}

#[test]
fn districts_are_evaluated_row_by_row() {
    let batch = batch(2, &[&[Some(1.0), None], &[Some(0.0), Some(0.25)]]);
    let answers = WeightedIndex.evaluate(&batch, &[2.0, 2.0]).unwrap();
    let indices: Vec<_> = answers.iter().map(|it| it.index).collect();
    assert_eq!(indices, [Some(0.5), Some(0.25)]);
}

#[test]
fn wrong_weights_and_values_are_faults() {
    let fault =
        |weights: &[f64], value: f64| WeightedIndex.evaluate(&batch(1, &[&[Some(value)]]), weights).err();
    let other = |text: &str| Some(Fault::Other(text.into()));
    assert_eq!(fault(&[], 0.5), other("0 weights, expected 1: one per indicator"));
    assert_eq!(fault(&[-1.0], 0.5), other("weight 0 is negative or no number"));
    assert_eq!(fault(&[f64::NAN], 0.5), other("weight 0 is negative or no number"));
    assert_eq!(fault(&[1.0], f64::NAN), other("`x0`, row 0: not a finite number"));
    let two = batch(1, &[&[Some(0.5)], &[Some(0.5)]]);
    assert!(WeightedIndex.evaluate(&two, &[f64::MAX, f64::MAX]).is_err());
}
