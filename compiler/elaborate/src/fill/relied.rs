//! What assertions of a file speak of: what follows a broken one may rely on it, if it reads the same.

use topoc_syntax::ast::{Stmt, StmtKind};
use ustr::{Ustr, UstrMap, UstrSet};

use crate::session::Session;

/// From so many broken assertions on everything is taken for relying on them.
const MOST: usize = 16;

/// How many `let`s of `let`s are followed.
const DEPTH: u8 = 64;

/// What the broken assertions of a file read.
#[derive(Default)]
pub(super) struct Relied {
    broken: usize,
    /// Every name, with those that its `let` reads.
    names: UstrSet,
    /// Whether a `let` reads one of them, as far as it was asked.
    known: UstrMap<bool>,
}

impl<'a> Session<'a> {
    /// Notes a broken assertion.
    pub(super) fn rely(&self, relied: &mut Relied, file: usize, stmt: &'a Stmt) {
        relied.broken += 1;
        relied.known.clear();
        let mut rest: Vec<Ustr> = self.words_of(stmt).collect();
        while let Some(name) = rest.pop() {
            if self.index.value(file, name).is_some() && relied.names.insert(name) {
                rest.extend(self.lets(file, name).flat_map(|it| self.words_of(it)));
            }
        }
    }

    /// Whether a statement reads what a broken assertion speaks of.
    pub(super) fn relies(&self, relied: &mut Relied, file: usize, stmt: &'a Stmt) -> bool {
        if relied.broken == 0 {
            return false;
        }
        relied.broken > MOST || self.reads(relied, file, stmt, DEPTH)
    }

    fn reads(&self, relied: &mut Relied, file: usize, stmt: &'a Stmt, depth: u8) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return true;
        };
        self.words_of(stmt).any(|it| {
            if relied.names.contains(&it) {
                return true;
            }
            if let Some(known) = relied.known.get(&it) {
                return *known;
            }
            relied.known.insert(it, false);
            let mut lets = self.lets(file, it);
            let found = lets.any(|it| self.reads(relied, file, it, depth));
            relied.known.insert(it, found);
            found
        })
    }

    fn lets(&self, file: usize, name: Ustr) -> impl Iterator<Item = &'a Stmt> {
        let sites = self.index.value(file, name).unwrap_or_default().iter();
        let sites: Vec<&Stmt> = sites.map(|it| it.stmt).collect();
        sites
            .into_iter()
            .filter(|it| matches!(it.kind, StmtKind::Let(_)))
    }

    fn words_of(&self, stmt: &Stmt) -> impl Iterator<Item = Ustr> {
        crate::doubt::words(self.source_at(stmt.span))
    }
}
