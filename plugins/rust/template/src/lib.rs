//! Neighbours first: who lives in the community of a need is better than who does not.
//!
//! What an unknown community is worth is decided here: as much as another one.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may panic"))]

use linli_sdk::{
    Batch, ColumnType, ColumnWanted, Columns, Fault, Manifest, Scorer, Scores, Setting, SettingType,
    Settings, Wording,
};

/// The score of one candidate, 0.0 (of no use) to 1.0 (could not be better).
pub fn score(same_community: Option<bool>, stranger_score: f64) -> f64 {
    if same_community == Some(true) { 1.0 } else { stranger_score }
}

/// The plugin with its settings.
pub struct MyPlugin {
    stranger_score: f64,
}

impl Scorer for MyPlugin {
    const MANIFEST: Manifest = Manifest {
        name: "my-plugin",
        version: env!("CARGO_PKG_VERSION"),
        title: Wording { zh: "本社区优先", en: "Neighbours first" },
        summary: Wording { zh: "本社区的人优先。", en: "Neighbours come first." },
        columns: Columns::Named(&[ColumnWanted { name: "same_community", ty: ColumnType::Bool }]),
        settings: &[Setting {
            name: "stranger_score",
            meaning: Wording { zh: "外社区者的得分", en: "score of who lives elsewhere" },
            ty: SettingType::Number { default: 0.5, min: 0.0, max: 1.0 },
        }],
        vetoes: &[],
        authors: &["you"],
        licence: "Apache-2.0",
    };

    fn configure(settings: &Settings) -> Result<Self, Fault> {
        Ok(Self { stranger_score: settings.number("stranger_score") })
    }

    fn score(&self, batch: &Batch) -> Result<Scores, Fault> {
        let same_community = batch.bools("same_community")?;
        Ok(Scores::new(same_community.iter().map(|it| score(it, self.stranger_score))))
    }
}

linli_sdk::export_scorer!(MyPlugin);

#[cfg(test)]
mod tests {
    use super::*;
    use linli_sdk::{Column, ColumnData, configured};

    fn scored(settings: &str) -> Vec<f64> {
        let validity = Some(vec![1, 1, 0]);
        let column =
            Column { name: "same_community".into(), validity, data: ColumnData::Bools(vec![1, 0, 1]) };
        let plugin: MyPlugin = configured(settings).unwrap();
        plugin.score(&Batch { rows: 3, columns: vec![column] }).unwrap().values
    }

    #[test]
    fn a_neighbour_could_not_be_better_and_the_unknown_is_a_stranger() {
        assert_eq!(scored("{}"), [1.0, 0.5, 0.5]);
        assert_eq!(scored(r#"{"stranger_score": 0.25}"#), [1.0, 0.25, 0.25]);
    }
}
