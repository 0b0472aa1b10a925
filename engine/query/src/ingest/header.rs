//! Which column of a file is which column of the table.

use linli_model::{Field, TableSchema};

use super::nearest::nearest_few;
use super::report::IgnoredColumn;
use super::settled::{Settled, Words};
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
    /// For each field the words that are replaced in its column.
    pub(super) words: Vec<Words>,
    /// Whether something that people settled was applied.
    pub(super) is_settled: bool,
}

/// How many columns an unknown header is told of.
const NEAREST_MAX: usize = 3;

/// Finds the fields of a table among headers: as people settled it, by name, by name whatever
/// its case, by title, by synonym. A better match goes before a worse one, an earlier header
/// before a later one.
///
/// **Errors.** [`Error::MissingColumn`].
pub(super) fn map(
    headers: Vec<String>,
    table: &TableSchema,
    file: &str,
    settled: &Settled,
) -> Result<Mapping> {
    let mut sources: Vec<Option<usize>> = vec![None; table.fields.len()];
    let mut taken = vec![false; headers.len()];
    // A header that was given another column's place, and the field it was meant for.
    let mut second: Vec<Option<usize>> = vec![None; headers.len()];
    for (source, header) in headers.iter().enumerate() {
        let Some(column) = settled.column(fold(header)) else { continue };
        taken[source] = true;
        let Some(field) = column.and_then(|it| table.index_of(it)) else { continue };
        match sources[field] {
            None => sources[field] = Some(source),
            Some(_) => second[source] = Some(field),
        }
    }
    let mut is_settled = taken.contains(&true);
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
    check_required(&headers, &sources, table, file)?;
    let used = |field: usize| sources[field].map(|it| headers[it].clone());
    let mut ignored = Vec::new();
    for (source, header) in headers.iter().enumerate() {
        match second[source] {
            Some(field) => ignored.push(IgnoredColumn {
                instead: used(field),
                ..IgnoredColumn::of(file, header, vec![table.fields[field].name.clone()])
            }),
            None if taken[source] => {}
            None => ignored.push(ignored_column(header, table, file, &used)),
        }
    }
    let words = words(table, &sources, settled);
    is_settled |= words.iter().any(|it| !it.is_empty());
    Ok(Mapping { headers, sources, ignored, words, is_settled })
}

/// The mapping of cells that stand under the names of their columns.
///
/// **Errors.** [`Error::MissingColumn`].
pub(super) fn named(
    columns: Vec<String>,
    table: &TableSchema,
    file: &str,
    settled: &Settled,
) -> Result<Mapping> {
    let at = |field: &Field| columns.iter().position(|it| *it == field.name);
    let sources: Vec<Option<usize>> = table.fields.iter().map(at).collect();
    check_required(&columns, &sources, table, file)?;
    let words = words(table, &sources, settled);
    Ok(Mapping { headers: columns, sources, ignored: Vec::new(), words, is_settled: true })
}

fn words(table: &TableSchema, sources: &[Option<usize>], settled: &Settled) -> Vec<Words> {
    let words = |(field, source): (&Field, &Option<usize>)| match source {
        Some(_) => settled.words(&field.name),
        None => Words::new(),
    };
    table.fields.iter().zip(sources).map(words).collect()
}

fn check_required(
    headers: &[String],
    sources: &[Option<usize>],
    table: &TableSchema,
    file: &str,
) -> Result<()> {
    let is_key = |field: &Field| table.primary_key.len() == 1 && table.primary_key[0] == field.name;
    let fields = table.fields.iter().zip(sources);
    let missing = fields.filter(|(field, _)| field.constraints.required || is_key(field));
    match missing.into_iter().find(|(_, source)| source.is_none()) {
        None => Ok(()),
        Some((field, _)) => Err(Error::MissingColumn {
            path: file.to_owned(),
            table: table.name.clone(),
            column: field.name.clone(),
            found: headers.to_vec(),
            encoding: None,
        }),
    }
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
        return IgnoredColumn { instead: Some(header_used), ..IgnoredColumn::of(file, header, vec![column]) };
    }
    let spellings = table.fields.iter().flat_map(|field| {
        let titles = [&field.name, &field.title.en, &field.title.zh];
        titles.into_iter().chain(&field.synonyms).map(move |it| (it.as_str(), field.name.as_str()))
    });
    IgnoredColumn::of(file, header, nearest_few(header, spellings, NEAREST_MAX))
}

/// What a header can be recognised by.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    /// The table that is loaded.
    pub(super) table: &'a TableSchema,
    /// What people settled about headers.
    pub(super) settled: &'a Settled,
    /// The line of the header, from 1, where somebody named it.
    pub(super) row: Option<u64>,
}

impl Known<'_> {
    /// Whether a cell is a header: a name, a title, a synonym, or one that was settled.
    pub(super) fn has(&self, header: &str) -> bool {
        let names: [fn(&Field, &str) -> bool; 3] = [is_name_in_any_case, is_title, is_synonym];
        let is_name = |field: &Field| names.iter().any(|it| it(field, fold(header)));
        self.table.fields.iter().any(is_name) || self.settled.column(header).is_some()
    }
}

/// A header without what spreadsheets and forms leave around it: blanks, a star, （必填）.
pub(super) fn fold(header: &str) -> &str {
    let around = |it: char| it.is_whitespace() || matches!(it, '\u{feff}' | '*' | '＊');
    let mut text = header.trim_matches(around);
    for mark in ["必填", "选填", "可选", "必填项"] {
        let marked = text.strip_suffix([')', '）']).and_then(|it| it.strip_suffix(mark));
        if let Some(rest) = marked.and_then(|it| it.strip_suffix(['(', '（'])) {
            text = rest.trim_matches(around);
        }
    }
    text
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

/// Whether two headers are one, whatever their case and the blanks in them: forms spread 编 号 out.
pub(super) fn same(left: &str, right: &str) -> bool {
    // Letter by letter: most differ in the first one, and nothing is kept of the others.
    let left = left.chars().filter(|it| !it.is_whitespace()).flat_map(char::to_lowercase);
    let right = right.chars().filter(|it| !it.is_whitespace()).flat_map(char::to_lowercase);
    left.eq(right)
}

#[cfg(test)]
mod tests {
    use linli_model::Catalog;

    use super::*;

    fn mapped(headers: &[&str]) -> Result<Mapping> {
        let table = Catalog::embedded().expect("schemas").table("volunteer").expect("a table");
        map(headers.iter().map(|it| (*it).to_owned()).collect(), table, "v.csv", &Settled::default())
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
        assert_eq!(it.ignored[0].others, ["max_per_week"]);
    }

    #[test]
    fn a_required_column_must_be_there() {
        let error = mapped(&["kind", "skills"]).expect_err("no key");
        assert!(matches!(error, Error::MissingColumn { column, .. } if column == "volunteer_id"));
    }

    /// What the forms of communities call their columns.
    #[test]
    fn headers_of_everyday_forms_are_known() {
        let forms = [
            (
                "volunteer",
                "志愿者编号 姓名 性别 出生日期 手机 所属社区 技能 服务时间 累计时长 党员",
                "volunteer_id name gender birth_date phone community_id skills available_times total_hours \
                 political_status",
            ),
            (
                "volunteer",
                "编号 姓名 性别 年龄 联系电话 社区 爱好特长 可服务时间 服务时长 政治面貌",
                "volunteer_id name gender age phone community_id skills available_times total_hours \
                 political_status",
            ),
            (
                "merchant",
                "编号 商户名称 统一社会信用代码 类别 地址 经度 纬度 联系电话 优惠 是否上门 加盟日期 证照有效期",
                "merchant_id name uscc category_id address lon lat phone discount home_visit joined_on \
                 licence_valid_to",
            ),
            ("merchant", "编号 店名 行业 折扣", "merchant_id name category_id discount"),
            (
                "need",
                "编号 诉求内容 类别 紧急程度 受理时间 渠道 所属社区 办结时限",
                "need_id text service_id tier received_at channel community_id due_at",
            ),
            ("need", "工单号 需求 来电人 手机号 住址", "need_id text caller_name phone address"),
        ];
        for (table, headers, columns) in forms {
            let table = Catalog::embedded().expect("schemas").table(table).expect("a table");
            let headers = headers.split_whitespace().map(str::to_owned).collect();
            let mapping = map(headers, table, "form.csv", &Settled::default()).expect("a mapping");
            assert!(mapping.ignored.is_empty(), "{:?}", mapping.ignored);
            for (position, column) in columns.split_whitespace().enumerate() {
                let field = table.index_of(column).expect("a column");
                assert_eq!(mapping.sources[field], Some(position), "{}.{column}", table.name);
            }
        }
    }
}
