//! plugin new, build: from a language to a component.

use std::path::Path;

use linli_craft::{Language, Text};
use serde_json::json;

use super::{Outcome, answer};
use crate::failure::{Failed, complain};
use crate::show;

pub(super) fn new(lang: &str, folder: &Path, json: bool) -> Outcome {
    let language = Language::parse(lang).map_err(|it| Failed::craft(&it))?;
    let files = linli_craft::new_project(language, folder).map_err(|it| Failed::craft(&it))?;
    let names: Vec<String> = files.iter().map(|it| it.display().to_string()).collect();
    let place = folder.display().to_string();
    let document = json!({ "folder": place, "language": language.as_str(), "files": names });
    answer(json, &document, || {
        let (count, mark, typed) = (names.len(), language.mark(), show::shell(folder));
        format!(
            "{place}: {count} files, a plugin in {language}; begin with README.md and {mark}\n\
             {place}：{count} 个文件，{language} 插件，请先看 README.md 和 {mark}\n\
             next 下一步: linli plugin build {typed}"
        )
    })
}

pub(super) fn build(folder: &Path, out: Option<&Path>, json: bool) -> Outcome {
    // What takes long is said while it does; stdout is for the answer alone.
    let say = |it: &Text| complain(&format!("{}\n{}", it.en, it.zh));
    let built = linli_craft::build(folder, out, &say).map_err(|it| Failed::craft(&it))?;
    let document = json!({
        "name": built.name,
        "language": built.language.as_str(),
        "file": built.file.display().to_string(),
        "bytes": built.bytes,
        "tools": built.tools,
    });
    answer(json, &document, || {
        let (file, typed) = (built.file.display(), show::shell(&built.file));
        format!(
            "{file}: {bytes} bytes, by {tools}\n{file}：{bytes} 字节，由 {tools} 构建\n\
             next 下一步: linli plugin check {typed}",
            bytes = built.bytes,
            tools = built.tools,
        )
    })
}
