//! Numbers asked for with `allot`.

use crate::errors;
use crate::eval::scope::Scope;
use crate::session::{Eval, Session};
use std::collections::BTreeMap;
use topoc_diagnostics::{Code, Span};
use topoc_ir::{Late, Value};
use topoc_syntax::ast::Arg;
use ustr::Ustr;

impl<'a> Session<'a> {
    /// `allot(low..high, in = node, key = text, near = n)`
    pub(crate) fn allot(&self, span: Span, args: &'a [Arg], scope: &Scope<'a>) -> Eval {
        let find = |word: &str| {
            args.iter()
                .find(|arg| arg.name.is_some_and(|it| it.name.as_str() == word))
        };
        let wrong = || {
            self.report(errors::plain(
                Code::E0304,
                span,
                "`allot` takes a range, `in`, `key` and `near`",
                "called here",
            ))
        };
        let range = args
            .first()
            .filter(|it| it.name.is_none())
            .ok_or_else(wrong)?;
        let Value::Range(ends) = self.eval(&range.value, scope)? else {
            return Err(wrong());
        };
        let (Value::Int(low), Value::Int(high)) = (&ends.0, &ends.1) else {
            return Err(wrong());
        };
        let of = self.early_text(&find("in").ok_or_else(wrong)?.value, scope)?;
        let key = self.early_text(&find("key").ok_or_else(wrong)?.value, scope)?;
        let near = match find("near")
            .map(|it| self.eval(&it.value, scope))
            .transpose()?
        {
            Some(Value::Int(near)) => near.clamp(*low, *high),
            _ => *low,
        };
        let mut allotments = self.allot.borrow_mut();
        let wish = Wish {
            who: scope.inst().map(|it| it.path),
            low: *low,
            high: *high,
            near,
            span,
        };
        let wishes = allotments.entry(of.to_string()).or_default();
        if let Some(first) = wishes.get(key.as_str()) {
            let message = format!("`{key}` is used twice in `{of}`");
            let report = errors::plain(Code::E0411, span, message, "here again")
                .because(first.span, "first here");
            drop(allotments);
            return Err(self.report(report));
        }
        wishes.insert(key.to_string(), wish);
        Ok(Value::Late(Late::Allotted(of, key)))
    }
}

/// Numbers asked for with `allot`, by scope, then key: settled after the third step.
pub(crate) type Allotments = BTreeMap<String, BTreeMap<String, Wish>>;

/// One number asked for.
#[derive(Clone, PartialEq)]
pub(crate) struct Wish {
    /// The instance that asks.
    pub(crate) who: Option<Ustr>,
    pub(crate) low: i64,
    pub(crate) high: i64,
    pub(crate) near: i64,
    pub(crate) span: Span,
}
