//! Between which pieces of an entry a space stands.

use topoc_syntax::Kind;

use crate::tree::Piece;

/// For each piece whether a space stands before it; never before the first.
pub fn gaps(pieces: &[Piece<'_>]) -> impl Iterator<Item = bool> {
    let mut state = State {
        pieces,
        generics: 0,
        spaced_colon: false,
    };
    (0..pieces.len()).map(move |at| state.gap(at))
}

struct State<'p, 't> {
    pieces: &'p [Piece<'t>],
    /// How many `<` of types are open.
    generics: usize,
    /// Whether a colon stands between ends and verbs, not behind a name.
    spaced_colon: bool,
}

impl<'t> State<'_, 't> {
    fn gap(&mut self, at: usize) -> bool {
        use Kind::*;
        let Some((before, next)) = at
            .checked_sub(1)
            .and_then(|before| Some((self.pieces.get(before)?, self.pieces.get(at)?)))
        else {
            return false;
        };
        let (Some(last), Some(kind)) = (before.kind(), next.kind()) else {
            return true;
        };
        let closed = before.group().is_some();
        let claim = self.pieces.first().is_some_and(|it| it.is(Assert));
        if kind == Arrow || (claim && next.word() == "reach") {
            self.spaced_colon = true;
        }
        if kind == Less
            && before
                .word()
                .starts_with(|it: char| it.is_ascii_uppercase())
        {
            self.generics += 1;
            return false;
        }
        if kind == More && self.generics > 0 {
            self.generics -= 1;
            return false;
        }
        if last == Less && self.generics > 0 && self.is_generic(at - 1) {
            return false;
        }
        match kind {
            Comma | Dot | QuestionDot | DotDot | Question => return false,
            Colon => return self.spaced_colon,
            _ => {}
        }
        if !closed && matches!(last, Dot | QuestionDot | DotDot | At) {
            return false;
        }
        if !closed && last == Minus && self.is_sign(at - 1) {
            return false;
        }
        let glued = match next {
            Piece::Group(group) => group.glued,
            Piece::Token(_) | Piece::Comment { .. } => return true,
        };
        match kind {
            LeftParen => last != Name || self.is_clause(at - 1, glued),
            LeftBracket if closed => last == LeftBrace,
            LeftBracket if last == SelfNode => false,
            LeftBracket => last != Name || self.is_clause(at - 1, glued),
            _ => true,
        }
    }

    /// Whether the `<` at this place opens the argument of a type.
    fn is_generic(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|it| self.pieces.get(it));
        before.is_some_and(|it| it.word().starts_with(|it: char| it.is_ascii_uppercase()))
    }

    /// Whether the `-` at this place belongs to the number behind it.
    fn is_sign(&self, at: usize) -> bool {
        use Kind::*;
        let Some(before) = at.checked_sub(1).and_then(|it| self.pieces.get(it)) else {
            return true;
        };
        match before {
            Piece::Group(_) => false,
            Piece::Comment { .. } => true,
            Piece::Token(it) => match it.kind {
                Name => is_clause_word(it.text),
                Int | Float | Unit | Cidr | TextStart | Raw | True | False | None | SelfNode
                | Internet | Question | Wrong => false,
                _ => true,
            },
        }
    }

    fn opens_list(&self, at: usize) -> bool {
        self.pieces.get(at).and_then(Piece::kind) == Some(Kind::LeftBracket)
    }

    /// Whether the name at this place is a word of a form, so that brackets behind it are a value of their own.
    fn is_clause(&self, at: usize, glued: bool) -> bool {
        let Some(word) = self.pieces.get(at).map(Piece::word) else {
            return false;
        };
        let field = at
            .checked_sub(1)
            .and_then(|it| self.pieces.get(it))
            .is_some_and(|it| it.is(Kind::Dot) || it.is(Kind::QuestionDot));
        let claim = self.pieces.first().is_some_and(|it| it.is(Kind::Assert));
        let leads = (at == 0 && matches!(word, "opens" | "grant"))
            || (at == 1 && claim && word == "only" && self.opens_list(at + 1));
        !field && (leads || (is_clause_word(word) && !glued))
    }
}

/// A word behind which a value stands.
fn is_clause_word(word: &str) -> bool {
    matches!(
        word,
        "opens"
            | "grant"
            | "on"
            | "from"
            | "to"
            | "reach"
            | "through"
            | "only"
            | "as"
            | "where"
            | "via"
            | "because"
            | "length"
    )
}
