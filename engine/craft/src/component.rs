//! Makes a component of a module, without a tool for components.
//!
//! A plugin's world is fixed, so everything in a component but the module is the same for all
//! plugins of it: types, names, and how texts and lists cross the border. That rest, the frame, is
//! taken from a reference plugin, whose component the linker of the Rust toolchain made of
//! `linli.wit`: its module is cut out and the other one set in.
//!
//! ```text
//! frame  \0asm, types, import diagnostics │ module │ joins, functions, export scorer
//! ```
//!
//! It refers to the module by names alone: `memory`, `cabi_realloc`, the functions of the
//! interface, and each of these once more with `cabi_post_` before it. A module that lacks one is
//! refused here; one that has others than the interface says is refused by the host.
//!
//! Who rebuilds the reference plugins with another linker may get another frame, and so other bytes
//! for the same module: `cargo xtask plugins --check` tells.

use crate::error::{Error, Result};

/// What a module begins with, and what a component begins with: magic and version.
const MODULE: [u8; 8] = *b"\0asm\x01\0\0\0";
const COMPONENT: [u8; 8] = *b"\0asm\x0d\0\x01\0";
/// The section of a component that holds a module.
const MODULE_SECTION: u8 = 1;
/// The section of a module that names what it exports.
const EXPORT_SECTION: u8 = 7;

/// What kind of plugin a component is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum World {
    /// Scores candidates.
    Scoring,
    /// Evaluates districts.
    Evaluating,
}

impl World {
    /// The name in `linli.wit`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scoring => "scoring",
            Self::Evaluating => "evaluating",
        }
    }

    /// A component of this world.
    const fn reference(self) -> &'static [u8] {
        match self {
            Self::Scoring => include_bytes!("../../../plugins/dist/skill-fit.wasm"),
            Self::Evaluating => include_bytes!("../../../plugins/dist/weighted-index.wasm"),
        }
    }

    /// The functions of its interface.
    const fn functions(self) -> [&'static str; 3] {
        match self {
            Self::Scoring => [
                "linli:plugin/scorer@0.1.0#describe",
                "linli:plugin/scorer@0.1.0#configure",
                "linli:plugin/scorer@0.1.0#score",
            ],
            Self::Evaluating => [
                "linli:plugin/evaluator@0.1.0#describe",
                "linli:plugin/evaluator@0.1.0#configure",
                "linli:plugin/evaluator@0.1.0#evaluate",
            ],
        }
    }

    /// What a module of this world must export.
    fn exports(self) -> Vec<String> {
        let functions = self.functions();
        let after = functions.map(|it| format!("cabi_post_{it}"));
        let all = functions.map(String::from).into_iter().chain(after);
        all.chain(["memory", "cabi_realloc"].map(String::from)).collect()
    }
}

/// Sets a module into the frame of the world whose functions it exports.
///
/// **Errors.** [`Error::Source`] for bytes that are no module, and for a module that lacks
/// something that both sides need.
pub(crate) fn of_module(module: &[u8]) -> Result<Vec<u8>> {
    let exports = exports(module).ok_or_else(|| {
        Error::source("the compiler left something that is no module", "编译器的产物不是 WASM 模块")
    })?;
    let has = |name: &str| exports.contains(&name.as_bytes());
    let worlds = [World::Scoring, World::Evaluating];
    let world = worlds.into_iter().find(|it| has(it.functions()[2])).ok_or_else(|| {
        Error::source(
            "the module exports neither score nor evaluate: LINLI_SCORER or LINLI_EVALUATOR is missing",
            "模块既未导出 score 也未导出 evaluate：缺少 LINLI_SCORER 或 LINLI_EVALUATOR",
        )
    })?;
    if let Some(name) = world.exports().iter().find(|it| !has(it)) {
        return Err(Error::source(
            format!("the module does not export {name}"),
            format!("模块未导出 {name}"),
        ));
    }
    framed(world.reference(), module)
        .ok_or_else(|| Error::source("the frame of a component is damaged", "组件框架已损坏"))
}

/// The reference with its first module replaced; none where it holds no module.
fn framed(reference: &[u8], module: &[u8]) -> Option<Vec<u8>> {
    let sections = sections(reference, COMPONENT)?;
    let old = sections.iter().find(|it| it.id == MODULE_SECTION)?;
    let mut out = reference[..old.start].to_vec();
    out.push(MODULE_SECTION);
    push_number(&mut out, module.len());
    out.extend(module);
    out.extend(&reference[old.end..]);
    Some(out)
}

/// The names of what a module exports; none where the bytes make no sense.
fn exports(module: &[u8]) -> Option<Vec<&[u8]>> {
    let Some(section) = sections(module, MODULE)?.into_iter().find(|it| it.id == EXPORT_SECTION) else {
        return Some(Vec::new());
    };
    let mut rest = section.content;
    let count = number(&mut rest)?;
    let mut names = Vec::new();
    for _ in 0..count {
        let length = number(&mut rest)?;
        names.push(rest.get(..length)?);
        // The kind of export is one byte; what follows is which of its kind.
        rest = rest.get(length + 1..)?;
        number(&mut rest)?;
    }
    Some(names)
}

struct Section<'a> {
    id: u8,
    /// Where it starts, its id included, and ends in the whole.
    start: usize,
    end: usize,
    content: &'a [u8],
}

/// The sections of the outermost level.
fn sections<'a>(bytes: &'a [u8], preamble: [u8; 8]) -> Option<Vec<Section<'a>>> {
    let mut rest = bytes.strip_prefix(&preamble)?;
    let mut sections = Vec::new();
    while let [id, after @ ..] = rest {
        let start = bytes.len() - rest.len();
        rest = after;
        let length = number(&mut rest)?;
        let content = rest.get(..length)?;
        rest = &rest[length..];
        sections.push(Section { id: *id, start, end: bytes.len() - rest.len(), content });
    }
    Some(sections)
}

/// Reads a number of the format: seven bits a byte, the lowest first (LEB128).
fn number(bytes: &mut &[u8]) -> Option<usize> {
    let mut value = 0_usize;
    for shift in (0..35).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= usize::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn push_number(out: &mut Vec<u8>, mut value: usize) {
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module with nothing but names of functions that are not there.
    fn module(exports: &[String]) -> Vec<u8> {
        let mut content = Vec::new();
        push_number(&mut content, exports.len());
        for name in exports {
            push_number(&mut content, name.len());
            content.extend(name.as_bytes());
            content.extend([0, 0]);
        }
        let mut module = MODULE.to_vec();
        module.push(EXPORT_SECTION);
        push_number(&mut module, content.len());
        module.extend(content);
        module
    }

    /// The module inside a component.
    fn inside(component: &[u8]) -> &[u8] {
        let sections = sections(component, COMPONENT).unwrap();
        sections.into_iter().find(|it| it.id == MODULE_SECTION).unwrap().content
    }

    #[test]
    fn a_reference_plugin_taken_apart_and_set_together_is_the_same() {
        for world in [World::Scoring, World::Evaluating] {
            let reference = world.reference();
            assert_eq!(of_module(inside(reference)).unwrap(), reference, "{world:?}");
        }
    }

    #[test]
    fn the_functions_say_which_world_it_is() {
        for world in [World::Scoring, World::Evaluating] {
            let module = module(&world.exports());
            let component = of_module(&module).unwrap();
            assert_eq!(inside(&component), module);
            let frame = |bytes: &[u8]| bytes.len() - inside(bytes).len();
            // The length of a shorter module takes fewer bytes to write.
            assert!(frame(world.reference()) - frame(&component) <= 2);
        }
    }

    #[test]
    fn what_a_module_lacks_is_named() {
        let mut names = World::Scoring.exports();
        names.retain(|it| it != "cabi_realloc");
        let said = of_module(&module(&names)).unwrap_err().to_string();
        assert_eq!(said, "the module does not export cabi_realloc");
        assert!(of_module(&module(&[])).unwrap_err().to_string().contains("LINLI_SCORER"));
    }

    #[test]
    fn damaged_modules_are_refused() {
        let module = module(&World::Scoring.exports());
        assert!((0..module.len()).all(|it| of_module(&module[..it]).is_err()));
        assert!(of_module(b"\0asm\x01\0\0\0\x07\xff\xff\xff\xff\xff\xff").is_err());
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for value in [0, 1, 127, 128, 300, 65_536, 19_490_538] {
            let mut bytes = Vec::new();
            push_number(&mut bytes, value);
            let mut rest = bytes.as_slice();
            assert_eq!((number(&mut rest), rest), (Some(value), &[][..]));
        }
    }
}
