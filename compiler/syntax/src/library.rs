//! The library as loading sees it: trees that were read when the compiler was built, and which words lead to them.

use crate::parse::Mention;

/// Words in order, each with the numbers of its declarations.
pub type Words = &'static [(&'static str, &'static [u16])];

/// The library: its files, their declarations, and which words lead to those. All lists are sorted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Library {
    /// Path for messages (`std/aws/sqs/queue.topo`), text.
    pub files: &'static [(&'static str, &'static str)],
    /// What stands in the files, in their order.
    pub declarations: &'static [Declaration],
    /// The trees of all declarations.
    pub trees: &'static [u8],
    /// The names in them.
    pub names: &'static [&'static str],
    /// Kinds, traits and enumerations: plain everywhere.
    pub plain: Words,
    /// Protocols and the nodes and lookups outside kinds: plain everywhere, as values.
    pub values: Words,
    /// Service; its types, functions and constants; its resource and lookup types.
    pub services: &'static [(&'static str, Words, Words)],
    /// End, other end, edge: each edge declaration under both its ends. The other end is the first again if it is the
    /// compiler's.
    pub edges: &'static [(u16, u16, u16)],
    /// What gives the compiler's networks their resources.
    pub means: &'static [u16],
    /// Files that say which regions there are.
    pub regions: &'static [u16],
}

/// One declaration of the library.
#[derive(Clone, Copy, Debug)]
pub struct Declaration {
    /// The number of its file.
    pub file: u16,
    /// Where its bytes end in [`Library::trees`]; they begin where those of the one before end.
    pub end: u32,
    /// The declarations that it mentions.
    pub needs: &'static [u16],
}

impl Library {
    /// The name space of a file: its folder.
    pub fn service(&self, file: u16) -> &'static str {
        let path = self
            .files
            .get(usize::from(file))
            .map_or("", |(path, _)| path);
        path.rsplit('/').nth(1).unwrap_or_default()
    }

    /// The file of a declaration, and its bytes.
    pub fn tree(&self, number: u16) -> Option<(u16, &'static [u8])> {
        let it = self.declarations.get(usize::from(number))?;
        let before = number.checked_sub(1).map(usize::from);
        let before = before.and_then(|it| self.declarations.get(it));
        let start = before.map_or(0, |it| it.end);
        let bytes = self.trees.get(start as usize..it.end as usize)?;
        Some((it.file, bytes))
    }

    /// The declarations that one mentions.
    pub fn needs(&self, number: u16) -> &'static [u16] {
        self.declarations
            .get(usize::from(number))
            .map_or(&[], |it| it.needs)
    }

    /// Calls `found` for the declarations that a mention leads to; `service` is the name space around it.
    pub fn find(&self, mention: Mention<'_>, service: &str, mut found: impl FnMut(u16)) {
        let (first, second) = match mention {
            Mention::Kind(word) => (find(self.plain, word), self.member(service, word)),
            Mention::Value(word) => (find(self.values, word), self.member(service, word)),
            Mention::Dotted(space, word) => {
                (self.resource_type(space, word), self.member(space, word))
            }
            Mention::Network => (self.means, [].as_slice()),
            Mention::Topology => (self.regions, [].as_slice()),
        };
        first.iter().chain(second).for_each(|it| found(*it));
    }

    /// A type, function or constant of a service.
    fn member(&self, service: &str, word: &str) -> &'static [u16] {
        self.service_words(service)
            .map_or(&[], |it| find(it.1, word))
    }

    fn resource_type(&self, service: &str, word: &str) -> &'static [u16] {
        self.service_words(service)
            .map_or(&[], |it| find(it.2, word))
    }

    fn service_words(&self, service: &str) -> Option<&'static (&'static str, Words, Words)> {
        let at = self
            .services
            .binary_search_by(|it| it.0.cmp(service))
            .ok()?;
        self.services.get(at)
    }

    /// The other end and the declaration of each edge that has `end` as one of its ends.
    pub fn edges_of(&self, end: u16) -> impl Iterator<Item = (u16, u16)> {
        let start = self.edges.partition_point(|(it, _, _)| *it < end);
        let rest = self.edges.get(start..).unwrap_or_default();
        let own = rest.iter().take_while(move |(it, _, _)| *it == end);
        own.map(|(_, other, number)| (*other, *number))
    }
}

fn find(words: Words, word: &str) -> &'static [u16] {
    let at = words.binary_search_by(|it| it.0.cmp(word)).ok();
    at.and_then(|it| words.get(it)).map_or(&[], |it| it.1)
}
