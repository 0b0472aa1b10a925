//! Builds again when a case is changed.

fn main() {
    println!("cargo:rerun-if-changed=../../datasets/cases");
}
