//! Writes the synthetic registries of the cases in `datasets/cases`.
//!
//! ```text
//! published totals ─┐
//! fixed seed ───────┴─▶ records ─▶ tables ─▶ CSV, the same bytes every time
//! ```
//!
//! What a text publishes is written by hand beside the registries (`published_figure.csv`,
//! `case.json`); this crate neither reads nor writes those two. It makes up what nobody
//! published (who lives where, who is free when) so that the totals agree with the text,
//! and marks every such row `synthetic`.
//!
//! Invariants: no clock, no environment, no floats, no map with a random order. Each table
//! draws from its own stream, so that a change in one leaves the others as they were.
//!
//! Reading order: [`cases`], `zhenghe`, `nanming`, `cangzhou`, `malu` and `nanxing` (the practices),
//! `pattern` (what is asked for), `history` (what became of it), `record` (the columns).

mod calendar;
mod cangzhou;
pub mod city;
mod draw;
mod gazetteer;
mod history;
mod malu;
mod nanming;
mod nanxing;
mod pattern;
mod place;
mod record;
mod service;
mod site;
mod zhenghe;

use std::io;
use std::path::Path;

pub use draw::SEED;
pub use record::Table;

/// One practice: the folder name and the tables in it.
#[derive(Debug)]
pub struct Case {
    /// The name of its folder.
    pub id: &'static str,
    /// Its generated tables, those that others point at first.
    pub tables: Vec<Table>,
}

/// Every case with generated registries.
pub fn cases() -> Vec<Case> {
    vec![
        Case { id: "3351", tables: zhenghe::tables() },
        Case { id: "365", tables: nanming::tables() },
        Case { id: "2833", tables: cangzhou::tables() },
        Case { id: "malu", tables: malu::tables() },
        Case { id: "nanxing", tables: nanxing::tables() },
    ]
}

/// Writes every case into a folder of its own below `out`.
///
/// **Errors.** A folder or file that cannot be written.
pub fn write_cases(out: &Path) -> io::Result<()> {
    for case in cases() {
        let folder = out.join(case.id);
        std::fs::create_dir_all(&folder)?;
        for table in case.tables {
            std::fs::write(folder.join(format!("{}.csv", table.name)), table.csv()?)?;
        }
    }
    Ok(())
}
