//! Which column of a file is which column of the table.

use linli_model::{Field, TableSchema};

use super::nearest::nearest;
use super::report::IgnoredColumn;
use crate::error::{Error, Result};

/// The columns of one file.
#[derive(Debug, Clone)]
pub(super) struct Mapping {
    /// The headers, as they stand in the file.
    pub(super) headers: Vec<String>,
    /// For each field of the table the position of its column in the file.
    pub(super) sources: Vec<Option<usize>>,
    /// The columns that belong to no field.
    pub(super) ignored: Vec<IgnoredColumn>,
}

/// Finds the fields of a table among headers: by name, by name whatever its case, by title,
/// by synonym. A better match goes before a worse one, an earlier header before a later one.
///
/// **Errors.** [`Error::MissingColumn`].
pub(super) fn map(headers: Vec<String>, table: &TableSchema, file: &str) -> Result<Mapping> {
    let mut sources: Vec<Option<usize>> = vec![None; table.fields.len()];
    let mut taken = vec![false; headers.len()];
    let passes: [fn(&Field, &str) -> bool; 4] = [is_name, is_name_in_any_case, is_title, is_synonym];
    for matches in passes {
        for (source, header) in headers.iter().enumerate() {
            let header = fold(header);
            let free = sources.iter().zip(&table.fields);
            let found = free.enumerate().find(|(_, (it, field))| it.is_none() && matches(field, header));
            if let (Some((index, _)), false) = (found, taken[source]) {
                sources[index] = Some(source);
                taken[source] = true;
            }
        }
    }
    for (field, source) in table.fields.iter().zip(&sources) {
        let is_key = table.primary_key.len() == 1 && table.primary_key[0] == field.name;
        if source.is_none() && (field.constraints.required || is_key) {
            return Err(Error::MissingColumn {
                path: file.to_owned(),
                table: table.name.clone(),
                column: field.name.clone(),
                found: headers,
            });
        }
    }
    let used = |field: usize| sources[field].map(|it| headers[it].clone());
    let ignored = headers.iter().zip(&taken).filter(|(_, taken)| !**taken);
    let ignored = ignored.map(|(header, _)| ignored_column(header, table, file, &used)).collect();
    Ok(Mapping { headers, sources, ignored })
}

fn ignored_column(
    header: &str,
    table: &TableSchema,
    file: &str,
    used: &dyn Fn(usize) -> Option<String>,
) -> IgnoredColumn {
    let names: [fn(&Field, &str) -> bool; 3] = [is_name_in_any_case, is_title, is_synonym];
    let spelled = |field: &Field| names.iter().any(|it| it(field, fold(header)));
    let mut meant = table.fields.iter().enumerate().filter(|(_, field)| spelled(field));
    if let Some((column, header_used)) = meant.find_map(|(at, it)| Some((it.name.clone(), used(at)?))) {
        return IgnoredColumn {
            file: file.to_owned(),
            column: header.to_owned(),
            nearest: Some(column),
            instead: Some(header_used),
        };
    }
    let spellings = || {
        table.fields.iter().flat_map(|field| {
            let titles = [&field.name, &field.title.en, &field.title.zh];
            titles.into_iter().chain(&field.synonyms).map(move |it| (it.as_str(), &field.name))
        })
    };
    let near = nearest(header, spellings().map(|(it, _)| it));
    let field = near.and_then(|near| spellings().find(|(it, _)| *it == near));
    IgnoredColumn {
        file: file.to_owned(),
        column: header.to_owned(),
        nearest: field.map(|(_, name)| name.clone()),
        instead: None,
    }
}

/// Whether a cell is a header of the table: a name, a title or a synonym.
pub(super) fn is_known(header: &str, table: &TableSchema) -> bool {
    let names: [fn(&Field, &str) -> bool; 3] = [is_name_in_any_case, is_title, is_synonym];
    table.fields.iter().any(|field| names.iter().any(|it| it(field, fold(header))))
}

/// A header without what spreadsheets leave around it.
fn fold(header: &str) -> &str {
    header.trim_matches(|it: char| it.is_whitespace() || it == '\u{feff}')
}

fn is_name(field: &Field, header: &str) -> bool {
    field.name == header
}

fn is_name_in_any_case(field: &Field, header: &str) -> bool {
    same(&field.name, header)
}

fn is_title(field: &Field, header: &str) -> bool {
    same(&field.title.zh, header) || same(&field.title.en, header)
}

fn is_synonym(field: &Field, header: &str) -> bool {
    field.synonyms.iter().any(|it| same(it, header))
}

fn same(left: &str, right: &str) -> bool {
    // Letter by letter: most differ in the first one, and nothing is kept of the others.
    left.chars().flat_map(char::to_lowercase).eq(right.chars().flat_map(char::to_lowercase))
}

#[cfg(test)]
mod tests {
    use linli_model::Catalog;

    use super::*;

    fn mapped(headers: &[&str]) -> Result<Mapping> {
        let table = Catalog::embedded().expect("schemas").table("volunteer").expect("a table");
        map(headers.iter().map(|it| (*it).to_owned()).collect(), table, "v.csv")
    }

    fn source(mapping: &Mapping, column: &str) -> Option<usize> {
        let table = Catalog::embedded().expect("schemas").table("volunteer").expect("a table");
        mapping.sources[table.index_of(column).expect("a column")]
    }

    #[test]
    fn names_go_before_titles_and_titles_before_synonyms() {
        let it = mapped(&["编号", " KIND ", "volunteer_id", "技能特长", "Longitude", "技能"]).expect("ok");
        assert_eq!(source(&it, "volunteer_id"), Some(2));
        assert_eq!(source(&it, "kind"), Some(1));
        assert_eq!(source(&it, "skills"), Some(3));
        assert_eq!(source(&it, "lon"), Some(4));
        let ignored: Vec<_> = it.ignored.iter().map(|it| it.column.as_str()).collect();
        assert_eq!(ignored, ["编号", "技能"]);
        let instead: Vec<_> = it.ignored.iter().map(|it| it.instead.as_deref()).collect();
        assert_eq!(instead, [Some("volunteer_id"), Some("技能特长")]);
    }

    #[test]
    fn an_unknown_header_is_told_its_nearest_column() {
        let it = mapped(&["volunteer_id", "max_per_dya", "shoe size"]).expect("ok");
        let nearest: Vec<_> = it.ignored.iter().map(|it| it.nearest.as_deref()).collect();
        assert_eq!(nearest, [Some("max_per_day"), None]);
    }

    #[test]
    fn a_required_column_must_be_there() {
        let error = mapped(&["kind", "skills"]).expect_err("no key");
        assert!(matches!(error, Error::MissingColumn { column, .. } if column == "volunteer_id"));
    }
}
