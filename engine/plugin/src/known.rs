//! Modules that everybody's plugins in one language share, known by their digest.
//!
//! An interpreter has more to compile than any plugin may. It is let in by name: these very bytes
//! were compiled and measured, once each. Another build of them is another module, and counts.

use std::ops::Range;

use crate::plugin::digest;

/// A module that was measured.
struct Module {
    bytes: usize,
    sha256: &'static str,
}

/// CPython 3.14 and its C library as `componentize-py` 0.25.1 bundles them: 14 CPU seconds and
/// 0.4 GB to compile, on a machine of 2026.
const MODULES: [Module; 3] = [
    // libpython3.14.so
    Module { bytes: 6_271_406, sha256: "4f8eadd579e63d99a0634c9326a1263460dbacf7f823d80bfb10369779ac7e4e" },
    // libc.so
    Module { bytes: 434_102, sha256: "e82b4984c67822ae48cbe8969513932454622f31e91841cca0e80183de59f1ef" },
    // What carries calls from the border to Python.
    Module { bytes: 336_419, sha256: "d6d1faffc282de30f35fc38cda9fd558f3a22a2df24f0868104847f22bddf4dd" },
];

/// Which known modules a component has, as its bytes are read from front to back.
#[derive(Default)]
pub(crate) struct Known {
    /// Those met so far: the second of a kind is compiled as well, and was not measured.
    met: [bool; MODULES.len()],
    /// The bytes of the one that is being read.
    inside: Range<usize>,
}

impl Known {
    /// A module begins.
    pub(crate) fn meet(&mut self, component: &[u8], module: Range<usize>) {
        let Some(bytes) = component.get(module.clone()) else { return };
        let same_length = |it: &&(usize, &Module)| it.1.bytes == bytes.len() && !self.met[it.0];
        let candidate = MODULES.iter().enumerate().find(|it| same_length(&it));
        if let Some((at, _)) = candidate.filter(|it| digest(bytes) == it.1.sha256) {
            self.met[at] = true;
            self.inside = module;
        }
    }

    /// Whether something lies in a module that is known.
    pub(crate) fn covers(&self, part: &Range<usize>) -> bool {
        self.inside.start <= part.start && part.end <= self.inside.end && !part.is_empty()
    }
}
