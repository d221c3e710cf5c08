//! Reads conversions backwards: from what stands at a path to what the field held.
//!
//! A conversion is a pattern with `it` as the unknown. Where a form cannot be read backwards, what it gave is kept under
//! the text of the expression, so that two targets with the same expression can still be compared.

use std::collections::BTreeMap;

use topoc_syntax::ast::{Arg, Attribute, BinaryOp, Expr, ExprKind, Loop, TextPart};

use super::known::Known;
use super::rewrite::{show, with};
use super::value::{Piece, Value};
use crate::library::{Library, recased};

/// What is known of each name.
pub type Facts = BTreeMap<String, Known>;

/// The most readings that are followed.
const READINGS: usize = 64;

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
            (_, Known::OneOf(all)) => all.iter().flat_map(|it| self.read(expr, it, depth + 1)).take(READINGS).collect(),
            (ExprKind::Name(_) | ExprKind::Field(..) | ExprKind::OptField(..), _) => self.access(expr, given, depth),
            (ExprKind::If(condition, then, otherwise), _) => self.either(condition, then, otherwise, given, depth),
            (ExprKind::Call(callee, arguments), _) => self.call(expr, callee, arguments, given, depth),
            (ExprKind::Binary(op, left, right), _) => self.binary(expr, *op, left, right, given, depth),
            (ExprKind::None, _) => if is_absent(given) { vec![Facts::new()] } else { Vec::new() },
            (ExprKind::Record(fields), _) => self.record(fields, given, depth),
            (ExprKind::List(items), _) => self.list(items, given, depth),
            (ExprKind::ListFor(loops, body), _) => self.list_for(expr, loops, body, given, depth),
            (ExprKind::Text(parts), Known::Is(value)) => self.text(parts, value, depth),
            (ExprKind::Bool(it), Known::Is(value)) => fits(*value == Value::Bool(*it) || loosely(value, &it.to_string())),
            (ExprKind::Int(it), Known::Is(value)) => fits(*value == Value::Number(it.to_string()) || loosely(value, &it.to_string())),
            (ExprKind::Float(it), Known::Is(value)) => fits(*value == Value::number(&it.to_string())),
            _ => self.opaque(expr, given),
        }
    }

    /// `it.a.b`: the unknown, a loop's name, or a constant of the library.
    fn access(&self, expr: &Expr, given: &Known, depth: usize) -> Vec<Facts> {
        if let Some((root, path)) = path_of(expr) {
            if let Some((_, constant)) = self.library.names.value(self.service, expr).filter(|_| !is_unknown(&root)) {
                if constant.params.is_none() {
                    return self.read(&constant.value, given, depth + 1);
                }
            }
            let given = match given {
                Known::Is(value @ (Value::Map(_) | Value::List(_))) => Known::Cased(value.clone()),
                other => other.clone(),
            };
            let known = path.iter().rev().fold(given, |known, name| measured(known, name));
            return vec![Facts::from([(root, known)])];
        }
        self.opaque(expr, given)
    }

    fn either(&self, condition: &Expr, then: &Expr, otherwise: &Expr, given: &Known, depth: usize) -> Vec<Facts> {
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
    fn condition(&self, condition: &Expr, holds: bool, depth: usize) -> Vec<Facts> {
        match &condition.kind {
            ExprKind::Not(inner) => self.condition(inner, !holds, depth),
            ExprKind::Binary(BinaryOp::Eq, left, right) if holds => self.equals(left, right, depth),
            ExprKind::Binary(BinaryOp::Ne, left, right) if !holds => self.equals(left, right, depth),
            ExprKind::Binary(BinaryOp::And, left, right) if holds => self.all(&[(left, true), (right, true)], depth),
            ExprKind::Binary(BinaryOp::Or, left, right) if !holds => self.all(&[(left, false), (right, false)], depth),
            ExprKind::Name(_) | ExprKind::Field(..) => self.read(condition, &Known::Is(Value::Bool(holds)), depth + 1),
            _ => vec![Facts::new()],
        }
    }

    fn all(&self, conditions: &[(&Expr, bool)], depth: usize) -> Vec<Facts> {
        conditions.iter().fold(vec![Facts::new()], |facts, (condition, holds)| product(facts, &self.condition(condition, *holds, depth)))
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

    fn call(&self, expr: &Expr, callee: &Expr, arguments: &[Arg], given: &Known, depth: usize) -> Vec<Facts> {
        let name = if let ExprKind::Name(name) = &callee.kind { name.as_str() } else { "" };
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
                    let names = function.params.iter().flatten().map(|it| it.name.name.as_str());
                    let inlined = with(&function.value, &names.zip(arguments.iter().map(|it| &it.value)).collect());
                    self.read(&inlined, given, depth + 1)
                }
                None => self.opaque(expr, given),
            },
        }
    }

    fn text_of(&self, inner: &Expr, given: &Known, depth: usize) -> Vec<Facts> {
        match given {
            Known::Is(value) => match value.plain() {
                Some(text) => self.read(inner, &Known::Is(Value::Loose(text.to_owned())), depth + 1),
                None if matches!(value, Value::Text(_)) => self.read(inner, given, depth + 1),
                None => Vec::new(),
            },
            _ => self.read(inner, given, depth + 1),
        }
    }

    fn json_of(&self, inner: &Expr, given: &Known, depth: usize) -> Vec<Facts> {
        match given {
            Known::Is(Value::Encoded(it)) => self.read(inner, &Known::Is(it.as_ref().clone()), depth + 1),
            Known::Is(Value::Text(pieces)) => match Value::from_json_pieces(pieces) {
                Some(it) => self.read(inner, &Known::Is(it), depth + 1),
                None => Vec::new(),
            },
            Known::Absent => self.read(inner, given, depth + 1),
            _ => Vec::new(),
        }
    }

    fn binary(&self, expr: &Expr, op: BinaryOp, left: &Expr, right: &Expr, given: &Known, depth: usize) -> Vec<Facts> {
        match op {
            BinaryOp::Fallback => {
                let mut found = self.read(left, given, depth + 1);
                let absent = self.read(left, &Known::Absent, depth + 1);
                found.extend(product(absent, &self.read(right, given, depth + 1)));
                found
            }
            BinaryOp::Div | BinaryOp::Mul => match (amount(right), number_in(given)) {
                (Some(unit), Some(number)) => {
                    let whole = if op == BinaryOp::Div { number * unit } else { number / unit };
                    self.read(left, &Known::Is(decimal(whole)), depth + 1)
                }
                _ => self.opaque(expr, given),
            },
            BinaryOp::Add => self.joined(expr, left, right, given, depth),
            BinaryOp::Or | BinaryOp::And | BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge | BinaryOp::In | BinaryOp::Sub => self.opaque(expr, given),
        }
    }

    /// `[a, b] + rest`, `rest + [a]`: a literal has as many items as it has.
    fn joined(&self, expr: &Expr, left: &Expr, right: &Expr, given: &Known, depth: usize) -> Vec<Facts> {
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
        product(self.read(left, &part(first), depth + 1), &self.read(right, &part(rest), depth + 1))
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
        fields.iter().zip(&keys).fold(vec![Facts::new()], |facts, (field, key)| {
            let given = members.get(key).map_or(Known::Absent, |it| Known::Is(it.clone()));
            product(facts, &self.read(&field.value, &given, depth + 1))
        })
    }

    fn key(&self, field: &Attribute) -> String {
        if field.quoted { field.name.name.as_str().to_owned() } else { recased(field.name.name.as_str(), self.target) }
    }

    fn list(&self, items: &[Expr], given: &Known, depth: usize) -> Vec<Facts> {
        match given {
            Known::Is(Value::List(values)) if values.len() == items.len() => items.iter().zip(values).fold(vec![Facts::new()], |facts, (item, value)| {
                product(facts, &self.read(item, &Known::Is(value.clone()), depth + 1))
            }),
            Known::Absent if items.is_empty() => vec![Facts::new()],
            _ => Vec::new(),
        }
    }

    fn list_for(&self, expr: &Expr, loops: &[Loop], body: &Expr, given: &Known, depth: usize) -> Vec<Facts> {
        let values = match given {
            Known::Is(Value::List(values)) => values.clone(),
            // No blocks are an empty list in terraform.
            Known::Absent if self.target == 1 => Vec::new(),
            _ => return Vec::new(),
        };
        let [only] = loops else {
            return self.opaque(expr, given);
        };
        let name = only.head.item.name.as_str();
        let (mut items, mut entries) = (Vec::new(), BTreeMap::new());
        let mut outer = vec![Facts::new()];
        for value in &values {
            let mut readings = self.read(body, &Known::Is(value.clone()), depth + 1);
            if readings.is_empty() {
                return Vec::new();
            }
            let own: Vec<Known> = readings.iter_mut().map(|it| it.remove(name).unwrap_or(Known::Anything)).collect();
            let key = only.head.key.as_ref().and_then(|key| readings.iter_mut().find_map(|it| it.remove(key.name.as_str())));
            entries.extend(key.as_ref().and_then(|it| it.value()?.plain()).map(|key| (key.to_owned(), Known::one_of(own.clone()))));
            items.push(Known::one_of(own));
            // What an item tells about names outside the loop.
            readings.iter_mut().for_each(|it| it.retain(|name, _| is_unknown(name)));
            outer = product(outer, &readings.into_iter().take(1).collect::<Vec<_>>());
        }
        // What has keys that are texts was a map.
        let of_map = only.head.key.is_some() && entries.len() == items.len();
        let list = if of_map { Known::Entries(entries) } else { Known::Items(items) };
        let told = match &only.condition {
            // What was filtered is told for this filter only.
            Some(condition) => self.filtered(&only.head.list, condition, list),
            None => self.read(&only.head.list, &list, depth + 1),
        };
        product(outer, &told)
    }

    fn filtered(&self, list: &Expr, condition: &Expr, items: Known) -> Vec<Facts> {
        match path_of(list) {
            Some((root, path)) => {
                let known = items.field(&format!("where {}", show(condition)));
                vec![Facts::from([(root, path.iter().rev().fold(known, |known, name| known.field(name)))])]
            }
            None => vec![Facts::new()],
        }
    }

    /// `flatten([for a in it: [for b in a.bs: …]])`: neighbours that tell the same about `a` stem from one `a`.
    fn flattened(&self, expr: &Expr, inner: &Expr, given: &Known, depth: usize) -> Vec<Facts> {
        let (ExprKind::ListFor(outer, body), Known::Is(Value::List(values))) = (&inner.kind, given) else {
            return self.opaque(expr, given);
        };
        let (ExprKind::ListFor(nested, body), [outer]) = (&body.kind, outer.as_slice()) else {
            return self.opaque(expr, given);
        };
        let [nested] = nested.as_slice() else {
            return self.opaque(expr, given);
        };
        let Some((root, path)) = path_of(&nested.head.list).filter(|(root, _)| root == outer.head.item.name.as_str()) else {
            return self.opaque(expr, given);
        };
        let mut groups: Vec<(Known, Vec<Known>)> = Vec::new();
        for value in values {
            let Some(mut facts) = self.read(body, &Known::Is(value.clone()), depth + 1).into_iter().next() else {
                return Vec::new();
            };
            let about = facts.remove(&root).unwrap_or(Known::Anything);
            let item = facts.remove(nested.head.item.name.as_str()).unwrap_or(Known::Anything);
            match groups.last_mut().filter(|(last, _)| *last == about) {
                Some((_, items)) => items.push(item),
                None => groups.push((about, vec![item])),
            }
        }
        let items = groups.into_iter().filter_map(|(about, items)| {
            let list = path.iter().rev().fold(Known::Items(items), |known, name| known.field(name));
            about.and(list)
        });
        self.read(&outer.head.list, &Known::Items(items.collect()), depth + 1)
    }

    /// `"{it}-x"`: one hole is what is left between the known texts.
    fn text(&self, parts: &[TextPart], value: &Value, depth: usize) -> Vec<Facts> {
        let text = |part: &TextPart| if let TextPart::Text(text) = part { Some(text.as_str().to_owned()) } else { None };
        if let Some(whole) = parts.iter().map(text).collect::<Option<String>>() {
            return fits(value.plain() == Some(&whole) || loosely(value, &whole));
        }
        let (Value::Text(pieces), [before @ .., TextPart::Code(code)]) = (value, without_tail(parts)) else {
            return Vec::new();
        };
        let (Some(head), tail) = (before.iter().map(text).collect::<Option<String>>(), tail_of(parts)) else {
            return vec![Facts::new()];
        };
        between(pieces, &head, &tail).map_or_else(Vec::new, |middle| self.text_of(code, &Known::Is(middle), depth))
    }

    fn opaque(&self, expr: &Expr, given: &Known) -> Vec<Facts> {
        vec![Facts::from([("it".to_owned(), given.clone().field(&show(expr)))])]
    }
}

fn fits(it: bool) -> Vec<Facts> {
    if it { vec![Facts::new()] } else { Vec::new() }
}

fn loosely(value: &Value, text: &str) -> bool {
    matches!(value, Value::Loose(it) if it == text)
}

fn is_absent(known: &Known) -> bool {
    matches!(known, Known::Absent | Known::Is(Value::Null))
}

/// Names that stand for more than one item of a loop.
fn is_unknown(name: &str) -> bool {
    name == "it"
}

/// `it.a.b` as `it` and `a`, `b`.
fn path_of(expr: &Expr) -> Option<(String, Vec<String>)> {
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

/// What is known of the base if this is known of a field; a part of a measure tells the measure.
fn measured(known: Known, name: &str) -> Known {
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

fn number_in(known: &Known) -> Option<f64> {
    match known.value()? {
        Value::Number(it) | Value::Loose(it) => it.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Text(_) | Value::List(_) | Value::Map(_) | Value::Encoded(_) => None,
    }
}

fn amount(expr: &Expr) -> Option<f64> {
    match &expr.kind {
        ExprKind::Int(it) | ExprKind::Duration(it) | ExprKind::Size(it) => i32::try_from(*it).map(f64::from).ok().or_else(|| it.to_string().parse().ok()),
        ExprKind::Float(it) => it.to_string().parse().ok(),
        _ => None,
    }
}

fn decimal(number: f64) -> Value {
    Value::number(&number.to_string())
}

fn literal_length(expr: &Expr) -> Option<usize> {
    if let ExprKind::List(items) = &expr.kind { Some(items.len()) } else { None }
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
    let pairs = a.iter().flat_map(|a| b.iter().filter_map(|b| both(a.clone(), b.clone())));
    pairs.take(READINGS).collect()
}

fn without_tail(parts: &[TextPart]) -> &[TextPart] {
    match parts {
        [rest @ .., TextPart::Text(_)] => rest,
        all => all,
    }
}

fn tail_of(parts: &[TextPart]) -> String {
    match parts.last() {
        Some(TextPart::Text(text)) => text.as_str().to_owned(),
        _ => String::new(),
    }
}

/// What stands between a head and a tail.
fn between(pieces: &[Piece], head: &str, tail: &str) -> Option<Value> {
    let mut pieces = pieces.to_vec();
    if !head.is_empty() {
        let Some(Piece::Text(first)) = pieces.first_mut() else { return None };
        *first = first.strip_prefix(head)?.to_owned();
    }
    if !tail.is_empty() {
        let Some(Piece::Text(last)) = pieces.last_mut() else { return None };
        *last = last.strip_suffix(tail)?.to_owned();
    }
    Some(Value::pieces(pieces))
}
