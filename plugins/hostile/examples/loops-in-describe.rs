//! Never says what it is.

use linli_hostile::Hostile;

struct LoopsInDescribe;

impl Hostile for LoopsInDescribe {
    const NAME: &str = "loops-in-describe";

    fn describe() -> String {
        loop {
            std::hint::black_box(());
        }
    }
}

linli_hostile::export!(LoopsInDescribe);
