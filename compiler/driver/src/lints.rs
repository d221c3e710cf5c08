//! The lints that kinds of the library declare: `@warning(NAME)` above an assertion.

use topoc_diagnostics::{Diagnostics, FileId, Files};
use topoc_syntax::ast::{ExprIds, ExprKind, Note, Stmt, StmtKind};
use topoc_syntax::parse;

/// A lint of the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lint {
    /// What `@allow` calls it.
    pub name: String,
    /// The library file.
    pub file: String,
    /// The line of its assertion.
    pub line: usize,
    /// The assertion as it is written.
    pub text: String,
}

/// Every lint of the library, in the order of its files.
pub fn lints() -> Vec<Lint> {
    let mut found = Vec::new();
    let files = topoc_stdlib::LIBRARY.files.iter();
    for (name, text) in files.filter(|(_, text)| text.contains("@warning(")) {
        let mut files = Files::default();
        let id = files.add(*name, *text);
        let tree = parse(id, text, &ExprIds::default(), &mut Diagnostics::default());
        block(&tree.items, &files, id, &mut found);
    }
    found
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only these hold statements")]
fn block(stmts: &[Stmt], files: &Files, id: FileId, found: &mut Vec<Lint>) {
    for stmt in stmts {
        let names = stmt.notes.iter().filter_map(name);
        found.extend(names.map(|name| lint(name, stmt, files, id)));
        match &stmt.kind {
            StmtKind::Kind(it) => block(&it.members, files, id, found),
            StmtKind::EdgeDecl(it) => block(&it.members, files, id, found),
            StmtKind::For(it) => block(&it.body, files, id, found),
            StmtKind::If(it) => {
                block(&it.then, files, id, found);
                block(it.otherwise.as_deref().unwrap_or(&[]), files, id, found);
            }
            _ => {}
        }
    }
}

/// The name in `@warning(name)`.
#[expect(clippy::wildcard_enum_match_arm, reason = "a lint is a bare word")]
fn name(note: &Note) -> Option<String> {
    let argument = note
        .args
        .first()
        .filter(|_| note.name.name.as_str() == "warning")?;
    match &argument.value.kind {
        ExprKind::Name(name) => Some(name.to_string()),
        _ => None,
    }
}

fn lint(name: String, stmt: &Stmt, files: &Files, id: FileId) -> Lint {
    let (line, column) = files.line_column(id, stmt.span.start);
    let range = stmt.span.start as usize..stmt.span.end as usize;
    let text = files.text(id).get(range).unwrap_or_default();
    let margin = " ".repeat(column - 1);
    let lines = text
        .lines()
        .map(|it| it.strip_prefix(&margin).unwrap_or(it));
    Lint {
        name,
        file: files.name(id).to_owned(),
        line,
        text: lines.collect::<Vec<_>>().join("\n"),
    }
}
