//! Stages: which values are known only at deployment, and where that is too late.
//!
//! A value is called late only where that is certain; elaboration, which knows every value, finds the rest.

mod kind;
mod sources;

use topoc_diagnostics::Span;
use topoc_syntax::ast::Expr;
use ustr::Ustr;

use crate::checker::Checker;
use crate::errors;

pub use kind::KindStages;

/// Why a value is late.
#[derive(Clone, Debug)]
pub struct Cause {
    /// What introduces it.
    pub span: Span,
    /// The input, if it is one.
    pub input: Option<Input>,
}

/// An input, as a report proposes it for a `param`.
#[derive(Clone, Copy, Debug)]
pub struct Input {
    /// How it is called.
    pub name: Ustr,
    /// Its type, as the language writes it.
    pub ty: Ustr,
}

impl Cause {
    /// The label of [`Cause::span`].
    pub fn why(&self) -> &'static str {
        match self.input {
            Some(_) => "because it is an input",
            None => "because it comes from a resource",
        }
    }
}

/// A step into a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A field.
    Field(Ustr),
    /// Any item of a list or map.
    Item,
    /// Only how many there are, and their keys.
    Count,
}

/// Where a value comes from, as far as stages care.
#[derive(Clone, Debug)]
pub enum Source {
    /// Known only at deployment.
    Late {
        /// Why.
        cause: Cause,
        /// The part of the asked expression that brings it.
        at: Span,
    },
    /// An attribute of the kind around, and the way into it.
    Attribute {
        /// The attribute.
        name: Ustr,
        /// The way into it.
        path: Vec<Step>,
        /// The part of the asked expression that brings it.
        at: Span,
    },
}

impl<'a> Checker<'a, '_> {
    /// Reports an expression that decides something and is late.
    pub fn must_be_early(&mut self, expr: &'a Expr) {
        self.refuse_late(expr, &[]);
    }

    /// Reports a list whose number of items is late.
    pub fn must_be_countable(&mut self, expr: &'a Expr) {
        self.refuse_late(expr, &[Step::Count]);
    }

    fn refuse_late(&mut self, expr: &'a Expr, path: &[Step]) {
        if let Some((cause, at)) = self.late(expr, path) {
            self.report(errors::late_decision(at, &cause));
        }
    }

    /// Why the value at `path` in `expr` is late, if that is certain, and the part of `expr` that makes it so.
    pub fn late(&mut self, expr: &'a Expr, path: &[Step]) -> Option<(Cause, Span)> {
        self.sources(expr, path)
            .into_iter()
            .find_map(|it| match it {
                Source::Late { cause, at } => Some((cause, at)),
                Source::Attribute { .. } => None,
            })
    }
}
