//! Bytes that are no plugin.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, RecordBatch};
use linli_model::{Failure, Kind, Text};
use linli_plugin::{Error, Host, Limits};

use crate::{component, host};

fn refused(bytes: &[u8]) -> Error {
    let error = host().load(bytes).expect_err("refused");
    assert_eq!(error.kind(), Kind::Plugin, "{error}");
    error
}

#[test]
fn what_is_no_wasm_is_named() {
    let elf = refused(b"\x7fELF\x02\x01");
    let found = Text::new("bytes that begin with 7f 45 4c 46", "以 7f 45 4c 46 开头的文件");
    assert_eq!(elf, Error::NotWasm { found });
    assert_eq!(refused(b""), Error::NotWasm { found: Text::new("an empty file", "空文件") });
}

#[test]
fn a_core_module_is_told_to_become_a_component() {
    let error = refused(b"\0asm\x01\0\0\0");
    assert_eq!(error, Error::CoreModule);
    let hint = error.hint().expect("a hint");
    assert!(hint.en.contains("cargo xtask plugins"), "{}", hint.en);
}

#[test]
fn a_truncated_component_is_broken_wherever_it_ends() {
    let whole = component("walking-distance");
    for end in [4, 7, 9, 100, whole.len() / 2, whole.len() - 1] {
        let error = refused(&whole[..end]);
        assert!(matches!(error, Error::Broken { .. }), "{end}: {error}");
    }
}

#[test]
fn a_component_that_does_nothing_is_no_plugin() {
    let error = refused(b"\0asm\x0d\0\x01\0");
    assert_eq!(error, Error::NoWorld { found: Vec::new() });
}

#[test]
fn a_component_that_is_too_large_is_not_even_read() {
    let limits = Limits { component_bytes_max: 1000, ..Limits::DEFAULT };
    let host = Host::new(limits).expect("a host");
    let error = host.load(&[0; 1001]).expect_err("refused");
    assert_eq!(error, Error::TooLarge { bytes: 1001, bytes_max: 1000 });
}

/// The interface carries its version in its name, so patching the name is another version.
#[test]
fn another_version_of_the_interface_is_named() {
    let mut bytes = component("walking-distance");
    let (old, new) = (b"linli:plugin/scorer@0.1.0", b"linli:plugin/scorer@0.2.0");
    assert!(replace(&mut bytes, old, new) > 0);
    let found = "linli:plugin/scorer@0.2.0".to_owned();
    assert_eq!(refused(&bytes), Error::OtherVersion { found, expected: "0.1.0" });
}

/// What an office deployed years ago still says what it said then.
#[test]
fn a_plugin_of_the_first_contract_is_run_as_it_was_made() {
    let plugin = host().load(&component("first-contract")).expect("a plugin");
    assert_eq!(plugin.contract(), "0.0.1");
    let same = Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]));
    let batch = RecordBatch::try_from_iter([("same_community", same as ArrayRef)]).expect("a batch");
    let scores = plugin.score("{}", &batch).expect("scores");
    let values: Vec<f64> = scores.values.iter().map(|it| it.to_f64()).collect();
    assert_eq!(values, [1.0, 0.5, 0.5]);
    assert!(scores.vetoes.is_empty());
    let today = host().load(&component("local-first")).expect("a plugin");
    assert_eq!(today.contract(), "0.1.0");
}

#[test]
fn a_component_keeps_to_one_version() {
    let mut bytes = component("first-contract");
    let (old, new) = (b"linli:plugin/types@0.0.1", b"linli:plugin/types@0.1.0");
    assert!(replace(&mut bytes, old, new) > 0);
    let error = refused(&bytes);
    assert!(matches!(error, Error::OtherVersion { expected: "0.1.0", .. }), "{error}");
}

#[test]
fn whoever_wants_more_than_diagnostics_is_refused_by_name() {
    let mut bytes = component("walking-distance");
    let (old, new) = (b"linli:plugin/diagnostics@0.1.0", b"wasi:filesystem/preopens@0.2.0");
    assert!(replace(&mut bytes, old, new) > 0);
    let found = vec!["wasi:filesystem/preopens@0.2.0".to_owned()];
    let expected = "linli:plugin/diagnostics@0.1.0";
    assert_eq!(refused(&bytes), Error::ForbiddenImports { found, expected });
}

#[test]
fn a_component_without_a_scorer_is_no_plugin() {
    let mut bytes = component("walking-distance");
    let (old, new) = (b"linli:plugin/scorer@0.1.0", b"wasix:cli/something@0.1.0");
    assert!(replace(&mut bytes, old, new) > 0);
    let found = vec!["wasix:cli/something@0.1.0".to_owned()];
    assert_eq!(refused(&bytes), Error::NoWorld { found });
}

/// Puts other words of the same length into a component.
fn replace(bytes: &mut [u8], old: &[u8], new: &[u8]) -> usize {
    assert_eq!(old.len(), new.len());
    let places: Vec<_> = bytes
        .windows(old.len())
        .enumerate()
        .filter_map(|(place, window)| (window == old).then_some(place))
        .collect();
    for place in &places {
        bytes[*place..*place + new.len()].copy_from_slice(new);
    }
    places.len()
}
