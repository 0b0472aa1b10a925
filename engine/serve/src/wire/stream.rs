//! Rows on their way into a response.
//!
//! The rows are written into memory while somebody waits for the first of them, so that an
//! error still gets its status. An answer that is short is sent whole; a long one is sent as
//! it comes, and what goes wrong then breaks the transfer off: a receiver must not take half
//! an answer for a whole one.
//!
//! Nothing runs ahead: rows are written when the socket takes more.

use std::io::Write;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use futures::stream;
use linli_pool::query::{Format, Rows, WriteSummary, write_rows};

use super::document::Tag;
use super::items::Items;
use crate::error::{Error, Result};
use crate::gate::Seat;

/// Bytes that are gathered before the first is sent.
const HEAD_BYTES: usize = 1 << 20;

/// Bytes that are gathered before more are sent.
const PIECE_BYTES: usize = 64 << 10;

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
    pub(crate) async fn into_response(self) -> Result<Response> {
        let Self { rows, format, shape, snapshot, seat, limit_is_asked } = self;
        let sink = Sink::default();
        let is_list = matches!(shape, Shape::List { .. });
        let may_cut = limit_is_asked || format == Format::Json || is_list;
        let work = Box::pin(write(rows, format, shape, snapshot, sink.clone()));
        let mut flow = Flow { work: Some(work), sink, may_cut, summary: None, _seat: seat };
        flow.gather(HEAD_BYTES).await?;
        let summary = flow.summary;
        let body = match summary {
            Some(_) => Body::from(flow.sink.take()),
            None => Body::from_stream(stream::try_unfold(flow, Flow::piece)),
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
    pub(crate) async fn into_tagged(self, tag: &Tag) -> Result<Response> {
        let mut response = self.into_response().await?;
        tag.set(&mut response);
        Ok(response)
    }
}

type Work = Pin<Box<dyn Future<Output = Result<WriteSummary>> + Send>>;

/// The writing of an answer.
struct Flow {
    /// What writes; nothing when it is done.
    work: Option<Work>,
    sink: Sink,
    /// Whether an answer may leave rows out.
    may_cut: bool,
    summary: Option<WriteSummary>,
    _seat: Seat,
}

impl Flow {
    /// Writes until there are so many bytes, or all.
    async fn gather(&mut self, bytes: usize) -> Result<()> {
        let Some(work) = self.work.as_mut() else { return Ok(()) };
        let sink = &self.sink;
        let done = futures::future::poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending if sink.len() >= bytes => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        });
        if let Some(done) = done.await {
            self.work = None;
            self.summary = Some(done?);
        }
        Ok(())
    }

    /// The next piece of a long answer.
    async fn piece(mut self) -> Result<Option<(Bytes, Self)>> {
        if self.sink.len() == 0 {
            self.gather(PIECE_BYTES).await?;
        }
        let piece = self.sink.take();
        if piece.is_empty() && self.work.is_none() {
            let is_cut = self.summary.is_some_and(|it| it.truncated);
            // A form without room for `truncated` must not end as if it were whole.
            return if is_cut && !self.may_cut { Err(Error::Broken) } else { Ok(None) };
        }
        Ok(Some((piece, self)))
    }
}

/// Writes rows in the form and shape that were asked for.
async fn write(
    rows: Rows,
    format: Format,
    shape: Shape,
    snapshot: u64,
    mut sink: Sink,
) -> Result<WriteSummary> {
    let Shape::List { next } = shape else {
        return Ok(write_rows(rows, format, snapshot, &mut sink).await?);
    };
    if format != Format::Json {
        return Ok(write_rows(rows, format, snapshot, &mut sink).await?);
    }
    sink.push(b"{\"items\":[\n");
    let summary = write_rows(rows, Format::Ndjson, snapshot, &mut Items::new(&mut sink)).await?;
    let next = serde_json::to_string(&next).map_err(|_| Error::Broken)?;
    sink.push(format!("\n],\"next_page_token\":{next},\"snapshot\":{snapshot}}}\n").as_bytes());
    Ok(summary)
}

/// Bytes that were written and not sent.
#[derive(Debug, Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn push(&self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
    }

    fn take(&self) -> Bytes {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into()
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.push(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
