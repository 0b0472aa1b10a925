//! Gives up, and takes ten million bytes to say why.

use linli_hostile::Hostile;
use linli_sdk::{Batch, Fault, Scores};

struct FaultsWithABook;

impl Hostile for FaultsWithABook {
    const NAME: &str = "faults-with-a-book";

    fn score(_: &Batch) -> Result<Scores, Fault> {
        Err(Fault::Other("长".repeat(10_000_000 / 3)))
    }
}

linli_hostile::export!(FaultsWithABook);
