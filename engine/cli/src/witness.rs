//! What only the door knows: the clock, the host, who asks, the number of threads.

use std::time::{SystemTime, UNIX_EPOCH};

use linli_pool::Witness;

/// Microseconds since 1970 UTC.
pub fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// The most memory this process has had; 0 where the system does not tell.
pub fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|it| it.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kilobytes.unwrap_or_default() * 1_024
}

/// Now, here.
pub fn witness() -> Witness {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    Witness {
        at_us: now_us(),
        host: if host.trim().is_empty() { "localhost".to_owned() } else { host.trim().to_owned() },
        actor: actor(),
        threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
    }
}

/// Who runs the command, as the system calls them.
fn actor() -> String {
    let named = ["USER", "LOGNAME"].iter().filter_map(|it| std::env::var(it).ok());
    named.map(|it| it.trim().to_owned()).find(|it| !it.is_empty()).unwrap_or_else(|| "unknown".to_owned())
}
