//! An evaluation as rows.

use linli_query::Change;

use super::Identity;
use super::draws::Outcome;
use super::indicator::{Indicator, Measured};
use crate::Result;
use crate::book::{Cell, Page};

pub(super) fn write(
    identity: &Identity,
    indicators: &[Indicator],
    levels: &[(Measured, Outcome)],
    draws: u32,
) -> Result<Vec<Change>> {
    let id = identity.evaluation_id.as_str();
    let mut evaluation = Page::new("evaluation");
    evaluation.add([
        ("evaluation_id", id.into()),
        ("snapshot", Cell::Integer(identity.snapshot as i64)),
        ("period", identity.period.as_str().into()),
        ("period_start", identity.from.map_or(Cell::None, Cell::Time)),
        ("period_end", identity.to.map_or(Cell::None, Cell::Time)),
        ("seed", identity.seed.into()),
        ("evaluator", identity.evaluator.as_str().into()),
        ("digest", identity.digest.as_str().into()),
        ("query_digest", identity.query_digest.as_str().into()),
        ("draws", Cell::Integer(i64::from(draws))),
    ]);
    let mut figures = Page::new("indicator");
    let mut indexes = Page::new("district_index");
    let mut ranks = Page::new("district_rank");
    let mut contributions = Page::new("contribution");
    for (measured, outcome) in levels {
        for (position, place) in measured.places.iter().enumerate() {
            let key = [
                ("evaluation_id", Cell::from(id)),
                ("level", measured.level.as_str().into()),
                ("place_id", place.place_id.as_str().into()),
            ];
            let [evaluation, level, place_id] = key;
            let index = &outcome.index[position];
            let missing = indicators
                .iter()
                .zip(&place.counts)
                .filter(|(_, count)| count.and_then(|it| it.value()).is_none())
                .map(|(it, _)| it.name.clone())
                .collect();
            indexes.add([
                evaluation.clone(),
                level.clone(),
                place_id.clone(),
                ("district_id", place.district_id.as_str().into()),
                ("index", index.index.into()),
                ("cases", place.cases(indicators).into()),
                ("missing", Cell::List(missing)),
            ]);
            ranks.add([
                evaluation.clone(),
                level.clone(),
                place_id.clone(),
                ("rank", outcome.rank[position].into()),
                ("rank_lo", outcome.rank_lo[position].into()),
                ("rank_hi", outcome.rank_hi[position].into()),
            ]);
            for (at, (indicator, count)) in indicators.iter().zip(&place.counts).enumerate() {
                let Some(count) = count else { continue };
                let interval = count.interval();
                figures.add([
                    evaluation.clone(),
                    ("indicator", indicator.name.as_str().into()),
                    level.clone(),
                    place_id.clone(),
                    ("district_id", place.district_id.as_str().into()),
                    ("numerator", count.numerator.into()),
                    ("denominator", count.denominator.into()),
                    ("value", count.value().into()),
                    ("lo", interval.map(|(lo, _)| lo).into()),
                    ("hi", interval.map(|(_, hi)| hi).into()),
                    ("cases", count.denominator.into()),
                ]);
                contributions.add([
                    evaluation.clone(),
                    level.clone(),
                    place_id.clone(),
                    ("indicator", indicator.name.as_str().into()),
                    ("weight", (f64::from(indicator.weight) / 1000.0).into()),
                    ("value", count.value().into()),
                    ("contribution", outcome.compared[at].then(|| index.contributions[at]).into()),
                ]);
            }
        }
    }
    [evaluation, figures, indexes, ranks, contributions].into_iter().map(Page::append).collect()
}
