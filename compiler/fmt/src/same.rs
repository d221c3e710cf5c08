//! Whether two texts say the same: their tokens, how these are separated, what is no token, their docs, and their
//! comments.

use std::collections::BTreeSet;

use topoc_diagnostics::{Diagnostics, FileId};
use topoc_syntax::{Comment, Kind, Token, lex_with_comments};

/// Whether `after` says what `before` says, without the tokens that begin at the bytes in `gone`.
pub fn same(before: &str, after: &str, gone: &[u32]) -> bool {
    let gone: BTreeSet<u32> = gone.iter().copied().collect();
    sayings(before, &gone) == sayings(after, &BTreeSet::new())
}

#[derive(Default, PartialEq, Eq)]
struct Sayings<'t> {
    /// Each token, and whether it is separated from the one before.
    code: Vec<(&'t str, bool)>,
    docs: Vec<&'t str>,
    comments: Vec<&'t str>,
    /// What is neither token nor comment, as brackets that close nothing.
    skipped: String,
}

fn sayings<'t>(text: &'t str, gone: &BTreeSet<u32>) -> Sayings<'t> {
    let mut reports = Diagnostics::default();
    let (tokens, comments) = lex_with_comments(FileId(0), text, &mut reports);
    let slice = |start: u32, end: u32| {
        let found = text.get(start as usize..end as usize);
        found.unwrap_or_default().trim_end()
    };
    let mut found = Sayings {
        comments: comments.iter().map(|it| slice(it.start, it.end)).collect(),
        skipped: skipped(text, &tokens, &comments),
        ..Sayings::default()
    };
    let mut separated = false;
    let mut note = Note::None;
    let mut opened = true;
    for token in tokens.iter().filter(|it| !gone.contains(&it.start)) {
        match token.kind {
            Kind::Newline | Kind::Comma => separated = true,
            Kind::Doc => found.docs.push(slice(token.start, token.end)),
            kind => {
                let counts = separated && !opened && !kind.closes() && !note.has_ended(kind);
                found.code.push((slice(token.start, token.end), counts));
                note.step(kind);
                separated = false;
                opened = kind.opens();
            }
        }
    }
    found
}

fn skipped(text: &str, tokens: &[Token], comments: &[Comment]) -> String {
    let tokens = tokens.iter().map(|it| (it.start as usize, it.end as usize));
    let comments = comments
        .iter()
        .map(|it| (it.start as usize, it.end as usize));
    let mut read: Vec<(usize, usize)> = tokens.chain(comments).collect();
    read.push((text.len(), text.len()));
    read.sort_unstable();
    let mut last = 0;
    let mut found = String::new();
    for (start, end) in read {
        found.extend(text.get(last..start).map(str::trim));
        last = end.max(last);
    }
    found
}

/// How far a note has been read: what separates it from the entry below says nothing.
enum Note {
    None,
    At,
    Name,
    Inside(usize),
    Ended,
}

impl Note {
    fn has_ended(&self, next: Kind) -> bool {
        match self {
            Note::Ended => true,
            Note::Name => next != Kind::LeftParen,
            Note::None | Note::At | Note::Inside(_) => false,
        }
    }

    fn step(&mut self, kind: Kind) {
        *self = match (&self, kind) {
            (Note::None | Note::Ended, Kind::At) => Note::At,
            (Note::At, _) => Note::Name,
            (Note::Name, Kind::LeftParen) => Note::Inside(1),
            (Note::Name, Kind::At) => Note::At,
            (Note::Inside(depth), kind) if kind.opens() => Note::Inside(depth + 1),
            (Note::Inside(1), kind) if kind.closes() => Note::Ended,
            (Note::Inside(depth), kind) if kind.closes() => Note::Inside(depth - 1),
            (Note::Inside(depth), _) => Note::Inside(*depth),
            (Note::None | Note::Name | Note::Ended, _) => Note::None,
        };
    }
}
