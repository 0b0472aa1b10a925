//! JSON as rows of texts: an array of objects, an object that keeps one, or one object after the
//! other (NDJSON).
//!
//! Objects are cut out of the file one by one ([`scan`]), so a file may be larger than memory.
//! Numbers keep the digits they are written with: an id of 20 digits is not rounded. The headers
//! are the names in the first 1,000 objects, in the order in which they appear; a name that first
//! appears later makes its row one that is not kept, and is not passed over in silence.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::Read;
use std::path::Path;

use linli_model::Text;
use memchr::memchr;
use serde::de::IgnoredAny;

use super::object::broken_json;
use super::record::{OddCell, Oddity, RefusedRow, TextRows, unreadable};
use crate::error::{Error, Result};

mod scan;

/// Objects whose names are the headers.
const HEADER_OBJECTS: usize = 1_000;

/// Names under which programs keep their rows.
const NAMES: [&str; 4] = ["items", "data", "rows", "records"];

/// How much is read at once; how far into a file an array is looked for.
const READ_BYTES: usize = 1 << 20;

/// How long one object may be.
const OBJECT_MAX: usize = 64 << 20;

const BOM: &[u8] = "\u{feff}".as_bytes();

/// A JSON file behind the objects that told its headers.
pub(super) struct JsonFile {
    shown: String,
    file: File,
    /// What was read and not cut yet, from `at` on.
    rest: Vec<u8>,
    at: usize,
    ended: bool,
    /// Where `at` is, from 1; columns are characters.
    line: u64,
    column: u64,
    shape: Shape,
    /// Whether each value is expected on a line of its own.
    by_line: bool,
    early: VecDeque<Value>,
    headers: Vec<String>,
    columns: BTreeMap<String, usize>,
}

/// How values follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// One after the other.
    Lines,
    /// In an array, and whether one was there already.
    Array { is_first: bool, in_object: bool },
    /// Nothing follows.
    Done,
}

/// A value and where it begins.
struct Value {
    line: u64,
    column: u64,
    text: String,
    /// What is wrong with it, where it is a line that is no JSON among others that are.
    broken: Option<String>,
}

impl JsonFile {
    /// Finds out how the file keeps its rows, and their headers.
    ///
    /// **Errors.** [`Error::BadJson`], [`Error::EmptyFile`], [`Error::Over`],
    /// [`Error::Unreadable`].
    pub(super) fn open(path: &Path, file: File) -> Result<Self> {
        let mut it = Self {
            shown: path.display().to_string(),
            file,
            rest: Vec::new(),
            at: 0,
            ended: false,
            line: 1,
            column: 1,
            shape: Shape::Lines,
            by_line: false,
            early: VecDeque::new(),
            headers: Vec::new(),
            columns: BTreeMap::new(),
        };
        while !it.ended && it.rest.len() < READ_BYTES {
            it.read_more()?;
        }
        if it.rest.starts_with(BOM) {
            it.at = BOM.len();
        }
        it.advance(scan::blank(&it.rest[it.at..]));
        it.find_rows();
        while it.early.len() < HEADER_OBJECTS {
            let Some(value) = it.next_value()? else { break };
            it.early.push_back(value);
        }
        it.find_headers()?;
        Ok(it)
    }

    /// The headers.
    pub(super) fn headers(&self) -> &[String] {
        &self.headers
    }

    /// `json` or `ndjson`.
    pub(super) fn format(&self) -> &'static str {
        match self.shape {
            Shape::Lines => "ndjson",
            Shape::Array { .. } | Shape::Done => "json",
        }
    }

    /// The next rows; none at the end.
    pub(super) fn next_piece(&mut self) -> Result<Option<TextRows>> {
        let mut piece = TextRows::of_width(self.headers.len());
        while !piece.is_piece() {
            let value = match self.early.pop_front() {
                Some(it) => it,
                None => match self.next_value()? {
                    Some(it) => it,
                    None => break,
                },
            };
            self.take(&value, &mut piece)?;
        }
        Ok((!piece.is_empty()).then_some(piece))
    }

    /// Whether an array holds the rows, or an object does that keeps one.
    fn find_rows(&mut self) {
        let bytes = &self.rest[self.at..];
        if bytes.starts_with(b"[") {
            self.advance(1);
            self.shape = Shape::Array { is_first: true, in_object: false };
            return;
        }
        let Some(array) = scan::array_of_objects(bytes, &NAMES) else { return };
        // Where something follows the first object, it is the first of many.
        let follows = scan::end(bytes, self.ended).map(|it| scan::blank(&bytes[it..]) + it < bytes.len());
        if follows != Some(true) {
            self.advance(array + 1);
            self.shape = Shape::Array { is_first: true, in_object: true };
        }
    }

    fn find_headers(&mut self) -> Result<()> {
        for value in self.early.iter().filter(|it| it.broken.is_none() && it.text.starts_with('{')) {
            for (name, _) in scan::members(&value.text).map_err(|it| self.bad(value, &it))? {
                if !self.columns.contains_key(&*name) {
                    self.columns.insert(name.clone().into_owned(), self.headers.len());
                    self.headers.push(name.into_owned());
                }
            }
        }
        if self.early.is_empty() {
            return Err(Error::EmptyFile { path: self.shown.clone() });
        }
        Ok(())
    }

    /// Cuts out the next value: sound JSON, or one line that is none.
    fn next_value(&mut self) -> Result<Option<Value>> {
        self.skip_blank()?;
        if self.by_line
            && self.peek().is_some()
            && let Some(value) = self.line_value()?
        {
            return Ok(Some(value));
        }
        let value = self.sound_value()?;
        // The first value decides: where it has a line of its own, lines are what can be told apart.
        if matches!(self.shape, Shape::Lines) && !self.by_line {
            let behind = self.rest[self.at..].iter().find(|it| !matches!(it, b' ' | b'\t' | b'\r'));
            let is_alone = behind.map_or(self.ended, |it| *it == b'\n');
            self.by_line = is_alone && value.as_ref().is_some_and(|it| !it.text.contains('\n'));
        }
        Ok(value)
    }

    /// The line that begins here as a value of its own: sound, or broken where it begins an object
    /// and so does the next line. Otherwise none: then a value has several lines, or a line several
    /// values.
    fn line_value(&mut self) -> Result<Option<Value>> {
        let (end, next) = loop {
            let bytes = &self.rest[self.at..];
            let end = memchr(b'\n', bytes);
            let next = end.and_then(|end| bytes.get(end + scan::blank(&bytes[end..])).copied());
            if next.is_some() || self.ended {
                break (end.unwrap_or(bytes.len()), next);
            }
            if end.is_none() && bytes.len() > OBJECT_MAX {
                return Err(too_long());
            }
            self.read_more()?;
        };
        let Ok(text) = std::str::from_utf8(&self.rest[self.at..self.at + end]) else { return Ok(None) };
        let text = text.trim_end();
        let broken = match serde_json::from_str::<IgnoredAny>(text) {
            Ok(_) => None,
            Err(error) if text.starts_with('{') && next.is_none_or(|it| it == b'{') => {
                let words = error.to_string();
                Some(words.split(" at line ").next().unwrap_or_default().to_owned())
            }
            Err(_) => return Ok(None),
        };
        let value = Value { line: self.line, column: self.column, text: text.to_owned(), broken };
        self.advance(end);
        Ok(Some(value))
    }

    fn sound_value(&mut self) -> Result<Option<Value>> {
        match self.shape {
            Shape::Done => return Ok(None),
            Shape::Lines if self.peek().is_none() => return Ok(None),
            Shape::Lines => {}
            Shape::Array { is_first, in_object } => match self.peek() {
                Some(b']') => {
                    self.advance(1);
                    self.end(in_object)?;
                    return Ok(None);
                }
                Some(b',') if !is_first => {
                    self.advance(1);
                    self.skip_blank()?;
                }
                _ if is_first => self.shape = Shape::Array { is_first: false, in_object },
                Some(_) => return Err(self.here("expected `,` or `]`", "此处应为“,”或“]”")),
                None => return Err(self.here("the array has no end", "数组没有结束")),
            },
        }
        let end = loop {
            if let Some(end) = scan::end(&self.rest[self.at..], self.ended) {
                break end;
            }
            if self.ended {
                self.advance(self.rest.len() - self.at);
                return Err(self.here("the file ends in the middle of a value", "文件在一个值的中间中断"));
            }
            if self.rest.len() - self.at > OBJECT_MAX {
                return Err(too_long());
            }
            self.read_more()?;
        };
        let bytes = &self.rest[self.at..self.at + end];
        let Ok(text) = std::str::from_utf8(bytes) else {
            let cause = Text::new("expected JSON in UTF-8", "应为 UTF-8 编码的 JSON");
            return Err(Error::BadJson {
                path: self.shown.clone(),
                line: self.line,
                column: self.column,
                cause,
            });
        };
        let value = Value { line: self.line, column: self.column, text: text.to_owned(), broken: None };
        serde_json::from_str::<IgnoredAny>(&value.text).map_err(|it| self.bad(&value, &it))?;
        self.advance(end);
        Ok(Some(value))
    }

    /// What may stand behind the array: nothing, or the rest of the object that keeps it.
    fn end(&mut self, in_object: bool) -> Result<()> {
        self.shape = Shape::Done;
        while !self.ended {
            if self.rest.len() - self.at > OBJECT_MAX {
                return Err(Error::over("bytes behind the array", "数组之后的字节数", OBJECT_MAX as u64));
            }
            self.read_more()?;
        }
        if !in_object {
            self.skip_blank()?;
            return match self.peek() {
                None => Ok(()),
                Some(_) => Err(self.here("more follows the array", "数组之后还有内容")),
            };
        }
        // The rest is sound if it is with a member before it.
        let opening = "{\"\":0";
        let text = format!("{opening}{}", String::from_utf8_lossy(&self.rest[self.at..]));
        let column = self.column.saturating_sub(opening.len() as u64);
        let value = Value { line: self.line, column, text, broken: None };
        serde_json::from_str::<IgnoredAny>(&value.text).map_err(|it| self.bad(&value, &it))?;
        match scan::array_of_objects(value.text.as_bytes(), &NAMES) {
            None => Ok(()),
            Some(_) => Err(self.here(
                "the object keeps two arrays of objects, expected one",
                "该对象含有两个对象数组，应为一个",
            )),
        }
    }

    /// Makes a row of a value.
    fn take(&self, value: &Value, piece: &mut TextRows) -> Result<()> {
        let row = piece.len();
        let mut refuse = |json: String, rule, found: String, expected: Text| {
            piece.refused.push(RefusedRow { line: value.line, json, rule, found, expected });
            Ok(())
        };
        if let Some(why) = &value.broken {
            let expected = Text::new(
                format!("one JSON object on the line ({why})"),
                format!("每行一个 JSON 对象（{why}）"),
            );
            return refuse(broken_json(&value.text), "json", value.text.clone(), expected);
        }
        if !value.text.starts_with('{') {
            let expected = Text::new("an object", "一个对象");
            return refuse(broken_json(&value.text), "type", value.text.clone(), expected);
        }
        let mut cells = vec![String::new(); self.headers.len()];
        let mut seen = vec![false; cells.len()];
        let mut odd = Vec::new();
        for (name, text) in scan::members(&value.text).map_err(|it| self.bad(value, &it))? {
            let Some(column) = self.columns.get(&*name).copied() else {
                let expected = Text::new(
                    "a name that one of the first 1,000 objects has",
                    "前 1000 个对象中出现过的名称",
                );
                return refuse(value.text.clone(), "columns", name.into_owned(), expected);
            };
            if std::mem::replace(&mut seen[column], true) {
                let expected = Text::new("every name once", "每个名称只出现一次");
                return refuse(value.text.clone(), "columns", name.into_owned(), expected);
            }
            let (cell, oddities) = cell(text).map_err(|it| self.bad(value, &it))?;
            cells[column] = cell;
            odd.extend(oddities.into_iter().map(|it| OddCell { row, column, oddity: it }));
        }
        piece.push(value.line, &cells);
        piece.odd.extend(odd);
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.rest.get(self.at).copied()
    }

    fn skip_blank(&mut self) -> Result<()> {
        loop {
            self.advance(scan::blank(&self.rest[self.at..]));
            if self.at < self.rest.len() || self.ended {
                return Ok(());
            }
            self.read_more()?;
        }
    }

    fn advance(&mut self, length: usize) {
        for byte in &self.rest[self.at..self.at + length] {
            match byte {
                b'\n' => (self.line, self.column) = (self.line + 1, 1),
                // Further bytes of a character in UTF-8.
                0x80..=0xBF => {}
                _ => self.column += 1,
            }
        }
        self.at += length;
    }

    fn read_more(&mut self) -> Result<()> {
        self.rest.drain(..self.at);
        self.at = 0;
        let read = (&self.file)
            // More at a time while no value ends, so that a long one is not searched often.
            .take(READ_BYTES.max(self.rest.len()) as u64)
            .read_to_end(&mut self.rest)
            .map_err(|it| unreadable(&self.shown, &it))?;
        self.ended = read == 0;
        Ok(())
    }

    fn here(&self, en: &str, zh: &str) -> Error {
        let cause = Text::new(en, zh);
        Error::BadJson { path: self.shown.clone(), line: self.line, column: self.column, cause }
    }

    /// Words what is wrong in a value, with its place in the file.
    fn bad(&self, value: &Value, error: &serde_json::Error) -> Error {
        let (line, column) = (error.line() as u64, error.column() as u64);
        let words = error.to_string();
        let words = words.split(" at line ").next().unwrap_or_default();
        Error::BadJson {
            path: self.shown.clone(),
            line: value.line + line.saturating_sub(1),
            column: if line <= 1 { value.column + column.saturating_sub(1) } else { column },
            cause: Text::new(format!("no JSON: {words}"), format!("不是合法的 JSON（{words}）")),
        }
    }
}

fn too_long() -> Error {
    Error::over("bytes of one JSON object", "单个 JSON 对象的字节数", OBJECT_MAX as u64)
}

/// The text of a value, and what may be wrong with it.
fn cell(value: &str) -> Result<(String, Vec<Oddity>), serde_json::Error> {
    if value.starts_with('{') {
        return Ok((value.to_owned(), vec![Oddity::Nested]));
    }
    if !value.starts_with('[') {
        return Ok((scalar(value)?, Vec::new()));
    }
    let (mut items, mut oddities) = (Vec::new(), Vec::new());
    for item in scan::parts(value).filter(|it| *it != "null") {
        if item.starts_with(['{', '[']) {
            return Ok((value.to_owned(), vec![Oddity::Nested]));
        }
        items.push(scalar(item)?);
    }
    if !items.is_empty() {
        oddities.push(Oddity::Several);
    }
    if items.iter().any(|it| it.contains([';', '；'])) {
        oddities.push(Oddity::Separator);
    }
    Ok((items.join(";"), oddities))
}

fn scalar(value: &str) -> Result<String, serde_json::Error> {
    match value {
        "null" => Ok(String::new()),
        _ if value.starts_with('"') => scan::text(value).map(std::borrow::Cow::into_owned),
        _ => Ok(value.to_owned()),
    }
}
