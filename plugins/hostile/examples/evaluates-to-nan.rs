//! Gives districts an index that is no number.

use linli_hostile::HostileEvaluator;
use linli_sdk::{Batch, DistrictIndex};

struct EvaluatesToNan;

impl HostileEvaluator for EvaluatesToNan {
    const NAME: &str = "evaluates-to-nan";

    fn answer(_: &Batch, mut fair: Vec<DistrictIndex>) -> Vec<DistrictIndex> {
        fair.iter_mut().for_each(|it| it.index = Some(f64::NAN));
        fair
    }
}

linli_hostile::export_evaluator!(EvaluatesToNan);
