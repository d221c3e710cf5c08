//! The check on several processors, for programs with many statements.
//!
//! What a statement means does not depend on the ones before it, only which of several reports of one cause is told. So
//! the shares find out what a program without mistakes means; where one of them finds any, one processor starts anew.

use topoc_diagnostics::Diagnostics;
use topoc_shares as shares;
use topoc_syntax::{Library, Program};

use crate::checker::Checker;
use crate::lost::Lost;
use crate::names::Names;
use crate::scope::{HomeId, Scope};
use crate::{Members, user_files};

/// From how many statements on the work is shared.
const MANY: usize = 2_000;

/// The members of a program without mistakes, or `None`.
pub fn check(program: &Program, names: &Names<'_>, library: &Library) -> Option<Members> {
    let statements = user_files(program).map(|(_, it)| it.ast.items.len());
    let count = shares::count(statements.sum(), MANY);
    if count < 2 {
        return None;
    }
    let found = shares::all(count, |at| share(program, names, library, (at, count)));
    found
        .into_iter()
        .try_fold(Members::default(), |mut all, it| {
            all.extend(it?);
            Some(all)
        })
}

fn share(
    program: &Program,
    names: &Names<'_>,
    library: &Library,
    (at, of): (usize, usize),
) -> Option<Members> {
    let mut reports = Diagnostics::default();
    let mut checker = Checker::new(names, library, &mut reports, false);
    checker.lost = Some((Lost::default(), program));
    for (position, file) in user_files(program) {
        let items = &file.ast.items;
        let own = shares::range(items.len(), at, of);
        checker.within(Scope::file(position), |it| {
            it.learn_home(HomeId::file(position), items);
            it.statements(items.get(own).unwrap_or_default());
        });
    }
    if at == 0 {
        checker.check_recursion();
    }
    let members = checker.members;
    reports.iter().next().is_none().then_some(members)
}
