//! Measures and texts taken apart.

use topoc_syntax::ast::{Expr, ExprKind, TextPart};

use super::known::Known;
use super::value::{Piece, Value};

/// What is known of the base if this is known of a field; a part of a measure tells the measure.
pub fn measured(known: Known, name: &str) -> Known {
    let unit = match name {
        "seconds" => 1000.0,
        "minutes" => 60_000.0,
        "hours" => 3_600_000.0,
        "days" => 86_400_000.0,
        "kib" => 1024.0,
        "mib" => 1_048_576.0,
        "gib" => 1_073_741_824.0,
        _ => return known.field(name),
    };
    match number_in(&known) {
        Some(number) => Known::Is(decimal(number * unit)),
        None => known.field(name),
    }
}

/// The number of a value that is one.
pub fn number_in(known: &Known) -> Option<f64> {
    match known.value()? {
        Value::Number(it) | Value::Loose(it) => it.parse().ok(),
        Value::Null
        | Value::Bool(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Map(_)
        | Value::Encoded(_) => None,
    }
}

/// The number of a literal: a measure in its smallest unit.
pub fn amount(expr: &Expr) -> Option<f64> {
    match &expr.kind {
        ExprKind::Int(it) | ExprKind::Duration(it) | ExprKind::Size(it) => i32::try_from(*it)
            .map(f64::from)
            .ok()
            .or_else(|| it.to_string().parse().ok()),
        ExprKind::Float(it) => it.to_string().parse().ok(),
        _ => None,
    }
}

/// A number as a value.
pub fn decimal(number: f64) -> Value {
    Value::number(&number.to_string())
}

/// The parts of a text before a known end.
pub fn without_tail(parts: &[TextPart]) -> &[TextPart] {
    match parts {
        [rest @ .., TextPart::Text(_)] => rest,
        all => all,
    }
}

/// The known end of a text.
pub fn tail_of(parts: &[TextPart]) -> String {
    match parts.last() {
        Some(TextPart::Text(text)) => text.as_str().to_owned(),
        _ => String::new(),
    }
}

/// What stands between a head and a tail.
pub fn between(pieces: &[Piece], head: &str, tail: &str) -> Option<Value> {
    let mut pieces = pieces.to_vec();
    if !head.is_empty() {
        let Some(Piece::Text(first)) = pieces.first_mut() else {
            return None;
        };
        *first = first.strip_prefix(head)?.to_owned();
    }
    if !tail.is_empty() {
        let Some(Piece::Text(last)) = pieces.last_mut() else {
            return None;
        };
        *last = last.strip_suffix(tail)?.to_owned();
    }
    Some(Value::pieces(pieces))
}
