//! The same city by the hour: a provider's week holds days, and a day holds slots of one unit.
//!
//! ```text
//! week   room of the provider, and one more
//! day    one or two, five days
//! slot   one, four a day; 35 % of them are offered
//! need   one to three slots that suit it; each day later costs 150 more
//! ```

use linli_assign::{Edge, Node};

use super::draw::Draws;
use super::instance::Instance;

const DAYS: u64 = 5;
const SLOTS_PER_DAY: u64 = 4;
const SLOTS: u64 = DAYS * SLOTS_PER_DAY;
const OFFERED_PERCENT: u64 = 35;
const COST_PER_DAY: i64 = 150;

/// **Shape.** Weeks first, then the days and slots that somebody wants; edges by need.
pub fn by_the_hour(city: &Instance, seed: u64) -> Instance {
    let draws = &mut Draws::new(seed);
    let n_weeks = city.nodes.len();
    let is_offered: Vec<bool> =
        (0..n_weeks * SLOTS as usize).map(|_| draws.percent(OFFERED_PERCENT)).collect();
    let room: Vec<u32> = (0..n_weeks * DAYS as usize).map(|_| draws.below(2) as u32 + 1).collect();
    let wanted: Vec<Vec<u64>> = city.needs.iter().map(|_| slots(draws)).collect();
    let mut hours = Instance {
        needs: city.needs.clone(),
        nodes: city.nodes.iter().map(|it| Node { parent: None, capacity: it.capacity + 1 }).collect(),
        edges: Vec::new(),
    };
    let (mut days, mut leaves) = (vec![None; room.len()], vec![None; is_offered.len()]);
    for edge in &city.edges {
        for &slot in &wanted[edge.need as usize] {
            let day = slot / SLOTS_PER_DAY;
            let leaf = edge.node as usize * SLOTS as usize + slot as usize;
            if !is_offered[leaf] {
                continue;
            }
            let at = edge.node as usize * DAYS as usize + day as usize;
            let mut add = |parent, capacity| {
                hours.nodes.push(Node { parent: Some(parent), capacity });
                hours.nodes.len() as u32 - 1
            };
            let day_node = *days[at].get_or_insert_with(|| add(edge.node, room[at]));
            let node = *leaves[leaf].get_or_insert_with(|| add(day_node, 1));
            hours.edges.push(Edge { node, cost: edge.cost + COST_PER_DAY * day as i64, ..*edge });
        }
    }
    hours
}

/// One to three slots, each once.
fn slots(draws: &mut Draws) -> Vec<u64> {
    let mut slots: Vec<u64> = (0..=draws.below(3)).map(|_| draws.below(SLOTS)).collect();
    slots.sort_unstable();
    slots.dedup();
    slots
}
