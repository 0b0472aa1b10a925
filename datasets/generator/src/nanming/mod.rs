//! "365": the volunteers of 南明区 in 贵阳.
//!
//! Published and kept here: 209.34 km², 800,000 people, 187 service points, 16 kinds of posts
//! of which 9 are named, 5131 party members registered as volunteers, more than 2000 other
//! volunteers, more than 300 teams, 12 communities by name.

mod activities;
mod appraisal;
mod communities;
mod needs;
mod patterns;
mod posts;
mod register;
mod streets;
mod volunteers;

use crate::record::Table;
use crate::service;

const DISTRICT: &str = "nanming";

/// Every table of the case, those that others point at first.
pub(crate) fn tables() -> Vec<Table> {
    let communities = communities::all();
    let places = communities::places(&communities);
    let (volunteers, availability) = volunteers::roster(&places);
    let postings = posts::postings(&places, &volunteers);
    let mut open = needs::open(&places);
    let pairings = posts::pairings(&places, &volunteers, &open);
    let pins = posts::pins(&pairings, &availability, &mut open);
    let history = needs::history(&places, &open);
    let teams = posts::teams(&places);
    let households = register::households(&places, &volunteers, &pairings, &open);
    let activities = activities::activities(&places, &teams, &postings, &volunteers, &pairings);
    vec![
        Table::of(&[communities::district()]),
        Table::of(&streets::gazetteer(&places)),
        Table::of(&communities),
        Table::of(&service::nanming()),
        Table::of(&communities::service_points(&places)),
        Table::of(&posts::posts()),
        Table::of(&volunteers),
        Table::of(&postings),
        Table::of(&availability),
        Table::of(&teams),
        Table::of(&[open, history.needs].concat()),
        Table::of(&history.events),
        Table::of(&history.visits),
        Table::of(&households),
        Table::of(&pairings),
        Table::of(&activities),
        Table::of(&appraisal::ratings(&places, &volunteers, &pairings)),
        Table::of(&appraisal::questionnaires(&places)),
        Table::of(&pins),
    ]
}
