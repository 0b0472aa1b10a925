//! Exports a scorer and says it is an evaluator.

use linli_hostile::{DISTANCE, Hostile, manifest};

struct DescribesAnEvaluator;

impl Hostile for DescribesAnEvaluator {
    const NAME: &str = "describes-an-evaluator";

    fn describe() -> String {
        manifest(Self::NAME, "evaluator", DISTANCE)
    }
}

linli_hostile::export!(DescribesAnEvaluator);
