//! `cargo xtask fuzz cells`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| linli_fuzz::ingest::check::cells(bytes));
