//! Whole plugins with something more in them: too many parts, or parts that use what is switched
//! off. Written byte by byte, because no tool makes them.

use linli_plugin::{Call, Error, Part};

use crate::{component, host};

/// Sections of a core module, by their numbers in the standard.
const TYPES: u8 = 1;
const FUNCTIONS: u8 = 3;
const TABLES: u8 = 4;
const MEMORIES: u8 = 5;
const START: u8 = 8;
const CODE: u8 = 10;

/// Sections of a component.
const CORE_MODULE: u8 = 1;
const CORE_INSTANCES: u8 = 2;

const FUNCREF: u8 = 0x70;
/// Limits: no maximum, a minimum of 0.
const EMPTY: [u8; 2] = [0, 0];

/// Unsigned LEB128.
fn leb128(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

/// A section: its number, its length, its content.
fn section(number: u8, content: &[u8]) -> Vec<u8> {
    [&[number][..], &leb128(content.len()), content].concat()
}

/// A section with so many equal entries.
fn entries(number: u8, count: usize, entry: &[u8]) -> Vec<u8> {
    section(number, &[leb128(count), entry.repeat(count)].concat())
}

fn module(sections: &[Vec<u8>]) -> Vec<u8> {
    [&b"\0asm\x01\0\0\0"[..], &sections.concat()].concat()
}

/// A module with an empty table and one function, which has neither parameters nor results and
/// runs when the module starts.
fn module_with_code(code: &[u8]) -> Vec<u8> {
    // No locals; the last instruction ends the function.
    let body = [&[0][..], code, &[0x0b]].concat();
    let body = [leb128(body.len()), body].concat();
    module(&[
        entries(TYPES, 1, &[0x60, 0, 0]),
        entries(FUNCTIONS, 1, &[0]),
        entries(TABLES, 1, &[FUNCREF, 0, 0]),
        section(START, &[0]),
        entries(CODE, 1, &body),
    ])
}

/// A plugin that also holds so many instances of a module.
fn plugin_with(module: &[u8], count: usize) -> Vec<u8> {
    let mut bytes = component("walking-distance");
    // Instantiate the module behind those that are there, with no arguments.
    let instance = [vec![0], leb128(core_modules(&bytes)), vec![0]].concat();
    bytes.extend(section(CORE_MODULE, module));
    bytes.extend(entries(CORE_INSTANCES, count, &instance));
    bytes
}

/// How many core modules a component holds.
fn core_modules(component: &[u8]) -> usize {
    let (mut at, mut count) = (8, 0);
    while at < component.len() {
        count += usize::from(component[at] == CORE_MODULE);
        let (mut length, mut shift) = (0, 0);
        loop {
            at += 1;
            length |= usize::from(component[at] & 0x7f) << shift;
            shift += 7;
            if component[at] < 0x80 {
                break;
            }
        }
        at += 1 + length;
    }
    count
}

/// Which parts are too many, and how many there may be.
fn too_many(module: &[u8], count: usize) -> (Part, usize) {
    match host().load(&plugin_with(module, count)).expect_err("refused") {
        Error::TooManyParts { part, found, max } => {
            assert!(found > max, "{found} of {max}");
            (part, max)
        }
        other => panic!("{other}"),
    }
}

fn broken(module: &[u8]) -> String {
    match host().load(&plugin_with(module, 1)).expect_err("refused") {
        Error::Broken { cause } => cause,
        other => panic!("{other}"),
    }
}

#[test]
fn a_plugin_may_hold_more_than_it_needs() {
    let one_of_each = module(&[entries(TABLES, 1, &[FUNCREF, 0, 0]), entries(MEMORIES, 1, &EMPTY)]);
    let plugin = host().load(&plugin_with(&one_of_each, 2)).expect("a plugin");
    assert_eq!(plugin.description().name, "walking-distance");
}

#[test]
fn instances_inside_a_component_are_counted() {
    assert_eq!(too_many(&module(&[]), 40), (Part::Instances, 32));
}

#[test]
fn memories_are_counted_in_one_module_and_over_all_of_them() {
    let memories = |count| module(&[entries(MEMORIES, count, &EMPTY)]);
    assert_eq!(too_many(&memories(5), 1), (Part::Memories, 4));
    assert_eq!(too_many(&memories(2), 3), (Part::Memories, 4));
}

#[test]
fn tables_are_counted_in_one_module_and_over_all_of_them() {
    let tables = |count| module(&[entries(TABLES, count, &[FUNCREF, 0, 0])]);
    assert_eq!(too_many(&tables(9), 1), (Part::Tables, 8));
    assert_eq!(too_many(&tables(3), 4), (Part::Tables, 8));
}

#[test]
fn a_table_that_begins_too_large_is_refused() {
    let table = [vec![FUNCREF, 0], leb128(100_001)].concat();
    let table = module(&[entries(TABLES, 1, &table)]);
    // Where instances get their tables one by one, it is noticed only when one starts.
    match host().load(&plugin_with(&table, 1)).expect_err("refused") {
        Error::TooManyParts { part: Part::TableElements, found: 100_001, max: 100_000 } => {}
        Error::TableTooLarge { elements_max: 100_000, .. } => {}
        other => panic!("{other}"),
    }
}

#[test]
fn a_table_that_grows_too_large_ends_the_plugin() {
    // table.grow by so many null references; the answer is dropped.
    let grow = |by: usize| {
        let count = leb128(by);
        module_with_code(&[&[0xd0, FUNCREF, 0x41][..], &count, &[0xfc, 0x0f, 0, 0x1a]].concat())
    };
    assert!(host().load(&plugin_with(&grow(1), 1)).is_ok());
    let error = host().load(&plugin_with(&grow(100_001), 1)).expect_err("refused");
    let Error::TableTooLarge { site, elements, elements_max: 100_000 } = error else { panic!("{error}") };
    assert_eq!(site.call, Call::Start);
    assert!(elements > 100_000, "{elements}");
}

/// They may give other results on other machines.
#[test]
fn instructions_that_machines_may_answer_differently_are_refused() {
    let zeros = [&[0xfd, 0x0c][..], &[0; 16]].concat();
    let swizzle = |instruction: &[u8]| module_with_code(&[&zeros[..], &zeros, instruction, &[0x1a]].concat());
    // i8x16.swizzle is one of the ordinary ones, i8x16.relaxed_swizzle is not.
    assert!(host().load(&plugin_with(&swizzle(&[0xfd, 0x0e]), 1)).is_ok());
    let cause = broken(&swizzle(&[0xfd, 0x80, 0x02]));
    assert!(cause.contains("relaxed SIMD"), "{cause}");
}

#[test]
fn memories_that_threads_share_or_that_exceed_4_gib_are_refused() {
    // Flags: 3 is shared with a maximum, 4 is addressed by 64 bits.
    let cause = broken(&module(&[entries(MEMORIES, 1, &[3, 0, 1])]));
    assert!(cause.contains("threads must be enabled"), "{cause}");
    let cause = broken(&module(&[entries(MEMORIES, 1, &[4, 0])]));
    assert!(cause.contains("memory64 must be enabled"), "{cause}");
}
