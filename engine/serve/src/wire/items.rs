//! Rows as the items of a list.

use std::io::{Result, Write};

/// Turns one object per line into objects with commas between them.
///
/// A JSON text has no line break inside, so nothing needs to be read.
pub(super) struct Items<'a, W> {
    out: &'a mut W,
    is_open: bool,
}

impl<'a, W: Write> Items<'a, W> {
    pub(super) fn new(out: &'a mut W) -> Self {
        Self { out, is_open: false }
    }
}

impl<W: Write> Write for Items<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        for line in bytes.split_inclusive(|it| *it == b'\n') {
            if std::mem::take(&mut self.is_open) {
                self.out.write_all(b",\n")?;
            }
            let text = line.strip_suffix(b"\n");
            self.is_open = text.is_some();
            self.out.write_all(text.unwrap_or(line))?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_stand_between_items_wherever_the_pieces_are_cut() {
        let text = b"{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n";
        for cut in 1..text.len() {
            let mut out = Vec::new();
            let mut items = Items::new(&mut out);
            for piece in text.chunks(cut) {
                items.write_all(piece).expect("memory");
            }
            assert_eq!(String::from_utf8_lossy(&out), "{\"a\":1},\n{\"a\":2},\n{\"a\":3}", "{cut}");
        }
    }
}
