//! JSON bodies of requests.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::error::{Error, Result};

/// A body read as `T`. No body at all is `{}`.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for JsonBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self> {
        let media = request.headers().get(header::CONTENT_TYPE);
        let media = media.map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned());
        let bytes = Bytes::from_request(request, app).await.map_err(|rejection| {
            let cause = rejection.body_text();
            match rejection.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => {
                    Error::BodyTooLarge { bytes_max: app.config.limits.body_bytes_max }
                }
                _ => Error::BadBody { cause },
            }
        })?;
        match media {
            Some(media) if !is_json(&media) => return Err(Error::UnsupportedMedia { found: media }),
            None if !bytes.is_empty() => {
                return Err(Error::UnsupportedMedia { found: "nothing".to_owned() });
            }
            _ => {}
        }
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        serde_json::from_slice(text).map(Self).map_err(|it| Error::BadBody { cause: it.to_string() })
    }
}

fn is_json(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}
