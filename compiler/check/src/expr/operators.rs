//! Operators.

use topoc_syntax::ast::{BinaryOp, Expr, ExprKind, TextPart};

use crate::checker::Checker;
use crate::errors;
use crate::ty::Ty;

impl<'a> Checker<'a, '_> {
    /// The type of `a op b`.
    pub fn infer_binary(
        &mut self,
        expr: &'a Expr,
        op: BinaryOp,
        a: &'a Expr,
        b: &'a Expr,
    ) -> Ty<'a> {
        match op {
            BinaryOp::And | BinaryOp::Or => {
                self.check(a, &Ty::Bool);
                self.inner(|it| {
                    it.learn(a, op == BinaryOp::And);
                    it.check(b, &Ty::Bool);
                });
                Ty::Bool
            }
            BinaryOp::Eq | BinaryOp::Ne => {
                self.infer_equal(expr, a, b);
                Ty::Bool
            }
            BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
                self.infer_order(expr, op, a, b);
                Ty::Bool
            }
            BinaryOp::In => {
                self.infer_in(a, b);
                Ty::Bool
            }
            BinaryOp::Fallback => self.infer_fallback(a, b),
            BinaryOp::Add => self.infer_add(expr, a, b),
            BinaryOp::Sub => self.infer_same(expr, op, a, b),
            BinaryOp::Mul | BinaryOp::Div => self.infer_product(expr, op, a, b),
        }
    }

    fn infer_equal(&mut self, expr: &'a Expr, a: &'a Expr, b: &'a Expr) {
        // the left side gives the type, unless only the right one has any
        let left_is_word = matches!(&a.kind, ExprKind::Name(name) if self.lookup(*name).is_none());
        let (first, second) = if left_is_word || matches!(a.kind, ExprKind::None) {
            (b, a)
        } else {
            (a, b)
        };
        let left = self.infer(first).widened();
        if matches!(left.present(), Ty::Secret) && !matches!(second.kind, ExprKind::None) {
            return self.report(errors::secret_compared(expr.span));
        }
        if matches!(second.kind, ExprKind::None) {
            return;
        }
        let comparable = match left.present() {
            Ty::Int => Ty::Float,
            Ty::Node(_)
            | Ty::Trait(_)
            | Ty::AnyOf(_)
            | Ty::Inline(_)
            | Ty::Record(_)
            | Ty::Absent => Ty::Unknown,
            Ty::Network | Ty::NetworkOf(_) | Ty::Subnet | Ty::ResourceOf(_) => Ty::Unknown,
            other => other.clone(),
        };
        self.check(second, &comparable.optional());
        self.must_be_early(first);
        self.must_be_early(second);
    }

    fn infer_order(&mut self, expr: &'a Expr, op: BinaryOp, a: &'a Expr, b: &'a Expr) {
        let left = self.infer(a).widened();
        match &left {
            Ty::Unknown => drop(self.infer_word(b)),
            Ty::Int | Ty::Float | Ty::Port => {
                let right = self.infer(b);
                if !matches!(
                    right,
                    Ty::Unknown | Ty::Int | Ty::WholeNumber | Ty::Float | Ty::Port
                ) {
                    self.fit(b, &right, &left);
                }
            }
            measure if measure.is_measure() => self.check(b, &left),
            Ty::Optional(inner) => {
                self.report(errors::optional_value(
                    a.span,
                    &self.print(inner),
                    &self.text_of(a),
                ));
                self.infer(b);
            }
            other => {
                let right = self.infer(b);
                self.report(errors::operator(
                    expr.span,
                    op,
                    &self.print(other),
                    &self.print(&right),
                    None,
                ));
            }
        }
        self.must_be_early(a);
        self.must_be_early(b);
    }

    fn infer_in(&mut self, a: &'a Expr, b: &'a Expr) {
        // a bare word on the left may be a member of what the items are
        if matches!(&a.kind, ExprKind::Name(name) if self.lookup(*name).is_none()) {
            let right = self.infer(b).widened();
            return match right.present() {
                Ty::List(item) | Ty::Range(item) => self.check(a, item),
                _ => drop(self.infer(a)),
            };
        }
        let left = self.infer(a).widened();
        match &b.kind {
            ExprKind::List(items) => items.iter().for_each(|it| self.check(it, &left)),
            ExprKind::Range(low, high) if left.is_number() => {
                self.check(low, &left);
                self.check(high, &left);
            }
            _ => drop(self.infer(b)),
        }
    }

    fn infer_fallback(&mut self, a: &'a Expr, b: &'a Expr) -> Ty<'a> {
        let left = self.infer(a);
        match left {
            Ty::Unknown | Ty::Absent => self.infer(b),
            Ty::Optional(inner) => {
                if inner.is_unknown() {
                    return self.infer(b);
                }
                let right = self.infer_expecting(b, &inner);
                if right.is_optional() {
                    inner.as_ref().clone().optional()
                } else {
                    (*inner).clone()
                }
            }
            present => {
                self.check(b, &present.clone().optional());
                present
            }
        }
    }

    /// Checks against `expected` or `expected?`, and gives the type.
    fn infer_expecting(&mut self, expr: &'a Expr, expected: &Ty<'a>) -> Ty<'a> {
        match &expr.kind {
            ExprKind::Name(_) | ExprKind::Field(..) | ExprKind::OptField(..)
                if !expected.has_members() =>
            {
                let got = self.infer(expr);
                self.fit(expr, &got, &expected.clone().optional());
                got
            }
            ExprKind::None => Ty::Absent,
            _ => {
                self.check(expr, expected);
                expected.clone()
            }
        }
    }

    fn infer_add(&mut self, expr: &'a Expr, a: &'a Expr, b: &'a Expr) -> Ty<'a> {
        let left = self.infer(a);
        match &left {
            Ty::List(item)
                if item.is_unknown()
                    || matches!(**item, Ty::Inline(_) | Ty::Node(_) | Ty::ResourceOf(_)) =>
            {
                let right = self.infer(b);
                if matches!(**item, Ty::Unknown) {
                    right
                } else {
                    left
                }
            }
            Ty::List(_) | Ty::Map(_) => {
                self.check(b, &left);
                left
            }
            Ty::Inline(_) | Ty::Record(_) | Ty::Tags => {
                self.infer(b);
                Ty::Unknown
            }
            text if text.is_text() => {
                let right = self.infer(b);
                let help = format!("write `\"{}{}\"`", inserted(a), inserted(b));
                let printed = self.print(&left);
                self.report(errors::operator(
                    expr.span,
                    BinaryOp::Add,
                    &printed,
                    &self.print(&right),
                    Some(help),
                ));
                Ty::String
            }
            _ => self.after_left(expr, BinaryOp::Add, a, left, b),
        }
    }

    fn infer_same(&mut self, expr: &'a Expr, op: BinaryOp, a: &'a Expr, b: &'a Expr) -> Ty<'a> {
        let left = self.infer(a);
        self.after_left(expr, op, a, left, b)
    }

    /// `+` and `-` of numbers and measures.
    fn after_left(
        &mut self,
        expr: &'a Expr,
        op: BinaryOp,
        a: &'a Expr,
        left: Ty<'a>,
        b: &'a Expr,
    ) -> Ty<'a> {
        if let Ty::Optional(inner) = &left {
            self.report(errors::optional_value(
                a.span,
                &self.print(inner),
                &self.text_of(a),
            ));
            self.infer(b);
            return Ty::Unknown;
        }
        let right = self.infer(b);
        match (&left, &right) {
            (Ty::Unknown, _) | (_, Ty::Unknown) => Ty::Unknown,
            (Ty::WholeNumber, Ty::WholeNumber) => Ty::WholeNumber,
            (Ty::Int | Ty::WholeNumber, Ty::Int | Ty::WholeNumber) => Ty::Int,
            (Ty::Port, Ty::Int | Ty::WholeNumber | Ty::Port)
            | (Ty::Int | Ty::WholeNumber, Ty::Port) => Ty::Int,
            (Ty::Float, Ty::Int | Ty::WholeNumber | Ty::Float)
            | (Ty::Int | Ty::WholeNumber, Ty::Float) => Ty::Float,
            (Ty::Duration, Ty::Duration) | (Ty::Size, Ty::Size) | (Ty::Percent, Ty::Percent) => {
                left
            }
            (_, Ty::Optional(inner)) => {
                self.report(errors::optional_value(
                    b.span,
                    &self.print(inner),
                    &self.text_of(b),
                ));
                Ty::Unknown
            }
            _ => {
                self.report(errors::operator(
                    expr.span,
                    op,
                    &self.print(&left),
                    &self.print(&right),
                    None,
                ));
                Ty::Unknown
            }
        }
    }

    fn infer_product(&mut self, expr: &'a Expr, op: BinaryOp, a: &'a Expr, b: &'a Expr) -> Ty<'a> {
        let left = self.infer(a);
        let right = self.infer(b);
        for (side, ty) in [(a, &left), (b, &right)] {
            if let Ty::Optional(inner) = ty {
                self.report(errors::optional_value(
                    side.span,
                    &self.print(inner),
                    &self.text_of(side),
                ));
                return Ty::Unknown;
            }
        }
        if op == BinaryOp::Div && matches!(b.kind, ExprKind::Int(0)) {
            self.report(errors::division_by_zero(b.span));
            return Ty::Unknown;
        }
        let is_plain = |ty: &Ty<'a>| matches!(ty, Ty::Int | Ty::WholeNumber | Ty::Float | Ty::Port);
        match (&left, &right) {
            (Ty::Unknown, _) | (_, Ty::Unknown) => Ty::Unknown,
            (a, b) if is_plain(a) && is_plain(b) => match op {
                BinaryOp::Mul if !matches!(a, Ty::Float) && !matches!(b, Ty::Float) => Ty::Int,
                _ => Ty::Float,
            },
            (a, b) if a.is_measure() && is_plain(b) => a.clone(),
            (a, b) if op == BinaryOp::Mul && is_plain(a) && b.is_measure() => b.clone(),
            (Ty::Duration, Ty::Duration) | (Ty::Size, Ty::Size) | (Ty::Percent, Ty::Percent)
                if op == BinaryOp::Div =>
            {
                Ty::Float
            }
            _ => {
                self.report(errors::operator(
                    expr.span,
                    op,
                    &self.print(&left),
                    &self.print(&right),
                    None,
                ));
                Ty::Unknown
            }
        }
    }
}

/// An operand of `+` as a part of one text.
fn inserted(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Text(parts) => match parts.as_slice() {
            [TextPart::Text(it)] => it.to_string(),
            _ => "…".to_owned(),
        },
        _ => format!("{{{}}}", super::print::text_of(expr)),
    }
}
