//! Text to tokens. Afterwards brackets are balanced, every line break that is left ends something,
//! and comments are gone.

mod blocks;
mod brackets;
mod errors;
mod newlines;
mod openers;
mod quotes;
mod rescue;
mod rules;
mod spare;
mod texts;
mod token;

#[cfg(test)]
mod tests;

use logos::Lexer;
use topoc_diagnostics::{Diagnostic, Diagnostics, FileId, Span};

use brackets::{Brackets, Counts};
pub use errors::NOTHING_TO_CLOSE;
use quotes::Quote;
use rules::{Block, Code, Line};
use spare::Verdict;
pub use token::{Kind, Token};

/// The tokens of `text`. Never fails: what has no meaning is reported and left out or becomes [`Kind::Wrong`].
///
/// INVARIANT (balanced): every opening bracket has its partner. Missing ones are reported and added, empty.
/// Where brackets do not fit together, indentation says which one was forgotten.
pub fn lex(file: FileId, text: &str, out: &mut Diagnostics) -> Vec<Token> {
    let scanner = balanced(file, text, None);
    scanner.reports.into_iter().for_each(|it| out.push(it));
    newlines::settle(&scanner.tokens, text)
}

/// The tokens of `text` as [`lex`] gives them, and its comments with their slashes, both in order.
pub fn lex_with_comments(
    file: FileId,
    text: &str,
    out: &mut Diagnostics,
) -> (Vec<Token>, Vec<Comment>) {
    let mut scanner = balanced(file, text, Some(Vec::new()));
    let comments = scanner.comments.take().unwrap_or_default();
    scanner.reports.into_iter().for_each(|it| out.push(it));
    (newlines::settle(&scanner.tokens, text), comments)
}

/// Scans a text; where brackets do not fit together, once more by its indentation, where a quote was forgotten, once
/// more with that known, and where a text of several lines has no end, once more by what stands around its signs.
fn balanced<'t>(file: FileId, text: &'t str, comments: Option<Vec<Comment>>) -> Scanner<'t> {
    let mut quotes = Vec::new();
    let mut spares = None;
    let mut by_signs = false;
    loop {
        let mut scanner = Scanner::new(file, text);
        scanner.comments.clone_from(&comments);
        scanner.quotes.clone_from(&quotes);
        scanner.by_signs = by_signs;
        scanner.guess_from = spares.map(|it: (Counts, usize)| it.1);
        scanner.expected = spares.map(|it| it.0).unwrap_or_default();
        scanner.run();
        let is_odd = scanner.runs_on && !scanner.reports.is_empty();
        if (scanner.is_endless || is_odd) && !by_signs {
            (quotes, spares, by_signs) = (Vec::new(), None, true);
            continue;
        }
        match scanner.forgotten.take() {
            Some(quote) => quotes.push(quote),
            None if scanner.unbalanced && spares.is_none() => {
                spares = Some((scanner.spares, scanner.settled));
            }
            None => return scanner,
        }
    }
}

/// A comment: from its slashes to the end of its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

/// So many reports are enough for one file.
const MAX_REPORTS: usize = 50;

struct Scanner<'t> {
    file: FileId,
    text: &'t str,
    reports: Vec<Diagnostic>,
    tokens: Vec<Token>,
    /// The brackets that are open, innermost last.
    open: Brackets,
    /// The comments, where somebody wants them.
    comments: Option<Vec<Comment>>,
    /// The quotes that were forgotten, as far as they are known.
    quotes: Vec<Quote>,
    /// One more, that was just found.
    forgotten: Option<Quote>,
    /// How many reports there were before the last text.
    text_reports: usize,
    /// Whether a text of several lines has no end.
    is_endless: bool,
    /// Whether one seems to end where another one begins.
    runs_on: bool,
    /// Whether what stands around `"""` says what it is.
    by_signs: bool,
    /// From where on brackets are closed where indentation says so.
    guess_from: Option<usize>,
    /// Whether brackets do not fit together.
    unbalanced: bool,
    /// Where the last statement begins before which they do.
    settled: usize,
    /// Where the last statement begins that takes several lines.
    several_lines: usize,
    /// How far this line is indented, and where it begins.
    line: (u32, usize),
    /// Where a closing bracket stands that was told with the one before it.
    swapped: Option<usize>,
    /// Where the last closing bracket that closes nothing ends.
    spare_end: Option<usize>,
    /// How many of them there were, and how many more are expected.
    spares: Counts,
    expected: Counts,
    /// Where closing brackets were missing last, how many reports there were before, and which brackets they are.
    missing_at: Option<(usize, usize, String)>,
}

/// What the scanner is inside of.
enum Mode<'t> {
    Code(Lexer<'t, Code>),
    Line(Lexer<'t, Line>),
    Block(Lexer<'t, Block>),
    End,
}

impl<'t> Scanner<'t> {
    fn new(file: FileId, text: &'t str) -> Self {
        Scanner {
            file,
            text,
            reports: Vec::new(),
            tokens: Vec::with_capacity(text.len() / 4),
            open: Brackets::new(),
            comments: None,
            quotes: Vec::new(),
            forgotten: None,
            text_reports: 0,
            is_endless: false,
            runs_on: false,
            by_signs: false,
            guess_from: None,
            unbalanced: false,
            settled: 0,
            several_lines: 0,
            line: (0, 0),
            swapped: None,
            spare_end: None,
            spares: Counts::default(),
            expected: Counts::default(),
            missing_at: None,
        }
    }

    fn run(&mut self) {
        let mut mode = Mode::Code(Lexer::new(self.text));
        loop {
            mode = match mode {
                Mode::Code(lexer) => self.code(lexer),
                Mode::Line(lexer) => self.line(lexer),
                Mode::Block(lexer) => self.block(lexer),
                Mode::End => break,
            };
        }
        while let Some(opener) = self.open.pop() {
            self.close_missing(opener, self.text.len());
        }
    }

    fn code(&mut self, mut lexer: Lexer<'t, Code>) -> Mode<'t> {
        while let Some(found) = lexer.next() {
            let span = lexer.span();
            if let Some(quote) = self.quote_at(span.start) {
                return self.text_of(quote);
            }
            let Ok(code) = found else {
                lexer.bump(rescue::rest_of_wrong(lexer.slice(), lexer.remainder()));
                self.wrong(span.start, lexer.span().end);
                continue;
            };
            if self.by_signs
                && let Some(mode) = self.strange_block(lexer.slice(), span.end)
            {
                return mode;
            }
            #[expect(
                clippy::wildcard_enum_match_arm,
                reason = "most tokens are what they are"
            )]
            match code {
                Code::Comment => self.comment(span.start, lexer.slice()),
                Code::BlockComment => {
                    let length = lexer
                        .remainder()
                        .find("*/")
                        .map_or(lexer.remainder().len(), |it| it + 2);
                    lexer.bump(length);
                    self.keep(span.start, lexer.span().end);
                    self.report(errors::block_comment(self.span(span.start, span.start + 2)));
                }
                Code::Quote => {
                    self.text_reports = self.reports.len();
                    self.push(Kind::TextStart, span.start, span.end);
                    return Mode::Line(lexer.morph());
                }
                Code::Block => {
                    self.push(Kind::TextStart, span.start, span.end);
                    return Mode::Block(lexer.morph());
                }
                Code::Newline => {
                    self.forgotten = self.forgotten_in_text();
                    if self.forgotten.is_some() {
                        return Mode::End;
                    }
                    self.push(Kind::Newline, span.start, span.end);
                    if let Some(block) = self.close_insertions(span.start) {
                        self.begin_line(span.end, lexer.slice());
                        return if block {
                            Mode::Block(lexer.morph())
                        } else {
                            Mode::Code(lexer)
                        };
                    }
                    self.begin_line(span.end, lexer.slice());
                }
                Code::RightBrace if self.open.in_insertion() && !self.open.has(Kind::LeftBrace) => {
                    self.push(Kind::CodeEnd, span.start, span.end);
                    return self.text_again(lexer);
                }
                Code::Raw if matches!(lexer.slice(), "r\"" | "r\"\"\"") => {
                    return self.unclosed_raw(lexer);
                }
                Code::Raw | Code::Arrow | Code::And | Code::Or | Code::Not | Code::Semicolon => {
                    self.maybe_foreign(code, span.start, lexer.slice());
                }
                other => self.push(other.kind(), span.start, span.end),
            }
        }
        Mode::End
    }

    /// A raw text without an end: what it would be without its `r` is not closed.
    fn unclosed_raw(&mut self, lexer: Lexer<'t, Code>) -> Mode<'t> {
        let span = lexer.span();
        self.push(Kind::Name, span.start, span.start + 1);
        self.push(Kind::TextStart, span.start + 1, span.end);
        match span.len() {
            2 => Mode::Line(lexer.morph()),
            _ => Mode::Block(lexer.morph()),
        }
    }

    fn comment(&mut self, start: usize, slice: &str) {
        if slice.starts_with('#') {
            self.report(errors::hash_comment(self.span(start, start + 1)));
        } else if slice.starts_with("///") && !slice.starts_with("////") {
            self.push(Kind::Doc, start, start + slice.len());
            return;
        }
        self.keep(start, start + slice.len());
    }

    fn keep(&mut self, start: usize, end: usize) {
        if let Some(comments) = &mut self.comments {
            comments.push(Comment {
                start: start as u32,
                end: end as u32,
            });
        }
    }

    /// Tokens that have a spelling of other languages beside their own.
    fn maybe_foreign(&mut self, code: Code, start: usize, slice: &str) {
        let span = self.span(start, start + slice.len());
        if let Some(report) = errors::foreign(span, slice) {
            self.report(report);
        }
        let turned = matches!(slice, "<-" | "<->" | "=>");
        let kind = if turned { Kind::Wrong } else { code.kind() };
        self.push(kind, start, start + slice.len());
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        let token = Token {
            kind,
            start: start as u32,
            end: end as u32,
        };
        if kind.opens() {
            if self.by_indent() && kind == Kind::LeftBracket && self.opens_turned(token) {
                return;
            }
            self.open.push(token, self.line.0);
        } else if kind.closes() {
            let closed = self.close(kind, start, end);
            self.tokens
                .extend(closed.map(|kind| Token { kind, ..token }));
            return;
        }
        self.tokens.push(token);
    }

    /// Closes the innermost bracket; what is open inside the right partner was forgotten.
    /// What the bracket was meant to be, or nothing if there is nothing to close.
    fn close(&mut self, kind: Kind, start: usize, end: usize) -> Option<Kind> {
        let opener = kind.partner();
        let (indent, line_start) = self.line;
        if self.by_indent() && start == line_start && self.open.has_indent(indent) {
            self.close_deeper(|it| it > indent);
        }
        let is_brace = kind == Kind::RightBrace;
        if is_brace && self.closes_too_much(start) && self.open_forgotten(start) {
            return Some(kind);
        }
        if self.swapped.take_if(|it| *it == start).is_some() {
            return self.open.pop().map(|it| it.kind.partner());
        }
        match self.verdict(kind, start, end) {
            Verdict::Closes => {}
            Verdict::Swapped(inner, other) => {
                self.swapped(start, other);
                return Some(inner.kind.partner());
            }
            Verdict::WrongSort(inner) => {
                self.wrong_sort(inner, start, end);
                return Some(inner.kind.partner());
            }
            Verdict::Spare(inner) => {
                if !self.unbalanced {
                    // what it should close may have been closed too early
                    self.settled = self.settled.min(self.several_lines);
                }
                self.unbalanced = true;
                let is_partner = (is_brace && self.open_forgotten(start))
                    || (kind == Kind::RightBracket && self.open_list())
                    || (kind == Kind::RightParen && self.open_call(start));
                if !is_partner {
                    self.spare(inner, kind, start, end);
                }
                return is_partner.then_some(kind);
            }
        }
        while let Some(inner) = self.open.pop()
            && inner.kind != opener
        {
            self.close_missing(inner, start);
        }
        Some(kind)
    }

    /// By (balanced): adds the empty partner of `opener`, which is not on `open` any more.
    fn close_missing(&mut self, opener: Token, at: usize) {
        let span = self.span(opener.start as usize, opener.end as usize);
        self.unbalanced |= !matches!(opener.kind, Kind::CodeStart | Kind::TextStart);
        if opener.kind == Kind::TextStart {
            self.missing_at = None;
            self.report(errors::unclosed_text(span));
        } else if opener.kind != Kind::CodeStart {
            self.missing(opener, span, at);
        }
        self.tokens.push(Token {
            kind: opener.kind.partner(),
            start: at as u32,
            end: at as u32,
        });
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start as u32, end as u32)
    }

    fn report(&mut self, report: Diagnostic) {
        if self.reports.len() < MAX_REPORTS {
            self.reports.push(report);
        }
    }
}
