//! Names to values, on demand and once each.

use std::rc::Rc;
use std::sync::Arc;

use topoc_diagnostics::{Code, Span};
use topoc_ir::{Late, Record, ResourceId, Value};
use topoc_syntax::ast::{self, ExprKind, StmtKind, TextPart};
use ustr::Ustr;

use crate::errors;
use crate::gather::Stage;
use crate::index::{Guard, Site, Sites};
use crate::instance::Inst;
use crate::scope::{Frame, FrameKind, Scope};
use crate::session::{Eval, Memo, Session, Stop};

impl<'a> Session<'a> {
    /// The value of a name; `None` if nothing is called so.
    pub(crate) fn lookup(&self, scope: &Scope<'a>, name: Ustr, span: Span) -> Eval<Option<Value>> {
        let mut current: &Rc<Frame<'a>> = &scope.0;
        loop {
            match &current.kind {
                FrameKind::Vars(vars) => {
                    if let Some((_, value)) = vars.iter().find(|(it, _)| *it == name) {
                        return Ok(Some(value.clone()));
                    }
                }
                FrameKind::Block(stmts) => {
                    if let Some(decl) = block_let(stmts, name) {
                        return self.let_value(decl, &Scope(current.clone())).map(Some);
                    }
                }
                FrameKind::Inst(inst) => {
                    if let Some(value) = self.inside_name(inst, name, span)? {
                        return Ok(Some(value));
                    }
                }
                FrameKind::File(file) => return self.global(*file, name, span),
            }
            match &current.parent {
                Some(parent) => current = &parent.0,
                None => return Ok(None),
            }
        }
    }

    fn let_value(&self, decl: &'a ast::Let, scope: &Scope<'a>) -> Eval {
        match &decl.ty {
            Some(ty) => self.eval_as(&decl.value, &self.ty(ty, scope.file_index()), scope),
            None => self.eval(&decl.value, scope),
        }
    }

    fn global(&self, file: usize, name: Ustr, span: Span) -> Eval<Option<Value>> {
        if let Some(value) = self.builtin_name(name) {
            return Ok(Some(value));
        }
        let Some(sites) = self.index.value(file, name) else {
            return Ok(None);
        };
        let home = sites.first().map_or(file, |site| site.file);
        let known = self.globals.borrow().get(&(home, name)).cloned();
        match known {
            Some(Memo::Done(value)) => return Ok(Some(value)),
            Some(Memo::Failed) => return Err(Stop::Reported),
            Some(Memo::Busy) => {
                return Err(self.report(errors::cycle(span, name, &self.trail_since(name))));
            }
            None => {}
        }
        self.globals.borrow_mut().insert((home, name), Memo::Busy);
        self.trail.borrow_mut().push((name, span));
        // sites borrow the index, which lives as long as the session
        let sites: Vec<Site<'a>> = sites.to_vec();
        let value = self.sites_value(&sites, &Scope::file(home), None);
        self.trail.borrow_mut().pop();
        self.remember_global(home, name, &value);
        value.map(Some)
    }

    fn remember_global(&self, file: usize, name: Ustr, value: &Eval) {
        let mut globals = self.globals.borrow_mut();
        match value {
            Ok(value) => globals.insert((file, name), Memo::Done(value.clone())),
            Err(Stop::Reported) => globals.insert((file, name), Memo::Failed),
            Err(Stop::Deferred) => globals.remove(&(file, name)),
        };
    }

    fn trail_since(&self, name: Ustr) -> Vec<(Ustr, Span)> {
        let trail = self.trail.borrow();
        let start = trail.iter().rposition(|(it, _)| *it == name).unwrap_or(0);
        trail.get(start..).map(<[_]>::to_vec).unwrap_or_default()
    }

    /// `env`, `topology`, `aws`
    fn builtin_name(&self, name: Ustr) -> Option<Value> {
        match name.as_str() {
            "env" => self.settings.env.map(Value::Word),
            "topology" => {
                let topology = self.topology.borrow();
                let text = Ustr::from;
                Some(Value::record([
                    (text("name"), Value::Text(topology.name)),
                    (text("prefix"), Value::Text(self.prefix.get())),
                    (text("region"), Value::Text(topology.region)),
                ]))
            }
            "aws" => {
                let region = self.topology.borrow().region;
                Some(Value::record([
                    (Ustr::from("region"), Value::Text(region)),
                    (Ustr::from("partition"), Value::text(partition(&region))),
                    (Ustr::from("account"), self.account()),
                ]))
            }
            _ => None,
        }
    }

    /// A name inside a kind or an edge.
    fn inside_name(&self, inst: &Rc<Inst<'a>>, name: Ustr, span: Span) -> Eval<Option<Value>> {
        if let Some(edge) = inst.edge() {
            match name.as_str() {
                "source" => return Ok(Some(edge.source.clone())),
                "target" => return Ok(Some(edge.target.clone())),
                _ => {}
            }
            let Some(body) = inst.edge_body() else {
                return Ok(None);
            };
            if let Some(field) = body.fields.get(&name) {
                return self.attribute(inst, field, span).map(Some);
            }
            return self.memo_sites(inst, &body.sites, name, span);
        }
        let Some(part) = inst.node() else {
            return Ok(None);
        };
        if part.existing {
            if let Some(existing) = &part.kind.existing {
                if let Some(field) = existing.fields.get(&name) {
                    return self.attribute(inst, field, span).map(Some);
                }
                if let Some(value) = self.memo_sites(inst, &existing.sites, name, span)? {
                    return Ok(Some(value));
                }
            }
        }
        if let Some(field) = part.kind.fields.get(&name) {
            return self.attribute(inst, field, span).map(Some);
        }
        if part.kind.collectors.contains_key(&name)
            || (name.as_str() == "grants" && part.kind.is("principal"))
        {
            return self.collector(inst, name, span).map(Some);
        }
        if name.as_str() == "groups" && part.kind.is("placed") {
            let groups = part.groups.borrow();
            return Ok(Some(Value::list(
                groups.iter().map(|it| Value::Group(*it)).collect(),
            )));
        }
        if let Some(value) = self.memo_sites(inst, &part.kind.sites, name, span)? {
            return Ok(Some(value));
        }
        if part.kind.outputs.contains_key(&name) {
            return self.output(inst, name, span);
        }
        Ok(None)
    }

    fn memo_sites(
        &self,
        inst: &Rc<Inst<'a>>,
        sites: &Sites<'a>,
        name: Ustr,
        span: Span,
    ) -> Eval<Option<Value>> {
        let Some(sites) = sites.get(&name) else {
            return Ok(None);
        };
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
        let known = memo.borrow().get(&name).cloned();
        match known {
            Some(Memo::Done(value)) => return Ok(value),
            Some(Memo::Failed) => return Err(Stop::Reported),
            Some(Memo::Busy) => {
                return Err(self.report(errors::cycle(span, name, &self.trail_since(name))));
            }
            None => {}
        }
        memo.borrow_mut().insert(name, Memo::Busy);
        self.trail.borrow_mut().push((name, span));
        let value = evaluate();
        self.trail.borrow_mut().pop();
        match &value {
            Ok(value) => memo.borrow_mut().insert(name, Memo::Done(value.clone())),
            Err(Stop::Reported) => memo.borrow_mut().insert(name, Memo::Failed),
            Err(Stop::Deferred) => memo.borrow_mut().remove(&name),
        };
        value
    }

    /// The scope inside an instance.
    pub(crate) fn inside(&self, inst: &Rc<Inst<'a>>) -> Scope<'a> {
        inst.outer.with(FrameKind::Inst(inst.clone()))
    }

    /// An attribute of a node or a field of an edge.
    pub(crate) fn attribute(&self, inst: &Rc<Inst<'a>>, field: &'a ast::Field, span: Span) -> Eval {
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
                let value = self.eval_as(default, &ty, &self.inside(inst))?;
                return self.refine(value, field.refinement.as_ref(), &ty, inst.span, field.name);
            }
            if ty.is_optional() {
                return Ok(Value::None);
            }
            let what = self.instance_text(inst);
            Err(self.report(errors::missing(
                inst.span,
                field.name.name,
                &what,
                field.name.span,
            )))
        })
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

    /// The value of a declared name: one thing, nothing, or a family.
    fn sites_value(
        &self,
        sites: &[Site<'a>],
        base: &Scope<'a>,
        owner: Option<&Rc<Inst<'a>>>,
    ) -> Eval {
        let repeated = |site: &Site<'a>| {
            declared_key(site.stmt).is_some()
                || site.guards.iter().any(|it| matches!(it, Guard::For(..)))
        };
        if !sites.iter().any(repeated) {
            for site in sites {
                if let Some(scope) = self.guarded(&site.guards, base)?.first() {
                    return self.declared(site, None, scope, owner);
                }
            }
            return Ok(Value::None);
        }
        let mut family = Record::new();
        for site in sites {
            for scope in self.guarded(&site.guards, base)? {
                let Some(key) = declared_key(site.stmt) else {
                    let report = errors::plain(
                        Code::E0402,
                        site.stmt.span,
                        "this is declared once per turn of its loop, so it needs a key",
                        "several would have one name",
                    );
                    return Err(self.report(report.help("put a key behind the name: `name[x]`")));
                };
                let key_text = self.early_text(key, &scope)?;
                let value = self.declared(site, Some(key_text), &scope, owner)?;
                if family.insert(key_text, value).is_some() {
                    let message = format!("two of this family have the key `{key_text}`");
                    return Err(self.report(errors::plain(
                        Code::E0403,
                        key.span,
                        message,
                        "the key",
                    )));
                }
            }
        }
        Ok(Value::Map(Arc::new(family)))
    }

    fn declared(
        &self,
        site: &Site<'a>,
        key: Option<Ustr>,
        scope: &Scope<'a>,
        owner: Option<&Rc<Inst<'a>>>,
    ) -> Eval {
        let path = |name: Ustr| self.moved_path(path_of(owner.map(|it| it.path), name, key));
        match &site.stmt.kind {
            StmtKind::Let(decl) => self.let_value(decl, scope),
            StmtKind::Param(field) => self.param(field, site),
            StmtKind::Input(field) => Ok(self.input(field, site)),
            StmtKind::Network(decl) => self.network(decl, site, path(decl.name.name), scope, owner),
            StmtKind::Group(decl) => self.group(decl, false, site, path(decl.name.name), scope),
            StmtKind::External(decl) => self.external(decl, site, path(decl.name.name), scope),
            StmtKind::Existing(decl) if is_group(decl) => {
                self.group(decl, true, site, path(decl.name.name), scope)
            }
            StmtKind::Existing(decl) => {
                self.instantiate(decl, true, site, path(decl.name.name), scope, owner)
            }
            StmtKind::Node(decl) => {
                self.instantiate(decl, false, site, path(decl.name.name), scope, owner)
            }
            StmtKind::Resource(decl) => Ok(Value::Resource(ResourceId(path(decl.name.name)))),
            StmtKind::Lookup(decl) => self.declare_lookup(decl, site, path(decl.name.name), scope),
            StmtKind::RawResource(decl) => Ok(Value::Resource(ResourceId(path(decl.name.name)))),
            _ => Ok(Value::None),
        }
    }

    fn input(&self, field: &'a ast::Field, site: &Site<'a>) -> Value {
        let ty = self.ty(&field.ty, site.file);
        let late = Value::Late(Late::Input(field.name.name));
        match ty.present() {
            crate::types::Ty::Secret => {
                Value::Secret(Arc::new(topoc_ir::Secret::Input(field.name.name)))
            }
            crate::types::Ty::Image => image(late, Value::None),
            _ => late,
        }
    }

    /// The path that ids are made of: the old one of what was renamed.
    fn moved_path(&self, path: Ustr) -> Ustr {
        self.moved.borrow().get(&path).copied().unwrap_or(path)
    }

    /// The account, early where the topology states it.
    pub(crate) fn account(&self) -> Value {
        self.stated_account
            .get()
            .map_or(Value::Late(Late::Account), Value::Text)
    }

    /// Reads a collector; complete from the third step on.
    pub(crate) fn collector(&self, inst: &Rc<Inst<'a>>, name: Ustr, span: Span) -> Eval {
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
            Stage::Fill => {}
        }
        self.memoized(inst, false, name, span, || self.collected(inst, name))
    }
}

/// An image with the repository it comes from.
pub(crate) fn image(uri: Value, repository: Value) -> Value {
    Value::record([
        (Ustr::from("uri"), uri),
        (Ustr::from("repository"), repository),
    ])
}

/// `owner.name["key"]`; keys of simple words stand without quotes only in subnets.
pub(crate) fn path_of(owner: Option<Ustr>, name: Ustr, key: Option<Ustr>) -> Ustr {
    match (owner, key) {
        (None, None) => name,
        (Some(owner), None) => Ustr::from(&format!("{owner}.{name}")),
        (None, Some(key)) => Ustr::from(&format!("{name}[\"{key}\"]")),
        (Some(owner), Some(key)) => Ustr::from(&format!("{owner}.{name}[\"{key}\"]")),
    }
}

fn block_let<'a>(stmts: &'a [ast::Stmt], name: Ustr) -> Option<&'a ast::Let> {
    stmts.iter().find_map(|stmt| match &stmt.kind {
        StmtKind::Let(decl) if decl.name.name == name => Some(decl),
        _ => None,
    })
}

fn is_group(decl: &ast::NodeDecl) -> bool {
    decl.kind
        .as_ref()
        .is_some_and(|it| it.text().as_str() == "group")
}

/// `[key]` behind the name of a declaration.
pub(crate) fn declared_key(stmt: &ast::Stmt) -> Option<&ast::Expr> {
    match &stmt.kind {
        StmtKind::Network(decl) => decl.key.as_ref(),
        StmtKind::Group(decl)
        | StmtKind::External(decl)
        | StmtKind::Existing(decl)
        | StmtKind::Node(decl) => decl.key.as_ref(),
        StmtKind::Resource(decl) | StmtKind::Lookup(decl) => decl.key.as_ref(),
        StmtKind::RawResource(decl) => decl.key.as_ref(),
        _ => None,
    }
}

/// Whether an expression is a plain text without insertions.
pub(crate) fn plain_text(expr: &ast::Expr) -> Option<Ustr> {
    match &expr.kind {
        ExprKind::Text(parts) => match parts.as_slice() {
            [TextPart::Text(text)] => Some(*text),
            [] => Some(Ustr::from("")),
            _ => None,
        },
        _ => None,
    }
}

fn partition(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    }
}
