//! Edges: which declaration applies to two ends and a verb, and what its statements say.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use topoc_diagnostics::{Code, Span};
use topoc_ir::{NodeId, Opening, Peer, Protocol, Value};
use topoc_syntax::ast::{self, StmtKind, VerbKind};
use ustr::Ustr;

use crate::ends::End;
use crate::errors;
use crate::gather::Additions;
use crate::index::{BodyInfo, EdgeInfo, body_info, verb_key};
use crate::instance::{Added, EdgeBody, EdgePart, Inst, What};
use crate::scope::Scope;
use crate::session::{Eval, Session, Stop};

/// One edge to be made: its ends, its verb and where it is said.
#[derive(Clone, Copy)]
struct Said<'a, 's> {
    verb: &'a ast::Verb,
    stmt: &'a ast::Stmt,
    scope: &'s Scope<'a>,
    by: Option<&'s Rc<Inst<'a>>>,
    rank: u32,
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
            return;
        };
        for (source, _) in &sources {
            for (target, _) in &targets {
                for verb in &edge.verbs {
                    // each mistake is reported; the other edges go on
                    let _ = self.one_edge(
                        source,
                        target,
                        Said {
                            verb,
                            stmt,
                            scope,
                            by,
                            rank,
                        },
                    );
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

    fn not_offered(
        &self,
        source: &End,
        target: NodeId,
        name: ast::Ident,
        said: Said<'a, '_>,
    ) -> topoc_diagnostics::Diagnostic {
        let inst = self.inst(target);
        let mut offered: Vec<String> = Vec::new();
        if let Some(part) = inst.node() {
            offered.extend(
                self.listened(&inst)
                    .into_iter()
                    .map(|(verb, ..)| verb.to_string()),
            );
            offered.extend(part.kind.access.keys().map(|it| it.to_string()));
        }
        offered.sort_unstable();
        offered.dedup();
        let kind = inst.node().map_or_else(String::new, |part| {
            part.kind.name.as_str().replace('_', " ")
        });
        let known = self.index.library.protocols.contains_key(&name.name);
        let code = if known { Code::E0507 } else { Code::E0506 };
        let message = if known {
            format!("a {kind} does not understand `{}`", name.name)
        } else {
            format!(
                "no edge from {} to a {kind} is called `{}`",
                self.end_text(source),
                name.name
            )
        };
        let label = format!("`{}` does not offer it", inst.path);
        let report =
            errors::plain(code, said.verb.span, message, label).because(inst.span, "the target");
        match offered.as_slice() {
            [] => report,
            [one] => report.help(format!(
                "{} -> {} : {one}",
                self.end_text(source),
                inst.path
            )),
            many => report.help(format!("it offers: {}", many.join(", "))),
        }
    }

    /// The ends (or the parts that act for them) and the declaration; exact kinds before traits.
    fn declared_edge(
        &self,
        source: NodeId,
        target: NodeId,
        key: Ustr,
    ) -> Option<(NodeId, NodeId, Rc<EdgeInfo<'a>>)> {
        let candidates: Vec<&Rc<EdgeInfo<'a>>> = self.index.edges(key).collect();
        if candidates.is_empty() {
            return None;
        }
        for from in self.acting_chain(source) {
            for to in self.acting_chain(target) {
                let best = candidates.iter().filter_map(|info| {
                    let a = self.match_rank(&from, info.decl.source.text())?;
                    let b = self.match_rank(&to, info.decl.target.text())?;
                    Some((a + b, *info))
                });
                if let Some((_, info)) = best.min_by_key(|(rank, _)| *rank)
                    && let (Some(from), Some(to)) = (from.node(), to.node())
                {
                    return Some((from.id, to.id, info.clone()));
                }
            }
        }
        None
    }

    /// 0 for the exact kind, 1 for a trait.
    fn match_rank(&self, inst: &Inst<'a>, wanted: Ustr) -> Option<u32> {
        let part = inst.node()?;
        if part.kind.name == wanted {
            return Some(0);
        }
        part.kind.is(&wanted).then_some(1)
    }

    /// The node, then the part that acts for it, and so on.
    fn acting_chain(&self, id: NodeId) -> Vec<Rc<Inst<'a>>> {
        let mut chain = vec![self.inst(id)];
        while let Some(next) = chain.last().and_then(|it| self.acting(it)) {
            if chain.len() > 8 {
                break;
            }
            chain.push(next);
        }
        chain
    }

    fn access_edge(
        &self,
        source: &End,
        target: NodeId,
        name: ast::Ident,
        said: Said<'a, '_>,
    ) -> Eval<Option<()>> {
        for inst in self.acting_chain(target) {
            let Some(part) = inst.node() else { continue };
            let Some(sites) = part.kind.access.get(&name.name) else {
                continue;
            };
            for site in sites {
                if self.guarded(&site.guards, &self.inside(&inst))?.is_empty() {
                    continue;
                }
                let StmtKind::Access(access) = &site.stmt.kind else {
                    continue;
                };
                let sources = match source {
                    End::Node(id) => vec![*id],
                    End::Group(index) => self.members_of(*index),
                    other => {
                        let message = format!(
                            "{} has no role that could {}",
                            self.end_text(other),
                            name.name
                        );
                        return Err(self.report(errors::plain(
                            Code::E0509,
                            name.span,
                            message,
                            "an access verb",
                        )));
                    }
                };
                for source in sources {
                    let body =
                        EdgeBody::Short(self.short_body(site.stmt.span, site.file, &access.body));
                    let made = self.make_edge(
                        End::Node(source),
                        End::Node(part.id),
                        name.name,
                        body,
                        said,
                    )?;
                    self.need(
                        source,
                        access.via,
                        made.edge().map(|it| it.index),
                        said.stmt.span,
                    );
                }
                return Ok(Some(()));
            }
        }
        Ok(None)
    }

    fn short_body(&self, span: Span, file: usize, block: &'a [ast::Stmt]) -> Rc<BodyInfo<'a>> {
        let known = self.bodies.borrow().get(&span).cloned();
        known.unwrap_or_else(|| {
            let body = Rc::new(body_info(file, block));
            self.bodies.borrow_mut().insert(span, body.clone());
            body
        })
    }

    pub(crate) fn need(&self, source: NodeId, service: ast::Ident, edge: Option<u32>, span: Span) {
        let from = self.placed_owner(source);
        let need = topoc_ir::Need {
            from,
            service: service.name,
            edge,
            span,
        };
        self.topology.borrow_mut().needs.push(need);
    }

    /// The verbs that a node listens to now, with their protocols and bodies.
    fn listened(
        &self,
        inst: &Rc<Inst<'a>>,
    ) -> Vec<(Ustr, &'a ast::Listens, Scope<'a>, usize, Span)> {
        let Some(part) = inst.node() else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for site in &part.kind.listens {
            let StmtKind::Listens(listens) = &site.stmt.kind else {
                continue;
            };
            let Ok(scopes) = self.guarded(&site.guards, &self.inside(inst)) else {
                continue;
            };
            if let Some(scope) = scopes.into_iter().next() {
                found.push((listens.verb.name, listens, scope, site.file, site.stmt.span));
            }
        }
        found
    }

    fn listens_edge(
        &self,
        source: &End,
        target: NodeId,
        name: ast::Ident,
        said: Said<'a, '_>,
    ) -> Eval<Option<()>> {
        for inst in self.acting_chain(target) {
            let Some(part) = inst.node() else { continue };
            let Some((_, listens, scope, file, span)) = self
                .listened(&inst)
                .into_iter()
                .find(|(verb, ..)| *verb == name.name)
            else {
                continue;
            };
            if let Some(block) = &listens.body {
                let body = EdgeBody::Short(self.short_body(span, file, block));
                self.make_edge(source.clone(), End::Node(part.id), name.name, body, said)?;
                return Ok(Some(()));
            }
            let protocols = match &listens.on {
                Some(on) => {
                    let value = self.eval(on, &scope)?;
                    self.protocols(&value, on.span)?
                }
                None => self
                    .protocol_list(name.name, name.span)?
                    .unwrap_or_default(),
            };
            self.open_directly(
                source,
                &End::Node(part.id),
                &protocols,
                Some(name.name),
                said,
            )?;
            return Ok(Some(()));
        }
        if let Some(protocols) = self.bare_protocol(name.name) {
            self.open_directly(
                source,
                &End::Node(target),
                &protocols,
                Some(name.name),
                said,
            )?;
            return Ok(Some(()));
        }
        Ok(None)
    }

    /// `all`, `icmp`
    fn bare_protocol(&self, name: Ustr) -> Option<Vec<Protocol>> {
        match name.as_str() {
            "all" => Some(vec![Protocol::All]),
            "icmp" => Some(vec![Protocol::Icmp(None)]),
            _ => None,
        }
    }

    /// The protocols that a name stands for.
    fn protocol_list(&self, name: Ustr, span: Span) -> Eval<Option<Vec<Protocol>>> {
        if let Some(bare) = self.bare_protocol(name) {
            return Ok(Some(bare));
        }
        let Some((decl, file)) = self.index.protocol(0, name) else {
            return Ok(None);
        };
        let value = self.eval(&decl.value, &Scope::file(file))?;
        self.protocols(&value, span).map(Some)
    }

    pub(crate) fn protocol_named(&self, word: Ustr, span: Span) -> Eval {
        match self.protocol_list(word, span)?.as_deref() {
            Some([one]) => Ok(Value::Protocol(*one)),
            Some(many) => Ok(Value::list(
                many.iter().map(|it| Value::Protocol(*it)).collect(),
            )),
            None => Err(self.report(errors::unknown_name(span, word))),
        }
    }

    pub(crate) fn protocols(&self, value: &Value, span: Span) -> Eval<Vec<Protocol>> {
        match value {
            Value::Protocol(one) => Ok(vec![*one]),
            Value::Word(word) => match self.protocol_list(*word, span)? {
                Some(list) => Ok(list),
                None => Err(self.report(errors::unknown_name(span, *word))),
            },
            Value::List(items) => {
                let lists = items
                    .iter()
                    .map(|it| self.protocols(it, span))
                    .collect::<Eval<Vec<_>>>()?;
                Ok(lists.into_iter().flatten().collect())
            }
            Value::Int(port) => {
                let port = u16::try_from(*port).unwrap_or(0);
                Ok(vec![Protocol::Ports(topoc_ir::Transport::Tcp, port, port)])
            }
            other => Err(self.report(errors::wrong_type(
                span,
                "a protocol",
                &self.describe(other),
            ))),
        }
    }

    fn open_directly(
        &self,
        source: &End,
        target: &End,
        protocols: &[Protocol],
        name: Option<Ustr>,
        said: Said<'a, '_>,
    ) -> Eval<()> {
        let verb = name.map_or_else(|| protocol_text(protocols), |it| it.to_string());
        let id = Ustr::from(&format!(
            "{}->{}:{verb}",
            self.end_text(source),
            self.end_text(target)
        ));
        let from = self.peer(source, said.stmt.span)?;
        let to = self.peer(target, said.stmt.span)?;
        let edge = self.record_edge(id, &from, &to, Ustr::from(&verb), said)?;
        let mut topology = self.topology.borrow_mut();
        for protocol in protocols {
            topology.openings.push(Opening {
                from: from.clone(),
                to: to.clone(),
                protocol: *protocol,
                name,
                edge: Some(edge),
                span: said.by.map_or(said.stmt.span, |it| it.span),
                rank: said.rank,
            });
        }
        Ok(())
    }

    fn record_edge(
        &self,
        id: Ustr,
        from: &Peer,
        to: &Peer,
        verb: Ustr,
        said: Said<'a, '_>,
    ) -> Eval<u32> {
        let span = said.by.map_or(said.stmt.span, |it| it.span);
        if let Some(first) = self.edge_ids.borrow_mut().insert(id, span) {
            if said.by.is_some() {
                // the same wiring implied twice is one
                return Err(Stop::Reported);
            }
            let report = errors::plain(
                Code::E0508,
                said.verb.span,
                "this edge is there twice",
                "again here",
            );
            return Err(self.report(report.because(first, "first here")));
        }
        let text = match said.by.and_then(|it| it.edge().map(|_| it.path)) {
            Some(path) => path,
            None => edge_text(&id),
        };
        let mut topology = self.topology.borrow_mut();
        let index = topology.edges.len() as u32;
        topology.edges.push(topoc_ir::Edge {
            id,
            source: from.clone(),
            target: to.clone(),
            verb,
            text,
            docs: said.stmt.docs,
            span,
            rank: said.rank,
        });
        Ok(index)
    }

    /// An edge with a body: its attributes, then its implied edges and what it adds.
    fn make_edge(
        &self,
        source: End,
        target: End,
        key: Ustr,
        body: EdgeBody<'a>,
        said: Said<'a, '_>,
    ) -> Eval<Rc<Inst<'a>>> {
        let from = self.peer(&source, said.stmt.span)?;
        let to = self.peer(&target, said.stmt.span)?;
        let base = Ustr::from(&format!(
            "{}->{}:{key}",
            self.end_text(&source),
            self.end_text(&target)
        ));
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
            let members: &'a [ast::Stmt] = body.members;
            self.unfold_implied(members, &inst);
            let scope = self.inside(&inst);
            for stmt in members {
                self.note_pending(stmt, &scope, Some(&inst));
            }
        }
        Ok(inst)
    }

    fn edge_inst(
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
            docs: said.stmt.docs,
            notes: &said.stmt.notes,
            rank: said.rank,
            added: RefCell::default(),
        })
    }

    /// The ends, the verb and the keys.
    fn edge_id(&self, draft: &Rc<Inst<'a>>, said: Said<'a, '_>) -> Eval<Ustr> {
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

    fn check_edge_given(&self, draft: &Rc<Inst<'a>>, body: &BodyInfo<'a>) {
        for given in draft.given {
            if !body.fields.contains_key(&given.name.name) {
                let message = format!("this edge has no attribute `{}`", given.name.name);
                let help = crate::builtins::nearest(
                    &given.name.name,
                    body.fields.keys().map(|it| it.as_str()),
                );
                let report = errors::plain(Code::E0203, given.name.span, message, "given here");
                self.report(report.help_opt(help.map(|it| format!("did you mean `{it}`?"))));
            }
        }
    }

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
        for from in &from {
            for to in &to {
                for protocol in &protocols {
                    into.openings.push(Opening {
                        from: from.clone(),
                        to: to.clone(),
                        protocol: *protocol,
                        name: None,
                        edge,
                        span: inst.map_or(span, |it| it.span),
                        rank: inst.map_or(u32::MAX, |it| it.rank),
                    });
                }
            }
        }
        Ok(())
    }

    fn opening_ends(
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
        let Some(principal) = self.node_as(&self.inst(id), Ustr::from("principal")) else {
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
        let who = inst.map_or_else(|| Ustr::from(""), |it| it.path);
        let added = Added {
            who,
            value: Value::list(vec![value]),
            span: inst.map_or(span, |it| it.span),
        };
        into.collected
            .push((principal, Ustr::from("grants"), added));
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

fn end_value(end: &End) -> Value {
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

/// An entry of `grants`: actions, on, where.
fn granted(actions: Value, on: Value, condition: Value) -> Value {
    let fields = [("actions", actions), ("on", on), ("where", condition)];
    Value::record(fields.map(|(name, value)| (Ustr::from(name), value)))
}

/// What somebody adds to `grants`, with all its fields.
pub(crate) fn grant_entry(value: &Value) -> Value {
    let (Value::Record(given) | Value::Map(given)) = value else {
        return value.clone();
    };
    let field = |name: &str| given.get(&Ustr::from(name)).cloned().unwrap_or(Value::None);
    let condition = match field("where") {
        Value::None => Value::Map(Arc::default()),
        other => as_map(other),
    };
    granted(listed(field("actions")), listed(field("on")), condition)
}

fn listed(value: Value) -> Value {
    match value {
        list @ Value::List(_) => list,
        one => Value::list(vec![one]),
    }
}

fn as_map(value: Value) -> Value {
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

fn protocol_text(protocols: &[Protocol]) -> String {
    let one = |protocol: &Protocol| match protocol {
        Protocol::Ports(transport, low, high) => {
            let word = if *transport == topoc_ir::Transport::Tcp {
                "tcp"
            } else {
                "udp"
            };
            if low == high {
                format!("{word} {low}")
            } else {
                format!("{word} {low}..{high}")
            }
        }
        Protocol::Icmp(_) => "icmp".into(),
        Protocol::Number(number) => format!("protocol {number}"),
        Protocol::All => "all".into(),
    };
    protocols.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// `web->db:postgres` as people write it.
fn edge_text(id: &str) -> Ustr {
    let (ends, verb) = id.split_once(':').unwrap_or((id, ""));
    let verb = verb.replace("[\"", " \"").replace("\"]", "\"");
    Ustr::from(&format!("{} : {verb}", ends.replace("->", " -> ")))
}
