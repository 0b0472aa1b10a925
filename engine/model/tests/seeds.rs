//! What the fuzzer begins with holds without it, too.

use std::path::Path;

#[path = "../../../tests/fuzz/src/values.rs"]
mod values;

#[test]
fn what_must_hold_of_values_holds_of_every_seed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/seeds/values");
    let mut count = 0;
    for seed in std::fs::read_dir(folder).expect("the seeds") {
        let path = seed.expect("a seed").path();
        let bytes = std::fs::read(&path).expect("a text");
        let holds = std::panic::catch_unwind(|| values::check(&bytes)).is_ok();
        assert!(holds, "{}", path.display());
        count += 1;
    }
    assert!(count > 50, "{count} seeds");
}
