//! Passes every check, then gives districts an index that is no number.

use linli_hostile::{HostileEvaluator, is_evaluation};
use linli_sdk::{Batch, DistrictIndex};

struct EvaluatesToNanLater;

impl HostileEvaluator for EvaluatesToNanLater {
    const NAME: &str = "evaluates-to-nan-later";

    fn answer(batch: &Batch, mut fair: Vec<DistrictIndex>) -> Vec<DistrictIndex> {
        if is_evaluation(batch) {
            fair.iter_mut().for_each(|it| it.index = Some(f64::NAN));
        }
        fair
    }
}

linli_hostile::export_evaluator!(EvaluatesToNanLater);
