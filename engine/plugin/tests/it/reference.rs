//! The plugins that come with linli.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch};
use linli_model::{Failure, Kind};
use linli_plugin::{Error, Plugin, PluginKind, Veto, check};

use crate::{component, distances, host, load};

const ALL: [(&str, PluginKind); 14] = [
    ("continuity", PluginKind::Scorer),
    ("exclusion-zone", PluginKind::Scorer),
    ("hotline-rates", PluginKind::Evaluator),
    ("load-balance", PluginKind::Scorer),
    ("local-first", PluginKind::Scorer),
    ("merchant-offer", PluginKind::Scorer),
    ("skill-fit", PluginKind::Scorer),
    ("speciality-point", PluginKind::Scorer),
    ("star-rating", PluginKind::Evaluator),
    ("time-bank-credit", PluginKind::Scorer),
    ("topsis", PluginKind::Evaluator),
    ("visit-team", PluginKind::Scorer),
    ("walking-distance", PluginKind::Scorer),
    ("weighted-index", PluginKind::Evaluator),
];

pub(crate) fn millionths(plugin: &Plugin, settings: &str, batch: &RecordBatch) -> Vec<i32> {
    let scores = plugin.score(settings, batch).expect("scores");
    scores.values.iter().map(|it| it.millionths()).collect()
}

#[test]
fn each_introduces_itself_under_the_name_of_its_file() {
    let host = host();
    for (name, kind) in ALL {
        let plugin = load(&host, name);
        assert_eq!(plugin.description().name, name);
        assert_eq!(plugin.description().kind, kind);
        assert_eq!(plugin.digest().len(), 64);
        assert_eq!(plugin.size_bytes(), component(name).len());
    }
}

#[test]
fn every_component_in_the_folder_keeps_every_promise() {
    let host = host();
    let files = std::fs::read_dir(crate::dist()).expect("the folder");
    let names = files.filter_map(|it| it.expect("a file").file_name().into_string().ok());
    let mut n_checked = 0;
    for name in names.filter_map(|it| it.strip_suffix(".wasm").map(str::to_owned)) {
        let report = check(&host, &component(&name));
        assert!(report.ok, "{name}: {:#?}", report.checks);
        assert!(report.checks.len() >= 9, "{name}: {:#?}", report.checks);
        n_checked += 1;
    }
    assert!(n_checked >= ALL.len());
}

#[test]
fn walking_halves_the_score_every_500_m() {
    let plugin = load(&host(), "walking-distance");
    let batch = distances([0, 500, 1000, 1500]);
    assert_eq!(millionths(&plugin, "{}", &batch), [1_000_000, 500_000, 250_000, 125_000]);
    let nearer = r#"{"halving_m": 250}"#;
    assert_eq!(millionths(&plugin, nearer, &batch), [1_000_000, 250_000, 62_500, 15_625]);
}

#[test]
fn vetoes_name_rows_of_the_whole_batch() {
    let plugin = load(&host(), "walking-distance");
    let mut far = vec![0; 70_000];
    far[65_535] = 5000;
    far[65_536] = 5000;
    far[69_999] = 5000;
    let scores = plugin.score(r#"{"veto_beyond_m": 3000}"#, &distances(far)).expect("scores");
    let rows: Vec<_> = scores.vetoes.iter().map(|it| it.row).collect();
    assert_eq!(rows, [65_535, 65_536, 69_999]);
    assert_eq!(scores.vetoes[0], Veto { row: 65_535, code: 1 });
    assert_eq!(scores.values.len(), 70_000);
}

#[test]
fn nulls_reach_the_plugin_as_nulls() {
    let plugin = load(&host(), "walking-distance");
    let array: ArrayRef = Arc::new(Int64Array::from(vec![Some(0), None, Some(500)]));
    let batch = RecordBatch::try_from_iter([("distance_m", array)]).expect("a batch");
    assert_eq!(millionths(&plugin, "{}", &batch), [1_000_000, 500_000, 500_000]);
}

#[test]
fn bits_and_numbers_cross_together() {
    let plugin = load(&host(), "merchant-offer");
    let columns: [(&str, ArrayRef); 2] = [
        ("pay_ratio", Arc::new(Float64Array::from(vec![None, Some(0.5), Some(0.95), None]))),
        ("is_merchant", Arc::new(BooleanArray::from(vec![false, true, true, true]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    assert_eq!(millionths(&plugin, "{}", &batch), [1_000_000, 750_000, 525_000, 500_000]);
}

#[test]
fn neighbours_come_first_and_the_district_before_the_rest() {
    let columns: [(&str, ArrayRef); 2] = [
        ("same_community", Arc::new(BooleanArray::from(vec![true, false, false]))),
        ("same_district", Arc::new(BooleanArray::from(vec![true, true, false]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    assert_eq!(millionths(&load(&host(), "local-first"), "{}", &batch), [1_000_000, 700_000, 400_000]);
}

#[test]
fn blocks_on_many_threads_give_what_one_thread_gives() {
    let plugin = load(&host(), "walking-distance");
    let batch = distances((0..150_000).map(|it| it % 4001));
    let whole = plugin.score("{}", &batch).expect("scores");
    let blocks: Vec<_> = Plugin::blocks(batch.num_rows()).collect();
    assert_eq!(blocks, [0..65_536, 65_536..131_072, 131_072..150_000]);
    let parts = std::thread::scope(|scope| {
        let (plugin, batch) = (&plugin, &batch);
        let score = move |it| scope.spawn(move || plugin.score_block("{}", batch, it));
        let threads: Vec<_> = blocks.into_iter().map(score).collect();
        threads.into_iter().map(|it| it.join().expect("a thread")).collect::<Vec<_>>()
    });
    let mut together = linli_plugin::Scores::default();
    for part in parts {
        together.append(part.expect("scores"));
    }
    assert_eq!(together, whole);
}

#[test]
fn a_block_cut_elsewhere_is_refused() {
    let plugin = load(&host(), "walking-distance");
    let batch = distances(0..10);
    for block in [0..5, 5..10, 0..11] {
        let error = plugin.score_block("{}", &batch, block).expect_err("refused");
        assert_eq!(error.kind(), Kind::Internal, "{error}");
    }
    let mut none = Plugin::blocks(0);
    assert_eq!((none.next(), none.next()), (Some(0..0), None));
}

#[test]
fn what_the_caller_does_wrong_is_the_callers() {
    let plugin = load(&host(), "walking-distance");
    let batch = distances([1]);
    for settings in ["", "[]", "{", r#"{"halving_m": 0}"#, r#"{"halving_m": "near"}"#, r#"{"colour": 1}"#] {
        let error = plugin.score(settings, &batch).expect_err("refused");
        assert_eq!(error.kind(), Kind::Request, "{settings}: {error}");
    }
    let refused = plugin.score(r#"{"halving_m": 0}"#, &batch).expect_err("refused");
    let Error::BadSettings { found, expected, .. } = refused else { panic!("{refused}") };
    assert_eq!((found.en.as_str(), expected.en.as_str()), ("`halving_m` = 0", "a number from 1 to 100000"));
    assert_eq!((found.zh.as_str(), expected.zh.as_str()), (" `halving_m` = 0", " 1 到 100000 的数值"));
    let error = plugin.evaluate("{}", &batch, &[1.0]).expect_err("no evaluator");
    assert!(matches!(error, Error::WrongKind { found: PluginKind::Scorer, .. }), "{error}");
}

fn indicators(columns: &[&[Option<f64>]]) -> RecordBatch {
    let column = |(place, values): (usize, &&[Option<f64>])| {
        (format!("i{place}"), Arc::new(Float64Array::from(values.to_vec())) as ArrayRef, true)
    };
    let columns = columns.iter().enumerate().map(column);
    RecordBatch::try_from_iter_with_nullable(columns).expect("a batch")
}

#[test]
fn the_index_is_the_weighted_mean_of_what_was_measured() {
    let plugin = load(&host(), "weighted-index");
    let batch = indicators(&[&[Some(1.0), None, None], &[Some(0.5), Some(0.25), None]]);
    let answers = plugin.evaluate("{}", &batch, &[3.0, 1.0]).expect("answers");
    let index: Vec<_> = answers.iter().map(|it| it.index).collect();
    assert_eq!(index, [Some(0.875), Some(0.25), None]);
    assert_eq!(answers[0].contributions, [0.75, 0.125]);
    assert_eq!(answers[2].contributions, [0.0, 0.0]);
}

#[test]
fn one_evaluator_serves_many_draws() {
    let plugin = load(&host(), "weighted-index");
    let batch = indicators(&[&[Some(1.0), Some(0.0)], &[Some(0.0), Some(1.0)]]);
    let evaluator = plugin.evaluator("{}").expect("an evaluator");
    for draw in 0..1000 {
        let weight = f64::from(draw) / 1000.0;
        let answers = evaluator.evaluate(&batch, &[weight, 1.0 - weight]).expect("answers");
        let index = answers[0].index.expect("an index");
        assert!((index - weight).abs() < 1e-12, "{index} {weight}");
    }
    let error = evaluator.evaluate(&batch, &[1.0]).expect_err("too few");
    assert!(matches!(error, Error::WeightCount { found: 1, expected: 2, .. }), "{error}");
    let error = evaluator.evaluate(&batch, &[1.0, -1.0]).expect_err("negative");
    assert_eq!(error, Error::BadWeight { column: 1, value: -1.0 });
    // A refused call changes nothing for the next.
    assert!(evaluator.evaluate(&batch, &[1.0, 1.0]).is_ok());
}

/// The example of Papathanasiou & Ploskas 2018, see `plugins/topsis/src/tests.rs`.
#[test]
fn topsis_gives_what_was_published() {
    let plugin = load(&host(), "topsis");
    let facilities: [[f64; 6]; 4] = [
        [8.0, 5.0, 7.0, 9.0, 11.0, 6.0],
        [7.0, 3.0, 5.0, 9.0, 10.0, 9.0],
        [2.0, 7.0, 6.0, 7.0, 3.0, 5.0],
        [1.0, 5.0, 4.0, 3.0, 7.0, 4.0],
    ];
    let columns = facilities.map(|it| it.map(Some));
    let batch = indicators(&columns.each_ref().map(|it| it.as_slice()));
    let answers = plugin.evaluate("{}", &batch, &[0.4, 0.3, 0.1, 0.2]).expect("answers");
    for (answer, published) in answers.iter().zip([0.387, 0.327, 0.391, 0.615, 0.868, 0.493]) {
        let index = answer.index.expect("an index");
        assert!((index - published).abs() < 6e-4, "{index} and {published}");
    }
}

#[test]
fn stars_are_fifths() {
    let plugin = load(&host(), "star-rating");
    let batch = indicators(&[&[Some(0.2), Some(0.65), Some(1.0), None]]);
    let index = |settings: &str| -> Vec<_> {
        plugin.evaluate(settings, &batch, &[1.0]).expect("answers").iter().map(|it| it.index).collect()
    };
    assert_eq!(index("{}"), [Some(0.2), Some(0.4), Some(1.0), None]);
    assert_eq!(index(r#"{"two_stars": 0.1}"#), [Some(0.4), Some(0.4), Some(1.0), None]);
}

#[test]
fn a_hotline_is_judged_by_three_rates_and_no_others() {
    let plugin = load(&host(), "hotline-rates");
    let share = |it: f64| Arc::new(Float64Array::from(vec![it])) as ArrayRef;
    let batch = RecordBatch::try_from_iter([
        ("completion", share(0.5)),
        ("posts_filled", share(1.0)),
        ("reply_in_time", share(0.25)),
        ("satisfaction", share(0.75)),
    ]);
    let batch = batch.expect("a batch");
    let weights = r#"{"response_weight": 1, "resolved_weight": 2, "satisfied_weight": 1}"#;
    let answers = plugin.evaluate(weights, &batch, &[1.0; 4]).expect("answers");
    assert_eq!((answers[0].index, answers[0].contributions[1]), (Some(0.5), 0.0));
    let two = batch.project(&[0, 2]).expect("a batch");
    assert_eq!(plugin.evaluate(weights, &two, &[1.0; 2]).expect("answers")[0].index, None);
}

#[test]
fn no_districts_and_no_candidates_are_fine() {
    let host = host();
    let scores = load(&host, "walking-distance").score("{}", &distances([])).expect("scores");
    assert!(scores.values.is_empty());
    let none = indicators(&[&[]]);
    assert_eq!(none.column(0).len(), 0);
    let answers = load(&host, "weighted-index").evaluate("{}", &none, &[1.0]).expect("answers");
    assert!(answers.is_empty());
    // Rows without any column: districts nobody measured anything in.
    let bare = indicators(&[&[None, None]]).project(&[]).expect("a batch");
    let answers = load(&host, "weighted-index").evaluate("{}", &bare, &[]).expect("answers");
    assert_eq!(answers.iter().map(|it| it.index).collect::<Vec<_>>(), [None, None]);
}
