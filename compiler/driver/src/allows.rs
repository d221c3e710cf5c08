//! `@allow(lint, reason = "…", until = "…")` notes of the program.
//!
//! `@allow("RULE", reason = "…")` names a rule of another checker: it silences nothing here and goes into the output.

use topoc_diagnostics::{Allow, CATALOGUE, Code, Diagnostic, Diagnostics, nearest};
use topoc_syntax::ast::{Expr, ExprKind, Network, Note, Stmt, StmtKind, TextPart};
use topoc_syntax::{Origin, Program};

use crate::lints;

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
pub fn report_unused(program: &Program, out: &mut Diagnostics) {
    let unused: Vec<Allow> = out.unused_allows().cloned().collect();
    if unused.is_empty() {
        return;
    }
    let known = known(program);
    for allow in unused {
        out.push(match known.contains(&allow.lint) {
            true => unneeded(&allow),
            false => unknown(&allow, &known),
        });
    }
}

/// What can be allowed: rows of the catalogue, and what kinds warn of.
fn known(program: &Program) -> Vec<String> {
    let rows = CATALOGUE.iter().filter(|(code, _)| code.can_be_allowed());
    let rows = rows.map(|(_, row)| row.slug.replace('-', "_"));
    let library = lints::lints().into_iter().map(|it| it.name);
    rows.chain(library).chain(lints::own(program)).collect()
}

fn unneeded(allow: &Allow) -> Diagnostic {
    let message = format!("nothing here needs `@allow({})`", allow.lint);
    Diagnostic::new(Code::W0708, message)
        .at(allow.note, "silences nothing")
        .help("take it out")
}

fn unknown(allow: &Allow, known: &[String]) -> Diagnostic {
    let near = nearest(&allow.lint, known.iter().map(String::as_str));
    let label = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "silences nothing".to_owned(),
    };
    Diagnostic::new(Code::W0708, format!("no lint is called `{}`", allow.lint))
        .at(allow.note, label)
        .help("the name of a lint stands in its report: `warning[W0707 single_zone_database]`; of other codes it is the slug that `topoc explain` lists")
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
            StmtKind::EdgeDecl(it) => block(&it.members, today, out),
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

fn register(
    note: &Note,
    covers: topoc_diagnostics::Span,
    today: Option<&str>,
    out: &mut Diagnostics,
) {
    if note.name.name.as_str() != "allow" {
        return;
    }
    let said: Vec<Option<String>> = note
        .args
        .iter()
        .filter(|it| it.name.is_none())
        .map(|it| said(&it.value))
        .collect();
    let explained = text(note, "reason").is_some_and(|it| !it.is_empty());
    if said.is_empty() || said.contains(&None) || !explained {
        out.push(unexplained(note));
        return;
    }
    let said = said.into_iter().flatten();
    if let (Some(until), Some(today)) = (text(note, "until"), today)
        && until.as_str() < today
    {
        let said: Vec<String> = said.collect();
        out.push(expired(note, &said.join(", "), &until));
        return;
    }
    for lint in said.filter(|it| !it.starts_with('"')) {
        out.allow(Allow {
            lint,
            covers,
            note: note.span,
            used: false,
        });
    }
}

/// A lint of this compiler, or a rule of another checker in quotes.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a lint is a bare word, a rule is text"
)]
fn said(value: &Expr) -> Option<String> {
    match &value.kind {
        ExprKind::Name(name) => Some(name.to_string()),
        ExprKind::Text(parts) => match parts.as_slice() {
            [TextPart::Text(rule)] if !rule.is_empty() => Some(format!("\"{rule}\"")),
            _ => None,
        },
        _ => None,
    }
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
