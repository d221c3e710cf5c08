//! Step ①: nodes, parts and edges. Never looks into a collector.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use topoc_diagnostics::{Code, Span};
use topoc_ir::{NodeId, Placement, Value, Zone};
use topoc_syntax::Origin;
use topoc_syntax::ast::{self, StmtKind};
use ustr::Ustr;

use crate::allowed::Allowed;
use crate::errors;
use crate::eval::scope::Scope;
use crate::gather::{GATHERS, Pending, UNFOLDS};
use crate::index::Site;
use crate::instance::{Inst, NodePart, What};
use crate::session::{Eval, Session};
use crate::types::Ty;

impl<'a> Session<'a> {
    /// Instantiates every node and edge, and lists what the next step adds.
    pub(crate) fn unfold(&self) {
        let files = self.user_files();
        for file in &files {
            for stmt in self.file_items(*file) {
                self.force_names(stmt, *file);
            }
        }
        self.drain();
        for file in &files {
            for (order, stmt) in self.file_items(*file).iter().enumerate() {
                let rank = ((*file as u32) << 20) + order as u32;
                self.unfold_edges(std::slice::from_ref(stmt), &Scope::file(*file), None, rank);
                self.drain();
            }
        }
        for file in files {
            for stmt in self.file_items(file) {
                self.note_pending(stmt, &Scope::file(file), None);
            }
        }
    }

    pub(crate) fn user_files(&self) -> Vec<usize> {
        let user =
            |file: &topoc_syntax::LoadedFile| matches!(file.origin, Origin::Root | Origin::User);
        self.index
            .files
            .iter()
            .enumerate()
            .filter(|(_, it)| user(it))
            .map(|(at, _)| at)
            .collect()
    }

    pub(crate) fn file_items(&self, file: usize) -> &'a [ast::Stmt] {
        self.index
            .files
            .get(file)
            .map_or(&[], |it| it.ast.items.as_slice())
    }

    /// Evaluates the names that a top-level statement declares, so that nodes exist in source order.
    fn force_names(&self, stmt: &'a ast::Stmt, file: usize) {
        match &stmt.kind {
            StmtKind::If(inner) => {
                let blocks = inner.then.iter().chain(inner.otherwise.iter().flatten());
                blocks.for_each(|it| self.force_names(it, file));
            }
            StmtKind::For(inner) => inner.body.iter().for_each(|it| self.force_names(it, file)),
            // what asserts of the file forbid is not evaluated before they are judged
            StmtKind::Let(_) => {}
            _ => {
                if let Some(name) = crate::index::prepare::value_name(stmt) {
                    // a mistake is reported where it happens; the others go on
                    if self.lookup(&Scope::file(file), name, stmt.span).is_err() {
                        self.lose_declared(stmt);
                    }
                }
            }
        }
    }

    /// Unfolds the bodies of all instances that wait for it.
    fn drain(&self) {
        let mut next = 0;
        loop {
            let inst = self.queue.borrow().get(next).cloned();
            let Some(inst) = inst else { break };
            next += 1;
            self.unfold_body(&inst);
        }
        self.queue.borrow_mut().clear();
    }

    fn unfold_body(&self, inst: &Rc<Inst<'a>>) {
        self.about(Some(inst), || self.unfold_inside(inst));
    }

    fn unfold_inside(&self, inst: &Rc<Inst<'a>>) {
        let Some(part) = inst.node() else { return };
        self.check_given(inst);
        self.join_groups(inst);
        if part.existing {
            return;
        }
        for field in part.kind.fields.values() {
            if let Ty::Node(_) = self.ty(&field.ty, part.kind.file).present() {
                let _ = self.attribute(inst, field, inst.span);
            }
        }
        let scope = self.inside(inst);
        let steps = &part.kind.steps;
        for stmt in &steps.parts {
            self.force_parts(stmt, &scope);
        }
        let unfolds = steps.unfolds.iter().copied();
        self.unfold_edges(unfolds, &scope, Some(inst), inst.rank);
        for stmt in &steps.gathers {
            self.note_pending(stmt, &scope, Some(inst));
        }
    }

    fn force_parts(&self, stmt: &'a ast::Stmt, scope: &Scope<'a>) {
        match &stmt.kind {
            StmtKind::If(inner) => {
                let blocks = inner.then.iter().chain(inner.otherwise.iter().flatten());
                blocks.for_each(|it| self.force_parts(it, scope));
            }
            StmtKind::For(inner) => inner.body.iter().for_each(|it| self.force_parts(it, scope)),
            StmtKind::Node(_) | StmtKind::Network(_) | StmtKind::Group(_) => {
                if let Some(name) = crate::index::prepare::value_name(stmt)
                    && self.lookup(scope, name, stmt.span).is_err()
                    && let Some(inst) = scope.inst()
                {
                    self.lose_around(inst);
                }
            }
            _ => {}
        }
    }

    fn unfold_edges(
        &self,
        block: impl IntoIterator<Item = &'a ast::Stmt>,
        scope: &Scope<'a>,
        inst: Option<&Rc<Inst<'a>>>,
        rank: u32,
    ) {
        for stmt in block {
            if self.flags_of(stmt) & UNFOLDS == 0 || self.refuses(stmt) {
                if let StmtKind::Edge(edge) = &stmt.kind {
                    self.lose_edge(edge, scope, inst);
                }
                continue;
            }
            match &stmt.kind {
                StmtKind::Edge(edge) => self.unfold_edge(edge, stmt, scope, inst, rank),
                StmtKind::If(inner) => {
                    let Ok(holds) = self.condition(&inner.condition, scope) else {
                        self.lose_statement(stmt, inst);
                        continue;
                    };
                    let block = if holds {
                        inner.then.as_slice()
                    } else {
                        inner.otherwise.as_deref().unwrap_or(&[])
                    };
                    self.unfold_edges(
                        block,
                        &crate::eval::loops::inside(scope.clone(), block),
                        inst,
                        rank,
                    );
                }
                StmtKind::For(inner) => {
                    let Ok(turns) = self.turns_of(&inner.head, scope) else {
                        self.lose_statement(stmt, inst);
                        continue;
                    };
                    for turn in turns {
                        self.unfold_edges(
                            &inner.body,
                            &crate::eval::loops::inside(turn, &inner.body),
                            inst,
                            rank,
                        );
                    }
                }
                _ => {}
            }
        }
    }

    /// Edges that a body implies.
    pub(crate) fn unfold_implied(&self, block: &[&'a ast::Stmt], inst: &Rc<Inst<'a>>) {
        let block = block.iter().copied();
        self.unfold_edges(block, &self.inside(inst), Some(inst), inst.rank);
    }

    /// Keeps a statement that adds to collectors for the next step.
    pub(crate) fn note_pending(
        &self,
        stmt: &'a ast::Stmt,
        scope: &Scope<'a>,
        inst: Option<&Rc<Inst<'a>>>,
    ) {
        if self.flags_of(stmt) & GATHERS == 0 || self.refuses(stmt) {
            return;
        }
        for name in crate::gather::adds(stmt) {
            *self.open.borrow_mut().entry(name).or_insert(0) += 1;
        }
        self.pending.borrow_mut().push(Pending {
            stmt,
            scope: scope.clone(),
            inst: inst.cloned(),
        });
    }

    /// A node of a kind, once for each path.
    pub(crate) fn instantiate(
        &self,
        decl: &'a ast::NodeDecl,
        existing: bool,
        site: &Site<'a>,
        path: Ustr,
        scope: &Scope<'a>,
        owner: Option<&Rc<Inst<'a>>>,
    ) -> Eval {
        if let Some(id) = self.node_paths.borrow().get(&path) {
            return Ok(Value::Node(*id));
        }
        let Some(kind_path) = &decl.kind else {
            return Ok(Value::None);
        };
        let Some(kind) = self.index.kind(site.file, kind_path.text()) else {
            let known: Vec<&str> = self
                .index
                .library
                .kinds
                .keys()
                .chain(self.index.user.kinds.keys())
                .map(|it| it.as_str())
                .collect();
            let help = topoc_diagnostics::nearest(kind_path.text().as_str(), known);
            let report = errors::plain(
                Code::E0202,
                kind_path.span,
                format!("there is no kind `{}`", kind_path.text()),
                "used here",
            );
            return Err(
                self.report(report.help_opt(help.map(|it| format!("did you mean `{it}`?"))))
            );
        };
        if existing && kind.existing.is_none() {
            let message = format!("{} cannot be looked up", errors::a(&kind.name));
            return Err(self.report(errors::plain(
                Code::E0202,
                kind_path.span,
                message,
                "with `existing`",
            )));
        }
        let placement = RefCell::new(self.placement(decl, &kind, existing, scope)?);
        let id = NodeId(self.nodes.borrow().len() as u32);
        let inst = Rc::new(Inst {
            path,
            given: &decl.body.attributes,
            given_scope: scope.clone(),
            verb_value: None,
            outer: Scope::file(kind.file),
            memo: RefCell::default(),
            output_memo: RefCell::default(),
            span: owner.map_or(decl.name.span, |it| it.span),
            declared: decl.name.span,
            docs: site.stmt.docs,
            allowed: Allowed::read(&site.stmt.notes, owner.map(|it| it.as_ref())),
            rank: owner.map_or(site.rank, |it| it.rank),
            added: RefCell::default(),
            what: What::Node(NodePart {
                id,
                kind,
                owner: owner.and_then(|it| it.node().map(|part| part.id)),
                existing,
                placement,
                groups: RefCell::default(),
                named: Cell::new(false),
                worn: Cell::new(false),
            }),
        });
        self.node_paths.borrow_mut().insert(path, id);
        self.nodes.borrow_mut().push(inst.clone());
        self.queue.borrow_mut().push(inst);
        Ok(Value::Node(id))
    }

    /// Whether every attribute of the body is one of the kind.
    fn check_given(&self, inst: &Rc<Inst<'a>>) {
        let Some(part) = inst.node() else { return };
        let existing = part.existing.then_some(()).and(part.kind.existing.as_ref());
        let placed = part.kind.is("placed");
        for given in inst.given {
            let name = given.name.name;
            let known = part.kind.fields.contains_key(&name)
                || part.kind.collectors.contains_key(&name)
                || name.as_str() == "tags"
                || (placed && name.as_str() == "groups")
                || existing.is_some_and(|it| {
                    it.fields.contains_key(&name) || it.outputs.contains_key(&name)
                });
            if !known {
                let what = self.instance_text(inst);
                let fields = part
                    .kind
                    .fields
                    .keys()
                    .chain(part.kind.collectors.keys())
                    .map(|it| it.as_str());
                let help = topoc_diagnostics::nearest(name.as_str(), fields);
                let report = errors::plain(
                    Code::E0203,
                    given.name.span,
                    format!("{what} has no attribute `{name}`"),
                    "given here",
                );
                self.report(report.help_opt(help.map(|it| format!("did you mean `{it}`?"))));
            }
        }
    }

    fn join_groups(&self, inst: &Rc<Inst<'a>>) {
        let Some(part) = inst.node() else { return };
        let Some(given) = inst
            .given(ustr::name!("groups"))
            .filter(|_| part.kind.is("placed"))
        else {
            self.inherit_groups(inst);
            return;
        };
        let Ok(value) = self.eval(&given.value, &inst.given_scope) else {
            return;
        };
        for item in value.items() {
            match item {
                Value::Group(index) => part.groups.borrow_mut().push(*index),
                other => {
                    self.report(errors::wrong_type(
                        given.value.span,
                        "groups",
                        &self.describe(other),
                    ));
                }
            }
        }
    }

    /// A placed part wears the groups of its owner.
    fn inherit_groups(&self, inst: &Rc<Inst<'a>>) {
        let Some(part) = inst.node().filter(|part| part.kind.is("placed")) else {
            return;
        };
        let Some(owner) = part.owner.map(|id| self.inst(id)) else {
            return;
        };
        if let Some(owner) = owner.node().filter(|it| it.kind.is("placed")) {
            part.groups
                .borrow_mut()
                .extend(owner.groups.borrow().iter().copied());
        }
    }

    fn placement(
        &self,
        decl: &'a ast::NodeDecl,
        kind: &crate::index::KindInfo<'a>,
        existing: bool,
        scope: &Scope<'a>,
    ) -> Eval<Option<Placement>> {
        let (Some(first), Some(last)) = (decl.places.first(), decl.places.last()) else {
            if kind.is("placed") && !kind.placed_optional && !existing {
                let message = format!("{} stands in a subnet", errors::a(&kind.name));
                let report = errors::plain(
                    Code::E0501,
                    decl.name.span,
                    message,
                    "this one is not placed",
                );
                let help = format!("{} {} in {}", kind.name, decl.name.name, self.some_place());
                return Err(self.report(report.help(help)));
            }
            return Ok(None);
        };
        let span = first.span.to(last.span);
        let mut subnets = Vec::new();
        let mut network = None;
        let mut absent = true;
        for place in &decl.places {
            let value = self.eval(place, scope)?;
            if !value.is_none() {
                absent = false;
                self.place_subnets(&value, place.span, &mut network, &mut subnets)?;
            }
        }
        if absent {
            return Ok(None);
        }
        if !kind.is("placed") {
            let message = format!("{} does not stand in subnets", errors::a(&kind.name));
            return Err(self.report(errors::plain(Code::E0501, span, message, "placed here")));
        }
        subnets.sort_unstable();
        subnets.dedup();
        Ok(network.map(|network| Placement {
            network,
            subnets,
            span,
        }))
    }

    fn place_subnets(
        &self,
        value: &Value,
        span: Span,
        network: &mut Option<u32>,
        subnets: &mut Vec<(u32, Zone)>,
    ) -> Eval<()> {
        match value {
            Value::Subnet(of, subnet, zone) => {
                if network.is_some_and(|it| it != *of) {
                    let report = errors::plain(
                        Code::E0501,
                        span,
                        "the subnets of one node lie in one network",
                        "in another network",
                    );
                    return Err(self.report(report));
                }
                *network = Some(*of);
                match zone {
                    Some(zone) => subnets.push((*subnet, *zone)),
                    None => subnets.extend(
                        self.subnet_zones(*of, *subnet)
                            .into_iter()
                            .map(|zone| (*subnet, zone)),
                    ),
                }
                Ok(())
            }
            Value::List(items) => items
                .iter()
                .try_for_each(|it| self.place_subnets(it, span, network, subnets)),
            other => Err(self.report(
                errors::wrong_type(span, "a subnet", &self.describe(other))
                    .help("name one: `in main.app`"),
            )),
        }
    }

    /// The node itself or the part that stands for it, whichever is of the kind or trait.
    pub(crate) fn node_as(&self, inst: &Rc<Inst<'a>>, kind: Ustr) -> Option<NodeId> {
        let part = inst.node()?;
        if part.kind.id == kind || part.kind.is(&kind) {
            return Some(part.id);
        }
        let acting = self.acting(inst)?;
        self.node_as(&acting, kind)
    }

    /// The part that `acts as` names, if it is a node.
    pub(crate) fn acting(&self, inst: &Rc<Inst<'a>>) -> Option<Rc<Inst<'a>>> {
        let part = inst.node()?;
        let name = part.kind.acts_as.filter(|_| !part.existing)?;
        part.kind.sites.get(&name)?;
        match self.lookup(&self.inside(inst), name, inst.span) {
            Ok(Some(Value::Node(id))) => Some(self.inst(id)),
            _ => None,
        }
    }
}
