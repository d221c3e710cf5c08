//! Declarations by name, as each file sees them.
//!
//! A program's own declaration wins over the library's; library files see the library only.

mod find;
pub(crate) mod prepare;
mod steps;

pub(crate) use prepare::body_info;
use prepare::{collect_sites, kind_body, kind_info};
pub(crate) use steps::Steps;

use std::cell::OnceCell;
use std::ops::Deref;
use std::rc::Rc;

use topoc_diagnostics::FileId;
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

/// A kind. Its body is prepared when something is asked of it: most kinds of the library are only known by name.
pub(crate) struct KindInfo<'a> {
    pub(crate) name: Ustr,
    /// What tells it from kinds of the same name in other files; see [`identity`].
    pub(crate) id: Ustr,
    pub(crate) file: usize,
    pub(crate) decl: &'a ast::Kind,
    /// The traits, by [`identity`]; the compiler's own by name.
    pub(crate) traits: Vec<Ustr>,
    pub(crate) placed_optional: bool,
    /// The collectors that its traits give it.
    promised: Vec<(Ustr, Collector<'a>)>,
    body: OnceCell<KindBody<'a>>,
}

/// The type of a collector, and the file it is written in.
type Collector<'a> = (&'a ast::Type, usize);

/// The body of a kind, prepared.
pub(crate) struct KindBody<'a> {
    pub(crate) steps: Steps<'a>,
    pub(crate) fields: UstrMap<&'a ast::Field>,
    /// Fields without default that are not optional.
    pub(crate) required: Vec<&'a ast::Field>,
    /// Parts, resources, lookups, lets, networks.
    pub(crate) sites: Sites<'a>,
    pub(crate) outputs: UstrMap<&'a ast::Output>,
    pub(crate) collectors: UstrMap<Collector<'a>>,
    pub(crate) listens: Vec<Site<'a>>,
    pub(crate) access: UstrMap<Vec<Site<'a>>>,
    pub(crate) acts_as: Option<Ustr>,
    pub(crate) existing: Option<ExistingInfo<'a>>,
}

impl<'a> Deref for KindInfo<'a> {
    type Target = KindBody<'a>;

    fn deref(&self) -> &KindBody<'a> {
        self.body.get_or_init(|| {
            let mut body = kind_body(self.file, self.decl);
            body.collectors.extend(self.promised.iter().copied());
            body
        })
    }
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
    body: OnceCell<BodyInfo<'a>>,
    /// The kinds or traits of its ends, by [`identity`].
    pub(crate) ends: [Ustr; 2],
}

impl<'a> EdgeInfo<'a> {
    /// The inside, prepared when it is asked for.
    pub(crate) fn body(&self) -> &BodyInfo<'a> {
        let prepared = || body_info(self.file, &self.decl.members);
        self.body.get_or_init(prepared)
    }
}

/// The inside of an edge declaration, of `access` or `listens`.
pub(crate) struct BodyInfo<'a> {
    pub(crate) fields: UstrMap<&'a ast::Field>,
    pub(crate) field_order: Vec<&'a ast::Field>,
    pub(crate) sites: Sites<'a>,
    pub(crate) steps: Steps<'a>,
}

/// A resource or lookup type; its fields are prepared when one is asked for.
pub(crate) struct TypeInfo<'a> {
    /// What tells it from types of the same name in other files; see [`identity`].
    pub(crate) id: Ustr,
    pub(crate) file: usize,
    pub(crate) decl: &'a ast::ResourceType,
    fields: OnceCell<UstrMap<&'a ast::TypedField>>,
}

impl<'a> TypeInfo<'a> {
    pub(crate) fn fields(&self) -> &UstrMap<&'a ast::TypedField> {
        self.fields.get_or_init(|| {
            let fields = self.decl.fields.iter();
            fields.map(|it| (it.field.name.name, it)).collect()
        })
    }
}

/// Declarations by name; several files of a program may declare one name, each with its file.
pub(crate) type Decls<T> = UstrMap<Vec<(T, usize)>>;

/// All declarations of one side (the program or the library).
#[derive(Default)]
pub(crate) struct Side<'a> {
    pub(crate) kinds: Decls<Rc<KindInfo<'a>>>,
    pub(crate) traits: Decls<&'a ast::Trait>,
    pub(crate) enums: Decls<&'a ast::EnumDecl>,
    pub(crate) types: Decls<&'a ast::TypeDecl>,
    pub(crate) protocols: Decls<&'a ast::ProtocolDecl>,
    pub(crate) resource_types: Decls<Rc<TypeInfo<'a>>>,
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
    /// Resource and lookup types by [`identity`].
    types_by_id: UstrMap<Rc<TypeInfo<'a>>>,
}

/// A library's declaration is known by its name, a program's by its name and file: it may be called like one of the
/// library's, or like one of another file.
pub(crate) fn identity(name: Ustr, file: usize, library: bool) -> Ustr {
    if library {
        name
    } else {
        Ustr::from(&format!("{name}@{file}"))
    }
}

/// The name of what an identity stands for.
pub(crate) fn name_of(id: Ustr) -> Ustr {
    id.as_str()
        .split_once('@')
        .map_or(id, |(name, _)| Ustr::from(name))
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
            types_by_id: UstrMap::default(),
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
        index.resolve_traits();
        index.resolve_ends();
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
                let info = Rc::new(kind_info(file, decl, service.is_some()));
                declare(&mut side.kinds, decl.name.name, info, file);
            }
            StmtKind::Trait(decl) => declare(&mut side.traits, decl.name.name, decl, file),
            StmtKind::Enum(decl) => declare(&mut side.enums, decl.name.name, decl, file),
            StmtKind::Type(decl) => declare(&mut side.types, decl.name.name, decl, file),
            StmtKind::Protocol(decl) => declare(&mut side.protocols, decl.name.name, decl, file),
            StmtKind::ResourceType(decl) => {
                let name = decl.path.text();
                let id = identity(name, file, service.is_some());
                let info = Rc::new(TypeInfo {
                    id,
                    file,
                    decl,
                    fields: OnceCell::new(),
                });
                self.types_by_id.entry(id).or_insert_with(|| info.clone());
                declare(&mut side.resource_types, name, info, file);
            }
            StmtKind::EdgeDecl(decl) => {
                let info = Rc::new(EdgeInfo {
                    file,
                    decl,
                    body: OnceCell::new(),
                    ends: [decl.source.text(), decl.target.text()],
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
    fn resolve_traits(&mut self) {
        for library in [false, true] {
            let side = if library { &self.library } else { &self.user };
            let mut found: Vec<(Ustr, usize, Promised<'a>)> = Vec::new();
            for (name, kinds) in &side.kinds {
                for (at, (kind, _)) in kinds.iter().enumerate() {
                    if !kind.traits.is_empty() {
                        found.push((*name, at, self.promised(kind)));
                    }
                }
            }
            let side = if library {
                &mut self.library
            } else {
                &mut self.user
            };
            for (name, at, promised) in found {
                let kind = side.kinds.get_mut(&name).and_then(|it| it.get_mut(at));
                // nobody else holds it yet
                if let Some(kind) = kind.and_then(|it| Rc::get_mut(&mut it.0)) {
                    kind.traits = promised.traits;
                    kind.promised = promised.collectors;
                }
            }
        }
    }

    fn promised(&self, kind: &KindInfo<'a>) -> Promised<'a> {
        let mut promised = Promised::default();
        for (path, _) in &kind.decl.traits {
            let name = path.text();
            let Some((decl, file)) = self.trait_of(kind.file, name) else {
                promised.traits.push(name);
                continue;
            };
            promised.traits.push(self.identity_in(decl.name.name, file));
            for member in &decl.members {
                if let StmtKind::Collect(collect) = &member.kind {
                    promised
                        .collectors
                        .push((collect.name.name, (&collect.ty, file)));
                }
            }
        }
        promised
    }

    /// Finds the kinds or traits between which edges are declared.
    fn resolve_ends(&mut self) {
        for library in [false, true] {
            let side = if library {
                &mut self.library
            } else {
                &mut self.user
            };
            let mut edges = std::mem::take(&mut side.edges);
            for edge in edges.values_mut().flatten() {
                // nobody else holds it yet
                if let Some(edge) = Rc::get_mut(edge) {
                    edge.ends = edge
                        .ends
                        .map(|it| self.node_type(edge.file, it).unwrap_or(it));
                }
            }
            let side = if library {
                &mut self.library
            } else {
                &mut self.user
            };
            side.edges = edges;
        }
    }

    /// Whether that file belongs to the library.
    pub(crate) fn is_of_library(&self, file: FileId) -> bool {
        self.files.get(file.0 as usize).is_some_and(is_library)
    }

    fn identity_in(&self, name: Ustr, file: usize) -> Ustr {
        identity(name, file, self.files.get(file).is_some_and(is_library))
    }

    /// The kind or trait of that name, by [`identity`].
    pub(crate) fn node_type(&self, file: usize, name: Ustr) -> Option<Ustr> {
        let kind = self.kind(file, name).map(|it| it.id);
        kind.or_else(|| {
            let (decl, file) = self.trait_of(file, name)?;
            Some(self.identity_in(decl.name.name, file))
        })
    }
}

/// What the traits of a kind give it.
#[derive(Default)]
struct Promised<'a> {
    traits: Vec<Ustr>,
    collectors: Vec<(Ustr, Collector<'a>)>,
}

fn declare<T>(decls: &mut Decls<T>, name: Ustr, decl: T, file: usize) {
    decls.entry(name).or_default().push((decl, file));
}

/// `on created` and `created` are two verbs.
pub(crate) fn verb_key(on: bool, verb: Ustr) -> Ustr {
    if on {
        Ustr::from(&format!("on {verb}"))
    } else {
        verb
    }
}
