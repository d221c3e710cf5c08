//! One entry: on the line if it fits, else its last brackets hold one item a line, else it breaks after `=`
//! and before operators.

use topoc_syntax::Kind;

use crate::chain;
use crate::flat::{WIDTH, fitting, flat, flat_group};
use crate::gaps::gaps;
use crate::group;
use crate::out::Out;
use crate::tree::{Piece, is_chain};

/// What an entry is to its surroundings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A statement or an attribute.
    Statement,
    /// An item, an argument, an operand.
    Value,
}

/// Where the lines of an entry begin: the brackets it closes, and the rest of it.
#[derive(Clone, Copy)]
pub struct Margin {
    /// Closing brackets.
    pub indent: usize,
    /// What goes on.
    pub further: usize,
}

impl Margin {
    /// Two spaces deeper for what goes on.
    pub fn at(indent: usize) -> Self {
        let further = indent + 2;
        Self { indent, further }
    }
}

/// Writes an entry.
pub fn entry(pieces: &[Piece<'_>], margin: Margin, role: Role, out: &mut Out) {
    if is_chain(pieces) && chain::chain(pieces, margin.indent, out) {
        return;
    }
    if let Some(line) = fitting(pieces, out.room()) {
        return out.push(&line);
    }
    if pieces.iter().any(|it| matches!(it, Piece::Comment { .. })) {
        return commented(pieces, margin, out);
    }
    if clauses(pieces, margin, out) {
        return;
    }
    let value = value(pieces, role);
    let rest = value.and_then(|it| pieces.get(it..)).unwrap_or_default();
    if group::can_hug(pieces, out.room()) && !breaks(rest) {
        return group::hug(pieces, margin.indent, out);
    }
    if let Some(value) = value
        && value > 0
        && (behind(pieces, value, margin, out) || below(pieces, value, margin, out))
    {
        return;
    }
    if !rest.is_empty() && rest.len() == pieces.len() && operands(pieces, margin, out) {
        return;
    }
    greedy(pieces, margin.indent, out);
}

/// Where the value of an entry begins: behind `=`, behind the colon of a comprehension, at its beginning.
fn value(pieces: &[Piece<'_>], role: Role) -> Option<usize> {
    let position = |kind: Kind| pieces.iter().position(|it| it.is(kind)).map(|it| it + 1);
    let first = pieces.first()?;
    if first.is(Kind::For) {
        return position(Kind::Colon);
    }
    if first.is(Kind::Assert) {
        return Some(0);
    }
    let equals = pieces
        .iter()
        .position(|it| it.is(Kind::Equals) || it.is(Kind::PlusEquals));
    match (equals, role) {
        (Some(at), _) => Some(at + 1),
        (None, Role::Value) => Some(0),
        (None, Role::Statement) => None,
    }
}

/// Whether a value rather breaks at its operators than in its last brackets.
///
/// INVARIANT (stable): only tokens decide, never whether brackets hold one item a line already, so that a layout is
/// the layout of itself.
fn breaks(value: &[Piece<'_>]) -> bool {
    let count = |kind: Kind| value.iter().filter(|it| it.is(kind)).count();
    let called = value.last().and_then(Piece::kind) == Some(Kind::LeftParen);
    let most = if called { 0 } else { 1 };
    count(Kind::And) + count(Kind::Or) > 0 || count(Kind::Plus) > most || count(Kind::Else) > 1
}

/// `assert … because …`, `opens … because …`, `grant … on … where …`
fn clauses(pieces: &[Piece<'_>], margin: Margin, out: &mut Out) -> bool {
    let starts: &[&str] = match pieces.first() {
        Some(first) if first.is(Kind::Assert) => &["because", "help"],
        Some(first) if first.word() == "opens" => &["because"],
        Some(first) if first.word() == "grant" => {
            if pieces.iter().any(Piece::is_tall) {
                return false;
            }
            let fits = |word: &str| {
                let at = pieces.iter().position(|it| it.word() == word);
                at.and_then(|at| pieces.split_at_checked(at))
                    .is_some_and(|(head, rest)| {
                        fitting(head, out.room()).is_some()
                            && fitting(rest, WIDTH.saturating_sub(margin.further)).is_some()
                    })
            };
            match () {
                () if fits("where") => &["where"],
                () if fits("on") => &["on"],
                () => return false,
            }
        }
        _ => return false,
    };
    let parts = split(pieces, |it| starts.contains(&it.word()));
    if parts.len() < 2 {
        return false;
    }
    for (number, part) in parts.into_iter().enumerate() {
        if number > 0 {
            out.newline(margin.further);
        }
        entry(part, Margin::at(margin.further), Role::Statement, out);
    }
    true
}

/// The value on the line of its `=`, where what stands before takes several lines; else `false`.
fn behind(pieces: &[Piece<'_>], value: usize, margin: Margin, out: &mut Out) -> bool {
    match pieces.split_at_checked(value) {
        Some((head, rest)) if !rest.is_empty() && head.iter().any(Piece::is_tall) => {
            greedy(head, margin.indent, out);
            out.space();
            entry(rest, margin, Role::Value, out);
            true
        }
        _ => false,
    }
}

/// The value on the lines below its `=`; `false` if there is nothing to gain.
fn below(pieces: &[Piece<'_>], value: usize, margin: Margin, out: &mut Out) -> bool {
    let (head, rest) = match pieces.split_at_checked(value) {
        Some((head, rest)) if !rest.is_empty() => (head, rest),
        _ => return false,
    };
    let Some(head) = fitting(head, out.room()) else {
        return false;
    };
    let fits = fitting(rest, WIDTH.saturating_sub(margin.further)).is_some();
    if !fits && operators(rest).is_none() {
        return false;
    }
    out.push(&head);
    out.newline(margin.further);
    let inner = Margin {
        indent: margin.further,
        further: margin.further,
    };
    entry(rest, inner, Role::Value, out);
    true
}

/// One operand a line; `false` if there is only one.
fn operands(pieces: &[Piece<'_>], margin: Margin, out: &mut Out) -> bool {
    let Some(operator) = operators(pieces) else {
        return false;
    };
    for (number, part) in split(pieces, |it| it.is(operator)).into_iter().enumerate() {
        if number > 0 {
            out.newline(margin.further);
        }
        entry(part, Margin::at(margin.further), Role::Value, out);
    }
    true
}

/// The operators at which a value breaks first. A line never begins with `-`: that would be a sign.
fn operators(pieces: &[Piece<'_>]) -> Option<Kind> {
    let inside = pieces.get(1..).unwrap_or_default();
    let has = |kind: Kind| inside.iter().any(|it| it.is(kind));
    let branches = pieces.iter().any(|it| it.is(Kind::Then)) && has(Kind::Else);
    if branches {
        return Some(Kind::Else);
    }
    let order = [Kind::Or, Kind::And, Kind::Fallback, Kind::Plus];
    order.into_iter().find(|it| has(*it))
}

/// Parts, each but the first beginning with a piece that `starts` says.
fn split<'p, 't>(
    pieces: &'p [Piece<'t>],
    starts: impl Fn(&Piece<'t>) -> bool,
) -> Vec<&'p [Piece<'t>]> {
    let mut parts = Vec::new();
    let mut rest = pieces;
    while let Some(at) = rest.iter().skip(1).position(&starts) {
        let (part, after) = rest.split_at_checked(at + 1).unwrap_or((rest, &[]));
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts
}

/// One line; brackets that cannot stand on it, the last ones that help, and what then does not fit hold one item a line.
fn greedy(pieces: &[Piece<'_>], indent: usize, out: &mut Out) {
    let tall = pieces.iter().any(Piece::is_tall);
    let opens_last = if tall {
        None
    } else {
        last_that_helps(pieces, out)
    };
    for (at, (piece, gap)) in pieces.iter().zip(gaps(pieces)).enumerate() {
        if gap {
            out.space();
        }
        match piece {
            Piece::Token(it) => out.push(it.text),
            Piece::Group(it) => match flat_group(it) {
                Some(line)
                    if Some(at) != opens_last
                        && (it.is_empty() || line.chars().count() <= out.room()) =>
                {
                    out.push(&line);
                }
                _ => group::tall(it, indent, out),
            },
            Piece::Comment { .. } => {}
        }
    }
}

fn last_that_helps(pieces: &[Piece<'_>], out: &Out) -> Option<usize> {
    let groups = pieces.iter().enumerate().rev();
    let mut filled = groups.filter(|(_, it)| it.group().is_some_and(|it| !it.is_empty()));
    let fits = |at: usize| {
        let head = pieces.get(..at).unwrap_or_default();
        fitting(head, out.room().saturating_sub(2)).is_some()
    };
    filled.find(|(at, _)| fits(*at)).map(|(at, _)| at)
}

/// With comments in the middle: the line ends where they end.
fn commented(pieces: &[Piece<'_>], margin: Margin, out: &mut Out) {
    let mut ended = false;
    for (piece, gap) in pieces.iter().zip(gaps(pieces)) {
        if std::mem::take(&mut ended) {
            out.newline(margin.further);
        } else if gap && !matches!(piece, Piece::Comment { .. }) {
            out.space();
        }
        match piece {
            Piece::Token(it) => out.push(it.text),
            Piece::Group(it) => match flat_group(it) {
                Some(line) => out.push(&line),
                None => group::tall(it, margin.indent, out),
            },
            Piece::Comment { text, own_line } => {
                if *own_line && !out.is_fresh() {
                    out.newline(margin.further);
                } else if !out.is_fresh() {
                    out.push("  ");
                }
                out.push(text);
                ended = true;
            }
        }
    }
}

/// The pieces on the line, which has no room for them.
pub fn anyhow(pieces: &[Piece<'_>], indent: usize, out: &mut Out) {
    match flat(pieces) {
        Some(line) => out.push(&line),
        None => greedy(pieces, indent, out),
    }
}
