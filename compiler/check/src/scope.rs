//! Scopes: built-ins < file < kind or edge < loop variable, parameter, `let` in a block.

use std::rc::Rc;

use topoc_syntax::ast::{self, StmtKind};
use ustr::{Ustr, UstrMap};

use crate::checker::{Checker, Known};
use crate::errors;
use crate::facts::Facts;
use crate::kinds::{KindInfo, OutputInfo};
use crate::names::{Found, Value, What, walk};
use crate::ty::{FieldTy, Ty};

/// Where an expression stands.
#[derive(Clone, Debug, Default)]
pub struct Scope<'a> {
    /// The position of the file.
    pub file: usize,
    /// What is around it.
    pub home: Home<'a>,
    /// Loop variables, parameters, values of blocks; innermost last.
    pub locals: Vec<Local<'a>>,
    /// What is known to hold.
    pub facts: Facts,
    /// The type of `it`, where there is one.
    pub it: Option<Ty<'a>>,
    /// How many `for`s are around.
    pub loops: usize,
    /// Further ends: `source` and `target` of `access` and `listens`.
    pub ends: bool,
}

/// What a scope belongs to.
#[derive(Clone, Debug, Default)]
pub enum Home<'a> {
    /// A file.
    #[default]
    File,
    /// A kind's body.
    Kind(Rc<KindInfo<'a>>),
    /// An edge's body.
    Edge(Rc<EdgeInfo<'a>>),
}

/// A file, a kind or an edge, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HomeId {
    /// A file.
    File(u32),
    /// A kind.
    Kind(u32),
    /// An edge.
    Edge(u32),
}

impl HomeId {
    /// The file at that position of the program.
    pub fn file(position: usize) -> Self {
        HomeId::File(u32::try_from(position).unwrap_or(u32::MAX))
    }
}

/// An edge declaration with its types resolved.
#[derive(Debug)]
pub struct EdgeInfo<'a> {
    /// Its number.
    pub number: u32,
    /// Its declaration.
    pub decl: &'a ast::EdgeDecl,
    /// Its file.
    pub file: usize,
    /// What the block of an edge may set.
    pub fields: Vec<FieldTy<'a>>,
    /// Everything its body names.
    pub members: UstrMap<Value<'a>>,
    /// The left end.
    pub source: Ty<'a>,
    /// The right end.
    pub target: Ty<'a>,
}

/// A name of an inner scope.
#[derive(Clone, Debug)]
pub struct Local<'a> {
    /// Its name.
    pub name: ast::Ident,
    /// What introduces it.
    pub what: LocalWhat<'a>,
    /// Its type, once known.
    pub ty: Known<'a>,
}

/// What introduces a local name.
#[derive(Clone, Debug)]
pub enum LocalWhat<'a> {
    /// The item of a loop.
    Item(&'a ast::LoopHead),
    /// The index or key of a loop.
    Key,
    /// A parameter of a function.
    Parameter,
    /// A `let`, field, resource of a block.
    Value(Value<'a>),
}

/// What a name stands for where it is used.
#[derive(Clone, Debug)]
pub enum Binding<'a> {
    /// By its place in [`Scope::locals`].
    Local(usize),
    /// A member of the kind or edge around.
    Member(Value<'a>),
    /// An output of the kind around.
    Output(OutputInfo<'a>),
    /// A value of a file.
    Top(u32),
    /// `topology`, `env`, `aws`, `source`, `target`, `it`
    BuiltIn(Ty<'a>),
    /// A value of the file that a kind does not see.
    Outside(u32),
    /// Several used files bring it.
    Ambiguous,
}

impl<'a> Scope<'a> {
    /// The top of a file.
    pub fn file(file: usize) -> Self {
        Self {
            file,
            ..Self::default()
        }
    }

    /// The body of a kind.
    pub fn kind(kind: Rc<KindInfo<'a>>) -> Self {
        Self {
            file: kind.file,
            home: Home::Kind(kind),
            ..Self::default()
        }
    }

    /// The body of an edge.
    pub fn edge(edge: Rc<EdgeInfo<'a>>) -> Self {
        Self {
            file: edge.file,
            home: Home::Edge(edge),
            ..Self::default()
        }
    }
}

impl<'a> Checker<'a, '_> {
    /// What `name` stands for here.
    pub fn lookup(&mut self, name: Ustr) -> Option<Binding<'a>> {
        if let Some(local) = self
            .scope
            .locals
            .iter()
            .rposition(|it| it.name.name == name)
        {
            return Some(Binding::Local(local));
        }
        let inside = match &self.scope.home {
            Home::File => None,
            Home::Kind(kind) => match kind.members.get(&name) {
                Some(value) => Some(Binding::Member(value.clone())),
                None => kind
                    .outputs
                    .get(&name)
                    .map(|it| Binding::Output(it.clone())),
            },
            Home::Edge(edge) => edge
                .members
                .get(&name)
                .map(|it| Binding::Member(it.clone())),
        };
        inside
            .or_else(|| self.inherited(name))
            .or_else(|| self.built_in(name))
            .or_else(|| self.of_file(name))
    }

    /// Collectors that a trait gives.
    fn inherited(&self, name: Ustr) -> Option<Binding<'a>> {
        let Home::Kind(kind) = &self.scope.home else {
            return None;
        };
        kind.collectors
            .get(&name)
            .map(|ty| Binding::BuiltIn(ty.clone()))
    }

    fn built_in(&self, name: Ustr) -> Option<Binding<'a>> {
        let ty = match name.as_str() {
            "topology" => Ty::Topology,
            "aws" => Ty::Aws,
            "env" => Ty::Env,
            "it" => self.scope.it.clone()?,
            "source" | "target" => match &self.scope.home {
                Home::Edge(edge) if name.as_str() == "source" => edge.source.clone(),
                Home::Edge(edge) => edge.target.clone(),
                Home::Kind(_) if self.scope.ends => Ty::Unknown,
                Home::Kind(_) | Home::File => return None,
            },
            _ => return None,
        };
        Some(Binding::BuiltIn(ty))
    }

    fn of_file(&mut self, name: Ustr) -> Option<Binding<'a>> {
        let number = match self.names.find_value(self.scope.file, name) {
            Found::None => return None,
            Found::Many(_) => return Some(Binding::Ambiguous),
            Found::One(number) => number,
        };
        let seen = matches!(self.scope.home, Home::File) || self.seen_from_kinds(number);
        Some(if seen {
            Binding::Top(number)
        } else {
            Binding::Outside(number)
        })
    }

    /// Functions and constants; of the library everything.
    fn seen_from_kinds(&mut self, number: u32) -> bool {
        let Some(value) = self.names.values.get(number as usize) else {
            return false;
        };
        if self.names.is_library(value.file) {
            return true;
        }
        match value.what {
            What::Let(it) => it.params.is_some() || self.is_constant(number, it),
            _ => false,
        }
    }

    /// Whether a `let` mentions no param, input or node, not even through others.
    fn is_constant(&mut self, number: u32, it: &'a ast::Let) -> bool {
        if let Some(known) = self.cache.constants.get(&number) {
            return *known;
        }
        self.cache.constants.insert(number, true);
        let file = self
            .names
            .values
            .get(number as usize)
            .map_or(0, |it| it.file);
        let mut mentioned = Vec::new();
        crate::visit::names(&it.value, &mut |name| mentioned.push(name));
        let constant = mentioned
            .into_iter()
            .all(|name| match self.names.find_value(file, name) {
                Found::One(other) => {
                    match self.names.values.get(other as usize).map(|it| it.what) {
                        Some(What::Let(inner)) => {
                            inner.params.is_some()
                                || self
                                    .deeper(|it| Some(it.is_constant(other, inner)))
                                    .unwrap_or(true)
                        }
                        Some(_) => self
                            .names
                            .values
                            .get(other as usize)
                            .is_some_and(|it| self.names.is_library(it.file)),
                        None => true,
                    }
                }
                Found::None | Found::Many(_) => true,
            });
        self.cache.constants.insert(number, constant);
        constant
    }

    /// Brings the `let`s of a block under `if`, `for` or `rule` into scope.
    pub fn push_lets(&mut self, block: &'a [ast::Stmt]) {
        for stmt in block {
            if let StmtKind::Let(it) = &stmt.kind {
                self.refuse_hiding(it.name);
                let value = Value {
                    name: it.name,
                    what: What::Let(it),
                    file: self.scope.file,
                    guards: std::sync::Arc::from([]),
                };
                self.push_local(it.name, LocalWhat::Value(value), Known::Not);
            }
        }
    }

    /// Brings everything that a block declares into scope.
    pub fn push_block(&mut self, block: &'a [ast::Stmt]) {
        let mut found = Vec::new();
        walk(block, self.scope.file, &mut |value| found.push(value));
        for value in found {
            self.push_local(value.name, LocalWhat::Value(value), Known::Not);
        }
    }

    /// Brings one name into scope.
    pub fn push_local(&mut self, name: ast::Ident, what: LocalWhat<'a>, ty: Known<'a>) {
        self.scope.locals.push(Local { name, what, ty });
    }

    /// Reports a name that hides a value of an outer scope of the same file.
    pub fn refuse_hiding(&mut self, name: ast::Ident) {
        let hidden = match self.lookup(name.name) {
            Some(Binding::Local(place)) => self.scope.locals.get(place).map(|it| it.name.span),
            Some(Binding::Member(value)) => Some(value.name.span),
            Some(Binding::Top(number)) => self
                .names
                .values
                .get(number as usize)
                .filter(|it| it.file == self.scope.file)
                .map(|it| it.name.span),
            Some(
                Binding::Output(_) | Binding::BuiltIn(_) | Binding::Outside(_) | Binding::Ambiguous,
            )
            | None => None,
        };
        if let Some(hidden) = hidden.filter(|it| *it != name.span) {
            self.report(errors::hidden_name(name, hidden));
        }
    }
}
