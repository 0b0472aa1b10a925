//! Passes every check, then never evaluates real districts.

use linli_hostile::{HostileEvaluator, is_evaluation};
use linli_sdk::{Batch, DistrictIndex};

struct EvaluatorLoopsLater;

impl HostileEvaluator for EvaluatorLoopsLater {
    const NAME: &str = "evaluator-loops-later";

    fn answer(batch: &Batch, fair: Vec<DistrictIndex>) -> Vec<DistrictIndex> {
        while is_evaluation(batch) {
            std::hint::black_box(());
        }
        fair
    }
}

linli_hostile::export_evaluator!(EvaluatorLoopsLater);
