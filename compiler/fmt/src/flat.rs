//! On one line.

use topoc_syntax::Kind;

use crate::gaps::gaps;
use crate::tree::{Group, Piece};

/// How long lines are.
pub const WIDTH: usize = 100;
/// How long a field of a resource type with its spelling may be, so that the fields stay one table.
pub const SPELLED: usize = 120;

/// How many characters a text has.
pub fn width(text: &str) -> usize {
    text.chars().count()
}

/// The pieces on one line, if they fit into `room`.
pub fn fitting(pieces: &[Piece<'_>], room: usize) -> Option<String> {
    let mut line = Flat {
        text: String::new(),
        left: room,
    };
    line.pieces(pieces)?;
    Some(line.text)
}

/// The pieces on one line, however long.
pub fn flat(pieces: &[Piece<'_>]) -> Option<String> {
    fitting(pieces, usize::MAX)
}

/// One pair of brackets on one line.
pub fn flat_group(group: &Group<'_>) -> Option<String> {
    let mut line = Flat {
        text: String::new(),
        left: usize::MAX,
    };
    line.group(group)?;
    Some(line.text)
}

struct Flat {
    text: String,
    left: usize,
}

impl Flat {
    fn pieces(&mut self, pieces: &[Piece<'_>]) -> Option<()> {
        for (piece, gap) in pieces.iter().zip(gaps(pieces)) {
            if piece.is_tall() {
                return None;
            }
            if gap {
                self.push(" ")?;
            }
            match piece {
                Piece::Token(it) => self.push(it.text)?,
                Piece::Group(it) => self.group(it)?,
                Piece::Comment { .. } => return None,
            }
        }
        Some(())
    }

    fn group(&mut self, group: &Group<'_>) -> Option<()> {
        if group.tall {
            return None;
        }
        let (open, close) = brackets(group.open);
        self.push(open)?;
        if group.is_empty() {
            return self.push(close);
        }
        let spaced = group.open == Kind::LeftBrace;
        if spaced {
            self.push(" ")?;
        }
        for (number, entry) in group.entries.list.iter().enumerate() {
            if number > 0 {
                self.push(", ")?;
            }
            self.pieces(&entry.pieces)?;
        }
        if spaced {
            self.push(" ")?;
        }
        self.push(close)
    }

    fn push(&mut self, text: &str) -> Option<()> {
        self.left = self.left.checked_sub(width(text))?;
        self.text.push_str(text);
        Some(())
    }
}

/// Both brackets.
pub fn brackets(open: Kind) -> (&'static str, &'static str) {
    match open {
        Kind::LeftBrace => ("{", "}"),
        Kind::LeftBracket => ("[", "]"),
        _ => ("(", ")"),
    }
}
