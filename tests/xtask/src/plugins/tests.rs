use super::*;

/// The plugins of every new pool: the names in the list that goes into the program.
fn reference() -> Vec<String> {
    let file = crate::root().join("engine/pool/src/plugins/reference.json");
    let text = fs::read_to_string(file).unwrap_or_default();
    let names = text.split(r#""name": ""#).skip(1).filter_map(|it| it.split('"').next());
    let names: Vec<String> = names.map(str::to_owned).collect();
    assert!(names.len() > 10, "{names:?}");
    names
}

fn in_dist() -> Components {
    committed(&crate::root().join("plugins/dist")).unwrap_or_default()
}

#[test]
fn the_digests_are_those_of_the_files() {
    let file = crate::root().join("plugins/dist/digests.txt");
    let recorded = fs::read_to_string(file).unwrap_or_default();
    assert_eq!(recorded, digests(&in_dist()), "run `cargo xtask plugins`");
}

/// Whoever writes a plugin may build it later; what comes with linli is there.
#[test]
fn what_comes_with_linli_was_built_and_nothing_without_a_source() {
    let root = crate::root();
    let built: Vec<String> = in_dist().into_keys().collect();
    let hostile = hostile(&root).unwrap_or_default().into_iter().map(|it| format!("hostile/{it}.wasm"));
    let plugins = plugins(&root).unwrap_or_default().into_iter().map(|it| format!("{it}.wasm"));
    let projects = projects::all(&root).unwrap_or_default().into_iter();
    let in_c = projects.filter(|it| it.language == Language::C).map(|it| format!("c/{}.wasm", it.name));
    let in_c: Vec<String> = in_c.collect();
    let sources: Vec<String> = plugins.chain(hostile.clone()).chain(in_c.clone()).collect();
    let orphans: Vec<_> = built.iter().filter(|it| !sources.contains(it)).collect();
    assert!(orphans.is_empty(), "no source: {orphans:?}");
    let reference = reference().into_iter().map(|it| format!("{it}.wasm"));
    let missing: Vec<_> = hostile.chain(reference).chain(in_c).filter(|it| !built.contains(it)).collect();
    assert!(missing.is_empty(), "run `cargo xtask plugins`: {missing:?}");
}

#[test]
fn components_that_come_with_linli_stay_small() {
    let reference = reference();
    let ours = |it: &str| it.contains('/') || reference.iter().any(|name| it == format!("{name}.wasm"));
    for (name, bytes) in in_dist().into_iter().filter(|(name, _)| ours(name)) {
        assert!(bytes.len() < 60_000, "{name} has {} bytes", bytes.len());
    }
}

#[test]
fn a_name_selects_its_plugin_and_an_unknown_one_is_refused() {
    let root = crate::root();
    let selected = |names: &[&str]| -> Vec<String> {
        let selected = select(&root, names).ok();
        selected
            .into_iter()
            .flat_map(|it| it.rust.into_iter().chain(it.projects.into_iter().map(|it| it.name)))
            .collect()
    };
    assert_eq!(selected(&["skill-fit"]), ["skill-fit"]);
    assert_eq!(selected(&["familiar-faces"]), ["familiar-faces"]);
    // What a Python plugin becomes is too large to be kept, so nobody builds it unasked.
    assert!(!selected(&[]).iter().any(|it| it == "familiar-faces"));
    assert!(selected(&[]).iter().any(|it| it == "quarter-hour"));
    assert!(selected(&[]).iter().any(|it| it == HOSTILE));
    assert!(selected(&[]).len() > reference().len());
    assert!(matches!(select(&root, &["sdk"]), Err(Failure::Usage(_))));
}

#[test]
fn every_kind_of_difference_is_named() {
    let components = |pairs: &[(&str, u8)]| -> Components {
        pairs.iter().map(|(name, byte)| ((*name).to_owned(), vec![*byte])).collect()
    };
    let committed = components(&[("a", 1), ("b", 1), ("c", 1)]);
    let built = components(&[("a", 1), ("b", 2), ("d", 1)]);
    let expected = ["differs  b", "missing  d", "no source  c"];
    assert_eq!(differences(&committed, &built), expected);
}
