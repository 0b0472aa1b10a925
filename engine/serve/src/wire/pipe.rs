//! Bytes between the thread that writes an answer and the socket that sends it.
//!
//! Nothing runs far ahead: the writer waits while a mebibyte is not taken, so whoever reads
//! slowly slows the statement down instead of filling the memory. It waits until the time
//! limit and no longer. So an answer ends at its limit, and with it the rows and the seat,
//! whether anybody takes it or not.

use std::io::{ErrorKind, Result as IoResult, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use linli_pool::query::WriteSummary;
use tokio::sync::Notify;

use crate::error::{Error, Result};

/// Bytes that may wait to be taken before the writer stops; one write may exceed them.
pub(super) const AHEAD_BYTES: usize = 1 << 20;

/// Bytes that are worth waking the reader for.
pub(super) const PIECE_BYTES: usize = 64 << 10;

#[derive(Debug, Default)]
struct Pipe {
    state: Mutex<State>,
    /// Rung for the writer: bytes were taken, or nobody reads any more.
    taken: Condvar,
    /// Rung for the reader: there are bytes, or the end.
    written: Notify,
    /// Rung when nobody reads any more.
    left: Notify,
}

#[derive(Debug, Default)]
struct State {
    bytes: Vec<u8>,
    end: Option<Result<WriteSummary>>,
    is_left: bool,
}

impl Pipe {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the pipe, unless it has ended. After an error nobody wants the bytes before it.
    fn end(&self, end: Result<WriteSummary>) {
        let mut state = self.lock();
        if state.end.is_none() {
            if end.is_err() {
                state.bytes = Vec::new();
            }
            state.end = Some(end);
        }
        drop(state);
        self.written.notify_one();
    }
}

/// A pipe that ends after so many seconds.
pub(super) fn pipe(seconds: u64) -> (Inlet, Outlet) {
    let pipe = Arc::new(Pipe::default());
    let until = Instant::now() + Duration::from_secs(seconds);
    (Inlet { pipe: Arc::clone(&pipe), until, seconds, is_late: false }, Outlet { pipe })
}

/// Where the writer writes. It blocks: to be used on a thread of its own.
#[derive(Debug)]
pub(super) struct Inlet {
    pipe: Arc<Pipe>,
    until: Instant,
    seconds: u64,
    is_late: bool,
}

impl Inlet {
    /// Is done when nobody reads any more.
    pub(super) fn left(&self) -> impl Future<Output = ()> + use<> {
        let pipe = Arc::clone(&self.pipe);
        async move { pipe.left.notified().await }
    }

    /// Tells the reader how it ended.
    pub(super) fn finish(self, end: Result<WriteSummary>) {
        // What a late writer says of it is only that its pipe broke.
        self.pipe.end(if self.is_late { Err(Error::TooSlow { seconds: self.seconds }) } else { end });
    }
}

impl Write for Inlet {
    fn write(&mut self, bytes: &[u8]) -> IoResult<usize> {
        let mut state = self.pipe.lock();
        while state.bytes.len() >= AHEAD_BYTES && !state.is_left {
            let rest = self.until.saturating_duration_since(Instant::now());
            if rest.is_zero() {
                self.is_late = true;
                return Err(ErrorKind::TimedOut.into());
            }
            let waited = self.pipe.taken.wait_timeout(state, rest);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        if state.is_left {
            return Err(ErrorKind::BrokenPipe.into());
        }
        state.bytes.extend_from_slice(bytes);
        if state.bytes.len() >= PIECE_BYTES {
            self.pipe.written.notify_one();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> IoResult<()> {
        Ok(())
    }
}

impl Drop for Inlet {
    fn drop(&mut self) {
        // Changes nothing after `finish`; a writer that panicked never came so far.
        self.pipe.end(Err(Error::Broken));
    }
}

/// Where the reader reads. Dropped, it ends the writer.
#[derive(Debug)]
pub(super) struct Outlet {
    pipe: Arc<Pipe>,
}

impl Outlet {
    /// Takes what there is as soon as it is so many bytes, or all. The summary comes with the
    /// last bytes.
    ///
    /// **Errors.** Whatever ended the writer.
    pub(super) async fn take(&self, bytes: usize) -> Result<(Bytes, Option<WriteSummary>)> {
        loop {
            if let Some(taken) = self.try_take(bytes)? {
                return Ok(taken);
            }
            self.pipe.written.notified().await;
        }
    }

    fn try_take(&self, bytes: usize) -> Result<Option<(Bytes, Option<WriteSummary>)>> {
        let mut state = self.pipe.lock();
        let summary = state.end.take().transpose()?;
        state.end = summary.map(Ok);
        if summary.is_none() && state.bytes.len() < bytes {
            return Ok(None);
        }
        let taken = std::mem::take(&mut state.bytes);
        drop(state);
        self.pipe.taken.notify_one();
        Ok(Some((taken.into(), summary)))
    }

    /// Bytes that wait to be taken.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.pipe.lock().bytes.len()
    }
}

impl Drop for Outlet {
    fn drop(&mut self) {
        let mut state = self.pipe.lock();
        state.is_left = true;
        state.bytes = Vec::new();
        drop(state);
        self.pipe.taken.notify_one();
        self.pipe.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: WriteSummary = WriteSummary { row_count: 3, truncated: false };

    #[tokio::test]
    async fn what_is_written_comes_out_in_order_and_then_the_end() {
        let (mut inlet, outlet) = pipe(60);
        let writer = std::thread::spawn(move || {
            for piece in 0..40_u8 {
                inlet.write_all(&vec![piece; PIECE_BYTES]).expect("a reader");
            }
            inlet.finish(Ok(WHOLE));
        });
        let mut found = Vec::new();
        let summary = loop {
            let (bytes, summary) = outlet.take(PIECE_BYTES).await.expect("bytes");
            found.extend_from_slice(&bytes);
            if bytes.is_empty() {
                break summary;
            }
        };
        writer.join().expect("no panic");
        assert_eq!(summary, Some(WHOLE));
        assert!(found.iter().copied().eq((0..40).flat_map(|piece| std::iter::repeat_n(piece, PIECE_BYTES))));
    }

    #[tokio::test]
    async fn a_writer_ends_at_the_limit_though_nobody_reads() {
        let (mut inlet, outlet) = pipe(0);
        inlet.write_all(&vec![0; AHEAD_BYTES]).expect("room");
        let refused = inlet.write_all(b"more").map_err(|it| it.kind());
        assert_eq!(refused, Err(ErrorKind::TimedOut));
        inlet.finish(Ok(WHOLE));
        assert_eq!(outlet.waiting(), 0, "nothing is kept for nobody");
        assert!(matches!(outlet.take(1).await, Err(Error::TooSlow { seconds: 0 })));
    }

    #[tokio::test]
    async fn a_writer_ends_when_its_reader_is_gone() {
        let (mut inlet, outlet) = pipe(3600);
        inlet.write_all(&vec![0; AHEAD_BYTES]).expect("room");
        let left = inlet.left();
        let writer = std::thread::spawn(move || inlet.write_all(b"more").map_err(|it| it.kind()));
        drop(outlet);
        left.await;
        assert_eq!(writer.join().expect("no panic"), Err(ErrorKind::BrokenPipe));
    }

    #[tokio::test]
    async fn a_writer_that_breaks_off_is_no_whole_answer() {
        let (mut inlet, outlet) = pipe(60);
        inlet.write_all(b"half").expect("room");
        drop(inlet);
        assert!(matches!(outlet.take(1).await, Err(Error::Broken)));
    }
}
