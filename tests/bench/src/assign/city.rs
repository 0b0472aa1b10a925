//! Cities: needs and providers in communities, each need with its best candidates.
//!
//! ```text
//! community   a place; how many live there is Pareto, so that a few are large
//! person      about a community, or anywhere (15 %)
//! need        one of twelve skills, common ones more often; urgency 50, 30, 15, 5 %
//! provider    one to three skills, a quality, room for one to four (40, 30, 20, 10 %)
//! candidate   of the 2k nearest with the skill, those free at that time (80 %); the best k
//! score       0.45 near + 0.30 quality + 0.25 affinity      near = 1 ÷ (1 + d + d²/2)
//! cost        10,000 · (1 − score)
//! ```
//!
//! Lengths are thousandths of the unit in which a community measures about one, scores are
//! millionths, and all of it is whole numbers: no machine rounds another way.

use linli_assign::{Edge, Need, Node};

use super::draw::{Draws, sums};
use super::instance::{FLAT, Instance};
use super::near::{Near, Point};

/// What a city is like.
#[derive(Clone, Copy)]
pub struct City {
    pub needs: usize,
    pub providers: usize,
    /// Candidates of a need, at most.
    pub reach: usize,
    /// Needs per square unit.
    pub density: u64,
    /// Whether only providers of the own community are candidates.
    pub is_local: bool,
    pub seed: u64,
}

/// How often each skill is asked for: rank to the power of −0.7, in thousandths.
const SKILLS: [u64; 12] = [1_000, 616, 463, 379, 324, 285, 256, 233, 215, 200, 187, 176];
const NEEDS_PER_COMMUNITY: usize = 2_000;
/// Largest draw of the four whose sum puts a person about a community; its deviation is 0.45.
const ABOUT: u64 = 780;
const ANYWHERE_PERCENT: u64 = 15;
const FREE_PERCENT: u64 = 80;
const URGENCY_PERCENT: [u64; 4] = [50, 30, 15, 5];
const ROOM_PERCENT: [u64; 4] = [40, 30, 20, 10];

/// Where people live.
struct Map {
    side: u64,
    centres: Vec<Point>,
}

#[derive(Clone, Copy)]
struct Person {
    at: Point,
    community: usize,
}

struct Provider {
    person: Person,
    skills: Vec<usize>,
    /// Part of the score.
    quality: i64,
}

impl City {
    /// **Shape.** Edges by need, the best candidates first; nodes are the providers.
    pub fn instance(&self) -> Instance {
        let draws = &mut Draws::new(self.seed);
        let n_communities = (self.needs / NEEDS_PER_COMMUNITY).max(3);
        let side = (self.needs as u64 * 1_000_000 / self.density).isqrt().max(1);
        let map = Map { side, centres: (0..n_communities).map(|_| anywhere(draws, side)).collect() };
        let sizes: Vec<u64> = (0..n_communities).map(|_| community_size(draws)).collect();
        let total: u64 = sizes.iter().sum();
        // Providers are spread more evenly than needs.
        let even = |size: &u64| (size + total / n_communities as u64) / 2;
        let (of_needs, of_providers) = (sums(sizes.iter().copied()), sums(sizes.iter().map(even)));
        let skills = sums(SKILLS);
        let providers: Vec<Provider> = (0..self.providers)
            .map(|_| Provider {
                person: map.person(draws, &of_providers),
                skills: (0..=draws.below(3)).map(|_| draws.weighted(&skills)).collect(),
                quality: draws.below(300_001) as i64,
            })
            .collect();
        let by_skill = by_skill(&providers);
        let (urgency, room) = (sums(URGENCY_PERCENT), sums(ROOM_PERCENT));
        let mut instance = Instance { needs: Vec::new(), nodes: Vec::new(), edges: Vec::new() };
        for need in 0..self.needs as u32 {
            let person = map.person(draws, &of_needs);
            let near = &by_skill[draws.weighted(&skills)];
            let penalty = FLAT[draws.weighted(&urgency)];
            instance.needs.push(Need { demand: 1, penalty });
            let edge = |(score, node): (i64, u32)| Edge {
                need,
                node,
                cost: (1_000_000 - score + 50) / 100,
                pair: None,
            };
            instance.edges.extend(self.candidates(draws, person, near, &providers).into_iter().map(edge));
        }
        let node = |_| Node { parent: None, capacity: draws.weighted(&room) as u32 + 1 };
        instance.nodes.extend((0..self.providers).map(node));
        instance
    }

    /// Score and provider of the best candidates, the best first.
    fn candidates(
        &self,
        draws: &mut Draws,
        person: Person,
        near: &Near,
        providers: &[Provider],
    ) -> Vec<(i64, u32)> {
        let mut found = Vec::with_capacity(2 * self.reach);
        for (squared, name) in near.nearest(person.at, 2 * self.reach) {
            let (is_free, affinity) = (draws.percent(FREE_PERCENT), draws.below(250_001) as i64);
            let provider = &providers[name as usize];
            if is_free && (!self.is_local || provider.person.community == person.community) {
                let distance = squared.isqrt();
                let near = 450_000 * 1_000 / (1_000 + distance + squared / 2_000);
                found.push((near + provider.quality + affinity, name));
            }
        }
        found.sort_unstable_by_key(|it| (-it.0, it.1));
        found.truncate(self.reach);
        found
    }
}

impl Map {
    fn person(&self, draws: &mut Draws, sizes: &[u64]) -> Person {
        let community = draws.weighted(sizes);
        let centre = self.centres[community];
        let mut about = || (0..4).map(|_| draws.below(ABOUT + 1) as i64).sum::<i64>() - 2 * ABOUT as i64;
        let apart = [about(), about()];
        let at = if draws.percent(ANYWHERE_PERCENT) {
            anywhere(draws, self.side)
        } else {
            [centre[0] + apart[0], centre[1] + apart[1]]
        };
        Person { at, community }
    }
}

fn anywhere(draws: &mut Draws, side: u64) -> Point {
    [draws.below(side) as i64, draws.below(side) as i64]
}

/// u to the power of −3/4 for a uniform u, less 0.8: Pareto, a few large ones among many small.
fn community_size(draws: &mut Draws) -> u64 {
    let inverse = (1 << 52) / (draws.below(1 << 20) + 1);
    let root = inverse.isqrt();
    // Both roots stand for 1 at 2^16.
    let fourth = (root << 16).isqrt();
    ((root * fourth) >> 16) - 52_429
}

fn by_skill(providers: &[Provider]) -> Vec<Near> {
    let mut points = vec![Vec::new(); SKILLS.len()];
    for (name, provider) in (0..).zip(providers) {
        let own = points.iter_mut().enumerate().filter(|it| provider.skills.contains(&it.0));
        own.for_each(|it| it.1.push((provider.person.at, name)));
    }
    points.into_iter().map(Near::new).collect()
}
