//! Where an opening bracket was forgotten: asked where a closing one has no partner. The lines and the line around it say
//! what it was meant to close.

use topoc_diagnostics::Diagnostic;

use super::{Kind, Scanner, Token, blocks, errors};

/// The beginning of a list or of a call stands within so many tokens.
const NEAR: usize = 1000;

impl Scanner<'_> {
    /// A `}` without partner most likely ends a body whose `{` was forgotten: before the lines that are indented
    /// deeper stands one that declares something. Adds the brace there, and says whether it did.
    pub(super) fn open_forgotten(&mut self, start: usize) -> bool {
        if self.open.in_insertion() || !self.may_guess() {
            return false;
        }
        let last = self.tokens.last().copied();
        if let Some(sign) = last.filter(|it| it.kind == Kind::Equals && start != self.line.1) {
            let report = errors::missing_opener(self.span_of(sign), "{", "= {}");
            return self.insert(Kind::LeftBrace, (self.tokens.len(), sign.end), report);
        }
        let begins = start == self.line.1;
        let header = if begins {
            self.header_above(is_header)
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
        let first = self.list_here().or_else(|| {
            let last = *self.tokens.last()?;
            (last.kind == Kind::Equals).then_some((self.tokens.len(), last))
        });
        first.is_some_and(|(place, first)| {
            let rest = self.tokens.get(place..).unwrap_or_default();
            let text = rest.iter().find(|it| it.kind == Kind::TextEnd);
            let last = text.filter(|_| first.kind == Kind::TextStart);
            let end = last.map_or(first.end, |it| it.end) as usize;
            let start = first.start as usize;
            let written = self.text.get(start..end).unwrap_or_default();
            let (instead, at) = match first.kind == Kind::Equals {
                true => ("= []".to_owned(), first.end),
                false => (format!("[{written}"), first.start),
            };
            let report = errors::missing_opener(self.span(start, end), "[", &instead);
            self.insert(Kind::LeftBracket, (place, at), report)
        })
    }

    fn insert(&mut self, kind: Kind, (place, at): (usize, u32), report: Diagnostic) -> bool {
        self.report(report);
        let (start, end) = (at, at);
        self.tokens.insert(place, Token { kind, start, end });
        true
    }

    /// The first token behind the last `=`, `in` or arrow of this line, if commas follow it and no bracket that is still
    /// open.
    fn list_here(&self) -> Option<(usize, Token)> {
        let (mut depth, mut several) = (0_usize, false);
        for (place, token) in self.tokens.iter().enumerate().rev().take(NEAR) {
            if (token.start as usize) < self.line.1 {
                let first = *self.tokens.get(place + 1)?;
                return several.then_some((place + 1, first));
            }
            if token.kind.closes() {
                depth += 1;
            } else if token.kind.opens() {
                depth = depth.checked_sub(1)?;
            } else if depth == 0 && self.begins_list(place) {
                let first = *self.tokens.get(place + 1)?;
                return several.then_some((place + 1, first));
            }
            several |= depth == 0 && token.kind == Kind::Comma;
        }
        None
    }

    /// Whether a list may begin behind this token: a sign before a value, or a word before another one, `only a, b]`.
    fn begins_list(&self, place: usize) -> bool {
        let Some([token, next]) = self.tokens.get(place..place + 2) else {
            return false;
        };
        let is_sign = matches!(token.kind, Kind::Equals | Kind::In | Kind::Arrow);
        is_sign || (token.kind == Kind::Name && begins_argument(next.kind))
    }

    /// The same for a `)`: behind the word that a value follows, `length xs)`, or that ends the line above the lines that
    /// it closes.
    pub(super) fn open_call(&mut self, start: usize) -> bool {
        if self.open.in_insertion() || !self.may_guess() {
            return false;
        }
        let place = match start == self.line.1 {
            true => {
                let header =
                    self.header_above(|it| it.last().is_some_and(|it| it.kind == Kind::Name));
                header.and_then(|(_, last)| self.tokens.iter().rposition(|it| *it == last))
            }
            false => self.call_here(),
        };
        let word = place.and_then(|it| Some((it, *self.tokens.get(it)?)));
        word.is_some_and(|(place, word)| {
            let (start, end) = (word.start as usize, word.end as usize);
            let instead = format!("{}(", self.text.get(start..end).unwrap_or_default());
            let report = errors::missing_opener(self.span(start, end), "(", &instead);
            self.insert(Kind::LeftParen, (place + 1, word.end), report)
        })
    }

    /// The last word of this line that a value follows.
    fn call_here(&self) -> Option<usize> {
        let line = |it: &usize| {
            let token = self.tokens.get(*it);
            token.is_some_and(|it| it.start as usize >= self.line.1)
        };
        let places = (0..self.tokens.len()).rev().take(NEAR).take_while(line);
        let is_call = |it: &[Token]| match it {
            [before, word, next] => {
                let begins = before.kind == Kind::At || blocks::begins_value(before.kind);
                begins && word.kind == Kind::Name && begins_argument(next.kind)
            }
            _ => false,
        };
        let mut calls = places.filter(|it| {
            let three = it
                .checked_sub(1)
                .and_then(|from| self.tokens.get(from..from + 3));
            three.is_some_and(is_call)
        });
        calls.next()
    }

    /// The first and the last token of the line that should have opened the body that ends on a line of its own.
    fn header_above(&self, fits: fn(&[Token]) -> bool) -> Option<(Token, Token)> {
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
                return (is_body && fits(line)).then_some((*first, *last));
            }
            inside += 1;
            before = rest;
        }
    }

    /// The same for a body that begins and ends on this line: `subnet app tier = private }`.
    fn header_here(&self) -> Option<(Token, Token)> {
        let (_, line) = last_line(&self.tokens);
        let kinds: Vec<Kind> = line.iter().map(|it| it.kind).collect();
        let named = |it: &[Kind]| it == [Kind::Name, Kind::Equals];
        let body = kinds
            .windows(2)
            .position(named)
            .or_else(|| short_body(&kinds))?;
        let header = line.get(..body)?;
        let (first, last) = (header.first()?, header.last()?);
        is_header(header).then_some((*first, *last))
    }

    /// The number of the first name in a value of this line that should have begun with `{`: `tags = a = "b" }`,
    /// `[a = "b" }]`.
    fn value_here(&self) -> Option<usize> {
        let mut depth = 0_usize;
        let fits = |before, sign| {
            let (equals, colon) = (sign == Kind::Equals, sign == Kind::Colon);
            before == Kind::Equals && (equals || colon)
                || before == Kind::LeftBracket && equals
                || before == Kind::Colon && colon
        };
        for (place, token) in self.tokens.iter().enumerate().rev() {
            if (token.start as usize) < self.line.1 {
                return None;
            }
            let is_named = match self.tokens.get(place + 1..place + 3) {
                Some([name, sign]) => name.kind == Kind::Name && fits(token.kind, sign.kind),
                _ => false,
            };
            if token.kind.closes() {
                depth += 1;
            } else if token.kind.opens() && depth > 0 {
                depth -= 1;
            } else if depth == 0 && is_named {
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
            outer.filter(|_| self.by_indent() && start != self.line.1 && self.may_guess())
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
}

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

/// Whether a value begins so that stands right behind a word.
fn begins_argument(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Name | Kind::TextStart | Kind::Raw | Kind::Int | Kind::Cidr | Kind::LeftBracket
    )
}

/// Where the first entry of a body stands whose entries are names alone: `service web in main.app image, tasks }`.
fn short_body(line: &[Kind]) -> Option<usize> {
    let place = line.iter().position(|it| *it == Kind::In);
    let mut at = place.map_or(1, |it| it + 1);
    while line.get(at + 1) == Some(&Kind::Dot) {
        at += 2;
    }
    (line.get(at..at + 2) == Some(&[Kind::Name; 2])).then_some(at + 1)
}

/// `service web in main.app`, `web -> api : forward "/x"`
fn is_header(line: &[Token]) -> bool {
    let has = |kind: Kind| line.iter().any(|it| it.kind == kind);
    let kinds = |one, two| matches!(line, [a, b, ..] if a.kind == one && b.kind == two);
    let declares = kinds(Kind::Name, Kind::Name) || kinds(Kind::Name, Kind::TextStart);
    let is_open = line.last().is_some_and(|it| it.kind == Kind::Equals);
    let is_block =
        kinds(Kind::For, Kind::Name) || line.first().is_some_and(|it| it.kind == Kind::If);
    if is_open || is_block {
        return !has(Kind::LeftBrace);
    }
    let is_edge = has(Kind::Arrow) && has(Kind::Colon);
    let is_plain = !has(Kind::Colon) && !has(Kind::Arrow) && declares;
    !has(Kind::Equals) && !has(Kind::PlusEquals) && !has(Kind::LeftBrace) && (is_edge || is_plain)
}
