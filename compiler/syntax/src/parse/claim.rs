//! Assertions and claims about who reaches whom.

use chumsky::prelude::*;

use super::edge::{bare_verb, ends};
use super::expr::expr;
use super::input::{Extra, In, Parsed, Reading, Tokens, sign};
use super::nearly;
use super::text::text;
use crate::ast::{Assertion, Claim, End, Expr, ExprKind, Reach, Relation, StmtKind};
use crate::lex::Kind;

/// `assert … because "…" help "…"`
pub fn assertion<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    inp.skip();
    let claim = claim(inp)?;
    let because = if inp.eat_word("because") {
        Some(text(inp)?)
    } else {
        None
    };
    let help = if inp.eat_word("help") {
        Some(text(inp)?)
    } else {
        None
    };
    Ok(StmtKind::Assert(Assertion {
        claim,
        because,
        help,
    }))
}

fn claim<'t>(inp: &mut In<'t, '_>) -> Parsed<Claim> {
    let next = inp.ahead(1);
    let path = inp.state().slice(next) == "path";
    let begins_end = matches!(
        next.kind,
        Kind::Name | Kind::LeftBracket | Kind::SelfNode | Kind::Internet | Kind::Cidr
    );
    if inp.at_word("every") && path {
        return every_path(inp);
    }
    if inp.at_word("only") && begins_end {
        inp.skip();
        let sources = ends(inp)?;
        inp.expect_word("can")?;
        return Ok(Claim::Only {
            sources,
            reach: reach(inp)?,
        });
    }
    let found = expr(inp)?;
    let not = inp.at_word("cannot");
    if !not && !inp.at_word("can") {
        return Ok(Claim::Holds(found));
    }
    if let ExprKind::Not(source) = &found.kind {
        let range = source.span.start as usize..source.span.end as usize;
        let source = inp.state().text.get(range).unwrap_or_default().to_owned();
        return inp.fail(nearly::denied(found.span, &source));
    }
    inp.skip();
    Ok(Claim::Can {
        sources: as_ends(found),
        not,
        reach: reach(inp)?,
    })
}

/// A list of ends was read as a list.
fn as_ends(found: Expr) -> Vec<End> {
    match found.kind {
        ExprKind::List(items) => items,
        kind => vec![Expr { kind, ..found }],
    }
}

/// `every path from A to B passes through C`
fn every_path<'t>(inp: &mut In<'t, '_>) -> Parsed<Claim> {
    inp.skip_many(2);
    inp.expect_word("from")?;
    let sources = ends(inp)?;
    inp.expect_word("to")?;
    let targets = ends(inp)?;
    inp.expect_word("passes")?;
    inp.expect_word("through")?;
    Ok(Claim::EveryPath {
        sources,
        targets,
        through: ends(inp)?,
    })
}

/// `directly reach B : V`, `reach B`, `route to B`
fn reach<'t>(inp: &mut In<'t, '_>) -> Parsed<Reach> {
    if inp.eat_word("route") {
        inp.expect_word("to")?;
        return Ok(Reach {
            relation: Relation::RouteTo,
            targets: ends(inp)?,
            verbs: Vec::new(),
        });
    }
    let relation = if inp.eat_word("directly") {
        Relation::DirectlyReach
    } else {
        Relation::Reach
    };
    if !inp.eat_word("reach") {
        return inp.unexpected("`reach`, `directly reach` or `route to`");
    }
    let targets = ends(inp)?;
    let verb = custom::<_, Tokens<'t>, _, Extra<'t>>(bare_verb);
    let verbs = match inp.eat(Kind::Colon) {
        Some(_) => inp.parse(verb.separated_by(sign(Kind::Comma)).at_least(1).collect())?,
        None => Vec::new(),
    };
    Ok(Reach {
        relation,
        targets,
        verbs,
    })
}
