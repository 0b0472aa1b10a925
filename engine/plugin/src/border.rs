//! The values that cross the border: the records of `plugins/wit/linli.wit`, word for word.
//!
//! What goes in borrows from the caller, what comes out is owned. Whether a component means
//! the same by these words is checked when it is loaded.

use wasmtime::component::{ComponentType, Lift, Lower};

/// The version of the package this host speaks.
pub(crate) const VERSION: &str = "0.1.0";
/// The package, without its version.
pub(crate) const PACKAGE: &str = "linli:plugin/";
pub(crate) const SCORER: &str = "linli:plugin/scorer@0.1.0";
pub(crate) const EVALUATOR: &str = "linli:plugin/evaluator@0.1.0";
pub(crate) const DIAGNOSTICS: &str = "linli:plugin/diagnostics@0.1.0";
/// Holds no functions; tools import it because the other interfaces use its types.
pub(crate) const TYPES: &str = "linli:plugin/types@0.1.0";
/// The digest of the text these records were written from, without comments and empty lines.
/// The SDK's bindings name it too, so that neither is forgotten when the text changes.
#[cfg(test)]
const WIT_DIGEST: &str = "8c240a3c539bda0470808cc74a6875ce46468c4121d2a9c7a24dac73de2ece2b";

#[derive(ComponentType, Lower, Clone, Copy)]
#[component(record)]
pub(crate) struct TextColumn<'a> {
    pub offsets: &'a [u32],
    pub bytes: &'a [u8],
}

#[derive(ComponentType, Lower, Clone, Copy)]
#[component(variant)]
pub(crate) enum ColumnData<'a> {
    #[component(name = "f64s")]
    F64s(&'a [f64]),
    #[component(name = "i64s")]
    I64s(&'a [i64]),
    #[component(name = "bools")]
    Bools(&'a [u8]),
    #[component(name = "texts")]
    Texts(TextColumn<'a>),
}

#[derive(ComponentType, Lower, Clone, Copy)]
#[component(record)]
pub(crate) struct Column<'a> {
    pub name: &'a str,
    pub validity: Option<&'a [u8]>,
    pub data: ColumnData<'a>,
}

#[derive(ComponentType, Lower, Clone, Copy)]
#[component(record)]
pub(crate) struct Batch<'a> {
    pub rows: u32,
    pub columns: &'a [Column<'a>],
}

#[derive(ComponentType, Lift)]
#[component(record)]
pub(crate) struct Veto {
    pub row: u32,
    pub code: u16,
}

#[derive(ComponentType, Lift)]
#[component(record)]
pub(crate) struct Scores {
    pub values: Vec<f64>,
    pub vetoes: Vec<Veto>,
}

#[derive(ComponentType, Lift)]
#[component(record)]
pub(crate) struct DistrictIndex {
    pub index: Option<f64>,
    pub contributions: Vec<f64>,
}

#[derive(ComponentType, Lift)]
#[component(variant)]
pub(crate) enum Fault {
    #[component(name = "missing-column")]
    MissingColumn(String),
    #[component(name = "bad-settings")]
    BadSettings(String),
    #[component(name = "other")]
    Other(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIT: &str = include_str!("../../../plugins/wit/linli.wit");
    const BINDINGS: &str = include_str!("../../../plugins/sdk/src/bindings/mod.rs");

    #[test]
    fn host_and_bindings_follow_the_same_text() {
        let mut bare = String::new();
        for line in WIT.lines() {
            let line = line.split("//").next().unwrap_or_default().trim();
            if !line.is_empty() {
                bare.push_str(line);
                bare.push('\n');
            }
        }
        assert_eq!(
            crate::digest(bare.as_bytes()),
            WIT_DIGEST,
            "generate the bindings again, follow them here, and name the new digest in both"
        );
        assert!(BINDINGS.contains(WIT_DIGEST), "the bindings were generated from another text");
    }

    #[test]
    fn the_interface_is_of_the_version_in_every_name() {
        let package = format!("package {}@{VERSION};", PACKAGE.trim_end_matches('/'));
        assert_eq!(package, "package linli:plugin@0.1.0;");
        assert!(WIT.lines().any(|it| it == package));
        for name in [SCORER, EVALUATOR, DIAGNOSTICS, TYPES] {
            assert!(name.starts_with(PACKAGE) && name.ends_with(&format!("@{VERSION}")), "{name}");
        }
    }
}
