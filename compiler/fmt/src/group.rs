//! Brackets over several lines.

use topoc_syntax::Kind;

use crate::block;
use crate::flat::{WIDTH, brackets, fitting};
use crate::gaps::gaps;
use crate::out::Out;
use crate::tree::{Entry, Group, Piece};

/// Writes brackets that hold one item a line. Brackets in brackets open on one line: `[{`, `f([for x in xs: {`.
pub fn tall(group: &Group<'_>, indent: usize, out: &mut Out) {
    let (open, close) = brackets(group.open);
    if group.is_empty() {
        out.push(open);
        return out.push(close);
    }
    match together(group, indent, out.room().saturating_sub(1)) {
        Some((former, last)) => {
            out.push(open);
            for entry in former {
                out.push(&fitting(&entry.pieces, usize::MAX).unwrap_or_default());
                out.push(", ");
            }
            hug(&last.pieces, indent, out);
        }
        None => {
            out.push(open);
            if let Some(comment) = group.head {
                out.push("  ");
                out.push(comment);
            }
            out.below(block::block(&group.entries, indent + 2, Some(group)));
            out.newline(indent);
        }
    }
    out.push(close);
}

/// The entries that stay on the line of the opening bracket, and the last one, whose brackets open there too.
fn together<'g, 't>(
    group: &'g Group<'t>,
    indent: usize,
    room: usize,
) -> Option<(&'g [Entry<'t>], &'g Entry<'t>)> {
    let quiet = group.head.is_none() && group.entries.tail.is_empty();
    let split = group.split && group.open != Kind::LeftParen;
    let (last, former) = group.entries.list.split_last()?;
    if !quiet || split || group.open == Kind::LeftBrace {
        return None;
    }
    if !last.above.is_empty() || last.trailing.is_some() {
        return None;
    }
    let sole = matches!(last.pieces.as_slice(), [Piece::Group(it)] if it.open != Kind::LeftParen);
    if former.is_empty() {
        let below = fitting(&last.pieces, WIDTH.saturating_sub(indent + 2)).is_some();
        let opens = can_hug(&last.pieces, room) && !has_operators(&last.pieces);
        return (opens && (sole || !below)).then_some((former, last));
    }
    if group.open != Kind::LeftParen || !sole || former.iter().any(Entry::is_tall) {
        return None;
    }
    let mut left = room;
    for entry in former {
        let text = fitting(&entry.pieces, left)?;
        left = left.checked_sub(crate::flat::width(&text) + 2)?;
    }
    can_hug(&last.pieces, left).then_some((former, last))
}

fn has_operators(pieces: &[Piece<'_>]) -> bool {
    let operators = [Kind::And, Kind::Or, Kind::Plus, Kind::Fallback];
    let mut kinds = pieces.iter().filter(|it| it.group().is_none());
    kinds.any(|it| it.kind().is_some_and(|it| operators.contains(&it)))
}

/// Whether the pieces end with brackets that can open on this line.
pub fn can_hug(pieces: &[Piece<'_>], room: usize) -> bool {
    let Some((Piece::Group(last), head)) = pieces.split_last() else {
        return false;
    };
    let spaced = gaps(pieces).last().unwrap_or_default();
    let called = last.open != Kind::LeftParen || !spaced || head.is_empty();
    let Some(room) = room.checked_sub(1 + usize::from(spaced)) else {
        return false;
    };
    !last.is_empty() && called && fitting(head, room).is_some()
}

/// Writes pieces whose last brackets open on this line.
pub fn hug(pieces: &[Piece<'_>], indent: usize, out: &mut Out) {
    let Some((Piece::Group(last), head)) = pieces.split_last() else {
        return;
    };
    out.push(&fitting(head, usize::MAX).unwrap_or_default());
    if gaps(pieces).last().unwrap_or_default() {
        out.push(" ");
    }
    tall(last, indent, out);
}
