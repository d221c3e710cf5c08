//! Which `"""` was forgotten, or is one too many. Asked only where a text of several lines has no end: from there on,
//! texts and what stands between them have changed places, so the lines around each sign say what it is.

use logos::Lexer;

use super::quotes::{MOST, Quote};
use super::{Kind, Mode, Scanner, Token, errors, spare};

/// The sign.
const SIGN: &str = "\"\"\"";
/// The beginning of a text is looked for within so many tokens.
const NEAR: usize = 10_000;

impl<'t> Scanner<'t> {
    /// How the text goes on behind a token that ends before `end`, if it is a `"""` that does not just open a text.
    pub(super) fn strange_block(&mut self, token: &str, end: usize) -> Option<Mode<'t>> {
        let is_raw = token.starts_with('r');
        let end = match is_raw {
            true => end - token.len() + 1 + SIGN.len(),
            false => end,
        };
        if !token.trim_start_matches('r').starts_with(SIGN) {
            return None;
        }
        let start = end - SIGN.len();
        if !is_raw && self.is_spare(start) {
            self.report(errors::spare_quotes(self.span(start, end)));
            return Some(Mode::Code(self.lexer(end)));
        }
        self.forgotten = self.unopened_block(start, end).filter(|_| !is_raw);
        if self.forgotten.is_some() {
            return Some(Mode::End);
        }
        let rest = self.text.get(end..).unwrap_or_default();
        match rest.find(SIGN).map(|it| end + it) {
            Some(next) if !is_raw && self.is_doubled(end, next) => {
                self.push(Kind::TextStart, start, end);
                self.report(errors::spare_quotes(self.span(next, next + 3)));
                Some(Mode::Block(self.lexer(next + 3)))
            }
            Some(next) if !self.is_beginning(end, next) => None,
            next => Some(self.cut_block(start, next)),
        }
    }

    /// A text that begins with the signs at `start` and is not closed before `next`: ends it where its indentation ends.
    fn cut_block(&mut self, start: usize, next: Option<usize>) -> Mode<'t> {
        let begin = start + 3;
        let written = self.text.get(begin..next.unwrap_or(self.text.len()));
        let written = written.unwrap_or_default();
        let (length, lines) = self.length(written);
        let end = begin + length;
        self.push(Kind::TextStart, start, begin);
        self.push(Kind::Text, begin, end);
        self.open.pop();
        let report = errors::unclosed_text(self.span(start, begin));
        let code = written.get(lines..).unwrap_or_default();
        let white = code.len() - code.trim_start().len();
        let at = begin + lines + white;
        let missing = (white < code.len()).then(|| self.span(at, at + 1));
        self.report(match missing {
            Some(place) => report.because(place, "`\"\"\"` is missing before this"),
            None => report,
        });
        self.missing_at = None;
        self.tokens.push(Token {
            kind: Kind::TextEnd,
            start: end as u32,
            end: end as u32,
        });
        Mode::Code(self.lexer(end))
    }

    /// How much of `written` belongs to the text, and how far its lines go.
    fn length(&self, written: &str) -> (usize, usize) {
        let mut lines = written.split_inclusive('\n');
        let first = lines.next().unwrap_or_default();
        let mut is_flat = (!ends_line(first)).then_some(false);
        let (outer, mut end, mut last) = (self.line.0, first.len(), 0);
        for line in lines {
            let code = line.trim();
            if !code.is_empty() {
                let is_out = indent(line) <= outer && code != "\"" && code != "\"\"";
                let is_flat = *is_flat.get_or_insert(is_out);
                if is_out && (!is_flat || begins_statement(line)) {
                    break;
                }
                last = end;
            }
            end += line.len();
        }
        let kept = written.get(..end).unwrap_or_default();
        let closing = kept.get(last..).unwrap_or_default().trim();
        let kept = match last > 0 && self.closes_outside(closing) {
            true => kept.get(..last).unwrap_or_default(),
            false => kept,
        };
        (kept.trim_end().len(), end)
    }

    /// Whether the last line of a text closes what stands around the text.
    fn closes_outside(&self, line: &str) -> bool {
        let is_closing = !line.is_empty() && line.chars().all(|it| "}]),".contains(it));
        let inner = self.open.last().map(|it| errors::signs(it.kind).1);
        is_closing && inner.is_some_and(|it| line.starts_with(it))
    }

    /// Whether the signs at `next` open a text, so that the one before, which begins before `end`, is not closed.
    fn is_beginning(&self, end: usize, next: usize) -> bool {
        let written = self.text.get(end..next).unwrap_or_default();
        let Some((_, line)) = written.rsplit_once('\n') else {
            return false;
        };
        let code = line.trim_end();
        let code = code.strip_suffix('r').unwrap_or(code).trim_end();
        let is_out = |it: &str| indent(it) <= self.line.0 && !it.trim().is_empty();
        code.ends_with(['=', '(', '[', ':']) && written.split('\n').skip(1).any(is_out)
    }

    /// Whether a text that seems to end with the signs at `next` goes on until they begin another one; `sure` if no
    /// program looks so that is right.
    pub(super) fn runs_into(&self, next: usize, sure: bool) -> bool {
        let begins = self.open.last().map_or(0, |it| it.end as usize);
        let behind = self.text.get(next + 3..).unwrap_or_default();
        self.is_beginning(begins, next)
            && ends_line(behind)
            && (!sure || self.goes_deeper(behind, |it| !continues(it)))
    }

    /// Whether the line below the one that ends in `behind` is indented as a text is, and code is not.
    fn goes_deeper(&self, behind: &str, fits: impl Fn(&str) -> bool) -> bool {
        let mut lines = behind.split('\n').skip(1);
        let line = lines.find(|it| !it.trim().is_empty());
        line.is_some_and(|it| indent(it) > self.line.0 && fits(it.trim_start()))
    }

    /// `x = """ """`, and lines that belong to the text.
    fn is_doubled(&self, end: usize, next: usize) -> bool {
        let between = self.text.get(end..next).unwrap_or_default();
        let is_near = between.len() < 80 && between.trim_matches(' ').is_empty();
        let behind = self.text.get(next + 3..).unwrap_or_default();
        is_near && ends_line(behind) && self.goes_deeper(behind, |_| true)
    }

    /// Whether signs stand behind those that close a text already.
    fn is_spare(&self, start: usize) -> bool {
        let Some(last) = self.tokens.last() else {
            return false;
        };
        let between = self.text.get(last.end as usize..start).unwrap_or_default();
        let is_block = last.kind == Kind::TextEnd && last.end - last.start == 3;
        is_block && between.trim_matches(' ').is_empty()
    }

    /// The text that these signs close, though nothing opened it.
    fn unopened_block(&self, start: usize, end: usize) -> Option<Quote> {
        let rest = self.text.get(end..).unwrap_or_default();
        let ends = rest.trim_start_matches([' ', '\r', '}', ']', ')', ',']);
        if self.quotes.len() >= MOST || !ends_line(ends) || !self.may_guess() {
            return None;
        }
        let before = self.tokens.iter().enumerate().rev();
        let mut before = before.filter(|it| it.1.kind != Kind::Newline).take(NEAR);
        let (_, last) = before.clone().next()?;
        if begins_value(last.kind) {
            return None;
        }
        let (place, sign) = before.find(|it| {
            let next = self.tokens.get(it.0 + 1);
            begins_value(it.1.kind) && next.is_some_and(|next| self.is_lost(*it.1, *next, start))
        })?;
        Some(Quote {
            start: self.tokens.get(place + 1)?.start as usize,
            end: start,
            before: Some(self.span(sign.start as usize, sign.end as usize)),
            signs: 3,
        })
    }

    /// Whether what begins at `next`, behind `sign`, may be a text that lost its signs and ends at `end`.
    fn is_lost(&self, sign: Token, next: Token, end: usize) -> bool {
        let behind = self.text.get(sign.end as usize..).unwrap_or_default();
        let is_last = || ends_line(behind.trim_start_matches([' ', '"']));
        next.start as usize >= self.line.1 && end > self.line.1
            || (is_last() && self.indent_of(sign) <= self.line.0)
    }

    fn lexer<T: logos::Logos<'t, Source = str, Extras = ()>>(&self, at: usize) -> Lexer<'t, T> {
        let mut rest = Lexer::new(self.text);
        rest.bump(at);
        rest
    }
}

/// Whether a line goes on with the value above it, or is no code at all.
fn continues(line: &str) -> bool {
    let words = [
        "and", "or", "then", "else", "because", "help", "as", "where", "on", "in",
    ];
    let mut word = line.split(|it: char| !it.is_alphanumeric());
    let word = word.next().unwrap_or_default();
    word.is_empty() || words.contains(&word)
}

/// Whether a line ends at the beginning of `rest`, apart from a comment.
fn ends_line(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '\t', '\r']);
    rest.is_empty() || rest.starts_with('\n') || rest.starts_with("//")
}

/// Whether a value follows it.
pub(super) fn begins_value(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Equals
            | Kind::PlusEquals
            | Kind::LeftParen
            | Kind::LeftBracket
            | Kind::Comma
            | Kind::Colon
            | Kind::Plus
            | Kind::Then
            | Kind::Else
            | Kind::Fallback
    )
}

/// How far a line is indented.
fn indent(line: &str) -> u32 {
    let white = line.len() - line.trim_start_matches([' ', '\t']).len();
    let white = line.get(..white).unwrap_or_default();
    white.replace('\t', "  ").len() as u32
}

/// Whether a line is more likely a statement of a file than part of a text that is not indented.
fn begins_statement(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let (first, second) = (words.next(), words.next());
    let is_word = |it: &str| {
        it.chars()
            .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || "_.".contains(it))
    };
    let two =
        first.is_some_and(is_word) && second.is_some_and(|it| is_word(it.trim_end_matches(':')));
    let code = line.trim_end();
    let declares = [
        "let", "param", "input", "output", "env", "assert", "kind", "enum", "type",
    ];
    first.is_some_and(|it| declares.contains(&it) && two)
        || (two && (code.ends_with('{') || code.contains(" in ")))
        || (code.contains(" -> ") && code.contains(" : "))
        || spare::begins_entry(line.trim_start()) && line.contains(" = ")
}
