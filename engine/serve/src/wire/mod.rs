//! Requests and answers as bytes.

mod accept;
mod asked;
mod body;
mod cursor;
mod document;
mod items;
mod pipe;
mod stream;
mod time;

pub(crate) use accept::{ROW_FORMATS, media, negotiate};
pub(crate) use asked::Asked;
pub(crate) use body::{JsonBody, Order, shown};
pub(crate) use cursor::{Cursor, KeyPart, list_digest};
pub(crate) use document::{Tag, json, objects};
pub(crate) use stream::{Reply, Shape};
pub(crate) use time::{AsOf, day, instant};
