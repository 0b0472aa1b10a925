//! Rows that look like one person, firm or place under two keys. They are reported, never merged.
//!
//! | rule | what two rows share |
//! |---|---|
//! | `same_person` | the resident ID; telephone number and name; name and day of birth |
//! | `same_firm` | the credit code; the name, without what names of firms end with, in one community |
//! | `same_place` | the name, without 社区, 街道 and the like, in one place above: also 太慈 and 太慈桥 |
//!
//! Names are compared without blanks, in half width, whatever their case. A table is asked only
//! what its columns can answer. The rows that a load brings are compared with each other and
//! with the stored ones; of rows that share the same, each is paired with one of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use linli_model::{Format, TableSchema};
use sha2::{Digest as _, Sha256};

use super::convert::shown;
use super::existing::KeyMap;
use super::report::Duplicate;
use crate::error::Result;
use crate::store::digest::key_ids;
use crate::store::{Snapshot, Store};

/// How many pairs a report lists.
const LISTED_MAX: usize = 1_000;

/// The shortest name of a place of which one letter may be missing.
const LETTERS_MIN: usize = 3;

const FIRM_ENDINGS: [&str; 16] = [
    "有限责任公司",
    "股份有限公司",
    "有限公司",
    "个体工商户",
    "专卖店",
    "经营部",
    "服务部",
    "门市部",
    "工作室",
    "公司",
    "商行",
    "商店",
    "超市",
    "分店",
    "店",
    "铺",
];

const PLACE_ENDINGS: [&str; 9] =
    ["社区居民委员会", "社区居委会", "村民委员会", "居委会", "村委会", "社区", "街道", "镇", "村"];

/// What a cell says, however it is written.
#[derive(Debug, Clone, Copy)]
enum Fold {
    /// Letters and digits.
    Code,
    Name,
    Firm,
    Place,
}

/// Cells of which two rows cannot share all and be two.
struct Basis {
    rule: &'static str,
    name: &'static str,
    /// Columns of the table, and how their cells are compared.
    cells: Vec<(usize, Fold)>,
}

type Hash = [u8; 16];

/// A new row: its batch, and its place there.
type At = (usize, usize);

/// New rows by what they share: the first row of each.
#[derive(Default)]
struct Index {
    exact: KeyMap<At>,
    /// Names of places without their last letter.
    shortened: KeyMap<At>,
}

/// What a row can share on one basis.
struct Probe {
    exact: Hash,
    shortened: Option<Hash>,
}

/// Pairs by keys, with the first basis that they share.
type Pairs = BTreeMap<[String; 2], (&'static str, &'static str)>;

/// Finds pairs among new rows, and between them and stored rows whose key is not in `replaced`.
///
/// **Shape.** The first 1,000 pairs by key, and how many there are.
/// **Cost.** O(rows) for each basis of which the new rows have all columns, 32 bytes for each of
/// them; for such a basis the stored rows are read once more.
pub(super) async fn find(
    store: &Store,
    base: Option<&Snapshot>,
    table: &'static TableSchema,
    new: &[RecordBatch],
    replaced: Arc<KeyMap<()>>,
) -> Result<(Vec<Duplicate>, u64)> {
    let mut pairs = Pairs::new();
    let key = super::check::key_positions(table)?;
    for (number, basis) in bases(table).into_iter().enumerate() {
        let basis = Arc::new((number, basis));
        let mut index = Index::default();
        for batch in 0..new.len() {
            among(&basis, &key, new, batch, &mut index, &mut pairs);
        }
        if let Some(base) = base.filter(|_| !index.exact.is_empty()) {
            let (index, replaced) = (Arc::new(index), Arc::clone(&replaced));
            let (own, of) = (key.clone(), Arc::clone(&basis));
            let found = store
                .map_rows(base, &table.name, move |batch| stored(&of, &own, &batch, &index, &replaced))
                .await?;
            // The least of the stored keys stands for all.
            let mut least = BTreeMap::<String, String>::new();
            for ((batch, row), old) in found.into_iter().flatten() {
                let new = key_text(&key, &new[batch], row);
                let kept = least.entry(new).or_insert_with(|| old.clone());
                if old < *kept {
                    *kept = old;
                }
            }
            for (new, old) in least {
                pairs.entry([old, new]).or_insert((basis.1.rule, basis.1.name));
            }
        }
    }
    let total = pairs.len() as u64;
    let listed = pairs.into_iter().take(LISTED_MAX);
    Ok((listed.map(|(keys, (rule, basis))| Duplicate { rule, keys, basis }).collect(), total))
}

/// What the columns of a table can answer, the surest first.
fn bases(table: &TableSchema) -> Vec<Basis> {
    let named = |name: &str| table.index_of(name);
    let written = |format: Format| table.fields.iter().position(|it| it.format == Some(format));
    let (id, phone) = (written(Format::ResidentId), written(Format::Phone));
    let birth = named("birth_date");
    let uscc = written(Format::Uscc).or_else(|| named("uscc"));
    // A row with the name of a person stands for that person; one with the name of a caller or of
    // a shop's owner does not.
    let name = named("name");
    let is_person = name.is_some_and(|it| table.fields[it].format == Some(Format::PersonName));
    let mut bases = Vec::new();
    let mut add = |rule, name, cells: [Option<(usize, Fold)>; 2]| {
        bases.push(Basis { rule, name, cells: cells.into_iter().flatten().collect() });
    };
    if let Some(id) = id {
        add("same_person", "resident_id", [Some((id, Fold::Code)), None]);
    }
    if let Some(uscc) = uscc {
        add("same_firm", "uscc", [Some((uscc, Fold::Code)), None]);
    }
    let Some(name) = name else { return bases };
    if is_person {
        if let Some(phone) = phone {
            add("same_person", "phone_and_name", [Some((phone, Fold::Code)), Some((name, Fold::Name))]);
        }
        if let Some(birth) = birth {
            add("same_person", "name_and_birth_date", [Some((name, Fold::Name)), Some((birth, Fold::Code))]);
        }
        return bases;
    }
    let (rule, fold) = match uscc {
        Some(_) => ("same_firm", Fold::Firm),
        None => ("same_place", Fold::Place),
    };
    let above = |it: &str| named(it).filter(|at| !table.primary_key.contains(&table.fields[*at].name));
    if let Some(community) = above("community_id") {
        add(rule, "name_in_community", [Some((community, Fold::Code)), Some((name, fold))]);
    } else if let Some(district) = above("district_id") {
        add(rule, "name_in_district", [Some((district, Fold::Code)), Some((name, fold))]);
    }
    bases
}

/// Pairs new rows with each other.
fn among(
    basis: &(usize, Basis),
    key: &[usize],
    new: &[RecordBatch],
    batch: usize,
    index: &mut Index,
    pairs: &mut Pairs,
) {
    let Some(texts) = basis.1.texts(&new[batch]) else { return };
    let key = |(batch, row): At| key_text(key, &new[batch], row);
    for row in 0..new[batch].num_rows() {
        let Some(probe) = basis.1.probe(basis.0, &texts, row) else { continue };
        for other in index.matches(&probe) {
            pairs.entry([key(other), key((batch, row))]).or_insert((basis.1.rule, basis.1.name));
        }
        if let Some(it) = probe.shortened {
            index.shortened.entry(it).or_insert((batch, row));
        }
        index.exact.entry(probe.exact).or_insert((batch, row));
    }
}

/// Pairs of new and stored keys.
fn stored(
    basis: &(usize, Basis),
    key: &[usize],
    batch: &RecordBatch,
    index: &Index,
    replaced: &KeyMap<()>,
) -> Result<Vec<(At, String)>> {
    let (mut found, mut ids) = (Vec::new(), None);
    let Some(texts) = basis.1.texts(batch) else { return Ok(found) };
    for row in 0..batch.num_rows() {
        let Some(probe) = basis.1.probe(basis.0, &texts, row) else { continue };
        let matches: Vec<At> = index.matches(&probe).collect();
        if matches.is_empty() {
            continue;
        }
        let ids = match &mut ids {
            Some(it) => it,
            empty => empty.insert(key_ids(batch, key)?),
        };
        if !replaced.contains_key(&ids[row]) {
            let own = key_text(key, batch, row);
            found.extend(matches.into_iter().map(|it| (it, own.clone())));
        }
    }
    Ok(found)
}

impl Index {
    fn matches(&self, probe: &Probe) -> impl Iterator<Item = At> {
        let shorter = probe.shortened.as_ref().and_then(|it| self.exact.get(it));
        let exact = self.exact.get(&probe.exact).into_iter();
        exact.chain(shorter).chain(self.shortened.get(&probe.exact)).copied()
    }
}

impl Basis {
    /// The columns as texts; none where one of them has no value.
    fn texts(&self, batch: &RecordBatch) -> Option<Vec<StringArray>> {
        let texts = |column: &ArrayRef| {
            let texts = cast(column, &DataType::Utf8).ok()?.as_string_opt::<i32>()?.clone();
            (texts.null_count() < texts.len()).then_some(texts)
        };
        self.cells.iter().map(|(column, _)| texts(batch.column(*column))).collect()
    }

    /// What a row can share; none where one of the cells is empty.
    fn probe(&self, number: usize, texts: &[StringArray], row: usize) -> Option<Probe> {
        let mut cells = Vec::with_capacity(self.cells.len());
        for (texts, (_, fold)) in texts.iter().zip(&self.cells) {
            if texts.is_null(row) {
                return None;
            }
            let cell = fold.of(texts.value(row));
            if cell.is_empty() {
                return None;
            }
            cells.push(cell);
        }
        let exact = hash(number, &cells);
        let is_place = matches!(self.cells.last(), Some((_, Fold::Place)));
        let shortened = cells.last_mut().filter(|it| is_place && it.chars().count() >= LETTERS_MIN);
        let shortened = shortened.map(String::pop).is_some().then(|| hash(number, &cells));
        Some(Probe { exact, shortened })
    }
}

impl Fold {
    fn of(self, cell: &str) -> String {
        let narrow = cell.chars().map(narrow).flat_map(char::to_lowercase);
        let text: String = match self {
            Self::Code => narrow.filter(|it| it.is_alphanumeric()).collect(),
            _ => narrow.filter(|it| !it.is_whitespace() && !"·・•.".contains(*it)).collect(),
        };
        match self {
            Self::Code | Self::Name => text,
            Self::Firm => without(&text, &FIRM_ENDINGS),
            Self::Place => without(&text, &PLACE_ENDINGS),
        }
    }
}

/// A letter of full width as the one of half width: U+FF01 to U+FF5E are U+0021 to U+007E.
fn narrow(letter: char) -> char {
    match letter {
        '！'..='～' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        '\u{3000}' => ' ',
        other => other,
    }
}

/// A name without its endings, one after the other, as long as two letters remain.
fn without(name: &str, endings: &[&str]) -> String {
    let mut rest = name;
    while let Some(shorter) = endings.iter().find_map(|it| rest.strip_suffix(it)) {
        if shorter.chars().count() < 2 {
            break;
        }
        rest = shorter;
    }
    rest.to_owned()
}

fn hash(number: usize, cells: &[String]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update((number as u64).to_le_bytes());
    for cell in cells {
        hasher.update((cell.len() as u64).to_le_bytes());
        hasher.update(cell.as_bytes());
    }
    let digest: [u8; 32] = hasher.finalize().into();
    let mut hash = Hash::default();
    hash.copy_from_slice(&digest[..16]);
    hash
}

fn key_text(key: &[usize], batch: &RecordBatch, row: usize) -> String {
    let cells: Vec<String> = key.iter().map(|it| shown(batch.column(*it), row).unwrap_or_default()).collect();
    cells.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_however_they_are_written() {
        assert_eq!(Fold::Name.of(" 张　三 "), Fold::Name.of("张三"));
        assert_eq!(Fold::Name.of("Ａｎｎ Lee"), "annlee");
        assert_eq!(Fold::Code.of("138-0013 8000"), "13800138000");
        assert_eq!(Fold::Firm.of("好邻居修理店"), Fold::Firm.of("好邻居修理有限公司"));
        assert_ne!(Fold::Firm.of("东店"), "", "an ending is no name");
        assert_eq!(Fold::Place.of("太慈社区居委会"), "太慈");
    }

    #[test]
    fn a_table_is_asked_what_its_columns_can_answer() {
        let catalog = linli_model::Catalog::embedded().expect("schemas");
        let asked = |table: &str| -> Vec<&'static str> {
            bases(catalog.table(table).expect("a table")).iter().map(|it| it.name).collect()
        };
        assert_eq!(asked("merchant"), ["uscc", "name_in_community"]);
        assert_eq!(asked("volunteer"), ["resident_id", "phone_and_name", "name_and_birth_date"]);
        assert!(asked("need").is_empty(), "who calls twice has two needs");
        assert_eq!(asked("community"), ["name_in_district"]);
        assert!(asked("need_event").is_empty());
    }
}
