//! Describes itself in bytes that are no text.

use linli_hostile::Hostile;

struct DescribesInNoUtf8;

impl Hostile for DescribesInNoUtf8 {
    const NAME: &str = "describes-in-no-utf8";

    #[expect(unsafe_code, reason = "the lie: a text that is none")]
    fn describe() -> String {
        // SAFETY: none. Nothing here reads the text; the host has to find out.
        unsafe { String::from_utf8_unchecked(vec![b'{', 0xff, 0xfe, b'}']) }
    }
}

linli_hostile::export!(DescribesInNoUtf8);
