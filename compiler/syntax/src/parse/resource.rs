//! Resources, lookups and their types.

use super::decl::output_rest;
use super::edge;
use super::entries::{Above, Ends, entries};
use super::expr::expr;
use super::input::{In, Parsed, Reading};
use super::lists::{body, check_line};
use super::names::{any_word, key, lower_name, new_name, path};
use super::spelling::{set, spelling, target};
use super::text::plain;
use super::types::field;
use crate::ast::{
    Field, Form, Ident, Later, Means, Output, Path, RawResource, RawTarget, Resource, ResourceType,
    Spelling, Stmt, StmtKind, Type, TypeKind, TypedField,
};
use crate::lex::Kind;

/// `resource TYPE NAME [key] { … }`, `resource type …`, `resource raw …`
pub fn resource<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    if inp.eat_word("type") {
        return resource_type(inp, false);
    }
    if inp.eat_word("raw") {
        return raw(inp);
    }
    instance(inp).map(StmtKind::Resource)
}

/// `lookup TYPE NAME [key] { … }`, `lookup type …`
pub fn lookup<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    if inp.eat_word("type") {
        return resource_type(inp, true);
    }
    instance(inp).map(StmtKind::Lookup)
}

fn instance<'t>(inp: &mut In<'t, '_>) -> Parsed<Resource> {
    let ty: Path = path(inp)?;
    let name = lower_name(inp)?;
    Ok(Resource {
        ty,
        name,
        key: key(inp)?,
        body: body(inp)?,
    })
}

enum RawEntry {
    Target(RawTarget),
    Claim(Box<Stmt>),
}

/// `raw NAME { cfn "T" { … } … }`
fn raw<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    let (name, key) = (lower_name(inp)?, key(inp)?);
    let (mut targets, mut claims) = (Vec::new(), Vec::new());
    check_line(inp);
    inp.expect(Kind::LeftBrace, "`{`")?;
    for entry in inp.deeper(|inp| Ok(entries(inp, Ends::LineOrComma, raw_entry, None)))? {
        match entry {
            RawEntry::Target(it) => targets.push(it),
            RawEntry::Claim(it) => claims.push(*it),
        }
    }
    inp.expect(Kind::RightBrace, "`}`")?;
    Ok(StmtKind::RawResource(RawResource {
        name,
        key,
        targets,
        claims,
    }))
}

fn raw_entry<'t>(inp: &mut In<'t, '_>, above: Above) -> Parsed<RawEntry> {
    let start = inp.here();
    let kind = match inp.word() {
        Some("opens") => edge::opens(inp)?,
        Some("grant") => edge::grant(inp)?,
        Some("cfn" | "terraform" | "pulumi") => return raw_target(inp).map(RawEntry::Target),
        _ => return inp.unexpected("`cfn`, `terraform`, `pulumi`, `opens` or `grant`"),
    };
    Ok(RawEntry::Claim(Box::new(Stmt {
        docs: above.docs,
        notes: above.notes,
        span: inp.since(start),
        kind,
    })))
}

fn raw_target<'t>(inp: &mut In<'t, '_>) -> Parsed<RawTarget> {
    let target = any_word(inp)?;
    let form = match inp.eat(Kind::None) {
        Some(_) => Err(plain(inp, "the reason, a text")?.0),
        None => {
            let (ty, _) = plain(inp, "the type, a text")?;
            Ok((ty, body(inp)?))
        }
    };
    Ok(RawTarget { target, form })
}

enum TypeEntry {
    Target(Ident, Form),
    Means(Means),
    Output(Option<ustr::Ustr>, Output),
    Field(TypedField),
}

/// `type T { … }`
fn resource_type<'t>(inp: &mut In<'t, '_>, lookup: bool) -> Parsed<StmtKind> {
    let path = path(inp)?;
    let (mut targets, mut means) = (Spelling::default(), Vec::new());
    let (mut fields, mut outputs) = (Vec::new(), Vec::new());
    check_line(inp);
    let start = inp.here();
    inp.expect(Kind::LeftBrace, "`{`")?;
    for entry in inp.deeper(|inp| Ok(entries(inp, Ends::LineOrComma, type_entry, None)))? {
        match entry {
            TypeEntry::Target(target, form) => set(&mut targets, target, form),
            TypeEntry::Means(it) => means.push(it),
            TypeEntry::Output(docs, it) => outputs.push((docs, it)),
            TypeEntry::Field(it) => fields.push(it),
        }
    }
    inp.expect(Kind::RightBrace, "`}`")?;
    targets.span = inp.since(start);
    Ok(StmtKind::ResourceType(Box::new(ResourceType {
        lookup,
        path,
        targets,
        means,
        fields: Later::now(fields),
        outputs: Later::now(outputs),
    })))
}

fn type_entry<'t>(inp: &mut In<'t, '_>, above: Above) -> Parsed<TypeEntry> {
    let next = inp.ahead(1).kind;
    match (inp.word(), next) {
        (Some("cfn" | "terraform" | "pulumi"), Kind::Equals) => {
            target(inp).map(|(target, form)| TypeEntry::Target(target, form))
        }
        (Some("means"), Kind::Name) => means(inp).map(TypeEntry::Means),
        (Some("const"), Kind::Name) => constant(inp, above).map(TypeEntry::Field),
        (Some("output"), Kind::Name) => {
            inp.skip();
            output_rest(inp).map(|it| TypeEntry::Output(above.docs, it))
        }
        _ => field(inp).map(|it| {
            TypeEntry::Field(TypedField {
                constant: false,
                notes: above.notes,
                field: Field {
                    docs: above.docs,
                    ..it
                },
            })
        }),
    }
}

/// `const NAME = EXPR { spelling }`
fn constant<'t>(inp: &mut In<'t, '_>, above: Above) -> Parsed<TypedField> {
    inp.skip();
    let name = new_name(inp)?;
    inp.expect(Kind::Equals, "`=`")?;
    let default = Some(expr(inp)?);
    let convert = if inp.eat_word("as") {
        Some(expr(inp)?)
    } else {
        None
    };
    let ty = Type {
        kind: TypeKind::Infer,
        optional: false,
        span: name.span,
    };
    let field = Field {
        docs: above.docs,
        key: None,
        name,
        ty,
        refinement: None,
        default,
        convert,
        spelling: spelling(inp)?,
    };
    Ok(TypedField {
        constant: true,
        notes: above.notes,
        field,
    })
}

/// `means gateway(internet) { role = field, role }`
fn means<'t>(inp: &mut In<'t, '_>) -> Parsed<Means> {
    inp.skip();
    let name = any_word(inp)?;
    let argument = match inp.eat(Kind::LeftParen) {
        Some(_) => {
            let word = any_word(inp)?;
            inp.expect(Kind::RightParen, "`)`")?;
            Some(word)
        }
        None => None,
    };
    let mut roles = Vec::new();
    if inp.eat(Kind::LeftBrace).is_some() {
        roles = entries(inp, Ends::LineOrComma, |inp, _| role(inp), None);
        inp.expect(Kind::RightBrace, "`}`")?;
    }
    Ok(Means {
        name,
        argument,
        roles,
    })
}

fn role<'t>(inp: &mut In<'t, '_>) -> Parsed<(Ident, Ident)> {
    let role = any_word(inp)?;
    let field = if inp.eat(Kind::Equals).is_some() {
        any_word(inp)?
    } else {
        role
    };
    Ok((role, field))
}
