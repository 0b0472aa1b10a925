//! How a plugin takes the place of another, with evidence.
//!
//! ```text
//!            shadow                    canary                     promote
//! incumbent ───────▶ scored beside it ───────▶ scores districts ──────────▶ the new incumbent
//!     ▲                     │                        │ guards                      │
//!     └──── rollback ───────┴────────────────────────┴─────────────────────────────┘
//!
//! replay: past runs decided again, before against after; canary and promote ask for one
//! ```
//!
//! Every step is a row of `plugin_event`, in the commit that makes it.

mod challenger;
mod compare;
mod event;
mod groups;
mod guard;
mod hindrance;
mod replay;
mod standing;
mod step;
mod watch;

pub use challenger::Challenger;
pub use compare::{Changes, Objectives};
pub use guard::Guard;
pub use hindrance::Hindrance;
pub use replay::{Case, Difference, Effect, Interval, ReplayReport, ReplayRequest, RunReplay};
pub use standing::{PluginStanding, Trial};
pub use step::StepReport;

pub(crate) use event::{Action, Event};
pub(crate) use hindrance::short;
pub(crate) use watch::Decided;
