//! Expressions with names replaced, and as text.

use std::collections::BTreeMap;

use topoc_syntax::ast::{Arg, Attribute, Expr, ExprKind, Loop, LoopHead, TextPart};

/// The expression with arguments in the place of parameters.
pub fn with(expr: &Expr, arguments: &BTreeMap<&str, &Expr>) -> Expr {
    let inner = |it: &Expr| with(it, arguments);
    let boxed = |it: &Expr| Box::new(with(it, arguments));
    let kind = match &expr.kind {
        ExprKind::Name(name) => match arguments.get(name.as_str()) {
            Some(argument) => return (*argument).clone(),
            None => expr.kind.clone(),
        },
        ExprKind::Text(parts) => ExprKind::Text(
            parts
                .iter()
                .map(|part| match part {
                    TextPart::Text(_) => part.clone(),
                    TextPart::Code(code) => TextPart::Code(inner(code)),
                })
                .collect(),
        ),
        ExprKind::Field(base, name) => ExprKind::Field(boxed(base), *name),
        ExprKind::OptField(base, name) => ExprKind::OptField(boxed(base), *name),
        ExprKind::Index(base, index) => ExprKind::Index(boxed(base), boxed(index)),
        ExprKind::Call(callee, given) => ExprKind::Call(
            callee.clone(),
            given
                .iter()
                .map(|it| Arg {
                    name: it.name,
                    value: inner(&it.value),
                })
                .collect(),
        ),
        ExprKind::List(items) => ExprKind::List(items.iter().map(inner).collect()),
        ExprKind::ListFor(loops, body) => ExprKind::ListFor(
            loops.iter().map(|it| one_loop(it, arguments)).collect(),
            boxed(body),
        ),
        ExprKind::Record(fields) => ExprKind::Record(
            fields
                .iter()
                .map(|it| Attribute {
                    value: inner(&it.value),
                    ..it.clone()
                })
                .collect(),
        ),
        ExprKind::MapFor(loops, key, body) => ExprKind::MapFor(
            loops.iter().map(|it| one_loop(it, arguments)).collect(),
            boxed(key),
            boxed(body),
        ),
        ExprKind::If(condition, then, otherwise) => {
            ExprKind::If(boxed(condition), boxed(then), boxed(otherwise))
        }
        ExprKind::Binary(op, left, right) => ExprKind::Binary(*op, boxed(left), boxed(right)),
        ExprKind::Not(it) => ExprKind::Not(boxed(it)),
        ExprKind::Negate(it) => ExprKind::Negate(boxed(it)),
        ExprKind::Range(low, high) => ExprKind::Range(boxed(low), boxed(high)),
        ExprKind::Protocol(transport, ports) => ExprKind::Protocol(*transport, boxed(ports)),
        ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Duration(_)
        | ExprKind::Size(_)
        | ExprKind::Percent(_)
        | ExprKind::None
        | ExprKind::Cidr(_)
        | ExprKind::SelfNode
        | ExprKind::Internet
        | ExprKind::Error => expr.kind.clone(),
    };
    Expr {
        id: expr.id,
        span: expr.span,
        kind,
    }
}

fn one_loop(it: &Loop, arguments: &BTreeMap<&str, &Expr>) -> Loop {
    let head = LoopHead {
        list: with(&it.head.list, arguments),
        ..it.head.clone()
    };
    Loop {
        head,
        condition: it.condition.as_ref().map(|it| with(it, arguments)),
    }
}

/// The same text for the same expression, wherever it stands.
pub fn show(expr: &Expr) -> String {
    let text = format!("{:?}", expr.kind);
    without_places(&text)
}

/// Leaves the numbers of expressions and their places out of a debug text.
fn without_places(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("span: Span {") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        rest = from
            .find('}')
            .and_then(|end| from.get(end + 1..))
            .unwrap_or_default();
    }
    out.push_str(rest);
    let mut shown = String::new();
    let mut rest = out.as_str();
    while let Some((before, from)) = rest.split_once("ExprId(") {
        shown.push_str(before);
        rest = from.split_once(')').map_or("", |(_, behind)| behind);
    }
    shown.push_str(rest);
    shown
}
