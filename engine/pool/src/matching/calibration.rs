//! Makes the scores of districts that bring plugins of their own comparable with all others.
//!
//! ```text
//! the district's own scores, sorted      s₁ ≤ s₂ ≤ … ≤ sₙ      of the same n candidates:
//! the incumbent's scores, sorted         r₁ ≤ r₂ ≤ … ≤ rₙ      all that neither vetoes
//!
//! map(s) = mean of rᵢ … rⱼ, halves to even,   where s = sᵢ = … = sⱼ
//!        = map of the next smaller score,     where s is none of them
//!        = map(s₁)                            where s is smaller than all
//!        = 0                                  where there are none
//! ```
//!
//! So a district decides which of its candidates are better than which, and the incumbent how much
//! its candidates may weigh beside those of others: whatever order-keeping change its plugin makes
//! to its scores, they count the same. Equal scores stay equal, a larger one never counts less, and
//! all of them together count as much as the incumbent's, to the rounding of means.
//!
//! The plugin that scores a district alone vetoes there. A candidate that one of both vetoes is no
//! part of the comparison; one that the incumbent alone vetoes counts by the map like any other.
//!
//! Source: rank-based quantile mapping, Panofsky and Brier 1968, "Some Applications of Statistics
//! to Meteorology"; ties as in Bolstad et al. 2003, "A comparison of normalization methods for high
//! density oligonucleotide array data", Bioinformatics 19(2).

use std::collections::BTreeMap;

use arrow_array::RecordBatch;
use linli_model::Score;
use linli_query::{Frame, Session};

use super::{Scored, Scorers, StoredRun, run_param};
use crate::book::Page;
use crate::{Pool, Result};

/// One score that a district's own plugin gave, and what it counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    pub raw: Score,
    pub calibrated: Score,
    /// Candidates with this score that neither plugin vetoes.
    pub candidates: usize,
}

/// What the scores of one plugin in one district count as: by raw score, ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct QuantileMap(Vec<Step>);

impl QuantileMap {
    /// The map from one plugin's scores to another's.
    ///
    /// **Shape.** As many scores of either, of the same candidates, in any order.
    /// **Cost.** Two sorts.
    pub(crate) fn new(mut own: Vec<Score>, mut reference: Vec<Score>) -> Self {
        own.sort_unstable();
        reference.sort_unstable();
        let mut steps = Vec::new();
        let mut rest = reference.as_slice();
        for equal in own.chunk_by(|a, b| a == b) {
            let (counted, behind) = rest.split_at(equal.len().min(rest.len()));
            rest = behind;
            if let Some(calibrated) = Score::mean(counted) {
                steps.push(Step { raw: equal[0], calibrated, candidates: equal.len() });
            }
        }
        Self(steps)
    }

    /// What a score counts as.
    pub(crate) fn at(&self, raw: Score) -> Score {
        let up_to = self.0.partition_point(|it| it.raw <= raw);
        self.0.get(up_to.saturating_sub(1)).map_or(Score::WORST, |it| it.calibrated)
    }
}

/// The maps of a run, by the positions of district and scorer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Maps(BTreeMap<(usize, usize), QuantileMap>);

impl Maps {
    /// Asks both plugins about every candidate of each district that brings one of its own.
    ///
    /// **Shape.** `offices` says by row of the candidates whose they are.
    /// **Errors.** Those of [`Scorers::score`].
    /// **Cost.** Every candidate of such a district is scored twice, by the incumbent and by its
    /// own plugin, also where a match could do without it: the map must not depend on which
    /// candidates were looked at first.
    pub(crate) fn fit(
        scorers: &Scorers,
        candidates: &RecordBatch,
        offices: &[Option<usize>],
    ) -> Result<Self> {
        let mut maps = Self::default();
        for office in 0..scorers.offices.len() {
            let rows: Vec<u32> =
                (0..).zip(offices).filter(|(_, it)| **it == Some(office)).map(|(row, _)| row).collect();
            if rows.is_empty() {
                continue;
            }
            let positions = scorers.own_positions(office);
            let own = scorers.speakers(office, &positions).score(candidates, &rows)?;
            let reference = scorers.incumbents(&positions).score(candidates, &rows)?;
            for (asked, position) in positions.into_iter().enumerate() {
                let passed = |it: &Scored| it.vetoes.iter().all(|(by, _)| *by != asked);
                let both = own.iter().zip(&reference).filter(|(a, b)| passed(a) && passed(b));
                let (own, reference) = both.map(|(a, b)| (a.parts[asked], b.parts[asked])).unzip();
                maps.0.insert((office, position), QuantileMap::new(own, reference));
            }
        }
        Ok(maps)
    }

    /// What a score by a district's own plugin counts as.
    pub(super) fn at(&self, office: usize, scorer: usize, raw: Score) -> Score {
        self.0.get(&(office, scorer)).map_or(Score::WORST, |it| it.at(raw))
    }

    /// The maps as rows.
    pub(super) fn page(&self, run: &str, scorers: &Scorers) -> Page {
        let mut page = Page::new("calibration");
        for ((office, scorer), map) in &self.0 {
            let reference = &scorers.scorers[*scorer];
            let speaker = scorers.speaker(Some(*office), *scorer);
            for step in &map.0 {
                page.add([
                    ("run_id", run.into()),
                    ("scorer", reference.choice.name.as_str().into()),
                    ("district_id", scorers.offices[*office].district_id.as_str().into()),
                    ("digest", speaker.digest().into()),
                    ("reference_digest", reference.plugin.digest().into()),
                    ("raw", i64::from(step.raw.millionths()).into()),
                    ("calibrated", i64::from(step.calibrated.millionths()).into()),
                    ("candidates", (step.candidates as i64).into()),
                ]);
            }
        }
        page
    }

    fn read(rows: &Frame, scorers: &Scorers) -> Result<Self> {
        let (names, districts) = (rows.texts("scorer")?, rows.texts("district_id")?);
        let (raw, calibrated) = (rows.integers("raw")?, rows.integers("calibrated")?);
        let counts = rows.integers("candidates")?;
        let mut maps = Self::default();
        for row in 0..rows.rows() {
            let office = scorers.office(Some(districts.value(row)));
            let scorer = scorers.scorers.iter().position(|it| it.choice.name == names.value(row));
            let scores = [raw.value(row), calibrated.value(row)].map(Score::from_millionths);
            // What does not fit the run was not written by it; `verify` says so.
            if let (Some(office), Some(scorer), [Some(raw), Some(calibrated)]) = (office, scorer, scores) {
                let candidates = usize::try_from(counts.value(row)).unwrap_or(0);
                maps.0.entry((office, scorer)).or_default().0.push(Step { raw, calibrated, candidates });
            }
        }
        Ok(maps)
    }
}

impl Pool {
    /// The maps of a run as it stored them.
    pub(crate) async fn stored_maps(
        &self,
        session: &Session,
        run: &StoredRun,
        scorers: &Scorers,
    ) -> Result<Maps> {
        Maps::read(&self.frame(session, STEPS, &run_param(&run.run_id)).await?, scorers)
    }
}

const STEPS: &str = "SELECT scorer, district_id, raw, calibrated, candidates FROM calibration \
    WHERE run_id = $run ORDER BY scorer, district_id, raw";

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(millionths: &[i64]) -> Vec<Score> {
        millionths.iter().filter_map(|it| Score::from_millionths(*it)).collect()
    }

    fn mapped(own: &[i64], reference: &[i64]) -> Vec<i32> {
        let map = QuantileMap::new(scores(own), scores(reference));
        scores(own).into_iter().map(|it| map.at(it).millionths()).collect()
    }

    #[test]
    fn whatever_keeps_the_order_counts_the_same() {
        let reference = [700_000, 100_000, 400_000, 400_000];
        for own in
            [[700_000, 100_000, 400_000, 400_000], [1_000_000, 999_997, 999_998, 999_998], [3, 0, 1, 1]]
        {
            assert_eq!(mapped(&own, &reference), [700_000, 100_000, 400_000, 400_000]);
        }
    }

    #[test]
    fn another_order_gives_the_same_scores_to_others() {
        assert_eq!(mapped(&[1, 2, 3, 4], &[900_000, 5, 700_000, 6]), [5, 6, 700_000, 900_000]);
    }

    #[test]
    fn equal_scores_count_as_the_mean_of_theirs_halves_to_even() {
        assert_eq!(mapped(&[9, 9, 9], &[0, 500_000, 1_000_000]), [500_000; 3]);
        assert_eq!(mapped(&[9, 9, 8], &[4, 5, 0]), [4, 4, 0]);
        assert_eq!(mapped(&[9, 9, 8], &[5, 6, 0]), [6, 6, 0]);
    }

    #[test]
    fn a_score_that_was_not_there_counts_as_the_next_smaller_one() {
        let map = QuantileMap::new(scores(&[10, 20]), scores(&[300, 400]));
        let at = |raw: i64| map.at(scores(&[raw])[0]).millionths();
        assert_eq!([0, 10, 15, 20, 1_000_000].map(at), [300, 300, 300, 400, 400]);
        assert_eq!(QuantileMap::default().at(Score::BEST), Score::WORST);
    }

    #[test]
    fn a_larger_score_never_counts_less_and_nothing_is_gained_in_all() {
        let mut seed = 7_u64;
        let mut draw = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i64::try_from((seed >> 33) % below).unwrap_or(0)
        };
        for count in 1..200 {
            let own: Vec<i64> = (0..count).map(|_| draw(50)).collect();
            let reference: Vec<i64> = (0..count).map(|_| draw(1_000_001)).collect();
            let map = QuantileMap::new(scores(&own), scores(&reference));
            assert!(map.0.is_sorted_by(|a, b| a.raw < b.raw && a.calibrated <= b.calibrated));
            let counted: i64 = mapped(&own, &reference).into_iter().map(i64::from).sum();
            let off = (counted - reference.iter().sum::<i64>()).abs();
            assert!(2 * off <= own.len() as i64, "{off} millionths over {count} candidates");
        }
    }
}
