//! What the evaluators are asked.

use linli_hotline_rates::HotlineRates;
use linli_star_rating::StarRating;
use linli_topsis::Topsis;
use linli_weighted_index::WeightedIndex;

use super::{Case, Cells, Evaluator, Source, crossed, of_evaluator};

const SHARES: [&str; 3] = ["a_share", "b_share", "c_share"];

pub(super) fn sources() -> Vec<Source> {
    vec![
        source::<HotlineRates>(hotline_rates()),
        source::<StarRating>(star_rating()),
        source::<Topsis>(cases(SHARES, ["{}", r#"{"colour": 1}"#])),
        source::<WeightedIndex>(cases(SHARES, ["{}", r#"{"colour": 1}"#])),
    ]
}

fn source<T: Evaluator>(cases: Vec<Case>) -> Source {
    Source { name: T::MANIFEST.name, introduction: T::describe(), answer: of_evaluator::<T>, cases }
}

/// 125 districts with every settings and every weights.
fn cases<const N: usize>(names: [&'static str; 3], settings: [&'static str; N]) -> Vec<Case> {
    let values = || Cells::F64s(vec![None, Some(0.0), Some(1e-300), Some(1.0 / 3.0), Some(1.0)]);
    let weights =
        [[1.0, 2.0, 3.0], [0.1, 0.2, 0.7], [0.0, 0.0, 1e-300], [0.0, 0.0, 0.0], [f64::MAX, f64::MAX, 0.0]];
    let case = |settings, weights: [f64; 3]| Case {
        settings,
        columns: crossed(names.map(|name| (name, values())).into()),
        weights: weights.into(),
    };
    settings.into_iter().flat_map(|settings| weights.map(|weights| case(settings, weights))).collect()
}

fn hotline_rates() -> Vec<Case> {
    let settings = [
        "{}",
        r#"{"all_three": false}"#,
        r#"{"response_weight": 30, "resolved_weight": 35, "satisfied_weight": 35}"#,
        r#"{"response_weight": 0, "all_three": false}"#,
        r#"{"response_weight": 0, "resolved_weight": 0, "satisfied_weight": 0}"#,
    ];
    let mut all = cases(["satisfaction", "reply_in_time", "completion"], settings);
    // Without one of the three, and with one that is none.
    all.extend(cases(["reply_in_time", "completion", "posts_filled"], ["{}", r#"{"all_three": false}"#]));
    all
}

fn star_rating() -> Vec<Case> {
    let settings = [
        "{}",
        r#"{"two_stars": 0.1, "three_stars": 0.1, "four_stars": 0.333333333, "five_stars": 1}"#,
        r#"{"five_stars": 0.5}"#,
    ];
    cases(SHARES, settings)
}
