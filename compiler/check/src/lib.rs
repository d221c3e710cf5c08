//! Names, types and stages: what a program means before anything is unfolded.
//!
//! In: the loaded files. Out: reports, the index of declarations, and which bare words are members.
//! Holds afterwards, if nothing was reported: each name has one declaration, each value fits its place, and no value
//! that is certainly late decides what exists. Where the checker is not sure it says nothing; elaboration knows.
//! What could not be read is not judged, nor what may follow from it.
//!
//! Reading order: [`names`] (the index), `ty`, `types` (types as written), `kinds` (declarations prepared),
//! `scope`, `facts`, `expr` (expressions), `stmt` (statements), `stage` (late values), `lost`, `shares`, `errors`.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a rule names the types and forms that it is about; all others have no such rule"
)]

mod checker;
mod errors;
mod expr;
mod facts;
mod kinds;
mod learn;
mod lost;
mod mentions;
pub mod names;
mod recursion;
mod scope;
mod shares;
mod stage;
mod stmt;
mod suggest;
mod ty;
mod types;
mod unused;
mod values;
mod visit;

#[cfg(test)]
mod tests;

use rustc_hash::FxHashMap as HashMap;

use topoc_diagnostics::Diagnostics;
use topoc_syntax::ast::ExprId;
use topoc_syntax::{Library, LoadedFile, Origin, Program};
use ustr::Ustr;

use checker::Checker;
pub use lost::Lost;
pub use names::Names;
pub use suggest::nearest;
pub use unused::unused;
pub use visit::names as mentioned;

/// What the check finds out.
#[derive(Debug, Default)]
pub struct Checked<'a> {
    /// Every declaration, and which names each file sees.
    pub names: Names<'a>,
    /// Bare words that are members of an enumeration, a zone or a protocol although a value of that name may exist.
    /// A bare word that is not in here is a value if there is one of that name, else a member.
    pub members: Members,
    /// What could not be read, so that nobody takes it for missing.
    pub lost: Lost,
}

/// Bare words that are members, with the texts of those that have one of their own.
pub type Members = HashMap<ExprId, Option<Ustr>>;

/// Checks the files of a program; of the library it reads only what the program uses. `library` gives the words that
/// people may have meant.
pub fn check<'a>(program: &'a Program, library: &Library, out: &mut Diagnostics) -> Checked<'a> {
    run(program, library, out, false)
}

/// Checks the files of a program and the bodies of all loaded library declarations.
pub fn check_library<'a>(
    program: &'a Program,
    library: &Library,
    out: &mut Diagnostics,
) -> Checked<'a> {
    run(program, library, out, true)
}

/// The files of the program itself, with their positions.
fn user_files(program: &Program) -> impl Iterator<Item = (usize, &LoadedFile)> {
    let files = program.files.iter().enumerate();
    files.filter(|(_, it)| !matches!(it.origin, Origin::Library { .. }))
}

fn run<'a>(
    program: &'a Program,
    library: &Library,
    out: &mut Diagnostics,
    deep: bool,
) -> Checked<'a> {
    let mut lost = Lost::new(program, out);
    let mut found = Diagnostics::default();
    let names = names::build(program, &mut found);
    for report in found.sorted() {
        let place = report.primary.as_ref().map(|it| it.span);
        if !lost.keeps(
            &report,
            place.map_or("", |it| checker::text_at(program, it)),
        ) {
            out.push(report);
        }
    }
    // what was lost while reading matters only beside reports
    let told = out.iter().next().is_some();
    if !deep
        && !told
        && let Some(members) = shares::check(program, &names, library)
    {
        return Checked {
            names,
            members,
            lost,
        };
    }
    let mut checker = Checker::new(&names, library, out, deep);
    checker.lost = Some((lost, program));
    for (position, file) in program.files.iter().enumerate() {
        if deep || !matches!(file.origin, Origin::Library { .. }) {
            checker.within(scope::Scope::file(position), |it| {
                it.check_file(&file.ast.items)
            });
        }
    }
    checker.check_recursion();
    let members = checker.members;
    let lost = checker.lost.map(|it| it.0).unwrap_or_default();
    Checked {
        names,
        members,
        lost,
    }
}
