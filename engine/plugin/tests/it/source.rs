//! The committed components are what their sources say.
//!
//! The SDK runs natively, so that the same source answers here without any component, whatever
//! tools there are. Where a compiler for components is at hand, they are built again as well.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch};
use linli_merchant_offer::MerchantOffer;
use linli_model::Score;
use linli_plugin::{Error, Plugin, PluginKind, check};
use linli_sdk::{Batch, Column, ColumnData, Evaluator, Fault, Scorer, Settings, configured};
use linli_skill_fit::SkillFit;
use linli_walking_distance::WalkingDistance;
use linli_weighted_index::WeightedIndex;
use serde_json::Value;

use crate::{dist, host, load};

/// A column, `None` where the row is null.
enum Cells {
    F64s(Vec<Option<f64>>),
    I64s(Vec<Option<i64>>),
    Bools(Vec<Option<bool>>),
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
        }
    }

    fn native(&self, name: &str) -> Column {
        let (validity, data) = match self {
            Self::F64s(it) => (validity(it), ColumnData::F64s(filled(it))),
            Self::I64s(it) => (validity(it), ColumnData::I64s(filled(it))),
            Self::Bools(it) => {
                (validity(it), ColumnData::Bools(filled(it).into_iter().map(u8::from).collect()))
            }
        };
        Column { name: name.to_owned(), validity, data }
    }

    fn len(&self) -> usize {
        match self {
            Self::F64s(it) => it.len(),
            Self::I64s(it) => it.len(),
            Self::Bools(it) => it.len(),
        }
    }
}

fn validity<T>(cells: &[Option<T>]) -> Option<Vec<u8>> {
    let any = cells.iter().any(Option::is_none);
    any.then(|| cells.iter().map(|it| u8::from(it.is_some())).collect())
}

fn filled<T: Copy + Default>(cells: &[Option<T>]) -> Vec<T> {
    cells.iter().map(|it| it.unwrap_or_default()).collect()
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

fn assert_same(name: &str, case: &Case, one: &[String], other: &[String]) {
    assert_eq!(one.len(), other.len(), "{name} with {}", case.settings);
    for (row, (one, other)) in one.iter().zip(other).enumerate() {
        assert_eq!(one, other, "{name} with {}, row {row}", case.settings);
    }
}

fn sources() -> [Source; 4] {
    [
        Source {
            name: "merchant-offer",
            introduction: MerchantOffer::describe(),
            answer: of_scorer::<MerchantOffer>,
            cases: merchant_offer(),
        },
        Source {
            name: "skill-fit",
            introduction: SkillFit::describe(),
            answer: of_scorer::<SkillFit>,
            cases: skill_fit(),
        },
        Source {
            name: "walking-distance",
            introduction: WalkingDistance::describe(),
            answer: of_scorer::<WalkingDistance>,
            cases: walking_distance(),
        },
        Source {
            name: "weighted-index",
            introduction: WeightedIndex::describe(),
            answer: of_evaluator::<WeightedIndex>,
            cases: weighted_index(),
        },
    ]
}

fn merchant_offer() -> Vec<Case> {
    let ratios =
        [-f64::MAX, -3.0, -0.0, 0.0, 1e-300, 0.05, 0.5, 0.95, 1.0, 1.000_000_1, 7.0, f64::MAX].map(Some);
    let ratios = || ratios.into_iter().chain([None]);
    let kinds = [None, Some(false), Some(true)];
    let case = |settings| Case {
        settings,
        columns: vec![
            ("is_merchant", Cells::Bools(kinds.iter().flat_map(|it| ratios().map(move |_| *it)).collect())),
            ("pay_ratio", Cells::F64s(kinds.iter().flat_map(|_| ratios()).collect())),
        ],
        weights: Vec::new(),
    };
    let settings = [
        "{}",
        r#"{"full_price_score": 0}"#,
        r#"{"full_price_score": 0.2}"#,
        r#"{"full_price_score": 1}"#,
        r#"{"full_price_score": 1.5}"#,
        r#"{"full_price_score": null}"#,
    ];
    settings.map(case).into()
}

fn skill_fit() -> Vec<Case> {
    let counts =
        [i64::MIN, -1, 0, 1, 2, 3, 7, i64::MAX].map(Some).into_iter().chain([None]).collect::<Vec<_>>();
    let (mut required, mut matched, mut offered, mut speciality) = (vec![], vec![], vec![], vec![]);
    for r in &counts {
        for m in &counts {
            for o in &counts {
                for s in [None, Some(false), Some(true)] {
                    required.push(*r);
                    matched.push(*m);
                    offered.push(*o);
                    speciality.push(s);
                }
            }
        }
    }
    let case = |settings| Case {
        settings,
        columns: vec![
            ("skills_required", Cells::I64s(required.clone())),
            ("skills_matched", Cells::I64s(matched.clone())),
            ("skills_offered", Cells::I64s(offered.clone())),
            ("speciality", Cells::Bools(speciality.clone())),
        ],
        weights: Vec::new(),
    };
    ["{}", r#"{"colour": 1}"#].map(case).into()
}

fn walking_distance() -> Vec<Case> {
    let case = |settings, distance_m: Vec<Option<i64>>| Case {
        settings,
        columns: vec![("distance_m", Cells::I64s(distance_m))],
        weights: Vec::new(),
    };
    let far = [i64::MIN, -1, 99_999, 100_000, 499_999, 500_000, 1_000_000, i64::MAX];
    let distances = || (0..3000).chain(far).map(Some).chain([None]).collect::<Vec<_>>();
    let settings = [
        "{}",
        r#"{"halving_m": 1}"#,
        r#"{"halving_m": 333.3}"#,
        r#"{"halving_m": 1e5}"#,
        r#"{"veto_beyond_m": 1500}"#,
        r#"{"veto_beyond_m": 0.5, "halving_m": 250}"#,
        r#"{"halving_m": 0}"#,
        r#"{"halving_m": "500"}"#,
    ];
    let mut cases: Vec<_> = settings.into_iter().map(|it| case(it, distances())).collect();
    // Without nulls, and without rows.
    cases.push(case("{}", (0..100).map(Some).collect()));
    cases.push(case("{}", Vec::new()));
    cases
}

fn weighted_index() -> Vec<Case> {
    let values = [None, Some(0.0), Some(1e-300), Some(1.0 / 3.0), Some(1.0)];
    let (mut a, mut b, mut c) = (vec![], vec![], vec![]);
    for x in values {
        for y in values {
            for z in values {
                a.push(x);
                b.push(y);
                c.push(z);
            }
        }
    }
    let case = |weights: [f64; 3]| Case {
        settings: "{}",
        columns: vec![
            ("a_share", Cells::F64s(a.clone())),
            ("b_share", Cells::F64s(b.clone())),
            ("c_share", Cells::F64s(c.clone())),
        ],
        weights: weights.into(),
    };
    let mut cases: Vec<_> =
        [[1.0, 2.0, 3.0], [0.1, 0.2, 0.7], [0.0, 0.0, 1e-300], [0.0; 3], [f64::MAX; 3]].map(case).into();
    cases.push(Case { settings: r#"{"colour": 1}"#, ..case([1.0; 3]) });
    cases
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
