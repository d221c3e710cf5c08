//! The library of topo: everything the compiler does not know itself, as `.topo` files in the folders beside this one,
//! embedded together with an index from words to the files that declare them.

/// Words in order, each with the numbers of the files that declare it.
pub type Words = &'static [(&'static str, &'static [u16])];

include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// The library: its files, and which words lead to them. All lists are sorted.
#[derive(Clone, Copy, Debug)]
pub struct Library {
    /// Path for messages, text.
    pub files: &'static [(&'static str, &'static str)],
    /// Kinds, traits and enumerations: plain everywhere.
    pub plain: Words,
    /// Protocols and the nodes and lookups outside kinds: plain everywhere, as values.
    pub values: Words,
    /// Service; its types, functions and constants; its resource and lookup types.
    pub services: &'static [(&'static str, Words, Words)],
    /// End, other end, file: each edge declaration under both its ends. The other end is empty if it is the compiler's.
    pub edges: &'static [(&'static str, &'static str, u16)],
    /// Files that give the compiler's networks their resources.
    pub means: &'static [u16],
}

/// The library that comes with the compiler.
pub const LIBRARY: Library = Library {
    files: FILES,
    plain: PLAIN,
    values: VALUES,
    services: SERVICES,
    edges: EDGES,
    means: MEANS,
};
