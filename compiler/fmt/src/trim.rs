//! What says nothing goes: `{}` behind a declaration, `= none` behind a field's `T?`, brackets around one end of an edge.

use topoc_syntax::Kind;

use crate::tree::{Entries, Entry, Group, Piece, Token};

/// Removes it, and tells the first bytes of the tokens that are gone.
pub fn trim(entries: &mut Entries<'_>, gone: &mut Vec<u32>) {
    for entry in &mut entries.list {
        for piece in &mut entry.pieces {
            if let Piece::Group(group) = piece {
                trim(&mut group.entries, gone);
            }
        }
        empty_body(entry, gone);
        none_default(entry, gone);
        single_ends(entry, gone);
    }
}

/// `queue jobs {}`
fn empty_body(entry: &mut Entry<'_>, gone: &mut Vec<u32>) {
    let Some(Piece::Group(last)) = entry.pieces.last() else {
        return;
    };
    if last.open == Kind::LeftBrace && last.is_empty() && may_lack_body(&entry.pieces) {
        gone.extend([last.at.0, last.at.1]);
        entry.pieces.pop();
    }
}

/// Whether these are a declaration whose body may be left out.
fn may_lack_body(pieces: &[Piece<'_>]) -> bool {
    let mut words = pieces.iter().map(Piece::word);
    let (first, second) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let needs_body = matches!(
        (first, second),
        (
            "kind" | "trait" | "edge" | "rule" | "test" | "enum" | "type" | "adjust",
            _
        ) | (
            "access" | "listens" | "expect" | "table" | "acl" | "means",
            _
        ) | ("network" | "let" | "param" | "input" | "output", _)
            | ("resource" | "lookup", "type" | "raw")
            | ("existing", "network" | "")
    );
    let inner = pieces.split_last().map_or(pieces, |(_, rest)| rest);
    let plain = inner.iter().all(|it| match it {
        Piece::Token(it) => matches!(it.kind, Kind::Name | Kind::Dot | Kind::In | Kind::SelfNode),
        Piece::Group(it) => it.open == Kind::LeftBracket,
        Piece::Comment { .. } => false,
    });
    // `KIND NAME`, at least; a path is one word.
    let dots = inner.iter().filter(|it| it.is(Kind::Dot)).count();
    let names = inner.iter().filter(|it| !it.word().is_empty()).count();
    !first.is_empty() && !needs_body && plain && names >= dots + 2
}

/// `size: Int? = none`
fn none_default(entry: &mut Entry<'_>, gone: &mut Vec<u32>) {
    let starts = match entry.pieces.as_slice() {
        [first, second, third, ..] => {
            (!first.word().is_empty() && second.is(Kind::Colon))
                || (matches!(first.word(), "param" | "key") && third.is(Kind::Colon))
        }
        _ => false,
    };
    if !starts {
        return;
    }
    let found = entry.pieces.windows(3).position(|it| {
        matches!(it, [a, b, c] if a.is(Kind::Question) && b.is(Kind::Equals) && c.is(Kind::None))
    });
    let Some(at) = found else { return };
    let after = entry.pieces.get(at + 3);
    let ends = after.is_none_or(|it| it.word() == "as" || it.kind() == Some(Kind::LeftBrace));
    if ends {
        gone.extend(
            entry
                .pieces
                .drain(at + 1..at + 3)
                .filter_map(|it| at_of(&it)),
        );
    }
}

/// `[web] -> db : postgres`
fn single_ends(entry: &mut Entry<'_>, gone: &mut Vec<u32>) {
    if !entry.pieces.iter().any(|it| it.is(Kind::Arrow)) {
        return;
    }
    let mut pieces: Vec<Piece<'_>> = Vec::with_capacity(entry.pieces.len());
    let mut is_end = true;
    for piece in std::mem::take(&mut entry.pieces) {
        let arrow = piece.is(Kind::Arrow);
        match piece {
            Piece::Group(mut group) if is_end && is_single(&group) => {
                gone.extend([group.at.0, group.at.1]);
                for inner in group.entries.list.drain(..) {
                    pieces.extend(inner.pieces);
                }
            }
            other => pieces.push(other),
        }
        is_end = arrow;
    }
    entry.pieces = pieces;
}

fn is_single(group: &Group<'_>) -> bool {
    let quiet = group.head.is_none() && group.entries.tail.is_empty();
    match group.entries.list.as_slice() {
        [only] => {
            let plain = only.above.is_empty() && only.trailing.is_none();
            let tokens = only.pieces.iter().all(|it| match it {
                Piece::Token(_) => true,
                Piece::Group(it) => it.open == Kind::LeftBracket,
                Piece::Comment { .. } => false,
            });
            group.open == Kind::LeftBracket && quiet && plain && tokens
        }
        _ => false,
    }
}

fn at_of(piece: &Piece<'_>) -> Option<u32> {
    match piece {
        Piece::Token(Token { at, .. }) => Some(*at),
        Piece::Group(it) => Some(it.at.0),
        Piece::Comment { .. } => None,
    }
}
