//! Declares a thousand switches, each of which a check would try both ways.

use linli_hostile::{DISTANCE, Hostile, manifest};

struct DeclaresAThousandSettings;

impl Hostile for DeclaresAThousandSettings {
    const NAME: &str = "declares-a-thousand-settings";

    fn describe() -> String {
        let settings: Vec<String> =
            (0..1000).map(|it| format!(r#""s{it}":{{"type":"boolean","default":true}}"#)).collect();
        let declared = format!(r#""properties":{{{}}}"#, settings.join(","));
        manifest(Self::NAME, "scorer", DISTANCE).replacen(r#""properties":{}"#, &declared, 1)
    }
}

linli_hostile::export!(DeclaresAThousandSettings);
