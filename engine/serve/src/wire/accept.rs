//! Which form an answer takes.
//!
//! **Source.** RFC 9110 §12.5.1.

use axum::http::{HeaderMap, header};
use linli_pool::query::Format;

use crate::error::{Error, Result};

/// The forms of rows, the default first.
pub(crate) const ROW_FORMATS: &[Format] =
    &[Format::Json, Format::Ndjson, Format::Csv, Format::Arrow, Format::Parquet];

/// The form the caller likes best among those on offer; the first where it has no wish.
///
/// **Errors.** [`Error::NotAcceptable`].
pub(crate) fn negotiate(headers: &HeaderMap, offered: &[Format]) -> Result<Format> {
    let values: Vec<&str> =
        headers.get_all(header::ACCEPT).iter().filter_map(|it| it.to_str().ok()).collect();
    let wishes = values.join(",");
    let default = offered.first().copied().unwrap_or(Format::Json);
    if wishes.trim().is_empty() {
        return Ok(default);
    }
    let ranges: Vec<Range<'_>> = wishes.split(',').filter_map(Range::parse).collect();
    let mut best: Option<(f32, Format)> = None;
    for format in offered {
        let quality = quality(&ranges, media(*format));
        if quality > 0.0 && best.is_none_or(|(it, _)| quality > it) {
            best = Some((quality, *format));
        }
    }
    best.map(|(_, format)| format).ok_or_else(|| Error::NotAcceptable {
        found: wishes,
        offered: offered.iter().map(|it| media(*it)).collect(),
    })
}

/// `text/csv`, `text/*` or `*/*`, with a quality.
struct Range<'a> {
    media: &'a str,
    quality: f32,
}

impl<'a> Range<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let media = parts.next().filter(|it| !it.is_empty())?;
        let quality = parts.find_map(|it| it.strip_prefix("q=").or_else(|| it.strip_prefix("Q=")));
        let quality = quality.map_or(1.0, |it| it.trim().parse().unwrap_or(0.0));
        Some(Self { media, quality })
    }

    /// How closely it names a media type: 3 exactly, 2 its family, 1 anything.
    fn closeness(&self, media: &str) -> Option<u8> {
        let family = |it: &str| it.split('/').next().unwrap_or_default().to_ascii_lowercase();
        if self.media.eq_ignore_ascii_case(media) {
            Some(3)
        } else if self.media.ends_with("/*") && family(self.media) == family(media) {
            Some(2)
        } else {
            (self.media == "*/*").then_some(1)
        }
    }
}

/// The quality of the range that names the media type most closely.
fn quality(ranges: &[Range<'_>], media: &str) -> f32 {
    let close = ranges.iter().filter_map(|it| Some((it.closeness(media)?, it.quality)));
    close.max_by_key(|(closeness, _)| *closeness).map_or(0.0, |(_, quality)| quality)
}

/// The media type of a form, without parameters.
pub(crate) fn media(format: Format) -> &'static str {
    let media = format.content_type();
    media.split(';').next().unwrap_or(media)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(accept: &str) -> Option<&'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().expect("a header value"));
        negotiate(&headers, ROW_FORMATS).ok().map(Format::as_str)
    }

    #[test]
    fn the_best_liked_form_wins_and_json_is_the_default() {
        assert_eq!(negotiate(&HeaderMap::new(), ROW_FORMATS).map(Format::as_str).ok(), Some("json"));
        assert_eq!(chosen("*/*"), Some("json"));
        assert_eq!(chosen("text/html,application/xhtml+xml,*/*;q=0.8"), Some("json"));
        assert_eq!(chosen("text/csv; header=present"), Some("csv"));
        assert_eq!(chosen("text/*"), Some("csv"));
        assert_eq!(chosen("application/json;q=0.2, application/x-ndjson;q=0.9"), Some("ndjson"));
        assert_eq!(chosen("application/vnd.apache.arrow.stream"), Some("arrow"));
        assert_eq!(chosen("APPLICATION/VND.APACHE.PARQUET"), Some("parquet"));
        assert_eq!(chosen("application/json;q=0, */*"), Some("ndjson"));
        assert_eq!(chosen("application/xml"), None);
        assert_eq!(chosen("application/json;q=0"), None);
    }
}
