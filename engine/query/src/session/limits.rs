//! How much one session may take.

/// The limits of a session. Statements that run at the same time share its memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryLimits {
    /// Rows handed to whoever asked; nothing: all.
    pub rows_max: Option<u64>,
    /// Seconds from the start of a statement to its last row; nothing: no end.
    pub seconds_max: Option<u64>,
    /// Bytes that operators may hold at a time. Nothing is spilled to disk.
    pub memory_bytes_max: usize,
    /// Threads that work on a statement.
    pub threads: usize,
    /// Whether columns that say who somebody is are shown as they are, and not masked.
    pub reveal: bool,
}

impl Default for QueryLimits {
    fn default() -> Self {
        Self { rows_max: None, seconds_max: None, memory_bytes_max: 4 << 30, threads: 2, reveal: false }
    }
}

impl QueryLimits {
    pub(super) fn megabytes(&self) -> u64 {
        u64::try_from(self.memory_bytes_max >> 20).unwrap_or(u64::MAX)
    }
}
