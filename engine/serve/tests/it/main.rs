//! What the server promises, tested over sockets: one binary for all of it.

mod arrow;
mod document;
mod lists;
mod needs;
mod problems;
mod runs;
mod site;
mod slow;
mod sql;
