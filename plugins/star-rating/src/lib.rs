//! One to five stars by thresholds.
//!
//! ```text
//! points       = Σ w·x / Σ w       over the indicators that are present in the district
//! stars        = 1 + the number of thresholds that the points reach
//! index        = stars / 5
//! contribution = index · w·x / Σ w·x
//! ```
//!
//! Few people read a difference of 0.812 and 0.807, and everybody reads stars: what lies between
//! two thresholds is equal. A null is "not measurable", never zero: its weight is shared by the
//! others. Where nothing is present, or only what weighs 0, there are no stars.
//!
//! Source: the star rating of activity rooms, on trial from March in Daning street, Zhabei
//! district, Shanghai (S3 (iii), S3-F18). Its criteria were not published, so the thresholds are
//! ours, and are settings.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

use linli_sdk::{
    Batch, Columns, DistrictIndex, Evaluator, Fault, Manifest, Setting, SettingType, Settings, Wording,
};

const THRESHOLDS: [&str; 4] = ["two_stars", "three_stars", "four_stars", "five_stars"];

/// The plugin with its settings: the least points for two, three, four and five stars.
pub struct StarRating {
    thresholds: [f64; 4],
}

impl StarRating {
    /// 1 to 5, for points from 0 to 1.
    pub fn stars(&self, points: f64) -> u8 {
        1 + self.thresholds.iter().map(|it| u8::from(points >= *it)).sum::<u8>()
    }

    /// The answer for one district.
    ///
    /// **Shape.** One entry per indicator; `None` is not measurable. Weights are not negative.
    pub fn one(&self, indicators: &[Option<f64>], weights: &[f64]) -> DistrictIndex {
        // Weights of any size can be added once the largest is 1.
        let heaviest = weights.iter().fold(0.0, |most: f64, it| most.max(*it));
        let weight = |it: &f64| if heaviest > 0.0 { it / heaviest } else { 0.0 };
        let terms = || indicators.iter().zip(weights).map(|(it, own)| it.map(|it| (it, weight(own))));
        let whole: f64 = terms().flatten().map(|(_, weight)| weight).sum();
        if whole <= 0.0 {
            return DistrictIndex { index: None, contributions: vec![0.0; indicators.len()] };
        }
        let sum: f64 = terms().flatten().map(|(it, weight)| it * weight).sum();
        let index = f64::from(self.stars(sum / whole)) / 5.0;
        // The first star comes to everybody: without any points it is shared by weight.
        let share = |(it, own): (f64, f64)| if sum > 0.0 { it * own / sum } else { own / whole };
        let contributions = terms().map(|it| it.map_or(0.0, |it| index * share(it))).collect();
        DistrictIndex { index: Some(index), contributions }
    }
}

const fn threshold(name: &'static str, default: f64, zh: &'static str, en: &'static str) -> Setting {
    let ty = SettingType::Number { default, min: 0.0, max: 1.0 };
    Setting { name, meaning: Wording { zh, en }, ty }
}

impl Evaluator for StarRating {
    const MANIFEST: Manifest = Manifest {
        name: "star-rating",
        version: env!("CARGO_PKG_VERSION"),
        title: Wording { zh: "星级评定", en: "Star rating" },
        summary: Wording {
            zh: "按得分线评一至五星；指数为星数的五分之一。",
            en: "One to five stars by thresholds; the index is a fifth of the stars.",
        },
        columns: Columns::Any,
        settings: &[
            threshold("two_stars", 0.6, "二星的最低得分", "least points for two stars"),
            threshold("three_stars", 0.7, "三星的最低得分", "least points for three stars"),
            threshold("four_stars", 0.8, "四星的最低得分", "least points for four stars"),
            threshold("five_stars", 0.9, "五星的最低得分", "least points for five stars"),
        ],
        vetoes: &[],
        authors: &["linli"],
        licence: "Apache-2.0",
    };

    fn configure(settings: &Settings) -> Result<Self, Fault> {
        let thresholds = THRESHOLDS.map(|it| settings.number(it));
        if let Some(place) = thresholds.windows(2).position(|it| it[1] < it[0]) {
            let (less, more) = (THRESHOLDS[place], THRESHOLDS[place + 1]);
            return Err(Fault::BadSettings(format!("`{more}` is below `{less}`, expected at least that")));
        }
        Ok(Self { thresholds })
    }

    fn evaluate(&self, batch: &Batch, weights: &[f64]) -> Result<Vec<DistrictIndex>, Fault> {
        let columns = batch.numbers()?;
        if weights.len() != columns.len() {
            let (found, expected) = (weights.len(), columns.len());
            return Err(Fault::Other(format!("{found} weights, expected {expected}: one per indicator")));
        }
        let row = |row: usize| columns.iter().map(|(_, it)| it.get(row)).collect::<Vec<_>>();
        Ok((0..batch.rows as usize).map(|it| self.one(&row(it), weights)).collect())
    }
}

linli_sdk::export_evaluator!(StarRating);

#[cfg(test)]
mod tests {
    use super::*;
    use linli_sdk::{Column, ColumnData};

    fn plugin(settings: &str) -> Result<StarRating, Fault> {
        StarRating::configure(&Settings::read(StarRating::MANIFEST.settings, settings)?)
    }

    #[test]
    fn a_threshold_is_reached_by_its_own_points() {
        let plugin = plugin("{}").unwrap();
        let stars = [0.0, 0.599, 0.6, 0.7, 0.8, 0.9, 1.0].map(|it| plugin.stars(it));
        assert_eq!(stars, [1, 1, 2, 3, 4, 5, 5]);
    }

    /// (0.5 · 1 + 1.0 · 3) / 4 = 0.875: four stars, of which one part in seven comes from the first.
    #[test]
    fn what_lies_between_two_thresholds_is_equal() {
        let plugin = plugin("{}").unwrap();
        let answer = plugin.one(&[Some(0.5), Some(1.0)], &[1.0, 3.0]);
        assert_eq!(answer.index, Some(0.8));
        assert!((answer.contributions[0] - 0.8 / 7.0).abs() < 1e-12, "{answer:?}");
        assert!((answer.contributions.iter().sum::<f64>() - 0.8).abs() < 1e-12, "{answer:?}");
        assert_eq!(plugin.one(&[Some(0.81), Some(0.81)], &[1.0, 3.0]).index, Some(0.8));
    }

    #[test]
    fn a_gap_is_not_a_zero() {
        let plugin = plugin("{}").unwrap();
        assert_eq!(plugin.one(&[Some(1.0), None], &[1.0, 9.0]).contributions, [1.0, 0.0]);
        let nothing = DistrictIndex { index: None, contributions: vec![0.0, 0.0] };
        assert_eq!(plugin.one(&[None, None], &[1.0, 1.0]), nothing);
        assert_eq!(plugin.one(&[Some(1.0), None], &[0.0, 1.0]), nothing);
    }

    #[test]
    fn without_points_the_first_star_is_shared_by_weight() {
        let answer = plugin("{}").unwrap().one(&[Some(0.0), Some(0.0)], &[1.0, 3.0]);
        assert_eq!(answer, DistrictIndex { index: Some(0.2), contributions: vec![0.05, 0.2 * 0.75] });
    }

    #[test]
    fn weights_of_any_size_can_be_added() {
        for weight in [f64::MAX, f64::MIN_POSITIVE] {
            assert_eq!(plugin("{}").unwrap().one(&[Some(1.0); 3], &[weight; 3]).index, Some(1.0));
        }
    }

    #[test]
    fn thresholds_are_settings_and_rise() {
        assert_eq!(plugin(r#"{"five_stars": 0.85}"#).unwrap().stars(0.86), 5);
        assert_eq!(plugin(r#"{"two_stars": 0, "three_stars": 0}"#).unwrap().stars(0.0), 3);
        let problem = "`four_stars` is below `three_stars`, expected at least that";
        assert_eq!(plugin(r#"{"four_stars": 0.5}"#).err(), Some(Fault::BadSettings(problem.into())));
    }

    #[test]
    fn the_plugin_reads_its_columns_and_wants_a_weight_for_each() {
        let column = Column {
            name: "a".into(),
            validity: Some(vec![1, 0]),
            data: ColumnData::F64s(vec![0.75, f64::NAN]),
        };
        let batch = Batch { rows: 2, columns: vec![column] };
        let plugin = plugin("{}").unwrap();
        let answers = plugin.evaluate(&batch, &[2.0]).unwrap();
        assert_eq!([answers[0].index, answers[1].index], [Some(0.6), None]);
        let fault = Fault::Other("0 weights, expected 1: one per indicator".into());
        assert_eq!(plugin.evaluate(&batch, &[]), Err(fault));
    }
}
