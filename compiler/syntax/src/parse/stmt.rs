//! How a statement is recognised: by its first word and what follows, then there is no way back.

use topoc_diagnostics::Span;

use super::entries::{Above, Ends, entries};
use super::input::{Holds, In, Parsed, Reading};
use super::lists::{check_line, loop_head};
use super::names::{name, reference, reference_length};
use super::types::field;
use super::{claim, decl, edge, errors, expr, foreign, kind, nearly, network, resource};
use crate::ast::{Addition, Block, For, If, Stmt, StmtKind};
use crate::lex::Kind;

/// Where a statement stands, and so which ones may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file, and `if`, `for`, `rule`, `test` in it.
    File,
    /// A kind.
    Kind,
    /// `if` and `for` in a kind.
    KindInner,
    /// A trait.
    Trait,
    /// `existing { … }` of a kind.
    Existing,
    /// An edge declaration, `listens` and `access`.
    Edge,
    /// `if` and `for` in those.
    EdgeInner,
}

impl Place {
    /// The place inside `if` and `for`.
    fn inner(self) -> Place {
        match self {
            Place::Kind => Place::KindInner,
            Place::Edge => Place::EdgeInner,
            Place::File | Place::KindInner | Place::Trait | Place::Existing | Place::EdgeInner => {
                self
            }
        }
    }

    /// As part of a sentence.
    fn text(self) -> &'static str {
        match self {
            Place::File => "in a file",
            Place::Kind => "in a kind",
            Place::KindInner => "under `if` and `for` in a kind",
            Place::Trait => "in a trait",
            Place::Existing => "in `existing { }`",
            Place::Edge => "in an edge",
            Place::EdgeInner => "under `if` and `for` in an edge",
        }
    }
}

/// A rule for one form of statement.
pub type Rule = for<'t, 'p> fn(&mut In<'t, 'p>) -> Parsed<StmtKind>;

/// Statements up to a closing bracket or the end.
pub fn statements<'t>(inp: &mut In<'t, '_>, place: Place) -> Block {
    let ends = if place == Place::File {
        Ends::Line
    } else {
        Ends::LineOrComma
    };
    entries(
        inp,
        ends,
        |inp, above| statement(inp, place, above),
        Some(broken),
    )
}

fn broken() -> Stmt {
    Stmt {
        docs: None,
        notes: Vec::new(),
        span: Span::default(),
        kind: StmtKind::Error,
    }
}

/// `{ … }` of statements.
pub fn block<'t>(inp: &mut In<'t, '_>, place: Place) -> Parsed<Block> {
    check_line(inp);
    if let Some(token) = inp.eat(Kind::Equals) {
        let span = inp.span_of(token);
        return inp.fail(nearly::comparison(span));
    }
    inp.deeper(|inp| {
        inp.expect(Kind::LeftBrace, "`{`")?;
        let found = statements(inp, place);
        inp.expect(Kind::RightBrace, "`}`")?;
        Ok(found)
    })
}

/// One statement.
pub fn statement<'t>(inp: &mut In<'t, '_>, place: Place, above: Above) -> Parsed<Stmt> {
    let start = inp.here();
    let kind = statement_kind(inp, place)?;
    Ok(Stmt {
        docs: above.docs,
        notes: above.notes,
        span: inp.since(start),
        kind,
    })
}

fn statement_kind<'t>(inp: &mut In<'t, '_>, place: Place) -> Parsed<StmtKind> {
    let (kind, next) = (inp.kind(), inp.ahead(1).kind);
    if kind.is_reserved() && matches!(next, Kind::Colon | Kind::Equals) {
        return named(inp, place);
    }
    match kind {
        Kind::If => conditional(inp, place),
        Kind::For => repeated(inp, place),
        Kind::Assert => claim::assertion(inp),
        Kind::LeftBracket | Kind::Cidr | Kind::Internet => {
            placed(inp, place, "an edge", edge::edge)
        }
        Kind::Name if next == Kind::Name && is_doubled(inp) => statement_kind(inp, place),
        Kind::Name => match declaration(inp, place)? {
            Some(rule) => rule(inp),
            None => named(inp, place),
        },
        Kind::SelfNode => named(inp, place),
        _ => inp.unexpected("a declaration, an edge or an assertion"),
    }
}

/// Whether the word of a declaration stands here twice; reports it, and leaves one out.
fn is_doubled(inp: &mut In<'_, '_>) -> bool {
    let (first, second) = (inp.ahead(0), inp.ahead(1));
    if first.end - first.start != second.end - second.start {
        return false;
    }
    let report = nearly::doubled_declaration(inp);
    let found = report.is_some();
    report.into_iter().for_each(|it| inp.report(it));
    inp.skip_many(usize::from(found));
    found
}

/// The rule of the declaration that begins here, if one does.
fn declaration<'t>(inp: &mut In<'t, '_>, place: Place) -> Parsed<Option<Rule>> {
    let word = inp.word().unwrap_or_default();
    if !begins(inp, word) {
        return Ok(None);
    }
    let quoted = inp.ahead(1).kind == Kind::TextStart;
    if quoted
        && !matches!(word, "use" | "test" | "grant" | "opens")
        && let Some(report) = foreign::statement(inp).or_else(|| nearly::node(inp))
    {
        return inp.fail(report);
    }
    let rule = match place {
        Place::File => of_file(word),
        Place::Kind => of_kind(word).or_else(|| of_kind_inner(word)),
        Place::KindInner => of_kind_inner(word),
        Place::Trait => of_kind(word).filter(|_| matches!(word, "output" | "collect")),
        Place::Existing => of_kind_inner(word)
            .or_else(|| of_kind(word))
            .filter(|_| matches!(word, "lookup" | "let" | "output")),
        Place::Edge => of_edge(word).or_else(|| (word == "key").then_some(edge::key_field as Rule)),
        Place::EdgeInner => of_edge(word),
    };
    let elsewhere: Option<Rule> = of_file(word)
        .or_else(|| of_kind(word))
        .or_else(|| of_kind_inner(word));
    if rule.is_none() && elsewhere.is_some() {
        let token = inp.ahead(0);
        let span = inp.span_of(token);
        return inp.fail(errors::misplaced(span, &format!("`{word}`"), place.text()));
    }
    Ok(rule)
}

/// Whether what follows a declaration word is what its declaration asks for.
fn begins(inp: &mut In<'_, '_>, word: &str) -> bool {
    let next = inp.ahead(1);
    match next.kind {
        Kind::Name | Kind::TextStart | Kind::Raw | Kind::Tcp | Kind::Udp => true,
        Kind::LeftBracket => matches!(word, "opens" | "grant"),
        Kind::LeftBrace => word == "existing",
        Kind::SelfNode => matches!(word, "opens" | "grant" | "moved" | "adjust"),
        kind => {
            let after = inp.ahead(2).kind;
            kind.is_reserved() && matches!(after, Kind::Colon | Kind::Equals | Kind::LeftBrace)
        }
    }
}

fn of_file(word: &str) -> Option<Rule> {
    let rule: Rule = match word {
        "topology" => decl::topology,
        "use" => decl::import,
        "param" => decl::param,
        "input" => decl::input,
        "output" => decl::output,
        "env" => decl::env,
        "let" => decl::binding,
        "type" => decl::type_decl,
        "enum" => decl::enum_decl,
        "protocol" => decl::protocol,
        "network" => network::network,
        "group" => decl::group,
        "external" => decl::external,
        "existing" => decl::existing,
        "kind" => kind::kind,
        "trait" => kind::trait_decl,
        "edge" => edge::edge_decl,
        "resource" => resource::resource,
        "lookup" => resource::lookup,
        "rule" => decl::rule,
        "test" => decl::test,
        "moved" => decl::moved,
        "adjust" => decl::adjust,
        "acl" => decl::acl,
        _ => return None,
    };
    Some(rule)
}

fn of_kind(word: &str) -> Option<Rule> {
    let rule: Rule = match word {
        "output" => decl::output,
        "collect" => kind::collect,
        "acts" => kind::acts_as,
        "existing" => kind::existing,
        _ => return None,
    };
    Some(rule)
}

fn of_kind_inner(word: &str) -> Option<Rule> {
    let rule: Rule = match word {
        "listens" => kind::listens,
        "access" => kind::access,
        "network" => network::network,
        "group" => decl::group,
        _ => return of_edge(word),
    };
    Some(rule)
}

fn of_edge(word: &str) -> Option<Rule> {
    let rule: Rule = match word {
        "opens" => edge::opens,
        "grant" => edge::grant,
        "needs" => edge::needs,
        "resource" => resource::resource,
        "lookup" => resource::lookup,
        "let" => decl::binding,
        _ => return None,
    };
    Some(rule)
}

/// What begins with a name or reference: a field, a node, an edge, an addition.
fn named<'t>(inp: &mut In<'t, '_>, place: Place) -> Parsed<StmtKind> {
    let token = inp.ahead(0);
    let (word, span) = (inp.state().slice(token), inp.span_of(token));
    match inp.ahead(1).kind {
        Kind::Colon if matches!(place, Place::Kind | Place::Existing | Place::Edge) => {
            return field(inp).map(StmtKind::Field);
        }
        Kind::Colon
            if inp.ahead(2).kind == Kind::LeftBrace || inp.ahead(2).kind == Kind::Equals =>
        {
            return inp.fail(errors::misplaced_attribute(span, word));
        }
        Kind::Colon if of_file(word).is_none() => {
            return inp.fail(errors::misplaced_field(span, word));
        }
        Kind::Colon | Kind::Equals if of_file(word).is_some() => {
            inp.skip();
            return inp.unexpected("a name");
        }
        Kind::Equals => return inp.fail(errors::misplaced_attribute(span, word)),
        _ => {}
    }
    let next = inp.ahead(1);
    let is_type = inp
        .state()
        .slice(next)
        .starts_with(|it: char| it.is_ascii_uppercase());
    if matches!(place, Place::Kind | Place::Existing | Place::Edge)
        && next.kind == Kind::Name
        && is_type
    {
        return field(inp).map(StmtKind::Field);
    }
    let length = reference_length(inp, 0);
    match inp.ahead(length).kind {
        Kind::Name if length % 2 == 1 => {
            match foreign::statement(inp).or_else(|| nearly::node(inp)) {
                // what repeats is understood as a kind
                Some(report) if place == Place::File && foreign::is_kind(word) => {
                    inp.report(report);
                    kind::kind(inp)
                }
                Some(report) => inp.fail(report),
                None => node_or_block(inp, place),
            }
        }
        Kind::Arrow => placed(inp, place, "an edge", edge::edge),
        Kind::PlusEquals => addition(inp),
        Kind::Minus if inp.ahead(length + 1).kind == Kind::More => {
            let (minus, more) = (inp.ahead(length), inp.ahead(length + 1));
            let span = inp.span_of(minus).to(inp.span_of(more));
            inp.fail(errors::split_arrow(span))
        }
        Kind::Comma if edge::is_several_ends(inp) => edge::several_ends(inp),
        Kind::Equals => inp.fail(errors::misplaced_attribute(span, word)),
        _ => {
            if let Some(report) = foreign::statement(inp).or_else(|| nearly::node(inp)) {
                return inp.fail(report);
            }
            inp.skip_many(length.max(1));
            inp.unexpected("a name, `->` or `+=`")
        }
    }
}

/// A node; one that holds subnets is understood as a network, and `fro x in xs { … }` as a loop.
fn node_or_block<'t>(inp: &mut In<'t, '_>, place: Place) -> Parsed<StmtKind> {
    let begin = inp.save();
    let (reports, skipped) = (inp.state().reports.len(), inp.state().skipped.len());
    let word = inp.word().unwrap_or_default();
    inp.state().holds = Holds::Entries;
    let start = inp.position();
    let found = placed(inp, place, "a node", decl::node);
    if found.is_err() && nearly::is_one_off(word, "for") {
        let third = inp.state().tokens.get(start + 2).map(|it| it.kind);
        inp.state().holds = match third {
            Some(Kind::In) => Holds::Statements,
            _ => Holds::Entries,
        };
    }
    let meant = match std::mem::take(&mut inp.state().holds) {
        Holds::Subnets => "network",
        Holds::Statements if nearly::is_one_off(word, "for") => "for",
        Holds::Statements if nearly::is_one_off(word, "if") => "if",
        Holds::Entries | Holds::Statements => return found,
    };
    inp.rewind(begin);
    inp.state().reports.truncate(reports);
    inp.state().skipped.truncate(skipped);
    let token = inp.ahead(0);
    let span = inp.span_of(token);
    inp.report(errors::body_of(span, word, meant));
    match meant {
        "network" => network::network(inp),
        "for" => repeated(inp, place),
        _ => conditional(inp, place),
    }
}

/// Nodes and edges stand in files and kinds, edges also in edges.
fn placed<'t>(inp: &mut In<'t, '_>, place: Place, what: &str, rule: Rule) -> Parsed<StmtKind> {
    let allowed = match place {
        Place::File | Place::Kind | Place::KindInner => true,
        Place::Edge | Place::EdgeInner => what == "an edge",
        Place::Trait | Place::Existing => false,
    };
    if allowed {
        return rule(inp);
    }
    let token = inp.ahead(0);
    let span = inp.span_of(token);
    inp.fail(errors::misplaced(span, what, place.text()))
}

/// `target.collector += e`
fn addition<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    let target = reference(inp)?;
    inp.expect(Kind::PlusEquals, "`+=`")?;
    Ok(StmtKind::Addition(Addition {
        target,
        value: expr::expr(inp)?,
    }))
}

/// `if c { … } else { … }`
fn conditional<'t>(inp: &mut In<'t, '_>, place: Place) -> Parsed<StmtKind> {
    inp.skip();
    if inp.kind() == Kind::LeftBrace {
        let token = inp.ahead(0);
        let span = inp.span_of(token);
        inp.report(errors::no_condition(span));
        block(inp, place.inner())?;
        return Err(chumsky::error::EmptyErr::default());
    }
    let condition = expr::expr(inp)?;
    let then = block(inp, place.inner())?;
    let otherwise = if inp.eat(Kind::Else).is_some() {
        Some(otherwise(inp, place)?)
    } else {
        None
    };
    Ok(StmtKind::If(If {
        condition,
        then,
        otherwise,
    }))
}

fn otherwise<'t>(inp: &mut In<'t, '_>, place: Place) -> Parsed<Block> {
    if inp.kind() != Kind::If {
        return block(inp, place.inner());
    }
    inp.further(|inp| {
        let start = inp.here();
        let kind = conditional(inp, place)?;
        Ok(vec![Stmt {
            docs: None,
            notes: Vec::new(),
            span: inp.since(start),
            kind,
        }])
    })
}

/// `for x in xs { … }`
fn repeated<'t>(inp: &mut In<'t, '_>, place: Place) -> Parsed<StmtKind> {
    inp.skip();
    let head = loop_head(inp)?;
    Ok(StmtKind::For(For {
        head,
        body: block(inp, place.inner())?,
    }))
}

/// A name that stands alone after a declaration word.
pub fn word_then_name<'t>(inp: &mut In<'t, '_>) -> Parsed<crate::ast::Ident> {
    inp.skip();
    name(inp)
}
