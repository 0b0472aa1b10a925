//! What is particular to the course of a need at the neighbourhood centre: the hall greets, and
//! a dispute goes to the workshop before anybody is sent.
//!
//! ```text
//! raised → workshop deliberates → agreed → done
//!          `escalated` stands where other needs go straight on
//! ```

use std::collections::BTreeSet;

use crate::record::{Need, NeedEvent};

use super::needs::{DESK, DISPUTE};

const HALL: &str = "hall";
const WORKSHOP: &str = "workshop";

/// The events with the hall and the workshop in their places, numbered anew.
pub(super) fn deliberate(needs: &[Need], events: Vec<NeedEvent>) -> Vec<NeedEvent> {
    let disputes: BTreeSet<&str> =
        needs.iter().filter(|it| it.service_id == DISPUTE).map(|it| it.need_id.as_str()).collect();
    let mut courses: Vec<NeedEvent> = Vec::with_capacity(events.len());
    for mut event in events {
        if event.kind == "received" && event.actor_role == DESK {
            event.actor_role = HALL;
        }
        let disputed = disputes.contains(event.need_id.as_str());
        let handed_on = matches!(event.kind, "transferred" | "split" | "dispatched");
        let fresh = courses.last().filter(|it| it.kind == "classified" && it.need_id == event.need_id);
        // The workshop sits when the back office would have sent somebody.
        if disputed
            && handed_on
            && let Some(before) = fresh
        {
            let at = before.at + (event.at - before.at) / 2;
            courses.push(NeedEvent { at, kind: "escalated", actor_role: WORKSHOP, ..event.clone() });
        }
        courses.push(event);
    }
    for (row, event) in courses.iter_mut().enumerate() {
        event.event_id = format!("nx-e{:04}", row + 1);
    }
    courses
}
