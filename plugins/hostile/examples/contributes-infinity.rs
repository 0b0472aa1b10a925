//! Lets every indicator contribute without end.

use linli_hostile::HostileEvaluator;
use linli_sdk::DistrictIndex;

struct ContributesInfinity;

impl HostileEvaluator for ContributesInfinity {
    const NAME: &str = "contributes-infinity";

    fn answer(mut fair: Vec<DistrictIndex>) -> Vec<DistrictIndex> {
        for answer in &mut fair {
            answer.contributions.fill(f64::INFINITY);
        }
        fair
    }
}

linli_hostile::export_evaluator!(ContributesInfinity);
