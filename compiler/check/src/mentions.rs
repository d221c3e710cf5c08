//! Whether a kind reads one of its collectors.

use topoc_syntax::ast::{Block, Body, Expr, ExprKind, NodeDecl, Stmt, StmtKind};
use ustr::Ustr;

use crate::visit;

/// Whether some expression in a block reads the name, as `name` or as `self.name`.
pub fn reads(block: &[Stmt], name: Ustr) -> bool {
    let mut found = false;
    block.iter().for_each(|it| {
        expressions(it, &mut |expr| found |= mentions(expr, name));
    });
    found
}

fn mentions(expr: &Expr, name: Ustr) -> bool {
    let mut found = false;
    visit::all(expr, &mut |it| {
        found |= match &it.kind {
            ExprKind::Name(word) => *word == name,
            ExprKind::Field(base, field) => {
                field.name == name && matches!(base.kind, ExprKind::SelfNode)
            }
            _ => false,
        };
    });
    found
}

/// Visits the expressions of a statement that may read a value. What an addition adds to is not read.
fn expressions<'a>(stmt: &'a Stmt, visit: &mut dyn FnMut(&'a Expr)) {
    match &stmt.kind {
        StmtKind::Field(it) => it.default.iter().for_each(visit),
        StmtKind::Let(it) => visit(&it.value),
        StmtKind::Output(it) => it.value.iter().for_each(visit),
        StmtKind::Node(it) | StmtKind::Existing(it) => node(it, visit),
        StmtKind::Resource(it) | StmtKind::Lookup(it) => {
            it.key.iter().for_each(&mut *visit);
            body(&it.body, visit);
        }
        StmtKind::RawResource(it) => {
            let bodies = it.targets.iter().filter_map(|it| it.form.as_ref().ok());
            bodies.for_each(|it| body(&it.1, visit));
            block(&it.claims, visit);
        }
        StmtKind::Addition(it) => visit(&it.value),
        StmtKind::Assert(it) => {
            if let topoc_syntax::ast::Claim::Holds(claim) = &it.claim {
                visit(claim);
            }
            it.because.iter().chain(&it.help).for_each(visit);
        }
        StmtKind::If(it) => {
            visit(&it.condition);
            block(&it.then, visit);
            it.otherwise.iter().for_each(|it| block(it, visit));
        }
        StmtKind::For(it) => {
            visit(&it.head.list);
            block(&it.body, visit);
        }
        StmtKind::Edge(it) => {
            it.sources.iter().chain(&it.targets).for_each(&mut *visit);
            it.verbs.iter().for_each(|it| body(&it.body, visit));
        }
        StmtKind::Listens(it) => {
            it.on.iter().for_each(&mut *visit);
            it.body.iter().for_each(|it| block(it, visit));
        }
        StmtKind::Access(it) => block(&it.body, visit),
        StmtKind::Opens(it) => {
            visit(&it.protocols);
            let rest = it.from.iter().chain(&it.to).chain(&it.because);
            rest.for_each(visit);
        }
        StmtKind::Grant(it) => {
            visit(&it.actions);
            visit(&it.on);
            it.to.iter().chain(&it.condition).for_each(visit);
        }
        StmtKind::Network(it) => body(&it.body, visit),
        StmtKind::ExistingBlock(it) => block(it, visit),
        _ => {}
    }
}

fn block<'a>(block: &'a Block, visit: &mut dyn FnMut(&'a Expr)) {
    block.iter().for_each(|it| expressions(it, visit));
}

fn body<'a>(body: &'a Body, visit: &mut dyn FnMut(&'a Expr)) {
    body.attributes.iter().for_each(|it| visit(&it.value));
}

fn node<'a>(it: &'a NodeDecl, visit: &mut dyn FnMut(&'a Expr)) {
    it.key.iter().chain(&it.places).for_each(&mut *visit);
    body(&it.body, visit);
}
