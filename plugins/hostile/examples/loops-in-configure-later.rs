//! Passes every check, then never takes the settings of a match.

use linli_hostile::{Hostile, PROVIDER_KIND, manifest};
use linli_sdk::Fault;

struct LoopsInConfigureLater;

impl Hostile for LoopsInConfigureLater {
    const NAME: &str = "loops-in-configure-later";

    fn describe() -> String {
        manifest(Self::NAME, "scorer", PROVIDER_KIND)
    }

    /// A check gives it nothing but its defaults, of which it has none.
    fn configure(settings: &str) -> Result<(), Fault> {
        while settings != "{}" {
            std::hint::black_box(());
        }
        Ok(())
    }
}

linli_hostile::export!(LoopsInConfigureLater);
