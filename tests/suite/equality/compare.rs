//! Compares three printings of one program.

use std::collections::BTreeSet;

use super::differences::Differences;
use super::fields::{Fields, Left, word};
use super::inputs;
use super::instances::{self, Instance, Instances};
use super::known::Compare;
use super::order;
use super::paths;
use super::refs::Refs;
use super::value::{Piece, Printed, Value};
use crate::library::{Kind, Library, Spelled, TARGETS, Target};

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
    problems.extend(inputs::differences(library, printed, &found));
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

/// The field of a last snapshot, for which CloudFormation has a policy.
const SNAPSHOT: &str = "final_snapshot";

/// What is no property: what is kept, the region, and what somebody else changes.
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
    let all = [of(0), of(1), of(2)];
    let mut problems = Vec::new();
    let kept: Vec<bool> = all
        .iter()
        .flatten()
        .map(|it| it.retain == Some("keep"))
        .collect();
    // what only one target has is kept with what it belongs to
    if kept.windows(2).any(|it| it[0] != it[1]) || kept == [true] {
        problems.push(format!("{}: not kept by all targets", it.name));
    }
    if let [Some(cfn), Some(terraform), _] = all {
        let field = it.card.fields.iter().find(|it| it.name == SNAPSHOT);
        let named = field.is_some_and(|it| match it.spelled.get(1) {
            Some(Spelled::Paths(paths)) => paths
                .iter()
                .any(|(path, _)| paths::look(&terraform.properties, path, 1).is_some()),
            _ => false,
        });
        if named != (cfn.retain == Some("snapshot")) {
            problems.push(format!("{}: no last snapshot in all targets", it.name));
        }
    }
    let [_, Some(terraform), Some(pulumi)] = all else {
        return problems;
    };
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
                Some(Spelled::Paths(ways)) => ways
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
