//! A plan that people made: who is to help whom, and when.
//!
//! It is read as any file of rows is, whatever its encoding and kind, under the headers that a
//! match is exported with or their Chinese titles. Nothing of it is stored.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use linli_model::{Catalog, Layer, TableSchema, Text};

use super::header::{self, Known};
use super::options::LoadOptions;
use super::place::Place;
use super::settled::Settled;
use super::source::Source;
use super::{database, new_context, report::ISSUES_MAX};
use crate::Pending;
use crate::error::{Error, Result};
use crate::frame::{Frame, integer_at};
use crate::store::{Store, blocking, engine};

/// What a plan is called where a table is meant.
pub(crate) const PLAN: &str = "plan";

/// The columns of a plan, and whether they must be there.
const COLUMNS: [(&str, bool); 4] =
    [("need_id", true), ("provider_id", true), ("slot_id", true), ("occurrence_start", false)];

/// One line of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanLine {
    /// Where it stands in the file, from 1; the header has a line too.
    pub line: u64,
    /// Who is to be helped.
    pub need_id: String,
    /// By whom.
    pub provider_id: String,
    /// In which of the provider's slots.
    pub slot_id: String,
    /// At which occurrence of the need; nothing where the plan leaves that open.
    pub occurrence_start: Option<i64>,
}

/// Reads a plan.
///
/// **Shape.** In the order of the file. A header without lines is a plan that serves nobody.
/// **Errors.** [`Error::MissingColumn`], [`Error::BadRows`] for a line with a cell that is
/// missing or cannot be read, and those of opening a file, as for [`load`](super::load).
/// **Cost.** The plan stays in memory.
pub fn read_plan<'a>(
    store: &'a Store,
    path: &'a Path,
    encoding: Option<&'a str>,
) -> Pending<'a, Result<Vec<PlanLine>>> {
    Box::pin(async move {
        let (store, path) = (store.clone(), path.to_owned());
        let options = LoadOptions { encoding: encoding.map(str::to_owned), ..LoadOptions::default() };
        blocking(move || read(&store, path, &options)).await
    })
}

fn read(store: &Store, path: PathBuf, options: &LoadOptions) -> Result<Vec<PlanLine>> {
    let (table, settled) = (schema()?, Settled::default());
    let known = Known { table, settled: &settled, row: None };
    let (mut source, headers) = Source::open(&path, known, options)?;
    let mapping = header::map(headers, table, &database::shown(&path), &settled)?;
    let place = Place::settle(options, &store.config().crs)?;
    let context = new_context(table, store, place, vec![path.clone()], vec![mapping])?;
    let (mut lines, mut issues, mut rows) = (Vec::new(), Vec::new(), 0);
    while let Some(piece) = source.next_piece(&path)? {
        let checked = context.check(0, piece)?;
        let typed = Frame::new(&checked.batch.schema(), std::slice::from_ref(&checked.batch))?;
        let (needs, providers) = (typed.texts("need_id")?, typed.texts("provider_id")?);
        let (slots, starts) = (typed.texts("slot_id")?, typed.times("occurrence_start")?);
        for row in (0..typed.rows()).filter(|row| checked.good[*row]) {
            lines.push(PlanLine {
                line: checked.raw.line(row),
                need_id: needs.value(row).to_owned(),
                provider_id: providers.value(row).to_owned(),
                slot_id: slots.value(row).to_owned(),
                occurrence_start: integer_at(&starts, row),
            });
        }
        rows += checked.good.iter().filter(|it| **it).count() as u64 + checked.bad.len() as u64;
        issues.extend(checked.bad.into_iter().flat_map(|it| it.issues));
    }
    if issues.is_empty() {
        return Ok(lines);
    }
    issues.sort_by_key(|it| it.line);
    let issues_total = issues.len() as u64;
    issues.truncate(ISSUES_MAX);
    Err(Error::BadRows { rows, issues, issues_total })
}

/// A plan as a table: the columns of `match` that name a choice.
fn schema() -> Result<&'static TableSchema> {
    static SCHEMA: OnceLock<TableSchema> = OnceLock::new();
    if let Some(it) = SCHEMA.get() {
        return Ok(it);
    }
    let known = Catalog::embedded()?.table("match");
    let known = known.ok_or_else(|| engine("there is no schema of table match"))?;
    let mut fields = Vec::new();
    for (name, required) in COLUMNS {
        let field = known.field(name).ok_or_else(|| engine(format!("table match has no column {name}")))?;
        let mut field = field.clone();
        field.constraints.required = required;
        fields.push(field);
    }
    let title = Text::new("plan", "方案");
    let primary_key = COLUMNS.iter().filter(|it| it.1).map(|it| it.0.to_owned()).collect();
    let (name, description) = (PLAN.to_owned(), String::new());
    let plan = TableSchema {
        name,
        title,
        description,
        layer: Layer::Input,
        fields,
        primary_key,
        foreign_keys: Vec::new(),
    };
    Ok(SCHEMA.get_or_init(|| plan))
}
