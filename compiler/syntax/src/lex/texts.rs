//! The inside of texts: pieces, escapes, insertions, and how a text ends.

use logos::Lexer;

use super::rules::{Block, Code, Line};
use super::{Kind, Mode, Scanner, errors};

impl<'t> Scanner<'t> {
    pub(super) fn line(&mut self, mut lexer: Lexer<'t, Line>) -> Mode<'t> {
        while let Some(found) = lexer.next() {
            let span = lexer.span();
            match found {
                Ok(Line::Text) => self.push(Kind::Text, span.start, span.end),
                Ok(Line::Escape) => self.escape(span.start, lexer.slice()),
                Ok(Line::Brace) => {
                    if self.insertion(span.start, lexer.remainder()) {
                        return Mode::Code(lexer.morph());
                    }
                    lexer.bump(1);
                }
                Ok(Line::Quote) => {
                    self.push(Kind::TextEnd, span.start, span.end);
                    return Mode::Code(lexer.morph());
                }
                Ok(Line::Newline) => {
                    self.forgotten = self.forgotten_quote();
                    if self.forgotten.is_some() {
                        return Mode::End;
                    }
                    if !self.open.in_insertion() {
                        self.reports.truncate(self.text_reports);
                    }
                    let rest = self.end_line_text(span.start);
                    if !self.open.in_insertion() {
                        return Mode::Code(rest);
                    }
                    self.push(Kind::Newline, span.start, span.end);
                    self.close_insertions(span.start);
                    return Mode::Code(lexer.morph());
                }
                Err(()) => self.escape(span.start, lexer.slice()),
            }
        }
        let rest = self.end_line_text(self.text.len());
        match self.open.in_insertion() {
            true => Mode::End,
            false => Mode::Code(rest),
        }
    }

    /// Ends a text that is not closed before `end`; gives the code behind it.
    fn end_line_text(&mut self, end: usize) -> Lexer<'t, Code> {
        let cut = self.guess_end(end);
        if let Some(opener) = self.open.pop() {
            self.close_missing(opener, cut);
        }
        let mut rest = Lexer::new(self.text);
        rest.bump(cut);
        rest
    }

    pub(super) fn block(&mut self, mut lexer: Lexer<'t, Block>) -> Mode<'t> {
        while let Some(found) = lexer.next() {
            let span = lexer.span();
            match found {
                Ok(Block::Text) => self.push(Kind::Text, span.start, span.end),
                Ok(Block::Escape) => self.escape(span.start, lexer.slice()),
                Ok(Block::Brace) => {
                    if self.insertion(span.start, lexer.remainder()) {
                        return Mode::Code(lexer.morph());
                    }
                    lexer.bump(1);
                }
                Ok(Block::Quote) => {
                    self.runs_on |= self.runs_into(span.start, false);
                    self.is_endless |= self.runs_into(span.start, true);
                    self.push(Kind::TextEnd, span.start, span.end);
                    return Mode::Code(lexer.morph());
                }
                Err(()) => self.escape(span.start, lexer.slice()),
            }
        }
        self.is_endless = true;
        self.trim_text();
        Mode::End
    }

    /// After the end of an insertion: the text that it stands in.
    pub(super) fn text_again(&mut self, lexer: Lexer<'t, Code>) -> Mode<'t> {
        match self.open.last() {
            Some(opener) if opener.end - opener.start == 3 => Mode::Block(lexer.morph()),
            _ => Mode::Line(lexer.morph()),
        }
    }

    /// A brace in a text; `false` for `{}`, which is taken as text.
    fn insertion(&mut self, start: usize, rest: &str) -> bool {
        if rest.starts_with('}') {
            self.report(errors::empty_insertion(self.span(start, start + 2)));
            self.push(Kind::Text, start, start + 2);
            return false;
        }
        if self.text.get(..start).is_some_and(|it| it.ends_with('$')) {
            self.report(errors::dollar_insertion(
                self.span(start - 1, start + 1),
                rest,
            ));
        }
        self.push(Kind::CodeStart, start, start + 1);
        true
    }

    fn escape(&mut self, start: usize, slice: &str) {
        if !matches!(slice, "\\\"" | "\\\\" | "\\n" | "\\t" | "\\{") {
            self.report(errors::unknown_escape(
                self.span(start, start + slice.len()),
                slice,
            ));
        }
        self.push(Kind::Text, start, start + slice.len());
    }

    /// A line break ends all insertions. Says whether the text they stood in goes on.
    pub(super) fn close_insertions(&mut self, at: usize) -> Option<bool> {
        if !self.open.in_insertion() {
            return None;
        }
        self.tokens.pop();
        if self.opens_body(at) {
            return Some(false);
        }
        let mut inner = None;
        while self.open.in_insertion() {
            inner = self.open.pop();
            if let Some(opener) = inner {
                self.close_missing(opener, at);
            }
        }
        let block = self.open.last().is_some_and(|it| it.end - it.start == 3);
        if block && let Some(opener) = inner {
            let span = self.span(opener.start as usize, opener.end as usize);
            self.report(errors::unclosed_insertion(span));
        }
        if !block && let Some(opener) = self.open.pop() {
            self.close_missing(opener, at);
            self.push(Kind::Newline, at, at + 1);
        }
        Some(block)
    }
}
