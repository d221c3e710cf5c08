//! Expressions against the type that their place expects.

use topoc_syntax::ast::{BinaryOp, Expr, ExprKind};

use crate::checker::Checker;
use crate::errors;
use crate::ty::{Shape, Ty};

impl<'a> Checker<'a, '_> {
    /// Checks that an expression fits `expected`, and settles bare words in it.
    pub fn check(&mut self, expr: &'a Expr, expected: &Ty<'a>) {
        let inner = expected.present();
        match (&expr.kind, inner) {
            (_, Ty::Unknown) => drop(self.infer_word(expr)),
            (ExprKind::Name(name), _) if inner.has_members() => {
                self.check_word(expr, *name, expected)
            }
            (ExprKind::Name(name), Ty::Zones) => self.check_zones_word(expr, *name),
            (ExprKind::Name(name), Ty::Node(kind)) if self.lookup(*name).is_none() => {
                self.report_unknown_node(expr, *name, *kind)
            }
            (ExprKind::Error, _) => {}
            (ExprKind::None, _) => self.check_none(expr, expected),
            (_, Ty::Json | Ty::Document) => self.check_free(expr),
            (ExprKind::List(items), Ty::List(item)) => {
                items.iter().for_each(|it| self.check(it, item))
            }
            (ExprKind::List(items), Ty::Zones) => {
                items.iter().for_each(|it| self.check(it, &Ty::Zone))
            }
            (ExprKind::ListFor(loops, body), Ty::List(item)) => {
                self.in_loops(loops, |it| it.check(body, item))
            }
            (ExprKind::MapFor(loops, key, body), Ty::Map(item)) => self.in_loops(loops, |it| {
                it.check(key, &Ty::String);
                it.check(body, item);
            }),
            (ExprKind::Record(attributes), Ty::Record(number)) => {
                let fields = self.record_fields(*number);
                self.check_record(expr.span, attributes, &fields, inner);
            }
            (ExprKind::Record(attributes), Ty::Inline(fields)) => {
                self.check_record(expr.span, attributes, fields, inner);
            }
            (ExprKind::Record(attributes), Ty::Map(item)) => self.check_map(attributes, item),
            (ExprKind::Record(attributes), Ty::Tags) => self.check_map(attributes, &Ty::String),
            (ExprKind::If(condition, a, b), _) => self.check_if(condition, a, b, expected),
            (ExprKind::Binary(BinaryOp::Fallback, a, b), _) => {
                self.check(a, &expected.clone().optional());
                self.check(b, expected);
            }
            (ExprKind::Binary(BinaryOp::Add, a, b), Ty::List(_) | Ty::Map(_)) => {
                self.check(a, inner);
                self.check(b, inner);
            }
            (ExprKind::Range(low, high), Ty::Range(of)) => self.check_range(expr, low, high, of),
            (ExprKind::Int(_) | ExprKind::Float(_) | ExprKind::Percent(_), Ty::Range(of)) => {
                self.check(expr, of)
            }
            (ExprKind::Int(port), Ty::Port) => self.check_port(expr, *port),
            (ExprKind::Call(callee, args), Ty::Asset) if is_called(callee, "file") => {
                let of = args
                    .first()
                    .map_or("…".to_owned(), |it| self.text_of(&it.value));
                let help = format!("write `asset({of})`, which packs that file or folder");
                self.report(errors::wrong_type(expr.span, "Asset", "String", Some(help)));
            }
            (ExprKind::Binary(BinaryOp::Sub, low, high), Ty::Range(_))
                if is_whole(low) && is_whole(high) =>
            {
                let (low, high) = (self.text_of(low), self.text_of(high));
                self.report(errors::range_by_minus(expr.span, &low, &high));
            }
            _ if inner.is_text() && self.is_bare_text(expr) => {
                if self.begins_lost(expr) {
                    return;
                }
                let written = self.source(expr.span);
                let help = self.told(expr.id);
                self.report(errors::bare_text(expr.span, &written).help_opt(help));
            }
            (ExprKind::Text(parts), Ty::Shaped(shape)) => self.check_shape(expr, parts, *shape),
            (ExprKind::Record(_) | ExprKind::List(_), _) => self.check_whole(expr, expected),
            _ => {
                let got = self.infer(expr);
                self.fit(expr, &got, expected);
            }
        }
    }

    /// A record or list where something else stands: what is wrong inside goes with it.
    fn check_whole(&mut self, expr: &'a Expr, expected: &Ty<'a>) {
        let got = self.silently(|it| it.infer(expr));
        if self.fits(&got, expected) {
            self.infer(expr);
        } else {
            self.fit(expr, &got, expected);
        }
    }

    fn check_none(&mut self, expr: &Expr, expected: &Ty<'a>) {
        if !matches!(
            expected,
            Ty::Optional(_) | Ty::Json | Ty::Document | Ty::Unknown
        ) {
            self.report(errors::none_given(expr.span, &self.print(expected)));
        }
    }

    /// Where anything but a secret may stand: only what is wrong inside is reported.
    fn check_free(&mut self, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Record(attributes) => {
                self.check_repeated(attributes);
                attributes.iter().for_each(|it| self.check_free(&it.value));
            }
            ExprKind::List(items) => items.iter().for_each(|it| self.check_free(it)),
            ExprKind::ListFor(loops, body) => self.in_loops(loops, |it| it.check_free(body)),
            ExprKind::MapFor(loops, key, body) => self.in_loops(loops, |it| {
                it.check(key, &Ty::String);
                it.check_free(body);
            }),
            ExprKind::If(condition, a, b) => {
                self.check_condition(condition);
                self.inner(|it| {
                    it.learn(condition, true);
                    it.check_free(a);
                });
                self.inner(|it| {
                    it.learn(condition, false);
                    it.check_free(b);
                });
            }
            _ => {
                let got = self.infer(expr);
                if matches!(got.present(), Ty::Secret) {
                    self.report(errors::secret_shown(expr.span, self.secrets));
                }
            }
        }
    }

    fn check_if(&mut self, condition: &'a Expr, a: &'a Expr, b: &'a Expr, expected: &Ty<'a>) {
        self.check_condition(condition);
        self.inner(|it| {
            it.learn(condition, true);
            it.check(a, expected);
        });
        self.inner(|it| {
            it.learn(condition, false);
            it.check(b, expected);
        });
    }

    fn check_range(&mut self, expr: &'a Expr, low: &'a Expr, high: &'a Expr, of: &Ty<'a>) {
        self.check(low, of);
        self.check(high, of);
        if let (Some(from), Some(to)) = (super::refine::number(low), super::refine::number(high))
            && from > to
        {
            self.report(errors::empty_range(expr.span));
        }
    }

    fn check_port(&mut self, expr: &Expr, port: i64) {
        if !(0..=65_535).contains(&port) {
            self.report(errors::not_a_port(expr.span, port));
        }
    }

    /// What follows `tcp`: a port, a range of ports, or `all`.
    pub fn check_ports(&mut self, span: &'a Expr) {
        match &span.kind {
            ExprKind::Name(word) if word == "all" => {}
            ExprKind::Range(low, high) => self.check_range(span, low, high, &Ty::Port),
            _ => {
                let ty = self.infer_word(span);
                match ty.present() {
                    Ty::Range(_) | Ty::Unknown => {}
                    _ if matches!(span.kind, ExprKind::Int(_)) => self.check(span, &Ty::Port),
                    _ => self.fit(span, &ty, &Ty::Port),
                }
            }
        }
        self.must_be_early(span);
    }

    fn check_shape(
        &mut self,
        expr: &'a Expr,
        parts: &'a [topoc_syntax::ast::TextPart],
        shape: Shape,
    ) {
        let got = self.infer_text(parts);
        if matches!(got, Ty::Secret) {
            return self.report(errors::secret_shown(expr.span, self.secrets));
        }
        let [topoc_syntax::ast::TextPart::Text(text)] = parts else {
            return;
        };
        let example = match shape {
            Shape::Arn if !text.starts_with("arn:") => "arn:aws:s3:::name",
            Shape::Region if text.split('-').count() < 3 => "eu-central-1",
            Shape::Schedule
                if !["rate(", "cron(", "at("]
                    .iter()
                    .any(|it| text.starts_with(it)) =>
            {
                "rate(5 minutes)"
            }
            Shape::Image if text.is_empty() || text.contains(' ') => "nginx:1.27",
            Shape::Arn | Shape::Region | Shape::Schedule | Shape::Image => return,
        };
        let report = errors::wrong_shape(expr.span, text.as_str(), shape.name(), example);
        self.report(report.help_opt(self.told(expr.id)));
    }
}

fn is_called(callee: &Expr, name: &str) -> bool {
    matches!(&callee.kind, ExprKind::Name(it) if it == name)
}

fn is_whole(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Int(_))
}
