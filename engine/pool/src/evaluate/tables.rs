//! An evaluation as rows.

use linli_query::Change;

use super::draws::Standing;
use super::indicator::{Count, Place};
use super::{DRAWS, Found, Identity};
use crate::Result;
use crate::book::{Cell, Page};

/// Which evaluation, which level, which place: the first cells of every row about a place.
type Key = [(&'static str, Cell); 3];

pub(super) fn write(identity: &Identity, found: &Found) -> Result<Vec<Change>> {
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
        ("settings", identity.settings.as_str().into()),
        ("digest", identity.digest.as_str().into()),
        ("query_digest", identity.query_digest.as_str().into()),
        ("draws", Cell::Integer(i64::from(DRAWS))),
        ("unplaced", found.unplaced.into()),
        ("synthetic", found.synthetic.into()),
    ]);
    let mut pages = Pages {
        indicator: Page::new("indicator"),
        contribution: Page::new("contribution"),
        index: Page::new("district_index"),
        rank: Page::new("district_rank"),
    };
    for (measured, standings) in &found.levels {
        for (place, standing) in measured.places.iter().zip(standings) {
            let key = [
                ("evaluation_id", Cell::from(id)),
                ("level", measured.level.as_str().into()),
                ("place_id", place.place_id.as_str().into()),
            ];
            pages.add_place(&key, found, place, standing);
            for (position, count) in place.counts.iter().enumerate() {
                if let Some(count) = count {
                    pages.add_indicator(&key, found, (place, standing), position, *count);
                }
            }
        }
    }
    let Pages { indicator, contribution, index, rank } = pages;
    [evaluation, indicator, index, rank, contribution].into_iter().map(Page::append).collect()
}

/// The rows about places.
struct Pages {
    indicator: Page,
    contribution: Page,
    index: Page,
    rank: Page,
}

impl Pages {
    fn add_place(&mut self, key: &Key, found: &Found, place: &Place, standing: &Standing) {
        let missing = found
            .indicators
            .iter()
            .zip(&place.counts)
            .filter(|(_, count)| count.and_then(Count::value).is_none())
            .map(|(it, _)| it.name.clone())
            .collect();
        let [evaluation, level, place_id] = key.clone();
        self.index.add([
            evaluation,
            level,
            place_id,
            ("district_id", place.district_id.as_deref().into()),
            ("index", standing.index.into()),
            ("cases", place.cases(&found.indicators).into()),
            ("missing", Cell::List(missing)),
        ]);
        let [evaluation, level, place_id] = key.clone();
        self.rank.add([
            evaluation,
            level,
            place_id,
            ("rank", standing.rank.into()),
            ("rank_lo", standing.rank_lo.into()),
            ("rank_hi", standing.rank_hi.into()),
        ]);
    }

    fn add_indicator(
        &mut self,
        key: &Key,
        found: &Found,
        (place, standing): (&Place, &Standing),
        position: usize,
        count: Count,
    ) {
        let name = found.indicators[position].name.as_str();
        let weight = found.weights[position];
        let interval = count.interval();
        let [evaluation, level, place_id] = key.clone();
        self.indicator.add([
            evaluation,
            ("indicator", name.into()),
            level,
            place_id,
            ("district_id", place.district_id.as_deref().into()),
            ("numerator", count.numerator.into()),
            ("denominator", count.denominator.into()),
            ("value", count.value().into()),
            ("lo", interval.map(|(lo, _)| lo).into()),
            ("hi", interval.map(|(_, hi)| hi).into()),
            ("cases", count.denominator.into()),
        ]);
        // What is not measured, not compared or part of no index adds nothing, not even zero.
        let is_part = count.value().is_some() && weight.is_some() && standing.index.is_some();
        let contribution = standing.contributions.get(position).copied().filter(|_| is_part);
        let [evaluation, level, place_id] = key.clone();
        self.contribution.add([
            evaluation,
            level,
            place_id,
            ("indicator", name.into()),
            ("weight", weight.unwrap_or(0.0).into()),
            ("value", count.value().into()),
            ("contribution", contribution.into()),
        ]);
    }
}
