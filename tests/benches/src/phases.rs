//! The phases of the road one by one, as the driver walks it; a report stops the measurement.

use topoc_backends::OutputFile;
use topoc_check::Members;
use topoc_diagnostics::{Diagnostics, Severity};
use topoc_driver::{Format, Target};
use topoc_elaborate::{Elaborated, Settings};
use topoc_ir::{Spelled, Verified};
use topoc_lower::Lowered;
use topoc_stdlib::LIBRARY;
use topoc_syntax::Program;

use crate::system::Single;

/// Text to trees: the program's and those of the library that it mentions.
pub fn load(text: &Single) -> Program {
    quiet(|out| topoc_syntax::load("main.topo", text, &LIBRARY, out))
}

/// Names, types and stages.
pub fn check(program: &Program) -> Members {
    quiet(|out| topoc_check::check(program, &LIBRARY, out)).members
}

/// Kinds, loops and collectors unrolled.
pub fn elaborate(program: &Program, members: &Members) -> Elaborated {
    let settings = Settings::default();
    quiet(|out| topoc_elaborate::elaborate(program, members, &settings, out, |it, _, _| it))
}

/// Networks, groups, rules, addresses.
pub fn lower(elaborated: Elaborated) -> Lowered {
    let Elaborated { topology, lock, .. } = elaborated;
    quiet(|out| topoc_lower::lower(topology, &lock, out, || {})).0
}

/// Resources in the words of one target.
pub fn spell(program: &Program, members: &Members, lowered: &Lowered, target: Target) -> Spelled {
    let (topology, resources) = (&lowered.topology, &lowered.resources);
    quiet(|out| topoc_elaborate::spell(program, members, topology, resources, target, out))
}

/// The proof that there is nothing left to refuse.
///
/// # Panics
/// If the target refuses it.
pub fn verify(spelled: Spelled) -> Verified {
    quiet(|out| topoc_ir::verify(spelled, out)).expect("the target accepts what is measured")
}

/// Text.
pub fn print(verified: &Verified) -> Vec<OutputFile> {
    let options = topoc_backends::Options {
        format: Format::Json,
    };
    topoc_backends::emit(verified, options)
}

/// Runs a phase that has nothing to report but warnings, and errors that can be allowed: the programs allow them, which only the driver
/// reads.
fn quiet<T>(phase: impl FnOnce(&mut Diagnostics) -> T) -> T {
    let mut out = Diagnostics::default();
    let result = phase(&mut out);
    let errors = out.sorted().into_iter();
    let errors: Vec<_> = errors
        .filter(|it| it.severity() != Severity::Warning && !it.code.can_be_allowed())
        .map(|it| it.message)
        .collect();
    assert!(errors.is_empty(), "what is measured has errors: {errors:?}");
    result
}
