//! Loops, guards and comprehensions.

use crate::errors;
use crate::eval::scope::{FrameKind, Scope};
use crate::index::Guard;
use crate::session::{Eval, Session};
use topoc_diagnostics::Code;
use topoc_ir::{Record, Value};
use topoc_syntax::ast::{self, Expr};

impl<'a> Session<'a> {
    pub(crate) fn list_for(
        &self,
        loops: &'a [ast::Loop],
        item: &'a Expr,
        scope: &Scope<'a>,
    ) -> Eval {
        let mut items = Vec::new();
        for turn in self.loop_turns(loops, scope)? {
            items.push(self.eval(item, &turn)?);
        }
        Ok(Value::list(items))
    }

    pub(crate) fn map_for(
        &self,
        loops: &'a [ast::Loop],
        key: &'a Expr,
        value: &'a Expr,
        scope: &Scope<'a>,
    ) -> Eval {
        let mut map = Record::default();
        for turn in self.loop_turns(loops, scope)? {
            let name = self.early_text(key, &turn)?;
            if map.insert(name, self.eval(value, &turn)?).is_some() {
                let report = errors::plain(
                    Code::E0403,
                    key.span,
                    format!("two entries are called `{name}`"),
                    "this key",
                );
                return Err(self.report(report));
            }
        }
        Ok(Value::Map(std::sync::Arc::new(map)))
    }

    pub(crate) fn loop_turns(
        &self,
        loops: &'a [ast::Loop],
        scope: &Scope<'a>,
    ) -> Eval<Vec<Scope<'a>>> {
        let mut turns = vec![scope.clone()];
        for each in loops {
            let mut next = Vec::new();
            for outer in &turns {
                for turn in self.turns_of(&each.head, outer)? {
                    if each
                        .condition
                        .as_ref()
                        .map_or(Ok(true), |it| self.condition(it, &turn))?
                    {
                        next.push(turn);
                    }
                }
            }
            turns = next;
        }
        Ok(turns)
    }

    /// One scope a turn of a loop.
    pub(crate) fn turns_of(
        &self,
        head: &'a ast::LoopHead,
        scope: &Scope<'a>,
    ) -> Eval<Vec<Scope<'a>>> {
        let list = self.eval(&head.list, scope)?;
        let turn = |key: Value, item: Value| {
            let mut vars = vec![(head.item.name, item)];
            if let Some(name) = head.key {
                vars.push((name.name, key));
            }
            scope.vars(vars)
        };
        match &list {
            Value::List(items) => Ok(items
                .iter()
                .enumerate()
                .map(|(i, it)| turn(Value::Int(i as i64), it.clone()))
                .collect()),
            Value::Map(map) | Value::Record(map) => Ok(map
                .iter()
                .map(|(key, it)| turn(Value::Text(*key), it.clone()))
                .collect()),
            Value::Range(ends) => match (&ends.0, &ends.1) {
                (Value::Int(low), Value::Int(high)) if high - low < 100_000 => Ok((*low..=*high)
                    .enumerate()
                    .map(|(i, it)| turn(Value::Int(i as i64), Value::Int(it)))
                    .collect()),
                _ => Err(self.report(errors::wrong_type(
                    head.list.span,
                    "a list",
                    "a range of other things",
                ))),
            },
            Value::None => Ok(Vec::new()),
            Value::Late(_) => Err(self.report(errors::late(
                head.list.span,
                "this decides how often the loop turns",
            ))),
            other => Err(self.report(errors::wrong_type(
                head.list.span,
                "a list",
                &self.describe(other),
            ))),
        }
    }

    /// The scopes in which a guarded declaration stands; empty where a condition fails.
    pub(crate) fn guarded(&self, guards: &[Guard<'a>], scope: &Scope<'a>) -> Eval<Vec<Scope<'a>>> {
        let mut turns = vec![scope.clone()];
        for guard in guards {
            let mut next = Vec::new();
            for outer in &turns {
                match guard {
                    Guard::If(condition, wanted, block) => {
                        if self.condition(condition, outer)? == *wanted {
                            next.push(inside(outer.clone(), block));
                        }
                    }
                    Guard::For(head, block) => {
                        next.extend(
                            self.turns_of(head, outer)?
                                .into_iter()
                                .map(|turn| inside(turn, block)),
                        );
                    }
                }
            }
            turns = next;
        }
        Ok(turns)
    }
}

/// The scope of a block that has `let`s of its own.
pub(crate) fn inside<'a>(scope: Scope<'a>, block: &'a [ast::Stmt]) -> Scope<'a> {
    let has_let = block
        .iter()
        .any(|it| matches!(it.kind, ast::StmtKind::Let(_)));
    if has_let {
        scope.with(FrameKind::Block(block))
    } else {
        scope
    }
}
