//! What a broken assertion of the library says: why, and what to type. And a case shows it, so that somebody has read it.

use std::path::PathBuf;

use topoc_diagnostics::{Diagnostic, Diagnostics, FileId};
use topoc_syntax::ast::{Assertion, Claim, Expr, ExprIds, ExprKind, Stmt, StmtKind, TextPart};
use topoc_syntax::parse;

use super::{read, sources};
use crate::cases::home;

#[test]
fn assertions_of_the_library_say_what_to_type() {
    let all = assertions();
    assert!(
        all.len() > 90,
        "only {} assertions are found: this no longer sees them",
        all.len()
    );
    let silent: Vec<_> = all.iter().filter(|it| lacks(&it.what)).collect();
    let silent: Vec<_> = silent.iter().map(|it| (&it.path, it.line)).collect();
    assert!(
        silent.is_empty(),
        "without `because` or `help`: {silent:#?}"
    );
}

#[test]
fn assertions_of_the_library_are_shown_by_a_case() {
    let cases = crate::ui::programs(&home().join("tests/ui")).into_iter();
    let reports: Vec<Diagnostic> = cases
        .flat_map(|it| crate::ui::compiled(&it, &read(&it)).diagnostics)
        .collect();
    let unseen: Vec<_> = assertions()
        .into_iter()
        .filter(|one| !reports.iter().any(|it| says(it, &one.what)))
        .map(|it| (it.path, it.line))
        .collect();
    assert!(unseen.is_empty(), "no case of tests/ui shows: {unseen:#?}");
}

#[test]
fn texts_are_told_from_others() {
    let mut out = Diagnostics::default();
    let line = "assert a because \"no `{a}`, but `{b}`\"\n";
    let file = parse(FileId(0), line, &ExprIds::default(), &mut out);
    let Some(StmtKind::Assert(it)) = file.items.first().map(|it| &it.kind) else {
        panic!("{line} is an assertion")
    };
    let fits = |text| fits(text, it.because.as_ref());
    assert!(fits("no `x`, but `y`"));
    assert!(!fits("no `x`, but `y` or `z`!") && !fits("no `x`") && !fits("so no `x`, but `y`"));
}

/// An assertion, and where it stands.
struct Found {
    path: PathBuf,
    line: usize,
    what: Assertion,
}

fn assertions() -> Vec<Found> {
    let library = sources("topo").into_iter();
    let library = library.filter(|it| it.starts_with(home().join("stdlib")));
    let mut all = Vec::new();
    for path in library {
        let text = read(&path);
        let mut out = Diagnostics::default();
        let file = parse(FileId(0), &text, &ExprIds::default(), &mut out);
        within(&file.items, &mut |stmt, what| {
            let before = text.get(..stmt.span.start as usize).unwrap_or_default();
            all.push(Found {
                path: path.clone(),
                line: before.lines().count() + 1,
                what: what.clone(),
            });
        });
    }
    all
}

fn within(block: &[Stmt], see: &mut dyn FnMut(&Stmt, &Assertion)) {
    for stmt in block {
        if let StmtKind::Assert(it) = &stmt.kind {
            see(stmt, it);
        }
        blocks(&stmt.kind).iter().for_each(|it| within(it, see));
    }
}

/// Proofs about ways say themselves what is wrong; facts do not.
fn lacks(it: &Assertion) -> bool {
    matches!(it.claim, Claim::Holds(_)) && (it.because.is_none() || it.help.is_none())
}

/// Whether a report is what a broken assertion says.
fn says(report: &Diagnostic, it: &Assertion) -> bool {
    let help = report.help.as_deref().unwrap_or_default();
    fits(&report.message, it.because.as_ref()) && fits(help, it.help.as_ref())
}

/// Whether a text is `pattern` with something in place of each insertion.
fn fits(text: &str, pattern: Option<&Expr>) -> bool {
    let Some(ExprKind::Text(parts)) = pattern.map(|it| &it.kind) else {
        return false;
    };
    let mut rest = text;
    let mut is_open = false;
    for (at, part) in parts.iter().enumerate() {
        let TextPart::Text(piece) = part else {
            is_open = true;
            continue;
        };
        let found = match (is_open, at + 1 == parts.len()) {
            (true, true) => rest.rfind(piece.as_str()),
            (true, false) => rest.find(piece.as_str()),
            (false, _) => rest.starts_with(piece.as_str()).then_some(0),
        };
        let after = found.and_then(|it| rest.get(it + piece.len()..));
        let Some(after) = after else { return false };
        (rest, is_open) = (after, false);
    }
    is_open || rest.is_empty()
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "what is not listed holds no assertions"
)]
fn blocks(stmt: &StmtKind) -> Vec<&[Stmt]> {
    match stmt {
        StmtKind::Kind(it) => vec![&it.members],
        StmtKind::Trait(it) => vec![&it.members],
        StmtKind::EdgeDecl(it) => vec![&it.members],
        StmtKind::ExistingBlock(it) => vec![it],
        StmtKind::Rule(it) => vec![&it.body],
        StmtKind::For(it) => vec![&it.body],
        StmtKind::If(it) => vec![&it.then, it.otherwise.as_deref().unwrap_or(&[])],
        _ => Vec::new(),
    }
}
