//! Guesses where the text has mistakes: which bracket was forgotten, where a text should have ended, what a strange
//! character belongs to. Only what is reported anyway is guessed about.

use topoc_diagnostics::{Diagnostic, Span};

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

    /// A bracket whose partner is missing at `at`; one report for all that are missing there, at the outermost.
    pub(super) fn missing(&mut self, opener: Token, span: Span, at: usize) {
        let inner = self.missing_at.take().filter(|it| it.0 == at);
        let (_, before, signs) = inner.unwrap_or((at, self.reports.len(), String::new()));
        self.reports.truncate(before);
        let signs = signs + errors::signs(opener.kind).1;
        let report = errors::unclosed(span, opener.kind, &signs);
        let rest = self.text.get(at..).unwrap_or_default();
        let ends = at + rest.len() - rest.trim_start().len();
        let guessed = self.by_indent && ends < self.text.len();
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

    /// A `}` without partner most likely ends a body whose `{` was forgotten: before the lines that are indented
    /// deeper stands one that declares something. Adds the brace there, and says whether it did.
    pub(super) fn open_forgotten(&mut self, start: usize) -> bool {
        if self.open.in_insertion() || !self.may_guess() {
            return false;
        }
        let begins = start == self.line.1;
        let header = if begins {
            self.header_above()
        } else {
            self.header_here()
        };
        if let Some((first, last)) = header {
            let place = self.tokens.iter().rposition(|it| *it == last);
            let written = self.text.get(first.start as usize..last.end as usize);
            let report = errors::missing_opener(
                self.span(first.start as usize, last.end as usize),
                "{",
                &format!("{} {{", written.unwrap_or_default()),
            );
            let place = (place.map_or(0, |it| it + 1), last.end);
            return self.insert(Kind::LeftBrace, place, report);
        }
        let value = (!begins).then(|| self.value_here()).flatten();
        let name = value.and_then(|it| Some((it, *self.tokens.get(it)?)));
        name.is_some_and(|(place, name)| {
            let span = self.span(name.start as usize, name.end as usize);
            let written = self.text.get(name.start as usize..name.end as usize);
            let instead = format!("{{ {}", written.unwrap_or_default());
            let report = errors::missing_opener(span, "{", &instead);
            self.insert(Kind::LeftBrace, (place, name.start), report)
        })
    }

    /// The same for a `]`: the value of its line that it ends should have begun with `[`, as in `zones = a, b]`.
    pub(super) fn open_list(&mut self) -> bool {
        if self.open.in_insertion() || !self.may_guess() {
            return false;
        }
        let first = self.list_here();
        first.is_some_and(|(place, first)| {
            let (start, end) = (first.start as usize, first.end as usize);
            let instead = format!("[{}", self.text.get(start..end).unwrap_or_default());
            let report = errors::missing_opener(self.span(start, end), "[", &instead);
            self.insert(Kind::LeftBracket, (place, first.start), report)
        })
    }

    fn insert(&mut self, kind: Kind, (place, at): (usize, u32), report: Diagnostic) -> bool {
        self.report(report);
        let (start, end) = (at, at);
        self.tokens.insert(place, Token { kind, start, end });
        true
    }

    /// The first token behind the last `=` of this line, if commas follow it and no bracket that is still open.
    fn list_here(&self) -> Option<(usize, Token)> {
        let (mut depth, mut several) = (0_usize, false);
        for (place, token) in self.tokens.iter().enumerate().rev().take(NEAR) {
            if (token.start as usize) < self.line.1 {
                return None;
            }
            if token.kind.closes() {
                depth += 1;
            } else if token.kind.opens() {
                depth = depth.checked_sub(1)?;
            } else if depth == 0 && token.kind == Kind::Equals {
                let first = *self.tokens.get(place + 1)?;
                return several.then_some((place + 1, first));
            }
            several |= depth == 0 && token.kind == Kind::Comma;
        }
        None
    }

    /// The first and the last token of the line that should have opened the body that ends on a line of its own.
    fn header_above(&self) -> Option<(Token, Token)> {
        let mut before = self.tokens.as_slice();
        let mut inside = 0;
        loop {
            while let [rest @ .., last] = before
                && matches!(last.kind, Kind::Newline | Kind::Doc)
            {
                before = rest;
            }
            let (rest, line) = last_line(before);
            let (first, last) = (line.first()?, line.last()?);
            if self.indent_of(*first) <= self.line.0 {
                let is_body = inside > 0 && self.indent_of(*first) == self.line.0;
                return (is_body && is_header(line)).then_some((*first, *last));
            }
            inside += 1;
            before = rest;
        }
    }

    /// The same for a body that begins and ends on this line: `subnet app tier = private }`.
    fn header_here(&self) -> Option<(Token, Token)> {
        let (_, line) = last_line(&self.tokens);
        let kinds: Vec<Kind> = line.iter().map(|it| it.kind).collect();
        let body = kinds
            .windows(2)
            .position(|it| it == [Kind::Name, Kind::Equals])?;
        let header = line.get(..body)?;
        let (first, last) = (header.first()?, header.last()?);
        is_header(header).then_some((*first, *last))
    }

    /// The number of the first name in a value of this line that should have begun with `{`: `tags = a = "b" }`,
    /// `[a = "b" }]`.
    fn value_here(&self) -> Option<usize> {
        let mut depth = 0_usize;
        for (place, token) in self.tokens.iter().enumerate().rev() {
            if (token.start as usize) < self.line.1 {
                return None;
            }
            let is_named = match self.tokens.get(place + 1..place + 3) {
                Some([name, equals]) => name.kind == Kind::Name && equals.kind == Kind::Equals,
                _ => false,
            };
            if token.kind.closes() {
                depth += 1;
            } else if token.kind.opens() && depth > 0 {
                depth -= 1;
            } else if depth == 0
                && is_named
                && matches!(token.kind, Kind::Equals | Kind::LeftBracket)
            {
                return Some(place + 1);
            } else if depth == 0 && token.kind.opens() {
                return None;
            }
        }
        None
    }

    /// Whether the `}` at `start` closes what an earlier line opened, though its own line begins a body, or what another
    /// `}` of its line closes.
    pub(super) fn closes_too_much(&self, start: usize) -> bool {
        let outer = self.open.last().filter(|it| it.kind == Kind::LeftBrace);
        let Some(outer) =
            outer.filter(|_| self.by_indent && start != self.line.1 && self.may_guess())
        else {
            return false;
        };
        if (outer.start as usize) < self.line.1 {
            return self.header_here().is_some() || self.value_here().is_some();
        }
        self.expected.get(Kind::LeftBrace) > 0
            && self.rest_closes(Kind::LeftBrace, start + 1)
            && self.value_here().is_some()
    }

    fn span_of(&self, token: Token) -> Span {
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
        // Entries that are not indented say nothing about the body that they stand in.
        let is_flat =
            self.open.outermost_indent() >= Some(indent as u32) && spare::begins_entry(rest);
        if self.by_indent
            && !is_flat
            && rest.starts_with(|it: char| it.is_alphabetic() || it == '@' || it == '[')
        {
            self.close_deeper(|it| it >= indent as u32);
        }
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

/// A closing quote stands within so many characters, the beginning of a list within so many tokens.
const NEAR: usize = 1000;

/// What stands before the last line, and that line; lines inside brackets belong to the line that opens them.
fn last_line(tokens: &[Token]) -> (&[Token], &[Token]) {
    let mut depth = 0_usize;
    let end = tokens.iter().rposition(|it| {
        if it.kind.closes() {
            depth += 1;
        } else if it.kind.opens() {
            depth = depth.saturating_sub(1);
        }
        it.kind == Kind::Newline && depth == 0
    });
    tokens.split_at(end.map_or(0, |it| it + 1))
}

/// `service web in main.app`, `web -> api : forward "/x"`
fn is_header(line: &[Token]) -> bool {
    let has = |kind: Kind| line.iter().any(|it| it.kind == kind);
    let declares =
        matches!(line, [one, two, ..] if one.kind == Kind::Name && two.kind == Kind::Name);
    let is_edge = has(Kind::Arrow) && has(Kind::Colon);
    let is_plain = !has(Kind::Colon) && !has(Kind::Arrow) && declares;
    !has(Kind::Equals) && !has(Kind::PlusEquals) && !has(Kind::LeftBrace) && (is_edge || is_plain)
}

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
