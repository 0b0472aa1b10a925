//! Passes every check, then never takes the settings of a match.

use linli_hostile::{Hostile, PROVIDER_KIND, manifest};
use linli_sdk::Fault;

struct LoopsInConfigureLater;

impl Hostile for LoopsInConfigureLater {
    const NAME: &str = "loops-in-configure-later";

    fn describe() -> String {
        let declared = r#""properties":{"patience":{"type":"number","default":7}}"#;
        manifest(Self::NAME, "scorer", PROVIDER_KIND).replacen(r#""properties":{}"#, declared, 1)
    }

    /// It declares no limits, so a check gives it its default alone.
    fn configure(settings: &str) -> Result<(), Fault> {
        while settings.contains(":0") {
            std::hint::black_box(());
        }
        Ok(())
    }
}

linli_hostile::export!(LoopsInConfigureLater);
