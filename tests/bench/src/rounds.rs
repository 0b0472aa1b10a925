//! Times several ways of doing one thing in turns, so that a busy machine slows all of them.

use std::array::from_fn;

/// Median seconds of all cores of each way, in their order. What others do meanwhile does not count.
///
/// **Cost.** One unmeasured round, then `rounds` measured ones.
pub fn medians<const N: usize>(rounds: usize, mut ways: [&mut dyn FnMut(); N]) -> [f64; N] {
    let medians = medians_of(rounds, N, |it| ways[it]());
    from_fn(|it| medians[it])
}

/// The same for ways that are told apart by number.
pub fn medians_of(rounds: usize, ways: usize, mut way: impl FnMut(usize)) -> Vec<f64> {
    let mut seconds = vec![Vec::new(); ways];
    for round in 0..=rounds {
        for (it, seconds) in seconds.iter_mut().enumerate() {
            let taken = cpu_seconds(|| way(it));
            if round > 0 {
                seconds.push(taken);
            }
        }
    }
    let median = |mut it: Vec<f64>| {
        it.sort_by(f64::total_cmp);
        it[it.len() / 2]
    };
    seconds.into_iter().map(median).collect()
}

/// Seconds of all cores that something takes.
pub fn cpu_seconds<T>(run: impl FnOnce() -> T) -> f64 {
    let start_ns = cpu_ns();
    run();
    (cpu_ns() - start_ns) as f64 / 1e9
}

/// Nanoseconds of this process on any core, with what the kernel does for it: of the two only the
/// sum is counted exactly.
#[cfg(unix)]
#[expect(unsafe_code, reason = "the standard library has no clock of a process")]
pub fn cpu_ns() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the kernel writes one `timespec` to where `now` is.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut now) };
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// Where there is no such clock, the one on the wall has to do.
#[cfg(not(unix))]
pub fn cpu_ns() -> u64 {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed().as_nanos() as u64
}
