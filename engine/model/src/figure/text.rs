//! Figures in words. No qualifier is ever lost, and what is written here reads as the same figure
//! where its unit is one that can be read.

use super::interval::{End, Interval};
use super::unit::PERCENT;
use super::{Figure, Qualifier};

/// Words that stand for a figure as a whole: Chinese and English.
pub(super) const ALL: [&str; 2] = ["全部", "all"];
pub(super) const MAJORITY: [&str; 2] = ["多数", "most"];
pub(super) const DERIVED: [&str; 2] = ["无定值", "no single value"];

/// The language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Language {
    /// The language of a tag: `zh`, `en`.
    pub fn parse(tag: &str) -> Option<Self> {
        match tag {
            "zh" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    const fn of(self, words: [&'static str; 2]) -> &'static str {
        match self {
            Self::Zh => words[0],
            Self::En => words[1],
        }
    }
}

impl Figure {
    /// The figure in words.
    ///
    /// | qualifier | zh | en |
    /// |---|---|---|
    /// | `exact` | `2470户` | `2470 户` |
    /// | `over` | `150多户`, `98%多` | `150+ 户`, `98%+` |
    /// | `nearly` | `近99%` | `<99%` |
    /// | `at_least` | `≥20平方米` | `≥20 平方米` |
    /// | `range` | `2–3`, `>10–<20`, `≤5` | the same |
    /// | `about` | `≈10人` | `≈10 人` |
    /// | `all`, `majority` | `全部`, `多数` | `all`, `most` |
    /// | `derived` | `无定值（>0）` | `no single value (>0)` |
    pub fn text(&self, language: Language) -> String {
        let unit = self.suffix(language);
        let (min, max) = (self.bounds.min.map(|it| it.value), self.bounds.max.map(|it| it.value));
        // A float prints as the shortest decimal that reads as it.
        let value = self.point.or(min).or(max).unwrap_or_default();
        let is_share = self.unit.as_deref() == Some(PERCENT);
        match (self.qualifier, language) {
            (Qualifier::Exact, _) => format!("{value}{unit}"),
            (Qualifier::Over, Language::Zh) if is_share => format!("{value}%多"),
            (Qualifier::Over, Language::En) if is_share => format!("{value}%+"),
            (Qualifier::Over, Language::Zh) => format!("{value}多{unit}"),
            (Qualifier::Over, Language::En) => format!("{value}+{unit}"),
            (Qualifier::Nearly, Language::Zh) => format!("近{value}{unit}"),
            (Qualifier::Nearly, Language::En) => format!("<{value}{unit}"),
            (Qualifier::AtLeast, _) => format!("≥{value}{unit}"),
            (Qualifier::About, _) => format!("≈{value}{unit}"),
            (Qualifier::All, _) => format!("{}{unit}", language.of(ALL)),
            (Qualifier::Majority, _) => format!("{}{unit}", language.of(MAJORITY)),
            (Qualifier::Range, _) => format!("{}{unit}", bounds(&self.bounds)),
            (Qualifier::Derived, _) => {
                let words = language.of(DERIVED);
                match (bounds(&self.bounds), language) {
                    (none, _) if none.is_empty() => words.to_owned(),
                    (some, Language::Zh) => format!("{words}（{some}{unit}）"),
                    (some, Language::En) => format!("{words} ({some}{unit})"),
                }
            }
        }
    }

    /// The unit as it stands behind a number: Chinese words without a space in Chinese.
    fn suffix(&self, language: Language) -> String {
        match self.unit.as_deref() {
            None => String::new(),
            Some(PERCENT) => PERCENT.to_owned(),
            Some(unit) if language == Language::Zh && !unit.starts_with(|it: char| it.is_ascii()) => {
                unit.to_owned()
            }
            Some(unit) => format!(" {unit}"),
        }
    }
}

fn bounds(bounds: &Interval) -> String {
    let end =
        |it: End, open: &str, closed: &str| format!("{}{}", if it.open { open } else { closed }, it.value);
    match (bounds.min, bounds.max) {
        (None, None) => String::new(),
        (Some(min), None) => end(min, ">", "≥"),
        (None, Some(max)) => end(max, "<", "≤"),
        (Some(min), Some(max)) => format!("{}–{}", end(min, ">", ""), end(max, "<", "")),
    }
}
