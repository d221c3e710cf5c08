//! Entries and statements one after the other, and what happens to those that cannot be read:
//! skip to the end of the line at the same bracket depth.

use ustr::Ustr;

use super::errors;
use super::expr::arguments;
use super::input::{In, Parsed, Reading};
use super::names::any_word;
use super::nearly;
use crate::ast::{Note, Skipped};
use crate::lex::{Kind, Token};

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
    let outer = (inp.state().entry, inp.state().quiet);
    let mut found = Vec::new();
    let (mut quiet, mut ended_early) = (false, false);
    loop {
        while inp.eat(Kind::Newline).is_some() {}
        let start = inp.save();
        let (position, here) = (inp.position(), inp.here());
        let reports = inp.state().reports.len();
        (inp.state().entry, inp.state().quiet) = ((here, reports), quiet);
        quiet = false;
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
                if inp.state().resume.is_some() {
                    found.pop();
                    found.extend(broken.map(|it| it()));
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
        let within = if ends == Ends::Line { here } else { outer.0.0 };
        inp.state().skipped.push(Skipped { span, within });
        quiet = is_beside(inp, place);
        ended_early = inp.ahead(0) == place && place.kind.closes();
    }
    let reports = inp.state().reports.len();
    (inp.state().entry, inp.state().quiet) = ((outer.0.0, reports), outer.1 || ended_early);
    found
}

/// Whether the next entry follows from the mistake of the one that failed at `place`: it stands on its line, behind a
/// comma, `name = , value next = 1`.
fn is_beside(inp: &mut In<'_, '_>, place: Token) -> bool {
    let next = inp.ahead(0);
    let between = (place.start as usize).min(next.start as usize)..next.start as usize;
    let text = inp.state().text.get(between).unwrap_or_default();
    let before = text.trim_end();
    before.ends_with(',') && !text.contains('\n')
}

fn is_end(kind: Kind) -> bool {
    kind == Kind::End || kind.closes()
}

fn separator<'t>(inp: &mut In<'t, '_>, ends: Ends) -> Parsed<()> {
    let is_sign = matches!(inp.kind(), Kind::Colon | Kind::Equals);
    if let Some(report) = nearly::rest(inp).filter(|_| !(is_sign && begins_line(inp))) {
        return inp.fail(report);
    }
    match inp.kind() {
        Kind::Newline => inp.skip(),
        Kind::Comma if ends == Ends::LineOrComma => inp.skip(),
        kind if is_end(kind) => {}
        // a line that lacks the name before its sign
        Kind::Colon | Kind::Equals if begins_line(inp) => {}
        _ if ends == Ends::Line => return inp.unexpected("the end of the line"),
        _ => return inp.unexpected("`,` or the end of the line"),
    }
    Ok(())
}

/// Whether the next token stands on another line than the last one.
fn begins_line(inp: &mut In<'_, '_>) -> bool {
    let (last, next) = (inp.since(0).end as usize, inp.here() as usize);
    let gap = inp.state().text.get(last..next);
    gap.is_some_and(|it| it.contains('\n'))
}

/// Leaves the entry that begins here and could not be read beyond token `failed_at`.
fn skip(inp: &mut In<'_, '_>, start: usize, failed_at: usize, ends: Ends) {
    if let Some(resume) = inp.state().resume.take().filter(|it| *it > start) {
        return inp.skip_many(resume - start);
    }
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
    if let Some(report) = errors::unknown_note(name) {
        inp.report(report);
    }
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
