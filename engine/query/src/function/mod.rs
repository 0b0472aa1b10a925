//! What SQL lacks: distances, cells, lists of skills, figures with bounds, dates in words,
//! identifiers and their masks.
//!
//! | function | answers |
//! |---|---|
//! | `distance_m(lon1, lat1, lon2, lat2)` | metres between two places, to 10 m |
//! | `h3_cell(lon, lat, resolution)` | the cell a place lies in |
//! | `h3_disk(cell, rings)` | the cell and all cells up to so many rings around it |
//! | `reach_ring(reach_m [, resolution])` | rings that surely cover a reach |
//! | `list_covers(have, want)` | whether everything wanted is there |
//! | `list_common(a, b)` | how many members of `b` are in `a` |
//! | `zh_number(text)` | the figure that words say: `150多户`, `5.8万平方米` |
//! | `zh_discount(text)` | the share of the price that is paid: `95折` |
//! | `figure(point, min, max, min_open, max_open, qualifier, unit)` | a figure from columns |
//! | `figure_add(a, b)`, `figure_sub`, `figure_mul`, `figure_div` | a figure with what is known of its bounds |
//! | `figure_lt(a, b)`, `figure_le`, `figure_gt`, `figure_ge`, `figure_eq` | `yes`, `no` or `unknown` |
//! | `figure_text(figure [, language])` | the figure in words, its qualifier kept |
//! | `zh_period(text [, anchor])` | the days that a date in words means |
//! | `uscc_valid(text)` | whether a unified social credit code holds its check character |
//! | `resident_id_valid(text)` | the same of a resident identity number, with its birth date |
//! | `phone_normal(text)` | a telephone number in its normal form; NULL where it is none |
//! | `division_level(code)` | `province`, `prefecture`, `county`, `street` … `community` |
//! | `mask_phone`, `mask_id`, `mask_name`, `mask_address` | what may be seen of a personal value |
//!
//! All depend on their arguments only.
//!
//! Of DataFusion's functions those in `known.rs` can be called. What one call may make or do is
//! limited (`cost.rs`): functions run outside of the memory that a session accounts for.

mod bound;
mod cell;
mod cost;
mod distance;
mod figure;
mod identifier;
mod known;
mod list;
mod size;

use std::sync::Arc;

use datafusion::logical_expr::ScalarUDF;

pub(crate) use bound::bounded;

/// Every function that SQL may call. Plans with calls of them must pass [`bounded`].
pub(crate) fn allowed() -> Vec<Arc<ScalarUDF>> {
    let ours = all().into_iter().map(Arc::new);
    known::of_datafusion().into_iter().chain(ours).collect()
}

/// The functions that DataFusion lacks.
fn all() -> Vec<ScalarUDF> {
    let mut all = vec![
        ScalarUDF::from(distance::Distance::new()),
        ScalarUDF::from(cell::Cell::new()),
        ScalarUDF::from(cell::Disk::new()),
        ScalarUDF::from(cell::Ring::new()),
        ScalarUDF::from(list::Covers::new()),
        ScalarUDF::from(list::Common::new()),
    ];
    all.extend(figure::all());
    all.extend(identifier::all());
    all
}
