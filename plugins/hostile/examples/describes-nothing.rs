//! Introduces itself as an empty object.

use linli_hostile::Hostile;

struct DescribesNothing;

impl Hostile for DescribesNothing {
    const NAME: &str = "describes-nothing";

    fn describe() -> String {
        "{}".into()
    }
}

linli_hostile::export!(DescribesNothing);
