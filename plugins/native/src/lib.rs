//! The reference plugins without a sandbox: the same sources, compiled for this machine.
//!
//! They tell what the sandbox costs. No match and no evaluation asks them: what decides is always
//! a component, whose answer is the same on every machine.

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array as _, ArrayRef, RecordBatch};
use arrow_array::{BooleanArray, StringArray};
use linli_sdk::{Column, ColumnData, Evaluator, Scorer, TextColumn, configured};

pub use linli_sdk::{Batch, DistrictIndex, Fault, Scores};

/// What a plugin computes, with all its defaults.
#[derive(Debug, Clone, Copy)]
pub enum Kernel {
    /// One answer per block.
    Scorer(fn(&[Batch]) -> Result<Vec<Scores>, Fault>),
    /// Places with one weight per column; one answer per place.
    Evaluator(fn(&Batch, &[f64]) -> Result<Vec<DistrictIndex>, Fault>),
}

/// The kernel of a reference plugin, if one has this name.
pub fn kernel(name: &str) -> Option<Kernel> {
    KERNELS.iter().find(|it| it.0 == name).map(|it| it.1)
}

const KERNELS: [(&str, Kernel); 14] = [
    scorer::<linli_continuity::Continuity>(),
    scorer::<linli_exclusion_zone::ExclusionZone>(),
    scorer::<linli_load_balance::LoadBalance>(),
    scorer::<linli_local_first::LocalFirst>(),
    scorer::<linli_merchant_offer::MerchantOffer>(),
    scorer::<linli_skill_fit::SkillFit>(),
    scorer::<linli_speciality_point::SpecialityPoint>(),
    scorer::<linli_time_bank_credit::TimeBankCredit>(),
    scorer::<linli_visit_team::VisitTeam>(),
    scorer::<linli_walking_distance::WalkingDistance>(),
    evaluator::<linli_hotline_rates::HotlineRates>(),
    evaluator::<linli_star_rating::StarRating>(),
    evaluator::<linli_topsis::Topsis>(),
    evaluator::<linli_weighted_index::WeightedIndex>(),
];

const fn scorer<P: Scorer>() -> (&'static str, Kernel) {
    (P::MANIFEST.name, Kernel::Scorer(score::<P>))
}

const fn evaluator<P: Evaluator>() -> (&'static str, Kernel) {
    (P::MANIFEST.name, Kernel::Evaluator(evaluate::<P>))
}

fn score<P: Scorer>(blocks: &[Batch]) -> Result<Vec<Scores>, Fault> {
    let plugin: P = configured("{}")?;
    blocks.iter().map(|it| plugin.score(it)).collect()
}

fn evaluate<P: Evaluator>(places: &Batch, weights: &[f64]) -> Result<Vec<DistrictIndex>, Fault> {
    let settings = linli_sdk::Settings::read(P::MANIFEST.settings, "{}")?;
    P::configure(&settings)?.evaluate(places, weights)
}

/// Rows as a plugin gets them; none where a column is of a type that no plugin sees.
pub fn batch(rows: &RecordBatch) -> Option<Batch> {
    let columns = rows.schema_ref().fields().iter().zip(rows.columns());
    let columns = columns.map(|(field, it)| column(field.name(), it)).collect::<Option<Vec<_>>>()?;
    Some(Batch { rows: u32::try_from(rows.num_rows()).ok()?, columns })
}

fn column(name: &str, array: &ArrayRef) -> Option<Column> {
    let data = if let Some(it) = array.as_primitive_opt::<Float64Type>() {
        ColumnData::F64s(it.iter().map(Option::unwrap_or_default).collect())
    } else if let Some(it) = array.as_primitive_opt::<Int64Type>() {
        ColumnData::I64s(it.iter().map(Option::unwrap_or_default).collect())
    } else if let Some(it) = array.as_any().downcast_ref::<BooleanArray>() {
        ColumnData::Bools(it.iter().map(|it| u8::from(it.unwrap_or_default())).collect())
    } else {
        ColumnData::Texts(texts(array.as_any().downcast_ref::<StringArray>()?)?)
    };
    let nulls = array.nulls().filter(|it| it.null_count() > 0);
    let validity = nulls.map(|it| it.iter().map(u8::from).collect());
    Some(Column { name: name.to_owned(), validity, data })
}

fn texts(array: &StringArray) -> Option<TextColumn> {
    let mut column = TextColumn { offsets: vec![0], bytes: Vec::new() };
    for text in array {
        column.bytes.extend_from_slice(text.unwrap_or_default().as_bytes());
        column.offsets.push(u32::try_from(column.bytes.len()).ok()?);
    }
    Some(column)
}
