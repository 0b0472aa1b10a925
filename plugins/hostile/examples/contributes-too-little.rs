//! Leaves the last indicator out of its contributions.

use linli_hostile::HostileEvaluator;
use linli_sdk::{Batch, DistrictIndex};

struct ContributesTooLittle;

impl HostileEvaluator for ContributesTooLittle {
    const NAME: &str = "contributes-too-little";

    fn answer(_: &Batch, mut fair: Vec<DistrictIndex>) -> Vec<DistrictIndex> {
        for answer in &mut fair {
            answer.contributions.pop();
        }
        fair
    }
}

linli_hostile::export_evaluator!(ContributesTooLittle);
