//! Step ②: additions to collectors, each once everything it reads is complete.

use std::rc::Rc;
use std::sync::Arc;

use topoc_diagnostics::{Code, Span};
use topoc_ir::{NodeId, Record, Value};
use topoc_syntax::ast::{self, ExprKind, StmtKind};
use ustr::Ustr;

use crate::errors;
use crate::eval::scope::Scope;
use crate::instance::{Added, Inst};
use crate::session::{Eval, Session, Stop};
use crate::types::Ty;

/// Which step is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Unfold,
    Gather,
    Fill,
}

/// The statement holds nodes or edges.
pub(crate) const UNFOLDS: u8 = 1;
/// The statement adds to collectors.
pub(crate) const GATHERS: u8 = 2;
/// The statement makes resources, or asserts.
pub(crate) const FILLS: u8 = 4;

/// A statement of a kind, an edge or a file that adds to collectors.
#[derive(Clone)]
pub(crate) struct Pending<'a> {
    pub(crate) stmt: &'a ast::Stmt,
    pub(crate) scope: Scope<'a>,
    pub(crate) inst: Option<Rc<Inst<'a>>>,
}

/// What one statement adds, kept until the whole of it succeeded.
#[derive(Default)]
pub(crate) struct Additions {
    pub(crate) collected: Vec<(NodeId, Ustr, Added)>,
    pub(crate) openings: Vec<topoc_ir::Opening>,
    pub(crate) needs: Vec<topoc_ir::Need>,
}

impl<'a> Session<'a> {
    /// What the steps find in a statement.
    pub(crate) fn flags_of(&self, stmt: &'a ast::Stmt) -> u8 {
        match &stmt.kind {
            StmtKind::If(_) | StmtKind::For(_) => {}
            _ => return flags(stmt),
        }
        if let Some(known) = self.flags.borrow().get(&stmt.span) {
            return *known;
        }
        let found = flags(stmt);
        self.flags.borrow_mut().insert(stmt.span, found);
        found
    }

    /// Runs every addition; those that read an incomplete collector wait.
    pub(crate) fn gather(&self) {
        self.stage.set(Stage::Gather);
        let mut waiting = std::mem::take(&mut *self.pending.borrow_mut());
        loop {
            let before = waiting.len();
            let mut deferred = Vec::new();
            for pending in waiting {
                match self.run_pending(&pending) {
                    Err(Stop::Deferred) => deferred.push(pending),
                    Err(Stop::Reported) => {
                        self.lose_statement(pending.stmt, pending.inst.as_ref());
                        self.close(pending.stmt);
                    }
                    Ok(()) => self.close(pending.stmt),
                }
            }
            if deferred.is_empty() {
                return;
            }
            if deferred.len() == before {
                self.report_collector_cycle(&deferred);
                return;
            }
            waiting = deferred;
        }
    }

    fn close(&self, stmt: &'a ast::Stmt) {
        let mut open = self.open.borrow_mut();
        for name in adds(stmt) {
            if let Some(count) = open.get_mut(&name) {
                *count = count.saturating_sub(1);
            }
        }
    }

    fn report_collector_cycle(&self, deferred: &[Pending<'a>]) {
        let Some(first) = deferred.first() else {
            return;
        };
        let report = errors::plain(
            Code::E0401,
            first.stmt.span,
            "these additions wait for each other",
            "reads a collector that it adds to, maybe through others",
        );
        let report = deferred
            .iter()
            .skip(1)
            .take(4)
            .fold(report, |it, other| it.because(other.stmt.span, "waits too"));
        self.report(report);
    }

    fn run_pending(&self, pending: &Pending<'a>) -> Eval<()> {
        let mut additions = Additions::default();
        self.about(pending.inst.as_ref(), || {
            self.run_additions(
                pending.stmt,
                &pending.scope,
                pending.inst.as_ref(),
                &mut additions,
            )
        })?;
        for (node, collector, added) in additions.collected {
            self.inst(node)
                .added
                .borrow_mut()
                .entry(collector)
                .or_default()
                .push(added);
        }
        let mut topology = self.topology.borrow_mut();
        topology.openings.extend(additions.openings);
        topology.needs.extend(additions.needs);
        Ok(())
    }

    fn run_additions(
        &self,
        stmt: &'a ast::Stmt,
        scope: &Scope<'a>,
        inst: Option<&Rc<Inst<'a>>>,
        into: &mut Additions,
    ) -> Eval<()> {
        match &stmt.kind {
            StmtKind::Addition(addition) => self.addition(addition, stmt.span, scope, inst, into),
            StmtKind::Grant(grant) => self.grant(grant, stmt.span, scope, inst, into),
            StmtKind::Opens(opens) => self.opens(opens, stmt.span, scope, inst, into),
            StmtKind::Needs(service) => self.needs(*service, scope, inst, into),
            StmtKind::If(inner) if self.flags_of(stmt) & GATHERS != 0 => {
                let holds = self.condition(&inner.condition, scope)?;
                let block = if holds {
                    inner.then.as_slice()
                } else {
                    inner.otherwise.as_deref().unwrap_or(&[])
                };
                let inside = crate::eval::loops::inside(scope.clone(), block);
                block
                    .iter()
                    .try_for_each(|it| self.run_additions(it, &inside, inst, into))
            }
            StmtKind::For(inner) if self.flags_of(stmt) & GATHERS != 0 => {
                for turn in self.turns_of(&inner.head, scope)? {
                    let inside = crate::eval::loops::inside(turn, &inner.body);
                    inner
                        .body
                        .iter()
                        .try_for_each(|it| self.run_additions(it, &inside, inst, into))?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn addition(
        &self,
        addition: &'a ast::Addition,
        span: Span,
        scope: &Scope<'a>,
        inst: Option<&Rc<Inst<'a>>>,
        into: &mut Additions,
    ) -> Eval<()> {
        let (owner, collector) = match &addition.target.kind {
            ExprKind::Field(of, name) => (self.eval(of, scope)?, *name),
            ExprKind::Name(name) => {
                let this = inst
                    .and_then(|it| it.node())
                    .map_or(Value::None, |part| Value::Node(part.id));
                (
                    this,
                    ast::Ident {
                        name: *name,
                        span: addition.target.span,
                    },
                )
            }
            _ => return Ok(()),
        };
        let targets = match &owner {
            Value::None => return Ok(()),
            Value::Node(id) => vec![*id],
            Value::Map(_) => {
                let mut members = Vec::new();
                collect_members(&owner, &mut members);
                members
            }
            other => {
                let expected = "a node with this collector";
                return Err(self.report(errors::wrong_type(
                    addition.target.span,
                    expected,
                    &self.describe(other),
                )));
            }
        };
        for id in targets {
            let target = self.inst(id);
            let Some((target, ty)) = self.collector_of(&target, collector.name) else {
                let message = format!(
                    "{} collects no `{}`",
                    self.instance_text(&target),
                    collector.name
                );
                return Err(self.report(errors::plain(
                    Code::E0406,
                    collector.span,
                    message,
                    "added to here",
                )));
            };
            let Some(part) = target.node() else { continue };
            let mut value = self.collected_value(&addition.value, &ty, scope)?;
            if matches!(&ty, Ty::List(item) if matches!(**item, Ty::Any)) {
                value = Value::list(
                    value
                        .items()
                        .iter()
                        .map(crate::edges::said::grant_entry)
                        .collect(),
                );
            }
            let who = inst.map_or_else(|| ustr::name!(""), |it| it.path);
            let span = inst.map_or(span, |it| it.span);
            into.collected
                .push((part.id, collector.name, Added { who, value, span }));
        }
        Ok(())
    }

    fn collected_value(&self, expr: &'a ast::Expr, ty: &Ty<'a>, scope: &Scope<'a>) -> Eval {
        match ty {
            Ty::List(item) => {
                let value = self.eval(expr, scope)?;
                match (&value, &**item) {
                    (Value::List(_), Ty::List(_)) | (Value::Record(_) | Value::Word(..), _) => {
                        Ok(Value::list(vec![self.eval_as(expr, item, scope)?]))
                    }
                    (Value::List(_), _) => self.fit(value, ty, expr.span),
                    _ => Ok(Value::list(vec![self.fit(value, item, expr.span)?])),
                }
            }
            other => self.eval_as(expr, other, scope),
        }
    }

    /// The node that has the collector (itself, or the part that acts for it) and the collector's type.
    pub(crate) fn collector_of(
        &self,
        inst: &Rc<Inst<'a>>,
        name: Ustr,
    ) -> Option<(Rc<Inst<'a>>, Ty<'a>)> {
        let part = inst.node()?;
        if let Some((ty, file)) = part.kind.collectors.get(&name) {
            return Some((inst.clone(), self.ty(ty, *file)));
        }
        if name.as_str() == "grants" && part.kind.is("principal") {
            return Some((inst.clone(), Ty::List(Rc::new(Ty::Any))));
        }
        let acting = self.acting(inst)?;
        self.collector_of(&acting, name)
    }

    /// The whole of a collector: the node's own block first, then by who added.
    pub(crate) fn collected(&self, inst: &Rc<Inst<'a>>, name: Ustr) -> Eval {
        let Some((_, ty)) = self.collector_of(inst, name) else {
            return Ok(Value::None);
        };
        let mut entries = Vec::new();
        if let Some(given) = inst.given(name) {
            let value = self.eval_as(&given.value, &ty, &inst.given_scope)?;
            entries.push(Added {
                who: ustr::name!(""),
                value,
                span: given.name.span,
            });
        }
        let mut added = inst.added.borrow().get(&name).cloned().unwrap_or_default();
        added.sort_by(|a, b| a.who.as_str().cmp(b.who.as_str()));
        entries.extend(added);
        match &ty {
            Ty::List(_) => Ok(joined(&entries)),
            Ty::Map(_) => self.merged(inst, name, &entries),
            _ => self.single(inst, name, &entries),
        }
    }

    /// The lines that added to the collectors that are being read.
    pub(crate) fn adding(&self) -> Vec<Span> {
        let mut lines = Vec::new();
        for (inst, name) in self.reading.borrow().iter() {
            lines.extend(inst.given(*name).map(|it| it.name.span));
            let added = inst.added.borrow();
            lines.extend(added.get(name).into_iter().flatten().map(|it| it.span));
        }
        lines.sort_unstable_by_key(|it| (it.file, it.start));
        lines.dedup();
        lines
    }

    fn merged(&self, inst: &Inst<'a>, name: Ustr, entries: &[Added]) -> Eval {
        let mut map = Record::default();
        let mut spans: Vec<(Ustr, Span)> = Vec::new();
        for entry in entries {
            let (Value::Map(part) | Value::Record(part)) = &entry.value else {
                continue;
            };
            for (key, value) in part.iter() {
                match map.get(key) {
                    Some(known) if known == value => {}
                    Some(_) => {
                        let first = spans
                            .iter()
                            .find(|(it, _)| it == key)
                            .map_or(inst.span, |(_, span)| *span);
                        let message =
                            format!("`{name}` of `{}` has two values for `{key}`", inst.path);
                        let report = errors::plain(Code::E0405, entry.span, message, "this one")
                            .because(first, "and this one");
                        return Err(self.report(report));
                    }
                    None => {
                        map.insert(*key, value.clone());
                        spans.push((*key, entry.span));
                    }
                }
            }
        }
        Ok(Value::Map(Arc::new(map)))
    }

    fn single(&self, inst: &Inst<'a>, name: Ustr, entries: &[Added]) -> Eval {
        let Some(first) = entries.first() else {
            return Ok(Value::None);
        };
        if let Some(other) = entries.iter().find(|it| it.value != first.value) {
            let message = format!("`{name}` of `{}` has two values", inst.path);
            let report = errors::plain(Code::E0405, other.span, message, "this one")
                .because(first.span, "and this one");
            return Err(self.report(report));
        }
        Ok(first.value.clone())
    }
}

/// Equal entries once; cost is that of a hash only where there are many.
fn joined(entries: &[Added]) -> Value {
    let mut items: Vec<Value> = Vec::new();
    let mut seen = rustc_hash::FxHashSet::default();
    for entry in entries {
        for item in entry.value.items() {
            if entries.len() < 16 {
                if !items.contains(item) {
                    items.push(item.clone());
                }
            } else if seen.insert(format!("{item:?}")) {
                items.push(item.clone());
            }
        }
    }
    Value::list(items)
}

pub(crate) fn flags(stmt: &ast::Stmt) -> u8 {
    match &stmt.kind {
        StmtKind::If(inner) => {
            let blocks = inner.then.iter().chain(inner.otherwise.iter().flatten());
            blocks.map(flags).fold(0, |all, it| all | it)
        }
        StmtKind::For(inner) => inner.body.iter().map(flags).fold(0, |all, it| all | it),
        StmtKind::Rule(inner) => inner.body.iter().map(flags).fold(0, |all, it| all | it),
        StmtKind::Edge(_) | StmtKind::Node(_) | StmtKind::Network(_) => UNFOLDS,
        StmtKind::Addition(_) | StmtKind::Grant(_) | StmtKind::Opens(_) | StmtKind::Needs(_) => {
            GATHERS
        }
        StmtKind::Resource(_)
        | StmtKind::RawResource(_)
        | StmtKind::Assert(_)
        | StmtKind::Output(_) => FILLS,
        _ => 0,
    }
}

/// The names of the collectors that a statement adds to.
pub(crate) fn adds(stmt: &ast::Stmt) -> Vec<Ustr> {
    let mut names = Vec::new();
    collect_adds(stmt, &mut names);
    names.sort_unstable();
    names.dedup();
    names
}

fn collect_adds(stmt: &ast::Stmt, names: &mut Vec<Ustr>) {
    match &stmt.kind {
        StmtKind::Addition(addition) => match &addition.target.kind {
            ExprKind::Field(_, name) => names.push(name.name),
            ExprKind::Name(name) => names.push(*name),
            _ => {}
        },
        StmtKind::Grant(_) => names.push(ustr::name!("grants")),
        StmtKind::If(inner) => {
            inner
                .then
                .iter()
                .chain(inner.otherwise.iter().flatten())
                .for_each(|it| collect_adds(it, names));
        }
        StmtKind::For(inner) => inner.body.iter().for_each(|it| collect_adds(it, names)),
        _ => {}
    }
}

/// The nodes of a family, and of the families in it.
fn collect_members(value: &Value, into: &mut Vec<NodeId>) {
    match value {
        Value::Node(id) => into.push(*id),
        Value::Map(family) => family.values().for_each(|it| collect_members(it, into)),
        _ => {}
    }
}
