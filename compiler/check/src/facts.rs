//! What is known to hold at a place: from `if`, `and`, comprehensions and `assert`.
//!
//! Conditions are compared by their text in one spelling, so `not (a == none)` and `a != none` are one fact.

use topoc_syntax::ast::{BinaryOp, Expr, ExprKind, TextPart};

/// Conditions with their truth, innermost last.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    list: Vec<(String, bool)>,
}

impl Facts {
    /// How many there are, to return to with [`Facts::truncate`].
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Forgets what was learned since.
    pub fn truncate(&mut self, len: usize) {
        self.list.truncate(len);
    }

    /// Learns that `condition` is `truth`; what follows from it by `and`, `or`, `not` too.
    pub fn learn(&mut self, condition: &Expr, truth: bool) {
        match &condition.kind {
            ExprKind::Not(inner) => self.learn(inner, !truth),
            ExprKind::Binary(BinaryOp::And, a, b) if truth => {
                self.learn(a, true);
                self.learn(b, true);
            }
            ExprKind::Binary(BinaryOp::Or, a, b) if !truth => {
                self.learn(a, false);
                self.learn(b, false);
            }
            ExprKind::Binary(BinaryOp::Eq | BinaryOp::Ne, a, b) if is_none(a) || is_none(b) => {
                let equal = matches!(&condition.kind, ExprKind::Binary(BinaryOp::Eq, ..)) == truth;
                self.learn_presence(if is_none(a) { b } else { a }, !equal);
            }
            _ => self.learn_comparison(condition, truth),
        }
    }

    fn learn_comparison(&mut self, condition: &Expr, truth: bool) {
        if let ExprKind::Binary(BinaryOp::Eq, a, b) = &condition.kind
            && truth
        {
            // what equals a value that is there, is there
            for side in [a, b] {
                if matches!(
                    side.kind,
                    ExprKind::Field(..) | ExprKind::Name(_) | ExprKind::OptField(..)
                ) {
                    self.learn_presence(side, true);
                }
            }
        }
        let (text, truth) = normal(condition, truth);
        self.list.extend(text.map(|it| (it, truth)));
    }

    /// Learns that a path is present or absent; with `a?.b`, `a` is present too.
    pub fn learn_presence(&mut self, path: &Expr, present: bool) {
        self.list
            .extend(canon(path).map(|it| (presence(&it), present)));
        if let ExprKind::OptField(base, _) = &path.kind
            && present
        {
            self.learn_presence(base, true);
        }
    }

    /// Whether the path is known to be present.
    pub fn is_present(&self, path: &Expr) -> bool {
        !self.list.is_empty() && canon(path).is_some_and(|it| self.has(&presence(&it), true))
    }

    /// Whether `condition` is known to be `truth`.
    pub fn holds(&self, condition: &Expr, truth: bool) -> bool {
        match &condition.kind {
            ExprKind::Not(inner) => self.holds(inner, !truth),
            ExprKind::Binary(BinaryOp::And, a, b) if truth => {
                self.holds(a, true) && self.holds(b, true)
            }
            ExprKind::Binary(BinaryOp::And, a, b) => self.holds(a, false) || self.holds(b, false),
            ExprKind::Binary(BinaryOp::Or, a, b) if truth => {
                self.holds(a, true) || self.holds(b, true)
            }
            ExprKind::Binary(BinaryOp::Or, a, b) => self.holds(a, false) && self.holds(b, false),
            ExprKind::Binary(BinaryOp::Eq | BinaryOp::Ne, a, b) if is_none(a) || is_none(b) => {
                let equal = matches!(&condition.kind, ExprKind::Binary(BinaryOp::Eq, ..)) == truth;
                let path = if is_none(a) { b } else { a };
                canon(path).is_some_and(|it| self.has(&presence(&it), !equal))
            }
            _ => {
                let (text, truth) = normal(condition, truth);
                text.is_some_and(|it| self.has(&it, truth))
            }
        }
    }

    fn has(&self, text: &str, truth: bool) -> bool {
        self.list
            .iter()
            .any(|(known, holds)| *holds == truth && known == text)
    }
}

fn presence(path: &str) -> String {
    format!("{path} is there")
}

fn is_none(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::None)
}

/// A condition as `==`, `<` or `<=`, and the truth that makes it the same.
fn normal(condition: &Expr, truth: bool) -> (Option<String>, bool) {
    let ExprKind::Binary(op, a, b) = &condition.kind else {
        return (canon(condition), truth);
    };
    let (op, a, b, truth) = match op {
        BinaryOp::Ne => ("==", a, b, !truth),
        BinaryOp::Gt => ("<", b, a, truth),
        BinaryOp::Ge => ("<", a, b, !truth),
        BinaryOp::Le => ("<", b, a, !truth),
        BinaryOp::Eq => ("==", a, b, truth),
        BinaryOp::Lt => ("<", a, b, truth),
        BinaryOp::Or
        | BinaryOp::And
        | BinaryOp::In
        | BinaryOp::Fallback
        | BinaryOp::Add
        | BinaryOp::Sub
        | BinaryOp::Mul
        | BinaryOp::Div => return (canon(condition), truth),
    };
    let text = canon(a)
        .zip(canon(b))
        .map(|(a, b)| format!("({a} {op} {b})"));
    (text, truth)
}

/// The text of an expression in one spelling; `None` where comparing it by text would say too little.
fn canon(expr: &Expr) -> Option<String> {
    Some(match &expr.kind {
        ExprKind::Bool(it) => it.to_string(),
        ExprKind::Int(it) => it.to_string(),
        ExprKind::Float(it) => it.to_string(),
        ExprKind::Duration(it) => format!("{it}ms"),
        ExprKind::Size(it) => format!("{it}B"),
        ExprKind::Percent(it) => format!("{it}%"),
        ExprKind::None => "none".to_owned(),
        ExprKind::Text(parts) => text(parts)?,
        ExprKind::Name(it) => it.to_string(),
        ExprKind::SelfNode => "self".to_owned(),
        ExprKind::Field(base, name) if matches!(base.kind, ExprKind::SelfNode) => {
            name.name.to_string()
        }
        ExprKind::Field(base, name) | ExprKind::OptField(base, name) => {
            format!("{}.{}", canon(base)?, name.name)
        }
        ExprKind::Index(base, key) => format!("{}[{}]", canon(base)?, canon(key)?),
        ExprKind::Call(callee, args) => {
            let args: Option<Vec<_>> = args.iter().map(|it| canon(&it.value)).collect();
            format!("{}({})", canon(callee)?, args?.join(", "))
        }
        ExprKind::Not(inner) => format!("not {}", canon(inner)?),
        ExprKind::Binary(op, a, b) => format!("({} {op:?} {})", canon(a)?, canon(b)?),
        ExprKind::Cidr(_)
        | ExprKind::Internet
        | ExprKind::List(_)
        | ExprKind::ListFor(..)
        | ExprKind::Record(_)
        | ExprKind::MapFor(..)
        | ExprKind::If(..)
        | ExprKind::Negate(_)
        | ExprKind::Range(..)
        | ExprKind::Protocol(..)
        | ExprKind::Error => return None,
    })
}

fn text(parts: &[TextPart]) -> Option<String> {
    let parts: Option<Vec<String>> = parts
        .iter()
        .map(|it| match it {
            TextPart::Text(it) => Some(it.to_string()),
            TextPart::Code(it) => canon(it).map(|it| format!("{{{it}}}")),
        })
        .collect();
    Some(format!("\"{}\"", parts?.concat()))
}
