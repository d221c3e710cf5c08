//! What stands behind a dot, and in brackets.

use std::rc::Rc;

use rust_decimal::Decimal;
use topoc_diagnostics::{Code, Span};
use topoc_ir::asset::{Asset, BUCKET};
use topoc_ir::{Late, ResourceId, Secret, Value};
use topoc_syntax::ast::{Expr, ExprKind, Ident};
use ustr::Ustr;

use crate::errors;
use crate::eval::scope::Scope;
use crate::instance::Inst;
use crate::session::{Eval, Session, Stop};

impl<'a> Session<'a> {
    pub(crate) fn field_of(
        &self,
        of: &'a Expr,
        name: Ident,
        optional: bool,
        scope: &Scope<'a>,
    ) -> Eval {
        if let ExprKind::SelfNode = of.kind
            && let Some(inst) = scope.inst()
            && let Some(value) = self.self_field(inst, name)?
        {
            return Ok(value);
        }
        if let ExprKind::Name(head) = of.kind {
            match self.lookup(scope, head, of.span)? {
                Some(value) => return self.field_or_none(value, name, optional, of.span),
                None => return self.qualified(head, name, of.span, scope),
            }
        }
        if let Some(member) = self.qualified_member(of, name, scope)? {
            return Ok(member);
        }
        let value = self.eval(of, scope)?;
        self.field_or_none(value, name, optional, of.span)
    }

    /// `kit.Type.member`
    fn qualified_member(&self, of: &Expr, name: Ident, scope: &Scope<'a>) -> Eval<Option<Value>> {
        let ExprKind::Field(space, ty) = &of.kind else {
            return Ok(None);
        };
        let ExprKind::Name(qualifier) = space.kind else {
            return Ok(None);
        };
        let is_type = ty.name.as_str().starts_with(char::is_uppercase);
        if !is_type || self.lookup(scope, qualifier, space.span)?.is_some() {
            return Ok(None);
        }
        let path = Ustr::joined(&[&qualifier, ".", &ty.name]);
        let found = self.index.enum_of(scope.file_index(), path);
        let mut members = found.into_iter().flat_map(|(decl, _)| &decl.members);
        let member = members.find(|it| it.name.name == name.name);
        Ok(member.map(crate::fit::member_value))
    }

    fn field_or_none(&self, value: Value, name: Ident, optional: bool, span: Span) -> Eval {
        match value {
            Value::None if optional => Ok(Value::None),
            Value::None => Err(self.report(errors::absent(span))),
            value => self.field(&value, name),
        }
    }

    /// `iam.constant`, `kit.constant`, `Tier.public`
    fn qualified(&self, head: Ustr, name: Ident, span: Span, scope: &Scope<'a>) -> Eval {
        let found = self
            .index
            .qualified_value(scope.file_index(), head, name.name);
        if let Some(site) = found {
            let site = site.clone();
            if let Some(value) = self.lookup(&Scope::file(site.file), name.name, name.span)? {
                return Ok(value);
            }
        }
        if let Some((decl, _)) = self.index.enum_of(scope.file_index(), head) {
            let mut members = decl.members.iter();
            if let Some(member) = members.find(|it| it.name.name == name.name) {
                return Ok(crate::fit::member_value(member));
            }
        }
        if head.as_str().starts_with(char::is_uppercase) {
            return Ok(Value::word(name.name));
        }
        Err(self.report(errors::unknown_name(span, head)))
    }

    /// `self.name` and what `placed` gives, inside a kind or an edge.
    fn self_field(&self, inst: &Rc<Inst<'a>>, name: Ident) -> Eval<Option<Value>> {
        self.reads_own();
        if name.name.as_str() == "name" {
            return Ok(Some(Value::Text(self.physical_name(inst))));
        }
        if inst.edge().is_some() {
            return Ok(None);
        }
        self.placed_field(inst, name.name)
    }

    /// A field of a value.
    pub(crate) fn field(&self, value: &Value, name: Ident) -> Eval {
        let word = name.name.as_str();
        let found = match value {
            Value::Record(record)
                if word == "stated" && record.contains_key(&ustr::name!("uri")) =>
            {
                record.get(&ustr::name!("uri")).map(stated)
            }
            Value::Record(record) | Value::Map(record) => record.get(&name.name).cloned(),
            Value::Node(id) => return self.node_field(&self.inst(*id), name),
            Value::Network(index) => self.network_field(*index, name)?,
            Value::Subnet(network, ..) if self.doubts_network(*network) => {
                return Err(Stop::Reported);
            }
            Value::Subnet(network, subnet, zone) => {
                self.subnet_field(*network, *subnet, *zone, word)
            }
            Value::Resource(id) => Some(self.resource_field(*id, name.name)),
            Value::Group(_) if word == "id" => None,
            Value::Range(ends) => match word {
                "low" => Some(ends.0.clone()),
                "high" => Some(ends.1.clone()),
                _ => None,
            },
            Value::Duration(ms) => duration_in(*ms, word),
            Value::Size(bytes) => size_in(*bytes, word),
            Value::Late(late) if is_unit(word) => Some(Value::Late(late.clone())),
            Value::Late(_) | Value::Text(_) | Value::Template(_) if word == "uri" => {
                Some(value.clone())
            }
            Value::Late(_) | Value::Text(_) | Value::Template(_) if word == "repository" => {
                Some(Value::None)
            }
            Value::Late(_) | Value::Text(_) | Value::Template(_) if word == "stated" => {
                Some(stated(value))
            }
            Value::Secret(secret) => secret_field(secret, word),
            Value::Asset(asset) => asset_field(asset, word),
            Value::List(items) if word == "tier" => {
                let doubtful =
                    |it: &Value| matches!(it, Value::Subnet(of, ..) if self.doubts_network(*of));
                if items.iter().any(doubtful) {
                    return Err(Stop::Reported);
                }
                self.common_tier(items)
            }
            Value::Text(_) | Value::Late(_) if word == "name" => None,
            _ => None,
        };
        found.ok_or_else(|| {
            self.report(errors::unknown_field(
                name.span,
                name.name,
                &self.describe(value),
            ))
        })
    }

    fn common_tier(&self, items: &[Value]) -> Option<Value> {
        items.iter().find_map(|it| match it {
            Value::Subnet(network, subnet, _) => self.subnet_field(*network, *subnet, None, "tier"),
            _ => None,
        })
    }

    /// What others may read of a node: outputs, attributes, and what its place gives.
    pub(crate) fn node_field(&self, inst: &Rc<Inst<'a>>, name: Ident) -> Eval {
        if let Some(value) = self.output(inst, name.name, name.span)? {
            return Ok(value);
        }
        if let Some(part) = inst.node() {
            let existing = part.existing.then_some(()).and(part.kind.existing.as_ref());
            if let Some(field) = existing.and_then(|it| it.fields.get(&name.name)) {
                return self.attribute(inst, field, name.span);
            }
            if let Some(field) = part.kind.fields.get(&name.name) {
                return self.attribute(inst, field, name.span);
            }
            if part.kind.collectors.contains_key(&name.name) {
                return self.collector(inst, name.name, name.span);
            }
        }
        if let Some(value) = self.placed_field(inst, name.name)? {
            return Ok(value);
        }
        if name.name.as_str() == "name" {
            return Ok(Value::Text(self.physical_name(inst)));
        }
        let what = self.instance_text(inst);
        Err(self.report(errors::unknown_field(name.span, name.name, &what)))
    }

    /// An output of a resource, or a field that it was given.
    fn resource_field(&self, id: ResourceId, name: Ustr) -> Value {
        if let Some(resource) = self.known.get().and_then(|it| it.get(&id)) {
            let is_output = self
                .index
                .type_by_id(resource.ty)
                .is_some_and(|info| info.decl.outputs.iter().any(|(_, it)| it.name.name == name));
            if !is_output
                && let Some((_, value)) = resource.fields.iter().find(|(it, _)| *it == name)
            {
                return value.clone();
            }
        }
        Value::Late(Late::Output(id, name))
    }

    pub(crate) fn index_of(&self, of: &'a Expr, key: &'a Expr, scope: &Scope<'a>) -> Eval {
        let value = self.eval(of, scope)?;
        match &value {
            Value::Map(map) | Value::Record(map) => {
                let name = self.early_text(key, scope)?;
                map.get(&name).cloned().ok_or_else(|| {
                    let known: Vec<&str> = map.keys().take(5).map(|it| it.as_str()).collect();
                    let message = format!("nothing here has the key `{name}`");
                    let label = format!("the keys are: {}", known.join(", "));
                    self.report(errors::plain(Code::E0201, key.span, message, label))
                })
            }
            Value::List(items) => {
                let position = self.eval(key, scope)?;
                let item = match position {
                    Value::Int(it) => usize::try_from(it)
                        .ok()
                        .and_then(|it| items.get(it))
                        .cloned(),
                    _ => None,
                };
                item.ok_or_else(|| {
                    let label = format!("the list has {} items, counted from 0", items.len());
                    self.report(errors::plain(
                        Code::E0303,
                        key.span,
                        "there is no such item",
                        label,
                    ))
                })
            }
            Value::Subnet(network, subnet, None) => {
                let zone = self.zone_key(*network, key, scope)?;
                Ok(Value::Subnet(*network, *subnet, Some(zone)))
            }
            other => Err(self.report(errors::wrong_type(
                of.span,
                "a list, map or family",
                &self.describe(other),
            ))),
        }
    }
}

fn is_unit(word: &str) -> bool {
    matches!(
        word,
        "seconds" | "minutes" | "hours" | "days" | "ms" | "mib" | "gib" | "kib" | "bytes"
    )
}

fn whole(value: i64, unit: i64) -> Value {
    if value % unit == 0 {
        Value::Int(value / unit)
    } else {
        Value::Float(Decimal::from(value) / Decimal::from(unit))
    }
}

fn duration_in(ms: i64, word: &str) -> Option<Value> {
    let unit = match word {
        "ms" => 1,
        "seconds" => 1_000,
        "minutes" => 60_000,
        "hours" => 3_600_000,
        "days" => 86_400_000,
        _ => return None,
    };
    Some(whole(ms, unit))
}

fn size_in(bytes: i64, word: &str) -> Option<Value> {
    let unit = match word {
        "bytes" => 1,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return None,
    };
    Some(whole(bytes, unit))
}

/// The address of an image, if all of it is known when compiling.
fn stated(uri: &Value) -> Value {
    match uri {
        Value::Text(_) => uri.clone(),
        _ => Value::None,
    }
}

/// How a package is named in a bucket, and its hash.
fn asset_field(asset: &Asset, word: &str) -> Option<Value> {
    match word {
        "key" => Some(Value::Text(asset.key)),
        "sha256" => Some(Value::Text(asset.sha256)),
        "bucket" => Some(Value::Late(Late::Input(Ustr::from(BUCKET)))),
        _ => None,
    }
}

fn secret_field(secret: &Secret, word: &str) -> Option<Value> {
    match (secret, word) {
        (Secret::Kept { arn, .. }, "arn") => Some(arn.clone()),
        (Secret::Kept { field, .. }, "field") => Some(field.map_or(Value::None, Value::Text)),
        (Secret::Input(_), "field") => Some(Value::None),
        (secret, "kept") => Some(Value::Bool(matches!(secret, Secret::Kept { .. }))),
        _ => None,
    }
}
