//! The committed components are what their sources say.
//!
//! The SDK runs natively, so that the same source answers here without any component, whatever
//! tools there are. Where a compiler for components is at hand, they are built again as well.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use linli_model::Score;
use linli_plugin::{Error, Plugin, PluginKind, check};
use linli_sdk::{Batch, Column, ColumnData, Evaluator, Fault, Scorer, Settings, TextColumn, configured};
use serde_json::Value;

use crate::{dist, host, load};

mod evaluators;
mod scorers;

/// A column, `None` where the row is null.
enum Cells {
    F64s(Vec<Option<f64>>),
    I64s(Vec<Option<i64>>),
    Bools(Vec<Option<bool>>),
    Texts(Vec<Option<&'static str>>),
}

/// One thing to ask a plugin.
struct Case {
    settings: &'static str,
    columns: Vec<(&'static str, Cells)>,
    /// For evaluators only.
    weights: Vec<f64>,
}

/// One line per row, or what it was refused with.
type Answer = Vec<String>;

/// A reference plugin, run from its source.
struct Source {
    name: &'static str,
    introduction: String,
    answer: fn(&Case) -> Answer,
    cases: Vec<Case>,
}

impl Cells {
    fn arrow(&self) -> ArrayRef {
        match self {
            Self::F64s(it) => Arc::new(Float64Array::from(it.clone())),
            Self::I64s(it) => Arc::new(Int64Array::from(it.clone())),
            Self::Bools(it) => Arc::new(BooleanArray::from(it.clone())),
            Self::Texts(it) => Arc::new(StringArray::from(it.clone())),
        }
    }

    fn native(&self, name: &str) -> Column {
        let (validity, data) = match self {
            Self::F64s(it) => (validity(it), ColumnData::F64s(filled(it))),
            Self::I64s(it) => (validity(it), ColumnData::I64s(filled(it))),
            Self::Bools(it) => {
                (validity(it), ColumnData::Bools(filled(it).into_iter().map(u8::from).collect()))
            }
            Self::Texts(it) => (validity(it), ColumnData::Texts(text_column(&filled(it)))),
        };
        Column { name: name.to_owned(), validity, data }
    }

    fn picked(&self, rows: impl Iterator<Item = usize>) -> Self {
        match self {
            Self::F64s(it) => Self::F64s(rows.map(|row| it[row]).collect()),
            Self::I64s(it) => Self::I64s(rows.map(|row| it[row]).collect()),
            Self::Bools(it) => Self::Bools(rows.map(|row| it[row]).collect()),
            Self::Texts(it) => Self::Texts(rows.map(|row| it[row]).collect()),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::F64s(it) => it.len(),
            Self::I64s(it) => it.len(),
            Self::Bools(it) => it.len(),
            Self::Texts(it) => it.len(),
        }
    }
}

/// Every combination of the values of some columns.
fn crossed(columns: Vec<(&'static str, Cells)>) -> Vec<(&'static str, Cells)> {
    let rows: usize = columns.iter().map(|(_, it)| it.len()).product();
    let mut stride = rows;
    let cross = |(name, cells): (&'static str, Cells)| {
        stride /= cells.len();
        (name, cells.picked((0..rows).map(|row| row / stride % cells.len())))
    };
    columns.into_iter().map(cross).collect()
}

fn validity<T>(cells: &[Option<T>]) -> Option<Vec<u8>> {
    let any = cells.iter().any(Option::is_none);
    any.then(|| cells.iter().map(|it| u8::from(it.is_some())).collect())
}

fn filled<T: Copy + Default>(cells: &[Option<T>]) -> Vec<T> {
    cells.iter().map(|it| it.unwrap_or_default()).collect()
}

fn text_column(texts: &[&str]) -> TextColumn {
    let ends = texts.iter().scan(0, |end, it| {
        *end += it.len() as u32;
        Some(*end)
    });
    TextColumn { offsets: [0].into_iter().chain(ends).collect(), bytes: texts.concat().into_bytes() }
}

impl Case {
    fn arrow(&self) -> RecordBatch {
        let columns = self.columns.iter().map(|(name, it)| (*name, it.arrow(), true));
        RecordBatch::try_from_iter_with_nullable(columns).expect("a batch")
    }

    fn native(&self) -> Batch {
        let rows = self.columns.first().map_or(0, |(_, it)| it.len()) as u32;
        Batch { rows, columns: self.columns.iter().map(|(name, it)| it.native(name)).collect() }
    }
}

fn of_scorer<T: Scorer>(case: &Case) -> Answer {
    match configured::<T>(case.settings).and_then(|it| it.score(&case.native())) {
        Ok(scores) => {
            let millionths =
                scores.values.iter().map(|it| Score::from_f64(*it).expect("a score").millionths());
            lines(millionths, &scores.vetoes.iter().map(|it| (it.row, it.code)).collect::<Vec<_>>())
        }
        Err(Fault::BadSettings(text) | Fault::MissingColumn(text) | Fault::Other(text)) => vec![text],
    }
}

fn of_evaluator<T: Evaluator>(case: &Case) -> Answer {
    let plugin = Settings::read(T::MANIFEST.settings, case.settings).and_then(|it| T::configure(&it));
    match plugin.and_then(|it| it.evaluate(&case.native(), &case.weights)) {
        Ok(answers) => answers.iter().map(|it| bits(it.index, &it.contributions)).collect(),
        Err(Fault::BadSettings(text) | Fault::MissingColumn(text) | Fault::Other(text)) => vec![text],
    }
}

fn of_component(plugin: &Plugin, case: &Case) -> Answer {
    use linli_plugin::Fault::{BadSettings, MissingColumn, Other};
    let batch = case.arrow();
    let answer = match plugin.description().kind {
        PluginKind::Scorer => plugin.score(case.settings, &batch).map(|scores| {
            let vetoes: Vec<_> = scores.vetoes.iter().map(|it| (it.row, it.code)).collect();
            lines(scores.values.iter().map(|it| it.millionths()), &vetoes)
        }),
        PluginKind::Evaluator => plugin
            .evaluate(case.settings, &batch, &case.weights)
            .map(|answers| answers.iter().map(|it| bits(it.index, &it.contributions)).collect()),
    };
    answer.unwrap_or_else(|error| match error {
        Error::SettingsRefused { text, .. } => vec![text],
        // The host asks the schema first and words it itself; natively the SDK does.
        Error::BadSettings { .. } => vec![REFUSED.to_owned()],
        Error::Fault { fault: BadSettings(text) | MissingColumn(text) | Other(text), .. } => vec![text],
        other => panic!("{other}"),
    })
}

fn lines(millionths: impl Iterator<Item = i32>, vetoes: &[(u32, u16)]) -> Answer {
    let veto = |row: u32| vetoes.iter().find(|it| it.0 == row).map(|it| it.1);
    (0..).zip(millionths).map(|(row, it)| format!("{it} veto {:?}", veto(row))).collect()
}

/// Equal texts mean equal bits.
fn bits(index: Option<f64>, contributions: &[f64]) -> String {
    let contributions: Vec<_> = contributions.iter().map(|it| it.to_bits()).collect();
    format!("{:?} {contributions:?}", index.map(f64::to_bits))
}

/// Settings that the host refused before the plugin saw them.
const REFUSED: &str = "the host refuses these settings";

fn assert_same(name: &str, case: &Case, one: &[String], other: &[String]) {
    if one.first().is_some_and(|it| it == REFUSED) {
        // What the SDK says names the setting; what a plugin answers does not.
        let named = other.first().and_then(|it| it.split('`').nth(1));
        let is_of_these = named.is_some_and(|it| case.settings.contains(it));
        let is_refused = other.len() == 1 && (other[0] == REFUSED || is_of_these);
        assert!(is_refused, "{name} with {}: {other:?}", case.settings);
        return;
    }
    assert_eq!(one.len(), other.len(), "{name} with {}", case.settings);
    for (row, (one, other)) in one.iter().zip(other).enumerate() {
        assert_eq!(one, other, "{name} with {}, row {row}", case.settings);
    }
}

/// Every reference plugin.
fn sources() -> Vec<Source> {
    scorers::sources().into_iter().chain(evaluators::sources()).collect()
}

#[test]
fn a_committed_component_answers_as_its_source_does() {
    let host = host();
    for source in sources() {
        let plugin = load(&host, source.name);
        for case in &source.cases {
            assert_same(source.name, case, &of_component(&plugin, case), &(source.answer)(case));
        }
    }
}

#[test]
fn a_committed_component_introduces_itself_as_its_source_does() {
    let host = host();
    for source in sources() {
        let written: Value = serde_json::from_str(&source.introduction).expect("JSON");
        let read = serde_json::to_value(load(&host, source.name).description()).expect("JSON");
        assert_eq!(read, written, "{}", source.name);
    }
}

/// Says what the check found of a component, without what another compiler may change: how much
/// fuel it took, how large it is.
fn verdict(bytes: &[u8]) -> Vec<(&'static str, bool)> {
    check(&host(), bytes).checks.iter().map(|it| (it.name, it.ok)).collect()
}

/// The same compiler makes the same bytes; another one must make components that behave alike.
#[test]
fn components_built_here_behave_as_the_committed_ones_do() {
    if !can_build() {
        return;
    }
    let built = build();
    let tools = |folder: &Path| std::fs::read_to_string(folder.join("toolchain.txt")).expect("the tools");
    let same_tools = tools(&built) == tools(&dist());
    for folder in ["", "hostile"] {
        for entry in std::fs::read_dir(dist().join(folder)).expect("the folder") {
            let path = entry.expect("a file").path();
            if path.extension().is_none_or(|it| it != "wasm") {
                continue;
            }
            let name = path.file_name().expect("a name");
            let read =
                |path: &Path| std::fs::read(path).unwrap_or_else(|it| panic!("{}: {it}", path.display()));
            let (committed, fresh) = (read(&path), read(&built.join(folder).join(name)));
            if committed == fresh {
                continue;
            }
            assert!(!same_tools, "{} is not what its source says", path.display());
            assert_eq!(verdict(&fresh), verdict(&committed), "{}", path.display());
        }
    }
    let host = host();
    for source in sources() {
        let bytes = std::fs::read(built.join(format!("{}.wasm", source.name))).expect("the component");
        let (fresh, committed) = (host.load(&bytes).expect("a plugin"), load(&host, source.name));
        assert_eq!(fresh.description(), committed.description());
        for case in &source.cases {
            assert_same(source.name, case, &of_component(&fresh, case), &of_component(&committed, case));
        }
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Whether there is a compiler for components, without fetching one: the target was added to the
/// toolchain in use, or `cargo xtask plugins` has made one before.
fn can_build() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let asked = Command::new(rustc).args(["--print", "sysroot"]).current_dir(repository()).output();
    let sysroot = asked.map(|it| String::from_utf8_lossy(&it.stdout).trim().to_owned()).unwrap_or_default();
    let target = Path::new(&sysroot).join("lib/rustlib/wasm32-unknown-unknown/lib");
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|it| it.is_absolute());
    let cache = cache.or_else(|| Some(std::env::home_dir()?.join(".cache")));
    target.is_dir() || cache.is_some_and(|it| it.join("linli/wasm-toolchain/ready").is_file())
}

/// Builds every component elsewhere; the folder they are in.
fn build() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plugins");
    // What an earlier run left there must not be taken for a part of this one.
    let _ = std::fs::remove_dir_all(&folder);
    let output = Command::new(env!("CARGO"))
        .args(["xtask", "plugins", "--into"])
        .arg(&folder)
        .current_dir(repository())
        .output()
        .expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}
