//! What may be changed for a need that nobody serves, and how dear each change is.
//!
//! Effort orders changes of different kinds. It is no money and no score: it says which of two
//! changes an office would rather ask for. All of it stands here.

use linli_model::Text;

/// One more task from somebody who is there at that time anyway.
const ROOM: i64 = 1;

/// One more task in a week means another day on which somebody comes.
const ROOM_IN_WEEK: i64 = 2;

/// Nobody has to offer anything new, but somebody must agree to go where they said they would
/// not be asked to, …
const REACH: i64 = 2;

/// … and the more so the further it is.
const REACH_PER_STEP: i64 = 1;

/// Reach grows by steps of so many metres.
pub(super) const STEP_M: i64 = 100;

/// A reach is stretched by twenty steps at most: who is not found there is not near.
pub(super) const REACH_M_MAX: i64 = 20 * STEP_M;

/// The one who needs help waits a week. Stretching reach by half a kilometre comes before it.
const NEXT_WEEK: i64 = 8;

/// Somebody gives time that they did not offer.
const SLOT: i64 = 10;

/// Somebody learns something: dearest, because it takes longest, and only people can tell whether
/// it can be learned.
const SKILL: i64 = 20;

/// How far a window is moved.
pub(super) const WEEK_DAYS: i64 = 7;

/// A kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    SlotCapacity,
    DayCapacity,
    WeekCapacity,
    Reach,
    NextWeek,
    Slot,
    Skill,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Change {
    pub kind: Kind,
    /// Tasks, metres, days, slots or skills.
    pub amount: i64,
    /// Whose capacity, time or skill; nothing where the change is the need's.
    pub provider_id: Option<String>,
    /// Which slot, day, week or skill; from when on.
    pub label: String,
}

impl Kind {
    pub(super) fn of_level(level: &str) -> Self {
        match level {
            "slot" => Self::SlotCapacity,
            "day" => Self::DayCapacity,
            _ => Self::WeekCapacity,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::SlotCapacity => "slot_capacity",
            Self::DayCapacity => "day_capacity",
            Self::WeekCapacity => "week_capacity",
            Self::Reach => "reach",
            Self::NextWeek => "next_week",
            Self::Slot => "slot",
            Self::Skill => "skill",
        }
    }
}

impl Change {
    /// How dear it is; of several changes the sum.
    pub(super) fn effort(&self) -> i64 {
        match self.kind {
            Kind::SlotCapacity | Kind::DayCapacity => ROOM,
            Kind::WeekCapacity => ROOM_IN_WEEK,
            Kind::Reach => REACH + REACH_PER_STEP * (self.amount / STEP_M),
            Kind::NextWeek => NEXT_WEEK,
            Kind::Slot => SLOT,
            Kind::Skill => SKILL,
        }
    }

    pub(super) fn words(&self, need: &str, served_by: &str) -> Text {
        let (label, amount) = (&self.label, self.amount);
        let who = self.provider_id.as_deref().unwrap_or(served_by);
        match self.kind {
            Kind::SlotCapacity | Kind::DayCapacity | Kind::WeekCapacity => {
                Text::new(format!("{who} takes one more task, {label}"), format!("{who} 在 {label} 多接一项"))
            }
            Kind::Reach => Text::new(
                format!("{need} reaches {amount} m further, to {who}"),
                format!("{need} 的可达距离放宽 {amount} 米，可由 {who} 承接"),
            ),
            Kind::NextWeek => Text::new(
                format!("{need} is served a week later, from {label}, by {who}"),
                format!("{need} 推迟一周（自 {label} 起），由 {who} 承接"),
            ),
            Kind::Slot => {
                Text::new(format!("{who} gives time for it, {label}"), format!("{who} 增加服务时段 {label}"))
            }
            Kind::Skill => {
                Text::new(format!("{who} acquires the skill {label}"), format!("{who} 具备技能 {label}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effort(kind: Kind, amount: i64) -> i64 {
        Change { kind, amount, provider_id: None, label: String::new() }.effort()
    }

    #[test]
    fn what_people_would_rather_ask_for_is_less_effort() {
        let order = [
            effort(Kind::DayCapacity, 1),
            effort(Kind::WeekCapacity, 1),
            effort(Kind::Reach, STEP_M),
            effort(Kind::Reach, 5 * STEP_M),
            effort(Kind::NextWeek, WEEK_DAYS),
            effort(Kind::Slot, 1),
            effort(Kind::Skill, 1),
        ];
        assert!(order.is_sorted_by(|a, b| a < b), "{order:?}");
        assert_eq!(effort(Kind::SlotCapacity, 1), effort(Kind::DayCapacity, 1));
        // However far the reach is stretched, one change is less than two of learning.
        assert!(effort(Kind::Reach, REACH_M_MAX) < 2 * effort(Kind::Skill, 1));
    }
}
