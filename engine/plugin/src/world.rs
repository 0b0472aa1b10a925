//! Is it a plugin? What the bytes are, and what the component imports and exports.

use linli_model::Text;
use wasmtime::Engine;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, ComponentExportIndex};

use crate::border::{CONTRACTS, CURRENT, Contract, PACKAGE};
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
    let contract =
        contract(names).map_err(|it| Error::OtherVersion { found: shown(it), expected: CURRENT.version })?;
    let forbidden = |(name, item): (&str, wasmtime::component::types::ComponentExtern<'_>)| {
        let is_allowed =
            name == contract.diagnostics || (name == contract.types && holds_types_only(&item.ty, engine));
        (!is_allowed).then(|| shown(name))
    };
    let found: Vec<_> = shape.imports(engine).filter_map(forbidden).collect();
    if !found.is_empty() {
        return Err(Error::ForbiddenImports { found, expected: CURRENT.diagnostics });
    }
    let has = |name: &str| shape.get_export(engine, name).is_some();
    let (kind, interface, answer) = match contract.evaluator {
        _ if has(contract.scorer) => (PluginKind::Scorer, contract.scorer, "score"),
        Some(evaluator) if has(evaluator) => (PluginKind::Evaluator, evaluator, "evaluate"),
        _ => {
            let found = shape.exports(engine).map(|it| shown(it.0)).collect();
            return Err(Error::NoWorld { found });
        }
    };
    let index = |name| function(component, interface, name);
    let (describe, configure, answer) = (index("describe")?, index("configure")?, index(answer)?);
    Ok((kind, Exports { describe, configure, answer, contract }))
}

/// The contract that a component keeps, which all its names of the package have to be of; the
/// current one where there are none. Else the name that is of another.
///
/// A name such as `linli:plugin/scorer@0.2.0` deserves a better answer than "unknown".
fn contract<'a>(names: impl Iterator<Item = &'a str>) -> std::result::Result<&'static Contract, &'a str> {
    let mut kept: Option<&'static Contract> = None;
    for name in names {
        let Some(rest) = name.strip_prefix(PACKAGE) else { continue };
        let version = rest.split_once('@').map(|it| it.1);
        let own = CONTRACTS.into_iter().find(|it| version == Some(it.version)).ok_or(name)?;
        if kept.is_some_and(|it| it != own) {
            return Err(name);
        }
        kept = Some(own);
    }
    Ok(kept.unwrap_or(CURRENT))
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
