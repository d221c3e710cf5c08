//! Networks and what stands in them.

use super::decl::placement;
use super::entries::{Above, Ends, entries};
use super::errors;
use super::expr::expr;
use super::input::{In, Parsed, Reading};
use super::lists::{attribute, body, check_line};
use super::names::{key, lower_name, reference};
use crate::ast::{Attribute, Body, Endpoints, Network, Route, StmtKind, Subnet, Table};
use crate::lex::Kind;

/// `network NAME [key] { … }`
pub fn network<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    named_network(inp, false)
}

/// `existing network NAME { … }`, after `existing`.
pub fn existing_network<'t>(inp: &mut In<'t, '_>) -> Parsed<StmtKind> {
    named_network(inp, true)
}

enum Entry {
    Attribute(Attribute),
    Subnet(Subnet),
    Endpoints(Endpoints),
    Route(Route),
    Table(Table),
}

fn named_network<'t>(inp: &mut In<'t, '_>, existing: bool) -> Parsed<StmtKind> {
    inp.skip();
    let (name, key) = (lower_name(inp)?, key(inp)?);
    let mut found = Network {
        existing,
        name,
        key,
        body: Body::default(),
        subnets: Vec::new(),
        endpoints: Vec::new(),
        routes: Vec::new(),
        tables: Vec::new(),
    };
    let start = inp.here();
    for entry in members(inp, entry)? {
        match entry {
            Entry::Attribute(it) => found.body.attributes.push(it),
            Entry::Subnet(it) => found.subnets.push(it),
            Entry::Endpoints(it) => found.endpoints.push(it),
            Entry::Route(it) => found.routes.push(it),
            Entry::Table(it) => found.tables.push(it),
        }
    }
    found.body.span = inp.since(start);
    Ok(StmtKind::Network(found))
}

/// `{ … }` of what `entry` reads.
fn members<'t, T>(
    inp: &mut In<'t, '_>,
    entry: fn(&mut In<'t, '_>, Above) -> Parsed<T>,
) -> Parsed<Vec<T>> {
    check_line(inp);
    inp.deeper(|inp| {
        inp.expect(Kind::LeftBrace, "`{`")?;
        let found = entries(inp, Ends::LineOrComma, entry, None);
        inp.expect(Kind::RightBrace, "`}`")?;
        Ok(found)
    })
}

fn entry<'t>(inp: &mut In<'t, '_>, above: Above) -> Parsed<Entry> {
    let next = inp.ahead(1).kind;
    let is_part = matches!(inp.word(), Some("endpoints" | "route" | "table"));
    if let Some(note) = above
        .notes
        .first()
        .filter(|_| is_part && next != Kind::Equals)
    {
        inp.report(errors::misplaced_note(note));
    }
    if let (Some(word @ ("subnet" | "table" | "endpoints")), Kind::LeftBrace) = (inp.word(), next) {
        let token = inp.ahead(0);
        let span = inp.span_of(token);
        return inp.fail(errors::nameless(span, word));
    }
    match (inp.word(), next) {
        (Some("subnet"), Kind::Name) => subnet(inp, above).map(Entry::Subnet),
        (Some("endpoints"), Kind::Name) => endpoints(inp).map(Entry::Endpoints),
        (Some("route"), Kind::Name | Kind::Cidr) => route(inp).map(Entry::Route),
        (Some("table"), Kind::Name) => table(inp).map(Entry::Table),
        _ => attribute(inp, above).map(Entry::Attribute),
    }
}

fn subnet<'t>(inp: &mut In<'t, '_>, above: Above) -> Parsed<Subnet> {
    let start = inp.here();
    inp.skip();
    let name = lower_name(inp)?;
    let (mut body, mut routes) = (Body::default(), Vec::new());
    let brace = inp.here();
    if inp.kind() == Kind::LeftBrace {
        for entry in members(inp, subnet_entry)? {
            match entry {
                Ok(attribute) => body.attributes.push(attribute),
                Err(route) => routes.push(route),
            }
        }
    }
    body.span = inp.since(brace);
    Ok(Subnet {
        docs: above.docs,
        notes: above.notes,
        name,
        body,
        routes,
        span: inp.since(start),
    })
}

fn subnet_entry<'t>(inp: &mut In<'t, '_>, above: Above) -> Parsed<Result<Attribute, Route>> {
    match inp.at_word("route") && matches!(inp.ahead(1).kind, Kind::Name | Kind::Cidr) {
        true => route(inp).map(Err),
        false => attribute(inp, above).map(Ok),
    }
}

fn endpoints<'t>(inp: &mut In<'t, '_>) -> Parsed<Endpoints> {
    let start = inp.here();
    inp.skip();
    let (name, places, body) = (lower_name(inp)?, placement(inp)?, body(inp)?);
    Ok(Endpoints {
        name,
        places,
        body,
        span: inp.since(start),
    })
}

/// `route C via G`
fn route<'t>(inp: &mut In<'t, '_>) -> Parsed<Route> {
    let start = inp.here();
    inp.skip();
    let destination = expr(inp)?;
    inp.expect_word("via")?;
    let via = if inp.eat(Kind::None).is_some() {
        None
    } else {
        Some(reference(inp)?)
    };
    Ok(Route {
        destination,
        via,
        span: inp.since(start),
    })
}

fn table<'t>(inp: &mut In<'t, '_>) -> Parsed<Table> {
    let start = inp.here();
    inp.skip();
    let name = lower_name(inp)?;
    let routes = members(inp, |inp, _| match inp.at_word("route") {
        true => route(inp),
        false => inp.unexpected("`route … via …`"),
    })?;
    Ok(Table {
        name,
        routes,
        span: inp.since(start),
    })
}
