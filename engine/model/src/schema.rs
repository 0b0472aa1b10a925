//! Table schemas: data in `datasets/schemas/*.json`, embedded when linli is built.
//!
//! The files follow Frictionless Table Schema (fields, constraints, `primaryKey`,
//! `foreignKeys`) with keys of our own: bilingual `title`, `synonyms` of a header, `unit`,
//! `format` (how values are written), `words` (what files have for a code), and `pii`, the
//! class of personal information.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use arrow_schema::{DataType, Schema, TimeUnit};
use include_dir::{Dir, include_dir};
use serde::Deserialize;

use crate::Text;
use crate::wording::{check_format, check_words};

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../datasets/schemas");

/// Who writes a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// Outsiders load it.
    Input,
    /// Runs and evaluations append to it.
    Result,
    /// linli keeps book in it: quarantine, plugins, publications.
    System,
}

/// The class of personal information in a column. A plugin may be granted `none` only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pii {
    /// Says nothing about a person.
    None,
    /// Narrows down who it is when joined with others.
    QuasiIdentifier,
    /// Reaches the person.
    Contact,
    /// Is the person.
    Identity,
    /// Health, poverty, faith.
    Sensitive,
}

impl Pii {
    /// The name outsiders see.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::QuasiIdentifier => "quasi_identifier",
            Self::Contact => "contact",
            Self::Identity => "identity",
            Self::Sensitive => "sensitive",
        }
    }

    /// Whether a column of this class is a vault column: shown masked, whoever asks.
    pub const fn is_vault(self) -> bool {
        matches!(self, Self::Contact | Self::Identity | Self::Sensitive)
    }
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// UTF-8 text.
    String,
    /// A whole number, 64 bits.
    Integer,
    /// A number with a fraction.
    Number,
    /// A whole number of up to 38 digits.
    Decimal,
    /// yes or no.
    Boolean,
    /// A day.
    Date,
    /// An instant, microseconds, stored in UTC.
    Datetime,
    /// Texts; in CSV split by `;`.
    List,
}

impl FieldType {
    /// How the column is stored.
    pub fn data_type(self) -> DataType {
        match self {
            Self::String => DataType::Utf8,
            Self::Integer => DataType::Int64,
            Self::Number => DataType::Float64,
            Self::Decimal => DataType::Decimal128(38, 0),
            Self::Boolean => DataType::Boolean,
            Self::Date => DataType::Date32,
            Self::Datetime => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::List => DataType::new_list(DataType::Utf8, true),
        }
    }

    /// What to write there, for people, in English.
    pub const fn expected(self) -> &'static str {
        match self {
            Self::String => "text",
            Self::Integer | Self::Decimal => "a whole number",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Date => "a date such as 2024-03-05",
            Self::Datetime => "a time such as 2024-03-05T16:00 (+08:00 unless it says otherwise)",
            Self::List => "texts separated by ;",
        }
    }

    /// What to write there, for people, in Chinese.
    pub const fn expected_zh(self) -> &'static str {
        match self {
            Self::String => "文本",
            Self::Integer | Self::Decimal => "整数",
            Self::Number => "数字",
            Self::Boolean => "true/false 或 是/否",
            Self::Date => "日期，如 2024-03-05",
            Self::Datetime => "时间，如 2024-03-05T16:00（未注明时区时为 +08:00）",
            Self::List => "用 ; 分隔的文本",
        }
    }
}

/// How a text is written, or a number in words, beyond its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A unified social credit code, GB 32100.
    Uscc,
    /// A resident identity number, GB 11643.
    ResidentId,
    /// A division code of 6, 9, 12 or 17 digits.
    DivisionCode,
    /// A telephone number: mobile, landline, local or hotline.
    Phone,
    /// A part to pay of a price: 95折, 半价, 0.95.
    Discount,
    /// The name of a person.
    PersonName,
    /// An address.
    Address,
}

/// Limits on the values of a column.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Constraints {
    /// The cell may not be empty.
    pub required: bool,
    /// The only values allowed.
    #[serde(rename = "enum")]
    pub one_of: Option<Vec<String>>,
    /// The least value allowed.
    pub minimum: Option<f64>,
    /// The greatest value allowed.
    pub maximum: Option<f64>,
}

/// One column.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name in SQL and in every file.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// Its name for people.
    pub title: Text,
    /// What it means, where the title does not say.
    #[serde(default)]
    pub description: Option<String>,
    /// Other headers it arrives under.
    #[serde(default)]
    pub synonyms: Vec<String>,
    /// The unit of its values.
    #[serde(default)]
    pub unit: Option<String>,
    /// How its values are written, where the type does not say.
    #[serde(default)]
    pub format: Option<Format>,
    /// Words that files have for its codes: code, then words.
    #[serde(default)]
    pub words: BTreeMap<String, Vec<String>>,
    /// The class of personal information.
    pub pii: Pii,
    /// Limits on its values.
    #[serde(default)]
    pub constraints: Constraints,
}

/// A column that names a row of another table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignKey {
    /// The columns here.
    pub fields: Vec<String>,
    /// Where they point.
    pub reference: Reference,
}

/// The far end of a [`ForeignKey`].
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The table.
    pub resource: String,
    /// Its columns.
    pub fields: Vec<String>,
}

/// One table.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TableSchema {
    /// Its name everywhere.
    pub name: String,
    /// Its name for people.
    pub title: Text,
    /// What one row is.
    pub description: String,
    /// Who writes it.
    pub layer: Layer,
    /// Its columns, in order.
    pub fields: Vec<Field>,
    /// The columns that name a row.
    pub primary_key: Vec<String>,
    /// What it points at.
    #[serde(default)]
    pub foreign_keys: Vec<ForeignKey>,
}

impl TableSchema {
    /// The Arrow schema of the stored table. Every column may hold NULL: what must be filled is
    /// checked when rows are loaded, so that a later build may ask for more.
    pub fn arrow(&self) -> Schema {
        Schema::new(
            self.fields
                .iter()
                .map(|it| arrow_schema::Field::new(&it.name, it.field_type.data_type(), true))
                .collect::<Vec<_>>(),
        )
    }

    /// The column of that name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|it| it.name == name)
    }

    /// The position of the column of that name.
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|it| it.name == name)
    }
}

/// Why the embedded schemas cannot be used: a mistake in the build, not in anybody's data.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SchemaError {
    /// The file is not what this module reads.
    #[error("schema {file} cannot be read: {cause}")]
    Unreadable {
        /// Which file.
        file: String,
        /// What the reader says.
        cause: String,
    },
    /// The file's name and the table's name differ, or a key names no column.
    #[error("schema {file} contradicts itself: {cause}")]
    Contradiction {
        /// Which file.
        file: String,
        /// What does not fit.
        cause: String,
    },
}

/// All tables linli knows.
#[derive(Debug)]
pub struct Catalog {
    tables: BTreeMap<String, TableSchema>,
}

impl Catalog {
    /// The schemas this build was made with.
    pub fn embedded() -> Result<&'static Self, SchemaError> {
        static CATALOG: OnceLock<Result<Catalog, SchemaError>> = OnceLock::new();
        CATALOG.get_or_init(Self::read).as_ref().map_err(Clone::clone)
    }

    fn read() -> Result<Self, SchemaError> {
        let mut tables = BTreeMap::new();
        for file in FILES.files().filter(|it| it.path().extension().is_some_and(|it| it == "json")) {
            let name = file.path().display().to_string();
            let schema: TableSchema = serde_json::from_slice(file.contents())
                .map_err(|it| SchemaError::Unreadable { file: name.clone(), cause: it.to_string() })?;
            check(&schema, &name)?;
            tables.insert(schema.name.clone(), schema);
        }
        Ok(Self { tables })
    }

    /// The table of that name.
    pub fn table(&self, name: &str) -> Option<&TableSchema> {
        self.tables.get(name)
    }

    /// Every table, by name.
    pub fn tables(&self) -> impl Iterator<Item = &TableSchema> {
        self.tables.values()
    }
}

pub(crate) fn check(schema: &TableSchema, file: &str) -> Result<(), SchemaError> {
    let contradiction = |cause: String| SchemaError::Contradiction { file: file.to_owned(), cause };
    if format!("{}.json", schema.name) != file {
        return Err(contradiction(format!("the table is called {}", schema.name)));
    }
    let keys = schema.primary_key.iter().chain(schema.foreign_keys.iter().flat_map(|it| &it.fields));
    for key in keys {
        if schema.field(key).is_none() {
            return Err(contradiction(format!("the key {key} is no column")));
        }
    }
    for field in &schema.fields {
        let named = |cause: String| contradiction(format!("the column {}: {cause}", field.name));
        check_format(field).map_err(named)?;
        check_words(field).map_err(named)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_can_be_read_and_every_reference_exists() {
        let catalog = Catalog::embedded().expect("schemas");
        for table in catalog.tables() {
            assert!(!table.primary_key.is_empty(), "{} has no key", table.name);
            for key in &table.foreign_keys {
                let far = catalog.table(&key.reference.resource);
                let far = far.unwrap_or_else(|| panic!("{} points at no table", table.name));
                for field in &key.reference.fields {
                    assert!(far.field(field).is_some(), "{}: {field}", table.name);
                }
            }
        }
    }

    /// A column that names or reaches somebody cannot be shown by a slip of the pen.
    #[test]
    fn columns_that_look_like_people_are_classed_as_such() {
        let personal = [Format::PersonName, Format::Phone, Format::ResidentId, Format::Address];
        let mut vault = 0;
        for table in Catalog::embedded().expect("schemas").tables() {
            for field in &table.fields {
                vault += usize::from(field.pii.is_vault());
                if field.format.is_some_and(|it| personal.contains(&it)) && field.pii == Pii::None {
                    let why = field.description.as_deref().unwrap_or_default();
                    assert!(why.starts_with("Public: "), "{}.{} does not say why", table.name, field.name);
                }
                if matches!(field.format, Some(Format::PersonName | Format::ResidentId)) {
                    assert_eq!(field.pii, Pii::Identity, "{}.{}", table.name, field.name);
                }
                // A mask of another type would be another column.
                let shown = !matches!(field.field_type, FieldType::String) && field.format.is_some();
                assert!(!(field.pii.is_vault() && shown), "{}.{}", table.name, field.name);
            }
        }
        assert!(vault >= 10, "{vault} vault columns");
    }

    #[test]
    fn one_header_is_one_column_of_a_table() {
        for table in Catalog::embedded().expect("schemas").tables() {
            let mut seen = BTreeMap::new();
            for field in &table.fields {
                let titles = [&field.name, &field.title.zh, &field.title.en];
                let spellings: std::collections::BTreeSet<String> =
                    titles.into_iter().chain(&field.synonyms).map(|it| it.to_lowercase()).collect();
                for spelling in spellings {
                    if let Some(other) = seen.insert(spelling.clone(), &field.name) {
                        panic!("{}: `{spelling}` is {other} and {}", table.name, field.name);
                    }
                }
            }
        }
    }
}
