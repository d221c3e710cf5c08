//! What a broken assertion of the library says: why, and what to type.

use topoc_diagnostics::{Diagnostics, FileId};
use topoc_syntax::ast::{Assertion, Claim, ExprIds, Stmt, StmtKind};
use topoc_syntax::parse;

use super::{read, sources};
use crate::cases::home;

#[test]
fn assertions_of_the_library_say_what_to_type() {
    let library = sources("topo")
        .into_iter()
        .filter(|it| it.starts_with(home().join("stdlib")));
    let (mut all, mut silent) = (0, Vec::new());
    for path in library {
        let text = read(&path);
        let mut out = Diagnostics::default();
        let file = parse(FileId(0), &text, &ExprIds::default(), &mut out);
        let (count, found) = within(&file.items, &text);
        all += count;
        silent.extend(found.into_iter().map(|it| (path.clone(), it)));
    }
    assert!(
        all > 90,
        "only {all} assertions are found: this no longer sees them"
    );
    assert!(
        silent.is_empty(),
        "without `because` or `help`: {silent:#?}"
    );
}

/// How many assertions there are, and the lines of those that lack a text.
fn within(block: &[Stmt], text: &str) -> (usize, Vec<usize>) {
    let (mut count, mut silent) = (0, Vec::new());
    for stmt in block {
        if let StmtKind::Assert(it) = &stmt.kind {
            count += 1;
            if lacks(it) {
                let before = text.get(..stmt.span.start as usize).unwrap_or_default();
                silent.push(before.lines().count());
            }
        }
        for inner in blocks(&stmt.kind) {
            let (more, found) = within(inner, text);
            count += more;
            silent.extend(found);
        }
    }
    (count, silent)
}

/// Proofs about ways say themselves what is wrong; facts do not.
fn lacks(it: &Assertion) -> bool {
    matches!(it.claim, Claim::Holds(_)) && (it.because.is_none() || it.help.is_none())
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
