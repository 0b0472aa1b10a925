//! The list of queries as Markdown.

use super::{Library, Query};

const FOLDERS: [(&str, &str); 4] = [
    ("indicator", "What can be measured?"),
    ("report", "What happened in a run?"),
    ("practice", "What do the five practices ask?"),
    ("candidate", "Who may help whom? Parts of a match, not called by name"),
];

/// One table per folder that has queries.
pub(super) fn markdown(library: &Library) -> String {
    let mut text = String::new();
    for (folder, question) in FOLDERS {
        let queries: Vec<&Query> = library.queries().filter(|it| it.folder == folder).collect();
        if queries.is_empty() {
            continue;
        }
        text.push_str(&format!("## {folder}/: {question}\n\n"));
        text.push_str("| query | parameters | answers | 中文 |\n|---|---|---|---|\n");
        for query in queries {
            text.push_str(&row(query));
        }
        text.push('\n');
    }
    text
}

fn row(query: &Query) -> String {
    let params: Vec<String> = query
        .params
        .iter()
        .map(|it| if it.default.is_some() { format!("`[{}]`", it.name) } else { format!("`{}`", it.name) })
        .collect();
    format!(
        "| [{}]({}/{}.sql) | {} | {} | {} |\n",
        query.name,
        query.folder,
        query.name,
        params.join(" "),
        cell(&query.summary),
        cell(&query.zh),
    )
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
