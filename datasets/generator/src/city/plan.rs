//! How large everything is, and where it lies.

use crate::draw::Draw;
use crate::place::Spot;

use super::SCALE_UNIT;

/// What a scale of 1 has, from the district of `365` and the networks of `2833`.
const COMMUNITIES: u64 = 187;
const RESIDENTS: u64 = 800_000;
const VOLUNTEERS: u64 = 7_000;
const MERCHANTS: u64 = 600;
const OPEN: u64 = 18_000;
const CASES: u64 = 8_000;

/// The smallest district has this many cases, as in a bulletin that ranked it first.
const FEW_CASES: u64 = 22;

/// Where the city lies: made up, in the middle of the country.
const CENTRE: Spot = Spot { lon: 112_500_000, lat: 29_800_000 };
/// Millionths of a degree to a kilometre at 29.8° N.
const LON_PER_KM: i64 = 10_364;
const LAT_PER_KM: i64 = 8_993;

/// A district.
#[derive(Debug, Clone)]
pub(super) struct District {
    pub(super) residents: u64,
    pub(super) spot: Spot,
    /// How well its communities do, in percent; they differ around it.
    pub(super) quality: i64,
}

/// A community and its share of everything.
#[derive(Debug, Clone)]
pub(super) struct Community {
    pub(super) district: usize,
    pub(super) spot: Spot,
    /// How far its people live from its middle.
    pub(super) spread_m: i64,
    pub(super) residents: u64,
    pub(super) volunteers: Share,
    pub(super) merchants: Share,
    pub(super) open: Share,
    pub(super) cases: Share,
}

/// Numbers from `first` on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Share {
    pub(super) first: u64,
    pub(super) count: u64,
}

impl Share {
    pub(super) fn numbers(self) -> std::ops::Range<u64> {
        self.first..self.first + self.count
    }
}

/// The whole city.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) districts: Vec<District>,
    pub(super) communities: Vec<Community>,
}

impl Plan {
    pub(super) fn new(scale: u64, seed: u64) -> Self {
        let times = |count: u64| (count * scale).div_ceil(SCALE_UNIT).max(1);
        // At least four, so that there is something to compare; their number grows with the
        // side of the city and not with its area.
        let count = (8 * (scale * SCALE_UNIT).isqrt() / SCALE_UNIT).clamp(4, 400);
        let communities = times(COMMUNITIES).max(2 * count);
        let mut draw = Draw::seeded(seed, "city plan");
        let radius_m = (6_000_000 * (scale * SCALE_UNIT).isqrt() / SCALE_UNIT / 1000).max(1_200) as i64;
        let districts: Vec<District> = (0..count)
            .map(|_| District {
                residents: 0,
                spot: beside(CENTRE, draw.bell(radius_m), draw.bell(radius_m)),
                quality: draw.between(72, 97),
            })
            .collect();
        let mut plan = Self { seed, districts, communities: Vec::new() };
        plan.settle(&mut draw, communities, radius_m);
        plan.share(&mut draw, scale, times(RESIDENTS));
        plan
    }

    /// Gives every district its communities: the first many, the last one two.
    fn settle(&mut self, draw: &mut Draw, communities: u64, radius_m: i64) {
        let last = self.districts.len() - 1;
        // Zipf: the k-th district has 1/k of what the first has.
        let weights: Vec<u64> = (1..=last as u64).map(|rank| 1_000_000 / rank).collect();
        let counts = apportion(communities - 2, &weights);
        for (district, count) in counts.into_iter().map(|it| it.max(1)).chain([2]).enumerate() {
            let spread_m = (radius_m / 3).max(500);
            for _ in 0..count {
                let from = self.districts[district].spot;
                self.communities.push(Community {
                    district,
                    spot: beside(from, draw.bell(spread_m), draw.bell(spread_m)),
                    spread_m: draw.between(120, 420),
                    residents: 0,
                    volunteers: Share::default(),
                    merchants: Share::default(),
                    open: Share::default(),
                    cases: Share::default(),
                });
            }
        }
    }

    /// Shares out residents, and what goes with them.
    fn share(&mut self, draw: &mut Draw, scale: u64, residents: u64) {
        let times = |count: u64| (count * scale).div_ceil(SCALE_UNIT);
        let last = self.districts.len() - 1;
        let size: Vec<u64> = self.communities.iter().map(|_| draw.between(30, 170) as u64).collect();
        let people = apportion(residents, &size);
        // Pareto: keenness is the inverse of an even draw, so that few ask for most.
        let keen: Vec<u64> = people
            .iter()
            .map(|it| {
                let rank = draw.between(1, 60) as u64;
                it * 3_600 / (rank * rank)
            })
            .collect();
        let willing: Vec<u64> = people.iter().map(|it| it * draw.between(2, 10) as u64).collect();
        let busy: Vec<u64> = people.iter().map(|it| it * draw.between(1, 9).pow(2) as u64).collect();
        let is_last: Vec<bool> = self.communities.iter().map(|it| it.district == last).collect();
        let without = |weights: &[u64]| -> Vec<u64> {
            weights.iter().zip(&is_last).map(|(it, last)| if *last { 0 } else { *it }).collect()
        };
        // Whoever calls seldom does call.
        let calls: Vec<u64> = keen.iter().zip(&people).map(|(keen, people)| keen + 20 * people).collect();
        let mut cases = apportion(times(CASES), &without(&calls));
        let few = is_last.iter().filter(|it| **it).count() as u64;
        for (count, _) in cases.iter_mut().zip(&is_last).filter(|(_, last)| **last) {
            *count = FEW_CASES / few;
        }
        let volunteers = apportion(times(VOLUNTEERS), &willing);
        let merchants = apportion(times(MERCHANTS), &busy);
        let open = apportion(times(OPEN), &keen);
        let mut firsts = [1_u64; 4];
        let mut share = |kind: usize, count: u64| {
            let share = Share { first: firsts[kind], count };
            firsts[kind] += count;
            share
        };
        for (row, community) in self.communities.iter_mut().enumerate() {
            community.residents = people[row];
            community.volunteers = share(0, volunteers[row]);
            community.merchants = share(1, merchants[row]);
            community.open = share(2, open[row]);
            community.cases = share(3, cases[row]);
            self.districts[community.district].residents += people[row];
        }
    }

    /// The draws of one table of one community.
    pub(super) fn draw(&self, table: &str, community: usize) -> Draw {
        Draw::seeded(self.seed, &format!("city {table} {community}"))
    }
}

/// A point so many metres east and north of another.
pub(super) const fn beside(from: Spot, east_m: i64, north_m: i64) -> Spot {
    Spot { lon: from.lon + east_m * LON_PER_KM / 1000, lat: from.lat + north_m * LAT_PER_KM / 1000 }
}

/// A point near the middle of a community.
pub(super) fn near(draw: &mut Draw, community: &Community) -> Spot {
    beside(community.spot, draw.bell(community.spread_m), draw.bell(community.spread_m))
}

/// Splits a total by weights: each part is the difference of two rounded-down running sums, so
/// that the parts add up to the total.
fn apportion(total: u64, weights: &[u64]) -> Vec<u64> {
    let all: u128 = weights.iter().map(|it| u128::from(*it)).sum();
    let (mut before, mut running) = (0_u64, 0_u128);
    weights
        .iter()
        .map(|weight| {
            running += u128::from(*weight);
            // At most the total, so it fits.
            let upto = (u128::from(total) * running / all.max(1)) as u64;
            let part = upto - before;
            before = upto;
            part
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_to_the_whole() {
        let parts = apportion(1_000, &[5, 0, 1, 1, 93]);
        assert_eq!(parts.iter().sum::<u64>(), 1_000);
        assert_eq!((parts[0], parts[1]), (50, 0));
    }

    #[test]
    fn a_scale_of_one_is_the_district_of_the_text() {
        let plan = Plan::new(1_000, 1);
        let sum = |of: fn(&Community) -> u64| plan.communities.iter().map(of).sum::<u64>();
        assert_eq!(plan.communities.len(), 187);
        assert_eq!(sum(|it| it.residents), 800_000);
        assert_eq!(sum(|it| it.volunteers.count), 7_000);
        assert_eq!(sum(|it| it.merchants.count), 600);
        assert_eq!(sum(|it| it.open.count), 18_000);
        let cases = |district: usize| {
            let of = plan.communities.iter().filter(|it| it.district == district);
            of.map(|it| it.cases.count).sum::<u64>()
        };
        let all: Vec<u64> = (0..plan.districts.len()).map(cases).collect();
        assert_eq!(all.last(), Some(&22));
        assert!(all.iter().any(|it| *it > 2_000), "{all:?}");
    }
}
