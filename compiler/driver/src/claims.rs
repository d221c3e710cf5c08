//! Claims about who reaches whom are read and not decided yet; nobody shall believe that they were.

use topoc_diagnostics::{Code, Diagnostic, Span};
use topoc_syntax::ast::{Block, Claim, Stmt, StmtKind};
use topoc_syntax::{Origin, Program};

/// One report for all such claims of a program.
pub fn undecided(program: &Program) -> Option<Diagnostic> {
    let own = program
        .files
        .iter()
        .filter(|it| matches!(it.origin, Origin::Root | Origin::User));
    let mut found = Vec::new();
    own.for_each(|it| collect(&it.ast.items, &mut found));
    let (first, others) = found.split_first()?;
    let message = match others.len() {
        0 => "this claim is not decided yet".to_owned(),
        count => format!("this claim and {count} more are not decided yet"),
    };
    Some(
        Diagnostic::new(Code::W0710, message)
            .at(
                *first,
                "who reaches whom is read, but not proved by this version",
            )
            .help("look at the groups' rules and the route tables of the output"),
    )
}

fn collect(block: &Block, found: &mut Vec<Span>) {
    block.iter().for_each(|it| claims(it, found));
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "only these hold claims of a program"
)]
fn claims(stmt: &Stmt, found: &mut Vec<Span>) {
    match &stmt.kind {
        StmtKind::Assert(it) if !matches!(it.claim, Claim::Holds(_)) => found.push(stmt.span),
        StmtKind::If(it) => {
            collect(&it.then, found);
            it.otherwise.iter().for_each(|block| collect(block, found));
        }
        StmtKind::For(it) => collect(&it.body, found),
        StmtKind::Rule(it) => collect(&it.body, found),
        _ => {}
    }
}
