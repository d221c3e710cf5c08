//! How things are spelled in the targets.

use super::entries::{Ends, entries};
use super::expr::expr;
use super::input::{In, Parsed, Reading};
use super::lists::braces;
use super::names::name;
use super::text::plain;
use crate::ast::{Form, FormKind, Ident, Shape, Spelling};
use crate::lex::Kind;

/// `{ cfn = …, terraform = …, pulumi = … }`, maybe.
pub fn spelling<'t>(inp: &mut In<'t, '_>) -> Parsed<Option<Box<Spelling>>> {
    if inp.kind() != Kind::LeftBrace {
        return Ok(None);
    }
    let start = inp.here();
    inp.skip();
    let targets = entries(inp, Ends::LineOrComma, |inp, _| target(inp), None);
    inp.expect(Kind::RightBrace, "`}`")?;
    let mut found = Spelling {
        span: inp.since(start),
        ..Spelling::default()
    };
    for (target, form) in targets {
        set(&mut found, target, form);
    }
    Ok(Some(Box::new(found)))
}

/// Sets one target of a spelling.
pub fn set(spelling: &mut Spelling, target: Ident, form: Form) {
    match target.name.as_str() {
        "cfn" => spelling.cfn = Some(form),
        "terraform" => spelling.terraform = Some(form),
        _ => spelling.pulumi = Some(form),
    }
}

/// `cfn = FORM`
pub fn target<'t>(inp: &mut In<'t, '_>) -> Parsed<(Ident, Form)> {
    if !matches!(inp.word(), Some("cfn" | "terraform" | "pulumi")) {
        return inp.unexpected("`cfn`, `terraform` or `pulumi`");
    }
    let target = name(inp)?;
    inp.expect(Kind::Equals, "`=`")?;
    Ok((target, form(inp)?))
}

fn form<'t>(inp: &mut In<'t, '_>) -> Parsed<Form> {
    let start = inp.here();
    let kind = match inp.kind() {
        Kind::TextStart | Kind::Raw => path(inp, Shape::Natural)?,
        Kind::LeftBrace => FormKind::Spread(braces(inp)?),
        Kind::None => {
            inp.skip();
            FormKind::None(plain(inp, "the reason, a text")?.0)
        }
        _ => worded(inp)?,
    };
    Ok(Form {
        kind,
        span: inp.since(start),
    })
}

fn worded<'t>(inp: &mut In<'t, '_>) -> Parsed<FormKind> {
    let word = inp.word().unwrap_or_default();
    if !matches!(
        word,
        "attribute" | "set" | "ref" | "default" | "part" | "parameter"
    ) {
        return inp.unexpected("a path, a record, `ref`, `part of`, `parameter` or `none \"…\"`");
    }
    inp.skip();
    match word {
        "attribute" => path(inp, Shape::Attribute),
        "set" => path(inp, Shape::Set),
        "ref" => Ok(FormKind::Ref),
        "default" => Ok(FormKind::Default),
        "part" => part_of(inp),
        _ => parameter(inp),
    }
}

fn path<'t>(inp: &mut In<'t, '_>, shape: Shape) -> Parsed<FormKind> {
    let (path, _) = plain(inp, "a path, a text")?;
    let convert = if inp.eat_word("as") {
        Some(expr(inp)?)
    } else {
        None
    };
    Ok(FormKind::Path {
        shape,
        path,
        convert,
    })
}

fn part_of<'t>(inp: &mut In<'t, '_>) -> Parsed<FormKind> {
    inp.expect_word("of")?;
    let field = name(inp)?;
    inp.expect_word("at")?;
    Ok(FormKind::PartOf {
        field,
        path: plain(inp, "a path, a text")?.0,
    })
}

fn parameter<'t>(inp: &mut In<'t, '_>) -> Parsed<FormKind> {
    let text = matches!(inp.kind(), Kind::TextStart | Kind::Raw);
    let ty = if text {
        Some(plain(inp, "a type")?.0)
    } else {
        None
    };
    let body = if inp.kind() == Kind::LeftBrace {
        Some(braces(inp)?)
    } else {
        None
    };
    Ok(FormKind::Parameter { ty, body })
}
