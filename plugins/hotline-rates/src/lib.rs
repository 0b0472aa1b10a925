//! Answered, resolved, satisfied: the three rates of a hotline.
//!
//! ```text
//! index        = Σ w·x / Σ w    x: reply_in_time, completion, satisfaction
//! contribution = w·x / Σ w      0 for every other indicator
//! ```
//!
//! Which rate counts how much is public policy and differs from city to city, so it stands in the
//! settings: the weights of the evaluation do not count here. A rate that is not measurable is no
//! zero, and it is no gift either: whoever asks nobody cannot know that people are satisfied.
//! Without one of the three there is no index, unless `all_three` is off; then the others share
//! its weight.
//!
//! Source: answers within five minutes, S1-M7 of the 365 practice (Nanming district, Guiyang);
//! completed of received, 494 of 501, and satisfaction asked of everybody served, S3 (iii), the
//! hotline of Malu, Jiading. Equal weights are ours; neither text weighs them.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

use linli_sdk::{
    Batch, Columns, DistrictIndex, Evaluator, Fault, Manifest, Setting, SettingType, Settings, Wording,
};

/// The indicators that count, in the order of the weights.
const RATES: [&str; 3] = ["reply_in_time", "completion", "satisfaction"];

/// The plugin with its settings.
pub struct HotlineRates {
    weights: [f64; 3],
    all_three: bool,
}

impl HotlineRates {
    /// The index of one district and what each rate adds to it; `None` is not measurable.
    pub fn one(&self, rates: [Option<f64>; 3]) -> (Option<f64>, [f64; 3]) {
        let counts = |it: usize| self.weights[it] > 0.0;
        let is_missing = (0..3).any(|it| counts(it) && rates[it].is_none());
        let whole: f64 = (0..3).filter(|it| rates[*it].is_some()).map(|it| self.weights[it]).sum();
        if whole <= 0.0 || (self.all_three && is_missing) {
            return (None, [0.0; 3]);
        }
        let part = |it: usize| rates[it].map_or(0.0, |rate| self.weights[it] * rate / whole);
        let parts = [part(0), part(1), part(2)];
        (Some(parts.iter().sum()), parts)
    }
}

const fn weight(name: &'static str, zh: &'static str, en: &'static str) -> Setting {
    let ty = SettingType::Number { default: 1.0, min: 0.0, max: 100.0 };
    Setting { name, meaning: Wording { zh, en }, ty }
}

impl Evaluator for HotlineRates {
    const MANIFEST: Manifest = Manifest {
        name: "hotline-rates",
        version: env!("CARGO_PKG_VERSION"),
        title: Wording { zh: "热线三率", en: "Three rates of a hotline" },
        summary: Wording {
            zh: "响应率、解决率、满意率的加权平均；权重由本地设定。",
            en: "Weighted mean of what was answered, resolved and found satisfying; the weights are set.",
        },
        columns: Columns::Any,
        settings: &[
            weight("response_weight", "响应率的权重", "weight of what was answered in time"),
            weight("resolved_weight", "解决率的权重", "weight of what was resolved"),
            weight("satisfied_weight", "满意率的权重", "weight of what people were satisfied with"),
            Setting {
                name: "all_three",
                meaning: Wording {
                    zh: "缺一率即不评", en: "no index where one of the rates is missing"
                },
                ty: SettingType::Bool { default: true },
            },
        ],
        vetoes: &[],
        authors: &["linli"],
        licence: "Apache-2.0",
    };

    fn configure(settings: &Settings) -> Result<Self, Fault> {
        let weights =
            ["response_weight", "resolved_weight", "satisfied_weight"].map(|it| settings.number(it));
        if weights == [0.0; 3] {
            return Err(Fault::BadSettings("all three weights are 0, expected one above 0".into()));
        }
        Ok(Self { weights, all_three: settings.bool("all_three") })
    }

    /// An indicator that the evaluation does not have cannot be measured anywhere.
    fn evaluate(&self, batch: &Batch, _: &[f64]) -> Result<Vec<DistrictIndex>, Fault> {
        let columns = batch.numbers()?;
        let places = RATES.map(|rate| columns.iter().position(|(name, _)| *name == rate));
        let district = |row: usize| {
            let (index, parts) = self.one(places.map(|it| it.and_then(|it| columns[it].1.get(row))));
            let mut contributions = vec![0.0; columns.len()];
            for (place, part) in places.into_iter().zip(parts) {
                if let Some(place) = place {
                    contributions[place] = part;
                }
            }
            DistrictIndex { index, contributions }
        };
        Ok((0..batch.rows as usize).map(district).collect())
    }
}

linli_sdk::export_evaluator!(HotlineRates);

#[cfg(test)]
mod tests {
    use super::*;
    use linli_sdk::{Column, ColumnData};

    fn plugin(settings: &str) -> Result<HotlineRates, Fault> {
        HotlineRates::configure(&Settings::read(HotlineRates::MANIFEST.settings, settings)?)
    }

    /// The hotline of Malu: 494 of 501 completed, which makes 98.60 %.
    #[test]
    fn three_rates_make_their_mean() {
        let completion = 494.0 / 501.0;
        let (index, parts) = plugin("{}").unwrap().one([Some(0.9), Some(completion), Some(0.96)]);
        assert!((index.unwrap() - (0.9 + 0.986_027_944_111_776_4 + 0.96) / 3.0).abs() < 1e-12);
        assert_eq!(index, Some(parts.iter().sum()));
    }

    /// 0.3 · 0.5 + 0.35 · 1 + 0.35 · 0.8 = 0.78.
    #[test]
    fn the_weights_are_those_of_the_settings() {
        let text = r#"{"response_weight": 30, "resolved_weight": 35, "satisfied_weight": 35}"#;
        let (index, _) = plugin(text).unwrap().one([Some(0.5), Some(1.0), Some(0.8)]);
        assert!((index.unwrap() - 0.78).abs() < 1e-12, "{index:?}");
    }

    #[test]
    fn whoever_asks_nobody_has_no_index() {
        let rates = [Some(1.0), Some(1.0), None];
        assert_eq!(plugin("{}").unwrap().one(rates), (None, [0.0; 3]));
        let (index, parts) = plugin(r#"{"all_three": false}"#).unwrap().one([Some(1.0), Some(0.5), None]);
        assert_eq!((index, parts), (Some(0.75), [0.5, 0.25, 0.0]));
        let unasked = plugin(r#"{"satisfied_weight": 0}"#).unwrap();
        assert_eq!(unasked.one(rates).0, Some(1.0), "a rate without weight is not missed");
        assert_eq!(plugin(r#"{"all_three": false}"#).unwrap().one([None; 3]).0, None);
    }

    #[test]
    fn the_three_are_found_by_name_and_the_others_add_nothing() {
        let column = |name: &str, numbers, validity| Column {
            name: name.into(),
            validity,
            data: ColumnData::F64s(numbers),
        };
        let columns = vec![
            column("completion", vec![0.5, 0.5], None),
            column("posts_filled", vec![1.0, 1.0], None),
            column("reply_in_time", vec![1.0, 1.0], None),
            column("satisfaction", vec![0.75, f64::NAN], Some(vec![1, 0])),
        ];
        let answers = plugin("{}").unwrap().evaluate(&Batch { rows: 2, columns }, &[9.0; 4]).unwrap();
        let part = 1.0 / 3.0;
        assert_eq!(answers[0].contributions, [0.5 / 3.0, 0.0, part, 0.75 / 3.0]);
        assert!((answers[0].index.unwrap() - 0.75).abs() < 1e-12);
        assert_eq!(answers[1], DistrictIndex { index: None, contributions: vec![0.0; 4] });
    }

    #[test]
    fn an_evaluation_without_the_three_measures_nothing() {
        let answers = plugin("{}").unwrap().evaluate(&Batch { rows: 1, columns: vec![] }, &[]).unwrap();
        assert_eq!(answers, [DistrictIndex { index: None, contributions: vec![] }]);
    }

    #[test]
    fn at_least_one_rate_counts() {
        let text = r#"{"response_weight": 0, "resolved_weight": 0, "satisfied_weight": 0}"#;
        let problem = "all three weights are 0, expected one above 0";
        assert_eq!(plugin(text).err(), Some(Fault::BadSettings(problem.into())));
    }
}
