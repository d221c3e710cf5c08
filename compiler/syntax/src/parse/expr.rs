//! Expressions: operators by binding strength (Pratt), then what follows an operand, then operands.

use chumsky::prelude::*;

use super::errors;
use super::input::{Extra, In, Parsed, Reading, Tokens, sign};
use super::lists::{list, record};
use super::literal::{cidr, number};
use super::names::{any_word, name};
use super::nearly;
use super::text::text;
use crate::ast::{Arg, BinaryOp, Expr, ExprKind, Transport};
use crate::lex::Kind;

/// How strongly operators bind.
mod strength {
    pub const LOOSEST: u8 = 1;
    pub const AND: u8 = 2;
    pub const NOT: u8 = 3;
    pub const COMPARE: u8 = 4;
    pub const FALLBACK: u8 = 5;
    pub const RANGE: u8 = 6;
    pub const SUM: u8 = 7;
    pub const PRODUCT: u8 = 8;
}

/// Any expression.
pub fn expr<'t>(inp: &mut In<'t, '_>) -> Parsed<Expr> {
    inp.inside(|inp| match inp.kind() {
        Kind::If => conditional(inp),
        _ => operators(inp, strength::LOOSEST),
    })
}

/// `tcp 443`, `3000..3010`, a list: what binds stronger than `??`.
pub fn range<'t>(inp: &mut In<'t, '_>) -> Parsed<Expr> {
    inp.inside(|inp| operators(inp, strength::RANGE))
}

/// `[e]` behind an operand.
pub fn index<'t>(inp: &mut In<'t, '_>) -> Parsed<Expr> {
    inp.expect(Kind::LeftBracket, "`[`")?;
    inp.eat(Kind::Newline);
    let key = expr(inp)?;
    inp.eat(Kind::Newline);
    inp.expect(Kind::RightBracket, "`]`")?;
    Ok(key)
}

/// `if c then a else b`
fn conditional<'t>(inp: &mut In<'t, '_>) -> Parsed<Expr> {
    let start = inp.here();
    inp.skip();
    let condition = expr(inp)?;
    inp.expect(Kind::Then, "`then`")?;
    let then = expr(inp)?;
    inp.expect(Kind::Else, "`else`")?;
    let otherwise = match inp.kind() {
        Kind::If => inp.further(conditional)?,
        _ => expr(inp)?,
    };
    let span = inp.since(start);
    Ok(inp.expr(
        ExprKind::If(Box::new(condition), Box::new(then), Box::new(otherwise)),
        span,
    ))
}

/// Operands joined by operators that bind at least as strongly as `weakest`.
fn operators<'t>(inp: &mut In<'t, '_>, weakest: u8) -> Parsed<Expr> {
    let start = inp.here();
    let mut left = operand(inp, weakest)?;
    let mut compared = false;
    while let Some((how_strong, op)) = operator(inp.kind()) {
        if how_strong < weakest {
            break;
        }
        let sign = inp.ahead(0);
        if how_strong == strength::COMPARE && std::mem::replace(&mut compared, true) {
            let span = inp.span_of(sign);
            return inp.fail(errors::comparison_chain(span));
        }
        inp.skip();
        let right = operators(inp, how_strong + 1)?;
        inp.higher()?;
        let (left_side, right_side) = (Box::new(left), Box::new(right));
        let span = inp.since(start);
        left = match op {
            Some(op) => inp.expr(ExprKind::Binary(op, left_side, right_side), span),
            None => inp.expr(ExprKind::Range(left_side, right_side), span),
        };
    }
    Ok(left)
}

/// The strength of an operator; `..` makes a range.
fn operator(kind: Kind) -> Option<(u8, Option<BinaryOp>)> {
    use strength::*;
    Some(match kind {
        Kind::Or => (LOOSEST, Some(BinaryOp::Or)),
        Kind::And => (AND, Some(BinaryOp::And)),
        Kind::Same => (COMPARE, Some(BinaryOp::Eq)),
        Kind::Differs => (COMPARE, Some(BinaryOp::Ne)),
        Kind::Less => (COMPARE, Some(BinaryOp::Lt)),
        Kind::AtMost => (COMPARE, Some(BinaryOp::Le)),
        Kind::More => (COMPARE, Some(BinaryOp::Gt)),
        Kind::AtLeast => (COMPARE, Some(BinaryOp::Ge)),
        Kind::In => (COMPARE, Some(BinaryOp::In)),
        Kind::Fallback => (FALLBACK, Some(BinaryOp::Fallback)),
        Kind::DotDot => (RANGE, None),
        Kind::Plus => (SUM, Some(BinaryOp::Add)),
        Kind::Minus => (SUM, Some(BinaryOp::Sub)),
        Kind::Star => (PRODUCT, Some(BinaryOp::Mul)),
        Kind::Slash => (PRODUCT, Some(BinaryOp::Div)),
        _ => return None,
    })
}

/// An operand with the sign or word before it.
fn operand<'t>(inp: &mut In<'t, '_>, weakest: u8) -> Parsed<Expr> {
    let start = inp.here();
    let kind = match inp.kind() {
        Kind::Not if weakest <= strength::NOT => {
            inp.skip();
            ExprKind::Not(Box::new(operators(inp, strength::COMPARE)?))
        }
        Kind::Tcp if weakest <= strength::RANGE => ExprKind::Protocol(Transport::Tcp, ports(inp)?),
        Kind::Udp if weakest <= strength::RANGE => ExprKind::Protocol(Transport::Udp, ports(inp)?),
        Kind::Minus => {
            inp.skip();
            ExprKind::Negate(Box::new(postfix(inp)?))
        }
        _ => return postfix(inp),
    };
    inp.higher()?;
    let span = inp.since(start);
    Ok(inp.expr(kind, span))
}

/// What stands behind `tcp` and `udp`.
fn ports<'t>(inp: &mut In<'t, '_>) -> Parsed<Box<Expr>> {
    let word = inp.ahead(0);
    inp.skip();
    if let Some(report) = nearly::joined_port(inp, word) {
        return inp.fail(report);
    }
    if let Some(report) = nearly::ports_by_minus(inp) {
        return inp.fail(report);
    }
    if matches!(
        inp.ahead(0).kind,
        Kind::Newline | Kind::End | Kind::RightBrace
    ) {
        return inp.unexpected("a port, `53`, ports, `3000..3010`, or `all`");
    }
    let start = inp.here();
    let low = operators(inp, strength::SUM)?;
    if inp.eat(Kind::DotDot).is_none() {
        return Ok(Box::new(low));
    }
    let high = operators(inp, strength::SUM)?;
    let span = inp.since(start);
    Ok(Box::new(inp.expr(
        ExprKind::Range(Box::new(low), Box::new(high)),
        span,
    )))
}

/// An operand and what it is asked for: `a.b?.c[d]`, `iam.f(x)`.
fn postfix<'t>(inp: &mut In<'t, '_>) -> Parsed<Expr> {
    let start = inp.here();
    let mut found = atom(inp)?;
    loop {
        let kind = match inp.kind() {
            Kind::Dot => {
                inp.skip();
                if matches!(inp.kind(), Kind::Int | Kind::Float | Kind::Unit) {
                    let span = inp.since(start);
                    let number = inp.ahead(0);
                    let whole = span.to(inp.span_of(number));
                    let range = whole.start as usize..whole.end as usize;
                    let written = inp.state().text.get(range).unwrap_or_default();
                    return inp.fail(errors::bare_text(whole, written));
                }
                ExprKind::Field(Box::new(found), any_word(inp)?)
            }
            Kind::QuestionDot => {
                inp.skip();
                ExprKind::OptField(Box::new(found), any_word(inp)?)
            }
            Kind::LeftBracket => ExprKind::Index(Box::new(found), Box::new(index(inp)?)),
            Kind::LeftParen if matches!(found.kind, ExprKind::Name(_) | ExprKind::Field(..)) => {
                ExprKind::Call(Box::new(found), arguments(inp)?)
            }
            _ => return Ok(found),
        };
        inp.higher()?;
        let span = inp.since(start);
        found = inp.expr(kind, span);
    }
}

fn atom<'t>(inp: &mut In<'t, '_>) -> Parsed<Expr> {
    let token = inp.ahead(0);
    let kind = match token.kind {
        Kind::Int | Kind::Float | Kind::Unit => return number(inp),
        Kind::Cidr => return cidr(inp),
        Kind::TextStart | Kind::Raw => return text(inp),
        Kind::LeftBracket => return list(inp),
        Kind::LeftBrace => return record(inp),
        Kind::LeftParen => return parentheses(inp),
        Kind::Name => ExprKind::Name(inp.ident(token).name),
        Kind::True => ExprKind::Bool(true),
        Kind::False => ExprKind::Bool(false),
        Kind::None => ExprKind::None,
        Kind::SelfNode => ExprKind::SelfNode,
        Kind::Internet => ExprKind::Internet,
        Kind::Dot | Kind::DotDot if inp.ahead(1).kind == Kind::Slash => {
            let rest = inp.state().text.get(token.start as usize..);
            let ends = [' ', '\n', '\r', ',', '}', ']', ')'];
            let written = rest
                .and_then(|it| it.split(ends).next())
                .unwrap_or_default();
            let mut span = inp.span_of(token);
            span.end = span.start + written.len() as u32;
            return inp.fail(errors::bare_text(span, written));
        }
        Kind::Dot if inp.ahead(1).kind == Kind::Name => {
            let span = inp.span_of(token).to({
                let word = inp.ahead(1);
                inp.span_of(word)
            });
            let range = span.start as usize..span.end as usize;
            let written = inp.state().text.get(range).unwrap_or_default();
            return inp.fail(errors::bare_text(span, written));
        }
        Kind::Slash if inp.ahead(1).kind == Kind::Int => {
            let report = nearly::prefix_length(inp);
            return inp.fail(report);
        }
        _ => return inp.unexpected("a value"),
    };
    inp.skip();
    let span = inp.span_of(token);
    Ok(inp.expr(kind, span))
}

fn parentheses<'t>(inp: &mut In<'t, '_>) -> Parsed<Expr> {
    inp.skip();
    let found = expr(inp)?;
    inp.expect(Kind::RightParen, "`)`")?;
    Ok(found)
}

/// `(a, name = b)`
pub fn arguments<'t>(inp: &mut In<'t, '_>) -> Parsed<Vec<Arg>> {
    inp.expect(Kind::LeftParen, "`(`")?;
    let argument = custom::<_, Tokens<'t>, _, Extra<'t>>(argument);
    let found = inp.parse(
        argument
            .separated_by(sign(Kind::Comma))
            .allow_trailing()
            .collect(),
    )?;
    inp.expect(Kind::RightParen, "`,` or `)`")?;
    Ok(found)
}

fn argument<'t>(inp: &mut In<'t, '_>) -> Parsed<Arg> {
    if inp.kind() == Kind::RightParen {
        return Err(chumsky::error::EmptyErr::default());
    }
    let named = inp.ahead(1).kind == Kind::Equals;
    let name = if named { Some(name(inp)?) } else { None };
    if named {
        inp.skip();
    }
    Ok(Arg {
        name,
        value: expr(inp)?,
    })
}
