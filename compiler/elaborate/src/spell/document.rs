//! Values to documents.

use topoc_diagnostics::{Code, Span};
use topoc_ir::{Doc, Late, LateDoc, Part, Piece, Record, Reference, Secret, Target, Value};
use ustr::Ustr;

use super::Speller;
use super::path::{self, is_snake};
use super::plan::FieldPlan;
use crate::errors;
use crate::eval::ops;
use crate::types::Ty;

fn typed(late: LateDoc, ty: Option<Ustr>) -> Doc {
    match ty {
        Some(ty) => Doc::Typed(late, ty),
        None => Doc::Late(late),
    }
}

impl<'a> Speller<'_, 'a> {
    /// The document of a value; `None` for what is left out.
    pub(crate) fn document(&self, value: &Value, span: Span) -> Option<Doc> {
        Some(match value {
            Value::None => return None,
            Value::Bool(it) => Doc::Bool(*it),
            Value::Int(it) => Doc::Int(*it),
            Value::Float(it) | Value::Percent(it) => decimal(*it),
            Value::Duration(ms) => Doc::Int(ms / 1000),
            Value::Size(bytes) => Doc::Int(*bytes),
            Value::Text(text) => Doc::Text(*text),
            Value::Word(_, text) => Doc::Text(*text),
            Value::Cidr(range) => Doc::Text(Ustr::from(&range.to_string())),
            Value::Zone(zone) => self.zone(*zone),
            Value::Template(parts) => self.template(parts, span),
            Value::Late(late) => self.late(late, span)?,
            Value::List(items) => {
                let docs = items.iter().filter_map(|it| match it {
                    Value::Late(Late::Item(name, _)) => Some(Doc::Late(LateDoc::Input(*name))),
                    other => self.document(other, span),
                });
                self.list(exact(items.len(), docs), span)
            }
            Value::Record(record) if is_image(record) => {
                self.document(record.get(&ustr::name!("uri"))?, span)?
            }
            Value::Record(record) => Doc::Block(self.record(record, span)),
            Value::Map(map) => Doc::Object(self.verbatim(map, span)),
            Value::Document(inner) => {
                let inner = self.plain(inner, span)?;
                if self.target == Target::Cfn {
                    inner
                } else {
                    Doc::Encoded(Box::new(inner))
                }
            }
            Value::JsonText(inner) => Doc::Encoded(Box::new(self.plain(inner, span)?)),
            Value::Resource(id) => self.late(&Late::Output(*id, ustr::name!("id")), span)?,
            Value::Secret(secret) => self.secret(secret, span)?,
            Value::Asset(asset) => Doc::Package(asset.path()),
            other => {
                let message = format!("{} cannot be printed", self.session.describe(other));
                self.session
                    .report(errors::plain(Code::E0301, span, message, "used here"));
                return None;
            }
        })
    }

    fn record(&self, record: &Record, span: Span) -> Vec<(Ustr, Doc)> {
        let field = |(name, value): (&Ustr, &Value)| {
            Some((self.recased(*name), self.document(value, span)?))
        };
        exact(record.len(), record.iter().filter_map(field))
    }

    fn verbatim(&self, map: &Record, span: Span) -> Vec<(Ustr, Doc)> {
        let field = |(name, value): (&Ustr, &Value)| Some((*name, self.document(value, span)?));
        exact(map.len(), map.iter().filter_map(field))
    }

    /// A document's inside: every key stays as it is.
    fn plain(&self, value: &Value, span: Span) -> Option<Doc> {
        match value {
            Value::Record(map) | Value::Map(map) if !is_image(map) => {
                let field = |(name, it): (&Ustr, &Value)| Some((*name, self.plain(it, span)?));
                Some(Doc::Object(exact(map.len(), map.iter().filter_map(field))))
            }
            Value::List(items) => {
                let docs = items.iter().filter_map(|it| self.plain(it, span));
                Some(self.list(exact(items.len(), docs), span))
            }
            Value::Document(inner) => self.plain(inner, span),
            other => self.document(other, span),
        }
    }

    fn recased(&self, name: Ustr) -> Ustr {
        let mut known = self.recased.borrow_mut();
        *known.entry(name).or_insert_with(|| match self.target {
            _ if !is_snake(&name) => name,
            Target::Cfn => Ustr::from(&path::pascal(&name)),
            Target::Terraform => name,
            Target::Pulumi => Ustr::from(&path::camel(&name)),
        })
    }

    /// The document of a value whose declared type may spell fields of records.
    pub(crate) fn typed(&self, value: &Value, ty: &Ty<'a>, span: Span) -> Option<Doc> {
        match (ty.present(), value) {
            (Ty::Record(of), Value::Record(record)) => match self.record_plan(of) {
                Some(fields) => Some(self.typed_record(record, &fields, of.file, span)),
                None => {
                    let field = |field: &'a topoc_syntax::ast::Field| {
                        let ty = self.session.ty(&field.ty, of.file);
                        let value = record.get(&field.name.name)?;
                        Some((self.recased(field.name.name), self.typed(value, &ty, span)?))
                    };
                    let docs = of.record.fields.iter().filter_map(field);
                    Some(Doc::Block(exact(record.len(), docs)))
                }
            },
            (Ty::List(item), Value::List(items)) => {
                if items
                    .iter()
                    .any(|it| matches!(it, Value::Late(Late::Item(..))))
                {
                    return self.document(value, span);
                }
                let docs = items.iter().filter_map(|it| self.typed(it, item, span));
                Some(self.list(exact(items.len(), docs), span))
            }
            (_, value) => self.document(value, span),
        }
    }

    fn typed_record(
        &self,
        record: &Record,
        fields: &[FieldPlan<'a>],
        file: usize,
        span: Span,
    ) -> Doc {
        let mut properties = Vec::with_capacity(record.len());
        for field in fields {
            let value = record.get(&field.name).unwrap_or(&Value::None);
            self.placed(value, field, file, span, &mut |path, doc| {
                path::put(&mut properties, path, doc);
            });
        }
        Doc::Block(properties)
    }

    fn zone(&self, zone: topoc_ir::Zone) -> Doc {
        if zone.letter {
            Doc::Text(Ustr::from(&format!(
                "{}{}",
                self.topology.region,
                zone.name()
            )))
        } else {
            Doc::Late(LateDoc::ZoneSlot(zone.slot))
        }
    }

    fn template(&self, parts: &[Part], span: Span) -> Doc {
        let mut pieces = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Part::Text(text) => push_text(&mut pieces, text),
                Part::Late(late) => match self.late(late, span) {
                    Some(Doc::Late(late) | Doc::Typed(late, _)) => pieces.push(Piece::Late(late)),
                    Some(Doc::Int(number)) => push_text(&mut pieces, &number.to_string()),
                    Some(Doc::Text(text)) => push_text(&mut pieces, &text),
                    _ => {}
                },
            }
        }
        match pieces.as_slice() {
            [Piece::Text(text)] => Doc::Text(*text),
            [] => Doc::Text(ustr::name!("")),
            _ => Doc::Template(pieces),
        }
    }

    fn late(&self, late: &Late, span: Span) -> Option<Doc> {
        Some(match late {
            Late::Input(name) => Doc::Late(LateDoc::Input(*name)),
            Late::Item(name, _) => {
                self.report_apart(*name, span);
                return None;
            }
            Late::Account => Doc::Late(LateDoc::Account),
            Late::ZoneSlot(slot) => Doc::Late(LateDoc::ZoneSlot(*slot)),
            // by (no blocks): `lower` put ranges and numbers in their places
            Late::Block(..) | Late::Allotted(..) => return None,
            Late::Slice(network, number) => {
                match self.output(*network, ustr::name!("ipv6_cidr"), span)? {
                    Doc::Late(range) => Doc::Slice(range, *number),
                    other => other,
                }
            }
            Late::Output(id, name) => return self.output(*id, *name, span),
        })
    }

    fn output(&self, id: topoc_ir::ResourceId, name: Ustr, span: Span) -> Option<Doc> {
        if let Some(lookup) = self.lookups.get(&id) {
            let plan = self.plan(lookup.ty)?;
            let output = plan.outputs.get(&name);
            let reference = output.map_or(Reference::Path(name), |it| it.reference.clone());
            self.used.borrow_mut().entry(id).or_default().insert(name);
            let late = LateDoc::Lookup(id, reference);
            return Some(typed(late, output.and_then(|it| it.ty)));
        }
        let Some(resource) = self.known.get(&id).copied() else {
            let message = format!("there is no resource `{}`", id.0);
            self.session.report(errors::plain(
                Code::E0201,
                span,
                message,
                "referred to here",
            ));
            return None;
        };
        let Some(plan) = self.plan_of(resource) else {
            // to be absent is no mistake of `resource raw`, to be read is one
            if resource.ty.as_str() == "raw" {
                self.report_raw(resource);
            }
            return None;
        };
        if let Some(output) = plan.outputs.get(&name) {
            let target = if plan.part_of.is_some() {
                self.owner(resource, &plan)?
            } else {
                id
            };
            let late = LateDoc::Resource(target, output.reference.clone());
            return Some(typed(late, output.ty));
        }
        if resource.ty.as_str() == "raw" {
            let reference = if name.as_str() == "id" {
                Reference::Id
            } else {
                Reference::Path(name)
            };
            return Some(Doc::Late(LateDoc::Resource(id, reference)));
        }
        if name.as_str() == "id" && self.target != Target::Cfn {
            return Some(Doc::Late(LateDoc::Resource(id, Reference::Id)));
        }
        let message = format!(
            "a resource of type `{}` has no output `{name}`",
            resource.ty
        );
        self.session
            .report(errors::plain(Code::E0207, span, message, "read here"));
        None
    }

    fn secret(&self, secret: &Secret, span: Span) -> Option<Doc> {
        match (secret, self.target) {
            (Secret::Input(name), _) => Some(Doc::Late(LateDoc::Input(*name))),
            (Secret::Kept { arn, field }, Target::Cfn) => {
                let mut pieces = match self.document(arn, span)? {
                    Doc::Late(late) => vec![Piece::Late(late)],
                    Doc::Template(pieces) => pieces,
                    Doc::Text(text) => vec![Piece::Text(text)],
                    _ => return None,
                };
                let field = field.map_or_else(String::new, |it| format!(":{it}"));
                pieces.push(Piece::Text(Ustr::from(&format!(":SecretString{field}"))));
                Some(Doc::Late(LateDoc::Resolve(pieces)))
            }
            (Secret::Kept { .. }, _) => {
                // the same in both targets, and so one report
                let message =
                    "Terraform and Pulumi cannot fill in a secret that Secrets Manager keeps";
                let label = "is given the secret itself, which only CloudFormation can do";
                let report = errors::plain(Code::E0604, span, message, label);
                let help = "let what needs it read it while it runs, by its ARN; or declare `input NAME: Secret`, and give that";
                self.session.report(report.help(help));
                None
            }
        }
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        Some(Piece::Text(last)) => *last = Ustr::from(&format!("{last}{text}")),
        _ => pieces.push(Piece::Text(Ustr::from(text))),
    }
}

fn is_image(record: &Record) -> bool {
    record.len() == 2
        && record.contains_key(&ustr::name!("uri"))
        && record.contains_key(&ustr::name!("repository"))
}

/// What a program has thousands of takes no more room than it needs; to grow step by step leaves half of it empty.
fn exact<T>(len: usize, items: impl Iterator<Item = T>) -> Vec<T> {
    let mut all = Vec::with_capacity(len);
    all.extend(items);
    all
}

/// A whole number without a point.
fn decimal(value: rust_decimal::Decimal) -> Doc {
    if value.fract().is_zero() {
        Doc::Int(ops::to_int(value))
    } else {
        Doc::Float(value.normalize())
    }
}
