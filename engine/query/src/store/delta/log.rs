//! One step of a Delta log: what goes, what comes.

use std::collections::{BTreeSet, HashMap};

use deltalake::kernel::transaction::{CommitBuilder, CommitProperties, TableReference, TransactionError};
use deltalake::kernel::{Action, Add, CommitInfo, MetadataExt, Remove, StructType};
use deltalake::protocol::{DeltaOperation, SaveMode};
use deltalake::{DeltaTable, DeltaTableError};

use crate::error::Result;
use crate::store::engine;
use crate::store::files::DataFile;

/// Commits the step from what `current` holds to `wanted`; none if somebody was faster.
pub(super) async fn commit(
    current: &DeltaTable,
    schema: &StructType,
    wanted: &[DataFile],
    at_ms: i64,
) -> Result<Option<u64>> {
    let state = current.snapshot().map_err(engine)?;
    let present = named_files(current)?;
    let names = |files: &[DataFile]| files.iter().map(|it| it.name.clone()).collect();
    let (had, has): (BTreeSet<String>, BTreeSet<String>) = (names(&present), names(wanted));
    let mut actions = vec![commit_info("WRITE", at_ms)];
    if *state.schema() != *schema {
        let metadata = state.metadata().clone().with_schema(schema).map_err(engine)?;
        actions.push(Action::Metadata(metadata));
    }
    actions.extend(present.iter().filter(|it| !has.contains(&it.name)).map(|it| remove(it, at_ms)));
    actions.extend(wanted.iter().filter(|it| !had.contains(&it.name)).map(add));
    let operation = DeltaOperation::Write {
        mode: if had.is_subset(&has) { SaveMode::Append } else { SaveMode::Overwrite },
        partition_by: None,
        predicate: None,
    };
    let reference: &dyn TableReference = state;
    let result = CommitBuilder::from(properties())
        .with_actions(actions)
        .build(Some(reference), current.log_store(), operation)
        .await;
    match result {
        Ok(it) => Ok(Some(it.version())),
        Err(it) if is_lost_race(&it) => Ok(None),
        Err(it) => Err(engine(it)),
    }
}

/// Never tries again by itself: whoever lost must look at what the other did.
pub(super) fn properties() -> CommitProperties {
    CommitProperties::default().with_max_retries(0).with_cleanup_expired_logs(Some(false))
}

fn is_lost_race(error: &DeltaTableError) -> bool {
    match error {
        DeltaTableError::VersionAlreadyExists(_) => true,
        DeltaTableError::Transaction { source } => matches!(
            source,
            TransactionError::VersionAlreadyExists(_)
                | TransactionError::CommitConflict(_)
                | TransactionError::MaxCommitAttempts(_)
        ),
        _ => false,
    }
}

/// The files of an open version, by name.
///
/// **Errors.** A version that cannot be read by its files alone.
pub(super) fn named_files(table: &DeltaTable) -> Result<Vec<DataFile>> {
    let state = table.snapshot().map_err(engine)?;
    let mut found = Vec::new();
    for view in state.log_data() {
        if view.deletion_vector_descriptor().is_some() {
            return Err(engine("a table with deletion vectors cannot be read"));
        }
        found.push(DataFile {
            name: view.path().into_owned(),
            bytes: view.size(),
            rows: view.num_records().unwrap_or_default(),
            at_ms: view.modification_time(),
        });
    }
    found.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(found)
}

/// The log's note on a commit: the caller's time, where the library would ask the clock.
pub(super) fn commit_info(operation: &str, at_ms: i64) -> Action {
    Action::CommitInfo(CommitInfo {
        timestamp: Some(at_ms),
        operation: Some(operation.to_owned()),
        engine_info: Some("linli".to_owned()),
        ..CommitInfo::default()
    })
}

fn add(file: &DataFile) -> Action {
    Action::Add(Add {
        path: file.name.clone(),
        size: file.bytes,
        modification_time: file.at_ms,
        data_change: true,
        stats: Some(format!("{{\"numRecords\":{}}}", file.rows)),
        ..Add::default()
    })
}

fn remove(file: &DataFile, at_ms: i64) -> Action {
    Action::Remove(Remove {
        path: file.name.clone(),
        data_change: true,
        deletion_timestamp: Some(at_ms),
        extended_file_metadata: Some(true),
        partition_values: Some(HashMap::new()),
        size: Some(file.bytes),
        ..Remove::default()
    })
}
