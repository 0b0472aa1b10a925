//! Declares a default for its only setting and then refuses it.

use linli_hostile::{DISTANCE, Hostile, manifest};
use linli_sdk::Fault;

struct RefusesItsDefaults;

impl Hostile for RefusesItsDefaults {
    const NAME: &str = "refuses-its-defaults";

    fn describe() -> String {
        let declared = r#""properties":{"patience":{"type":"number","default":7}}"#;
        manifest(Self::NAME, "scorer", DISTANCE).replacen(r#""properties":{}"#, declared, 1)
    }

    fn configure(settings: &str) -> Result<(), Fault> {
        if settings.contains("patience") {
            return Err(Fault::BadSettings("nobody has so much patience".into()));
        }
        Ok(())
    }
}

linli_hostile::export!(RefusesItsDefaults);
