//! The known name that a misspelt one most likely means.

use linli_model::Catalog;

/// The table that somebody means: by its title in either language, else spelt most like it.
pub(crate) fn nearest_table(name: &str, catalog: &Catalog) -> Option<String> {
    let titled =
        catalog.tables().find(|it| [&it.title.zh, &it.title.en].iter().any(|it| fold(it) == fold(name)));
    let named = || nearest(name, catalog.tables().map(|it| it.name.as_str()));
    titled.map(|it| it.name.clone()).or_else(named)
}

/// The name with the fewest edits, if fewer than half of the letters are edited.
///
/// **Shape.** Of equally near names the first.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    nearest_few(name, known.map(|it| (it, it)), 1).pop()
}

/// What the nearest spellings stand for, nearest first, each once and no more than `most`.
pub(super) fn nearest_few<'a>(
    name: &str,
    known: impl Iterator<Item = (&'a str, &'a str)>,
    most: usize,
) -> Vec<String> {
    let wanted = fold(name);
    let mut near = Vec::new();
    for (spelling, meant) in known {
        let letters = fold(spelling);
        let edits = distance(&wanted, &letters);
        if edits * 2 < wanted.len().max(letters.len()) {
            near.push((edits, meant));
        }
    }
    // Stable, so that of equally near ones the first stays first.
    near.sort_by_key(|(edits, _)| *edits);
    let mut few: Vec<String> = Vec::new();
    for (_, meant) in near {
        if few.len() < most && !few.iter().any(|it| it == meant) {
            few.push(meant.to_owned());
        }
    }
    few
}

fn fold(name: &str) -> Vec<char> {
    name.trim().chars().flat_map(char::to_lowercase).collect()
}

/// How many letters are put in, taken out, exchanged, or swapped with their neighbour.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut rows: Vec<Vec<usize>> = vec![(0..=right.len()).collect()];
    for i in 0..left.len() {
        let mut row = vec![i + 1];
        for j in 0..right.len() {
            let exchanged = rows[i][j] + usize::from(left[i] != right[j]);
            let mut least = exchanged.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && left[i] == right[j - 1] && left[i - 1] == right[j] {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[left.len()][right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name_and_nonsense_finds_none() {
        let known = ["need", "need_event", "merchant", "社区编号"];
        let near = |name| nearest(name, known.into_iter());
        assert_eq!(near("nede").as_deref(), Some("need"));
        assert_eq!(near("needs").as_deref(), Some("need"));
        assert_eq!(near("Merchnat").as_deref(), Some("merchant"));
        assert_eq!(near("社区编码").as_deref(), Some("社区编号"));
        assert_eq!(near("xyz"), None);
        let catalog = Catalog::embedded().expect("schemas");
        assert_eq!(nearest_table("志愿者", catalog).as_deref(), Some("volunteer"));
        assert_eq!(nearest_table("volunter", catalog).as_deref(), Some("volunteer"));
    }
}
