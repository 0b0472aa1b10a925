//! JSON bodies of requests.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use linli_model::Text;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::app::App;
use crate::error::{Error, Result};

/// Characters of a wrong value that are repeated to the caller.
const SHOWN_CHARS_MAX: usize = 200;

/// What a body orders: an object of fields.
pub(crate) trait Order: DeserializeOwned {
    /// Refuses what serde would take for something else, or refuse without saying what is wrong.
    ///
    /// **Errors.** [`Error::BadArgument`] with the field's name.
    fn check(fields: &Map<String, Value>) -> Result<()>;
}

/// A body read as `T`. No body at all is `{}`.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: Order> FromRequest<Arc<App>> for JsonBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self> {
        let media = request.headers().get(header::CONTENT_TYPE);
        let media = media.map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned());
        let bytes = received(request, app).await?;
        match media {
            Some(media) if !is_json(&media) => return Err(Error::UnsupportedMedia { found: media }),
            None if !bytes.is_empty() => {
                return Err(Error::UnsupportedMedia { found: "nothing".to_owned() });
            }
            _ => {}
        }
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        read(text).map(Self)
    }
}

/// All bytes of a body.
///
/// **Errors.** It is too long, takes too long, or breaks off.
async fn received(request: Request, app: &Arc<App>) -> Result<Bytes> {
    let limits = &app.config.limits;
    let seconds = limits.idle_seconds_max;
    // A caller who sends byte by byte is never idle, and holds a connection all the same.
    let receiving = tokio::time::timeout(Duration::from_secs(seconds), Bytes::from_request(request, app));
    let received = receiving.await.map_err(|_| Error::BodyTooSlow { seconds })?;
    received.map_err(|rejection| {
        let cause = Text::new(rejection.body_text(), "正文未能完整接收");
        match rejection.into_response().status() {
            StatusCode::PAYLOAD_TOO_LARGE => Error::BodyTooLarge { bytes_max: limits.body_bytes_max },
            _ => Error::BadBody { cause },
        }
    })
}

/// Reads an order from JSON.
///
/// **Errors.** It is no JSON, no object, or not the object that is wanted.
/// **Cost.** Reads it twice: once as any JSON, since serde takes an array for the fields of a
/// structure in their order; once as `T`, since only then it is known where something is wrong.
fn read<T: Order>(text: &[u8]) -> Result<T> {
    match serde_json::from_slice(text) {
        Ok(Value::Object(fields)) => T::check(&fields)?,
        Ok(other) => return Err(Error::NoObject { found: shown(&other) }),
        // What is no JSON is no `T` either, which says where.
        Err(_) => {}
    }
    serde_json::from_slice(text).map_err(|it| misread(&it))
}

/// What serde says, in Chinese no more than where.
fn misread(error: &serde_json::Error) -> Error {
    let what = if error.is_data() { "内容不符合要求的格式" } else { "不是有效的 JSON" };
    let place = match error.line() {
        0 => String::new(),
        line => format!("第 {line} 行第 {} 列，", error.column()),
    };
    Error::BadBody { cause: Text::new(error.to_string(), format!("{place}{what}")) }
}

/// A value as a problem repeats it: as JSON, cut where it is long.
pub(crate) fn shown(value: &Value) -> String {
    let mut text = value.to_string();
    if let Some((end, _)) = text.char_indices().nth(SHOWN_CHARS_MAX) {
        text.truncate(end);
        text.push('…');
    }
    text
}

fn is_json(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use linli_model::Failure;
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Count {
        count: u64,
    }

    impl Order for Count {
        fn check(_: &Map<String, Value>) -> Result<()> {
            Ok(())
        }
    }

    fn refused(text: &str) -> (String, String) {
        let error = read::<Count>(text.as_bytes()).expect_err("a refusal");
        assert_eq!(error.code(), "bad-body", "{text}");
        (error.to_string(), error.zh())
    }

    #[test]
    fn only_an_object_is_an_order() {
        assert_eq!(read::<Count>(b" {\"count\": 3} ").expect("an order"), Count { count: 3 });
        for other in ["[3]", "3", "null", "\"count\""] {
            let (en, zh) = refused(other);
            assert!(en.contains(&format!("found {other}, expected an object")), "{en}");
            assert!(zh.contains(&format!("现为 {other}，应为对象")), "{zh}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_one_language_each() {
        for (text, place) in [
            ("{\"count\":1,\n\"cout\":1}", "第 2 行第 "),
            ("{\"count\":\"a\"}", "第 1 行第 "),
            ("{\"count\":1.5}", "列，内容不符合要求的格式"),
            ("{}", "内容不符合要求的格式"),
            ("{\"count\"", "不是有效的 JSON"),
        ] {
            let (en, zh) = refused(text);
            assert!(en.is_ascii(), "{en}");
            assert!(zh.contains(place), "{zh}");
            for word in ["field", "expected", "invalid", "column"] {
                assert!(!zh.contains(word), "{zh}");
            }
        }
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        assert_eq!(shown(&json!(["需求", 1])), "[\"需求\",1]");
        let long = shown(&json!("需".repeat(SHOWN_CHARS_MAX)));
        assert_eq!(long.chars().count(), SHOWN_CHARS_MAX + 1);
        assert!(long.ends_with("需…"));
    }
}
