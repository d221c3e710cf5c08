//! Names to values, on demand and once each.

use std::rc::Rc;
use std::sync::Arc;

use topoc_diagnostics::{Code, Span};
use topoc_ir::{Late, Record, ResourceId, Value};
use topoc_syntax::ast::{self, ExprKind, StmtKind, TextPart};
use ustr::Ustr;

use crate::errors;
use crate::eval::scope::{Frame, FrameKind, Scope};
use crate::index::{Guard, Site};
use crate::instance::Inst;
use crate::memo::Memo;
use crate::session::{Eval, Session, Stop};

impl<'a> Session<'a> {
    /// The value of a name; `None` if nothing is called so.
    pub(crate) fn lookup(&self, scope: &Scope<'a>, name: Ustr, span: Span) -> Eval<Option<Value>> {
        let mut current: &Rc<Frame<'a>> = &scope.0;
        loop {
            match &current.kind {
                FrameKind::Vars(vars) => {
                    if let Some(value) = named(vars, name) {
                        self.reads_own();
                        return Ok(Some(value.clone()));
                    }
                }
                FrameKind::Params(params) => {
                    if let Some(value) = named(params, name) {
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
        if matches!(name.as_str(), "topology" | "aws") && self.doubts_header() {
            return Err(Stop::Reported);
        }
        if name == "env" && self.doubts_environment() {
            return Err(Stop::Reported);
        }
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
        let before = self.own.get();
        let value = self.sites_value(&sites, &Scope::file(home), None);
        self.own.set(before);
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

    pub(crate) fn trail_since(&self, name: Ustr) -> Vec<(Ustr, Span)> {
        let trail = self.trail.borrow();
        let start = trail.iter().rposition(|(it, _)| *it == name).unwrap_or(0);
        trail.get(start..).map(<[_]>::to_vec).unwrap_or_default()
    }

    /// `env`, `topology`, `aws`
    fn builtin_name(&self, name: Ustr) -> Option<Value> {
        match name.as_str() {
            "env" => self.settings.env.map(Value::word),
            "topology" | "aws" => {
                if let Some(known) = self.facts.borrow().get(&name) {
                    return Some(known.clone());
                }
                let value = match name.as_str() {
                    "aws" => self.facts_of_home(),
                    _ => self.facts_of_topology(),
                };
                self.facts.borrow_mut().insert(name, value.clone());
                Some(value)
            }
            _ => None,
        }
    }

    fn facts_of_topology(&self) -> Value {
        let topology = self.topology.borrow();
        Value::record([
            (ustr::name!("name"), Value::Text(topology.name)),
            (ustr::name!("prefix"), Value::Text(self.prefix.get())),
            (ustr::name!("region"), Value::Text(topology.region)),
        ])
    }

    fn facts_of_home(&self) -> Value {
        let region = self.topology.borrow().region;
        Value::record([
            (ustr::name!("region"), Value::Text(region)),
            (ustr::name!("partition"), self.partition()),
            (ustr::name!("account"), self.account()),
        ])
    }

    /// The value of a declared name: one thing, nothing, or a family.
    pub(crate) fn sites_value(
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
                if site.guards.is_empty() {
                    return self.declared(site, None, base, owner);
                }
                if let Some(scope) = self.guarded(&site.guards, base)?.first() {
                    return self.declared(site, None, scope, owner);
                }
            }
            return Ok(Value::None);
        }
        let mut family = Record::default();
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
                let keys = self.early_keys(key, &scope)?;
                let value = self.declared(site, Some(joined(&keys)), &scope, owner)?;
                if !insert_at(&mut family, &keys, value) {
                    let key_text = match keys.as_slice() {
                        [one] => one.to_string(),
                        several => format!("[\"{}\"]", joined(several)),
                    };
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

    /// The texts of all keys behind a name.
    pub(crate) fn early_keys(&self, key: &'a ast::Expr, scope: &Scope<'a>) -> Eval<Vec<Ustr>> {
        let keys = ast::keys(key).iter();
        keys.map(|it| self.early_text(it, scope)).collect()
    }

    fn declared(
        &self,
        site: &Site<'a>,
        key: Option<Ustr>,
        scope: &Scope<'a>,
        owner: Option<&Rc<Inst<'a>>>,
    ) -> Eval {
        if self.refuses(site.stmt) {
            return Err(Stop::Reported);
        }
        let path = |name: Ustr| self.moved_path(path_of(owner.map(|it| it.path), name, key));
        match &site.stmt.kind {
            StmtKind::Let(decl) => self.constant(site.stmt.span, || self.let_value(decl, scope)),
            StmtKind::Param(field) => self.param(field, site),
            StmtKind::Input(field) => Ok(self.input(field, site)),
            StmtKind::Network(decl) => {
                self.network(decl, site, path(decl.name.name)?, scope, owner)
            }
            StmtKind::Group(decl) => self.group(decl, false, site, path(decl.name.name)?, scope),
            StmtKind::External(decl) => self.external(decl, site, path(decl.name.name)?, scope),
            StmtKind::Existing(decl) if is_group(decl) => {
                self.group(decl, true, site, path(decl.name.name)?, scope)
            }
            StmtKind::Existing(decl) => {
                self.instantiate(decl, true, site, path(decl.name.name)?, scope, owner)
            }
            StmtKind::Node(decl) => {
                self.instantiate(decl, false, site, path(decl.name.name)?, scope, owner)
            }
            StmtKind::Resource(decl) => Ok(Value::Resource(ResourceId(path(decl.name.name)?))),
            StmtKind::Lookup(decl) => self.declare_lookup(decl, site, path(decl.name.name)?, scope),
            StmtKind::RawResource(decl) => Ok(Value::Resource(ResourceId(path(decl.name.name)?))),
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
    pub(crate) fn moved_path(&self, path: Ustr) -> Eval<Ustr> {
        let moved = self.moved.borrow();
        if let Some(old) = moved.get(&path) {
            return Ok(*old);
        }
        // two things of one id would be one in the output
        if !moved.is_empty()
            && let Some(span) = self.left.borrow().get(&path)
        {
            self.report(errors::still_declared(path, *span));
            return Err(Stop::Reported);
        }
        Ok(path)
    }

    /// The account, early where the topology states it.
    pub(crate) fn account(&self) -> Value {
        self.stated_account
            .get()
            .map_or(Value::Late(Late::Account), Value::Text)
    }
}

/// An image with the repository it comes from.
pub(crate) fn image(uri: Value, repository: Value) -> Value {
    Value::record([
        (ustr::name!("uri"), uri),
        (ustr::name!("repository"), repository),
    ])
}

/// Several keys as one, as they stand in a path: `eu"]["web`.
pub(crate) fn joined(keys: &[Ustr]) -> Ustr {
    match keys {
        [one] => *one,
        several => {
            let texts: Vec<&str> = several.iter().map(|it| it.as_str()).collect();
            Ustr::from(&texts.join("\"][\""))
        }
    }
}

/// Puts a member into its family, in as many families as it has further keys; not where one stands already.
fn insert_at(family: &mut Record, keys: &[Ustr], value: Value) -> bool {
    let [first, rest @ ..] = keys else {
        return false;
    };
    if rest.is_empty() {
        return family.insert(*first, value).is_none();
    }
    let mut inner = match family.insert(*first, Value::None) {
        None => Record::default(),
        Some(Value::Map(inner)) => Arc::unwrap_or_clone(inner),
        Some(_) => return false,
    };
    let is_new = insert_at(&mut inner, rest, value);
    family.insert(*first, Value::Map(Arc::new(inner)));
    is_new
}

/// `owner.name["key"]`; keys of simple words stand without quotes only in subnets.
pub(crate) fn path_of(owner: Option<Ustr>, name: Ustr, key: Option<Ustr>) -> Ustr {
    match (owner, key) {
        (None, None) => name,
        (Some(owner), None) => Ustr::joined(&[&owner, ".", &name]),
        (None, Some(key)) => Ustr::from(&format!("{name}[\"{key}\"]")),
        (Some(owner), Some(key)) => Ustr::from(&format!("{owner}.{name}[\"{key}\"]")),
    }
}

fn named(all: &[(Ustr, Value)], name: Ustr) -> Option<&Value> {
    all.iter().find(|it| it.0 == name).map(|it| &it.1)
}

fn block_let(stmts: &[ast::Stmt], name: Ustr) -> Option<&ast::Let> {
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
            [] => Some(ustr::name!("")),
            _ => None,
        },
        _ => None,
    }
}
