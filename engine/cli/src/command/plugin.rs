//! plugin add, list, inspect, check; `craft.rs` has new and build.

use std::path::Path;
use std::process::ExitCode;

use linli_model::Kind;
use linli_pool::plugin::{Host, Limits, check};
use serde_json::json;

use super::{Outcome, answer, craft, life, open};
use crate::args::Plugin;
use crate::failure::{Failed, exit_code};
use crate::show;
use crate::witness::witness;

pub(super) async fn plugin(args: &Plugin, json: bool) -> Outcome {
    match args {
        Plugin::New { lang, folder } => craft::new(lang, folder, json),
        Plugin::Build { folder, out } => craft::build(folder, out.as_deref(), json),
        Plugin::Add { pool, file } => {
            let row = open(pool).await?.add_plugin(&read(file)?, &witness()).await?;
            answer(json, &row, || {
                format!(
                    "{kind} {name} {version} is in the pool ({digest})\n插件 {name} {version} 已加入资源池（{digest}）",
                    kind = row.kind,
                    name = row.name,
                    version = row.version,
                    digest = row.digest
                )
            })
        }
        Plugin::Replay(it) => life::replay(it, json).await,
        Plugin::Shadow { pool, name, challenger } => life::shadow(pool, name, challenger, json).await,
        Plugin::Canary(it) => life::canary(it, json).await,
        Plugin::Promote { pool, name, force } => life::promote(pool, name, force.as_deref(), json).await,
        Plugin::Rollback { pool, name } => life::rollback(pool, name, json).await,
        Plugin::List { pool } => {
            let rows = open(pool).await?.standings(&witness()).await?;
            answer(json, &json!({ "plugins": rows }), || show::plugins(&rows))
        }
        Plugin::Inspect { file } => {
            let plugin = Host::new(Limits::default())?.load(&read(file)?)?;
            let document = json!({
                "digest": plugin.digest(),
                "world": plugin.description().kind.world(),
                "description": plugin.description(),
            });
            answer(json, &document, || format!("{document:#}"))
        }
        Plugin::Check { file } => {
            let report = check(&Host::new(Limits::default())?, &read(file)?);
            answer(json, &report, || show::check(&report))?;
            Ok(if report.ok { ExitCode::SUCCESS } else { exit_code(Kind::Plugin) })
        }
    }
}

fn read(file: &Path) -> Result<Vec<u8>, Failed> {
    std::fs::read(file).map_err(|it| Failed::file(file, &it))
}
