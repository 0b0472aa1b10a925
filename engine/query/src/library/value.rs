//! Types of parameters, and how what callers send is read as one.

use datafusion::arrow::datatypes::{DataType, TimeUnit};
use linli_model::Text;

use crate::ingest::{offset_seconds, parse_datetime};
use crate::session::ParamValue;
use crate::zone::DAY_US;

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamType {
    /// UTF-8 text.
    Text,
    /// A whole number.
    Integer,
    /// A number with a fraction.
    Number,
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// An instant; without offset in the pool's zone.
    Timestamp,
    /// Texts; in one text separated by `;`.
    List,
}

impl ParamType {
    /// Reads the word a header uses: ours or Arrow's.
    pub(super) fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "text" | "Utf8" => Self::Text,
            "integer" | "Int64" => Self::Integer,
            "number" | "Float64" => Self::Number,
            "boolean" | "Boolean" => Self::Boolean,
            "date" | "Date32" => Self::Date,
            "timestamp" | "Timestamp" => Self::Timestamp,
            "list" | "List(Utf8)" => Self::List,
            _ => return None,
        })
    }

    /// The word headers and listings use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
            Self::List => "list",
        }
    }

    pub(super) const fn zh(self) -> &'static str {
        match self {
            Self::Text => "文本",
            Self::Integer => "整数",
            Self::Number => "数字",
            Self::Boolean => "是否",
            Self::Date => "日期",
            Self::Timestamp => "时间",
            Self::List => "列表",
        }
    }

    pub(crate) fn data_type(self, zone: &str) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Integer => DataType::Int64,
            Self::Number => DataType::Float64,
            Self::Boolean => DataType::Boolean,
            Self::Date => DataType::Date32,
            Self::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some(zone.into())),
            Self::List => DataType::new_list(DataType::Utf8, true),
        }
    }

    /// The default that a header names: NULL or a value as people write it.
    pub(super) fn default(self, text: &str) -> Result<ParamValue, Text> {
        if text.eq_ignore_ascii_case("null") {
            return Ok(ParamValue::Null);
        }
        let text = text.trim_matches('\'');
        // Which zone a time without offset means is known when the query is run.
        let value = ParamValue::Text(text.to_owned());
        self.read(&value, "+00:00").map(|it| if self == Self::Timestamp { value } else { it })
    }

    /// Reads a value as this type.
    ///
    /// **Errors.** What was expected and what was found.
    pub(super) fn read(self, value: &ParamValue, zone: &str) -> Result<ParamValue, Text> {
        let wrong = |found: &dyn std::fmt::Debug| {
            let (en, zh) = self.example();
            Text::new(format!("found {found:?}, expected {en}"), format!("现为 {found:?}，应为{zh}"))
        };
        let read = match (self, value) {
            (_, ParamValue::Null) => Some(ParamValue::Null),
            (_, ParamValue::Text(text)) => self.read_text(text, zone),
            (Self::Text, ParamValue::Integer(it)) => Some(ParamValue::Text(it.to_string())),
            // A column of Float64 cannot tell 5 from 5.0, so the caller need not either.
            (Self::Number, ParamValue::Integer(it)) => Some(ParamValue::Number(*it as f64)),
            (Self::Integer, ParamValue::Integer(_))
            | (Self::Number, ParamValue::Number(_))
            | (Self::Boolean, ParamValue::Boolean(_))
            | (Self::Date, ParamValue::Date(_))
            | (Self::Timestamp, ParamValue::Timestamp(_))
            | (Self::List, ParamValue::List(_)) => Some(value.clone()),
            _ => None,
        };
        read.ok_or_else(|| match value {
            ParamValue::Text(text) => wrong(text),
            other => wrong(other),
        })
    }

    fn read_text(self, text: &str, zone: &str) -> Option<ParamValue> {
        let trimmed = text.trim();
        match self {
            Self::Text => Some(ParamValue::Text(text.to_owned())),
            Self::Integer => trimmed.parse().map(ParamValue::Integer).ok(),
            Self::Number => trimmed.parse().map(ParamValue::Number).ok(),
            Self::Boolean => match trimmed {
                "true" | "1" => Some(ParamValue::Boolean(true)),
                "false" | "0" => Some(ParamValue::Boolean(false)),
                _ => None,
            },
            Self::Date => day(trimmed).map(ParamValue::Date),
            Self::Timestamp => instant(trimmed, zone).map(ParamValue::Timestamp),
            Self::List => {
                let items = text.split(';').map(str::trim).filter(|it| !it.is_empty());
                Some(ParamValue::List(items.map(str::to_owned).collect()))
            }
        }
    }

    const fn example(self) -> (&'static str, &'static str) {
        match self {
            Self::Text => ("a text", "文本"),
            Self::Integer => ("a whole number", "整数"),
            Self::Number => ("a number", "数字"),
            Self::Boolean => ("true or false", " true 或 false"),
            Self::Date => ("a date such as 2024-03-05", "日期，如 2024-03-05"),
            Self::Timestamp => ("a time such as 2024-03-05T16:00", "时间，如 2024-03-05T16:00"),
            Self::List => ("texts separated by ;", "以 ; 分隔的文本"),
        }
    }
}

/// Days since 1970-01-01.
fn day(text: &str) -> Option<i32> {
    let midnight = parse_datetime(text, 0).filter(|it| it.rem_euclid(DAY_US) == 0)?;
    i32::try_from(midnight.div_euclid(DAY_US)).ok()
}

/// Microseconds since 1970 UTC.
fn instant(text: &str, zone: &str) -> Option<i64> {
    parse_datetime(text, offset_seconds(zone)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: ParamType, text: &str) -> Result<ParamValue, String> {
        kind.read(&ParamValue::Text(text.to_owned()), "+08:00").map_err(|it| it.en)
    }

    #[test]
    fn text_is_read_as_the_declared_type() {
        assert_eq!(read(ParamType::Integer, "42"), Ok(ParamValue::Integer(42)));
        assert_eq!(read(ParamType::Date, "1970-01-02"), Ok(ParamValue::Date(1)));
        let local = ParamValue::Timestamp(1_709_625_600_000_000);
        assert_eq!(read(ParamType::Timestamp, "2024-03-05T16:00"), Ok(local.clone()));
        assert_eq!(read(ParamType::Timestamp, "2024-03-05T08:00:00Z"), Ok(local));
        assert_eq!(read(ParamType::List, "a; b;"), Ok(ParamValue::List(vec!["a".into(), "b".into()])));
        assert!(read(ParamType::Integer, "4x").is_err_and(|it| it.contains("whole number")));
        assert!(read(ParamType::Timestamp, "soon").is_err());
    }

    #[test]
    fn a_default_of_time_waits_for_the_zone() {
        assert_eq!(ParamType::Timestamp.default("2024-03-05"), Ok(ParamValue::Text("2024-03-05".into())));
        assert_eq!(ParamType::Integer.default("7"), Ok(ParamValue::Integer(7)));
        assert!(ParamType::Integer.default("seven").is_err());
    }
}
