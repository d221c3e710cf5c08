//! A program without one of its statements.

use topoc_diagnostics::{Diagnostics, FileId, Span};
use topoc_syntax::ast::{ExprIds, Ident, Network, Stmt, StmtKind};
use topoc_syntax::{Kind, lex, parse};

/// One statement taken out.
pub struct Without {
    /// Its first line.
    pub what: String,
    /// The program that is left.
    pub text: String,
}

/// The program without each of its statements in turn, those inside networks included.
pub fn each(text: &str) -> Vec<Without> {
    let mut out = Diagnostics::default();
    let file = parse(FileId(0), text, &ExprIds::default(), &mut out);
    assert!(!out.has_errors(), "the program can be read");
    let pieces = pieces(&file.items, text);
    pieces.iter().map(|it| without(it, &pieces, text)).collect()
}

/// A statement: its bytes with all that stands above it, and the name that it declares.
struct Piece {
    from: usize,
    to: usize,
    first: usize,
    name: Option<String>,
    follows: bool,
}

fn pieces(items: &[Stmt], text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut last = 0;
    for item in items {
        let (start, end) = (item.span.start as usize, item.span.end as usize);
        if !matches!(item.kind, StmtKind::Topology(_)) {
            found.push(Piece {
                from: last,
                to: end,
                first: start,
                name: declared(&item.kind),
                follows: follows(&item.kind),
            });
        }
        if let StmtKind::Network(network) = &item.kind {
            found.extend(inside(network, text));
        }
        last = end;
    }
    found
}

/// Subnets, endpoints, routes and tables, with the comments above them.
fn inside(network: &Network, text: &str) -> Vec<Piece> {
    let subnets = network.subnets.iter().map(|it| (it.span, Some(it.name)));
    let endpoints = network.endpoints.iter().map(|it| (it.span, Some(it.name)));
    let routes = network.routes.iter().map(|it| (it.span, None));
    let tables = network.tables.iter().map(|it| (it.span, Some(it.name)));
    let entries = subnets.chain(endpoints).chain(routes).chain(tables);
    let piece = |(span, name): (Span, Option<Ident>)| {
        let (first, to) = (span.start as usize, span.end as usize);
        Piece {
            from: above(text, text[..first].rfind('\n').unwrap_or(0)),
            to,
            first,
            name: name.map(|it| it.name.to_string()),
            follows: false,
        }
    };
    let mut found: Vec<Piece> = entries.map(piece).collect();
    found.sort_by_key(|it| it.first);
    found
}

/// The line break before the docs and notes above a line.
fn above(text: &str, line: usize) -> usize {
    let before = text[..line].rfind('\n').unwrap_or(0);
    let comment = ["///", "@"]
        .iter()
        .any(|it| text[before..line].trim_start().starts_with(it));
    if comment { above(text, before) } else { line }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only these are looked at")]
fn declared(kind: &StmtKind) -> Option<String> {
    let name = match kind {
        StmtKind::Node(it) | StmtKind::Group(it) | StmtKind::External(it) => it.name.name,
        StmtKind::Existing(it) => it.name.name,
        StmtKind::Network(it) => it.name.name,
        _ => return None,
    };
    Some(name.to_string())
}

/// What goes with the thing that it names.
fn follows(kind: &StmtKind) -> bool {
    matches!(
        kind,
        StmtKind::Edge(_) | StmtKind::Assert(_) | StmtKind::Output(_)
    )
}

fn without(piece: &Piece, all: &[Piece], text: &str) -> Without {
    let goes = |it: &&Piece| {
        let names = piece.name.as_deref();
        std::ptr::eq(*it, piece)
            || it.follows && names.is_some_and(|name| mentions(&text[it.first..it.to], name))
    };
    let mut left = String::new();
    let mut at = 0;
    for gone in all.iter().filter(goes) {
        left.push_str(&text[at..gone.from.max(at)]);
        at = gone.to.max(at);
    }
    left.push_str(&text[at..]);
    let first = text[piece.first..piece.to].lines().next();
    Without {
        what: first.unwrap_or_default().to_owned(),
        text: left,
    }
}

fn mentions(text: &str, name: &str) -> bool {
    let tokens = lex(FileId(0), text, &mut Diagnostics::default());
    tokens
        .iter()
        .any(|it| it.kind == Kind::Name && text[it.start as usize..it.end as usize] == *name)
}
