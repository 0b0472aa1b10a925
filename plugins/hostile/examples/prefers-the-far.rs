//! Sends whoever is farthest, and nobody who stands at the door.

use linli_hostile::{DISTANCE, Hostile, PROVIDER_KIND, manifest};
use linli_sdk::{Batch, Fault, Scores};

struct PrefersTheFar;

const AT_THE_DOOR: u16 = 1;

impl Hostile for PrefersTheFar {
    const NAME: &str = "prefers-the-far";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", &[DISTANCE, ",", PROVIDER_KIND].concat())
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        let distance_m = batch.i64s("distance_m")?;
        let far = |it: Option<i64>| it.unwrap_or(0).clamp(0, 100_000) as f64 / 1e5;
        let mut scores = Scores::new(distance_m.iter().map(far));
        for (row, it) in (0..batch.rows).zip(distance_m.iter()) {
            if it.is_some_and(|it| it < 20) {
                scores.veto(row, AT_THE_DOOR);
            }
        }
        Ok(scores)
    }
}

linli_hostile::export!(PrefersTheFar);
