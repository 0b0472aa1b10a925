//! Plugins as prose.

use std::fmt::Write as _;

use linli_pool::plugin::{Columns, Plugin, Policy, Report};
use linli_pool::{
    AddReport, BundleReport, PluginRow, PluginStanding, RemoveReport, SaidReport, SignerRow, Stage,
};

use serde_json::Value;

use crate::command::{Measured, Verdict};

pub fn plugins(rows: &[PluginStanding]) -> String {
    let mut text = String::new();
    for PluginStanding { row, challengers, .. } in rows {
        let digest = &row.digest[..12];
        let _ = writeln!(
            text,
            "{:<18} {:<10} {:<7} {digest}  {} {}",
            row.name, row.kind, row.version, row.title_zh, row.title_en
        );
        for it in challengers {
            let (stage, place) = match it.stage {
                Stage::Shadow => ("shadow 影子", String::new()),
                Stage::Canary => ("canary 试点", it.districts.join(", ")),
            };
            let _ = writeln!(text, "{:<18} {stage} {}  {place}", "", &it.digest[..12]);
        }
    }
    text
}

pub fn inspected(it: &Plugin) -> String {
    let about = it.description();
    let mut text = format!(
        "{} {} {}, linli:plugin@{}, {} bytes\n{}\n{} {}\n{}\n{}\n",
        about.kind,
        about.name,
        about.version,
        it.contract(),
        it.size_bytes(),
        it.digest(),
        about.title.zh,
        about.title.en,
        about.summary.zh,
        about.summary.en,
    );
    text += "columns 列\n";
    match &about.columns {
        Columns::Any => text += "  whatever indicators there are 现有的全部指标\n",
        Columns::Named(columns) => {
            for column in columns {
                let _ = writeln!(text, "  {:<28} {}", column.name, column.column_type.as_str());
            }
        }
    }
    let settings = about.settings.get("properties").and_then(Value::as_object);
    let settings: Vec<_> = settings.into_iter().flatten().collect();
    if !settings.is_empty() {
        text += "settings with their defaults 设置及其默认值\n";
    }
    for (name, schema) in settings {
        let word = |key: &str| schema.get(key).and_then(Value::as_str).unwrap_or_default();
        let value = |key: &str| schema.get(key).map(Value::to_string);
        let limits = match (value("minimum"), value("maximum"), value("enum")) {
            (_, _, Some(words)) => words,
            (None, None, None) => String::new(),
            (least, most, None) => format!("{}–{}", least.unwrap_or_default(), most.unwrap_or_default()),
        };
        let default = value("default").unwrap_or_default();
        let (zh, en) = (word("description_zh"), word("description"));
        let _ = writeln!(text, "  {name:<28} {default:<8} {limits:<14} {zh} {en}");
    }
    if !about.vetoes.is_empty() {
        text += "vetoes 否决\n";
    }
    for veto in &about.vetoes {
        let _ = writeln!(text, "  {:<28} {} {}", veto.code, veto.zh, veto.en);
    }
    let _ = writeln!(text, "{}; {}", about.authors.join(", "), about.licence);
    text
}

pub fn check(it: &Report) -> String {
    let mut text = String::new();
    for check in &it.checks {
        let _ = writeln!(text, "{} {}: {}", if check.ok { "ok  " } else { "FAIL" }, check.name, check.detail);
    }
    let _ = writeln!(
        text,
        "{} {}",
        it.digest,
        if it.ok {
            "keeps the contract · 遵守约定"
        } else {
            "does not keep the contract · 不遵守约定"
        }
    );
    text
}

pub fn measured(it: &Measured) -> String {
    let Measured { name, version, kind, bytes, rows, rounds, .. } = it;
    let mut text = format!("{kind} {name} {version}, {bytes} bytes; {rounds} × {rows} rows 行\n");
    let mut line = |what: &str, figure: String| {
        let _ = writeln!(text, "{figure:>14}  {what}");
    };
    line("to compile, once 编译（一次）", format!("{:.0} ms", it.load_ms));
    line("to start an instance 启动实例", format!("{:.0} µs", it.start_us));
    line("of memory at most 内存峰值", format!("{:.1} MB", it.memory_bytes as f64 / 1e6));
    line("of fuel per row 每行燃料", format!("{:.0}", it.fuel_per_row));
    line("per row in the sandbox 沙箱内每行", format!("{:.1} ns", it.ns_per_row));
    if let (Some(native), Some(ratio)) = (it.native_ns_per_row, it.ratio) {
        line("per row natively 原生每行", format!("{native:.1} ns"));
        line("sandbox ÷ native 沙箱 ÷ 原生", format!("{ratio:.2}"));
    }
    text
}

pub fn added(it: &AddReport) -> String {
    let PluginRow { kind, name, version, digest, .. } = &it.plugin;
    let (for_en, for_zh) = match it.districts.is_empty() {
        true => (String::new(), String::new()),
        false => (
            format!(" for the needs of {}", it.districts.join(", ")),
            format!("，用于区县 {}", it.districts.join("、")),
        ),
    };
    let mut text = format!(
        "{kind} {name} {version} is in the pool{for_en} ({digest})\n\
         插件 {name} {version} 已加入资源池{for_zh}（{digest}）\n"
    );
    signed(&mut text, &it.signers);
    if it.open {
        text += "this pool asks for no signatures: whoever can write it may add plugins\n\
                 此资源池不要求签名：能写入者均可添加插件\n";
    }
    text
}

fn signed(text: &mut String, signers: &[SignerRow]) {
    for it in signers {
        let owner = it.owner.as_deref().unwrap_or("?");
        let _ = writeln!(text, "signed by 签名者: {owner}  {}", it.key);
    }
}

pub fn removed(it: &RemoveReport) -> String {
    let (name, runs) = (&it.name, it.named_by);
    if it.file_kept {
        format!(
            "plugin {name} left the pool; its file stays, {runs} runs and evaluations name it\n\
             插件 {name} 已移除；其文件保留，有 {runs} 个批次或评价引用它"
        )
    } else {
        format!("plugin {name} left the pool, and its file\n插件 {name} 及其文件已移除")
    }
}

pub fn said(it: &SaidReport) -> String {
    let mut text = format!("{} {}\n", it.name, it.digest);
    for call in &it.calls {
        let error = call.error.as_deref().unwrap_or("ok");
        let _ = writeln!(text, "{}: {error}", call.call);
        for remark in &call.remarks {
            let level = match remark.level {
                0 => "error 错误",
                1 => "warning 警告",
                2 => "information 信息",
                _ => "detail 细节",
            };
            let _ = writeln!(text, "  {level}: {}", remark.text);
        }
    }
    if it.calls.iter().all(|it| it.remarks.is_empty()) {
        text += "it reports nothing 没有报告任何内容\n";
    }
    for event in &it.events {
        let place = event.district_id.as_deref().unwrap_or("*");
        let digest = event.digest.as_deref().unwrap_or_default();
        let actor = event.actor.as_deref().unwrap_or_default();
        let short = digest.get(..12).unwrap_or(digest);
        let _ = writeln!(text, "{}  {:<8} {place} {short} {actor}", event.at, event.action);
    }
    text
}

pub fn exported(it: &BundleReport) -> String {
    let mut text = format!(
        "{file}: {name} {version}, {bytes} bytes, SHA-256 {sum}\n\
         {file}：{name} {version}，{bytes} 字节，SHA-256 {sum}\n",
        file = it.file,
        name = it.name,
        version = it.version,
        bytes = it.bytes,
        sum = it.sha256,
    );
    signed(&mut text, &it.signers);
    text
}

pub fn policy(it: &Policy) -> String {
    if it.is_open() {
        return "nobody has to sign: whoever can write this pool may add plugins\n\
                无需签名：能写入此资源池者均可添加插件"
            .to_owned();
    }
    let (threshold, count) = (it.threshold, it.keys.len());
    let mut text = format!(
        "a plugin needs signatures of {threshold} of these {count} keys\n\
         插件需要以下 {count} 个密钥中 {threshold} 个的签名\n"
    );
    for key in &it.keys {
        let _ = writeln!(text, "{}  {}  {}", key.key, key.districts.join(", "), key.owner);
    }
    text
}

pub fn verified(it: &Verdict) -> String {
    let mut text = format!("{} {} {}\n", it.manifest.kind, it.manifest.name, it.manifest.version);
    let _ = writeln!(text, "{}\ncolumns 列: {}", it.digest, it.manifest.columns.join(", "));
    for signature in &it.signatures {
        let owner = signature.owner.as_deref().unwrap_or("?");
        let _ = writeln!(text, "{}  {}  {owner}", signature.standing_word(), signature.key);
    }
    for place in &it.places {
        let name = place.district.as_deref().unwrap_or("*");
        let word = if place.ok { "ok   " } else { "FAIL " };
        let (found, asked) = (place.found, place.threshold);
        let _ = writeln!(text, "{word}{name}: {found}/{asked} {} {}", place.message, place.message_zh);
    }
    text += if it.ok {
        "signed as it should be · 签名符合要求\n"
    } else {
        "not signed as it should be · 签名不符合要求\n"
    };
    text
}
