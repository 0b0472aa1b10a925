//! plugin replay, shadow, canary, promote, rollback: how a plugin takes the place of another, with evidence.

use std::path::Path;

use linli_pool::{Challenger, Guard, ReplayRequest};

use super::plugin::read;
use super::trust::signatures_of;
use super::{Outcome, answer, open};
use crate::args::{Canary, Replay};
use crate::failure::Failed;
use crate::show;
use crate::witness::witness;

pub(super) async fn replay(args: &Replay, json: bool) -> Outcome {
    let pool = open(&args.pool).await?;
    let request = ReplayRequest {
        name: args.name.clone(),
        challenger: challenger(&args.challenger)?,
        runs: args.run.clone(),
        last: args.runs,
        seed: args.seed,
    };
    let report = pool.replay(&request, &witness()).await?;
    answer(json, &report, || show::life::replay(&report, &args.pool))
}

pub(super) async fn shadow(path: &Path, name: &str, asked: &str, json: bool) -> Outcome {
    let challenger = challenger(asked)?;
    let report = open(path).await?.shadow(name, &challenger, &witness()).await?;
    answer(json, &report, || show::life::step(&report))
}

pub(super) async fn canary(args: &Canary, json: bool) -> Outcome {
    let guards = match &args.guard {
        Some(text) => Guard::parse(&args.name, text)?,
        None => Vec::new(),
    };
    let pool = open(&args.pool).await?;
    let force = args.force.as_deref();
    let report = pool.canary(&args.name, &args.districts, &guards, force, &witness()).await?;
    answer(json, &report, || show::life::step(&report))
}

pub(super) async fn promote(path: &Path, name: &str, force: Option<&str>, json: bool) -> Outcome {
    let report = open(path).await?.promote(name, force, &witness()).await?;
    answer(json, &report, || show::life::step(&report))
}

pub(super) async fn rollback(path: &Path, name: &str, json: bool) -> Outcome {
    let report = open(path).await?.rollback(name, &witness()).await?;
    answer(json, &report, || show::life::step(&report))
}

/// A file, with the signatures beside it, or else the digest of a component that the pool keeps.
fn challenger(text: &str) -> Result<Challenger, Failed> {
    let path = Path::new(text);
    let is_digest = text.len() >= 8 && text.len() <= 64 && text.bytes().all(|it| it.is_ascii_hexdigit());
    if is_digest && !path.exists() {
        return Ok(Challenger::Digest(text.to_ascii_lowercase()));
    }
    let signatures = signatures_of(path, None)?;
    Ok(Challenger::Component { bytes: read(path)?, signatures })
}
