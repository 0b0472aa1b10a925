//! Components that take their columns, look at none, and answer zeros: what is left is the crossing.
//!
//! Made of C while the bench runs, because its SDK copies nothing and frees nothing.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use linli_plugin::{Host, Limits, Plugin};

use super::components::{build, source};
use super::said;

/// How a column of each Arrow type is asked for.
const TYPES: [(&str, &str); 4] =
    [("Float64", "LINLI_F64"), ("Int64", "LINLI_I64"), ("Boolean", "LINLI_BOOL"), ("Utf8", "LINLI_TEXT")];

/// Makes takers.
pub struct Takers {
    folder: PathBuf,
    host: Host,
    made: Cell<usize>,
}

impl Takers {
    pub fn get(folder: &Path) -> Result<Self, String> {
        let sdk = folder.join("sdk");
        fs::create_dir_all(&sdk).map_err(said)?;
        for file in fs::read_dir(source("plugins/c/sdk")).map_err(said)?.flatten() {
            fs::copy(file.path(), sdk.join(file.file_name())).map_err(said)?;
        }
        let host = Host::new(Limits::DEFAULT).map_err(said)?;
        Ok(Self { folder: folder.to_owned(), host, made: Cell::new(0) })
    }

    /// One for the columns of a table.
    pub fn of(&self, batch: &RecordBatch) -> Result<Plugin, String> {
        let n = self.made.replace(self.made.get() + 1);
        let project = self.folder.join(format!("taker-{n}"));
        fs::create_dir_all(&project).map_err(said)?;
        fs::write(project.join("plugin.c"), program(batch)?).map_err(said)?;
        let bytes = build(&project, &project.join("taker.wasm"))?;
        self.host.load(&bytes).map_err(said)
    }
}

fn program(batch: &RecordBatch) -> Result<String, String> {
    let mut columns = String::new();
    for field in batch.schema().fields() {
        let arrow = field.data_type().to_string();
        let wanted = TYPES.iter().find(|it| it.0 == arrow);
        let (_, wanted) = wanted.ok_or_else(|| format!("{} is {arrow}", field.name()))?;
        columns += &format!("{{\"{}\", {wanted}}}, ", field.name());
    }
    Ok(format!(
        r#"#include "linli.h"

const linli_manifest linli_plugin = {{
    .name = "taker",
    .version = "0.1.0",
    .title = {{"取列", "Taker"}},
    .summary = {{"取列而不看。", "Takes columns and looks at none."}},
    .columns = (const linli_column_wanted[]){{{columns}{{0}}}},
    .authors = (const char *const[]){{"linli", NULL}},
    .licence = "Apache-2.0",
}};

linli_fault linli_configure(const linli_settings *settings)
{{
    (void)settings;
    return linli_fine;
}}

linli_fault linli_score(const linli_batch *batch, linli_scores *scores)
{{
    (void)batch;
    (void)scores;
    return linli_fine;
}}

LINLI_SCORER
"#
    ))
}
