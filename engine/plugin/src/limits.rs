//! Every limit a plugin meets, with its unit and its reason.

/// How many rows one instance scores: 65,536.
///
/// A constant and no [`Limits`] field: blocks are cut here whoever scores them, on how many
/// threads ever. Another number would be another run.
pub const ROWS_PER_BLOCK: u32 = 65_536;

/// How long one tick of the wall clock lasts, in milliseconds. Time limits are exact to a tick.
pub(crate) const TICK_MS: u64 = 10;

/// How much a plugin may use and say.
///
/// Fuel decides what a plugin can compute: it is counted per instruction and is the same on
/// every machine. Seconds are the safety net behind it. Every limit ends in an error, never
/// in another answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a component. Rust plugins have 0.05 MB; those in Python bring their interpreter
    /// along and have 19 MB.
    pub component_bytes_max: usize,
    /// Steps of compiling one function: its instructions, and its locals times its branches,
    /// which is what a compiler may have to look at. Rust plugins have below 10,000; so many
    /// take up to 3 s and 0.3 GB.
    pub function_steps_max: usize,
    /// Steps of compiling a component, 100 for each function included. Rust plugins have 80,000;
    /// the interpreter that plugins in Python share has 15,000,000, which are not counted: its
    /// modules are known by their digest.
    pub component_steps_max: usize,
    /// Loops inside each other in one function. Compiling takes the square of it: a thousand
    /// take 5 s, three thousand half a minute. Rust plugins have 4.
    pub nested_loops_max: usize,
    /// Instances that a component is laid out as, those of components inside it counted as
    /// often as they are made. Rust plugins have below 10; a million take 2 s and 0.3 GB.
    pub nested_instances_max: usize,
    /// Bytes of the text that `describe` returns. A long settings schema has 10 kB.
    pub describe_bytes_max: usize,
    /// Bytes of one text in it: a title, a summary, a veto, an author, a licence.
    pub wording_bytes_max: usize,
    /// Codes of vetoes that a plugin may word: more than anybody reads. Ours have one.
    pub veto_codes_max: usize,
    /// Settings that a plugin may declare. A check tries each at both ends.
    pub settings_max: usize,
    /// Words that one setting may be, each of which a check tries as well.
    pub options_max: usize,
    /// Bytes of the settings of one plugin.
    pub settings_bytes_max: usize,
    /// Columns a plugin may ask for, and indicators an evaluator may be given.
    pub columns_max: usize,
    /// Bytes of text in one block, over all its columns: about 1 kB per row.
    pub text_bytes_max: usize,
    /// Fuel to start an instance and to call `describe` or `configure`.
    /// An interpreter needs about 10⁸ to wake up; an endless loop burns this in 0.1 s.
    pub setup_fuel: u64,
    /// Fuel of one `score` or `evaluate` before rows count.
    pub base_fuel: u64,
    /// Fuel that each row adds. Rust plugins need below 1,000, Python 44,000, JavaScript 105,000.
    pub row_fuel: u64,
    /// Wall clock of one call, in seconds, whatever its fuel.
    pub call_seconds_max: u32,
    /// Bytes of all linear memories of one instance.
    pub memory_bytes_max: usize,
    /// Elements of all tables of one instance: the functions it can call indirectly.
    pub table_elements_max: usize,
    /// Linear memories of one instance.
    pub memories_max: usize,
    /// Tables of one instance.
    pub tables_max: usize,
    /// Core instances inside one component; tools for Rust make about five, for Python about 70.
    pub instances_max: usize,
    /// Instances alive at once, over all plugins of a host: one per call that runs.
    pub sessions_max: u32,
    /// Bytes of machine stack. Threads of the standard library have 2 MiB in all.
    pub stack_bytes_max: usize,
    /// Remarks kept from one call; later ones are dropped.
    pub remarks_max: usize,
    /// Bytes kept of one remark, and of every other text of a plugin that ends up in an error.
    pub remark_bytes_max: usize,
}

impl Limits {
    /// What holds unless somebody says otherwise.
    pub const DEFAULT: Self = Self {
        component_bytes_max: 24 << 20,
        function_steps_max: 200_000,
        component_steps_max: 2_000_000,
        nested_loops_max: 32,
        nested_instances_max: 1_000,
        describe_bytes_max: 64 << 10,
        wording_bytes_max: 1 << 10,
        veto_codes_max: 256,
        settings_max: 32,
        options_max: 32,
        settings_bytes_max: 64 << 10,
        columns_max: 64,
        text_bytes_max: 64 << 20,
        setup_fuel: 1_000_000_000,
        base_fuel: 500_000_000,
        row_fuel: 150_000,
        call_seconds_max: 30,
        memory_bytes_max: 256 << 20,
        table_elements_max: 100_000,
        memories_max: 4,
        tables_max: 8,
        instances_max: 128,
        sessions_max: 256,
        stack_bytes_max: 512 << 10,
        remarks_max: 32,
        remark_bytes_max: 4 << 10,
    };

    /// The fuel of one call over so many rows.
    pub const fn call_fuel(&self, rows: u32) -> u64 {
        self.base_fuel.saturating_add(self.row_fuel.saturating_mul(rows as u64))
    }

    /// Bytes that the columns of a full block can have, at most.
    const fn block_bytes_max(&self) -> usize {
        // A number has 8 bytes, its validity 1; offsets of texts are shorter than numbers.
        self.columns_max * ROWS_PER_BLOCK as usize * 9 + self.text_bytes_max
    }

    /// What does not fit together, if anything: in English and in Chinese.
    pub(crate) const fn contradiction(&self) -> Option<[&'static str; 2]> {
        // The other half is the plugin's own, for its answer and what it computes on the way.
        if self.block_bytes_max() > self.memory_bytes_max / 2 {
            return Some(["a full block must fit into half of the memory", "一个满的分块不得超过内存的一半"]);
        }
        // wasmtime keeps memories below 4 GiB; the host adds up their sizes.
        if self.memory_bytes_max > 4 << 30 {
            return Some(["a plugin's memory ends at 4 GiB", "插件内存至多 4 GiB"]);
        }
        // The host itself needs room on the same stack; overrunning it would end the process.
        if self.stack_bytes_max == 0 || self.stack_bytes_max > 1 << 20 {
            return Some(["the stack must lie between 1 byte and 1 MiB", "栈应在 1 字节到 1 MiB 之间"]);
        }
        if self.call_seconds_max == 0 {
            return Some(["a call needs at least one second", "每次调用至少一秒"]);
        }
        None
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

const _: () = assert!(Limits::DEFAULT.contradiction().is_none());

// Fuel must run out before the clock does, or the slower machine would give up first.
// One unit takes 0.05 to 0.2 ns; 1 ns leaves room for a busy machine.
const _: () = assert!(
    Limits::DEFAULT.call_fuel(ROWS_PER_BLOCK) < Limits::DEFAULT.call_seconds_max as u64 * 1_000_000_000
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_that_contradict_each_other_are_found() {
        let found = |limits: Limits| limits.contradiction().map(|it| it[0]);
        let narrow = Limits { memory_bytes_max: 64 << 20, ..Limits::DEFAULT };
        assert_eq!(found(narrow), Some("a full block must fit into half of the memory"));
        let endless = Limits { call_seconds_max: 0, ..Limits::DEFAULT };
        assert_eq!(found(endless), Some("a call needs at least one second"));
        let deep = Limits { stack_bytes_max: 8 << 20, ..Limits::DEFAULT };
        assert!(found(deep).is_some());
    }

    #[test]
    fn fuel_grows_with_rows_and_never_overflows() {
        assert_eq!(Limits::DEFAULT.call_fuel(2), 500_300_000);
        let endless = Limits { base_fuel: u64::MAX, ..Limits::DEFAULT };
        assert_eq!(endless.call_fuel(u32::MAX), u64::MAX);
    }
}
