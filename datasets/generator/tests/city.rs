//! The generated city is as uneven as real ones, whole, and always the same.
//!
//! The measures of unevenness are written here on their own and are tried on even data as well:
//! a test that could not refuse it would say nothing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use linli_generator::city::{City, TABLES};

/// A tenth of the district of the text.
const SCALE: u64 = 100;

struct Rows(Vec<RecordBatch>);

impl Rows {
    fn of(city: &City, table: &str) -> Self {
        Self(city.batches(table).unwrap().collect())
    }

    fn texts(&self, column: &str) -> Vec<String> {
        let of = |it: &RecordBatch| {
            let texts = it.column_by_name(column).unwrap().as_string::<i32>().clone();
            (0..texts.len()).map(|row| texts.value(row).to_owned()).collect::<Vec<_>>()
        };
        self.0.iter().flat_map(of).collect()
    }

    fn lists(&self, column: &str) -> Vec<Vec<String>> {
        let of = |it: &RecordBatch| {
            let lists = it.column_by_name(column).unwrap().as_list::<i32>().clone();
            let list = |row: usize| {
                if lists.is_null(row) {
                    return vec![];
                }
                let items = lists.value(row);
                items.as_string::<i32>().iter().flatten().map(str::to_owned).collect()
            };
            (0..lists.len()).map(list).collect::<Vec<_>>()
        };
        self.0.iter().flat_map(of).collect()
    }

    fn numbers(&self, column: &str) -> Vec<f64> {
        let of = |it: &RecordBatch| {
            it.column_by_name(column).unwrap().as_primitive::<Float64Type>().values().to_vec()
        };
        self.0.iter().flat_map(of).collect()
    }

    fn wholes(&self, column: &str) -> Vec<i64> {
        let of = |it: &RecordBatch| {
            it.column_by_name(column).unwrap().as_primitive::<Int64Type>().values().to_vec()
        };
        self.0.iter().flat_map(of).collect()
    }

    fn times(&self, column: &str) -> Vec<Option<i64>> {
        let of = |it: &RecordBatch| {
            let times = it.column_by_name(column).unwrap().as_primitive::<TimestampMicrosecondType>().clone();
            times.iter().collect::<Vec<_>>()
        };
        self.0.iter().flat_map(of).collect()
    }

    fn len(&self) -> usize {
        self.0.iter().map(RecordBatch::num_rows).sum()
    }
}

fn counts<T: Ord>(of: impl IntoIterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    of.into_iter().for_each(|it| *counts.entry(it).or_default() += 1);
    counts
}

/// The share of all that the most frequent fifth of `places` places has.
fn top_fifth(counts: &BTreeMap<String, usize>, places: usize) -> f64 {
    let mut sizes: Vec<usize> = counts.values().copied().collect();
    sizes.sort_unstable_by(|left, right| right.cmp(left));
    let all: usize = sizes.iter().sum();
    sizes.iter().take(places / 5).sum::<usize>() as f64 / all as f64
}

/// Clark and Evans: the mean distance to the nearest neighbour over the one of points thrown at
/// random, 0.5 / √density. Below 1 is clustered.
fn clark_evans(points: &[(f64, f64)]) -> f64 {
    let nearest = |at: usize| {
        let (x, y) = points[at];
        let others = points.iter().enumerate().filter(|(other, _)| *other != at);
        others.map(|(_, it)| (it.0 - x).hypot(it.1 - y)).fold(f64::INFINITY, f64::min)
    };
    let mean = (0..points.len()).map(nearest).sum::<f64>() / points.len() as f64;
    let side = |of: fn(&(f64, f64)) -> f64| {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        points.iter().for_each(|it| (low, high) = (low.min(of(it)), high.max(of(it))));
        high - low
    };
    let density = points.len() as f64 / (side(|it| it.0) * side(|it| it.1));
    mean / (0.5 / density.sqrt())
}

/// The busiest hour's calls over the quietest third's mean.
fn day_and_night(hours: &BTreeMap<i64, usize>) -> f64 {
    let mut sizes: Vec<usize> = (0..24).map(|it| hours.get(&it).copied().unwrap_or(0)).collect();
    sizes.sort_unstable();
    let quiet = sizes[..8].iter().sum::<usize>() as f64 / 8.0;
    sizes[23] as f64 / quiet.max(1.0)
}

fn local_hour(at_us: i64) -> i64 {
    (at_us / 1_000_000 + 8 * 3600).rem_euclid(86_400) / 3600
}

#[test]
fn few_communities_ask_for_most() {
    let city = City::new(1_000, 7);
    let places = Rows::of(&city, "community").len();
    let needs = counts(Rows::of(&city, "need").texts("community_id"));
    let share = top_fifth(&needs, places);
    assert!(share > 0.6, "{share}");
    let even: BTreeMap<String, usize> = (0..places).map(|it| (it.to_string(), 100 + it % 7)).collect();
    assert!(top_fifth(&even, places) < 0.3, "even data is refused");
}

#[test]
fn people_live_in_clusters() {
    let city = City::new(SCALE, 7);
    let rows = Rows::of(&city, "volunteer");
    let points: Vec<(f64, f64)> = rows.numbers("lon").into_iter().zip(rows.numbers("lat")).collect();
    let index = clark_evans(&points);
    assert!(index < 0.7, "{index}");
    // A grid that is shaken a little, of as many points.
    let side = (points.len() as f64).sqrt() as usize;
    let even: Vec<(f64, f64)> = (0..side * side)
        .map(|it| ((it % side) as f64 + (it % 7) as f64 / 20.0, (it / side) as f64 + (it % 5) as f64 / 20.0))
        .collect();
    assert!(clark_evans(&even) > 0.9, "even data is refused");
}

#[test]
fn skills_are_scarce() {
    let city = City::new(SCALE, 7);
    let skills = counts(Rows::of(&city, "volunteer").lists("skills").into_iter().flatten());
    let (least, most) = (skills.values().min().unwrap(), skills.values().max().unwrap());
    assert!(most / least > 30, "{skills:?}");
    assert_eq!(skills.get("手语"), None);
    let wanted = counts(Rows::of(&city, "need").lists("skills").into_iter().flatten());
    assert!(wanted["手语"] > 0, "{wanted:?}");
}

#[test]
fn calls_come_by_day_and_hardly_by_night() {
    let city = City::new(SCALE, 7);
    let times = Rows::of(&city, "need").times("received_at");
    let ratio = day_and_night(&counts(times.into_iter().flatten().map(local_hour)));
    assert!(ratio > 10.0, "{ratio}");
    let even: BTreeMap<i64, usize> = (0..24).map(|it| (it, 100)).collect();
    assert!(day_and_night(&even) < 2.0, "even data is refused");
}

#[test]
fn a_district_of_22_cases_stands_beside_one_of_thousands() {
    let city = City::new(1_000, 7);
    let needs = Rows::of(&city, "need");
    let cases = needs.texts("district_id").into_iter().zip(needs.texts("status"));
    let cases = counts(cases.filter(|it| it.1 != "open").map(|it| it.0));
    assert_eq!(cases.values().min(), Some(&22), "{cases:?}");
    assert!(cases.values().max() > Some(&2_000), "{cases:?}");
    assert_eq!(cases.len(), Rows::of(&city, "district").len(), "every district has cases");
}

#[test]
fn more_than_15_percent_of_open_needs_are_in_vain_for_reasons_in_the_data() {
    let city = City::new(SCALE, 7);
    let needs = Rows::of(&city, "need");
    let have: BTreeSet<String> = Rows::of(&city, "volunteer").lists("skills").into_iter().flatten().collect();
    let offers = Rows::of(&city, "offer");
    let running: BTreeSet<String> = offers
        .0
        .iter()
        .flat_map(|it| {
            let (service, end) =
                (it.column_by_name("service_id").unwrap(), it.column_by_name("valid_to").unwrap());
            let service = service.as_string::<i32>();
            (0..it.num_rows())
                .filter(|row| end.is_null(*row))
                .map(|row| service.value(row).to_owned())
                .collect::<Vec<_>>()
        })
        .collect();
    // Somebody is free in these hours.
    let hours: BTreeSet<i64> = {
        let slots = Rows::of(&city, "availability");
        let spans = slots.times("start").into_iter().zip(slots.times("end"));
        spans.flat_map(|it| local_hour(it.0.unwrap())..=local_hour(it.1.unwrap() - 1)).collect()
    };
    let visited: BTreeSet<String> = {
        let shops = Rows::of(&city, "merchant");
        let visits: BTreeSet<String> = shops
            .0
            .iter()
            .flat_map(|it| {
                let (id, visit) =
                    (it.column_by_name("merchant_id").unwrap(), it.column_by_name("home_visit").unwrap());
                let (id, visit) = (id.as_string::<i32>(), visit.as_boolean());
                (0..it.num_rows())
                    .filter(|row| visit.value(*row))
                    .map(|row| id.value(row).to_owned())
                    .collect::<Vec<_>>()
            })
            .collect();
        let by = offers.texts("merchant_id").into_iter().zip(offers.texts("service_id"));
        by.filter(|it| visits.contains(&it.0)).map(|it| it.1).collect()
    };
    let (skills, services) = (needs.lists("skills"), needs.texts("service_id"));
    let (status, start, end) =
        (needs.texts("status"), needs.times("window_start"), needs.times("window_end"));
    let (mut open, mut vain) = (0, 0);
    for row in (0..needs.len()).filter(|it| status[*it] == "open") {
        open += 1;
        let shop = skills[row].is_empty();
        let span = local_hour(start[row].unwrap())..=local_hour(end[row].unwrap() - 1);
        let nobody = !skills[row].iter().all(|it| have.contains(it))
            || !span.clone().any(|it| hours.contains(&it))
            || (shop && !running.contains(&services[row]))
            || (shop && !visited.contains(&services[row]));
        vain += usize::from(nobody);
    }
    assert!(vain * 100 > open * 15, "{vain} of {open}");
    assert!(vain * 100 < open * 30, "{vain} of {open}: most needs can be served");
}

#[test]
fn rows_of_a_table_point_at_rows_of_others() {
    let city = City::new(20, 7);
    let keys = |table: &str, column: &str| -> BTreeSet<String> {
        Rows::of(&city, table).texts(column).into_iter().collect()
    };
    for (table, column, to, key) in [
        ("community", "district_id", "district", "district_id"),
        ("volunteer", "community_id", "community", "community_id"),
        ("offer", "merchant_id", "merchant", "merchant_id"),
        ("offer", "service_id", "service", "service_id"),
        ("need", "service_id", "service", "service_id"),
        ("need", "community_id", "community", "community_id"),
        ("need_event", "need_id", "need", "need_id"),
        ("return_visit", "need_id", "need", "need_id"),
    ] {
        let lost: Vec<String> = keys(table, column).difference(&keys(to, key)).cloned().collect();
        assert!(lost.is_empty(), "{table}.{column}: {lost:?}");
    }
    for table in TABLES {
        let key = linli_model::Catalog::embedded().unwrap().table(table).unwrap().primary_key.clone();
        if let [key] = key.as_slice() {
            assert_eq!(keys(table, key).len(), Rows::of(&city, table).len(), "{table} repeats a key");
        }
    }
}

#[test]
fn the_same_seed_makes_the_same_city_and_another_one_another() {
    let whole = |seed: u64| -> Vec<Vec<RecordBatch>> {
        let city = City::new(20, seed);
        TABLES.iter().map(|it| city.batches(it).unwrap().collect()).collect()
    };
    assert!(whole(7) == whole(7));
    assert!(whole(7) != whole(8));
}

#[test]
fn the_proportions_are_those_of_the_text() {
    let city = City::new(1_000, 7);
    let residents: i64 = Rows::of(&city, "community").wholes("residents").iter().sum();
    assert_eq!(residents, 800_000);
    for (table, rows) in [("volunteer", 7_000), ("merchant", 600), ("service_point", 187), ("need", 26_022)] {
        assert_eq!(Rows::of(&city, table).len(), rows, "{table}");
    }
}
