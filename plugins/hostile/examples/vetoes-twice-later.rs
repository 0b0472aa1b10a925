//! Passes every check, then vetoes the first row twice in a match.

use linli_hostile::{Hostile, PROVIDER_KIND, every_row, is_match, manifest};
use linli_sdk::{Batch, Fault, Scores, Veto};

struct VetoesTwiceLater;

impl Hostile for VetoesTwiceLater {
    const NAME: &str = "vetoes-twice-later";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", PROVIDER_KIND)
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        let mut scores = every_row(batch, 0.5);
        if is_match(batch) {
            scores.vetoes = vec![Veto { row: 0, code: 1 }; 2];
        }
        Ok(scores)
    }
}

linli_hostile::export!(VetoesTwiceLater);
