//! Notes to the person who runs or writes the plugin.

use std::sync::Once;

/// How much a note matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The plugin cannot answer.
    Error = 0,
    /// The answer may not be what the district wants.
    Warning = 1,
    /// Worth knowing.
    Information = 2,
    /// For the author.
    Detail = 3,
}

/// Leaves a note with the host; never changes an answer.
///
/// The host shortens long notes and drops all after the first few. Does nothing natively.
pub fn report(level: Level, message: &str) {
    #[cfg(target_arch = "wasm32")]
    crate::bindings::scoring::linli::plugin::diagnostics::report(level as u8, message);
    #[cfg(not(target_arch = "wasm32"))]
    let _ = (level, message);
}

/// Sends the text of a panic to the host, who would otherwise see only `unreachable`.
pub fn report_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|panic| report(Level::Error, &panic.to_string())));
    });
}
