//! What reading a conversion backwards tells about the value that went in.

use std::collections::BTreeMap;

use super::refs::Refs;
use super::value::{Piece, Value};
use crate::library::recased;

/// What is known about a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// Nothing: this target does not say it.
    Anything,
    /// It is not left out.
    Present,
    /// It is not this.
    Differs(Value),
    /// It is left out.
    Absent,
    /// All of it.
    Is(Value),
    /// All of it, with keys in the casing of its target.
    Cased(Value),
    /// Its entries, all of them.
    Entries(BTreeMap<String, Known>),
    /// Some of its fields.
    Fields(BTreeMap<String, Known>),
    /// Its items.
    Items(Vec<Known>),
    /// One of several.
    OneOf(Vec<Known>),
}

impl Known {
    /// One of several; of one it is that.
    pub fn one_of(mut all: Vec<Known>) -> Known {
        all.dedup();
        if all.len() == 1 {
            all.remove(0)
        } else {
            Known::OneOf(all)
        }
    }

    /// The value, if all of it is known.
    pub fn value(&self) -> Option<&Value> {
        if let Known::Is(value) | Known::Cased(value) = self {
            Some(value)
        } else {
            None
        }
    }

    /// The value as a target writes it, if all of its parts are known.
    pub fn whole(&self, target: usize) -> Option<Value> {
        match self {
            Known::Is(value) | Known::Cased(value) => Some(value.clone()),
            Known::Items(items) => {
                let items: Option<Vec<Value>> = items.iter().map(|it| it.whole(target)).collect();
                items.map(Value::List)
            }
            Known::Fields(fields) => {
                let entry = |(name, it): (&String, &Known)| {
                    Some((recased(name, target), it.whole(target)?))
                };
                let members: Option<BTreeMap<String, Value>> = fields.iter().map(entry).collect();
                members.map(Value::Map)
            }
            _ => None,
        }
    }

    /// A field of it.
    pub fn field(self, name: &str) -> Known {
        Known::Fields(BTreeMap::from([(name.to_owned(), self)]))
    }

    /// Both; `None` if they contradict each other.
    pub fn and(self, other: Known) -> Option<Known> {
        match (self, other) {
            (Known::Anything, it) | (it, Known::Anything) => Some(it),
            (a, b) if a == b => Some(a),
            (Known::Differs(not), it) | (it, Known::Differs(not)) => {
                (it.value() != Some(&not)).then_some(it)
            }
            (Known::Present, it) | (it, Known::Present) => {
                (!matches!(it, Known::Absent | Known::Is(Value::Null))).then_some(it)
            }
            (Known::Fields(mut a), Known::Fields(b)) => {
                for (name, it) in b {
                    let both = match a.remove(&name) {
                        Some(own) => own.and(it)?,
                        None => it,
                    };
                    a.insert(name, both);
                }
                Some(Known::Fields(a))
            }
            (Known::Items(a), Known::Items(b)) if a.len() == b.len() => {
                let both: Option<Vec<Known>> =
                    a.into_iter().zip(b).map(|(a, b)| a.and(b)).collect();
                both.map(Known::Items)
            }
            (Known::OneOf(all), it) | (it, Known::OneOf(all)) => {
                let left: Vec<Known> = all
                    .into_iter()
                    .filter_map(|one| one.and(it.clone()))
                    .collect();
                (!left.is_empty()).then(|| Known::one_of(left))
            }
            (Known::Is(Value::Loose(a)), Known::Is(b))
            | (Known::Is(b), Known::Is(Value::Loose(a))) => {
                is_spelled(&b, &a).then_some(Known::Is(b))
            }
            _ => None,
        }
    }
}

/// Compares what two targets tell.
pub struct Compare<'a> {
    /// What is the same thing in both.
    pub refs: &'a Refs,
    /// The two targets.
    pub targets: [usize; 2],
}

impl Compare<'_> {
    /// The number of leaves that were compared, or the first difference.
    pub fn known(&self, a: &Known, b: &Known) -> Result<usize, String> {
        match (a, b) {
            (Known::Anything, _) | (_, Known::Anything) => Ok(0),
            (Known::Present, Known::Absent | Known::Is(Value::Null))
            | (Known::Absent | Known::Is(Value::Null), Known::Present) => {
                Err(format!("{a:?} against {b:?}"))
            }
            (Known::Differs(not), it) | (it, Known::Differs(not)) => {
                if it.value() == Some(not) {
                    Err(format!("{a:?} against {b:?}"))
                } else {
                    Ok(0)
                }
            }
            (Known::OneOf(all), _) => best(all.iter().map(|it| self.known(it, b))),
            (_, Known::OneOf(all)) => best(all.iter().map(|it| self.known(a, it))),
            (Known::Present, Known::Present)
            | (Known::Absent | Known::Is(Value::Null), Known::Absent | Known::Is(Value::Null)) => {
                Ok(1)
            }
            (Known::Present, _) | (_, Known::Present) => Ok(0),
            (Known::Cased(a), Known::Is(b) | Known::Cased(b)) | (Known::Is(a), Known::Cased(b)) => {
                if self.same(&uncased(a), &uncased(b)) {
                    Ok(1)
                } else {
                    Err(format!("{a} against {b}"))
                }
            }
            (Known::Entries(a), Known::Is(Value::Map(b))) => self.entries(a, &known_members(b)),
            (Known::Is(Value::Map(a)), Known::Entries(b)) => self.entries(&known_members(a), b),
            (Known::Entries(a), Known::Entries(b)) => self.entries(a, b),
            (Known::Is(a), Known::Is(b)) => {
                if self.same(a, b) {
                    Ok(1)
                } else {
                    Err(format!("{a} against {b}"))
                }
            }
            (Known::Fields(a), Known::Fields(b)) => {
                let both = a
                    .iter()
                    .filter_map(|(name, a)| Some((name, a, b.get(name)?)));
                both.map(|(name, a, b)| self.known(a, b).map_err(|it| format!("{name}: {it}")))
                    .sum()
            }
            (Known::Is(Value::Map(members)), Known::Fields(fields)) => {
                self.members(members, fields, false)
            }
            (Known::Fields(fields), Known::Is(Value::Map(members))) => {
                self.members(members, fields, true)
            }
            (Known::Items(a), Known::Items(b)) => self.items(a, b),
            (Known::Items(a), Known::Cased(Value::List(b))) => {
                self.items(a, &b.iter().cloned().map(Known::Cased).collect::<Vec<_>>())
            }
            (Known::Cased(Value::List(a)), Known::Items(b)) => {
                self.items(&a.iter().cloned().map(Known::Cased).collect::<Vec<_>>(), b)
            }
            (Known::Cased(Value::Map(a)), Known::Fields(b)) => self.members(a, b, false),
            (Known::Fields(a), Known::Cased(Value::Map(b))) => self.members(b, a, true),
            (Known::Items(a), Known::Is(Value::List(b))) => {
                self.items(a, &b.iter().cloned().map(Known::Is).collect::<Vec<_>>())
            }
            (Known::Is(Value::List(a)), Known::Items(b)) => {
                self.items(&a.iter().cloned().map(Known::Is).collect::<Vec<_>>(), b)
            }
            // All that is known of its fields is that they are absent: it may well be absent itself.
            (Known::Fields(fields), Known::Absent) | (Known::Absent, Known::Fields(fields))
                if fields.values().all(is_absent) =>
            {
                Ok(1)
            }
            _ => Err(format!("{a:?} against {b:?}")),
        }
    }

    fn items(&self, a: &[Known], b: &[Known]) -> Result<usize, String> {
        if a.len() != b.len() {
            return Err(format!("{} items against {}", a.len(), b.len()));
        }
        let each = a.iter().zip(b).enumerate();
        let counts: Result<usize, String> = each
            .map(|(at, (a, b))| self.known(a, b).map_err(|it| format!("item {at}: {it}")))
            .sum();
        counts.map(|count| count + usize::from(a.is_empty()))
    }

    fn entries(
        &self,
        a: &BTreeMap<String, Known>,
        b: &BTreeMap<String, Known>,
    ) -> Result<usize, String> {
        if !a.keys().eq(b.keys()) {
            return Err(format!("{:?} against {:?}", a.keys(), b.keys()));
        }
        let each = a
            .iter()
            .zip(b.values())
            .map(|((name, a), b)| self.known(a, b).map_err(|it| format!("{name}: {it}")));
        each.sum::<Result<usize, String>>()
            .map(|count| count + usize::from(a.is_empty()))
    }

    fn members(
        &self,
        members: &BTreeMap<String, Value>,
        fields: &BTreeMap<String, Known>,
        swapped: bool,
    ) -> Result<usize, String> {
        let each = fields.iter().map(|(name, known)| {
            let member = members
                .iter()
                .find(|(key, _)| folded(key) == folded(name))
                .map_or(Known::Absent, |(_, it)| Known::Is(it.clone()));
            let found = if swapped {
                self.known(known, &member)
            } else {
                self.known(&member, known)
            };
            found.map_err(|it| format!("{name}: {it}"))
        });
        each.sum()
    }

    /// Whether two values mean the same.
    pub fn same(&self, a: &Value, b: &Value) -> bool {
        match (a, b) {
            (Value::Loose(text), other) | (other, Value::Loose(text)) => is_spelled(other, text),
            (Value::Encoded(a), Value::Encoded(b)) => self.same(a, b),
            (Value::Encoded(inner), Value::Text(pieces)) => {
                Value::from_json_pieces(pieces).is_some_and(|it| self.same(inner, &it))
            }
            (Value::Text(pieces), Value::Encoded(inner)) => {
                Value::from_json_pieces(pieces).is_some_and(|it| self.same(&it, inner))
            }
            (Value::Encoded(inner), other) => self.same(inner, other),
            (other, Value::Encoded(inner)) => self.same(other, inner),
            (Value::Text(a), Value::Text(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.same_piece(a, b))
            }
            (Value::List(a), Value::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.same(a, b))
            }
            (Value::Map(a), Value::Map(b)) => {
                a.len() == b.len()
                    && a.iter()
                        .all(|(key, a)| b.get(key).is_some_and(|b| self.same(a, b)))
            }
            _ => a == b,
        }
    }

    fn same_piece(&self, a: &Piece, b: &Piece) -> bool {
        match (a, b) {
            (Piece::Text(a), Piece::Text(b)) => a == b,
            (Piece::Hole(a), Piece::Hole(b)) => {
                self.refs.same((self.targets[0], a), (self.targets[1], b))
            }
            _ => false,
        }
    }

    /// Whether two lists hold the same, in any order.
    pub fn same_set(&self, a: &[Value], b: &[Value]) -> bool {
        let mut left: Vec<&Value> = b.iter().collect();
        a.len() == b.len()
            && a.iter().all(|a| {
                left.iter()
                    .position(|b| self.same(a, b))
                    .map(|at| left.remove(at))
                    .is_some()
            })
    }
}

fn best(mut found: impl Iterator<Item = Result<usize, String>>) -> Result<usize, String> {
    let mut first = None;
    let hit = found.find_map(|it| match it {
        Ok(count) => Some(count),
        Err(problem) => {
            first.get_or_insert(problem);
            None
        }
    });
    hit.ok_or_else(|| first.unwrap_or_else(|| "nothing fits".to_owned()))
}

fn known_members(members: &BTreeMap<String, Value>) -> BTreeMap<String, Known> {
    members
        .iter()
        .map(|(key, it)| (key.clone(), Known::Is(it.clone())))
        .collect()
}

/// Keys without casing; the only block of a list is the record.
fn uncased(value: &Value) -> Value {
    match value {
        Value::Map(members) => Value::Map(
            members
                .iter()
                .map(|(key, it)| (folded(key), uncased(it)))
                .collect(),
        ),
        Value::List(items) => match items.as_slice() {
            [Value::Map(_)] => uncased(&items[0]),
            all => Value::List(all.iter().map(uncased).collect()),
        },
        Value::Encoded(inner) => Value::Encoded(Box::new(uncased(inner))),
        other => other.clone(),
    }
}

fn is_absent(known: &Known) -> bool {
    matches!(known, Known::Absent | Known::Anything)
}

fn is_spelled(value: &Value, text: &str) -> bool {
    match value {
        Value::Number(it) | Value::Loose(it) => it == text,
        Value::Bool(it) => it.to_string() == text,
        Value::Text(_) => value.plain() == Some(text),
        Value::Null | Value::List(_) | Value::Map(_) | Value::Encoded(_) => false,
    }
}

/// A key without its target's casing.
pub fn folded(key: &str) -> String {
    key.chars()
        .filter(|it| *it != '_')
        .flat_map(char::to_lowercase)
        .collect()
}
