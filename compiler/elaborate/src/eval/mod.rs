//! Expressions to values.

pub(crate) mod allot;
pub(crate) mod builtins;
mod fields;
mod files;
pub(crate) mod functions;
pub(crate) mod inside;
pub(crate) mod lookup;
pub(crate) mod loops;
pub(crate) mod ops;
pub(crate) mod scope;

use topoc_diagnostics::{Code, Span};
use topoc_ir::{Late, Part, Record, Value};
use topoc_syntax::ast::{self, BinaryOp, Expr, ExprKind, TextPart, Transport};
use ustr::Ustr;

use crate::errors;
use crate::eval::scope::Scope;
use crate::session::{Eval, Session, Stop};
use crate::types::Ty;

const DEPTH: u32 = 300;

impl<'a> Session<'a> {
    /// The value of an expression.
    pub(crate) fn eval(&self, expr: &'a Expr, scope: &Scope<'a>) -> Eval {
        let depth = self.depth.get();
        if depth > DEPTH {
            return Err(self.report(errors::plain(
                Code::E0401,
                expr.span,
                "this is nested too deeply",
                "here",
            )));
        }
        if self.is_told(expr) {
            return Err(Stop::Reported);
        }
        self.depth.set(depth + 1);
        let value = self.eval_inner(expr, scope);
        self.depth.set(depth);
        value
    }

    fn eval_inner(&self, expr: &'a Expr, scope: &Scope<'a>) -> Eval {
        match &expr.kind {
            ExprKind::Bool(it) => Ok(Value::Bool(*it)),
            ExprKind::Int(it) => Ok(Value::Int(*it)),
            ExprKind::Float(it) => Ok(Value::Float(*it)),
            ExprKind::Duration(it) => Ok(Value::Duration(*it)),
            ExprKind::Size(it) => Ok(Value::Size(*it)),
            ExprKind::Percent(it) => Ok(Value::Percent(*it)),
            ExprKind::None => Ok(Value::None),
            ExprKind::Cidr(it) => Ok(Value::Cidr(*it)),
            ExprKind::Internet => Ok(Value::Internet),
            ExprKind::Error => Err(Stop::Reported),
            ExprKind::Text(parts) => self.text(parts, scope),
            ExprKind::Name(name) => self.name(expr, *name, scope),
            ExprKind::SelfNode => self.self_value(expr.span, scope),
            ExprKind::Field(of, name) => self.field_of(of, *name, false, scope),
            ExprKind::OptField(of, name) => self.field_of(of, *name, true, scope),
            ExprKind::Index(of, key) => self.index_of(of, key, scope),
            ExprKind::Call(callee, args) => self.call(expr.span, callee, args, scope),
            ExprKind::List(items) => Ok(Value::list(
                items
                    .iter()
                    .map(|it| self.eval(it, scope))
                    .collect::<Eval<Vec<_>>>()?,
            )),
            ExprKind::ListFor(loops, item) => self.list_for(loops, item, scope),
            ExprKind::Record(attributes) => self.record(attributes, scope),
            ExprKind::MapFor(loops, key, value) => self.map_for(loops, key, value, scope),
            ExprKind::If(condition, then, otherwise) => {
                let branch = if self.condition(condition, scope)? {
                    then
                } else {
                    otherwise
                };
                self.eval(branch, scope)
            }
            ExprKind::Binary(op, left, right) => self.binary(expr, *op, left, right, scope),
            ExprKind::Not(inner) => Ok(Value::Bool(!self.condition(inner, scope)?)),
            ExprKind::Negate(inner) => {
                let value = self.eval(inner, scope)?;
                self.negate(value, expr.span)
            }
            ExprKind::Range(low, high) => Ok(Value::Range(std::sync::Arc::new((
                self.eval(low, scope)?,
                self.eval(high, scope)?,
            )))),
            ExprKind::Protocol(transport, ports) => self.protocol(*transport, ports, scope),
        }
    }

    /// The value of an expression in a place of a known type, fitted into it.
    ///
    /// Records and lists are fitted while they are made, so that they are made once.
    pub(crate) fn eval_as(&self, expr: &'a Expr, ty: &Ty<'a>, scope: &Scope<'a>) -> Eval {
        if self.is_told(expr) {
            return Err(Stop::Reported);
        }
        match (&expr.kind, ty.present()) {
            (ExprKind::Record(attributes), Ty::Record(of))
                if attributes.iter().all(|it| it.text.is_none() && !it.quoted) =>
            {
                self.record_as(attributes, of, expr.span, scope)
            }
            (ExprKind::List(items), Ty::List(item)) => {
                let items = items.iter().map(|it| self.eval_as(it, item, scope));
                Ok(Value::list(items.collect::<Eval<_>>()?))
            }
            (ExprKind::ListFor(loops, made), Ty::List(item)) => {
                let turns = self.loop_turns(loops, scope)?;
                let items = turns.iter().map(|it| self.eval_as(made, item, it));
                Ok(Value::list(items.collect::<Eval<_>>()?))
            }
            (ExprKind::If(condition, then, otherwise), _) => {
                let holds = self.condition(condition, scope)?;
                self.eval_as(if holds { then } else { otherwise }, ty, scope)
            }
            _ => {
                let value = self.eval_toward(expr, ty, scope)?;
                self.fit(value, ty, expr.span)
            }
        }
    }

    /// The same where `none` is as good as any value.
    pub(crate) fn eval_or_none(&self, expr: &'a Expr, ty: &Ty<'a>, scope: &Scope<'a>) -> Eval {
        if self.is_told(expr) {
            return Err(Stop::Reported);
        }
        match &expr.kind {
            ExprKind::None => Ok(Value::None),
            ExprKind::If(condition, then, otherwise) => {
                let holds = self.condition(condition, scope)?;
                self.eval_or_none(if holds { then } else { otherwise }, ty, scope)
            }
            ExprKind::Record(_) | ExprKind::List(_) | ExprKind::ListFor(..) => {
                self.eval_as(expr, ty, scope)
            }
            _ => match self.eval_toward(expr, ty, scope)? {
                Value::None => Ok(Value::None),
                value => self.fit(value, ty, expr.span),
            },
        }
    }

    /// Settles bare words by the type that is expected.
    fn eval_toward(&self, expr: &'a Expr, ty: &Ty<'a>, scope: &Scope<'a>) -> Eval {
        match (&expr.kind, ty.present()) {
            (ExprKind::Name(name), Ty::Enum(members)) => {
                match members.iter().find(|it| it.name.name == *name) {
                    Some(member) => Ok(crate::fit::member_value(member)),
                    None => self.eval(expr, scope),
                }
            }
            (ExprKind::Name(name), Ty::Zone) if name.len() == 1 => Ok(Value::word(*name)),
            (ExprKind::List(items), Ty::Zones) => self.items_toward(items, &Ty::Zone, scope),
            (ExprKind::List(items), Ty::List(item)) => self.items_toward(items, item, scope),
            (ExprKind::If(condition, then, otherwise), _) => {
                let branch = if self.condition(condition, scope)? {
                    then
                } else {
                    otherwise
                };
                self.eval_toward(branch, ty, scope)
            }
            (ExprKind::Record(attributes), Ty::Record(of)) => {
                let mut record = Record::with_capacity(attributes.len());
                for attribute in attributes {
                    let field = of
                        .record
                        .fields
                        .iter()
                        .find(|it| it.name.name == attribute.name.name);
                    let value = match field {
                        Some(field) if !attribute.short => {
                            let ty = self.ty(&field.ty, of.file);
                            self.eval_toward(&attribute.value, &ty, scope)?
                        }
                        _ => self.eval(&attribute.value, scope)?,
                    };
                    record.insert(attribute.name.name, value);
                }
                Ok(Value::Record(std::sync::Arc::new(record)))
            }
            _ => self.eval(expr, scope),
        }
    }

    fn items_toward(&self, items: &'a [Expr], ty: &Ty<'a>, scope: &Scope<'a>) -> Eval {
        Ok(Value::list(
            items
                .iter()
                .map(|it| self.eval_toward(it, ty, scope))
                .collect::<Eval<Vec<_>>>()?,
        ))
    }

    fn name(&self, expr: &'a Expr, name: Ustr, scope: &Scope<'a>) -> Eval {
        if self.members.get(expr.id.0 as usize) == Some(&true) {
            let text = self.member_texts.get(&expr.id).copied();
            return Ok(Value::Word(name, text.unwrap_or(name)));
        }
        let value = self.lookup(scope, name, expr.span)?;
        match value {
            None if self.may_be_declared(name) => Err(Stop::Reported),
            value => Ok(value.unwrap_or(Value::word(name))),
        }
    }

    fn self_value(&self, span: Span, scope: &Scope<'a>) -> Eval {
        self.reads_own();
        let inst = scope
            .inst()
            .and_then(|inst| inst.node().map(|part| Value::Node(part.id)));
        match (inst, scope.inst()) {
            (Some(node), _) => Ok(node),
            (None, Some(edge)) => Ok(Value::Text(edge.path)),
            (None, None) => Err(self.report(errors::unknown_name(span, ustr::name!("self")))),
        }
    }

    /// Whether a condition holds; late values are an error.
    pub(crate) fn condition(&self, expr: &'a Expr, scope: &Scope<'a>) -> Eval<bool> {
        match self.eval(expr, scope)? {
            Value::Bool(it) => Ok(it),
            Value::Late(_) | Value::Template(_) => {
                Err(self.report(errors::late(expr.span, "this decides what exists")))
            }
            other => Err(self.report(errors::wrong_type(
                expr.span,
                "`true` or `false`",
                &self.describe(&other),
            ))),
        }
    }

    fn text(&self, parts: &'a [TextPart], scope: &Scope<'a>) -> Eval {
        if let [TextPart::Text(text)] = parts {
            return Ok(Value::Text(*text));
        }
        let mut template = Template::default();
        for part in parts {
            match part {
                TextPart::Text(text) => template.push_text(text),
                TextPart::Code(expr) => {
                    let value = self.eval(expr, scope)?;
                    self.insert(&mut template, &value, expr.span)?;
                }
            }
        }
        Ok(template.finish())
    }

    /// Puts a value into a text.
    pub(crate) fn insert(&self, into: &mut Template, value: &Value, span: Span) -> Eval<()> {
        match value {
            Value::Text(text) => into.push_text(text),
            Value::Template(parts) => {
                for part in parts.iter() {
                    match part {
                        Part::Text(text) => into.push_text(text),
                        Part::Late(late) => into.push_late(late.clone()),
                    }
                }
            }
            Value::Late(late) => into.push_late(late.clone()),
            Value::Int(it) => into.push_text(&it.to_string()),
            Value::Float(it) => into.push_text(&it.normalize().to_string()),
            Value::Bool(it) => into.push_text(if *it { "true" } else { "false" }),
            Value::Word(_, text) => into.push_text(text),
            Value::Cidr(it) => into.push_text(&it.to_string()),
            Value::Zone(it) => into.push_text(&it.name()),
            Value::Node(id) => into.push_text(&self.node_path(*id)),
            Value::Record(fields) if fields.contains_key(&ustr::name!("uri")) => {
                let uri = fields
                    .get(&ustr::name!("uri"))
                    .cloned()
                    .unwrap_or(Value::None);
                self.insert(into, &uri, span)?;
            }
            Value::None => return Err(self.report(errors::absent(span))),
            Value::Secret(_) => {
                let report = errors::plain(
                    Code::E0310,
                    span,
                    "a secret never becomes text",
                    "this is a secret",
                );
                return Err(self.report(report));
            }
            Value::Duration(_) => return Err(self.not_in_text(span, "a duration", "x.seconds")),
            Value::Size(_) => return Err(self.not_in_text(span, "a size", "x.mib")),
            other => {
                return Err(self.report(errors::wrong_type(
                    span,
                    "text or a number",
                    &self.describe(other),
                )));
            }
        }
        Ok(())
    }

    fn not_in_text(&self, span: Span, what: &str, help: &str) -> Stop {
        let report = errors::plain(
            Code::E0301,
            span,
            format!("{what} has no text of its own"),
            "inserted here",
        );
        self.report(report.help(format!("say the unit: `{help}`")))
    }

    fn record(&self, attributes: &'a [ast::Attribute], scope: &Scope<'a>) -> Eval {
        let mut record = Record::with_capacity(attributes.len());
        let mut quoted = false;
        for attribute in attributes {
            quoted |= attribute.quoted;
            let key = match &attribute.text {
                Some(text) => self.early_text(text, scope)?,
                None => attribute.name.name,
            };
            record.insert(key, self.eval(&attribute.value, scope)?);
        }
        let record = std::sync::Arc::new(record);
        Ok(if quoted {
            Value::Map(record)
        } else {
            Value::Record(record)
        })
    }

    /// The text of an expression that must be early.
    pub(crate) fn early_text(&self, expr: &'a Expr, scope: &Scope<'a>) -> Eval<Ustr> {
        let value = self.eval(expr, scope)?;
        let mut template = Template::default();
        self.insert(&mut template, &value, expr.span)?;
        match template.finish() {
            Value::Text(text) => Ok(text),
            _ => Err(self.report(errors::late(expr.span, "this names something"))),
        }
    }

    fn protocol(&self, transport: Transport, ports: &'a Expr, scope: &Scope<'a>) -> Eval {
        let transport = match transport {
            Transport::Tcp => topoc_ir::Transport::Tcp,
            Transport::Udp => topoc_ir::Transport::Udp,
        };
        if matches!(&ports.kind, ExprKind::Name(name) if name.as_str() == "all") {
            return Ok(Value::Protocol(topoc_ir::Protocol::Ports(
                transport, 0, 65535,
            )));
        }
        let value = self.eval(ports, scope)?;
        let (low, high) = match &value {
            Value::Range(ends) => (
                self.port(&ends.0, ports.span)?,
                self.port(&ends.1, ports.span)?,
            ),
            one => {
                let port = self.port(one, ports.span)?;
                (port, port)
            }
        };
        Ok(Value::Protocol(topoc_ir::Protocol::Ports(
            transport, low, high,
        )))
    }

    fn port(&self, value: &Value, span: Span) -> Eval<u16> {
        match value {
            Value::Int(port) => u16::try_from(*port).map_err(|_| {
                let report = errors::plain(
                    Code::E0303,
                    span,
                    format!("{port} is not a port"),
                    "ports are 0 to 65535",
                );
                self.report(report)
            }),
            Value::Late(_) => {
                Err(self.report(errors::late(span, "a port decides which rule exists")))
            }
            other => Err(self.report(errors::wrong_type(span, "a port", &self.describe(other)))),
        }
    }

    fn binary(
        &self,
        expr: &'a Expr,
        op: BinaryOp,
        left: &'a Expr,
        right: &'a Expr,
        scope: &Scope<'a>,
    ) -> Eval {
        match op {
            BinaryOp::Or => Ok(Value::Bool(
                self.condition(left, scope)? || self.condition(right, scope)?,
            )),
            BinaryOp::And => Ok(Value::Bool(
                self.condition(left, scope)? && self.condition(right, scope)?,
            )),
            BinaryOp::Fallback => match self.eval(left, scope)? {
                Value::None => self.eval(right, scope),
                present => Ok(present),
            },
            _ => {
                let (a, b) = (self.eval(left, scope)?, self.eval(right, scope)?);
                self.operate(op, a, b, expr.span)
            }
        }
    }
}

/// A text under construction.
#[derive(Default)]
pub(crate) struct Template {
    parts: Vec<Part>,
    text: String,
}

impl Template {
    pub(crate) fn push_text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(crate) fn push_late(&mut self, late: Late) {
        self.flush();
        self.parts.push(Part::Late(late));
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(Part::Text(Ustr::from(&self.text)));
            self.text.clear();
        }
    }

    pub(crate) fn finish(mut self) -> Value {
        if self.parts.is_empty() {
            return Value::Text(Ustr::from(&self.text));
        }
        self.flush();
        match self.parts.as_slice() {
            [Part::Late(late)] => Value::Late(late.clone()),
            _ => Value::Template(self.parts.into()),
        }
    }
}
