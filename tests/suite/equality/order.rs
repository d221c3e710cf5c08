//! Order without values: what exists before what, by references and by what is said.
//!
//! Each target says only what its references do not imply, and parts move into their owners; so what is compared is the
//! whole order, with every part counted as its owner.

use std::collections::{BTreeMap, BTreeSet};

use super::differences::Differences;
use super::instances::Instances;
use super::value::{Hole, Piece, Printed, Resource, Value};
use crate::library::TARGETS;

/// Pairs that come in this order in one target and not in another.
pub fn differences(
    instances: &Instances<'_>,
    printed: &[Printed; 3],
    allowed: &Differences,
) -> Vec<String> {
    let whole = owners(instances);
    let orders: Vec<BTreeSet<(String, String)>> =
        printed.iter().map(|it| order(it, &whole)).collect();
    let mut problems = unfolded(printed);
    let lonely = lonely(&whole, &printed[0]).into_iter();
    let told = lonely.filter(|(part, _)| {
        let it = instances.all.iter().find(|it| it.name == *part);
        !it.is_some_and(|it| allowed.order(&it.card.path, "the rest", TARGETS[0]))
    });
    problems.extend(told.map(|(part, later)| format!("order: {later} does not wait for {part}")));
    for (a, b) in [(0, 1), (1, 2), (0, 2)] {
        let (Some(left), Some(right)) = (orders.get(a), orders.get(b)) else {
            continue;
        };
        if [a, b]
            .iter()
            .any(|it| printed.get(*it).is_some_and(|it| it.refused))
        {
            continue;
        }
        let only = |x: &BTreeSet<(String, String)>, y: &BTreeSet<(String, String)>, of: usize| {
            let word = TARGETS.get(of).copied().unwrap_or_default();
            let type_of = |name: &str| {
                instances
                    .all
                    .iter()
                    .find(|it| it.name == name)
                    .map_or("", |it| it.card.path.as_str())
            };
            x.difference(y)
                .filter(|(later, first)| !allowed.order(type_of(first), type_of(later), word))
                .map(|(later, first)| format!("order: only {word} makes {first} before {later}"))
                .collect::<Vec<_>>()
        };
        problems.extend(only(left, right, a));
        problems.extend(only(right, left, b));
    }
    problems
}

/// Terraform and Pulumi have the same resources: there each counts for itself.
fn unfolded(printed: &[Printed; 3]) -> Vec<String> {
    let [_, terraform, pulumi] = printed;
    if terraform.refused || pulumi.refused {
        return Vec::new();
    }
    let (a, b) = (of(terraform), of(pulumi));
    a.symmetric_difference(&b)
        .map(|(later, first)| format!("order: {first} is not made before {later} by both"))
        .collect()
}

/// What is a part of something elsewhere is made before whatever else mentions that: the part, and what does not wait.
fn lonely(whole: &BTreeMap<String, String>, cfn: &Printed) -> Vec<(String, String)> {
    let order = of(cfn);
    let mut found = Vec::new();
    for part in cfn.resources.keys() {
        let owner = root(whole, part);
        if owner == *part || !cfn.resources.contains_key(&owner) {
            continue;
        }
        for (name, it) in &cfn.resources {
            let mut firsts = BTreeSet::new();
            it.properties.values().for_each(|it| holes(it, &mut firsts));
            let waits = order.contains(&(name.clone(), part.clone()));
            if firsts.contains(&owner) && root(whole, name) != owner && !waits {
                found.push((part.clone(), name.clone()));
            }
        }
    }
    found
}

/// The whole order of one printing, each resource for itself.
pub fn of(printed: &Printed) -> BTreeSet<(String, String)> {
    order(printed, &BTreeMap::new())
}

/// Every name's owner, through all targets: what is a part anywhere counts as its owner everywhere.
fn owners(instances: &Instances<'_>) -> BTreeMap<String, String> {
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for it in &instances.all {
        for place in it
            .places
            .iter()
            .flatten()
            .filter(|place| place.name != it.name)
        {
            let (a, b) = (root(&owners, &it.name), root(&owners, &place.name));
            if a != b {
                owners.insert(a, b);
            }
        }
    }
    owners
}

fn root(owners: &BTreeMap<String, String>, name: &str) -> String {
    let mut name = name;
    while let Some(owner) = owners.get(name) {
        name = owner;
    }
    name.to_owned()
}

fn order(printed: &Printed, whole: &BTreeMap<String, String>) -> BTreeSet<(String, String)> {
    let mut direct: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, it) in &printed.resources {
        let mut firsts = BTreeSet::new();
        mentioned(it, &mut firsts);
        let own = root(whole, name);
        let firsts = firsts
            .into_iter()
            .filter(|it| printed.resources.contains_key(it))
            .map(|it| root(whole, &it))
            .filter(|it| *it != own);
        direct.entry(own.clone()).or_default().extend(firsts);
    }
    let mut pairs = BTreeSet::new();
    for start in direct.keys() {
        let mut open = vec![start];
        let mut seen = BTreeSet::new();
        while let Some(name) = open.pop() {
            for first in direct.get(name).into_iter().flatten() {
                if seen.insert(first) && first != start {
                    pairs.insert((start.clone(), first.clone()));
                    open.push(first);
                }
            }
        }
    }
    pairs
}

fn mentioned(resource: &Resource, found: &mut BTreeSet<String>) {
    found.extend(resource.after.iter().cloned());
    resource.properties.values().for_each(|it| holes(it, found));
}

fn holes(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Text(pieces) => found.extend(pieces.iter().filter_map(|it| match it {
            Piece::Hole(Hole::Attribute(name, _)) => Some(name.clone()),
            Piece::Hole(_) | Piece::Text(_) => None,
        })),
        Value::List(items) => items.iter().for_each(|it| holes(it, found)),
        Value::Map(members) => members.values().for_each(|it| holes(it, found)),
        Value::Encoded(inner) => holes(inner, found),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Loose(_) => {}
    }
}
