//! Declarations by name, as each file sees them.
//!
//! A program's own declaration wins over the library's; library files see the library only.

pub(crate) mod prepare;
mod steps;

pub(crate) use prepare::body_info;
use prepare::{collect_sites, kind_info};
pub(crate) use steps::Steps;

use std::rc::Rc;

use topoc_syntax::ast::{self, Stmt, StmtKind};
use topoc_syntax::{LoadedFile, Origin, Program};
use ustr::{Ustr, UstrMap};

/// A guard around a declaration.
#[derive(Clone, Copy)]
pub(crate) enum Guard<'a> {
    /// `if`: its condition must have this value; the block it guards.
    If(&'a ast::Expr, bool, &'a [Stmt]),
    /// `for`, and the block it repeats.
    For(&'a ast::LoopHead, &'a [Stmt]),
}

/// A declaration with the `if`s and `for`s around it.
#[derive(Clone)]
pub(crate) struct Site<'a> {
    /// The declaration.
    pub(crate) stmt: &'a Stmt,
    /// Outermost first.
    pub(crate) guards: Rc<[Guard<'a>]>,
    /// The file it stands in.
    pub(crate) file: usize,
    /// Its place in source order (top level only).
    pub(crate) rank: u32,
}

/// Declarations of one block by name.
pub(crate) type Sites<'a> = UstrMap<Vec<Site<'a>>>;

/// A kind, prepared.
pub(crate) struct KindInfo<'a> {
    pub(crate) name: Ustr,
    pub(crate) file: usize,
    pub(crate) decl: &'a ast::Kind,
    pub(crate) steps: Steps<'a>,
    pub(crate) fields: UstrMap<&'a ast::Field>,
    /// Fields without default that are not optional.
    pub(crate) required: Vec<&'a ast::Field>,
    /// Parts, resources, lookups, lets, networks.
    pub(crate) sites: Sites<'a>,
    pub(crate) outputs: UstrMap<&'a ast::Output>,
    /// Type and the file it is written in.
    pub(crate) collectors: UstrMap<(&'a ast::Type, usize)>,
    pub(crate) listens: Vec<Site<'a>>,
    pub(crate) access: UstrMap<Vec<Site<'a>>>,
    pub(crate) acts_as: Option<Ustr>,
    pub(crate) existing: Option<ExistingInfo<'a>>,
    /// Names of the traits, the compiler's own included.
    pub(crate) traits: Vec<Ustr>,
    pub(crate) placed_optional: bool,
}

/// The block `existing { … }` of a kind.
pub(crate) struct ExistingInfo<'a> {
    pub(crate) steps: Steps<'a>,
    pub(crate) fields: UstrMap<&'a ast::Field>,
    pub(crate) sites: Sites<'a>,
    pub(crate) outputs: UstrMap<&'a ast::Output>,
}

impl KindInfo<'_> {
    /// Whether it fulfils the trait.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.traits.iter().any(|it| it.as_str() == name)
    }
}

/// An `edge` declaration, prepared.
pub(crate) struct EdgeInfo<'a> {
    pub(crate) file: usize,
    pub(crate) decl: &'a ast::EdgeDecl,
    pub(crate) body: BodyInfo<'a>,
}

/// The inside of an edge declaration, of `access` or `listens`.
pub(crate) struct BodyInfo<'a> {
    pub(crate) fields: UstrMap<&'a ast::Field>,
    pub(crate) field_order: Vec<&'a ast::Field>,
    pub(crate) sites: Sites<'a>,
    pub(crate) steps: Steps<'a>,
}

/// A resource or lookup type.
pub(crate) struct TypeInfo<'a> {
    pub(crate) file: usize,
    pub(crate) decl: &'a ast::ResourceType,
    pub(crate) fields: UstrMap<&'a ast::TypedField>,
}

/// All declarations of one side (the program or the library).
#[derive(Default)]
pub(crate) struct Side<'a> {
    pub(crate) kinds: UstrMap<Rc<KindInfo<'a>>>,
    pub(crate) traits: UstrMap<(&'a ast::Trait, usize)>,
    pub(crate) enums: UstrMap<(&'a ast::EnumDecl, usize)>,
    pub(crate) types: UstrMap<(&'a ast::TypeDecl, usize)>,
    pub(crate) protocols: UstrMap<(&'a ast::ProtocolDecl, usize)>,
    pub(crate) resource_types: UstrMap<Rc<TypeInfo<'a>>>,
    /// By `verb` or `on verb`.
    pub(crate) edges: UstrMap<Vec<Rc<EdgeInfo<'a>>>>,
    /// Top-level values: params, lets, nodes, networks …
    pub(crate) values: Sites<'a>,
    /// Library only: values by service.
    pub(crate) services: UstrMap<Sites<'a>>,
}

/// The index of a program.
pub(crate) struct Index<'a> {
    pub(crate) files: &'a [LoadedFile],
    pub(crate) user: Side<'a>,
    pub(crate) library: Side<'a>,
    /// Members with a text of their own.
    pub(crate) member_texts: UstrMap<Ustr>,
}

/// Whether a file belongs to the library.
pub(crate) fn is_library(file: &LoadedFile) -> bool {
    matches!(file.origin, Origin::Library { .. })
}

impl<'a> Index<'a> {
    /// Indexes every loaded file.
    pub(crate) fn new(program: &'a Program) -> Self {
        let mut index = Index {
            files: &program.files,
            user: Side::default(),
            library: Side::default(),
            member_texts: UstrMap::default(),
        };
        for (position, file) in program.files.iter().enumerate() {
            let service = match &file.origin {
                Origin::Library { service } => Some(*service),
                Origin::Root | Origin::User => None,
            };
            for (order, stmt) in file.ast.items.iter().enumerate() {
                let rank = if service.is_some() {
                    u32::MAX
                } else {
                    ((position as u32) << 20) + order as u32
                };
                index.add(position, service, stmt, rank);
            }
        }
        index.inherit();
        index
    }

    fn add(&mut self, file: usize, service: Option<Ustr>, stmt: &'a Stmt, rank: u32) {
        let side = if service.is_some() {
            &mut self.library
        } else {
            &mut self.user
        };
        match &stmt.kind {
            StmtKind::Kind(decl) => {
                side.kinds
                    .entry(decl.name.name)
                    .or_insert_with(|| Rc::new(kind_info(file, decl)));
            }
            StmtKind::Trait(decl) => {
                side.traits.entry(decl.name.name).or_insert((decl, file));
            }
            StmtKind::Enum(decl) => {
                for member in &decl.members {
                    if let Some(text) = member.text {
                        self.member_texts.insert(member.name.name, text);
                    }
                }
                side.enums.entry(decl.name.name).or_insert((decl, file));
            }
            StmtKind::Type(decl) => {
                side.types.entry(decl.name.name).or_insert((decl, file));
            }
            StmtKind::Protocol(decl) => {
                side.protocols.entry(decl.name.name).or_insert((decl, file));
            }
            StmtKind::ResourceType(decl) => {
                let fields = decl
                    .fields
                    .iter()
                    .map(|it| (it.field.name.name, it))
                    .collect();
                let info = Rc::new(TypeInfo { file, decl, fields });
                side.resource_types.entry(decl.path.text()).or_insert(info);
            }
            StmtKind::EdgeDecl(decl) => {
                let info = Rc::new(EdgeInfo {
                    file,
                    decl,
                    body: body_info(file, &decl.members),
                });
                side.edges
                    .entry(verb_key(decl.on, decl.verb.name))
                    .or_default()
                    .push(info);
            }
            StmtKind::If(_) | StmtKind::For(_) => {
                collect_sites(
                    std::slice::from_ref(stmt),
                    file,
                    rank,
                    &[],
                    &mut side.values,
                );
            }
            _ => {
                let sites = match service {
                    Some(service) => side.services.entry(service).or_default(),
                    None => &mut side.values,
                };
                collect_sites(std::slice::from_ref(stmt), file, rank, &[], sites);
                if service.is_some() {
                    collect_sites(
                        std::slice::from_ref(stmt),
                        file,
                        rank,
                        &[],
                        &mut side.values,
                    );
                }
            }
        }
    }

    /// Gives kinds what their traits promise.
    fn inherit(&mut self) {
        for library in [false, true] {
            let names: Vec<Ustr> = if library { &self.library } else { &self.user }
                .kinds
                .keys()
                .copied()
                .collect();
            for name in names {
                let side = if library { &self.library } else { &self.user };
                let Some(kind) = side.kinds.get(&name).cloned() else {
                    continue;
                };
                let mut found = Vec::new();
                for (path, _) in &kind.decl.traits {
                    let Some((decl, file)) = self.trait_of(kind.file, path.text()) else {
                        continue;
                    };
                    for member in &decl.members {
                        if let StmtKind::Collect(collect) = &member.kind {
                            found.push((collect.name.name, (&collect.ty, file)));
                        }
                    }
                }
                let side = if library {
                    &mut self.library
                } else {
                    &mut self.user
                };
                drop(kind);
                // nobody else holds it yet
                if let Some(kind) = side.kinds.get_mut(&name).and_then(Rc::get_mut) {
                    kind.collectors.extend(found);
                }
            }
        }
    }

    fn sides(&self, file: usize) -> [Option<&Side<'a>>; 2] {
        let library = self.files.get(file).is_some_and(is_library);
        [(!library).then_some(&self.user), Some(&self.library)]
    }

    /// `get` gives what a side declares under a name, and its file.
    fn find<T>(
        &self,
        file: usize,
        name: Ustr,
        get: impl Fn(&Side<'a>, Ustr) -> Option<(T, usize)>,
    ) -> Option<T> {
        // `std.queue` is the library's, `kit.app` the one of a used file
        let (qualifier, plain) = match name.as_str().rsplit_once('.') {
            Some((qualifier, plain)) => (Some(Ustr::from(qualifier)), Ustr::from(plain)),
            None => (None, name),
        };
        let loaded = self.files.get(file)?;
        let uses = |home: usize| {
            loaded
                .uses
                .iter()
                .any(|(id, alias)| id.0 as usize == home && *alias == qualifier)
        };
        let own = (!is_library(loaded))
            .then(|| get(&self.user, plain))
            .flatten();
        own.filter(|(_, home)| (qualifier.is_none() && *home == file) || uses(*home))
            .or_else(|| get(&self.library, plain))
            .map(|(found, _)| found)
    }

    /// The kind of that name.
    pub(crate) fn kind(&self, file: usize, name: Ustr) -> Option<Rc<KindInfo<'a>>> {
        self.find(file, name, |side, name| {
            side.kinds.get(&name).map(|it| (it.clone(), it.file))
        })
    }

    /// The trait of that name.
    pub(crate) fn trait_of(&self, file: usize, name: Ustr) -> Option<(&'a ast::Trait, usize)> {
        self.find(file, name, |side, name| {
            side.traits.get(&name).map(|it| (*it, it.1))
        })
    }

    /// The enumeration of that name.
    pub(crate) fn enum_of(&self, file: usize, name: Ustr) -> Option<(&'a ast::EnumDecl, usize)> {
        self.find(file, name, |side, name| {
            side.enums.get(&name).map(|it| (*it, it.1))
        })
    }

    /// The record type of that name.
    pub(crate) fn type_of(&self, file: usize, name: Ustr) -> Option<(&'a ast::TypeDecl, usize)> {
        self.find(file, name, |side, name| {
            side.types.get(&name).map(|it| (*it, it.1))
        })
    }

    /// The protocol of that name.
    pub(crate) fn protocol(
        &self,
        file: usize,
        name: Ustr,
    ) -> Option<(&'a ast::ProtocolDecl, usize)> {
        self.find(file, name, |side, name| {
            side.protocols.get(&name).map(|it| (*it, it.1))
        })
    }

    /// The resource or lookup type of that dotted name.
    pub(crate) fn resource_type(&self, file: usize, name: Ustr) -> Option<Rc<TypeInfo<'a>>> {
        self.sides(file)
            .into_iter()
            .flatten()
            .find_map(|side| side.resource_types.get(&name).cloned())
    }

    /// The edge declarations of a verb, the program's first.
    pub(crate) fn edges(&self, key: Ustr) -> impl Iterator<Item = &Rc<EdgeInfo<'a>>> {
        [&self.user, &self.library]
            .into_iter()
            .filter_map(move |side| side.edges.get(&key))
            .flatten()
    }

    /// A top-level value that a file sees.
    pub(crate) fn value(&self, file: usize, name: Ustr) -> Option<&[Site<'a>]> {
        let loaded = self.files.get(file)?;
        let sites = match &loaded.origin {
            Origin::Library { service } => self
                .library
                .services
                .get(service)
                .and_then(|sites| sites.get(&name))
                .or_else(|| self.library.values.get(&name)),
            Origin::Root | Origin::User => return self.user_value(loaded, file, name),
        };
        sites.map(Vec::as_slice)
    }

    /// A value of the file itself, else of a file that it uses plainly.
    fn user_value(&self, loaded: &LoadedFile, file: usize, name: Ustr) -> Option<&[Site<'a>]> {
        let all = self.user.values.get(&name)?.as_slice();
        let used = loaded.uses.iter().filter(|(_, alias)| alias.is_none());
        let mut files = std::iter::once(file).chain(used.map(|(id, _)| id.0 as usize));
        files.find_map(|it| declared_in(all, it)).or(Some(all))
    }

    /// What stands under a qualifier: `kit.base` of a file used `as kit`, `iam.document` of a library service.
    pub(crate) fn qualified_value(
        &self,
        file: usize,
        qualifier: Ustr,
        name: Ustr,
    ) -> Option<&Site<'a>> {
        let uses = self
            .files
            .get(file)
            .map_or(&[][..], |it| it.uses.as_slice());
        let used = uses.iter().find(|(_, alias)| *alias == Some(qualifier));
        if let Some((id, _)) = used {
            return declared_in(self.user.values.get(&name)?, id.0 as usize)?.first();
        }
        self.library.services.get(&qualifier)?.get(&name)?.first()
    }
}

/// The declarations of one file; they are neighbours, since files are indexed one after the other.
fn declared_in<'s, 'a>(sites: &'s [Site<'a>], file: usize) -> Option<&'s [Site<'a>]> {
    let start = sites.iter().position(|it| it.file == file)?;
    let rest = sites.get(start..)?;
    let count = rest.iter().take_while(|it| it.file == file).count();
    rest.get(..count)
}

/// `on created` and `created` are two verbs.
pub(crate) fn verb_key(on: bool, verb: Ustr) -> Ustr {
    if on {
        Ustr::from(&format!("on {verb}"))
    } else {
        verb
    }
}
