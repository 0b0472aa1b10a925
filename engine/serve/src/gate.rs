//! Seats for those who compute at the same time.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{Error, Result};

/// How long somebody waits for a seat before being sent away: longer than most queries take,
/// shorter than anybody minds.
const PATIENCE: Duration = Duration::from_secs(1);

/// A number of seats.
#[derive(Debug)]
pub(crate) struct Gate {
    seats: Arc<Semaphore>,
    count: usize,
}

/// A seat, free again when dropped.
#[derive(Debug)]
pub(crate) struct Seat(#[expect(dead_code, reason = "held, never asked")] OwnedSemaphorePermit);

impl Gate {
    /// A gate with so many seats, one at least.
    pub(crate) fn new(count: usize) -> Self {
        let count = count.max(1);
        Self { seats: Arc::new(Semaphore::new(count)), count }
    }

    /// Takes a seat, waiting a moment for one.
    ///
    /// **Errors.** [`Error::TooManyQueries`].
    pub(crate) async fn enter(&self) -> Result<Seat> {
        let waiting = Arc::clone(&self.seats).acquire_owned();
        match tokio::time::timeout(PATIENCE, waiting).await {
            Ok(Ok(permit)) => Ok(Seat(permit)),
            _ => Err(Error::TooManyQueries { at_once: self.count }),
        }
    }

    /// Takes a seat if one is free now.
    pub(crate) fn try_enter(&self) -> Option<Seat> {
        Arc::clone(&self.seats).try_acquire_owned().ok().map(Seat)
    }

    /// How many seats there are.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// How many are taken.
    pub(crate) fn taken(&self) -> usize {
        self.count.saturating_sub(self.seats.available_permits())
    }
}
