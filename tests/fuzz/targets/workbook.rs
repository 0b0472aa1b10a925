//! `cargo xtask fuzz workbook`.
#![no_main]

libfuzzer_sys::fuzz_target!(
    // A panic of the library that reads workbooks is caught, and must not end the run here either.
    // One that is not caught still does.
    init: std::panic::set_hook(Box::new(|_| {})),
    |bytes: &[u8]| linli_fuzz::ingest::check::workbook(bytes)
);
