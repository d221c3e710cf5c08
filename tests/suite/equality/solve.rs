//! Reads conversions backwards: from what stands at a path to what the field held.
//!
//! A conversion is a pattern with `it` as the unknown. Where a form cannot be read backwards, what it gave is kept under
//! the text of the expression, so that two targets with the same expression can still be compared.

use std::collections::BTreeMap;

use topoc_syntax::ast::{Arg, Attribute, BinaryOp, Expr, ExprKind, TextPart};

use super::known::Known;
use super::pieces::{amount, between, decimal, measured, number_in, tail_of, without_tail};
use super::rewrite::{show, with};
use super::value::Value;
use crate::library::{Library, recased};

/// What is known of each name.
pub type Facts = BTreeMap<String, Known>;

/// The most readings that are followed.
pub const READINGS: usize = 64;

/// Conversions of one resource type in one target.
pub struct Solver<'a> {
    /// The library, for the functions that conversions call.
    pub library: &'a Library,
    /// The target.
    pub target: usize,
    /// The name space of the resource type.
    pub service: &'a str,
}

impl Solver<'_> {
    /// Every reading of `expr` that gives `given`; none if it cannot.
    pub fn read(&self, expr: &Expr, given: &Known, depth: usize) -> Vec<Facts> {
        if depth > 40 {
            return Vec::new();
        }
        match (&expr.kind, given) {
            (_, Known::Anything) => vec![Facts::new()],
            // Reading goes by the target's own keys.
            (_, Known::Cased(value)) => self.read(expr, &Known::Is(value.clone()), depth + 1),
            (_, Known::OneOf(all)) => all
                .iter()
                .flat_map(|it| self.read(expr, it, depth + 1))
                .take(READINGS)
                .collect(),
            (ExprKind::Name(_) | ExprKind::Field(..) | ExprKind::OptField(..), _) => {
                self.access(expr, given, depth)
            }
            (ExprKind::If(condition, then, otherwise), _) => {
                self.either(condition, then, otherwise, given, depth)
            }
            (ExprKind::Call(callee, arguments), _) => {
                self.call(expr, callee, arguments, given, depth)
            }
            (ExprKind::Binary(op, left, right), _) => {
                self.binary(expr, *op, left, right, given, depth)
            }
            (ExprKind::None, _) => {
                if is_absent(given) {
                    vec![Facts::new()]
                } else {
                    Vec::new()
                }
            }
            (ExprKind::Record(fields), _) => self.record(fields, given, depth),
            (ExprKind::List(items), _) => self.list(items, given, depth),
            (ExprKind::ListFor(loops, body), _) => self.list_for(expr, loops, body, given, depth),
            (ExprKind::Text(parts), Known::Is(value)) => self.text(parts, value, depth),
            (ExprKind::Bool(it), Known::Is(value)) => {
                fits(*value == Value::Bool(*it) || loosely(value, &it.to_string()))
            }
            (ExprKind::Int(it), Known::Is(value)) => {
                fits(*value == Value::Number(it.to_string()) || loosely(value, &it.to_string()))
            }
            (ExprKind::Float(it), Known::Is(value)) => {
                fits(*value == Value::number(&it.to_string()))
            }
            (
                ExprKind::Text(_) | ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Float(_),
                Known::Absent,
            ) => Vec::new(),
            _ => self.opaque(expr, given),
        }
    }

    /// `it.a.b`: the unknown, a loop's name, or a constant of the library.
    fn access(&self, expr: &Expr, given: &Known, depth: usize) -> Vec<Facts> {
        if let Some(inner) = member(expr) {
            return self.read(inner, given, depth + 1);
        }
        if let Some((root, path)) = path_of(expr) {
            if let Some((_, constant)) = self
                .library
                .names
                .value(self.service, expr)
                .filter(|_| !is_unknown(&root))
                && constant.params.is_none()
            {
                return self.read(&constant.value, given, depth + 1);
            }
            let given = match given {
                Known::Is(value @ (Value::Map(_) | Value::List(_))) => Known::Cased(value.clone()),
                other => other.clone(),
            };
            let known = path
                .iter()
                .rev()
                .fold(given, |known, name| measured(known, name));
            return vec![Facts::from([(root, known)])];
        }
        self.opaque(expr, given)
    }

    fn either(
        &self,
        condition: &Expr,
        then: &Expr,
        otherwise: &Expr,
        given: &Known,
        depth: usize,
    ) -> Vec<Facts> {
        let mut found = Vec::new();
        for (branch, holds) in [(then, true), (otherwise, false)] {
            for facts in self.read(branch, given, depth + 1) {
                let more = self.condition(condition, holds, depth);
                found.extend(more.into_iter().filter_map(|it| both(facts.clone(), it)));
            }
        }
        found.truncate(READINGS);
        found
    }

    /// What a condition tells if it holds, or if it does not.
    pub fn condition(&self, condition: &Expr, holds: bool, depth: usize) -> Vec<Facts> {
        match &condition.kind {
            ExprKind::Not(inner) => self.condition(inner, !holds, depth),
            ExprKind::Binary(BinaryOp::Ne, left, right) if holds => {
                self.differs(left, right, depth)
            }
            ExprKind::Binary(BinaryOp::Eq, left, right) if !holds => {
                self.differs(left, right, depth)
            }
            ExprKind::Binary(BinaryOp::Eq, left, right) if holds => self.equals(left, right, depth),
            ExprKind::Binary(BinaryOp::Ne, left, right) if !holds => {
                self.equals(left, right, depth)
            }
            ExprKind::Binary(BinaryOp::And, left, right) if holds => {
                self.all(&[(left, true), (right, true)], depth)
            }
            ExprKind::Binary(BinaryOp::Or, left, right) if !holds => {
                self.all(&[(left, false), (right, false)], depth)
            }
            ExprKind::Name(_) | ExprKind::Field(..) => {
                self.read(condition, &Known::Is(Value::Bool(holds)), depth + 1)
            }
            _ => vec![Facts::new()],
        }
    }

    fn all(&self, conditions: &[(&Expr, bool)], depth: usize) -> Vec<Facts> {
        conditions
            .iter()
            .fold(vec![Facts::new()], |facts, (condition, holds)| {
                product(facts, &self.condition(condition, *holds, depth))
            })
    }

    /// Of two that differ only this is told: what differs from `none` is there.
    fn differs(&self, left: &Expr, right: &Expr, depth: usize) -> Vec<Facts> {
        match (&left.kind, &right.kind) {
            (ExprKind::Name(_) | ExprKind::Field(..), ExprKind::None) => {
                self.read(left, &Known::Present, depth + 1)
            }
            (ExprKind::Name(_) | ExprKind::Field(..), ExprKind::Text(parts)) => {
                match parts.as_slice() {
                    [TextPart::Text(text)] => {
                        self.read(left, &Known::Differs(Value::text(text.as_str())), depth + 1)
                    }
                    _ => vec![Facts::new()],
                }
            }
            (ExprKind::Text(_), ExprKind::Text(_)) => fits(show(left) != show(right)),
            _ => vec![Facts::new()],
        }
    }

    fn equals(&self, left: &Expr, right: &Expr, depth: usize) -> Vec<Facts> {
        let known = match &right.kind {
            ExprKind::None => Known::Absent,
            ExprKind::Text(parts) => match parts.as_slice() {
                [] => Known::Is(Value::text("")),
                [TextPart::Text(text)] => Known::Is(Value::text(text.as_str())),
                _ => return vec![Facts::new()],
            },
            ExprKind::Bool(it) => Known::Is(Value::Bool(*it)),
            ExprKind::Int(it) => Known::Is(Value::Number(it.to_string())),
            // Only an empty list has no items; other comparisons tell nothing that is printed.
            _ => return vec![Facts::new()],
        };
        if matches!(&left.kind, ExprKind::Call(..)) {
            return vec![Facts::new()];
        }
        self.read(left, &known, depth + 1)
    }

    fn call(
        &self,
        expr: &Expr,
        callee: &Expr,
        arguments: &[Arg],
        given: &Known,
        depth: usize,
    ) -> Vec<Facts> {
        let name = if let ExprKind::Name(name) = &callee.kind {
            name.as_str()
        } else {
            ""
        };
        let Some(first) = arguments.first().map(|it| &it.value) else {
            return self.opaque(expr, given);
        };
        match name {
            "text" => self.text_of(first, given, depth),
            "json" => self.json_of(first, given, depth),
            "round" | "int" => self.read(first, given, depth + 1),
            "flatten" => self.flattened(expr, first, given, depth),
            _ => match self.library.names.value(self.service, callee) {
                Some((_, function)) => {
                    let names = function
                        .params
                        .iter()
                        .flatten()
                        .map(|it| it.name.name.as_str());
                    let inlined = with(
                        &function.value,
                        &names.zip(arguments.iter().map(|it| &it.value)).collect(),
                    );
                    self.read(&inlined, given, depth + 1)
                }
                None => self.opaque(expr, given),
            },
        }
    }

    fn text_of(&self, inner: &Expr, given: &Known, depth: usize) -> Vec<Facts> {
        match given {
            Known::Is(value) => match value.plain() {
                Some(text) => {
                    self.read(inner, &Known::Is(Value::Loose(text.to_owned())), depth + 1)
                }
                None if matches!(value, Value::Text(_)) => self.read(inner, given, depth + 1),
                None => Vec::new(),
            },
            _ => self.read(inner, given, depth + 1),
        }
    }

    fn json_of(&self, inner: &Expr, given: &Known, depth: usize) -> Vec<Facts> {
        match given {
            Known::Is(Value::Encoded(it)) => {
                self.read(inner, &Known::Is(it.as_ref().clone()), depth + 1)
            }
            Known::Is(Value::Text(pieces)) => match Value::from_json_pieces(pieces) {
                Some(it) => self.read(inner, &Known::Is(it), depth + 1),
                None => Vec::new(),
            },
            Known::Absent => self.read(inner, given, depth + 1),
            _ => Vec::new(),
        }
    }

    fn binary(
        &self,
        expr: &Expr,
        op: BinaryOp,
        left: &Expr,
        right: &Expr,
        given: &Known,
        depth: usize,
    ) -> Vec<Facts> {
        match op {
            BinaryOp::Fallback => {
                let mut found = self.read(left, given, depth + 1);
                let absent = self.read(left, &Known::Absent, depth + 1);
                found.extend(product(absent, &self.read(right, given, depth + 1)));
                found
            }
            BinaryOp::Div | BinaryOp::Mul => match (amount(right), number_in(given)) {
                (Some(unit), Some(number)) => {
                    let whole = if op == BinaryOp::Div {
                        number * unit
                    } else {
                        number / unit
                    };
                    self.read(left, &Known::Is(decimal(whole)), depth + 1)
                }
                _ if is_absent(given) => self.read(left, given, depth + 1),
                _ => self.opaque(expr, given),
            },
            BinaryOp::Add => self.joined(expr, left, right, given, depth),
            BinaryOp::Or
            | BinaryOp::And
            | BinaryOp::Eq
            | BinaryOp::Ne
            | BinaryOp::Lt
            | BinaryOp::Le
            | BinaryOp::Gt
            | BinaryOp::Ge
            | BinaryOp::In
            | BinaryOp::Sub => self.opaque(expr, given),
        }
    }

    /// `[a, b] + rest`, `rest + [a]`: a literal has as many items as it has.
    fn joined(
        &self,
        expr: &Expr,
        left: &Expr,
        right: &Expr,
        given: &Known,
        depth: usize,
    ) -> Vec<Facts> {
        let Known::Is(Value::List(items)) = given else {
            return self.opaque(expr, given);
        };
        let split = match (literal_length(left), literal_length(right)) {
            (Some(count), _) if count <= items.len() => count,
            (_, Some(count)) if count <= items.len() => items.len() - count,
            (None, None) => return self.opaque(expr, given),
            _ => return Vec::new(),
        };
        let part = |items: &[Value]| Known::Is(Value::List(items.to_vec()));
        let (first, rest) = items.split_at(split);
        product(
            self.read(left, &part(first), depth + 1),
            &self.read(right, &part(rest), depth + 1),
        )
    }

    fn record(&self, fields: &[Attribute], given: &Known, depth: usize) -> Vec<Facts> {
        let empty = BTreeMap::new();
        let members = match given {
            Known::Is(Value::Map(members)) => members,
            // The only block of a list.
            Known::Is(Value::List(items)) if self.target == 1 => match items.as_slice() {
                [Value::Map(members)] => members,
                _ => return Vec::new(),
            },
            Known::Absent => &empty,
            _ => return Vec::new(),
        };
        let keys: Vec<String> = fields.iter().map(|it| self.key(it)).collect();
        if members.keys().any(|it| !keys.contains(it)) {
            return Vec::new();
        }
        fields
            .iter()
            .zip(&keys)
            .fold(vec![Facts::new()], |facts, (field, key)| {
                let given = members
                    .get(key)
                    .map_or(Known::Absent, |it| Known::Is(it.clone()));
                product(facts, &self.read(&field.value, &given, depth + 1))
            })
    }

    fn key(&self, field: &Attribute) -> String {
        if field.quoted {
            field.name.name.as_str().to_owned()
        } else {
            recased(field.name.name.as_str(), self.target)
        }
    }

    fn list(&self, items: &[Expr], given: &Known, depth: usize) -> Vec<Facts> {
        match given {
            Known::Is(Value::List(values)) if values.len() == items.len() => items
                .iter()
                .zip(values)
                .fold(vec![Facts::new()], |facts, (item, value)| {
                    product(
                        facts,
                        &self.read(item, &Known::Is(value.clone()), depth + 1),
                    )
                }),
            Known::Absent if items.is_empty() => vec![Facts::new()],
            _ => Vec::new(),
        }
    }

    /// `"{it}-x"`: one hole is what is left between the known texts.
    fn text(&self, parts: &[TextPart], value: &Value, depth: usize) -> Vec<Facts> {
        let text = |part: &TextPart| {
            if let TextPart::Text(text) = part {
                Some(text.as_str().to_owned())
            } else {
                None
            }
        };
        if let Some(whole) = parts.iter().map(text).collect::<Option<String>>() {
            return fits(value.plain() == Some(&whole) || loosely(value, &whole));
        }
        let (Value::Text(pieces), [before @ .., TextPart::Code(code)]) =
            (value, without_tail(parts))
        else {
            return Vec::new();
        };
        let (Some(head), tail) = (
            before.iter().map(text).collect::<Option<String>>(),
            tail_of(parts),
        ) else {
            return vec![Facts::new()];
        };
        between(pieces, &head, &tail).map_or_else(Vec::new, |middle| {
            self.text_of(code, &Known::Is(middle), depth)
        })
    }

    /// What cannot be read backwards, under its own text.
    pub fn opaque(&self, expr: &Expr, given: &Known) -> Vec<Facts> {
        vec![Facts::from([(
            "it".to_owned(),
            given.clone().field(&show(expr)),
        )])]
    }
}

pub fn fits(it: bool) -> Vec<Facts> {
    if it { vec![Facts::new()] } else { Vec::new() }
}

fn loosely(value: &Value, text: &str) -> bool {
    matches!(value, Value::Loose(it) if it == text)
}

pub fn is_absent(known: &Known) -> bool {
    matches!(known, Known::Absent | Known::Is(Value::Null))
}

/// Names that stand for more than one item of a loop.
pub fn is_unknown(name: &str) -> bool {
    name == "it"
}

/// `it.a.b` as `it` and `a`, `b`.
pub fn path_of(expr: &Expr) -> Option<(String, Vec<String>)> {
    match &expr.kind {
        ExprKind::Name(name) => Some((name.as_str().to_owned(), Vec::new())),
        ExprKind::Field(base, name) | ExprKind::OptField(base, name) => {
            let (root, mut path) = path_of(base)?;
            path.push(name.name.as_str().to_owned());
            Some((root, path))
        }
        _ => None,
    }
}

/// `{ a = x }.a` is `x`.
fn member(expr: &Expr) -> Option<&Expr> {
    let (ExprKind::Field(base, name) | ExprKind::OptField(base, name)) = &expr.kind else {
        return None;
    };
    let ExprKind::Record(fields) = &base.kind else {
        return None;
    };
    fields
        .iter()
        .find(|it| it.name.name == name.name)
        .map(|it| &it.value)
}

fn literal_length(expr: &Expr) -> Option<usize> {
    if let ExprKind::List(items) = &expr.kind {
        Some(items.len())
    } else {
        None
    }
}

/// Both facts, where they do not contradict each other.
pub fn both(a: Facts, b: Facts) -> Option<Facts> {
    b.into_iter().try_fold(a, |mut all, (name, it)| {
        let known = match all.remove(&name) {
            Some(own) => own.and(it)?,
            None => it,
        };
        all.insert(name, known);
        Some(all)
    })
}

/// Every pair that fits.
pub fn product(a: Vec<Facts>, b: &[Facts]) -> Vec<Facts> {
    let pairs = a
        .iter()
        .flat_map(|a| b.iter().filter_map(|b| both(a.clone(), b.clone())));
    pairs.take(READINGS).collect()
}
