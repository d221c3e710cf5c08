//! What is nearly right, recognised where nothing else fits: a sign too many, too few, or another one.

use topoc_diagnostics::{Code, Diagnostic, Span};

use super::errors;
use super::foreign::{as_name, else_if, ternary};
use super::input::{Holds, In, Reading};
use super::names::reference_length;
use crate::ast::Ident;
use crate::lex::{Kind, Token};

/// A node that is nearly one: `queue "jobs"`, `queue jobs = { … }`, `queue jobs(…)`, `queue jobs: …`.
pub fn node(inp: &mut In<'_, '_>) -> Option<Diagnostic> {
    let (word, next, after) = (inp.word()?, inp.ahead(1), inp.ahead(2));
    let (span, sign) = (inp.span_of(next), inp.span_of(after));
    let name = inp.state().slice(next);
    if next.kind == Kind::TextStart {
        let rest = inp.state().text.get(next.end as usize..);
        let rest = rest.unwrap_or_default();
        let inner = rest.split(['"', '\n']).next().unwrap_or_default();
        let end = (next.end + inner.len() as u32 + 1).min(inp.state().text.len() as u32);
        let whole = Span::new(span.file, span.start, end);
        let text = format!("write `{word} {}`", as_name(inner));
        return Some(report("names stand without quotes", whole, text));
    }
    if matches!(name, "network" | "topology" | "env") && after.kind == Kind::LeftBrace {
        let text = format!("write `{name} {word} {{ … }}`");
        return Some(report(&format!("the name follows `{name}`"), span, text));
    }
    let message = match after.kind {
        Kind::Equals | Kind::Colon => "a node is not assigned",
        Kind::LeftParen => "the attributes of a node stand in braces",
        Kind::TextStart => "a node has one name",
        Kind::Name if next.kind == Kind::Name && name == inp.state().slice(after) => {
            return Some(doubled_word(name, sign, span));
        }
        Kind::Name if next.kind == Kind::Name => {
            let second = inp.state().slice(after);
            let text = format!("write `{word} {name}_{second}`");
            return Some(report("a name is one word", span.to(sign), text));
        }
        _ => return None,
    };
    let text = format!("write `{word} {name} {{ … }}`");
    (next.kind == Kind::Name).then(|| report(message, sign, text))
}

/// `size = /26`
pub fn prefix_length(inp: &mut In<'_, '_>) -> Diagnostic {
    let (slash, length) = (inp.ahead(0), inp.ahead(1));
    let whole = inp.span_of(slash).to(inp.span_of(length));
    let text = format!("write `{}`", inp.state().slice(length));
    report("the length of a prefix stands without `/`", whole, text)
}

/// What stands where an entry or statement should end.
pub fn rest(inp: &mut In<'_, '_>) -> Option<Diagnostic> {
    let token = inp.ahead(0);
    let span = inp.span_of(token);
    if let Some(report) = doubled(inp) {
        return Some(report);
    }
    match token.kind {
        Kind::Question => Some(ternary(span)),
        Kind::Name if inp.ahead(1).kind == Kind::Equals => {
            let name = inp.state().slice(token);
            let label = format!("write a comma before `{name}`, or begin a line");
            Some(report("a comma is missing", span, label))
        }
        Kind::Name => else_if(inp)
            .or_else(|| value_below(inp, 1))
            .or_else(|| spaced_unit(inp))
            .or_else(|| second_on_line(inp)),
        Kind::Equals if reference_length(inp, 0) == 0 => {
            let label = "the value is complete before it".to_owned();
            let report = report("`=` does not fit here", span, label);
            Some(report.help("two values are compared by `==`"))
        }
        Kind::Colon => typed_value(inp),
        _ => None,
    }
}

/// `port: Int Int`
fn doubled(inp: &mut In<'_, '_>) -> Option<Diagnostic> {
    let token = inp.ahead(0);
    let position = inp.position().checked_sub(1)?;
    let before = *inp.state().tokens.get(position)?;
    let is_word = matches!(token.kind, Kind::Name | Kind::Int | Kind::Unit | Kind::Cidr);
    let text = inp.state().slice(token);
    let is_same = is_word && before.kind == token.kind && inp.state().slice(before) == text;
    let (span, before) = (inp.span_of(token), inp.span_of(before));
    is_same.then(|| doubled_word(text, span, before))
}

/// Whether a word stands between a name and the colon before its type: `max size: Int`.
pub fn is_second_word(inp: &mut In<'_, '_>) -> bool {
    let (word, colon, ty) = (inp.ahead(0), inp.ahead(1), inp.ahead(2));
    let gap = colon.end as usize..ty.start as usize;
    let on_line = !inp.state().text.get(gap).unwrap_or_default().contains('\n');
    word.kind == Kind::Name && colon.kind == Kind::Colon && on_line
}

/// Whether a word has one letter more, less or other than is meant, or two that changed places.
pub fn is_one_off(word: &str, meant: &str) -> bool {
    let (word, meant) = (word.as_bytes(), meant.as_bytes());
    let same = word.iter().zip(meant).take_while(|it| it.0 == it.1).count();
    let rest = |of: &'_ [u8], from: usize| of.get(from..).unwrap_or_default().to_vec();
    let (a, b) = (rest(word, same), rest(meant, same));
    let turned: Vec<u8> = b
        .iter()
        .take(2)
        .rev()
        .chain(b.iter().skip(2))
        .copied()
        .collect();
    word != meant
        && (rest(&a, 1) == rest(&b, 1) || rest(&a, 1) == b || a == rest(&b, 1) || a == turned)
}

/// `param param size: Int`
pub fn doubled_declaration(inp: &mut In<'_, '_>) -> Option<Diagnostic> {
    let (first, second, name) = (inp.ahead(0), inp.ahead(1), inp.ahead(2));
    let is_same =
        second.kind == Kind::Name && inp.state().slice(first) == inp.state().slice(second);
    let joins = matches!(inp.state().slice(name), "to" | "is" | "on");
    if !is_same || joins || !matches!(name.kind, Kind::Name | Kind::TextStart) {
        return None;
    }
    let word = inp.state().slice(second);
    let (first, second) = (inp.span_of(first), inp.span_of(second));
    Some(doubled_word(word, second, first))
}

fn doubled_word(word: &str, second: Span, first: Span) -> Diagnostic {
    let message = format!("`{word}` stands here twice");
    report(&message, second, "leave one out".to_owned()).because(first, "the first one")
}

/// What should stand behind a `=` or `:` at the end of a line, where the line below was taken for it: the line begins
/// with the word before the last `back` tokens. Reading goes on there.
pub fn value_below(inp: &mut In<'_, '_>, back: usize) -> Option<Diagnostic> {
    let place = inp.position().checked_sub(back)?;
    let (sign, first) = {
        let tokens = inp.state().tokens;
        (*tokens.get(place.checked_sub(1)?)?, *tokens.get(place)?)
    };
    let what = match sign.kind {
        Kind::Equals => "value",
        Kind::Colon => "type",
        _ => return None,
    };
    let gap = sign.end as usize..first.start as usize;
    let is_below = inp.state().text.get(gap)?.contains('\n');
    let next = inp.state().tokens.get(place + 1)?.kind;
    let begins = matches!(next, Kind::Name | Kind::TextStart) || next == sign.kind;
    if !is_below || first.kind != Kind::Name || !begins {
        return None;
    }
    inp.state().resume = Some(place);
    let (span, text) = (inp.span_of(sign), inp.state().slice(sign));
    let label = format!("write a {what} behind `{text}`");
    Some(report(&format!("a {what} is missing"), span, label))
}

/// `key = "id": String`
fn typed_value(inp: &mut In<'_, '_>) -> Option<Diagnostic> {
    let (colon, ty) = (inp.ahead(0), inp.ahead(1));
    let is_type = inp
        .state()
        .slice(ty)
        .starts_with(|it: char| it.is_ascii_uppercase());
    let before = inp.position();
    let before = inp.state().tokens.get(..before).unwrap_or_default();
    let ends = |it: &&Token| {
        matches!(
            it.kind,
            Kind::Equals | Kind::Newline | Kind::Comma | Kind::LeftBrace
        )
    };
    let is_value = before
        .iter()
        .rev()
        .find(ends)
        .is_some_and(|it| it.kind == Kind::Equals);
    let span = inp.span_of(colon).to(inp.span_of(ty));
    let report = report("a value has no type", span, "leave this out".to_owned());
    (is_type && is_value)
        .then(|| report.help("types are written where names are declared: `param size: Int = 3`"))
}

/// `subnet front { … } subnet inner { … }`
fn second_on_line(inp: &mut In<'_, '_>) -> Option<Diagnostic> {
    let (token, before) = (inp.ahead(0), inp.position().checked_sub(1)?);
    let closes = inp.state().tokens.get(before)?.kind == Kind::RightBrace;
    let declares = inp.ahead(1).kind == Kind::Name;
    let label = format!("begin a line with `{}`", inp.state().slice(token));
    let span = inp.span_of(token);
    (closes && declares).then(|| report("a declaration has a line of its own", span, label))
}

/// `30 s`
fn spaced_unit(inp: &mut In<'_, '_>) -> Option<Diagnostic> {
    let token = inp.ahead(0);
    let position = inp.position().checked_sub(1)?;
    let before = *inp.state().tokens.get(position)?;
    let (number, unit) = (inp.state().slice(before), inp.state().slice(token));
    let units = ["ms", "s", "m", "h", "d", "B", "KiB", "MiB", "GiB", "TiB"];
    let same = units.into_iter().find(|it| *it == unit);
    let unit = same.or_else(|| errors::better_unit(unit))?;
    let fits = matches!(before.kind, Kind::Int | Kind::Float);
    let whole = inp.span_of(before).to(inp.span_of(token));
    let text = format!("write `{number}{unit}`");
    fits.then(|| report("a number and its unit are one word", whole, text))
}

/// What stands where `=` and a value should: `visibility 30s`, `tags { … }`.
pub fn missing_equals(inp: &mut In<'_, '_>, start: u32) -> Option<Diagnostic> {
    use Kind::*;
    let token = inp.ahead(0);
    let value = match token.kind {
        LeftBrace => "{ … }",
        LeftBracket => "[…]",
        Int | Float | Unit | Cidr | TextStart | Raw | Name | True | False | None | SelfNode => {
            let rest = inp.state().text.get(token.start as usize..);
            let ends = ['\n', ',', '}', ' ', '\r'];
            rest.unwrap_or_default()
                .split(ends)
                .next()
                .unwrap_or_default()
        }
        _ => return Option::None,
    };
    let name = inp.since(start);
    let range = start as usize..name.end as usize;
    let written = inp.state().text.get(range).unwrap_or_default();
    let text = format!("write `{written} = {value}`");
    Some(report(&format!("`{written}` has no `=`"), name, text))
}

/// `tcp 443-444`, `tcp 443-`, behind the word: a port is never calculated.
pub fn ports_by_minus(inp: &mut In<'_, '_>) -> Option<Diagnostic> {
    let (low, minus, high) = (inp.ahead(0), inp.ahead(1), inp.ahead(2));
    if low.kind != Kind::Int || minus.kind != Kind::Minus {
        return None;
    }
    let start = inp.span_of(low);
    let text = inp.state().slice(low);
    let between = inp
        .state()
        .text
        .get(minus.end as usize..high.start as usize);
    let is_port = high.kind == Kind::Int && !between.unwrap_or_default().contains('\n');
    Some(match is_port {
        true => {
            let (whole, high) = (start.to(inp.span_of(high)), inp.state().slice(high));
            errors::ports_by_minus(whole, text, Some(high))
        }
        false => errors::ports_by_minus(start.to(inp.span_of(minus)), text, None),
    })
}

/// A value without a comma before it, in a list that begins at `start`.
pub fn comma_in_list(inp: &mut In<'_, '_>, start: u32) -> Option<Diagnostic> {
    use Kind::*;
    let token = inp.ahead(0);
    let begins = matches!(
        token.kind,
        Name | Int | Float | Unit | Cidr | TextStart | Raw | True | False
    );
    if !begins {
        return Option::None;
    }
    let rest = inp.state().text.get(start as usize..).unwrap_or_default();
    let list = rest.split([']', '\n']).next().unwrap_or_default();
    let is_plain =
        !list.contains(['(', '{', '"']) && rest.as_bytes().get(list.len()) == Some(&b']');
    let written = match is_plain {
        true => {
            let items = list.split([',', ' ', '[']).filter(|it| !it.is_empty());
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        false => format!(", {}", inp.state().slice(token)),
    };
    let span = inp.span_of(token);
    Some(errors::comma_in_list(span, &written))
}

/// `tcp/443`, `tcp:443`, behind the word.
pub fn joined_port(inp: &mut In<'_, '_>, word: Token) -> Option<Diagnostic> {
    let (sign, port) = (inp.ahead(0), inp.ahead(1));
    let span = inp.span_of(word).to(inp.span_of(port));
    let text = format!(
        "write `{} {}`",
        inp.state().slice(word),
        inp.state().slice(port)
    );
    let is_joined = matches!(sign.kind, Kind::Slash | Kind::Colon) && port.kind == Kind::Int;
    is_joined.then(|| report("a space stands before a port", span, text))
}

/// A declaration or an edge in a body: `queue inbox { … }`, `a -> b : c`.
pub fn nested(inp: &mut In<'_, '_>, start: u32) -> Option<Diagnostic> {
    let (token, next) = (inp.ahead(0), inp.ahead(1));
    let span = inp.since(start);
    let range = span.start as usize..span.end as usize;
    let is_subnet = inp.state().text.get(range) == Some("subnet");
    let is_statement =
        token.kind == Kind::Arrow || token.kind == Kind::Name && next.kind != Kind::Newline;
    match inp.state().holds {
        Holds::Entries if is_subnet && token.kind == Kind::Name => {
            inp.state().holds = Holds::Subnets
        }
        Holds::Entries if is_statement => inp.state().holds = Holds::Statements,
        _ => {}
    }
    let (what, help) = match token.kind {
        Kind::Name if matches!(next.kind, Kind::LeftBrace | Kind::In) => (
            "a declaration may not stand in the body of another",
            "write it beside and give its name here; what repeats as a whole is a `kind`",
        ),
        Kind::Arrow => (
            "an edge may not stand in a body",
            "edges stand beside the nodes that they join",
        ),
        _ => return None,
    };
    let report = Diagnostic::new(Code::E0110, what);
    Some(report.at(span, "a body holds attributes").help(help))
}

/// A field without its type: `x = 5`, `x Int`.
pub fn missing_type(inp: &mut In<'_, '_>, name: Ident) -> Option<Diagnostic> {
    let (token, value) = (inp.ahead(0), inp.ahead(1));
    let (ty, value) = (inp.state().slice(token), inp.state().slice(value));
    let (message, text) = match token.kind {
        Kind::Name if ty == name.name.as_str() => {
            let span = inp.span_of(token);
            return Some(doubled_word(ty, span, name.span));
        }
        Kind::Name if is_second_word(inp) => {
            ("a name is one word", format!("write `{}_{ty}`", name.name))
        }
        Kind::Name => (
            "a colon stands before a type",
            format!("write `{}: {ty}`", name.name),
        ),
        Kind::Equals => {
            let ty = type_of(inp.ahead(1).kind, value);
            (
                "a type is missing",
                format!("write `{}: {ty} = …`", name.name),
            )
        }
        Kind::Newline | Kind::Comma | Kind::End | Kind::RightBrace => (
            "a type is missing",
            format!("write `{}: String`, or whatever type it has", name.name),
        ),
        _ => return None,
    };
    Some(report(message, name.span, text))
}

/// The type that a literal most likely has.
fn type_of(kind: Kind, text: &str) -> &'static str {
    match kind {
        Kind::Int => "Int",
        Kind::Float => "Float",
        Kind::True | Kind::False => "Bool",
        Kind::Cidr => "Cidr",
        Kind::LeftBracket => "List<String>",
        Kind::LeftBrace => "Map<String>",
        Kind::Unit if text.ends_with('%') => "Percent",
        Kind::Unit if text.ends_with('B') => "Size",
        Kind::Unit => "Duration",
        _ => "String",
    }
}

/// `not internet can reach db`
pub fn denied(span: Span, source: &str) -> Diagnostic {
    let label = format!("write `{source} cannot …`");
    report("what cannot be is said by `cannot`", span, label)
}

/// `=` where a condition should be complete.
pub fn comparison(span: Span) -> Diagnostic {
    report("`=` does not compare", span, "write `==`".to_owned())
}

fn report(message: &str, span: Span, label: String) -> Diagnostic {
    Diagnostic::new(Code::E0100, message).at(span, label)
}
