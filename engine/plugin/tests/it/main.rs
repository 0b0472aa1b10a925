//! Real components in the real sandbox.

mod foreign;
mod hostile;
mod measure;
mod opinion;
mod parts;
mod reference;
mod sandbox;
mod source;

use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch};
use linli_plugin::{Host, Limits, Plugin};

/// A component of `plugins/dist`, e.g. `hostile/traps`.
fn component(name: &str) -> Vec<u8> {
    let path = dist().join(format!("{name}.wasm"));
    std::fs::read(&path)
        .unwrap_or_else(|it| panic!("{}: {it}; build it with: cargo xtask plugins", path.display()))
}

fn dist() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../plugins/dist")
}

fn host() -> Host {
    Host::new(Limits::DEFAULT).expect("a host")
}

fn load(host: &Host, name: &str) -> Plugin {
    host.load(&component(name)).unwrap_or_else(|it| panic!("{name}: {it}"))
}

/// Candidates at these distances.
fn distances(distance_m: impl IntoIterator<Item = i64>) -> RecordBatch {
    let array: ArrayRef = Arc::new(Int64Array::from_iter_values(distance_m));
    RecordBatch::try_from_iter([("distance_m", array)]).expect("a batch")
}
