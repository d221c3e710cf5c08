//! The library as loading sees it: texts, and which words lead to them.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use ustr::NameHasher;

/// Words, each with the numbers of the files that declare it.
pub type Words<'l> = &'l [(&'l str, &'l [u16])];

/// The library: its files, and which words lead to them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Library<'l> {
    /// Path for messages (`std/aws/sqs/queue.topo`), text.
    pub files: &'l [(&'l str, &'l str)],
    /// Kinds, traits and enumerations: plain everywhere.
    pub plain: Words<'l>,
    /// Protocols and the nodes and lookups outside kinds: plain everywhere, as values.
    pub values: Words<'l>,
    /// Service; its types, functions and constants; its resource and lookup types.
    pub services: &'l [(&'l str, Words<'l>, Words<'l>)],
    /// End, other end, file: each edge declaration under both its ends, sorted. The other end is empty if it is the
    /// compiler's.
    pub edges: &'l [(&'l str, &'l str, u16)],
    /// Files that give the compiler's networks their resources.
    pub means: &'l [u16],
}

impl<'l> Library<'l> {
    /// The name space of a file: its folder.
    pub fn service(&self, file: u16) -> &'l str {
        let path = self
            .files
            .get(usize::from(file))
            .map_or("", |(path, _)| path);
        path.rsplit('/').nth(1).unwrap_or_default()
    }

    /// The other end and the file of each edge that has `end` as one of its ends.
    pub fn edges_of(&self, end: &str) -> impl Iterator<Item = (&'l str, u16)> {
        let start = self.edges.partition_point(|(it, _, _)| *it < end);
        let rest = self.edges.get(start..).unwrap_or_default();
        let count = rest.partition_point(|(it, _, _)| *it == end);
        rest.iter()
            .take(count)
            .map(|(_, other, file)| (*other, *file))
    }
}

/// How a file declares a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role<'l> {
    /// As a kind, trait or enumeration.
    Kind,
    /// As a protocol, node or lookup.
    Value,
    /// As a type, function or constant of this service.
    Member(&'l str),
    /// As a resource or lookup type of this service.
    Type(&'l str),
}

/// Every word of the library at hand.
pub struct Index<'l> {
    /// The last entry of each word.
    last: HashMap<&'l str, usize, BuildHasherDefault<NameHasher>>,
    entries: Vec<Entry<'l>>,
}

struct Entry<'l> {
    role: Role<'l>,
    files: &'l [u16],
    before: Option<usize>,
}

impl<'l> Index<'l> {
    /// The index of a library.
    pub fn new(library: &Library<'l>) -> Self {
        let mut index = Index {
            last: HashMap::default(),
            entries: Vec::new(),
        };
        index.add(library.plain, Role::Kind);
        index.add(library.values, Role::Value);
        for (service, members, types) in library.services {
            index.add(members, Role::Member(service));
            index.add(types, Role::Type(service));
        }
        index
    }

    fn add(&mut self, words: Words<'l>, role: Role<'l>) {
        for (word, files) in words {
            let before = self.last.insert(word, self.entries.len());
            self.entries.push(Entry {
                role,
                files,
                before,
            });
        }
    }

    /// How and where a word is declared.
    pub fn find(&self, word: &str) -> impl Iterator<Item = (Role<'l>, &'l [u16])> {
        let last = self.last.get(word).and_then(|it| self.entries.get(*it));
        let entries =
            std::iter::successors(last, |it| it.before.and_then(|at| self.entries.get(at)));
        entries.map(|it| (it.role, it.files))
    }
}
