//! Introduces itself in prose.

use linli_hostile::Hostile;

struct DescribesNoJson;

impl Hostile for DescribesNoJson {
    const NAME: &str = "describes-no-json";

    fn describe() -> String {
        "I am a scorer, { trust me".into()
    }
}

linli_hostile::export!(DescribesNoJson);
