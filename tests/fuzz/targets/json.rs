//! `cargo xtask fuzz json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| linli_fuzz::ingest::check::json(bytes));
