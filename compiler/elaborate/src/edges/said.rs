//! What the statements of an edge say: `opens`, `grant`, `needs`.

use crate::errors;
use crate::eval::scope::Scope;
use crate::gather::Additions;
use crate::instance::{Added, Inst, What};
use crate::session::{Eval, Session};
use std::rc::Rc;
use std::sync::Arc;
use topoc_diagnostics::{Code, Span};
use topoc_ir::{Opening, Peer, Value};
use topoc_syntax::ast::{self};
use ustr::Ustr;

impl<'a> Session<'a> {
    pub(crate) fn opens(
        &self,
        opens: &'a ast::Opens,
        span: Span,
        scope: &Scope<'a>,
        inst: Option<&Rc<Inst<'a>>>,
        into: &mut Additions,
    ) -> Eval<()> {
        let value = self.eval(&opens.protocols, scope)?;
        let protocols = self.protocols(&value, opens.protocols.span)?;
        let from = self.opening_ends(opens.from.as_ref(), true, scope, inst)?;
        let to = self.opening_ends(opens.to.as_ref(), false, scope, inst)?;
        let edge = inst.and_then(|it| it.edge()).map(|it| it.index);
        let because = self.claim_text(opens.because.as_ref(), scope);
        let because = because.map(|it| Ustr::from(&it));
        for from in &from {
            for to in &to {
                for protocol in &protocols {
                    into.openings.push(Opening {
                        from: from.clone(),
                        to: to.clone(),
                        protocol: *protocol,
                        name: None,
                        because,
                        edge,
                        span: inst.map_or(span, |it| it.span),
                        rank: inst.map_or(u32::MAX, |it| it.rank),
                    });
                }
            }
        }
        Ok(())
    }

    pub(crate) fn opening_ends(
        &self,
        expr: Option<&'a ast::Expr>,
        source: bool,
        scope: &Scope<'a>,
        inst: Option<&Rc<Inst<'a>>>,
    ) -> Eval<Vec<Peer>> {
        if let Some(expr) = expr {
            let ends = self.ends(std::slice::from_ref(expr), scope)?;
            return ends
                .iter()
                .map(|(end, span)| self.peer(end, *span))
                .collect();
        }
        let peer = match inst.map(|it| &it.what) {
            Some(What::Edge(part)) => {
                if source {
                    part.source_peer.clone()
                } else {
                    part.target_peer.clone()
                }
            }
            Some(What::Node(part)) => Peer::Node(part.id),
            None => return Ok(Vec::new()),
        };
        Ok(vec![peer])
    }

    pub(crate) fn grant(
        &self,
        grant: &'a ast::Grant,
        span: Span,
        scope: &Scope<'a>,
        inst: Option<&Rc<Inst<'a>>>,
        into: &mut Additions,
    ) -> Eval<()> {
        let actions = listed(self.eval(&grant.actions, scope)?);
        let on = listed(self.eval(&grant.on, scope)?);
        let condition = match &grant.condition {
            Some(condition) => as_map(self.eval(condition, scope)?),
            None => Value::Map(Arc::default()),
        };
        let receiver = match (&grant.to, inst.map(|it| &it.what)) {
            (Some(to), _) => self.eval(to, scope)?,
            (None, Some(What::Edge(part))) => part.source.clone(),
            (None, Some(What::Node(part))) => Value::Node(part.id),
            (None, None) => Value::None,
        };
        let Value::Node(id) = receiver else {
            let message = format!("{} has no role", self.describe(&receiver));
            return Err(self.report(errors::plain(
                Code::E0509,
                span,
                message,
                "it cannot be granted anything",
            )));
        };
        let Some(principal) = self.node_as(&self.inst(id), ustr::name!("principal")) else {
            let what = self.instance_text(&self.inst(id));
            let at = inst.map_or(span, |it| it.span);
            let report = errors::plain(
                Code::E0509,
                at,
                format!("{what} has no role that could be granted this"),
                "this edge needs one",
            );
            return Err(self.report(report));
        };
        let value = granted(actions, on, condition);
        let who = inst.map_or_else(|| ustr::name!(""), |it| it.path);
        let added = Added {
            who,
            value: Value::list(vec![value]),
            span: inst.map_or(span, |it| it.span),
        };
        into.collected
            .push((principal, ustr::name!("grants"), added));
        Ok(())
    }

    pub(crate) fn needs(
        &self,
        service: ast::Ident,
        _scope: &Scope<'a>,
        inst: Option<&Rc<Inst<'a>>>,
        into: &mut Additions,
    ) -> Eval<()> {
        let Some(inst) = inst else { return Ok(()) };
        let (node, edge) = match &inst.what {
            What::Node(part) => (Some(part.id), None),
            What::Edge(part) => (
                if let Value::Node(id) = part.source {
                    Some(id)
                } else {
                    None
                },
                Some(part.index),
            ),
        };
        let from = node.and_then(|id| self.placed_owner(id));
        into.needs.push(topoc_ir::Need {
            from,
            service: service.name,
            edge,
            span: inst.span,
        });
        Ok(())
    }
}

/// An entry of `grants`: actions, on, where.
pub(crate) fn granted(actions: Value, on: Value, condition: Value) -> Value {
    Value::record([
        (ustr::name!("actions"), actions),
        (ustr::name!("on"), on),
        (ustr::name!("where"), condition),
    ])
}

/// What somebody adds to `grants`, with all its fields.
pub(crate) fn grant_entry(value: &Value) -> Value {
    let (Value::Record(given) | Value::Map(given)) = value else {
        return value.clone();
    };
    let field = |name: Ustr| given.get(&name).cloned().unwrap_or(Value::None);
    let condition = match field(ustr::name!("where")) {
        Value::None => Value::Map(Arc::default()),
        other => as_map(other),
    };
    let (actions, on) = (field(ustr::name!("actions")), field(ustr::name!("on")));
    granted(listed(actions), listed(on), condition)
}

pub(crate) fn listed(value: Value) -> Value {
    match value {
        list @ Value::List(_) => list,
        one => Value::list(vec![one]),
    }
}

pub(crate) fn as_map(value: Value) -> Value {
    match value {
        Value::Record(record) | Value::Map(record) => Value::Map(Arc::new(
            record
                .iter()
                .map(|(key, value)| (*key, as_map(value.clone())))
                .collect(),
        )),
        other => other,
    }
}
