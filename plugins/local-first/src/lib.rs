//! The own community first, then the district, then everybody.
//!
//! ```text
//! score = 1                  need and provider belong to one community
//!         district_score     to one district
//!         elsewhere_score    otherwise, also where it is not known
//! ```
//!
//! A centre keeps the character of its community, and what it lacks comes out of a pool that all
//! communities share: so neighbours go first and nobody is kept out.
//!
//! Source: rule S4-M2 of the 3+X practice, Nanxing street, Hangzhou: the text asks for local
//! character and for sharing and weighs neither; the numbers are ours.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

use linli_sdk::{
    Batch, ColumnType, ColumnWanted, Columns, Fault, Manifest, Scorer, Scores, Setting, SettingType,
    Settings, Wording,
};

/// The plugin with its settings.
pub struct LocalFirst {
    district_score: f64,
    elsewhere_score: f64,
}

impl LocalFirst {
    /// The score of one candidate. Whoever is not known to be near counts as far.
    pub fn one(&self, same_community: Option<bool>, same_district: Option<bool>) -> f64 {
        match (same_community, same_district) {
            (Some(true), _) => 1.0,
            (_, Some(true)) => self.district_score,
            _ => self.elsewhere_score,
        }
    }
}

impl Scorer for LocalFirst {
    const MANIFEST: Manifest = Manifest {
        name: "local-first",
        version: env!("CARGO_PKG_VERSION"),
        title: Wording { zh: "本地优先", en: "Local first" },
        summary: Wording {
            zh: "本社区优先，其次本区县，再次全市共享。",
            en: "The own community first, then the district, then whoever shares.",
        },
        columns: Columns::Named(&[
            ColumnWanted { name: "same_community", ty: ColumnType::Bool },
            ColumnWanted { name: "same_district", ty: ColumnType::Bool },
        ]),
        settings: &[
            Setting {
                name: "district_score",
                meaning: Wording {
                    zh: "同区县、不同社区者的得分", en: "score within the district"
                },
                ty: SettingType::Number { default: 0.7, min: 0.0, max: 1.0 },
            },
            Setting {
                name: "elsewhere_score",
                meaning: Wording { zh: "外区县者的得分", en: "score of who comes from elsewhere" },
                ty: SettingType::Number { default: 0.4, min: 0.0, max: 1.0 },
            },
        ],
        vetoes: &[],
        authors: &["linli"],
        licence: "Apache-2.0",
    };

    fn configure(settings: &Settings) -> Result<Self, Fault> {
        let [district_score, elsewhere_score] =
            ["district_score", "elsewhere_score"].map(|it| settings.number(it));
        if elsewhere_score > district_score {
            let text = "`elsewhere_score` is above `district_score`, expected at most that";
            return Err(Fault::BadSettings(text.into()));
        }
        Ok(Self { district_score, elsewhere_score })
    }

    fn score(&self, batch: &Batch) -> Result<Scores, Fault> {
        let (community, district) = (batch.bools("same_community")?, batch.bools("same_district")?);
        let candidates = community.iter().zip(district.iter());
        Ok(Scores::new(candidates.map(|(community, district)| self.one(community, district))))
    }
}

linli_sdk::export_scorer!(LocalFirst);

#[cfg(test)]
mod tests {
    use super::*;
    use linli_sdk::{Column, ColumnData, configured};

    #[test]
    fn nearer_is_better_and_the_unknown_is_far() {
        let plugin: LocalFirst = configured("{}").unwrap();
        for (community, district, expected) in [
            (Some(true), Some(true), 1.0),
            // A community that lies in no district on file.
            (Some(true), None, 1.0),
            (Some(false), Some(true), 0.7),
            (None, Some(true), 0.7),
            (Some(false), Some(false), 0.4),
            (None, None, 0.4),
        ] {
            assert_eq!(plugin.one(community, district), expected, "{community:?} {district:?}");
        }
    }

    #[test]
    fn the_plugin_reads_its_columns_and_its_settings() {
        let column = |name: &str, validity, bools| Column {
            name: name.into(),
            validity,
            data: ColumnData::Bools(bools),
        };
        let columns = vec![
            column("same_community", None, vec![1, 0, 0]),
            column("same_district", Some(vec![1, 1, 0]), vec![1, 1, 1]),
        ];
        let text = r#"{"district_score": 0.5, "elsewhere_score": 0.5}"#;
        let plugin: LocalFirst = configured(text).unwrap();
        assert_eq!(plugin.score(&Batch { rows: 3, columns }).unwrap().values, [1.0, 0.5, 0.5]);
    }

    #[test]
    fn elsewhere_is_never_better_than_the_district() {
        let fault = configured::<LocalFirst>(r#"{"elsewhere_score": 0.8}"#).err().unwrap();
        let text = "`elsewhere_score` is above `district_score`, expected at most that";
        assert_eq!(fault, Fault::BadSettings(text.into()));
    }
}
