//! Kinds do not contain themselves and functions do not call themselves, not even through others.

use rustc_hash::FxHashMap as HashMap;

use topoc_diagnostics::Span;
use topoc_syntax::ast::ExprKind;
use ustr::Ustr;

use crate::checker::Checker;
use crate::names::{What, walk};
use crate::{errors, visit};

/// What a declaration leads to, and where it says so.
type Steps = Vec<(u32, Span)>;

impl Checker<'_, '_> {
    /// Reports kinds and functions of the program that lead back to themselves.
    pub fn check_recursion(&mut self) {
        let own = |file: usize| self.deep || !self.names.is_library(file);
        let kinds: Vec<u32> = numbers(self.names.kinds.iter().map(|it| own(it.file)));
        let functions: Vec<u32> = numbers(
            self.names
                .values
                .iter()
                .map(|it| own(it.file) && is_function(&it.what)),
        );
        for cycle in cycles(&kinds, &|it| self.parts(it)) {
            let names = cycle
                .iter()
                .filter_map(|(it, _)| self.names.kinds.get(*it as usize));
            let names: Vec<Ustr> = names.map(|it| it.decl.name.name).collect();
            if let Some((_, span)) = cycle.first() {
                self.report(errors::contains_itself(*span, &names));
            }
        }
        for cycle in cycles(&functions, &|it| self.calls(it)) {
            let names = cycle
                .iter()
                .filter_map(|(it, _)| self.names.values.get(*it as usize));
            let names: Vec<Ustr> = names.map(|it| it.name.name).collect();
            if let Some((_, span)) = cycle.first() {
                self.report(errors::calls_itself(*span, &names));
            }
        }
    }

    /// The kinds of the parts of a kind.
    fn parts(&self, number: u32) -> Steps {
        let mut found = Steps::new();
        if let Some(kind) = self.names.kinds.get(number as usize) {
            walk(&kind.decl.members, kind.file, &mut |value| {
                if let What::Node(part) = value.what
                    && let Some(path) = &part.kind
                    && let Some(inner) = self
                        .names
                        .find_path(kind.file, path, |it| &it.kinds)
                        .first()
                {
                    found.push((inner, part.name.span));
                }
            });
        }
        found
    }

    /// The functions that a function calls.
    fn calls(&self, number: u32) -> Steps {
        let mut found = Steps::new();
        let Some(value) = self.names.values.get(number as usize) else {
            return found;
        };
        let What::Let(function) = value.what else {
            return found;
        };
        visit::all(&function.value, &mut |it| {
            let ExprKind::Call(callee, _) = &it.kind else {
                return;
            };
            let called = match &callee.kind {
                ExprKind::Name(name) => self.names.find(value.file, *name, |it| &it.values).first(),
                ExprKind::Field(base, name) => match &base.kind {
                    ExprKind::Name(qualifier) => self
                        .names
                        .find_in(value.file, *qualifier, name.name, |it| &it.values)
                        .first(),
                    _ => None,
                },
                _ => None,
            };
            let is_declared = |it: &u32| {
                self.names
                    .values
                    .get(*it as usize)
                    .is_some_and(|it| is_function(&it.what))
            };
            found.extend(called.filter(is_declared).map(|it| (it, callee.span)));
        });
        found
    }
}

fn is_function(what: &What<'_>) -> bool {
    matches!(what, What::Let(it) if it.params.is_some())
}

fn numbers(chosen: impl Iterator<Item = bool>) -> Vec<u32> {
    chosen
        .zip(0..)
        .filter_map(|(chosen, number)| chosen.then_some(number))
        .collect()
}

/// A declaration on the way from the start, what it leads to, and how much of that was followed.
struct Open {
    number: u32,
    steps: Steps,
    next: usize,
}

/// One cycle for each way back into a declaration on the way: each member with the place that leads on from it,
/// the place that closes the cycle first.
fn cycles(starts: &[u32], steps: &dyn Fn(u32) -> Steps) -> Vec<Vec<(u32, Span)>> {
    let mut found = Vec::new();
    let mut done: HashMap<u32, bool> = HashMap::default();
    for start in starts {
        let mut way: Vec<Open> = Vec::new();
        if !done.contains_key(start) {
            done.insert(*start, false);
            way.push(Open {
                number: *start,
                steps: steps(*start),
                next: 0,
            });
        }
        while let Some(top) = way.last_mut() {
            let Some((to, span)) = top.steps.get(top.next).copied() else {
                done.insert(top.number, true);
                way.pop();
                continue;
            };
            top.next += 1;
            match done.get(&to) {
                Some(true) => {}
                Some(false) => found.push(closed(&way, to, span)),
                None => {
                    done.insert(to, false);
                    way.push(Open {
                        number: to,
                        steps: steps(to),
                        next: 0,
                    });
                }
            }
        }
    }
    found
}

fn closed(way: &[Open], to: u32, span: Span) -> Vec<(u32, Span)> {
    let start = way
        .iter()
        .position(|it| it.number == to)
        .unwrap_or_default();
    let members = way.iter().skip(start);
    std::iter::once((to, span))
        .chain(members.skip(1).map(|it| (it.number, span)))
        .chain(std::iter::once((to, span)))
        .collect()
}
