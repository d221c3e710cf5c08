//! Which attributes of a kind must be early, and where the kind decides by them. Computed once a kind, when asked for.

use std::rc::Rc;

use topoc_diagnostics::Span;
use topoc_syntax::ast::{self, BinaryOp, Expr, ExprKind, Stmt, StmtKind};
use ustr::Ustr;

use super::{Source, Step};
use crate::checker::{Checker, Known};
use crate::errors;
use crate::kinds::KindInfo;
use crate::names::{Value, What};
use crate::scope::{LocalWhat, Scope};
use crate::ty::Ty;
use crate::visit;

/// What a kind decides by.
#[derive(Debug, Default)]
pub struct KindStages {
    /// Attribute, the way into it, and where it decides.
    pub early: Vec<(Ustr, Vec<Step>, Span)>,
}

impl<'a> Checker<'a, '_> {
    /// Reports attributes of a node that are late although its kind decides by them.
    pub fn check_stages(&mut self, kind: &KindInfo<'a>, body: &'a ast::Body) {
        for given in &body.attributes {
            // what is early to its last leaf needs no look at the kind
            if self.late(&given.value, &[]).is_none() {
                continue;
            }
            let Some(stages) = self.stages(kind.number) else {
                return;
            };
            let found = stages
                .early
                .iter()
                .filter(|(name, ..)| *name == given.name.name)
                .find_map(|(name, path, used)| {
                    self.late(&given.value, path)
                        .map(|(cause, at)| (*name, cause, at, *used))
                });
            if let Some((name, cause, at, used)) = found {
                let owner = kind.decl.name.name;
                self.report(errors::late_attribute(
                    name,
                    &errors::with_article(&owner),
                    at,
                    &cause,
                    used,
                ));
            }
        }
    }

    /// What the kind of that number decides by.
    fn stages(&mut self, number: u32) -> Option<Rc<KindStages>> {
        if let Some(Some(known)) = self.cache.stages.get(number as usize) {
            return Some(Rc::clone(known));
        }
        // kinds do not recurse; should one do so all the same, its inside decides nothing
        self.remember(number, Rc::default());
        let kind = self.kind(number)?;
        let scope = Scope::kind(Rc::clone(&kind));
        let mut stages = KindStages::default();
        for attribute in &kind.attributes {
            if matches!(
                attribute.ty.present(),
                Ty::Name | Ty::Zones | Ty::Zone | Ty::Protocol
            ) {
                let span = attribute.span.unwrap_or(kind.decl.name.span);
                stages.early.push((attribute.name, Vec::new(), span));
            }
        }
        self.within(scope, |it| {
            it.silently(|it| it.decides(&kind.decl.members, &mut stages))
        });
        let stages = Rc::new(stages);
        self.remember(number, Rc::clone(&stages));
        Some(stages)
    }

    fn remember(&mut self, number: u32, stages: Rc<KindStages>) {
        if let Some(slot) = self.cache.stages.get_mut(number as usize) {
            *slot = Some(stages);
        }
    }

    fn decides(&mut self, block: &'a [Stmt], out: &mut KindStages) {
        for stmt in block {
            self.statement_decides(stmt, out);
        }
    }

    fn statement_decides(&mut self, stmt: &'a Stmt, out: &mut KindStages) {
        match &stmt.kind {
            StmtKind::If(it) => {
                self.decided_by(&it.condition, &[], out);
                self.block_decides(&it.then, out);
                self.block_decides(it.otherwise.as_deref().unwrap_or(&[]), out);
            }
            StmtKind::For(it) => {
                self.decided_by(&it.head.list, &[Step::Count], out);
                self.inner(|c| {
                    c.assume_loop(&it.head);
                    c.block_decides(&it.body, out);
                });
            }
            StmtKind::Assert(it) => {
                if let ast::Claim::Holds(claim) = &it.claim {
                    self.decided_by(claim, &[], out);
                }
            }
            StmtKind::Node(it) | StmtKind::Existing(it) => self.part_decides(it, out),
            StmtKind::Resource(it) | StmtKind::Lookup(it) => self.resource_decides(it, out),
            StmtKind::Listens(it) => {
                if let Some(on) = &it.on {
                    self.decided_by(on, &[], out);
                }
            }
            StmtKind::Opens(it) => self.decided_by(&it.protocols, &[], out),
            StmtKind::Let(it) if it.params.is_none() => self.inside_decides(&it.value, out),
            StmtKind::Output(it) => {
                if let Some(value) = &it.value {
                    self.inside_decides(value, out);
                }
            }
            StmtKind::Addition(it) => self.inside_decides(&it.value, out),
            _ => {}
        }
    }

    fn block_decides(&mut self, block: &'a [Stmt], out: &mut KindStages) {
        self.inner(|it| {
            for stmt in block {
                if let StmtKind::Let(inner) = &stmt.kind {
                    let value = Value {
                        name: inner.name,
                        what: What::Let(inner),
                        file: it.scope.file,
                        guards: std::sync::Arc::from([]),
                    };
                    it.push_local(inner.name, LocalWhat::Value(value), Known::Ty(Ty::Unknown));
                }
            }
            it.decides(block, out);
        });
    }

    /// What a part decides by, its owner decides by.
    fn part_decides(&mut self, part: &'a ast::NodeDecl, out: &mut KindStages) {
        if let Some(key) = &part.key {
            for key in ast::keys(key) {
                self.decided_by(key, &[], out);
            }
        }
        for given in &part.body.attributes {
            self.inside_decides(&given.value, out);
        }
        let file = self.scope.file;
        let number = part
            .kind
            .as_ref()
            .and_then(|it| self.names.find_path(file, it, |it| &it.kinds).first());
        let Some(stages) = number.and_then(|it| self.deeper(|c| c.stages(it))) else {
            return;
        };
        for (name, path, used) in &stages.early {
            if let Some(given) = part.body.attributes.iter().find(|it| it.name.name == *name) {
                let before = out.early.len();
                self.add_sources(&given.value, path, out);
                out.early
                    .iter_mut()
                    .skip(before)
                    .for_each(|it| it.2 = *used);
            }
        }
    }

    fn resource_decides(&mut self, it: &'a ast::Resource, out: &mut KindStages) {
        if let Some(key) = &it.key {
            for key in ast::keys(key) {
                self.decided_by(key, &[], out);
            }
        }
        let number = self
            .names
            .find(self.scope.file, it.ty.text(), |it| &it.resource_types)
            .first();
        let info = number.and_then(|it| self.resource_type(it));
        for given in &it.body.attributes {
            self.inside_decides(&given.value, out);
            let field = info
                .as_ref()
                .and_then(|it| it.fields.iter().find(|it| it.name == given.name.name));
            if field.is_some_and(|it| matches!(it.ty.present(), Ty::Name)) {
                self.add_sources(&given.value, &[], out);
            }
        }
    }

    /// The value of `expr` decides.
    fn decided_by(&mut self, expr: &'a Expr, path: &[Step], out: &mut KindStages) {
        self.add_sources(expr, path, out);
        self.inside_decides(expr, out);
    }

    /// Comparisons and conditions inside an expression decide.
    fn inside_decides(&mut self, expr: &'a Expr, out: &mut KindStages) {
        match &expr.kind {
            ExprKind::Binary(
                BinaryOp::Eq
                | BinaryOp::Ne
                | BinaryOp::Lt
                | BinaryOp::Le
                | BinaryOp::Gt
                | BinaryOp::Ge,
                ..,
            ) => self.add_sources(expr, &[], out),
            ExprKind::If(condition, ..) => self.add_sources(condition, &[], out),
            ExprKind::ListFor(loops, body) | ExprKind::MapFor(loops, _, body) => {
                return self.inner(|it| {
                    for turn in loops {
                        it.decided_by(&turn.head.list, &[Step::Count], out);
                        it.assume_loop(&turn.head);
                        if let Some(condition) = &turn.condition {
                            it.decided_by(condition, &[], out);
                        }
                    }
                    it.inside_decides(body, out);
                });
            }
            _ => {}
        }
        visit::children(expr, &mut |child| self.inside_decides(child, out));
    }

    fn add_sources(&mut self, expr: &'a Expr, path: &[Step], out: &mut KindStages) {
        for source in self.sources(expr, path) {
            if let Source::Attribute { name, path, at } = source
                && !out
                    .early
                    .iter()
                    .any(|(it, way, _)| *it == name && *way == path)
            {
                out.early.push((name, path, at));
            }
        }
    }
}
