//! Values into declared types: the conversions of the language, and defaults of records.

use std::sync::Arc;

use rust_decimal::Decimal;
use topoc_diagnostics::{Code, Span};
use topoc_ir::{Late, Record, Value, Zone};
use topoc_syntax::ast;
use ustr::Ustr;

use crate::errors;
use crate::eval::lookup::image;
use crate::eval::scope::Scope;
use crate::index::name_of;
use crate::session::{Eval, Session};
use crate::types::{RecordOf, Ty};

impl<'a> Session<'a> {
    /// The value as the type keeps it.
    pub(crate) fn fit(&self, value: Value, ty: &Ty<'a>, span: Span) -> Eval {
        if let Value::Word(word, _) = value
            && !takes_words(ty)
        {
            return Err(self.report(errors::unknown_name(span, word)));
        }
        match (ty, value) {
            (Ty::Any | Ty::Tags | Ty::Resource, value) => Ok(value),
            (Ty::Optional(_), Value::None) => Ok(Value::None),
            (Ty::Optional(inner), value) => self.fit(value, inner, span),
            (_, Value::None) => Err(self.report(errors::absent(span))),
            (Ty::Bool, value @ Value::Bool(_)) => Ok(value),
            (Ty::Int | Ty::Port | Ty::Float, Value::Int(it)) => Ok(if matches!(ty, Ty::Float) {
                Value::Float(Decimal::from(it))
            } else {
                Value::Int(it)
            }),
            (Ty::Float, value @ Value::Float(_)) => Ok(value),
            (Ty::Int, Value::Float(it)) if it.fract().is_zero() => {
                Ok(Value::Int(crate::eval::ops::to_int(it)))
            }
            (Ty::Duration, value @ Value::Duration(_)) => Ok(value),
            (Ty::Size, value @ Value::Size(_)) => Ok(value),
            (Ty::Percent, value @ Value::Percent(_)) => Ok(value),
            (Ty::Cidr, value @ Value::Cidr(_)) => Ok(value),
            (Ty::Protocol, value @ Value::Protocol(_)) => Ok(value),
            (Ty::Protocol, Value::Word(word, _)) => self.protocol_named(word, span),
            (Ty::Zone, value) => self.zone(value, span),
            (Ty::Zones, value) => self.zones(value, span),
            (Ty::Enum(members), value) => self.member_of(value, members, span),
            (Ty::Asset, value @ Value::Asset(_)) => Ok(value),
            (Ty::Text | Ty::Name, value) => self.text_value(value, span),
            (Ty::Image, value) => self.image_value(value, span),
            (Ty::Secret, value) => self.secret_value(value, span),
            (Ty::Json, value) => Ok(json_text(value)),
            (Ty::Document, value) => Ok(document(value)),
            (Ty::List(item), Value::List(items)) => self.fit_items(&items, item, span),
            (Ty::Map(item), Value::Map(map) | Value::Record(map)) => self.fit_map(&map, item, span),
            (Ty::Range(item), Value::Range(ends)) => {
                let low = self.fit(ends.0.clone(), item, span)?;
                let high = self.fit(ends.1.clone(), item, span)?;
                if crate::eval::functions::compare(&low, &high).is_gt() {
                    return Err(self.report(errors::empty_range(span)));
                }
                Ok(Value::Range(Arc::new((low, high))))
            }
            (Ty::Range(item), value) => {
                let value = self.fit(value, item, span)?;
                Ok(Value::Range(Arc::new((value.clone(), value))))
            }
            (Ty::Record(of), Value::Record(record) | Value::Map(record)) => {
                self.fit_record(&record, of, span)
            }
            (Ty::Node(kind), value) => self.node_of(value, *kind, span),
            (Ty::ResourceOf(_), value) => self.resource_of(value, ty, span),
            (_, value @ (Value::Late(_) | Value::Template(_))) => Ok(value),
            (ty, value) => Err(self.report(errors::wrong_type(
                span,
                &type_text(ty),
                &self.describe(&value),
            ))),
        }
    }

    fn fit_items(&self, items: &Arc<[Value]>, ty: &Ty<'a>, span: Span) -> Eval {
        if matches!(ty, Ty::Any | Ty::Resource) {
            return Ok(Value::List(items.clone()));
        }
        Ok(Value::list(
            items
                .iter()
                .map(|it| self.fit(it.clone(), ty, span))
                .collect::<Eval<Vec<_>>>()?,
        ))
    }

    fn fit_map(&self, map: &Record, ty: &Ty<'a>, span: Span) -> Eval {
        let mut fitted = Record::with_capacity(map.len());
        for (key, value) in map {
            if !value.is_none() {
                fitted.insert(*key, self.fit(value.clone(), ty, span)?);
            }
        }
        Ok(Value::Map(Arc::new(fitted)))
    }

    /// A record with its defaults, in the order of its type.
    fn fit_record(&self, given: &Record, of: &'a RecordOf<'a>, span: Span) -> Eval {
        let names = given.keys().copied();
        self.whole_record(of, names, span, |name, ty| {
            let value = given.get(&name)?;
            Some(self.fit(value.clone(), ty, span))
        })
    }

    /// A record as it is written, fitted while it is made.
    pub(crate) fn record_as(
        &self,
        attributes: &'a [ast::Attribute],
        of: &'a RecordOf<'a>,
        span: Span,
        scope: &Scope<'a>,
    ) -> Eval {
        let names = attributes.iter().map(|it| it.name.name);
        self.whole_record(of, names, span, |name, ty| {
            let given = attributes.iter().find(|it| it.name.name == name)?;
            Some(if given.short {
                // `{ nat }` means what is called so, never a member
                let value = self.eval(&given.value, scope);
                value.and_then(|it| self.fit(it, ty, given.value.span))
            } else {
                self.eval_as(&given.value, ty, scope)
            })
        })
    }

    /// Every field of a record: what `get` gives, else its default. `names` are those that are given.
    fn whole_record(
        &self,
        of: &'a RecordOf<'a>,
        names: impl ExactSizeIterator<Item = Ustr>,
        span: Span,
        get: impl Fn(Ustr, &Ty<'a>) -> Option<Eval>,
    ) -> Eval {
        let mut record = Record::with_capacity(of.record.fields.len());
        let mut taken = 0;
        for (field, ty) in of.fields(self) {
            let value = match get(field.name.name, ty) {
                Some(value) => {
                    taken += 1;
                    value?
                }
                None => self.field_default(field, ty, of.file, span)?,
            };
            let value = self.refine(value, field.refinement.as_ref(), ty, span, field.name)?;
            record.insert(field.name.name, value);
        }
        if taken < names.len()
            && let Some(unknown) = names.into_iter().find(|it| !record.contains_key(it))
        {
            return Err(self.report(errors::unknown_field(span, unknown, "this record")));
        }
        if of.exactly_one && record.values().filter(|it| !it.is_none()).count() != 1 {
            let report = errors::plain(
                Code::E0303,
                span,
                "exactly one of these fields is given",
                "in this record",
            );
            return Err(self.report(report));
        }
        Ok(Value::Record(Arc::new(record)))
    }

    fn field_default(&self, field: &'a ast::Field, ty: &Ty<'a>, file: usize, span: Span) -> Eval {
        match &field.default {
            Some(default) => {
                // a default of a record is the same wherever it is taken
                if let Some(known) = self.defaults.borrow().get(&field.name.span) {
                    return Ok(known.clone());
                }
                let value = self.eval_as(default, ty, &Scope::file(file))?;
                self.defaults
                    .borrow_mut()
                    .insert(field.name.span, value.clone());
                Ok(value)
            }
            None if ty.is_optional() => Ok(Value::None),
            None => Err(self.report(errors::missing(span, field.name.name, "this record"))),
        }
    }

    fn text_value(&self, value: Value, span: Span) -> Eval {
        match value {
            Value::Text(_) | Value::Template(_) | Value::Late(_) | Value::JsonText(_) => Ok(value),
            Value::Word(word, _) if self.settings.env == Some(word) => Ok(Value::Text(word)),
            Value::Word(word, text) if word != text => Ok(Value::Text(text)),
            Value::Word(word, _) => Err(self.report(errors::unknown_name(span, word))),
            other => Err(self.report(errors::wrong_type(span, "text", &self.describe(&other)))),
        }
    }

    fn image_value(&self, value: Value, span: Span) -> Eval {
        match value {
            Value::Text(_) | Value::Template(_) | Value::Late(_) => Ok(image(value, Value::None)),
            Value::Record(record) | Value::Map(record) => {
                let part = |name: Ustr| record.get(&name).cloned().unwrap_or(Value::None);
                let uri = part(ustr::name!("uri"));
                Ok(image(uri, part(ustr::name!("repository"))))
            }
            other => Err(self.report(errors::wrong_type(span, "an image", &self.describe(&other)))),
        }
    }

    fn secret_value(&self, value: Value, span: Span) -> Eval {
        match value {
            Value::Secret(_) => Ok(value),
            Value::Node(id) => {
                let inst = self.inst(id);
                let output = inst.node().and_then(|part| part.kind.acts_as);
                match output
                    .map(|name| self.output(&inst, name, span))
                    .transpose()?
                    .flatten()
                {
                    Some(value @ Value::Secret(_)) => Ok(value),
                    _ => Err(self.report(errors::wrong_type(
                        span,
                        "a secret",
                        &self.describe(&value),
                    ))),
                }
            }
            other => {
                let report = errors::wrong_type(span, "a secret", &self.describe(&other));
                Err(self.report(report.help(
                    "a secret is an `input x: Secret` or an output like `db.secret.password`",
                )))
            }
        }
    }

    fn member_of(&self, value: Value, members: &'a [ast::Member], span: Span) -> Eval {
        let word = match &value {
            Value::Word(word, _) | Value::Text(word) => *word,
            other => {
                return Err(self.report(errors::wrong_type(
                    span,
                    "a member of an enumeration",
                    &self.describe(other),
                )));
            }
        };
        let named = members.iter().find(|it| it.name.name == word);
        match named.or_else(|| members.iter().find(|it| it.text == Some(word))) {
            Some(member) => Ok(member_value(member)),
            None => {
                let known: Vec<String> =
                    members.iter().map(|it| it.name.name.to_string()).collect();
                Err(self.report(errors::unknown_member(span, word, &known)))
            }
        }
    }

    fn node_of(&self, value: Value, kind: Ustr, span: Span) -> Eval {
        match &value {
            Value::Node(id) => {
                let inst = self.inst(*id);
                self.node_as(&inst, kind).map(Value::Node).ok_or_else(|| {
                    let expected = errors::a(&name_of(kind));
                    self.report(errors::wrong_type(span, &expected, &self.describe(&value)))
                })
            }
            Value::Network(_)
            | Value::Subnet(..)
            | Value::Group(_)
            | Value::External(_)
            | Value::Map(_) => Ok(value),
            other => {
                let expected = errors::a(&name_of(kind));
                Err(self.report(errors::wrong_type(span, &expected, &self.describe(other))))
            }
        }
    }

    fn resource_of(&self, value: Value, ty: &Ty<'a>, span: Span) -> Eval {
        match value {
            Value::Resource(_)
            | Value::Late(_)
            | Value::Text(_)
            | Value::Template(_)
            | Value::Record(_) => Ok(value),
            Value::Network(index) => Ok(self.network_value(index)),
            Value::Subnet(network, subnet, Some(zone)) => {
                Ok(self.subnet_value(network, subnet, zone))
            }
            other => Err(self.report(errors::wrong_type(
                span,
                &type_text(ty),
                &self.describe(&other),
            ))),
        }
    }

    fn zone(&self, value: Value, span: Span) -> Eval {
        match &value {
            Value::Zone(_) | Value::Late(_) => Ok(value),
            Value::Word(word, _) | Value::Text(word) => match word.as_bytes() {
                [letter @ b'a'..=b'h'] => Ok(Value::Zone(Zone {
                    slot: letter - b'a',
                    letter: true,
                })),
                _ => {
                    let report = errors::plain(
                        Code::E0502,
                        span,
                        format!("`{word}` is not a zone"),
                        "zones are the letters a, b, c … of the network's `zones`",
                    );
                    Err(self.report(report))
                }
            },
            Value::Int(number @ 1..=8) => Ok(Value::Zone(Zone {
                slot: (*number - 1) as u8,
                letter: false,
            })),
            other => Err(self.report(errors::wrong_type(span, "a zone", &self.describe(other)))),
        }
    }

    fn zones(&self, value: Value, span: Span) -> Eval {
        match &value {
            Value::Int(count @ 1..=8) => {
                let slot = |slot| {
                    Value::Zone(Zone {
                        slot,
                        letter: false,
                    })
                };
                Ok(Value::list((0..*count as u8).map(slot).collect()))
            }
            Value::List(items) => {
                let mut zones = items
                    .iter()
                    .map(|it| self.zone(it.clone(), span))
                    .collect::<Eval<Vec<_>>>()?;
                zones.sort_by_key(|it| {
                    if let Value::Zone(zone) = it {
                        zone.slot
                    } else {
                        0
                    }
                });
                zones.dedup();
                Ok(Value::list(zones))
            }
            other => Err(self.report(errors::wrong_type(
                span,
                "zones: `[a, b]` or a number up to 8",
                &self.describe(other),
            ))),
        }
    }
}

/// A member with the text that stands for it.
pub(crate) fn member_value(member: &ast::Member) -> Value {
    Value::Word(member.name.name, member.text.unwrap_or(member.name.name))
}

fn takes_words(ty: &Ty<'_>) -> bool {
    matches!(
        ty.present(),
        Ty::Enum(_)
            | Ty::Zone
            | Ty::Any
            | Ty::Text
            | Ty::Name
            | Ty::Protocol
            | Ty::Document
            | Ty::Json
            | Ty::Tags
            | Ty::Resource
    )
}

/// A document, wrapped once.
pub(crate) fn document(value: Value) -> Value {
    match value {
        Value::Document(_) | Value::Late(Late::Input(_)) => value,
        other => Value::Document(Arc::new(other)),
    }
}

/// JSON text, wrapped once.
pub(crate) fn json_text(value: Value) -> Value {
    match value {
        Value::JsonText(_) => value,
        Value::Document(inner) => Value::JsonText(inner),
        other => Value::JsonText(Arc::new(other)),
    }
}

/// A type as people write it.
pub(crate) fn type_text(ty: &Ty<'_>) -> String {
    match ty {
        Ty::Any => "a value".into(),
        Ty::Bool => "`true` or `false`".into(),
        Ty::Int => "a whole number".into(),
        Ty::Float => "a number".into(),
        Ty::Text | Ty::Name => "text".into(),
        Ty::Duration => "a duration (`15s`, `5m`, `12h`, `30d`)".into(),
        Ty::Size => "a size (`512MiB`, `20GiB`)".into(),
        Ty::Percent => "a percentage (`50%`)".into(),
        Ty::Cidr => "an address range (`10.0.0.0/16`)".into(),
        Ty::Port => "a port".into(),
        Ty::Protocol => "a protocol (`tcp 443`)".into(),
        Ty::Zone => "a zone".into(),
        Ty::Zones => "zones".into(),
        Ty::Secret => "a secret".into(),
        Ty::Json | Ty::Document => "a document".into(),
        Ty::Asset => "a file or folder (`asset(\"path\")`)".into(),
        Ty::Image => "an image".into(),
        Ty::Tags => "tags".into(),
        Ty::Resource => "a resource".into(),
        Ty::ResourceOf(id) => format!("a resource of type `{}`", name_of(*id)),
        Ty::List(item) => format!("a list, each {}", type_text(item)),
        Ty::Map(item) => format!("a map, each {}", type_text(item)),
        Ty::Range(item) => format!("a range (`low..high`), each {}", type_text(item)),
        Ty::Optional(inner) => type_text(inner),
        Ty::Enum(_) => "a member of an enumeration".into(),
        Ty::Record(_) => "a record (`{ name = value }`)".into(),
        Ty::Node(kind) => errors::a(&name_of(*kind)),
    }
}
