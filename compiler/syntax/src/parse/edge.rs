//! Edges, edge declarations, and the statements of an edge.

use chumsky::prelude::*;
use ustr::Ustr;

use super::errors;
use super::expr::{expr, range};
use super::foreign;
use super::input::{Extra, In, Parsed, Reading, Tokens, sign};
use super::lists::{body, items};
use super::literal::{cidr, number};
use super::names::{any_word, name, path, reference, reference_length};
use super::stmt::{Place, block, word_then_name};
use super::text::text;
use super::types::field;
use crate::ast::{
    Body, Edge, EdgeDecl, End, ExprKind, Grant, Later, Opens, StmtKind, Verb, VerbKind,
};
use crate::lex::Kind;

/// `ENDS -> ENDS : VERB, VERB`
pub fn edge<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    let start = inp.here();
    let sources = ends(inp)?;
    inp.expect(Kind::Arrow, "`->`")?;
    let targets = ends(inp)?;
    match inp.kind() {
        Kind::Arrow => {
            let token = inp.ahead(0);
            let span = inp.span_of(token);
            return inp.fail(errors::chained_arrow(span));
        }
        Kind::Comma if is_several_ends(inp) => return several_targets(inp),
        Kind::Comma if inp.ahead(1).kind == Kind::Name => {
            let span = inp.since(start);
            let (edge, token) = (written(inp, start), inp.ahead(1));
            let verb = foreign::line_of(inp.state().text, token.start, " \t");
            return inp.fail(errors::no_colon(span, &format!("{edge} : {verb}")));
        }
        Kind::Newline | Kind::End | Kind::RightBrace => {
            let span = inp.since(start);
            let written = written(inp, start);
            return inp.fail(errors::no_verb(span, &written));
        }
        Kind::Name | Kind::Tcp | Kind::Udp => {
            let span = inp.since(start);
            let (edge, token) = (written(inp, start), inp.ahead(0));
            let verb = foreign::line_of(inp.state().text, token.start, " \t");
            return inp.fail(errors::no_colon(span, &format!("{edge} : {verb}")));
        }
        _ => inp.expect(Kind::Colon, "`:` and a verb")?,
    };
    let verb = custom::<_, Tokens<'t>, _, Extra<'t>>(verb);
    let verbs = inp.parse(verb.separated_by(sign(Kind::Comma)).at_least(1).collect())?;
    let text = Ustr::from(&written(inp, start));
    Ok(StmtKind::Edge(Edge {
        sources,
        targets,
        verbs,
        text,
    }))
}

/// What has been read since `start`, white space folded.
fn written(inp: &mut In<'_, '_>, start: u32) -> String {
    let span = inp.since(start);
    let text = inp
        .state()
        .text
        .get(span.start as usize..span.end as usize)
        .unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One end, or several in brackets.
pub fn ends<'t>(inp: &mut In<'t, '_>) -> Parsed<Vec<End>> {
    if inp.eat(Kind::LeftBracket).is_none() {
        return Ok(vec![end(inp)?]);
    }
    let found = items(inp, end)?;
    inp.expect(Kind::RightBracket, "`,` or `]`")?;
    Ok(found)
}

fn end<'t>(inp: &mut In<'t, '_>) -> Parsed<End> {
    let token = inp.ahead(0);
    let span = inp.span_of(token);
    match token.kind {
        Kind::Cidr => cidr(inp),
        Kind::Internet => {
            inp.skip();
            let internet = inp.expr(ExprKind::Internet, span);
            if inp.eat(Kind::Dot).is_none() {
                return Ok(internet);
            }
            let part = any_word(inp)?;
            let span = inp.since(span.start);
            Ok(inp.expr(ExprKind::Field(Box::new(internet), part), span))
        }
        Kind::Name | Kind::SelfNode => reference(inp),
        _ => inp.unexpected("an end of an edge: a node, a group, a place, addresses or `internet`"),
    }
}

/// Whether `a, b` continues until an arrow or the colon of an edge, on this line.
pub fn is_several_ends(inp: &mut In<'_, '_>) -> bool {
    let mut count = match inp.kind() {
        Kind::Comma => 0,
        _ => reference_length(inp, 0),
    };
    while inp.ahead(count).kind == Kind::Comma {
        let length = reference_length(inp, count + 1);
        if length == 0 {
            return false;
        }
        count += 1 + length;
    }
    matches!(inp.ahead(count).kind, Kind::Arrow | Kind::Colon)
}

/// `a, b -> c : v`
pub fn several_ends<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    let start = inp.here();
    while inp.kind() != Kind::Arrow {
        if inp.kind() == Kind::End {
            return inp.unexpected("`->`");
        }
        inp.skip();
    }
    let (span, ends) = (inp.since(start), written(inp, start));
    let line = inp
        .state()
        .text
        .get(start as usize..)
        .and_then(|it| it.lines().next())
        .unwrap_or_default();
    let whole = line
        .split("//")
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    inp.fail(errors::several_ends(span, &ends, &whole))
}

/// `a -> b, c : v`, at the comma.
fn several_targets<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    let mut position = inp.position();
    let context = inp.state();
    while let Some(token) = position
        .checked_sub(1)
        .and_then(|it| context.tokens.get(it))
        && token.kind != Kind::Arrow
    {
        position -= 1;
    }
    let start = context.tokens.get(position).map_or(0, |it| it.start);
    while inp.kind() != Kind::Colon && inp.kind() != Kind::End {
        inp.skip();
    }
    let (span, ends) = (inp.since(start), written(inp, start));
    inp.fail(errors::several_ends(span, &ends, &format!("-> {ends} : …")))
}

/// `tcp 443`, `postgres`, `forward "/*" { … }`, `on created`
fn verb<'t>(inp: &mut In<'t, '_>) -> Parsed<Verb> {
    let start = inp.here();
    if matches!(inp.kind(), Kind::Tcp | Kind::Udp) {
        return protocol_verb(inp);
    }
    let on = inp.at_word("on") && inp.ahead(1).kind == Kind::Name;
    if on {
        inp.skip();
    }
    if inp.kind() != Kind::Name {
        let token = inp.ahead(0);
        let (slice, span) = (inp.state().slice(token), inp.span_of(token));
        return match token.kind {
            Kind::Int => inp.fail(errors::bare_port(span, slice)),
            Kind::TextStart => {
                let rest = inp.state().text.get(token.end as usize..);
                let text = rest.and_then(|it| it.split(['"', '\n']).next());
                inp.fail(errors::quoted_verb(span, text.unwrap_or_default()))
            }
            _ => inp.unexpected("a verb, such as `https`, `read` or `tcp 8080`"),
        };
    }
    let name = name(inp)?;
    let value = match inp.kind() {
        Kind::TextStart | Kind::Raw => Some(text(inp)?),
        Kind::Int => Some(number(inp)?),
        Kind::Name | Kind::SelfNode => Some(reference(inp)?),
        _ => None,
    };
    let body = body(inp)?;
    Ok(Verb {
        on,
        kind: VerbKind::Named { name, value },
        body,
        span: inp.since(start),
    })
}

/// A verb without value and block: `postgres`, `tcp 443`, `on created`.
pub fn bare_verb<'t>(inp: &mut In<'t, '_>) -> Parsed<Verb> {
    let start = inp.here();
    if matches!(inp.kind(), Kind::Tcp | Kind::Udp) {
        return protocol_verb(inp);
    }
    let on = inp.at_word("on") && inp.ahead(1).kind == Kind::Name;
    if on {
        inp.skip();
    }
    let name = name(inp)?;
    let kind = VerbKind::Named { name, value: None };
    Ok(Verb {
        on,
        kind,
        body: Body::default(),
        span: inp.since(start),
    })
}

fn protocol_verb<'t>(inp: &mut In<'t, '_>) -> Parsed<Verb> {
    let found = range(inp)?;
    let span = found.span;
    Ok(Verb {
        on: false,
        kind: VerbKind::Protocol(found),
        body: Body::default(),
        span,
    })
}

/// `edge a -> b : on verb value { … }`
pub fn edge_decl<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    let source = path(inp)?;
    inp.expect(Kind::Arrow, "`->`")?;
    let target = path(inp)?;
    inp.expect(Kind::Colon, "`:` and a verb")?;
    let on = inp.at_word("on") && inp.ahead(1).kind == Kind::Name;
    if on {
        inp.skip();
    }
    let verb = name(inp)?;
    let value = if inp.kind() == Kind::Name {
        Some(name(inp)?)
    } else {
        None
    };
    Ok(StmtKind::EdgeDecl(EdgeDecl {
        source,
        target,
        on,
        verb,
        value,
        members: Later::now(block(inp, Place::Edge)?),
    }))
}

/// `key NAME: T …`
pub fn key_field<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    let token = inp.ahead(0);
    inp.skip();
    let key = Some(inp.span_of(token));
    field(inp).map(|it| StmtKind::Field(crate::ast::Field { key, ..it }))
}

/// `opens P from A to B because "…"`
pub fn opens<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    let protocols = range(inp)?;
    let from = if inp.eat_word("from") {
        Some(expr(inp)?)
    } else {
        None
    };
    let to = if inp.eat_word("to") {
        Some(expr(inp)?)
    } else {
        None
    };
    let because = if inp.eat_word("because") {
        Some(text(inp)?)
    } else {
        None
    };
    Ok(StmtKind::Opens(Opens {
        protocols,
        from,
        to,
        because,
    }))
}

/// `grant ACTIONS on ARNS to P where C`
pub fn grant<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    let actions = expr(inp)?;
    inp.expect_word("on")?;
    let on = expr(inp)?;
    let to = if inp.eat_word("to") {
        Some(reference(inp)?)
    } else {
        None
    };
    let condition = if inp.eat_word("where") {
        Some(expr(inp)?)
    } else {
        None
    };
    Ok(StmtKind::Grant(Grant {
        actions,
        on,
        to,
        condition,
    }))
}

/// `needs S`
pub fn needs<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    word_then_name(inp).map(StmtKind::Needs)
}
