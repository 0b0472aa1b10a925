//! Futures behind a pointer, at the border of the crate.
//!
//! The state machines of DataFusion and Delta are large, and every crate that awaits one by
//! value compiles it again. Behind a pointer they are compiled here, once; an allocation per
//! call is nothing beside a query.

use std::pin::Pin;

/// What an asynchronous call of this crate returns.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
