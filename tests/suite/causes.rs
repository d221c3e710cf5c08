//! One mistake, one report: none hides another, and none brings further ones with it.
//!
//! A phase that goes on after errors must not take what is wrong for what is meant. So every case of `tests/ui` about
//! values, topology or names in AWS gets a second, independent mistake, and both are told, as each is alone. And every
//! program that is right gets one mistake of names or types, and nothing else is told.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use topoc_driver::{Compilation, Diagnostic, Severity, compile, judge};

use crate::cases::{self, Case, Changed, Folder, entries, home};
use crate::slips::Random;
use crate::ui::options;

/// Mistakes of an earlier phase, each in a declaration of its own, and their codes.
const MISTAKES: &[(&str, &str)] = &[
    ("queue other_mistake { visibilty = 30s }", "E0203"),
    ("queue other_mistake { visibility = \"soon\" }", "E0301"),
    ("queue other_mistake { visibility = }", "E0100"),
    ("queue other_mistake { visibility 30s }", "E0100"),
    ("output other_mistake: String = nothing_such.url", "E0201"),
    ("nothing_such other_mistake", "E0202"),
];

/// Cases that say something else beside another mistake, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[(
    "E0404-assertion.rule",
    "E0202",
    "a rule about all nodes of a kind, and what is of no kind may be of that one",
)];

/// Changes of each program; `TOPOC_CAUSES` asks for more.
const CHANGES: usize = 4;

#[test]
fn no_mistake_hides_another() {
    let mut bad = Vec::new();
    for path in entries(&home().join("tests/ui")) {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let is_late = ["E04", "E05", "E06"].iter().any(|it| name.starts_with(it));
        let is_program = path.extension().is_some_and(|it| it == "topo");
        if is_late && is_program {
            let is_exception = |code| EXCEPTIONS.iter().any(|it| (it.0, it.1) == (&*name, code));
            let mistakes = MISTAKES.iter().filter(|it| !is_exception(it.1));
            bad.extend(mistakes.filter_map(|it| hides(&path, it)));
        }
    }
    assert!(bad.is_empty(), "{} of them:\n{}", bad.len(), bad.join("\n"));
}

/// What changes when a mistake is added at the end of a program.
fn hides(path: &Path, (mistake, code): &(&str, &str)) -> Option<String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let before = errors(&compiled(path, &text));
    let both = compiled(path, &format!("{text}\n{mistake}\n"));
    let is_added = |it: &&Diagnostic| {
        let place = it.primary.as_ref().map(|it| it.span);
        place.is_some_and(|it| it.file.0 == 0 && it.start as usize > text.len())
    };
    let added: Vec<&str> = both
        .diagnostics
        .iter()
        .filter(is_added)
        .map(|it| it.code.id())
        .collect();
    let of_case = both.diagnostics.iter().filter(|it| !is_added(it));
    let of_case: BTreeSet<String> = of_case
        .filter(is_error)
        .map(|it| shown(&both, it))
        .collect();
    let gone: String = before.difference(&of_case).cloned().collect();
    let new: String = of_case.difference(&before).cloned().collect();
    let is_good = gone.is_empty() && new.is_empty() && added == [*code];
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    (!is_good).then(|| {
        format!("{name}, with `{mistake}`, which gives {added:?}\n-- hidden:\n{gone}-- new:\n{new}")
    })
}

fn compiled(path: &Path, text: &str) -> Compilation {
    let root = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let sources = Changed {
        root: &root,
        text,
        rest: Folder(folder.clone()),
    };
    let mut compilation = compile(&root, &sources, &options(text, &folder));
    judge(&mut compilation);
    compilation
}

fn is_error(report: &&Diagnostic) -> bool {
    report.severity() != Severity::Warning
}

fn errors(compilation: &Compilation) -> BTreeSet<String> {
    let errors = compilation.diagnostics.iter().filter(is_error);
    errors.map(|it| shown(compilation, it)).collect()
}

fn shown(compilation: &Compilation, report: &Diagnostic) -> String {
    topoc_driver::render(report, &compilation.files, false)
}

#[test]
fn no_mistake_brings_others() {
    let count = std::env::var("TOPOC_CAUSES").ok();
    let count = count.and_then(|it| it.parse().ok()).unwrap_or(CHANGES);
    let mut random = Random(11);
    let mut seen = BTreeSet::new();
    let mut bad = Vec::new();
    for case in cases::all() {
        if seen.insert(case.folder.clone()) {
            let text = cases::text(&case.folder.join(&case.root));
            let changes = changes(&text);
            let picked = (0..count).map(|_| random.below(changes.len()));
            let picked: BTreeSet<usize> = picked.collect();
            let picked = picked.iter().filter_map(|it| changes.get(*it));
            bad.extend(picked.filter_map(|it| brings(&case, it)));
        }
    }
    assert!(bad.is_empty(), "{} of them:\n{}", bad.len(), bad.join("\n"));
}

/// A program with one mistake, and what was done.
struct Change {
    what: String,
    text: String,
}

/// Every attribute misspelt, every value unknown, every thing that is declared under another name.
fn changes(text: &str) -> Vec<Change> {
    let mut found = Vec::new();
    let mut start = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let mut put = |what: &str, at: usize, word: &str, instead: &str| {
            let at = start + at;
            let (before, after) = (&text[..at], &text[at + word.len()..]);
            found.push(Change {
                what: format!("line {}: `{word}` {what}", number + 1),
                text: format!("{before}{instead}{after}"),
            });
        };
        let margin = line.len() - line.trim_start().len();
        let code = line.split("//").next().unwrap_or_default().trim();
        if let Some((name, value)) = code.split_once(" = ")
            && is_word(name.trim_end())
            && !value.ends_with(['{', '[', '('])
            && !matches!(name.trim_end(), "reason" | "until")
        {
            let name = name.trim_end();
            put("is misspelt", margin, name, &format!("{name}_x"));
            let at = line.find(value).unwrap_or_default();
            put("is unknown", at, value, "nothing_such");
        }
        let words: Vec<&str> = code.split_whitespace().collect();
        if let [kind, name, ..] = words.as_slice()
            && is_word(kind)
            && is_word(name)
            && margin == 0
            && !matches!(*kind, "env" | "if" | "for")
        {
            let at = line.find(&format!(" {name}")).unwrap_or_default() + 1;
            put("is called otherwise", at, name, &format!("{name}_x"));
            put("is no kind", 0, kind, &format!("{kind}_x"));
        }
        start += line.len();
    }
    found
}

fn is_word(text: &str) -> bool {
    text.chars()
        .all(|it| it.is_ascii_lowercase() || it == '_' || it.is_ascii_digit())
}

/// Says what is told beside the one name or type that is wrong.
fn brings(case: &Case, change: &Change) -> Option<String> {
    let sources = Changed {
        root: &case.root,
        text: &change.text,
        rest: Folder(case.folder.clone()),
    };
    let options = topoc_driver::Options {
        env: case.env.clone(),
        params: case.params(),
        ..Default::default()
    };
    let mut compilation = compile(&case.root, &sources, &options);
    judge(&mut compilation);
    let errors = compilation.diagnostics.iter().filter(is_error);
    let count = errors.clone().count();
    let told: String = errors.map(|it| shown(&compilation, it)).collect();
    (count > 1).then(|| format!("{}, {}:\n{told}", case.name(), change.what))
}
