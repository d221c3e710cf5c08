//! The library as loading sees it: texts, and which words lead to them.

/// Words in order, each with the numbers of the files that declare it.
pub type Words<'l> = &'l [(&'l str, &'l [u16])];

/// The library: its files, and which words lead to them. All lists are sorted.
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
    /// End, other end, file: each edge declaration under both its ends. The other end is empty if it is the compiler's.
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

    /// Files that declare `word` as a kind, trait or enumeration.
    pub fn kinds(&self, word: &str) -> &'l [u16] {
        find(self.plain, word)
    }

    /// Files that declare `word` as a protocol, node or lookup.
    pub fn values(&self, word: &str) -> &'l [u16] {
        find(self.values, word)
    }

    /// Files of `service` that declare the type, function or constant `word`.
    pub fn members(&self, service: &str, word: &str) -> &'l [u16] {
        self.of_service(service)
            .map_or(&[], |(members, _)| find(members, word))
    }

    /// Files that declare the resource or lookup type `service.word`.
    pub fn types(&self, service: &str, word: &str) -> &'l [u16] {
        self.of_service(service)
            .map_or(&[], |(_, types)| find(types, word))
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

    fn of_service(&self, service: &str) -> Option<(Words<'l>, Words<'l>)> {
        let at = self
            .services
            .binary_search_by_key(&service, |(it, _, _)| it)
            .ok()?;
        self.services
            .get(at)
            .map(|(_, members, types)| (*members, *types))
    }
}

fn find<'l>(words: Words<'l>, word: &str) -> &'l [u16] {
    let found = words
        .binary_search_by_key(&word, |(it, _)| it)
        .ok()
        .and_then(|at| words.get(at));
    found.map_or(&[], |(_, files)| files)
}
