//! Small programs and the full list of what is reported about each: `code line:column message`.

mod names;
mod programs;
mod stages;
mod types;

use std::sync::Arc;

use topoc_diagnostics::Diagnostics;
use topoc_stdlib::LIBRARY;
use topoc_syntax::{Program, Sources, load};

/// Files by name; the first is the root.
struct Texts<'t>(&'t [(&'t str, &'t str)]);

impl Sources for Texts<'_> {
    fn read(&self, path: &str) -> Result<Arc<str>, String> {
        let found = self.0.iter().find(|(name, _)| *name == path);
        found
            .map(|(_, text)| Arc::from(*text))
            .ok_or_else(|| "no such file".to_owned())
    }
}

fn loaded(files: &[(&str, &str)], out: &mut Diagnostics) -> Program {
    let root = files.first().map_or("main.topo", |(name, _)| name);
    load(root, &Texts(files), &LIBRARY, out)
}

/// Everything that is reported about the files.
fn reports_of(files: &[(&str, &str)]) -> Vec<String> {
    let mut out = Diagnostics::default();
    let program = loaded(files, &mut out);
    crate::check(&program, &LIBRARY, &mut out);
    out.sorted().iter().map(|it| line(it, &program)).collect()
}

fn line(it: &topoc_diagnostics::Diagnostic, program: &Program) -> String {
    let place = it.primary.as_ref().and_then(|label| {
        let file = program.files.get(label.span.file.0 as usize)?;
        let before = file.text.get(..label.span.start as usize)?;
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .map_or(0, |it| it.chars().count())
            + 1;
        let name = if file.path == "main.topo" {
            String::new()
        } else {
            format!("{} ", file.path)
        };
        Some(format!("{name}{line}:{column} "))
    });
    format!(
        "{} {}{}",
        it.code.id(),
        place.unwrap_or_default(),
        it.message
    )
}

/// Checks one file against the reports it must give, one a line.
#[track_caller]
fn expect(text: &str, expected: &str) {
    expect_files(&[("main.topo", text)], expected);
}

/// Checks several files.
#[track_caller]
fn expect_files(files: &[(&str, &str)], expected: &str) {
    let found = reports_of(files);
    let expected: Vec<&str> = expected
        .lines()
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .collect();
    assert_eq!(found, expected, "{}", found.join("\n"));
}
