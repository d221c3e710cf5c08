//! The tree of one file. It stores what was written, never what it means:
//! names and types are side tables keyed by [`ExprId`] or [`Span`].

mod decl;
mod expr;
mod help;
mod kind;
mod resource;
mod types;

use topoc_diagnostics::{FileId, Span};
use ustr::Ustr;

pub use crate::frozen::Later;
pub use decl::*;
pub use expr::*;
pub use help::{help_for_value, help_for_word};
pub use kind::*;
pub use resource::*;
pub use types::*;

/// A name as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ident {
    /// The word.
    pub name: Ustr,
    /// Where it stands.
    pub span: Span,
}

/// `a.b.c`; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Its parts, with dots between them.
    pub(crate) text: Ustr,
    /// From the first to the last.
    pub span: Span,
}

impl Path {
    /// `a.b.c`
    pub fn text(&self) -> Ustr {
        self.text
    }
}

/// One file.
#[derive(Clone, Debug)]
pub struct File {
    /// Its number.
    pub id: FileId,
    /// Its statements in source order.
    pub items: Vec<Stmt>,
    /// What could not be read, in source order; reported already.
    pub skipped: Vec<Skipped>,
}

/// A statement or entry that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its text.
    pub span: Span,
    /// Where the declaration begins that it is an entry of; its own first byte if it stands in a file or block.
    pub within: u32,
}

/// The keys behind the name of a declaration, `[e][f]`: several are kept as a list.
pub fn keys(key: &Expr) -> &[Expr] {
    if let ExprKind::List(keys) = &key.kind {
        keys
    } else {
        std::slice::from_ref(key)
    }
}

/// A block of statements, entries or members.
pub type Block = Vec<Stmt>;

/// A declaration, edge, assertion … with what stands above it.
///
/// All blocks of the language (files, `if`, `for`, kinds, traits, edges, resource types, networks) hold these;
/// the parser puts only the kinds of statements into a block that the grammar allows there.
#[derive(Clone, Debug)]
pub struct Stmt {
    /// The lines of `///`, joined by line breaks, without the slashes and one leading space.
    pub docs: Option<Ustr>,
    /// `@allow(…)`, `@key(…)`, `@help(…)`.
    pub notes: Vec<Note>,
    /// The whole statement, without docs and notes.
    pub span: Span,
    /// What it is.
    pub kind: StmtKind,
}

/// `@NAME(args)`.
#[derive(Clone, Debug)]
pub struct Note {
    /// `allow`, `key`.
    pub name: Ident,
    /// What stands in the parentheses.
    pub args: Vec<Arg>,
    /// The whole note.
    pub span: Span,
}

/// Every statement of the language.
#[derive(Clone, Debug)]
pub enum StmtKind {
    // files
    /// `topology shop { … }`
    Topology(Topology),
    /// `use "./x.topo" as x`
    Use(Use),
    /// `param x: T = e`
    Param(Field),
    /// `input x: T = e`
    Input(Field),
    /// `output x: T = e`, of a program, a kind, a trait, a resource type
    Output(Output),
    /// `env prod { … }`
    Env(Env),
    /// `let x = e`, `let f(a: T): T = e`
    Let(Let),
    /// `type T = { … }`
    Type(TypeDecl),
    /// `enum E { … }`
    Enum(EnumDecl),
    /// `protocol postgres = tcp 5432`
    Protocol(ProtocolDecl),
    /// `network main { … }`, also `existing network`
    Network(Network),
    /// `group db_clients`
    Group(NodeDecl),
    /// `external github { … }`
    External(NodeDecl),
    /// `existing certificate site { … }` (but not networks)
    Existing(NodeDecl),
    /// `KIND NAME [key] in PLACE { … }`
    Node(NodeDecl),
    /// `a -> b : verb`
    Edge(Edge),
    /// `target.collector += e`
    Addition(Addition),
    /// `assert …`
    Assert(Assertion),
    /// `if c { … } else { … }`
    If(If),
    /// `for x in xs { … }`
    For(For),
    /// `trait t { … }`
    Trait(Trait),
    /// `kind k is t { … }`
    Kind(Kind),
    /// `edge a -> b : verb value { … }`
    EdgeDecl(EdgeDecl),
    /// `resource t.x name { … }`
    Resource(Resource),
    /// `resource raw name { … }`
    RawResource(RawResource),
    /// `lookup t.x name { … }`
    Lookup(Resource),
    /// `resource type t.x { … }`, `lookup type t.x { … }`
    ResourceType(Box<ResourceType>),
    /// `adjust db.main { … }`
    Adjust(Adjust),
    /// `moved a to b`
    Moved(Moved),
    /// `rule r { … }`
    Rule(Rule),
    /// `test "…" { … }`
    Test(Test),

    // kinds, traits, edges
    /// `name: T where … = e`, an attribute of a kind, an edge; `key` before it in edges
    Field(Field),
    /// `collect xs: List<T>`
    Collect(Collect),
    /// `existing { … }` in a kind
    ExistingBlock(Block),
    /// `acts as part`
    ActsAs(Ident),
    /// `listens v on p { … }`
    Listens(Listens),
    /// `access v value via s { … }`
    Access(Access),
    /// `opens p from a to b because "…"`
    Opens(Opens),
    /// `grant actions on arns to p where c`
    Grant(Grant),
    /// `needs s`
    Needs(Ident),

    /// What could not be read; reported already.
    Error,
}
