//! One resource, one lookup.

use std::borrow::Cow;
use std::rc::Rc;

use topoc_diagnostics::Span;
use topoc_ir::{Doc, Resource, ResourceId, SpelledLookup, SpelledResource, Target, Value};
use topoc_syntax::ast::{Expr, ExprKind, Shape};
use ustr::Ustr;

use super::Speller;
use super::group::group_of;
use super::path::{self, Path};
use super::plan::{FieldPlan, Place, Plan};
use crate::eval::scope::Scope;
use crate::names::words;

impl<'a> Speller<'_, 'a> {
    pub(crate) fn resource(
        &self,
        resource: &'a Resource,
        plan: &Rc<Plan<'a>>,
    ) -> Option<SpelledResource> {
        let mut properties = self.properties(resource, plan)?;
        self.tags(resource, plan, &mut properties);
        self.extra(resource, &mut properties);
        let ignore = self.ignored(resource, plan);
        if self.target == Target::Cfn {
            properties.retain(|(name, _)| !ignore.contains(name));
        }
        Some(SpelledResource {
            id: resource.id,
            ty: plan.ty,
            properties,
            after: resource.after.clone(),
            region: resource.region,
            retain: resource.retain,
            ignore: if self.target == Target::Cfn {
                Vec::new()
            } else {
                ignore
            },
            docs: resource.docs,
            allows: resource.allows.clone(),
            group: group_of(resource.id),
            origin: resource.origin.clone(),
        })
    }

    /// The fields at their places.
    pub(crate) fn properties(
        &self,
        resource: &'a Resource,
        plan: &Plan<'a>,
    ) -> Option<Vec<(Ustr, Doc)>> {
        let given = resource.fields.iter().filter(|it| !it.1.is_none());
        let mut properties = Vec::with_capacity(given.count() + 1);
        if resource.ty.as_str() == "raw" {
            return Some(self.raw(resource));
        }
        let span = resource.origin.span;
        for field in &plan.fields {
            let given = resource
                .fields
                .iter()
                .find(|(name, _)| *name == field.name)
                .map(|(_, value)| value);
            match given {
                Some(Value::None) | None => {
                    for (path, doc) in self.default_docs(field, plan.file, span) {
                        path::put(&mut properties, path, doc.clone());
                    }
                }
                Some(value) => {
                    self.placed(value, field, plan.file, span, &mut |path, doc| {
                        path::put(&mut properties, path, doc);
                    });
                }
            }
        }
        Some(properties)
    }

    fn raw(&self, resource: &'a Resource) -> Vec<(Ustr, Doc)> {
        let form = resource
            .extra
            .iter()
            .find(|(word, _)| word.as_str() == self.target.word());
        let Some((_, Value::Record(form))) = form else {
            return Vec::new();
        };
        let Some(Value::Map(body)) = form.get(&ustr::name!("body")) else {
            return Vec::new();
        };
        body.iter()
            .filter_map(|(name, value)| Some((*name, self.document(value, resource.origin.span)?)))
            .collect()
    }

    fn default_docs<'f>(
        &self,
        field: &'f FieldPlan<'a>,
        file: usize,
        span: Span,
    ) -> &'f [(Path, Doc)] {
        field.default_doc.get_or_init(|| {
            let Some(default) = field.default else {
                return Vec::new();
            };
            let mut docs = Vec::new();
            if let Ok(value) = self.session.eval_as(default, &field.ty, &Scope::file(file)) {
                self.placed(&value, field, file, span, &mut |path, doc| {
                    docs.push((path.clone(), doc));
                });
            }
            docs
        })
    }

    /// A field's value, converted, at its place or places: gives each to `put`.
    pub(crate) fn placed(
        &self,
        value: &Value,
        field: &FieldPlan<'a>,
        file: usize,
        span: Span,
        put: &mut dyn FnMut(&Path, Doc),
    ) {
        if value.is_none() {
            return;
        }
        let Some(shared) = self.converted(value, field.shared, file) else {
            return;
        };
        match &field.place {
            Place::Nowhere => {}
            Place::Spread(entries) => {
                for (path, expr) in entries {
                    let value = self.converted(&shared, Some(expr), file);
                    let doc = value.and_then(|it| self.document(&it, span));
                    doc.into_iter().for_each(|it| put(path, it));
                }
            }
            Place::Path {
                path,
                shape,
                convert,
            } => {
                let Some(value) = self.converted(&shared, *convert, file) else {
                    return;
                };
                let plain = field.shared.is_none() && convert.is_none();
                let doc = if plain {
                    self.typed(&value, &field.ty, span)
                } else {
                    self.document(&value, span)
                };
                // an empty list says no more than its absence
                if let Some(doc) =
                    doc.filter(|it| !matches!(it, Doc::List(items) if items.is_empty()))
                {
                    put(path, self.shaped(doc, *shape));
                }
            }
        }
    }

    /// `as EXPR` of `it`.
    fn converted<'v>(
        &self,
        value: &'v Value,
        convert: Option<&'a Expr>,
        file: usize,
    ) -> Option<Cow<'v, Value>> {
        let Some(expr) = convert else {
            return Some(Cow::Borrowed(value));
        };
        // `it.id` is by far the most frequent one
        if let (ExprKind::Field(of, name), Value::Resource(_)) = (&expr.kind, value)
            && matches!(&of.kind, ExprKind::Name(it) if it.as_str() == "it")
        {
            return self.session.field(value, *name).ok().map(Cow::Owned);
        }
        let scope = Scope::file(file).vars(vec![(ustr::name!("it"), value.clone())]);
        self.session.eval(expr, &scope).ok().map(Cow::Owned)
    }

    fn shaped(&self, doc: Doc, shape: Shape) -> Doc {
        match shape {
            Shape::Natural => doc,
            Shape::Attribute => objects(doc),
            Shape::Set => match doc {
                Doc::List(mut items) => {
                    items.sort_by_cached_key(|it| format!("{it:?}"));
                    items.dedup();
                    Doc::List(items)
                }
                other => other,
            },
        }
    }

    /// The topology's tags, the node's and the resource's own; a `Name` where there is no physical one.
    fn tags(&self, resource: &'a Resource, plan: &Plan<'a>, properties: &mut Vec<(Ustr, Doc)>) {
        let Some(tag_plan) = &plan.tags else { return };
        let given = self.topology.tags.len() + resource.tags.len();
        let mut tags: Vec<(Ustr, Doc)> = Vec::with_capacity(given + 1);
        if !plan.has_name {
            let name = format!("{}-{}", self.topology.prefix, words(&resource.id.0));
            tags.push((ustr::name!("Name"), Doc::Text(Ustr::from(&name))));
        }
        for (key, value) in self.topology.tags.iter().chain(&resource.tags) {
            let Some(doc) = self.document(value, resource.origin.span) else {
                continue;
            };
            tags.retain(|(it, _)| it != key);
            tags.push((*key, doc));
        }
        if tags.is_empty() {
            return;
        }
        let doc = if tag_plan.map {
            Doc::Object(tags)
        } else {
            let pair = |(key, value)| {
                Doc::Block(vec![
                    (ustr::name!("Key"), Doc::Text(key)),
                    (ustr::name!("Value"), value),
                ])
            };
            Doc::List(tags.into_iter().map(pair).collect())
        };
        path::put(properties, &tag_plan.path, doc);
    }

    fn extra(&self, resource: &'a Resource, properties: &mut Vec<(Ustr, Doc)>) {
        if resource.ty.as_str() == "raw" {
            return;
        }
        let Some((_, extra)) = resource
            .extra
            .iter()
            .find(|(word, _)| word.as_str() == self.target.word())
        else {
            return;
        };
        let (Value::Record(extra) | Value::Map(extra)) = extra else {
            return;
        };
        for (name, value) in extra.iter() {
            if let Some(doc) = self.document(value, resource.origin.span) {
                path::put(properties, &path::parse(name), doc);
            }
        }
    }

    fn ignored(&self, resource: &Resource, plan: &Plan<'a>) -> Vec<Ustr> {
        let path_of = |name: &Ustr| {
            let field = plan.fields.iter().find(|it| it.name == *name)?;
            match &field.place {
                Place::Path { path, .. } => Some(ignore_path(path, self.target)),
                Place::Spread(_) | Place::Nowhere => None,
            }
        };
        resource.ignore.iter().filter_map(path_of).collect()
    }

    /// The resource that this one is a part of.
    pub(crate) fn owner(&self, resource: &Resource, plan: &Plan<'a>) -> Option<ResourceId> {
        let (field, _) = plan.part_of.as_ref()?;
        match resource.fields.iter().find(|(name, _)| name == field) {
            Some((_, Value::Resource(id))) => {
                let Some(owner) = self.known.get(id).copied() else {
                    return Some(*id);
                };
                // a type that this target lacks is reported where such a resource is made
                let plan = self.plan(owner.ty)?;
                match plan.part_of {
                    Some(_) => self.owner(owner, &plan),
                    None => Some(*id),
                }
            }
            _ => None,
        }
    }

    pub(crate) fn lookup(&self, resource: &'a Resource) -> Option<SpelledLookup> {
        let plan = self.plan_of(resource)?;
        let arguments = self.properties(resource, &plan)?;
        Some(SpelledLookup {
            id: resource.id,
            ty: plan.ty,
            arguments,
            parameters: Vec::new(),
            region: resource.region,
            docs: resource.docs,
            origin: resource.origin.clone(),
        })
    }

    /// CloudFormation: the parameter that asks for an output of a lookup.
    pub(crate) fn parameter(
        &self,
        id: ResourceId,
        output: Ustr,
    ) -> Option<(Ustr, Ustr, Option<Doc>)> {
        if self.target != Target::Cfn {
            return None;
        }
        let lookup = self.lookups.get(&id)?;
        let plan = self.plan(lookup.ty)?;
        let ty = plan
            .outputs
            .get(&output)
            .and_then(|it| it.parameter)
            .unwrap_or(plan.ty);
        let default = match plan.outputs.get(&output).and_then(|it| it.default) {
            Some(expr) => {
                let it = (ustr::name!("it"), Value::Resource(id));
                let scope = Scope::file(plan.file).vars(vec![it]);
                let value = self.session.eval(expr, &scope).ok()?;
                self.document(&value, lookup.origin.span)
            }
            None => plan
                .fields
                .iter()
                .find(|it| it.is_default)
                .and_then(|field| {
                    let (_, value) = lookup.fields.iter().find(|(name, _)| *name == field.name)?;
                    self.document(value, field.span)
                }),
        };
        Some((output, ty, default))
    }
}

/// Records as plain objects, all the way down.
fn objects(doc: Doc) -> Doc {
    match doc {
        Doc::Block(fields) | Doc::Object(fields) => Doc::Object(
            fields
                .into_iter()
                .map(|(name, it)| (name, objects(it)))
                .collect(),
        ),
        Doc::List(items) => Doc::List(items.into_iter().map(objects).collect()),
        other => other,
    }
}

/// `a.b` of a single block is `a[0].b` in terraform's `ignore_changes`.
fn ignore_path(path: &Path, target: Target) -> Ustr {
    let names: Vec<&str> = path.iter().map(|(name, _)| name.as_str()).collect();
    match target {
        Target::Cfn => names.first().map(|it| Ustr::from(it)).unwrap_or_default(),
        Target::Terraform => Ustr::from(&names.join("[0].")),
        Target::Pulumi => Ustr::from(&names.join(".")),
    }
}
