//! Whole programs that must check cleanly, with every library file that they load.

use super::{expect, reports_of};

const NOTEJAM: &str = include_str!("../../../../examples/systems/notejam/notejam.topo");

#[test]
fn notejam_checks_cleanly() {
    expect(NOTEJAM, "");
}

#[test]
fn the_library_of_every_golden_case_checks_cleanly() {
    let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden");
    let mut texts = Vec::new();
    for case in std::fs::read_dir(cases).into_iter().flatten().flatten() {
        texts.extend(std::fs::read_to_string(case.path().join("main.topo")));
    }
    assert!(!texts.is_empty());
    let mut found: Vec<String> = Vec::new();
    for text in &texts {
        found.extend(reports_of(&[("main.topo", text)], true));
    }
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
