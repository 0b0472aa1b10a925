//! Tables as everybody sees them: what says who somebody is comes masked.
//!
//! ```text
//! stored rows ─scan─▶ MaskExec ─▶ filters, joins, sorts, aggregates of whoever asks
//!               ▲
//!               └─ filters and limits that name no vault column
//! ```
//!
//! The masks are an operator of the scan and no expression of the plan, because expressions move:
//! an optimizer may bring a filter below a projection, fold it, or answer `min` from the statistics
//! of a file. This operator lets no filter on a vault column pass, keeps no order and tells no statistics, so nothing
//! above it meets an original. A scan without vault columns goes without it, and as fast as ever.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray, new_null_array};
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, internal_err};
use datafusion::datasource::TableType;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown};
use datafusion::physical_expr::EquivalenceProperties;
use datafusion::physical_plan::filter_pushdown::{
    ChildFilterDescription, FilterDescription, FilterPushdownPhase,
};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties,
    Partitioning, PhysicalExpr, PlanProperties, ReplaceChildrenOptions,
};
use futures::StreamExt;
use linli_model::{Catalog, Field, FieldType, Format, TableSchema, mask};

use super::tables::Provider;

/// What stands for text that is not shown at all.
const HIDDEN: &str = "***";

/// The table of refused rows. Which column a cell of it was meant for, its own columns say.
const QUARANTINE: &str = "quarantine";
const FOUND: &str = "found";
const FOUND_OF: [&str; 3] = ["table", "column", "rule"];

/// What becomes of the cells of a column.
#[derive(Debug, Clone, Copy)]
enum Mask {
    /// A text by its format.
    By(fn(&str) -> String),
    /// No value: a masked number or day would be a wrong one.
    Nothing,
    /// The cell of a refused row: shown where its column is no vault column.
    Found,
}

impl Mask {
    fn of(table: &TableSchema, field: &Field) -> Option<Self> {
        if table.name == QUARANTINE && field.name == FOUND {
            return Some(Self::Found);
        }
        let is_text = field.field_type == FieldType::String;
        field.pii.is_vault().then_some(match field.format {
            _ if !is_text => Self::Nothing,
            Some(Format::Phone) => Self::By(mask::phone),
            Some(Format::ResidentId) => Self::By(mask::resident_id),
            Some(Format::PersonName) => Self::By(mask::person_name),
            Some(Format::Address) => Self::By(mask::address),
            Some(Format::Uscc | Format::DivisionCode | Format::Discount) | None => Self::By(hidden),
        })
    }
}

fn hidden(_: &str) -> String {
    HIDDEN.to_owned()
}

/// A stored table whose vault columns are masked as they leave the scan.
#[derive(Debug)]
pub(super) struct Masked {
    stored: Provider,
    /// By column.
    masks: Vec<Option<Mask>>,
}

impl Masked {
    /// The table as everybody sees it: itself where it has no vault column.
    pub(super) fn over(stored: Provider, table: &TableSchema) -> Provider {
        let masks: Vec<_> = table.fields.iter().map(|it| Mask::of(table, it)).collect();
        if masks.iter().all(Option::is_none) {
            return stored;
        }
        Arc::new(Self { stored, masks })
    }

    async fn scan_masked(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let shown = projection.cloned().unwrap_or_else(|| (0..self.masks.len()).collect());
        let masks: Vec<_> = shown.iter().map(|it| self.masks[*it]).collect();
        if masks.iter().all(Option::is_none) {
            return self.stored.scan(state, projection, filters, limit).await;
        }
        let schema = self.stored.schema();
        let mut read = shown.clone();
        if masks.iter().any(|it| matches!(it, Some(Mask::Found))) {
            for name in FOUND_OF {
                let index = schema.index_of(name)?;
                if !read.contains(&index) {
                    read.push(index);
                }
            }
        }
        let input = self.stored.scan(state, Some(&read), filters, limit).await?;
        Ok(Arc::new(MaskExec::new(input, masks, Arc::new(schema.project(&shown)?))))
    }

    fn names_vault_column(&self, filter: &Expr) -> bool {
        let schema = self.stored.schema();
        let is_masked = |name: &str| schema.index_of(name).is_ok_and(|it| self.masks[it].is_some());
        filter.column_refs().into_iter().any(|it| is_masked(&it.name))
    }
}

type Scan<'a> = Pin<Box<dyn Future<Output = Result<Arc<dyn ExecutionPlan>>> + Send + 'a>>;

// The trait is written with `async_trait`; this is the signature it makes of `scan`.
impl TableProvider for Masked {
    fn schema(&self) -> SchemaRef {
        self.stored.schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn scan<'a, 'b, 'c, 'd, 'e>(
        &'a self,
        state: &'b dyn Session,
        projection: Option<&'c Vec<usize>>,
        filters: &'d [Expr],
        limit: Option<usize>,
    ) -> Scan<'e>
    where
        'a: 'e,
        'b: 'e,
        'c: 'e,
        'd: 'e,
    {
        Box::pin(self.scan_masked(state, projection, filters, limit))
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        let mut answers = self.stored.supports_filters_pushdown(filters)?;
        for (answer, filter) in answers.iter_mut().zip(filters) {
            if self.names_vault_column(filter) {
                *answer = TableProviderFilterPushDown::Unsupported;
            }
        }
        Ok(answers)
    }
}

/// Masks the first columns of its input and leaves out what follows them.
#[derive(Debug, Clone)]
pub(super) struct MaskExec {
    input: Arc<dyn ExecutionPlan>,
    masks: Vec<Option<Mask>>,
    properties: Arc<PlanProperties>,
}

impl MaskExec {
    fn new(input: Arc<dyn ExecutionPlan>, masks: Vec<Option<Mask>>, schema: SchemaRef) -> Self {
        // Neither the order nor the equalities of originals hold for what is shown.
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema),
            Partitioning::UnknownPartitioning(input.output_partitioning().partition_count()),
            input.pipeline_behavior(),
            input.boundedness(),
        );
        Self { input, masks, properties: Arc::new(properties) }
    }
}

impl DisplayAs for MaskExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MaskExec")
    }
}

impl ExecutionPlan for MaskExec {
    fn name(&self) -> &str {
        "MaskExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    /// Filters on columns that are no vault columns may go below; those that are made while the
    /// statement runs stay above, for they hold values.
    fn gather_filters_for_pushdown(
        &self,
        phase: FilterPushdownPhase,
        filters: Vec<Arc<dyn PhysicalExpr>>,
        _: &ConfigOptions,
    ) -> Result<FilterDescription> {
        if !matches!(phase, FilterPushdownPhase::Pre) {
            return Ok(FilterDescription::all_unsupported(&filters, &self.children()));
        }
        let open = self.masks.iter().enumerate().filter(|(_, it)| it.is_none()).map(|(at, _)| at);
        let below =
            ChildFilterDescription::from_child_with_allowed_indices(&filters, open.collect(), &self.input)?;
        Ok(FilterDescription::new().with_child(below))
    }

    fn replace_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        match (children.pop(), children.is_empty()) {
            (Some(input), true) => Ok(Arc::new(Self::new(input, self.masks.clone(), self.schema()))),
            _ => internal_err!("MaskExec has one input"),
        }
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        self.replace_children(children, ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let input = self.input.execute(partition, context)?;
        let (masks, schema) = (self.masks.clone(), self.schema());
        let masked = {
            let schema = Arc::clone(&schema);
            input.map(move |batch| masked(&batch?, &masks, &schema))
        };
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, masked)))
    }
}

fn masked(batch: &RecordBatch, masks: &[Option<Mask>], schema: &SchemaRef) -> Result<RecordBatch> {
    let cells = masks.iter().zip(batch.columns()).map(|(mask, column)| match mask {
        None => Ok(Arc::clone(column)),
        Some(Mask::Nothing) => Ok(new_null_array(column.data_type(), column.len())),
        Some(Mask::By(mask)) => texts(column, |_, text| mask(text)),
        Some(Mask::Found) => {
            let about = FOUND_OF.map(|it| batch.column_by_name(it).and_then(|it| it.as_string_opt::<i32>()));
            let [Some(tables), Some(columns), Some(rules)] = about else {
                return internal_err!("{FOUND} comes without its column");
            };
            texts(column, |row, text| {
                let value = |it: &StringArray| {
                    if it.is_valid(row) { it.value(row).to_owned() } else { String::new() }
                };
                let shown = is_shown(&value(tables), &value(columns), &value(rules));
                // A cell that slipped into another column says what it says.
                if shown && !mask::may_be_personal(text) { text.to_owned() } else { hidden(text) }
            })
        }
    });
    Ok(RecordBatch::try_new(Arc::clone(schema), cells.collect::<Result<Vec<_>>>()?)?)
}

fn texts(column: &ArrayRef, shown: impl Fn(usize, &str) -> String) -> Result<ArrayRef> {
    let Some(texts) = column.as_string_opt::<i32>() else {
        return internal_err!("a mask for {} over {}", DataType::Utf8, column.data_type());
    };
    let cells = texts.iter().enumerate().map(|(row, it)| it.map(|it| shown(row, it)));
    Ok(Arc::new(cells.collect::<StringArray>()))
}

/// Whether the cell of a refused row may be shown. What nobody knows is hidden, and so is what was
/// found of a row as a whole, except the number of its cells.
fn is_shown(table: &str, column: &str, rule: &str) -> bool {
    if column.is_empty() {
        return rule == "columns";
    }
    let table = Catalog::embedded().ok().and_then(|it| it.table(table));
    table.and_then(|it| it.field(column)).is_some_and(|it| !it.pii.is_vault())
}

#[cfg(test)]
mod tests;
