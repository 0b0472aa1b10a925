//! The values that cross the border: the records of `plugins/wit/linli.wit`, word for word.
//!
//! What goes in borrows from the caller, what comes out is owned. Whether a component means
//! the same by these words is checked when it is loaded.

use wasmtime::component::{ComponentType, Lift, Lower};

/// The package, without its version.
pub(crate) const PACKAGE: &str = "linli:plugin/";

/// A version of the package: what its interfaces are called. A component keeps to one of them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Contract {
    pub version: &'static str,
    pub scorer: &'static str,
    /// Where there were evaluators.
    pub evaluator: Option<&'static str>,
    pub diagnostics: &'static str,
    /// Holds no functions; tools import it because the other interfaces use its types.
    pub types: &'static str,
    /// Whether a scorer answers with values alone and can veto nobody.
    pub has_values_only: bool,
}

/// The contract that plugins are written for.
pub(crate) const CURRENT: &Contract = &Contract {
    version: "0.1.0",
    scorer: "linli:plugin/scorer@0.1.0",
    evaluator: Some("linli:plugin/evaluator@0.1.0"),
    diagnostics: "linli:plugin/diagnostics@0.1.0",
    types: "linli:plugin/types@0.1.0",
    has_values_only: false,
};

/// `plugins/wit/older/linli-0.0.1.wit`.
const FIRST: &Contract = &Contract {
    version: "0.0.1",
    scorer: "linli:plugin/scorer@0.0.1",
    evaluator: None,
    diagnostics: "linli:plugin/diagnostics@0.0.1",
    types: "linli:plugin/types@0.0.1",
    has_values_only: true,
};

/// All that this host keeps.
pub(crate) const CONTRACTS: [&Contract; 2] = [CURRENT, FIRST];

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

    /// The texts that were published, without comments and empty lines. A version that is in here
    /// never changes: whoever changes the text adds a version, and a contract above.
    const PUBLISHED: [(&str, &str, &str); 2] = [
        (
            CURRENT.version,
            include_str!("../../../plugins/wit/linli.wit"),
            "8c240a3c539bda0470808cc74a6875ce46468c4121d2a9c7a24dac73de2ece2b",
        ),
        (
            FIRST.version,
            include_str!("../../../plugins/wit/older/linli-0.0.1.wit"),
            "f6f08ec54776d502d2f4fe22adcfe992fd7251e67c6ceec4b559896e54901a39",
        ),
    ];
    const BINDINGS: &str = include_str!("../../../plugins/sdk/src/bindings/mod.rs");

    fn bare(wit: &str) -> String {
        let lines = wit.lines().map(|it| it.split("//").next().unwrap_or_default().trim());
        lines.filter(|it| !it.is_empty()).map(|it| format!("{it}\n")).collect()
    }

    #[test]
    fn no_published_version_has_changed() {
        for (version, wit, digest) in PUBLISHED {
            let package = format!("package {}@{version};", PACKAGE.trim_end_matches('/'));
            assert!(wit.lines().any(|it| it == package), "the text of {version} is of another version");
            assert_eq!(
                crate::digest(bare(wit).as_bytes()),
                digest,
                "{version} is published: give the changed text a new version, follow it here and in the \
                 SDK, and keep the old text in plugins/wit/older"
            );
        }
    }

    #[test]
    fn the_bindings_were_generated_from_the_current_text() {
        assert!(BINDINGS.contains(PUBLISHED[0].2), "generate the bindings again");
    }

    #[test]
    fn every_name_of_a_contract_has_its_version() {
        for it in CONTRACTS {
            let names = [Some(it.scorer), it.evaluator, Some(it.diagnostics), Some(it.types)];
            for name in names.into_iter().flatten() {
                assert!(name.starts_with(PACKAGE), "{name}");
                assert!(name.ends_with(&format!("@{}", it.version)), "{name}");
            }
        }
    }
}
