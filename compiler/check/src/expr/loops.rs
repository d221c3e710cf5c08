//! Loops: of statements and of comprehensions.

use topoc_syntax::ast::{Loop, LoopHead};

use crate::checker::{Checker, Known};
use crate::errors;
use crate::scope::LocalWhat;
use crate::ty::Ty;

impl<'a> Checker<'a, '_> {
    /// Does `work` with the variables of the loops in scope and what their conditions say.
    pub fn in_loops<T>(&mut self, loops: &'a [Loop], work: impl FnOnce(&mut Self) -> T) -> T {
        self.inner(|it| {
            for turn in loops {
                it.enter_loop(&turn.head);
                if let Some(condition) = &turn.condition {
                    it.check_condition(condition);
                    it.learn(condition, true);
                }
            }
            work(it)
        })
    }

    /// Brings the variables of a loop into scope.
    pub fn enter_loop(&mut self, head: &'a LoopHead) {
        let list = self.infer(&head.list);
        self.must_be_countable(&head.list);
        let (key, item) = match &list {
            Ty::List(item) => (Ty::Int, (**item).clone()),
            Ty::Map(item) => (Ty::String, (**item).clone()),
            Ty::Range(item) => (Ty::Int, (**item).clone()),
            Ty::Zones => (Ty::Int, Ty::Zone),
            Ty::Optional(inner) => {
                if !inner.is_unknown() {
                    let text = self.text_of(&head.list);
                    self.report(errors::optional_value(
                        head.list.span,
                        &self.print(inner),
                        &text,
                    ));
                }
                (Ty::Unknown, Ty::Unknown)
            }
            Ty::Bool
            | Ty::Int
            | Ty::WholeNumber
            | Ty::Float
            | Ty::String
            | Ty::Duration
            | Ty::Size
            | Ty::Node(_) => {
                self.report(errors::no_list(head.list.span, &self.print(&list)));
                (Ty::Unknown, Ty::Unknown)
            }
            _ => (Ty::Unknown, Ty::Unknown),
        };
        if let Some(name) = head.key {
            self.refuse_hiding(name);
            self.push_local(name, LocalWhat::Key, Known::Ty(key));
        }
        self.refuse_hiding(head.item);
        self.push_local(head.item, LocalWhat::Item(head), Known::Ty(item));
    }
}
