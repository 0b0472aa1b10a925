//! Times several ways of doing one thing in turns, so that a busy machine slows all of them.

use std::time::Instant;

/// Median seconds of each way, in their order.
///
/// **Cost.** One unmeasured round, then `rounds` measured ones.
pub fn medians<const N: usize>(rounds: usize, mut ways: [&mut dyn FnMut(); N]) -> [f64; N] {
    let mut seconds = [const { Vec::new() }; N];
    for round in 0..=rounds {
        for (way, seconds) in ways.iter_mut().zip(&mut seconds) {
            let start = Instant::now();
            way();
            if round > 0 {
                seconds.push(start.elapsed().as_secs_f64());
            }
        }
    }
    seconds.map(|mut it| {
        it.sort_by(f64::total_cmp);
        it[it.len() / 2]
    })
}
