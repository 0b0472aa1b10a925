//! A loaded plugin: what the rest of linli sees of it.

use std::borrow::BorrowMut;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::RecordBatch;
use linli_model::Text;
use sha2::{Digest, Sha256};
use wasmtime::component::Component;

use crate::answer::{self, DistrictIndex, Evaluated, Scores};
use crate::border::Batch;
use crate::description::{Description, PluginKind};
use crate::effort;
use crate::error::{Call, Error, Result, Site};
use crate::exchange::Loan;
use crate::grant;
use crate::host::Host;
use crate::limits::{Limits, ROWS_PER_BLOCK};
use crate::schema::Schema;
use crate::session::{Program, Session, too_many_parts};
use crate::state::one_line;
use crate::world;

/// A compiled plugin. Cheap to clone; may be used from many threads at once.
#[derive(Clone)]
pub struct Plugin(Arc<Inner>);

struct Inner {
    program: Program,
    description: Description,
    schema: Schema,
    digest: String,
    size_bytes: usize,
}

impl Plugin {
    pub(crate) fn load(host: &Host, bytes: &[u8]) -> Result<Self> {
        let limits = host.limits();
        if bytes.len() > limits.component_bytes_max {
            let bytes_max = limits.component_bytes_max;
            return Err(Error::TooLarge { bytes: bytes.len(), bytes_max });
        }
        let digest = digest(bytes);
        let kept = host.code().and_then(|it| it.take(host.engine(), &digest));
        let is_new = kept.is_none();
        let component = match kept {
            Some(component) => component,
            None => compile(host, bytes)?,
        };
        let (kind, exports) = world::inspect(&component, host.engine(), limits)?;
        let pre = host.linker().instantiate_pre(&component).map_err(|it| Error::OtherShape {
            name: "imports".to_owned(),
            cause: one_line(&format!("{:#}", it.root_cause()), limits.remark_bytes_max),
        })?;
        let name = digest[..12].to_owned();
        let mut program = Program { host: host.clone(), pre, exports, kind, name };
        let mut session = program.start()?;
        session.check_shapes(&program)?;
        let text = session.describe(&program)?;
        let description = Description::read(&text, &program.name, kind, limits)?;
        grant::check(&description)?;
        let schema = Schema::read(&description.settings, &description.name, limits)?;
        if let Some(code) = host.code().filter(|_| is_new) {
            code.put(&digest, &component);
        }
        program.name.clone_from(&description.name);
        Ok(Self(Arc::new(Inner { program, description, schema, digest, size_bytes: bytes.len() })))
    }

    /// What the plugin says of itself.
    pub fn description(&self) -> &Description {
        &self.0.description
    }

    /// The SHA-256 of the component, lower-case hex: what a run names it by.
    pub fn digest(&self) -> &str {
        &self.0.digest
    }

    /// The version of `linli:plugin` it was made for; older ones are still run.
    pub fn contract(&self) -> &'static str {
        self.0.program.exports.contract.version
    }

    /// The size of the component.
    pub fn size_bytes(&self) -> usize {
        self.0.size_bytes
    }

    /// Where every caller cuts a batch of so many rows. An empty batch is one empty block.
    pub fn blocks(rows: usize) -> impl ExactSizeIterator<Item = Range<usize>> {
        let size = ROWS_PER_BLOCK as usize;
        let n_blocks = rows.div_ceil(size).max(1);
        (0..n_blocks).map(move |it| it * size..rows.min((it + 1) * size))
    }

    /// Scores candidates.
    ///
    /// **Shape.** One score per row of `batch`, which has at least the columns the plugin asked
    /// for, under their names; others are not shown to it. `settings` is a JSON object with some of
    /// the settings that it declares, `{}` for all defaults.
    /// **Errors.** The first failure, with the rows it concerns; see [`Error`].
    /// **Cost.** A fresh instance and fresh fuel per block of 65,536 rows, so memory that a
    /// plugin keeps and the size of batches decide nothing. Blocks run one after another;
    /// callers with more threads use [`Self::blocks`] and [`Self::score_block`].
    pub fn score(&self, settings: &str, batch: &RecordBatch) -> Result<Scores> {
        let mut scores = Scores::default();
        for block in Self::blocks(batch.num_rows()) {
            scores.append(self.score_block(settings, batch, block)?);
        }
        Ok(scores)
    }

    /// Scores one block of a batch, one of those that [`Self::blocks`] names.
    ///
    /// **Shape.** As [`Self::score`], for the rows of the block; vetoes count rows of the whole
    /// batch, so that [`Scores::append`] in order gives what [`Self::score`] would.
    pub fn score_block(&self, settings: &str, batch: &RecordBatch, block: Range<usize>) -> Result<Scores> {
        self.check_scoring(settings, batch)?;
        let rows = batch.num_rows();
        if Self::blocks(rows).nth(block.start / ROWS_PER_BLOCK as usize) != Some(block.clone()) {
            return Err(Error::NoBlock { start: block.start, end: block.end, rows });
        }
        self.scores(batch, block, || self.0.program.configured(settings))
    }

    /// Scores one block in the instance that is made when its columns are ready.
    pub(crate) fn scores<S: BorrowMut<Session>>(
        &self,
        batch: &RecordBatch,
        block: Range<usize>,
        session: impl FnOnce() -> Result<S>,
    ) -> Result<Scores> {
        let Inner { program, description, .. } = &*self.0;
        let cut = batch.slice(block.start, block.len());
        let loan = Loan::new(&cut, &description.columns, &program.name, block.start, self.limits())?;
        let site = Site {
            plugin: program.name.clone(),
            call: Call::Score,
            // Both fit: the whole batch was checked to.
            first_row: block.start as u32,
            rows: block.len() as u32,
            remarks: Vec::new(),
        };
        let columns = loan.columns();
        let raw = Batch { rows: site.rows, columns: &columns };
        let mut session = session()?;
        let session = session.borrow_mut();
        let (raw, fuel) = session.score(program, raw, site.clone())?;
        let site = Site { remarks: session.take_remarks(), ..site };
        let scores = answer::scores(raw, site, description)?;
        Ok(Scores { fuel, memory_bytes: session.memory_bytes(), ..scores })
    }

    /// Evaluates districts.
    ///
    /// **Shape.** `batch` has one row per district and one `Float64` column per indicator, null
    /// where it cannot be measured; one weight per column. One answer per row.
    /// **Errors.** As [`Self::score`]; also for weights that are negative or too few.
    /// **Cost.** A fresh instance, some tens of microseconds beyond what the plugin computes.
    pub fn evaluate(
        &self,
        settings: &str,
        batch: &RecordBatch,
        weights: &[f64],
    ) -> Result<Vec<DistrictIndex>> {
        self.evaluator(settings)?.evaluate(batch, weights)
    }

    /// Takes the settings of an evaluator for many evaluations, e.g. draws of weights.
    ///
    /// **Errors.** When this is no evaluator, or the settings are not those it declares.
    pub fn evaluator(&self, settings: &str) -> Result<Evaluator> {
        self.expect_kind(PluginKind::Evaluator)?;
        self.check_settings(settings)?;
        Ok(Evaluator { plugin: self.clone(), settings: settings.to_owned() })
    }

    /// Values of one setting at a time that its declaration allows, the others left out.
    pub(crate) fn ends(&self) -> Vec<serde_json::Value> {
        self.0.schema.ends()
    }

    /// Every setting that the plugin declares at its default, as a JSON object.
    pub fn defaults(&self) -> serde_json::Map<String, serde_json::Value> {
        self.0.schema.defaults()
    }

    /// The text of `describe`, asked for again.
    pub(crate) fn describe_again(&self) -> Result<Description> {
        let Inner { program, description, .. } = &*self.0;
        let text = program.start()?.describe(program)?;
        Description::read(&text, &description.name, program.kind, self.limits())
    }

    pub(crate) fn limits(&self) -> &Limits {
        self.0.program.host.limits()
    }

    pub(crate) fn program(&self) -> &Program {
        &self.0.program
    }

    pub(crate) fn check_scoring(&self, settings: &str, batch: &RecordBatch) -> Result<()> {
        self.expect_kind(PluginKind::Scorer)?;
        self.check_settings(settings)?;
        self.check_rows(batch.num_rows(), u32::MAX)
    }

    fn expect_kind(&self, expected: PluginKind) -> Result<()> {
        let found = self.0.program.kind;
        if found == expected {
            return Ok(());
        }
        Err(Error::WrongKind { plugin: self.0.program.name.clone(), found, expected })
    }

    fn check_settings(&self, settings: &str) -> Result<()> {
        let max = self.limits().settings_bytes_max;
        let bad = |found, expected| {
            Err(Error::BadSettings { plugin: self.0.program.name.clone(), found, expected })
        };
        let bytes = |count: usize| Text::new(format!("{count} bytes"), format!(" {count} 字节"));
        if settings.len() > max {
            let most = bytes(max);
            let most = Text::new(format!("at most {}", most.en), format!("至多{}", most.zh));
            return bad(bytes(settings.len()), most);
        }
        let object = || Text::new("a JSON object", " JSON 对象");
        match serde_json::from_str(settings) {
            Ok(serde_json::Value::Object(given)) => self.0.schema.check(&given, &self.0.program.name),
            Ok(other) => bad(Text::new(other.to_string(), format!(" {other}")), object()),
            Err(it) => {
                let (line, column) = (it.line(), it.column());
                let zh = format!("不合 JSON 语法的文本（第 {line} 行第 {column} 列）");
                bad(Text::new(format!("no JSON ({it})"), zh), object())
            }
        }
    }

    fn check_rows(&self, rows: usize, max: u32) -> Result<()> {
        if rows as u64 <= u64::from(max) {
            return Ok(());
        }
        Err(Error::TooMany {
            plugin: self.0.program.name.clone(),
            what: "rows",
            found: rows as u64,
            max: u64::from(max),
        })
    }
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Plugin")
            .field("name", &self.0.program.name)
            .field("digest", &self.0.digest)
            .finish_non_exhaustive()
    }
}

/// An evaluator with its settings, for many calls.
///
/// Every call meets a fresh instance with its own fuel and clock, so that no call can remember
/// another: the order of the calls decides nothing.
#[derive(Debug, Clone)]
pub struct Evaluator {
    plugin: Plugin,
    settings: String,
}

impl Evaluator {
    /// Evaluates districts; see [`Plugin::evaluate`].
    pub fn evaluate(&self, batch: &RecordBatch, weights: &[f64]) -> Result<Vec<DistrictIndex>> {
        Ok(self.evaluated(batch, weights)?.answers)
    }

    /// The same, with what the plugin had to say and what it took.
    pub fn evaluated(&self, batch: &RecordBatch, weights: &[f64]) -> Result<Evaluated> {
        let plugin = &self.plugin;
        plugin.check_rows(batch.num_rows(), ROWS_PER_BLOCK)?;
        let Inner { program, description, .. } = &*plugin.0;
        let loan = Loan::new(batch, &description.columns, &program.name, 0, plugin.limits())?;
        let columns = loan.columns();
        check_weights(weights, columns.len(), &program.name)?;
        let rows = batch.num_rows() as u32;
        let plugin = program.name.clone();
        let site = Site { plugin, call: Call::Evaluate, first_row: 0, rows, remarks: Vec::new() };
        let mut session = program.configured(&self.settings)?;
        let (raw, fuel) =
            session.evaluate(program, Batch { rows, columns: &columns }, weights, site.clone())?;
        let site = Site { remarks: session.take_remarks(), ..site };
        let remarks = site.remarks.clone();
        let answers = answer::indexes(raw, site, columns.len())?;
        Ok(Evaluated { answers, remarks, fuel, memory_bytes: session.memory_bytes() })
    }
}

/// Turns a component into machine code, if it is one and not too much.
fn compile(host: &Host, bytes: &[u8]) -> Result<Component> {
    let limits = host.limits();
    world::check_header(bytes)?;
    effort::check(bytes, limits)?;
    Component::from_binary(host.engine(), bytes).map_err(|it| {
        let cause = one_line(&format!("{:#}", it.root_cause()), limits.remark_bytes_max);
        too_many_parts(&cause, limits).unwrap_or(Error::Broken { cause })
    })
}

fn check_weights(weights: &[f64], columns: usize, plugin: &str) -> Result<()> {
    if weights.len() != columns {
        let plugin = plugin.to_owned();
        return Err(Error::WeightCount { plugin, found: weights.len(), expected: columns });
    }
    match weights.iter().position(|it| !it.is_finite() || *it < 0.0) {
        Some(column) => Err(Error::BadWeight { column, value: weights[column] }),
        None => Ok(()),
    }
}

/// The SHA-256 of some bytes, lower-case hex: the name of a component.
pub fn digest(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing into a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests;
