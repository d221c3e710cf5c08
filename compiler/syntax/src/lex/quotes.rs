//! Which quote was forgotten in the middle of a line: behind it, texts and what stands between them change places, so
//! that a word touches a quote, `{ a = "x, b = "y" }`. Only lines whose last text is not closed are looked at.

use logos::Lexer;
use topoc_diagnostics::Span;

use super::{Kind, Mode, Scanner, Token, errors};

/// So many in one file are looked for.
pub(super) const MOST: usize = 20;

/// A text that lacks one of its quotes.
#[derive(Clone, Copy)]
pub(super) struct Quote {
    /// Where it begins: at its quote, or at its first letter if that is what is missing.
    pub start: usize,
    /// Where what it says ends.
    pub end: usize,
    /// What stands before it, if the quote there is missing.
    pub before: Option<Span>,
    /// How many signs the quotes have.
    pub signs: usize,
}

impl<'t> Scanner<'t> {
    pub(super) fn quote_at(&self, start: usize) -> Option<Quote> {
        self.quotes.iter().copied().find(|it| it.start == start)
    }

    /// The text that lacks a quote, and the code behind it.
    pub(super) fn text_of(&mut self, quote: Quote) -> Mode<'t> {
        let (start, end) = (quote.start, quote.end);
        let mut rest = Lexer::new(self.text);
        if let Some(before) = quote.before {
            let text = self.text.get(start..end).unwrap_or_default();
            self.report(match quote.signs {
                1 => errors::unopened_text(self.span(start, end + 1), text),
                _ => errors::unopened_block(self.span(end, end + quote.signs), before, text),
            });
            self.push(Kind::TextStart, start, start);
            self.push(Kind::Text, start, end);
            self.push(Kind::TextEnd, end, end + quote.signs);
            rest.bump(end + quote.signs);
        } else {
            self.push(Kind::TextStart, start, start + 1);
            self.push(Kind::Text, start + 1, end);
            if let Some(opener) = self.open.pop() {
                self.close_missing(opener, end);
            }
            rest.bump(end);
        }
        Mode::Code(rest)
    }

    /// The same where the line ends in an insertion of a text that is not closed on it.
    pub(super) fn forgotten_in_text(&self) -> Option<Quote> {
        let text = self.open.under().filter(|_| self.open.in_insertion())?;
        let is_line = text.kind == Kind::TextStart && text.end - text.start == 1;
        is_line.then(|| self.forgotten_quote()).flatten()
    }

    /// The first text of this line that lacks a quote, if the line says so.
    pub(super) fn forgotten_quote(&self) -> Option<Quote> {
        if self.quotes.len() >= MOST {
            return None;
        }
        let first = self
            .tokens
            .partition_point(|it| (it.start as usize) < self.line.1);
        let line = self.tokens.get(first..)?;
        let closed = |it: &[Token]| match it {
            [open, text, close, next] => self.runs_on(*open, *text, *close, *next),
            _ => None,
        };
        let opened = |it: &[Token]| match it {
            [word, open, text] => self.comes_late(*word, *open, *text),
            _ => None,
        };
        let closed = line.windows(4).find_map(closed);
        let opened = line.windows(3).find_map(opened);
        closed.into_iter().chain(opened).min_by_key(|it| it.start)
    }

    /// `"x, b = "y`: a text that seems to end where another one begins.
    fn runs_on(&self, open: Token, text: Token, close: Token, next: Token) -> Option<Quote> {
        let kinds = [open.kind, text.kind, close.kind];
        let touches = close.end == next.start && self.is_word(next);
        let is_line = open.end - open.start == 1;
        if kinds != [Kind::TextStart, Kind::Text, Kind::TextEnd] || !touches || !is_line {
            return None;
        }
        let said = self.text.get(text.start as usize..text.end as usize)?;
        let goes_on = said.trim_end().ends_with(['=', ',', '[', '(', '{', ':']);
        let length = said.find([',', ']', '}', ')']).filter(|_| goes_on)?;
        Some(Quote {
            start: open.start as usize,
            end: text.start as usize + said.get(..length)?.trim_end().len(),
            before: None,
            signs: 1,
        })
    }

    /// `b", c = `: a text that seems to begin where one ends.
    fn comes_late(&self, word: Token, open: Token, text: Token) -> Option<Quote> {
        let touches = open.kind == Kind::TextStart && word.end == open.start && self.is_word(word);
        let rest = self.text.get(text.start as usize..text.end as usize)?;
        let goes_on = rest.trim_start().starts_with([',', ']', '}', ')']);
        if !touches || text.kind != Kind::Text || !goes_on {
            return None;
        }
        let end = open.start as usize;
        let before = self.text.get(self.line.1..end)?;
        let is_edge = |it: char| it.is_whitespace() || "[](){},\"".contains(it);
        let start = self.line.1 + before.rfind(is_edge).map_or(0, |it| it + 1);
        Some(Quote {
            start,
            end,
            before: Some(self.span(word.start as usize, end)),
            signs: 1,
        })
    }

    fn is_word(&self, token: Token) -> bool {
        let text = self.text.get(token.start as usize..).unwrap_or_default();
        text.starts_with(|it: char| it.is_alphanumeric() || it == '_')
    }
}
