use super::*;
use linli_sdk::{Column, ColumnData};

/// One row per district.
fn table<const N: usize>(rows: &[[Option<f64>; N]], weights: [f64; N]) -> Vec<DistrictIndex> {
    let columns: Vec<Vec<_>> = (0..N).map(|it| rows.iter().map(|row| row[it]).collect()).collect();
    indexes(rows.len(), &columns, &weights)
}

/// Papathanasiou & Ploskas 2018, "Multiple Criteria Decision Aid", Springer, chapter on TOPSIS:
/// six facilities by four criteria, printed to three digits.
#[test]
fn a_published_example_comes_out_as_published() {
    let facilities = [
        [8.0, 7.0, 2.0, 1.0],
        [5.0, 3.0, 7.0, 5.0],
        [7.0, 5.0, 6.0, 4.0],
        [9.0, 9.0, 7.0, 3.0],
        [11.0, 10.0, 3.0, 7.0],
        [6.0, 9.0, 5.0, 4.0],
    ];
    let published = [0.387, 0.327, 0.391, 0.615, 0.868, 0.493];
    let answers = table(&facilities.map(|row| row.map(Some)), [0.4, 0.3, 0.1, 0.2]);
    for (answer, published) in answers.iter().zip(published) {
        let index = answer.index.unwrap();
        // The fifth is 0.8685, which was cut and not rounded.
        assert!((index - published).abs() < 6e-4, "{index} and {published}");
    }
}

/// The norm of (3, 4) is 5, so v = 0.6, 0.8 and 0.8, 0.6: each district is best in one indicator
/// and worst in the other, by equal distances.
#[test]
fn who_is_best_in_one_and_worst_in_the_other_stands_in_the_middle() {
    let answers = table(&[[Some(0.3), Some(0.4)], [Some(0.4), Some(0.3)]], [1.0, 1.0]);
    assert!(answers.iter().all(|it| (it.index.unwrap() - 0.5).abs() < 1e-12), "{answers:?}");
}

/// With weights 3 and 1, v = (1, 0) and (0, 1/3): d₋ = 1 and d₊ = 1/3 for the first district.
#[test]
fn weights_stretch_the_distances() {
    let answers = table(&[[Some(1.0), Some(0.0)], [Some(0.0), Some(1.0)]], [3.0, 1.0]);
    let first = DistrictIndex { index: Some(0.75), contributions: vec![0.75, 0.0] };
    let second = DistrictIndex { index: Some(0.25), contributions: vec![0.0, 0.25] };
    assert_eq!(answers, [first, second]);
}

#[test]
fn the_best_of_everything_is_1_and_the_worst_0() {
    let answers = table(&[[Some(0.9), Some(0.8)], [Some(0.1), Some(0.0)]], [0.3, 0.7]);
    assert_eq!([answers[0].index, answers[1].index], [Some(1.0), Some(0.0)]);
    assert_eq!(answers[1].contributions, [0.0, 0.0]);
}

#[test]
fn contributions_add_up_to_the_index() {
    let rows = [[0.2, 0.9, 0.5], [0.7, 0.1, 0.6], [0.4, 0.4, 1.0]].map(|row| row.map(Some));
    for answer in table(&rows, [1.0, 2.0, 3.0]) {
        let sum: f64 = answer.contributions.iter().sum();
        assert!((sum - answer.index.unwrap()).abs() < 1e-12, "{answer:?}");
    }
}

#[test]
fn a_gap_is_left_out_and_not_a_zero() {
    let rows = [[Some(1.0), None], [Some(0.0), Some(0.2)], [Some(0.5), Some(0.8)]];
    let answers = table(&rows, [1.0, 1.0]);
    assert_eq!(answers[0], DistrictIndex { index: Some(1.0), contributions: vec![1.0, 0.0] });
    assert_eq!(answers[1].index, Some(0.0), "worst of those measured");
}

#[test]
fn without_anything_measured_there_is_no_index() {
    let unmeasured = [table(&[[None, None]], [1.0, 1.0]), table(&[[Some(0.9), None]], [0.0, 1.0])];
    let unweighed = table(&[[Some(0.9), Some(0.1)]], [0.0, 0.0]);
    for answers in unmeasured.into_iter().chain([unweighed]) {
        assert_eq!(answers, [DistrictIndex { index: None, contributions: vec![0.0, 0.0] }]);
    }
    assert_eq!(indexes(1, &[], &[])[0].index, None);
}

#[test]
fn where_all_are_alike_nobody_is_nearer_to_the_best() {
    let alike = DistrictIndex { index: Some(0.5), contributions: vec![0.125, 0.375] };
    assert_eq!(table(&[[Some(0.7), Some(0.2)]; 2], [1.0, 3.0]), [alike.clone(), alike]);
    assert_eq!(table(&[[Some(0.0)]], [1.0])[0].index, Some(0.5));
}

#[test]
fn absurd_sizes_stay_numbers() {
    for size in [f64::MAX, f64::MIN_POSITIVE, 1e-300] {
        let answers = table(&[[Some(size), Some(0.0)], [Some(0.0), Some(size)]], [size, size]);
        assert_eq!([answers[0].index, answers[1].index], [Some(0.5), Some(0.5)], "{size}");
    }
}

#[test]
fn the_plugin_reads_its_columns_and_wants_a_weight_for_each() {
    let column = |name: &str, validity, numbers| Column {
        name: name.into(),
        validity,
        data: ColumnData::F64s(numbers),
    };
    let columns = vec![column("a", None, vec![1.0, 0.0]), column("b", Some(vec![1, 0]), vec![0.4, f64::NAN])];
    let batch = Batch { rows: 2, columns };
    let indices: Vec<_> =
        Topsis.evaluate(&batch, &[1.0, 1.0]).unwrap().into_iter().map(|it| it.index).collect();
    assert_eq!(indices, [Some(1.0), Some(0.0)]);
    let fault = Fault::Other("1 weights, expected 2: one per indicator".into());
    assert_eq!(Topsis.evaluate(&batch, &[1.0]), Err(fault));
}
