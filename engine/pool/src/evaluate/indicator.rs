//! Indicators as they stand in `queries/indicator/`, and what they measure per place.

use std::collections::BTreeMap;

use arrow_array::{Array, Float64Array};
use linli_query::{Frame, Library, ParamValue, Params, Query, Session, integer_at, text_at};

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
///
/// **Errors.** A header without a weight, or with a direction that is not known: our mistake.
pub(super) fn all() -> Result<Vec<Indicator>> {
    Library::embedded()?.queries().filter(|it| it.folder == "indicator").map(read).collect()
}

fn read(query: &Query) -> Result<Indicator> {
    let key = |name: &str| query.keys.get(name).map(String::as_str).unwrap_or_default();
    let wrong = |name: &str, expected: &str| linli_query::Error::Engine {
        cause: format!("queries/indicator/{}.sql: {name} `{}`, expected {expected}", query.name, key(name)),
    };
    // Costs would have to be turned round before they are weighed; no indicator is one.
    if key("direction") != "benefit" {
        return Err(wrong("direction", "`benefit`").into());
    }
    Ok(Indicator {
        name: query.name.clone(),
        digest: query.digest.clone(),
        weight: key("weight").parse().map_err(|_| wrong("weight", "a whole number of thousandths"))?,
        counts_cases: query.keys.contains_key("cases"),
    })
}

/// Which places are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    District,
    Community,
}

impl Level {
    /// Its name, which is that of the table of its places.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::District => "district",
            Self::Community => "community",
        }
    }

    /// The column that names a place.
    const fn column(self) -> &'static str {
        match self {
            Self::District => "district_id",
            Self::Community => "community_id",
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
    /// Nothing for a community that stands in no table and whose rows name no district.
    pub district_id: Option<String>,
    pub counts: Vec<Option<Count>>,
}

impl Place {
    /// How many cases the place has: the denominator of the indicator that counts them.
    pub(super) fn cases(&self, indicators: &[Indicator]) -> i64 {
        let counted = indicators.iter().zip(&self.counts).filter(|(it, _)| it.counts_cases);
        counted.filter_map(|(_, it)| *it).map(|it| it.denominator).sum()
    }
}

/// All places of one level, by id: those of its table and those that an indicator names.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    pub level: Level,
    pub places: Vec<Place>,
    /// Cases that name no place of this level.
    pub unplaced: i64,
}

impl Measured {
    pub(super) async fn read(
        pool: &Pool,
        session: &Session,
        indicators: &[Indicator],
        identity: &Identity,
        level: Level,
    ) -> Result<Self> {
        let mut places = Places { known: BTreeMap::new(), indicators: indicators.len() };
        let (table, column) = (level.as_str(), level.column());
        let sql = format!("SELECT {column} AS place_id, district_id FROM {table} ORDER BY place_id");
        let rows = pool.frame(session, &sql, &Params::default()).await?;
        let (ids, districts) = (rows.texts("place_id")?, rows.texts("district_id")?);
        for row in 0..rows.rows() {
            places.get(ids.value(row), text_at(&districts, row));
        }
        let mut params = Params::default();
        let instant = |at: Option<i64>| at.map_or(ParamValue::Null, ParamValue::Timestamp);
        params.set("from", instant(identity.from));
        params.set("to", instant(identity.to));
        let mut unplaced = 0;
        for (position, indicator) in indicators.iter().enumerate() {
            let (schema, batches) = session.query(&indicator.name, &params).await?.collect().await?;
            let rows = Frame::new(&schema, &batches)?;
            let (ids, districts) = (rows.texts(column)?, rows.texts("district_id")?);
            let (numerators, denominators) = (rows.integers("numerator")?, rows.integers("denominator")?);
            let bounds = rows.numbers("lo").and_then(|lo| Ok((lo, rows.numbers("hi")?))).ok();
            for row in 0..rows.rows() {
                let denominator = integer_at(&denominators, row).unwrap_or(0);
                let Some(id) = text_at(&ids, row) else {
                    unplaced += if indicator.counts_cases { denominator } else { 0 };
                    continue;
                };
                let place = places.get(id, text_at(&districts, row));
                let count = place.counts[position].get_or_insert_default();
                count.numerator += integer_at(&numerators, row).unwrap_or(0);
                count.denominator += denominator;
                count.bounds = bounds.as_ref().and_then(|it| bounds_at(it, row)).or(count.bounds);
            }
        }
        Ok(Self { level, places: places.known.into_values().collect(), unplaced })
    }

    /// Which indicators every place with cases has: places are compared by these only, because
    /// an index over different indicators compares nothing. A place without cases has nothing
    /// to be compared, so it takes nothing away from the others.
    pub(super) fn common(&self, indicators: &[Indicator]) -> Vec<bool> {
        let judged: Vec<&Place> = self.places.iter().filter(|it| it.cases(indicators) > 0).collect();
        let has = |place: &Place, position: usize| place.counts[position].and_then(Count::value).is_some();
        (0..indicators.len())
            .map(|position| !judged.is_empty() && judged.iter().all(|it| has(it, position)))
            .collect()
    }
}

/// Places as they become known.
struct Places {
    known: BTreeMap<String, Place>,
    indicators: usize,
}

impl Places {
    /// The place of that id; its district is the first that somebody names.
    fn get(&mut self, id: &str, district: Option<&str>) -> &mut Place {
        let place = self.known.entry(id.to_owned()).or_insert_with(|| Place {
            place_id: id.to_owned(),
            district_id: None,
            counts: vec![None; self.indicators],
        });
        if place.district_id.is_none() {
            place.district_id = district.map(str::to_owned);
        }
        place
    }
}

fn bounds_at((lo, hi): &(Float64Array, Float64Array), row: usize) -> Option<(f64, f64)> {
    (lo.is_valid(row) && hi.is_valid(row)).then(|| (lo.value(row), hi.value(row)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(numerator: i64, denominator: i64) -> Count {
        Count { numerator, denominator, bounds: None }
    }

    #[test]
    fn few_cases_leave_a_wide_interval() {
        let (lo, hi) = share(22, 22).interval().expect("an interval");
        assert!(lo < 0.86 && hi == 1.0, "{lo} {hi}");
        let (lo, hi) = share(494, 501).interval().expect("an interval");
        assert!(lo > 0.97 && hi < 0.995, "{lo} {hi}");
        assert_eq!(share(0, 0).value(), None);
        assert_eq!(share(0, 0).interval(), None);
    }

    #[test]
    fn published_words_bound_what_cases_cannot() {
        let count = Count { bounds: Some((0.0, 1.0)), ..share(153, 207) };
        assert_eq!(count.interval(), Some((0.0, 1.0)));
    }

    #[test]
    fn every_indicator_has_a_weight_and_one_counts_the_cases() {
        let all = all().expect("indicators");
        assert!(all.len() >= 6);
        assert!(all.iter().all(|it| it.weight > 0));
        let counting: Vec<&str> =
            all.iter().filter(|it| it.counts_cases).map(|it| it.name.as_str()).collect();
        assert_eq!(counting, ["completion"]);
    }

    #[test]
    fn a_header_that_cannot_be_weighed_is_an_error() {
        let library = Library::embedded().expect("a library");
        let query = library.query("completion").expect("a query");
        assert_eq!(read(query).expect("an indicator").weight, 250);
        for (key, value) in [("weight", "much"), ("weight", ""), ("direction", "cost"), ("direction", "")] {
            let mut query = query.clone();
            query.keys.insert(key.to_owned(), value.to_owned());
            let error = read(&query).expect_err("an error").to_string();
            assert!(error.contains(&format!("completion.sql: {key} `{value}`")), "{error}");
        }
    }

    #[test]
    fn only_places_with_cases_decide_what_is_compared() {
        let indicator = |name: &str, counts_cases| Indicator {
            name: name.to_owned(),
            digest: String::new(),
            weight: 100,
            counts_cases,
        };
        let indicators = [indicator("completion", true), indicator("visits", false)];
        let place = |counts: [Option<Count>; 2]| Place {
            place_id: String::new(),
            district_id: None,
            counts: counts.to_vec(),
        };
        let common = |places: &[Place]| {
            Measured { level: Level::District, places: places.to_vec(), unplaced: 0 }.common(&indicators)
        };
        let (full, other) = (place([Some(share(3, 4)), Some(share(1, 2))]), place([Some(share(1, 9)); 2]));
        let quiet = place([None, Some(share(0, 0))]);
        assert_eq!(common(&[full.clone(), other.clone()]), [true, true]);
        assert_eq!(common(&[full.clone(), other, quiet.clone()]), [true, true]);
        let partial = place([Some(share(1, 2)), Some(share(0, 0))]);
        assert_eq!(common(&[full, partial]), [true, false]);
        assert_eq!(common(&[quiet]), [false, false]);
        assert_eq!(common(&[]), [false, false]);
    }
}
