//! Is it a plugin? What the bytes are, and what the component imports and exports.

use linli_model::Text;
use wasmtime::Engine;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, ComponentExportIndex};

use crate::border::{DIAGNOSTICS, EVALUATOR, PACKAGE, SCORER, TYPES, VERSION};
use crate::description::PluginKind;
use crate::error::{Error, Result};
use crate::limits::Limits;
use crate::session::Exports;
use crate::state::one_line;

/// Looks at the first eight bytes: magic number, version, layer.
///
/// **Errors.** [`Error::NotWasm`], [`Error::CoreModule`], [`Error::Broken`] when it ends there.
pub(crate) fn check_header(bytes: &[u8]) -> Result<()> {
    let Some(rest) = bytes.strip_prefix(b"\0asm") else {
        return Err(Error::NotWasm { found: found(bytes) });
    };
    match rest {
        [1, 0, 0, 0, ..] => Err(Error::CoreModule),
        [_, _, 1, 0, ..] => Ok(()),
        [_, _, _, _, ..] => {
            Err(Error::NotWasm { found: Text::new("another kind of WebAssembly", "另一种 WebAssembly") })
        }
        _ => Err(Error::Broken { cause: "it ends within its header".to_owned() }),
    }
}

fn found(bytes: &[u8]) -> Text {
    if bytes.is_empty() {
        return Text::new("an empty file", "空文件");
    }
    let first: Vec<_> = bytes.iter().take(4).map(|it| format!("{it:02x}")).collect();
    let first = first.join(" ");
    Text::new(format!("bytes that begin with {first}"), format!("以 {first} 开头的文件"))
}

/// Finds out which world a component is for. Names are the component's own: shown on one line.
///
/// **Errors.** [`Error::OtherVersion`], [`Error::ForbiddenImports`], [`Error::NoWorld`],
/// [`Error::OtherShape`].
pub(crate) fn inspect(
    component: &Component,
    engine: &Engine,
    limits: &Limits,
) -> Result<(PluginKind, Exports)> {
    let shown = |name: &str| one_line(name, limits.remark_bytes_max);
    let shape = component.component_type();
    let names = shape.imports(engine).map(|it| it.0).chain(shape.exports(engine).map(|it| it.0));
    for name in names {
        if !is_our_version(name) {
            return Err(Error::OtherVersion { found: shown(name), expected: VERSION });
        }
    }
    let forbidden = |(name, item): (&str, wasmtime::component::types::ComponentExtern<'_>)| {
        let allowed = match name {
            DIAGNOSTICS => true,
            TYPES => holds_types_only(&item.ty, engine),
            _ => false,
        };
        (!allowed).then(|| shown(name))
    };
    let found: Vec<_> = shape.imports(engine).filter_map(forbidden).collect();
    if !found.is_empty() {
        return Err(Error::ForbiddenImports { found, expected: DIAGNOSTICS });
    }
    let (kind, interface, answer) = if shape.get_export(engine, SCORER).is_some() {
        (PluginKind::Scorer, SCORER, "score")
    } else if shape.get_export(engine, EVALUATOR).is_some() {
        (PluginKind::Evaluator, EVALUATOR, "evaluate")
    } else {
        let found = shape.exports(engine).map(|it| shown(it.0)).collect();
        return Err(Error::NoWorld { found });
    };
    let index = |name| function(component, interface, name);
    let exports =
        Exports { describe: index("describe")?, configure: index("configure")?, answer: index(answer)? };
    Ok((kind, exports))
}

/// A name such as `linli:plugin/scorer@0.2.0` deserves a better answer than "unknown".
fn is_our_version(name: &str) -> bool {
    let Some(rest) = name.strip_prefix(PACKAGE) else {
        return true;
    };
    matches!(rest.split_once('@'), Some((_, VERSION)))
}

fn holds_types_only(item: &ComponentItem, engine: &Engine) -> bool {
    match item {
        ComponentItem::ComponentInstance(instance) => {
            instance.exports(engine).all(|(_, it)| matches!(it.ty, ComponentItem::Type(_)))
        }
        _ => false,
    }
}

fn function(component: &Component, interface: &str, name: &str) -> Result<ComponentExportIndex> {
    component
        .get_export_index(None, interface)
        .and_then(|it| component.get_export_index(Some(&it), name))
        .ok_or_else(|| Error::OtherShape {
            name: interface.to_owned(),
            cause: format!("it has no function {name}"),
        })
}
