//! Every mistake of a program in one run, whatever phase finds it.
//!
//! `tests/together/mistakes.topo` has mistakes of all sorts that have nothing to do with each other; each program beside
//! it has one of its own, in what all the others stand on. Together they are told what each is told alone: nothing waits
//! for the next run but what `// hides WORD …: reason` says, and nothing is told twice.

use std::collections::BTreeSet;
use std::path::Path;

use topoc_driver::{compile, judge};

use crate::cases::{self, Changed, Folder, home};
use crate::ui::{self, programs};

type Marks = BTreeSet<(usize, String)>;

#[test]
fn every_mistake_is_told_in_one_run() {
    let folder = home().join("tests/together");
    let mistakes = cases::text(&folder.join("mistakes.topo"));
    let programs = programs(&folder.join("programs"));
    let bad: Vec<String> = programs
        .iter()
        .filter_map(|it| wrong(it, &mistakes))
        .collect();
    assert!(!programs.is_empty());
    assert!(bad.is_empty(), "{} of them:\n{}", bad.len(), bad.join("\n"));
}

/// What is told of a program with all mistakes behind it, but should not be; and the other way round.
fn wrong(path: &Path, mistakes: &str) -> Option<String> {
    let program = cases::text(path);
    let hidden = hidden(&program);
    let before = program.lines().count();
    let mut wanted = ui::marked(&program);
    let behind = ui::marked(mistakes).into_iter();
    let line = |it: usize| mistakes.lines().nth(it.saturating_sub(1));
    let is_hidden = |it: &usize| {
        hidden
            .iter()
            .any(|word| line(*it).is_some_and(|it| it.contains(word)))
    };
    let behind = behind.filter(|it| !is_hidden(&it.0));
    wanted.extend(behind.map(|it| (it.0 + before, it.1)));
    let told = told(path, &format!("{program}{mistakes}"));
    let row = |it: &(usize, String)| match it.0.checked_sub(before) {
        Some(line) if line > 0 => format!("{} in line {line} of the mistakes\n", it.1),
        Some(_) | None => format!("{} in line {} of the program\n", it.1, it.0),
    };
    let missing: String = wanted.difference(&told).map(row).collect();
    let new: String = told.difference(&wanted).map(row).collect();
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    (wanted != told).then(|| format!("{name}\n-- hidden:\n{missing}-- new:\n{new}"))
}

/// What stands in the lines whose mistakes a program may hide.
fn hidden(program: &str) -> Vec<&str> {
    let lines = program
        .lines()
        .filter_map(|it| it.strip_prefix("// hides "));
    let words = lines.filter_map(|it| it.split_once(": "));
    words.flat_map(|it| it.0.split_whitespace()).collect()
}

/// The errors of a text, by line.
fn told(path: &Path, text: &str) -> Marks {
    let root = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let options = ui::options(text, &folder);
    let sources = Changed {
        root: &root,
        text,
        rest: Folder(folder),
    };
    let mut compilation = compile(&root, &sources, &options);
    judge(&mut compilation);
    let told = ui::reported(&compilation).into_iter();
    told.filter(|it| it.1.starts_with('E')).collect()
}
