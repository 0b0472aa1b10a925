//! The capacities of providers as a forest: slot ⊂ day ⊂ week.

use std::collections::{BTreeMap, BTreeSet};

use linli_query::{Candidates, Slot, Stage, Zone};

use crate::Result;

/// One capacity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Limit {
    /// Unique in the run: the slot's id, or provider and day, or provider and week.
    pub id: String,
    /// The wider capacity this one is part of.
    pub parent: Option<u32>,
    /// slot, day or week.
    pub level: &'static str,
    /// Whose it is.
    pub provider_id: String,
    /// For people: local day and hours, local day, ISO week.
    pub label: String,
    /// Tasks it still takes, after what published runs hold.
    pub capacity: u32,
}

/// All capacities that candidates meet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    /// Parents before children.
    pub limits: Vec<Limit>,
    /// Position of each slot's capacity.
    pub by_slot: BTreeMap<String, u32>,
}

impl Tree {
    /// Builds the forest over the slots that appear among candidates.
    pub(crate) fn new(stage: &Stage, candidates: &Candidates) -> Result<Self> {
        Self::over(stage, candidates, &[])
    }

    /// The same where there are more slots than those of the stage.
    pub(crate) fn over(stage: &Stage, candidates: &Candidates, more: &[Slot]) -> Result<Self> {
        let slots = candidates.rows.texts("slot_id")?;
        let used: BTreeSet<&str> = slots.iter().flatten().collect();
        let zone = stage.zone;
        let mut tree = Self::default();
        let mut wider: BTreeMap<(String, &'static str, i64), u32> = BTreeMap::new();
        for slot in stage.slots.iter().chain(more).filter(|it| used.contains(it.slot_id.as_str())) {
            let mut parent = None;
            let limits = stage.providers.get(&slot.provider_id);
            let week = limits.and_then(|it| it.max_per_week).map(|it| {
                let held =
                    stage.held.by_week.get(&(slot.provider_id.clone(), slot.week)).copied().unwrap_or(0);
                ("week", slot.week, it - held)
            });
            let day = limits.and_then(|it| it.max_per_day).map(|it| {
                let held = stage.held.by_day.get(&(slot.provider_id.clone(), slot.day)).copied().unwrap_or(0);
                ("day", slot.day, it - held)
            });
            for (level, number, capacity) in [week, day].into_iter().flatten() {
                let key = (slot.provider_id.clone(), level, number);
                let position = wider.get(&key).copied().unwrap_or_else(|| {
                    let label = label(level, number, zone);
                    let id = format!("{}@{}", slot.provider_id, label);
                    tree.push(Limit {
                        id,
                        parent,
                        level,
                        provider_id: slot.provider_id.clone(),
                        label,
                        capacity: clamp(capacity),
                    })
                });
                wider.insert(key, position);
                parent = Some(position);
            }
            let held = stage.held.by_slot.get(&slot.slot_id).copied().unwrap_or(0);
            let position = tree.push(Limit {
                id: slot.slot_id.clone(),
                parent,
                level: "slot",
                provider_id: slot.provider_id.clone(),
                label: stretch(zone, slot.start, slot.end),
                capacity: clamp(slot.capacity - held),
            });
            tree.by_slot.insert(slot.slot_id.clone(), position);
        }
        Ok(tree)
    }

    fn push(&mut self, limit: Limit) -> u32 {
        self.limits.push(limit);
        // One run holds fewer than 2^32 capacities: slots alone are limited to 20 million.
        u32::try_from(self.limits.len() - 1).unwrap_or(u32::MAX)
    }
}

/// From when to when on a day; a day ends at 24:00, not where the next begins.
pub(crate) fn stretch(zone: Zone, start: i64, end: i64) -> String {
    let end = if zone.day(end) != zone.day(start) && zone.day_start(zone.day(end)) == end {
        "24:00".to_owned()
    } else {
        zone.format(end, "%H:%M")
    };
    format!("{}–{end}", zone.format(start, "%Y-%m-%d %H:%M"))
}

fn clamp(capacity: i64) -> u32 {
    u32::try_from(capacity.clamp(0, 1 << 31)).unwrap_or(0)
}

fn label(level: &str, number: i64, zone: Zone) -> String {
    match level {
        "day" => zone.format(zone.day_start(number), "%Y-%m-%d"),
        // Weeks are counted from the Monday before 1970-01-01.
        _ => zone.format(zone.day_start(number * 7 - 3), "%G-W%V"),
    }
}
