//! One thread cuts files, several check the pieces, one takes them in the order of the files.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use super::check::{Checked, Context};
use super::source::{Piece, Source};
use crate::error::Result;
use crate::store::workers;

/// A piece, its place in the order, and its file.
type Job = (u64, Result<(usize, Piece)>);

/// Checks all rows of all sources and hands them to `take`, in order.
///
/// **Errors.** The first one in the order of the files, whoever meets one first.
/// **Cost.** Holds a few pieces per thread, whatever the size of the files.
pub(super) fn run(
    context: &Context,
    sources: Vec<Source>,
    mut take: impl FnMut(Checked) -> Result<()>,
) -> Result<()> {
    let threads = workers();
    let (job_sender, job_receiver) = sync_channel::<Job>(threads * 2);
    let (sender, receiver) = sync_channel::<(u64, Result<Checked>)>(threads * 2);
    // Whoever takes from a channel owns its end, so that an error stops those who fill it.
    let jobs = Arc::new(Mutex::new(job_receiver));
    std::thread::scope(|scope| {
        scope.spawn(|| cut(context, sources, job_sender));
        for _ in 0..threads {
            let (jobs, sender) = (Arc::clone(&jobs), sender.clone());
            scope.spawn(move || check(context, &jobs, &sender));
        }
        drop((jobs, sender));
        in_order(receiver, &mut take)
    })
}

fn in_order(
    receiver: Receiver<(u64, Result<Checked>)>,
    take: &mut impl FnMut(Checked) -> Result<()>,
) -> Result<()> {
    let (mut next, mut early) = (0, BTreeMap::new());
    for (place, checked) in receiver {
        early.insert(place, checked);
        while let Some(checked) = early.remove(&next) {
            take(checked?)?;
            next += 1;
        }
    }
    Ok(())
}

fn cut(context: &Context, sources: Vec<Source>, jobs: SyncSender<Job>) {
    let mut place = 0;
    for (file, mut source) in sources.into_iter().enumerate() {
        while let Some(piece) = source.next_piece(&context.paths[file]).transpose() {
            let failed = piece.is_err();
            if jobs.send((place, piece.map(|it| (file, it)))).is_err() || failed {
                return;
            }
            place += 1;
        }
    }
}

fn check(context: &Context, jobs: &Mutex<Receiver<Job>>, done: &SyncSender<(u64, Result<Checked>)>) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((place, piece)) = job else { return };
        let checked = piece.and_then(|(file, piece)| context.check(file, piece));
        if done.send((place, checked)).is_err() {
            return;
        }
    }
}
