//! A complete team, mixed of social workers and volunteers, for elders.
//!
//! ```text
//! score = 0.5 · min(members / team_size, 1)
//!       + 0.5     at least one social worker and at least one volunteer     for needs of elders
//!       = 0.5     for everybody                                             for other needs
//! ```
//!
//! Three who come together can talk, tidy up and keep an eye on each other, and the social worker
//! shows the volunteers how. Whoever is no team (null) comes alone and counts as one member, and
//! a team whose social workers are not known (null) has none. `target_group` says which needs are
//! those of elders; a need that names no group is another need.
//!
//! Source: twelve groups of three for twelve elders, social workers leading volunteers, S3-M1 and
//! S3-F15, told with the practice of Malu of Jing'an Temple, Shanghai. How they were mixed was not
//! published: one of each kind, and the shares, are ours.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

use linli_sdk::{
    Batch, ColumnType, ColumnWanted, Columns, Fault, Manifest, Scorer, Scores, Setting, SettingType,
    Settings, Wording,
};

const NO_MATTER: f64 = 0.5;
const COMPLETE: f64 = 0.5;
const MIXED: f64 = 0.5;

/// The score of one candidate. Counts below 0 mean 0.
pub fn score(group: Option<&str>, members: Option<i64>, social_workers: Option<i64>, size: f64) -> f64 {
    if !matches!(group, Some("elderly" | "lonely_elder")) {
        return NO_MATTER;
    }
    let (members, social_workers) = (members.unwrap_or(1).max(0), social_workers.unwrap_or(0));
    let mixed = if (1..members).contains(&social_workers) { MIXED } else { 0.0 };
    COMPLETE * (members as f64 / size).min(1.0) + mixed
}

/// The plugin with its setting.
pub struct VisitTeam {
    team_size: f64,
}

impl Scorer for VisitTeam {
    const MANIFEST: Manifest = Manifest {
        name: "visit-team",
        version: env!("CARGO_PKG_VERSION"),
        title: Wording { zh: "结组走访", en: "Visit team" },
        summary: Wording {
            zh: "走访老人，人数齐全、社工带义工的小组优先。",
            en: "For elders a complete team in which social workers lead volunteers comes first.",
        },
        columns: Columns::Named(&[
            ColumnWanted { name: "target_group", ty: ColumnType::Text },
            ColumnWanted { name: "team_members", ty: ColumnType::I64 },
            ColumnWanted { name: "team_social_workers", ty: ColumnType::I64 },
        ]),
        settings: &[Setting {
            name: "team_size",
            meaning: Wording { zh: "小组的齐全人数", en: "people who make a team complete" },
            ty: SettingType::Number { default: 3.0, min: 1.0, max: 100.0 },
        }],
        vetoes: &[],
        authors: &["linli"],
        licence: "Apache-2.0",
    };

    fn configure(settings: &Settings) -> Result<Self, Fault> {
        Ok(Self { team_size: settings.number("team_size") })
    }

    fn score(&self, batch: &Batch) -> Result<Scores, Fault> {
        let group = batch.texts("target_group")?;
        let (members, social_workers) = (batch.i64s("team_members")?, batch.i64s("team_social_workers")?);
        Ok(Scores::new(
            (0..batch.rows as usize)
                .map(|row| score(group.get(row), members.get(row), social_workers.get(row), self.team_size)),
        ))
    }
}

linli_sdk::export_scorer!(VisitTeam);

#[cfg(test)]
mod tests {
    use super::*;
    use linli_sdk::{Column, ColumnData, TextColumn, configured};

    #[test]
    fn three_of_both_kinds_could_not_be_better() {
        assert_eq!(score(Some("lonely_elder"), Some(3), Some(1), 3.0), 1.0);
        assert_eq!(score(Some("elderly"), Some(4), Some(3), 3.0), 1.0);
    }

    #[test]
    fn one_kind_alone_is_half_as_good() {
        for social_workers in [Some(0), Some(3), None] {
            assert_eq!(score(Some("elderly"), Some(3), social_workers, 3.0), 0.5);
        }
    }

    /// 0.5 · 2/3 + 0.5 for two of both kinds; 0.5 · 1/4 for whoever comes alone to a team of four.
    #[test]
    fn who_is_missing_is_missed() {
        let two = score(Some("elderly"), Some(2), Some(1), 3.0);
        assert!((two - 5.0 / 6.0).abs() < 1e-12, "{two}");
        assert_eq!(score(Some("elderly"), None, None, 4.0), 0.125);
    }

    #[test]
    fn needs_of_others_are_none_of_its_business() {
        for group in [None, Some("student"), Some("other"), Some("")] {
            assert_eq!(score(group, Some(3), Some(1), 3.0), 0.5);
            assert_eq!(score(group, None, None, 3.0), 0.5);
        }
    }

    #[test]
    fn absurd_counts_stay_in_range() {
        for members in [i64::MIN, -1, 0, 1, i64::MAX] {
            for social_workers in [i64::MIN, -1, 0, 1, i64::MAX] {
                let it = score(Some("elderly"), Some(members), Some(social_workers), 1.0);
                assert!((0.0..=1.0).contains(&it), "{members} {social_workers}: {it}");
            }
        }
    }

    #[test]
    fn the_plugin_reads_its_columns_and_its_setting() {
        let column = |name: &str, validity, data| Column { name: name.into(), validity, data };
        let groups = TextColumn { offsets: vec![0, 7, 14, 21], bytes: "elderlyelderlyelderly".into() };
        let columns = vec![
            column("target_group", Some(vec![1, 1, 0]), ColumnData::Texts(groups)),
            column("team_members", Some(vec![1, 0, 1]), ColumnData::I64s(vec![2, 9, 2])),
            column("team_social_workers", Some(vec![1, 0, 1]), ColumnData::I64s(vec![1, 9, 1])),
        ];
        let plugin: VisitTeam = configured(r#"{"team_size": 2}"#).unwrap();
        assert_eq!(plugin.score(&Batch { rows: 3, columns }).unwrap().values, [1.0, 0.25, 0.5]);
    }
}
