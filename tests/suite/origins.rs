//! Whatever is derived can be explained: every resource leads to a line of its program.

use topoc_driver::{Compilation, Made};

use crate::cases;

#[test]
fn resources_lead_to_lines() {
    let mut lost = Vec::new();
    for case in cases::all() {
        let compilation = case.compile();
        for made in compilation.made() {
            if !leads_to_a_line(&made, &compilation) {
                lost.push(format!("{}: {}", case.name(), made.path));
            }
        }
    }
    assert!(lost.is_empty(), "these come from nowhere: {lost:#?}");
}

/// Of the program; or of the library, where a node stands outside kinds and exists once somebody mentions it.
fn leads_to_a_line(made: &Made, compilation: &Compilation) -> bool {
    let Some(first) = made.causes.first() else {
        return false;
    };
    let files = &compilation.files;
    let range = first.start as usize..first.end as usize;
    let line = files.text(first.file).get(range).unwrap_or_default();
    let in_library = files.name(first.file).starts_with("std/");
    !line.is_empty() && !made.names.is_empty() && (!in_library || made.path.starts_with(line))
}
