//! Declares a setting that may be one of a thousand words, each of which a check would try.

use linli_hostile::{DISTANCE, Hostile, manifest};

struct DeclaresAThousandWords;

impl Hostile for DeclaresAThousandWords {
    const NAME: &str = "declares-a-thousand-words";

    fn describe() -> String {
        let words: Vec<String> = (0..1000).map(|it| format!(r#""w{it}""#)).collect();
        let words = words.join(",");
        let declared =
            format!(r#""properties":{{"mood":{{"type":"string","default":"w0","enum":[{words}]}}}}"#);
        manifest(Self::NAME, "scorer", DISTANCE).replacen(r#""properties":{}"#, &declared, 1)
    }
}

linli_hostile::export!(DeclaresAThousandWords);
