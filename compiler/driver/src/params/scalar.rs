//! Words of YAML 1.2 (core schema) and numbers of all formats as values. `no` and `on` are text.

use rust_decimal::Decimal;
use topoc_diagnostics::Span;
use topoc_ir::{Given, GivenKind};
use ustr::Ustr;

use super::unreadable;
use topoc_diagnostics::Diagnostic;

/// An unquoted word.
pub fn plain(text: &str) -> GivenKind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => GivenKind::Null,
        "true" | "True" | "TRUE" => GivenKind::Bool(true),
        "false" | "False" | "FALSE" => GivenKind::Bool(false),
        _ => whole(text)
            .or_else(|| fraction(text))
            .unwrap_or_else(|| GivenKind::Text(Ustr::from(text))),
    }
}

/// A number of JSON or TOML; `radix` 10 admits fractions.
pub fn number(text: &str, span: Span, format: &str) -> Result<Given, Diagnostic> {
    whole(text)
        .or_else(|| fraction(text))
        .map(|kind| Given { span, kind })
        .ok_or_else(|| unreadable(span, format, "a number beyond what topo can hold"))
}

fn whole(text: &str) -> Option<GivenKind> {
    let parsed = match text.get(..2) {
        Some("0x") => i64::from_str_radix(text.get(2..)?, 16),
        Some("0o") => i64::from_str_radix(text.get(2..)?, 8),
        _ => text.parse(),
    };
    parsed.ok().map(GivenKind::Int)
}

fn fraction(text: &str) -> Option<GivenKind> {
    let is_number = text.contains(|it: char| it.is_ascii_digit())
        && text
            .chars()
            .all(|it| it.is_ascii_digit() || matches!(it, '+' | '-' | '.' | 'e' | 'E'));
    if !is_number {
        return None;
    }
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    Decimal::from_scientific(unsigned)
        .or_else(|_| Decimal::from_str_exact(unsigned))
        .ok()
        .map(GivenKind::Float)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_follow_the_core_schema() {
        assert_eq!(plain("no"), GivenKind::Text("no".into()));
        assert_eq!(plain("~"), GivenKind::Null);
        assert_eq!(plain("-7"), GivenKind::Int(-7));
        assert_eq!(plain("0x1f"), GivenKind::Int(31));
        assert_eq!(plain("0.5"), GivenKind::Float(Decimal::new(5, 1)));
        assert_eq!(plain("1e3"), GivenKind::Float(Decimal::from(1000)));
        assert_eq!(plain("2..50"), GivenKind::Text("2..50".into()));
        assert_eq!(plain("10.0.0.0/16"), GivenKind::Text("10.0.0.0/16".into()));
        assert_eq!(plain("1.2.3"), GivenKind::Text("1.2.3".into()));
        assert_eq!(plain("15s"), GivenKind::Text("15s".into()));
    }
}
