//! The regular part of the lexical rules, for logos: one set for code, one for the inside of texts.
//!
//! What may be long is searched for its end by a function: the machine of logos goes from one letter to the next by
//! calls, which is too deep for a text of some hundred thousand letters.

use logos::{Lexer, Logos};

use super::Kind;

/// Tokens of code.
#[derive(Clone, Copy, Debug, Logos, PartialEq, Eq)]
#[logos(skip r"[ \t\r\u{feff}]+")]
pub enum Code {
    #[regex(r"\n[ \t\r\n]*")]
    Newline,
    #[token("//", rest_of_line)]
    #[token("#", rest_of_line)]
    Comment,
    #[token("/*")]
    BlockComment,
    #[regex(r"[A-Za-z_][A-Za-z0-9_]*")]
    Name,
    #[regex(r"[0-9][0-9_]*")]
    Int,
    #[regex(r"[0-9][0-9_]*\.[0-9][0-9_]*")]
    Float,
    #[regex(r"[0-9][0-9_]*(\.[0-9][0-9_]*)?(%|[A-Za-z]+)")]
    Unit,
    #[regex(r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(/[0-9]{1,3})?")]
    #[regex(r"([0-9A-Fa-f]{1,4}(:[0-9A-Fa-f]{1,4})*)?::([0-9A-Fa-f]{1,4}(:[0-9A-Fa-f]{1,4})*)?(/[0-9]{1,3})?")]
    #[regex(r"[0-9A-Fa-f]{1,4}(:[0-9A-Fa-f]{1,4}){7}/[0-9]{1,3}")]
    Cidr,
    #[token("\"")]
    Quote,
    #[token("\"\"\"")]
    Block,
    /// Only its beginning, if its end is missing.
    #[token("r\"", |it| { on_line(it, '"'); })]
    #[token("r\"\"\"", raw_block)]
    #[token("'", |it| on_line(it, '\'').then_some(()))]
    Raw,
    #[token("if")]
    If,
    #[token("then")]
    Then,
    #[token("else")]
    Else,
    #[token("for")]
    For,
    #[token("in")]
    In,
    #[token("true")]
    True,
    #[token("false")]
    False,
    #[token("none")]
    None,
    #[token("self")]
    SelfNode,
    #[token("and")]
    #[token("&&")]
    And,
    #[token("or")]
    #[token("||")]
    Or,
    #[token("not")]
    #[token("!")]
    Not,
    #[token("assert")]
    Assert,
    #[token("tcp")]
    Tcp,
    #[token("udp")]
    Udp,
    #[token("internet")]
    Internet,
    #[token("{")]
    LeftBrace,
    #[token("}")]
    RightBrace,
    #[token("[")]
    LeftBracket,
    #[token("]")]
    RightBracket,
    #[token("(")]
    LeftParen,
    #[token(")")]
    RightParen,
    #[token(",")]
    Comma,
    #[token(";")]
    Semicolon,
    #[token(":")]
    Colon,
    #[token("=")]
    Equals,
    #[token("+=")]
    PlusEquals,
    #[token("->")]
    #[token("<-")]
    #[token("<->")]
    #[token("=>")]
    Arrow,
    #[token(".")]
    Dot,
    #[token("..")]
    DotDot,
    #[token("?")]
    Question,
    #[token("?.")]
    QuestionDot,
    #[token("??")]
    Fallback,
    #[token("@")]
    At,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Star,
    #[token("/")]
    Slash,
    #[token("==")]
    Same,
    #[token("!=")]
    Differs,
    #[token("<")]
    Less,
    #[token("<=")]
    AtMost,
    #[token(">")]
    More,
    #[token(">=")]
    AtLeast,
}

impl Code {
    /// The token that it becomes, where it becomes one as it is.
    pub fn kind(self) -> Kind {
        match self {
            Code::Name => Kind::Name,
            Code::Int => Kind::Int,
            Code::Float => Kind::Float,
            Code::Unit => Kind::Unit,
            Code::Cidr => Kind::Cidr,
            Code::Quote | Code::Block => Kind::TextStart,
            Code::Raw => Kind::Raw,
            Code::Newline | Code::Semicolon => Kind::Newline,
            Code::Comment | Code::BlockComment => Kind::Doc,
            Code::If => Kind::If,
            Code::Then => Kind::Then,
            Code::Else => Kind::Else,
            Code::For => Kind::For,
            Code::In => Kind::In,
            Code::True => Kind::True,
            Code::False => Kind::False,
            Code::None => Kind::None,
            Code::SelfNode => Kind::SelfNode,
            Code::And => Kind::And,
            Code::Or => Kind::Or,
            Code::Not => Kind::Not,
            Code::Assert => Kind::Assert,
            Code::Tcp => Kind::Tcp,
            Code::Udp => Kind::Udp,
            Code::Internet => Kind::Internet,
            Code::LeftBrace => Kind::LeftBrace,
            Code::RightBrace => Kind::RightBrace,
            Code::LeftBracket => Kind::LeftBracket,
            Code::RightBracket => Kind::RightBracket,
            Code::LeftParen => Kind::LeftParen,
            Code::RightParen => Kind::RightParen,
            Code::Comma => Kind::Comma,
            Code::Colon => Kind::Colon,
            Code::Equals => Kind::Equals,
            Code::PlusEquals => Kind::PlusEquals,
            Code::Arrow => Kind::Arrow,
            Code::Dot => Kind::Dot,
            Code::DotDot => Kind::DotDot,
            Code::Question => Kind::Question,
            Code::QuestionDot => Kind::QuestionDot,
            Code::Fallback => Kind::Fallback,
            Code::At => Kind::At,
            Code::Plus => Kind::Plus,
            Code::Minus => Kind::Minus,
            Code::Star => Kind::Star,
            Code::Slash => Kind::Slash,
            Code::Same => Kind::Same,
            Code::Differs => Kind::Differs,
            Code::Less => Kind::Less,
            Code::AtMost => Kind::AtMost,
            Code::More => Kind::More,
            Code::AtLeast => Kind::AtLeast,
        }
    }
}

/// Tokens inside a text on one line.
#[derive(Clone, Copy, Debug, Logos, PartialEq, Eq)]
pub enum Line {
    #[regex(r#"[^"\{\\\n]"#, |it| up_to(it, &['"', '{', '\\', '\n']))]
    Text,
    #[regex(r"\\[^\n]")]
    Escape,
    #[token("{")]
    Brace,
    #[token("\"")]
    Quote,
    #[token("\n")]
    Newline,
}

/// Tokens inside a `"""` text.
#[derive(Clone, Copy, Debug, Logos, PartialEq, Eq)]
pub enum Block {
    #[regex(r#"[^"\{\\]"#, |it| up_to(it, &['"', '{', '\\']))]
    #[token("\"")]
    Text,
    #[regex(r"\\[^\n]")]
    Escape,
    #[token("{")]
    Brace,
    #[token("\"\"\"")]
    Quote,
}

fn rest_of_line<'t, T: Logos<'t, Source = str>>(lexer: &mut Lexer<'t, T>) {
    up_to(lexer, &['\n']);
}

/// Takes what stands before the first of these signs.
fn up_to<'t, T: Logos<'t, Source = str>>(lexer: &mut Lexer<'t, T>, signs: &[char]) {
    let rest = lexer.remainder();
    lexer.bump(rest.find(signs).unwrap_or(rest.len()));
}

/// Takes what stands before the closing quote, and the quote, if it stands on this line.
fn on_line<'t, T: Logos<'t, Source = str>>(lexer: &mut Lexer<'t, T>, quote: char) -> bool {
    let rest = lexer.remainder();
    match rest.find([quote, '\n']) {
        Some(at) if rest.get(at..).is_some_and(|it| it.starts_with(quote)) => {
            lexer.bump(at + 1);
            true
        }
        Some(_) | None => false,
    }
}

fn raw_block<'t, T: Logos<'t, Source = str>>(lexer: &mut Lexer<'t, T>) {
    if let Some(at) = lexer.remainder().find("\"\"\"") {
        lexer.bump(at + 3);
    }
}
