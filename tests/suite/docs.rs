//! What the pages show is true: the README's program compiles, and what stands below it is what it prints.

use std::fs;

use topoc_driver::{Options, Target, compile};

use crate::cases::{self, Single, files, home, joined};

#[test]
fn readme_shows_what_is_printed() {
    let text = fs::read_to_string(home().join("README.md")).expect("there is a README");
    let blocks = blocks(&text);
    let program = blocks.iter().find(|(language, _)| language == "topo");
    let (_, program) = program.expect("the README shows a program");
    let compilation = compile("main.topo", &Single(program.clone()), &Options::default());
    let languages = [
        (Target::Cfn, "json"),
        (Target::Terraform, "hcl"),
        (Target::Pulumi, "yaml"),
    ];
    for (target, language) in languages {
        let printed = joined(&files(&compilation, target, "the README's program"));
        let mut excerpts = blocks.iter().filter(|(it, _)| it == language).peekable();
        assert!(excerpts.peek().is_some(), "the README shows no {language}");
        for (_, excerpt) in excerpts {
            assert_excerpt(excerpt, &printed);
        }
    }
}

/// A line `…` stands for what is left out.
fn assert_excerpt(excerpt: &str, printed: &str) {
    let mut rest = printed;
    for part in excerpt.split("…\n").filter(|it| !it.trim().is_empty()) {
        let part = part.trim_end_matches(' ');
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => panic!("the README shows\n{part}\nbut what is printed is\n{printed}"),
        }
    }
}

/// Fenced blocks: language and text.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => open = Some((language.to_owned(), String::new())),
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some((_, block)), None) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

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
