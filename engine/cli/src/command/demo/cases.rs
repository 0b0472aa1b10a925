//! The cases of a demo: `case.json` says which files hold what, which week to match, and which
//! plugins the practice's own rules ask for.

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use linli_model::Text;
use linli_pool::query::ScorerChoice;
use serde::Deserialize;

use super::Folder;
use crate::failure::Failed;

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../datasets/cases");

/// Where a checkout keeps them.
const CHECKOUT: &str = "datasets/cases";

/// One practice as files.
pub(super) struct Case {
    pub id: String,
    pub title: Text,
    pub district_id: String,
    /// The districts to match: all that the case plays in.
    pub districts: Vec<String>,
    /// table and file, in the order to load them.
    pub files: Vec<(String, PathBuf)>,
    pub as_of: String,
    pub from: String,
    pub to: String,
    /// The period to evaluate.
    pub period: String,
    /// The scorers of its rules; none: the pool's.
    pub scorers: Vec<ScorerChoice>,
    /// The evaluator of its rules; none: the pool's.
    pub evaluator: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: String,
    title: Text,
    /// Whether the demo shows it where nobody asks for a folder.
    #[serde(default)]
    demo: bool,
    district_id: String,
    /// Left out where it is the one above.
    #[serde(default)]
    districts: Vec<String>,
    files: Vec<RawFile>,
    as_of: String,
    from: String,
    to: String,
    period: String,
    /// As in `pool.json`.
    #[serde(default)]
    scorers: Vec<ScorerChoice>,
    #[serde(default)]
    evaluator: Option<String>,
}

#[derive(Deserialize)]
struct RawFile {
    table: String,
    file: String,
}

/// Reads the cases of a folder, by name: all of a folder that is asked for, else those that are for
/// the demo, of a checkout or of the built-in copy.
pub(super) fn read(asked: Option<&Path>, folder: &Folder) -> Result<(String, Vec<Case>), Failed> {
    let checkout = Path::new(CHECKOUT);
    let (source, root) = match asked {
        Some(root) => (root.display().to_string(), root.to_owned()),
        None if checkout.is_dir() => (CHECKOUT.to_owned(), checkout.to_owned()),
        None => {
            let root = folder.scratch().join("cases");
            std::fs::create_dir_all(&root).map_err(|it| Failed::unwritable(&root, &it))?;
            BUILT_IN.extract(&root).map_err(|it| Failed::unwritable(&root, &it))?;
            ("the built-in copy".to_owned(), root)
        }
    };
    let mut folders: Vec<PathBuf> = std::fs::read_dir(&root)
        .map_err(|it| Failed::file(&root, &it))?
        .filter_map(|it| it.ok().map(|it| it.path()))
        .filter(|it| it.join("case.json").is_file())
        .collect();
    folders.sort();
    let cases = folders.iter().filter_map(|it| case(it, asked.is_some()).transpose());
    let cases = cases.collect::<Result<Vec<_>, _>>()?;
    if cases.is_empty() {
        return Err(Failed::request(
            "no-cases",
            format!("{} holds no folder with a case.json", root.display()),
            format!("{} 中没有含 case.json 的案例目录", root.display()),
        ));
    }
    Ok((source, cases))
}

/// The case of a folder; none where it is not for the demo and not `asked` for.
fn case(folder: &Path, asked: bool) -> Result<Option<Case>, Failed> {
    let path = folder.join("case.json");
    let text = std::fs::read_to_string(&path).map_err(|it| Failed::file(&path, &it))?;
    let raw: Raw = serde_json::from_str(&text).map_err(|it| {
        let path = path.display();
        Failed::request("bad-case", format!("{path}: {it}"), format!("{path} 有误：{it}"))
    })?;
    if !asked && !raw.demo {
        return Ok(None);
    }
    let districts = if raw.districts.is_empty() { vec![raw.district_id.clone()] } else { raw.districts };
    Ok(Some(Case {
        id: raw.id,
        title: raw.title,
        district_id: raw.district_id,
        districts,
        files: raw.files.into_iter().map(|it| (it.table, folder.join(it.file))).collect(),
        as_of: raw.as_of,
        from: raw.from,
        to: raw.to,
        period: raw.period,
        scorers: raw.scorers,
        evaluator: raw.evaluator,
    }))
}
