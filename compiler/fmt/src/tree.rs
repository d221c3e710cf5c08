//! What the layout works on: entries made of pieces, where a pair of brackets is one piece that holds entries.
//! It knows brackets, separators and comments, and nothing of the grammar.

use topoc_syntax::Kind;

/// Entries one after the other, and what stands behind the last one.
#[derive(Debug, Default)]
pub struct Entries<'t> {
    /// In order.
    pub list: Vec<Entry<'t>>,
    /// Comments and docs with nothing below them.
    pub tail: Vec<Above<'t>>,
}

/// A statement, an attribute, an item.
#[derive(Debug)]
pub struct Entry<'t> {
    /// What stands above it.
    pub above: Vec<Above<'t>>,
    /// Whether a blank line stands between this and what is above it.
    pub blank: bool,
    /// Its tokens and brackets; never empty.
    pub pieces: Vec<Piece<'t>>,
    /// The comment behind it.
    pub trailing: Option<&'t str>,
}

/// A comment, a doc or a note above an entry.
#[derive(Debug)]
pub struct Above<'t> {
    /// Whether a blank line stands above it.
    pub blank: bool,
    /// What it is.
    pub kind: AboveKind<'t>,
}

/// What may stand above an entry.
#[derive(Debug)]
pub enum AboveKind<'t> {
    /// `// …`
    Comment(&'t str),
    /// `/// …`
    Doc(&'t str),
    /// `@allow(…)`
    Note(Vec<Piece<'t>>),
}

/// A part of an entry.
#[derive(Debug)]
pub enum Piece<'t> {
    /// A token; a whole text is one, with its quotes.
    Token(Token<'t>),
    /// Brackets and what they hold.
    Group(Group<'t>),
    /// A comment in the middle of the entry; the line ends behind it.
    Comment {
        /// With its slashes.
        text: &'t str,
        /// Whether it has a line of its own.
        own_line: bool,
    },
}

/// A token as a piece.
#[derive(Debug)]
pub struct Token<'t> {
    /// What it is; `TextStart` for a text, `Wrong` for what is left as it was.
    pub kind: Kind,
    /// As written.
    pub text: &'t str,
    /// Its first byte.
    pub at: u32,
}

/// `{ … }`, `[ … ]`, `( … )`
#[derive(Debug)]
pub struct Group<'t> {
    /// The opening bracket.
    pub open: Kind,
    /// Where the brackets stand.
    pub at: (u32, u32),
    /// Whether nothing stands between it and the token before.
    pub glued: bool,
    /// Whether the author wrote a line break behind the opening bracket.
    pub split: bool,
    /// The comment behind the opening bracket.
    pub head: Option<&'t str>,
    /// Whether all its entries were separated by commas.
    pub commas: bool,
    /// What it holds.
    pub entries: Entries<'t>,
    /// Whether it cannot stand on one line.
    pub tall: bool,
    /// Whether it is the body of a resource type or lookup type.
    pub of_type: bool,
}

impl<'t> Piece<'t> {
    /// The token's kind, or the opening bracket.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Piece::Token(it) => Some(it.kind),
            Piece::Group(it) => Some(it.open),
            Piece::Comment { .. } => None,
        }
    }

    /// The text of a name, else nothing.
    pub fn word(&self) -> &'t str {
        match self {
            Piece::Token(it) if it.kind == Kind::Name => it.text,
            Piece::Token(_) | Piece::Group(_) | Piece::Comment { .. } => "",
        }
    }

    /// As brackets.
    pub fn group(&self) -> Option<&Group<'t>> {
        match self {
            Piece::Group(it) => Some(it),
            Piece::Token(_) | Piece::Comment { .. } => None,
        }
    }

    /// Whether it is this token.
    pub fn is(&self, kind: Kind) -> bool {
        matches!(self, Piece::Token(it) if it.kind == kind)
    }

    /// Whether it cannot stand on one line.
    pub fn is_tall(&self) -> bool {
        match self {
            Piece::Token(it) => it.text.contains('\n'),
            Piece::Group(it) => it.tall,
            Piece::Comment { .. } => true,
        }
    }
}

impl Entry<'_> {
    /// Whether it cannot stand on one line together with others.
    pub fn is_tall(&self) -> bool {
        !self.above.is_empty()
            || self.trailing.is_some()
            || is_chain(&self.pieces)
            || self.pieces.iter().any(Piece::is_tall)
    }
}

impl Group<'_> {
    /// Whether it holds nothing at all.
    pub fn is_empty(&self) -> bool {
        self.entries.list.is_empty() && self.entries.tail.is_empty() && self.head.is_none()
    }

    /// Whether it cannot stand on one line, by what it holds and by what the author wrote.
    pub fn must_be_tall(&self) -> bool {
        let list = &self.entries.list;
        let split = self.split && self.open != Kind::LeftParen && !list.is_empty();
        let statements = self.open == Kind::LeftBrace
            && list.len() > 1
            && !self.commas
            && !list.iter().all(is_plain);
        split
            || statements
            || self.head.is_some()
            || !self.entries.tail.is_empty()
            || list.iter().any(Entry::is_tall)
    }
}

/// Whether it may be followed by a comma: `name = …`, `name: …`, `name`, and what stands in lists.
fn is_plain(entry: &Entry<'_>) -> bool {
    let kinds = |at: usize| entry.pieces.get(at).and_then(Piece::kind);
    kinds(0) != Some(Kind::Wrong) && matches!(kinds(1), None | Some(Kind::Equals | Kind::Colon))
}

/// Whether it is `if … { … } else { … }` as a statement.
pub fn is_chain(pieces: &[Piece<'_>]) -> bool {
    let has = |kind: Kind| pieces.iter().any(|it| it.is(kind));
    let body = pieces.last().and_then(Piece::kind) == Some(Kind::LeftBrace);
    pieces.first().is_some_and(|it| it.is(Kind::If)) && body && has(Kind::Else) && !has(Kind::Then)
}
