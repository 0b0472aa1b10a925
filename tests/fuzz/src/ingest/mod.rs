//! The parsers of files, with what they need and no more.
#![allow(dead_code, reason = "parts of these files serve what is not compiled here")]

#[path = "../../../../engine/query/src/ingest/calendar.rs"]
mod calendar;
#[path = "../../../../engine/query/src/ingest/cut.rs"]
mod cut;
#[path = "../../../../engine/query/src/ingest/decode.rs"]
mod decode;
#[path = "../../../../engine/query/src/ingest/encoding.rs"]
mod encoding;
#[path = "../../../../engine/query/src/ingest/evidence.rs"]
mod evidence;
#[path = "../../../../engine/query/src/ingest/header.rs"]
mod header;
#[path = "../../../../engine/query/src/ingest/json/mod.rs"]
mod json;
#[path = "../../../../engine/query/src/ingest/nearest.rs"]
mod nearest;
#[path = "../../../../engine/query/src/ingest/nodata.rs"]
mod nodata;
#[path = "../../../../engine/query/src/ingest/object.rs"]
mod object;
#[path = "../../../../engine/query/src/ingest/options.rs"]
mod options;
#[path = "../../../../engine/query/src/ingest/preamble.rs"]
mod preamble;
#[path = "../../../../engine/query/src/ingest/record.rs"]
mod record;
#[path = "../../../../engine/query/src/ingest/report.rs"]
mod report;
#[path = "../../../../engine/query/src/ingest/settled.rs"]
mod settled;
#[path = "../../../../engine/query/src/ingest/sniff.rs"]
mod sniff;
#[path = "../../../../engine/query/src/ingest/split.rs"]
mod split;
#[path = "../../../../engine/query/src/ingest/text.rs"]
mod text;
#[path = "../../../../engine/query/src/ingest/time.rs"]
mod time;
#[path = "../../../../engine/query/src/ingest/workbook/mod.rs"]
mod workbook;
#[path = "../../../../engine/query/src/ingest/written.rs"]
mod written;

pub mod check;

use options::Mode;
