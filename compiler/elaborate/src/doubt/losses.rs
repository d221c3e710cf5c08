//! What is lost on the way: statements that gave nothing may have added to collectors of the nodes that they name.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use topoc_diagnostics::Span;
use topoc_ir::{NodeId, Value};
use topoc_syntax::LoadedFile;
use topoc_syntax::ast::{Edge, Stmt, StmtKind};
use ustr::Ustr;

use super::words;
use crate::edges::ends::End;
use crate::eval::scope::Scope;
use crate::index::Site;
use crate::instance::Inst;
use crate::memo::Memo;
use crate::session::Session;

/// How many `let`s are followed to the nodes that they name.
const DEPTH: u8 = 4;

/// How many `let`s of one name are followed.
const MOST: usize = 16;

/// Places by file and name.
type ByName = HashMap<(usize, Ustr), Rc<[Span]>>;

/// What may be incomplete.
#[derive(Default)]
pub(crate) struct Losses {
    /// Nodes (with all their parts) to whose collectors something lost may have added.
    nodes_named: RefCell<HashSet<NodeId>>,
    /// Something lost may have added anywhere.
    any: Cell<bool>,
    /// Nodes (with all their parts) of which not everything was made.
    unmade: RefCell<HashSet<NodeId>>,
    /// Networks whose attributes may be others.
    networks: RefCell<HashSet<u32>>,
    pub(super) nodes: Cell<bool>,
    pub(super) params: Cell<bool>,
    pub(super) header: Cell<bool>,
    /// Nobody knows which environment is meant.
    environment: Cell<bool>,
    /// Where the `let`s of a file's names stand, of those that were asked for.
    lets: RefCell<ByName>,
}

impl Losses {
    /// The networks whose attributes may be others.
    pub(crate) fn networks(&self) -> Vec<u32> {
        let mut all: Vec<u32> = self.networks.borrow().iter().copied().collect();
        all.sort_unstable();
        all
    }
}

impl<'a> Session<'a> {
    /// Whether something that is lost may have added to the collectors of this node.
    pub(crate) fn may_lack(&self, inst: &Rc<Inst<'a>>) -> bool {
        if !self.in_doubt() {
            return false;
        }
        let root = inst.node().map(|it| self.root(it.id));
        let named = self.losses.nodes_named.borrow();
        self.losses.any.get() || root.is_some_and(|it| named.contains(&it))
    }

    /// Not everything of an instance was made.
    pub(crate) fn lose_made(&self, inst: Option<&Rc<Inst<'a>>>) {
        if let Some(part) = inst.and_then(|it| it.node()) {
            let root = self.root(part.id);
            self.losses.unmade.borrow_mut().insert(root);
        }
    }

    /// Whether not everything of a node may have been made.
    pub(crate) fn is_unmade(&self, inst: &Rc<Inst<'a>>) -> bool {
        let root = inst.node().map(|it| self.root(it.id));
        let unmade = self.losses.unmade.borrow();
        self.may_lack(inst) || root.is_some_and(|it| unmade.contains(&it))
    }

    /// Whether the attributes of a network may be others.
    pub(crate) fn doubts_network(&self, index: u32) -> bool {
        self.in_doubt() && self.losses.networks.borrow().contains(&index)
    }

    pub(crate) fn lose_network(&self, index: u32) {
        self.losses.networks.borrow_mut().insert(index);
    }

    pub(crate) fn lose_params(&self) {
        self.losses.params.set(true);
    }

    pub(crate) fn lose_environment(&self) {
        self.losses.environment.set(true);
        self.lose_params();
    }

    pub(crate) fn doubts_environment(&self) -> bool {
        self.losses.environment.get()
    }

    pub(crate) fn lose_header(&self) {
        self.losses.header.set(true);
    }

    /// A declaration of a file gave nothing.
    pub(crate) fn lose_declared(&self, stmt: &Stmt) {
        if matches!(stmt.kind, StmtKind::Node(_) | StmtKind::Existing(_)) {
            self.losses.nodes.set(true);
            self.lose_text(stmt.span, DEPTH);
        }
    }

    /// What was refused before anything was evaluated.
    pub(crate) fn lose_refused(&self) {
        let refusals = self.doubt.iter().flat_map(|it| &it.refusals);
        for refusal in refusals {
            if refusal.any_ends {
                self.losses.any.set(true);
            }
            self.lose_text(refusal.span, DEPTH);
        }
    }

    /// An edge gave nothing.
    pub(crate) fn lose_edge(&self, edge: &'a Edge, scope: &Scope<'a>, by: Option<&Rc<Inst<'a>>>) {
        if !self.in_doubt() {
            return;
        }
        for end in edge.sources.iter().chain(&edge.targets) {
            topoc_check::mentioned(end, &mut |name| {
                match self.lookup(scope, name, end.span) {
                    Ok(Some(value)) => self.lose_value(&value),
                    // nobody knows what was meant
                    Ok(None) => self.losses.any.set(true),
                    Err(_) if self.is_node(scope.file_index(), name) => {}
                    Err(_) => self.losses.any.set(true),
                }
            });
        }
        by.into_iter().for_each(|it| self.lose_around(it));
    }

    /// An edge between two ends gave nothing.
    pub(crate) fn lose_ends(&self, ends: [&End; 2], by: Option<&Rc<Inst<'a>>>) {
        if !self.in_doubt() {
            return;
        }
        for end in ends {
            match end {
                End::Node(id) => self.lose_node(*id),
                End::Group(index) => self
                    .members_of(*index)
                    .into_iter()
                    .for_each(|it| self.lose_node(it)),
                _ => {}
            }
        }
        by.into_iter().for_each(|it| self.lose_around(it));
    }

    /// A statement that holds others, or adds to collectors, gave nothing.
    pub(crate) fn lose_statement(&self, stmt: &Stmt, inst: Option<&Rc<Inst<'a>>>) {
        if !self.in_doubt() {
            return;
        }
        match inst {
            Some(inst) => self.lose_around(inst),
            None => {
                self.losses.nodes.set(true);
                self.losses
                    .any
                    .set(self.losses.any.get() || holds_edges(stmt));
                self.lose_text(stmt.span, DEPTH);
            }
        }
    }

    /// A statement inside an instance gave nothing: it may have been about what the instance was given.
    pub(crate) fn lose_around(&self, inst: &Rc<Inst<'a>>) {
        if !self.in_doubt() {
            return;
        }
        let mut next = Some(Rc::clone(inst));
        while let Some(inst) = next {
            if let Some(edge) = inst.edge() {
                self.lose_value(&edge.source);
                self.lose_value(&edge.target);
            }
            let file = inst.given_scope.file_index();
            for given in inst.given {
                topoc_check::mentioned(&given.value, &mut |name| self.lose_name(file, name, DEPTH));
            }
            next = inst.node().and_then(|it| it.owner).map(|it| self.inst(it));
        }
        if let Some(part) = inst.node() {
            self.lose_node(part.id);
        }
    }

    fn lose_text(&self, span: Span, depth: u8) {
        let file = span.file.0 as usize;
        words(self.source_at(span)).for_each(|it| self.lose_name(file, it, depth));
    }

    /// What stands at a place.
    pub(crate) fn source_at(&self, span: Span) -> &'a str {
        let files: &'a [_] = self.index.files;
        let text = files
            .get(span.file.0 as usize)
            .map(|it: &LoadedFile| &*it.text);
        let text = text.and_then(|it| it.get(span.start as usize..span.end as usize));
        text.unwrap_or_default()
    }

    /// Whether a name of a file is that of a node, if there is one.
    fn is_node(&self, file: usize, name: Ustr) -> bool {
        let mut sites = self.index.value(file, name).into_iter().flatten();
        sites.any(|it| matches!(it.stmt.kind, StmtKind::Node(_) | StmtKind::Existing(_)))
    }

    /// The nodes that a name of a file stands for; of what is not evaluated yet, those that its text names.
    fn lose_name(&self, file: usize, name: Ustr, depth: u8) {
        let Some(sites) = self.index.value(file, name) else {
            return;
        };
        let home = sites.first().map_or(file, |it| it.file);
        let known = self.globals.borrow().get(&(home, name)).cloned();
        if let Some(Memo::Done(value)) = known {
            return self.lose_nodes(&value);
        }
        let Some(depth) = depth.checked_sub(1) else {
            return self.losses.any.set(true);
        };
        let lets = self.lets_of(home, name, sites);
        if lets.len() > MOST {
            return self.losses.any.set(true);
        }
        lets.iter().for_each(|it| self.lose_text(*it, depth));
    }

    /// Where the `let`s of a name stand.
    fn lets_of(&self, file: usize, name: Ustr, sites: &[Site<'a>]) -> Rc<[Span]> {
        let known = self.losses.lets.borrow().get(&(file, name)).cloned();
        known.unwrap_or_else(|| {
            let lets = sites.iter().map(|it| it.stmt);
            let lets = lets.filter(|it| matches!(it.kind, StmtKind::Let(_)));
            let lets: Rc<[Span]> = lets.map(|it| it.span).collect();
            let mut all = self.losses.lets.borrow_mut();
            all.insert((file, name), Rc::clone(&lets));
            lets
        })
    }

    /// The ends of an edge; who stands in a place is not looked up.
    fn lose_value(&self, value: &Value) {
        match value {
            Value::Network(_) | Value::Subnet(..) | Value::Group(_) => self.losses.any.set(true),
            other => self.lose_nodes(other),
        }
    }

    fn lose_nodes(&self, value: &Value) {
        match value {
            Value::Node(id) => self.lose_node(*id),
            Value::List(items) => items.iter().for_each(|it| self.lose_nodes(it)),
            Value::Map(fields) | Value::Record(fields) => {
                fields.values().for_each(|it| self.lose_nodes(it));
            }
            _ => {}
        }
    }

    fn lose_node(&self, id: NodeId) {
        let root = self.root(id);
        self.losses.nodes_named.borrow_mut().insert(root);
    }

    /// The node of the program that a part belongs to.
    fn root(&self, id: NodeId) -> NodeId {
        let owner = self.inst(id).node().and_then(|it| it.owner);
        owner.map_or(id, |it| self.root(it))
    }
}

/// Whether a statement of a file holds edges.
fn holds_edges(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::Edge(_) => true,
        StmtKind::For(inner) => inner.body.iter().any(holds_edges),
        StmtKind::If(inner) => {
            let otherwise = inner.otherwise.iter().flatten();
            inner.then.iter().chain(otherwise).any(holds_edges)
        }
        _ => false,
    }
}
