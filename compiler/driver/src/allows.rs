//! `@allow(lint, reason = "…", until = "…")` notes of the program.

use topoc_diagnostics::{Allow, Code, Diagnostic, Diagnostics};
use topoc_syntax::ast::{ExprKind, Network, Note, Stmt, StmtKind, TextPart};
use topoc_syntax::{Origin, Program};

/// Registers every note; reports those without lint or reason, and those that have expired.
pub fn read(program: &Program, today: Option<&str>, out: &mut Diagnostics) {
    let user = program
        .files
        .iter()
        .filter(|it| matches!(it.origin, Origin::Root | Origin::User));
    for file in user {
        block(&file.ast.items, today, out);
    }
}

/// Reports the notes that nothing needed.
pub fn report_unused(out: &mut Diagnostics) {
    let unused: Vec<Allow> = out.unused_allows().cloned().collect();
    for allow in unused {
        let message = format!("nothing here needs `@allow({})`", allow.lint);
        let report = Diagnostic::new(Code::W0708, message)
            .at(allow.note, "silences nothing")
            .help("take it out");
        out.push(report);
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only these hold statements")]
fn block(stmts: &[Stmt], today: Option<&str>, out: &mut Diagnostics) {
    for stmt in stmts {
        for note in &stmt.notes {
            register(note, stmt.span, today, out);
        }
        match &stmt.kind {
            StmtKind::If(it) => {
                block(&it.then, today, out);
                block(it.otherwise.as_deref().unwrap_or(&[]), today, out);
            }
            StmtKind::For(it) => block(&it.body, today, out),
            StmtKind::Kind(it) => block(&it.members, today, out),
            StmtKind::Network(it) => network(it, today, out),
            _ => {}
        }
    }
}

fn network(network: &Network, today: Option<&str>, out: &mut Diagnostics) {
    for subnet in &network.subnets {
        for note in &subnet.notes {
            register(note, subnet.span, today, out);
        }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a lint is a bare word")]
fn register(
    note: &Note,
    covers: topoc_diagnostics::Span,
    today: Option<&str>,
    out: &mut Diagnostics,
) {
    if note.name.name.as_str() != "allow" {
        return;
    }
    let lint = note.args.first().and_then(|it| match &it.value.kind {
        ExprKind::Name(name) if it.name.is_none() => Some(name.to_string()),
        _ => None,
    });
    let (Some(lint), Some(_)) = (lint, text(note, "reason").filter(|it| !it.is_empty())) else {
        out.push(unexplained(note));
        return;
    };
    if let (Some(until), Some(today)) = (text(note, "until"), today)
        && until.as_str() < today
    {
        out.push(expired(note, &lint, &until));
        return;
    }
    out.allow(Allow {
        lint,
        covers,
        note: note.span,
        used: false,
    });
}

/// The text of a named argument.
#[expect(clippy::wildcard_enum_match_arm, reason = "reasons are texts")]
fn text(note: &Note, name: &str) -> Option<String> {
    let argument = note
        .args
        .iter()
        .find(|it| it.name.is_some_and(|it| it.name.as_str() == name))?;
    match &argument.value.kind {
        ExprKind::Text(parts) => match parts.as_slice() {
            [TextPart::Text(text)] => Some(text.to_string()),
            _ => None,
        },
        _ => None,
    }
}

fn unexplained(note: &Note) -> Diagnostic {
    Diagnostic::new(Code::E0516, "an `@allow` says what it allows, and why")
        .at(note.span, "without a reason nobody can approve it")
        .help("@allow(LINT, reason = \"…\")")
}

fn expired(note: &Note, lint: &str, until: &str) -> Diagnostic {
    Diagnostic::new(
        Code::W0709,
        format!("`@allow({lint})` was meant until {until}"),
    )
    .at(note.span, "its day has passed, so it silences nothing")
    .help("mend what it allowed, or decide again and set a later `until`")
}
