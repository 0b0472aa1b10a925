//! What a plugin may ask for: never a column that says something about a person.

use linli_model::{Catalog, Layer, Pii};

use crate::description::Columns;
use crate::error::{Error, Result};

/// The table that scorers see; where it has a column of the same name, its class counts.
const CANDIDATE: &str = "candidate";

/// Refuses columns whose name is classed as personal information.
///
/// A name that no table knows passes: whoever makes the batch answers for it.
///
/// **Errors.** [`Error::NotGranted`]; [`Error::Host`] when the embedded schemas are damaged.
pub(crate) fn check(columns: &Columns, plugin: &str) -> Result<()> {
    let Columns::Named(columns) = columns else {
        return Ok(());
    };
    let catalog = Catalog::embedded().map_err(|it| Error::Host { cause: it.to_string() })?;
    for column in columns {
        let class = class(catalog, &column.name);
        if class != Pii::None {
            return Err(Error::NotGranted {
                plugin: plugin.to_owned(),
                column: column.name.clone(),
                class: word(class),
            });
        }
    }
    Ok(())
}

fn class(catalog: &Catalog, column: &str) -> Pii {
    if let Some(field) = catalog.table(CANDIDATE).and_then(|it| it.field(column)) {
        return field.pii;
    }
    catalog
        .tables()
        .filter(|it| it.layer != Layer::System)
        .filter_map(|it| it.field(column))
        .map(|it| it.pii)
        .find(|it| *it != Pii::None)
        .unwrap_or(Pii::None)
}

const fn word(class: Pii) -> &'static str {
    match class {
        Pii::None => "none",
        Pii::QuasiIdentifier => "quasi_identifier",
        Pii::Contact => "contact",
        Pii::Identity => "identity",
        Pii::Sensitive => "sensitive",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::{ColumnType, ColumnWanted};

    fn asks_for(name: &str) -> Result<()> {
        let wanted = ColumnWanted { name: name.to_owned(), column_type: ColumnType::F64 };
        check(&Columns::Named(vec![wanted]), "nosy")
    }

    #[test]
    fn columns_about_people_are_never_granted() {
        for column in ["group", "lon", "card_no", "household_code"] {
            let refused = matches!(asks_for(column), Err(Error::NotGranted { .. }));
            assert!(refused, "{column}");
        }
    }

    #[test]
    fn columns_about_pairs_are_granted() {
        for column in ["distance_m", "skills_matched", "pay_ratio", "of_my_own_making"] {
            assert_eq!(asks_for(column), Ok(()), "{column}");
        }
    }
}
