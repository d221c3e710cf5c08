//! Step ③: resources, lookups, assertions of kinds, outputs.

mod relied;
pub(crate) mod resource;

use std::rc::Rc;
use std::slice;

use topoc_diagnostics::{Code, Diagnostic, Span};
use topoc_ir::{NodeId, Output, ResourceId, Value};
use topoc_syntax::ast::{self, Claim, Expr, ExprKind, StmtKind};
use ustr::Ustr;

use crate::errors;
use crate::eval::scope::Scope;
use crate::gather::{FILLS, Stage};
use crate::instance::Inst;
use crate::session::Session;
use relied::Relied;

/// What a resource waits for, before nodes and places are turned into their resources.
#[derive(Clone)]
pub(crate) enum After {
    Resource(ResourceId),
    Node(NodeId),
    Network(u32),
}

impl<'a> Session<'a> {
    /// Fills every resource, those of instances first.
    pub(crate) fn fill(&self) {
        self.fill_instances(&self.instances());
        self.fill_files();
    }

    /// Begins this step: nodes before edges.
    pub(crate) fn instances(&self) -> Vec<Rc<Inst<'a>>> {
        self.stage.set(Stage::Fill);
        self.routes();
        let mut instances = self.nodes.borrow().clone();
        instances.extend(self.edges.borrow().iter().cloned());
        instances
    }

    pub(crate) fn fill_instances(&self, instances: &[Rc<Inst<'a>>]) {
        for inst in instances {
            self.about(Some(inst), || self.fill_instance(inst));
        }
    }

    /// What files say themselves.
    pub(crate) fn fill_files(&self) {
        for file in self.user_files() {
            let mut relied = Relied::default();
            for (order, stmt) in self.file_items(file).iter().enumerate() {
                let rank = ((file as u32) << 20) + order as u32;
                if self.refuses(stmt) {
                    continue;
                }
                match &stmt.kind {
                    StmtKind::Assert(_) => {
                        if self.fill_block(slice::from_ref(stmt), &Scope::file(file), None, rank) {
                            self.rely(&mut relied, file, stmt);
                        }
                    }
                    _ if self.relies(&mut relied, file, stmt) => {}
                    // a mistake in a value that nothing reads is one all the same
                    StmtKind::Let(it) if it.params.is_none() => {
                        let _ = self.lookup(&Scope::file(file), it.name.name, stmt.span);
                    }
                    _ => {
                        self.fill_block(slice::from_ref(stmt), &Scope::file(file), None, rank);
                    }
                }
            }
        }
    }

    fn fill_instance(&self, inst: &Rc<Inst<'a>>) {
        if inst.node().is_some_and(|it| !it.existing) {
            self.check_attributes(inst);
            self.reading.borrow_mut().clear();
        }
        let fills = inst.fills().iter().copied();
        self.fill_block(fills, &self.inside(inst), Some(inst), inst.rank);
    }

    /// Evaluates what is given, and reports what is missing; unread defaults need no look.
    fn check_attributes(&self, inst: &Rc<Inst<'a>>) {
        let Some(part) = inst.node() else { return };
        for given in inst.given {
            if let Some(field) = part.kind.fields.get(&given.name.name) {
                let _ = self.attribute(inst, field, inst.span);
            }
        }
        for field in &part.kind.required {
            let _ = self.attribute(inst, field, inst.span);
        }
    }

    /// Whether an assertion of the block itself is broken.
    fn fill_block(
        &self,
        block: impl IntoIterator<Item = &'a ast::Stmt>,
        scope: &Scope<'a>,
        inst: Option<&Rc<Inst<'a>>>,
        rank: u32,
    ) -> bool {
        // what follows a broken assertion may rely on it: only further assertions are judged
        let mut broken = false;
        for stmt in block {
            if inst.is_none() && self.refuses(stmt) {
                continue;
            }
            let around = self.reading.borrow().len();
            if let StmtKind::Assert(assertion) = &stmt.kind {
                if self.assertion(assertion, stmt, scope, inst) {
                    broken = true;
                    self.lose_made(inst);
                }
            } else if !broken {
                self.fill_stmt(stmt, scope, inst, rank);
            }
            self.reading.borrow_mut().truncate(around);
        }
        broken
    }

    fn fill_stmt(
        &self,
        stmt: &'a ast::Stmt,
        scope: &Scope<'a>,
        inst: Option<&Rc<Inst<'a>>>,
        rank: u32,
    ) {
        if self.flags_of(stmt) & FILLS == 0 {
            return;
        }
        match &stmt.kind {
            StmtKind::Resource(decl) => match self.resource(decl, stmt, scope, inst, rank) {
                Ok(resource) => self.made.borrow_mut().push(resource),
                Err(_) => self.lose_made(inst),
            },
            StmtKind::RawResource(decl) => match self.raw_resource(decl, stmt, scope, inst, rank) {
                Ok(resource) => self.made.borrow_mut().push(resource),
                Err(_) => self.lose_made(inst),
            },
            StmtKind::Assert(assertion) => {
                self.assertion(assertion, stmt, scope, inst);
            }
            StmtKind::Output(output) if inst.is_none() => self.program_output(output, stmt, scope),
            StmtKind::If(inner) => {
                let Ok(holds) = self.condition(&inner.condition, scope) else {
                    return self.lose_made(inst);
                };
                let block = if holds {
                    inner.then.as_slice()
                } else {
                    inner.otherwise.as_deref().unwrap_or(&[])
                };
                self.fill_block(
                    block,
                    &crate::eval::loops::inside(scope.clone(), block),
                    inst,
                    rank,
                );
            }
            StmtKind::Rule(inner) => {
                let scope = crate::eval::loops::inside(scope.clone(), &inner.body);
                self.fill_block(&inner.body, &scope, inst, rank);
            }
            StmtKind::For(inner) => {
                let Ok(turns) = self.turns_of(&inner.head, scope) else {
                    return self.lose_made(inst);
                };
                let entries = self.entries_of(&inner.head, scope, inst);
                // Each turn has its own lines: with those around it, the whole would grow with their product.
                let around = self.reading.take();
                for (at, turn) in turns.into_iter().enumerate() {
                    let entry = entries
                        .as_ref()
                        .and_then(|(name, it)| Some((*name, it.get(at)?)));
                    if let Some((name, entry)) = entry {
                        self.turning.borrow_mut().push((name, entry.clone()));
                    }
                    self.fill_block(
                        &inner.body,
                        &crate::eval::loops::inside(turn, &inner.body),
                        inst,
                        rank,
                    );
                    if entry.is_some() {
                        self.turning.borrow_mut().pop();
                    }
                }
                self.reading.replace(around);
            }
            _ => {}
        }
    }

    fn program_output(&self, output: &'a ast::Output, stmt: &'a ast::Stmt, scope: &Scope<'a>) {
        let Some(expr) = &output.value else { return };
        let value = match &output.ty {
            Some(ty) => self.eval_as(expr, &self.ty(ty, scope.file_index()), scope),
            None => self.eval(expr, scope),
        };
        let Ok(value) = value else { return };
        if let Value::Secret(_) = value {
            self.report(errors::plain(
                Code::E0310,
                expr.span,
                "a secret is never an output",
                "this is a secret",
            ));
            return;
        }
        if value.is_none() {
            return;
        }
        let output = Output {
            name: output.name.name,
            docs: stmt.docs,
            value,
            span: output.name.span,
        };
        self.topology.borrow_mut().outputs.push(output);
    }

    /// A fact of a kind; whether it is broken. With `@warning(lint)` above it, what breaks it is only warned of.
    fn assertion(
        &self,
        assertion: &'a ast::Assertion,
        stmt: &'a ast::Stmt,
        scope: &Scope<'a>,
        inst: Option<&Rc<Inst<'a>>>,
    ) -> bool {
        let Claim::Holds(expr) = &assertion.claim else {
            return false;
        };
        let Ok(false) = self.condition(expr, scope) else {
            return false;
        };
        let lint = warning_of(&stmt.notes);
        let code = if lint.is_some() {
            Code::W0707
        } else {
            Code::E0404
        };
        let because = self
            .claim_text(assertion.because.as_ref(), scope)
            .unwrap_or_else(|| "this does not hold".into());
        let report = match inst {
            Some(inst) => {
                let parts = self.own_parts(inst);
                let report = errors::plain(code, inst.span, because, "this one");
                let report = parts
                    .iter()
                    .fold(report, |report, part| report.because(*part, "its part"));
                self.judged(expr, inst, report).within(parts)
            }
            None => errors::plain(code, stmt.span, because, "this does not hold"),
        };
        let adders = inst.map_or_else(Vec::new, |it| self.adders(it));
        let told = adders.into_iter().fold(report, |report, span| {
            report.because(span, "this is one of them")
        });
        let report = told.help_opt(self.claim_text(assertion.help.as_ref(), scope));
        self.report(match lint {
            Some(lint) => report.lint(lint.as_str()),
            None => report,
        });
        lint.is_none()
    }

    /// The lines of a declaration that a broken assertion speaks of.
    fn judged(&self, claim: &'a Expr, inst: &Inst<'a>, report: Diagnostic) -> Diagnostic {
        let mut named = Vec::new();
        topoc_check::mentioned(claim, &mut |name| named.push(name));
        let inside = |it: Span| {
            it.file == inst.span.file && inst.span.start <= it.start && it.end <= inst.span.end
        };
        let is_ours = |it: &&ast::Attribute| {
            !self.index.is_of_library(it.name.span.file) && !inside(it.name.span)
        };
        let given = inst.given.iter().filter(is_ours);
        let given = given.filter(|it| named.contains(&it.name.name));
        given.fold(report, |report, it| {
            let place = if it.short {
                it.name.span
            } else {
                it.name.span.to(it.value.span)
            };
            report.because(place, "given here")
        })
    }

    /// Where a part, and what it is a part of, are declared in kinds of the program; outermost first.
    fn own_parts(&self, inst: &Rc<Inst<'a>>) -> Vec<Span> {
        let mut found = Vec::new();
        let mut next = Some(Rc::clone(inst));
        while let Some(inst) = next {
            if inst.declared != inst.span && !self.index.is_of_library(inst.declared.file) {
                found.push(inst.declared);
            }
            next = inst.node().and_then(|it| it.owner).map(|it| self.inst(it));
        }
        found.reverse();
        found
    }

    /// The entries of a collector that a loop turns over.
    fn entries_of(
        &self,
        head: &'a ast::LoopHead,
        scope: &Scope<'a>,
        inst: Option<&Rc<Inst<'a>>>,
    ) -> Option<(Ustr, Vec<Value>)> {
        let (ExprKind::Name(name), Some(part)) = (&head.list.kind, inst?.node()) else {
            return None;
        };
        part.kind.collectors.get(name)?;
        let list = self.eval(&head.list, scope).ok()?;
        Some((*name, list.items().to_vec()))
    }

    /// The lines that added the entries that the loops around a broken assertion stand at.
    fn adders(&self, inst: &Inst<'a>) -> Vec<Span> {
        let added = inst.added.borrow();
        let mut spans: Vec<Span> = Vec::new();
        for (name, entry) in self.turning.borrow().iter() {
            let all = added.get(name).map_or(&[] as &[_], Vec::as_slice);
            let adds = all.iter().filter(|it| it.value.items().contains(entry));
            spans.extend(adds.map(|it| it.span));
        }
        spans.retain(|it| *it != inst.span);
        spans.sort_unstable_by_key(|it| (it.file, it.start));
        spans.dedup();
        spans
    }

    pub(crate) fn claim_text(&self, expr: Option<&'a Expr>, scope: &Scope<'a>) -> Option<String> {
        match self.eval(expr?, scope) {
            Ok(Value::Text(text)) => Some(text.to_string()),
            _ => None,
        }
    }
}

/// The lint of `@warning(lint)`.
fn warning_of(notes: &[ast::Note]) -> Option<Ustr> {
    let note = notes.iter().find(|it| it.name.name.as_str() == "warning")?;
    match &note.args.first()?.value.kind {
        ExprKind::Name(name) => Some(*name),
        _ => None,
    }
}
