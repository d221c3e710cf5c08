//! Names, paths and references.

use chumsky::prelude::*;
use ustr::Ustr;

use super::errors;
use super::expr::index;
use super::input::{Extra, In, Parsed, Reading, Tokens, sign};
use crate::ast::{Expr, ExprKind, Ident, Path, Ref};
use crate::lex::{Kind, Token};

/// A name that is declared or used; a reserved word only before `=` and `:`.
pub fn name<'t>(inp: &mut In<'t, '_>) -> Parsed<Ident> {
    let token = inp.ahead(0);
    if token.kind == Kind::Name {
        inp.skip();
        return Ok(inp.ident(token));
    }
    if token.kind.is_reserved() {
        if matches!(inp.ahead(1).kind, Kind::Equals | Kind::Colon) {
            return any_word(inp);
        }
        let (span, word) = (inp.span_of(token), inp.state().slice(token));
        return inp.fail(errors::reserved_name(span, word));
    }
    inp.unexpected("a name")
}

/// The name of something new; never a reserved word.
pub fn new_name<'t>(inp: &mut In<'t, '_>) -> Parsed<Ident> {
    let token = inp.ahead(0);
    if token.kind.is_reserved() {
        let (span, word) = (inp.span_of(token), inp.state().slice(token));
        return inp.fail(errors::reserved_name(span, word));
    }
    field_name(inp)
}

/// The name of a value, node, kind, place: in lower case. Another spelling is reported, and understood.
pub fn lower_name<'t>(inp: &mut In<'t, '_>) -> Parsed<Ident> {
    let found = new_name(inp)?;
    lower_case(inp, found);
    Ok(found)
}

/// Reports a name that has capital letters.
pub fn lower_case(inp: &mut In<'_, '_>, name: Ident) {
    if name.name.bytes().any(|it| it.is_ascii_uppercase()) {
        inp.report(errors::upper_case(name));
    }
}

/// The name of a type or enumeration.
pub fn type_name<'t>(inp: &mut In<'t, '_>) -> Parsed<Ident> {
    let found = new_name(inp)?;
    if !found.name.starts_with(|it: char| it.is_ascii_uppercase()) {
        inp.report(errors::lower_case_type(found));
    }
    Ok(found)
}

/// The name of a field or output: `my-api` is a mistake here, and understood.
pub fn field_name<'t>(inp: &mut In<'t, '_>) -> Parsed<Ident> {
    let mut found = name(inp)?;
    let start = found.span.start;
    while is_glued(inp) {
        inp.skip_many(2);
        found.span = inp.since(start);
    }
    let (from, to) = (found.span.start as usize, found.span.end as usize);
    let written = inp.state().text.get(from..to).unwrap_or_default();
    if written.contains('-') {
        inp.report(errors::hyphen(found.span, written));
        found.name = Ustr::from(&written.replace('-', "_"));
    }
    Ok(found)
}

/// Whether `-word` follows without a space.
fn is_glued(inp: &mut In<'_, '_>) -> bool {
    let here = inp.position();
    let tokens = inp.state().tokens;
    let Some([before, minus, word]) = here.checked_sub(1).and_then(|it| tokens.get(it..it + 3))
    else {
        return false;
    };
    let word_like =
        matches!(word.kind, Kind::Name | Kind::Int | Kind::Unit) || word.kind.is_reserved();
    minus.kind == Kind::Minus && word_like && before.end == minus.start && minus.end == word.start
}

/// Any word, also a reserved one: after a dot and where only words stand.
pub fn any_word<'t>(inp: &mut In<'t, '_>) -> Parsed<Ident> {
    let token = inp.ahead(0);
    if token.kind == Kind::Name || token.kind.is_reserved() {
        inp.skip();
        return Ok(inp.ident(token));
    }
    inp.unexpected("a name")
}

/// `a.b.c`
pub fn path<'t>(inp: &mut In<'t, '_>) -> Parsed<Path> {
    let start = inp.here();
    if inp.kind() != Kind::Name {
        return inp.unexpected("a name");
    }
    let part = custom::<_, Tokens<'t>, _, Extra<'t>>(any_word);
    let parts: Vec<Ident> = inp.parse(part.separated_by(sign(Kind::Dot)).at_least(1).collect())?;
    let text = match parts.as_slice() {
        [one] => one.name,
        parts => {
            let names: Vec<&str> = parts.iter().map(|it| it.name.as_str()).collect();
            Ustr::from(&names.join("."))
        }
    };
    let span = inp.since(start);
    Ok(Path { text, span })
}

/// `a`, `self.place`, `main.app[a]`
pub fn reference<'t>(inp: &mut In<'t, '_>) -> Parsed<Ref> {
    inp.inside(|inp| {
        let start = inp.here();
        let mut found = match inp.eat(Kind::SelfNode) {
            Some(_) => {
                let span = inp.since(start);
                inp.expr(ExprKind::SelfNode, span)
            }
            None => {
                let name = name(inp)?;
                inp.expr(ExprKind::Name(name.name), name.span)
            }
        };
        loop {
            let kind = match inp.kind() {
                Kind::Dot => {
                    inp.skip();
                    ExprKind::Field(Box::new(found), any_word(inp)?)
                }
                Kind::LeftBracket => ExprKind::Index(Box::new(found), Box::new(index(inp)?)),
                _ => return Ok(found),
            };
            inp.higher()?;
            let span = inp.since(start);
            found = inp.expr(kind, span);
        }
    })
}

/// `[e]` behind a name, maybe; `[e][f]` is kept as a list.
pub fn key<'t>(inp: &mut In<'t, '_>) -> Parsed<Option<Expr>> {
    let start = inp.here();
    let mut keys = Vec::new();
    while inp.kind() == Kind::LeftBracket {
        keys.push(index(inp)?);
    }
    if keys.len() < 2 {
        return Ok(keys.pop());
    }
    let span = inp.since(start);
    Ok(Some(inp.expr(ExprKind::List(keys), span)))
}

/// How many tokens a reference takes that begins after `from` others; 0 if none does.
pub fn reference_length(inp: &mut In<'_, '_>, from: usize) -> usize {
    let tokens = inp
        .state()
        .tokens
        .get(inp.position() + from..)
        .unwrap_or_default();
    let mut rest = match tokens {
        [first, rest @ ..]
            if matches!(first.kind, Kind::Name | Kind::SelfNode | Kind::Internet) =>
        {
            rest
        }
        _ => return 0,
    };
    loop {
        rest = match rest {
            [dot, word, after @ ..]
                if dot.kind == Kind::Dot
                    && (word.kind == Kind::Name || word.kind.is_reserved()) =>
            {
                after
            }
            [open, ..] if open.kind == Kind::LeftBracket => {
                rest.get(bracket_length(rest)..).unwrap_or_default()
            }
            _ => return tokens.len() - rest.len(),
        };
    }
}

/// How many tokens the bracket takes that begins here.
pub fn bracket_length(tokens: &[Token]) -> usize {
    let mut depth = 0_usize;
    for (count, token) in tokens.iter().enumerate() {
        if token.kind.opens() {
            depth += 1;
        } else if token.kind.closes() {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 {
            return count + 1;
        }
    }
    tokens.len()
}
