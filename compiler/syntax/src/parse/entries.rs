//! Entries and statements one after the other, and what happens to those that cannot be read:
//! skip to the end of the line at the same bracket depth.

use ustr::Ustr;

use super::expr::arguments;
use super::input::{In, Parsed, Reading};
use super::names::any_word;
use super::nearly;
use crate::ast::{Note, Skipped};
use crate::lex::Kind;

/// What stands above an entry.
#[derive(Default)]
pub struct Above {
    /// The lines of `///`.
    pub docs: Option<Ustr>,
    /// `@…`
    pub notes: Vec<Note>,
}

/// What ends an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// A line break.
    Line,
    /// A line break or a comma.
    LineOrComma,
}

/// Entries up to the closing bracket, which stays. What cannot be read is reported and becomes `broken`, if given.
pub fn entries<'t, T>(
    inp: &mut In<'t, '_>,
    ends: Ends,
    mut entry: impl FnMut(&mut In<'t, '_>, Above) -> Parsed<T>,
    broken: Option<fn() -> T>,
) -> Vec<T> {
    let outer = inp.state().entry;
    let mut found = Vec::new();
    loop {
        while inp.eat(Kind::Newline).is_some() {}
        let start = inp.save();
        let (position, here) = (inp.position(), inp.here());
        let reports = inp.state().reports.len();
        inp.state().entry = (here, reports);
        let result = above(inp).and_then(|above| {
            if is_end(inp.kind()) {
                Ok(None)
            } else {
                entry(inp, above).map(Some)
            }
        });
        match result {
            Ok(None) => break,
            Ok(Some(entry)) => {
                found.push(entry);
                if separator(inp, ends).is_ok() {
                    continue;
                }
            }
            Err(_) => found.extend(broken.map(|it| it())),
        }
        let failed_at = inp.position();
        let place = inp.ahead(0);
        inp.state().failed.get_or_insert(place);
        inp.rewind(start);
        skip(inp, position, failed_at, ends);
        let span = inp.since(here);
        let within = if ends == Ends::Line { here } else { outer.0 };
        inp.state().skipped.push(Skipped { span, within });
    }
    let reports = inp.state().reports.len();
    inp.state().entry = (outer.0, reports);
    found
}

fn is_end(kind: Kind) -> bool {
    kind == Kind::End || kind.closes()
}

fn separator<'t>(inp: &mut In<'t, '_>, ends: Ends) -> Parsed<()> {
    if let Some(report) = nearly::rest(inp) {
        return inp.fail(report);
    }
    match inp.kind() {
        Kind::Newline => inp.skip(),
        Kind::Comma if ends == Ends::LineOrComma => inp.skip(),
        kind if is_end(kind) => {}
        _ if ends == Ends::Line => return inp.unexpected("the end of the line"),
        _ => return inp.unexpected("`,` or the end of the line"),
    }
    Ok(())
}

/// Leaves the entry that begins here and could not be read beyond token `failed_at`.
fn skip(inp: &mut In<'_, '_>, start: usize, failed_at: usize, ends: Ends) {
    let tokens = inp.state().tokens.get(start..).unwrap_or_default();
    let mut depth = 0_usize;
    let mut count = 0;
    for token in tokens {
        let ends_here = match token.kind {
            Kind::Newline => true,
            Kind::Comma => ends == Ends::LineOrComma,
            _ => false,
        };
        if depth == 0 && (token.kind.closes() || (ends_here && start + count >= failed_at)) {
            break;
        }
        if token.kind.opens() {
            depth += 1;
        } else if token.kind.closes() {
            depth -= 1;
        }
        count += 1;
    }
    inp.skip_many(count);
    if inp.kind() == Kind::Comma {
        inp.skip();
    }
}

/// `/// …` and `@…`
fn above<'t>(inp: &mut In<'t, '_>) -> Parsed<Above> {
    let mut above = Above::default();
    loop {
        match inp.kind() {
            Kind::Doc => above.docs = Some(docs(inp)),
            Kind::At => {
                above.notes.push(note(inp)?);
                while inp.eat(Kind::Newline).is_some() {}
            }
            _ => return Ok(above),
        }
    }
}

/// Neighbouring `///` lines, without the slashes and one space.
fn docs(inp: &mut In<'_, '_>) -> Ustr {
    let mut lines = String::new();
    while let Some(token) = inp.eat(Kind::Doc) {
        let line = inp.state().slice(token).trim_start_matches('/').trim_end();
        if !lines.is_empty() {
            lines.push('\n');
        }
        lines.push_str(line.strip_prefix(' ').unwrap_or(line));
    }
    Ustr::from(&lines)
}

fn note<'t>(inp: &mut In<'t, '_>) -> Parsed<Note> {
    let start = inp.here();
    inp.skip();
    let name = any_word(inp)?;
    let args = if inp.kind() == Kind::LeftParen {
        arguments(inp)?
    } else {
        Vec::new()
    };
    Ok(Note {
        name,
        args,
        span: inp.since(start),
    })
}
