//! Reads Arrow streams with nothing but the specification.
//!
//! **Source.** Apache Arrow columnar format 1.5, "IPC Streaming Format"; `Message.fbs`.

/// Rows of every record batch of a stream.
///
/// A message is `FFFFFFFF`, the length of its metadata, the metadata, the body; length 0 ends
/// the stream.
pub fn rows_of_batches(stream: &[u8]) -> Vec<i64> {
    const RECORD_BATCH: u8 = 3;
    let mut rows = Vec::new();
    let mut at = 0;
    loop {
        assert_eq!(stream[at..at + 4], [0xff; 4], "a message begins at {at}");
        let length = usize::try_from(number::<4>(stream, at + 4)).expect("a length");
        at += 8;
        if length == 0 {
            assert_eq!(at, stream.len(), "nothing follows the end");
            return rows;
        }
        let metadata = &stream[at..at + length];
        let message = root(metadata);
        let kind = field(metadata, message, 1).map_or(0, |it| metadata[it]);
        if kind == RECORD_BATCH {
            let header = field(metadata, message, 2).expect("a header");
            let batch = header + usize::try_from(number::<4>(metadata, header)).expect("an offset");
            rows.push(field(metadata, batch, 0).map_or(0, |it| number::<8>(metadata, it)));
        }
        let body = field(metadata, message, 3).map_or(0, |it| number::<8>(metadata, it));
        at += length + usize::try_from(body).expect("a length");
    }
}

fn root(metadata: &[u8]) -> usize {
    usize::try_from(number::<4>(metadata, 0)).expect("an offset")
}

/// Where a field of a FlatBuffers table stands, if it is there.
fn field(bytes: &[u8], table: usize, index: usize) -> Option<usize> {
    let back = number::<4>(bytes, table);
    let vtable = usize::try_from(i64::try_from(table).ok()? - back).ok()?;
    let place = vtable + 4 + 2 * index;
    let length = usize::try_from(number::<2>(bytes, vtable)).ok()?;
    let offset = (place < vtable + length).then(|| number::<2>(bytes, place))?;
    (offset > 0).then(|| table + usize::try_from(offset).expect("an offset"))
}

/// A little-endian number of so many bytes, signed.
fn number<const BYTES: usize>(bytes: &[u8], at: usize) -> i64 {
    let mut wide = [if bytes[at + BYTES - 1] & 0x80 > 0 { 0xff } else { 0 }; 8];
    wide[..BYTES].copy_from_slice(&bytes[at..at + BYTES]);
    i64::from_le_bytes(wide)
}
