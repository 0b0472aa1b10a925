//! Indicators as they stand in `queries/indicator/`, and what they measure per place.

use std::collections::BTreeMap;

use linli_query::{Library, ParamValue, Params, Session, integer_at, text_at};

use super::Identity;
use crate::{Pool, Result};

/// One indicator: a share, better when higher.
#[derive(Debug, Clone)]
pub(super) struct Indicator {
    /// The query's name.
    pub name: String,
    /// The digest of its text.
    pub digest: String,
    /// Its weight in thousandths, from the header.
    pub weight: u32,
    /// Its denominator is what people call the cases of a place.
    pub counts_cases: bool,
}

/// Every indicator of the library, by name.
pub(super) fn all() -> Result<Vec<Indicator>> {
    let library = Library::embedded()?;
    Ok(library
        .queries()
        .filter(|it| it.folder == "indicator")
        .map(|it| Indicator {
            name: it.name.clone(),
            digest: it.digest.clone(),
            weight: it.keys.get("weight").and_then(|it| it.parse().ok()).unwrap_or(0),
            counts_cases: it.keys.contains_key("cases"),
        })
        .collect())
}

/// Which places are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    District,
    Community,
}

impl Level {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::District => "district",
            Self::Community => "community",
        }
    }
}

/// One indicator of one place.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Count {
    pub numerator: i64,
    pub denominator: i64,
    /// Bounds that come from published words; without them, from the number of cases.
    pub bounds: Option<(f64, f64)>,
}

impl Count {
    /// The share, or nothing where there is nothing to measure.
    pub(super) fn value(self) -> Option<f64> {
        (self.denominator > 0).then(|| self.numerator as f64 / self.denominator as f64)
    }

    /// Within which bounds the share lies: published ones, else Wilson's 95 % interval.
    ///
    /// With n cases, share p and z = 1.96:
    /// (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n).
    /// Source: Wilson 1927, JASA 22:209.
    pub(super) fn interval(self) -> Option<(f64, f64)> {
        const Z: f64 = 1.96;
        if self.bounds.is_some() {
            return self.bounds;
        }
        let (p, n) = (self.value()?, self.denominator as f64);
        let middle = p + Z * Z / (2.0 * n);
        let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        let scale = 1.0 + Z * Z / n;
        Some((((middle - half) / scale).max(0.0), ((middle + half) / scale).min(1.0)))
    }
}

/// A place and what was measured there, one entry per indicator.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub place_id: String,
    pub district_id: String,
    pub counts: Vec<Option<Count>>,
}

/// All places of one level.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    pub level: Level,
    pub places: Vec<Place>,
}

impl Measured {
    pub(super) async fn read(
        pool: &Pool,
        session: &Session,
        indicators: &[Indicator],
        identity: &Identity,
        level: Level,
    ) -> Result<Self> {
        let mut places: BTreeMap<String, Place> = BTreeMap::new();
        let sql = match level {
            Level::District => "SELECT district_id AS place_id, district_id FROM district ORDER BY place_id",
            Level::Community => {
                "SELECT community_id AS place_id, district_id FROM community ORDER BY place_id"
            }
        };
        let known = pool.frame(session, sql, &Params::default()).await?;
        let (ids, districts) = (known.texts("place_id")?, known.texts("district_id")?);
        for row in 0..known.rows() {
            let id = ids.value(row).to_owned();
            let district_id = text_at(&districts, row).unwrap_or_default().to_owned();
            places.insert(
                id.clone(),
                Place { place_id: id, district_id, counts: vec![None; indicators.len()] },
            );
        }
        let mut params = Params::default();
        let instant = |at: Option<i64>| at.map_or(ParamValue::Null, ParamValue::Timestamp);
        params.set("from", instant(identity.from));
        params.set("to", instant(identity.to));
        for (position, indicator) in indicators.iter().enumerate() {
            let (schema, batches) = session.query(&indicator.name, &params).await?.collect().await?;
            let rows = linli_query::Frame::new(&schema, &batches)?;
            let place = match level {
                Level::District => rows.texts("district_id")?,
                Level::Community => rows.texts("community_id")?,
            };
            let (numerators, denominators) = (rows.integers("numerator")?, rows.integers("denominator")?);
            let bounds = match (rows.numbers("lo"), rows.numbers("hi")) {
                (Ok(lo), Ok(hi)) => Some((lo, hi)),
                _ => None,
            };
            for row in 0..rows.rows() {
                let Some(place) = text_at(&place, row).and_then(|it| places.get_mut(it)) else { continue };
                let count = place.counts[position].get_or_insert_with(Count::default);
                count.numerator += integer_at(&numerators, row).unwrap_or(0);
                count.denominator += integer_at(&denominators, row).unwrap_or(0);
                if let Some((lo, hi)) = &bounds
                    && !arrow_array::Array::is_null(lo, row)
                    && !arrow_array::Array::is_null(hi, row)
                {
                    count.bounds = Some((lo.value(row), hi.value(row)));
                }
            }
        }
        let places = places.into_values().filter(|it| it.counts.iter().any(Option::is_some)).collect();
        Ok(Self { level, places })
    }
}

impl Measured {
    /// Which indicators every place has: places are compared by these only, because an index
    /// over different indicators compares nothing.
    pub(super) fn common(&self, indicators: usize) -> Vec<bool> {
        let has = |place: &Place, position: usize| place.counts[position].and_then(Count::value).is_some();
        (0..indicators).map(|position| self.places.iter().all(|it| has(it, position))).collect()
    }
}

impl Place {
    /// How many cases the place has.
    pub(super) fn cases(&self, indicators: &[Indicator]) -> i64 {
        let counted = indicators.iter().zip(&self.counts).filter(|(it, _)| it.counts_cases);
        counted.filter_map(|(_, it)| *it).map(|it| it.denominator).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_cases_leave_a_wide_interval() {
        let share = |numerator, denominator| Count { numerator, denominator, bounds: None };
        let (lo, hi) = share(22, 22).interval().expect("an interval");
        assert!(lo < 0.86 && hi == 1.0, "{lo} {hi}");
        let (lo, hi) = share(494, 501).interval().expect("an interval");
        assert!(lo > 0.97 && hi < 0.995, "{lo} {hi}");
        assert_eq!(share(0, 0).value(), None);
        assert_eq!(share(0, 0).interval(), None);
    }

    #[test]
    fn published_words_bound_what_cases_cannot() {
        let count = Count { numerator: 153, denominator: 207, bounds: Some((0.0, 1.0)) };
        assert_eq!(count.interval(), Some((0.0, 1.0)));
    }

    #[test]
    fn every_indicator_has_a_weight() {
        let all = all().expect("indicators");
        assert!(all.len() >= 6);
        assert!(all.iter().all(|it| it.weight > 0));
    }
}
