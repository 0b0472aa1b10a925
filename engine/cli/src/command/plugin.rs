//! plugin add, list, remove, logs, inspect, check; `bench.rs` has bench, `craft.rs` new and build,
//! `trust.rs` keys, signatures, policies and bundles.

use std::path::Path;
use std::process::ExitCode;

use linli_model::Kind;
use linli_pool::Addition;
use linli_pool::plugin::{Host, Limits, check};
use serde_json::json;

use super::{Outcome, answer, bench, craft, life, open, trust};
use crate::args::Plugin;
use crate::failure::{Failed, exit_code};
use crate::show;
use crate::witness::witness;

pub(super) async fn plugin(args: &Plugin, json: bool) -> Outcome {
    match args {
        Plugin::New { lang, folder } => craft::new(lang, folder, json),
        Plugin::Build { folder, out } => craft::build(folder, out.as_deref(), json),
        Plugin::Add { pool, file, signatures, places } => {
            let signatures = trust::signatures_of(file, signatures.as_deref())?;
            let addition = Addition { signatures, districts: places.districts.clone() };
            let report = open(pool).await?.add_signed_plugin(&read(file)?, &addition, &witness()).await?;
            answer(json, &report, || show::added(&report))
        }
        Plugin::Remove { pool, name } => {
            let report = open(pool).await?.remove_plugin(name, &witness()).await?;
            answer(json, &report, || show::removed(&report))
        }
        Plugin::Logs { pool, name } => {
            let report = open(pool).await?.plugin_said(name, &witness()).await?;
            answer(json, &report, || show::said(&report))
        }
        Plugin::Key { file } => trust::key(file, json),
        Plugin::Sign { file, key, signatures } => trust::sign(file, key, signatures.as_deref(), json),
        Plugin::Verify { file, signatures, policy, places } => {
            trust::verify(file, signatures.as_deref(), policy.as_deref(), &places.districts, json)
        }
        Plugin::Policy { pool, file } => trust::policy(pool, file.as_deref(), json).await,
        Plugin::Export { pool, name, file } => trust::export(pool, name, file, json).await,
        Plugin::Import { pool, file, places } => trust::import(pool, file, &places.districts, json).await,
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
                "contract": plugin.contract(),
                "description": plugin.description(),
            });
            answer(json, &document, || show::inspected(&plugin))
        }
        Plugin::Bench { file, rows, seconds } => bench::bench(file, *rows, *seconds, json),
        Plugin::Check { file } => {
            let report = check(&Host::new(Limits::default())?, &read(file)?);
            answer(json, &report, || show::check(&report))?;
            Ok(if report.ok { ExitCode::SUCCESS } else { exit_code(Kind::Plugin) })
        }
    }
}

pub(super) fn read(file: &Path) -> Result<Vec<u8>, Failed> {
    std::fs::read(file).map_err(|it| Failed::file(file, &it))
}
