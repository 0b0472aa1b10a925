//! A city of any size in the proportions of the texts.
//!
//! ```text
//! scale, seed ─▶ plan: districts, communities, how many of what each has
//!                  └─▶ community by community ─▶ batches of rows, table by table
//! ```
//!
//! Scale 1 is about the district of `365`: 800,000 residents, 7,000 volunteers, 187 communities
//! with a station each, 600 merchants and a month of needs. Everything else follows: space is
//! clustered, a few communities ask for most, a few skills are common and most are rare, calls
//! come by office hours, and more than 15 % of the open needs can be served by nobody, each for
//! a reason that is in the data.
//!
//! Invariants: a community's rows depend on scale, seed, table and its number only, so they are
//! made one community at a time and memory holds the plan (some 100 bytes per community) and one
//! batch. No clock, no environment, no floats but the degrees at the very end.

mod cases;
mod needs;
mod people;
mod places;
mod plan;
mod sheet;
mod shops;
mod time;

use arrow_array::RecordBatch;
use linli_model::SchemaError;

use plan::Plan;
use sheet::Sheet;

/// Rows of one batch, about.
const ROWS_PER_BATCH: usize = 65_536;

/// A thousandth of the scale is the smallest step.
pub const SCALE_UNIT: u64 = 1_000;

/// The largest scale: 800 million residents.
pub const SCALE_MAX: u64 = 1_000 * SCALE_UNIT;

/// The tables, those that others point at first.
pub const TABLES: [&str; 12] = [
    "district",
    "community",
    "service",
    "service_point",
    "merchant_category",
    "merchant",
    "offer",
    "volunteer",
    "availability",
    "need",
    "need_event",
    "return_visit",
];

/// A city that can be written down.
#[derive(Debug)]
pub struct City {
    plan: Plan,
}

impl City {
    /// Lays out a city.
    ///
    /// **Units.** `scale` in thousandths, at least 1 and at most [`SCALE_MAX`]; beyond these the
    /// nearest of both.
    pub fn new(scale: u64, seed: u64) -> Self {
        Self { plan: Plan::new(scale.clamp(1, SCALE_MAX), seed) }
    }

    /// The rows of a table, in batches; none for a table that is not in [`TABLES`].
    ///
    /// **Errors.** An embedded schema that contradicts itself: a mistake of the build.
    /// **Cost.** Linear in the rows; one batch is in memory.
    pub fn batches(&self, table: &str) -> Result<Batches<'_>, SchemaError> {
        Ok(Batches { city: self, sheet: Sheet::new(table)?, next: 0 })
    }

    /// Writes the rows of a community; the first brings the rows of the whole city.
    fn write(&self, community: usize, sheet: &mut Sheet) {
        let plan = &self.plan;
        match sheet.table() {
            "district" if community == 0 => places::districts(plan, sheet),
            "community" => places::community(plan, community, sheet),
            "service" if community == 0 => places::services(sheet),
            "service_point" => places::station(plan, community, sheet),
            "merchant_category" if community == 0 => shops::categories(sheet),
            "merchant" => shops::merchants(plan, community, sheet),
            "offer" => shops::offers(plan, community, sheet),
            "volunteer" => people::volunteers(plan, community, sheet),
            "availability" => {
                people::availability(plan, community, sheet);
                shops::opening_hours(plan, community, sheet);
            }
            "need" => {
                needs::open(plan, community, sheet);
                cases::needs(plan, community, sheet);
            }
            "need_event" => {
                needs::reception(plan, community, sheet);
                cases::events(plan, community, sheet);
            }
            "return_visit" => cases::visits(plan, community, sheet),
            _ => {}
        }
    }
}

/// The rows of one table, batch by batch.
pub struct Batches<'a> {
    city: &'a City,
    sheet: Sheet,
    next: usize,
}

impl Iterator for Batches<'_> {
    type Item = RecordBatch;

    fn next(&mut self) -> Option<RecordBatch> {
        while self.next < self.city.plan.communities.len() && self.sheet.rows() < ROWS_PER_BATCH {
            self.city.write(self.next, &mut self.sheet);
            self.next += 1;
        }
        self.sheet.take()
    }
}
