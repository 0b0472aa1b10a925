use super::*;
use crate::Json;

const MANIFEST: Manifest = Manifest {
    name: "x",
    version: "1.0.0",
    title: Wording { zh: "标\"题", en: "Title" },
    summary: Wording { zh: "概要", en: "Summary" },
    columns: Columns::Named(&[
        ColumnWanted { name: "a_m", ty: ColumnType::I64 },
        ColumnWanted { name: "b", ty: ColumnType::Text },
    ]),
    settings: &[
        Setting {
            name: "far_m",
            meaning: Wording { zh: "远", en: "Far" },
            ty: SettingType::Number { default: 0.5, min: 0.0, max: 9000.0 },
        },
        Setting {
            name: "mode",
            meaning: Wording { zh: "方式", en: "Mode" },
            ty: SettingType::Choice { default: "walk", options: &["walk", "bus"] },
        },
    ],
    vetoes: &[VetoCode { code: 7, wording: Wording { zh: "太远", en: "Too far" } }],
    authors: &["a", "b"],
    licence: "Apache-2.0",
};

#[test]
fn describe_has_every_key_of_the_contract() {
    let expected = concat!(
        r#"{"name":"x","version":"1.0.0","kind":"scorer","#,
        r#""title":{"zh":"标\"题","en":"Title"},"#,
        r#""summary":{"zh":"概要","en":"Summary"},"#,
        r#""columns":[{"name":"a_m","type":"i64"},{"name":"b","type":"text"}],"#,
        r#""settings":{"type":"object","additionalProperties":false,"properties":{"#,
        r#""far_m":{"type":"number","default":0.5,"minimum":0,"maximum":9000,"#,
        r#""description":"Far","description_zh":"远"},"#,
        r#""mode":{"type":"string","default":"walk","enum":["walk","bus"],"#,
        r#""description":"Mode","description_zh":"方式"}}},"#,
        r#""vetoes":[{"code":7,"zh":"太远","en":"Too far"}],"#,
        r#""authors":["a","b"],"licence":"Apache-2.0"}"#,
    );
    assert_eq!(MANIFEST.to_json(Kind::Scorer), expected);
    assert!(Json::parse(expected).is_ok());
}

#[test]
fn an_evaluator_may_want_any_column() {
    let text = Manifest { columns: Columns::Any, ..MANIFEST }.to_json(Kind::Evaluator);
    assert!(text.contains(r#""kind":"evaluator""#));
    assert!(text.contains(r#""columns":["*"]"#));
    assert!(Json::parse(&text).is_ok());
}
