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
pub(crate) struct Known {
    modules: &'static [Module],
    /// Those met so far: the second of a kind is compiled as well, and was not measured.
    met: Vec<bool>,
    /// The bytes of the one that is being read.
    inside: Range<usize>,
}

impl Default for Known {
    fn default() -> Self {
        Self::among(&MODULES)
    }
}

impl Known {
    fn among(modules: &'static [Module]) -> Self {
        Self { modules, met: vec![false; modules.len()], inside: 0..0 }
    }

    /// A module begins.
    pub(crate) fn meet(&mut self, component: &[u8], module: Range<usize>) {
        let Some(bytes) = component.get(module.clone()) else { return };
        let same_length = |it: &&(usize, &Module)| it.1.bytes == bytes.len() && !self.met[it.0];
        let candidate = self.modules.iter().enumerate().find(|it| same_length(&it));
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

#[cfg(test)]
mod tests {
    use super::*;

    /// SHA-256 of `abc`, the example of FIPS 180-2.
    const ABC: [Module; 1] =
        [Module { bytes: 3, sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" }];

    #[test]
    fn a_module_is_known_once_by_all_of_its_bytes() {
        let component = b"abdabcabcx";
        let mut known = Known::among(&ABC);
        known.meet(component, 0..3);
        assert!(!known.covers(&(0..1)), "another byte, another module");
        known.meet(component, 3..6);
        assert!(known.covers(&(3..6)) && known.covers(&(4..5)));
        assert!(!known.covers(&(5..7)) && !known.covers(&(2..4)) && !known.covers(&(4..4)));
        known.meet(component, 6..9);
        assert!(!known.covers(&(6..9)), "the second of a kind is compiled as well");
        known.meet(component, 8..11);
        assert!(!known.covers(&(8..10)), "bytes that are not there");
    }
}
