//! From the community that is known for this service.
//!
//! ```text
//! score = 1                a service point of the provider's community is known for the service
//!         other_score      none is, or it is not known
//! ```
//!
//! No community has to be good at everything: one knows about waste and water, another has the
//! doctors, and each hands out what it is good at through the pool. Whoever comes from such a point
//! goes first; for a service that no point is known for all candidates are alike.
//!
//! Source: speciality service points (特色服务点), S4-M1 of the 3+X practice, Nanxing street,
//! Hangzhou; `other_score` is ours.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

use linli_sdk::{
    Batch, ColumnType, ColumnWanted, Columns, Fault, Manifest, Scorer, Scores, Setting, SettingType,
    Settings, Wording,
};

/// The score of one candidate.
pub fn score(speciality_point: Option<bool>, other_score: f64) -> f64 {
    if speciality_point == Some(true) { 1.0 } else { other_score }
}

/// The plugin with its setting.
pub struct SpecialityPoint {
    other_score: f64,
}

impl Scorer for SpecialityPoint {
    const MANIFEST: Manifest = Manifest {
        name: "speciality-point",
        version: env!("CARGO_PKG_VERSION"),
        title: Wording { zh: "特色服务点", en: "Speciality point" },
        summary: Wording {
            zh: "来自以此项服务见长的社区者优先。",
            en: "Who comes from a community known for this service goes first.",
        },
        columns: Columns::Named(&[ColumnWanted { name: "speciality_point", ty: ColumnType::Bool }]),
        settings: &[Setting {
            name: "other_score",
            meaning: Wording {
                zh: "其他社区者的得分", en: "score of who comes from any other community"
            },
            ty: SettingType::Number { default: 0.5, min: 0.0, max: 1.0 },
        }],
        vetoes: &[],
        authors: &["linli"],
        licence: "Apache-2.0",
    };

    fn configure(settings: &Settings) -> Result<Self, Fault> {
        Ok(Self { other_score: settings.number("other_score") })
    }

    fn score(&self, batch: &Batch) -> Result<Scores, Fault> {
        let speciality_point = batch.bools("speciality_point")?;
        Ok(Scores::new(speciality_point.iter().map(|it| score(it, self.other_score))))
    }
}

linli_sdk::export_scorer!(SpecialityPoint);

#[cfg(test)]
mod tests {
    use super::*;
    use linli_sdk::{Column, ColumnData, configured};

    #[test]
    fn who_comes_from_such_a_point_goes_first() {
        assert_eq!(score(Some(true), 0.5), 1.0);
        assert_eq!(score(Some(false), 0.5), 0.5);
    }

    #[test]
    fn what_is_not_known_is_no_speciality() {
        assert_eq!(score(None, 0.5), 0.5);
    }

    #[test]
    fn the_plugin_reads_its_column_and_its_setting() {
        let data = ColumnData::Bools(vec![1, 0, 1]);
        let columns = vec![Column { name: "speciality_point".into(), validity: Some(vec![1, 1, 0]), data }];
        let plugin: SpecialityPoint = configured(r#"{"other_score": 0.3}"#).unwrap();
        assert_eq!(plugin.score(&Batch { rows: 3, columns }).unwrap().values, [1.0, 0.3, 0.3]);
    }
}
