//! Masks: what remains to be seen of a personal value.
//!
//! | value | masked |
//! |---|---|
//! | mobile `13800138000` | `138****8000` |
//! | landline `0543-3369019` | `0543-***9019` |
//! | resident identity number | six digits, eight stars, four |
//! | name `张三丰`, `欧阳锋` | `张*丰`, `欧阳*` |
//! | address | down to the community, then `***` |
//!
//! No standard binds these forms; they are the custom of offices and banks.
//!
//! *Invariants.* A mask never fails: of what it does not know, nothing is seen but `***`. A
//! masked value does not protect on its own: age, place and a rare illness name a person
//! together. For that there are classes of columns and least sizes of groups.

use crate::half_width;
use crate::identifier::phone::{self, Kind, Phone};

/// What is seen of a value of which nothing may be.
pub const HIDDEN: &str = "***";

/// The surnames of two characters, of the name lists of the Song and of registers today.
#[rustfmt::skip]
const COMPOUND: [&str; 40] = [
    "欧阳", "司马", "上官", "诸葛", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "轩辕", "宇文",
    "长孙", "闻人", "赫连", "澹台", "公冶", "宗政", "濮阳", "淳于", "单于", "太叔", "申屠", "仲孙", "钟离", "鲜于",
    "司空", "闾丘", "端木", "百里", "东郭", "南宫", "西门", "呼延", "独孤", "拓跋", "第五", "万俟",
];

/// Three digits, four stars, four digits of a mobile; the area code and the last four of a
/// landline; a service belongs to nobody and stays. Several numbers are masked one by one.
pub fn phone(text: &str) -> String {
    match phone::read(text) {
        Ok(phones) => phones.iter().map(one_phone).collect::<Vec<_>>().join(";"),
        Err(_) => HIDDEN.to_owned(),
    }
}

fn one_phone(phone: &Phone) -> String {
    let number = phone.number.as_str();
    let (head, tail) = match phone.kind {
        Kind::Service => return phone.text(),
        Kind::Mobile => (3, 4),
        Kind::Landline | Kind::Local => (0, 4),
    };
    let masked = between(number, head, tail);
    if phone.area.is_empty() { masked } else { format!("{}-{masked}", phone.area) }
}

/// Six digits, stars, the last four of a number of 18 characters, the last three of one of 15.
/// A wrong check character changes nothing: a slip of the pen is still somebody's number.
pub fn resident_id(text: &str) -> String {
    let text = half_width(text.trim()).to_ascii_uppercase();
    let is_number = |digits: usize, last: &[char]| {
        let (front, end) = text.split_at_checked(digits).unwrap_or_default();
        front.len() == digits && front.bytes().all(|it| it.is_ascii_digit()) && {
            let mut end = end.chars();
            end.next().is_some_and(|it| it.is_ascii_digit() || last.contains(&it)) && end.next().is_none()
        }
    };
    match () {
        () if is_number(17, &['X']) => between(&text, 6, 4),
        () if is_number(14, &[]) => between(&text, 6, 3),
        () => HIDDEN.to_owned(),
    }
}

/// The surname, and the last character where there are two after it.
pub fn person_name(text: &str) -> String {
    let text = text.trim();
    let letters: Vec<char> = text.chars().collect();
    if letters.is_empty() || !letters.iter().all(|it| is_han(*it)) {
        // Of other names the first letter is as much as a surname says.
        return match letters.first() {
            Some(first) if first.is_alphabetic() => format!("{first}{HIDDEN}"),
            _ => HIDDEN.to_owned(),
        };
    }
    let surname = if letters.len() > 2 && COMPOUND.iter().any(|it| text.starts_with(it)) { 2 } else { 1 };
    match letters.len() - surname {
        0 => "*".to_owned(),
        1 => between(text, surname, 0),
        2 | 3 => between(text, surname, 1),
        // An office or a whole sentence, but no name.
        _ => HIDDEN.to_owned(),
    }
}

/// The address down to the community or village; what is finer is hidden, and so is what
/// cannot be told apart from it.
pub fn address(text: &str) -> String {
    let text = half_width(text.trim());
    let seen = &text[..coarse(&text)];
    match () {
        () if seen.is_empty() => HIDDEN.to_owned(),
        () if seen.len() == text.len() => seen.to_owned(),
        () => format!("{seen}{HIDDEN}"),
    }
}

/// The commonest surnames of one character; nine people in ten have one of them.
#[rustfmt::skip]
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏\
吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤";

/// Whether a cell may say who somebody is, whatever column it stands in: rows slip by a column,
/// and then a telephone number stands where a day should.
///
/// A guess that errs on the side of hiding: numbers as long as telephone numbers, identity
/// numbers, what looks like a name, an address or a mailbox. A day or time is none of these.
pub fn may_be_personal(text: &str) -> bool {
    let text = half_width(text.trim());
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if text.contains('@') || (digits >= 7 && !is_moment(&text) && !is_short_decimal(&text)) {
        return true;
    }
    // Names are spread out in forms, and who it is to somebody stands behind them in brackets.
    let front = text.split('(').next().unwrap_or_default();
    let letters: Vec<char> = front.chars().filter(|it| !it.is_whitespace()).collect();
    let is_name = |letters: &[char]| letters.iter().all(|it| is_han(*it));
    if COMPOUND.iter().any(|it| letters.iter().collect::<String>().starts_with(it)) {
        return true;
    }
    let parts: Vec<&[char]> = letters.split(|it| ['·', '•', '・'].contains(it)).collect();
    if parts.len() > 1 && parts.iter().all(|it| !it.is_empty() && is_name(it)) {
        return true;
    }
    let is_short = (2..=4).contains(&letters.len()) && is_name(&letters);
    let is_place = text.chars().count() > 4 && "号室楼幢栋弄".chars().any(|it| text.contains(it));
    is_place || (is_short && SURNAMES.contains(letters[0]))
}

/// Whether a text is a day, with or without a time: a year of our times, then numbers of at most
/// two digits.
fn is_moment(text: &str) -> bool {
    let mut numbers = text.split(|it: char| !it.is_ascii_digit()).filter(|it| !it.is_empty());
    let year = numbers.next().filter(|it| it.len() == 4 && text.starts_with(*it));
    let is_ours = year.and_then(|it| it.parse::<u32>().ok()).is_some_and(|it| (1900..2200).contains(&it));
    is_ours && numbers.clone().count() <= 7 && numbers.all(|it| it.len() <= 2)
}

/// Whether a text is a number with fewer digits before the point than a telephone number has.
fn is_short_decimal(text: &str) -> bool {
    let whole = text.split('.').next().unwrap_or_default();
    text.contains('.') && text.parse::<f64>().is_ok() && whole.len() < 7
}

/// Words with which the name of a place ends, and the level of the place. Longer ones first.
const PLACES: [(&str, u8); 23] = [
    ("特别行政区", 1),
    ("自治区", 1),
    ("省", 1),
    ("自治州", 2),
    ("地区", 2),
    ("盟", 2),
    // A city may lie in a city.
    ("市", 3),
    ("自治县", 4),
    ("自治旗", 4),
    ("开发区", 4),
    ("区", 4),
    ("县", 4),
    ("旗", 4),
    ("街道办事处", 5),
    ("街道办", 5),
    ("街道", 5),
    ("苏木", 5),
    ("镇", 5),
    ("乡", 5),
    ("社区", 6),
    ("村委会", 6),
    ("居委会", 6),
    ("村", 6),
];

/// No name of a place is longer, in characters.
const PLACE_MAX: usize = 12;

/// How many bytes of an address say no more than the community.
///
/// Names are taken from the left, each of a finer level than the one before. A name with a
/// digit or a word of house numbers in it ends the search: it is finer already.
fn coarse(text: &str) -> usize {
    let (mut end, mut level) = (0, 0);
    while let Some((length, found)) = place(&text[end..], level) {
        end += length;
        level = found;
    }
    end
}

/// The first place of a text that is finer than a level: its length in bytes, and its level.
fn place(text: &str, above: u8) -> Option<(usize, u8)> {
    for (count, (at, letter)) in text.char_indices().enumerate() {
        if count >= PLACE_MAX
            || letter.is_ascii_digit()
            || "号栋幢弄室户单元楼".contains(letter) && !is_in_name(text, at)
        {
            return None;
        }
        let rest = &text[at..];
        // Nothing is called by its level alone.
        let named = PLACES.iter().find(|(word, _)| count > 0 && rest.starts_with(word));
        if let Some((word, level)) = named
            && !is_part(&text[..at], word, &rest[word.len()..])
        {
            let is_finer = *level > above || *word == "市" && above == 3;
            return is_finer.then_some((at + word.len(), *level));
        }
    }
    None
}

/// Whether a word of house numbers is part of a name, as in 鼓楼区 and 黄鹤楼街道.
fn is_in_name(text: &str, at: usize) -> bool {
    let rest = &text[at..];
    at > 0 && ["楼区", "楼街道", "楼社区", "楼镇", "楼村"].iter().any(|it| rest.starts_with(it))
}

/// Whether what looks like the end of a name is part of a longer word: 小区 is a dwelling, 市场
/// is a market, and 景德镇市 is no town.
fn is_part(before: &str, word: &str, after: &str) -> bool {
    match word {
        "区" => before.ends_with(['小', '园', '院', '校', '厂', '库', '景', '宅', '墅', '片']),
        "市" => after.starts_with('场'),
        "镇" | "乡" => after.starts_with(['市', '县', '区']),
        "村" => {
            before.ends_with('新') || ["社区", "街道", "镇", "乡"].iter().any(|it| after.starts_with(it))
        }
        _ => false,
    }
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}' | '〇')
}

/// The first and the last characters, and a star for each one between.
fn between(text: &str, head: usize, tail: usize) -> String {
    let end = text.chars().count().saturating_sub(tail);
    text.chars().enumerate().map(|(at, it)| if at < head || at >= end { it } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_who_somebody_is_is_known_in_any_column() {
        for text in [
            "13812345678",
            "138 1234 5678",
            "11010519491231002X",
            "3369019",
            "张三",
            "李小丰",
            "欧阳锋",
            "a@b.cn",
            "政和社区3号楼",
            "１３８１２３４５６７８",
            "0571-87654321",
            "1381-2345678",
            "2024-13812345678",
            "13812345678.0",
            "1101.051949.12310021",
            "张 三",
            "王小明（父）",
            "阿不都拉·买买提",
        ] {
            assert!(may_be_personal(text), "{text}");
        }
        for text in [
            "forty",
            "-1",
            "many",
            "在编",
            "2024-13-45",
            "2024年13月",
            "2012-09-24T15:20:00+08:00",
            "２０１２年９月２４日 下午３：２０",
            "116.4074000",
            "3 cells",
            "nevr",
            "走访",
            "",
        ] {
            assert!(!may_be_personal(text), "{text}");
        }
    }

    fn check(mask: impl Fn(&str) -> String, cases: &[(&str, &str)]) {
        for (value, masked) in cases {
            assert_eq!(mask(value), *masked, "{value}");
        }
    }

    #[test]
    fn of_a_phone_the_middle_is_hidden() {
        check(
            phone,
            &[
                ("13812345678", "138****5678"),
                ("+86 138-1234-5678", "138****5678"),
                ("0543-3369019", "0543-***9019"),
                ("0543-3369019转801", "0543-***9019"),
                ("62345678", "****5678"),
                ("13812345678、3369019", "138****5678;***9019"),
                ("12345", "12345"),
                ("1381234567", "***"),
                ("她儿子的手机", "***"),
                ("", "***"),
            ],
        );
    }

    #[test]
    fn of_an_identity_number_the_birth_date_is_hidden() {
        check(
            resident_id,
            &[
                // The example of GB 11643-1999.
                ("11010519491231002X", "110105********002X"),
                ("11010519491231002x", "110105********002X"),
                ("110105194912310021", "110105********0021"),
                ("110105491231002", "110105******002"),
                ("1101054912310", "***"),
                ("身份证11010519491231002X", "***"),
                ("", "***"),
            ],
        );
    }

    #[test]
    fn of_a_name_the_surname_is_seen() {
        check(
            person_name,
            &[
                ("张三", "张*"),
                ("张三丰", "张*丰"),
                ("欧阳锋", "欧阳*"),
                ("欧阳小锋", "欧阳*锋"),
                ("东方", "东*"),
                ("张", "*"),
                ("李王小明", "李**明"),
                (" 张三 ", "张*"),
                ("阿卜杜拉·买买提", "阿***"),
                ("John Smith", "J***"),
                ("政和社区居民委员会", "***"),
                ("13812345678", "***"),
                ("", "***"),
            ],
        );
    }

    #[test]
    fn an_address_is_seen_down_to_the_community() {
        check(
            address,
            &[
                (
                    "滨州市滨城区市东街道办事处政和社区市东宿舍院3号楼2单元",
                    "滨州市滨城区市东街道办事处政和社区***",
                ),
                ("贵州省贵阳市南明区新华路街道纪念塔社区12号", "贵州省贵阳市南明区新华路街道纪念塔社区***"),
                ("上海市嘉定区马陆镇临泽路188弄5号", "上海市嘉定区马陆镇***"),
                ("沧州市新华区道东街道永济东路社区", "沧州市新华区道东街道永济东路社区"),
                ("南新村社区3栋", "南新村社区***"),
                ("幸福小区3号楼", "***"),
                ("市场路12号", "***"),
                ("南京市鼓楼区幸福新村5栋", "南京市鼓楼区***"),
                ("景德镇市珠山区某路3号", "景德镇市珠山区***"),
                ("河北省沧州市黄骅市某镇李村12号", "河北省沧州市黄骅市某镇李村***"),
                ("内蒙古自治区锡林郭勒盟某旗", "内蒙古自治区锡林郭勒盟某旗"),
                ("中山路１２号张家村", "***"),
                ("她家", "***"),
                ("", "***"),
            ],
        );
    }
}
