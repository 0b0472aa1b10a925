//! What the fuzzer begins with holds without it, too.

use std::path::Path;

#[path = "../../../../tests/fuzz/src/assign.rs"]
mod assign;

#[test]
fn what_must_hold_of_problems_holds_of_every_seed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/seeds/assign");
    let mut count = 0;
    for seed in std::fs::read_dir(folder).unwrap() {
        let path = seed.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let holds = std::panic::catch_unwind(|| assign::problem(&bytes)).is_ok();
        assert!(holds, "{}", path.display());
        count += 1;
    }
    assert!(count > 8, "{count} seeds");
}
