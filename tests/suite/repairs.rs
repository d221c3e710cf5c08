//! Programs as newcomers write them, each wrong in several ways: all of it is reported in one run, and the messages
//! alone say how to come to the repaired program beside it.

use std::fs;
use std::path::Path;

use topoc_driver::Compilation;

use crate::cases::{entries, home, shown};
use crate::ui::compiled;

#[test]
fn messages_are_enough() {
    for folder in entries(&home().join("tests/repairs")) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let broken = compilation(&folder.join("broken.topo"));
        assert!(!broken.succeeded(), "{name} is not broken");
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("messages", shown(&broken)));
    }
}

#[test]
fn repaired_programs_compile() {
    for folder in entries(&home().join("tests/repairs")) {
        let repaired = compilation(&folder.join("repaired.topo"));
        let reports = shown(&repaired);
        let refused = reports.lines().any(|it| it.starts_with("error"));
        assert!(!refused, "{}\n{reports}", folder.display());
    }
}

#[test]
fn folders_hold_nothing_else() {
    for folder in entries(&home().join("tests/repairs")) {
        let names = entries(&folder).into_iter();
        // what a failed run left to be looked at is no part of a case; what the program packs is
        let text = fs::read_to_string(folder.join("repaired.topo")).unwrap_or_default();
        let is_extra = |it: &str| it.ends_with(".snap.new") || text.contains(&format!("./{it}\""));
        let names: Vec<_> = names
            .filter_map(|it| Some(it.file_name()?.to_string_lossy().into_owned()))
            .filter(|it| !is_extra(it))
            .collect();
        assert_eq!(
            names,
            ["broken.topo", "messages.snap", "repaired.topo"],
            "{}",
            folder.display()
        );
    }
}

/// For every target.
fn compilation(path: &Path) -> Compilation {
    let text = fs::read_to_string(path).expect("a case is UTF-8 text");
    compiled(path, &text)
}
