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
const COMPONENT: u8 = 4;
const INSTANCES: u8 = 5;
const ALIASES: u8 = 6;
const IMPORTS: u8 = 10;

const I32: u8 = 0x7f;
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
    module_with_functions(1, 0, code)
}

/// The same with so many equal functions, which have so many numbers as locals.
fn module_with_functions(count: usize, locals: usize, code: &[u8]) -> Vec<u8> {
    module(&[
        entries(TYPES, 1, &[0x60, 0, 0]),
        entries(FUNCTIONS, count, &[0]),
        entries(TABLES, 1, &[FUNCREF, 0, 0]),
        section(START, &[0]),
        entries(CODE, count, &body(locals, code)),
    ])
}

/// The body of a function with so many numbers as locals.
fn body(locals: usize, code: &[u8]) -> Vec<u8> {
    // One group of locals; the last instruction ends the function.
    let body = [&[1_u8][..], &leb128(locals), &[I32], code, &[0x0b]].concat();
    [leb128(body.len()), body].concat()
}

/// Blocks one after another, each with a way past its end.
fn branches(blocks: usize) -> Vec<u8> {
    // block; i32.const 0; br_if 0; end
    [0x02, 0x40, 0x41, 0, 0x0d, 0, 0x0b].repeat(blocks)
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
    assert_eq!(too_many(&module(&[]), 140), (Part::Instances, 128));
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

/// 20 kB of them kept the compiler busy for half a minute, in more than 1 GB.
#[test]
fn loops_inside_each_other_are_counted_before_anything_is_compiled() {
    let nested = |depth: usize| [[0x03_u8, 0x40].repeat(depth), vec![0x0b; depth]].concat();
    assert!(host().load(&plugin_with(&module_with_code(&nested(32)), 1)).is_ok());
    assert_eq!(too_many(&module_with_code(&nested(33)), 1), (Part::NestedLoops, 32));
    assert_eq!(too_many(&module_with_functions(1, 2000, &nested(400)), 1), (Part::NestedLoops, 32));
    // Loops that follow each other are not inside each other.
    assert!(host().load(&plugin_with(&module_with_code(&nested(1).repeat(100)), 1)).is_ok());
}

#[test]
fn what_it_takes_to_compile_a_function_is_limited() {
    let wide = |locals| module_with_functions(1, locals, &branches(90));
    assert!(host().load(&plugin_with(&wide(1000), 1)).is_ok());
    assert_eq!(too_many(&wide(2000), 1), (Part::FunctionSteps, 200_000));
    // Far more than a component could declare one by one.
    assert_eq!(too_many(&wide(4_000_000_000), 1), (Part::FunctionSteps, 200_000));
    // A table of branches counts as often as it branches: block; i32.const 0; br_table; end.
    let table = [&[0x02_u8, 0x40, 0x41, 0, 0x0e][..], &leb128(1000), &[0; 1001], &[0x0b]].concat();
    assert_eq!(too_many(&module_with_functions(1, 300, &table), 1), (Part::FunctionSteps, 200_000));
    assert_eq!(too_many(&module_with_code(&[0x01_u8].repeat(200_001)), 1), (Part::FunctionSteps, 200_000));
}

#[test]
fn parameters_take_as_much_as_other_locals() {
    let parameters = [&[0x60_u8][..], &leb128(900), &[I32; 900], &[0]].concat();
    let with = |blocks| {
        module(&[
            entries(TYPES, 1, &parameters),
            entries(FUNCTIONS, 1, &[0]),
            entries(CODE, 1, &body(0, &branches(blocks))),
        ])
    };
    assert!(host().load(&plugin_with(&with(90), 1)).is_ok());
    assert_eq!(too_many(&with(150), 1), (Part::FunctionSteps, 200_000));
}

#[test]
fn what_it_takes_to_compile_all_functions_is_limited() {
    let many = |count| module_with_functions(count, 1000, &branches(90));
    assert!(host().load(&plugin_with(&many(2), 1)).is_ok());
    assert_eq!(too_many(&many(12), 1), (Part::Steps, 2_000_000));
    // Functions that do nothing are work, too.
    assert_eq!(too_many(&module_with_functions(20_000, 0, &[]), 1), (Part::Steps, 2_000_000));
}

/// A component with such sections.
fn nest(sections: &[Vec<u8>]) -> Vec<u8> {
    [&b"\0asm\x0d\0\x01\0"[..], &sections.concat()].concat()
}

/// 450 bytes of them took 6 s and 1 GB to lay out.
#[test]
fn components_that_hold_each_other_twice_are_counted_before_they_are_laid_out() {
    let doubled = |times: usize| {
        let one = nest(&[section(CORE_MODULE, &module(&[])), entries(CORE_INSTANCES, 1, &[0, 0, 0])]);
        // Both are the component inside, with no arguments.
        let twice = |it: Vec<u8>| nest(&[section(COMPONENT, &it), entries(INSTANCES, 2, &[0, 0, 0])]);
        (0..times).fold(one, |it, _| twice(it))
    };
    let error = host().load(&doubled(3)).expect_err("no plugin");
    assert!(matches!(error, Error::NoWorld { .. }), "{error}");
    match host().load(&doubled(60)).expect_err("refused") {
        Error::TooManyParts { part: Part::NestedInstances, max: 1_000, .. } => {}
        other => panic!("{other}"),
    }
}

/// Otherwise what holds each other twice could be put together out of sight.
#[test]
fn components_that_are_handed_over_are_refused() {
    // A component `a` of type 0, from outside and out of instance 0.
    let import = entries(IMPORTS, 1, &[0, 1, b'a', 4, 0]);
    let alias = entries(ALIASES, 1, &[4, 0, 0, 1, b'a']);
    for sections in [import, alias] {
        let inner = section(COMPONENT, &nest(&[sections]));
        match host().load(&nest(&[inner])).expect_err("refused") {
            Error::Broken { cause } => assert!(cause.contains("hands over components"), "{cause}"),
            other => panic!("{other}"),
        }
    }
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
