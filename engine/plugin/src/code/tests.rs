use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::*;
use crate::{Host, Plugin};

/// What is there by name, and how often something was put there: once per compilation.
type Held = (BTreeMap<String, Vec<u8>>, usize);

/// A shelf that shows what is on it.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Held>>);

impl Kept {
    fn puts(&self) -> usize {
        self.0.lock().expect("the shelf").1
    }

    fn names(&self) -> Vec<String> {
        self.0.lock().expect("the shelf").0.keys().cloned().collect()
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        change(self.0.lock().expect("the shelf").0.get_mut(name).expect("code"));
    }
}

impl Shelf for Kept {
    fn take(&self, name: &str) -> Option<Vec<u8>> {
        self.0.lock().expect("the shelf").0.get(name).cloned()
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        let mut kept = self.0.lock().expect("the shelf");
        kept.0.insert(name.to_owned(), bytes.to_vec());
        kept.1 += 1;
    }
}

const SECRET: [u8; 32] = [7; 32];

fn component(name: &str) -> Vec<u8> {
    let dist = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/dist");
    std::fs::read(dist.join(format!("{name}.wasm"))).expect("the component")
}

fn load(shelf: &Kept, secret: [u8; 32], limits: Limits, bytes: &[u8]) -> Plugin {
    let host = Host::with_shelf(limits, &secret, Box::new(shelf.clone())).expect("a host");
    host.load(bytes).expect("a plugin")
}

#[test]
fn a_component_is_compiled_once_and_is_the_same_afterwards() {
    let (shelf, bytes) = (Kept::default(), component("skill-fit"));
    let first = load(&shelf, SECRET, Limits::DEFAULT, &bytes);
    let again = load(&shelf, SECRET, Limits::DEFAULT, &bytes);
    assert_eq!((shelf.puts(), shelf.names().len()), (1, 1));
    assert_eq!(crate::examine(&first), crate::examine(&again));
    assert!(crate::examine(&again).ok);
}

#[test]
fn code_that_was_changed_anywhere_is_compiled_anew() {
    let (shelf, bytes) = (Kept::default(), component("local-first"));
    load(&shelf, SECRET, Limits::DEFAULT, &bytes);
    let name = shelf.names().remove(0);
    let whole = shelf.take(&name).expect("code");
    for at in [0, 31, 32, 63, 64, 65, whole.len() / 2, whole.len() - 1] {
        let before = shelf.puts();
        shelf.change(&name, |it| it[at] ^= 1);
        load(&shelf, SECRET, Limits::DEFAULT, &bytes);
        assert_eq!(shelf.puts(), before + 1, "byte {at}");
        assert_eq!(shelf.take(&name).as_ref(), Some(&whole), "mended");
    }
    for length in [0, 10, 32, 64, whole.len() - 1] {
        let before = shelf.puts();
        shelf.change(&name, |it| it.truncate(length));
        load(&shelf, SECRET, Limits::DEFAULT, &bytes);
        assert_eq!(shelf.puts(), before + 1, "cut to {length}");
    }
}

#[test]
fn code_of_another_component_user_or_setting_is_not_taken() {
    let (shelf, bytes) = (Kept::default(), component("local-first"));
    load(&shelf, SECRET, Limits::DEFAULT, &bytes);
    // Sealed by this user, but for another component.
    let other = load(&shelf, SECRET, Limits::DEFAULT, &component("skill-fit"));
    let code = |shelf: &Kept, digest: &str| {
        let name = shelf.names().into_iter().find(|it| it.starts_with(digest)).expect("code");
        (name.clone(), shelf.take(&name).expect("code"))
    };
    let (_, wrong) = code(&shelf, other.digest());
    let (name, right) = code(&shelf, &crate::digest(&bytes));
    shelf.change(&name, |it| *it = wrong);
    let loaded = load(&shelf, SECRET, Limits::DEFAULT, &bytes);
    assert_eq!(loaded.description().name, "local-first");
    assert_eq!((shelf.puts(), shelf.take(&name)), (3, Some(right.clone())));
    // Another user on the same shelf, who finds the first one's code under the name of their own.
    load(&shelf, [8; 32], Limits::DEFAULT, &bytes);
    assert_eq!((shelf.puts(), shelf.names().len()), (4, 3));
    let theirs = shelf.names().into_iter().find(|it| it.starts_with(loaded.digest()) && *it != name);
    shelf.change(&theirs.expect("code"), |it| *it = right);
    load(&shelf, [8; 32], Limits::DEFAULT, &bytes);
    assert_eq!(shelf.puts(), 5);
    // What other limits let in is not taken for granted.
    let strict = Limits { stack_bytes_max: 256 << 10, ..Limits::DEFAULT };
    load(&shelf, SECRET, strict, &bytes);
    assert_eq!((shelf.puts(), shelf.names().len()), (6, 4));
}
