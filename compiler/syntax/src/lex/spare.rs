//! Which closing bracket is one too many, and which is of the wrong sort. Asked only where brackets do not fit together:
//! signs alone say how many are spare, the lines around them say which.

use super::{Kind, MAX_REPORTS, Scanner, Token, errors};

/// What a closing bracket most likely is.
pub(super) enum Verdict {
    /// The partner of an open one.
    Closes,
    /// Meant for the innermost open one, which is of another sort.
    WrongSort(Token),
    /// In the wrong order with the one behind it, which closes the innermost open one.
    Swapped(Token, usize),
    /// One too many: nothing is open that it could close, or what it would close goes on behind it.
    Spare(Option<Token>),
}

/// So much of a line is looked at.
const NEAR: usize = 1000;

impl Scanner<'_> {
    pub(super) fn verdict(&self, kind: Kind, start: usize, end: usize) -> Verdict {
        let guesses = self.by_indent() && self.may_guess();
        let guessed = guesses.then(|| self.guessed(kind, start, end)).flatten();
        match guessed {
            Some(verdict) => verdict,
            None if self.open.has(kind.partner()) => Verdict::Closes,
            None => Verdict::Spare(None),
        }
    }

    /// Guessing looks at a whole line; where nothing more is told, nobody needs it.
    pub(super) fn may_guess(&self) -> bool {
        self.reports.len() < MAX_REPORTS
    }

    fn guessed(&self, kind: Kind, start: usize, end: usize) -> Option<Verdict> {
        let opener = kind.partner();
        let inner = self
            .open
            .last()
            .filter(|it| is_bracket(it.kind) && is_bracket(opener))?;
        if inner.kind != opener {
            return self.of_another_sort(inner, opener, start, end);
        }
        let is_early = self.expected.get(opener) > 0 && self.is_early(inner, start, end);
        is_early.then_some(Verdict::Spare(Some(inner)))
    }

    /// `{ a = 1 ]`, `{ a = 1) }`, `f([1)`
    fn of_another_sort(
        &self,
        inner: Token,
        opener: Kind,
        start: usize,
        end: usize,
    ) -> Option<Verdict> {
        let (indent, line_start) = self.line;
        let on_line = inner.start as usize >= line_start;
        if let Some(other) = self.swapped_with(inner, opener, end) {
            return Some(Verdict::Swapped(inner, other));
        }
        if on_line && self.rest_closes(inner.kind, end) {
            return Some(Verdict::Spare(None));
        }
        let fits = on_line || (start == line_start && self.open.indent() == Some(indent));
        let mut beside = self.open.since(self.line_start_of(inner)).take(NEAR);
        let has_partner = beside.any(|it| it.kind == opener);
        (fits && !has_partner).then_some(Verdict::WrongSort(inner))
    }

    /// Where the partner of `inner` stands, if it follows at once and the bracket around `inner` is of the other sort:
    /// `[{ a = 1 ]}`.
    fn swapped_with(&self, inner: Token, opener: Kind, end: usize) -> Option<usize> {
        let rest = self.text.get(end..).unwrap_or_default();
        let white = rest.len() - rest.trim_start_matches(' ').len();
        let other = end + white;
        let follows = rest.get(white..).unwrap_or_default();
        let fits = follows.starts_with(errors::signs(inner.kind).1);
        let outer = self.open.under().filter(|it| fits && it.kind == opener)?;
        let on_line = outer.start as usize >= self.line_start_of(inner);
        let is_balanced = (outer.start as usize) < self.line.1
            || (self.rest_closes(inner.kind, end) && !self.rest_closes(opener, other + 1));
        (on_line && is_balanced).then_some(other)
    }

    /// Whether the text behind goes on as if `inner` were still open.
    fn is_early(&self, inner: Token, start: usize, end: usize) -> bool {
        let (indent, line_start) = self.line;
        let Some(outer) = self.open.indent().filter(|_| !self.open.in_insertion()) else {
            return false;
        };
        let begins = start == line_start;
        if begins && indent > outer {
            return true;
        }
        let on_line = inner.start as usize >= line_start;
        let rest = self.rest_of_line(end);
        // `{ … } = { … }`, `[{ … }, { … }]`
        let is_item = self
            .open
            .under()
            .is_some_and(|it| it.kind == Kind::LeftBracket);
        let next = rest.trim_start().strip_prefix(',').unwrap_or_default();
        let is_next = is_item && next.trim_start().starts_with(errors::signs(inner.kind).0);
        if is_next || rest.trim_start().starts_with('=') {
            return false;
        }
        let after = rest.trim_start_matches(is_closing_or_space);
        if !after.is_empty() {
            let is_last = after.len() == rest.trim_start().len();
            let goes_on = after.starts_with(',') && self.open.under().is_none();
            return is_last && (goes_on || (on_line && self.rest_closes(inner.kind, end)));
        }
        let Some((next, line)) = self.next_line(end) else {
            return false;
        };
        let sign = errors::signs(inner.kind).1;
        let closes = next == outer && line.starts_with(sign) && !begins;
        let is_entry = self.open.under().is_none() && begins_entry(line);
        !on_line && (next > outer || closes || is_entry)
    }

    /// Whether the rest of the line closes all brackets of this kind that the line opened.
    pub(super) fn rest_closes(&self, kind: Kind, from: usize) -> bool {
        let (opening, closing) = errors::signs(kind);
        let since = self.open.since(self.line.1).take(NEAR);
        let open = since.filter(|it| it.kind == kind).count();
        let (mut depth, mut closed) = (0_usize, 0_usize);
        for (part, text) in self.rest_of_line(from).split('"').enumerate() {
            for sign in text.chars().filter(|_| part % 2 == 0) {
                match sign {
                    _ if opening.contains(sign) => depth += 1,
                    _ if closing.contains(sign) && depth > 0 => depth -= 1,
                    _ if closing.contains(sign) => closed += 1,
                    _ => {}
                }
            }
        }
        open > 0 && closed >= open
    }

    /// What stands on the line behind `from`, without a comment.
    fn rest_of_line(&self, from: usize) -> &str {
        let rest = self.text.get(from..).unwrap_or_default();
        let near = rest.char_indices().nth(NEAR).map_or(rest.len(), |it| it.0);
        let line = rest.get(..near).unwrap_or_default();
        let line = line.split('\n').next().unwrap_or_default();
        line.split("//").next().unwrap_or_default()
    }

    /// The next line with code, and how far it is indented.
    fn next_line(&self, from: usize) -> Option<(u32, &str)> {
        let rest = self.text.get(from..).unwrap_or_default();
        let mut lines = rest.split('\n').skip(1);
        let line = lines.find(
            |it| !matches!(it.trim_start(), code if code.is_empty() || code.starts_with("//")),
        )?;
        let code = line.trim_start();
        let white = line.get(..line.len() - code.len()).unwrap_or_default();
        Some((white.replace('\t', "  ").len() as u32, code))
    }

    fn line_start_of(&self, token: Token) -> usize {
        let before = self.text.get(..token.start as usize).unwrap_or_default();
        before.rfind('\n').map_or(0, |it| it + 1)
    }
}

fn is_bracket(kind: Kind) -> bool {
    matches!(kind, Kind::LeftBrace | Kind::LeftBracket | Kind::LeftParen)
}

fn is_closing_or_space(sign: char) -> bool {
    sign.is_whitespace() || "}])".contains(sign)
}

/// `port = 8080`, `subnet app`: no statement of a file begins so.
pub(super) fn begins_entry(line: &str) -> bool {
    let rest = line.trim_start_matches(|it: char| it.is_alphanumeric() || it == '_');
    let is_named = rest.len() < line.len() && rest.trim_start().starts_with('=');
    is_named || line.starts_with("subnet ")
}
