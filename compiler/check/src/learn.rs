//! What conditions and assertions say about the names around them.

use topoc_syntax::ast::{BinaryOp, Expr, ExprKind};

use crate::checker::Checker;
use crate::names::{Value, What};
use crate::scope::{Binding, LocalWhat};

impl<'a> Checker<'a, '_> {
    /// Learns that a condition holds or not; what a `let` or output stands for too.
    pub fn learn(&mut self, condition: &'a Expr, truth: bool) {
        self.scope.facts.learn(condition, truth);
        self.learn_named(condition, truth, 4);
    }

    fn learn_named(&mut self, condition: &'a Expr, truth: bool, depth: u8) {
        match &condition.kind {
            ExprKind::Not(inner) => self.learn_named(inner, !truth, depth),
            ExprKind::Binary(BinaryOp::And, a, b) if truth => {
                self.learn_named(a, truth, depth);
                self.learn_named(b, truth, depth);
            }
            ExprKind::Binary(BinaryOp::Or, a, b) if !truth => {
                self.learn_named(a, truth, depth);
                self.learn_named(b, truth, depth);
            }
            ExprKind::Name(name) if depth > 0 => {
                let value = match self.lookup(*name) {
                    Some(Binding::Local(place)) => {
                        match self.scope.locals.get(place).map(|it| &it.what) {
                            Some(LocalWhat::Value(Value {
                                what: What::Let(it),
                                ..
                            })) => Some(&*it.value),
                            _ => None,
                        }
                    }
                    Some(Binding::Member(Value {
                        what: What::Let(it),
                        ..
                    })) => Some(&*it.value),
                    Some(Binding::Output(it)) => it.decl.value.as_ref(),
                    Some(Binding::Top(number)) => {
                        match self.names.values.get(number as usize).map(|it| it.what) {
                            Some(What::Let(it)) => Some(&*it.value),
                            _ => None,
                        }
                    }
                    _ => None,
                };
                if let Some(value) = value {
                    self.scope.facts.learn(value, truth);
                    self.learn_named(value, truth, depth - 1);
                }
            }
            _ => {}
        }
    }

    /// Does `work` with further facts and locals, and forgets them.
    pub fn inner<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let (facts, locals, loops) = (
            self.scope.facts.len(),
            self.scope.locals.len(),
            self.scope.loops,
        );
        let result = work(self);
        self.scope.facts.truncate(facts);
        self.scope.locals.truncate(locals);
        self.scope.loops = loops;
        result
    }
}
