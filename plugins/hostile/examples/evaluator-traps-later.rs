//! Passes every check, then stops without a word before real districts.

use linli_hostile::{HostileEvaluator, is_evaluation};
use linli_sdk::{Batch, DistrictIndex};

struct EvaluatorTrapsLater;

impl HostileEvaluator for EvaluatorTrapsLater {
    const NAME: &str = "evaluator-traps-later";

    fn answer(batch: &Batch, fair: Vec<DistrictIndex>) -> Vec<DistrictIndex> {
        if is_evaluation(batch) {
            std::process::abort();
        }
        fair
    }
}

linli_hostile::export_evaluator!(EvaluatorTrapsLater);
