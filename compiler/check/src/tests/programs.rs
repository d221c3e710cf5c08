//! What must check cleanly: a whole program, and the library.

use topoc_diagnostics::Diagnostics;
use topoc_stdlib::LIBRARY;
use topoc_syntax::load_library;

use super::{expect, line};

const NOTEJAM: &str = include_str!("../../../../examples/systems/notejam/notejam.topo");

#[test]
fn notejam_checks_cleanly() {
    expect(NOTEJAM, "");
}

#[test]
fn the_whole_library_checks_cleanly() {
    let mut out = Diagnostics::default();
    let program = load_library(&LIBRARY, &mut out);
    crate::check_library(&program, &LIBRARY, &mut out);
    let reports: Vec<String> = out.sorted().iter().map(|it| line(it, &program)).collect();
    assert!(reports.is_empty(), "{}", reports.join("\n"));
}
