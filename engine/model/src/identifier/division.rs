//! Division codes: where in the administrative tree a place stands.
//!
//! Six digits name a province, prefecture or county (GB/T 2260, two digits each), nine a
//! township (GB/T 10114, three more), twelve a community (three more), seventeen add the
//! urban or rural class of statistics (two and three more). A shorter code is a longer one with
//! zeros behind it; zeros are added for display only, so that what was given stays as it was.
//!
//! **Source.** GB/T 2260, GB/T 10114, statistical codes for urban and rural areas.

use super::{Flaw, compact, stray};

/// A level of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 省, 自治区, 直辖市.
    Province,
    /// 地级市, 地区, 州.
    Prefecture,
    /// 区, 县, 旗, 县级市.
    County,
    /// What lies under a county, by its kind.
    Township(Township),
    /// 社区, 村.
    Community,
}

/// What kind of township three digits name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Township {
    /// 001 to 099: 街道.
    Street,
    /// 100 to 199: 镇.
    Town,
    /// 200 to 399: 乡.
    Rural,
    /// 400 to 599: what is run like one, a farm or a zone.
    Quasi,
    /// Numbers that the standard leaves open.
    Other,
}

impl Level {
    /// The name for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Prefecture => "prefecture",
            Self::County => "county",
            Self::Township(Township::Street) => "street",
            Self::Township(Township::Town) => "town",
            Self::Township(Township::Rural) => "township",
            Self::Township(Township::Quasi | Township::Other) => "quasi_township",
            Self::Community => "community",
        }
    }
}

/// A division code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// The code as it was given: half width, without spaces.
    pub text: String,
    /// Where it stands.
    pub level: Level,
}

/// Reads a division code.
///
/// **Errors.** The first [`Flaw`]: length, letter by position. Whether a code is in use, only a
/// register of that year knows.
pub fn read(text: &str) -> Result<Division, Flaw> {
    let text = compact(text);
    let length = text.chars().count();
    if ![6, 9, 12, 17].contains(&length) {
        return Err(Flaw::Length { found: length, expected: "6, 9, 12 or 17" });
    }
    // No province has a number under 11.
    if let Some(flaw) = stray(&text, |at, it| it.is_ascii_digit() && (at > 0 || it != '0')) {
        return Err(flaw);
    }
    let level = level(&text);
    Ok(Division { text, level })
}

fn level(digits: &str) -> Level {
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|it| it.parse().ok()).unwrap_or(0_u32);
    match (part(2, 4), part(4, 6), part(6, 9), part(9, 12)) {
        (_, _, _, 1..) => Level::Community,
        (_, _, 1..=99, _) => Level::Township(Township::Street),
        (_, _, 100..=199, _) => Level::Township(Township::Town),
        (_, _, 200..=399, _) => Level::Township(Township::Rural),
        (_, _, 400..=599, _) => Level::Township(Township::Quasi),
        (_, _, 600.., _) => Level::Township(Township::Other),
        (_, 1.., _, _) => Level::County,
        (1.., _, _, _) => Level::Prefecture,
        _ => Level::Province,
    }
}

impl Division {
    /// The code with zeros up to twelve digits, for display.
    pub fn padded(&self) -> String {
        format!("{:0<12}", self.text)
    }

    /// The code of the place it lies in, as short as codes of that level are; none of a
    /// province.
    pub fn parent(&self) -> Option<Self> {
        let (digits, zeros) = match self.level {
            Level::Province => return None,
            Level::Prefecture => (2, 4),
            Level::County => (4, 2),
            Level::Township(_) => (6, 0),
            Level::Community => (9, 0),
        };
        let text = format!("{}{}", &self.text[..digits], "0".repeat(zeros));
        let level = level(&text);
        Some(Self { text, level })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_has_its_levels() {
        for (code, level) in [
            ("370000", "province"),
            ("500000", "province"),
            ("371600", "prefecture"),
            ("371602", "county"),
            ("371602000", "county"),
            ("371602003", "street"),
            ("310114103", "town"),
            ("371602201000", "township"),
            ("371602400", "quasi_township"),
            ("371602003001", "community"),
            ("37160200300111121", "community"),
            ("371602000000", "county"),
            ("３７１６０２", "county"),
        ] {
            assert_eq!(read(code).expect(code).level.as_str(), level, "{code}");
        }
    }

    #[test]
    fn the_way_up_ends_at_the_province() {
        let mut way = vec![read("37160200300111121").expect("a code")];
        while let Some(parent) = way.last().and_then(Division::parent) {
            way.push(parent);
        }
        let codes: Vec<&str> = way.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(codes, ["37160200300111121", "371602003", "371602", "371600", "370000"]);
        assert!(way.windows(2).all(|it| it[0].level > it[1].level));
        assert_eq!(way[2].padded(), "371602000000");
        assert_eq!(way[0].padded(), way[0].text);
    }

    #[test]
    fn other_lengths_and_letters_are_refused() {
        for (code, found) in [("3716", 4), ("3716020", 7), ("37160200300", 11), ("", 0)] {
            assert_eq!(read(code), Err(Flaw::Length { found, expected: "6, 9, 12 or 17" }), "{code}");
        }
        assert_eq!(read("37160A"), Err(Flaw::Letter { position: 6, found: 'A' }));
        assert_eq!(read("071602"), Err(Flaw::Letter { position: 1, found: '0' }));
    }
}
