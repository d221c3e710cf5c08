//! Statements, block by block.

mod body;
mod claims;
mod edges;
mod files;
mod homes;
mod places;
mod resources;
mod verbs;

use topoc_syntax::ast::{self, Block, Claim, ExprKind, Stmt, StmtKind};

use crate::checker::Checker;
use crate::errors;
use crate::names::What;
use crate::scope::{Binding, HomeId};
use crate::visit;

impl<'a> Checker<'a, '_> {
    /// Checks the statements of a file.
    pub fn check_file(&mut self, items: &'a [Stmt]) {
        self.learn_home(HomeId::file(self.scope.file), items);
        self.statements(items);
    }

    /// Checks the statements of a block, whose `let`s are its own.
    pub fn block(&mut self, block: &'a Block) {
        self.inner(|it| {
            it.push_lets(block);
            it.learn_claims(block);
            it.statements(block);
        });
    }

    /// What a block asserts holds in all of it.
    pub fn learn_claims(&mut self, block: &'a [Stmt]) {
        for stmt in block {
            if let StmtKind::Assert(it) = &stmt.kind
                && let Claim::Holds(claim) = &it.claim
            {
                self.learn(claim, true);
            }
        }
    }

    /// Checks statements one after the other.
    pub fn statements(&mut self, block: &'a [Stmt]) {
        block.iter().for_each(|it| self.statement(it));
    }

    fn statement(&mut self, stmt: &'a Stmt) {
        match &stmt.kind {
            StmtKind::Topology(it) => self.topology(it),
            StmtKind::Param(it) => self.param(it),
            StmtKind::Input(it) => self.input(it),
            StmtKind::Output(it) => self.output(it),
            StmtKind::Env(it) => self.env(it),
            StmtKind::Let(it) => self.let_value(it),
            StmtKind::Type(it) => self.check_record_type(&it.record, self.scope.file),
            StmtKind::Enum(it) => self.enumeration(it),
            StmtKind::Protocol(it) => self.check_protocols(&it.value),
            StmtKind::Network(it) => self.network(it),
            StmtKind::Group(it) => self.group(it),
            StmtKind::External(it) => self.external(it),
            StmtKind::Existing(it) => self.node(it, true),
            StmtKind::Node(it) => self.node(it, false),
            StmtKind::Edge(it) => self.edge(it),
            StmtKind::Addition(it) => self.addition(it),
            StmtKind::Assert(it) => self.assertion(it),
            StmtKind::If(it) => self.if_block(it),
            StmtKind::For(it) => self.for_block(it),
            StmtKind::Trait(it) => self.trait_body(it),
            StmtKind::Kind(it) => self.kind_body(it),
            StmtKind::EdgeDecl(it) => self.edge_body(it),
            StmtKind::Resource(it) | StmtKind::Lookup(it) => self.resource(it),
            StmtKind::RawResource(it) => self.raw_resource(it),
            StmtKind::ResourceType(it) => self.resource_type_body(it),
            StmtKind::Adjust(it) => self.adjust(it),
            StmtKind::Rule(it) => self.block(&it.body),
            StmtKind::Test(it) => self.test(it),
            StmtKind::Field(it) => self.check_field(it, self.scope.file),
            StmtKind::Collect(it) => self.check_type(&it.ty, self.scope.file),
            StmtKind::ExistingBlock(it) => self.existing_block(it),
            StmtKind::ActsAs(it) => self.acts_as(*it),
            StmtKind::Listens(it) => self.listens(it),
            StmtKind::Access(it) => self.access(it),
            StmtKind::Opens(it) => self.opens(it),
            StmtKind::Grant(it) => self.grant(it),
            // files are loaded by `use`, old names need not exist, services are known to elaboration
            StmtKind::Use(_) | StmtKind::Moved(_) | StmtKind::Needs(_) | StmtKind::Error => {}
        }
    }

    fn if_block(&mut self, it: &'a ast::If) {
        self.check_condition(&it.condition);
        if unfolds(&it.then) || it.otherwise.as_ref().is_some_and(|it| unfolds(it)) {
            self.refuse_collectors(&it.condition);
        }
        self.inner(|c| {
            c.learn(&it.condition, true);
            c.block(&it.then);
        });
        if let Some(otherwise) = &it.otherwise {
            self.inner(|c| {
                c.learn(&it.condition, false);
                c.block(otherwise);
            });
        }
    }

    fn for_block(&mut self, it: &'a ast::For) {
        if unfolds(&it.body) {
            self.refuse_collectors(&it.head.list);
        }
        self.inner(|c| {
            c.enter_loop(&it.head);
            c.scope.loops += 1;
            c.block(&it.body);
        });
    }

    /// Reports collectors that decide which nodes or edges exist.
    fn refuse_collectors(&mut self, expr: &'a ast::Expr) {
        let mut found = Vec::new();
        visit::all(expr, &mut |it| {
            if let ExprKind::Name(name) = &it.kind {
                found.push((*name, it.span));
            }
        });
        for (name, span) in found {
            if let Some(Binding::Member(value)) = self.lookup(name)
                && let What::Collect(it) = value.what
            {
                self.report(errors::collector_decides(span, name, it.name.span));
            }
        }
    }
}

/// Whether a block declares nodes, places or edges.
fn unfolds(block: &[Stmt]) -> bool {
    block.iter().any(|it| match &it.kind {
        StmtKind::Node(_) | StmtKind::Network(_) | StmtKind::Edge(_) => true,
        StmtKind::If(it) => {
            unfolds(&it.then) || it.otherwise.as_ref().is_some_and(|it| unfolds(it))
        }
        StmtKind::For(it) => unfolds(&it.body),
        _ => false,
    })
}
