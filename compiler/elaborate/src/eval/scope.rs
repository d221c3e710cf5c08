//! Scopes: what a name is looked up in, innermost first.

use std::rc::Rc;

use topoc_ir::Value;
use topoc_syntax::ast;
use ustr::Ustr;

use crate::instance::Inst;

/// A chain of frames.
#[derive(Clone)]
pub(crate) struct Scope<'a>(pub(crate) Rc<Frame<'a>>);

/// One frame of a scope.
pub(crate) struct Frame<'a> {
    /// The frame around it; `None` for files.
    pub(crate) parent: Option<Scope<'a>>,
    /// What it brings.
    pub(crate) kind: FrameKind<'a>,
}

/// What a frame brings.
pub(crate) enum FrameKind<'a> {
    /// The declarations that a file sees (by its position in the program).
    File(usize),
    /// The inside of a node's kind or of an edge.
    Inst(Rc<Inst<'a>>),
    /// Loop variables.
    Vars(Vec<(Ustr, Value)>),
    /// Parameters of a function.
    Params(Vec<(Ustr, Value)>),
    /// The `let`s of a block under `if` or `for`.
    Block(&'a [ast::Stmt]),
}

impl<'a> Scope<'a> {
    /// The scope of a file.
    pub(crate) fn file(file: usize) -> Self {
        Self(Rc::new(Frame {
            parent: None,
            kind: FrameKind::File(file),
        }))
    }

    /// A frame inside this scope.
    pub(crate) fn with(&self, kind: FrameKind<'a>) -> Self {
        Self(Rc::new(Frame {
            parent: Some(self.clone()),
            kind,
        }))
    }

    /// Loop variables inside this scope.
    pub(crate) fn vars(&self, vars: Vec<(Ustr, Value)>) -> Self {
        self.with(FrameKind::Vars(vars))
    }

    /// The position of the file that the text of this scope stands in.
    pub(crate) fn file_index(&self) -> usize {
        let mut frame = &self.0;
        loop {
            match (&frame.kind, &frame.parent) {
                (FrameKind::File(file), _) => return *file,
                (_, Some(parent)) => frame = &parent.0,
                (_, None) => return 0,
            }
        }
    }

    /// The node or edge that this scope is inside of.
    pub(crate) fn inst(&self) -> Option<&Rc<Inst<'a>>> {
        let mut frame = &self.0;
        loop {
            match (&frame.kind, &frame.parent) {
                (FrameKind::Inst(inst), _) => return Some(inst),
                (_, Some(parent)) => frame = &parent.0,
                (_, None) => return None,
            }
        }
    }
}
