//! Lets every indicator contribute without end.

use linli_hostile::HostileEvaluator;
use linli_sdk::{Batch, DistrictIndex};

struct ContributesInfinity;

impl HostileEvaluator for ContributesInfinity {
    const NAME: &str = "contributes-infinity";

    fn answer(_: &Batch, mut fair: Vec<DistrictIndex>) -> Vec<DistrictIndex> {
        for answer in &mut fair {
            answer.contributions.fill(f64::INFINITY);
        }
        fair
    }
}

linli_hostile::export_evaluator!(ContributesInfinity);
