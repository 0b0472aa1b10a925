//! plugin key, sign, verify, policy, export, import.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use linli_model::{Kind, Text};
use linli_pool::plugin::{
    Error as PluginError, Host, Limits, Manifest, Plugin, Policy, SecretKey, Signatures, Signer, Standing,
};
use serde::Serialize;
use serde_json::json;

use super::plugin::read;
use super::{Outcome, answer, open};
use crate::failure::{Failed, exit_code};
use crate::witness::witness;
use crate::{secret, show};

/// What `plugin verify` found.
#[derive(Debug, Serialize)]
pub struct Verdict {
    pub digest: String,
    pub manifest: Manifest,
    pub signatures: Vec<Signed>,
    /// What the policy says, place by place; empty where none was given.
    pub places: Vec<Place>,
    /// No signature is forged, and the policy lets the component in everywhere; without a policy,
    /// somebody signed.
    pub ok: bool,
}

/// One signature.
#[derive(Debug, Serialize)]
pub struct Signed {
    pub key: String,
    pub owner: Option<String>,
    pub districts: Vec<String>,
    /// valid, repeated (counts once) or invalid.
    pub standing: Standing,
}

impl Signed {
    pub fn standing_word(&self) -> &'static str {
        match self.standing {
            Standing::Valid => "valid 有效  ",
            Standing::Repeated => "repeated 重复",
            Standing::Invalid => "INVALID 无效",
        }
    }
}

/// What a policy says for one district, or for the whole pool.
#[derive(Debug, Serialize)]
pub struct Place {
    pub district: Option<String>,
    /// Distinct keys that signed and may add there.
    pub found: usize,
    pub threshold: usize,
    pub ok: bool,
    /// Why not.
    pub message: String,
    pub message_zh: String,
}

pub(super) fn key(file: &Path, json: bool) -> Outcome {
    let key = SecretKey::generate()?;
    secret::write_new(file, key.text().as_bytes()).map_err(|it| Failed::unwritable(file, &it))?;
    let (shown, public) = (file.display(), key.public());
    answer(json, &json!({ "file": shown.to_string(), "key": public }), || {
        format!(
            "{public}\n{shown} holds the secret key: keep it, and give the line above to those who are to trust it\n\
             {shown} 为私钥，请妥善保管；上一行是公钥，请交给需要信任它的人"
        )
    })
}

pub(super) fn sign(file: &Path, key: &Path, signatures: Option<&Path>, json: bool) -> Outcome {
    let secret = secret_key(key)?;
    let plugin = load(file)?;
    let out = signature_file(file, signatures);
    let mut all = signatures_of(file, Some(&out).filter(|it| it.exists()).map(PathBuf::as_path))?
        .unwrap_or_else(|| Signatures::none(&plugin));
    // Nobody puts their name beside one that is forged.
    all.genuine(&plugin).map_err(PluginError::from)?;
    all.sign(&plugin, &secret).map_err(PluginError::from)?;
    write(&out, all.text().as_bytes()).map_err(|it| Failed::unwritable(&out, &it))?;
    let (manifest, public) = (Manifest::of(&plugin), secret.public());
    let document = json!({
        "file": out.display().to_string(),
        "digest": plugin.digest(),
        "manifest": manifest,
        "key": public,
        "signatures": all.len(),
    });
    answer(json, &document, || {
        format!(
            "{out}: {count} signatures of {kind} {name} {version}, which sees {columns}\n\
             {out}：共 {count} 个签名，插件 {name} {version}，可见列 {columns}",
            out = out.display(),
            count = all.len(),
            kind = manifest.kind,
            name = manifest.name,
            version = manifest.version,
            columns = manifest.columns.join(", "),
        )
    })
}

pub(super) fn verify(
    file: &Path,
    signatures: Option<&Path>,
    policy: Option<&Path>,
    districts: &[String],
    json: bool,
) -> Outcome {
    let plugin = load(file)?;
    let signatures = signatures_of(file, signatures)?.unwrap_or_else(|| Signatures::none(&plugin));
    let signers = signatures.signers(&plugin).map_err(PluginError::from)?;
    let policy = policy.map(read).transpose()?.map(|it| Policy::read(&it)).transpose();
    let policy = policy.map_err(PluginError::from)?;
    let is_forged = signers.iter().any(|it| it.standing == Standing::Invalid);
    let places = policy.as_ref().map_or_else(Vec::new, |it| places(it, &signers, districts));
    let is_let_in = match policy {
        Some(_) => places.iter().all(|it| it.ok),
        None => !signers.is_empty(),
    };
    let signed = |it: &Signer| {
        let known = policy.as_ref().and_then(|policy| policy.key(&it.key));
        Signed {
            key: it.key.to_string(),
            owner: known.map(|it| it.owner.clone()),
            districts: known.map_or_else(Vec::new, |it| it.districts.clone()),
            standing: it.standing,
        }
    };
    let verdict = Verdict {
        digest: plugin.digest().to_owned(),
        manifest: Manifest::of(&plugin),
        signatures: signers.iter().map(signed).collect(),
        places,
        ok: is_let_in && !is_forged,
    };
    answer(json, &verdict, || show::verified(&verdict))?;
    Ok(match (verdict.ok, is_forged) {
        (true, _) => ExitCode::SUCCESS,
        (false, true) => exit_code(Kind::Data),
        (false, false) => exit_code(Kind::Denied),
    })
}

fn places(policy: &Policy, signers: &[Signer], districts: &[String]) -> Vec<Place> {
    let asked: Vec<Option<&str>> = match districts {
        [] => vec![None],
        some => some.iter().map(|it| Some(it.as_str())).collect(),
    };
    let place = |district: Option<&str>| {
        let refused = policy.require(signers, district).err();
        Place {
            district: district.map(str::to_owned),
            found: policy.count(signers, district),
            threshold: policy.threshold,
            ok: refused.is_none(),
            message: refused.as_ref().map_or_else(String::new, |it| it.en()),
            message_zh: refused.as_ref().map_or_else(String::new, |it| it.zh()),
        }
    };
    asked.into_iter().map(place).collect()
}

pub(super) async fn policy(pool: &Path, file: Option<&Path>, json: bool) -> Outcome {
    let pool = open(pool).await?;
    if let Some(file) = file {
        let policy = Policy::read(&read(file)?).map_err(PluginError::from)?;
        pool.set_policy(&policy, &witness()).await?;
    }
    let policy = pool.policy(&witness()).await?;
    answer(json, &policy, || show::policy(&policy))
}

pub(super) async fn export(pool: &Path, name: &str, file: &Path, json: bool) -> Outcome {
    let report = open(pool).await?.export_plugin(name, file, &witness()).await?;
    answer(json, &report, || show::exported(&report))
}

pub(super) async fn import(pool: &Path, file: &Path, districts: &[String], json: bool) -> Outcome {
    let bundle = read(file)?;
    let report = open(pool).await?.import_plugin(file, &bundle, districts, &witness()).await?;
    answer(json, &report, || show::added(&report))
}

/// The signatures of a component: those of a file that was named, or those beside it.
pub(super) fn signatures_of(file: &Path, named: Option<&Path>) -> Result<Option<Signatures>, Failed> {
    let path = signature_file(file, named);
    if named.is_none() && !path.exists() {
        return Ok(None);
    }
    Ok(Some(Signatures::read(&read(&path)?).map_err(PluginError::from)?))
}

fn signature_file(file: &Path, named: Option<&Path>) -> PathBuf {
    let beside = || {
        let mut name = file.as_os_str().to_owned();
        name.push(".sig");
        PathBuf::from(name)
    };
    named.map_or_else(beside, Path::to_owned)
}

fn secret_key(file: &Path) -> Result<SecretKey, Failed> {
    // Whether it is there at all comes first.
    let text = read(file)?;
    secret::expect_own(file).map_err(|it| {
        let hint = Text::new("others can read it: chmod 600", "其他用户可以读取此文件，请执行 chmod 600");
        Failed::file(file, &it).with_hint(hint)
    })?;
    Ok(SecretKey::read(&String::from_utf8_lossy(&text)).map_err(PluginError::from)?)
}

fn load(file: &Path) -> Result<Plugin, Failed> {
    Ok(Host::new(Limits::default())?.load(&read(file)?)?)
}

/// Writes beside and renames: signatures are whole or as they were.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = PathBuf::from(name);
    let written = std::fs::write(&part, bytes).and_then(|()| std::fs::rename(&part, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written
}
