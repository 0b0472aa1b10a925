//! Gives an index by how often it was asked before: another instance, another index.

use std::sync::atomic::{AtomicU32, Ordering};

use linli_hostile::HostileEvaluator;
use linli_sdk::{Batch, DistrictIndex};

static ASKED: AtomicU32 = AtomicU32::new(0);

struct EvaluatesByMemory;

impl HostileEvaluator for EvaluatesByMemory {
    const NAME: &str = "evaluates-by-memory";

    fn answer(_: &Batch, mut fair: Vec<DistrictIndex>) -> Vec<DistrictIndex> {
        let asked = ASKED.fetch_add(1, Ordering::Relaxed);
        fair.iter_mut().for_each(|it| it.index = it.index.map(|_| f64::from(asked)));
        fair
    }
}

linli_hostile::export_evaluator!(EvaluatesByMemory);
