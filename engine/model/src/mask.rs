//! What is shown of a value that says who somebody is.
//!
//! Customs, not a standard: the first three and last four digits of a mobile number, the first
//! six and last four characters of an identity number, the surname, the address down to the
//! community or road. What is too short to be masked that way is hidden as a whole.

/// What stands for hidden text.
const HIDDEN: &str = "***";

/// `138****5678`; a number of fewer than eleven digits is hidden as a whole.
pub fn phone(text: &str) -> String {
    keep(text, 11, 3, 4)
}

/// `110105********002X`; a number of fewer than fifteen characters is hidden as a whole.
pub fn resident_id(text: &str) -> String {
    keep(text, 15, 6, 4)
}

/// `张*`: the first character, and a star.
pub fn person_name(text: &str) -> String {
    let mut letters = text.trim().chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(_)) => format!("{first}*"),
        _ => HIDDEN.to_owned(),
    }
}

/// `南明区南明堂社区***`: up to the last word for a community, street or road.
pub fn address(text: &str) -> String {
    const ENDS: [&str; 6] = ["社区", "街道", "路", "街", "镇", "区"];
    let text = text.trim();
    let end = ENDS.iter().find_map(|it| text.find(it).map(|at| at + it.len()));
    format!("{}{HIDDEN}", &text[..end.unwrap_or(0)])
}

fn keep(text: &str, least: usize, head: usize, tail: usize) -> String {
    let letters: Vec<char> = text.trim().chars().collect();
    if letters.len() < least {
        return HIDDEN.to_owned();
    }
    let stars = "*".repeat(letters.len() - head - tail);
    let (first, last) = (&letters[..head], &letters[letters.len() - tail..]);
    first.iter().copied().chain(stars.chars()).chain(last.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_not_enough_to_find_somebody() {
        assert_eq!(phone("13812345678"), "138****5678");
        assert_eq!(phone("3369019"), "***");
        assert_eq!(resident_id("11010519491231002X"), "110105********002X");
        assert_eq!(person_name("张三"), "张*");
        assert_eq!(address("南明区南明堂社区3号楼2单元"), "南明区南明堂社区***");
        assert_eq!(address("3号楼"), "***");
    }
}
