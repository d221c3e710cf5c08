//! Kinds, traits, and what only they hold.

use chumsky::prelude::*;

use super::expr::range;
use super::input::{Extra, In, Parsed, Reading, Tokens, sign};
use super::names::{lower_name, name, path};
use super::stmt::{Place, block, word_then_name};
use super::types::ty;
use crate::ast::{Access, Collect, Kind as KindDecl, Later, Listens, Path, StmtKind, Trait};
use crate::lex::Kind;

/// `kind k is t, u? { … }`
pub fn kind<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    let name = lower_name(inp)?;
    let promised = custom::<_, Tokens<'t>, _, Extra<'t>>(promised);
    let traits = match inp.eat_word("is") {
        true => inp.parse(
            promised
                .separated_by(sign(Kind::Comma))
                .at_least(1)
                .collect(),
        )?,
        false => Vec::new(),
    };
    Ok(StmtKind::Kind(KindDecl {
        name,
        traits,
        members: Later::now(block(inp, Place::Kind)?),
    }))
}

/// `placed?`
fn promised<'t>(inp: &mut In<'t, '_>) -> Parsed<(Path, bool)> {
    Ok((path(inp)?, inp.eat(Kind::Question).is_some()))
}

/// `trait t { … }`
pub fn trait_decl<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    Ok(StmtKind::Trait(Trait {
        name: lower_name(inp)?,
        members: block(inp, Place::Trait)?,
    }))
}

/// `collect NAME: T`
pub fn collect<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    let name = lower_name(inp)?;
    inp.expect(Kind::Colon, "`:` and a type")?;
    Ok(StmtKind::Collect(Collect { name, ty: ty(inp)? }))
}

/// `acts as PART`
pub fn acts_as<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    inp.expect_word("as")?;
    name(inp).map(StmtKind::ActsAs)
}

/// `existing { … }`
pub fn existing<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    block(inp, Place::Existing).map(StmtKind::ExistingBlock)
}

/// `listens V on P { … }`
pub fn listens<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    let verb = word_then_name(inp)?;
    let on = if inp.eat_word("on") {
        Some(range(inp)?)
    } else {
        None
    };
    let body = if inp.kind() == Kind::LeftBrace {
        Some(block(inp, Place::Edge)?)
    } else {
        None
    };
    Ok(StmtKind::Listens(Listens { verb, on, body }))
}

/// `access V value via S { … }`
pub fn access<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    let verb = word_then_name(inp)?;
    let value = match inp.at_word("via")
        && inp.ahead(1).kind == Kind::Name
        && inp.ahead(2).kind != Kind::Name
    {
        true => None,
        false if inp.ahead(0).kind == Kind::Name => Some(name(inp)?),
        false => return inp.unexpected("`via` and the AWS service that is called"),
    };
    inp.expect_word("via")?;
    let via = name(inp)?;
    Ok(StmtKind::Access(Access {
        verb,
        value,
        via,
        body: block(inp, Place::Edge)?,
    }))
}
