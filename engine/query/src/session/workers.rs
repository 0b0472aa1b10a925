//! Threads of their own for statements.
//!
//! Operators compute for milliseconds on end. On the caller's threads they would hold up its
//! timers and sockets, and a time limit could not be kept. Some single calls compute for
//! longer, and planning is one of them: nobody can end it. So statements of users and those of
//! linli itself have threads apart, and users can hold up only each other.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use super::Author;
use crate::{Error, Result};

/// Nested SQL is planned, walked and dropped recursively. Only what is used is ever paged in.
const STACK_BYTES: usize = 64 << 20;

/// They stay for as long as the process lives: idle threads cost nothing, and to let go of one
/// that is just ending is a race in C libraries of today, lost when its stack is already gone.
static SHARED: Mutex<BTreeMap<(usize, Author), Arc<Workers>>> = Mutex::new(BTreeMap::new());

/// A pool of threads, shared by the statements of one kind of author in all sessions that ask
/// for the same number of them.
#[derive(Debug)]
pub(super) struct Workers {
    runtime: Runtime,
}

impl Workers {
    /// The pool of that many threads.
    pub(super) fn shared(threads: usize, author: Author) -> Result<Arc<Self>> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(workers) = shared.get(&(threads, author)) {
            return Ok(Arc::clone(workers));
        }
        let name = match author {
            Author::User => "linli-query",
            Author::Linli => "linli-own",
        };
        let runtime = Builder::new_multi_thread()
            .worker_threads(threads)
            .thread_name(name)
            .thread_stack_size(STACK_BYTES)
            .enable_all()
            .build()
            .map_err(|it| Error::Engine { cause: it.to_string() })?;
        let workers = Arc::new(Self { runtime });
        shared.insert((threads, author), Arc::clone(&workers));
        Ok(workers)
    }

    /// Starts a task.
    pub(super) fn spawn<F>(&self, task: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        self.runtime.spawn(task)
    }

    /// Whether no task is left.
    #[cfg(test)]
    pub(super) fn is_idle(&self) -> bool {
        self.runtime.metrics().num_alive_tasks() == 0
    }
}
