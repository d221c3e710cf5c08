//! What was renamed: `moved old to new`.

use topoc_diagnostics::{Code, Diagnostic, Span, nearest};
use topoc_syntax::ast::{self, ExprKind, StmtKind};
use ustr::Ustr;

use crate::errors;
use crate::eval::lookup::declared_key;
use crate::finish::reference_text;
use crate::index::Site;
use crate::session::Session;

/// What can have moved.
const MOVABLE: &str =
    "only networks, groups, nodes, their parts and their resources can have moved";

/// One step of a reference behind its first name.
enum Step {
    Part(ast::Ident),
    Key,
}

impl<'a> Session<'a> {
    /// What is called new keeps the ids of the old.
    pub(crate) fn read_moves(&self) {
        for file in self.user_files() {
            for stmt in self.file_items(file) {
                let StmtKind::Moved(decl) = &stmt.kind else {
                    continue;
                };
                let old = reference_text(&decl.from);
                if self.index.value(file, old).is_some() {
                    self.report(self.still_there(decl, file, old));
                } else if let Some(report) = self.refused_move(decl, file, old) {
                    self.report(report);
                } else {
                    let mut moved = self.moved.borrow_mut();
                    moved.insert(reference_text(&decl.to), old);
                    self.left.borrow_mut().insert(old, decl.from.span);
                }
            }
        }
    }

    /// The former name is that of something; maybe both names were exchanged.
    fn still_there(&self, decl: &'a ast::Moved, file: usize, old: Ustr) -> Diagnostic {
        let report = errors::still_declared(old, decl.from.span);
        let new = reference_text(&decl.to);
        match self.index.value(file, root(&decl.to).0) {
            Some(_) => report,
            None => report.help(format!(
                "the former name comes first: `moved {new} to {old}`"
            )),
        }
    }

    /// What has moved is here under its new name, was one thing before, and is one now.
    fn refused_move(&self, decl: &'a ast::Moved, file: usize, old: Ustr) -> Option<Diagnostic> {
        let new = reference_text(&decl.to);
        if self.moved.borrow().contains_key(&new) {
            let message = format!("`{new}` has two former names");
            let report = errors::plain(Code::E0204, decl.to.span, message, "moved a second time");
            return Some(report.help("a chain of moves is said by its first name"));
        }
        if let Some(first) = self.left.borrow().get(&old) {
            let message = format!("`{old}` has moved to two places");
            let label = "can be only one of them";
            let report = errors::plain(Code::E0204, decl.from.span, message, label);
            return Some(report.because(*first, "moved here already"));
        }
        let (name, steps) = root(&decl.to);
        let Some(sites) = self.index.value(file, name) else {
            let message = format!("nothing here is called `{name}`");
            let label = "a move leads to what is declared now";
            let report = errors::plain(Code::E0201, decl.to.span, message, label);
            let known = self.index.user.values.iter();
            let known = known.filter(|it| !it.1.iter().all(|it| has_no_id(&it.stmt.kind)));
            let near = nearest(&name, known.map(|it| it.0.as_str()));
            return Some(report.help_opt(near.map(|it| format!("did you mean `{it}`?"))));
        };
        self.refused_target(sites, name, &steps, decl.to.span)
    }

    /// Why nothing with an id stands at a reference, as far as that is certain in every environment.
    fn refused_target(
        &self,
        sites: &[Site<'a>],
        name: Ustr,
        steps: &[Step],
        span: Span,
    ) -> Option<Diagnostic> {
        let site = sites.first()?;
        if sites.iter().all(|it| has_no_id(&it.stmt.kind)) {
            let message = format!("`{name}` has no id that it could keep");
            return Some(errors::plain(Code::E0201, span, message, MOVABLE));
        }
        let keys = steps
            .iter()
            .take_while(|it| matches!(it, Step::Key))
            .count();
        let is_family = sites.iter().any(|it| declared_key(it.stmt).is_some());
        if is_family != (keys > 0) {
            let report = errors::plain(Code::E0201, span, format!("`{name}` is a family"), MOVABLE);
            return Some(if is_family {
                report.help(format!("say which one of it: `{name}[\"KEY\"]`"))
            } else {
                let message = format!("`{name}` is no family, so it has no keys");
                errors::plain(Code::E0201, span, message, "leads to nothing")
            });
        }
        let Some(Step::Part(part)) = steps.get(keys) else {
            return None;
        };
        match &site.stmt.kind {
            StmtKind::Node(decl) => {
                let kind = self.index.kind(site.file, decl.kind.as_ref()?.text())?;
                let Some(inside) = kind.sites.get(&part.name) else {
                    let message = format!("{} has no part `{}`", errors::a(&kind.name), part.name);
                    let label = "a move leads to what is there now";
                    let report = errors::plain(Code::E0201, part.span, message, label);
                    let known = kind.sites.iter();
                    let known = known.filter(|it| !it.1.iter().all(|it| has_no_id(&it.stmt.kind)));
                    let near = nearest(&part.name, known.map(|it| it.0.as_str()));
                    return Some(report.help_opt(near.map(|it| format!("did you mean `{it}`?"))));
                };
                let rest = steps.get(keys + 1..).unwrap_or_default();
                self.refused_target(inside, part.name, rest, span)
            }
            StmtKind::Network(_) => {
                let message = "what stands in a network keeps its name";
                Some(errors::plain(Code::E0201, span, message, MOVABLE))
            }
            StmtKind::Existing(_) => None,
            _ => {
                let message = format!("nothing in `{name}` has an id of its own");
                Some(errors::plain(Code::E0201, part.span, message, MOVABLE))
            }
        }
    }
}

/// The first name of a reference, and what follows.
fn root(expr: &ast::Expr) -> (Ustr, Vec<Step>) {
    let mut steps = Vec::new();
    let mut root = expr;
    loop {
        root = match &root.kind {
            ExprKind::Field(base, part) => {
                steps.push(Step::Part(*part));
                base
            }
            ExprKind::Index(base, _) => {
                steps.push(Step::Key);
                base
            }
            _ => break,
        };
    }
    steps.reverse();
    (reference_text(root), steps)
}

fn has_no_id(kind: &StmtKind) -> bool {
    matches!(
        kind,
        StmtKind::Param(_) | StmtKind::Input(_) | StmtKind::Let(_)
    )
}
