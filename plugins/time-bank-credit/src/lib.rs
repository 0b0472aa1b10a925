//! A community that gave more help than it received comes first.
//!
//! ```text
//! score = (given + start) / (given + received + 2 · start)
//! ```
//!
//! Both sides begin with `start_h` hours, so that the first hours move little: even accounts, new
//! ones and those of needs without a community (null) score 0.5. The account is the community's,
//! because no table says which resident is which volunteer. Urgency stays above it whatever the
//! weight: tiers are served one after the other, and a score chooses within a tier only.
//!
//! Source: giving and receiving are one savings account of kindness, S1-M16 of the 365 practice
//! (Nanming district, Guiyang), which proposes that who serves is served with preference; the
//! account of communities and the formula are ours.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

use linli_sdk::{
    Batch, ColumnType, ColumnWanted, Columns, Fault, Manifest, Scorer, Scores, Setting, SettingType,
    Settings, Wording,
};

const MIN_PER_H: f64 = 60.0;

/// The score of all candidates of one need; what is below 0 or not known is nothing.
///
/// **Units.** Minutes.
pub fn score(given: Option<i64>, received: Option<i64>, start: f64) -> f64 {
    let [given, received] = [given, received].map(|it| it.unwrap_or(0).max(0) as f64 + start);
    given / (given + received)
}

/// The plugin with its setting.
pub struct TimeBankCredit {
    start_h: f64,
}

impl Scorer for TimeBankCredit {
    const MANIFEST: Manifest = Manifest {
        name: "time-bank-credit",
        version: env!("CARGO_PKG_VERSION"),
        title: Wording { zh: "爱心储蓄", en: "Time bank credit" },
        summary: Wording {
            zh: "付出多于获得的社区优先得到服务。",
            en: "A community that gave more help than it received comes first.",
        },
        columns: Columns::Named(&[
            ColumnWanted { name: "community_given_min", ty: ColumnType::I64 },
            ColumnWanted { name: "community_received_min", ty: ColumnType::I64 },
        ]),
        settings: &[Setting {
            name: "start_h",
            meaning: Wording {
                zh: "账户两侧的起始小时数",
                en: "hours with which both sides of an account begin",
            },
            ty: SettingType::Number { default: 10.0, min: 0.1, max: 10_000.0 },
        }],
        vetoes: &[],
        authors: &["linli"],
        licence: "Apache-2.0",
    };

    fn configure(settings: &Settings) -> Result<Self, Fault> {
        Ok(Self { start_h: settings.number("start_h") })
    }

    fn score(&self, batch: &Batch) -> Result<Scores, Fault> {
        let (given, received) = (batch.i64s("community_given_min")?, batch.i64s("community_received_min")?);
        let accounts = given.iter().zip(received.iter());
        let start = self.start_h * MIN_PER_H;
        Ok(Scores::new(accounts.map(|(given, received)| score(given, received, start))))
    }
}

linli_sdk::export_scorer!(TimeBankCredit);

#[cfg(test)]
mod tests {
    use super::*;
    use linli_sdk::{Column, ColumnData, configured};

    /// With 10 h at the start: (20 + 10) / (20 + 0 + 20) = 0.75, and the other way round.
    #[test]
    fn who_gave_more_comes_first() {
        assert_eq!(score(Some(1200), Some(0), 600.0), 0.75);
        assert_eq!(score(Some(0), Some(1200), 600.0), 0.25);
        assert_eq!(score(Some(1200), Some(1200), 600.0), 0.5);
    }

    #[test]
    fn an_account_without_entries_is_even() {
        assert_eq!(score(None, None, 600.0), 0.5);
        assert_eq!(score(Some(0), Some(0), 6.0), 0.5);
        assert_eq!(score(Some(-5), None, 600.0), 0.5);
    }

    #[test]
    fn absurd_accounts_stay_in_range() {
        for given in [0, i64::MAX] {
            for received in [0, i64::MAX] {
                let it = score(Some(given), Some(received), 6.0);
                assert!((0.0..=1.0).contains(&it), "{given} {received}: {it}");
            }
        }
    }

    #[test]
    fn the_plugin_reads_its_columns_and_its_setting() {
        let column = |name: &str, validity, minutes| Column {
            name: name.into(),
            validity,
            data: ColumnData::I64s(minutes),
        };
        let columns = vec![
            column("community_given_min", None, vec![180, 60]),
            column("community_received_min", Some(vec![1, 0]), vec![60, 60]),
        ];
        let plugin: TimeBankCredit = configured(r#"{"start_h": 1}"#).unwrap();
        let values = plugin.score(&Batch { rows: 2, columns }).unwrap().values;
        // 240 / 360, and 120 / 180 where nothing is known of what was received.
        assert_eq!(values, [240.0 / 360.0, 120.0 / 180.0]);
    }
}
