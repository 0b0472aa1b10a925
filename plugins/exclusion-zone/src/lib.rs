//! No merchant within 200 m of a school.
//!
//! ```text
//! veto 1   exclusion_distance_m ≤ within_m
//! score    1 for everybody else
//! ```
//!
//! It sees one distance, rounded to 10 m, and no coordinates. The distance is null for volunteers,
//! for merchants without a place of their own, and where no kindergarten or school on file is near:
//! what is not known forbids nothing. All others score alike, so that beside other scorers this one
//! decides by its veto alone.
//!
//! Source: temporary markets in Beijing may not stand within 200 m of the gates of kindergartens,
//! primary and secondary schools, a rule told beside the 3351 practice (S0, side items).
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

use linli_sdk::{
    Batch, ColumnType, ColumnWanted, Columns, Fault, Manifest, Scorer, Scores, Setting, SettingType,
    Settings, VetoCode, Wording,
};

const TOO_NEAR: u16 = 1;

/// Whether a merchant at this distance is ruled out.
///
/// **Units.** Metres; a distance below 0 is 0.
pub fn is_inside(exclusion_distance_m: Option<i64>, within_m: f64) -> bool {
    exclusion_distance_m.is_some_and(|it| it.max(0) as f64 <= within_m)
}

/// The plugin with its setting.
pub struct ExclusionZone {
    within_m: f64,
}

impl Scorer for ExclusionZone {
    const MANIFEST: Manifest = Manifest {
        name: "exclusion-zone",
        version: env!("CARGO_PKG_VERSION"),
        title: Wording { zh: "校园周边禁设", en: "Exclusion zone" },
        summary: Wording {
            zh: "幼儿园、中小学门口200米以内的商户不派。",
            en: "No merchant within 200 m of the gate of a kindergarten or school.",
        },
        columns: Columns::Named(&[ColumnWanted { name: "exclusion_distance_m", ty: ColumnType::I64 }]),
        settings: &[Setting {
            name: "within_m",
            meaning: Wording {
                zh: "禁设距离（米），含边界",
                en: "merchants as near as this or nearer are ruled out, in metres",
            },
            // Farther away nothing is known, see the column.
            ty: SettingType::Number { default: 200.0, min: 0.0, max: 1000.0 },
        }],
        vetoes: &[VetoCode {
            code: TOO_NEAR,
            wording: Wording {
                zh: "离幼儿园或学校太近", en: "too near to a kindergarten or school"
            },
        }],
        authors: &["linli"],
        licence: "Apache-2.0",
    };

    fn configure(settings: &Settings) -> Result<Self, Fault> {
        Ok(Self { within_m: settings.number("within_m") })
    }

    fn score(&self, batch: &Batch) -> Result<Scores, Fault> {
        let exclusion_distance_m = batch.i64s("exclusion_distance_m")?;
        let mut scores = Scores::new(exclusion_distance_m.iter().map(|_| 1.0));
        for (row, distance) in (0..batch.rows).zip(exclusion_distance_m.iter()) {
            if is_inside(distance, self.within_m) {
                scores.veto(row, TOO_NEAR);
            }
        }
        Ok(scores)
    }
}

linli_sdk::export_scorer!(ExclusionZone);

#[cfg(test)]
mod tests {
    use super::*;
    use linli_sdk::{Column, ColumnData, configured};

    fn vetoes(settings: &str) -> Vec<(u32, u16)> {
        let data = ColumnData::I64s(vec![200, 210, 0, 50, -10]);
        let validity = Some(vec![1, 1, 0, 1, 1]);
        let columns = vec![Column { name: "exclusion_distance_m".into(), validity, data }];
        let plugin: ExclusionZone = configured(settings).unwrap();
        let scores = plugin.score(&Batch { rows: 5, columns }).unwrap();
        assert_eq!(scores.values, [1.0; 5]);
        scores.vetoes.iter().map(|it| (it.row, it.code)).collect()
    }

    #[test]
    fn two_hundred_metres_are_within_and_the_unknown_is_not() {
        assert_eq!(vetoes("{}"), [(0, TOO_NEAR), (3, TOO_NEAR), (4, TOO_NEAR)]);
    }

    #[test]
    fn a_district_draws_its_own_line() {
        assert_eq!(vetoes(r#"{"within_m": 210}"#).len(), 4);
        assert_eq!(vetoes(r#"{"within_m": 0}"#), [(4, TOO_NEAR)]);
        assert!(configured::<ExclusionZone>(r#"{"within_m": 1001}"#).is_err());
    }

    #[test]
    fn absurd_distances_are_no_trouble() {
        assert!(!is_inside(Some(i64::MAX), 1000.0));
        assert!(is_inside(Some(i64::MIN), 0.0));
    }
}
