//! Builds again when a schema is added, removed or changed.

fn main() {
    println!("cargo:rerun-if-changed=../../datasets/schemas");
}
