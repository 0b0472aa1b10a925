//! Builds again when a reference plugin is rebuilt.

fn main() {
    println!("cargo:rerun-if-changed=../../plugins/dist");
}
