//! The tables of one snapshot as DataFusion sees them: opened when first named.
//!
//! Every table of the catalog is there; what the snapshot does not hold is empty. Instants
//! are shown in the pool's zone, so that people see local time and `date_trunc` cuts local
//! days; the stored values are the same. Vault columns are shown masked (`vault.rs`), unless the
//! session reveals them; `stored.<table>` has them as they are.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::catalog::{CatalogProvider, SchemaProvider, TableProvider};
use datafusion::common::{Column, DataFusionError, TableReference};
use datafusion::datasource::empty::EmptyTable;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::datasource::{TableType, ViewTable, provider_as_source};
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::logical_expr::{Expr, JoinType, LogicalPlanBuilder, col, lit, when};
use linli_model::{Catalog, TableSchema};

use super::vault::Masked;
use crate::store::{Snapshot, Store};
use crate::{Error, Result};

/// The catalog's name in SQL.
pub(super) const CATALOG: &str = "linli";
/// The schema of what everybody may name.
pub(super) const PUBLIC: &str = "public";
/// The schema of tables as they are stored, for SQL of our own.
pub(super) const STORED: &str = "stored";

/// The table whose state depends on another one.
const MATCH: &str = "match";

/// Between the name of a function and the number of its call; in no name of the catalog.
const CALL_MARK: char = '#';

pub(super) type Provider = Arc<dyn TableProvider>;

/// Where rows come from.
#[derive(Debug)]
pub(super) enum Source {
    /// The Parquet files of a snapshot.
    Snapshot(Store, Snapshot),
    /// Nowhere: every table is empty.
    #[cfg(test)]
    Nowhere,
}

/// All tables of a session.
#[derive(Debug)]
pub(super) struct Tables {
    source: Source,
    zone: Arc<str>,
    runtime: Arc<RuntimeEnv>,
    /// Whether vault columns are shown as they are.
    reveal: bool,
    /// Opened tables of the snapshot.
    opened: Mutex<BTreeMap<String, Provider>>,
    /// Tables in memory and plans of library calls.
    added: Mutex<BTreeMap<String, Provider>>,
}

impl Tables {
    pub(super) fn new(source: Source, zone: &str, runtime: Arc<RuntimeEnv>, reveal: bool) -> Self {
        let (opened, added) = Default::default();
        Self { source, zone: zone.into(), runtime, reveal, opened, added }
    }

    /// Adds a table, or puts it in the place of one.
    pub(super) fn add(&self, name: &str, table: Provider) {
        locked(&self.added).insert(name.to_owned(), table);
    }

    /// Takes away what [`Tables::add`] added.
    pub(super) fn remove(&self, name: &str) {
        locked(&self.added).remove(name);
    }

    /// Whether SQL may name the table.
    pub(super) fn has(&self, name: &str) -> bool {
        locked(&self.added).contains_key(name) || schema_of(name).is_some()
    }

    /// The names people may use, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = locked(&self.added).keys().cloned().collect();
        names.retain(|it| !it.contains(CALL_MARK));
        names.extend(Catalog::embedded().iter().flat_map(|it| it.tables()).map(|it| it.name.clone()));
        names.sort();
        names.dedup();
        names
    }

    async fn public(&self, name: &str) -> Result<Option<Provider>> {
        if let Some(table) = locked(&self.added).get(name) {
            return Ok(Some(Arc::clone(table)));
        }
        if name != MATCH {
            let Some(schema) = schema_of(name) else { return Ok(None) };
            let stored = self.stored(name).await?;
            return Ok(stored.map(|it| if self.reveal { it } else { Masked::over(it, schema) }));
        }
        match (self.stored(MATCH).await?, self.stored("publication").await?) {
            (Some(matches), Some(publications)) => {
                let view = published(matches, publications);
                view.map(Some).map_err(|it| Error::Engine { cause: it.to_string() })
            }
            _ => Ok(None),
        }
    }

    /// The table as it is stored.
    async fn stored(&self, name: &str) -> Result<Option<Provider>> {
        let Some(schema) = schema_of(name) else { return Ok(None) };
        if let Some(table) = locked(&self.opened).get(name) {
            return Ok(Some(Arc::clone(table)));
        }
        let shown = shown(schema, &self.zone);
        let files = match &self.source {
            Source::Snapshot(store, snapshot) => store.files(snapshot, name).await?,
            #[cfg(test)]
            Source::Nowhere => Vec::new(),
        };
        let table: Provider = if files.is_empty() {
            Arc::new(EmptyTable::new(shown))
        } else {
            let table = self.scan(&files, shown);
            Arc::new(table.map_err(|it| Error::Engine { cause: it.to_string() })?)
        };
        locked(&self.opened).insert(name.to_owned(), Arc::clone(&table));
        Ok(Some(table))
    }

    fn scan(&self, files: &[String], schema: SchemaRef) -> datafusion::common::Result<ListingTable> {
        let urls =
            files.iter().map(ListingTableUrl::parse).collect::<datafusion::common::Result<Vec<_>>>()?;
        let format = ParquetFormat::default().with_force_view_types(false);
        let options = ListingOptions::new(Arc::new(format)).with_file_extension(".parquet");
        let config =
            ListingTableConfig::new_with_multi_paths(urls).with_listing_options(options).with_schema(schema);
        let statistics = self.runtime.cache_manager.get_file_statistic_cache();
        Ok(ListingTable::try_new(config)?.with_cache(statistics))
    }
}

fn schema_of(name: &str) -> Option<&'static TableSchema> {
    Catalog::embedded().ok()?.table(name)
}

/// The catalog's schema with instants in the zone.
pub(super) fn shown(table: &TableSchema, zone: &Arc<str>) -> SchemaRef {
    let field = |it: &datafusion::arrow::datatypes::FieldRef| match it.data_type() {
        DataType::Timestamp(TimeUnit::Microsecond, Some(_)) => {
            Field::new(it.name(), DataType::Timestamp(TimeUnit::Microsecond, Some(Arc::clone(zone))), true)
        }
        _ => it.as_ref().clone(),
    };
    Arc::new(Schema::new(table.arrow().fields().iter().map(field).collect::<Vec<_>>()))
}

/// Matches whose run was published are published, whatever state they were stored with.
///
/// Publishing a run is one row in `publication`; no match is rewritten for it.
fn published(matches: Provider, publications: Provider) -> datafusion::common::Result<Provider> {
    const RUN: &str = "run_id";
    let column = |table: &str, name: &str| Expr::Column(Column::new(Some(TableReference::bare(table)), name));
    let fields = matches.schema();
    // One row per run, so that no match can turn into two.
    let runs = LogicalPlanBuilder::scan("publication", provider_as_source(publications), None)?
        .project(vec![col(RUN)])?
        .distinct()?
        .alias("published")?
        .build()?;
    let columns = fields.fields().iter().map(|it| match it.name().as_str() {
        "state" => Ok(when(column("published", RUN).is_not_null(), lit("published"))
            .otherwise(column("stored", "state"))?
            .alias("state")),
        name => Ok(column("stored", name).alias(name)),
    });
    let columns = columns.collect::<datafusion::common::Result<Vec<_>>>()?;
    let plan = LogicalPlanBuilder::scan(MATCH, provider_as_source(matches), None)?
        .alias("stored")?
        .join_on(runs, JoinType::Left, [column("stored", RUN).eq(column("published", RUN))])?
        .project(columns)?
        .build()?;
    Ok(Arc::new(ViewTable::new(plan, None)))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The catalog with its two schemas.
#[derive(Debug)]
pub(super) struct PoolCatalog(pub(super) Arc<Tables>);

impl CatalogProvider for PoolCatalog {
    fn schema_names(&self) -> Vec<String> {
        // What is stored is reached by SQL of our own and listed nowhere.
        vec![PUBLIC.to_owned()]
    }

    fn schema(&self, name: &str) -> Option<Arc<dyn SchemaProvider>> {
        let is_public = match name {
            PUBLIC => true,
            STORED => false,
            _ => return None,
        };
        Some(Arc::new(PoolSchema { tables: Arc::clone(&self.0), is_public }))
    }
}

#[derive(Debug)]
struct PoolSchema {
    tables: Arc<Tables>,
    is_public: bool,
}

type Opening<'a> = Pin<Box<dyn Future<Output = Result<Option<Provider>, DataFusionError>> + Send + 'a>>;
type Kind<'a> = Pin<Box<dyn Future<Output = Result<Option<TableType>, DataFusionError>> + Send + 'a>>;

// The trait is written with `async_trait`; these are the signatures it makes.
impl SchemaProvider for PoolSchema {
    fn table_names(&self) -> Vec<String> {
        if self.is_public { self.tables.names() } else { Vec::new() }
    }

    fn table<'a, 'b, 'c>(&'a self, name: &'b str) -> Opening<'c>
    where
        'a: 'c,
        'b: 'c,
    {
        Box::pin(async move {
            let table =
                if self.is_public { self.tables.public(name).await } else { self.tables.stored(name).await };
            table.map_err(|it| DataFusionError::External(Box::new(it)))
        })
    }

    fn table_type<'a, 'b, 'c>(&'a self, name: &'b str) -> Kind<'c>
    where
        'a: 'c,
        'b: 'c,
    {
        let kind = self.table_exist(name).then_some(TableType::Base);
        Box::pin(async move { Ok(kind) })
    }

    fn table_exist(&self, name: &str) -> bool {
        if self.is_public { self.tables.has(name) } else { schema_of(name).is_some() }
    }
}
