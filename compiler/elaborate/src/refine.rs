//! Refinements of early values, and the fitting of names.

use rust_decimal::Decimal;
use sha2::{Digest, Sha256};
use topoc_diagnostics::{Code, Span};
use topoc_ir::Value;
use topoc_syntax::ast::{Expr, ExprKind, Fact, Ident, Refinement};
use ustr::Ustr;

use crate::errors;
use crate::eval::ops;
use crate::session::{Eval, Session};
use crate::types::Ty;

impl<'a> Session<'a> {
    /// Checks the facts of a refinement; a `Name` is fitted first.
    pub(crate) fn refine(
        &self,
        value: Value,
        refinement: Option<&'a Refinement>,
        ty: &Ty<'a>,
        span: Span,
        name: Ident,
    ) -> Eval {
        let Some(refinement) = refinement else {
            return Ok(value);
        };
        let value = match (ty.present(), value) {
            (Ty::Name, Value::Text(text)) => Value::Text(self.fitted(text, refinement)),
            (_, value) => value,
        };
        for fact in &refinement.facts {
            if let Some(problem) = self.violates(&value, fact) {
                let message = format!("`{}` must {problem}", name.name);
                let report = errors::plain(
                    Code::E0303,
                    span,
                    message,
                    format!("this is {}", self.describe(&value)),
                );
                return Err(self.report(report.because(refinement.span, "says its declaration")));
            }
        }
        Ok(value)
    }

    /// What the value breaks: the end of a sentence that begins with "must". Late and absent values break nothing.
    fn violates(&self, value: &Value, fact: &Fact) -> Option<String> {
        let bound = |expr: &Expr, holds: fn(Decimal, Decimal) -> bool| {
            measure(value)
                .zip(literal(expr))
                .is_some_and(|(value, bound)| !holds(value, bound))
        };
        let long = |expr: &Expr, holds: fn(Decimal, Decimal) -> bool| {
            length(value)
                .zip(literal(expr))
                .is_some_and(|(value, bound)| !holds(value, bound))
        };
        if let Value::Range(ends) = value {
            return self
                .violates(&ends.0, fact)
                .or_else(|| self.violates(&ends.1, fact));
        }
        let broken = match fact {
            Fact::Between(low, high) => bound(low, |v, b| v >= b) || bound(high, |v, b| v <= b),
            Fact::Less(high) => bound(high, |v, b| v < b),
            Fact::AtMost(high) => bound(high, |v, b| v <= b),
            Fact::More(low) => bound(low, |v, b| v > b),
            Fact::AtLeast(low) => bound(low, |v, b| v >= b),
            Fact::In(list) => !in_list(value, list),
            Fact::Matches(pattern, _) => !self.matches_whole(value, *pattern),
            Fact::Chars(class, _) => match value {
                Value::Text(text) => {
                    let class = Class::new(class);
                    text.chars().any(|c| !class.has(c))
                }
                _ => false,
            },
            Fact::LengthBetween(low, high) => long(low, |v, b| v >= b) || long(high, |v, b| v <= b),
            Fact::LengthAtMost(high) => long(high, |v, b| v <= b),
            Fact::LengthAtLeast(low) => long(low, |v, b| v >= b),
        };
        broken.then(|| fact_text(fact))
    }

    fn matches_whole(&self, value: &Value, pattern: Ustr) -> bool {
        let Value::Text(text) = value else {
            return true;
        };
        let mut matched = self.matched.borrow_mut();
        *matched.entry((pattern, *text)).or_insert_with(|| {
            let mut patterns = self.patterns.borrow_mut();
            let compiled = patterns
                .entry(pattern)
                .or_insert_with(|| regex_lite::Regex::new(&format!("^(?:{pattern})$")).ok());
            compiled.as_ref().is_some_and(|it| it.is_match(text))
        })
    }

    /// A derived name, made legal and short enough by a stable hash; what was written by hand is left alone.
    fn fitted(&self, text: Ustr, refinement: &Refinement) -> Ustr {
        let prefix = self.prefix.get();
        let derived = !prefix.is_empty() && text.contains(prefix.as_str());
        if !derived {
            return text;
        }
        fit_name(text, &Limits::of(refinement))
    }
}

/// What a name may be.
#[derive(Default)]
struct Limits {
    most: Option<usize>,
    chars: Option<Class>,
}

impl Limits {
    fn of(refinement: &Refinement) -> Self {
        let mut limits = Self::default();
        for fact in &refinement.facts {
            match fact {
                Fact::LengthBetween(_, high) | Fact::LengthAtMost(high) => {
                    limits.most =
                        literal(high).and_then(|it| usize::try_from(ops::to_int(it)).ok());
                }
                Fact::Chars(chars, _) => limits.chars = Some(Class::new(chars)),
                _ => {}
            }
        }
        limits
    }

    fn allows(&self, c: char) -> bool {
        self.chars.as_ref().is_none_or(|it| it.has(c))
    }
}

fn fit_name(text: Ustr, limits: &Limits) -> Ustr {
    let mut lossy = false;
    let mut legal = String::with_capacity(text.len());
    for c in text.chars() {
        let lower = c.to_ascii_lowercase();
        if limits.allows(c) {
            legal.push(c);
        } else if limits.allows(lower) {
            legal.push(lower);
            lossy = true;
        } else if limits.allows('-') {
            lossy |= c != '_' && c != '/';
            if !legal.ends_with('-') {
                legal.push('-');
            }
        } else {
            lossy = true;
        }
    }
    let most = limits.most.unwrap_or(usize::MAX);
    if !lossy && legal.len() <= most {
        return Ustr::from(&legal);
    }
    let digest = Sha256::digest(text.as_bytes());
    let hash: String = digest
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let keep = most.saturating_sub(hash.len() + 1).min(legal.len());
    let head = legal.get(..keep).unwrap_or_default().trim_end_matches('-');
    Ustr::from(&if limits.allows('-') {
        format!("{head}-{hash}")
    } else {
        format!("{head}{hash}")
    })
}

/// A class of characters like `A-Za-z0-9_-`.
#[derive(Default)]
struct Class {
    /// A bit for each character of ASCII.
    ascii: u128,
    /// Ranges beyond it.
    beyond: Vec<(char, char)>,
}

impl Class {
    fn new(class: &str) -> Self {
        let mut all = Self::default();
        let mut chars = class.chars().peekable();
        while let Some(low) = chars.next() {
            if low == '\\' {
                chars.next().into_iter().for_each(|it| all.add(it, it));
                continue;
            }
            let mut ahead = chars.clone();
            if let (Some('-'), Some(high)) = (ahead.next(), ahead.next()) {
                chars = ahead;
                all.add(low, high);
            } else {
                all.add(low, low);
            }
        }
        all
    }

    fn add(&mut self, low: char, high: char) {
        if !high.is_ascii() {
            self.beyond.push((low.max('\u{80}'), high));
        }
        // the bits up to `high` less those below `low`
        let last = u32::from(high).min(127);
        let below = u32::from(low).min(127);
        if low.is_ascii() && below <= last {
            self.ascii |= (u128::MAX >> (127 - last)) & (u128::MAX << below);
        }
    }

    fn has(&self, c: char) -> bool {
        if c.is_ascii() {
            return self.ascii >> u32::from(c) & 1 == 1;
        }
        self.beyond
            .iter()
            .any(|(low, high)| (low..=high).contains(&&c))
    }
}

fn literal(expr: &Expr) -> Option<Decimal> {
    match &expr.kind {
        ExprKind::Int(it) | ExprKind::Duration(it) | ExprKind::Size(it) => Some(Decimal::from(*it)),
        ExprKind::Float(it) | ExprKind::Percent(it) => Some(*it),
        ExprKind::Negate(inner) => literal(inner).map(|it| -it),
        _ => None,
    }
}

fn measure(value: &Value) -> Option<Decimal> {
    match value {
        Value::Duration(it) | Value::Size(it) => Some(Decimal::from(*it)),
        Value::Percent(it) => Some(*it),
        other => ops::number(other),
    }
}

fn length(value: &Value) -> Option<Decimal> {
    match value {
        Value::Text(text) => Some(Decimal::from(text.chars().count())),
        Value::List(items) => Some(Decimal::from(items.len())),
        Value::Map(map) => Some(Decimal::from(map.len())),
        _ => None,
    }
}

fn in_list(value: &Value, list: &Expr) -> bool {
    let ExprKind::List(items) = &list.kind else {
        return true;
    };
    let same = |item: &Expr| match (&item.kind, value) {
        (ExprKind::Name(word), Value::Word(it, _) | Value::Text(it)) => word == it,
        (ExprKind::Text(_), Value::Text(it)) => crate::eval::lookup::plain_text(item) == Some(*it),
        _ => measure(value).is_some() && measure(value) == literal(item),
    };
    matches!(value, Value::None | Value::Late(_) | Value::Template(_)) || items.iter().any(same)
}

fn number_text(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Duration(ms) => duration_text(*ms),
        ExprKind::Size(bytes) => size_text(*bytes),
        ExprKind::Percent(it) => format!("{}%", it.normalize()),
        _ => literal(expr)
            .map(|it| it.normalize().to_string())
            .unwrap_or_default(),
    }
}

fn duration_text(ms: i64) -> String {
    [
        (86_400_000, "d"),
        (3_600_000, "h"),
        (60_000, "m"),
        (1_000, "s"),
    ]
    .iter()
    .find(|(unit, _)| ms != 0 && ms % unit == 0)
    .map_or_else(
        || {
            if ms == 0 {
                "0s".into()
            } else {
                format!("{ms}ms")
            }
        },
        |(unit, word)| format!("{}{word}", ms / unit),
    )
}

fn size_text(bytes: i64) -> String {
    [
        (1i64 << 40, "TiB"),
        (1 << 30, "GiB"),
        (1 << 20, "MiB"),
        (1 << 10, "KiB"),
    ]
    .iter()
    .find(|(unit, _)| bytes != 0 && bytes % unit == 0)
    .map_or_else(
        || format!("{bytes}B"),
        |(unit, word)| format!("{}{word}", bytes / unit),
    )
}

fn fact_text(fact: &Fact) -> String {
    match fact {
        Fact::Between(low, high) => format!("lie in {}..{}", number_text(low), number_text(high)),
        Fact::Less(high) => format!("be less than {}", number_text(high)),
        Fact::AtMost(high) => format!("be at most {}", number_text(high)),
        Fact::More(low) => format!("be more than {}", number_text(low)),
        Fact::AtLeast(low) => format!("be at least {}", number_text(low)),
        Fact::In(list) => format!("be one of {}", list_text(list)),
        Fact::Matches(pattern, _) => format!("match {pattern}"),
        Fact::Chars(class, _) => format!("consist of the characters {class}"),
        Fact::LengthBetween(low, high) => format!(
            "have a length of {}..{}",
            number_text(low),
            number_text(high)
        ),
        Fact::LengthAtMost(high) => format!("have a length of at most {}", number_text(high)),
        Fact::LengthAtLeast(low) => format!("have a length of at least {}", number_text(low)),
    }
}

fn list_text(list: &Expr) -> String {
    let ExprKind::List(items) = &list.kind else {
        return String::new();
    };
    let texts: Vec<String> = items
        .iter()
        .map(|item| match &item.kind {
            ExprKind::Name(word) => word.to_string(),
            ExprKind::Text(_) => format!(
                "\"{}\"",
                crate::eval::lookup::plain_text(item).unwrap_or_default()
            ),
            _ => number_text(item),
        })
        .collect();
    texts.join(", ")
}
