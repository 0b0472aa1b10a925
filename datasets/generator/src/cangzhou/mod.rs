//! "2833": two networks, eight platforms, three mechanisms and three activities in 沧州.
//!
//! Published and kept here: 231 communities, 51 of them in 运河区; 13 service centres and 120
//! stations with 58,000 m², of which 运河区 has 19,000 m²; 62,000 m² of special facilities; 156,
//! 142 and 259 social organizations; more than 600 franchise merchants; 69 elder-care stations;
//! 26 charity shops; 5385 public-benefit posts, 1188 of them in communities; more than 100 teams
//! and 83 counsellors in 运河区; 11 sub-centres. One registered volunteer in [`SAMPLE`] has a row.
//!
//! The text is of the end of December 2012: what the other modules make for autumn is moved to
//! the months before it. The week and whatever has weekdays moves by [`NINE_WEEKS`], so that
//! rules stay as they are; history moves from September to November by [`TWO_MONTHS`].

mod communities;
mod merchants;
mod needs;
mod organizations;
mod pairings;
mod patterns;
mod points;
mod services;
mod volunteers;

use chrono::TimeDelta;

use crate::calendar::later;
use crate::record::{Availability, Need, NeedEvent, Pairing, ReturnVisit, Table};
use crate::site::Site;

/// The district that the text tells most of.
const YUNHE: &str = "yunhe";
/// One registered volunteer in so many has a row.
const SAMPLE: i64 = 10;
/// Days from the week of autumn to that of this case.
const NINE_WEEKS: i64 = 63;
/// Days from the month of autumn to that of this case; both have thirty.
const TWO_MONTHS: i64 = 61;

/// Every table of the case, those that others point at first.
pub(crate) fn tables() -> Vec<Table> {
    let sites = communities::all();
    let merchants = merchants::registry(&sites);
    let (volunteers, mut availability) = volunteers::roster(&sites);
    let bodies = organizations::registry(&sites);
    let mut open = needs::open(&sites);
    let mut pairings = pairings::pairings(&sites, &volunteers, &open);
    let pins = pairings::pins(&pairings, &availability, &mut open);
    let history = needs::history(&sites, &open);
    availability.extend(merchants::opening_hours(&merchants));
    let (mut needs, mut events, mut visits) =
        ([open, history.needs].concat(), history.events, history.visits);
    to_december(&mut needs, &mut events, &mut visits, &mut availability, &mut pairings);
    vec![
        Table::of(&communities::districts()),
        Table::of(&communities::gazetteer(&sites)),
        Table::of(&sites.iter().map(Site::community).collect::<Vec<_>>()),
        Table::of(&services::all()),
        Table::of(&points::all(&sites)),
        Table::of(&merchants::categories()),
        Table::of(&merchants),
        Table::of(&merchants::offers(&merchants)),
        Table::of(&volunteers),
        Table::of(&availability),
        Table::of(&organizations::teams(&sites)),
        Table::of(&organizations::public_posts(&sites)),
        Table::of(&organizations::contracts(&bodies)),
        Table::of(&bodies),
        Table::of(&needs),
        Table::of(&events),
        Table::of(&visits),
        Table::of(&pairings::households(&pairings, &volunteers)),
        Table::of(&pairings),
        Table::of(&pins),
    ]
}

/// Moves whatever has a time.
fn to_december(
    needs: &mut [Need],
    events: &mut [NeedEvent],
    visits: &mut [ReturnVisit],
    availability: &mut [Availability],
    pairings: &mut [Pairing],
) {
    for need in needs {
        let days = move_of(&need.need_id);
        need.received_at += days;
        for at in [&mut need.window_start, &mut need.window_end, &mut need.due_at].into_iter().flatten() {
            *at += days;
        }
    }
    events.iter_mut().for_each(|it| it.at += move_of(&it.need_id));
    visits.iter_mut().for_each(|it| it.at += move_of(&it.need_id));
    for slot in availability {
        slot.start += TimeDelta::days(NINE_WEEKS);
        slot.end += TimeDelta::days(NINE_WEEKS);
    }
    for pairing in pairings {
        pairing.started_on = later(pairing.started_on, NINE_WEEKS);
    }
}

/// How far what belongs to a need moves.
fn move_of(need_id: &str) -> TimeDelta {
    TimeDelta::days(if need_id.starts_with("cz-h") { TWO_MONTHS } else { NINE_WEEKS })
}
