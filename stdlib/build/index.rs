//! Which words lead to which declarations.

use std::collections::{BTreeMap, BTreeSet};

use topoc_syntax::ast::{Ident, Path, StmtKind};
use topoc_syntax::{Library, Words};

use crate::Declaration;

/// Words, each with the numbers of the declarations that it leads to.
type Found = BTreeMap<&'static str, BTreeSet<u16>>;

/// Of the whole library.
#[derive(Default)]
pub struct Index {
    plain: Found,
    values: Found,
    /// Types, functions and constants of a service; its resource and lookup types.
    services: BTreeMap<&'static str, (Found, Found)>,
    edges: Vec<(&'static str, &'static str, u16)>,
    means: Vec<u16>,
    regions: Vec<u16>,
}

impl Index {
    /// Of these declarations.
    pub fn new(declarations: &[Declaration<'_>]) -> Index {
        let mut index = Index::default();
        for (number, it) in declarations.iter().enumerate() {
            index.add(number as u16, it);
        }
        index
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "only these have a name that others say"
    )]
    fn add(&mut self, number: u16, declaration: &Declaration<'_>) {
        let service = ustr::Ustr::from(declaration.service).as_str();
        match &declaration.stmt.kind {
            StmtKind::Kind(it) => add(&mut self.plain, it.name, number),
            StmtKind::Trait(it) => add(&mut self.plain, it.name, number),
            StmtKind::Enum(it) => {
                add(&mut self.plain, it.name, number);
                self.member(service, it.name, number);
            }
            StmtKind::Type(it) => self.member(service, it.name, number),
            StmtKind::Let(it) => {
                self.member(service, it.name, number);
                match it.means {
                    Some(it) if it.name.as_str() == "regions" => self.regions.push(number),
                    Some(_) => self.means.push(number),
                    None => {}
                }
            }
            StmtKind::Protocol(it) => add(&mut self.values, it.name, number),
            StmtKind::EdgeDecl(it) => self
                .edges
                .push((text(&it.source), text(&it.target), number)),
            StmtKind::ResourceType(it) => {
                if let Some((service, name)) = it.path.text().as_str().split_once('.') {
                    let types = &mut self.services.entry(service).or_default().1;
                    types.entry(name).or_default().insert(number);
                }
                self.means.extend(it.means.first().map(|_| number));
            }
            StmtKind::Resource(it) | StmtKind::Lookup(it) => add(&mut self.values, it.name, number),
            StmtKind::Node(it) | StmtKind::Existing(it) => add(&mut self.values, it.name, number),
            _ => {}
        }
    }

    fn member(&mut self, service: &'static str, name: Ident, number: u16) {
        add(
            &mut self.services.entry(service).or_default().0,
            name,
            number,
        );
    }

    /// The words as the compiler sees them; kept until the process ends.
    pub fn library(&self) -> Library {
        let services = self.services.iter();
        let services: Vec<_> = services
            .map(|(service, (members, types))| (*service, words(members), words(types)))
            .collect();
        Library {
            plain: words(&self.plain),
            values: words(&self.values),
            services: services.leak(),
            edges: self.pairs().leak(),
            means: self.means.clone().leak(),
            regions: self.regions.clone().leak(),
            ..Library::default()
        }
    }

    /// Each edge under both its ends; an end of the compiler's own is always there.
    fn pairs(&self) -> Vec<(u16, u16, u16)> {
        let known = |it: &str| self.plain.get(it).and_then(|it| it.first().copied());
        let mut pairs = BTreeSet::new();
        for (source, target, edge) in &self.edges {
            let ends = [known(source), known(target)];
            for (end, other) in [(ends[0], ends[1]), (ends[1], ends[0])] {
                pairs.extend(end.map(|end| (end, other.unwrap_or(end), *edge)));
            }
        }
        pairs.into_iter().collect()
    }
}

fn text(path: &Path) -> &'static str {
    path.text().as_str()
}

fn add(words: &mut Found, word: Ident, number: u16) {
    words.entry(word.name.as_str()).or_default().insert(number);
}

fn words(found: &Found) -> Words {
    let words = found.iter().map(|(word, numbers)| {
        let numbers: Vec<u16> = numbers.iter().copied().collect();
        (*word, &*numbers.leak())
    });
    words.collect::<Vec<_>>().leak()
}
