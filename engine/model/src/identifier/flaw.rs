//! What is wrong with an identifier.

use crate::Text;

/// The first thing that is wrong with an identifier, as a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// It is too short or too long.
    Length {
        /// Characters, spaces not counted.
        found: usize,
        /// What there may be.
        expected: &'static str,
    },
    /// A letter that cannot stand there.
    Letter {
        /// Where, from 1, spaces not counted.
        position: usize,
        /// What stands there.
        found: char,
    },
    /// The check character does not follow from the others.
    Check {
        /// What stands there.
        found: char,
        /// What follows from the others.
        expected: char,
    },
    /// The same of a credit code, with what the code inside it says.
    CreditCheck {
        /// What stands there.
        found: char,
        /// What follows from the others.
        expected: char,
        /// Whether the organisation code at positions 9 to 17 is sound: the slip is elsewhere.
        is_inner_sound: bool,
    },
    /// The birth date is no day of the calendar from 1800 to 2099.
    Birth {
        /// The digits of the date.
        found: String,
    },
    /// No kind of telephone number has this form.
    Phone,
}

impl Flaw {
    /// The flaw in words that follow "…: ".
    pub fn text(&self) -> Text {
        match self {
            Self::Length { found, expected } => Text::new(
                format!("{found} characters instead of {expected}"),
                format!("现有 {found} 位，应为 {} 位", expected.replace(" or ", " 或 ").replace(", ", "、")),
            ),
            Self::Letter { position, found } => Text::new(
                format!("`{found}` cannot stand at position {position}"),
                format!("第 {position} 位不能是“{found}”"),
            ),
            Self::Check { found, expected } => Text::new(
                format!("the check character is {found}, the others call for {expected}"),
                format!("校验码为 {found}，按其余各位应为 {expected}"),
            ),
            Self::CreditCheck { found, expected, is_inner_sound } => {
                let (place, place_zh) = if *is_inner_sound {
                    ("positions 9 to 17 are sound, look at the others", "第 9—17 位无误，请核对其余各位")
                } else {
                    ("positions 9 to 17 do not fit either, look there", "第 9—17 位也不符，请先核对这一段")
                };
                Text::new(
                    format!("the check character is {found}, the others call for {expected}; {place}"),
                    format!("校验码为 {found}，按其余各位应为 {expected}；{place_zh}"),
                )
            }
            Self::Birth { found } => {
                Text::new(format!("{found} is no birth date"), format!("{found} 不是出生日期"))
            }
            Self::Phone => Text::new(
                "no mobile, landline, local, service or 400 number has this form",
                "不是手机、固定电话、本地号码、服务热线或 400 号码的写法",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flaw_says_what_was_found_in_both_languages() {
        let text = Flaw::Length { found: 7, expected: "6, 9, 12 or 17" }.text();
        assert_eq!(text.en, "7 characters instead of 6, 9, 12 or 17");
        assert_eq!(text.zh, "现有 7 位，应为 6、9、12 或 17 位");
        let text = Flaw::CreditCheck { found: 'Z', expected: '3', is_inner_sound: true }.text();
        assert!(text.en.contains("is Z") && text.zh.contains("应为 3") && text.zh.contains("第 9—17 位无误"));
    }
}
