//! What would have to change for a need that nobody serves.

use std::fmt::Write as _;

use linli_pool::Relaxation;

/// How many ways are shown for each time of a need; `--json` has all.
const SHOWN: i64 = 3;

pub(super) fn relaxations(all: &[Relaxation]) -> String {
    let mut text = String::new();
    for it in all.iter().filter(|it| it.rank <= SHOWN) {
        let (at, en, zh) = (&it.occurrence_start, &it.text.en, &it.text.zh);
        let _ = writeln!(text, "  {at}: it would be served if {en} · 满足的办法：{zh}");
    }
    text
}
