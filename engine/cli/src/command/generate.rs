//! generate: a made-up city as files.

use std::collections::BTreeMap;
use std::path::Path;

use linli_generator::city::{City, SCALE_MAX, SCALE_UNIT, TABLES};
use linli_pool::query::ParquetFile;
use serde_json::json;

use super::{Outcome, answer};
use crate::args::Generate;
use crate::failure::Failed;
use crate::show;

pub(super) fn generate(args: &Generate, json: bool) -> Outcome {
    let scale = scale(&args.scale)?;
    unused(&args.out)?;
    std::fs::create_dir_all(&args.out).map_err(|it| Failed::unwritable(&args.out, &it))?;
    let city = City::new(scale, args.seed);
    let mut rows = BTreeMap::new();
    for table in TABLES {
        rows.insert(table, write(&city, table, &args.out)?);
    }
    let out = args.out.display().to_string();
    let document = json!({ "out": out, "scale": args.scale, "seed": args.seed, "tables": rows });
    answer(json, &document, || {
        let counts: Vec<String> = TABLES.iter().map(|it| format!("{it} {}", rows[it])).collect();
        let typed = show::shell(&args.out);
        format!(
            "{out}: {}\nevery row is made up and says so\n{out}：所有数据均为虚构，并已注明\n\
             next 下一步: linli init POOL && linli load POOL volunteer {typed}/volunteer.parquet",
            counts.join(", ")
        )
    })
}

fn write(city: &City, table: &str, out: &Path) -> Result<u64, Failed> {
    let schema = |it: linli_model::SchemaError| Failed::internal(it.to_string());
    let path = out.join(format!("{table}.parquet"));
    let mut file: Option<ParquetFile> = None;
    for batch in city.batches(table).map_err(schema)? {
        let open = match &mut file {
            Some(open) => open,
            none => none.insert(ParquetFile::create(&path, batch.schema())?),
        };
        open.write(&batch)?;
    }
    Ok(file.map(ParquetFile::finish).transpose()?.unwrap_or_default())
}

/// Reads a scale as thousandths.
fn scale(text: &str) -> Result<u64, Failed> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let is_number =
        digits(whole) && (!text.contains('.') || digits(part)) && whole.len() <= 4 && part.len() <= 3;
    let thousandths = || -> Option<u64> {
        Some(whole.parse::<u64>().ok()? * SCALE_UNIT + format!("{part:0<3}").parse::<u64>().ok()?)
    };
    let found = if is_number { thousandths() } else { None };
    found.filter(|it| (1..=SCALE_MAX).contains(it)).ok_or_else(|| {
        Failed::request(
            "bad-scale",
            format!("found scale {text:?}, expected a number from 0.001 to 1000 with at most three decimals"),
            format!("规模现为 {text:?}，应为 0.001 至 1000 之间、最多三位小数的数"),
        )
    })
}

/// Nothing of anybody's is written over.
fn unused(out: &Path) -> Result<(), Failed> {
    let first = match std::fs::read_dir(out) {
        Err(it) if it.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        other => other.map_err(|it| Failed::unwritable(out, &it))?.next(),
    };
    if first.is_none() {
        return Ok(());
    }
    Err(Failed::request(
        "folder-not-empty",
        format!("{} is not empty", out.display()),
        format!("{} 不为空", out.display()),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_is_a_number_with_three_decimals() {
        let read = |text: &str| scale(text).ok();
        assert_eq!(read("1"), Some(1_000));
        assert_eq!(read("0.05"), Some(50));
        assert_eq!(read("40"), Some(40_000));
        for wrong in ["0", "0.0001", "-1", "1e3", "", "x", "1.", ".5", "1001", "1.2.3", "."] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
