//! Rows on their way into a response.
//!
//! The first mebibyte is written before the response begins, so that an error still gets its
//! status. An answer that is short is sent whole; a long one is sent as it comes, and what
//! goes wrong then breaks the transfer off: a receiver must not take half an answer for a
//! whole one.
//!
//! A thread of its own writes the rows into a pipe and holds the seat. It ends with the rows,
//! with its reader, or at the time limit, whichever comes first.

use std::io::Write;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use futures::stream;
use linli_model::{Failure, Kind};
use linli_pool::query::{Error as QueryError, Format, Rows, WriteSummary, write_rows};
use tokio::runtime::Handle;

use super::document::Tag;
use super::items::Items;
use super::pipe::{AHEAD_BYTES, Inlet, Outlet, PIECE_BYTES, pipe};
use crate::app::App;
use crate::config::Log;
use crate::error::{Error, Result};
use crate::gate::Seat;

const TRUNCATED: HeaderName = HeaderName::from_static("linli-truncated");
const SNAPSHOT: HeaderName = HeaderName::from_static("linli-snapshot");

/// The document around the rows, where the form is JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Columns, rows and counts.
    Table,
    /// Items, and the token of the next page.
    List { next: Option<String> },
}

/// Rows that answer a request.
pub(crate) struct Reply {
    pub rows: Rows,
    pub format: Format,
    pub shape: Shape,
    pub snapshot: u64,
    /// Held until the last row.
    pub seat: Seat,
    /// Whether the caller set the row limit, and so expects that rows are left out.
    pub limit_is_asked: bool,
}

impl Reply {
    /// Writes the first rows, or all of them.
    ///
    /// **Errors.** Whatever stops the rows before the first mebibyte is there.
    pub(crate) async fn into_response(self, app: &App) -> Result<Response> {
        let (format, snapshot) = (self.format, self.snapshot);
        let is_list = matches!(self.shape, Shape::List { .. });
        let may_cut = self.limit_is_asked || format == Format::Json || is_list;
        let outlet = self.start(app.config.limits.seconds_max);
        let (head, summary) = outlet.take(AHEAD_BYTES).await?;
        let body = match summary {
            Some(_) => Body::from(head),
            None => {
                let log = app.config.log.clone();
                let flow = Flow { head: Some(head), outlet, may_cut, log };
                Body::from_stream(stream::try_unfold(flow, Flow::piece))
            }
        };
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
        headers.insert(SNAPSHOT, HeaderValue::from(snapshot));
        if let Some(summary) = summary {
            let truncated = if summary.truncated { "true" } else { "false" };
            headers.insert(TRUNCATED, HeaderValue::from_static(truncated));
        }
        Ok(response)
    }

    /// The same with an entity tag.
    pub(crate) async fn into_tagged(self, app: &App, tag: &Tag) -> Result<Response> {
        let mut response = self.into_response(app).await?;
        tag.set(&mut response);
        Ok(response)
    }

    /// Starts the writing, on a thread that may wait without holding up a socket.
    fn start(self, seconds: u64) -> Outlet {
        let Self { rows, format, shape, snapshot, seat, .. } = self;
        let (mut inlet, outlet) = pipe(seconds);
        let runtime = Handle::current();
        tokio::task::spawn_blocking(move || {
            let left = inlet.left();
            let end = runtime.block_on(async {
                tokio::select! {
                    end = write(rows, format, shape, snapshot, &mut inlet) => end,
                    () = left => Err(Error::Broken),
                }
            });
            // Before the end is told: whoever has all rows finds the seat free.
            drop(seat);
            inlet.finish(end);
        });
        outlet
    }
}

/// A long answer that is being sent.
struct Flow {
    head: Option<Bytes>,
    outlet: Outlet,
    /// Whether an answer may leave rows out.
    may_cut: bool,
    log: Log,
}

impl Flow {
    async fn piece(mut self) -> Result<Option<(Bytes, Self)>> {
        if let Some(head) = self.head.take() {
            return Ok(Some((head, self)));
        }
        let taken = self.outlet.take(PIECE_BYTES).await;
        let (piece, summary) = taken.inspect_err(|it| {
            if it.kind() == Kind::Internal {
                (self.log)(&format!("an answer broke off: {it}"));
            }
        })?;
        if !piece.is_empty() {
            return Ok(Some((piece, self)));
        }
        let is_cut = summary.is_some_and(|it| it.truncated);
        // A form without room for `truncated` must not end as if it were whole.
        if is_cut && !self.may_cut { Err(Error::Broken) } else { Ok(None) }
    }
}

/// Writes rows in the form and shape that were asked for.
async fn write(
    rows: Rows,
    format: Format,
    shape: Shape,
    snapshot: u64,
    inlet: &mut Inlet,
) -> Result<WriteSummary> {
    let Shape::List { next } = shape else {
        return Ok(write_rows(rows, format, snapshot, inlet).await?);
    };
    if format != Format::Json {
        return Ok(write_rows(rows, format, snapshot, inlet).await?);
    }
    inlet.write_all(b"{\"items\":[\n").map_err(refused)?;
    let summary = write_rows(rows, Format::Ndjson, snapshot, &mut Items::new(inlet)).await?;
    let next = serde_json::to_string(&next).map_err(|_| Error::Broken)?;
    let end = format!("\n],\"next_page_token\":{next},\"snapshot\":{snapshot}}}\n");
    inlet.write_all(end.as_bytes()).map_err(refused)?;
    Ok(summary)
}

/// The reader is gone, or too slow.
fn refused(source: std::io::Error) -> Error {
    QueryError::Io { path: "output".to_owned(), source }.into()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use linli_pool::query::{Params, QueryLimits};
    use linli_pool::{Pool, Witness};

    use super::*;
    use crate::gate::Gate;

    /// 8,192 rows of the statement below, at most.
    const BATCH_BYTES: usize = 2 << 20;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn rows_wait_for_whoever_reads_slowly() {
        let folder = tempfile::tempdir().expect("a folder");
        let witness = Witness { at_us: 0, host: "test".to_owned(), actor: "tester".to_owned(), threads: 1 };
        let pool = Pool::init(&folder.path().join("pool"), &witness).await.expect("a pool");
        let newest = pool.latest().await.expect("a snapshot");
        let session = pool.session(&newest, &QueryLimits::default()).await.expect("a session");
        let sql = "SELECT value, repeat('x', 100) AS wide FROM generate_series(1, 300000)";
        let rows = session.rows(sql, &Params::default()).await.expect("rows");
        let gate = Gate::new(1);
        let seat = gate.enter().await.expect("a seat");
        let (format, shape) = (Format::Ndjson, Shape::Table);
        let outlet = Reply { rows, format, shape, snapshot: 0, seat, limit_is_asked: false }.start(60);
        let (mut most, mut lines) = (0, 0);
        let summary = loop {
            // Time enough for a writer that does not wait to write all.
            tokio::time::sleep(Duration::from_millis(20)).await;
            most = most.max(outlet.waiting());
            let (bytes, summary) = outlet.take(AHEAD_BYTES).await.expect("bytes");
            lines += bytes.iter().filter(|it| **it == b'\n').count();
            if bytes.is_empty() {
                break summary;
            }
        };
        assert!(most < AHEAD_BYTES + BATCH_BYTES, "{most} bytes were waiting");
        assert_eq!((lines, summary.map(|it| it.row_count)), (300_000, Some(300_000)));
        assert_eq!(gate.taken(), 0);
    }
}
