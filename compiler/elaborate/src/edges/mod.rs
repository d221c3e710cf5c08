//! Edges: which declaration applies to two ends and a verb, and what its statements say.

pub(crate) mod ends;
mod make;
mod offers;
mod protocols;
pub(crate) mod said;

use std::rc::Rc;

use topoc_diagnostics::Code;
use topoc_syntax::ast::{self, VerbKind};

use crate::edges::ends::End;
use crate::errors;
use crate::eval::scope::Scope;
use crate::index::verb_key;
use crate::instance::{EdgeBody, Inst};
use crate::session::{Eval, Session, Stop};

/// One edge to be made: its ends, its verb and where it is said.
#[derive(Clone, Copy)]
pub(crate) struct Said<'a, 's> {
    pub(crate) verb: &'a ast::Verb,
    pub(crate) stmt: &'a ast::Stmt,
    pub(crate) scope: &'s Scope<'a>,
    pub(crate) by: Option<&'s Rc<Inst<'a>>>,
    pub(crate) rank: u32,
}

impl<'a> Session<'a> {
    pub(crate) fn unfold_edge(
        &self,
        edge: &'a ast::Edge,
        stmt: &'a ast::Stmt,
        scope: &Scope<'a>,
        by: Option<&Rc<Inst<'a>>>,
        rank: u32,
    ) {
        let (Ok(sources), Ok(targets)) = (
            self.ends(&edge.sources, scope),
            self.ends(&edge.targets, scope),
        ) else {
            return self.lose_edge(edge, scope, by);
        };
        for (source, _) in &sources {
            for (target, _) in &targets {
                for verb in &edge.verbs {
                    // each mistake is reported; the other edges go on
                    let said = Said {
                        verb,
                        stmt,
                        scope,
                        by,
                        rank,
                    };
                    if self.one_edge(source, target, said).is_err() {
                        self.lose_ends([source, target], by);
                    }
                }
            }
        }
    }

    fn one_edge(&self, source: &End, target: &End, said: Said<'a, '_>) -> Eval<()> {
        for end in [source, target] {
            if let End::Node(id) = end
                && let Some(part) = self.inst(*id).node()
            {
                part.named.set(true);
            }
        }
        match &said.verb.kind {
            VerbKind::Protocol(expr) => {
                let value = self.eval(expr, said.scope)?;
                let protocols = self.protocols(&value, expr.span)?;
                self.open_directly(source, target, &protocols, None, said)
            }
            VerbKind::Named { name, .. } => self.named_edge(source, target, *name, said),
        }
    }

    fn named_edge(
        &self,
        source: &End,
        target: &End,
        name: ast::Ident,
        said: Said<'a, '_>,
    ) -> Eval<()> {
        let key = verb_key(said.verb.on, name.name);
        if let (End::Node(from), End::Node(to)) = (source, target)
            && let Some((from, to, info)) = self.declared_edge(*from, *to, key)
        {
            let body = EdgeBody::Declared(info);
            return self
                .make_edge(End::Node(from), End::Node(to), key, body, said)
                .map(|_| ());
        }
        if let End::Node(to) = target {
            if let Some(done) = self.access_edge(source, *to, name, said)? {
                return Ok(done);
            }
            if let Some(done) = self.listens_edge(source, *to, name, said)? {
                return Ok(done);
            }
            if self.may_offer(source, *to, name.name) {
                return Err(Stop::Reported);
            }
            return Err(self.report(self.not_offered(source, *to, name, said)));
        }
        match self.protocol_list(name.name, name.span)? {
            Some(protocols) => {
                self.open_directly(source, target, &protocols, Some(name.name), said)
            }
            None => {
                let message = format!("{} offers no `{key}`", self.end_text(target));
                Err(self.report(errors::plain(Code::E0506, name.span, message, "this verb")))
            }
        }
    }
}
