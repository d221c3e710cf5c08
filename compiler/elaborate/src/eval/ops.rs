//! Operators.

use std::cmp::Ordering;
use std::sync::Arc;

use rust_decimal::Decimal;
use topoc_diagnostics::{Code, Span};
use topoc_ir::Value;
use topoc_syntax::ast::BinaryOp;

use crate::errors;
use crate::session::{Eval, Session};

impl Session<'_> {
    pub(crate) fn operate(&self, op: BinaryOp, left: Value, right: Value, span: Span) -> Eval {
        match op {
            BinaryOp::Eq => Ok(Value::Bool(self.equal(&left, &right, span)?)),
            BinaryOp::Ne => Ok(Value::Bool(!self.equal(&left, &right, span)?)),
            BinaryOp::Lt => self
                .order(&left, &right, span)
                .map(|it| Value::Bool(it.is_lt())),
            BinaryOp::Le => self
                .order(&left, &right, span)
                .map(|it| Value::Bool(it.is_le())),
            BinaryOp::Gt => self
                .order(&left, &right, span)
                .map(|it| Value::Bool(it.is_gt())),
            BinaryOp::Ge => self
                .order(&left, &right, span)
                .map(|it| Value::Bool(it.is_ge())),
            BinaryOp::In => self.member(&left, &right, span).map(Value::Bool),
            BinaryOp::Add => self.add(left, right, span),
            BinaryOp::Sub => self.arithmetic(op, left, right, span),
            BinaryOp::Mul => self.arithmetic(op, left, right, span),
            BinaryOp::Div => self.divide(&left, &right, span),
            BinaryOp::Or | BinaryOp::And | BinaryOp::Fallback => Ok(left),
        }
    }

    fn equal(&self, left: &Value, right: &Value, span: Span) -> Eval<bool> {
        match (left, right) {
            (Value::None, other) | (other, Value::None) => Ok(other.is_none()),
            (Value::Late(_) | Value::Template(_), _) | (_, Value::Late(_) | Value::Template(_)) => {
                Err(self.report(errors::late(
                    span,
                    "a comparison is decided by the compiler",
                )))
            }
            (Value::Int(a), Value::Float(b)) | (Value::Float(b), Value::Int(a)) => {
                Ok(Decimal::from(*a) == *b)
            }
            (Value::Word(a, _), Value::Word(b, _)) => Ok(a == b),
            (Value::Word(a, _), Value::Text(b)) | (Value::Text(b), Value::Word(a, _)) => Ok(a == b),
            _ => Ok(left == right),
        }
    }

    fn order(&self, left: &Value, right: &Value, span: Span) -> Eval<Ordering> {
        let found = match (left, right) {
            (Value::Duration(a), Value::Duration(b)) | (Value::Size(a), Value::Size(b)) => {
                Some(a.cmp(b))
            }
            (Value::Percent(a), Value::Percent(b)) => Some(a.cmp(b)),
            (Value::Late(_), _) | (_, Value::Late(_)) => {
                return Err(self.report(errors::late(
                    span,
                    "a comparison is decided by the compiler",
                )));
            }
            (a, b) => number(a).zip(number(b)).map(|(a, b)| a.cmp(&b)),
        };
        found.ok_or_else(|| self.operands(span, "ordered", left, right))
    }

    fn operands(
        &self,
        span: Span,
        verb: &str,
        left: &Value,
        right: &Value,
    ) -> crate::session::Stop {
        let label = format!("{} and {}", self.describe(left), self.describe(right));
        self.report(errors::plain(
            Code::E0305,
            span,
            format!("these cannot be {verb}"),
            label,
        ))
    }

    fn member(&self, item: &Value, of: &Value, span: Span) -> Eval<bool> {
        match (item, of) {
            (_, Value::List(items)) => {
                for each in items.iter() {
                    if self.equal(item, each, span)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            (Value::Text(key), Value::Map(map)) => Ok(map.contains_key(key)),
            (Value::Cidr(inner), Value::Cidr(outer)) => Ok(outer.contains(inner)),
            (_, Value::Range(ends)) => Ok(self.order(item, &ends.0, span)?.is_ge()
                && self.order(item, &ends.1, span)?.is_le()),
            _ => Err(self.operands(span, "asked for membership", item, of)),
        }
    }

    fn add(&self, left: Value, right: Value, span: Span) -> Eval {
        match (left, right) {
            (Value::List(a), Value::List(b)) if b.is_empty() => Ok(Value::List(a)),
            (Value::List(a), Value::List(b)) => {
                Ok(Value::list(a.iter().chain(b.iter()).cloned().collect()))
            }
            (Value::Map(a) | Value::Record(a), Value::Map(b) | Value::Record(b)) => {
                let mut merged = (*a).clone();
                merged.extend(b.iter().map(|(key, value)| (*key, value.clone())));
                Ok(Value::Map(Arc::new(merged)))
            }
            (left, right) => self.arithmetic(BinaryOp::Add, left, right, span),
        }
    }

    fn arithmetic(&self, op: BinaryOp, left: Value, right: Value, span: Span) -> Eval {
        let result = match (&left, &right) {
            (Value::Int(a), Value::Int(b)) => whole(op, *a, *b).map(Value::Int),
            (Value::Duration(a), Value::Duration(b)) if op != BinaryOp::Mul => {
                whole(op, *a, *b).map(Value::Duration)
            }
            (Value::Size(a), Value::Size(b)) if op != BinaryOp::Mul => {
                whole(op, *a, *b).map(Value::Size)
            }
            (Value::Percent(a), Value::Percent(b)) if op != BinaryOp::Mul => {
                exact(op, *a, *b).map(Value::Percent)
            }
            (Value::Duration(a), n) | (n, Value::Duration(a)) if op == BinaryOp::Mul => {
                scaled(*a, n).map(Value::Duration)
            }
            (Value::Size(a), n) | (n, Value::Size(a)) if op == BinaryOp::Mul => {
                scaled(*a, n).map(Value::Size)
            }
            (Value::Late(_), _) | (_, Value::Late(_)) => {
                return Err(self.report(errors::late(span, "arithmetic is done by the compiler")));
            }
            (a, b) => match number(a).zip(number(b)) {
                Some((a, b)) => exact(op, a, b).map(Value::Float),
                None => return Err(self.operands(span, "calculated with", &left, &right)),
            },
        };
        result.ok_or_else(|| self.overflow(span))
    }

    fn overflow(&self, span: Span) -> crate::session::Stop {
        let message = "this number is too large, or divided by zero";
        self.report(errors::plain(
            Code::E0309,
            span,
            message,
            "the result does not exist",
        ))
    }

    fn divide(&self, left: &Value, right: &Value, span: Span) -> Eval {
        let measure = |value: &Value| match value {
            Value::Duration(it) | Value::Size(it) => Some(Decimal::from(*it)),
            Value::Percent(it) => Some(*it),
            other => number(other),
        };
        let Some((a, b)) = measure(left).zip(measure(right)) else {
            return Err(self.operands(span, "divided", left, right));
        };
        let Some(quotient) = a.checked_div(b) else {
            return Err(self.overflow(span));
        };
        let same = std::mem::discriminant(left) == std::mem::discriminant(right);
        Ok(match (left, same) {
            (Value::Duration(_), false) => Value::Duration(to_int(quotient)),
            (Value::Size(_), false) => Value::Size(to_int(quotient)),
            (Value::Percent(_), false) => Value::Percent(quotient),
            _ => Value::Float(quotient.round_dp(9).normalize()),
        })
    }

    pub(crate) fn negate(&self, value: Value, span: Span) -> Eval {
        match value {
            Value::Int(it) => it
                .checked_neg()
                .map(Value::Int)
                .ok_or_else(|| self.overflow(span)),
            Value::Float(it) => Ok(Value::Float(-it)),
            other => Err(self.report(errors::wrong_type(span, "a number", &self.describe(&other)))),
        }
    }
}

/// The number of an `Int` or `Float`.
pub(crate) fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Int(it) => Some(Decimal::from(*it)),
        Value::Float(it) => Some(*it),
        _ => None,
    }
}

/// The nearest whole number, halves away from zero.
pub(crate) fn to_int(value: Decimal) -> i64 {
    use rust_decimal::prelude::{RoundingStrategy, ToPrimitive};
    value
        .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
        .to_i64()
        .unwrap_or(0)
}

fn whole(op: BinaryOp, a: i64, b: i64) -> Option<i64> {
    match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        _ => a.checked_mul(b),
    }
}

fn exact(op: BinaryOp, a: Decimal, b: Decimal) -> Option<Decimal> {
    match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        _ => a.checked_mul(b).map(|it| it.round_dp(9)),
    }
}

fn scaled(measure: i64, factor: &Value) -> Option<i64> {
    let product = Decimal::from(measure).checked_mul(number(factor)?)?;
    Some(to_int(product))
}
