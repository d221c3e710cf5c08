//! The library as loading sees it: trees that were read when the compiler was built, and which words lead to them.

use crate::parse::Mention;

/// Words in order, each with the numbers of its declarations.
pub type Words<'l> = &'l [(&'l str, &'l [u16])];

/// The library: its files, their declarations, and which words lead to those. All lists are sorted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Library<'l> {
    /// Path for messages (`std/aws/sqs/queue.topo`), text.
    pub files: &'l [(&'l str, &'l str)],
    /// What stands in the files, in their order.
    pub declarations: &'l [Declaration<'l>],
    /// The trees of all declarations.
    pub trees: &'l [u8],
    /// The names in them.
    pub names: &'l [&'l str],
    /// Kinds, traits and enumerations: plain everywhere.
    pub plain: Words<'l>,
    /// Protocols and the nodes and lookups outside kinds: plain everywhere, as values.
    pub values: Words<'l>,
    /// Service; its types, functions and constants; its resource and lookup types.
    pub services: &'l [(&'l str, Words<'l>, Words<'l>)],
    /// End, other end, edge: each edge declaration under both its ends. The other end is the first again if it is the
    /// compiler's.
    pub edges: &'l [(u16, u16, u16)],
    /// What gives the compiler's networks their resources.
    pub means: &'l [u16],
    /// Files that say which regions there are.
    pub regions: &'l [u16],
}

/// One declaration of the library.
#[derive(Clone, Copy, Debug)]
pub struct Declaration<'l> {
    /// The number of its file.
    pub file: u16,
    /// Where its bytes end in [`Library::trees`]; they begin where those of the one before end.
    pub end: u32,
    /// The declarations that it mentions.
    pub needs: &'l [u16],
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

    /// The file of a declaration, and its bytes.
    pub fn tree(&self, number: u16) -> Option<(u16, &'l [u8])> {
        let it = self.declarations.get(usize::from(number))?;
        let before = number.checked_sub(1).map(usize::from);
        let before = before.and_then(|it| self.declarations.get(it));
        let start = before.map_or(0, |it| it.end);
        let bytes = self.trees.get(start as usize..it.end as usize)?;
        Some((it.file, bytes))
    }

    /// The declarations that one mentions.
    pub fn needs(&self, number: u16) -> &'l [u16] {
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
    fn member(&self, service: &str, word: &str) -> &'l [u16] {
        self.service_words(service)
            .map_or(&[], |it| find(it.1, word))
    }

    fn resource_type(&self, service: &str, word: &str) -> &'l [u16] {
        self.service_words(service)
            .map_or(&[], |it| find(it.2, word))
    }

    fn service_words(&self, service: &str) -> Option<&'l (&'l str, Words<'l>, Words<'l>)> {
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

fn find<'l>(words: Words<'l>, word: &str) -> &'l [u16] {
    let at = words.binary_search_by(|it| it.0.cmp(word)).ok();
    at.and_then(|it| words.get(it)).map_or(&[], |it| it.1)
}
