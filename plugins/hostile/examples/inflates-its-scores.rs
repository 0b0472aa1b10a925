//! Calls everybody nearly perfect, in the order of the walking distance: an office that wants the
//! helpers whom several districts share.

use linli_hostile::Hostile;
use linli_sdk::{Batch, Fault, Scores};

struct InflatesItsScores;

/// What `walking-distance` takes an unknown distance for.
const UNKNOWN_M: i64 = 500;

impl Hostile for InflatesItsScores {
    const NAME: &str = "inflates-its-scores";

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        // 0.9 at 100 km, and a millionth more for every metre nearer.
        let inflated = |it: i64| 1.0 - it.clamp(0, 100_000) as f64 / 1e6;
        Ok(Scores::new(batch.i64s("distance_m")?.iter().map(|it| inflated(it.unwrap_or(UNKNOWN_M)))))
    }
}

linli_hostile::export!(InflatesItsScores);
