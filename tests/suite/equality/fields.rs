//! What each target says about one field, and whether they agree.

use std::collections::{BTreeMap, BTreeSet};

use topoc_syntax::ast::{ExprKind, TypeKind};

use super::differences::Differences;
use super::instances::{Instance, Place};
use super::known::{Compare, Known};
use super::paths::{self, Members};
use super::reading::Reading;
use super::refs::Refs;
use super::rewrite::show;
use super::solve::{Facts, Solver, product};
use super::value::{Hole, Piece, Printed, Value};
use crate::library::shape::Form;
use crate::library::{
    CardField, Conversion, Library, Seg, Spelled, Step, TARGETS, Taken, Target, text,
};

/// Properties that no field has taken yet: by target, and by the name under which they are kept.
#[derive(Clone)]
pub struct Left(pub [BTreeMap<(bool, String), Members>; 3]);

impl Left {
    /// Everything that is printed.
    pub fn new(printed: &[Printed; 3]) -> Left {
        Left(printed.each_ref().map(|it| {
            let resources = it
                .resources
                .iter()
                .map(|(name, it)| ((false, name.clone()), it.properties.clone()));
            let lookups = it
                .lookups
                .iter()
                .map(|(name, it)| ((true, name.clone()), it.properties.clone()));
            resources.chain(lookups).collect()
        }))
    }

    fn of(&mut self, target: Target, lookup: bool, kept: &str) -> Option<&mut Members> {
        self.0.get_mut(target)?.get_mut(&(lookup, kept.to_owned()))
    }
}

/// Keys as the library writes them are those of terraform.
const SNAKE: Target = 1;

/// Compares fields.
pub struct Fields<'a> {
    /// The library.
    pub library: &'a Library,
    /// What is printed.
    pub printed: &'a [Printed; 3],
    /// What is the same thing.
    pub refs: &'a Refs,
    /// What may differ.
    pub allowed: &'a Differences,
}

impl Fields<'_> {
    /// The differences of all fields of some instances; each field takes its properties out of `left`.
    pub fn all(&self, instances: &[&Instance<'_>], left: &mut Left) -> Vec<String> {
        let mut fields: Vec<(&Instance<'_>, &CardField)> = instances
            .iter()
            .flat_map(|it| it.card.fields.iter().map(move |field| (*it, field)))
            .collect();
        // What reaches deepest takes first, so that a whole record holds no more than its own.
        fields.sort_by_key(|(it, field)| std::cmp::Reverse(depth(it, field)));
        fields
            .into_iter()
            .flat_map(|(it, field)| self.field(it, field, left))
            .collect()
    }

    /// How badly a type fits an instance: differences, and properties that nothing explains.
    pub fn misfit(&self, it: &Instance<'_>, left: &Left) -> usize {
        let mut left = left.clone();
        let wrong = self.all(&[it], &mut left).len();
        let unexplained = (0..TARGETS.len()).filter_map(|target| {
            let place = it
                .places
                .get(target)?
                .as_ref()
                .filter(|place| place.owner.is_none())?;
            Some(left.of(target, it.card.lookup, &place.kept)?.len())
        });
        wrong + unexplained.sum::<usize>()
    }

    /// Keeps the element of a list that is this part apart, so that its fields find it.
    pub fn set_apart(&self, it: &mut Instance<'_>, left: &mut Left) {
        for target in 0..TARGETS.len() {
            let Some(Some(place)) = it.places.get(target).cloned() else {
                continue;
            };
            let Some(at) = place.path.iter().position(|seg| seg.step == Step::More) else {
                continue;
            };
            let Some(members) = left.of(target, it.card.lookup, &place.kept) else {
                continue;
            };
            let Some((_, elements)) = paths::elements(members, &place.path) else {
                continue;
            };
            let kept = format!("{} in {}", it.name, place.kept);
            let apart = Place {
                kept: kept.clone(),
                path: place.path.get(at + 1..).unwrap_or_default().to_vec(),
                ..place.clone()
            };
            let mut best: Option<(usize, usize, Members)> = None;
            for (number, element) in elements.into_iter().enumerate() {
                let Value::Map(element) = element else {
                    continue;
                };
                let mut trial = left.clone();
                if let Some(of) = trial.0.get_mut(target) {
                    of.insert((it.card.lookup, kept.clone()), element.clone());
                }
                let moved = Instance {
                    name: it.name.clone(),
                    card: it.card,
                    places: replaced(&it.places, target, apart.clone()),
                };
                let wrong = self.all(&[&moved], &mut trial).len();
                if best.as_ref().is_none_or(|(least, _, _)| wrong < *least) {
                    best = Some((wrong, number, element));
                }
            }
            if let (Some((_, number, element)), Some(members)) =
                (best, left.of(target, it.card.lookup, &place.kept))
            {
                paths::take_element(members, &place.path, at, number);
                if let Some(of) = left.0.get_mut(target) {
                    of.insert((it.card.lookup, kept), element);
                }
                it.places = replaced(&it.places, target, apart);
            }
        }
    }

    fn field(&self, it: &Instance<'_>, field: &CardField, left: &mut Left) -> Vec<String> {
        let told: Vec<(Known, Vec<Known>)> = (0..TARGETS.len())
            .map(|target| self.known(it, field, target, left))
            .collect();
        let known: Vec<&Known> = told.iter().map(|(known, _)| known).collect();
        let mut problems: Vec<String> = known
            .iter()
            .enumerate()
            .filter_map(|(target, known)| self.misread(it, field, target, known))
            .collect();
        for (a, b) in [(0, 1), (1, 2), (0, 2)] {
            let (Some(x), Some(y)) = (known.get(a), known.get(b)) else {
                continue;
            };
            let silent = matches!(x, Known::Anything) || matches!(y, Known::Anything);
            let mut found = self.compared(field, x, y, [a, b]);
            if !silent && found.is_ok() && alike(field, [a, b]) {
                let compare = Compare {
                    refs: self.refs,
                    targets: [a, b],
                };
                let printed = told[a].1.iter().zip(&told[b].1);
                found = printed.map(|(a, b)| compare.known(a, b)).sum();
            }
            let problem = match found {
                Err(problem) => problem,
                Ok(0) if !silent => "what they say cannot be compared".to_owned(),
                Ok(_) => continue,
            };
            if !self.allowed.field(&it.card.path, &field.name, [a, b]) {
                problems.push(format!(
                    "{} (`{}`): {}: {} and {}: {problem}",
                    it.name,
                    it.card.path,
                    field.name,
                    word(a),
                    word(b)
                ));
            }
        }
        problems
    }

    /// What one target alone gets wrong: a constant that is another one, an output of a resource that is no such output.
    fn misread(
        &self,
        it: &Instance<'_>,
        field: &CardField,
        target: Target,
        known: &Known,
    ) -> Option<String> {
        let problem = |what: String| {
            Some(format!(
                "{} (`{}`): {}: {}: {what}",
                it.name,
                it.card.path,
                field.name,
                word(target)
            ))
        };
        if let Some(constant) = field
            .default
            .as_ref()
            .filter(|_| field.constant && !field.converted)
        {
            let solver = Solver {
                library: self.library,
                target: SNAKE,
                service: &it.card.service,
            };
            // What cannot come from it is said where it is compared.
            let told = matches!(known, Known::Is(_) | Known::Absent | Known::OneOf(_));
            return if told && solver.read(constant, known, 0).is_empty() {
                problem(format!("{known:?} is not the constant"))
            } else {
                None
            };
        }
        let Known::Is(value) = known else { return None };
        let TypeKind::Named(ty, _) = &field.ty.kind else {
            return None;
        };
        self.library.card(ty.text().as_str())?;
        let Spelled::Paths(ways) = field.spelled.get(target)? else {
            return None;
        };
        let Some(ExprKind::Field(base, output)) = ways
            .first()
            .filter(|_| field.converted)?
            .1
            .steps
            .first()
            .map(|it| &it.kind)
        else {
            return None;
        };
        let Value::Text(pieces) = value else {
            return None;
        };
        // What exists already is named from outside.
        let ([Piece::Hole(hole @ Hole::Attribute(..))], ExprKind::Name(_)) =
            (pieces.as_slice(), &base.kind)
        else {
            return None;
        };
        let read = self.refs.resources(target, hole, output.name.as_str());
        if read.is_empty() {
            problem(format!("{value} is no `{}`", output.name))
        } else {
            None
        }
    }

    fn compared(
        &self,
        field: &CardField,
        x: &Known,
        y: &Known,
        targets: [Target; 2],
    ) -> Result<usize, String> {
        let compare = Compare {
            refs: self.refs,
            targets,
        };
        if let (Known::Is(Value::List(a)), Known::Is(Value::List(b))) = (x, y)
            && is_set(field)
        {
            return if compare.same_set(a, b) {
                Ok(1)
            } else {
                Err(format!("{x:?} against {y:?}"))
            };
        }
        match (
            compare.known(x, y),
            self.resource_of(field, x, targets[0]),
            self.resource_of(field, y, targets[1]),
        ) {
            // Each reads other outputs of a resource: then it has to be the same one.
            (Ok(0), Some(a), Some(b)) => {
                if a == b {
                    Ok(1)
                } else {
                    Err(format!("{a:?} against {b:?}"))
                }
            }
            (found, _, _) => found,
        }
    }

    /// The resource whose outputs a field of its type reads.
    fn resource_of(
        &self,
        field: &CardField,
        known: &Known,
        target: Target,
    ) -> Option<BTreeSet<String>> {
        let TypeKind::Named(ty, _) = &field.ty.kind else {
            return None;
        };
        self.library.card(ty.text().as_str())?;
        let Known::Fields(fields) = known else {
            return None;
        };
        let mut found = BTreeSet::new();
        for (output, known) in fields {
            let Value::Text(pieces) = known.value()? else {
                return None;
            };
            let [Piece::Hole(hole @ Hole::Attribute(..))] = pieces.as_slice() else {
                return None;
            };
            let read = self.refs.resources(target, hole, output);
            found.extend(if read.is_empty() {
                vec![format!("nothing with `{output}`")]
            } else {
                read.into_iter().map(str::to_owned).collect()
            });
        }
        Some(found)
    }

    /// What one target says about a field.
    fn known(
        &self,
        it: &Instance<'_>,
        field: &CardField,
        target: Target,
        left: &mut Left,
    ) -> (Known, Vec<Known>) {
        let nothing = (Known::Anything, Vec::new());
        let (Some(Some(place)), Some(Spelled::Paths(ways))) =
            (it.places.get(target), field.spelled.get(target))
        else {
            return nothing;
        };
        if place.owner.as_deref() == Some(field.name.as_str())
            || (target == 0 && self.is_ignored(it, field))
        {
            return nothing;
        }
        let mut printed = Vec::new();
        let general = self.general_form(it, field);
        let mut readings = vec![Facts::new()];
        for (path, conversion) in ways {
            let whole: Vec<Seg> = place.path.iter().chain(path).cloned().collect();
            let reading = Reading {
                fields: self,
                it,
                field,
                target,
                conversion,
                general: &general,
            };
            let (found, value) = reading.at(left.of(target, it.card.lookup, &place.kept), &whole);
            printed.push(value.map_or(Known::Absent, Known::Cased));
            if found.is_empty() {
                let wrong = format!("`{}` cannot come from it", text(&whole));
                return (Known::Is(Value::Bool(true)).field(&wrong), printed);
            }
            readings = product(readings, &found);
        }
        let each = readings
            .into_iter()
            .map(|mut it| it.remove("it").unwrap_or(Known::Anything));
        (Known::one_of(each.collect()), printed)
    }

    /// The form of a field behind its `as` for all targets.
    fn general_form(&self, it: &Instance<'_>, field: &CardField) -> Form {
        let ways = field.spelled.iter().find_map(|it| {
            if let Spelled::Paths(ways) = it {
                ways.first()
            } else {
                None
            }
        });
        let general = ways
            .filter(|_| field.converted)
            .and_then(|(_, it)| it.steps.first())
            .cloned();
        let conversion = Conversion {
            steps: general.into_iter().collect(),
            ..Conversion::default()
        };
        self.library
            .form(it.card, &field.ty, field.default.as_ref(), &conversion)
    }

    /// CloudFormation leaves out what somebody else changes.
    fn is_ignored(&self, it: &Instance<'_>, field: &CardField) -> bool {
        let resource = self
            .printed
            .get(1)
            .and_then(|printed| printed.resources.get(&it.name));
        let Some(Spelled::Paths(ways)) = field.spelled.get(1) else {
            return false;
        };
        let first = ways.first().and_then(|(path, _)| path.first());
        resource
            .zip(first)
            .is_some_and(|(resource, first)| resource.ignored.contains(&first.name))
    }
}

/// Whether two targets convert a field by the same expressions: then what they print is the same.
fn alike(field: &CardField, targets: [Target; 2]) -> bool {
    let steps = |target: Target| match field.spelled.get(target) {
        Some(Spelled::Paths(ways)) => {
            let own = |it: &Conversion| {
                it.steps
                    .get(usize::from(field.converted)..)
                    .unwrap_or_default()
                    .to_vec()
            };
            let shown = ways
                .iter()
                .map(|(_, it)| own(it).iter().map(show).collect::<Vec<_>>());
            Some(shown.collect::<Vec<_>>())
        }
        _ => None,
    };
    let [a, b] = targets.map(steps);
    a.is_some() && a == b && a.iter().flatten().all(|it| !it.is_empty())
}

fn replaced(places: &[Option<Place>; 3], target: Target, place: Place) -> [Option<Place>; 3] {
    let mut places = places.clone();
    if let Some(it) = places.get_mut(target) {
        *it = Some(place);
    }
    places
}

fn depth(it: &Instance<'_>, field: &CardField) -> usize {
    let longest = |it: &Spelled| {
        if let Spelled::Paths(paths) = it {
            paths.iter().map(|(path, _)| path.len()).max().unwrap_or(0)
        } else {
            0
        }
    };
    let own = field.spelled.iter().map(longest).max().unwrap_or(0);
    let outer = it
        .places
        .iter()
        .flatten()
        .map(|it| it.path.len())
        .max()
        .unwrap_or(0);
    own + outer
}

/// `cfn`, `terraform`, `pulumi`
pub fn word(target: Target) -> &'static str {
    TARGETS.get(target).copied().unwrap_or_default()
}

fn is_set(field: &CardField) -> bool {
    field.spelled.iter().any(|it| matches!(it, Spelled::Paths(paths) if paths.iter().any(|(_, it)| it.taken == Taken::Set)))
}
