//! Names inside a kind or an edge: attributes, parts, collectors, outputs, each evaluated once.

use crate::errors;
use crate::eval::scope::{FrameKind, Scope};
use crate::gather::Stage;
use crate::index::Sites;
use crate::instance::Inst;
use crate::memo::Memo;
use crate::session::{Eval, Session, Stop};
use std::rc::Rc;
use topoc_diagnostics::{Code, Span};
use topoc_ir::Value;
use topoc_syntax::ast;
use ustr::Ustr;

impl<'a> Session<'a> {
    /// A name inside a kind or an edge.
    pub(crate) fn inside_name(
        &self,
        inst: &Rc<Inst<'a>>,
        name: Ustr,
        span: Span,
    ) -> Eval<Option<Value>> {
        if let Some(edge) = inst.edge() {
            let end = match name.as_str() {
                "source" => Some(&edge.source),
                "target" => Some(&edge.target),
                _ => None,
            };
            if let Some(end) = end {
                self.reads_own();
                return Ok(Some(end.clone()));
            }
            let Some(body) = inst.edge_body() else {
                return Ok(None);
            };
            if let Some(field) = body.fields.get(&name) {
                return self.own_attribute(inst, field, span);
            }
            return self.memo_sites(inst, &body.sites, name, span);
        }
        let Some(part) = inst.node() else {
            return Ok(None);
        };
        if part.existing
            && let Some(existing) = &part.kind.existing
        {
            if let Some(field) = existing.fields.get(&name) {
                return self.own_attribute(inst, field, span);
            }
            if let Some(value) = self.memo_sites(inst, &existing.sites, name, span)? {
                return Ok(Some(value));
            }
        }
        if let Some(field) = part.kind.fields.get(&name) {
            return self.own_attribute(inst, field, span);
        }
        if part.kind.collectors.contains_key(&name)
            || (name.as_str() == "grants" && part.kind.is("principal"))
        {
            self.reads_own();
            return self.collector(inst, name, span).map(Some);
        }
        if name.as_str() == "groups" && part.kind.is("placed") {
            self.reads_own();
            let groups = part.groups.borrow();
            return Ok(Some(Value::list(
                groups.iter().map(|it| Value::Group(*it)).collect(),
            )));
        }
        if let Some(value) = self.memo_sites(inst, &part.kind.sites, name, span)? {
            return Ok(Some(value));
        }
        if part.kind.outputs.contains_key(&name) {
            self.reads_own();
            return self.output(inst, name, span);
        }
        Ok(None)
    }

    fn own_attribute(
        &self,
        inst: &Rc<Inst<'a>>,
        field: &'a ast::Field,
        span: Span,
    ) -> Eval<Option<Value>> {
        self.reads_own();
        self.attribute(inst, field, span).map(Some)
    }

    pub(crate) fn memo_sites(
        &self,
        inst: &Rc<Inst<'a>>,
        sites: &Sites<'a>,
        name: Ustr,
        span: Span,
    ) -> Eval<Option<Value>> {
        let Some(sites) = sites.get(&name) else {
            return Ok(None);
        };
        if let [only] = sites.as_slice()
            && only.guards.is_empty()
            && let Some(value) = self.known_constant(only.stmt.span)
        {
            return Ok(Some(value));
        }
        self.reads_own();
        self.memoized(inst, false, name, span, || {
            self.sites_value(sites, &self.inside(inst), Some(inst))
        })
        .map(Some)
    }

    /// Evaluates once for each instance and name; a second entry while the first is under way is a cycle.
    pub(crate) fn memoized(
        &self,
        inst: &Inst<'a>,
        output: bool,
        name: Ustr,
        span: Span,
        evaluate: impl FnOnce() -> Eval,
    ) -> Eval {
        let memo = if output {
            &inst.output_memo
        } else {
            &inst.memo
        };
        let known = memo.borrow().get(name).cloned();
        match known {
            Some(Memo::Done(value)) => return Ok(value),
            Some(Memo::Failed) => return Err(Stop::Reported),
            Some(Memo::Busy) => {
                return Err(self.report(errors::cycle(span, name, &self.trail_since(name))));
            }
            None => {}
        }
        let place = memo.borrow_mut().start(name);
        self.trail.borrow_mut().push((name, span));
        // whose own it is depends on how one came here, not on what the instance reads of itself
        let before = self.own.get();
        let value = evaluate();
        self.own.set(before);
        self.trail.borrow_mut().pop();
        let state = match &value {
            Ok(value) => Some(Memo::Done(value.clone())),
            Err(Stop::Reported) => Some(Memo::Failed),
            Err(Stop::Deferred) => None,
        };
        memo.borrow_mut().set(place, state);
        value
    }

    /// The scope inside an instance.
    pub(crate) fn inside(&self, inst: &Rc<Inst<'a>>) -> Scope<'a> {
        inst.outer.with(FrameKind::Inst(inst.clone()))
    }

    /// An attribute of a node or a field of an edge.
    pub(crate) fn attribute(&self, inst: &Rc<Inst<'a>>, field: &'a ast::Field, span: Span) -> Eval {
        if self.is_open(inst, field.name.name) {
            return Err(Stop::Reported);
        }
        if inst.says_nothing_of(field.name.name)
            && let Some(value) = self.known_constant(field.name.span)
        {
            return Ok(value);
        }
        self.memoized(inst, false, field.name.name, span, || {
            let file = inst.outer.file_index();
            let ty = self.ty(&field.ty, file);
            if let Some((name, value)) = inst.verb_value
                && name == field.name.name
            {
                let value = self.eval_as(value, &ty, &inst.given_scope)?;
                return self.refine(value, field.refinement.as_ref(), &ty, inst.span, field.name);
            }
            if let Some(given) = inst.given(field.name.name) {
                let value = self.eval_as(&given.value, &ty, &inst.given_scope)?;
                return self.refine(
                    value,
                    field.refinement.as_ref(),
                    &ty,
                    given.value.span,
                    field.name,
                );
            }
            if let Some(default) = &field.default {
                return self.constant(field.name.span, || {
                    let value = self.eval_as(default, &ty, &self.inside(inst))?;
                    let facts = field.refinement.as_ref();
                    self.refine(value, facts, &ty, inst.span, field.name)
                });
            }
            if ty.is_optional() {
                return self.constant(field.name.span, || Ok(Value::None));
            }
            let what = self.instance_text(inst);
            Err(self.report(errors::missing(inst.span, field.name.name, &what)))
        })
    }

    /// What stands at a place: evaluated once, if nothing of an instance is read for it.
    ///
    /// Not for what stands in a function, whose parameters are nobody's own.
    pub(crate) fn constant(&self, place: Span, evaluate: impl FnOnce() -> Eval) -> Eval {
        let known = self.constants.borrow().get(&place).cloned();
        match known {
            Some(Some(value)) => return Ok(value),
            Some(None) => return evaluate(),
            None => {}
        }
        let before = self.own.get();
        let value = evaluate()?;
        let same = (self.own.get() == before).then(|| value.clone());
        self.constants.borrow_mut().insert(place, same);
        Ok(value)
    }

    fn known_constant(&self, place: Span) -> Option<Value> {
        self.constants.borrow().get(&place).cloned().flatten()
    }

    /// An output of a node; `None` if its kind has no such output.
    pub(crate) fn output(
        &self,
        inst: &Rc<Inst<'a>>,
        name: Ustr,
        span: Span,
    ) -> Eval<Option<Value>> {
        let Some(part) = inst.node() else {
            return Ok(None);
        };
        let found = part
            .existing
            .then_some(())
            .and(part.kind.existing.as_ref())
            .and_then(|it| it.outputs.get(&name));
        let Some(output) = found.or_else(|| part.kind.outputs.get(&name)) else {
            return Ok(None);
        };
        self.memoized(inst, true, name, span, || {
            let ty = output
                .ty
                .as_ref()
                .map(|it| self.ty(it, inst.outer.file_index()));
            if part.existing && self.is_open(inst, name) {
                return Err(Stop::Reported);
            }
            if part.existing
                && let Some(given) = inst.given(name)
            {
                return match &ty {
                    Some(ty) => self.eval_as(&given.value, ty, &inst.given_scope),
                    None => self.eval(&given.value, &inst.given_scope),
                };
            }
            let Some(value) = &output.value else {
                return Ok(Value::None);
            };
            match &ty {
                Some(ty) => self.eval_as(value, ty, &self.inside(inst)),
                None => self.eval(value, &self.inside(inst)),
            }
        })
        .map(Some)
    }

    /// Reads a collector; complete from the third step on.
    pub(crate) fn collector(&self, inst: &Rc<Inst<'a>>, name: Ustr, span: Span) -> Eval {
        if self.may_lack(inst) || self.is_open(inst, name) {
            return Err(Stop::Reported);
        }
        match self.stage.get() {
            Stage::Unfold => {
                let message = format!("`{name}` is still being collected here");
                let report = errors::plain(
                    Code::E0406,
                    span,
                    message,
                    "this decides which nodes and edges exist",
                );
                return Err(self.report(report.because(inst.span, "of this node")));
            }
            Stage::Gather => {
                if self.open.borrow().get(&name).copied().unwrap_or(0) > 0 {
                    return Err(Stop::Deferred);
                }
            }
            Stage::Fill => self.reading.borrow_mut().push((inst.clone(), name)),
        }
        self.memoized(inst, false, name, span, || self.collected(inst, name))
    }
}
