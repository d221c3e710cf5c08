//! Refinements on values that are written down: ranges, bounds, lengths, characters, patterns.

use regex_lite::Regex;
use topoc_syntax::ast::{self, Expr, ExprKind, Fact, Refinement, TextPart};
use ustr::{Ustr, UstrMap};

use crate::checker::Checker;
use crate::errors;
use crate::ty::FieldTy;

impl<'a> Checker<'a, '_> {
    /// Reports a literal that its field does not allow.
    pub fn check_refined(&mut self, value: &'a Expr, field: &FieldTy<'a>) {
        let Some(refinement) = field.refinement else {
            return;
        };
        if let ExprKind::Name(name) = &value.kind {
            return self.check_proved(value, *name, field, refinement);
        }
        for fact in &refinement.facts {
            let reason = match &value.kind {
                ExprKind::Text(parts) => {
                    plain_text(parts).and_then(|it| self.patterns.refuse(it, fact))
                }
                ExprKind::Range(low, high) => {
                    refuse_number(low, fact).or_else(|| refuse_number(high, fact))
                }
                _ => refuse_number(value, fact),
            };
            if let Some(reason) = reason {
                let help = ast::help_for_value(field.notes, &self.node)
                    .or_else(|| legal(value, refinement))
                    .or_else(|| example(field));
                let report = errors::refinement(value.span, field.name, &reason, refinement.span);
                return self.report(report.help_opt(help));
            }
        }
    }
}

/// The text with small letters and `-` instead of what may not stand in it, where that is allowed.
fn legal(value: &Expr, refinement: &Refinement) -> Option<String> {
    let ExprKind::Text(parts) = &value.kind else {
        return None;
    };
    let text = plain_text(parts)?.to_ascii_lowercase();
    let words = text.split(|it: char| !it.is_ascii_alphanumeric());
    let text = words
        .filter(|it| !it.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    let mut patterns = Patterns::default();
    let mut facts = refinement.facts.iter();
    let is_legal = facts.all(|it| patterns.refuse(&text, it).is_none());
    (is_legal && !text.is_empty()).then(|| format!("write `\"{text}\"`"))
}

/// The default of a field that asks for a pattern.
fn example(field: &FieldTy<'_>) -> Option<String> {
    let facts = &field.refinement?.facts;
    let text = match &field.default?.kind {
        ExprKind::Text(parts) => plain_text(parts)?,
        _ => return None,
    };
    let is_pattern = facts.iter().any(|it| matches!(it, Fact::Matches(..)));
    is_pattern.then(|| format!("for instance `{} = \"{text}\"`", field.name))
}

/// The value of a number as written, in milliseconds, bytes or itself; `None` for everything else.
pub fn number(expr: &Expr) -> Option<f64> {
    use std::str::FromStr;
    match &expr.kind {
        ExprKind::Int(it) | ExprKind::Duration(it) | ExprKind::Size(it) => Some(*it as f64),
        ExprKind::Float(it) | ExprKind::Percent(it) => f64::from_str(&it.to_string()).ok(),
        ExprKind::Negate(inner) => number(inner).map(|it| -it),
        _ => None,
    }
}

/// What a number counts; a number that counts something else is a wrong type, and reported as such.
fn measure(expr: &Expr) -> Option<u8> {
    match &expr.kind {
        ExprKind::Int(_) | ExprKind::Float(_) => Some(0),
        ExprKind::Duration(_) => Some(1),
        ExprKind::Size(_) => Some(2),
        ExprKind::Percent(_) => Some(3),
        ExprKind::Negate(inner) => measure(inner),
        _ => None,
    }
}

fn counts_alike(value: &Expr, fact: &Fact) -> bool {
    let bound = match fact {
        Fact::Between(bound, _)
        | Fact::Less(bound)
        | Fact::AtMost(bound)
        | Fact::More(bound)
        | Fact::AtLeast(bound) => bound,
        Fact::In(_)
        | Fact::Matches(..)
        | Fact::Chars(..)
        | Fact::LengthBetween(..)
        | Fact::LengthAtMost(_)
        | Fact::LengthAtLeast(_) => return true,
    };
    measure(value) == measure(bound)
}

fn refuse_number(value: &Expr, fact: &Fact) -> Option<String> {
    let it = number(value)?;
    if !counts_alike(value, fact) {
        return None;
    }
    match fact {
        Fact::Between(low, high) => (it < number(low)? || it > number(high)?)
            .then(|| format!("must lie between {} and {}", shown(low), shown(high))),
        Fact::Less(bound) => {
            (it >= number(bound)?).then(|| format!("must be less than {}", shown(bound)))
        }
        Fact::AtMost(bound) => {
            (it > number(bound)?).then(|| format!("must be at most {}", shown(bound)))
        }
        Fact::More(bound) => {
            (it <= number(bound)?).then(|| format!("must be more than {}", shown(bound)))
        }
        Fact::AtLeast(bound) => {
            (it < number(bound)?).then(|| format!("must be at least {}", shown(bound)))
        }
        Fact::In(list) => match &list.kind {
            ExprKind::List(items) => {
                let known: Option<Vec<f64>> = items.iter().map(number).collect();
                let known = known?;
                (!known.contains(&it)).then(|| {
                    let all: Vec<String> = items.iter().map(shown).collect();
                    format!("must be one of {}", all.join(", "))
                })
            }
            _ => None,
        },
        Fact::Matches(..)
        | Fact::Chars(..)
        | Fact::LengthBetween(..)
        | Fact::LengthAtMost(_)
        | Fact::LengthAtLeast(_) => None,
    }
}

pub fn shown(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Int(it) => it.to_string(),
        ExprKind::Float(it) => it.to_string(),
        ExprKind::Percent(it) => format!("{it}%"),
        ExprKind::Duration(it) => with_unit(
            *it,
            &[
                (86_400_000, "d"),
                (3_600_000, "h"),
                (60_000, "m"),
                (1000, "s"),
            ],
            "ms",
        ),
        ExprKind::Size(it) => with_unit(
            *it,
            &[
                (1 << 40, "TiB"),
                (1 << 30, "GiB"),
                (1 << 20, "MiB"),
                (1 << 10, "KiB"),
            ],
            "B",
        ),
        ExprKind::Negate(inner) => format!("-{}", shown(inner)),
        _ => "…".to_owned(),
    }
}

fn with_unit(value: i64, units: &[(i64, &str)], smallest: &str) -> String {
    match units.iter().find(|(size, _)| value % size == 0) {
        Some((size, unit)) => format!("{}{unit}", value / size),
        None => format!("{value}{smallest}"),
    }
}

pub fn plain_text(parts: &[TextPart]) -> Option<&str> {
    match parts {
        [] => Some(""),
        [TextPart::Text(it)] => Some(it.as_str()),
        _ => None,
    }
}

/// Patterns, compiled once each.
#[derive(Default)]
pub struct Patterns(UstrMap<Option<Regex>>);

impl Patterns {
    /// Whether a text matches; a pattern that is none matches everything, and is reported where it stands.
    fn matches(&mut self, key: Ustr, text: &str, pattern: impl FnOnce() -> String) -> bool {
        let compiled = self.0.entry(key);
        let compiled = compiled.or_insert_with(|| Regex::new(&pattern()).ok());
        compiled.as_ref().is_none_or(|it| it.is_match(text))
    }

    /// Why a text breaks a fact.
    fn refuse(&mut self, text: &str, fact: &Fact) -> Option<String> {
        match fact {
            Fact::Chars(allowed, _) => {
                // a class and a pattern of one wording are two
                let key = Ustr::joined(&["[", allowed, "]"]);
                let whole = || format!("^[{}]*$", bracketed(allowed));
                (!self.matches(key, text, whole))
                    .then(|| format!("may contain only the characters {allowed}"))
            }
            Fact::Matches(pattern, _) => {
                let whole = || format!("^(?:{pattern})$");
                (!self.matches(*pattern, text, whole)).then(|| format!("must match {pattern}"))
            }
            _ => refuse_without_pattern(text, fact),
        }
    }
}

fn refuse_without_pattern(text: &str, fact: &Fact) -> Option<String> {
    let length = text.chars().count() as f64;
    match fact {
        Fact::LengthBetween(low, high) => (length < number(low)? || length > number(high)?)
            .then(|| format!("must have {} to {} characters", shown(low), shown(high))),
        Fact::LengthAtMost(bound) => (length > number(bound)?)
            .then(|| format!("must have at most {} characters", shown(bound))),
        Fact::LengthAtLeast(bound) => (length < number(bound)?)
            .then(|| format!("must have at least {} characters", shown(bound))),
        Fact::In(list) => match &list.kind {
            ExprKind::List(items) => {
                let known: Option<Vec<&str>> = items
                    .iter()
                    .map(|it| match &it.kind {
                        ExprKind::Text(parts) => plain_text(parts),
                        _ => None,
                    })
                    .collect();
                let known = known?;
                (!known.contains(&text)).then(|| format!("must be one of {}", known.join(", ")))
            }
            _ => None,
        },
        Fact::Chars(..)
        | Fact::Matches(..)
        | Fact::Between(..)
        | Fact::Less(_)
        | Fact::AtMost(_)
        | Fact::More(_)
        | Fact::AtLeast(_) => None,
    }
}

/// The characters of `chars` for a bracket of a pattern: `-` between two letters or digits is a range, all else itself.
fn bracketed(allowed: &str) -> String {
    let all: Vec<char> = allowed.chars().collect();
    let mut out = String::new();
    for (place, it) in all.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|it| all.get(it));
        let after = all.get(place + 1);
        let is_range = *it == '-'
            && before.is_some_and(char::is_ascii_alphanumeric)
            && after.is_some_and(char::is_ascii_alphanumeric);
        if !is_range && !it.is_alphanumeric() && !it.is_whitespace() {
            out.push('\\');
        }
        out.push(*it);
    }
    out
}
