//! Every case is printed for all three targets and compared in full with the snapshots in its folder.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use topoc_driver::Target;

use crate::cases::{self, Case, entries, files, joined};

/// One snapshot a target.
const SNAPSHOTS: [(Target, &str); 3] = [
    (Target::Cfn, "cloudformation"),
    (Target::Terraform, "terraform"),
    (Target::Pulumi, "pulumi"),
];

#[test]
fn golden() {
    let filter = std::env::var("INSTA_GLOB_FILTER").unwrap_or_default();
    let wanted = filter.trim_matches(['*', '/']);
    let cases = cases::all();
    let failed: Vec<String> = cases
        .iter()
        .filter(|it| it.name().contains(wanted))
        .filter(|it| catch_unwind(AssertUnwindSafe(|| compare(it))).is_err())
        .map(Case::name)
        .collect();
    assert!(failed.is_empty(), "these cases differ: {failed:#?}");
}

fn compare(case: &Case) {
    let compilation = case.compile();
    for (target, name) in SNAPSHOTS {
        let text = joined(&files(&compilation, target, &case.name()));
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(&case.folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(snapshot(name, case), text));
    }
}

/// `terraform`, `terraform-prod`
fn snapshot(name: &str, case: &Case) -> String {
    case.env
        .iter()
        .fold(name.to_owned(), |name, env| format!("{name}-{env}"))
}

#[test]
fn folders_hold_only_what_is_known() {
    let cases = cases::all();
    let folders: BTreeSet<&Path> = cases.iter().map(|it| it.folder.as_path()).collect();
    let mut unknown = Vec::new();
    for folder in folders {
        let here = cases.iter().filter(|it| it.folder == folder);
        let snapshots: BTreeSet<String> = here
            .flat_map(|case| SNAPSHOTS.map(|(_, name)| format!("{}.snap", snapshot(name, case))))
            .collect();
        let known = |name: &str| {
            name.ends_with(".topo") || KNOWN.contains(&name) || snapshots.contains(name)
        };
        for entry in entries(folder) {
            let name = entry
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if entry.is_file() && !known(&name) && !name.ends_with(".snap.new") {
                unknown.push(entry);
            }
        }
    }
    assert!(
        unknown.is_empty(),
        "nothing reads these files: {unknown:#?}"
    );
}

/// What may stand beside programs and snapshots; files that a program reads stand in folders.
const KNOWN: [&str; 6] = [
    "README.md",
    "topo.lock",
    "params.yaml",
    "params.json",
    "params.toml",
    "existing.json",
];
