//! What the host keeps beside one instance: how much it took, and what it said.

use serde::Serialize;
use wasmtime::ResourceLimiter;

use crate::limits::Limits;

/// A note that a plugin left for the person who runs or writes it. Never part of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// 0 error, 1 warning, 2 information, 3 or more detail.
    pub level: u8,
    /// One line, shortened.
    pub text: String,
}

/// Something the plugin wanted more of than there is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Refusal {
    /// Bytes in all memories.
    Memory(usize),
    /// Elements in all tables.
    Table(usize),
}

/// The state of one store.
pub(crate) struct State {
    limits: Limits,
    memory_bytes: usize,
    table_elements: usize,
    /// The growth being tried goes beyond what the component itself allows.
    beyond_own_maximum: bool,
    pub(crate) refusal: Option<Refusal>,
    pub(crate) remarks: Vec<Remark>,
    /// The last remark of level 0: the text of a panic, as a rule.
    pub(crate) last_error: Option<String>,
}

impl State {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            limits: limits.clone(),
            memory_bytes: 0,
            table_elements: 0,
            beyond_own_maximum: false,
            refusal: None,
            remarks: Vec::new(),
            last_error: None,
        }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.memory_bytes
    }

    /// Forgets the errors of the call before; remarks wait until somebody takes them.
    pub(crate) fn begin_call(&mut self) {
        self.last_error = None;
    }

    /// Whether another remark of this level would be kept. Errors always are: a chatty plugin
    /// must not drown its own panic.
    pub(crate) fn listens(&self, level: u8) -> bool {
        level == 0 || self.remarks.len() < self.limits.remarks_max
    }

    pub(crate) fn hear(&mut self, level: u8, text: &str) {
        let text = one_line(text, self.limits.remark_bytes_max);
        if level == 0 {
            self.last_error = Some(text.clone());
        }
        if self.remarks.len() < self.limits.remarks_max {
            self.remarks.push(Remark { level, text });
        }
    }
}

/// Whether a character could do something to a terminal or a line instead of standing in it:
/// control characters, separators of lines, and what turns the direction of writing.
pub(crate) fn is_unprintable(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A foreign text as it may be shown: cut to so many bytes, a blank for all that is unprintable.
pub(crate) fn one_line(text: &str, bytes_max: usize) -> String {
    let end = text.floor_char_boundary(bytes_max);
    let clean = text[..end].replace(is_unprintable, " ");
    if end < text.len() { clean + "…" } else { clean }
}

/// Refuses growth by ending the plugin: to carry on without the memory would be another answer.
impl ResourceLimiter for State {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let total = self.memory_bytes.saturating_add(desired.saturating_sub(current));
        if total > self.limits.memory_bytes_max {
            self.refusal = Some(Refusal::Memory(total));
            return Err(wasmtime::Error::msg("memory limit"));
        }
        self.beyond_own_maximum = maximum.is_some_and(|it| desired > it);
        if !self.beyond_own_maximum {
            self.memory_bytes = total;
        }
        Ok(true)
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        // What the component forbids itself fails on every machine alike, and the plugin may
        // go on. What this machine cannot give must not turn into another answer.
        if self.beyond_own_maximum { Ok(()) } else { Err(error) }
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let total = self.table_elements.saturating_add(desired.saturating_sub(current));
        if total > self.limits.table_elements_max {
            self.refusal = Some(Refusal::Table(total));
            return Err(wasmtime::Error::msg("table limit"));
        }
        self.beyond_own_maximum = maximum.is_some_and(|it| desired > it);
        if !self.beyond_own_maximum {
            self.table_elements = total;
        }
        Ok(true)
    }

    fn table_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        if self.beyond_own_maximum { Ok(()) } else { Err(error) }
    }

    fn instances(&self) -> usize {
        self.limits.instances_max
    }

    fn tables(&self) -> usize {
        self.limits.tables_max
    }

    fn memories(&self) -> usize {
        self.limits.memories_max
    }
}
