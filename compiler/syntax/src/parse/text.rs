//! Texts: escapes, insertions, and the indentation of blocks.

use std::borrow::Cow;

use topoc_diagnostics::Span;
use ustr::Ustr;

use super::errors;
use super::expr::expr;
use super::input::{In, Parsed, Reading};
use super::names::bracket_length;
use crate::ast::{Expr, ExprKind, TextPart};
use crate::lex::{Kind, Token};

/// Any text literal.
pub fn text<'t>(inp: &mut In<'t, '_>) -> Parsed<Expr> {
    let start = inp.ahead(0);
    let parts = match start.kind {
        Kind::Raw => {
            inp.skip();
            raw(inp.state().slice(start))
        }
        Kind::TextStart => pieces(inp, start)?,
        _ => return inp.unexpected("a text"),
    };
    let span = inp.since(start.start);
    Ok(inp.expr(ExprKind::Text(parts), span))
}

/// A text without insertions.
pub fn plain<'t>(inp: &mut In<'t, '_>, what: &str) -> Parsed<(Ustr, Span)> {
    if !matches!(inp.kind(), Kind::Raw | Kind::TextStart) {
        return inp.unexpected(what);
    }
    let reports = inp.state().reports.len();
    let found = text(inp)?;
    match plain_parts(&found) {
        Some(text) => Ok((text, found.span)),
        None if inp.state().reports.len() > reports => Err(chumsky::error::EmptyErr::default()),
        None => inp.fail(errors::plain_text(found.span)),
    }
}

/// The text of an expression that is a text without insertions.
pub fn plain_parts(found: &Expr) -> Option<Ustr> {
    match &found.kind {
        ExprKind::Text(parts) => match parts.as_slice() {
            [] => Some(Ustr::from("")),
            [TextPart::Text(text)] => Some(*text),
            _ => None,
        },
        _ => None,
    }
}

fn raw(slice: &str) -> Vec<TextPart> {
    let inner = |quotes: usize, start: usize| {
        slice
            .get(start + quotes..slice.len() - quotes)
            .unwrap_or_default()
    };
    let content = if slice.starts_with("r\"\"\"") {
        let content = inner(3, 1);
        let indent = closing_indent(content);
        dedent(content, indent, true, true)
    } else {
        Cow::Borrowed(inner(1, usize::from(slice.starts_with('r'))))
    };
    if content.is_empty() {
        Vec::new()
    } else {
        vec![TextPart::Text(Ustr::from(&content))]
    }
}

/// Text and insertions up to the closing quotes.
fn pieces<'t>(inp: &mut In<'t, '_>, start: Token) -> Parsed<Vec<TextPart>> {
    let block = start.end - start.start == 3;
    let indent = if block { block_indent(inp) } else { 0 };
    inp.skip();
    let mut parts = Vec::new();
    loop {
        match inp.kind() {
            Kind::Text => {
                let first = parts.is_empty();
                let run = run(inp);
                let last = inp.kind() == Kind::TextEnd;
                let text = if block {
                    dedent(run, indent, first, last)
                } else {
                    Cow::Borrowed(run)
                };
                if !text.is_empty() {
                    parts.push(TextPart::Text(Ustr::from(&unescape(&text))));
                }
            }
            Kind::CodeStart => parts.extend(insertion(inp)?.map(TextPart::Code)),
            _ => break,
        }
    }
    inp.expect(Kind::TextEnd, "the end of the text")?;
    Ok(parts)
}

/// Neighbouring pieces of text as one.
fn run<'t>(inp: &mut In<'t, '_>) -> &'t str {
    let start = inp.here() as usize;
    let mut end = start;
    while let Some(piece) = inp.eat(Kind::Text) {
        end = piece.end as usize;
    }
    inp.state().text.get(start..end).unwrap_or_default()
}

/// `{expr}`; `None` if it is none, which is reported.
fn insertion<'t>(inp: &mut In<'t, '_>) -> Parsed<Option<Expr>> {
    let start = inp.ahead(0);
    let reports = inp.state().reports.len();
    let begin = inp.save();
    inp.skip();
    if let Ok(found) = expr(inp)
        && inp.eat(Kind::CodeEnd).is_some()
    {
        return Ok(Some(found));
    }
    inp.rewind(begin);
    let here = inp.position();
    let length = bracket_length(inp.state().tokens.get(here..).unwrap_or_default());
    inp.skip_many(length);
    let whole = inp.since(start.start);
    let context = inp.state();
    context.reports.truncate(reports);
    let inner = context
        .text
        .get(whole.start as usize + 1..(whole.end as usize).saturating_sub(1))
        .unwrap_or_default();
    if !context.broken.has_place(whole.start, whole.end) {
        inp.report(errors::brace_in_text(whole, inner));
    }
    Ok(None)
}

/// The indentation of the closing quotes of the block that begins here.
fn block_indent(inp: &mut In<'_, '_>) -> usize {
    let here = inp.position();
    let context = inp.state();
    let length = bracket_length(context.tokens.get(here..).unwrap_or_default());
    match context.tokens.get(here + length.saturating_sub(2)) {
        Some(last) if last.kind == Kind::Text => closing_indent(context.slice(*last)),
        _ => 0,
    }
}

fn closing_indent(content: &str) -> usize {
    let line = content.rsplit('\n').next().unwrap_or_default();
    if line.trim().is_empty() {
        line.len()
    } else {
        0
    }
}

/// Removes the indentation, the line break after the opening and the one before the closing quotes.
fn dedent(content: &str, indent: usize, first: bool, last: bool) -> Cow<'_, str> {
    let content = match content.split_once('\n') {
        Some((before, _)) if first && before.trim().is_empty() => {
            content.get(before.len()..).unwrap_or_default()
        }
        _ => content,
    };
    let content = match content.rsplit_once('\n') {
        Some((before, after)) if last && after.trim().is_empty() => {
            before.strip_suffix('\r').unwrap_or(before)
        }
        _ => content,
    };
    let mut out = String::with_capacity(content.len());
    for (number, line) in content.split('\n').enumerate() {
        match number {
            0 => out.push_str(line),
            _ => {
                out.push('\n');
                let space = line.len() - line.trim_start_matches([' ', '\t']).len();
                out.push_str(line.get(indent.min(space)..).unwrap_or_default());
            }
        }
        if out.ends_with('\r') {
            out.pop();
        }
    }
    if first {
        return Cow::Owned(out.strip_prefix('\n').map(str::to_owned).unwrap_or(out));
    }
    Cow::Owned(out)
}

fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(next) = rest.next() {
        match (next, next == '\\') {
            (_, false) => out.push(next),
            (_, true) => match rest.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(other) => out.push(other),
                None => {}
            },
        }
    }
    Cow::Owned(out)
}
