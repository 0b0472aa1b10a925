//! A reader for small JSON documents, and the one writer `describe` needs.
//!
//! Settings are a few numbers; a general library, or only the number conversions of the
//! standard library, would double the size of a component.

use crate::decimal;

/// How deep lists and objects may be nested; a limit because the reader is recursive.
const DEPTH_MAX: u32 = 32;

/// One JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Any number; always finite.
    Number(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// Keys and values in the order of the document; keys are unique.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads one document, RFC 8259.
    ///
    /// Numbers of at most 15 digits are read exactly, longer ones to within 1e-15 of their value.
    ///
    /// **Errors.** Says what was expected and at which byte; also for a key that occurs twice,
    /// a number of 1e22 or more, and more than 32 levels.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        reader.space();
        if reader.at < text.len() {
            return Err(reader.expected("the end"));
        }
        Ok(value)
    }

    /// The value of a key, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(entries) => entries.iter().find(|(it, _)| it == key).map(|(_, v)| v),
            _ => None,
        }
    }
}

/// Appends a text with its quotation marks.
pub(crate) fn push_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            it if it < ' ' => {
                out.push_str(if it < '\u{10}' { "\\u000" } else { "\\u001" });
                out.extend(char::from_digit(u32::from(it) % 16, 16));
            }
            it => out.push(it),
        }
    }
    out.push('"');
}

struct Reader<'a> {
    text: &'a str,
    /// Byte position; always between two characters.
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expected(&self, what: &str) -> String {
        format!("expected {what} at byte {} of the JSON", self.at)
    }

    fn value(&mut self, depth: u32) -> Result<Json, String> {
        if depth > DEPTH_MAX {
            return Err(self.expected("fewer levels"));
        }
        self.space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.text().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Json, String> {
        let words = [("null", Json::Null), ("true", Json::Bool(true)), ("false", Json::Bool(false))];
        for (word, value) in words {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.expected("a value"))
    }

    fn object(&mut self, depth: u32) -> Result<Json, String> {
        let mut entries: Vec<(String, Json)> = Vec::new();
        self.at += 1;
        self.space();
        if self.eat(b'}') {
            return Ok(Json::Object(entries));
        }
        loop {
            self.space();
            let key = self.text()?;
            if entries.iter().any(|(it, _)| *it == key) {
                return Err(format!("key `{key}` occurs twice"));
            }
            self.space();
            if !self.eat(b':') {
                return Err(self.expected("`:`"));
            }
            entries.push((key, self.value(depth + 1)?));
            self.space();
            if self.eat(b'}') {
                return Ok(Json::Object(entries));
            }
            if !self.eat(b',') {
                return Err(self.expected("`,` or `}`"));
            }
        }
    }

    fn list(&mut self, depth: u32) -> Result<Json, String> {
        let mut values = Vec::new();
        self.at += 1;
        self.space();
        if self.eat(b']') {
            return Ok(Json::List(values));
        }
        loop {
            values.push(self.value(depth + 1)?);
            self.space();
            if self.eat(b']') {
                return Ok(Json::List(values));
            }
            if !self.eat(b',') {
                return Err(self.expected("`,` or `]`"));
            }
        }
    }

    fn number(&mut self) -> Result<Json, String> {
        let start = self.at;
        self.eat(b'-');
        // A leading zero stands alone: 01 is no JSON.
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _sign = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        let number = decimal::read(&self.text.as_bytes()[start..self.at]);
        number.map(Json::Number).ok_or_else(|| self.expected("a smaller number before"))
    }

    fn digits(&mut self) -> Result<(), String> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.expected("a digit")) } else { Ok(()) }
    }

    fn text(&mut self) -> Result<String, String> {
        if !self.eat(b'"') {
            return Err(self.expected("a text"));
        }
        let mut out = String::new();
        loop {
            let Some(character) = self.rest().chars().next() else {
                return Err(self.expected("`\"`"));
            };
            match character {
                '"' => {
                    self.at += 1;
                    return Ok(out);
                }
                '\\' => {
                    self.at += 1;
                    out.push(self.escape()?);
                }
                it if it < ' ' => return Err(self.expected("no control character")),
                it => {
                    self.at += it.len_utf8();
                    out.push(it);
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let Some(byte) = self.peek() else {
            return Err(self.expected("an escape"));
        };
        let plain = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.code_point(),
            _ => return Err(self.expected("an escape")),
        };
        self.at += 1;
        Ok(plain)
    }

    /// `uXXXX`, or two of them for a character beyond the first plane (UTF-16 surrogates).
    fn code_point(&mut self) -> Result<char, String> {
        let first = self.unit()?;
        let code = if (0xD800..0xDC00).contains(&first) && self.eat(b'\\') {
            let second = self.unit()?;
            if !(0xDC00..0xE000).contains(&second) {
                return Err(self.expected("a low surrogate before"));
            }
            0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| self.expected("a character before"))
    }

    fn unit(&mut self) -> Result<u32, String> {
        let digits = self.text.as_bytes().get(self.at + 1..self.at + 5);
        let (b'u', Some(digits)) = (self.peek().unwrap_or(0), digits) else {
            return Err(self.expected("`u` and four hexadecimal digits"));
        };
        let mut unit = 0;
        for &digit in digits {
            let Some(value) = char::from(digit).to_digit(16) else {
                return Err(self.expected("`u` and four hexadecimal digits"));
            };
            unit = unit * 16 + value;
        }
        self.at += 5;
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Option<f64> {
        match Json::parse(text) {
            Ok(Json::Number(it)) => Some(it),
            _ => None,
        }
    }

    #[test]
    fn every_kind_of_value_is_read() {
        let text = r#" {"a": [null, true, false, -1.5e2], "b": {}, "c": [], "文": "字"} "#;
        let list = vec![Json::Null, Json::Bool(true), Json::Bool(false), Json::Number(-150.0)];
        let expected = Json::Object(vec![
            ("a".into(), Json::List(list)),
            ("b".into(), Json::Object(vec![])),
            ("c".into(), Json::List(vec![])),
            ("文".into(), Json::Text("字".into())),
        ]);
        assert_eq!(Json::parse(text), Ok(expected));
    }

    #[test]
    fn numbers_follow_the_standard() {
        assert_eq!(number("0"), Some(0.0));
        assert_eq!(number("-0.25"), Some(-0.25));
        assert_eq!(number("5E+2"), Some(500.0));
        assert_eq!(number("-0.0e0"), Some(0.0));
        for wrong in ["01", "+1", ".5", "1.", "1e", "1e400", "NaN", "-", "0x1", "1 2"] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn escapes_become_characters() {
        let text = r#""\"\\\/\b\f\n\r\t\u6c11\ud83d\ude00""#;
        let expected = "\"\\/\u{8}\u{c}\n\r\t民😀";
        assert_eq!(Json::parse(text), Ok(Json::Text(expected.into())));
        for wrong in [r#""\x""#, r#""\ud83d""#, r#""\ud83dA""#, r#""\u12""#, r#""\u12民""#, "\"\n\""] {
            assert!(Json::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn broken_documents_are_refused_with_a_place() {
        for wrong in ["", "{", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "\"", "tru", "{} {}"] {
            assert!(Json::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Json::parse("[1 2]"), Err("expected `,` or `]` at byte 3 of the JSON".into()));
        assert_eq!(Json::parse(r#"{"a":1,"a":2}"#), Err("key `a` occurs twice".into()));
    }

    #[test]
    fn deep_nesting_is_refused_not_survived_by_luck() {
        assert!(Json::parse(&("[".repeat(32) + &"]".repeat(32))).is_ok());
        assert!(Json::parse(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = "\"民情\\\n\u{1}\u{1f}\"";
        let mut out = String::new();
        push_text(&mut out, text);
        assert_eq!(Json::parse(&out), Ok(Json::Text(text.into())));
    }
}
