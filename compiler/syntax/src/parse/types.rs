//! Types, refinements, fields.

use super::entries::{Above, Ends, entries};
use super::errors;
use super::expr::expr;
use super::input::{In, Parsed, Reading};
use super::lists::list;
use super::literal::signed_number;
use super::names::{field_name, name, new_name, path};
use super::nearly;
use super::spelling::spelling;
use super::text::plain;
use crate::ast::{Fact, Field, Member, RecordType, Refinement, Type, TypeKind};
use crate::lex::Kind;

/// `List<Int>?`, `{ a: Int }`, `enum { a, b }`
pub fn ty<'t>(inp: &mut In<'t, '_>) -> Parsed<Type> {
    inp.deeper(|inp| {
        let start = inp.here();
        let kind = if inp.kind() == Kind::LeftBrace {
            TypeKind::Record(record_type(inp)?)
        } else if inp.at_word("enum") && inp.ahead(1).kind == Kind::LeftBrace {
            inp.skip();
            TypeKind::Enum(members(inp)?)
        } else if let Some(report) = nearly::value_below(inp, 0) {
            return inp.fail(report);
        } else if inp.kind() == Kind::Name {
            let path = path(inp)?;
            TypeKind::Named(path, argument(inp)?)
        } else {
            return inp.unexpected("a type");
        };
        let optional = inp.eat(Kind::Question).is_some();
        Ok(Type {
            kind,
            optional,
            span: inp.since(start),
        })
    })
}

/// `<T>`
fn argument<'t>(inp: &mut In<'t, '_>) -> Parsed<Option<Box<Type>>> {
    if inp.eat(Kind::Less).is_none() {
        return Ok(None);
    }
    let inner = ty(inp)?;
    if inp.kind() == Kind::AtLeast {
        let token = inp.ahead(0);
        let span = inp.span_of(token);
        return inp.fail(errors::space_before_equals(span));
    }
    inp.expect(Kind::More, "`>`")?;
    Ok(Some(Box::new(inner)))
}

/// `{ a: Int, b: String = "x" }`
pub fn record_type<'t>(inp: &mut In<'t, '_>) -> Parsed<RecordType> {
    let start = inp.here();
    inp.expect(Kind::LeftBrace, "`{`")?;
    let fields = entries(inp, Ends::LineOrComma, documented_field, None);
    inp.expect(Kind::RightBrace, "`}`")?;
    Ok(RecordType {
        fields,
        span: inp.since(start),
    })
}

fn documented_field<'t>(inp: &mut In<'t, '_>, above: Above) -> Parsed<Field> {
    let mut found = field(inp)?;
    found.docs = above.docs;
    Ok(found)
}

/// `{ a, b = "B" }` of an enumeration.
pub fn members<'t>(inp: &mut In<'t, '_>) -> Parsed<Vec<Member>> {
    inp.expect(Kind::LeftBrace, "`{`")?;
    let found = entries(inp, Ends::LineOrComma, member, None);
    inp.expect(Kind::RightBrace, "`}`")?;
    Ok(found)
}

fn member<'t>(inp: &mut In<'t, '_>, above: Above) -> Parsed<Member> {
    let name = new_name(inp)?;
    let text = match inp.eat(Kind::Equals) {
        Some(_) => Some(plain(inp, "how the member is spelled, a text")?.0),
        None => None,
    };
    Ok(Member {
        docs: above.docs,
        name,
        text,
    })
}

/// `name: T where … = default as EXPR { spelling }`
pub fn field<'t>(inp: &mut In<'t, '_>) -> Parsed<Field> {
    let name = field_name(inp)?;
    match nearly::missing_type(inp, name) {
        // `size size: Int` is understood
        Some(report) if nearly::is_second_word(inp) => {
            inp.report(report);
            inp.skip_many(2);
        }
        // `size Int` is understood
        Some(report) if inp.kind() == Kind::Name => inp.report(report),
        Some(report) => return inp.fail(report),
        None => {
            inp.expect(Kind::Colon, "`:` and a type")?;
        }
    }
    let ty = ty(inp)?;
    let refinement = if inp.eat_word("where") {
        Some(refinement(inp)?)
    } else {
        None
    };
    let default = if inp.eat(Kind::Equals).is_some() {
        Some(expr(inp)?)
    } else {
        None
    };
    let convert = if inp.eat_word("as") {
        Some(expr(inp)?)
    } else {
        None
    };
    Ok(Field {
        docs: None,
        key: None,
        name,
        ty,
        refinement,
        default,
        convert,
        spelling: spelling(inp)?,
    })
}

/// `1..5 and in [2, 3]`
fn refinement<'t>(inp: &mut In<'t, '_>) -> Parsed<Refinement> {
    let start = inp.here();
    let mut facts = vec![fact(inp)?];
    while inp.eat(Kind::And).is_some() {
        facts.push(fact(inp)?);
    }
    Ok(Refinement {
        facts,
        span: inp.since(start),
    })
}

fn fact<'t>(inp: &mut In<'t, '_>) -> Parsed<Fact> {
    let word = inp.word();
    match inp.kind() {
        Kind::Less => bound(inp, Fact::Less),
        Kind::AtMost => bound(inp, Fact::AtMost),
        Kind::More => bound(inp, Fact::More),
        Kind::AtLeast => bound(inp, Fact::AtLeast),
        Kind::In => {
            inp.skip();
            list(inp).map(Fact::In)
        }
        Kind::Int | Kind::Float | Kind::Unit | Kind::Minus => between(inp, Fact::Between),
        Kind::Name if word == Some("matches") => pattern(inp, Fact::Matches),
        Kind::Name if word == Some("chars") => pattern(inp, Fact::Chars),
        Kind::Name if word == Some("length") => {
            inp.skip();
            match inp.kind() {
                Kind::AtMost => bound(inp, Fact::LengthAtMost),
                Kind::AtLeast => bound(inp, Fact::LengthAtLeast),
                _ => between(inp, Fact::LengthBetween),
            }
        }
        _ => inp.unexpected(
            "`1..10`, `>= 1`, `in […]`, `matches r\"…\"`, `chars \"…\"` or `length 1..10`",
        ),
    }
}

fn bound<'t>(inp: &mut In<'t, '_>, make: fn(crate::ast::Expr) -> Fact) -> Parsed<Fact> {
    inp.skip();
    signed_number(inp).map(make)
}

fn between<'t>(
    inp: &mut In<'t, '_>,
    make: fn(crate::ast::Expr, crate::ast::Expr) -> Fact,
) -> Parsed<Fact> {
    let low = signed_number(inp)?;
    inp.expect(Kind::DotDot, "`..`")?;
    Ok(make(low, signed_number(inp)?))
}

fn pattern<'t>(
    inp: &mut In<'t, '_>,
    make: fn(ustr::Ustr, topoc_diagnostics::Span) -> Fact,
) -> Parsed<Fact> {
    inp.skip();
    let (text, span) = plain(inp, "a text")?;
    Ok(make(text, span))
}

/// `a: T` of a function.
pub fn parameter<'t>(inp: &mut In<'t, '_>) -> Parsed<crate::ast::Parameter> {
    let name = name(inp)?;
    inp.expect(Kind::Colon, "`:` and a type")?;
    Ok(crate::ast::Parameter { name, ty: ty(inp)? })
}
