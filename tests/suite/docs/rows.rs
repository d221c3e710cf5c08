//! The tables of the systems' pages: every line and name in a row stands where the row says.

use std::fs;

use topoc_driver::Target;

use crate::cases::{self, files, joined};

#[test]
fn rows_of_systems_are_true() {
    for case in cases::all() {
        let Ok(page) = fs::read_to_string(case.folder.join("README.md")) else {
            continue;
        };
        let program = fs::read_to_string(case.folder.join(&case.root)).unwrap_or_default();
        let compilation = case.compile();
        let printed = |target| joined(&files(&compilation, target, &case.name()));
        let texts = [program, printed(Target::Cfn), printed(Target::Terraform)];
        let texts = texts.map(|it| folded(&it));
        for row in page
            .lines()
            .filter(|it| it.starts_with("| ") && !it.contains("---"))
            .skip(1)
        {
            let cells = row.split('|').skip(3).take(texts.len());
            for (cell, text) in cells.zip(&texts) {
                let missing: Vec<&str> = quoted(cell).filter(|it| !shows(text, it)).collect();
                assert!(
                    missing.is_empty(),
                    "{}: {missing:?} of the row\n{row}",
                    case.name()
                );
            }
        }
    }
}

/// What stands between backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// With one space where columns have several.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `aws_vpc.main` is `"aws_vpc" "main"`; anything else stands as it is.
fn shows(text: &str, name: &str) -> bool {
    let terraform = name
        .split_once('.')
        .map(|(ty, name)| format!("\"{ty}\" \"{name}\""));
    text.contains(&folded(name)) || terraform.is_some_and(|it| text.contains(&it))
}
