//! Compares three printings of one program.

use std::collections::{BTreeMap, BTreeSet};

use super::differences::Differences;
use super::fields::{Fields, Left, word};
use super::instances::{self, Instance, Instances};
use super::known::Compare;
use super::order;
use super::refs::Refs;
use super::value::{Input, Piece, Printed, Value, parameter};
use crate::library::{Kind, Library, TARGETS, Target};

/// All differences of three printings of one program.
pub fn differences(
    library: &Library,
    printed: &[Printed; 3],
    allowed: &Differences,
) -> Vec<String> {
    let mut found = instances::find(library, printed, &allowed.raw);
    let mut left = Left::new(printed);
    let refs = instances::refs(&found);
    choose(
        &mut found,
        &Fields {
            library,
            printed,
            refs: &refs,
            allowed,
        },
        &left,
        printed,
    );
    let refs = instances::refs(&found);
    let fields = Fields {
        library,
        printed,
        refs: &refs,
        allowed,
    };
    found
        .all
        .iter_mut()
        .for_each(|it| fields.set_apart(it, &mut left));

    let mut problems = found.problems.clone();
    for (word, it) in TARGETS.iter().zip(printed) {
        problems.extend(it.strange.iter().map(|it| format!("{word}: {it}")));
    }
    problems.extend(instances::homeless(&found, printed));
    problems.extend(fields.all(&found.all.iter().collect::<Vec<_>>(), &mut left));
    problems.extend(found.all.iter().flat_map(|it| settings(it, printed)));
    problems.extend(leftovers(library, &found, &left, printed, allowed));
    problems.extend(outputs(printed, &refs));
    problems.extend(inputs(printed, &found));
    problems.extend(order::differences(&found, printed, allowed));
    problems
}

/// Of several types that an instance may be, the one that fits best.
fn choose<'a>(found: &mut Instances<'a>, fields: &Fields<'_>, left: &Left, printed: &[Printed; 3]) {
    for (at, cards) in found.ambiguous.clone() {
        let mut best = None;
        for card in cards {
            instances::retype(found, at, card, printed);
            let misfit = found
                .all
                .get(at)
                .map_or(usize::MAX, |it| fields.misfit(it, left));
            if best.is_none_or(|(least, _)| misfit < least) {
                best = Some((misfit, card));
            }
        }
        if let Some((_, card)) = best {
            instances::retype(found, at, card, printed);
        }
    }
    found.ambiguous.clear();
}

/// What is no property: the region, and what somebody else changes.
fn settings(it: &Instance<'_>, printed: &[Printed; 3]) -> Vec<String> {
    let of = |target: Target| {
        printed.get(target).and_then(|printed| {
            if it.card.lookup {
                printed.lookups.get(&it.name)
            } else {
                printed.resources.get(&it.name)
            }
        })
    };
    let (Some(terraform), Some(pulumi)) = (of(1), of(2)) else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    // a last snapshot is a property of the others
    let kept = |it: &super::value::Resource| it.retain == Some("keep");
    let cfn = of(0).map_or(kept(pulumi), kept);
    if [cfn, kept(terraform)] != [kept(pulumi); 2] {
        problems.push(format!("{}: not kept by all targets", it.name));
    }
    if terraform.region != pulumi.region {
        problems.push(format!(
            "{}: region {:?} and {:?}",
            it.name, terraform.region, pulumi.region
        ));
    }
    let folded = |names: &[String]| {
        names
            .iter()
            .map(|it| super::known::folded(it))
            .collect::<BTreeSet<_>>()
    };
    if folded(&terraform.ignored) != folded(&pulumi.ignored) {
        problems.push(format!(
            "{}: ignores {:?} and {:?}",
            it.name, terraform.ignored, pulumi.ignored
        ));
    }
    problems
}

/// Properties that no field explains.
fn leftovers(
    library: &Library,
    found: &Instances<'_>,
    left: &Left,
    printed: &[Printed; 3],
    allowed: &Differences,
) -> Vec<String> {
    let mut problems = Vec::new();
    for (target, names) in left.0.iter().enumerate() {
        for ((_, name), members) in names {
            let Some(it) = found
                .all
                .iter()
                .find(|it| it.places.iter().flatten().any(|place| place.kept == *name))
            else {
                continue;
            };
            let card = it.card.path.as_str();
            let unexplained = members.iter().filter(|(key, _)| {
                !allowed.property(card, key, target)
                    && !of_unseen_part(library, key, target, printed)
            });
            problems.extend(unexplained.map(|(key, it)| {
                format!(
                    "{name} (`{card}`): {}: `{key}` = {it} comes from no field",
                    word(target)
                )
            }));
        }
    }
    problems
}

/// Parts that only a target which refuses the program would show by themselves.
fn of_unseen_part(library: &Library, key: &str, target: Target, printed: &[Printed; 3]) -> bool {
    let parts = library
        .cards
        .iter()
        .filter(|part| matches!(part.kinds.get(target), Some(Kind::PartOf { .. })));
    let mut unseen = parts.filter(|part| {
        part.kinds
            .iter()
            .zip(printed)
            .all(|(kind, printed)| printed.refused || !matches!(kind, Kind::Type(_)))
    });
    unseen.any(|part| {
        part.fields
            .iter()
            .any(|field| match field.spelled.get(target) {
                Some(crate::library::Spelled::Paths(ways)) => ways
                    .iter()
                    .any(|(path, _)| path.first().is_some_and(|it| it.name == key)),
                _ => false,
            })
    })
}

fn outputs(printed: &[Printed; 3], refs: &Refs) -> Vec<String> {
    let names: BTreeSet<&String> = printed.iter().flat_map(|it| it.outputs.keys()).collect();
    let mut problems = Vec::new();
    for name in names {
        let values: Vec<(Target, Option<&Value>)> = (0..)
            .zip(printed)
            .filter(|(_, it)| !it.refused)
            .map(|(at, it)| (at, it.outputs.get(name)))
            .collect();
        for pair in values.windows(2) {
            let [(x, Some(a)), (y, Some(b))] = pair else {
                problems.push(format!("output {name} is not in every target"));
                continue;
            };
            // CloudFormation's outputs are texts: a list is joined, a map is JSON.
            let object = (*x == 0).then(|| as_object(a, b)).flatten();
            let a = object.as_ref().unwrap_or(a);
            let listed = (*x == 0).then(|| one_text(b)).flatten();
            let b = listed.as_ref().unwrap_or(b);
            if !(Compare {
                refs,
                targets: [*x, *y],
            })
            .same(a, b)
            {
                problems.push(format!(
                    "output {name}: {} and {}: {a} against {b}",
                    word(*x),
                    word(*y)
                ));
            }
        }
    }
    problems
}

/// JSON, where the other side is a map.
fn as_object(text: &Value, other: &Value) -> Option<Value> {
    match (text, other) {
        (Value::Text(pieces), Value::Map(_)) => Value::from_json_pieces(pieces),
        _ => None,
    }
}

/// A number or Boolean as text; a list of them and of texts, joined by commas.
fn one_text(value: &Value) -> Option<Value> {
    let Value::List(items) = value else {
        return single_text(value).map(Value::pieces);
    };
    let mut pieces = Vec::new();
    for (at, item) in items.iter().enumerate() {
        pieces.extend((at > 0).then(|| Piece::Text(",".to_owned())));
        pieces.extend(single_text(item)?);
    }
    Some(Value::pieces(pieces))
}

fn single_text(value: &Value) -> Option<Vec<Piece>> {
    match value {
        Value::Text(own) => Some(own.clone()),
        Value::Number(it) => Some(vec![Piece::Text(it.clone())]),
        Value::Bool(it) => Some(vec![Piece::Text(it.to_string())]),
        _ => None,
    }
}

/// What CloudFormation alone asks for: the bucket of packages.
const BUCKET: &str = "AssetBucket";

/// The inputs; in CloudFormation without those that stand for lookups.
fn inputs(printed: &[Printed; 3], found: &Instances<'_>) -> Vec<String> {
    let lookups = found.all.iter().filter(|it| it.card.lookup);
    let asked: BTreeSet<String> = lookups
        .flat_map(|it| {
            it.card
                .outputs
                .iter()
                .map(|output| format!("{}{}", it.name, parameter(&output.name)))
        })
        .collect();
    let names: BTreeSet<&String> = printed
        .iter()
        .flat_map(|it| it.inputs.keys())
        .filter(|it| !asked.contains(*it))
        .filter(|it| *it != BUCKET || printed[1..].iter().any(|of| of.inputs.contains_key(*it)))
        .collect();
    let mut problems = Vec::new();
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
