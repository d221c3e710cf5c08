//! What the rules read from: tokens through chumsky's [`InputRef`], with looking ahead, spans and reports.
//!
//! Rules look at a token or two, choose, and commit. A rule that fails has reported why, so chumsky carries no
//! message ([`EmptyErr`]) and never has to choose between several.

use chumsky::error::EmptyErr;
use chumsky::input::InputRef;
use chumsky::inspector::SimpleState;
use chumsky::prelude::*;
use topoc_diagnostics::{Code, Diagnostic, FileId, Span};
use ustr::Ustr;

use super::broken::Broken;
use crate::ast::{Expr, ExprIds, ExprKind, Ident, Skipped};
use crate::lex::{Kind, Token};

/// The tokens of one file.
pub type Tokens<'t> = &'t [Token];
/// What chumsky carries along.
pub type Extra<'t> = extra::Full<EmptyErr, SimpleState<Context<'t>>, ()>;
/// Where a rule reads.
pub type In<'t, 'p> = InputRef<'t, 'p, Tokens<'t>, Extra<'t>>;
/// What a rule gives; on failure the reason is reported already.
pub type Parsed<T> = Result<T, EmptyErr>;

/// So many reports are enough for one file.
const MAX_REPORTS: usize = 50;
/// A bracket may belong to what stands within so many letters.
const NEAR: usize = 1000;
/// How deep brackets may nest.
const MAX_DEPTH: u32 = 100;
/// How many `else if` may follow each other: brackets in the last of them have room.
const MAX_CHAIN: u32 = MAX_DEPTH - 20;
/// How high an expression may grow by operators and brackets.
const MAX_HEIGHT: u32 = 300;

/// What a body holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Holds {
    /// What the body of a node holds.
    #[default]
    Entries,
    /// Subnets, as a network.
    Subnets,
    /// Declarations or edges, as a block.
    Statements,
}

/// One file while it is read.
pub struct Context<'t> {
    pub file: FileId,
    pub text: &'t str,
    pub tokens: &'t [Token],
    pub ids: &'t ExprIds,
    pub reports: Vec<Diagnostic>,
    /// Where the lexer reported something.
    pub broken: Broken,
    /// The first byte of the entry being read, and how many reports there were before it.
    pub entry: (u32, usize),
    /// Whether what is strange in this entry follows from a mistake beside it.
    pub quiet: bool,
    /// The number of the token where reading goes on, if that is not the end of the entry.
    pub resume: Option<usize>,
    /// What the node being read holds that no node does.
    pub holds: Holds,
    /// Where the first entry could not be read.
    pub failed: Option<Token>,
    /// The entries that could not be read.
    pub skipped: Vec<Skipped>,
    depth: u32,
    height: u32,
}

impl<'t> Context<'t> {
    pub fn new(
        file: FileId,
        text: &'t str,
        tokens: &'t [Token],
        ids: &'t ExprIds,
        broken: Broken,
    ) -> Self {
        Self {
            file,
            text,
            tokens,
            ids,
            reports: Vec::new(),
            broken,
            entry: (0, 0),
            quiet: false,
            resume: None,
            holds: Holds::Entries,
            failed: None,
            skipped: Vec::new(),
            depth: 0,
            height: 0,
        }
    }

    /// The text of a token.
    pub fn slice(&self, token: Token) -> &'t str {
        self.text
            .get(token.start as usize..token.end as usize)
            .unwrap_or_default()
    }

    /// The place of a token.
    pub fn span(&self, token: Token) -> Span {
        Span::new(self.file, token.start, token.end)
    }

    /// Whether somebody has said already what is wrong with this entry.
    fn is_known_bad(&self, at: u32) -> bool {
        let (start, reports) = self.entry;
        self.reports.len() > reports || self.broken.has_place(start, at)
    }

    /// Whether a bracket was told further on this line whose partner may be missing here.
    fn lacks_partner(&self, place: u32) -> bool {
        let spare = self.broken.next_spare(place);
        let between = spare.and_then(|it| self.text.get(place as usize..it as usize));
        between.is_some_and(|it| it.len() < NEAR && !it.contains('\n'))
    }

    fn report(&mut self, report: Diagnostic) {
        let place = report.primary.as_ref().map_or(0, |it| it.span.start);
        if !self.quiet && self.reports.len() < MAX_REPORTS && !self.broken.is_inside(place) {
            self.reports.push(report);
        }
    }
}

/// One sign or word, silently.
pub fn sign<'t>(kind: Kind) -> impl Parser<'t, Tokens<'t>, Token, Extra<'t>> + Copy {
    any().filter(move |it: &Token| it.kind == kind)
}

/// What every rule needs of its input.
pub trait Reading<'t> {
    /// The number of the next token.
    fn position(&self) -> usize;
    /// The token after `count` others.
    fn ahead(&mut self, count: usize) -> Token;
    /// The kind of the next token.
    fn kind(&mut self) -> Kind;
    /// The text of the next token, if it is a name.
    fn word(&mut self) -> Option<&'t str>;
    /// Whether the next token is this name.
    fn at_word(&mut self, word: &str) -> bool;
    /// Takes the next token if it is of this kind.
    fn eat(&mut self, kind: Kind) -> Option<Token>;
    /// Takes the next token if it is this name.
    fn eat_word(&mut self, word: &str) -> bool;
    /// Takes a token of this kind or reports that `what` was expected.
    fn expect(&mut self, kind: Kind, what: &str) -> Parsed<Token>;
    /// Takes this name or reports.
    fn expect_word(&mut self, word: &str) -> Parsed<()>;
    /// The first byte of the next token.
    fn here(&mut self) -> u32;
    /// From `start` to the end of the last token.
    fn since(&mut self, start: u32) -> Span;
    /// The place of a token.
    fn span_of(&mut self, token: Token) -> Span;
    /// The token as a name.
    fn ident(&mut self, token: Token) -> Ident;
    /// An expression with a new number.
    fn expr(&mut self, kind: ExprKind, span: Span) -> Expr;
    /// Reports.
    fn report(&mut self, report: Diagnostic);
    /// Reports and fails.
    fn fail<T>(&mut self, report: Diagnostic) -> Parsed<T>;
    /// Reports the next token, unless its entry is known to be wrong, and fails.
    fn unexpected<T>(&mut self, what: &str) -> Parsed<T>;
    /// Runs a rule one bracket deeper.
    fn deeper<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T>;
    /// Runs a rule for the next link of a chain of `else if`.
    fn further<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T>;
    /// One operator more in the expression being read; `false` if that is too many.
    fn higher(&mut self) -> Parsed<()>;
    /// Runs a rule for an expression inside another one.
    fn inside<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T>;
    /// Leaves `count` tokens.
    fn skip_many(&mut self, count: usize);
}

impl<'t> Reading<'t> for In<'t, '_> {
    fn position(&self) -> usize {
        *self.cursor().inner()
    }

    fn ahead(&mut self, count: usize) -> Token {
        let position = self.position() + count;
        let end = self.state().text.len() as u32;
        let tokens = self.state().tokens;
        tokens.get(position).copied().unwrap_or(Token {
            kind: Kind::End,
            start: end,
            end,
        })
    }

    fn kind(&mut self) -> Kind {
        self.peek().map_or(Kind::End, |it| it.kind)
    }

    fn word(&mut self) -> Option<&'t str> {
        let token = self.peek().filter(|it| it.kind == Kind::Name)?;
        Some(self.state().slice(token))
    }

    fn at_word(&mut self, word: &str) -> bool {
        self.word() == Some(word)
    }

    fn eat(&mut self, kind: Kind) -> Option<Token> {
        let token = self.peek().filter(|it| it.kind == kind)?;
        self.skip();
        Some(token)
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.at_word(word);
        if found {
            self.skip();
        }
        found
    }

    fn expect(&mut self, kind: Kind, what: &str) -> Parsed<Token> {
        match self.eat(kind) {
            Some(token) => Ok(token),
            None => self.unexpected(what),
        }
    }

    fn expect_word(&mut self, word: &str) -> Parsed<()> {
        if self.eat_word(word) {
            Ok(())
        } else {
            self.unexpected(&format!("`{word}`"))
        }
    }

    fn here(&mut self) -> u32 {
        self.ahead(0).start
    }

    fn since(&mut self, start: u32) -> Span {
        let position = self.position();
        let context = self.state();
        let last = position
            .checked_sub(1)
            .and_then(|it| context.tokens.get(it));
        Span::new(
            context.file,
            start,
            last.map_or(start, |it| it.end.max(start)),
        )
    }

    fn span_of(&mut self, token: Token) -> Span {
        self.state().span(token)
    }

    fn ident(&mut self, token: Token) -> Ident {
        let context = self.state();
        Ident {
            name: Ustr::from(context.slice(token)),
            span: context.span(token),
        }
    }

    fn expr(&mut self, kind: ExprKind, span: Span) -> Expr {
        Expr {
            id: self.state().ids.next(),
            span,
            kind,
        }
    }

    fn report(&mut self, report: Diagnostic) {
        self.state().report(report);
    }

    fn fail<T>(&mut self, report: Diagnostic) -> Parsed<T> {
        let place = report.primary.as_ref().map_or(0, |it| it.span.start);
        if !self.state().lacks_partner(place) {
            self.report(report);
        }
        Err(EmptyErr::default())
    }

    fn unexpected<T>(&mut self, what: &str) -> Parsed<T> {
        let token = self.ahead(0);
        if self.state().is_known_bad(token.end) {
            return Err(EmptyErr::default());
        }
        let slice = self.state().slice(token);
        let span = self.span_of(token);
        self.fail(super::errors::unexpected(span, token.kind, slice, what))
    }

    fn deeper<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        nested(self, MAX_DEPTH, too_deep, rule)
    }

    fn further<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        nested(self, MAX_CHAIN, long_chain, rule)
    }

    fn higher(&mut self) -> Parsed<()> {
        self.state().height += 1;
        if self.state().height <= MAX_HEIGHT {
            return Ok(());
        }
        let token = self.ahead(0);
        let span = self.span_of(token);
        self.fail(too_deep(span))
    }

    fn inside<T>(&mut self, rule: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let outer = std::mem::take(&mut self.state().height);
        let result = self.deeper(rule);
        let context = self.state();
        context.height = outer.max(context.height + 1);
        result
    }

    fn skip_many(&mut self, count: usize) {
        for _ in 0..count {
            self.skip();
        }
    }
}

fn nested<'t, 'p, T>(
    inp: &mut In<'t, 'p>,
    most: u32,
    refused: fn(Span) -> Diagnostic,
    rule: impl FnOnce(&mut In<'t, 'p>) -> Parsed<T>,
) -> Parsed<T> {
    if inp.state().depth >= most {
        let token = inp.ahead(0);
        let span = inp.span_of(token);
        return inp.fail(refused(span));
    }
    inp.state().depth += 1;
    let result = rule(inp);
    inp.state().depth -= 1;
    result
}

fn long_chain(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0114, "this chain of `else if` is too long")
        .at(span, "too many come before this one")
        .help("look up what differs: `let sizes: Map<Int> = { small = 1, large = 4 }`, then `sizes[size]`")
}

fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new(Code::E0114, "this is nested too deeply")
        .at(span, "too many brackets or operators around this")
        .help("give a part of it a name with `let`")
}
