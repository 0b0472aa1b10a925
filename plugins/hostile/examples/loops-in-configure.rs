//! Never takes its settings.

use linli_hostile::Hostile;
use linli_sdk::Fault;

struct LoopsInConfigure;

impl Hostile for LoopsInConfigure {
    const NAME: &str = "loops-in-configure";

    fn configure(_: &str) -> Result<(), Fault> {
        loop {
            std::hint::black_box(());
        }
    }
}

linli_hostile::export!(LoopsInConfigure);
