//! Every resource and lookup type of the library, used or not, against what the real tools know: the type exists, each
//! spelled path exists, can be set, is not deprecated and takes such a value, each output can be read, and what the
//! tools require is covered.

#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::indexing_slicing,
    reason = "a test: what is not listed is nothing it knows, and a panic is a failure"
)]

mod covered;
mod fits;
mod mistakes;
mod table;

use crate::library::{
    Card, CardOutput, Kind, Library, Read, Seg, Spelled, Step, TARGETS, Target, read,
};
use covered::Tree;
use table::{Entry, Table};

#[test]
fn the_library_is_what_the_tools_know() {
    let problems = check(&read());
    assert!(
        problems.is_empty(),
        "{} of the library's spellings are wrong:\n  {}\n",
        problems.len(),
        problems.join("\n  ")
    );
}

/// All that is wrong with the spellings of a library.
fn check(library: &Library) -> Vec<String> {
    let mut problems = library.broken.clone();
    for (target, word) in TARGETS.iter().enumerate() {
        let table = Table::load(word);
        for card in &library.cards {
            let check = Check {
                library,
                table: &table,
                target,
                card,
            };
            problems.extend(
                check
                    .card()
                    .into_iter()
                    .map(|it| format!("{}: {word}: {it}", card.path)),
            );
        }
    }
    problems
}

/// One card in one target.
struct Check<'a> {
    library: &'a Library,
    table: &'a Table,
    target: Target,
    card: &'a Card,
}

impl Check<'_> {
    fn card(&self) -> Vec<String> {
        match self.kind(self.card) {
            Kind::None | Kind::Parameter => Vec::new(),
            Kind::Type(name) => self.typed(name),
            Kind::PartOf { .. } => match self.owner(self.card) {
                Ok(_) => self.outputs_of_part(),
                Err(problem) => vec![problem],
            },
        }
    }

    fn kind<'a>(&self, card: &'a Card) -> &'a Kind {
        card.kinds.get(self.target).unwrap_or(&Kind::None)
    }

    fn typed(&self, name: &str) -> Vec<String> {
        let Some(entry) = self.table.entry(self.card.lookup, name) else {
            return vec![format!(
                "no tool knows `{name}` (tests/conformance/make_schemas.py reads new types)"
            )];
        };
        let mut problems = Vec::new();
        if entry.deprecated {
            problems.push(format!("`{name}` is deprecated"));
        }
        let mut tree = Tree::default();
        for (card, prefix) in self.family() {
            for field in &card.fields {
                problems.extend(self.field(card, field, &prefix, entry, &mut tree));
            }
        }
        problems.extend(tree.missing(&entry.properties, self.table, name));
        problems.extend(
            self.card
                .outputs
                .iter()
                .filter_map(|it| self.output(it, entry)),
        );
        problems
    }

    /// The card and the parts that this target writes into it, each with the path at which it stands.
    fn family(&self) -> Vec<(&Card, Vec<Seg>)> {
        let own = std::iter::once((self.card, Vec::new()));
        let parts = self.library.cards.iter().filter_map(|part| {
            let (owner, prefix) = self.owner(part).ok()?;
            (owner.path == self.card.path).then_some((part, prefix))
        });
        own.chain(parts).collect()
    }

    /// The card that a part is written into, through other parts if need be, and where.
    fn owner<'a>(&'a self, part: &Card) -> Result<(&'a Card, Vec<Seg>), String> {
        let Kind::PartOf { field, path } = self.kind(part) else {
            return Err("is no part".to_owned());
        };
        let holder = part
            .fields
            .iter()
            .find(|it| it.name == *field)
            .ok_or_else(|| format!("part of `{field}`, which is no field"))?;
        let topoc_syntax::ast::TypeKind::Named(ty, _) = &holder.ty.kind else {
            return Err(format!("part of `{field}`, which is no resource"));
        };
        let owner = self
            .library
            .card(ty.text().as_str())
            .ok_or_else(|| format!("part of `{field}`, whose type `{}` is unknown", ty.text()))?;
        match self.kind(owner) {
            Kind::PartOf { .. } => self
                .owner(owner)
                .map(|(owner, prefix)| (owner, prefix.into_iter().chain(path.clone()).collect())),
            Kind::Type(_) => Ok((owner, path.clone())),
            Kind::None | Kind::Parameter => Err(format!(
                "part of `{}`, which this target does not have",
                owner.path
            )),
        }
    }

    fn field(
        &self,
        card: &Card,
        field: &crate::library::CardField,
        prefix: &[Seg],
        entry: &Entry,
        tree: &mut Tree,
    ) -> Vec<String> {
        let own = self.kind(card);
        if matches!(own, Kind::PartOf { field: owner, .. } if *owner == field.name) {
            return Vec::new();
        }
        let Some(Spelled::Paths(paths)) = field.spelled.get(self.target) else {
            return Vec::new();
        };
        let mut problems = Vec::new();
        for (path, conversion) in paths {
            let whole: Vec<Seg> = prefix.iter().chain(path).cloned().collect();
            let form = self
                .library
                .form(card, &field.ty, field.default.as_ref(), conversion);
            tree.cover(&whole);
            let found = fits::walk(self.table, &entry.properties, &whole).and_then(|property| {
                let keys = fits::Keys {
                    table: self.table,
                    target: self.target,
                };
                let wrong = keys.fits(&form, &property);
                if wrong.is_empty() {
                    Ok(())
                } else {
                    Err(wrong.join("; "))
                }
            });
            if let Err(problem) = found {
                let part = if card.path == self.card.path {
                    String::new()
                } else {
                    format!("{}.", card.path)
                };
                problems.push(format!(
                    "{part}{} at `{}`: {problem}",
                    field.name,
                    crate::library::text(&whole)
                ));
            }
        }
        problems
    }

    fn output(&self, output: &CardOutput, entry: &Entry) -> Option<String> {
        let Some(Read::Path(path)) = output.reads.get(self.target) else {
            return None;
        };
        let text = crate::library::text(path);
        let [first, rest @ ..] = path.as_slice() else {
            return Some(format!("output {}: an empty path", output.name));
        };
        if entry.outputs.contains_key(&text)
            || (self.target == 0 && entry.outputs.contains_key(&text.replace("[]", "")))
        {
            return None;
        }
        if self.target == 0 {
            return Some(format!("output {}: `{text}` is no attribute", output.name));
        }
        let Some(property) = entry
            .outputs
            .get(&first.name)
            .or_else(|| entry.properties.get(&first.name))
        else {
            return Some(format!(
                "output {}: there is no `{}`",
                output.name, first.name
            ));
        };
        let found =
            fits::step(first, property).and_then(|inner| fits::walk_in(self.table, inner, rest));
        found
            .err()
            .map(|problem| format!("output {}: {problem}", output.name))
    }

    /// What is read of a part is read of its owner.
    fn outputs_of_part(&self) -> Vec<String> {
        let Ok((owner, _)) = self.owner(self.card) else {
            return Vec::new();
        };
        let Kind::Type(name) = self.kind(owner) else {
            return Vec::new();
        };
        let entry = self.table.entry(false, name);
        entry
            .into_iter()
            .flat_map(|entry| {
                self.card
                    .outputs
                    .iter()
                    .filter_map(|it| self.output(it, entry))
            })
            .collect()
    }
}

/// A step that takes one element.
fn takes_element(seg: &Seg) -> bool {
    seg.step != Step::Plain
}
