//! The editors' words are the compiler's words.

use std::collections::BTreeSet;

use super::{read, sources};
use crate::cases::home;

const GRAMMAR: &str = "editors/vscode/syntaxes/topo.tmLanguage.json";

#[test]
fn editors_know_the_words_of_the_compiler() {
    let grammar: serde_json::Value =
        serde_json::from_str(&read(&home().join(GRAMMAR))).expect("the grammar is JSON");
    let mut coloured = BTreeSet::new();
    words_of(&grammar["repository"]["words"], &mut coloured);
    let mut begins = BTreeSet::new();
    let mut anywhere = BTreeSet::new();
    for path in sources("rs") {
        let shown = path.display().to_string();
        if shown.contains("compiler/syntax/src/lex/rules")
            || shown.contains("compiler/syntax/src/parse/")
        {
            let text = read(&path);
            begins.extend(
                quoted(&text)
                    .filter(|(_, after)| is_rule(after))
                    .map(|(word, _)| word.to_owned()),
            );
            anywhere.extend(quoted(&text).map(|(word, _)| word.to_owned()));
        }
    }
    assert!(
        begins.len() > 40,
        "the parser's rules are written differently now: {begins:?}"
    );
    let uncoloured: Vec<_> = begins.difference(&coloured).collect();
    assert!(uncoloured.is_empty(), "{GRAMMAR} lacks {uncoloured:?}");
    let unknown: Vec<_> = coloured.difference(&anywhere).collect();
    assert!(
        unknown.is_empty(),
        "{GRAMMAR} colours words that the parser does not know: {unknown:?}"
    );
}

/// `#[token("if")]` and `"topology" => decl::topology`
fn is_rule(after: &str) -> bool {
    after.starts_with(")]")
        || after.starts_with(" => decl::")
        || after.starts_with(" => kind::")
        || after.starts_with(" => edge::")
        || after.starts_with(" => network::")
        || after.starts_with(" => resource::")
}

/// Words in quotes, with what follows the quotes.
fn quoted(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.match_indices('"').filter_map(|(at, _)| {
        let rest = text.get(at + 1..)?;
        let (word, after) = rest.split_once('"')?;
        let is_word =
            !word.is_empty() && word.chars().all(|it| it.is_ascii_lowercase() || it == '_');
        is_word.then_some((word, after))
    })
}

/// The alternatives of every pattern: `\\b(if|then)\\b`.
fn words_of(value: &serde_json::Value, found: &mut BTreeSet<String>) {
    for pattern in value["patterns"].as_array().into_iter().flatten() {
        let text = pattern["match"].as_str().unwrap_or_default();
        let groups = text
            .split('(')
            .filter(|it| it.contains('|') && !it.starts_with('?'));
        for group in groups {
            let inside = group.split(')').next().unwrap_or_default();
            found.extend(inside.split('|').map(str::to_owned));
        }
    }
}
