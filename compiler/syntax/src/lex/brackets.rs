//! The brackets that are open, innermost last.

use super::{Kind, Token};

/// Open brackets; every question takes constant time, however many there are.
pub struct Brackets {
    /// Each with the indentation of its line.
    open: Vec<(Token, u32)>,
    /// How many `{`, `[` and `(` are open in the code of the file, then in each insertion.
    counts: Vec<[usize; 3]>,
}

impl Brackets {
    pub fn new() -> Self {
        Self {
            open: Vec::new(),
            counts: vec![[0; 3]],
        }
    }

    pub fn push(&mut self, opener: Token, indent: u32) {
        self.open.push((opener, indent));
        if opener.kind == Kind::CodeStart {
            self.counts.push([0; 3]);
        } else if let Some(count) = self.count(opener.kind) {
            *count += 1;
        }
    }

    pub fn pop(&mut self) -> Option<Token> {
        let (opener, _) = self.open.pop()?;
        if opener.kind == Kind::CodeStart {
            self.counts.pop();
        } else if let Some(count) = self.count(opener.kind) {
            *count -= 1;
        }
        Some(opener)
    }

    /// The innermost one.
    pub fn last(&self) -> Option<Token> {
        self.open.last().map(|it| it.0)
    }

    /// The one around the innermost one.
    pub fn under(&self) -> Option<Token> {
        let place = self.open.len().checked_sub(2)?;
        self.open.get(place).map(|it| it.0)
    }

    /// The indentation of the innermost one's line.
    pub fn indent(&self) -> Option<u32> {
        self.open.last().map(|it| it.1)
    }

    /// Whether a line of this indentation opened one.
    pub fn has_indent(&self, indent: u32) -> bool {
        self.open.iter().any(|it| it.1 == indent)
    }

    /// Whether one of this kind is open, in the same insertion if there is one.
    pub fn has(&mut self, opener: Kind) -> bool {
        match self.count(opener) {
            Some(count) => *count > 0,
            None => opener == Kind::TextStart || self.in_insertion(),
        }
    }

    /// Whether an insertion is open.
    pub fn in_insertion(&self) -> bool {
        self.counts.len() > 1
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "texts are not counted")]
    fn count(&mut self, kind: Kind) -> Option<&mut usize> {
        let slot = match kind {
            Kind::LeftBrace => 0,
            Kind::LeftBracket => 1,
            Kind::LeftParen => 2,
            _ => return None,
        };
        self.counts.last_mut()?.get_mut(slot)
    }
}
