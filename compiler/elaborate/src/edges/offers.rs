//! Which declaration of the library applies to two ends and a verb.

use crate::edges::Said;
use crate::edges::ends::End;
use crate::errors;
use crate::eval::scope::Scope;
use crate::index::{BodyInfo, EdgeInfo, Guard, body_info};
use crate::instance::{EdgeBody, Inst};
use crate::session::{Eval, Session};
use std::rc::Rc;
use topoc_diagnostics::{Code, Span};
use topoc_ir::NodeId;
use topoc_syntax::ast::{self, BinaryOp, ExprKind, StmtKind};
use ustr::Ustr;

impl<'a> Session<'a> {
    pub(crate) fn not_offered(
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
            let own = match source {
                End::Node(id) => self.inst(*id).node().map(|it| it.kind.id),
                _ => None,
            };
            let own = own.map_or_else(Vec::new, |it| self.index.verbs_between(it, part.kind.id));
            // edges of just these two kinds say all that the one may do at the other
            if own.is_empty() && matches!(source, End::Node(_) | End::Group(_)) {
                offered.extend(part.kind.access.keys().map(|it| it.to_string()));
            }
            offered.extend(own.iter().map(Ustr::to_string));
        }
        offered.sort_unstable();
        offered.dedup();
        let kind = inst
            .node()
            .map_or_else(String::new, |part| errors::a(&part.kind.name));
        let known = self.index.library.protocols.contains_key(&name.name);
        let code = if known { Code::E0507 } else { Code::E0506 };
        let message = if known {
            format!("{kind} does not understand `{}`", name.name)
        } else {
            format!(
                "no edge from `{}` to {kind} is called `{}`",
                self.end_text(source),
                name.name
            )
        };
        let label = format!("`{}` does not offer it", inst.path);
        let report =
            errors::plain(code, said.verb.span, message, label).because(inst.span, "the target");
        if let Some(help) = self.offered_when(&inst, name.name) {
            return report.help(help);
        }
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

    /// What a node lacks to listen to a verb: the attribute that its kind asks for before.
    fn offered_when(&self, inst: &Rc<Inst<'a>>, verb: Ustr) -> Option<String> {
        let part = inst.node()?;
        let kind = &part.kind.name;
        part.kind.listens.iter().find_map(|site| {
            let StmtKind::Listens(listens) = &site.stmt.kind else {
                return None;
            };
            let lacking = site.guards.iter().find_map(|it| match it {
                Guard::If(condition, true, _) => wanted(condition),
                Guard::If(..) | Guard::For(..) => None,
            })?;
            (listens.verb.name == verb).then(|| {
                format!(
                    "`{path}` offers `{verb}` once it has a `{lacking}`: `{lacking} = NAME` in `{kind} {path}`",
                    path = inst.path
                )
            })
        })
    }

    /// The ends (or the parts that act for them) and the declaration; exact kinds before traits.
    pub(crate) fn declared_edge(
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
                    let a = self.match_rank(&from, info.ends[0])?;
                    let b = self.match_rank(&to, info.ends[1])?;
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
    pub(crate) fn match_rank(&self, inst: &Inst<'a>, wanted: Ustr) -> Option<u32> {
        let part = inst.node()?;
        if part.kind.id == wanted {
            return Some(0);
        }
        part.kind.is(&wanted).then_some(1)
    }

    /// The node, then the part that acts for it, and so on.
    pub(crate) fn acting_chain(&self, id: NodeId) -> Vec<Rc<Inst<'a>>> {
        let mut chain = vec![self.inst(id)];
        while let Some(next) = chain.last().and_then(|it| self.acting(it)) {
            if chain.len() > 8 {
                break;
            }
            chain.push(next);
        }
        chain
    }

    pub(crate) fn access_edge(
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
                        made.span,
                    );
                }
                return Ok(Some(()));
            }
        }
        Ok(None)
    }

    pub(crate) fn short_body(
        &self,
        span: Span,
        file: usize,
        block: &'a [ast::Stmt],
    ) -> Rc<BodyInfo<'a>> {
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
    pub(crate) fn listened(
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

    pub(crate) fn listens_edge(
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
}

/// `x` of `x != none`.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "only this comparison names what is lacking"
)]
fn wanted(condition: &ast::Expr) -> Option<Ustr> {
    match &condition.kind {
        ExprKind::Binary(BinaryOp::Ne, left, right) => match (&left.kind, &right.kind) {
            (ExprKind::Name(name), ExprKind::None) => Some(*name),
            _ => None,
        },
        _ => None,
    }
}
