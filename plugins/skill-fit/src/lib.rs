//! Has the skills asked for, and not many that others may need more.
//!
//! Volunteers go to the posts that fit their skill or hobby. A generalist who takes a need that
//! any neighbour could serve is missing where nobody else can help, so spare skills cost a little.
//!
//! ```text
//! score = 0.8 · matched / required          0.6 where the need asks for no skill
//!       + 0.2                               the provider's speciality or post is this service
//!       − 0.1 · spare / (spare + 4)         spare = offered − matched
//! ```
//!
//! Cut to 0 … 1. Source: rule S1-M1 of the 365 practice, "skill or hobby → post" (Nanming
//! district, Guiyang, 2010); the numbers are ours.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

use linli_sdk::{
    Batch, ColumnType, ColumnWanted, Columns, Fault, Manifest, Scorer, Scores, Settings, Wording, count,
};

const COVERED: f64 = 0.8;
/// Below a need whose skills are all there, above one where a quarter is missing.
const NOTHING_ASKED: f64 = 0.6;
const SPECIALITY: f64 = 0.2;
const SPARE_COST: f64 = 0.1;
/// So many spare skills cost half of [`SPARE_COST`].
const SPARE_HALF: f64 = 4.0;

/// The score of one candidate. Counts below 0 mean 0.
pub fn score(required: i64, matched: i64, offered: i64, speciality: bool) -> f64 {
    let (required, matched) = (count(required), count(matched));
    let spare = (count(offered) - matched).max(0.0);
    let base = if required > 0.0 { COVERED * (matched / required).min(1.0) } else { NOTHING_ASKED };
    let raise = if speciality { SPECIALITY } else { 0.0 };
    (base + raise - SPARE_COST * (spare / (spare + SPARE_HALF))).clamp(0.0, 1.0)
}

/// The plugin; it has no settings.
pub struct SkillFit;

impl Scorer for SkillFit {
    const MANIFEST: Manifest = Manifest {
        name: "skill-fit",
        version: env!("CARGO_PKG_VERSION"),
        title: Wording { zh: "技能对口", en: "Skill fit" },
        summary: Wording {
            zh: "技能齐全、专长对口者优先；技能有余者略让，留给更需要的地方。",
            en: "Has the skills asked for, best as a speciality; spare skills cost a little.",
        },
        columns: Columns::Named(&[
            ColumnWanted { name: "skills_required", ty: ColumnType::I64 },
            ColumnWanted { name: "skills_matched", ty: ColumnType::I64 },
            ColumnWanted { name: "skills_offered", ty: ColumnType::I64 },
            ColumnWanted { name: "speciality", ty: ColumnType::Bool },
        ]),
        settings: &[],
        vetoes: &[],
        authors: &["linli"],
        licence: "Apache-2.0",
    };

    fn configure(_: &Settings) -> Result<Self, Fault> {
        Ok(Self)
    }

    /// Null counts are 0, a null speciality is none.
    fn score(&self, batch: &Batch) -> Result<Scores, Fault> {
        let required = batch.i64s("skills_required")?.or(0);
        let matched = batch.i64s("skills_matched")?.or(0);
        let offered = batch.i64s("skills_offered")?.or(0);
        let speciality = batch.bools("speciality")?.or(false);
        let rows = required.iter().zip(&matched).zip(&offered).zip(&speciality);
        Ok(Scores::new(rows.map(|(((required, matched), offered), speciality)| {
            score(*required, *matched, *offered, *speciality)
        })))
    }
}

linli_sdk::export_scorer!(SkillFit);

#[cfg(test)]
mod tests {
    use super::*;
    use linli_sdk::{Column, ColumnData, configured};

    #[test]
    fn a_specialist_with_nothing_to_spare_could_not_be_better() {
        assert_eq!(score(2, 2, 2, true), 1.0);
    }

    #[test]
    fn who_has_all_skills_beats_who_lacks_one() {
        assert!(score(2, 2, 2, false) > score(2, 1, 1, true));
    }

    #[test]
    fn a_generalist_yields_but_never_falls_behind_a_gap() {
        assert!(score(2, 2, 9, false) < score(2, 2, 2, false));
        assert!(score(4, 4, 1_000_000, false) > score(4, 3, 3, false));
    }

    #[test]
    fn a_need_without_skills_is_neutral() {
        assert_eq!(score(0, 0, 0, false), 0.6);
        assert!((score(0, 0, 4, true) - 0.75).abs() < 1e-12);
    }

    #[test]
    fn every_score_lies_between_0_and_1() {
        let counts = [i64::MIN, -1, 0, 1, 2, 7, i64::MAX];
        for required in counts {
            for matched in counts {
                for offered in counts {
                    for speciality in [false, true] {
                        let it = score(required, matched, offered, speciality);
                        assert!((0.0..=1.0).contains(&it), "{required} {matched} {offered}: {it}");
                    }
                }
            }
        }
    }

    #[test]
    fn nulls_count_as_nothing() {
        let column = |name: &str, data| Column { name: name.into(), validity: Some(vec![0]), data };
        let columns = vec![
            column("skills_required", ColumnData::I64s(vec![3])),
            column("skills_matched", ColumnData::I64s(vec![3])),
            column("skills_offered", ColumnData::I64s(vec![3])),
            column("speciality", ColumnData::Bools(vec![1])),
        ];
        let plugin: SkillFit = configured("{}").unwrap();
        assert_eq!(plugin.score(&Batch { rows: 1, columns }).unwrap().values, [0.6]);
    }
}
