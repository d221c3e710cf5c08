//! Nodes and edges as instances of their kinds and declarations.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use topoc_diagnostics::Span;
use topoc_ir::{NodeId, Peer, Placement, Value};
use topoc_syntax::ast;
use ustr::{Ustr, UstrMap};

use crate::allowed::Allowed;
use crate::eval::scope::Scope;
use crate::index::{BodyInfo, EdgeInfo, KindInfo};
use crate::memo::Memos;

/// A node or an edge.
pub(crate) struct Inst<'a> {
    /// `web`, `api["x"].run`, `alb->web:forward["/*"]`
    pub(crate) path: Ustr,
    pub(crate) what: What<'a>,
    /// The body given at the declaration, and the scope its values are read in.
    pub(crate) given: &'a [ast::Attribute],
    pub(crate) given_scope: Scope<'a>,
    /// The value of the verb and the field it belongs to.
    pub(crate) verb_value: Option<(Ustr, &'a ast::Expr)>,
    /// The scope around the kind's or edge's body.
    pub(crate) outer: Scope<'a>,
    pub(crate) memo: RefCell<Memos>,
    pub(crate) output_memo: RefCell<Memos>,
    pub(crate) span: Span,
    /// Where it is declared: for a part inside its kind.
    pub(crate) declared: Span,
    pub(crate) docs: Option<Ustr>,
    /// What `@allow` says about it.
    pub(crate) allowed: Allowed,
    pub(crate) rank: u32,
    /// What was added to its collectors.
    pub(crate) added: RefCell<UstrMap<Vec<Added>>>,
}

/// One addition to a collector.
#[derive(Clone)]
pub(crate) struct Added {
    /// Who added: a path.
    pub(crate) who: Ustr,
    pub(crate) value: Value,
    pub(crate) span: Span,
}

/// What an instance is an instance of.
pub(crate) enum What<'a> {
    Node(NodePart<'a>),
    Edge(EdgePart<'a>),
}

/// What only nodes have.
pub(crate) struct NodePart<'a> {
    pub(crate) id: NodeId,
    pub(crate) kind: Rc<KindInfo<'a>>,
    pub(crate) owner: Option<NodeId>,
    pub(crate) existing: bool,
    pub(crate) placement: RefCell<Option<Placement>>,
    pub(crate) groups: RefCell<Vec<u32>>,
    /// An edge names it.
    pub(crate) named: Cell<bool>,
    /// Something asked which groups it wears: it has interfaces.
    pub(crate) worn: Cell<bool>,
}

/// What only edges have.
pub(crate) struct EdgePart<'a> {
    /// Its position in the topology's edges.
    pub(crate) index: u32,
    pub(crate) source: Value,
    pub(crate) target: Value,
    pub(crate) source_peer: Peer,
    pub(crate) target_peer: Peer,
    pub(crate) body: EdgeBody<'a>,
}

/// Which declaration an edge follows.
pub(crate) enum EdgeBody<'a> {
    Declared(Rc<EdgeInfo<'a>>),
    /// `access` or `listens` of the target's kind, prepared.
    Short(Rc<BodyInfo<'a>>),
}

impl<'a> Inst<'a> {
    /// The node's own part.
    pub(crate) fn node(&self) -> Option<&NodePart<'a>> {
        match &self.what {
            What::Node(part) => Some(part),
            What::Edge(_) => None,
        }
    }

    /// The edge's own part.
    pub(crate) fn edge(&self) -> Option<&EdgePart<'a>> {
        match &self.what {
            What::Edge(part) => Some(part),
            What::Node(_) => None,
        }
    }

    /// The body of an edge.
    pub(crate) fn edge_body(&self) -> Option<&BodyInfo<'a>> {
        self.edge().map(|part| match &part.body {
            EdgeBody::Declared(info) => info.body(),
            EdgeBody::Short(body) => body,
        })
    }

    /// The statements that make resources, or assert.
    pub(crate) fn fills(&self) -> &[&'a ast::Stmt] {
        let Some(part) = self.node() else {
            return self.edge_body().map_or(&[], |it| &it.steps.fills);
        };
        match &part.kind.existing {
            Some(existing) if part.existing => &existing.steps.fills,
            _ => &part.kind.steps.fills,
        }
    }

    /// Whether the declaration leaves an attribute to its default.
    pub(crate) fn says_nothing_of(&self, name: Ustr) -> bool {
        self.verb_value.is_none_or(|(it, _)| it != name) && self.given(name).is_none()
    }

    /// The attribute given at the declaration.
    pub(crate) fn given(&self, name: Ustr) -> Option<&'a ast::Attribute> {
        self.given.iter().find(|it| it.name.name == name)
    }
}
