//! Which line breaks end something (grammar: a line goes on inside parentheses, after what cannot end an entry,
//! and before what cannot begin one).

use super::{Kind, Token};

/// The tokens without the line breaks that end nothing.
pub fn settle(tokens: &[Token], text: &str) -> Vec<Token> {
    let mut line = Lines {
        out: Vec::with_capacity(tokens.len()),
        open: Vec::new(),
        text,
    };
    let mut pending = None;
    let mut rest = tokens;
    while let [token, after @ ..] = rest {
        rest = after;
        if token.kind == Kind::Newline {
            pending = pending.or(Some(*token));
            continue;
        }
        if let Some(newline) = pending.take()
            && line.can_end()
            && !line.continues(token, after.first())
        {
            line.out.push(newline);
        }
        line.push(*token);
    }
    line.out
}

struct Lines<'t> {
    out: Vec<Token>,
    open: Vec<Kind>,
    text: &'t str,
}

impl Lines<'_> {
    fn push(&mut self, token: Token) {
        if token.kind.opens() {
            self.open.push(token.kind);
        } else if token.kind.closes() {
            self.open.pop();
        }
        self.out.push(token);
    }

    /// Whether an entry can end after the last token.
    fn can_end(&self) -> bool {
        use Kind::*;
        let mut back = self.out.iter().rev().map(|it| it.kind);
        let Some(last) = back.next() else {
            return false;
        };
        if self.open.last() == Some(&LeftParen) {
            return false;
        }
        let after_dot = matches!(back.next(), Some(Dot | QuestionDot));
        match last {
            And | Or | Not | In | Then | Else => after_dot,
            LeftBrace | LeftBracket | LeftParen | CodeStart | Comma | Colon | Equals
            | PlusEquals | Arrow | Dot | DotDot | QuestionDot | Fallback | At | Plus | Minus
            | Star | Slash | Same | Differs | Less | AtMost | AtLeast | Doc | Newline => false,
            Name | Int | Float | Unit | Cidr | TextStart | Text | CodeEnd | TextEnd | Raw | If
            | For | True | False | None | SelfNode | Assert | Tcp | Udp | Internet | RightBrace
            | RightBracket | RightParen | Question | More | Wrong | End => true,
        }
    }

    /// Whether `token` goes on with the line before; `after` follows it.
    fn continues(&self, token: &Token, after: Option<&Token>) -> bool {
        use Kind::*;
        let named = matches!(after.map(|it| it.kind), Some(Equals | Colon));
        let word = &self.text.get(token.start as usize..token.end as usize);
        match token.kind {
            RightBrace | RightBracket | RightParen | CodeEnd | Comma | Arrow | Colon | Equals
            | PlusEquals | Dot | QuestionDot | DotDot | Question | Fallback | Plus | Star
            | Slash | Same | Differs | Less | AtMost | More | AtLeast => true,
            And | Or | Then | Else => !named,
            Name if matches!(word, Some("because" | "help" | "as" | "where" | "on")) => {
                !named
                    && !matches!(
                        after.map(|it| it.kind),
                        Option::None | Some(Comma | Newline | RightBrace)
                    )
            }
            LeftBrace => self.open.last() != Some(&LeftBracket),
            Name | Int | Float | Unit | Cidr | TextStart | Text | CodeStart | TextEnd | Raw
            | Doc | Newline | If | For | In | True | False | None | SelfNode | Not | Assert
            | Tcp | Udp | Internet | LeftBracket | LeftParen | At | Minus | Wrong | End => false,
        }
    }
}
