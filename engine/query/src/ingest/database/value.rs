//! Values as PostgreSQL spells them, as texts that loads understand.

use super::super::record::Oddity;

/// How values of a column are spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// As they are to be.
    Text,
    /// `t` and `f`.
    Boolean,
    /// `2024-03-05 09:00:00+00`.
    Instant,
    /// `{a,"b c",NULL}`.
    List,
}

/// The text of a value, and what may be wrong with it.
///
/// Source: PostgreSQL documentation, 8.5.2 (times), 8.15.6 (arrays).
pub(super) fn text(shape: Shape, value: &str) -> (String, Vec<Oddity>) {
    match shape {
        Shape::Text => (value.to_owned(), Vec::new()),
        Shape::Boolean => (if value == "t" { "true" } else { "false" }.to_owned(), Vec::new()),
        Shape::Instant => (instant(value), Vec::new()),
        Shape::List => match items(value) {
            None => (value.to_owned(), vec![Oddity::Nested]),
            Some(items) => {
                let mut oddities = Vec::new();
                if !items.is_empty() {
                    oddities.push(Oddity::Several);
                }
                if items.iter().any(|it| it.contains([';', '；'])) {
                    oddities.push(Oddity::Separator);
                }
                (items.join(";"), oddities)
            }
        },
    }
}

fn instant(value: &str) -> String {
    let value = value.replacen(' ', "T", 1);
    match value.strip_suffix("+00") {
        Some(local) => format!("{local}+00:00"),
        None => value,
    }
}

/// The items of an array that has one dimension, without those that are no value.
fn items(array: &str) -> Option<Vec<String>> {
    // Where items are not counted from 1, it is said before: `[0:1]={a,b}`.
    let inside = match array.strip_prefix('[') {
        Some(bounds) => bounds.split_once("]=")?.1,
        None => array,
    };
    let mut rest = inside.strip_prefix('{')?.strip_suffix('}')?.chars().peekable();
    let mut items = Vec::new();
    while let Some(first) = rest.peek().copied() {
        let (mut item, is_quoted) = (String::new(), first == '"');
        if is_quoted {
            rest.next();
        }
        loop {
            match rest.next() {
                Some('\\') => item.extend(rest.next()),
                Some('"') if is_quoted => {
                    rest.next();
                    break;
                }
                Some(',') if !is_quoted => break,
                Some('{') if !is_quoted => return None,
                Some(letter) => item.push(letter),
                None => break,
            }
        }
        if is_quoted || item != "NULL" {
            items.push(item);
        }
    }
    Some(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_spelt_as_loads_read_them() {
        let spelt = |shape, value| text(shape, value).0;
        assert_eq!(spelt(Shape::Boolean, "t"), "true");
        assert_eq!(spelt(Shape::Instant, "2024-03-05 09:00:00.5+00"), "2024-03-05T09:00:00.5+00:00");
        assert_eq!(spelt(Shape::Instant, "2024-03-05 09:00:00"), "2024-03-05T09:00:00");
        assert_eq!(spelt(Shape::List, r#"{走访,"a, \"b\"",NULL,"NULL"}"#), r#"走访;a, "b";NULL"#);
        assert_eq!(spelt(Shape::List, "[0:1]={a,b}"), "a;b");
        assert_eq!(spelt(Shape::List, "{}"), "");
    }

    #[test]
    fn lists_that_are_none_are_told() {
        assert_eq!(text(Shape::List, "{}").1, []);
        assert_eq!(text(Shape::List, "{a}").1, [Oddity::Several]);
        assert_eq!(text(Shape::List, "{\"a;b\"}").1, [Oddity::Several, Oddity::Separator]);
        assert_eq!(text(Shape::List, "{{a},{b}}").1, [Oddity::Nested]);
    }
}
