//! The brackets that are open, innermost last.

use super::{Kind, Token};

/// Open brackets; every question takes constant time, however many there are.
pub struct Brackets {
    /// Each with the indentation of its line.
    open: Vec<(Token, u32)>,
    /// How many `{`, `[` and `(` are open in the code of the file, then in each insertion.
    counts: Vec<Counts>,
}

/// How many `{`, `[` and `(`.
#[derive(Clone, Copy, Default)]
pub struct Counts([usize; 3]);

impl Counts {
    pub fn get(self, opener: Kind) -> usize {
        let place = Self::place(opener).and_then(|it| self.0.get(it));
        place.copied().unwrap_or_default()
    }

    pub fn add(&mut self, opener: Kind) {
        if let Some(count) = self.slot(opener) {
            *count += 1;
        }
    }

    pub fn remove(&mut self, opener: Kind) {
        if let Some(count) = self.slot(opener) {
            *count = count.saturating_sub(1);
        }
    }

    fn slot(&mut self, opener: Kind) -> Option<&mut usize> {
        self.0.get_mut(Self::place(opener)?)
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "texts are not counted")]
    fn place(opener: Kind) -> Option<usize> {
        match opener {
            Kind::LeftBrace => Some(0),
            Kind::LeftBracket => Some(1),
            Kind::LeftParen => Some(2),
            _ => None,
        }
    }
}

impl Brackets {
    pub fn new() -> Self {
        Self {
            open: Vec::new(),
            counts: vec![Counts::default()],
        }
    }

    pub fn push(&mut self, opener: Token, indent: u32) {
        self.open.push((opener, indent));
        if opener.kind == Kind::CodeStart {
            self.counts.push(Counts::default());
        } else if let Some(counts) = self.counts.last_mut() {
            counts.add(opener.kind);
        }
    }

    pub fn pop(&mut self) -> Option<Token> {
        let (opener, _) = self.open.pop()?;
        if opener.kind == Kind::CodeStart {
            self.counts.pop();
        } else if let Some(counts) = self.counts.last_mut() {
            counts.remove(opener.kind);
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

    /// The indentation of the outermost one's line.
    pub fn outermost_indent(&self) -> Option<u32> {
        self.open.first().map(|it| it.1)
    }

    /// Whether a line of this indentation opened one.
    pub fn has_indent(&self, indent: u32) -> bool {
        self.open.iter().any(|it| it.1 == indent)
    }

    /// Those that begin at `start` or behind it, innermost first.
    pub fn since(&self, start: usize) -> impl Iterator<Item = Token> {
        let open = self.open.iter().rev().map(|it| it.0);
        open.take_while(move |it| it.start as usize >= start)
    }

    /// Whether one of this kind is open, in the same insertion if there is one.
    pub fn has(&self, opener: Kind) -> bool {
        let counts = self.counts.last();
        opener == Kind::TextStart
            || (opener == Kind::CodeStart && self.in_insertion())
            || counts.is_some_and(|it| it.get(opener) > 0)
    }

    /// Whether an insertion is open.
    pub fn in_insertion(&self) -> bool {
        self.counts.len() > 1
    }
}
