//! Forgets the last district.

use linli_hostile::HostileEvaluator;
use linli_sdk::{Batch, DistrictIndex};

struct EvaluatesTooFewDistricts;

impl HostileEvaluator for EvaluatesTooFewDistricts {
    const NAME: &str = "evaluates-too-few-districts";

    fn answer(_: &Batch, mut fair: Vec<DistrictIndex>) -> Vec<DistrictIndex> {
        fair.pop();
        fair
    }
}

linli_hostile::export_evaluator!(EvaluatesTooFewDistricts);
