//! What the solver promises, tested from outside.
//!
//! Small problems against trying everything, any problem against its certificate, known
//! problems against optima that independent solvers agree on.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod brute;
mod canonical;
mod certificate;
mod extremes;
mod input;
mod instances;
mod laws;
mod optimum;
mod random;
mod regret;
mod seeds;
mod session;
mod steps;
mod team;
mod team_certificate;
mod team_decided;
mod team_input;
mod team_random;
mod tier;
