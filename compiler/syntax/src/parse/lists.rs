//! Lists, records, their comprehensions, and bodies.

use topoc_diagnostics::Span;

use super::entries::{Above, Ends, entries};
use super::errors;
use super::expr::expr;
use super::foreign;
use super::input::{In, Parsed, Reading};
use super::names::{field_name, name};
use super::nearly;
use super::text::{plain_parts, text};
use crate::ast::{Attribute, Body, Expr, ExprKind, Ident, Loop, LoopHead};
use crate::lex::Kind;
use ustr::Ustr;

/// `[a, b]`, `[for x in xs: e]`
pub fn list<'t>(inp: &mut In<'t, '_>) -> Parsed<Expr> {
    let start = inp.here();
    inp.expect(Kind::LeftBracket, "`[`")?;
    let kind = if inp.kind() == Kind::For {
        let loops = loops(inp)?;
        let item = expr(inp)?;
        ExprKind::ListFor(loops, Box::new(item))
    } else {
        ExprKind::List(items(inp, expr)?)
    };
    inp.eat(Kind::Newline);
    if let Some(report) = nearly::comma_in_list(inp, start) {
        return inp.fail(report);
    }
    inp.expect(Kind::RightBracket, "`,` or `]`")?;
    let span = inp.since(start);
    Ok(inp.expr(kind, span))
}

/// Items up to a closing bracket, which stays; the first mistake ends them.
pub fn items<'t, T>(
    inp: &mut In<'t, '_>,
    mut item: impl FnMut(&mut In<'t, '_>) -> Parsed<T>,
) -> Parsed<Vec<T>> {
    let mut found = Vec::new();
    loop {
        inp.eat(Kind::Newline);
        if inp.kind().closes() {
            return Ok(found);
        }
        found.push(item(inp)?);
        if inp.eat(Kind::Comma).is_none() && inp.kind() != Kind::Newline {
            return Ok(found);
        }
    }
}

/// `{ a = 1, b }`, `{ for x in xs: "k" = e }`
pub fn record<'t>(inp: &mut In<'t, '_>) -> Parsed<Expr> {
    let start = inp.here();
    let after = inp.ahead(2).kind;
    let kind = if inp.ahead(1).kind == Kind::For && !matches!(after, Kind::Equals | Kind::Colon) {
        inp.skip();
        let loops = loops(inp)?;
        let key = expr(inp)?;
        inp.expect(Kind::Equals, "`=`")?;
        let value = expr(inp)?;
        inp.eat(Kind::Newline);
        inp.expect(Kind::RightBrace, "`}`")?;
        ExprKind::MapFor(loops, Box::new(key), Box::new(value))
    } else {
        ExprKind::Record(braces(inp)?.attributes)
    };
    let span = inp.since(start);
    Ok(inp.expr(kind, span))
}

/// `for x in xs for y in ys if c :`
fn loops<'t>(inp: &mut In<'t, '_>) -> Parsed<Vec<Loop>> {
    let mut loops = Vec::new();
    while inp.eat(Kind::For).is_some() {
        loops.push(Loop {
            head: loop_head(inp)?,
            condition: None,
        });
        inp.eat(Kind::Newline);
    }
    if inp.eat(Kind::If).is_some() {
        let condition = expr(inp)?;
        if let Some(last) = loops.last_mut() {
            last.condition = Some(condition);
        }
    }
    inp.expect(Kind::Colon, "`:`")?;
    Ok(loops)
}

/// `x in xs`, `i, x in xs`
pub fn loop_head<'t>(inp: &mut In<'t, '_>) -> Parsed<LoopHead> {
    if let Some(report) = foreign::loop_head(inp) {
        return inp.fail(report);
    }
    let first = name(inp)?;
    let second = if inp.eat(Kind::Comma).is_some() {
        Some(name(inp)?)
    } else {
        None
    };
    if let Some(report) = foreign::loop_head(inp) {
        return inp.fail(report);
    }
    inp.expect(Kind::In, "`in`")?;
    let list = expr(inp)?;
    let (key, item) = match second {
        Some(item) => (Some(first), item),
        None => (None, first),
    };
    Ok(LoopHead { key, item, list })
}

/// `{ … }` behind a declaration, maybe.
pub fn body<'t>(inp: &mut In<'t, '_>) -> Parsed<Body> {
    if inp.kind() != Kind::LeftBrace {
        let here = inp.here();
        return Ok(Body {
            attributes: Vec::new(),
            span: inp.since(here),
        });
    }
    check_line(inp);
    braces(inp)
}

/// Reports an opening brace that does not stand on the line of its declaration.
pub fn check_line(inp: &mut In<'_, '_>) {
    let brace = inp.ahead(0);
    let before = inp.since(0).end as usize;
    let gap = inp
        .state()
        .text
        .get(before..brace.start as usize)
        .unwrap_or_default();
    if brace.kind == Kind::LeftBrace && gap.contains('\n') {
        let span = inp.span_of(brace);
        inp.report(errors::brace_on_next_line(span));
    }
}

/// `{ name = value, short }`
pub fn braces<'t>(inp: &mut In<'t, '_>) -> Parsed<Body> {
    inp.deeper(|inp| {
        let start = inp.here();
        inp.expect(Kind::LeftBrace, "`{`")?;
        let attributes = entries(inp, Ends::LineOrComma, attribute, None);
        inp.expect(Kind::RightBrace, "`}`")?;
        Ok(Body {
            attributes,
            span: inp.since(start),
        })
    })
}

/// `name = value`, `"name" = value`, `name`
pub fn attribute<'t>(inp: &mut In<'t, '_>, above: Above) -> Parsed<Attribute> {
    let start = inp.here();
    let quoted = matches!(inp.kind(), Kind::TextStart | Kind::Raw);
    let (name, text) = if quoted {
        quoted_name(inp)?
    } else {
        (field_name(inp)?, None)
    };
    let short = !quoted
        && matches!(
            inp.kind(),
            Kind::Newline | Kind::Comma | Kind::RightBrace | Kind::End
        );
    let value = if short {
        inp.expr(ExprKind::Name(name.name), name.span)
    } else if inp.kind() == Kind::Colon {
        wrong_colon(inp, start)?
    } else if inp.kind() == Kind::Same {
        let sign = inp.ahead(0);
        let span = inp.span_of(sign);
        inp.report(errors::double_equals(span, &name.name));
        inp.skip();
        expr(inp)?
    } else {
        if let Some(report) =
            nearly::nested(inp, start).or_else(|| nearly::missing_equals(inp, start))
        {
            return inp.fail(report);
        }
        inp.expect(Kind::Equals, "`=`")?;
        expr(inp)?
    };
    if let Some(note) = above.notes.iter().find(|it| it.name.name == "allow") {
        inp.report(errors::misplaced_note(note));
    }
    Ok(Attribute {
        docs: above.docs,
        notes: above.notes,
        name,
        text: text.map(Box::new),
        quoted,
        value,
        short,
    })
}

/// `port: 8000`, understood as `port = 8000`.
fn wrong_colon<'t>(inp: &mut In<'t, '_>, start: u32) -> Parsed<Expr> {
    let colon = inp.ahead(0);
    inp.skip();
    inp.eat(Kind::Equals);
    let here = inp.here() as usize;
    let context = inp.state();
    let line = context.text.get(here..).unwrap_or_default();
    let value = line
        .split(['\n', ',', '}'])
        .next()
        .and_then(|it| it.split(" //").next())
        .unwrap_or_default()
        .trim();
    let name = context
        .text
        .get(start as usize..colon.start as usize)
        .unwrap_or_default()
        .trim_end();
    let (written, span) = (format!("{name} = {value}"), context.span(colon));
    inp.report(errors::colon_for_equals(span, &written));
    expr(inp)
}

/// The text of a quoted name; with insertions also as an expression.
fn quoted_name<'t>(inp: &mut In<'t, '_>) -> Parsed<(Ident, Option<Expr>)> {
    let found = text(inp)?;
    let span: Span = found.span;
    match plain_parts(&found) {
        Some(name) => Ok((Ident { name, span }, None)),
        None => {
            let inner = span.start as usize + 1..(span.end as usize).saturating_sub(1);
            let name = Ustr::from(inp.state().text.get(inner).unwrap_or_default());
            Ok((Ident { name, span }, Some(found)))
        }
    }
}
