//! The same pair again is better.
//!
//! ```text
//! score = stranger_score + (1 − stranger_score) · days_met / (days_met + halving_days)
//! ```
//!
//! `days_met` are the days before the plan on which the provider served this need or visited its
//! household. The first meetings count most: half of what trust can add comes with `halving_days`.
//! A null is no meeting on record, and whoever was not met is a stranger, which is not bad.
//!
//! Source: young volunteers became friends for years of the elders whom they visit (忘年交), S3-M2
//! of the practice of Malu, Jiading, told of the visit groups of Jing'an Temple, Shanghai; the
//! curve and its defaults are ours.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

use linli_sdk::{
    Batch, ColumnType, ColumnWanted, Columns, Fault, Manifest, Scorer, Scores, Setting, SettingType,
    Settings, Wording,
};

/// The plugin with its settings.
pub struct Continuity {
    stranger_score: f64,
    halving_days: f64,
}

impl Continuity {
    /// The score of one candidate; days below 0 are none.
    pub fn one(&self, days_met: Option<i64>) -> f64 {
        let days = days_met.unwrap_or(0).max(0) as f64;
        self.stranger_score + (1.0 - self.stranger_score) * (days / (days + self.halving_days))
    }
}

impl Scorer for Continuity {
    const MANIFEST: Manifest = Manifest {
        name: "continuity",
        version: env!("CARGO_PKG_VERSION"),
        title: Wording { zh: "延续结对", en: "Continuity" },
        summary: Wording {
            zh: "曾服务过同一家庭者优先，往来越多越好。",
            en: "Who has met the same household before comes first, the more often the better.",
        },
        columns: Columns::Named(&[ColumnWanted { name: "days_met", ty: ColumnType::I64 }]),
        settings: &[
            Setting {
                name: "stranger_score",
                meaning: Wording { zh: "从未往来者的得分", en: "score of who was never met" },
                ty: SettingType::Number { default: 0.5, min: 0.0, max: 1.0 },
            },
            Setting {
                name: "halving_days",
                meaning: Wording {
                    zh: "取得一半加分的往来天数",
                    en: "days of meeting that bring half of what can be added",
                },
                ty: SettingType::Number { default: 1.0, min: 0.1, max: 1000.0 },
            },
        ],
        vetoes: &[],
        authors: &["linli"],
        licence: "Apache-2.0",
    };

    fn configure(settings: &Settings) -> Result<Self, Fault> {
        let stranger_score = settings.number("stranger_score");
        Ok(Self { stranger_score, halving_days: settings.number("halving_days") })
    }

    fn score(&self, batch: &Batch) -> Result<Scores, Fault> {
        let days_met = batch.i64s("days_met")?;
        Ok(Scores::new(days_met.iter().map(|it| self.one(it))))
    }
}

linli_sdk::export_scorer!(Continuity);

#[cfg(test)]
mod tests {
    use super::*;
    use linli_sdk::{Column, ColumnData, configured};

    /// 0.5 + 0.5 · (0, 1/2, 3/4).
    #[test]
    fn the_first_meetings_count_most() {
        let plugin: Continuity = configured("{}").unwrap();
        assert_eq!([0, 1, 3].map(|it| plugin.one(Some(it))), [0.5, 0.75, 0.875]);
    }

    #[test]
    fn without_a_meeting_on_record_both_are_strangers() {
        let plugin: Continuity = configured(r#"{"stranger_score": 0.2}"#).unwrap();
        assert_eq!([None, Some(-1), Some(0)].map(|it| plugin.one(it)), [0.2; 3]);
    }

    #[test]
    fn old_friends_stay_in_range() {
        for text in ["{}", r#"{"stranger_score": 1}"#, r#"{"stranger_score": 0, "halving_days": 0.1}"#] {
            let plugin: Continuity = configured(text).unwrap();
            for days in [1, 1_000_000, i64::MAX] {
                assert!((0.0..=1.0).contains(&plugin.one(Some(days))), "{text} {days}");
            }
        }
    }

    #[test]
    fn the_plugin_reads_its_column_and_its_settings() {
        let data = ColumnData::I64s(vec![2, 9]);
        let columns = vec![Column { name: "days_met".into(), validity: Some(vec![1, 0]), data }];
        let plugin: Continuity = configured(r#"{"stranger_score": 0, "halving_days": 6}"#).unwrap();
        assert_eq!(plugin.score(&Batch { rows: 2, columns }).unwrap().values, [0.25, 0.0]);
    }
}
