//! Computes without end while it starts, before anybody has called it.

use linli_hostile::Hostile;

struct StartsSlowly;

impl Hostile for StartsSlowly {
    const NAME: &str = "starts-slowly";
}

/// Called when an instance is made.
#[cfg(target_arch = "wasm32")]
#[expect(unsafe_code, reason = "the name that tools call at the start")]
#[unsafe(no_mangle)]
extern "C" fn _initialize() {
    loop {
        std::hint::black_box(());
    }
}

linli_hostile::export!(StartsSlowly);
