//! Builds again when a query is added, removed or changed.

fn main() {
    println!("cargo:rerun-if-changed=../../queries");
}
