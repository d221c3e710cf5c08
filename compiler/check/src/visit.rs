//! Walks over expressions.

use topoc_syntax::ast::{Expr, ExprKind, TextPart};
use ustr::Ustr;

/// Visits the direct parts of an expression, in source order.
pub fn children<'a>(expr: &'a Expr, visit: &mut dyn FnMut(&'a Expr)) {
    match &expr.kind {
        ExprKind::Text(parts) => {
            for part in parts {
                if let TextPart::Code(code) = part {
                    visit(code);
                }
            }
        }
        ExprKind::Field(base, _)
        | ExprKind::OptField(base, _)
        | ExprKind::Not(base)
        | ExprKind::Negate(base) => {
            visit(base);
        }
        ExprKind::Protocol(_, span) => visit(span),
        ExprKind::Index(a, b) | ExprKind::Binary(_, a, b) | ExprKind::Range(a, b) => {
            visit(a);
            visit(b);
        }
        ExprKind::Call(callee, args) => {
            visit(callee);
            args.iter().for_each(|it| visit(&it.value));
        }
        ExprKind::List(items) => items.iter().for_each(visit),
        ExprKind::Record(attributes) => attributes.iter().for_each(|it| visit(&it.value)),
        ExprKind::ListFor(loops, body) => {
            visit_loops(loops, visit);
            visit(body);
        }
        ExprKind::MapFor(loops, key, body) => {
            visit_loops(loops, visit);
            visit(key);
            visit(body);
        }
        ExprKind::If(a, b, c) => {
            visit(a);
            visit(b);
            visit(c);
        }
        ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Duration(_)
        | ExprKind::Size(_)
        | ExprKind::Percent(_)
        | ExprKind::None
        | ExprKind::Cidr(_)
        | ExprKind::Name(_)
        | ExprKind::SelfNode
        | ExprKind::Internet
        | ExprKind::Error => {}
    }
}

fn visit_loops<'a>(loops: &'a [topoc_syntax::ast::Loop], visit: &mut dyn FnMut(&'a Expr)) {
    for it in loops {
        visit(&it.head.list);
        if let Some(condition) = &it.condition {
            visit(condition);
        }
    }
}

/// Visits an expression and everything in it, outermost first.
pub fn all<'a>(expr: &'a Expr, visit: &mut dyn FnMut(&'a Expr)) {
    visit(expr);
    children(expr, &mut |child| all(child, visit));
}

/// Visits every plain name in an expression.
pub fn names(expr: &Expr, visit: &mut dyn FnMut(Ustr)) {
    all(expr, &mut |it| {
        if let ExprKind::Name(name) = &it.kind {
            visit(*name);
        }
    });
}
