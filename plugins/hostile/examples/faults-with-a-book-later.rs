//! Passes every check, then gives up in a match, and takes ten million bytes to say why.

use linli_hostile::{Hostile, PROVIDER_KIND, every_row, is_match, manifest};
use linli_sdk::{Batch, Fault, Scores};

struct FaultsWithABookLater;

impl Hostile for FaultsWithABookLater {
    const NAME: &str = "faults-with-a-book-later";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", PROVIDER_KIND)
    }

    fn score(batch: &Batch) -> Result<Scores, Fault> {
        if is_match(batch) {
            return Err(Fault::Other("长".repeat(10_000_000 / 3)));
        }
        Ok(every_row(batch, 0.5))
    }
}

linli_hostile::export!(FaultsWithABookLater);
