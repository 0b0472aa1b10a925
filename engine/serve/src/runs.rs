//! Matches that are being made, by the id their run will have.
//!
//! The id is a digest of what goes into a run, so it is known before the run is made, and
//! asking twice for the same is asking once. Runs are made one after the other: they append
//! to the same tables, and of two writers one would fail. A run that is done stands in the
//! pool, and the pool is right: here are only those under way and those that failed, and both
//! are forgotten when the server stops.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use linli_pool::MatchRequest;

use crate::app::App;
use crate::error::{Error, Result};
use crate::gate::{Gate, Seat};
use crate::problem::Problem;

/// Failed runs that are remembered.
const FAILED_MAX: usize = 1000;

/// What became of a run that was asked for here.
#[derive(Debug, Clone)]
pub(crate) enum State {
    /// It waits or is being made.
    Running,
    /// The tables changed before its turn came, and it is stored under this id.
    StoredAs(String),
    /// It could not be made.
    Failed(Box<Problem>),
}

/// The runs of one server.
#[derive(Debug)]
pub(crate) struct Runs {
    known: Mutex<Known>,
    seats: Gate,
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Known {
    states: BTreeMap<String, State>,
    /// Ids that are not running, oldest first.
    over: Vec<String>,
}

impl Runs {
    /// Room for so many runs that are not done.
    pub(crate) fn new(at_once: usize) -> Self {
        Self { known: Mutex::default(), seats: Gate::new(at_once), turn: tokio::sync::Mutex::default() }
    }

    /// How many are not done.
    pub(crate) fn running(&self) -> usize {
        self.seats.taken()
    }

    /// What became of a run; nothing if it was never asked for here, or is stored.
    pub(crate) fn state(&self, run_id: &str) -> Option<State> {
        self.lock().states.get(run_id).cloned()
    }

    /// Starts a run in the background, unless it is under way.
    ///
    /// **Errors.** [`Error::TooManyRuns`].
    pub(crate) fn start(app: &Arc<App>, run_id: &str, request: MatchRequest) -> Result<()> {
        let runs = &app.runs;
        {
            let mut known = runs.lock();
            if matches!(known.states.get(run_id), Some(State::Running)) {
                return Ok(());
            }
            let at_once = runs.seats.count();
            let seat = runs.seats.try_enter().ok_or(Error::TooManyRuns { at_once })?;
            known.over.retain(|it| it != run_id);
            known.states.insert(run_id.to_owned(), State::Running);
            tokio::spawn(make(Arc::clone(app), run_id.to_owned(), request, seat));
        }
        Ok(())
    }

    /// Forgets that a run failed: it was made since, here or elsewhere.
    pub(crate) fn forget_failure(&self, run_id: &str) {
        let mut known = self.lock();
        if matches!(known.states.get(run_id), Some(State::Failed(_))) {
            known.states.remove(run_id);
            known.over.retain(|it| it != run_id);
        }
    }

    fn finish(&self, run_id: &str, state: Option<State>) {
        let mut known = self.lock();
        let Some(state) = state else {
            known.states.remove(run_id);
            return;
        };
        known.states.insert(run_id.to_owned(), state);
        known.over.push(run_id.to_owned());
        if known.over.len() > FAILED_MAX {
            let oldest = known.over.remove(0);
            known.states.remove(&oldest);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn make(app: Arc<App>, run_id: String, request: MatchRequest, seat: Seat) {
    let turn = app.runs.turn.lock().await;
    let witness = app.witness();
    let made = app.apart(|pool| async move { pool.match_run(&request, &witness).await }).await;
    let state = match made {
        Ok(report) if report.run_id == run_id => None,
        Ok(report) => Some(State::StoredAs(report.run_id)),
        Err(error) => {
            // The request that asked for the run has its answer; the failure has an id of its own.
            let (path, id) = (format!("/v1/runs/{run_id}"), app.request_id());
            let (instance, request_id) = (Some(path.clone()), Some(id.clone()));
            let mut problem = Problem { instance, request_id, ..Problem::new(&error) };
            app.withhold(&mut problem, &id, &path);
            Some(State::Failed(Box::new(problem)))
        }
    };
    app.runs.finish(&run_id, state);
    drop(turn);
    drop(seat);
}
