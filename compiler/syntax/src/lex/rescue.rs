//! Guesses where the text has mistakes: which closing bracket was forgotten, where a text should have ended, what a strange
//! character belongs to. Only what is reported anyway is guessed about.

use topoc_diagnostics::Span;

use super::{Kind, Scanner, Token, errors, spare};

impl Scanner<'_> {
    /// What has no meaning; the beginning of a word belongs to the letters that follow it.
    pub(super) fn wrong(&mut self, start: usize, end: usize) {
        let text = self.text.get(start..end).unwrap_or_default();
        let is_word = text.starts_with(char::is_alphanumeric);
        let before = self
            .tokens
            .last()
            .filter(|it| is_word && it.kind == Kind::Name && it.end as usize == start);
        let start = before.map_or(start, |it| it.start as usize);
        self.tokens.pop_if(|it| it.end as usize > start);
        let text = self.text.get(start..end).unwrap_or_default();
        let goes_on = |it: &&Token| it.kind == Kind::Wrong && it.end as usize == start;
        // One report for a row of them.
        if self.tokens.last().filter(goes_on).is_none() {
            self.report(errors::unknown_character(self.span(start, end), text));
        }
        self.push(Kind::Wrong, start, end);
    }

    /// A closing bracket too many, perhaps before the end of what it would close; one report for a row of them.
    pub(super) fn spare(&mut self, inner: Option<Token>, kind: Kind, start: usize, end: usize) {
        let between = self.spare_end.and_then(|it| self.text.get(it..start));
        if between.is_none_or(|it| !it.trim().is_empty()) {
            let span = self.span(start, end);
            self.report(match inner {
                Some(it) => errors::one_too_many(span, it.kind, self.span_of(it)),
                None => errors::nothing_to_close(span),
            });
        }
        self.spare_end = Some(end);
        self.spares.add(kind.partner());
        self.expected.remove(kind.partner());
    }

    /// A closing bracket that was meant for the innermost open one, which is of another sort.
    pub(super) fn wrong_sort(&mut self, inner: Token, start: usize, end: usize) {
        self.open.pop();
        let written = self.text.get(start..end).unwrap_or_default();
        let opened = self.span_of(inner);
        self.report(errors::wrong_sort(
            self.span(start, end),
            written,
            inner.kind,
            opened,
        ));
    }

    /// Two closing brackets in the wrong order.
    pub(super) fn swapped(&mut self, start: usize, other: usize) {
        self.open.pop();
        self.swapped = Some(other);
        let closers = [start, other].map(|it| self.text.get(it..=it).unwrap_or_default());
        self.report(errors::swapped(self.span(start, other + 1), closers));
    }

    /// Two opening brackets in the wrong order: a record does not begin with a list, `{[ a = 1 }]`.
    pub(super) fn opens_turned(&mut self, inner: Token) -> bool {
        let outer = self.open.last().filter(|it| it.kind == Kind::LeftBrace);
        let rest = self.text.get(inner.end as usize..).unwrap_or_default();
        let is_entry = spare::begins_entry(rest.trim_start_matches(' '));
        let Some(outer) = outer.filter(|it| is_entry && self.tokens.last() == Some(it)) else {
            return false;
        };
        self.tokens.pop();
        self.open.pop();
        self.report(errors::swapped(self.span_of(inner), ["{", "["]));
        for (kind, place) in [(Kind::LeftBracket, outer), (Kind::LeftBrace, inner)] {
            let token = Token { kind, ..place };
            self.open.push(token, self.line.0);
            self.tokens.push(token);
        }
        true
    }

    /// A bracket whose partner is missing at `at`; one report for all that are missing there, at the outermost.
    pub(super) fn missing(&mut self, opener: Token, span: Span, at: usize) {
        let inner = self.missing_at.take().filter(|it| it.0 == at);
        let (_, before, signs) = inner.unwrap_or((at, self.reports.len(), String::new()));
        self.reports.truncate(before);
        let signs = signs + errors::signs(opener.kind).1;
        let report = errors::unclosed(span, opener.kind, &signs);
        let rest = self.text.get(at..).unwrap_or_default();
        let ends = at + rest.len() - rest.trim_start().len();
        let guessed = self.by_indent() && ends < self.text.len();
        self.report(match guessed {
            true => report.because(self.span(ends, ends + 1), errors::missing_before(&signs)),
            false => report,
        });
        self.missing_at = Some((at, before, signs));
    }

    /// A text that is not closed before `end` most likely ends before the brackets, commas and the comment behind it.
    pub(super) fn guess_end(&mut self, end: usize) -> usize {
        let Some(text) = self.tokens.last_mut().filter(|it| it.kind == Kind::Text) else {
            return end;
        };
        if text.end as usize != end {
            return end;
        }
        let start = text.start as usize;
        let written = self.text.get(start..end).unwrap_or_default();
        let code = written.split(" //").next().unwrap_or_default();
        let kept = code.trim_end_matches(|it: char| it.is_whitespace() || "}]),".contains(it));
        text.end = (start + kept.len()) as u32;
        start + kept.len()
    }

    /// The white space at the end of a file belongs to no text.
    pub(super) fn trim_text(&mut self) {
        if let Some(text) = self.tokens.last_mut().filter(|it| it.kind == Kind::Text) {
            let written = self.text.get(text.start as usize..text.end as usize);
            text.end = text.start + written.unwrap_or_default().trim_end().len() as u32;
        }
    }

    pub(super) fn span_of(&self, token: Token) -> Span {
        self.span(token.start as usize, token.end as usize)
    }

    /// How far the line of a token is indented.
    pub(super) fn indent_of(&self, token: Token) -> u32 {
        let before = self.text.get(..token.start as usize).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let white = line.len() - line.trim_start().len();
        let white = line.get(..white).unwrap_or_default();
        white.replace('\t', "  ").len() as u32
    }

    /// A `{` at the end of a line, in a text that is not closed on it, most likely opens a body: `forward "/x {`.
    /// Gives the text its end and the brace its meaning; says whether it did.
    pub(super) fn opens_body(&mut self, at: usize) -> bool {
        let is_last = |it: &Token| {
            let rest = self.text.get(it.end as usize..at).unwrap_or_default();
            let code = rest.split("//").next().unwrap_or_default();
            it.kind == Kind::CodeStart && code.trim().is_empty()
        };
        let last = self.tokens.last().copied();
        let Some(brace) = last.filter(is_last) else {
            return false;
        };
        let outer = self.open.under();
        if outer.is_none_or(|it| it.kind != Kind::TextStart || it.end - it.start == 3) {
            return false;
        }
        self.tokens.pop();
        self.open.pop();
        let cut = self.guess_end(brace.start as usize);
        if let Some(opener) = self.open.pop() {
            self.close_missing(opener, cut);
        }
        self.push(Kind::LeftBrace, brace.start as usize, brace.end as usize);
        self.push(Kind::Newline, at, at + 1);
        true
    }

    /// A line begins at `at`, behind the white space `slice`.
    pub(super) fn begin_line(&mut self, at: usize, slice: &str) {
        let indent = slice
            .rsplit('\n')
            .next()
            .map_or(0, |it| it.replace('\t', "  ").len());
        self.line = (indent as u32, at);
        let rest = self.text.get(at..).unwrap_or_default();
        if !self.unbalanced {
            let begins = indent == 0 && rest.starts_with(char::is_alphabetic);
            match self.open.last() {
                None if begins => self.settled = at,
                None => {}
                Some(_) => self.several_lines = self.settled,
            }
        }
        // Entries that are not indented say nothing about the body that they stand in.
        let is_flat =
            self.open.outermost_indent() >= Some(indent as u32) && spare::begins_entry(rest);
        if self.by_indent()
            && !is_flat
            && rest.starts_with(|it: char| it.is_alphabetic() || it == '@' || it == '[')
        {
            self.close_deeper(|it| it >= indent as u32);
        }
    }

    /// Whether indentation says where brackets belong; what fits together before the first mistake is not doubted.
    pub(super) fn by_indent(&self) -> bool {
        self.guess_from.is_some_and(|it| it <= self.line.1)
    }

    /// Closes the brackets whose lines are indented so far that they must have been forgotten.
    pub(super) fn close_deeper(&mut self, is_deep: impl Fn(u32) -> bool) {
        let at = self.tokens.iter().rev().find(|it| it.kind != Kind::Newline);
        let at = at.map_or(0, |it| it.end as usize);
        while !self.open.in_insertion()
            && self.open.indent().is_some_and(&is_deep)
            && let Some(opener) = self.open.pop()
        {
            let newline = self.tokens.pop_if(|it| it.kind == Kind::Newline);
            self.close_missing(opener, at);
            self.tokens.extend(newline);
        }
    }
}

/// A closing quote stands within so many characters.
const NEAR: usize = 1000;

/// How much of `rest` belongs to a character without meaning: the letters of its word, or up to the closing quote.
pub fn rest_of_wrong(slice: &str, rest: &str) -> usize {
    if slice.chars().all(char::is_alphanumeric) {
        let is_end = |it: char| !it.is_alphanumeric() && it != '_';
        return rest.find(is_end).unwrap_or(rest.len());
    }
    match slice {
        "“" | "„" | "”" | "‘" | "«" => {
            let near = rest.char_indices().take(NEAR);
            let mut line = near.take_while(|(_, it)| *it != '\n');
            let close = line.find(|(_, it)| matches!(it, '“' | '”' | '’' | '»' | '"'));
            close.map_or(0, |(at, it)| at + it.len_utf8())
        }
        _ => 0,
    }
}
