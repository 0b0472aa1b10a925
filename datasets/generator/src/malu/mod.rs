//! "镇管社区": six communities that the town of 马陆 runs, in 嘉定区 of Shanghai.
//!
//! Published and kept here: 4 villages and 6 committees became 6 communities, 4 of them by name;
//! 6 social workers and 6 telephones of a hotline, 501 requests, 494 of them completed and each
//! of these visited; 17 petitions, one of 14 people with 3 topics, 8 representatives, settled on
//! the fourth day; an account with 3 sections and 10 items; 12 groups of 3 for 12 households.
//! The groups belong to 静安区 and the activity rooms to 闸北区, which the same page tells of.

mod calls;
mod channels;
mod groups;
mod log;
mod needs;
mod people;
mod petitions;
mod places;

use chrono::NaiveDate;

use crate::calendar::day;
use crate::draw::Draw;
use crate::record::{Availability, Table};
use crate::service;

use log::Log;

const DISTRICT: &str = "jiading";

/// The Monday of the week that is matched.
fn monday() -> NaiveDate {
    day(2014, 3, 3)
}

/// Every table of the case, those that others point at first.
pub(crate) fn tables() -> Vec<Table> {
    let communities = places::communities();
    let (mut volunteers, mut availability) = people::roster(&communities);
    availability.extend(channels::shifts().into_iter().map(|it| Availability {
        provider_id: it.volunteer_id.to_owned(),
        start: it.start,
        end: it.end,
        rrule: it.rrule,
        capacity: 1,
        provenance: "synthetic",
    }));
    let groups = groups::groups();
    let (visitors, hours) = groups::providers(&groups);
    volunteers.extend(visitors);
    availability.extend(hours);

    let mut log = Log::default();
    let mut open = calls::take(&mut log, &communities);
    open.extend(needs::open(open.len(), &communities));
    let petitions = petitions::settle(&mut log);
    let visits = groups::visits();
    open.extend(visits.iter().cloned());
    log.accept(&mut Draw::new("malu reception"), &open);
    let pairings = groups::pairings(&groups, &visits);
    vec![
        Table::of(&places::districts()),
        Table::of(&places::gazetteer(&communities)),
        Table::of(&communities),
        Table::of(&service::malu()),
        Table::of(&channels::organizations()),
        Table::of(&channels::channels()),
        Table::of(&channels::items()),
        Table::of(&volunteers),
        Table::of(&availability),
        Table::of(&people::teams()),
        Table::of(&channels::shifts()),
        Table::of(&groups),
        Table::of(&groups::members(&groups)),
        Table::of(&places::rooms()),
        Table::of(&[open, log.needs].concat()),
        Table::of(&log.events),
        Table::of(&log.visits),
        Table::of(&petitions),
        Table::of(&groups::households(&groups)),
        Table::of(&pairings),
        Table::of(&groups::pins(&pairings)),
    ]
}
