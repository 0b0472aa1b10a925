//! The vocabulary of linli. Every other crate but the solver speaks these words.
//!
//! | word | meaning |
//! |---|---|
//! | **pool** | a folder of tables, plugins and runs |
//! | **snapshot** | one state of all tables of a pool: table → version |
//! | **need** | what a resident asks for: a service, skills, a time, a place, a tier of urgency |
//! | **occurrence** | one instance of a recurring need inside the horizon |
//! | **provider** | who can help: a volunteer or a merchant |
//! | **slot** | a stretch of time in which a provider can take tasks |
//! | **candidate** | need × provider × slot that passes every hard rule |
//! | **score** | a plugin's opinion of a candidate, 0 to 1, kept in millionths |
//! | **match** | a candidate that was chosen |
//! | **unmatched** | units of demand that nobody serves, with the reason |
//! | **run** | one decision: inputs, settings, matches, certificate |
//! | **district**, **community** | places; a community lies in a district |
//! | **indicator** | one figure about a place, with numerator and denominator |
//! | **index** | indicators weighed into one number by an evaluator plugin |
//! | **figure** | a published number with its qualifier, bounds and unit |
//! | **period** | the days that a date in words means |
//!
//! What is deliberately absent: DataFusion, wasmtime, sockets, clock, environment.
//! Table columns are data, not code: `datasets/schemas/*.json`, read by [`Catalog`].

mod crs;
mod failure;
mod figure;
pub mod identifier;
mod issue;
pub mod mask;
mod period;
mod refusal;
mod schema;
mod unit;
mod width;
mod wording;

pub use crs::Crs;
pub use failure::{Failure, Kind, Text};
pub use figure::{Comparison, Figure, FigureError, FigureParts, Language, Qualifier, discount};
pub use issue::RowIssue;
pub use period::{Period, PeriodError, Precision};
pub use refusal::{refusal, refusal_kind};
pub use schema::{Catalog, Field, FieldType, Format, Layer, Pii, SchemaError, TableSchema};
pub use unit::{MILLION, Score, ScoreError, Weight, weighted_cost};
pub use width::half_width;
pub use wording::fold;
