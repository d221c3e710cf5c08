//! The index of declarations: what each name stands for, file by file.
//!
//! Holds afterwards: every declaration of the program has one number in its list; the tables say under which
//! names a file sees it. The program's own names win over the library's.

mod build;
mod values;

use topoc_syntax::ast;
use ustr::{Ustr, UstrMap};

pub use build::{build, exclusive};
pub use values::{Guard, Value, What, walk};

/// A declaration and the position of its file in the program.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a, T> {
    /// The declaration.
    pub decl: &'a T,
    /// `@…` above it.
    pub notes: &'a [ast::Note],
    /// Its file.
    pub file: usize,
}

/// A type by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeName {
    /// `type T = { … }`, by its number in [`Names::records`].
    Record(u32),
    /// `enum E { … }`, by its number in [`Names::enums`].
    Enum(u32),
}

/// The names of one file, or of one part of the library, by name space. The numbers are places in [`Names`].
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Kinds.
    pub kinds: UstrMap<u32>,
    /// Traits.
    pub traits: UstrMap<u32>,
    /// Records and enumerations.
    pub types: UstrMap<TypeName>,
    /// Params, lets, functions, nodes, networks …
    pub values: UstrMap<u32>,
    /// Protocols.
    pub protocols: UstrMap<u32>,
    /// Resource and lookup types, by their dotted name.
    pub resource_types: UstrMap<u32>,
}

/// A file that another one uses.
#[derive(Clone, Copy, Debug)]
pub struct Used {
    /// Its position in the program.
    pub file: usize,
    /// `as kit`
    pub alias: Option<Ustr>,
}

/// What a file declares and uses.
#[derive(Clone, Debug, Default)]
pub struct FileNames {
    /// Its own names.
    pub own: Table,
    /// What it uses.
    pub uses: Vec<Used>,
    /// The service it belongs to, for files of the library.
    pub service: Option<Ustr>,
    /// Whether it belongs to the library.
    pub library: bool,
}

/// Every declaration of a program and its library.
#[derive(Debug, Default)]
pub struct Names<'a> {
    /// Parallel to the files of the program.
    pub files: Vec<FileNames>,
    /// Kinds.
    pub kinds: Vec<Entry<'a, ast::Kind>>,
    /// Traits.
    pub traits: Vec<Entry<'a, ast::Trait>>,
    /// Record types.
    pub records: Vec<Entry<'a, ast::TypeDecl>>,
    /// Enumerations.
    pub enums: Vec<Entry<'a, ast::EnumDecl>>,
    /// Protocols.
    pub protocols: Vec<Entry<'a, ast::ProtocolDecl>>,
    /// Resource and lookup types.
    pub resource_types: Vec<Entry<'a, ast::ResourceType>>,
    /// Edge declarations.
    pub edges: Vec<Entry<'a, ast::EdgeDecl>>,
    /// Edge declarations by verb; with `on` and without are two verbs.
    pub edges_by_verb: [UstrMap<Vec<u32>>; 2],
    /// Values of files, those under `if` and `for` included.
    pub values: Vec<Value<'a>>,
    /// Environments.
    pub envs: Vec<Entry<'a, ast::Env>>,
    /// The topology.
    pub topology: Option<&'a ast::Topology>,
    /// What the library shows everywhere.
    pub library: Table,
    /// What it shows under a service's name: types, functions, constants.
    pub services: UstrMap<Table>,
    /// Its nodes and lookups outside kinds; only its own files see them.
    pub library_nodes: UstrMap<u32>,
}

/// What a name stands for in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<T> {
    /// Nothing.
    None,
    /// One declaration.
    One(T),
    /// Several used files bring it.
    Many(Vec<T>),
}

impl<T: Copy> Found<T> {
    /// The declaration, or the first of several.
    pub fn first(&self) -> Option<T> {
        match self {
            Found::None => None,
            Found::One(it) => Some(*it),
            Found::Many(all) => all.first().copied(),
        }
    }
}

/// Chooses one name space of a table.
pub type Space<T> = fn(&Table) -> &UstrMap<T>;

impl Names<'_> {
    /// Looks a plain name up, as seen by `file`.
    pub fn find<T: Copy + PartialEq>(&self, file: usize, name: Ustr, space: Space<T>) -> Found<T> {
        let Some(seen) = self.files.get(file) else {
            return Found::None;
        };
        if let Some(own) = space(&seen.own).get(&name) {
            return Found::One(*own);
        }
        let mut arrived: Vec<T> = Vec::new();
        for used in seen.uses.iter().filter(|it| it.alias.is_none()) {
            if let Some(it) = self
                .files
                .get(used.file)
                .and_then(|it| space(&it.own).get(&name))
                && !arrived.contains(it)
            {
                arrived.push(*it);
            }
        }
        match arrived.as_slice() {
            [] => self.find_library(seen, name, space),
            [one] => Found::One(*one),
            _ => Found::Many(arrived),
        }
    }

    fn find_library<T: Copy>(&self, seen: &FileNames, name: Ustr, space: Space<T>) -> Found<T> {
        let service = seen.service.and_then(|it| self.services.get(&it));
        let found = service
            .and_then(|it| space(it).get(&name))
            .or_else(|| space(&self.library).get(&name));
        found.map_or(Found::None, |it| Found::One(*it))
    }

    /// A value that a file sees; files of the library see its nodes too.
    pub fn find_value(&self, file: usize, name: Ustr) -> Found<u32> {
        match self.find(file, name, |it| &it.values) {
            Found::None if self.is_library(file) => self
                .library_nodes
                .get(&name)
                .map_or(Found::None, |it| Found::One(*it)),
            found => found,
        }
    }

    /// Looks up `qualifier.name`: a used file, a service, or `std`.
    pub fn find_in<T: Copy + PartialEq>(
        &self,
        file: usize,
        qualifier: Ustr,
        name: Ustr,
        space: Space<T>,
    ) -> Found<T> {
        let mut tables = self.qualified(file, qualifier);
        tables
            .find_map(|it| space(it).get(&name).copied())
            .map_or(Found::None, Found::One)
    }

    /// The tables behind a qualifier; none if it is no name of a name space.
    fn qualified(&self, file: usize, qualifier: Ustr) -> impl Iterator<Item = &Table> {
        let uses = self
            .files
            .get(file)
            .map_or(&[][..], |it| it.uses.as_slice());
        let used = uses.iter().filter(move |it| it.alias == Some(qualifier));
        let std = (qualifier == "std").then_some(&self.library);
        used.filter_map(|it| self.files.get(it.file))
            .map(|it| &it.own)
            .chain(std)
            .chain(self.services.get(&qualifier))
    }

    /// Whether `qualifier` is a name of a name space in that file.
    pub fn is_qualifier(&self, file: usize, qualifier: Ustr) -> bool {
        self.qualified(file, qualifier).next().is_some()
    }

    /// Looks a path of one or two parts up.
    pub fn find_path<T: Copy + PartialEq>(
        &self,
        file: usize,
        path: &ast::Path,
        space: Space<T>,
    ) -> Found<T> {
        let Some((qualifier, name)) = path.text().as_str().split_once('.') else {
            return self.find(file, path.text(), space);
        };
        // a text that nobody has kept names nothing
        match (Ustr::known(qualifier), Ustr::known(name)) {
            (Some(qualifier), Some(name)) => self.find_in(file, qualifier, name, space),
            _ => Found::None,
        }
    }

    /// Every plain name of one space that a file sees, for suggestions; in no order.
    pub fn known<T>(&self, file: usize, space: Space<T>) -> Vec<Ustr> {
        let Some(seen) = self.files.get(file) else {
            return Vec::new();
        };
        let used = seen.uses.iter().filter(|it| it.alias.is_none());
        let tables = [
            Some(&seen.own),
            Some(&self.library),
            seen.service.and_then(|it| self.services.get(&it)),
        ];
        tables
            .into_iter()
            .flatten()
            .chain(
                used.filter_map(|it| self.files.get(it.file))
                    .map(|it| &it.own),
            )
            .flat_map(|it| space(it).keys().copied())
            .collect()
    }

    /// `kit.name`, where a used file with a name of its own declares it.
    pub fn behind_alias<T>(&self, file: usize, name: Ustr, space: Space<T>) -> Option<Ustr> {
        let mut uses = self.files.get(file)?.uses.iter();
        uses.find_map(|it| {
            let declares = space(&self.files.get(it.file)?.own).contains_key(&name);
            let alias = it.alias.filter(|_| declares)?;
            Some(Ustr::from(&format!("{alias}.{name}")))
        })
    }

    /// Every name behind a qualifier, for suggestions; in no order.
    pub fn known_in<T>(&self, file: usize, qualifier: Ustr, space: Space<T>) -> Vec<Ustr> {
        self.qualified(file, qualifier)
            .flat_map(|it| space(it).keys().copied())
            .collect()
    }

    /// Whether a file belongs to the library.
    pub fn is_library(&self, file: usize) -> bool {
        self.files.get(file).is_some_and(|it| it.library)
    }

    /// The edge declarations of a verb.
    pub fn edges_of(&self, on: bool, verb: Ustr) -> &[u32] {
        let [plain, events] = &self.edges_by_verb;
        let table = if on { events } else { plain };
        table.get(&verb).map_or(&[], Vec::as_slice)
    }
}
