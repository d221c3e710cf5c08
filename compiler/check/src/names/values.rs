//! Values and what stands around them.

use std::sync::Arc;

use topoc_syntax::ast::{self, Stmt, StmtKind};

/// An `if` or a `for` around a declaration.
#[derive(Clone, Copy, Debug)]
pub enum Guard<'a> {
    /// The condition must have this value.
    If(&'a ast::Expr, bool),
    /// Once for each item.
    For(&'a ast::LoopHead),
}

/// What introduces a value.
#[derive(Clone, Copy, Debug)]
pub enum What<'a> {
    /// `param`
    Param(&'a ast::Field),
    /// `input`
    Input(&'a ast::Field),
    /// An attribute of a kind or an edge.
    Attribute(&'a ast::Field),
    /// `collect`
    Collect(&'a ast::Collect),
    /// `output` of a kind.
    Output(&'a ast::Output),
    /// `let`, functions too.
    Let(&'a ast::Let),
    /// A node.
    Node(&'a ast::NodeDecl),
    /// `existing KIND NAME`
    Existing(&'a ast::NodeDecl),
    /// `network`
    Network(&'a ast::Network),
    /// `group`
    Group(&'a ast::NodeDecl),
    /// `external`
    External(&'a ast::NodeDecl),
    /// `resource`
    Resource(&'a ast::Resource),
    /// `resource raw`
    Raw(&'a ast::RawResource),
    /// `lookup`
    Lookup(&'a ast::Resource),
}

impl What<'_> {
    /// What people call it.
    pub fn noun(&self) -> &'static str {
        match self {
            What::Param(_) => "param",
            What::Input(_) => "input",
            What::Attribute(_) => "attribute",
            What::Collect(_) => "collector",
            What::Output(_) => "output",
            What::Let(it) if it.params.is_some() => "function",
            What::Let(_) => "value",
            What::Node(_) | What::Existing(_) => "node",
            What::Network(_) => "network",
            What::Group(_) => "group",
            What::External(_) => "external",
            What::Resource(_) | What::Raw(_) => "resource",
            What::Lookup(_) => "lookup",
        }
    }

    /// Whether its name is an identity, so that it must be unique in the whole program.
    pub fn has_identity(&self) -> bool {
        !matches!(self, What::Let(_))
    }
}

/// A named value.
#[derive(Clone, Debug)]
pub struct Value<'a> {
    /// Its name.
    pub name: ast::Ident,
    /// What introduces it.
    pub what: What<'a>,
    /// The position of its file.
    pub file: usize,
    /// Outermost first.
    pub guards: Arc<[Guard<'a>]>,
}

impl Value<'_> {
    /// How many keys make it a family, and families of it; a `for` without a key is reported and makes one too.
    pub fn depth(&self) -> usize {
        let repeated = || self.guards.iter().any(|it| matches!(it, Guard::For(_)));
        match self.key() {
            Some(key) => ast::keys(key).len(),
            None => usize::from(repeated()),
        }
    }

    /// `[e]`
    pub fn key(&self) -> Option<&ast::Expr> {
        match self.what {
            What::Node(it) | What::Existing(it) | What::Group(it) | What::External(it) => {
                it.key.as_ref()
            }
            What::Network(it) => it.key.as_ref(),
            What::Resource(it) | What::Lookup(it) => it.key.as_ref(),
            What::Raw(it) => it.key.as_ref(),
            What::Param(_)
            | What::Input(_)
            | What::Attribute(_)
            | What::Collect(_)
            | What::Output(_)
            | What::Let(_) => None,
        }
    }
}

/// Visits every value that a block declares, in source order, those under `if` and `for` too
/// (but a `let` there belongs to its block).
pub fn walk<'a>(block: &'a [Stmt], file: usize, visit: &mut dyn FnMut(Value<'a>)) {
    walk_in(block, file, &mut Vec::new(), visit);
}

fn walk_in<'a>(
    block: &'a [Stmt],
    file: usize,
    guards: &mut Vec<Guard<'a>>,
    visit: &mut dyn FnMut(Value<'a>),
) {
    for stmt in block {
        match &stmt.kind {
            StmtKind::If(it) => {
                guards.push(Guard::If(&it.condition, true));
                walk_in(&it.then, file, guards, visit);
                guards.pop();
                guards.push(Guard::If(&it.condition, false));
                walk_in(it.otherwise.as_deref().unwrap_or(&[]), file, guards, visit);
                guards.pop();
            }
            StmtKind::For(it) => {
                guards.push(Guard::For(&it.head));
                walk_in(&it.body, file, guards, visit);
                guards.pop();
            }
            StmtKind::Let(_) if !guards.is_empty() => {}
            kind => {
                if let Some((name, what)) = declared(kind) {
                    let guards = guards.as_slice().into();
                    visit(Value {
                        name,
                        what,
                        file,
                        guards,
                    });
                }
            }
        }
    }
}

fn declared(kind: &StmtKind) -> Option<(ast::Ident, What<'_>)> {
    Some(match kind {
        StmtKind::Param(it) => (it.name, What::Param(it)),
        StmtKind::Input(it) => (it.name, What::Input(it)),
        StmtKind::Field(it) => (it.name, What::Attribute(it)),
        StmtKind::Collect(it) => (it.name, What::Collect(it)),
        StmtKind::Let(it) => (it.name, What::Let(it)),
        StmtKind::Node(it) => (it.name, What::Node(it)),
        StmtKind::Existing(it) => (it.name, What::Existing(it)),
        StmtKind::Network(it) => (it.name, What::Network(it)),
        StmtKind::Group(it) => (it.name, What::Group(it)),
        StmtKind::External(it) => (it.name, What::External(it)),
        StmtKind::Resource(it) => (it.name, What::Resource(it)),
        StmtKind::RawResource(it) => (it.name, What::Raw(it)),
        StmtKind::Lookup(it) => (it.name, What::Lookup(it)),
        StmtKind::Topology(_)
        | StmtKind::Use(_)
        | StmtKind::Output(_)
        | StmtKind::Env(_)
        | StmtKind::Type(_)
        | StmtKind::Enum(_)
        | StmtKind::Protocol(_)
        | StmtKind::Edge(_)
        | StmtKind::Addition(_)
        | StmtKind::Assert(_)
        | StmtKind::If(_)
        | StmtKind::For(_)
        | StmtKind::Trait(_)
        | StmtKind::Kind(_)
        | StmtKind::EdgeDecl(_)
        | StmtKind::ResourceType(_)
        | StmtKind::Adjust(_)
        | StmtKind::Moved(_)
        | StmtKind::Rule(_)
        | StmtKind::Test(_)
        | StmtKind::ExistingBlock(_)
        | StmtKind::ActsAs(_)
        | StmtKind::Listens(_)
        | StmtKind::Access(_)
        | StmtKind::Opens(_)
        | StmtKind::Grant(_)
        | StmtKind::Needs(_)
        | StmtKind::Error => return None,
    })
}
