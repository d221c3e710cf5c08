//! Tokens: a kind and a byte range; the text itself stays in the file.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A name; declaration words are names too.
    Name,
    /// `512`, `1_000`
    Int,
    /// `0.5`
    Float,
    /// `15s`, `512MiB`, `50%`
    Unit,
    /// `10.0.0.0/16`, `fd00::/56`
    Cidr,
    /// `"` or `"""` that opens a text.
    TextStart,
    /// Part of a text as written, escapes included.
    Text,
    /// `{` in a text.
    CodeStart,
    /// Its `}`.
    CodeEnd,
    /// `"` or `"""` that closes a text.
    TextEnd,
    /// `r"…"`, `r"""…"""`
    Raw,
    /// `/// …`, one line.
    Doc,
    /// A line break that ends something.
    Newline,
    /// `if`
    If,
    /// `then`
    Then,
    /// `else`
    Else,
    /// `for`
    For,
    /// `in`
    In,
    /// `true`
    True,
    /// `false`
    False,
    /// `none`
    None,
    /// `self`
    SelfNode,
    /// `and`
    And,
    /// `or`
    Or,
    /// `not`
    Not,
    /// `assert`
    Assert,
    /// `tcp`
    Tcp,
    /// `udp`
    Udp,
    /// `internet`
    Internet,
    /// `{`
    LeftBrace,
    /// `}`
    RightBrace,
    /// `[`
    LeftBracket,
    /// `]`
    RightBracket,
    /// `(`
    LeftParen,
    /// `)`
    RightParen,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `=`
    Equals,
    /// `+=`
    PlusEquals,
    /// `->`
    Arrow,
    /// `.`
    Dot,
    /// `..`
    DotDot,
    /// `?`
    Question,
    /// `?.`
    QuestionDot,
    /// `??`
    Fallback,
    /// `@`
    At,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `==`
    Same,
    /// `!=`
    Differs,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// What has no meaning here; reported already.
    Wrong,
    /// The end of the file.
    End,
}

impl Kind {
    /// Whether it is a word that may also be a name: after a dot, and before `=` or `:`.
    pub fn is_reserved(self) -> bool {
        use Kind::*;
        matches!(
            self,
            If | Then
                | Else
                | For
                | In
                | True
                | False
                | None
                | SelfNode
                | And
                | Or
                | Not
                | Assert
                | Tcp
                | Udp
                | Internet
        )
    }

    /// Whether it opens a bracket (a text and its insertions count).
    pub fn opens(self) -> bool {
        use Kind::*;
        matches!(
            self,
            LeftBrace | LeftBracket | LeftParen | TextStart | CodeStart
        )
    }

    /// Whether it closes a bracket.
    pub fn closes(self) -> bool {
        use Kind::*;
        matches!(
            self,
            RightBrace | RightBracket | RightParen | TextEnd | CodeEnd
        )
    }

    /// What closes it, or what it closes.
    pub fn partner(self) -> Kind {
        use Kind::*;
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "only brackets have partners"
        )]
        match self {
            LeftBrace => RightBrace,
            LeftBracket => RightBracket,
            LeftParen => RightParen,
            TextStart => TextEnd,
            CodeStart => CodeEnd,
            RightBrace => LeftBrace,
            RightBracket => LeftBracket,
            RightParen => LeftParen,
            TextEnd => TextStart,
            CodeEnd => CodeStart,
            other => other,
        }
    }
}

/// A piece of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}
