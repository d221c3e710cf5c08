//! Compares what is asked for at deployment.

use std::collections::{BTreeMap, BTreeSet};

use topoc_syntax::ast::{Attribute, ExprKind, TextPart};

use super::instances::{Instance, Instances};
use super::value::{Hole, Input, Piece, Printed, Value, parameter};
use crate::library::{Library, Spelled, TARGETS, Target};

/// What CloudFormation alone asks for: the bucket of packages.
const BUCKET: &str = "AssetBucket";

/// The inputs; in CloudFormation without those that stand for lookups.
pub fn differences(
    library: &Library,
    printed: &[Printed; 3],
    found: &Instances<'_>,
) -> Vec<String> {
    let lookups = found.all.iter().filter(|it| it.card.lookup);
    let asked: BTreeMap<String, &Instance<'_>> = lookups
        .flat_map(|it| {
            let outputs = it.card.outputs.iter();
            outputs.map(move |output| (format!("{}{}", it.name, parameter(&output.name)), it))
        })
        .collect();
    let names: BTreeSet<&String> = printed
        .iter()
        .flat_map(|it| it.inputs.keys())
        .filter(|it| !asked.contains_key(*it))
        .filter(|it| *it != BUCKET || printed[1..].iter().any(|of| of.inputs.contains_key(*it)))
        .collect();
    let mut problems: Vec<String> = asked
        .iter()
        .filter_map(|(name, it)| parameter_problem(library, printed, name, it))
        .collect();
    problems.extend((0..).zip(printed).flat_map(|(at, it)| undeclared(at, it)));
    for name in names {
        let all: BTreeMap<Target, Option<Input>> = (0..)
            .zip(printed)
            .filter(|(_, it)| !it.refused)
            .map(|(at, it)| (at, it.inputs.get(name).map(plain)))
            .collect();
        let first = all.values().next().cloned().flatten();
        if first.is_none() || all.values().any(|it| *it != first) {
            problems.push(format!("input {name}: {all:?}"));
        }
    }
    problems
}

/// Pulumi takes a list as one text, and a number with a fraction as text.
fn plain(input: &Input) -> Input {
    let fraction = |it: &String| it.contains('.') && it.parse::<f64>().is_ok();
    let ty = match input.ty {
        "list" => "text",
        "number" if input.default.as_ref().is_some_and(fraction) => "text",
        other => other,
    };
    Input {
        ty,
        ..input.clone()
    }
}

/// What is read and not asked for.
fn undeclared(target: Target, printed: &Printed) -> Vec<String> {
    let resources = printed.resources.values().chain(printed.lookups.values());
    let values = resources.flat_map(|it| it.properties.values());
    let mut read = BTreeSet::new();
    values
        .chain(printed.outputs.values())
        .for_each(|it| inputs_in(it, &mut read));
    read.into_iter()
        .filter(|it| !printed.inputs.contains_key(*it))
        .map(|it| format!("input {it}: {} does not ask for it", TARGETS[target]))
        .collect()
}

fn inputs_in<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Text(pieces) => found.extend(pieces.iter().filter_map(|it| match it {
            Piece::Hole(Hole::Input(name)) => Some(name.as_str()),
            Piece::Hole(_) | Piece::Text(_) => None,
        })),
        Value::List(items) => items.iter().for_each(|it| inputs_in(it, found)),
        Value::Map(members) => members.values().for_each(|it| inputs_in(it, found)),
        Value::Encoded(inner) => inputs_in(inner, found),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Loose(_) => {}
    }
}

/// A parameter that stands for a lookup shows what it holds, and offers what the other targets look up.
fn parameter_problem(
    library: &Library,
    printed: &[Printed; 3],
    name: &str,
    of: &Instance<'_>,
) -> Option<String> {
    let input = printed[0].inputs.get(name)?;
    if input.ty != "text" || input.secret {
        return Some(format!("input {name}: {input:?} stands for a lookup"));
    }
    let default = input.default.as_ref()?;
    let lookup = printed[1].lookups.get(&of.name)?;
    let texts: Vec<&str> = lookup
        .properties
        .values()
        .filter_map(Value::plain)
        .collect();
    let mut fields = of.card.fields.iter();
    let fits = if fields.any(|it| matches!(it.spelled[0], Spelled::Default)) {
        texts.contains(&default.as_str())
    } else {
        listed(library, default).any(|key| texts.iter().any(|it| it.contains(key)))
    };
    (!fits).then(|| format!("input {name}: `{default}` is not what {texts:?} finds"))
}

/// Under which names the library's tables hold a text.
fn listed<'a>(library: &'a Library, text: &'a str) -> impl Iterator<Item = &'a str> {
    let lets = library.names.lets.values();
    let entries = lets.flat_map(|it| match &it.value.kind {
        ExprKind::Record(entries) => entries.as_slice(),
        _ => &[],
    });
    entries
        .filter(move |it| is_text(it, text))
        .filter_map(|it| it.name.name.as_str().split(' ').next())
}

fn is_text(entry: &Attribute, text: &str) -> bool {
    match &entry.value.kind {
        ExprKind::Text(parts) => match parts.as_slice() {
            [TextPart::Text(it)] => it.as_str() == text,
            _ => false,
        },
        _ => false,
    }
}
