//! Which card each printed resource is, and where its properties stand in each target.

use std::collections::{BTreeMap, BTreeSet};

use super::refs::Refs;
use super::value::{Hole, Piece, Printed, Value, parameter};
use crate::library::{Card, Kind, Library, Read, Seg, Spelled, TARGETS, Target, text};

/// One resource or lookup of the program, in all targets.
pub struct Instance<'a> {
    /// Its logical name, as CloudFormation writes it.
    pub name: String,
    /// What it is.
    pub card: &'a Card,
    /// Where it stands in each target.
    pub places: [Option<Place>; 3],
}

/// Where an instance stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The printed resource.
    pub name: String,
    /// The path within it; empty if it is that resource.
    pub path: Vec<Seg>,
    /// Under which name its properties are kept while they are compared: its own element of a list is kept apart.
    pub kept: String,
    /// The field that holds the owner, if it is a part.
    pub owner: Option<String>,
}

/// All instances of a program.
#[derive(Default)]
pub struct Instances<'a> {
    /// By name.
    pub all: Vec<Instance<'a>>,
    /// Indices of those that are several types' as far as the targets' types tell, with these.
    pub ambiguous: Vec<(usize, Vec<&'a Card>)>,
    /// What fits no card.
    pub problems: Vec<String>,
}

/// Finds the instances; the same name is the same thing.
pub fn find<'a>(
    library: &'a Library,
    printed: &[Printed; 3],
    unknown: &BTreeSet<String>,
) -> Instances<'a> {
    let mut found = Instances::default();
    for lookup in [false, true] {
        let section = |it: &Printed| {
            if lookup {
                it.lookups.clone()
            } else {
                it.resources.clone()
            }
        };
        let sections = [
            section(&printed[0]),
            section(&printed[1]),
            section(&printed[2]),
        ];
        let names: BTreeSet<&String> = sections.iter().flat_map(BTreeMap::keys).collect();
        for name in names {
            let types: Vec<Option<&str>> = sections
                .iter()
                .map(|it| it.get(name).map(|it| it.ty.as_str()))
                .collect();
            let refused = printed.each_ref().map(|it| it.refused);
            let fitting: Vec<&Card> = library
                .cards
                .iter()
                .filter(|card| card.lookup == lookup && fits(card, &types, refused))
                .collect();
            match fitting.first() {
                _ if unknown.contains(name) => {}
                None => found
                    .problems
                    .push(format!("{name}: no type of the library is {types:?}")),
                Some(card) => {
                    found.all.push(Instance {
                        name: name.clone(),
                        card,
                        places: own_places(name, card, refused),
                    });
                    if fitting.len() > 1 {
                        found.ambiguous.push((found.all.len() - 1, fitting));
                    }
                }
            }
        }
    }
    place_parts(&mut found, printed);
    found
}

/// Takes another type for an instance.
pub fn retype<'a>(found: &mut Instances<'a>, at: usize, card: &'a Card, printed: &[Printed; 3]) {
    let refused = printed.each_ref().map(|it| it.refused);
    if let Some(it) = found.all.get_mut(at) {
        it.card = card;
        it.places = own_places(&it.name, card, refused);
    }
    place_parts(found, printed);
}

/// What is a part of nothing.
pub fn homeless(found: &Instances<'_>, printed: &[Printed; 3]) -> Vec<String> {
    let mut problems = Vec::new();
    for it in &found.all {
        for (((kind, place), word), printed) in it
            .card
            .kinds
            .iter()
            .zip(&it.places)
            .zip(TARGETS)
            .zip(printed)
        {
            if !printed.refused && matches!(kind, Kind::PartOf { .. }) && place.is_none() {
                problems.push(format!(
                    "{} (`{}`): {word}: nobody says what it is a part of",
                    it.name, it.card.path
                ));
            }
        }
    }
    problems
}

fn fits(card: &Card, types: &[Option<&str>], refused: [bool; 3]) -> bool {
    card.kinds
        .iter()
        .zip(types)
        .zip(refused)
        .all(|((kind, ty), refused)| match (kind, ty) {
            _ if refused => true,
            (Kind::Type(name), Some(ty)) => name == ty,
            (Kind::PartOf { .. } | Kind::None | Kind::Parameter, None) => true,
            _ => false,
        })
}

fn own_places(name: &str, card: &Card, refused: [bool; 3]) -> [Option<Place>; 3] {
    let place = |kind: &Kind, refused: bool| {
        (matches!(kind, Kind::Type(_)) && !refused).then(|| Place {
            name: name.to_owned(),
            path: Vec::new(),
            kept: name.to_owned(),
            owner: None,
        })
    };
    let [a, b, c] = &card.kinds;
    let [x, y, z] = refused;
    [place(a, x), place(b, y), place(c, z)]
}

/// A part stands in what its field names in a target where it is no part.
fn place_parts(found: &mut Instances<'_>, printed: &[Printed; 3]) {
    for _ in 0..4 {
        for at in 0..found.all.len() {
            for target in 0..TARGETS.len() {
                if let Some(place) = part_place(found, printed, at, target)
                    && let Some(it) = found
                        .all
                        .get_mut(at)
                        .and_then(|it| it.places.get_mut(target))
                {
                    *it = Some(place);
                }
            }
        }
    }
}

fn part_place(
    found: &Instances<'_>,
    printed: &[Printed; 3],
    at: usize,
    target: Target,
) -> Option<Place> {
    let it = found.all.get(at)?;
    let Kind::PartOf { field, path } = it.card.kinds.get(target)? else {
        return None;
    };
    let owner = (0..TARGETS.len()).find_map(|other| owner_in(it, field, other, printed))?;
    let owner = found
        .all
        .iter()
        .find(|it| it.name == owner)?
        .places
        .get(target)?
        .clone()?;
    Some(Place {
        name: owner.name,
        kept: owner.kept,
        path: owner.path.into_iter().chain(path.clone()).collect(),
        owner: Some(field.clone()),
    })
}

/// The resource that a field names in one target.
fn owner_in(
    it: &Instance<'_>,
    field: &str,
    target: Target,
    printed: &[Printed; 3],
) -> Option<String> {
    let place = it
        .places
        .get(target)?
        .as_ref()
        .filter(|it| it.owner.is_none())?;
    let properties = &printed.get(target)?.resources.get(&place.name)?.properties;
    let field = it.card.fields.iter().find(|it| it.name == field)?;
    let Spelled::Paths(paths) = field.spelled.get(target)? else {
        return None;
    };
    paths.iter().find_map(
        |(path, _)| match super::paths::look(properties, path, target)? {
            Value::Text(pieces) => pieces.iter().find_map(|piece| match piece {
                Piece::Hole(Hole::Attribute(name, _)) => Some(name.clone()),
                Piece::Hole(_) | Piece::Text(_) => None,
            }),
            _ => None,
        },
    )
}

/// How every output is read in every target.
pub fn refs(instances: &Instances<'_>) -> Refs {
    let mut refs = Refs::default();
    for it in &instances.all {
        let others = instances.ambiguous.iter().filter(|(at, _)| {
            instances
                .all
                .get(*at)
                .is_some_and(|other| other.name == it.name)
        });
        let cards: Vec<&Card> = std::iter::once(it.card)
            .chain(others.flat_map(|(_, cards)| cards.iter().copied()))
            .collect();
        for output in cards.iter().flat_map(|it| &it.outputs) {
            refs.add(
                &it.name,
                &output.name,
                [0, 1, 2].map(|target| hole(it, output.reads.get(target), target, &output.name)),
            );
        }
        // Its `id`, which any resource has where nothing else is said.
        refs.add(
            &it.name,
            "",
            [0, 1, 2].map(|target| {
                it.places
                    .get(target)?
                    .as_ref()
                    .map(|place| Hole::Attribute(place.name.clone(), String::new()))
            }),
        );
    }
    refs
}

fn hole(it: &Instance<'_>, read: Option<&Read>, target: Target, output: &str) -> Option<Hole> {
    match read? {
        // CloudFormation asks for it: the parameter is called after both.
        Read::Parameter => Some(Hole::Input(format!("{}{}", it.name, parameter(output)))),
        Read::Ref if it.card.lookup => {
            Some(Hole::Input(format!("{}{}", it.name, parameter(output))))
        }
        Read::Ref => Some(Hole::Attribute(
            it.places.get(target)?.as_ref()?.name.clone(),
            String::new(),
        )),
        Read::None => None,
        Read::Path(path) => {
            let name = match it.places.get(target)? {
                Some(place) => place.name.clone(),
                None => return None,
            };
            let path = text(path);
            let path = if target != 0 && path == "id" {
                String::new()
            } else {
                path
            };
            Some(Hole::Attribute(name, path))
        }
    }
}
