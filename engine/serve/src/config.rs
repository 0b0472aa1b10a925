//! What a server is told when it starts.

use std::net::SocketAddr;
use std::sync::Arc;

/// Says what time it is: microseconds since 1970 UTC.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Takes a line for whoever runs the server.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// Where to listen, on behalf of which machine, within which limits.
#[derive(Clone)]
pub struct ServeConfig {
    /// The address; port 0 takes any free one. A loopback address answers to the names of this
    /// machine only (`localhost`, `127.0.0.1`, `[::1]`), whatever a name server says of others.
    pub addr: SocketAddr,
    /// The host's name, as runs note it.
    pub host: String,
    /// Threads that work on one statement or match.
    pub threads: usize,
    /// How much callers may take.
    pub limits: ServeLimits,
    /// The time. Nothing here asks the machine.
    pub clock: Clock,
    /// Where causes go that callers are not told.
    pub log: Log,
}

impl ServeConfig {
    /// A server at an address, within the default limits.
    pub fn new(addr: SocketAddr, host: impl Into<String>, threads: usize, clock: Clock, log: Log) -> Self {
        Self { addr, host: host.into(), threads, limits: ServeLimits::default(), clock, log }
    }
}

/// How much callers may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServeLimits {
    /// Rows of one SQL answer.
    pub rows_max: u64,
    /// Seconds from the start of a statement to its last row, also when nobody takes the rows.
    pub seconds_max: u64,
    /// Bytes that one statement may hold. Reads of lists and rows share as much among those of
    /// the same snapshot; the last four snapshots that were read are kept open.
    pub memory_bytes_max: usize,
    /// Statements of callers that run at the same time.
    pub queries_at_once: usize,
    /// Runs that are accepted and not done yet. They are made one after the other, since they
    /// append to the same tables.
    pub runs_at_once: usize,
    /// Bytes of a request's body.
    pub body_bytes_max: usize,
    /// Seconds without a byte in either direction after which a connection is closed, on top
    /// of those that an answer may take. The body of a request must come within as many seconds;
    /// and whoever sends byte after byte without being answered loses the connection after twice
    /// as many, on top of those of an answer.
    pub idle_seconds_max: u64,
}

impl Default for ServeLimits {
    fn default() -> Self {
        Self {
            rows_max: 1_000_000,
            seconds_max: 30,
            memory_bytes_max: 2 << 30,
            queries_at_once: 4,
            runs_at_once: 4,
            body_bytes_max: 1 << 20,
            idle_seconds_max: 30,
        }
    }
}
