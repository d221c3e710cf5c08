//! The statements of a body by the step that has work with them, found once and not for each instance.

use topoc_syntax::ast::{Stmt, StmtKind};

use crate::gather::{FILLS, GATHERS, UNFOLDS, flags};

/// What each step looks at, in the order of the text.
#[derive(Default)]
pub(crate) struct Steps<'a> {
    /// Nodes, networks and groups, and what they may stand in.
    pub(crate) parts: Vec<&'a Stmt>,
    /// Edges, and what they may stand in.
    pub(crate) unfolds: Vec<&'a Stmt>,
    /// Additions to collectors, and what they may stand in.
    pub(crate) gathers: Vec<&'a Stmt>,
    /// Resources and assertions, and what they may stand in.
    pub(crate) fills: Vec<&'a Stmt>,
}

impl<'a> Steps<'a> {
    pub(crate) fn of(body: &'a [Stmt]) -> Self {
        let mut steps = Self::default();
        for stmt in body {
            let flags = flags(stmt);
            let lists = [
                (UNFOLDS, &mut steps.unfolds),
                (GATHERS, &mut steps.gathers),
                (FILLS, &mut steps.fills),
            ];
            for (flag, list) in lists {
                if flags & flag != 0 {
                    list.push(stmt);
                }
            }
            if may_hold_parts(stmt) {
                steps.parts.push(stmt);
            }
        }
        steps
    }
}

fn may_hold_parts(stmt: &Stmt) -> bool {
    matches!(
        stmt.kind,
        StmtKind::If(_)
            | StmtKind::For(_)
            | StmtKind::Node(_)
            | StmtKind::Network(_)
            | StmtKind::Group(_)
    )
}
