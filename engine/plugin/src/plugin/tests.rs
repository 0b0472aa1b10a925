use super::*;

/// Instances live for one call only, so here they are kept alive by hand.
#[test]
fn too_many_instances_at_once_are_told_to_wait() {
    let host = Host::new(Limits { sessions_max: 2, ..Limits::DEFAULT }).expect("a host");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../plugins/dist/weighted-index.wasm");
    let plugin = host.load(&std::fs::read(path).expect("the component")).expect("a plugin");
    let alive = [plugin.0.program.start(), plugin.0.program.start()];
    assert!(alive.iter().all(|it| it.is_ok()));
    let error = plugin.0.program.start().err().expect("busy");
    assert_eq!(error, Error::Busy { plugin: "weighted-index".to_owned(), sessions_max: 2 });
    drop(alive);
    assert!(plugin.0.program.start().is_ok());
}
