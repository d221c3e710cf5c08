//! Taking what stands at a path out of printed properties.

use std::collections::BTreeMap;

use super::value::Value;
use crate::library::{Seg, Step, Target};

/// Properties of a printed resource.
pub type Members = BTreeMap<String, Value>;

/// What stands at a path.
pub fn look(members: &Members, path: &[Seg], target: Target) -> Option<Value> {
    take(&mut members.clone(), path, target)
}

/// Takes what stands at a path out; containers that this empties go as well.
pub fn take(members: &mut Members, path: &[Seg], target: Target) -> Option<Value> {
    let (first, rest) = path.split_first()?;
    if rest.is_empty() && first.step == Step::Plain {
        return members.remove(&first.name);
    }
    let value = members.get_mut(&first.name)?;
    let found = match (first.step, &mut *value) {
        (Step::Plain, Value::Map(inner)) => take(inner, rest, target),
        // The only block of a list.
        (Step::Plain | Step::Only, Value::List(items))
            if first.step == Step::Only || target == 1 =>
        {
            match (items.as_mut_slice(), rest) {
                ([Value::Map(inner)], [_, ..]) => take(inner, rest, target),
                ([_], []) => items.pop(),
                _ => None,
            }
        }
        // A record may be written for the only block.
        (Step::Only, Value::Map(inner)) if target == 1 => take(inner, rest, target),
        _ => None,
    }?;
    if is_empty(value) {
        members.remove(&first.name);
    }
    Some(found)
}

/// The elements among which a path with `[+]` finds its own, and how to take the n-th of them.
pub fn elements(members: &Members, path: &[Seg]) -> Option<(usize, Vec<Value>)> {
    let at = path.iter().position(|it| it.step == Step::More)?;
    let mut inner = members;
    for seg in path.get(..at)? {
        match inner.get(&seg.name)? {
            Value::Map(members) => inner = members,
            Value::List(items) => match items.as_slice() {
                [Value::Map(members)] => inner = members,
                _ => return None,
            },
            _ => return None,
        }
    }
    match inner.get(&path.get(at)?.name)? {
        Value::List(items) => Some((at, items.clone())),
        _ => None,
    }
}

/// Takes the n-th element of the list behind `path[..=at]` out.
pub fn take_element(members: &mut Members, path: &[Seg], at: usize, number: usize) {
    let Some((first, rest)) = path.split_first() else {
        return;
    };
    let Some(value) = members.get_mut(&first.name) else {
        return;
    };
    match value {
        Value::List(items) if at == 0 => drop(items.remove(number)),
        Value::Map(inner) => take_element(inner, rest, at - 1, number),
        Value::List(items) => {
            if let [Value::Map(inner)] = items.as_mut_slice() {
                take_element(inner, rest, at - 1, number);
            }
        }
        _ => {}
    }
    if is_empty(value) {
        members.remove(&first.name);
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Map(members) => members.is_empty(),
        Value::List(items) => items.iter().all(is_empty_map),
        _ => false,
    }
}

fn is_empty_map(value: &Value) -> bool {
    matches!(value, Value::Map(members) if members.is_empty())
}
