//! What the compiler refuses, and how it says so: `//~ E0201` on the guilty line, the rendered message in the snapshot.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use topoc_driver::{CATALOGUE, Compilation, Options, compile, judge};

use crate::cases::{Folder, entries, home, shown};

#[test]
fn ui() {
    let folder = home().join("tests/ui");
    let failed: Vec<PathBuf> = programs(&folder)
        .into_iter()
        .filter(|it| catch_unwind(AssertUnwindSafe(|| compare(it))).is_err())
        .collect();
    assert!(failed.is_empty(), "these cases differ: {failed:#?}");
}

/// Programs at the top; folders hold what they use.
pub fn programs(folder: &Path) -> Vec<PathBuf> {
    let is_program = |it: &PathBuf| it.extension().is_some_and(|it| it == "topo");
    entries(folder).into_iter().filter(is_program).collect()
}

fn compare(path: &Path) {
    let text = fs::read_to_string(path).expect("a case is UTF-8 text");
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let compilation = compiled(path, &text);
    assert_eq!(
        marked(&text),
        reported(&compilation),
        "{name}: markers and reports\n{}",
        shown(&compilation)
    );
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(path.parent().unwrap_or(Path::new("")));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let both = format!("{text}\n--------\n\n{}", shown(&compilation));
    settings.bind(|| insta::assert_snapshot!(name.as_ref(), both));
}

/// Compiles for every target, since some mistakes belong to one; the first line may say `// with --env prod --set a=1`,
/// also `--params FILE`, `--lock FILE`, `--today DAY`, `--deny WORD`.
pub fn compiled(path: &Path, text: &str) -> Compilation {
    let root = path.file_name().unwrap_or_default().to_string_lossy();
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let options = options(text, &folder);
    let mut compilation = compile(&root, &Folder(folder), &options);
    judge(&mut compilation);
    compilation
}

/// What the first line asks for.
pub fn options(text: &str, folder: &Path) -> Options {
    let mut options = Options::default();
    let file =
        |name: &str| fs::read_to_string(folder.join(name)).expect("the case names its files");
    let line = text.lines().find_map(|it| it.strip_prefix("// with "));
    let mut words = line.unwrap_or_default().split_whitespace();
    while let (Some(option), Some(value)) = (words.next(), words.next()) {
        match (option, value.split_once('=')) {
            ("--deny", _) => options.deny.push(value.to_owned()),
            ("--env", _) => options.env = Some(value.to_owned()),
            ("--params", _) => options.params.push((value.to_owned(), file(value))),
            ("--lock", _) => options.lock = Some(file(value)),
            ("--today", _) => options.today = Some(value.to_owned()),
            ("--set", Some((name, value))) => {
                options.sets.push((name.to_owned(), value.to_owned()))
            }
            other => panic!("unknown option in the first line: {other:?}"),
        }
    }
    options
}

/// `//~ E0201 W0701` on the guilty line; line 0 stands for reports without a place: `//~nowhere E0410`.
pub fn marked(text: &str) -> BTreeSet<(usize, String)> {
    let mut marks = BTreeSet::new();
    for (index, line) in text.lines().enumerate() {
        for (sign, place) in [("//~ ", index + 1), ("//~nowhere ", 0)] {
            let codes = line.split_once(sign).map(|(_, codes)| codes);
            let codes = codes.unwrap_or_default().split_whitespace();
            marks.extend(codes.map(|it| (place, it.to_owned())));
        }
    }
    marks
}

/// Reports in other files than the root count as placeless.
pub fn reported(compilation: &Compilation) -> BTreeSet<(usize, String)> {
    let line = |it: &topoc_driver::Diagnostic| match &it.primary {
        Some(label) if label.span.file.0 == 0 => {
            compilation
                .files
                .line_column(label.span.file, label.span.start)
                .0
        }
        Some(_) | None => 0,
    };
    let row = |it| (line(it), it.code.id().to_owned());
    compilation.diagnostics.iter().map(row).collect()
}

#[test]
fn cases_are_called_like_the_catalogue() {
    let folder = home().join("tests/ui");
    for path in programs(&folder) {
        let stem = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let fits = CATALOGUE.iter().any(|(_, row)| {
            let name = format!("{}-{}", row.id, row.slug);
            stem == name || stem.starts_with(&format!("{name}."))
        });
        assert!(
            fits,
            "{stem} is not CODE-slug of the catalogue, with .variant if there are several"
        );
    }
}

#[test]
fn snapshots_have_cases() {
    for path in entries(&home().join("tests/ui")) {
        let orphan = path.extension().is_some_and(|it| it == "snap")
            && !path.with_extension("topo").exists();
        assert!(!orphan, "{} belongs to no case", path.display());
    }
}
