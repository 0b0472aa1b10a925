//! What `local-first` says, for examples that would take its place. Each takes this file in by
//! itself; in the library it would change the bytes of every component.

use linli_hostile::manifest;
use linli_sdk::{Batch, Fault, Scores};

/// How `local-first` introduces itself, with one column more: for those that would take its place.
pub(crate) fn local_manifest() -> String {
    let columns = [("same_community", "bool"), ("same_district", "bool"), ("target_group", "text")];
    let columns: Vec<String> = columns
        .iter()
        .map(|(name, ty)| [r#"{"name":""#, name, r#"","type":""#, ty, r#""}"#].concat())
        .collect();
    manifest("local-first", "scorer", &columns.join(","))
}

/// What `local-first` says of each row with its own settings, as `change` makes it for a group.
pub(crate) fn scored(batch: &Batch, change: impl Fn(Option<&str>, f64) -> f64) -> Result<Scores, Fault> {
    let (communities, districts) = (batch.bools("same_community")?, batch.bools("same_district")?);
    let groups = batch.texts("target_group")?;
    let own = |row: usize| match (communities.get(row), districts.get(row)) {
        (Some(true), _) => 1.0,
        (_, Some(true)) => 0.7,
        _ => 0.4,
    };
    Ok(Scores::new((0..batch.rows as usize).map(|row| change(groups.get(row), own(row)))))
}
