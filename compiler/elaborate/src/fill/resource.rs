//! One resource or lookup: its fields, and what every resource may say.

use crate::allowed::allowed;
use crate::errors;
use crate::eval::lookup::{joined, path_of};
use crate::eval::scope::Scope;
use crate::fill::After;
use crate::index::{Site, TypeInfo};
use crate::instance::Inst;
use crate::session::{Eval, Session};
use std::rc::Rc;
use topoc_diagnostics::{Code, Span};
use topoc_ir::{Origin, Resource, ResourceId, Retain, Value};
use topoc_syntax::ast::{self, Expr, ExprKind};
use ustr::Ustr;

impl<'a> Session<'a> {
    pub(crate) fn resource(
        &self,
        decl: &'a ast::Resource,
        stmt: &'a ast::Stmt,
        scope: &Scope<'a>,
        inst: Option<&Rc<Inst<'a>>>,
        rank: u32,
    ) -> Eval<Resource> {
        let key = match &decl.key {
            Some(key) => Some(joined(&self.early_keys(key, scope)?)),
            None => None,
        };
        let path = self.moved_path(path_of(inst.map(|it| it.path), decl.name.name, key))?;
        let mut resource = self.filled(decl, scope, path)?;
        resource.rank = rank;
        resource.docs = inst.map_or(stmt.docs, |it| it.docs);
        let mut others = if inst.is_some() {
            vec![decl.name.span]
        } else {
            Vec::new()
        };
        others.extend(self.adding());
        resource.origin = Origin {
            span: inst.map_or(decl.name.span, |it| it.span),
            others,
        };
        if let Some(inst) = inst {
            let mut tags = self.tags_of(inst)?;
            tags.retain(|it| resource.tags.iter().all(|own| own.0 != it.0));
            tags.append(&mut resource.tags);
            resource.tags = tags;
        }
        resource.allows = allowed(inst.map(|it| it.as_ref()), &stmt.notes);
        Ok(resource)
    }

    /// The tags of a node: its owner's, and over them its own.
    pub(crate) fn tags_of(&self, inst: &Inst<'a>) -> Eval<Vec<(Ustr, Value)>> {
        let own = self.own_tags(inst.given, &inst.given_scope)?;
        let Some(owner) = inst.node().and_then(|it| it.owner) else {
            return Ok(own);
        };
        let mut tags = self.tags_of(&self.inst(owner))?;
        tags.retain(|it| own.iter().all(|own| own.0 != it.0));
        tags.extend(own);
        Ok(tags)
    }

    /// The fields of a resource or lookup.
    pub(crate) fn filled(
        &self,
        decl: &'a ast::Resource,
        scope: &Scope<'a>,
        path: Ustr,
    ) -> Eval<Resource> {
        let file = scope.file_index();
        let Some(info) = self.index.resource_type(file, decl.ty.text()) else {
            let message = format!("there is no resource type `{}`", decl.ty.text());
            return Err(self.report(errors::plain(
                Code::E0206,
                decl.ty.span,
                message,
                "used here",
            )));
        };
        let mut resource = Resource {
            id: ResourceId(path),
            ty: info.id,
            fields: Vec::with_capacity(decl.body.attributes.len()),
            after: Vec::new(),
            region: None,
            retain: Retain::Delete,
            ignore: Vec::new(),
            tags: Vec::new(),
            extra: Vec::new(),
            docs: None,
            allows: Vec::new(),
            origin: Origin::default(),
            rank: 0,
        };
        for attribute in &decl.body.attributes {
            if !self.meta(attribute, scope, &mut resource, path)? {
                self.resource_attribute(attribute, &info, scope, &mut resource)?;
            }
        }
        Ok(resource)
    }

    pub(crate) fn resource_attribute(
        &self,
        attribute: &'a ast::Attribute,
        info: &Rc<TypeInfo<'a>>,
        scope: &Scope<'a>,
        resource: &mut Resource,
    ) -> Eval<()> {
        let name = attribute.name;
        let Some(field) = info.fields().get(&name.name) else {
            let known = info.fields().keys().map(|it| it.as_str());
            let help = topoc_diagnostics::nearest(&name.name, known)
                .map(|it| format!("did you mean `{it}`?"));
            let message = format!(
                "a resource of type `{}` has no field `{}`",
                info.decl.path.text(),
                name.name
            );
            return Err(self.report(
                errors::plain(Code::E0203, name.span, message, "given here").help_opt(help),
            ));
        };
        let value = self.constant(name.span, || {
            self.field_value(attribute, field, info, scope)
        })?;
        resource.fields.push((name.name, value));
        Ok(())
    }

    fn field_value(
        &self,
        attribute: &'a ast::Attribute,
        field: &'a ast::TypedField,
        info: &TypeInfo<'a>,
        scope: &Scope<'a>,
    ) -> Eval {
        let ty = self.ty(&field.field.ty, info.file);
        let value = self.eval_or_none(&attribute.value, &ty, scope)?;
        // what a field does not need is left out
        if value.is_none() && field.field.default.is_none() && !ty.is_optional() {
            return Err(self.report(errors::absent(attribute.value.span)));
        }
        let facts = field.field.refinement.as_ref();
        self.refine(value, facts, &ty, attribute.value.span, field.field.name)
    }

    /// What every resource may say beside its fields.
    pub(crate) fn meta(
        &self,
        attribute: &'a ast::Attribute,
        scope: &Scope<'a>,
        resource: &mut Resource,
        path: Ustr,
    ) -> Eval<bool> {
        let value = &attribute.value;
        match attribute.name.name.as_str() {
            "after" => {
                let value = self.eval(value, scope)?;
                let mut after = Vec::new();
                self.afters(&value, attribute.value.span, &mut after)?;
                self.afters.borrow_mut().insert(ResourceId(path), after);
            }
            "region" => {
                if let Value::Text(region) = self.eval(value, scope)? {
                    resource.region = (region != self.topology.borrow().region).then_some(region);
                }
            }
            "retain" => resource.retain = self.retain(value, scope)?,
            "ignore" => resource.ignore = self.ignored(value, scope)?,
            "tags" => {
                if let Value::Map(tags) | Value::Record(tags) = self.eval(value, scope)? {
                    resource.tags = tags
                        .iter()
                        .map(|(key, value)| (*key, value.clone()))
                        .collect();
                }
            }
            "extra" => {
                if let Value::Record(extra) | Value::Map(extra) = self.eval(value, scope)? {
                    resource.extra = extra
                        .iter()
                        .map(|(key, value)| (*key, value.clone()))
                        .collect();
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    pub(crate) fn afters(&self, value: &Value, span: Span, into: &mut Vec<After>) -> Eval<()> {
        match value {
            Value::None => {}
            Value::Resource(id) => into.push(After::Resource(*id)),
            Value::Node(id) => into.push(After::Node(*id)),
            Value::Network(network) | Value::Subnet(network, ..) => {
                into.push(After::Network(*network))
            }
            Value::Record(_) | Value::Group(_) => {}
            Value::List(items) => items
                .iter()
                .try_for_each(|it| self.afters(it, span, into))?,
            Value::Map(family) => family
                .values()
                .try_for_each(|it| self.afters(it, span, into))?,
            other => {
                return Err(self.report(errors::wrong_type(
                    span,
                    "a resource, node or place",
                    &self.describe(other),
                )));
            }
        }
        Ok(())
    }

    pub(crate) fn retain(&self, expr: &'a Expr, scope: &Scope<'a>) -> Eval<Retain> {
        match self.eval(expr, scope)? {
            Value::Bool(true) => Ok(Retain::Keep),
            Value::Bool(false) | Value::None => Ok(Retain::Delete),
            Value::Word(word, _) if word.as_str() == "snapshot" => Ok(Retain::Snapshot),
            other => Err(self.report(errors::wrong_type(
                expr.span,
                "`true`, `false` or `snapshot`",
                &self.describe(&other),
            ))),
        }
    }

    /// `ignore = [count]`: names of fields, as bare words.
    pub(crate) fn ignored(&self, expr: &'a Expr, scope: &Scope<'a>) -> Eval<Vec<Ustr>> {
        match &expr.kind {
            ExprKind::List(items) => Ok(items
                .iter()
                .filter_map(|it| {
                    if let ExprKind::Name(name) = &it.kind {
                        Some(*name)
                    } else {
                        crate::eval::lookup::plain_text(it)
                    }
                })
                .collect()),
            ExprKind::If(condition, then, otherwise) => {
                let branch = if self.condition(condition, scope)? {
                    then
                } else {
                    otherwise
                };
                self.ignored(branch, scope)
            }
            ExprKind::Binary(ast::BinaryOp::Add, left, right) => {
                let mut names = self.ignored(left, scope)?;
                names.extend(self.ignored(right, scope)?);
                Ok(names)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// A lookup, made when something mentions it.
    pub(crate) fn declare_lookup(
        &self,
        decl: &'a ast::Resource,
        site: &Site<'a>,
        path: Ustr,
        scope: &Scope<'a>,
    ) -> Eval {
        let id = ResourceId(path);
        if !self.lookups.borrow().contains_key(&id) {
            let mut lookup = self.filled(decl, scope, path)?;
            let inst = scope.inst();
            lookup.rank = inst.map_or(site.rank, |it| it.rank);
            lookup.docs = inst.map_or(site.stmt.docs, |it| it.docs);
            lookup.origin = Origin {
                span: inst.map_or(decl.name.span, |it| it.span),
                others: vec![decl.name.span],
            };
            self.lookups.borrow_mut().insert(id, lookup);
        }
        Ok(Value::Resource(id))
    }

    /// A resource that each target spells by itself: the spelling travels in `extra`.
    pub(crate) fn raw_resource(
        &self,
        decl: &'a ast::RawResource,
        stmt: &'a ast::Stmt,
        scope: &Scope<'a>,
        inst: Option<&Rc<Inst<'a>>>,
        rank: u32,
    ) -> Eval<Resource> {
        let key = match &decl.key {
            Some(key) => Some(joined(&self.early_keys(key, scope)?)),
            None => None,
        };
        let path = self.moved_path(path_of(inst.map(|it| it.path), decl.name.name, key))?;
        let mut extra = Vec::new();
        for target in &decl.targets {
            let (ty, body) = match &target.form {
                Ok(form) => form,
                Err(reason) => {
                    extra.push((target.target.name, Value::Text(*reason)));
                    continue;
                }
            };
            let mut fields = topoc_ir::Record::default();
            for attribute in &body.attributes {
                fields.insert(attribute.name.name, self.eval(&attribute.value, scope)?);
            }
            let body = Value::Map(std::sync::Arc::new(fields));
            extra.push((
                target.target.name,
                Value::record([
                    (ustr::name!("type"), Value::Text(*ty)),
                    (ustr::name!("body"), body),
                ]),
            ));
        }
        Ok(Resource {
            id: ResourceId(path),
            ty: ustr::name!("raw"),
            fields: Vec::new(),
            after: Vec::new(),
            region: None,
            retain: Retain::Delete,
            ignore: Vec::new(),
            tags: Vec::new(),
            extra,
            docs: stmt.docs,
            allows: allowed(inst.map(|it| it.as_ref()), &stmt.notes),
            origin: Origin {
                span: inst.map_or(decl.name.span, |it| it.span),
                others: Vec::new(),
            },
            rank,
        })
    }
}
