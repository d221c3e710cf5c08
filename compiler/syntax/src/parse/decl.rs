//! Declarations of files. Each rule begins at its declaration word.

use chumsky::prelude::*;

use super::entries::{Ends, entries};
use super::errors;
use super::expr::{expr, range};
use super::input::{Extra, In, Parsed, Reading, Tokens, sign};
use super::lists::{body, items};
use super::names::{
    any_word, field_name, key, lower_case, lower_name, name, path, reference, type_name,
};
use super::spelling::spelling;
use super::stmt::{Place, block, statement};
use super::text::plain;
use super::types::{field, members, parameter, record_type, ty};
use super::unplaced;
use crate::ast::{
    Adjust, Block, EnumDecl, Env, Later, Let, Moved, NodeDecl, Output, ProtocolDecl, Ref, Rule,
    StmtKind, Test, TestItem, Topology, TypeDecl, Use,
};
use crate::lex::Kind;

/// `topology NAME { … }`
pub fn topology<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    Ok(StmtKind::Topology(Topology {
        name: lower_name(inp)?,
        body: body(inp)?,
    }))
}

/// `use "./x.topo" as x`
pub fn import<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    let (path, path_span) = plain(inp, "a path, a text")?;
    let alias = if inp.eat_word("as") {
        Some(name(inp)?)
    } else {
        None
    };
    Ok(StmtKind::Use(Use {
        path,
        path_span,
        alias,
    }))
}

/// `param x: T = e`
pub fn param<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    let field = field(inp)?;
    lower_case(inp, field.name);
    Ok(StmtKind::Param(field))
}

/// `input x: T = e`
pub fn input<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    let field = field(inp)?;
    lower_case(inp, field.name);
    Ok(StmtKind::Input(field))
}

/// `output x: T = e { spelling }`
pub fn output<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    output_rest(inp).map(StmtKind::Output)
}

/// What follows `output`.
pub fn output_rest<'t>(inp: &mut In<'t, '_>) -> Parsed<Output> {
    let name = field_name(inp)?;
    let ty = if inp.eat(Kind::Colon).is_some() {
        Some(ty(inp)?)
    } else {
        None
    };
    let value = if inp.eat(Kind::Equals).is_some() {
        Some(expr(inp)?)
    } else {
        None
    };
    Ok(Output {
        name,
        ty,
        value,
        spelling: spelling(inp)?,
    })
}

/// `env prod { … }`
pub fn env<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    Ok(StmtKind::Env(Env {
        name: lower_name(inp)?,
        body: body(inp)?,
    }))
}

/// `let x: T = e`, `let f(a: T): T = e`
pub fn binding<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    let name = lower_name(inp)?;
    let params = if inp.kind() == Kind::LeftParen {
        Some(parameters(inp)?)
    } else {
        None
    };
    let ty = if inp.eat(Kind::Colon).is_some() {
        Some(ty(inp)?)
    } else {
        None
    };
    let means = if inp.eat_word("means") {
        Some(any_word(inp)?)
    } else {
        None
    };
    inp.expect(Kind::Equals, "`=`")?;
    Ok(StmtKind::Let(Let {
        name,
        params,
        ty,
        means,
        value: Later::now(expr(inp)?),
    }))
}

fn parameters<'t>(inp: &mut In<'t, '_>) -> Parsed<Vec<crate::ast::Parameter>> {
    inp.skip();
    let found = items(inp, parameter)?;
    inp.expect(Kind::RightParen, "`,` or `)`")?;
    Ok(found)
}

/// `type T = { … } where exactly_one`
pub fn type_decl<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    let name = type_name(inp)?;
    inp.expect(Kind::Equals, "`=`")?;
    let record = inp.deeper(record_type)?;
    let exactly_one = inp.eat_word("where");
    if exactly_one {
        inp.expect_word("exactly_one")?;
    }
    Ok(StmtKind::Type(TypeDecl {
        name,
        record,
        exactly_one,
    }))
}

/// `enum E { … }`
pub fn enum_decl<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    Ok(StmtKind::Enum(EnumDecl {
        name: type_name(inp)?,
        members: members(inp)?,
    }))
}

/// `protocol postgres = tcp 5432`
pub fn protocol<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    let name = lower_name(inp)?;
    inp.expect(Kind::Equals, "`=`")?;
    Ok(StmtKind::Protocol(ProtocolDecl {
        name,
        value: range(inp)?,
    }))
}

/// `group NAME [key] { … }`
pub fn group<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    plain_node(inp, "group").map(StmtKind::Group)
}

/// `external NAME [key] { … }`
pub fn external<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    plain_node(inp, "external").map(StmtKind::External)
}

fn plain_node<'t>(inp: &mut In<'t, '_>, word: &str) -> Parsed<NodeDecl> {
    inp.skip();
    let name = lower_name(inp)?;
    let key = key(inp)?;
    if let Some(report) = unplaced::plain(inp, word, name) {
        return inp.fail(report);
    }
    Ok(NodeDecl {
        kind: None,
        name,
        key,
        places: Vec::new(),
        body: body(inp)?,
    })
}

/// `existing network …`, `existing KIND NAME …`
pub fn existing<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    if inp.at_word("network") && inp.ahead(1).kind == Kind::Name {
        return super::network::existing_network(inp);
    }
    node_rest(inp).map(StmtKind::Existing)
}

/// `KIND NAME [key] in PLACE { … }`
pub fn node<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    node_rest(inp).map(StmtKind::Node)
}

fn node_rest<'t>(inp: &mut In<'t, '_>) -> Parsed<NodeDecl> {
    let kind = Some(path(inp)?);
    let name = lower_name(inp)?;
    Ok(NodeDecl {
        kind,
        name,
        key: key(inp)?,
        places: placement(inp)?,
        body: body(inp)?,
    })
}

/// `in main.app`, `in [main.app, main.ops]`, maybe.
pub fn placement<'t>(inp: &mut In<'t, '_>) -> Parsed<Vec<Ref>> {
    if inp.eat(Kind::In).is_none() {
        return Ok(Vec::new());
    }
    if inp.eat(Kind::LeftBracket).is_none() {
        let start = inp.here();
        let place = reference(inp)?;
        return match unplaced::several(inp, start) {
            Some(report) => inp.fail(report),
            None => Ok(vec![place]),
        };
    }
    let places = items(inp, reference)?;
    inp.expect(Kind::RightBracket, "`,` or `]`")?;
    Ok(places)
}

/// `rule r { … }`
pub fn rule<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    Ok(StmtKind::Rule(Rule {
        name: lower_name(inp)?,
        body: block(inp, Place::File)?,
    }))
}

/// `moved a to b`
pub fn moved<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    let from = reference(inp)?;
    inp.expect_word("to")?;
    Ok(StmtKind::Moved(Moved {
        from,
        to: reference(inp)?,
    }))
}

/// `adjust db.main { … }`
pub fn adjust<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    Ok(StmtKind::Adjust(Adjust {
        target: reference(inp)?,
        body: body(inp)?,
    }))
}

/// `acl n { … }`: kept for later.
pub fn acl<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    let token = inp.ahead(0);
    let span = inp.span_of(token);
    inp.fail(errors::later(span, "`acl`"))
}

/// `test "…" with a = e { … }`
pub fn test<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    let (name, _) = plain(inp, "what the test shows, a text")?;
    let setting = custom::<_, Tokens<'t>, _, Extra<'t>>(setting);
    let with = match inp.eat_word("with") {
        true => inp.parse(
            setting
                .separated_by(sign(Kind::Comma))
                .at_least(1)
                .collect(),
        )?,
        false => Vec::new(),
    };
    let body = inp.deeper(|inp| {
        inp.expect(Kind::LeftBrace, "`{`")?;
        let found = entries(inp, Ends::Line, test_item, None);
        inp.expect(Kind::RightBrace, "`}`")?;
        Ok(found)
    })?;
    Ok(StmtKind::Test(Test { name, with, body }))
}

fn setting<'t>(inp: &mut In<'t, '_>) -> Parsed<(crate::ast::Ident, crate::ast::Expr)> {
    let name = name(inp)?;
    inp.expect(Kind::Equals, "`=`")?;
    Ok((name, expr(inp)?))
}

fn test_item<'t>(inp: &mut In<'t, '_>, above: super::entries::Above) -> Parsed<TestItem> {
    if inp.at_word("expect")
        && inp.ahead(1).kind == Kind::Name
        && inp.ahead(2).kind == Kind::LeftBrace
    {
        inp.skip();
        let code = name(inp)?;
        let body: Block = block(inp, Place::File)?;
        return Ok(TestItem::Expect(code, body));
    }
    statement(inp, Place::File, above).map(|it| TestItem::Stmt(Box::new(it)))
}
