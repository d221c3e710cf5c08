//! An edge with a body: its identity, its attributes, what it implies.

use crate::allowed::Allowed;
use crate::edges::Said;
use crate::edges::ends::End;
use crate::errors;
use crate::eval::scope::Scope;
use crate::index::BodyInfo;
use crate::instance::{EdgeBody, EdgePart, Inst, What};
use crate::session::{Eval, Session, Stop};
use std::cell::RefCell;
use std::rc::Rc;
use topoc_diagnostics::Code;
use topoc_ir::Value;
use topoc_syntax::ast::VerbKind;
use ustr::Ustr;

impl<'a> Session<'a> {
    /// An edge with a body: its attributes, then its implied edges and what it adds.
    pub(crate) fn make_edge(
        &self,
        source: End,
        target: End,
        key: Ustr,
        body: EdgeBody<'a>,
        said: Said<'a, '_>,
    ) -> Eval<Rc<Inst<'a>>> {
        let from = self.peer(&source, said.stmt.span)?;
        let to = self.peer(&target, said.stmt.span)?;
        let ends = (self.end_text(&source), self.end_text(&target));
        let base = Ustr::joined(&[&ends.0, "->", &ends.1, ":", &key]);
        let outer = match (&body, &target) {
            (EdgeBody::Declared(info), _) => Scope::file(info.file),
            (EdgeBody::Short(_), End::Node(id)) => self.inside(&self.inst(*id)),
            (EdgeBody::Short(_), _) => said.scope.clone(),
        };
        let part = EdgePart {
            index: 0,
            source: end_value(&source),
            target: end_value(&target),
            source_peer: from.clone(),
            target_peer: to.clone(),
            body,
        };
        let draft = self.edge_inst(base, part, outer.clone(), said);
        let id = self.edge_id(&draft, said)?;
        let index = self.record_edge(id, &from, &to, key, said)?;
        let Some(draft) = Rc::into_inner(draft) else {
            return Err(Stop::Reported);
        };
        let What::Edge(mut part) = draft.what else {
            return Err(Stop::Reported);
        };
        part.index = index;
        let inst = self.edge_inst(id, part, outer, said);
        self.edges.borrow_mut().push(inst.clone());
        if let Some(body) = inst.edge_body() {
            self.unfold_implied(&body.steps.unfolds, &inst);
            let scope = self.inside(&inst);
            for stmt in &body.steps.gathers {
                self.note_pending(stmt, &scope, Some(&inst));
            }
        }
        Ok(inst)
    }

    pub(crate) fn edge_inst(
        &self,
        path: Ustr,
        part: EdgePart<'a>,
        outer: Scope<'a>,
        said: Said<'a, '_>,
    ) -> Rc<Inst<'a>> {
        let field = match &part.body {
            EdgeBody::Declared(info) => info.decl.value.map(|it| it.name),
            EdgeBody::Short(body) => body
                .field_order
                .iter()
                .find(|it| it.key.is_some())
                .map(|it| it.name.name),
        };
        let value = match &said.verb.kind {
            VerbKind::Named { value, .. } => value.as_ref(),
            VerbKind::Protocol(_) => None,
        };
        Rc::new(Inst {
            path,
            what: What::Edge(part),
            given: &said.verb.body.attributes,
            given_scope: said.scope.clone(),
            verb_value: field.zip(value),
            outer,
            memo: RefCell::default(),
            output_memo: RefCell::default(),
            span: said.by.map_or(said.stmt.span, |it| it.span),
            declared: said.stmt.span,
            docs: said.stmt.docs,
            allowed: Allowed::read(&said.stmt.notes, said.by.map(|it| it.as_ref())),
            rank: said.rank,
            added: RefCell::default(),
        })
    }

    /// The ends, the verb and the keys.
    pub(crate) fn edge_id(&self, draft: &Rc<Inst<'a>>, said: Said<'a, '_>) -> Eval<Ustr> {
        let Some(body) = draft.edge_body() else {
            return Ok(draft.path);
        };
        self.check_edge_given(draft, body);
        let mut keys = Vec::new();
        for field in body.field_order.iter().filter(|it| it.key.is_some()) {
            let value = self.attribute(draft, field, said.verb.span)?;
            let mut template = crate::eval::Template::default();
            if !value.is_none() {
                self.insert(&mut template, &value, said.verb.span)?;
            }
            match template.finish() {
                Value::Text(text) if !text.is_empty() => keys.push(format!("\"{text}\"")),
                Value::Text(_) => {}
                _ => {
                    return Err(self.report(errors::late(
                        said.verb.span,
                        "this is part of the edge's identity",
                    )));
                }
            }
        }
        if keys.is_empty() {
            Ok(draft.path)
        } else {
            Ok(Ustr::from(&format!("{}[{}]", draft.path, keys.join(","))))
        }
    }

    pub(crate) fn check_edge_given(&self, draft: &Rc<Inst<'a>>, body: &BodyInfo<'a>) {
        for given in draft.given {
            if !body.fields.contains_key(&given.name.name) {
                let message = format!("this edge has no attribute `{}`", given.name.name);
                let help = topoc_diagnostics::nearest(
                    &given.name.name,
                    body.fields.keys().map(|it| it.as_str()),
                );
                let report = errors::plain(Code::E0203, given.name.span, message, "given here");
                self.report(report.help_opt(help.map(|it| format!("did you mean `{it}`?"))));
            }
        }
    }
}

pub(crate) fn end_value(end: &End) -> Value {
    match end {
        End::Node(id) => Value::Node(*id),
        End::Group(index) => Value::Group(*index),
        End::External(index) => Value::External(*index),
        End::Endpoints(network, name) => Value::Endpoints(*network, *name),
        End::Cidr(range) => Value::Cidr(*range),
        End::LateCidr(value) => value.clone(),
        End::Internet { .. } => Value::Internet,
    }
}
