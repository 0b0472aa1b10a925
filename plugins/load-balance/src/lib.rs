//! Who has done much lately is asked less.
//!
//! ```text
//! score = halving / (halving + recent_tasks)
//! ```
//!
//! Limits of days and weeks keep a volunteer from too much, and still let the same few do all of
//! it. `recent_tasks` are those of the four weeks before the plan; nobody is ever ruled out.
//! Nothing on record, and a null, are no tasks: a newcomer is asked first.
//!
//! Source: those who receive people's concerns take turns by a rota, S1-M9 of the 365 practice
//! (Nanming district, Guiyang), and posts have deputies and rotating holidays, S2-M8 of 2833
//! (Cangzhou). The curve and its default are ours.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

use linli_sdk::{
    Batch, ColumnType, ColumnWanted, Columns, Fault, Manifest, Scorer, Scores, Setting, SettingType,
    Settings, Wording,
};

/// The score of one candidate; tasks below 0 are none.
pub fn score(recent_tasks: Option<i64>, halving_tasks: f64) -> f64 {
    halving_tasks / (halving_tasks + recent_tasks.unwrap_or(0).max(0) as f64)
}

/// The plugin with its setting.
pub struct LoadBalance {
    halving_tasks: f64,
}

impl Scorer for LoadBalance {
    const MANIFEST: Manifest = Manifest {
        name: "load-balance",
        version: env!("CARGO_PKG_VERSION"),
        title: Wording { zh: "均衡派单", en: "Load balance" },
        summary: Wording {
            zh: "近四周任务少者优先。",
            en: "Who had few tasks in the last four weeks comes first.",
        },
        columns: Columns::Named(&[ColumnWanted { name: "recent_tasks", ty: ColumnType::I64 }]),
        settings: &[Setting {
            name: "halving_tasks",
            meaning: Wording {
                zh: "得分减半的近四周任务数", en: "tasks in four weeks that halve the score"
            },
            ty: SettingType::Number { default: 4.0, min: 0.1, max: 1000.0 },
        }],
        vetoes: &[],
        authors: &["linli"],
        licence: "Apache-2.0",
    };

    fn configure(settings: &Settings) -> Result<Self, Fault> {
        Ok(Self { halving_tasks: settings.number("halving_tasks") })
    }

    fn score(&self, batch: &Batch) -> Result<Scores, Fault> {
        let recent_tasks = batch.i64s("recent_tasks")?;
        Ok(Scores::new(recent_tasks.iter().map(|it| score(it, self.halving_tasks))))
    }
}

linli_sdk::export_scorer!(LoadBalance);

#[cfg(test)]
mod tests {
    use super::*;
    use linli_sdk::{Column, ColumnData, configured};

    /// 4 / 4, 4 / 5, 4 / 8, 4 / 16.
    #[test]
    fn each_task_costs_less_than_the_one_before() {
        let scores = [0, 1, 4, 12].map(|it| score(Some(it), 4.0));
        assert_eq!(scores, [1.0, 0.8, 0.5, 0.25]);
    }

    #[test]
    fn nothing_on_record_is_nothing_done() {
        assert_eq!(score(None, 4.0), 1.0);
        assert_eq!(score(Some(-3), 4.0), 1.0);
    }

    #[test]
    fn absurd_loads_stay_in_range() {
        for halving in [0.1, 1000.0] {
            assert!((0.0..=1.0).contains(&score(Some(i64::MAX), halving)));
            assert_eq!(score(Some(i64::MIN), halving), 1.0);
        }
    }

    #[test]
    fn the_plugin_reads_its_column_and_its_setting() {
        let data = ColumnData::I64s(vec![2, 6, 9]);
        let columns = vec![Column { name: "recent_tasks".into(), validity: Some(vec![1, 1, 0]), data }];
        let plugin: LoadBalance = configured(r#"{"halving_tasks": 2}"#).unwrap();
        assert_eq!(plugin.score(&Batch { rows: 3, columns }).unwrap().values, [0.5, 0.25, 1.0]);
    }
}
