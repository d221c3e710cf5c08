//! Params: default < environment < `--params` files < `--set`; and what is given from outside, as typed values.

use std::sync::Arc;

use rust_decimal::Decimal;
use topoc_diagnostics::{Code, Span};
use topoc_ir::params::{Given, GivenKind, Setting};
use topoc_ir::{Record, Value};
use topoc_syntax::ast::{self, StmtKind};
use ustr::Ustr;

use crate::errors;
use crate::eval::scope::Scope;
use crate::index::Site;
use crate::session::{Eval, Session, Stop};
use crate::types::Ty;

impl<'a> Session<'a> {
    /// The value of a param.
    pub(crate) fn param(&self, field: &'a ast::Field, site: &Site<'a>) -> Eval {
        if self.doubts_params() {
            return Err(Stop::Reported);
        }
        let ty = self.ty(&field.ty, site.file);
        let mut value = self.param_base(field, &ty, site)?;
        let key = param_key(site.stmt, field);
        let settings = self.settings.params.settings.iter();
        let mut span = field.name.span;
        for setting in settings.filter(|it| it.path.first().is_some_and(|it| it.name == key)) {
            value = Some(self.overlay(value, setting, &ty)?);
            span = setting.value.span;
        }
        match value {
            Some(value) => self.refine(value, field.refinement.as_ref(), &ty, span, field.name),
            None if ty.is_optional() => Ok(Value::None),
            None => {
                let message = format!("`{}` has no value", field.name.name);
                let report = errors::plain(
                    Code::E0408,
                    field.name.span,
                    message,
                    "declared without a default",
                );
                let help = format!(
                    "give it a default, bind it in an `env` block, in a `--params` file, or with `--set {key}=…`"
                );
                Err(self.report(report.help(help)))
            }
        }
    }

    /// The value of the environment's block, or the default.
    fn param_base(
        &self,
        field: &'a ast::Field,
        ty: &Ty<'a>,
        site: &Site<'a>,
    ) -> Eval<Option<Value>> {
        if let Some((attribute, file)) = self.env_binding(field.name.name) {
            return self
                .eval_as(&attribute.value, ty, &Scope::file(file))
                .map(Some);
        }
        let default = field.default.as_ref();
        default
            .map(|it| self.eval_as(it, ty, &Scope::file(site.file)))
            .transpose()
    }

    fn env_binding(&self, name: Ustr) -> Option<(&'a ast::Attribute, usize)> {
        let env = self.settings.env?;
        self.file_items(0).iter().find_map(|stmt| match &stmt.kind {
            StmtKind::Env(decl) if decl.name.name == env => decl
                .body
                .attributes
                .iter()
                .find(|it| it.name.name == name)
                .map(|it| (it, 0)),
            _ => None,
        })
    }

    /// A later layer replaces the whole value; a path of several names one field of it.
    fn overlay(&self, base: Option<Value>, setting: &Setting, ty: &Ty<'a>) -> Eval {
        let rest = setting.path.get(1..).unwrap_or(&[]);
        let Some((field, deeper)) = rest.split_first() else {
            return self.given_value(&setting.value, ty);
        };
        let Ty::Record(of) = ty.present() else {
            let message = format!("this param has no field `{}`", field.name);
            return Err(self.report(errors::plain(Code::E0407, field.span, message, "set here")));
        };
        let Some(decl) = of
            .record
            .fields
            .iter()
            .find(|it| it.name.name == field.name)
        else {
            let known = of.record.fields.iter().map(|it| it.name.name.as_str());
            let help = topoc_diagnostics::nearest(&field.name, known)
                .map(|it| format!("did you mean `{it}`?"));
            let report = errors::plain(
                Code::E0407,
                field.span,
                format!("this param has no field `{}`", field.name),
                "set here",
            );
            return Err(self.report(report.help_opt(help)));
        };
        let mut record = match base {
            Some(Value::Record(record)) => (*record).clone(),
            _ => Record::default(),
        };
        let inner = Setting {
            path: std::iter::once(*field)
                .chain(deeper.iter().copied())
                .collect(),
            value: setting.value.clone(),
        };
        let value = self.overlay(
            record.get(&field.name).cloned(),
            &inner,
            &self.ty(&decl.ty, of.file),
        )?;
        record.insert(field.name, value);
        self.fit(Value::Record(Arc::new(record)), ty, setting.value.span)
    }

    fn given_value(&self, given: &Given, ty: &Ty<'a>) -> Eval {
        let value = self.given_toward(given, ty)?;
        self.fit(value, ty, given.span)
    }

    /// What is given, read as the type asks.
    fn given_toward(&self, given: &Given, ty: &Ty<'a>) -> Eval {
        Ok(match (&given.kind, ty.present()) {
            (GivenKind::Null, _) => Value::None,
            (GivenKind::Bool(it), _) => Value::Bool(*it),
            (GivenKind::Int(it), _) => Value::Int(*it),
            (GivenKind::Float(it), _) => Value::Float(*it),
            (GivenKind::Text(text) | GivenKind::Word(text), ty) => {
                self.given_text(*text, ty, given.span)?
            }
            (GivenKind::List(items), Ty::List(item)) => self.given_items(items, item)?,
            (GivenKind::List(items), Ty::Zones) => self.given_items(items, &Ty::Zone)?,
            (GivenKind::List(items), _) => self.given_items(items, &Ty::Any)?,
            (GivenKind::Map(entries), Ty::Record(of)) => {
                let mut record = Record::default();
                for (key, value) in entries {
                    let field = of.record.fields.iter().find(|it| it.name.name == key.name);
                    let Some(field) = field else {
                        let known = of.record.fields.iter().map(|it| it.name.name.as_str());
                        let help = topoc_diagnostics::nearest(&key.name, known)
                            .map(|it| format!("did you mean `{it}`?"));
                        let report =
                            errors::unknown_field(key.span, key.name, "this record").help_opt(help);
                        return Err(self.report(report));
                    };
                    let ty = self.ty(&field.ty, of.file);
                    record.insert(key.name, self.given_value(value, &ty)?);
                }
                Value::Record(Arc::new(record))
            }
            (GivenKind::Map(entries), ty) => {
                let item = if let Ty::Map(item) = ty {
                    (**item).clone()
                } else {
                    Ty::Any
                };
                let mut map = Record::default();
                for (key, value) in entries {
                    map.insert(key.name, self.given_value(value, &item)?);
                }
                Value::Map(Arc::new(map))
            }
        })
    }

    fn given_items(&self, items: &[Given], ty: &Ty<'a>) -> Eval {
        Ok(Value::list(
            items
                .iter()
                .map(|it| self.given_value(it, ty))
                .collect::<Eval<Vec<_>>>()?,
        ))
    }

    fn given_text(&self, text: Ustr, ty: &Ty<'a>, span: Span) -> Eval {
        let word = text.as_str().trim();
        let parsed = match ty {
            Ty::Bool => word.parse().ok().map(Value::Bool),
            Ty::Int | Ty::Port => word.replace('_', "").parse().ok().map(Value::Int),
            Ty::Float => word.parse::<Decimal>().ok().map(Value::Float),
            Ty::Duration | Ty::Size | Ty::Percent => measure(word),
            Ty::Cidr => word.parse().ok().map(Value::Cidr),
            Ty::Enum(_) | Ty::Zone => Some(Value::word(Ustr::from(word))),
            Ty::Range(item) => match word.split_once("..") {
                Some((low, high)) => {
                    let low = self.given_text(Ustr::from(low), item, span)?;
                    let high = self.given_text(Ustr::from(high), item, span)?;
                    Some(Value::Range(Arc::new((low, high))))
                }
                None => Some(self.given_text(text, item, span)?),
            },
            Ty::Zones if word.parse::<i64>().is_ok() => word.parse().ok().map(Value::Int),
            Ty::Zones | Ty::List(_) => {
                let item = if let Ty::List(item) = ty {
                    (**item).clone()
                } else {
                    Ty::Zone
                };
                let inner = word.trim_start_matches('[').trim_end_matches(']');
                let items = inner.split(',').map(str::trim).filter(|it| !it.is_empty());
                Some(Value::list(
                    items
                        .map(|it| self.given_text(Ustr::from(it), &item, span))
                        .collect::<Eval<Vec<_>>>()?,
                ))
            }
            _ => Some(Value::Text(text)),
        };
        parsed.ok_or_else(|| {
            self.report(errors::wrong_type(
                span,
                &crate::fit::type_text(ty),
                &format!("\"{text}\""),
            ))
        })
    }

    /// Settings of params that nobody declares, and environments that do not exist.
    pub(crate) fn check_settings(&self) {
        let mut known: Vec<Ustr> = Vec::new();
        for file in self.user_files() {
            for stmt in self.file_items(file) {
                if let StmtKind::Param(field) = &stmt.kind {
                    known.push(param_key(stmt, field));
                }
            }
        }
        for setting in &self.settings.params.settings {
            let Some(key) = setting.path.first().filter(|it| !known.contains(&it.name)) else {
                continue;
            };
            let help = topoc_diagnostics::nearest(&key.name, known.iter().map(|it| it.as_str()));
            let report = errors::plain(
                Code::E0407,
                key.span,
                format!("there is no param `{}`", key.name),
                "set here",
            );
            self.report(report.help_opt(help.map(|it| format!("did you mean `{it}`?"))));
            self.lose_params();
        }
    }
}

/// The name a param has outside: its own, or `@key("…")`.
fn param_key(stmt: &ast::Stmt, field: &ast::Field) -> Ustr {
    let note = stmt.notes.iter().find(|it| it.name.name.as_str() == "key");
    note.and_then(|it| it.args.first())
        .and_then(|it| crate::eval::lookup::plain_text(&it.value))
        .unwrap_or(field.name.name)
}

/// `15s`, `512MiB`, `50%`
fn measure(word: &str) -> Option<Value> {
    let split = word.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_')?;
    let (digits, unit) = word.split_at(split);
    let number: Decimal = digits.replace('_', "").parse().ok()?;
    let scaled = |factor: i64| {
        number
            .checked_mul(Decimal::from(factor))
            .map(crate::eval::ops::to_int)
    };
    Some(match unit {
        "%" => Value::Percent(number),
        "ms" => Value::Duration(scaled(1)?),
        "s" => Value::Duration(scaled(1_000)?),
        "m" => Value::Duration(scaled(60_000)?),
        "h" => Value::Duration(scaled(3_600_000)?),
        "d" => Value::Duration(scaled(86_400_000)?),
        "B" => Value::Size(scaled(1)?),
        "KiB" => Value::Size(scaled(1 << 10)?),
        "MiB" => Value::Size(scaled(1 << 20)?),
        "GiB" => Value::Size(scaled(1 << 30)?),
        "TiB" => Value::Size(scaled(1 << 40)?),
        _ => return None,
    })
}
