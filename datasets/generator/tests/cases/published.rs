//! Which figures the five texts publish: every one of them is there once, with its qualifier,
//! unit, words and source.

use std::collections::BTreeMap;

use crate::{Row, folder, rows};

/// A practice, the prefix of its figures, how many there are, its text.
type Practice = (&'static str, &'static str, usize, &'static str);

const PRACTICES: [Practice; 5] = [
    ("3351", "S0", 19, "000_fc87e98b7da25311.txt"),
    ("365", "S1", 22, "001_44044a6dc933fea0.txt"),
    ("2833", "S2", 40, "002_2fbb87a971fe115a.txt"),
    ("malu", "S3", 18, "003_75aee0153c92d554.txt"),
    ("nanxing", "S4", 6, "004_0d84adc1d831cda0.txt"),
];

/// The figures of `malu`: identity, district, qualifier, value, unit, date, words of the text.
const MALU: &str = "
S3-F01a | jiading | exact | 4 | villages | 2013 | 四个村
S3-F01b | jiading | exact | 6 | committees | 2013 | 六个居委
S3-F01c | jiading | exact | 6 | communities | 2013 | 六个社区
S3-F02 | jiading | exact | 17 | petitions | | 自2013年12月成立以来共接到各类信访17件
S3-F03 | jiading | exact | 14 | people | 2013-12-26 | 14位居民共同反映
S3-F04 | jiading | exact | 3 | topics | 2013-12-26 | 188弄小区与周边商铺间无围墙隔离,小区地下车库因与外界相通存在管理漏洞,小区绿化格局与当初看房承诺不一致
S3-F05 | jiading | exact | 8 | people | 2013-12-30 | 8名信访代表
S3-F06 | jiading | exact | 4 | days | 2013-12-30 | 4天时间
S3-F07 | jiading | exact | 6 | people | | 六名专职社区工作者
S3-F08 | jiading | exact | 6 | telephones | | 6部手机24小时开机
S3-F09 | jiading | exact | 501 | requests | | 共接到各类咨询和求助电话501个
S3-F10 | jiading | exact | 494 | requests | | 办结494
S3-F11 | jiading | nearly | 99 | % | | 办结率将近99%
S3-F12 | jiading | exact | 7 | requests | | [推算] 501−494
S3-F13a | jiading | exact | 3 | sections | 2014-01-17 | 三大板块
S3-F13b | jiading | exact | 10 | items | 2014-01-17 | 十个子项目
S3-F14a | jiading | exact | | | 2014-01-17 | 2014年1月17日该平台正式开通上线
S3-F14b | jiading | over | 300 | people | | 目前已有关注者300余人
S3-F15a | jingan | exact | 12 | groups | | 分成12个小组
S3-F15b | jingan | exact | 3 | people | | 三人一组
S3-F15c | jingan | exact | 12 | households | | 走访了12户孤老和独居老人家庭
S3-F15d | jingan | exact | 36 | people | | [推算] 12×3
S3-F16 | changning | over | 10 | people | | 10余名业委会主任、副主任
S3-F17 | zhabei | exact | | | 03-04 | 3月4日学雷锋大型便民服务
S3-F18 | zhabei | exact | | | 03 | 拟从3月开始试行
";

/// The rows of every practice.
fn figures() -> impl Iterator<Item = (Practice, Vec<Row>)> {
    PRACTICES.into_iter().map(|it| (it, rows(&folder(it.0).join("published_figure.csv"))))
}

#[test]
fn every_figure_of_the_five_lists_is_there_once_whole_or_in_parts() {
    for ((id, prefix, many, ..), rows) in figures() {
        let mut parts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for row in &rows {
            let figure = row["figure_id"].trim_end_matches(|it: char| it.is_ascii_lowercase());
            parts.entry(figure).or_default().push(&row["figure_id"][figure.len()..]);
        }
        let expected: Vec<String> = (1..=many).map(|it| format!("{prefix}-F{it:02}")).collect();
        assert_eq!(parts.keys().copied().collect::<Vec<_>>(), expected, "{id}");
        for (figure, mut of) in parts {
            of.sort_unstable();
            let lettered: Vec<String> = ('a'..='z').take(of.len()).map(String::from).collect();
            assert!(of == [""] || (of.len() > 1 && of == lettered), "{figure}: {of:?}");
        }
    }
}

#[test]
fn every_figure_has_its_qualifier_unit_words_and_source() {
    for ((id, prefix, _, source), rows) in figures() {
        for row in &rows {
            assert_eq!(row["practice"], id);
            let numbers = ["point", "min", "max"].map(|it| !row[it].is_empty());
            assert_eq!(numbers.contains(&true), !row["unit"].is_empty(), "{row:?}");
            assert!(!row["subject"].is_empty() && !row["measure"].is_empty(), "{row:?}");
            if row["text_zh"].starts_with("[推算]") {
                // It follows from other figures, or counts what the text lists.
                let follows = row["source"].starts_with(&format!("derived from {prefix}-F"));
                let counts = row["source"] == format!("derived from {prefix}, {source}");
                assert!(follows || counts, "{row:?}");
            } else {
                assert!(!row["text_zh"].is_empty() && row["source"] == source, "{row:?}");
            }
            let opens = (row["min_open"].as_str(), row["max_open"].as_str());
            let fits = match row["qualifier"].as_str() {
                "exact" => numbers == [true; 3] || numbers == [false; 3],
                // More than the bound, and nobody knows how much.
                "over" => numbers == [false, true, false] && opens == ("true", ""),
                "nearly" => numbers == [false, false, true] && opens == ("", "true"),
                "at_least" => numbers == [false, true, false] && opens == ("false", ""),
                "range" => !numbers[0] && numbers[1..] == [true; 2],
                "about" => numbers == [true, false, false],
                "all" => numbers[0],
                "majority" => numbers == [false, true, false] && opens.0 == "true",
                _ => false,
            };
            assert!(fits, "{row:?}");
        }
    }
}

#[test]
fn the_figures_of_malu_are_those_of_the_text() {
    let rows = rows(&folder("malu").join("published_figure.csv"));
    let expected: Vec<&str> = MALU.lines().filter(|it| !it.is_empty()).collect();
    assert_eq!(rows.len(), expected.len());
    for (row, line) in rows.iter().zip(expected) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let value = ["point", "min", "max"].iter().map(|it| row[*it].as_str()).find(|it| !it.is_empty());
        let told = ["figure_id", "district_id", "qualifier", "", "unit", "as_of", "text_zh"]
            .map(|column| if column.is_empty() { value.unwrap_or("") } else { row[column].as_str() });
        assert_eq!(told[..], cells[..]);
    }
}

#[test]
fn what_is_derived_follows_from_what_it_names() {
    let rows = rows(&folder("malu").join("published_figure.csv"));
    let point = |id: &str| -> i64 {
        let row = rows.iter().find(|it| it["figure_id"] == id).expect("a figure");
        row["point"].parse().expect("a number")
    };
    assert_eq!(point("S3-F12"), point("S3-F09") - point("S3-F10"));
    assert_eq!(point("S3-F15d"), point("S3-F15a") * point("S3-F15b"));
    assert_eq!(point("S3-F15a"), point("S3-F15c"), "as many groups as households");
}
