//! Where the values of a JSON text begin and end.
//!
//! Nothing is checked here beyond what finding an end takes: whether a value is sound is asked of
//! `serde_json`, which knows the rules, once the value is cut out. Positions are bytes.

use std::borrow::Cow;

/// A name of an object and where its value lies.
pub(super) type Member<'a> = (Cow<'a, str>, &'a str);

/// Where the value ends that begins at the first byte; none if more is needed to tell.
pub(super) fn end(bytes: &[u8], is_all: bool) -> Option<usize> {
    match bytes.first()? {
        b'"' => string_end(bytes),
        b'{' | b'[' => {
            let (mut depth, mut at) = (0_usize, 0);
            while let Some(byte) = bytes.get(at) {
                match byte {
                    b'"' => at += string_end(&bytes[at..])? - 1,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                at += 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            None
        }
        _ => {
            let stop =
                |it: &u8| it.is_ascii_whitespace() || matches!(it, b',' | b']' | b'}' | b'{' | b'[' | b'"');
            // A lone separator is no value, but something must be cut out to be refused.
            let length = bytes[1..].iter().position(stop).map(|it| it + 1);
            length.or_else(|| is_all.then_some(bytes.len()))
        }
    }
}

fn string_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'\\' => at += 2,
            b'"' => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// How many bytes of white space come first.
pub(super) fn blank(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|it| it.is_ascii_whitespace()).count()
}

/// The members of a sound object in their order, or what is wrong with a name.
pub(super) fn members(object: &str) -> Result<Vec<Member<'_>>, serde_json::Error> {
    let mut members = Vec::new();
    let mut parts = parts(object);
    while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
        members.push((text(name)?, value));
    }
    Ok(members)
}

/// The outermost values of a sound object or array; of an object names and values in turn.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut at = 1;
    std::iter::from_fn(move || {
        let rest = text.as_bytes().get(at..)?;
        let is_between = |it: &&u8| it.is_ascii_whitespace() || matches!(it, b',' | b':');
        let start = at + rest.iter().take_while(is_between).count();
        let bytes = text.as_bytes().get(start..)?;
        if matches!(bytes.first(), None | Some(b'}' | b']')) {
            return None;
        }
        at = start + end(bytes, true)?;
        text.get(start..at)
    })
}

/// A string without its quotes.
pub(super) fn text(string: &str) -> Result<Cow<'_, str>, serde_json::Error> {
    match string.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
        Some(plain) if !plain.contains('\\') => Ok(Cow::Borrowed(plain)),
        _ => serde_json::from_str::<String>(string).map(Cow::Owned),
    }
}

/// Where an array of objects begins that an object keeps under one of these names.
pub(super) fn array_of_objects(object: &[u8], names: &[&str]) -> Option<usize> {
    let mut at = 1 + blank(object.get(1..)?);
    loop {
        let name_end = at + string_end(object.get(at..).filter(|it| it.starts_with(b"\""))?)?;
        let name = std::str::from_utf8(object.get(at + 1..name_end - 1)?).ok()?;
        let colon = name_end + blank(&object[name_end..]);
        let value = colon + 1 + blank(object.get(colon + 1..)?);
        let rest = object.get(value..)?;
        if names.contains(&name) && is_array_of_objects(rest) {
            return Some(value);
        }
        let next = value + end(rest, false)?;
        let comma = next + blank(&object[next..]);
        if object.get(comma) != Some(&b',') {
            return None;
        }
        at = comma + 1 + blank(&object[comma + 1..]);
    }
}

/// Whether the bytes begin an array that is empty or begins with an object.
pub(super) fn is_array_of_objects(bytes: &[u8]) -> bool {
    let Some(inside) = bytes.strip_prefix(b"[") else { return false };
    matches!(inside.get(blank(inside)), Some(b'{' | b']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_end_where_their_brackets_close() {
        assert_eq!(end(br#"{"a}":"\"}",  "b":[{}]} x"#, true), Some(23));
        assert_eq!(end(b"[1,[2]", true), None);
        assert_eq!(end(b"12", false), None);
        assert_eq!((end(b"12", true), end(b"12,3", false)), (Some(2), Some(2)));
    }

    #[test]
    fn names_and_values_keep_their_order_and_their_digits() {
        let found = members(r#"{ "b\u0041" : 12345678901234567890 ,"a":{"x":[1]}, "b":"" }"#).expect("ok");
        let expected = [("bA", "12345678901234567890"), ("a", r#"{"x":[1]}"#), ("b", r#""""#)];
        assert_eq!(found.iter().map(|it| (&*it.0, it.1)).collect::<Vec<_>>(), expected);
        assert_eq!(parts("[1, \"a,b\" ,[2]]").collect::<Vec<_>>(), ["1", "\"a,b\"", "[2]"]);
        assert_eq!(parts("[]").count(), 0);
    }

    #[test]
    fn an_array_in_an_object_is_found_by_its_name() {
        let names = ["items", "data"];
        assert_eq!(array_of_objects(br#"{"n": [1], "data" : [ {"#, &names), Some(20));
        assert_eq!(array_of_objects(br#"{"data": [1], "rows": [{}]}"#, &names), None);
        assert_eq!(array_of_objects(b"{}", &names), None);
    }
}
