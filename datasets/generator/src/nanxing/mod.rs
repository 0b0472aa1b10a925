//! "3+X": one centre, three services and X facilities in 南星街道 of 杭州, and the pool in which
//! communities share what each is good at.
//!
//! Published and kept here: 馒头山社区 and its neighbourhood centre of more than 3000 m² with
//! the rooms that captions name, 43 projects done, the seven functions of the maker space. The
//! text has no date: the case plays in the week and month of `zhenghe` and `nanming`.

mod communities;
mod deliberation;
mod needs;
mod organizations;
mod patterns;
mod pool;
mod services;
mod volunteers;

use crate::record::Table;
use crate::site::Site;

const DISTRICT: &str = "nanxing";

/// Every table of the case, those that others point at first.
pub(crate) fn tables() -> Vec<Table> {
    let sites = communities::all();
    let bodies = organizations::registry();
    let contracts = organizations::contracts(&bodies);
    let (volunteers, availability) = volunteers::roster(&sites, &contracts);
    let points = communities::points(&sites, &volunteers);
    let resources = pool::resources(&sites, &points);
    let mut open = needs::open(&sites);
    let pins = needs::pins(&volunteers, &availability, &mut open);
    let mut history = needs::history(&sites, &open);
    history.events = deliberation::deliberate(&history.needs, history.events);
    let loans = pool::loans(&sites, &resources, &history);
    vec![
        Table::of(&[communities::district()]),
        Table::of(&communities::gazetteer(&sites)),
        Table::of(&sites.iter().map(Site::community).collect::<Vec<_>>()),
        Table::of(&services::all()),
        Table::of(&points),
        Table::of(&volunteers),
        Table::of(&availability),
        Table::of(&bodies),
        Table::of(&contracts),
        Table::of(&communities::projects(&sites)),
        Table::of(&[open, history.needs].concat()),
        Table::of(&history.events),
        Table::of(&history.visits),
        Table::of(&pins),
        Table::of(&resources),
        Table::of(&loans),
    ]
}
