//! Expressions: what type one has by itself, and whether it fits the type that its place expects.

mod advice;
mod calls;
mod check;
mod fields;
mod fit;
mod forms;
mod loops;
mod operators;
mod print;
mod prove;
mod qualified;
mod records;
pub(crate) mod refine;
mod text;
mod words;

pub use print::text_of;
use topoc_syntax::ast::{self, Expr, ExprKind};
use ustr::Ustr;

use crate::checker::Checker;
use crate::errors;
use crate::names::What;
use crate::scope::{Binding, Home};
use crate::ty::{FieldTy, Ty};

impl<'a> Checker<'a, '_> {
    /// The type that an expression has by itself. Reports what is wrong inside.
    pub fn infer(&mut self, expr: &'a Expr) -> Ty<'a> {
        match &expr.kind {
            ExprKind::Bool(_) => Ty::Bool,
            ExprKind::Int(_) => Ty::WholeNumber,
            ExprKind::Float(_) => Ty::Float,
            ExprKind::Duration(_) => Ty::Duration,
            ExprKind::Size(_) => Ty::Size,
            ExprKind::Percent(_) => Ty::Percent,
            ExprKind::None => Ty::Absent,
            ExprKind::Text(parts) => self.infer_text(parts),
            ExprKind::Cidr(_) => Ty::Cidr,
            ExprKind::Name(name) => self.infer_name(expr, *name),
            ExprKind::SelfNode => self.infer_self(expr),
            ExprKind::Internet => Ty::Internet,
            ExprKind::Field(base, name) => self.infer_field(expr, base, *name, false),
            ExprKind::OptField(base, name) => self.infer_field(expr, base, *name, true),
            ExprKind::Index(base, key) => self.infer_index(expr, base, key),
            ExprKind::Call(callee, args) => self.infer_call(expr, callee, args),
            ExprKind::List(items) => self.infer_list(items),
            ExprKind::ListFor(loops, body) => {
                self.in_loops(loops, |it| it.infer(body).widened().list())
            }
            ExprKind::MapFor(loops, key, body) => self.in_loops(loops, |it| {
                it.check(key, &Ty::String);
                it.infer(body).widened().map()
            }),
            ExprKind::Record(attributes) => self.infer_record(attributes),
            ExprKind::If(condition, a, b) => self.infer_if(condition, a, b),
            ExprKind::Binary(op, a, b) => self.infer_binary(expr, *op, a, b),
            ExprKind::Not(inner) => {
                self.check(inner, &Ty::Bool);
                Ty::Bool
            }
            ExprKind::Negate(inner) => self.infer(inner),
            ExprKind::Range(low, high) => self.infer_range(expr, low, high),
            ExprKind::Protocol(_, span) => {
                self.check_ports(span);
                Ty::Protocol
            }
            ExprKind::Error => Ty::Unknown,
        }
    }

    fn infer_name(&mut self, expr: &'a Expr, name: Ustr) -> Ty<'a> {
        match self.lookup(name) {
            Some(Binding::Outside(number)) => {
                self.report_outside(expr, name, number);
                Ty::Unknown
            }
            Some(Binding::Ambiguous) => {
                self.report(errors::ambiguous_name(name, expr.span));
                Ty::Unknown
            }
            Some(Binding::BuiltIn(Ty::Env)) if self.names.envs.is_empty() => {
                self.report(errors::no_environment(expr.span));
                Ty::Unknown
            }
            Some(binding) => {
                let ty = self.binding_type(&binding);
                self.narrowed(expr, ty)
            }
            None => {
                self.report_unknown_name(expr, name);
                Ty::Unknown
            }
        }
    }

    fn report_outside(&mut self, expr: &Expr, name: Ustr, number: u32) {
        let Some(value) = self.names.values.get(number as usize) else {
            return;
        };
        let (inside, is_kind) = match &self.scope.home {
            Home::Kind(kind) => (format!("kind {}", kind.decl.name.name), true),
            Home::Edge(edge) => (format!("edge … : {}", edge.decl.verb.name), false),
            Home::File => return,
        };
        let ty = match value.what {
            What::Node(it) | What::Existing(it) => it.kind.as_ref().map(|it| it.text().to_string()),
            What::Param(_) | What::Input(_) => {
                let ty = self.top_type(number);
                Some(self.print(&ty))
            }
            _ => None,
        };
        self.report(errors::outside_kind(
            name,
            expr.span,
            value.what.noun(),
            ty.filter(|_| is_kind),
            &inside,
        ));
    }

    /// Reports a name that nothing introduces.
    pub fn report_unknown_name(&mut self, expr: &Expr, name: Ustr) {
        if self.is_turned(name) {
            return self.keep_silent(expr.span);
        }
        if !self.is_first_use(name, expr.span) {
            return;
        }
        let foreign = crate::suggest::foreign_word(&name).map(Ustr::from);
        let used = (self.names).behind_alias(self.scope.file, name, |it| &it.values);
        let visible = self.suggestions();
        let near = used
            .or(foreign)
            .or_else(|| crate::suggest::nearest(&name, visible.iter().copied()))
            .or_else(|| crate::suggest::word_of(&name, &visible));
        let declared = near.and_then(|it| self.declaration_of(it));
        self.report(errors::unknown_name(name, expr.span, near, declared));
    }

    /// The values that may be meant by an unknown name; none where so many are unknown that to compare each with all would
    /// take longer than to read their reports.
    pub fn suggestions(&mut self) -> Vec<Ustr> {
        const MANY: usize = 200;
        if self.unknown.len() > MANY {
            return Vec::new();
        }
        self.visible_values()
    }

    /// Every value that may be named here; in no order.
    fn visible_values(&mut self) -> Vec<Ustr> {
        let mut known: Vec<Ustr> = self.scope.locals.iter().map(|it| it.name.name).collect();
        match &self.scope.home {
            Home::File => known.extend(self.names.known(self.scope.file, |it| &it.values)),
            Home::Kind(kind) => {
                known.extend(kind.members.keys());
                known.extend(kind.outputs.keys());
            }
            Home::Edge(edge) => {
                known.extend(edge.members.keys());
                known.extend(["source", "target"].map(Ustr::from));
            }
        }
        known.extend(["topology", "env", "aws"].map(Ustr::from));
        known
    }

    /// What a name is and where it is declared, for messages.
    fn declaration_of(&mut self, name: Ustr) -> Option<(String, topoc_diagnostics::Span)> {
        let binding = self.lookup(name)?;
        let noun = match &binding {
            Binding::Member(value) => Some((value.what.noun(), value.name.span)),
            Binding::Top(number) => self
                .names
                .values
                .get(*number as usize)
                .map(|it| (it.what.noun(), it.name.span)),
            Binding::Local(place) => self
                .scope
                .locals
                .get(*place)
                .map(|it| ("name", it.name.span)),
            Binding::Output(_) | Binding::BuiltIn(_) | Binding::Outside(_) | Binding::Ambiguous => {
                None
            }
        };
        let (noun, span) = noun?;
        let ty = self.binding_type(&binding);
        let noun = match ty.present() {
            Ty::Node(_) => self.print(ty.present()),
            _ => noun.to_owned(),
        };
        Some((noun, span))
    }

    fn infer_self(&mut self, expr: &'a Expr) -> Ty<'a> {
        match &self.scope.home {
            Home::Kind(kind) => Ty::Node(kind.number),
            Home::Edge(_) => Ty::Unknown,
            Home::File => {
                self.report(errors::no_self(expr.span));
                Ty::Unknown
            }
        }
    }

    fn infer_list(&mut self, items: &'a [Expr]) -> Ty<'a> {
        let Some((first, rest)) = items.split_first() else {
            return Ty::Unknown.list();
        };
        let ty = self.infer(first).widened();
        if matches!(
            ty.present(),
            Ty::Unknown | Ty::Absent | Ty::Inline(_) | Ty::Node(_) | Ty::ResourceOf(_)
        ) {
            // nodes of several kinds may stand together (`after`), records are compared where they are used
            rest.iter().for_each(|it| drop(self.infer(it)));
            let ty = if rest.is_empty() || matches!(ty, Ty::Inline(_)) {
                ty
            } else {
                Ty::Unknown
            };
            return ty.list();
        }
        rest.iter().for_each(|it| self.check(it, &ty));
        ty.list()
    }

    fn infer_if(&mut self, condition: &'a Expr, a: &'a Expr, b: &'a Expr) -> Ty<'a> {
        self.check_condition(condition);
        let left = self.inner(|it| {
            it.learn(condition, true);
            it.infer(a)
        });
        self.inner(|it| {
            it.learn(condition, false);
            match &left {
                Ty::Absent => it.infer(b).optional(),
                Ty::Unknown => {
                    it.infer(b);
                    Ty::Unknown
                }
                Ty::WholeNumber => it.infer(b),
                _ if matches!(b.kind, ExprKind::None) => left.clone().optional(),
                _ => {
                    it.check(b, &left.clone().optional());
                    left.clone()
                }
            }
        })
    }

    /// A condition: a `Bool`, known when compiling.
    pub fn check_condition(&mut self, condition: &'a Expr) {
        self.check(condition, &Ty::Bool);
        self.must_be_early(condition);
    }

    fn infer_range(&mut self, expr: &'a Expr, low: &'a Expr, high: &'a Expr) -> Ty<'a> {
        let ty = self.infer(low).widened();
        let is_name = matches!(high.kind, ExprKind::Name(_) | ExprKind::Field(..));
        let is_number = ty.present().is_number();
        if is_name && !ty.is_unknown() && !is_number {
            let (low, high) = (self.text_of(low), self.text_of(high));
            self.report(errors::doubled_dot(expr.span, &low, &high));
            return Ty::Unknown;
        }
        // `low..name`, where nobody knows `low`, may be `low.name`
        if ty.is_unknown() {
            self.infer_word(high);
            return Ty::Unknown;
        }
        self.check(high, &ty);
        ty.range()
    }

    fn infer_index(&mut self, expr: &'a Expr, base: &'a Expr, key: &'a Expr) -> Ty<'a> {
        let of = self.infer(base);
        let ty = match of.present() {
            Ty::List(inner) => {
                self.check(key, &Ty::Int);
                (**inner).clone()
            }
            Ty::Map(inner) => {
                self.check_key(key);
                (**inner).clone()
            }
            Ty::Subnet => {
                // a slot by its number, or a zone
                if !matches!(key.kind, ExprKind::Int(_)) {
                    self.check(key, &Ty::Zone);
                }
                Ty::Subnet
            }
            _ => {
                // zones of `main.nat[a]`, slots
                self.silently(|it| drop(it.infer(key)));
                Ty::Unknown
            }
        };
        if of.is_optional() && !ty.is_unknown() {
            self.report(errors::optional_value(
                base.span,
                &self.print(of.present()),
                &self.text_of(base),
            ));
        }
        self.narrowed(expr, ty)
    }

    /// The keys behind a name, outermost first.
    pub fn check_keys(&mut self, key: &'a Expr) {
        for it in ast::keys(key) {
            if self.scope.loops == 0 && self.is_bare_text(it) {
                let written = self.source(it.span);
                self.report(errors::key_without_loop(it.span, &written));
            } else {
                self.check_key(it);
            }
        }
    }

    /// The key of a family or map: text, a zone, an enumeration. Nothing says which members would fit, so a bare word is a value.
    fn check_key(&mut self, key: &'a Expr) {
        if self.is_bare_text(key) {
            return self.check(key, &Ty::String);
        }
        let ty = self.infer(key);
        match ty.present() {
            Ty::Unknown | Ty::Zone | Ty::Enum(_) | Ty::Members(_) | Ty::Words(..) => {}
            _ => self.fit(key, &ty, &Ty::String),
        }
        self.must_be_early(key);
    }

    fn infer_record(&mut self, attributes: &'a [topoc_syntax::ast::Attribute]) -> Ty<'a> {
        let mut fields = Vec::new();
        for it in attributes {
            let ty = self.infer(&it.value).widened();
            fields.push(FieldTy {
                name: it.name.name,
                ty,
                required: false,
                refinement: None,
                span: None,
                notes: &[],
                default: None,
            });
        }
        self.check_repeated(attributes);
        if attributes.iter().any(|it| it.quoted) {
            return Ty::Unknown;
        }
        Ty::Inline(fields.into())
    }
}
