//! Words a thousand vetoes, more than anybody would read.

use linli_hostile::{DISTANCE, Hostile, manifest};

struct WordsAThousandVetoes;

impl Hostile for WordsAThousandVetoes {
    const NAME: &str = "words-a-thousand-vetoes";

    fn describe() -> String {
        let vetoes: Vec<String> =
            (1..=1000).map(|it| format!(r#"{{"code":{it},"zh":"否","en":"no"}}"#)).collect();
        let one = r#"{"code":1,"zh":"测试","en":"test"}"#;
        manifest(Self::NAME, "scorer", DISTANCE).replacen(one, &vetoes.join(","), 1)
    }
}

linli_hostile::export!(WordsAThousandVetoes);
