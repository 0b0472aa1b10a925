//! How much there is to compile, found out without compiling it.
//!
//! A plugin runs on fuel; the compiler that turns it into machine code does not. Its time and
//! memory grow with the instructions of a function, with its locals times its branches, and with
//! the square of how deep loops stand in loops: 20 kB can take more than half a minute and 1 GB.
//! A component that holds another twice, which holds another twice, and so on, is laid out flat:
//! 450 bytes can take as much.
//!
//! What an interpreter takes was measured once; its modules are told by their digest (`known.rs`)
//! and only what a plugin adds to them is counted.

use wasmparser::{
    ComponentAlias, ComponentExternalKind, ComponentTypeRef, CompositeInnerType, FunctionBody, Operator,
    Parser, Payload, TypeSectionReader,
};

use crate::error::{Error, Part, Result};
use crate::known::Known;
use crate::limits::Limits;
use crate::state::one_line;

/// What a function costs whatever is in it.
const STEPS_PER_FUNCTION: usize = 100;

/// What compiling one function takes, at most.
#[derive(Debug, Default)]
struct Effort {
    steps: usize,
    nested_loops: usize,
}

/// How many instances a component turns into when those of the components inside it are laid out.
#[derive(Debug, Default)]
struct Layout {
    /// For each module or component that is being read, the instances it has so far.
    open: Vec<usize>,
    /// The most that any component read so far has, as if every one made were of that kind.
    heaviest: usize,
}

/// Reads every function of every module inside a component, at any depth.
///
/// **Errors.** [`Error::TooManyParts`] for the first function that is too much, or by which the
/// component becomes too much; [`Error::Broken`] for bytes that cannot be read.
/// **Cost.** One pass over the bytes, about 10 ms per MB, and their digest where a module is as
/// long as a known one; memory for the blocks of one function.
pub(crate) fn check(bytes: &[u8], limits: &Limits) -> Result<()> {
    let broken =
        |it: wasmparser::Error| Error::Broken { cause: one_line(&it.to_string(), limits.remark_bytes_max) };
    // As if every function had as many parameters as the one that has most.
    let (mut parameters, mut steps) = (0_usize, 0_usize);
    let mut layout = Layout::default();
    let mut known = Known::default();
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(broken)?;
        if hands_over_components(&payload).map_err(broken)? {
            return Err(Error::Broken { cause: "it hands over components from one to another".to_owned() });
        }
        at_most(Part::NestedInstances, layout.read(&payload), limits.nested_instances_max)?;
        match payload {
            Payload::ModuleSection { unchecked_range, .. } => known.meet(bytes, unchecked_range),
            Payload::TypeSection(types) if known.covers(&types.range()) => {}
            Payload::CodeSectionEntry(body) if known.covers(&body.range()) => {}
            Payload::TypeSection(types) => parameters = parameters.max(widest(types).map_err(broken)?),
            Payload::CodeSectionEntry(body) => {
                let effort = effort(&body, parameters).map_err(broken)?;
                at_most(Part::NestedLoops, effort.nested_loops, limits.nested_loops_max)?;
                at_most(Part::FunctionSteps, effort.steps, limits.function_steps_max)?;
                steps = steps.saturating_add(effort.steps).saturating_add(STEPS_PER_FUNCTION);
                at_most(Part::Steps, steps, limits.component_steps_max)?;
            }
            _ => {}
        }
    }
    Ok(())
}

impl Layout {
    /// Reads on; how many instances what is being read has so far.
    fn read(&mut self, payload: &Payload<'_>) -> usize {
        let more = match payload {
            Payload::Version { .. } => {
                self.open.push(0);
                0
            }
            Payload::InstanceSection(core) => core.count() as usize,
            Payload::ComponentInstanceSection(made) => {
                (made.count() as usize).saturating_mul(1 + self.heaviest)
            }
            Payload::End(_) => {
                self.heaviest = self.heaviest.max(self.open.pop().unwrap_or(0));
                0
            }
            _ => 0,
        };
        let Some(innermost) = self.open.last_mut() else { return 0 };
        *innermost = innermost.saturating_add(more);
        *innermost
    }
}

/// Whether a component takes components from outside or out of an instance: nobody could say
/// what it turns into without laying it out, and no tool makes such plugins.
fn hands_over_components(payload: &Payload<'_>) -> wasmparser::Result<bool> {
    match payload {
        Payload::ComponentImportSection(imports) => {
            for import in imports.clone() {
                if matches!(import?.ty, ComponentTypeRef::Component(_)) {
                    return Ok(true);
                }
            }
        }
        Payload::ComponentAliasSection(aliases) => {
            for alias in aliases.clone() {
                let kind = ComponentExternalKind::Component;
                if matches!(alias?, ComponentAlias::InstanceExport { kind: found, .. } if found == kind) {
                    return Ok(true);
                }
            }
        }
        _ => {}
    }
    Ok(false)
}

fn at_most(part: Part, found: usize, max: usize) -> Result<()> {
    if found > max { Err(Error::TooManyParts { part, found, max }) } else { Ok(()) }
}

/// The most parameters that a function type has.
fn widest(types: TypeSectionReader<'_>) -> wasmparser::Result<usize> {
    let mut widest = 0;
    for group in types {
        let group = group?;
        for it in group.types() {
            if let CompositeInnerType::Func(function) = &it.composite_type.inner {
                widest = widest.max(function.params().len());
            }
        }
    }
    Ok(widest)
}

fn effort(body: &FunctionBody<'_>, parameters: usize) -> wasmparser::Result<Effort> {
    let mut locals = parameters;
    for group in body.get_locals_reader()? {
        locals = locals.saturating_add(group?.0 as usize);
    }
    let mut effort = Effort::default();
    // Places where ways of control meet or part. The beginning is one: locals are set to zero.
    let mut branches = 1_usize;
    // For each block that is open, whether it is a loop.
    let mut open: Vec<bool> = Vec::new();
    let mut loops = 0_usize;
    for operator in body.get_operators_reader()? {
        effort.steps += 1;
        match operator? {
            Operator::Loop { .. } => {
                branches += 1;
                open.push(true);
                loops += 1;
                effort.nested_loops = effort.nested_loops.max(loops);
            }
            Operator::Block { .. }
            | Operator::If { .. }
            | Operator::Try { .. }
            | Operator::TryTable { .. } => {
                branches += 1;
                open.push(false);
            }
            Operator::End => loops -= usize::from(open.pop() == Some(true)),
            Operator::Br { .. } | Operator::BrIf { .. } => branches += 1,
            Operator::BrTable { targets } => branches += targets.len() as usize + 1,
            _ => {}
        }
    }
    effort.steps = effort.steps.saturating_add(locals.saturating_mul(branches));
    Ok(effort)
}
