//! What only the door knows: the clock, the host, the number of threads.

use std::time::{SystemTime, UNIX_EPOCH};

use linli_pool::Witness;

/// Microseconds since 1970 UTC.
pub fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// Now, here.
pub fn witness() -> Witness {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    Witness {
        at_us: now_us(),
        host: if host.trim().is_empty() { "localhost".to_owned() } else { host.trim().to_owned() },
        threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
    }
}
