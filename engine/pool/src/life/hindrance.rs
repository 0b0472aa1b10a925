//! Why a plugin does not go from one stage to another.

use linli_model::{Kind, Text};
use serde_json::{Value, json};

/// What stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hindrance {
    /// The challenger calls itself otherwise.
    OtherName {
        /// How it calls itself.
        found: String,
    },
    /// The pool keeps no such component, or several begin so.
    NoFile {
        /// What was asked for.
        asked: String,
    },
    /// The challenger is the incumbent already.
    SamePlugin,
    /// No run has used the scorer.
    NoPastRun,
    /// A run that was named did not use the scorer.
    UnusedIn {
        /// The run.
        run_id: String,
    },
    /// Nobody was shown to the pool that could take its place.
    NoChallenger,
    /// No replay speaks for the challenger.
    NoReplay {
        /// The challenger.
        digest: String,
    },
    /// A replay speaks against it.
    Stopped {
        /// The challenger.
        digest: String,
        /// The replay.
        replay_id: String,
        /// For whom it is worse.
        worse_for: Vec<String>,
    },
    /// There is nothing to go back to.
    NothingBefore,
    /// A guard without a canary, or one that cannot be read.
    BadGuard {
        /// What was written.
        found: String,
    },
}

impl Hindrance {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::OtherName { .. } | Self::SamePlugin | Self::UnusedIn { .. } | Self::BadGuard { .. } => {
                Kind::Request
            }
            Self::NoFile { .. } | Self::NoPastRun | Self::NoChallenger => Kind::NotFound,
            Self::NoReplay { .. } | Self::Stopped { .. } | Self::NothingBefore => Kind::Conflict,
        }
    }

    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::OtherName { .. } => "other-plugin",
            Self::NoFile { .. } => "unknown-component",
            Self::SamePlugin => "same-plugin",
            Self::NoPastRun => "no-past-run",
            Self::UnusedIn { .. } => "unused-scorer",
            Self::NoChallenger => "no-challenger",
            Self::NoReplay { .. } => "no-evidence",
            Self::Stopped { .. } => "stopped-by-replay",
            Self::NothingBefore => "nothing-before",
            Self::BadGuard { .. } => "bad-guard",
        }
    }

    /// In both languages; `name` is the plugin's.
    pub(crate) fn text(&self, name: &str) -> Text {
        match self {
            Self::OtherName { found } => Text::new(
                format!("the component calls itself `{found}`, not `{name}`"),
                format!("该组件自称 {found}，不是 {name}"),
            ),
            Self::NoFile { asked } => Text::new(
                format!("the pool keeps no component, or several, whose digest begins with `{asked}`"),
                format!("资源池中摘要以 {asked} 开头的组件没有或不止一个"),
            ),
            Self::SamePlugin => Text::new(
                format!("this component is the incumbent of `{name}` already"),
                format!("该组件已是 {name} 的现用版本"),
            ),
            Self::NoPastRun => {
                Text::new(format!("no run has used scorer `{name}`"), format!("尚无批次使用评分插件 {name}"))
            }
            Self::UnusedIn { run_id } => Text::new(
                format!("run `{run_id}` did not use scorer `{name}`"),
                format!("批次 {run_id} 未使用评分插件 {name}"),
            ),
            Self::NoChallenger => Text::new(
                format!("nothing is there that could take the place of `{name}`"),
                format!("没有可替换 {name} 的候选插件"),
            ),
            Self::NoReplay { digest } => Text::new(
                format!("no replay speaks for {} in place of `{name}`", short(digest)),
                format!("没有回放支持以 {} 替换 {name}", short(digest)),
            ),
            Self::Stopped { digest, replay_id, worse_for } => Text::new(
                format!(
                    "replay {replay_id} stops {} in place of `{name}`: worse for {}",
                    short(digest),
                    listed(worse_for, "everybody")
                ),
                format!(
                    "回放 {replay_id} 不支持以 {} 替换 {name}：受损的是 {}",
                    short(digest),
                    listed(worse_for, "整体")
                ),
            ),
            Self::NothingBefore => Text::new(
                format!("nothing was there before the incumbent of `{name}`, and nothing is tried"),
                format!("{name} 的现用版本之前没有其他版本，也没有正在试用的插件"),
            ),
            Self::BadGuard { found } => Text::new(
                format!(
                    "found guard {found:?}, expected e.g. served_share=-0.02, score=-0.05 or tier3_served=0"
                ),
                format!("护栏 {found:?} 无效，应写作 served_share=-0.02、score=-0.05 或 tier3_served=0"),
            ),
        }
    }

    pub(crate) fn hint(&self, name: &str) -> Option<Text> {
        Some(match self {
            Self::NoPastRun => Text::new(
                format!("match first: linli match POOL --scorer {name}"),
                format!("请先匹配：linli match POOL --scorer {name}"),
            ),
            Self::NoChallenger => Text::new(
                format!("bring one: linli plugin shadow POOL {name} FILE.wasm"),
                format!("请先提供：linli plugin shadow POOL {name} FILE.wasm"),
            ),
            Self::NoReplay { digest } => Text::new(
                format!("decide past runs again: linli plugin replay POOL {name} {}", short(digest)),
                format!("请先回放以往批次：linli plugin replay POOL {name} {}", short(digest)),
            ),
            Self::Stopped { .. } => Text::new(
                "to go on all the same, give the reason, which is kept: --force REASON",
                "若仍要继续，请说明理由，理由将存档：--force 理由",
            ),
            _ => return None,
        })
    }

    pub(crate) fn details(&self, name: &str) -> Value {
        match self {
            Self::Stopped { digest, replay_id, worse_for } => {
                json!({ "name": name, "digest": digest, "replay_id": replay_id, "worse_for": worse_for })
            }
            Self::NoReplay { digest } => json!({ "name": name, "digest": digest }),
            Self::UnusedIn { run_id } => json!({ "name": name, "run_id": run_id }),
            _ => json!({ "name": name }),
        }
    }
}

/// As much of a digest as people compare.
pub(crate) fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

fn listed(groups: &[String], all: &str) -> String {
    if groups.is_empty() { all.to_owned() } else { groups.join(", ") }
}
