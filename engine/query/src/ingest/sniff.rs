//! What a file is, by its bytes and never by its name.

use linli_model::Text;

/// How much of a file tells what it is: enough for the names of what a zip file begins with.
pub(super) const HEAD_BYTES: u64 = 64 << 10;

/// What this module can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text in some encoding, as far as the first bytes tell.
    Text,
    /// Apache Parquet.
    Parquet,
    /// A zip file, as workbooks of since 2007 are.
    Zip,
    /// An OLE2 file, as workbooks of before 2007 are, and those with a password.
    Ole,
    /// JSON, or one JSON value a line.
    Json,
}

/// What a file is that nobody can read as a table, and what helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alien {
    /// What it seems to be.
    pub(super) found: Text,
    /// What to do with it.
    pub(super) hint: Text,
}

/// First bytes of what people take for a table: English, Chinese, what helps.
const MAGIC: [(&[u8], &str, &str, Help); 13] = [
    (b"\x1F\x8B", "gzip", "gzip 压缩文件", Help::Unpack),
    (b"Rar!", "a rar archive", "rar 压缩文件", Help::Unpack),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", "7z 压缩文件", Help::Unpack),
    (b"\x28\xB5\x2F\xFD", "zstd", "zstd 压缩文件", Help::Unpack),
    (b"%PDF", "PDF", "PDF 文档", Help::Copy),
    (b"{\\rtf", "an RTF document", "RTF 文档", Help::Copy),
    (b"\x89PNG", "a PNG picture", "PNG 图片", Help::Copy),
    (b"\xFF\xD8\xFF", "a JPEG picture", "JPEG 图片", Help::Copy),
    (b"GIF8", "a GIF picture", "GIF 图片", Help::Copy),
    (b"SQLite format 3\0", "an SQLite database", "SQLite 数据库", Help::Export),
    (b"MIME-Version:", "a web archive (MHTML)", "网页归档（MHTML）", Help::Resave),
    (b"\xFF\xFE\0\0", "UTF-32", "UTF-32 文本", Help::Resave),
    (b"\0\0\xFE\xFF", "UTF-32", "UTF-32 文本", Help::Resave),
];

/// First characters of pages that programs pass off as workbooks.
const MARKUP: [(&str, &str, &str); 5] = [
    ("<!doctype html", "an HTML page", "HTML 网页"),
    ("<html", "an HTML page", "HTML 网页"),
    ("<table", "an HTML table", "HTML 表格"),
    ("<meta", "an HTML page", "HTML 网页"),
    ("<?xml", "XML", "XML 文件"),
];

/// What people can do about a file.
#[derive(Debug, Clone, Copy)]
enum Help {
    Unpack,
    Copy,
    Export,
    Resave,
}

impl Help {
    fn text(self) -> Text {
        match self {
            Self::Unpack => Text::new("unpack it first", "请先解压"),
            Self::Copy => Text::new(
                "copy its table into a workbook or a CSV file",
                "请把其中的表格复制到工作簿或 CSV 文件",
            ),
            Self::Export => Text::new("export its table as CSV", "请把表导出为 CSV"),
            Self::Resave => Text::new(
                "open it in a spreadsheet program and save it as xlsx or CSV in UTF-8",
                "请用表格软件打开，另存为 xlsx 或 UTF-8 编码的 CSV",
            ),
        }
    }
}

/// Tells what the file is from its first bytes, [`HEAD_BYTES`] of them or all.
///
/// **Errors.** What it seems to be, when it is nothing that can be read.
pub(super) fn sniff(head: &[u8]) -> Result<Kind, Alien> {
    if head.starts_with(b"PAR1") {
        return Ok(Kind::Parquet);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Kind::Zip);
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0") {
        return Ok(Kind::Ole);
    }
    if let Some((_, en, zh, help)) = MAGIC.iter().find(|(magic, ..)| head.starts_with(magic)) {
        return Err(alien(en, zh, *help));
    }
    let text = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(head).trim_ascii_start();
    let begins = |tag: &str| text.get(..tag.len()).is_some_and(|it| it.eq_ignore_ascii_case(tag.as_bytes()));
    if let Some((_, en, zh)) = MARKUP.iter().find(|(tag, ..)| begins(tag)) {
        return Err(alien(en, zh, Help::Resave));
    }
    Ok(if is_json(text) { Kind::Json } else { Kind::Text })
}

fn alien(en: &str, zh: &str, help: Help) -> Alien {
    Alien { found: Text::new(en, zh), hint: help.text() }
}

/// Whether text begins as JSON does. A header such as `[编号],[姓名]` does not.
fn is_json(text: &[u8]) -> bool {
    let behind = text.get(1..).unwrap_or_default().trim_ascii_start().first();
    match text.first() {
        Some(b'{') => matches!(behind, Some(b'"' | b'}')),
        Some(b'[') => matches!(behind, Some(b'{' | b'[' | b']' | b'"')),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(head: &[u8]) -> String {
        match sniff(head) {
            Ok(kind) => format!("{kind:?}"),
            Err(alien) => alien.found.en,
        }
    }

    #[test]
    fn bytes_say_what_they_are() {
        assert_eq!(found(b"PAR1..."), "Parquet");
        assert_eq!(found("need_id,名称\n".as_bytes()), "Text");
        assert_eq!(found(b"\xFF\xFEn\0"), "Text");
        assert_eq!(found(b"\xB1\xE0\xBA\xC5,1\n"), "Text");
        assert_eq!(found(b"PK\x03\x04...."), "Zip");
        assert_eq!(found(b"\xD0\xCF\x11\xE0\xA1\xB1"), "Ole");
        assert_eq!(found(b"{\"need_id\":1}\n"), "Json");
        assert_eq!(found("\u{feff}\n [ {".as_bytes()), "Json");
        assert_eq!(found("[编号],[姓名]\n".as_bytes()), "Text");
    }

    #[test]
    fn what_is_no_table_is_called_by_its_name() {
        assert_eq!(found(b"\x1F\x8B\x08"), "gzip");
        assert_eq!(found(b"%PDF-1.7"), "PDF");
        assert_eq!(found(b"\x89PNG\r\n"), "a PNG picture");
        assert_eq!(found(b"\xFF\xD8\xFF\xE0"), "a JPEG picture");
        assert_eq!(found("\u{feff}\r\n<HTML xmlns:x=\"urn\">".as_bytes()), "an HTML page");
        assert_eq!(found(b"<table border=1>"), "an HTML table");
        assert_eq!(found(b"\xFF\xFE\0\0n\0\0\0"), "UTF-32");
    }
}
