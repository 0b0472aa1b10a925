use super::*;
use linli_sdk::{Column, ColumnData, configured};

fn batch(distance_m: &[Option<i64>]) -> Batch {
    let column = Column {
        name: "distance_m".into(),
        validity: Some(distance_m.iter().map(|it| u8::from(it.is_some())).collect()),
        data: ColumnData::I64s(distance_m.iter().map(|it| it.unwrap_or(-1)).collect()),
    };
    Batch { rows: distance_m.len() as u32, columns: vec![column] }
}

#[test]
fn each_halving_is_exact() {
    assert_eq!(score(Some(0), 500.0), 1.0);
    assert_eq!(score(Some(500), 500.0), 0.5);
    assert_eq!(score(Some(1500), 500.0), 0.125);
}

#[test]
fn the_unknown_counts_as_one_halving() {
    assert_eq!(score(None, 300.0), 0.5);
}

#[test]
fn the_series_agrees_with_the_library() {
    for step in 0..100_000 {
        let x = f64::from(step) / 97.0;
        let (ours, library) = (halved(x), (-x).exp2());
        if x < 1000.0 {
            assert!((ours / library - 1.0).abs() < 4e-16, "{x}: {ours} and {library}");
        }
    }
}

#[test]
fn farther_is_never_better() {
    let scores: Vec<_> = (0..100_000).map(|it| score(Some(it * 10), 500.0)).collect();
    assert!(scores.windows(2).all(|it| it[0] >= it[1]));
    assert!(scores.iter().all(|it| (0.0..=1.0).contains(it)));
}

#[test]
fn absurd_distances_are_no_trouble() {
    assert_eq!(score(Some(i64::MAX), 1.0), 0.0);
    assert_eq!(score(Some(i64::MIN), 1.0), 1.0);
}

#[test]
fn what_is_looked_up_is_what_is_worked_out() {
    let ends = [i64::MIN, -10, -1, 20_470, 20_480, i64::MAX];
    let distances: Vec<_> = (0..3000).chain((0..30_000).step_by(10)).chain(ends).map(Some).collect();
    let plugin: WalkingDistance = configured(r#"{"halving_m": 333.3}"#).unwrap();
    // Twice: what is met again is not worked out again.
    let all = [distances.clone(), distances].concat();
    let expected: Vec<_> = all.iter().map(|it| score(*it, 333.3)).collect();
    assert_eq!(plugin.score(&batch(&all)).unwrap().values, expected);
}

#[test]
fn settings_move_the_scale_and_the_limit() {
    let text = r#"{"halving_m": 250, "veto_beyond_m": 600}"#;
    let plugin: WalkingDistance = configured(text).unwrap();
    let scores = plugin.score(&batch(&[Some(250), Some(610), None, Some(600)])).unwrap();
    assert_eq!(scores.values[0], 0.5);
    let vetoes: Vec<_> = scores.vetoes.iter().map(|it| (it.row, it.code)).collect();
    assert_eq!(vetoes, [(1, TOO_FAR)]);
}

#[test]
fn without_a_limit_nobody_is_vetoed() {
    let plugin: WalkingDistance = configured("{}").unwrap();
    assert!(plugin.score(&batch(&[Some(90_000)])).unwrap().vetoes.is_empty());
}
